"""What planners measure of an answer, by hand and held against plan documents."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from planning.answers import by_policy, value
from splitship.packs import read_pack
from splitship.packs.documents import plan_document
from splitship.planning import compare
from splitship.units import format_micros


def test_kpis_by_hand() -> None:
    """Six packages for five orders, one split; two promised, one late; a mug of eight units stays."""
    problem = read_pack("scenarios/hello").problem()
    comparison = compare(by_policy(problem, "nearest"), by_policy(problem))
    expected = {
        "objective": 87_500_000,
        "orders": 5,
        "orders.shipping": 5,
        "packages": 6,
        "packages.per_order": Fraction(6, 5),
        "orders.split": 1,
        "split_rate": Fraction(1, 5),
        "packages.promised": 2,
        "packages.late": 1,
        "on_time": Fraction(1, 2),
        "units": 8,
        "unfilled": 1,
        "unfilled.NO_STOCK": 1,
        "fill.units": Fraction(7, 8),
        "fill.value": Fraction(242, 254),
        "fill.orders": Fraction(4, 5),
        "stock.units": 1,
        "stock.value": 20_000_000,
        "cost_per_order": 15_300_000,  # 87.50 less 11.00 of unfilled cost, of five orders
        "cost_per_unit": 10_928_571,
        "violations": 0,
    }
    assert {key: value(comparison, key, 0) for key in expected} == expected
    row = next(row for row in comparison.rows if row.key == "on_time")
    assert (row.difference(1), row.percent(1)) == (Fraction(1, 2), 1.0)


def test_kpis_agree_with_the_plan_document() -> None:
    """The same numbers counted package by package, of an answer with pick-ups, kits and promises."""
    problem = read_pack("scenarios/omnichannel").problem()
    results = [by_policy(problem, "priority"), by_policy(problem, "fewest_splits")]
    comparison = compare(*results)
    for at, result in enumerate(results):
        document = plan_document(result)
        counts = document["counts"]
        named = {
            "packages": "packages",
            "orders.split": "split_orders",
            "packages.late": "late_packages",
            "unfilled": "unfilled_units",
            "units": "units",
        }
        for key, name in named.items():
            assert value(comparison, key, at) == counts[name], key
        assert {
            row.key.removeprefix("unfilled."): row.numbers[at]
            for row in comparison.rows if row.key.startswith("unfilled.") and row.numbers[at]
        } == document["unfilled_by_reason"]  # fmt: skip
        open_orders = {each["order_id"] for each in document["unfilled"]}
        assert value(comparison, "fill.orders", at) == Fraction(counts["orders"] - len(open_orders), counts["orders"])
        by_node: dict[str, list[int]] = {}
        for package in document["packages"]:
            counted = by_node.setdefault(package["node_id"], [0, 0])
            counted[0] += 1
            counted[1] += sum(line["quantity"] for line in package["lines"])
        for node, (packages, units) in by_node.items():
            assert value(comparison, f"packages.node:{node}", at) == packages
            assert value(comparison, f"units.node:{node}", at) == units
        spent = Decimal(document["objective"]) - Decimal(document["costs"]["unfilled"])
        shipped = len({each["order_id"] for each in document["packages"]})
        assert abs(Decimal(format_micros(value(comparison, "cost_per_order", at))) - spent / shipped) < Decimal("1e-6")


def test_days_are_counted_on_the_clock_of_the_node() -> None:
    """From the later of `as_of` and `placed_at`; 95 % of the packages are there within p95 days, not within fewer."""
    problem = read_pack("scenarios/us-retail").problem()
    result = by_policy(problem)
    placed = dict(zip(problem.orders.order_id.tolist(), problem.orders.placed_at_us.tolist(), strict=True))
    zones = dict(zip(problem.nodes.node_id.tolist(), problem.nodes.timezone.tolist(), strict=True))
    days = []
    for package in plan_document(result)["packages"]:
        start = max(problem.as_of, datetime.fromtimestamp(placed[package["order_id"]] / 1e6, UTC))
        start_day = start.astimezone(ZoneInfo(zones[package["node_id"]])).date()
        days.append((date.fromisoformat(package["deliver_on"]) - start_day).days)
    comparison = compare(result, result)
    assert value(comparison, "days.mean") == Fraction(sum(days), len(days))
    p95 = value(comparison, "days.p95")
    assert sum(each <= p95 for each in days) * 100 >= 95 * len(days) > sum(each < p95 for each in days) * 100
