"""Prices of stock from a forecast: worked by hand, and what of a pack goes into the look-ahead."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import splitship as ss
from cases.scene import Scene
from splitship.domain import Problem
from splitship.errors import PackError, UsageError
from splitship.packs import Pack
from splitship.planning import ForecastPrices, margins, pricing, stock_prices_csv
from splitship.planning.look_ahead import join_forecast
from splitship.run.solve import solve
from splitship.units import US_PER_DAY, day_number

TODAY, TOMORROW, LATER = "2026-11-27", "2026-11-28", "2026-11-30"
NEAR, FAR = "1", "2"


def two_places(today: str, tomorrow: str, units: int = 1) -> Scene:
    """A has some units, B enough. From B a package of today's place costs `today`, of tomorrow's `tomorrow`; else 5.00.

    One order today, one unit expected tomorrow.
    """
    scene = Scene()
    scene.node("A", stock={"K": units}, lane=False)
    scene.node("B", stock={"K": 9}, lane=False)
    for place, price in (("1", today), ("3", tomorrow)):
        scene.rate("G", f"B{place}", 10, price)
        scene.lane("G", "A", NEAR, to=place)
        scene.lane("G", "B", f"B{place}", to=place)
    scene.order("O1", {"K": 1})
    expect(scene)
    return scene


def expect(scene: Scene, quantity: int = 1, **columns: Any) -> None:
    """Units of K expected tomorrow at place 3."""
    row = {"sku_id": "K", "country": "US", "postal_code": "30001", "quantity": quantity, "placed_on": TOMORROW}
    scene.tables.setdefault("forecast", []).append(row | columns)


def problem_of(scene: Scene, **tables: list[dict[str, Any]]) -> Problem:
    return Pack.from_tables(scene.tables | tables, settings=scene.settings).problem()


def priced(scene: Scene, **options: Any) -> ForecastPrices:
    return ss.forecast_prices(problem_of(scene), gap=0.0, time_limit_s=None, work_limit=2.0, **options)


def rows_of(found: ForecastPrices) -> list[dict[str, Any]]:
    """The new table as rows."""
    head, *lines = stock_prices_csv(found.problem, found.stock_prices).decode().splitlines()
    return [dict(zip(head.split(","), line.split(","), strict=True)) for line in lines]


def shipped_from(problem: Problem) -> list[str]:
    """The nodes from which the batch ships, by order."""
    plan = ss.solve(problem, gap=0.0, time_limit_s=None, work_limit=2.0).plan
    return [str(problem.nodes.node_id[node]) for node in plan.node_idx]


def test_unit_that_is_worth_more_tomorrow_is_left() -> None:
    """Today saves 2.00 at A, tomorrow 5.00: the unit costs 5.00, and today's order goes to B; without it, to A."""
    scene = two_places(today="7.00", tomorrow="10.00")
    found = priced(scene)
    assert rows_of(found) == [{"node_id": "A", "sku_id": "K", "price_per_unit": "5"}]
    assert found.num_expected == 1
    assert found.look_ahead.objective == 12_000_000  # 7.00 from B, 5.00 from A
    assert shipped_from(problem_of(scene)) == ["A"]
    assert shipped_from(problem_of(scene, stock_prices=rows_of(found))) == ["B"]


def test_unit_that_is_worth_more_today_is_taken() -> None:
    """Today saves 5.00 at A, tomorrow 2.00: the price is what tomorrow would pay, and today pays it."""
    scene = two_places(today="10.00", tomorrow="7.00")
    found = priced(scene)
    assert rows_of(found) == [{"node_id": "A", "sku_id": "K", "price_per_unit": "2"}]
    assert shipped_from(problem_of(scene, stock_prices=rows_of(found))) == ["A"]


def test_units_for_all_cost_nothing() -> None:
    """Two units at A for two orders: positions without a price are left out."""
    found = priced(two_places(today="7.00", tomorrow="10.00", units=2))
    assert rows_of(found) == []
    assert stock_prices_csv(found.problem, found.stock_prices) == b"node_id,sku_id,price_per_unit\n"


def test_unit_that_is_worth_the_same_goes_today() -> None:
    """Both save 3.00: today's order takes the unit, for tomorrow's may not come."""
    scene = two_places(today="8.00", tomorrow="8.00")
    found = priced(scene)
    (row,) = rows_of(found)
    assert Decimal("2.99") < Decimal(row["price_per_unit"]) < 3
    assert shipped_from(problem_of(scene, stock_prices=[row])) == ["A"]


def test_like_orders_do_what_most_of_them_should() -> None:
    """Four orders of 3.00 each for three units, of which two are expected to be worth 9.00: one may have one, so none.

    Four units are there more than the forecast wants: then all may.
    """
    for units, expected in ((3, ["B"] * 4), (6, ["A"] * 4)):
        scene = two_places(today="8.00", tomorrow="14.00", units=units)
        scene.tables["forecast"][0]["quantity"] = 2
        for number in range(2, 5):
            scene.order(f"O{number}", {"K": 1})
        found = priced(scene)
        assert shipped_from(problem_of(scene, stock_prices=rows_of(found))) == expected


def test_unit_that_arrives_in_time_for_tomorrow_takes_the_price_away() -> None:
    """Tomorrow's order starts tomorrow, when another unit is there; today's order cannot wait for it."""
    scene = two_places(today="7.00", tomorrow="10.00")
    scene.inbound("A", "K", TOMORROW, 1)
    assert rows_of(priced(scene)) == []
    scene.tables["inbound"][0]["available_on"] = LATER
    assert rows_of(priced(scene)) == [{"node_id": "A", "sku_id": "K", "price_per_unit": "5"}]


def test_prices_that_are_there_are_added_to() -> None:
    """Whoever takes the unit at A earns the reward of 1.00, so 6.00 is added and 5.00 left; other prices stay."""
    scene = two_places(today="7.00", tomorrow="10.00")
    scene.stock_price("A", "K", "-1.00")
    scene.stock_price("B", "T", "0.25")
    scene.stock_price("B", "K", "0")
    found = priced(scene)
    expected = [
        {"node_id": "A", "sku_id": "K", "price_per_unit": "5"},
        {"node_id": "B", "sku_id": "T", "price_per_unit": "0.25"},
    ]
    assert rows_of(found) == expected
    assert found.added.tolist() == [6_000_000, 0]
    scene.tables["stock_prices"] = rows_of(found)
    again = priced(scene)
    assert rows_of(again) == expected
    assert again.added.tolist() == [0, 0]


def test_horizon_leaves_out_later_days() -> None:
    """Tomorrow is one day after; with none but today there is nothing to look at."""
    scene = two_places(today="7.00", tomorrow="10.00")
    expect(scene, 3, placed_on=LATER)
    assert [priced(scene, horizon_days=days).num_expected for days in (1, 2, 3)] == [1, 1, 4]
    with pytest.raises(UsageError, match="nothing for the first 0 days"):
        priced(scene, horizon_days=0)
    with pytest.raises(UsageError, match="at least 0"):
        priced(scene, horizon_days=-1)


def test_problem_without_a_forecast_is_told() -> None:
    scene = two_places(today="7.00", tomorrow="10.00")
    del scene.tables["forecast"]
    with pytest.raises(UsageError, match="there is no forecast"):
        priced(scene)


def test_expected_orders_start_on_their_own_day() -> None:
    """At midnight by the clock of as_of; one line of one unit each, with its own cost or the objective's."""
    scene = two_places(today="7.00", tomorrow="10.00")
    scene.as_of = "2026-11-27T09:00:00-05:00"
    scene.tables["orders"][0]["placed_at"] = "2026-11-27T08:00:00-05:00"
    expect(scene, 2, placed_on=LATER, unfilled_cost="7.5")
    given = problem_of(scene)
    ahead = join_forecast(given)
    orders, lines = ahead.problem.orders, ahead.problem.lines
    assert ahead.group.tolist() == [0, 1, 2, 2]
    midnight = [(placed - 5 * 3_600 * 10**6) / US_PER_DAY for placed in orders.placed_at_us[1:].tolist()]
    assert midnight == [day_number(TOMORROW), *[day_number(LATER)] * 2]
    assert lines.quantity.tolist() == [1, 1, 1, 1]
    assert lines.has_unfilled_cost.tolist() == [False, False, True, True]
    assert lines.unfilled_cost.micros[2:].tolist() == [7_500_000] * 2
    assert ahead.problem.input_hash != given.input_hash
    assert ahead.last_day == day_number(LATER)


def test_forecast_changes_no_plan() -> None:
    """Solved with the table and without: the same plan and cost, another input."""
    scene = two_places(today="7.00", tomorrow="10.00")
    with_it = problem_of(scene)
    without = problem_of(scene, forecast=[])
    assert with_it.input_hash != without.input_hash
    first, second = (ss.solve(problem, gap=0.0) for problem in (with_it, without))
    assert first.objective == second.objective
    assert np.array_equal(first.plan.node_idx, second.plan.node_idx)


def test_forecast_needs_coordinates_where_distance_is_limited() -> None:
    scene = two_places(today="7.00", tomorrow="10.00")
    scene.limits["max_distance_km"] = 5_000
    for name in ("nodes", "orders"):
        for row in scene.tables[name]:
            row |= {"latitude": "40", "longitude": "-80"}
    with pytest.raises(PackError) as caught:
        problem_of(scene)
    assert [(finding.where, finding.code) for finding in caught.value.findings if finding.severity == "error"] == [
        ("forecast[0].latitude", "E406")
    ]
    scene.tables["forecast"][0] |= {"latitude": "41", "longitude": "-81"}
    assert rows_of(priced(scene))


def test_prices_of_a_part_of_the_batch() -> None:
    """Only some orders of a batch, as the command's --orders has it: the others are not there."""
    from splitship.run.part_of_batch import take_orders

    scene = two_places(today="7.00", tomorrow="4.00", units=1)
    scene.order("O2", {"K": 1}, postal_code="30001")
    scene.tables["forecast"] = []
    expect(scene, postal_code="10001")
    part = take_orders(problem_of(scene), ["O2"], "--orders")
    found = ss.forecast_prices(part, gap=0.0, time_limit_s=None, work_limit=2.0)
    assert found.num_expected == 1
    assert len(found.look_ahead.problem.orders) == 2


def test_options_of_another_method_are_refused() -> None:
    problem = problem_of(two_places(today="7.00", tomorrow="10.00"))
    options = dataclasses.replace(ss.read_pack("scenarios/hello").options(), method="mip")
    with pytest.raises(UsageError, match="order-plans"):
        ss.forecast_prices(problem, options)


def test_batch_that_is_too_large_keeps_prices_of_the_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any price from 2.00 to 5.00 proves the bound; at an end of it the tie is broken for what the joint plan does."""
    monkeypatch.setattr(margins, "_MAX_GROUPS", 0)
    for today, tomorrow, node in (("7.00", "10.00", "B"), ("10.00", "7.00", "A")):
        scene = two_places(today, tomorrow)
        found = priced(scene)
        assert not found.is_settled
        (row,) = rows_of(found)
        assert Decimal("1.99") < Decimal(row["price_per_unit"]) < Decimal("5.01")
        assert shipped_from(problem_of(scene, stock_prices=[row])) == [node]


def test_without_prices_for_all_plans_they_are_found_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer whose certificate is in leaves, or that has none."""

    def without_certificate(*given: Any, **options: Any) -> Any:
        return dataclasses.replace(solve(*given, **options), certificate=None)

    monkeypatch.setattr(pricing, "solve", without_certificate)
    assert rows_of(priced(two_places("7.00", "10.00"))) == [{"node_id": "A", "sku_id": "K", "price_per_unit": "5"}]
    monkeypatch.setattr(margins, "_MAX_GROUPS", 0)
    found = priced(two_places("7.00", "10.00"))
    assert Decimal("1.9") < Decimal(rows_of(found)[0]["price_per_unit"]) < Decimal("5.1")


def test_prices_do_not_depend_on_the_sequence_of_the_forecast() -> None:
    """Rows backwards: the same table of prices, and the same again."""
    scene = two_places("7.00", "10.00")
    expect(scene, 2, placed_on=LATER)
    tables = []
    for _ in range(2):
        tables.append(rows_of(priced(scene)))
        scene.tables["forecast"].reverse()
    assert tables[0] == tables[1]
