"""`splitship frontier`: cost against days, packages or fill, and what is proven that no plan can be below."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from splitship.cli.console import (
    cents,
    csv_text,
    emit,
    emit_json,
    emit_table,
    key_values,
    markdown_table,
    percent,
    plain_table,
    say,
)
from splitship.cli.options import (
    GapOption,
    ListForm,
    ListFormOption,
    PackArgument,
    ScenarioOption,
    SeedOption,
    ThreadsOption,
    TimeLimitOption,
    WorkLimitOption,
    search_changes,
)

if TYPE_CHECKING:
    from splitship.planning import Frontier

INTERRUPTED = 130


class Against(StrEnum):
    """What cost is set against."""

    DAYS = "days"
    PACKAGES = "packages"
    FILL = "fill"


def frontier(
    pack: PackArgument,
    against: Annotated[Against, typer.Option("--against", help="What cost is set against.")] = Against.DAYS,
    scenario: ScenarioOption = "baseline",
    points: Annotated[int, typer.Option("--points", min=2, max=100, metavar="N", help="Plans at the most.")] = 8,
    cold: Annotated[
        bool, typer.Option("--cold", help="Solve each point anew: what its scenario gives, to the hash.")
    ] = False,
    chart: Annotated[
        Path | None,
        typer.Option("--chart", metavar="FILE.svg", help="Write it as a picture too.", show_default=False),
    ] = None,
    gap: GapOption = None,
    time_limit: TimeLimitOption = None,
    work_limit: WorkLimitOption = None,
    threads: ThreadsOption = None,
    seed: SeedOption = None,
    output: ListFormOption = ListForm.TABLE,
) -> None:
    """Set cost against days to delivery, packages, or units that stay.

    Solves the pack at different weights of the one in the objective. "cost" is all that a plan costs but for that; no
    plan with as many days (packages, units) costs less than its "floor", which is proven.

    Ctrl-C shows the points so far (exit code 130). Limits hold for each solve.

    [bold]Examples[/bold]

    splitship frontier scenarios/us-retail --against days

    splitship frontier PACK --against fill --points 12 --chart fill.svg
    """
    _check_target(chart)
    changes = search_changes(gap, time_limit, work_limit, seed, threads)
    _run(pack, scenario, changes, (against.value, points, not cold), chart, output)


def _check_target(chart: Path | None) -> None:
    """Refuse a `--chart` that cannot be written before time is spent."""
    from splitship.errors import UsageError

    if chart is None:
        return
    if chart.suffix.lower() != ".svg":
        raise UsageError(f"--chart: a picture is a .svg file, got {chart.name}")
    if not chart.parent.is_dir():
        raise UsageError(f"--chart: there is no folder {chart.parent}")


def _run(
    path: Path, scenario: str, changes: dict[str, object], what: tuple[Any, int, bool], chart: Path | None,
    form: ListForm,
) -> None:  # fmt: skip
    from splitship.cli.base_answer import read_base
    from splitship.cli.interrupts import Interruptible, leave
    from splitship.cli.kernels import compile_kernels
    from splitship.cli.progress import Progress
    from splitship.packs.plans import write_whole
    from splitship.planning import frontier as find
    from splitship.planning import frontier_svg

    against, points, is_warm = what
    found: list[Frontier] = []
    with Progress(f"reading {path.name or path}") as progress:
        _, problem, options = read_base(path, scenario, changes)
        compile_kernels(progress)
        interruptible = Interruptible(on_stop=lambda: progress.note("stopping at the points so far"))

        def work(should_stop: Any, on_plan: Any) -> Any:
            found.append(
                find(problem, options, against=against, points=points, is_warm=is_warm, should_stop=should_stop,
                     say=progress.phase)
            )  # fmt: skip

        interruptible.run(work)
    for each in found:
        if chart is not None:
            write_whole(chart, frontier_svg(each).encode())
            say(f"chart saved in {chart}")
        _show(each, form)
    if interruptible.is_abandoned:
        leave(INTERRUPTED)
    raise typer.Exit(INTERRUPTED if interruptible.is_interrupted else 0)


def _show(found: Frontier, form: ListForm) -> None:
    from splitship.planning.price_documents import frontier_document

    document = frontier_document(found)
    if form is ListForm.JSON:
        emit_json(document)
        return
    if form is ListForm.CSV:
        names = tuple(document["points"][0]) if document["points"] else ("weight",)
        emit(csv_text(names, [[_cell(point[name]) for name in names] for point in document["points"]]))
        return
    quantity = {"days": "package-days", "packages": "extra packages", "fill": "units unfilled"}
    headers = ("weight", quantity[document["against"]], document["mean"], "cost", "floor", "gap", "")
    rows = [
        (
            point["weight"], f"{point['quantity']:,.6g}", _mean(document["against"], point["mean"]),
            cents(point["cost"]), cents(point["floor"], "ROUND_FLOOR"), percent(point["gap"]), _notes(point),
        )
        for point in document["points"]
    ]  # fmt: skip
    if form is ListForm.MD:
        emit(markdown_table(headers, rows, right=(0, 1, 2, 3, 4, 5)))
        return
    facts = [
        ("pack", f"{document['pack']} / {document['scenario']}"),
        ("weight", f"objective.{document['setting']}, {document['currency']}"),
        ("cost", f"all but the weight x {document['quantity']}"),
        ("floor", "no plan with as many costs less: proven"),
    ]
    notes = [] if document["complete"] else ["stopped before all points were found"]
    table: Any = plain_table(headers, rows, right=(0, 1, 2, 3, 4, 5)) if rows else "no point was found"
    emit_table(key_values(facts), "", table, *notes)


def _notes(point: dict[str, Any]) -> str:
    return ", ".join(
        words for words, holds in (("own", point["own_weight"]), ("dominated", point["dominated"])) if holds
    )  # fmt: skip


def _mean(against: str, mean: float) -> str:
    return f"{mean:.2%}" if against == "fill" else f"{mean:.3f}"


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
