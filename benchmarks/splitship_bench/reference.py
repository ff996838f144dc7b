"""The reference job: a fixed piece of work whose time says how fast the machine is just now."""

from __future__ import annotations

import threading
import time

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

_ROWS, _COLUMNS, _ROWS_A_COLUMN, _SEED = 60, 300, 6, 1
_THREADS = 2


def reference_seconds() -> float:
    """Wall time of the reference job: the same small set-cover model solved by HiGHS, once in each of two threads.

    Two threads, because our solves use two cores: a neighbour that takes one of them slows both. About a second
    on the machine of the published figures. It shares no code with what is measured.

    Raises:
        RuntimeError: HiGHS did not solve it; its times would mean nothing.
    """
    cost, matrix = _model()
    failures: list[str] = []

    def work() -> None:
        answer = milp(
            cost, integrality=np.ones(_COLUMNS, np.int64), bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, 1, np.inf), options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        if answer.status != 0:
            failures.append(str(answer.message))

    threads = [threading.Thread(target=work, name="reference", daemon=True) for _ in range(_THREADS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failures:
        raise RuntimeError(f"the reference job was not solved: {failures[0]}")
    return seconds


def _model() -> tuple[np.ndarray, sparse.csr_array]:
    rng = np.random.default_rng(_SEED)
    rows = rng.integers(0, _ROWS, _COLUMNS * _ROWS_A_COLUMN)
    columns = np.repeat(np.arange(_COLUMNS), _ROWS_A_COLUMN)
    matrix = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(_ROWS, _COLUMNS))
    matrix.data[:] = 1.0
    return rng.integers(10, 100, _COLUMNS).astype(np.float64), matrix
