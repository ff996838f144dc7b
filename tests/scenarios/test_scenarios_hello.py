"""The pack `hello`: the plan worked by hand in its README is the optimum, by enumeration from the CSV files alone."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

PACK = Path(__file__).parents[2] / "scenarios" / "hello"
START = date(2026, 11, 30)  # as_of, 09:00 in New York, is the same date at every node and before every cut-off
DELIVERY_DAY, LATE_DAY, SPLIT, UNFILLED_UNIT, UNFILLED_VALUE = map(Decimal, ("0.25", "4", "0.50", "5", "0.50"))

Content = tuple[int, ...]  # units of each line
Package = tuple[str, str, Content]  # node, service, content
Plan = tuple[Package, ...]


def rows(table: str) -> list[dict[str, str]]:
    with (PACK / f"{table}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


NODES = {row["node_id"]: row for row in rows("nodes")}
SKUS = {row["sku_id"]: row for row in rows("skus")}
STOCK = {(r["node_id"], r["sku_id"]): int(r["on_hand"]) - int(r["safety_stock"]) for r in rows("stock")}
LINES = {
    order["order_id"]: [r for r in rows("order_lines") if r["order_id"] == order["order_id"]]
    for order in rows("orders")
}
ORDERS = {row["order_id"]: row for row in rows("orders")}


def package_cost(order_id: str, package: Package) -> Decimal | None:
    """Rate, handling, delivery and late cost of one package; None when it cannot be."""
    node_id, service, content = package
    node, order = NODES[node_id], ORDERS[order_id]
    skus = [SKUS[line["sku_id"]] for line in LINES[order_id]]
    weight = sum(q * Decimal(sku["weight_kg"]) for q, sku in zip(content, skus, strict=True))
    volume = sum(
        q * Decimal(sku["length_cm"]) * Decimal(sku["width_cm"]) * Decimal(sku["height_cm"])
        for q, sku in zip(content, skus, strict=True)
    )
    billable = max(weight, volume / 5000)
    lane = next(
        row
        for row in rows("lanes")
        if (row["node_id"], row["service_id"]) == (node_id, service)
        and order["postal_code"].startswith(row["destination"])
    )
    card = [row for row in rows("rates") if (row["service_id"], row["zone"]) == (service, lane["zone"])]
    fitting = [row for row in card if Decimal(row["up_to_kg"]) >= billable]
    if fitting:
        rate = Decimal(fitting[0]["price"])
    elif card[-1]["per_extra_kg"]:
        rate = Decimal(card[-1]["price"]) + Decimal(card[-1]["per_extra_kg"]) * (
            billable - Decimal(card[-1]["up_to_kg"])
        )
    else:
        return None
    handling = Decimal(node["package_cost"]) + Decimal(node["unit_cost"]) * sum(content)
    delivered = START + timedelta(days=int(node["lead_days"]) + int(lane["transit_days"]))
    cost = rate + handling + DELIVERY_DAY * (delivered - START).days
    if order["deliver_by"]:
        late_days = max(0, (delivered - date.fromisoformat(order["deliver_by"])).days)
        cost += LATE_DAY * late_days * Decimal(order["priority"])
    return cost


def plans(order_id: str) -> Iterator[tuple[Decimal, Counter[tuple[str, str]], Plan]]:
    """Every way to ship all, some or none of an order in at most three packages: cost, stock used, packages."""
    lines = LINES[order_id]
    quantities = [int(line["quantity"]) for line in lines]
    possible: list[tuple[Package, Decimal]] = []
    for node, service, content in itertools.product(
        NODES, ("air", "ground"), itertools.product(*(range(q + 1) for q in quantities))
    ):
        if any(content) and all(
            q <= STOCK.get((node, line["sku_id"]), 0) for q, line in zip(content, lines, strict=True)
        ):
            cost = package_cost(order_id, (node, service, content))
            if cost is not None:
                possible.append(((node, service, content), cost))
    for count in range(4):
        for chosen in itertools.combinations_with_replacement(possible, count):
            left = [q - sum(p[2][i] for p, _ in chosen) for i, q in enumerate(quantities)]
            if min(left) < 0:
                continue
            used: Counter[tuple[str, str]] = Counter()
            for (node, _, content), _ in chosen:
                for line, quantity in zip(lines, content, strict=True):
                    used[node, line["sku_id"]] += quantity
            unfilled = sum(
                q * (UNFILLED_UNIT + UNFILLED_VALUE * Decimal(SKUS[line["sku_id"]]["value"]))
                for q, line in zip(left, lines, strict=True)
            ) * Decimal(ORDERS[order_id]["priority"])
            cost = sum(c for _, c in chosen) + SPLIT * max(0, count - 1) + unfilled
            yield cost, used, tuple(p for p, _ in chosen)


def best_first(priced: list[tuple[Decimal, Counter[tuple[str, str]], Plan]], limit: Decimal) -> list[tuple]:
    """Plans that cost at most `limit`, one for each use of stock, cheapest first."""
    best: dict[tuple, tuple] = {}
    for cost, used, packages in sorted(priced, key=lambda plan: (plan[0], plan[2])):
        key = tuple(sorted((+used).items()))
        if cost <= limit and key not in best:
            best[key] = (cost, used, packages)
    return list(best.values())


def joint_optima() -> list[tuple[Decimal, tuple[Plan, ...]]]:
    """All combinations of one plan an order that respect stock, cheapest first, with the cost of the whole."""
    options = [best_first(list(plans(order)), Decimal(60)) for order in ORDERS]
    found = []
    for choice in itertools.product(*options):
        used: Counter[tuple[str, str]] = Counter()
        for _, taken, _ in choice:
            used.update(taken)
        if all(quantity <= STOCK[key] for key, quantity in used.items() if quantity):
            found.append((sum(cost for cost, _, _ in choice), tuple(packages for _, _, packages in choice)))
    return sorted(found)


EXPECTED = (
    (("SHOP", "ground", (1,)),),
    (("EAST", "ground", (1, 1)),),
    (("EAST", "ground", (0, 1)), ("WEST", "ground", (1, 0))),
    (("WEST", "air", (1,)),),
    (("SHOP", "ground", (1,)),),
)


def test_hello_optimum_is_the_plan_of_the_readme() -> None:
    """Enumeration finds 13.25 + 10.90 + 23.40 + 19.70 + 20.25 = 87.50, and nothing else as cheap."""
    (cost, best), (second, _) = joint_optima()[:2]
    assert cost == Decimal("87.50")
    assert best == EXPECTED
    assert second > cost


def test_hello_arrival_order_costs_four_more() -> None:
    """Orders one by one at their cheapest on what is left: O1 takes the last kettle of EAST and the whole is 91.50."""
    left = dict(STOCK)
    total = Decimal(0)
    for order in ORDERS:
        cost, used, _ = min(
            (plan for plan in plans(order) if all(q <= left.get(key, 0) for key, q in plan[1].items())),
            key=lambda plan: (plan[0], plan[2]),
        )
        total += cost
        for key, quantity in used.items():
            left[key] = left.get(key, 0) - quantity
    assert total == Decimal("91.50")


def bound(kettle_price: str, mug_price: str) -> Decimal:
    """The orders' cheapest plans at prices of EAST's kettle and SHOP's mug, less the prices of the stock."""
    prices = {("EAST", "kettle"): Decimal(kettle_price), ("SHOP", "mug"): Decimal(mug_price)}
    minima = [
        min(cost + sum(prices[key] * used[key] for key in prices) for cost, used, _ in plans(order)) for order in ORDERS
    ]
    return sum(minima, Decimal(0)) - sum(prices[key] * STOCK[key] for key in prices)


@pytest.mark.parametrize(("kettle", "mug"), [("5.55", "1.25"), ("7", "1.50"), ("9.55", "1.75")])
def test_hello_prices_of_the_last_kettle_and_mug_prove_the_optimum(kettle: str, mug: str) -> None:
    """With prices from 5.55 to 9.55 and from 1.25 to 1.75 the bound is the cost of the plan."""
    assert bound(kettle, mug) == Decimal("87.50")


@pytest.mark.parametrize(
    ("kettle", "mug"), [("5.54", "1.50"), ("9.56", "1.50"), ("7", "1.24"), ("7", "1.76"), ("0", "0")]
)
def test_hello_prices_outside_the_ranges_prove_less(kettle: str, mug: str) -> None:
    """A cent outside, the bound falls below the optimum; it never exceeds it."""
    assert bound(kettle, mug) < Decimal("87.50")
