"""The one way to an answer: method, limits, worker process, mandatory check."""

from splitship.run.solve import peak_memory_mb as peak_memory_mb
from splitship.run.solve import solve as solve
from splitship.run.warm import compile_by_warming_up as compile_by_warming_up
from splitship.run.warm import warm_up as warm_up
from splitship.run.warm import warm_up_engine as warm_up_engine

__all__ = ["compile_by_warming_up", "peak_memory_mb", "solve", "warm_up", "warm_up_engine"]
