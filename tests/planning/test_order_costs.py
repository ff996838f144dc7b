"""An answer taken apart by order adds up to what the checker says the whole costs."""

import numpy as np
import pytest

from splitship.domain import Plan, SolveOptions, TerminationReason
from splitship.errors import CheckFailedError
from splitship.packs import read_pack
from splitship.planning.order_costs import ORDER_TERMS, order_costs
from splitship.run import solve
from splitship.run.given import result_of_plan

PACKS = ("hello", "us-retail", "omnichannel")


@pytest.fixture(scope="module", params=PACKS)
def result(request):
    """Answers that are not the best: every term has something in it."""
    problem = read_pack(f"scenarios/{request.param}").problem()
    return solve(problem, SolveOptions(method="policy:per_order_optimal", time_limit_s=None))


def test_orders_and_soft_costs_add_up_to_the_objective(result):
    costs = order_costs(result)
    assert int(costs.total.sum()) + costs.soft == result.objective
    for term in ORDER_TERMS:
        assert int(getattr(costs, term).sum()) == getattr(result.report.costs, term), term


def test_a_given_plan_is_verified_and_says_so(result):
    again = result_of_plan(result.problem, result.plan)
    assert again.objective == result.objective
    assert again.bound is None
    assert again.termination.limit == "given"
    assert again.unfilled.line_idx.tolist() == result.unfilled.line_idx.tolist()


def test_a_given_plan_with_its_certificate_has_the_bound():
    found = solve(read_pack("scenarios/hello").problem(), SolveOptions(gap=0.0, time_limit_s=30))
    again = result_of_plan(found.problem, found.plan, found.certificate)
    assert (again.objective, again.bound) == (found.objective, found.bound)
    assert again.termination.reason is TerminationReason.OPTIMAL


def test_a_plan_that_breaks_something_is_refused(result):
    plan = result.plan
    twice = Plan.joined([plan, plan])
    with pytest.raises(CheckFailedError, match="not one for this problem"):
        result_of_plan(result.problem, twice)
    assert np.array_equal(plan.order_idx, result.plan.order_idx)
