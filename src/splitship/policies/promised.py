"""Rules of thumb beside a plan in force: they keep what is promised and route the rest."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from splitship.domain import Plan
from splitship.domain.kept_promises import joined_with_kept, keeping
from splitship.instance import Instance, compile_problem
from splitship.instance.kept import impossible_promises


def route_the_rest(instance: Instance, route: Callable[[Instance], Plan]) -> Plan:
    """The promised packages that can stay, and what `route` makes of all else."""
    problem = instance.problem
    kept = np.ones(len(problem.promises), np.bool_)
    kept[impossible_promises(instance, np.arange(len(kept)))] = False
    kept |= ~problem.promises.may_move  # those that must be kept can be; others that ask for the same are moved
    return joined_with_kept(problem, kept, route(compile_problem(keeping(problem, kept))))
