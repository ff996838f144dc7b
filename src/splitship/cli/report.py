"""`splitship report`: a page about one or more scenarios that opens from disk without a network."""

from __future__ import annotations

import dataclasses
import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from splitship.cli.console import say
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
    from splitship.cli.interrupts import Interruptible
    from splitship.cli.progress import Progress
    from splitship.domain import Result
    from splitship.packs import Pack

INTERRUPTED = 130


def report(
    pack: PackArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.html", help="The page to write.", show_default=False)],
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="A scenario; give it again for more. The first is what the others are held against.",
            show_default="baseline",
        ),
    ] = None,
    plan: Annotated[
        list[str] | None,
        typer.Option(
            "--plan",
            metavar="NAME=FILE",
            help="Take this plan of a scenario (what solve --plan wrote) instead of solving.",
            show_default=False,
        ),
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE.xlsx", help="Also write the tables as a workbook.", show_default=False),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="What stands at the top.", show_default="the pack")
    ] = None,
    cold: Annotated[
        bool, typer.Option("--cold", help="Start every solve from nothing, not from the first answer.")
    ] = False,
    time_limit: TimeLimitOption = None,
    work_limit: WorkLimitOption = None,
    gap: GapOption = None,
    seed: SeedOption = None,
    threads: ThreadsOption = None,
) -> None:
    """Write a report of one or more scenarios: one HTML file that needs no network.

    Key figures, costs, a map of flows, capacities and prices, promises, what does not ship, what moved, every order.

    Ctrl-C writes the report of what there is by then (exit code 130).

    [bold]Examples[/bold]

    splitship report scenarios/us-retail --out day.html

    splitship report PACK --scenario baseline --scenario peak --out peak.html

    splitship report PACK --plan baseline=plan.json --out day.html --xlsx day.xlsx
    """
    from splitship.planning.report import PAGE_SUFFIXES, WORKBOOK_SUFFIX, check_target

    check_target(out, PAGE_SUFFIXES)
    if xlsx is not None:
        check_target(xlsx, (WORKBOOK_SUFFIX,))
    names = scenario or ["baseline"]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise UsageError(f"--scenario: {twice[0]!r} is there twice")
    plans = _plans(plan or [], names)
    changes = search_changes(gap, time_limit, work_limit, seed, threads)
    given: list[tuple[str, object]] = [("--title", title), ("--gap", gap), ("--time-limit", time_limit),
                                       ("--work-limit", work_limit), ("--seed", seed)]  # fmt: skip
    words = ["splitship", "report", str(pack), *(word for name in names for word in ("--scenario", name))]
    words += [word for name, file in plans.items() for word in ("--plan", f"{name}={file}")]
    words += [word for option, value in given if value is not None for word in (option, str(value))]
    words += [*(["--cold"] if cold else []), "--out", str(out), *(["--xlsx", str(xlsx)] if xlsx else [])]
    _run(pack, names, plans, changes, cold, out, xlsx, title, shlex.join(words))


def _plans(given: Sequence[str], names: Sequence[str]) -> dict[str, Path]:
    """Plans by scenario from NAME=FILE; names of sweeps have a `=` of their own."""
    found: dict[str, Path] = {}
    for text in given:
        name = next((each for each in sorted(names, key=len, reverse=True) if text.startswith(f"{each}=")), None)
        if name is None:
            raise UsageError(
                f"--plan: expected NAME=FILE with a scenario of this report ({', '.join(names)}), got {text!r}"
            )
        if name in found:
            raise UsageError(f"--plan: there are two plans of {name!r}")
        found[name] = Path(text[len(name) + 1 :])
    return found


def _run(
    path: Path, names: Sequence[str], plans: dict[str, Path], changes: dict[str, object], cold: bool, out: Path,
    xlsx: Path | None, title: str | None, command: str,
) -> None:  # fmt: skip
    from splitship.cli.answer import exit_code, open_pack
    from splitship.cli.interrupts import Interruptible, leave
    from splitship.cli.kernels import compile_kernels
    from splitship.cli.progress import Progress
    from splitship.planning.report import write_report

    started = time.perf_counter()
    with Progress(f"reading {path.name or path}") as progress:
        pack = open_pack(path)
        for name in names:
            pack.problem(name)  # a name or an operation that is wrong is told before anything is solved
        compile_kernels(progress)
        interruptible = Interruptible(on_stop=lambda: progress.note("stopping at the best plan so far"))
        results = _results(pack, names, plans, changes, cold, progress, interruptible)
        if results:
            progress.phase("writing the report")
            write_report(results, out, title=title, xlsx=xlsx, command=command)
    if interruptible.is_interrupted and len(results) < len(names):
        missing = ", ".join(names[len(results) :])
        say(f"splitship: interrupted; {'nothing is written' if not results else f'not in the report: {missing}'}")
    if results:
        _say_written(results, out, xlsx, time.perf_counter() - started)
    code = INTERRUPTED if interruptible.is_interrupted else max(exit_code(result) for result in results)
    if interruptible.is_abandoned:
        leave(code)
    raise typer.Exit(code)


def _results(
    pack: Pack, names: Sequence[str], plans: dict[str, Path], changes: dict[str, object], cold: bool,
    progress: Progress, interruptible: Interruptible,
) -> list[Result]:  # fmt: skip
    """The answers of scenarios, in their sequence, as far as they came before an interrupt."""
    from splitship.packs.plans import read_plan
    from splitship.packs.warm_start import warm_start_of
    from splitship.run import solve
    from splitship.run.given import result_of_plan

    found: list[Result] = []
    for name in names:
        problem = pack.problem(name)
        options = dataclasses.replace(pack.options(name), **changes)  # type: ignore[arg-type]
        progress.phase(f"{name}: preparing", problem.currency)
        if name in plans:
            file = read_plan(plans[name], problem)
            found.append(result_of_plan(problem, file.plan, file.certificate, options))
            continue
        warm = warm_start_of(found[0], problem) if found and not cold else None
        result = interruptible.run(
            lambda should_stop, on_plan, problem=problem, options=options, warm=warm: solve(  # type: ignore[misc]
                problem, options, on_event=progress.event, should_stop=should_stop, on_plan=on_plan, warm=warm
            )
        )
        if result is not None:
            found.append(result)
        if interruptible.is_interrupted:
            break
    return found


def _say_written(results: Sequence[Result], out: Path, xlsx: Path | None, seconds: float) -> None:
    from splitship.cli.console import counted

    size = f"{out.stat().st_size / 1e6:,.2f} MB"
    say(f"report of {counted(len(results), 'scenario')} saved in {out}, {size}, {seconds:.1f} s")
    if xlsx is not None:
        say(f"workbook saved in {xlsx}")
