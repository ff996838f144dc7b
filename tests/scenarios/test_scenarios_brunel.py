"""The packs `brunel` and `brunel-raised`: published facts, by exact solves that read the tables by themselves."""

from __future__ import annotations

import csv
import filecmp
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack
from scipy.sparse.csgraph import maximum_flow

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
SOURCE = ROOT.parent / "shared" / "data" / "brunel"
GENERATOR = SCENARIOS / "generators" / "brunel.py"
PENALTY = 500_000


def rows(pack: str, table: str) -> list[dict[str, str]]:
    with (SCENARIOS / pack / f"{table}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Pairs:
    """Feasible (order, plant) pairs: positions, cost of the pair; and the plants' capacities."""

    order: np.ndarray
    plant: np.ndarray
    cost: np.ndarray
    capacity: np.ndarray
    num_orders: int

    def cheapest(self, penalty: float, capacity: np.ndarray) -> tuple[int, float]:
        """Orders shipped and their cost in the plan that minimises cost + penalty x unfilled orders.

        A linear program of transport type, so a simplex vertex is whole.
        """
        num = len(self.cost)
        rows_of = [
            csr_matrix((np.ones(num), (self.order, np.arange(num))), (self.num_orders, num)),
            csr_matrix((np.ones(num), (self.plant, np.arange(num))), (len(capacity), num)),
        ]
        supply = np.concatenate([np.ones(self.num_orders), capacity])
        answer = linprog(self.cost - penalty, A_ub=vstack(rows_of), b_ub=supply, bounds=(0, 1), method="highs-ds")
        shipped = np.rint(answer.x)
        assert np.abs(answer.x - shipped).max() < 1e-9
        assert (np.bincount(self.plant, shipped, len(capacity)) <= capacity).all()
        return int(shipped.sum()), float(self.cost @ shipped)


@cache
def pairs(pack: str) -> Pairs:
    nodes = rows(pack, "nodes")
    node_idx = {node["node_id"]: i for i, node in enumerate(nodes)}
    makers: dict[str, list[str]] = {}
    for row in rows(pack, "stock"):
        makers.setdefault(row["sku_id"], []).append(row["node_id"])
    found = []
    for idx, (order, line) in enumerate(zip(rows(pack, "orders"), rows(pack, "order_lines"), strict=True)):
        assert order["order_id"] == line["order_id"]
        for node in makers[line["sku_id"]]:
            if node not in order["excluded_nodes"].split(";"):
                cost = Fraction(nodes[node_idx[node]]["unit_cost"]) * int(line["quantity"])
                found.append((idx, node_idx[node], float(cost)))
    order_of, plant_of, cost_of = (np.array(column) for column in zip(*found, strict=True))
    capacity = np.array([int(node["max_packages_per_day"]) for node in nodes])
    return Pairs(order_of, plant_of, cost_of, capacity, idx + 1)


def test_brunel_orders_have_one_to_three_plants() -> None:
    """9,215 orders; 7,387 have one feasible plant, none has none or more than three; 14 plants are in use."""
    plants_of = np.bincount(pairs("brunel").order, minlength=9215)
    assert dict(Counter(plants_of.tolist())) == {1: 7387, 2: 1580, 3: 248}
    assert len(set(pairs("brunel").plant.tolist())) == 14
    assert pairs("brunel").capacity.sum() == 5791


def test_brunel_published_capacity_fits_2444_orders() -> None:
    """The largest flow from orders through feasible plants is 2,444."""
    table = pairs("brunel")
    num, plants = table.num_orders, len(table.capacity)
    source, sink = num + plants, num + plants + 1
    tail = np.concatenate([np.full(num, source), table.order, num + np.arange(plants)])
    head = np.concatenate([np.arange(num), num + table.plant, np.full(plants, sink)])
    width = np.concatenate([np.ones(num), np.ones(len(table.order)), table.capacity]).astype(np.int32)
    graph = csr_matrix((width, (tail, head)), (sink + 1, sink + 1))
    assert maximum_flow(graph, source, sink).flow_value == 2444


def test_brunel_cheapest_2444_orders_cost_as_published() -> None:
    """1,181,335.93, with the pack's penalty."""
    shipped, cost = pairs("brunel").cheapest(PENALTY, pairs("brunel").capacity)
    assert (shipped, round(cost, 2)) == (2444, 1_181_335.93)


def test_brunel_raised_ships_everything_at_the_published_cost() -> None:
    """15,519,339.15; without any capacity 15,486,266.87."""
    table = pairs("brunel-raised")
    shipped, cost = table.cheapest(PENALTY, table.capacity)
    assert (shipped, round(cost, 2)) == (9215, 15_519_339.15)
    free = np.full(table.num_orders, np.inf)
    np.minimum.at(free, table.order, table.cost)
    assert round(float(free.sum()), 2) == 15_486_266.87


def test_brunel_penalty_exceeds_what_one_more_order_can_cost() -> None:
    """One more order costs itself and moves at most one at each other plant in use: 290,756.89 + 13 x 5,299.13."""
    table = pairs("brunel")
    dearest = np.zeros(table.num_orders)
    least = np.full(table.num_orders, np.inf)
    np.maximum.at(dearest, table.order, table.cost)
    np.minimum.at(least, table.order, table.cost)
    assert round(dearest.max(), 2) == 290_756.89
    assert round((dearest - least).max(), 2) == 5_299.13
    assert dearest.max() + 13 * (dearest - least).max() < PENALTY


@pytest.mark.parametrize("pack", ["brunel", "brunel-raised"])
def test_brunel_penalties_are_equal_within_the_stated_rounding(pack: str) -> None:
    """A unit's unfilled cost, rounded to a micro, times the quantity is 500,000 within quantity x 0.5e-6."""
    for line in rows(pack, "order_lines"):
        quantity, per_unit = int(line["quantity"]), Fraction(line["unfilled_cost"])
        assert abs(round(per_unit * 10**6) * quantity - PENALTY * 10**6) <= Fraction(quantity, 2) + Fraction(1, 1000)


def test_brunel_reference_is_feasible_only_with_raised_capacity() -> None:
    """The assignment of the day uses feasible plants and costs 15,633,221.91; it breaks the published capacity only."""
    cost_of = {
        (o, p): c for o, p, c in zip(*(getattr(pairs("brunel"), k) for k in ("order", "plant", "cost")), strict=True)
    }
    plants = [node["node_id"] for node in rows("brunel", "nodes")]
    use = np.zeros(len(plants), int)
    total = 0.0
    for idx, row in enumerate(rows("brunel", "reference")):
        plant = plants.index(row["node_id"])
        use[plant] += 1
        total += cost_of[idx, plant]
    assert round(total, 2) == 15_633_221.91
    assert (use > pairs("brunel").capacity).any()
    assert (use <= pairs("brunel-raised").capacity).all()


@pytest.mark.skipif(not SOURCE.exists(), reason="needs the published tables beside the repository")
def test_brunel_generator_writes_the_shipped_bytes(tmp_path: Path) -> None:
    """Run again on the published tables, the generator writes the files that ship."""
    subprocess.run([sys.executable, GENERATOR, SOURCE, tmp_path], check=True)
    for pack in ("brunel", "brunel-raised"):
        names = sorted(path.name for path in (tmp_path / pack).iterdir())
        assert sorted([*names, "README.md"]) == sorted(path.name for path in (SCENARIOS / pack).iterdir())
        assert filecmp.cmpfiles(tmp_path / pack, SCENARIOS / pack, names, shallow=False)[1:] == ([], [])
