"""Every reason once, on a scene in which it is the only thing that stops a unit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cases.scene import Scene
from oracles.generate import build
from splitship.check import check_plan
from splitship.domain import Plan, Problem, Reason
from splitship.instance import compile_problem
from splitship.instance.reasons import POSSIBLE, STAGES, line_reasons, unavoidable_unfilled_cost, unfilled_lines
from splitship.policies import route
from splitship.units import MICROS


def plain(**columns: object) -> Scene:
    """One node `CHI` with five K and a service `G`, no orders yet."""
    scene = Scene()
    scene.node("CHI", stock={"K": 5}, **columns)
    return scene


def not_carried() -> Scene:
    scene = plain()
    scene.order("O1", {"T": 1})
    return scene


def excluded() -> Scene:
    scene = plain()
    scene.order("O1", {"K": 1}, excluded_nodes="CHI")
    return scene


def closed() -> Scene:
    scene = plain(open="false")
    scene.order("O1", {"K": 1})
    return scene


def too_far() -> Scene:
    # five degrees of latitude are 5 / 360 of the earth's girth of 40,030 km: 556 km
    scene = plain(latitude="45", longitude="-75")
    scene.limits["max_distance_km"] = "500"
    scene.order("O1", {"K": 1}, latitude="40", longitude="-75")
    return scene


def not_offered() -> Scene:
    scene = plain()
    scene.node("NYC", lane=False)
    scene.offer("NYC", "G")
    scene.order("O1", {"K": 1})
    return scene


def no_lane() -> Scene:
    scene = plain(lane=False)
    scene.lane("G", "CHI", to="2")
    scene.order("O1", {"K": 1})
    return scene


def no_rate() -> Scene:
    scene = plain(zone="9")
    scene.order("O1", {"K": 1})
    return scene


def no_ship_day() -> Scene:
    scene = plain(working_days="1111100")
    scene.service("G", ship_days="0000011")
    scene.order("O1", {"K": 1})
    return scene


def over_the_limit() -> Scene:
    scene = plain()
    scene.sku("K", "6")
    scene.service("G", max_weight_kg="5")
    scene.order("O1", {"K": 1})
    return scene


def beyond_the_card() -> Scene:
    # six units of 2 kg in one unsplittable line; the card ends at 10 kg
    scene = Scene()
    scene.sku("K", "2")
    scene.node("CHI", stock={"K": 9})
    scene.order("O1")
    scene.line("O1", "K", "K", 6, splittable="false")
    return scene


def too_late() -> Scene:
    scene = plain(lane=False)
    scene.lane("G", "CHI", transit=4)
    scene.limits["max_transit_days"] = 3
    scene.order("O1", {"K": 1})
    return scene


def none_available() -> Scene:
    scene = Scene()
    scene.node("CHI")
    scene.stock("CHI", "K", 4, reserved=3, safety_stock=2)
    scene.order("O1", {"K": 3})
    return scene


def too_few_for_a_whole_line() -> Scene:
    scene = Scene()
    scene.node("CHI", stock={"K": 2})
    scene.order("O1")
    scene.line("O1", "K", "K", 3, splittable="false")
    return scene


def no_packages_a_day() -> Scene:
    scene = plain(max_packages_per_day=0)
    scene.order("O1", {"K": 1})
    return scene


def costlier() -> Scene:
    scene = plain()
    scene.objective["unfilled_unit"] = "4.99"
    scene.order("O1", {"K": 1})
    return scene


@pytest.mark.parametrize(
    ("scene", "reason", "detail"),
    [
        (not_carried, Reason.NOT_CARRIED, "no node carries T"),
        (excluded, Reason.NODE_EXCLUDED, "CHI: excluded by the order"),
        (closed, Reason.NODE_CLOSED, "CHI: closed"),
        (too_far, Reason.TOO_FAR, "CHI: 556 km away, limit 500"),
        (not_offered, Reason.NO_SERVICE, "CHI: G is not offered"),
        (no_lane, Reason.NO_SERVICE, "CHI: G has no lane to US 10001"),
        (no_rate, Reason.NO_SERVICE, "CHI: G has no rate for zone 9"),
        (no_ship_day, Reason.NO_SERVICE, "CHI: G has no ship day on which the node works"),
        (over_the_limit, Reason.TOO_HEAVY, "CHI: 6 kg, G takes at most 5 kg"),
        (beyond_the_card, Reason.TOO_HEAVY, "CHI: 12 kg is billed beyond G's rates, up to 10 kg"),
        (too_late, Reason.TOO_LATE, "CHI: 4 transit days by G, limit 3"),
        (none_available, Reason.NO_STOCK, "CHI: 0 available, 3 needed"),
        (too_few_for_a_whole_line, Reason.NO_STOCK, "CHI: 2 available, 3 needed"),
        (no_packages_a_day, Reason.CAPACITY, "CHI: 0 of 0 packages used on 2026-11-27"),
        (costlier, Reason.COSTLIER_THAN_UNFILLED, None),
    ],
)
def test_reason_names_what_stops_the_unit(scene: Callable[[], Scene], reason: Reason, detail: str | None) -> None:
    """One thing is wrong, and it is the reason; nothing could have shipped, so all of the cost is unavoidable."""
    drawn = scene()
    problem = build((drawn.tables, drawn.settings))
    unfilled = unfilled_lines(problem, Plan.empty())
    assert unfilled.reason == (reason,)
    assert unfilled.quantity.tolist() == problem.lines.quantity.tolist()
    if detail is not None:
        assert unfilled.detail.tolist() == [detail]
    stage = line_reasons(problem, np.arange(1))
    if reason is Reason.COSTLIER_THAN_UNFILLED:
        assert stage.tolist() == [[[POSSIBLE]]]
        assert unavoidable_unfilled_cost(problem) == 0
    else:
        assert STAGES[stage.max()] is reason
        assert unavoidable_unfilled_cost(problem) == 20 * MICROS * int(problem.lines.quantity.sum())
        assert len(route(compile_problem(problem, 1), "per_order_optimal")) == 0


def test_the_first_stage_that_stops_a_unit_is_the_reason() -> None:
    """With every fault at once the stages appear in their order, one after the other, as faults are mended."""
    scene = Scene()
    scene.sku("K", "6")
    scene.service("G", max_weight_kg="5")
    scene.limits |= {"max_distance_km": "500", "max_transit_days": 3}
    scene.node("CHI", lane=False, open="false", latitude="45", longitude="-75", max_packages_per_day=0)
    scene.order("O1", {"K": 1}, latitude="40", longitude="-75", excluded_nodes="CHI")
    node, order = scene.tables["nodes"][0], scene.tables["orders"][0]
    mend: list[tuple[Reason, Callable[[], object]]] = [
        (Reason.NOT_CARRIED, lambda: scene.stock("CHI", "K", 0)),
        (Reason.NODE_EXCLUDED, lambda: order.pop("excluded_nodes")),
        (Reason.NODE_CLOSED, lambda: node.pop("open")),
        (Reason.TOO_FAR, lambda: scene.limits.pop("max_distance_km")),
        (Reason.NO_SERVICE, lambda: scene.lane("G", "CHI", transit=4)),
        (Reason.TOO_HEAVY, lambda: scene.service("G")),
        (Reason.TOO_LATE, lambda: scene.limits.pop("max_transit_days")),
        (Reason.NO_STOCK, lambda: scene.tables["stock"][0].update(on_hand=1)),
        (Reason.CAPACITY, lambda: node.pop("max_packages_per_day")),
    ]
    for reason, change in mend:
        assert unfilled_lines(build((scene.tables, scene.settings)), Plan.empty()).reason == (reason,)
        change()
    assert line_reasons(build((scene.tables, scene.settings)), np.arange(1)).tolist() == [[[POSSIBLE]]]


def unfilled_after(scene: Scene, policy: str) -> list[tuple[str, str, str]]:
    """Line, reason and detail of what a policy leaves."""
    problem: Problem = build((scene.tables, scene.settings))
    plan = route(compile_problem(problem, 1), policy)
    assert check_plan(problem, plan).violations == ()
    unfilled = unfilled_lines(problem, plan)
    ids = [
        f"{problem.orders.order_id[problem.lines.order_idx[line]]}.{problem.lines.line_id[line]}"
        for line in unfilled.line_idx
    ]
    return [
        (line, reason.value, detail)
        for line, reason, detail in zip(ids, unfilled.reason, unfilled.detail.tolist(), strict=True)
    ]


def test_stock_that_others_took_is_a_reason_of_the_plan() -> None:
    """O1 takes four of five; O2 needs three and gets one."""
    scene = plain()
    scene.order("O1", {"K": 4})
    scene.order("O2", {"K": 3})
    assert unfilled_after(scene, "priority") == [("O2.K", "NO_STOCK", "CHI: 0 of 5 available left, 2 needed")]


def test_the_furthest_node_counts_and_the_first_id_among_equals() -> None:
    """BOS is closed, CHI and ATL have lost their stock: ATL has the smaller id."""
    scene = plain()
    scene.node("BOS", stock={"K": 9}, open="false")
    scene.node("ATL", stock={"K": 1})
    scene.order("O1", {"K": 6})
    scene.order("O2", {"K": 1})
    assert unfilled_after(scene, "priority") == [("O2.K", "NO_STOCK", "ATL: 0 of 1 available left, 1 needed")]


@pytest.mark.parametrize(
    ("columns", "detail"),
    [
        ({"max_packages_per_day": 1}, "CHI: 1 of 1 packages used on 2026-11-27"),
        ({"max_units_per_day": 2}, "CHI: 2 of 2 units used on 2026-11-27, 1 needed at once"),
    ],
)
def test_a_used_up_day_is_a_reason(columns: dict[str, int], detail: str) -> None:
    """O1 takes what the node can ship that day, O2 finds stock but no capacity."""
    scene = plain(**columns)
    scene.order("O1", {"K": 2})
    scene.order("O2", {"K": 2})
    assert unfilled_after(scene, "priority") == [("O2.K", "CAPACITY", detail)]


def test_a_used_up_service_is_a_reason() -> None:
    """The node has room, its only service has not."""
    scene = plain()
    scene.offer("CHI", "G", max_packages_per_day=1)
    scene.order("O1", {"K": 2})
    scene.order("O2", {"K": 2})
    detail = "CHI: 1 of 1 packages by G used on 2026-11-27"
    assert unfilled_after(scene, "priority") == [("O2.K", "CAPACITY", detail)]


def test_a_later_day_with_room_is_no_lack_of_capacity() -> None:
    """With a horizon the unit could ship the day after, so the plan that leaves it does so by choice."""
    scene = plain(max_packages_per_day=1)
    scene.limits["horizon_days"] = 1
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})
    problem = build((scene.tables, scene.settings))
    plan = route(compile_problem(problem, 1), "priority")
    assert len(plan) == 2
    one = np.ones(1, np.int64)
    first = Plan(0 * one, plan.node_idx[:1], plan.service_idx[:1], plan.ship_day[:1], 0 * one, 0 * one, one)
    assert unfilled_lines(problem, first).reason == (Reason.COSTLIER_THAN_UNFILLED,)


def test_an_order_without_packages_left_says_so() -> None:
    """CHI takes the one package of the order; T would need another from NYC."""
    scene = plain()
    scene.node("NYC", stock={"T": 1})
    scene.order("O1", {"K": 1, "T": 1}, max_packages=1)
    detail = "the order has all its 1 packages; NYC has 1"
    assert unfilled_after(scene, "priority") == [("O1.T", "MAX_PACKAGES", detail)]


def test_a_line_that_could_join_a_package_is_not_stopped_by_limits_on_packages() -> None:
    """The order has its one package at CHI and CHI its one package of the day: T could still lie in it."""
    scene = plain(max_packages_per_day=1)
    scene.stock("CHI", "T", 1)
    scene.order("O1", {"K": 1, "T": 1}, max_packages=1)
    problem = build((scene.tables, scene.settings))
    whole = route(compile_problem(problem, 1), "priority")
    one = np.ones(1, np.int64)
    without_t = Plan(whole.order_idx, whole.node_idx, whole.service_idx, whole.ship_day, 0 * one, 0 * one, one)
    assert unfilled_lines(problem, without_t).reason == (Reason.COSTLIER_THAN_UNFILLED,)
    scene.sku("T", "9.5")  # 1 kg + 9.5 kg is more than the card's 10 kg
    problem = build((scene.tables, scene.settings))
    assert unfilled_lines(problem, without_t).reason == (Reason.CAPACITY,)
    scene.sku("T", "1", ship_alone="true")
    problem = build((scene.tables, scene.settings))
    assert unfilled_lines(problem, without_t).reason == (Reason.CAPACITY,)


def test_a_ship_complete_order_names_its_blocker() -> None:
    """All lines say SHIP_COMPLETE and name the line that got least far."""
    scene = plain()
    scene.order("O1", {"K": 1, "T": 1}, ship_complete="true")
    blocker = "line T: NOT_CARRIED, no node carries T"
    assert unfilled_after(scene, "priority") == [
        ("O1.K", "SHIP_COMPLETE", blocker),
        ("O1.T", "SHIP_COMPLETE", blocker),
    ]


def test_a_ship_complete_order_short_over_all_nodes_says_stock() -> None:
    """Each node has a unit for it, but all nodes together have five of the six."""
    scene = plain()
    scene.order("O1", {"K": 6}, ship_complete="true")
    detail = "line K: NO_STOCK, CHI has 5, all nodes together less than the 6 needed"
    assert unfilled_after(scene, "priority") == [("O1.K", "SHIP_COMPLETE", detail)]


def test_unavoidable_cost_counts_the_cheapest_units_beyond_the_stock() -> None:
    """Four units asked for, three there: at least the cheapest one, 2.00, stays unfilled; NYC's are out of reach."""
    scene = Scene()
    scene.node("CHI", stock={"K": 3})
    scene.node("NYC", stock={"K": 9}, lane=False)
    scene.order("O1", {})
    scene.line("O1", "L1", "K", 2, unfilled_cost="3.00")
    scene.order("O2", {})
    scene.line("O2", "L1", "K", 2, unfilled_cost="2.00")
    assert unavoidable_unfilled_cost(build((scene.tables, scene.settings))) == 2 * MICROS


def test_unavoidable_cost_counts_complete_orders_that_cannot_ship() -> None:
    """O1 has a line that nobody carries and ships complete: both lines are lost, and its K is there for O2."""
    scene = Scene()
    scene.node("CHI", stock={"K": 1})
    scene.order("O1", {"K": 1, "T": 1}, ship_complete="true")
    scene.order("O2", {"K": 1})
    problem = build((scene.tables, scene.settings))
    assert unavoidable_unfilled_cost(problem) == 40 * MICROS
    scene.tables["orders"][0]["ship_complete"] = "false"
    # without it: T is lost, and one of two K
    assert unavoidable_unfilled_cost(build((scene.tables, scene.settings))) == 40 * MICROS
    scene.stock("CHI", "T", 1)
    assert unavoidable_unfilled_cost(build((scene.tables, scene.settings))) == 20 * MICROS


def test_nothing_unfilled_has_no_reasons() -> None:
    """An empty batch, and one in which everything ships."""
    scene = plain()
    assert unfilled_lines(build((scene.tables, scene.settings)), Plan.empty()).reason == ()
    assert unavoidable_unfilled_cost(build((scene.tables, scene.settings))) == 0
    scene.order("O1", {"K": 5})
    assert unfilled_after(scene, "priority") == []
