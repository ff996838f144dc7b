"""`splitship export`: the whole batch as one model, for any solver."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from splitship.cli.console import say
from splitship.cli.options import OrdersOption, PackArgument, ScenarioOption
from splitship.errors import UsageError


def export(
    pack: PackArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE.mps|.lp", help="The file to write.", show_default=False)],
    scenario: ScenarioOption = "baseline",
    orders: OrdersOption = None,
) -> None:
    """Write the batch as one mixed-integer model, with a map of its names beside it.

    [bold]Examples[/bold]

    splitship export scenarios/hello hello.mps

    splitship export PACK one.lp --orders O1001,O1002
    """
    from splitship.cli.answer import open_pack
    from splitship.cli.options import restrict
    from splitship.cli.progress import Progress
    from splitship.instance import compile_problem
    from splitship.mip import export_model
    from splitship.mip.export import WRITERS

    if file.suffix.lower() not in WRITERS:
        raise UsageError(f"a model is a {' or '.join(WRITERS)} file, got {file.name}")
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent}")
    with Progress(f"reading {pack.name or pack}") as progress:
        problem = restrict(open_pack(pack, scenario).problem(), orders)
        progress.phase("compiling")
        instance = compile_problem(problem)
        progress.phase("writing the model")
        model, names = export_model(instance, file)
    say(f"model saved in {model}, the meaning of its names in {names}")
