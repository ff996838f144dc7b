"""Arguments and options that several commands share, and how their text is read."""

from __future__ import annotations

import math
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from splitship.errors import UsageError

if TYPE_CHECKING:
    from splitship.domain import Problem


class SummaryForm(StrEnum):
    """Forms of an answer: the summary, or the plan's rows."""

    TABLE = "table"
    JSON = "json"
    MD = "md"
    CSV = "csv"
    PARQUET = "parquet"


class ReportForm(StrEnum):
    """Forms of a report that is no table of rows."""

    TABLE = "table"
    JSON = "json"
    MD = "md"


class ListForm(StrEnum):
    """Forms of a list."""

    TABLE = "table"
    JSON = "json"
    MD = "md"
    CSV = "csv"


PackArgument = Annotated[Path, typer.Argument(metavar="PACK", help="The pack's folder.", show_default=False)]
ScenarioOption = Annotated[str, typer.Option("--scenario", metavar="NAME", help="Which of the pack's scenarios.")]
OrdersOption = Annotated[
    str | None,
    typer.Option("--orders", metavar="ID,...", help="Only these orders of the batch.", show_default=False),
]
SummaryFormOption = Annotated[
    SummaryForm,
    typer.Option(
        "-o", "--output", metavar="FORM", help="The summary as table, json or md; the plan's rows as csv or parquet."
    ),
]
ReportFormOption = Annotated[ReportForm, typer.Option("-o", "--output", metavar="FORM", help="table, json or md.")]
ListFormOption = Annotated[ListForm, typer.Option("-o", "--output", metavar="FORM", help="table, json, md or csv.")]
ThreadsOption = Annotated[
    int | None, typer.Option("--threads", min=1, metavar="N", help="Solver threads.", show_default="the pack's")
]
GapOption = Annotated[
    float | None,
    typer.Option("--gap", min=0.0, metavar="G", help="Good enough: (cost - bound) / cost.", show_default="the pack's"),
]
TimeLimitOption = Annotated[
    str | None, typer.Option("--time-limit", metavar="S", help="Seconds, or none.", show_default="the pack's")
]
WorkLimitOption = Annotated[
    str | None,
    typer.Option(
        "--work-limit", metavar="N",
        help="Units of deterministic work (about a second each), or none: the same answer on every machine.",
        show_default="the pack's",
    ),
]  # fmt: skip
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", min=0, max=2**31 - 1, metavar="N", help="Random seed.", show_default="the pack's"),
]
PlanOption = Annotated[
    Path | None,
    typer.Option(
        "--plan", metavar="FILE", help="Write the whole plan: .json with its certificate, .csv, .parquet.",
        show_default=False,
    ),
]  # fmt: skip

RecordOption = Annotated[
    Path | None,
    typer.Option(
        "--record", metavar="FILE.json", help="Write what splitship replay needs; the plan goes beside it.",
        show_default=False,
    ),
]  # fmt: skip
WarmStartOption = Annotated[
    Path | None,
    typer.Option(
        "--warm-start", metavar="FILE",
        help="Begin with an earlier answer: what --plan wrote, of this batch or another. Only .json has prices.",
        show_default=False,
    ),
]  # fmt: skip


def search_changes(
    gap: float | None, time_limit: str | None, work_limit: str | None, seed: int | None, threads: int | None
) -> dict[str, object]:
    """What these options change of the pack's own, as fields of `SolveOptions`; None changes nothing.

    Raises:
        UsageError: a gap or a limit that is none.
    """
    if gap is not None and not gap < math.inf:
        raise UsageError("--gap: expected a number of at least 0")
    changes: dict[str, object] = {}
    if time_limit is not None:
        changes["time_limit_s"] = limit_value(time_limit, "--time-limit")
    if work_limit is not None:
        changes["work_limit"] = limit_value(work_limit, "--work-limit")
    given = (("gap", gap), ("seed", seed), ("threads", threads))
    return changes | {name: value for name, value in given if value is not None}


def limit_value(text: str | None, option: str) -> float | None:
    """A number of at least 0, or None for `none`: no limit.

    Raises:
        UsageError: anything else.
    """
    if text is None or text.strip().lower() == "none":
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (number >= 0 and math.isfinite(number)):
        raise UsageError(f"{option}: expected a number of at least 0, or none, got {text!r}")
    return number


def restrict(problem: Problem, orders: str | None) -> Problem:
    """The problem with only the orders named in a comma-separated list; None is all of them.

    Raises:
        PackError: ids that the batch does not have.
    """
    if orders is None:
        return problem
    from splitship.run.part_of_batch import take_orders

    return take_orders(problem, order_names(orders), "--orders")


def order_names(orders: str) -> list[str]:
    """The ids of a comma-separated list; UsageError when there are none."""
    wanted = [order_id.strip() for order_id in orders.split(",") if order_id.strip()]
    if not wanted:
        raise UsageError("--orders: name at least one order")
    return wanted


def check_plan_target(path: Path | None) -> None:
    """Refuse a `--plan` that cannot be written before time is spent on the solve.

    Raises:
        UsageError: unknown suffix, or no such folder.
    """
    if path is None:
        return
    from splitship.errors import PlanError
    from splitship.packs.plans import plan_suffix

    try:
        plan_suffix(path)
    except PlanError as error:
        raise UsageError(f"--plan: {error.findings[0].message}, {path.name}") from error
    if not path.parent.is_dir():
        raise UsageError(f"--plan: there is no folder {path.parent}")
    if path.is_dir():
        raise UsageError(f"--plan: {path} is a folder")


def check_record_target(path: Path | None) -> None:
    """Refuse a `--record` that cannot be written before time is spent on the solve.

    Raises:
        UsageError: no .json file, or no such folder.
    """
    if path is None:
        return
    if path.suffix != ".json" or path.is_dir():
        raise UsageError(f"--record: expected a file FILE.json, got {path}")
    if not path.parent.is_dir():
        raise UsageError(f"--record: there is no folder {path.parent}")


def refuse_binary_terminal(form: SummaryForm) -> None:
    """Parquet is for files: UsageError when standard output is a terminal."""
    from splitship.cli.console import is_terminal

    if form is SummaryForm.PARQUET and is_terminal():
        raise UsageError(
            "parquet does not belong on a terminal: redirect it (> plan.parquet), or use --plan FILE.parquet"
        )
