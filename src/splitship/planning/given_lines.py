"""Order lines as the tables say them, and as they are in force: kits in components, promised lines in parts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from splitship.domain import Problem
from splitship.units import I64


def given_line_of(problem: Problem) -> I64:
    """The row of each line of `problem` among the lines as given, [lines]: its own, its kit's, or its whole line's."""
    given = problem.as_given
    if problem.given is None:
        return np.arange(len(problem.lines), dtype=np.int64)
    found: I64 = _names(given).get_indexer(_names(problem)).astype(np.int64)
    return found


def _names(problem: Problem) -> pd.MultiIndex:
    lines = problem.lines
    return pd.MultiIndex.from_arrays([lines.order_idx, lines.line_id])
