"""Reasons when stock arrives: what is there in time, what is too late, what a plan has used up by a day."""

from __future__ import annotations

from typing import Any

import numpy as np

from cases.scene import Scene
from oracles.generate import build
from splitship.domain import Plan, Problem, Reason
from splitship.instance.order_test import order_options
from splitship.instance.reasons import unavoidable_unfilled_cost, unfilled_lines
from splitship.instance.stock_by_day import StockByDay, late_arrivals
from splitship.units import MICROS, day_number

FRIDAY = day_number("2026-11-27")
SATURDAY = FRIDAY + 1


def problem_of(
    on_hand: int, *arrivals: tuple[str, int], orders: int = 1, units: int = 1, days: int = 1, **more: Any
) -> Problem:
    """A node `CHI` with K, arrivals of it as (date, units), and orders of some K that may ship for `days` more days."""
    scene = Scene()
    scene.node("CHI", stock={"K": on_hand} if on_hand >= 0 else {})
    if on_hand < 0:
        scene.node("ATL", stock={"K": 0})
    for number in range(orders):
        scene.order(f"O{number + 1}", {"K": units})
    scene.tables["inbound"] = [
        {"node_id": "CHI", "sku_id": "K", "available_on": date, "quantity": count} for date, count in arrivals
    ]
    limits = {**scene.settings.get("limits", {}), "horizon_days": days, **more}
    return build((scene.tables, scene.settings | {"limits": limits}))


def reason_of(problem: Problem, plan: Plan | None = None) -> tuple[Reason, str]:
    unfilled = unfilled_lines(problem, Plan.empty() if plan is None else plan)
    return unfilled.reason[0], unfilled.detail[0]


def plan_of(*packages: tuple[int, int, int]) -> Plan:
    """Packages of (order, line, ship day), one unit each, from the first node by the first service."""
    order, line, day = np.array(packages, np.int64).T
    none, one = np.zeros_like(order), np.ones_like(order)
    return Plan(order, none, none, day, np.arange(len(order)), line, one)


def test_what_arrives_in_time_can_ship() -> None:
    problem = problem_of(0, ("2026-11-28", 1))
    assert reason_of(problem)[0] is Reason.COSTLIER_THAN_UNFILLED
    assert unavoidable_unfilled_cost(problem) == 0


def test_what_arrives_too_late_is_named() -> None:
    problem = problem_of(0, ("2026-12-01", 3), ("2026-12-05", 2))
    reason, detail = reason_of(problem)
    assert reason is Reason.NO_STOCK
    text = "CHI: 0 available, 1 needed; 5 more from 2026-12-01 are too late, its last ship day is 2026-11-28"
    assert detail == text
    assert unavoidable_unfilled_cost(problem) == 20 * MICROS


def test_a_node_that_only_gets_stock_carries_it() -> None:
    assert reason_of(problem_of(-1, ("2026-11-28", 1)))[0] is Reason.COSTLIER_THAN_UNFILLED
    assert reason_of(problem_of(-1, ("2026-12-28", 1)))[0] is Reason.NO_STOCK


def test_stock_over_time_that_is_used_up_is_no_stock() -> None:
    """One unit on Friday, one more on Saturday: two orders that ship on Saturday leave none for Friday either."""
    problem = problem_of(1, ("2026-11-28", 1), orders=3)
    plan = plan_of((0, 0, SATURDAY), (1, 1, SATURDAY))
    assert reason_of(problem, plan) == (Reason.NO_STOCK, "CHI: 0 of 2 available left, 1 needed")
    assert reason_of(problem, plan_of((0, 0, FRIDAY)))[0] is Reason.COSTLIER_THAN_UNFILLED


def test_capacity_on_the_days_with_stock_is_capacity() -> None:
    """Stock comes on Saturday, whose capacity is used up; Friday has room and no stock."""
    problem = problem_of(0, ("2026-11-28", 5), orders=2)
    problem.nodes.max_packages_per_day[:] = 1
    assert reason_of(problem, plan_of((0, 0, SATURDAY)))[0] is Reason.CAPACITY


def test_all_arrivals_count_as_stock_that_may_ship() -> None:
    """Five are asked for, three are there or come in time: two cannot ship whatever a plan does."""
    problem = problem_of(1, ("2026-11-28", 2), orders=5)
    assert unavoidable_unfilled_cost(problem) == 40 * MICROS
    assert unavoidable_unfilled_cost(problem_of(1, ("2026-11-28", 4), orders=5)) == 0


def test_options_ship_once_all_is_there() -> None:
    (option,) = order_options(problem_of(1, ("2026-11-28", 1), units=2), 0)
    assert (option.ship_day, option.is_possible) == (SATURDAY, True)
    (option,) = order_options(problem_of(2, ("2026-11-28", 1), units=2), 0)
    assert (option.ship_day, option.is_possible) == (FRIDAY, True)
    (option,) = order_options(problem_of(1, ("2026-12-28", 1), units=2), 0)
    assert (option.ship_day, option.is_possible, option.obstacles[0].reason) == (FRIDAY, False, Reason.NO_STOCK)
    assert "too late" in option.obstacles[0].detail


def test_units_left_by_day_by_trying() -> None:
    """One more unit on a day fits exactly when no later total passes what has arrived by then."""
    rng = np.random.default_rng(5)
    dates = ["2026-11-27", "2026-11-28", "2026-11-30", "2026-12-02"]
    for _ in range(30):
        arrivals = [(date, int(rng.integers(1, 4))) for date in dates if rng.random() < 0.6]
        problem = problem_of(int(rng.integers(0, 4)), *arrivals)
        days = rng.integers(FRIDAY - 2, FRIDAY + 8, 3)
        units = rng.integers(0, 3, 3)
        stock = StockByDay.of(problem, np.zeros(3, np.int64), days, units)
        at_once = int(problem.stock.available[0])
        dated = [(day_number(date), count) for date, count in arrivals]
        over = {
            until: at_once + sum(count for day, count in dated if day <= until) - int(units[days <= until].sum())
            for until in range(FRIDAY - 5, FRIDAY + 12)
        }
        for day in range(FRIDAY - 5, FRIDAY + 10):
            expected = min(over[until] for until in range(day, FRIDAY + 12))
            found = int(stock.left(np.zeros(1, np.int64), np.array([day]))[0])
            assert found == (expected if arrivals else at_once - int(units.sum()))
        late = sum(count for date, count in arrivals if day_number(date) > FRIDAY)
        zero = np.zeros(1, np.int64)
        assert int(late_arrivals(problem, zero, zero, np.array([FRIDAY]))[0][0]) == late
