"""Versions of what has a say in an answer."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version

_PACKAGES = ("splitship", "numpy", "numba", "ortools")


def versions_now() -> dict[str, str]:
    """By name, of this process."""
    return dict(_versions())


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    return (*((name, version(name)) for name in _PACKAGES), ("python", platform.python_version()))
