"""The scenarios of us-retail have the effects that a planner expects, proved by bounds where bounds can prove them.

Everything here is said of the best plans there are, not of the ones that happened to be found: a plan is an upper
limit of the least cost, its bound a lower one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import splitship
from splitship.check import check_plan
from splitship.domain import Plan, Reason, Result
from splitship.packs import Pack
from splitship.units import MICROS, NO_DATE

PACK = Path(__file__).parents[2] / "scenarios" / "us-retail"
GAP = 0.012
LOOSER = {"rebalanced_stock": 0.025, "peak_week": 0.02}
ASKED = ("dallas_down", "peak_week", "rate_increase", "new_store", "rebalanced_stock", "faster_promise", "fewer_splits",
         "carrier_strike")  # fmt: skip

pytestmark = pytest.mark.slow


@cache
def pack() -> Pack:
    return splitship.read_pack(PACK)


@cache
def solved(scenario: str) -> Result:
    """The answer to a scenario, begun with that to the baseline."""
    problem = pack().problem(scenario)
    before = None if scenario == "baseline" else solved("baseline")
    result = splitship.solve(
        problem, pack().options(), gap=LOOSER.get(scenario, GAP), time_limit_s=60, warm_start=before
    )
    assert result.report.is_feasible
    return result


def bound(scenario: str) -> int:
    found = solved(scenario).bound
    assert found is not None
    return found


def least_rise(scenario: str) -> int:
    """Micros by which the least cost rises at least, by the bound of one and the plan of the other."""
    return bound(scenario) - solved("baseline").objective


def least_fall(scenario: str) -> int:
    """Micros by which it falls at least."""
    return bound("baseline") - solved(scenario).objective


def costs_of(problem_of: str, plan: Plan) -> int:
    """What the independent checker says a plan costs in a scenario, where it is feasible."""
    report = check_plan(pack().problem(problem_of), plan)
    assert report.violations == ()
    assert report.costs is not None
    return report.costs.total


def late_packages(result: Result) -> int:
    promised = result.problem.orders.deliver_by[result.plan.order_idx]
    assert result.report.packages is not None
    return int(np.sum((promised < NO_DATE) & (result.report.packages.deliver_day > promised)))


def num_splits(result: Result) -> int:
    """Packages of orders beyond their first."""
    return len(result.plan) - len(np.unique(result.plan.order_idx))


def test_a_closed_centre_costs_more() -> None:
    """Dallas ships nothing; every plan without it is one of the baseline, so the rise is proved by the bounds."""
    closed, base = solved("dallas_down"), solved("baseline")
    dallas = base.problem.nodes.node_id.tolist().index("DFW7")
    assert (base.plan.node_idx == dallas).any()
    assert not (closed.plan.node_idx == dallas).any()
    assert costs_of("baseline", closed.plan) == closed.objective >= bound("baseline")
    assert least_rise("dallas_down") > 500 * MICROS
    assert closed.unfilled.quantity.sum() > base.unfilled.quantity.sum()


def test_a_peak_week_costs_more_and_runs_out_of_stock() -> None:
    """A quarter more orders cost more than a quarter more, since stock is what is short."""
    peak, base = solved("peak_week"), solved("baseline")
    assert len(peak.problem.orders) == 1.25 * len(base.problem.orders)
    assert least_rise("peak_week") > 0.25 * base.objective
    short = sum(reason is Reason.NO_STOCK for reason in peak.unfilled.reason)
    assert short > sum(reason is Reason.NO_STOCK for reason in base.unfilled.reason)
    assert peak.unfilled.quantity.sum() > 2 * base.unfilled.quantity.sum()
    assert splitship.scenario(pack(), ["more_hands", "more_orders"]).problem().input_hash == peak.problem.input_hash


def test_more_hands_alone_are_worth_little() -> None:
    """A plan of the baseline stays one, so the least cost cannot rise; and it cannot fall by more than 2 %."""
    base = solved("baseline")
    assert costs_of("peak_capacity", base.plan) == base.objective
    assert bound("peak_capacity") > 0.98 * base.objective


def test_a_rate_increase_costs_what_the_rates_rise_at_most() -> None:
    """The old plan at the new rates costs 4.9 % more for its ground packages; the best plan no more than that."""
    base = solved("baseline")
    ground = base.plan.service_idx == base.problem.services.service_id.tolist().index("ground")
    assert base.report.packages is not None
    of_ground = int(base.report.packages.shipping[ground].sum())
    dearer = costs_of("rate_increase", base.plan) - base.objective
    assert dearer == pytest.approx(0.049 * of_ground, rel=1e-9)
    assert least_rise("rate_increase") > 0
    assert bound("rate_increase") <= base.objective + dearer
    assert costs_of("baseline", solved("rate_increase").plan) < solved("rate_increase").objective


def test_a_new_store_saves() -> None:
    """The old plan is still one at the same cost; the store brings stock and a short way, and is used to the full."""
    base, opened = solved("baseline"), solved("new_store")
    store = opened.problem.nodes.node_id.tolist().index("STORE-LAX")
    assert store == len(base.problem.nodes)
    assert costs_of("new_store", base.plan) == base.objective
    assert least_fall("new_store") > 100 * MICROS
    at_store = opened.plan.node_idx == store
    assert at_store.sum() > 30
    channel = opened.problem.orders.channel[opened.plan.order_idx[at_store]]
    assert "marketplace" not in channel.tolist()
    west = opened.problem.orders.longitude[opened.plan.order_idx[at_store]] < -110
    assert west.mean() > 0.5


def test_rebalanced_stock_saves_and_splits_less() -> None:
    """The same units in places where orders come from: cheaper beyond both gaps, fewer splits, sooner there."""
    base, moved = solved("baseline"), solved("rebalanced_stock")
    assert least_fall("rebalanced_stock") > 1000 * MICROS
    assert num_splits(moved) < 0.75 * num_splits(base)
    assert mean_days(moved) < mean_days(base)


def test_a_faster_promise_costs_more_and_is_harder_to_keep() -> None:
    """Any plan costs at least what it costs under the old promises; packages arrive sooner, and more are late."""
    base, faster = solved("baseline"), solved("faster_promise")
    assert costs_of("baseline", faster.plan) < faster.objective
    assert least_rise("faster_promise") > 0
    assert late_packages(faster) > 2 * late_packages(base)
    assert mean_days(faster) < mean_days(base)


def test_dearer_splits_are_fewer() -> None:
    """At 3.50 more a split: the least cost rises, and the two plans' splits differ as two best plans' must, but for
    the gaps."""
    base, fewer = solved("baseline"), solved("fewer_splits")
    rise = round(3.5 * MICROS)
    assert costs_of("fewer_splits", base.plan) == base.objective + rise * num_splits(base)
    assert costs_of("baseline", fewer.plan) == fewer.objective - rise * num_splits(fewer)
    assert least_rise("fewer_splits") > 0
    # objective(base) <= other plan + gap, and the same the other way round: the splits can only be fewer but for gaps
    gaps = base.objective - bound("baseline") + fewer.objective - bound("fewer_splits")
    assert rise * (num_splits(fewer) - num_splits(base)) <= gaps
    assert num_splits(fewer) < 0.9 * num_splits(base)
    assert len(fewer.plan) < len(base.plan)


def test_a_strike_costs_more_and_is_late() -> None:
    """Ground only: every such plan is one of the baseline; what was to fly is late or left."""
    base, strike = solved("baseline"), solved("carrier_strike")
    services = strike.problem.services.service_id[strike.plan.service_idx]
    assert set(services.tolist()) == {"ground"}
    assert set(base.problem.services.service_id[base.plan.service_idx].tolist()) > {"ground"}
    assert costs_of("baseline", strike.plan) == strike.objective
    assert least_rise("carrier_strike") > 100 * MICROS
    assert late_packages(strike) > 2 * late_packages(base)


def test_all_eight_questions_are_there() -> None:
    """By their names, each with a note."""
    assert set(ASKED) | {"baseline", "peak_capacity"} == set(pack().scenario_names)
    assert all(pack().scenario_steps(name).note for name in ASKED)


def mean_days(result: Result) -> float:
    assert result.report.packages is not None
    return float(result.report.packages.deliver_day.mean())
