"""The pack `omnichannel`: its generator writes it, it uses every feature it names, and its plan is certified."""

from __future__ import annotations

import csv
import filecmp
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from splitship.domain import SHIPS, BoundSource, Problem, Reason, Result, SolveOptions
from splitship.domain.feature_counts import feature_counts
from splitship.domain.orders import NO_KIT
from splitship.domain.rule_effects import rule_effects
from splitship.instance import compile_problem
from splitship.instance.subset import subset_of_orders
from splitship.packs import Pack, read_pack
from splitship.run import solve
from splitship.units import day_number

ROOT = Path(__file__).parents[2]
PACK = ROOT / "scenarios" / "omnichannel"
GENERATOR = ROOT / "scenarios" / "generators" / "omnichannel.py"
SOURCE = ROOT.parent / "shared" / "data"
TODAY = day_number("2026-12-08")

needs_source = pytest.mark.skipif(not SOURCE.exists(), reason="needs the published tables beside the repository")


@cache
def rows(table: str) -> list[dict[str, str]]:
    with (PACK / f"{table}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@cache
def pack() -> Pack:
    return read_pack(PACK)


@cache
def problem() -> Problem:
    return pack().problem()


@cache
def solved() -> Result:
    return solve(problem(), SolveOptions(time_limit_s=None, work_limit=4.0, gap=0.015))


@needs_source
def test_omnichannel_generator_writes_the_shipped_bytes(tmp_path: Path) -> None:
    """Run again on the published tables, the generator writes the files that ship."""
    subprocess.run([sys.executable, GENERATOR, SOURCE, tmp_path], check=True)
    names = sorted(path.name for path in (tmp_path / "omnichannel").iterdir())
    assert sorted([*names, "README.md"]) == sorted(path.name for path in PACK.iterdir())
    assert filecmp.cmpfiles(tmp_path / "omnichannel", PACK, names, shallow=False)[1:] == ([], [])


def test_omnichannel_reads_without_a_warning_and_is_small() -> None:
    """No fault, nothing odd, and less than 1.5 MB."""
    problem()
    assert list(pack().warnings) == []
    assert sum(path.stat().st_size for path in PACK.iterdir()) < 1_500_000


def test_omnichannel_has_the_size_its_readme_states() -> None:
    """2,000 orders over 33 nodes of four kinds; about 15 % of them are picked up, and some in part."""
    assert Counter(row["kind"] for row in rows("nodes")) == {"dc": 4, "store": 24, "vendor": 4, "3pl": 1}
    assert len(rows("orders")) == 2000
    assert {row["channel"] for row in rows("orders")} == {"web", "app", "store", "marketplace"}
    given = problem().as_given.lines
    lines = np.bincount(given.order_idx, minlength=2000)
    picked = np.bincount(given.order_idx, given.pickup_node_idx != SHIPS, minlength=2000)
    assert 260 <= (picked == lines).sum() <= 340
    assert ((picked > 0) & (picked < lines)).sum() >= 40
    assert lines.max() == 5
    assert lines.min() == 1


def test_omnichannel_orders_are_narrow() -> None:
    """No order has more than 1,024 quantity vectors, so that all its contents are looked at."""
    assert not compile_problem(problem()).is_wide.any()


def test_omnichannel_vendors_have_what_nobody_else_has() -> None:
    """A SKU that lies at a vendor lies nowhere else."""
    vendors = {row["node_id"] for row in rows("nodes") if row["kind"] == "vendor"}
    of_vendors = {row["sku_id"] for row in rows("stock") if row["node_id"] in vendors}
    assert len(of_vendors) >= 20
    assert all(row["node_id"] in vendors for row in rows("stock") if row["sku_id"] in of_vendors)


@pytest.mark.parametrize(
    ("table", "least"),
    [
        ("transfers", 50), ("kits", 16), ("substitutes", 18), ("inbound", 8), ("stock_prices", 40), ("surcharges", 8),
        ("rejections", 10), ("service_quotas", 2), ("node_days", 3), ("calendars", 3),
    ],
)  # fmt: skip
def test_omnichannel_fills_every_table_of_features(table: str, least: int) -> None:
    """Each has rows, and as many as its README says at least."""
    assert len(rows(table)) >= least


def test_omnichannel_is_certified_within_two_percent() -> None:
    """A plan that the checker has found feasible at its cost, with a certificate that it recomputed."""
    result = solved()
    assert result.report.is_feasible
    assert result.bound_source is BoundSource.CERTIFICATE
    assert result.gap is not None
    assert result.gap <= 0.02


def test_omnichannel_plan_uses_every_feature() -> None:
    """Pick-up, transfers, kits, substitutes, arrivals, stock prices, rules and later days, all in one plan."""
    result = solved()
    plan, lines, services = result.plan, result.problem.lines, result.problem.services
    counts = feature_counts(result.problem, plan)
    assert counts["picked_up_packages"] - counts["transferred_packages"] >= 100
    assert counts["transferred_packages"] >= 100
    assert counts["kits"] >= 40
    assert counts["substituted_units"] >= 20
    node, sku = plan.node_idx[plan.content_package], plan.skus(lines.sku_idx)
    stock = result.problem.stock
    places = zip(stock.node_idx.tolist(), stock.sku_idx.tolist(), strict=True)
    price = dict(zip(places, stock.unit_price.tolist(), strict=True))
    paid = [price[place] for place in zip(node.tolist(), sku.tolist(), strict=True)]
    assert min(paid) < 0 < max(paid)
    later = (plan.ship_day[plan.content_package] > TODAY).tolist()
    arrives = {(row["node_id"], row["sku_id"]) for row in rows("inbound")}
    nodes, skus = result.problem.nodes.node_id, result.problem.skus.sku_id
    waits = [
        is_later and (nodes[at], skus[of]) in arrives
        for at, of, is_later in zip(node.tolist(), sku.tolist(), later, strict=True)
    ]
    assert any(waits)
    assert {"ground", "three_day", "two_day", "next_day"} <= set(services.service_id[plan.service_idx].tolist())
    kinds = result.problem.nodes.kind[plan.node_idx]
    assert len(set(kinds.tolist())) == 4
    used = {effect.name for effect in rule_effects(result.problem, plan) if effect.num_packages}
    assert used >= {"flagship floors are busy", "peak surcharge", "one van a day collects from stores"}
    assert result.report.costs is not None
    assert result.report.costs.rules != 0
    both = np.flatnonzero(np.bincount(plan.order_idx, services.pickup_node_idx[plan.service_idx] >= 0, 2000))
    shipped = np.flatnonzero(np.bincount(plan.order_idx, services.pickup_node_idx[plan.service_idx] < 0, 2000))
    assert len(np.intersect1d(both, shipped)) >= 20


def test_omnichannel_leaves_units_for_different_reasons() -> None:
    """Some tens of units stay: for want of stock, because a rule says so, and because it is cheaper."""
    unfilled = solved().unfilled
    assert 30 <= unfilled.quantity.sum() <= 130
    assert {Reason.NO_STOCK, Reason.COSTLIER_THAN_UNFILLED, Reason.RULE} <= set(unfilled.reason)


def test_omnichannel_kits_that_go_together_lie_together() -> None:
    """Every package holds the same number of kits of each component, where the kits say so."""
    result = solved()
    plan, lines = result.plan, result.problem.lines
    held: dict[tuple[int, int], set[float]] = {}
    parts: Counter[tuple[int, int]] = Counter()
    columns = (plan.content_package, plan.content_line, plan.content_quantity)
    for package, line, quantity in zip(*(column.tolist() for column in columns), strict=True):
        if lines.kit_line_idx[line] != NO_KIT and lines.is_together[line]:
            key = (package, int(lines.kit_line_idx[line]))
            held.setdefault(key, set()).add(quantity / lines.kit_quantity[line])
            parts[key] += 1
    assert held
    assert all(len(kits) == 1 for kits in held.values())
    assert all(num >= 2 for num in parts.values())


@pytest.mark.parametrize(
    ("order_id", "cents", "ways"),
    [
        ("M0012", 697, {("IND1", "ground", 0)}),
        ("M0170", 2218, None),
        ("M0004", 330, {("STORE-HOU", "pickup:STORE-HOU", 0)}),
        ("M0010", 505, {("ONT6", "transfer:ONT6:STORE-LAX", 0)}),
        ("M0131", 1125, {("AVP3", "ground", 0), ("STORE-NYC", "pickup:STORE-NYC", 0)}),
        ("M0158", 1800, {("AVP3", "ground", 0), ("VENDOR-PRINT", "ground", 1)}),
        ("M0015", 1046, {("ONT6", "ground", 0)}),
        ("M1569", 360, {("ONT6", "transfer:ONT6:STORE-LAX", 0)}),
        ("M0299", 827, {("AVP3", "ground", 0)}),
        ("M0238", 695, {("STORE-LAX", "transfer:STORE-LAX:STORE-SAN", 0)}),
    ],
)
def test_omnichannel_orders_of_the_readme_alone_cost_what_it_says(
    order_id: str, cents: int, ways: set[tuple[str, str, int]] | None
) -> None:
    """Each order's cheapest plan if nobody else wanted anything, proved; M0170 has two that cost the same."""
    at = problem().orders.order_id.tolist().index(order_id)
    alone, _ = subset_of_orders(problem(), np.array([at]))
    result = solve(alone, SolveOptions(time_limit_s=None, gap=0.0))
    assert (result.objective, result.bound) == (cents * 10_000, cents * 10_000)
    plan = result.plan
    found = zip(
        alone.nodes.node_id[plan.node_idx].tolist(),
        alone.services.service_id[plan.service_idx].tolist(),
        (plan.ship_day - TODAY).tolist(),
        strict=True,
    )
    assert ways is None or set(found) == ways
