"""A stand-in for `run.solve`: ships nothing, verified by the real checker, and misbehaves as the problem's name says.

Names are words joined by `+`: `slow` works until told to stop or its limit; `deaf` sleeps and heeds nothing;
`late` does so until a moment after its limit; `plan` hands a verified plan over first; `die` ends the process;
`dieonce:PATH` does so unless PATH exists; `wrong` fails its check; `odd` raises what nobody expects; `impossible`
says that no package is possible.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np

from splitship.check import check_plan
from splitship.domain import (
    BoundSource,
    Event,
    Plan,
    Reason,
    Result,
    SolveOptions,
    Termination,
    TerminationReason,
    UnfilledLines,
)
from splitship.errors import CheckFailedError
from splitship.units import strings


def solve(problem, options: SolveOptions, on_event=None, should_stop=None, on_plan=None, warm=None) -> Result:
    """Nothing ships; the reason of every line is NO_STOCK."""
    started = time.monotonic()
    words = problem.name.split("+")
    plan = Plan.empty()
    report = check_plan(problem, plan)
    num_lines = len(problem.lines)
    termination = Termination(TerminationReason.OPTIMAL)

    def result() -> Result:
        return Result(
            problem=problem,
            options=options,
            plan=plan,
            unfilled=UnfilledLines(
                np.arange(num_lines), problem.lines.quantity, (Reason.NO_STOCK,) * num_lines, strings([""] * num_lines)
            ),
            report=report,
            objective=report.costs.total,
            bound=None,
            bound_source=BoundSource.NONE,
            certificate=None,
            termination=termination,
            events=(Event(0.0, "greedy", report.costs.total, None),),
            seconds={"total": time.monotonic() - started},
            has_possible_package="impossible" not in words,
        )

    if "plan" in words:
        if on_event is not None:
            on_event(Event(0.0, "greedy", report.costs.total, None))
        if on_plan is not None:
            on_plan(result())
        time.sleep(0.2)
    for word in words:
        if word == "die" or (word.startswith("dieonce:") and not Path(word.partition(":")[2]).exists()):
            if ":" in word:
                Path(word.partition(":")[2]).touch()
            os.kill(os.getpid(), signal.SIGKILL)
    if "wrong" in words:
        raise CheckFailedError("STOCK_EXCEEDED node A, SKU S: 2 units shipped, 1 available")
    if "odd" in words:
        raise ZeroDivisionError("planted")
    if "deaf" in words:
        time.sleep(60)
    if "late" in words:
        time.sleep((options.time_limit_s or 60) + 0.2)
    if "slow" in words:
        end = started + (options.time_limit_s or 60)
        while time.monotonic() < end and not (should_stop is not None and should_stop()):
            time.sleep(0.01)
        stopped = time.monotonic() < end
        termination = Termination(
            TerminationReason.INTERRUPTED if stopped else TerminationReason.TIME_LIMIT,
            None if stopped else f"time_limit_s={options.time_limit_s:g}",
        )
    return result()
