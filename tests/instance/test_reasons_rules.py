"""Reasons that rules give: what they forbid, the limits they set, the quotas they fill."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cases.scene import Scene
from oracles.generate import build
from splitship.domain import Plan, Problem, Reason
from splitship.instance.eligibility import too_far
from splitship.instance.order_test import order_options
from splitship.instance.reasons import POSSIBLE, line_reasons, unavoidable_unfilled_cost, unfilled_lines
from splitship.units import MICROS, day_number

FRIDAY = day_number("2026-11-27")


def scene(**columns: Any) -> Scene:
    """One node `CHI` with five K and a service `G`, and one order of one K."""
    found = Scene()
    found.node("CHI", stock={"K": 5}, **columns)
    found.order("O1", {"K": 1})
    return found


def problem_of(drawn: Scene, *rules: dict[str, Any]) -> Problem:
    named = [{"name": f"r{at}", **rule} for at, rule in enumerate(rules)]
    return build((drawn.tables, drawn.settings | {"rules": named}))


def reason_of(problem: Problem, plan: Plan | None = None) -> tuple[Reason, str]:
    unfilled = unfilled_lines(problem, Plan.empty() if plan is None else plan)
    return unfilled.reason[0], unfilled.detail[0]


def plan_of(*packages: tuple[int, int, int]) -> Plan:
    """Packages of (order, line, ship day), one unit each, from the first node by the first service."""
    order, line, day = np.array(packages, np.int64).T
    none, one = np.zeros_like(order), np.ones_like(order)
    return Plan(order, none, none, day, np.arange(len(order)), line, one)


def test_a_forbidding_rule_is_named() -> None:
    """It stops the only way, so nothing of the cost can be avoided."""
    problem = problem_of(scene(), {"where": {"node": {"node_id": "CHI"}, "sku": {"sku_id": "K"}}, "forbid": True})
    assert reason_of(problem) == (Reason.RULE, "CHI: the rule 'r0' forbids it by G")
    assert unavoidable_unfilled_cost(problem) == 20 * MICROS


def test_a_rule_about_another_line_order_node_or_service_stops_nothing() -> None:
    """All parts of a rule must be met."""
    for part in ({"sku": {"sku_id": "T"}}, {"order": {"order_id": "O2"}}, {"service": {"service_id": "F"}}):
        assert line_reasons(problem_of(scene(), {"where": part, "forbid": True}), np.arange(1)).min() == POSSIBLE


def test_a_quota_of_no_packages_forbids() -> None:
    """It is the same as a rule that forbids, and says so in its own words."""
    problem = problem_of(scene(), {"quota": {"packages": 0}})
    assert reason_of(problem) == (Reason.RULE, "CHI: the rule 'r0' allows no package by G")


@pytest.mark.parametrize(
    ("dates", "is_stopped"),
    [
        ({"until": "2026-11-26"}, False),
        ({"from": "2026-11-27", "until": "2026-11-28"}, True),
        ({"from": "2026-11-27", "until": "2026-11-27"}, False),
        ({"from": "2026-11-28"}, False),
    ],
)
def test_a_rule_with_dates_stops_only_when_it_covers_all_ship_days(dates: dict[str, str], is_stopped: bool) -> None:
    """The order can ship on the 27th and the 28th."""
    drawn = scene()
    drawn.limits["horizon_days"] = 1
    problem = problem_of(drawn, {"forbid": True, **dates})
    stage = line_reasons(problem, np.arange(1))
    assert bool(stage.max() < POSSIBLE) is is_stopped
    expected = Reason.RULE if is_stopped else Reason.COSTLIER_THAN_UNFILLED
    assert reason_of(problem)[0] is expected
    assert unavoidable_unfilled_cost(problem) == (20 * MICROS if is_stopped else 0)


def test_several_rules_together_cover_the_ship_days() -> None:
    """One forbids the first day, the other all later ones."""
    drawn = scene()
    drawn.limits["horizon_days"] = 2
    rules = {"forbid": True, "until": "2026-11-27"}, {"forbid": True, "from": "2026-11-28"}
    assert reason_of(problem_of(drawn, *rules)) == (Reason.RULE, "CHI: the rule 'r0' forbids it by G")
    assert line_reasons(problem_of(drawn, rules[1]), np.arange(1)).min() == POSSIBLE


def test_stages_before_a_rule_are_told_first_and_those_after_it_later() -> None:
    """A closed node is closed, whatever rules say; a rule stands before a node that is too far."""
    rule = {"forbid": True}
    assert reason_of(problem_of(scene(open="false"), rule))[0] is Reason.NODE_CLOSED
    drawn = Scene()
    drawn.node("CHI", stock={"K": 5}, latitude="45", longitude="-75")
    drawn.order("O1", {"K": 1}, latitude="40", longitude="-75")
    far = {"set": {"max_distance_km": 500.5}}
    assert reason_of(problem_of(drawn, rule, far))[0] is Reason.RULE
    assert reason_of(problem_of(drawn, far)) == (Reason.TOO_FAR, "CHI: 556 km away, limit 500.5")
    assert too_far(problem_of(drawn, far)).tolist() == [[True]]


def test_limits_of_rules_hold_for_their_orders_only() -> None:
    """O1 may travel three days at most, O2 as long as it likes."""
    drawn = scene(lane=False)
    drawn.lane("G", "CHI", transit=4)
    drawn.order("O2", {"K": 1})
    problem = problem_of(drawn, {"where": {"order": {"order_id": "O1"}}, "set": {"max_transit_days": 3}})
    unfilled = unfilled_lines(problem, Plan.empty())
    assert unfilled.reason == (Reason.TOO_LATE, Reason.COSTLIER_THAN_UNFILLED)
    assert unfilled.detail[0] == "CHI: 4 transit days by G, limit 3"


@pytest.mark.parametrize(("per", "when"), [("day", "on 2026-11-27"), ("batch", "in the batch")])
def test_a_used_up_quota_is_a_lack_of_capacity(per: str, when: str) -> None:
    """O1 and O2 have the two packages that the rule allows."""
    drawn = scene()
    drawn.order("O2", {"K": 1})
    drawn.order("O3", {"K": 1})
    problem = problem_of(drawn, {"quota": {"packages": 2, "per": per}})
    plan = plan_of((0, 0, FRIDAY), (1, 1, FRIDAY))
    expected = f"CHI: 2 of 2 packages of the rule 'r0' used {when}"
    assert reason_of(problem, plan) == (Reason.CAPACITY, expected)
    assert reason_of(problem, plan_of((0, 0, FRIDAY)))[0] is Reason.COSTLIER_THAN_UNFILLED


def test_a_quota_counts_by_day_or_not() -> None:
    """With a horizon the next day has room, unless the quota is of the batch or both days are full."""
    drawn = scene()
    drawn.limits["horizon_days"] = 1
    drawn.order("O2", {"K": 1})
    drawn.order("O3", {"K": 1})
    day, batch = ({"quota": {"packages": 1, "per": per}} for per in ("day", "batch"))
    one, two = plan_of((0, 0, FRIDAY)), plan_of((0, 0, FRIDAY), (1, 1, FRIDAY + 1))
    assert reason_of(problem_of(drawn, day), one)[0] is Reason.COSTLIER_THAN_UNFILLED
    assert reason_of(problem_of(drawn, day), two)[0] is Reason.CAPACITY
    assert reason_of(problem_of(drawn, batch), one)[0] is Reason.CAPACITY


def test_a_line_joins_a_package_that_is_counted_already() -> None:
    """T needs no other package of the rule; a rule about T alone would count the package for the first time."""
    drawn = Scene()
    drawn.node("CHI", stock={"K": 5, "T": 1})
    drawn.order("O1", {"K": 1, "T": 1})
    drawn.order("O2", {"T": 1})
    plan = plan_of((0, 0, FRIDAY))
    drawn.tables["stock"][1]["on_hand"] = 9
    assert reason_of(problem_of(drawn, {"quota": {"packages": 1}}), plan)[0] is Reason.COSTLIER_THAN_UNFILLED
    only_t = {"where": {"sku": {"sku_id": "T"}}, "quota": {"packages": 1}}
    plan = plan_of((0, 0, FRIDAY), (1, 2, FRIDAY))
    assert reason_of(problem_of(drawn, only_t), plan)[0] is Reason.CAPACITY


def test_a_line_does_not_join_a_package_on_a_day_on_which_it_is_forbidden() -> None:
    """K ships on Friday, when T must not; the order has no other package."""
    drawn = Scene()
    drawn.limits["horizon_days"] = 1
    drawn.node("CHI", stock={"K": 5, "T": 1})
    drawn.order("O1", {"K": 1, "T": 1}, max_packages=1)
    rule = {"where": {"sku": {"sku_id": "T"}}, "forbid": True, "until": "2026-11-27"}
    assert reason_of(problem_of(drawn, rule), plan_of((0, 0, FRIDAY)))[0] is Reason.MAX_PACKAGES
    assert reason_of(problem_of(drawn), plan_of((0, 0, FRIDAY)))[0] is Reason.COSTLIER_THAN_UNFILLED


def test_more_than_64_rules_are_told_apart() -> None:
    """The last of 130 rules forbids, the others are about another order."""
    rules = [{"where": {"order": {"order_id": "O9"}}, "forbid": True}] * 129
    assert reason_of(problem_of(scene(), *rules, {"forbid": True})) == (
        Reason.RULE,
        "CHI: the rule 'r129' forbids it by G",
    )
    assert line_reasons(problem_of(scene(), *rules), np.arange(1)).min() == POSSIBLE


def test_options_of_one_order_have_prices_of_rules_and_surcharges() -> None:
    """A unit of K: 5.00 by card and 1.50 more, rules 0.25 + 2.00; from NYC there is no price but a rule forbids it."""
    drawn = scene()
    drawn.node("NYC", stock={"K": 5})
    drawn.tables["surcharges"] = [{"name": "fuel", "per_package": "1.5", "node.node_id": "CHI"}]
    rules = (
        {"where": {"node": {"node_id": "CHI"}}, "price": {"per_unit": 0.25, "per_package": 2}},
        {"where": {"node": {"node_id": "NYC"}}, "forbid": True},
    )
    plain, *_ = order_options(problem_of(scene()), 0)
    chicago, new_york = order_options(problem_of(drawn, *rules), 0)
    assert plain.costs is not None
    assert chicago.costs is not None
    assert chicago.costs.shipping == plain.costs.shipping + 1_500_000
    assert chicago.costs.rules == 2_250_000
    assert chicago.costs.total == plain.costs.total + 3_750_000
    assert [(obstacle.reason, obstacle.detail) for obstacle in new_york.obstacles] == [
        (Reason.RULE, "NYC: the rule 'r1' forbids it by G")
    ]


def test_options_of_one_order_name_rules_of_their_day_and_quotas_too_small() -> None:
    """The option is the first ship day's; two ship-alone lines are two packages."""
    drawn = scene()
    drawn.limits["horizon_days"] = 1
    (option,) = order_options(problem_of(drawn, {"forbid": True, "until": "2026-11-27"}), 0)
    assert [(obstacle.reason, obstacle.detail) for obstacle in option.obstacles] == [
        (Reason.RULE, "CHI: the rule 'r0' forbids it on 2026-11-27")
    ]
    drawn = Scene()
    drawn.sku("K", ship_alone="true")
    drawn.sku("T", ship_alone="true")
    drawn.node("CHI", stock={"K": 1, "T": 1})
    drawn.order("O1", {"K": 1, "T": 1})
    (option,) = order_options(problem_of(drawn, {"quota": {"packages": 1, "per": "batch"}}), 0)
    assert [(obstacle.reason, obstacle.detail) for obstacle in option.obstacles] == [
        (Reason.CAPACITY, "CHI: the rule 'r0' allows 1 packages, 2 needed")
    ]


def test_a_soft_quota_is_no_capacity_and_costs_beyond_it() -> None:
    """What is beyond it could still ship; an option for one order pays for its own packages beyond."""
    rule = {"quota": {"packages": 1, "price_over": "1.5"}}
    drawn = scene()
    drawn.order("O2", {"K": 1})
    problem = problem_of(drawn, rule)
    assert reason_of(problem, plan_of((0, 0, FRIDAY)))[0] is Reason.COSTLIER_THAN_UNFILLED
    (option,) = order_options(problem, 0)
    assert option.costs is not None
    assert (option.costs.soft, option.num_packages) == (0, 1)
    alone = scene()
    alone.sku("T", ship_alone="true")
    alone.tables["stock"].append({"node_id": "CHI", "sku_id": "T", "on_hand": 2})
    alone.order("O2", {"K": 1, "T": 1})
    (option,) = order_options(problem_of(alone, rule), 1)
    assert option.costs is not None
    assert (option.costs.soft, option.num_packages) == (1_500_000, 2)
