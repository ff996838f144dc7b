"""`splitship init`: a small pack to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from splitship.cli.console import say


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder to write: one without a pack.", show_default=False)
    ],
) -> None:
    """Write a small valid pack to start from.

    [bold]Example[/bold]

    splitship init my-pack && splitship solve my-pack
    """
    from splitship.packs import write_starter_pack

    write_starter_pack(folder)
    say(f"a small pack is in {folder}; next: splitship solve {folder}")
