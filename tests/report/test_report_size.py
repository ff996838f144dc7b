"""Ten thousand orders in one file."""

import pytest

from splitship.domain import SolveOptions
from splitship.packs import read_pack
from splitship.planning.report import Report
from splitship.run import solve
from splitship_bench.instances import prepare_instance

LIMIT = 5_000_000


@pytest.mark.slow
def test_ten_thousand_orders_are_below_five_megabytes(tmp_path):
    """With a second answer beside the first, which shares little of its plan."""
    problem = read_pack(prepare_instance("peak-10k-n50-s1", tmp_path)).problem()
    assert len(problem.orders) == 10_000
    results = [
        solve(problem, SolveOptions(method=f"policy:{name}", time_limit_s=None))
        for name in ("fewest_splits", "first_location")
    ]
    one = len(Report(results[:1]).html().encode())
    two = len(Report(results).html().encode())
    assert one < LIMIT / 2
    assert one < two < LIMIT
