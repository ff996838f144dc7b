"""The names of `import splitship`: read a pack, solve a problem, check a plan."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from enum import Enum

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
    given = {
        "time_limit_s": time_limit_s,
        "work_limit": work_limit,
        "gap": gap,
        "seed": seed,
        "threads": threads,
        "method": method,
        "solver": solver,
    }
    changes = {name: value for name, value in given.items() if value is not _LEFT_OUT}
    chosen = dataclasses.replace(options or SolveOptions(), **changes)  # type: ignore[arg-type]
    warm = warm_start_of(warm_start, problem) if isinstance(warm_start, Result) else warm_start
    return _solve(problem, chosen, on_event=on_event, should_stop=should_stop, warm=warm)
