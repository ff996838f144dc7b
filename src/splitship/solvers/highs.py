"""SciPy's HiGHS for the restricted master: arrays in, values and duals out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from splitship.errors import SolverError
from splitship.spans import spanned
from splitship.units import Floats

_MIP_OPTIMAL, _MIP_LIMIT, _MIP_INFEASIBLE = 0, 1, 2
_OTHER_LIMIT = "limit reached"
"""SciPy has no status of its own for HiGHS's limit of solutions or nodes; the message has these words."""


@dataclass(frozen=True, slots=True)
class MipAnswer:
    """`values` None when none was found; `is_optimal` within the gap asked for; `num_nodes` of the tree visited."""

    values: Floats | None
    is_optimal: bool
    num_nodes: int


@dataclass(frozen=True, slots=True)
class LpAnswer:
    """Optimal value, columns and the duals of the <= rows (each <= 0 for a minimum) and of the = rows."""

    objective: float
    values: Floats
    upper_duals: Floats
    equal_duals: Floats


@spanned("HiGHS")
def solve_binary(
    cost: Floats, matrix: sparse.csr_array, lower: Floats, upper: Floats,
    time_limit_s: float, node_limit: int, gap: float,
) -> MipAnswer:  # fmt: skip
    """Minimise cost over 0/1 columns with lower <= matrix x <= upper.

    Deterministic unless the time limit stops it; `node_limit` is the deterministic limit.

    Raises:
        SolverError: HiGHS reports neither a solution nor a limit nor infeasibility.
    """
    if time_limit_s <= 0:
        return MipAnswer(None, False, 0)
    answer = milp(
        cost,
        integrality=np.ones(len(cost), np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, lower, upper),
        options={"time_limit": time_limit_s, "node_limit": node_limit, "mip_rel_gap": gap},
    )
    is_known = answer.status in (_MIP_OPTIMAL, _MIP_LIMIT, _MIP_INFEASIBLE)
    if not is_known and _OTHER_LIMIT not in str(answer.message).lower():
        raise SolverError(f"HiGHS stopped with status {answer.status}: {answer.message}")
    values = None if answer.x is None else np.asarray(answer.x)
    return MipAnswer(values, answer.status == _MIP_OPTIMAL, int(answer.get("mip_node_count") or 0))


@spanned("HiGHS")
def solve_lp(
    cost: Floats, upper_matrix: sparse.csr_array, upper: Floats, equal_matrix: sparse.csr_array, equal: Floats,
    time_limit_s: float,
) -> LpAnswer | None:  # fmt: skip
    """Minimise cost x over x >= 0, upper_matrix x <= upper, equal_matrix x = equal; None when not solved in time."""
    if time_limit_s <= 0:
        return None
    answer = linprog(  # type: ignore[call-overload]
        cost, A_ub=upper_matrix if upper_matrix.shape[0] else None, b_ub=upper if upper_matrix.shape[0] else None,
        A_eq=equal_matrix, b_eq=equal, bounds=(0, None), method="highs", options={"time_limit": time_limit_s},
    )  # fmt: skip
    if answer.status != 0:
        return None
    upper_duals = answer.ineqlin.marginals if upper_matrix.shape[0] else np.zeros(0)
    return LpAnswer(float(answer.fun), answer.x, np.asarray(upper_duals), np.asarray(answer.eqlin.marginals))
