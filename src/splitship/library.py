"""The names of `import splitship`: read a pack, solve a problem, check a plan."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from os import PathLike
from pathlib import Path
from typing import Any

from splitship.check import check_certificate as check_certificate
from splitship.check import check_plan as check_plan
from splitship.domain import Event, Problem, Result, SolveOptions, WarmStart
from splitship.packs import Pack as Pack
from splitship.packs import read_pack as read_pack
from splitship.packs import write_pack as write_pack
from splitship.packs.plans import read_plan as read_plan
from splitship.packs.plans import write_plan as write_plan
from splitship.packs.warm_start import read_warm_start as read_warm_start
from splitship.packs.warm_start import warm_start_of
from splitship.planning import Comparison as Comparison
from splitship.planning import Explanation as Explanation
from splitship.planning import Force as Force
from splitship.planning import ForecastPrices, Frontier
from splitship.planning import compare as compare
from splitship.planning import explain as explain
from splitship.planning import forecast_prices as _forecast_prices
from splitship.planning import frontier as _frontier
from splitship.planning import frontier_svg as frontier_svg
from splitship.planning import orders_frame as orders_frame
from splitship.planning import relaxations as relaxations
from splitship.planning import rule_cost as rule_cost
from splitship.planning import shadow_prices as shadow_prices
from splitship.planning import what_if as what_if
from splitship.planning.quantities import Against
from splitship.planning.reference import CostedReference as CostedReference
from splitship.planning.reference import cost_reference as cost_reference
from splitship.planning.report import write_report as _write_report
from splitship.planning.runs import Runs
from splitship.planning.runs import run_scenarios as _run_scenarios
from splitship.run.solve import solve as _solve


class _NotGiven(Enum):
    """Stands for an argument left out, where None means no limit."""

    NOT_GIVEN = 0


_LEFT_OUT = _NotGiven.NOT_GIVEN


def solve(
    problem: Problem,
    options: SolveOptions | None = None,
    *,
    time_limit_s: float | _NotGiven | None = _LEFT_OUT,
    work_limit: float | _NotGiven | None = _LEFT_OUT,
    gap: float | _NotGiven = _LEFT_OUT,
    seed: int | _NotGiven = _LEFT_OUT,
    threads: int | _NotGiven = _LEFT_OUT,
    method: str | _NotGiven = _LEFT_OUT,
    solver: str | _NotGiven | None = _LEFT_OUT,
    on_event: Callable[[Event], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    warm_start: Result | WarmStart | None = None,
) -> Result:
    """Solve a problem in this process; the plan that comes back has passed the independent checker.

    Parameters:
        options: a pack's `options()`, say; the defaults of `SolveOptions` otherwise. The other keywords
            replace single fields of it and mean what they mean there.
        on_event: called from the solving thread at every step, with best objective and bound.
        should_stop: polled; once it is true the best plan so far is returned, INTERRUPTED.
        warm_start: an earlier result, of whatever problem, or what `read_warm_start` made of a file: its plan and
            prices are where the search begins. It changes how soon a good answer is there, never whether it is right.

    Raises:
        UsageError: options that do not go together, or an earlier result in another currency.
        NothingPossibleError: there is demand, but no line has any possible package.
        NoPlanInTimeError: a limit came before the first plan.
    """
    chosen = _changed(
        options, time_limit_s=time_limit_s, work_limit=work_limit, gap=gap, seed=seed, threads=threads, method=method,
        solver=solver,
    )  # fmt: skip
    warm = warm_start_of(warm_start, problem) if isinstance(warm_start, Result) else warm_start
    return _solve(problem, chosen, on_event=on_event, should_stop=should_stop, warm=warm)


def scenario(
    pack: Pack, steps: str | Sequence[Mapping[str, Any] | str] | Mapping[str, Any], name: str = "what if"
) -> Pack:
    """The pack as a scenario has it: one of its own by name, or one made on the spot.

        splitship.scenario(pack, "dallas_down")
        splitship.scenario(pack, [{"table": "nodes", "where": {"node_id": "DFW7"}, "set": {"open": False}}])

    Parameters:
        steps: the name of a scenario; or operations as plain mappings, as in the section `overlays` of scenario.yaml
            (docs/scenarios.md), and names of the pack's overlays among them. They act on the pack as it is, so
            scenarios can be made one of the other.
        name: what to call a scenario made on the spot; it must not be taken.

    Raises:
        PackError: no scenario has this name, or something is wrong with the operations: every fault, with places such
            as `scenario[0].set.open`.
        UnsupportedError: the scenario uses features that are not built.
    """
    return pack.in_scenario(steps) if isinstance(steps, str) else pack.what_if(steps, name)


def run_scenarios(
    pack: Pack,
    names: Sequence[str] | None = None,
    options: SolveOptions | None = None,
    *,
    time_limit_s: float | _NotGiven | None = _LEFT_OUT,
    work_limit: float | _NotGiven | None = _LEFT_OUT,
    gap: float | _NotGiven = _LEFT_OUT,
    seed: int | _NotGiven = _LEFT_OUT,
    threads: int | _NotGiven = _LEFT_OUT,
    engine: str = "local",
    jobs: int | None = None,
    address: str | None = None,
    folder: str | PathLike[str] | None = None,
    cold: bool = False,
    again: bool = False,
    should_stop: Callable[[], bool] | None = None,
) -> Runs:
    """Solve many scenarios of a pack, several at a time; `results` of what comes back are the answers by name.

    The baseline is solved first and the others begin with its plan and prices. A scenario that fails does not stop
    the others: see `failures` of what comes back.

    Parameters:
        names: scenarios, or sweeps for all of theirs; None: every scenario of the pack.
        options: for every scenario, in place of the pack's; the keywords replace single fields. Limits are for each
            scenario by itself.
        engine: `local` (processes of this machine), `dask` (a cluster: `address`), `here` (one after the other in this
            process, for small packs).
        jobs: scenarios at a time; None: as many as cores.
        folder: plans and records are kept there, and finished runs that it has are not solved again unless `again`.
        cold: do not begin with the baseline's answer.
        should_stop: polled; once it is true, runs at work end with their best plan and no other begins.

    Raises:
        PackError: no scenario has one of the names.
        UsageError: options that do not go together, a folder that is not for these runs, or Dask is not installed.
    """
    given = {
        "time_limit_s": time_limit_s, "work_limit": work_limit, "gap": gap, "seed": seed, "threads": threads
    }  # fmt: skip
    return _run_scenarios(
        pack,
        names,
        options,
        changes={name: value for name, value in given.items() if value is not _LEFT_OUT},
        engine=engine,
        jobs=jobs,
        address=address,
        folder=None if folder is None else Path(folder),
        is_warm=not cold,
        again=again,
        should_stop=should_stop,
    )


def forecast_prices(
    problem: Problem,
    options: SolveOptions | None = None,
    *,
    horizon_days: int | None = None,
    time_limit_s: float | _NotGiven | None = _LEFT_OUT,
    work_limit: float | _NotGiven | None = _LEFT_OUT,
    gap: float | _NotGiven = _LEFT_OUT,
    seed: int | _NotGiven = _LEFT_OUT,
    threads: int | _NotGiven = _LEFT_OUT,
    on_event: Callable[[Event], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> ForecastPrices:
    """Price the stock of a batch by what the next days are expected to order, the problem's table `forecast`.

    `stock_prices` of what comes back is a whole table `stock_prices` for the same problem: a batch solved with it
    leaves to later orders what is worth more to them. The keywords are as of `solve`, and for all of the work.

    Parameters:
        horizon_days: look no farther than so many days after the date of `as_of`; None: as far as the forecast goes.

    Raises:
        UsageError: there is no forecast within the horizon, or options do not go together.
    """
    chosen = _changed(
        options, time_limit_s=time_limit_s, work_limit=work_limit, gap=gap, seed=seed, threads=threads
    )  # fmt: skip
    return _forecast_prices(problem, chosen, horizon_days=horizon_days, on_event=on_event, should_stop=should_stop)


def report(
    results: Result | Sequence[Result],
    path: Path | str,
    title: str | None = None,
    *,
    xlsx: Path | str | None = None,
) -> None:
    """Write a report of answers as one HTML file that opens from disk without a network; the first is the baseline.

    Parameters:
        title: what stands at the top; the name of the pack otherwise.
        xlsx: also write the tables, with all their rows, as an Excel workbook.

    Raises:
        UsageError: no answer at all, different currencies, packages that have no price, or a file name that does not
            end in .html (.xlsx).
        OSError: a file cannot be written.
    """
    listed = [results] if isinstance(results, Result) else list(results)
    _write_report(listed, path, title=title, xlsx=xlsx)


def frontier(
    source: Pack | Problem,
    against: Against = "days",
    points: int = 8,
    options: SolveOptions | None = None,
    *,
    is_warm: bool = True,
    on_event: Callable[[Event], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Frontier:
    """Cost against days, packages or fill: plans at different weights, and the certified envelope below which none is.

    A pack brings its own options where none are given. What the arguments mean: `splitship.planning.frontier`.

    Raises:
        UsageError: no such quantity, fewer than 2 or more than 100 points, or a method without a bound.
    """
    problem = source.problem() if isinstance(source, Pack) else source
    if options is None and isinstance(source, Pack):
        options = source.options()
    return _frontier(
        problem, options, against=against, points=points, is_warm=is_warm, on_event=on_event, should_stop=should_stop
    )


def _changed(options: SolveOptions | None, **given: object) -> SolveOptions:
    """The options, or the defaults, with what was given replaced."""
    changes = {name: value for name, value in given.items() if value is not _LEFT_OUT}
    return dataclasses.replace(options or SolveOptions(), **changes)  # type: ignore[arg-type]
