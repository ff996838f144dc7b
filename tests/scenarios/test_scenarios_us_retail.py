"""The pack `us-retail`: its tables say what tariff, zone charts and places say, and it has the size described."""

from __future__ import annotations

import csv
import filecmp
import gzip
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACK = ROOT / "scenarios" / "us-retail"
GENERATOR = ROOT / "scenarios" / "generators" / "us_retail.py"
SOURCE = ROOT.parent / "shared" / "data"

needs_source = pytest.mark.skipif(not SOURCE.exists(), reason="needs the published tables beside the repository")


@cache
def rows(table: str) -> list[dict[str, str]]:
    with (PACK / f"{table}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_us_retail_has_the_size_its_readme_states() -> None:
    """1,000 orders, 22 nodes, 200 SKUs; tables under 6 MB together."""
    sizes = {table: len(rows(table)) for table in ("orders", "order_lines", "nodes", "skus", "services")}
    assert sizes == {"orders": 1000, "order_lines": 2090, "nodes": 22, "skus": 200, "services": 4}
    assert sum(int(line["quantity"]) for line in rows("order_lines")) == 2785
    assert sum(path.stat().st_size for path in PACK.glob("*.csv")) < 6_000_000


def test_us_retail_stock_is_short_of_a_few_skus_only() -> None:
    """Units ordered beyond all available stock: what no plan can fill."""
    demand: Counter[str] = Counter()
    for line in rows("order_lines"):
        demand[line["sku_id"]] += int(line["quantity"])
    available: Counter[str] = Counter()
    for row in rows("stock"):
        available[row["sku_id"]] += max(0, int(row["on_hand"]) - int(row["reserved"]) - int(row["safety_stock"]))
    short = {sku: units - available[sku] for sku, units in demand.items() if units > available[sku]}
    assert (len(short), sum(short.values())) == (5, 17)


@needs_source
def test_us_retail_rates_are_the_published_ones() -> None:
    """A bracket a pound at the 2006 list price; air services plus the residential differential of 2.10."""
    with (SOURCE / "ups_2006" / "rates.csv").open(newline="") as file:
        published = {
            (row["service"], row["zone"], int(row["weight_from"])): Decimal(row["rate_usd"])
            for row in csv.DictReader(file)
        }
    tariff = {"three_day": "three_day_select", "two_day": "second_day_air", "next_day": "next_day_air"}
    for row in rows("rates"):
        pounds = Decimal(row["up_to_kg"]) / Decimal("0.45359237")
        assert pounds == int(pounds)
        ground = row["service_id"] == "ground"
        name = "ground_residential" if ground else tariff[row["service_id"]]
        expected = published[name, row["zone"], int(pounds)] + (0 if ground else Decimal("2.10"))
        assert Decimal(row["price"]) == expected
    assert len(rows("rates")) == 4 * 7 * 150


@needs_source
def test_us_retail_lanes_are_the_zone_charts() -> None:
    """For every node, service and order: the longest matching prefix has the chart's zone, or neither has one.

    The store that a scenario opens included.
    """
    lanes = rows("lanes") + rows("overlays/new_store_lanes")
    lane = {(row["service_id"], row["node_id"], row["destination"]): row["zone"] for row in lanes}
    assert len(lane) == len(lanes)
    columns = {
        "ground": "ground",
        "three_day": "three_day_select",
        "two_day": "second_day_air",
        "next_day": "next_day_air",
    }
    with gzip.open(SOURCE / "ups_2006" / "zone_charts.csv.gz", "rt", newline="") as file:
        charts = list(csv.DictReader(file))
    services = rows("node_services") + rows("overlays/new_store_services")
    offered = {(row["node_id"], row["service_id"]) for row in services}
    zips = sorted({row["postal_code"] for row in rows("orders")})
    for node in rows("nodes") + rows("overlays/new_store_nodes"):
        origin = node["postal_code"][:3]
        chart = [row for row in charts if row["origin_range"][:3] <= origin <= row["origin_range"].split(" to ")[1][:3]]
        for zip5 in zips:
            here = [r for r in chart if int(r["dest_zip3_from"]) <= int(zip5[:3]) <= int(r["dest_zip3_to"])]
            for service, column in columns.items():
                found = [lane.get((service, node["node_id"], zip5[:digits])) for digits in (3, 2, 1)]
                zone = next((z for z in found if z), None)
                if (node["node_id"], service) not in offered:
                    assert zone is None
                else:
                    assert zone == (here[0][column] if here and here[0][column] != "-" else None)


@needs_source
def test_us_retail_orders_lie_at_published_zips() -> None:
    """Postal code and coordinates of every order are a row of the places, those of the peak week too."""
    with gzip.open(SOURCE / "us_places" / "us_zip_coords.csv.gz", "rt", newline="") as file:
        places = {(row["zip"], row["lat"], row["lon"]) for row in csv.DictReader(file)}
    orders = rows("orders") + rows("overlays/peak_orders")
    assert {(row["postal_code"], row["latitude"], row["longitude"]) for row in orders} <= places


def test_us_retail_rebalanced_stock_is_the_same_stock_elsewhere() -> None:
    """No unit of any SKU appears or goes, stores keep theirs, and what is reserved stays where it is."""
    stock = {(row["node_id"], row["sku_id"]): row for row in rows("stock")}
    moved = {(row["node_id"], row["sku_id"]): int(row["on_hand"]) for row in rows("overlays/rebalanced_stock")}
    before, after = Counter[str](), Counter[str]()
    for key in stock | moved:
        before[key[1]] += int(stock[key]["on_hand"]) if key in stock else 0
        after[key[1]] += moved[key] if key in moved else int(stock[key]["on_hand"])
    assert before == after
    centres = {row["node_id"] for row in rows("nodes") if row["kind"] == "dc"}
    assert {node for node, _ in moved} == centres
    assert all(units >= int(stock[key]["reserved"]) for key, units in moved.items() if key in stock)
    assert {key for key in stock if key[0] in centres} <= set(moved)


@needs_source
def test_us_retail_generator_writes_the_shipped_bytes(tmp_path: Path) -> None:
    """Run again on the published tables, the generator writes the files that ship."""
    subprocess.run([sys.executable, GENERATOR, SOURCE, tmp_path], check=True)
    made = tmp_path / "us-retail"
    names = sorted(str(path.relative_to(made)) for path in made.rglob("*") if path.is_file())
    tables = [path for path in PACK.rglob("*") if path.suffix in (".csv", ".yaml")]
    assert names == sorted(str(path.relative_to(PACK)) for path in tables)
    assert filecmp.cmpfiles(made, PACK, names, shallow=False)[1:] == ([], [])
