"""The pack `omnichannel`: its generator writes it, it uses every feature it names, and its plan is certified."""

from __future__ import annotations

import csv
import filecmp
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from splitship.domain import SHIPS, BoundSource, Problem, Reason, Result, SolveOptions, Steering
from splitship.domain.changes import Change, changes_of
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
    """By the work limit; of the time limit only the search for prices of shares may use up its part."""
    return solve(problem(), SolveOptions(time_limit_s=60.0, work_limit=4.0, gap=0.015))


@cache
def unsteered() -> Problem:
    """Without target shares and committed volumes, which are about the whole batch and not about one order."""
    whole = problem()
    num_nodes, quotas = len(whole.nodes), whole.service_quotas
    return replace(
        whole,
        nodes=replace(whole.nodes, has_target_share=np.zeros(num_nodes, np.bool_)),
        service_quotas=replace(quotas, min_packages=np.zeros(len(quotas), np.int64)),
    )


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
        ("rejections", 16), ("service_quotas", 4), ("node_days", 3), ("calendars", 3), ("channel_reserves", 24),
        ("plan_before", 478),
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


def test_omnichannel_plan_before_is_as_its_readme_says() -> None:
    """272 packages of 268 orders: 52 have left, 4 must not move, three prices for the others."""
    before = problem().as_given.plan_before
    assert (len(before), len(np.unique(before.plan.order_idx))) == (272, 268)
    assert before.is_released.sum() == 52
    assert (~before.may_move & ~before.is_released).sum() == 4
    prices = Counter(before.move_price.micros[before.may_move].tolist())
    assert prices == {750_000: 144, 1_500_000: 40, 2_000_000: 32}
    assert (problem().orders.num_released > 0).sum() == 52


def test_omnichannel_keeps_most_of_the_plan_before() -> None:
    """Most promises are kept and what must not move is; some move; of five a node has refused something."""
    result = solved()
    changes = changes_of(result.problem, result.plan)
    assert changes.count(Change.RELEASED) == 52
    assert changes.count(Change.KEPT) >= 140
    assert 30 <= changes.count(Change.MOVED) <= 80
    assert 3 <= changes.count(Change.REJECTED) <= 5


def test_omnichannel_reserves_bind() -> None:
    """Of STORE-CHI others take units at a price; a unit that STORE-PDX keeps is missed where it lies."""
    result = solved()
    plan, lines, orders = result.plan, result.problem.lines, result.problem.orders
    nodes, skus = result.problem.nodes.node_id.tolist(), result.problem.skus.sku_id.tolist()
    at_store = plan.node_idx[plan.content_package] == nodes.index("STORE-CHI")
    channel = orders.channel[plan.order_idx[plan.content_package]]
    alone = plan.skus(lines.sku_idx) == skus.index("SPORT-11")  # of which it has one, kept for its own customers
    assert channel[at_store & alone].tolist() == ["web"]
    unfilled = result.unfilled
    of = orders.order_id[lines.order_idx[unfilled.line_idx]].tolist().index("M1016")
    assert unfilled.detail[of] == "STORE-PDX: 1 available, kept for store"


def test_omnichannel_shares_are_near_their_targets() -> None:
    """Three nodes have a target share, of 17, 2 and 1.5 % of all units; a plan is within a third of it."""
    result = solved()
    plan, steering = result.plan, Steering.of(result.problem)
    units = np.bincount(plan.node_idx[plan.content_package], plan.content_quantity, len(result.problem.nodes))
    target = steering.target.micros / 1e6 * units.sum()
    assert len(target) == 3
    assert (np.abs(units[steering.node_idx] - target) <= target / 3).all()
    assert steering.min_packages.tolist() == [24]


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
    ("order_id", "mills", "ways"),
    [
        ("M0010", 5400, {("STORE-LAX", "pickup:STORE-LAX", 0)}),
        ("M0131", 3900, {("STORE-NYC", "pickup:STORE-NYC", 0)}),
        ("M0170", 22180, {("AVP3", "ground", 0), ("IND1", "ground", 0)}),
        ("M0158", 18000, {("AVP3", "ground", 0), ("VENDOR-PRINT", "ground", 1)}),
        ("M0015", 10460, {("ONT6", "ground", 0)}),
        ("M0092", 8620, {("DFW7", "ground", 0)}),
        ("M0114", 9100, {("STORE-SAN", "ground", 0)}),
        ("M1613", 13940, {("3PL-CAE", "ground", 2)}),
        ("M0334", 4800, {("STORE-CHI", "pickup:STORE-CHI", 0)}),
        ("M1016", 38696, {("STORE-PDX", "pickup:STORE-PDX", 0)}),
    ],
)
def test_omnichannel_orders_of_the_readme_alone_cost_what_it_says(
    order_id: str, mills: int, ways: set[tuple[str, str, int]]
) -> None:
    """Each order's cheapest plan if nobody else wanted anything, proved; in tenths of a cent."""
    at = unsteered().orders.order_id.tolist().index(order_id)
    alone, _ = subset_of_orders(unsteered(), np.array([at]))
    result = solve(alone, SolveOptions(time_limit_s=None, gap=0.0))
    assert (result.objective, result.bound) == (mills * 1000, mills * 1000)
    plan = result.plan
    found = zip(
        alone.nodes.node_id[plan.node_idx].tolist(),
        alone.services.service_id[plan.service_idx].tolist(),
        (plan.ship_day - TODAY).tolist(),
        strict=True,
    )
    assert set(found) == ways


@pytest.mark.parametrize(
    ("order_id", "mills", "way"),
    [
        ("M0010", 5400, ("STORE-LAX", "pickup:STORE-LAX", 0)),
        ("M0092", 7870, ("DFW7", "ground", 0)),
        ("M0114", 13200, ("AVP3", "three_day", 0)),
        ("M1613", 13940, ("3PL-CAE", "ground", 2)),
        ("M0334", 3300, ("STORE-CHI", "pickup:STORE-CHI", 0)),
    ],
)
def test_omnichannel_packages_of_the_readme_in_the_batch_cost_what_it_says(
    order_id: str, mills: int, way: tuple[str, str, int]
) -> None:
    """The one package of an order, at its cost without what promises and reserves cost; in tenths of a cent."""
    result = solved()
    plan, whole = result.plan, result.problem
    (at,) = np.flatnonzero(plan.order_idx == whole.orders.order_id.tolist().index(order_id)).tolist()
    node, service = whole.nodes.node_id[plan.node_idx[at]], whole.services.service_id[plan.service_idx[at]]
    assert (node, service, plan.ship_day[at] - TODAY) == way
    assert result.report.packages is not None
    assert result.report.packages.total[at] == mills * 1000
