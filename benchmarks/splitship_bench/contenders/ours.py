"""Ours: the engine over whole-order plans, as `splitship solve` runs it."""

from __future__ import annotations

from splitship.domain import SolveOptions
from splitship.run import solve, warm_up
from splitship_bench.contenders.base import Contender, Outcome, Task
from splitship_bench.machine import package_version


class OrderPlans(Contender):
    """Prices, greedy, pieces; bound by certificate. Its own check, certificate included, is inside its time."""

    name = "splitship"
    kind = "ours"
    description = "the engine: prices of whole-order plans, price-directed search, certified bound"

    def version(self) -> str:
        return f"splitship {package_version('splitship')}"

    def warm(self) -> None:
        warm_up()

    def run(self, task: Task) -> Outcome:
        began = task.elapsed()
        options = SolveOptions(
            time_limit_s=task.limit_s,
            work_limit=task.work_limit,
            gap=task.gap,
            seed=task.seed,
            threads=task.threads,
        )
        result = solve(task.problem, options)
        ended = task.elapsed()
        incumbents = [(began + event.seconds, event.objective, event.bound) for event in result.events]
        # The last word is the checked one, and it is said when the check has ended.
        incumbents.append((ended, result.objective, result.bound))
        seconds = {phase: value for phase, value in result.seconds.items() if phase != "total"}
        return Outcome(
            status=result.termination.reason.value,
            plan=result.plan,
            objective=result.objective,
            bound=result.bound,
            certificate=result.certificate,
            detail=result.termination.limit or result.termination.detail,
            incumbents=incumbents,
            seconds=seconds,
        )


OURS: tuple[Contender, ...] = (OrderPlans(),)
