"""Writes the packs `brunel` and `brunel-raised` from the published tables of the data set.

    python scenarios/generators/brunel.py FOLDER_WITH_THE_CSV_FILES [OUTPUT_FOLDER]

The folder holds OrderList, ProductsPerPlant, VmiCustomers, WhCapacities, WhCosts and PlantPorts as CSV, with
the column names of the publication. Nothing is random. What is done and why stands in the README of each pack.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from decimal import Decimal, localcontext
from pathlib import Path

from tables import read_rows, write_rows, write_text

PENALTY = Decimal(500_000)
"""Cost of an order that does not ship. One more order always pays: it costs at most 290,756.89 itself and moves at most
one order at each of the other 13 plants in use, at 5,299.13 at most (both computed from the tables, see the README)."""

SETTINGS = """\
# {title}
schema: splitship.pack/1
name: {name}
currency: USD
as_of: 2013-05-26T00:00:00+00:00
objective: {{}}            # costs are unit costs of the plants and the penalties of the order lines, nothing else
limits: {{max_packages: 1, horizon_days: 0}}
scenarios: {{baseline: []}}
solve: {{time_limit_s: 60, gap: {gap}, seed: 1, threads: 2}}
"""


def per_unit(total: Decimal, quantity: int) -> str:
    """`total` / `quantity` as text with 18 decimals, the most a price may have."""
    with localcontext() as context:
        context.prec = 60
        return format((total / quantity).quantize(Decimal("1e-18")).normalize(), "f")


def main(source: Path, target: Path) -> None:
    published = read_rows(source / "OrderList.csv")
    costs = {row["WH"]: row["Cost/unit"] for row in read_rows(source / "WhCosts.csv")}
    capacity = {row["Plant ID"]: int(row["Daily Capacity"]) for row in read_rows(source / "WhCapacities.csv")}
    ports: dict[str, list[str]] = defaultdict(list)
    for row in read_rows(source / "PlantPorts.csv"):
        ports[row["Plant Code"]].append(row["Port"])
    customers: dict[str, set[str]] = defaultdict(set)
    for row in read_rows(source / "VmiCustomers.csv"):
        customers[row["Plant Code"]].add(row["Customers"])
    plants = sorted(capacity)
    if set(plants) != set(costs):
        raise SystemExit("WhCapacities.csv and WhCosts.csv name different plants")

    demand: Counter[str] = Counter()
    for row in published:
        demand[row["Product ID"]] += int(row["Unit quantity"])
    stock = sorted(
        (row["Plant Code"], row["Product ID"])
        for row in read_rows(source / "ProductsPerPlant.csv")
        if row["Plant Code"] in capacity and row["Product ID"] in demand
    )
    historical_use = Counter(row["Plant Code"] for row in published)
    raised = {plant: max(capacity[plant], historical_use[plant]) for plant in plants}

    packs = (
        ("brunel", capacity, "1e-9", "9,215 orders of one day with the published capacities: 2,444 of them can ship"),
        ("brunel-raised", raised, "1e-7", "the same orders; capacity is what the plants did on that day: all can ship"),
    )
    for name, orders_a_day, gap, title in packs:
        folder = target / name
        write_rows(
            folder,
            "nodes",
            ("node_id", "kind", "country", "postal_code", "unit_cost", "max_packages_per_day", "ports"),
            ((p, "dc", "ZZ", ports[p][0], costs[p], orders_a_day[p], ";".join(ports[p])) for p in plants),
        )
        write_rows(folder, "skus", ("sku_id", "weight_kg"), ((sku, 0) for sku in sorted(demand)))
        write_rows(folder, "stock", ("node_id", "sku_id", "on_hand"), ((p, sku, demand[sku]) for p, sku in stock))
        write_rows(folder, "services", ("service_id", "carrier"), [("any", "any")])
        write_rows(
            folder,
            "lanes",
            ("service_id", "node_id", "country", "destination", "zone", "transit_days"),
            (("any", p, "ZZ", "*", "1", 0) for p in plants),
        )
        write_rows(folder, "rates", ("service_id", "zone", "up_to_kg", "price"), [("any", "1", 0, 0)])
        write_rows(
            folder,
            "orders",
            ("order_id", "placed_at", "country", "postal_code", "channel", "excluded_nodes", "customer"),
            (
                (
                    row["Order ID"],
                    f"{row['Order Date']}T00:00:00+00:00",
                    "ZZ",
                    row["Destination Port"],
                    row["Service Level"],
                    ";".join(p for p in plants if p in customers and row["Customer"] not in customers[p]),
                    row["Customer"],
                )
                for row in published
            ),
        )
        write_rows(
            folder,
            "order_lines",
            ("order_id", "line_id", "sku_id", "quantity", "splittable", "unfilled_cost"),
            (
                (
                    row["Order ID"],
                    "1",
                    row["Product ID"],
                    row["Unit quantity"],
                    "false",
                    per_unit(PENALTY, int(row["Unit quantity"])),
                )
                for row in published
            ),
        )
        write_rows(
            folder,
            "reference",
            ("order_id", "line_id", "node_id", "service_id", "ship_on", "quantity"),
            (
                (row["Order ID"], "1", row["Plant Code"], "any", row["Order Date"], row["Unit quantity"])
                for row in published
            ),
        )
        write_text(folder, "scenario.yaml", SETTINGS.format(name=name, gap=gap, title=title))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parents[1])
