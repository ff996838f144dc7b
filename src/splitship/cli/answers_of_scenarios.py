"""Answers to several scenarios of a pack: read from files where there are some, else solved one after the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from splitship.cli.interrupts import Interruptible, leave
from splitship.errors import CheckFailedError, UsageError

if TYPE_CHECKING:
    from splitship.cli.progress import Progress
    from splitship.domain import Problem, Result, SolveOptions
    from splitship.packs import Pack

INTERRUPTED = 130
SHOWN_NAMES = 12
"""Names of scenarios that a message lists."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A scenario, under the name it is shown as; `file` is a plan of it that is there already, None to solve."""

    name: str
    scenario: str
    file: Path | None = None


def read_asked(texts: Sequence[str], known: Sequence[str]) -> list[Asked]:
    """`NAME` or `NAME=FILE` of scenarios; one that comes again is told apart by its file or a number.

    Raises:
        UsageError: no such scenario, or the same one to be solved twice.
    """
    found: list[Asked] = []
    for text in texts:
        scenario, file = _split(text, known)
        name = scenario
        if any(each.name == name for each in found):
            if file is None:
                raise UsageError(f"{scenario} is named twice")
            name = f"{scenario} ({file.name})"
            number = 1
            while any(each.name == name for each in found):
                number += 1
                name = f"{scenario} ({file.name} {number})"
        found.append(Asked(name, scenario, file))
    return found


def _split(text: str, known: Sequence[str]) -> tuple[str, Path | None]:
    """The scenario and the file of `NAME` or `NAME=FILE`; names of sweeps have an equals sign of their own."""
    if text in known:
        return text, None
    for at, character in enumerate(text):
        if character == "=" and text[:at] in known:
            file = Path(text[at + 1 :])
            if not file.is_file():
                raise UsageError(f"{text[:at]}: there is no file {file}")
            return text[:at], file
    from splitship.packs.findings import suggest

    hint = suggest(text.partition("=")[0], known)
    more = f" and {len(known) - SHOWN_NAMES} more" if len(known) > SHOWN_NAMES else ""
    listed = ", ".join(known[:SHOWN_NAMES]) + more
    raise UsageError(f"no scenario {text!r}{f' ({hint})' if hint else ''}; there are {listed}")


def results_of(
    pack: Pack,
    asked: Sequence[Asked],
    changes: dict[str, object],
    is_cold: bool,
    progress: Progress,
    if_interrupted: str = "nothing is compared",
) -> list[Result]:
    """An answer to each scenario. Those solved begin where the first answer ended, unless `is_cold`.

    Ctrl-C says `if_interrupted` and ends the command with exit code 130; nothing is kept.

    Raises:
        UsageError: a file's plan does not fit its scenario.
        PackError, PlanError: what a scenario or a file has in it.
    """
    found: list[Result] = []
    for number, each in enumerate(asked, 1):
        progress.phase(f"reading {each.name}")
        problem = pack.problem(each.scenario)
        options = dataclasses.replace(pack.options(each.scenario), **changes)  # type: ignore[arg-type]
        if each.file is not None:
            found.append(_from_file(each, problem, options))
            continue
        progress.note(f"{each.name}, {number} of {len(asked)}")
        progress.phase(f"solving {each.name}", problem.currency)
        start = None if is_cold or not found else found[0]
        found.append(_solved(problem, options, start, progress, if_interrupted))
        progress.note("")
    return found


def _from_file(asked: Asked, problem: Problem, options: SolveOptions) -> Result:
    from splitship.packs.plans import read_plan
    from splitship.run.given import result_of_plan

    assert asked.file is not None
    plan = read_plan(asked.file, problem)
    try:
        return result_of_plan(problem, plan.plan, plan.certificate, options)
    except CheckFailedError as error:
        raise UsageError(f"{asked.file}: for scenario {asked.scenario} {error}") from error


def _solved(
    problem: Problem, options: SolveOptions, start: Result | None, progress: Progress, if_interrupted: str
) -> Result:
    from splitship.cli.console import say
    from splitship.packs.warm_start import warm_start_of
    from splitship.run import solve

    warm = None if start is None else warm_start_of(start, problem)
    interruptible = Interruptible(on_stop=lambda: progress.note("stopping"))
    result = interruptible.run(
        lambda should_stop, on_plan: solve(
            problem, options, on_event=progress.event, should_stop=should_stop, on_plan=on_plan, warm=warm
        )
    )
    if result is None or interruptible.is_interrupted:
        say(f"splitship: interrupted: {if_interrupted}")
        if interruptible.is_abandoned:
            leave(INTERRUPTED)
        raise typer.Exit(INTERRUPTED)
    return result
