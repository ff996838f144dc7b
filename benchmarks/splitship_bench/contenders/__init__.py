"""Contenders: ours, solvers on the one model, rule-based policies, and a method from the literature."""

from splitship_bench.contenders.base import Contender as Contender
from splitship_bench.contenders.base import NotApplicableError as NotApplicableError
from splitship_bench.contenders.base import Outcome as Outcome
from splitship_bench.contenders.base import Task as Task
from splitship_bench.contenders.registry import contender as contender
from splitship_bench.contenders.registry import contenders as contenders
from splitship_bench.contenders.registry import load_plugin as load_plugin
from splitship_bench.contenders.registry import register as register

__all__ = [
    "Contender",
    "NotApplicableError",
    "Outcome",
    "Task",
    "contender",
    "contenders",
    "load_plugin",
    "register",
]
