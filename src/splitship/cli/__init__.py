"""The command line."""

from splitship.cli.app import main as main

__all__ = ["main"]
