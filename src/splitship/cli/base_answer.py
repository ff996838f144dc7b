"""An answer to ask further questions about: solved now, or read from a plan that is there already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from splitship.cli.progress import Progress
    from splitship.domain import Problem, Result, SolveOptions
    from splitship.packs import Pack

BasePlanOption = Annotated[
    Path | None,
    typer.Option(
        "--plan", metavar="FILE.json", help="Begin with this plan, with its prices, instead of solving.",
        show_default=False,
    ),
]  # fmt: skip


def read_base(path: Path, scenario: str, changes: dict[str, object]) -> tuple[Pack, Problem, SolveOptions]:
    """The pack as the scenario has it, its problem, and the options in force."""
    from splitship.cli.answer import open_pack

    pack = open_pack(path, scenario)
    return pack, pack.problem(), replace(pack.options(), **changes)  # type: ignore[arg-type]


def base_answer(
    problem: Problem, options: SolveOptions, plan: Path | None, progress: Progress, should_stop: Callable[[], bool]
) -> Result:
    """The plan of a file, verified; or the problem solved.

    Raises:
        PlanError: the file cannot be read against the problem.
        CheckFailedError: its plan is not feasible here.
    """
    if plan is None:
        from splitship.run import solve

        return solve(problem, options, on_event=progress.event, should_stop=should_stop)
    from splitship.packs.plans import read_plan
    from splitship.run.given import result_of_plan

    progress.phase(f"checking {plan.name}")
    file = read_plan(plan, problem)
    return result_of_plan(problem, file.plan, file.certificate, options)
