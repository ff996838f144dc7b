"""A pack in memory with scenarios that differ, one that cannot be built, and a sweep; and solvers that misbehave."""

import os
import signal
import time
from pathlib import Path

from splitship import run
from splitship.packs import Pack, read_pack

SCENARIOS = {
    "overlays": {
        "close_east": [{"table": "nodes", "where": {"node_id": "EAST"}, "set": {"open": False}}],
        "broken": [{"table": "nodes", "where": {"node_id": "EAST"}, "set": {"cutoff": "25:00"}}],
    },
    "scenarios": {"baseline": [], "east_down": ["close_east"], "wrong": ["broken"]},
    "sweeps": {
        "rates": {"vary": {"pct": [5, 10]}, "apply": [{"table": "rates", "multiply": {"price": "1 + pct/100"}}]}
    },
}
SOUND = ["baseline", "east_down", "rates[pct=5]", "rates[pct=10]"]


def hello_with_scenarios() -> Pack:
    """The pack hello with these scenarios, in memory."""
    hello = read_pack("scenarios/hello")
    settings = hello.settings.model_dump(mode="json", by_alias=True, exclude_none=True)
    return Pack.from_tables(hello.tables, settings | SCENARIOS, "hello")


def dies_when_east_is_closed(problem, options, *, on_event, should_stop, warm):
    """A solver that takes its process with it in one scenario."""
    if problem.scenario == "east_down":
        os.kill(os.getpid(), signal.SIGKILL)
    return run.solve(problem, options, on_event, should_stop, warm=warm)


def waits_for_the_stop(problem, options, *, on_event, should_stop, warm):
    """A solver that goes on until it is told to stop, but for the baseline; its plan is as good as found."""
    found = run.solve(problem, options, on_event, None, warm=warm)
    if problem.scenario != "baseline":
        Path(os.environ["RUNS_AT_WORK"]).touch()
        deadline = time.monotonic() + 60
        while not should_stop() and time.monotonic() < deadline:
            time.sleep(0.02)
        return run.solve(problem, options, on_event, should_stop, warm=warm)
    return found


def raises(problem, options, *, on_event, should_stop, warm):
    """A solver with a fault that nobody expects."""
    if problem.scenario == "east_down":
        raise ZeroDivisionError("planted")
    return run.solve(problem, options, on_event, should_stop, warm=warm)
