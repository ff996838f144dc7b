"""Runs: solving many scenarios of a pack, keeping a record of each, and solving a record again."""

from splitship.planning.runs.engines import ENGINES as ENGINES
from splitship.planning.runs.many import Watch as Watch
from splitship.planning.runs.many import run_scenarios as run_scenarios
from splitship.planning.runs.many import scenario_names as scenario_names
from splitship.planning.runs.record import RunRecord as RunRecord
from splitship.planning.runs.runs import Run as Run
from splitship.planning.runs.runs import Runs as Runs

__all__ = ["ENGINES", "Run", "RunRecord", "Runs", "Watch", "run_scenarios", "scenario_names"]
