"""`splitship compare`: scenarios of a pack side by side, and which orders make the difference."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from splitship.cli.answers_of_scenarios import Asked, read_asked, results_of
from splitship.cli.options import (
    GapOption,
    PackArgument,
    SeedOption,
    ThreadsOption,
    TimeLimitOption,
    WorkLimitOption,
    search_changes,
)
from splitship.errors import UsageError

if TYPE_CHECKING:
    from splitship.planning.comparison import Comparison
    from splitship.planning.reference import CostedReference

REFERENCE = "reference"


class ComparisonForm(StrEnum):
    """Forms of a comparison."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    MD = "md"


def compare(
    pack: PackArgument,
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME[=FILE]",
            help="Scenarios; with a FILE that solve --plan wrote it is not solved again.",
            show_default=False,
        ),
    ] = None,
    reference: Annotated[
        bool, typer.Option("--reference", help="Also what another system decided: the table reference.")
    ] = False,
    show_all: Annotated[bool, typer.Option("--all", help="All KPIs, not only those that change.")] = False,
    orders_shown: Annotated[
        int,
        typer.Option("--orders-shown", min=0, metavar="N", help="Orders that moved to list, largest changes first."),
    ] = 5,
    cold: Annotated[bool, typer.Option("--cold", help="Solve each from nothing, not from the first answer.")] = False,
    gap: GapOption = None,
    time_limit: TimeLimitOption = None,
    work_limit: WorkLimitOption = None,
    seed: SeedOption = None,
    threads: ThreadsOption = None,
    output: Annotated[
        ComparisonForm | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FORM",
            help="table, json, csv, xlsx or md.",
            show_default="table, or as FILE ends",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write there; xlsx needs it.", show_default=False)
    ] = None,
) -> None:
    """Compare scenarios: what they cost, what else changes, and the orders that move.

    All are held against the first one named (none named: the pack's own, for --reference). A difference that the two
    gaps together could explain is marked "within gap".

    [bold]Examples[/bold]

    splitship compare scenarios/us-retail baseline dallas_down

    splitship compare PACK baseline=base.json atl_down peak --gap 0.002

    splitship compare PACK --reference --all

    splitship compare PACK baseline atl_down --out atl.xlsx
    """
    from splitship.cli.answer import open_pack
    from splitship.cli.kernels import compile_kernels
    from splitship.cli.progress import Progress

    form = _form(output, out)
    changes = search_changes(gap, time_limit, work_limit, seed, threads)
    with Progress(f"reading {pack.name or pack}") as progress:
        read = open_pack(pack)
        asked = read_asked(scenarios or ["baseline"], read.scenario_names)
        _check_asked(asked, reference)
        if reference and read.reference is None:
            raise UsageError(f"--reference: {read.name} has no table reference")
        compile_kernels(progress)
        results = results_of(read, asked, changes, cold, progress)
        progress.phase("comparing")
        from splitship.planning import compare as compare_results

        costed = None
        names = [each.name for each in asked]
        if reference:
            from splitship.planning.reference import cost_reference

            costed = cost_reference(read, asked[0].scenario)
            results.append(costed.result)
            names.append(REFERENCE if REFERENCE not in names else f"{REFERENCE} (table)")
        comparison = compare_results(*results, names=names)
        data = _data(comparison, costed, form, show_all, orders_shown)
    if data is None:
        from splitship.cli.comparison_view import show_comparison

        show_comparison(comparison, costed, show_all, orders_shown)
    elif out is None:
        from splitship.cli.console import emit

        emit(data)
    else:
        from splitship.cli.console import say
        from splitship.packs.plans import write_whole

        write_whole(out, data.encode() if isinstance(data, str) else data)
        say(f"splitship: wrote {out}")


def _form(output: ComparisonForm | None, out: Path | None) -> ComparisonForm:
    """The form asked for, else the one that the file's name ends on; UsageError for what does not go together."""
    if out is not None:
        if out.is_dir():
            raise UsageError(f"--out: {out} is a folder")
        if not out.parent.is_dir():
            raise UsageError(f"--out: there is no folder {out.parent}")
    if output is None and out is not None:
        endings = [form.value for form in ComparisonForm if form is not ComparisonForm.TABLE]
        ending = out.suffix.lower().removeprefix(".")
        if ending not in endings:
            raise UsageError(f"--out: {out.name} ends on none of {', '.join(endings)}; say -o")
        return ComparisonForm(ending)
    form = output or ComparisonForm.TABLE
    if form is ComparisonForm.XLSX and out is None:
        raise UsageError("xlsx is a file: say --out FILE.xlsx")
    if form is ComparisonForm.TABLE and out is not None:
        raise UsageError("--out goes with json, csv, xlsx or md")
    return form


def _check_asked(asked: list[Asked], has_reference: bool) -> None:
    if len(asked) + has_reference < 2:
        raise UsageError("name at least two scenarios (splitship scenarios PACK lists them), or add --reference")


def _data(
    comparison: Comparison, costed: CostedReference | None, form: ComparisonForm, show_all: bool, orders_shown: int
) -> bytes | str | None:
    """What goes to a file or a pipe; None for tables."""
    if form is ComparisonForm.TABLE:
        return None
    if form is ComparisonForm.XLSX:
        from splitship.planning.comparison_tables import comparison_sheets
        from splitship.planning.workbook import workbook_bytes

        return workbook_bytes(comparison_sheets(comparison))
    if form is ComparisonForm.JSON:
        from splitship.cli.comparison_view import reference_document
        from splitship.packs.plans import document_text
        from splitship.planning.comparison_document import comparison_document

        return document_text(comparison_document(comparison) | reference_document(costed))
    from splitship.cli.comparison_text import comparison_csv, comparison_markdown

    if form is ComparisonForm.CSV:
        return comparison_csv(comparison)
    return comparison_markdown(comparison, costed, show_all, orders_shown)
