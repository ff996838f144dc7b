"""What one more would save: never more than is proven, and what it does save where everything can be enumerated."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from oracles.brute import TooManyPlansError, solve_by_enumeration
from oracles.generate import build, tiny_scenario
from oracles.supplies import supply
from oracles.world import world_from_problem
from splitship import shadow_prices, solve
from splitship.check import check_certificate
from splitship.domain import ResourceKind, Result, SolveOptions
from splitship.errors import UsageError
from splitship.packs import Pack, read_pack
from splitship.planning.more import with_more
from splitship.planning.resources import PricedRow, Resource, priced_resources
from splitship.units import day_text

OPTIONS = SolveOptions(gap=0.0, time_limit_s=None, work_limit=2.0, threads=1)
SEEDS = range(40)
DAY_KEYS = {
    ResourceKind.NODE_PACKAGES: "node_packages",
    ResourceKind.NODE_UNITS: "node_units",
    ResourceKind.NODE_LINES: "node_lines",
    ResourceKind.NODE_MINUTES: "node_minutes",
}


@cache
def answer(seed: int) -> Result:
    """A tiny random batch, every other one with features of days, every third with rules; and its answer."""
    scenario = tiny_scenario(seed, with_days=bool(seed % 2), with_rules=seed % 3 == 0)
    return solve(build(scenario), OPTIONS)


def own_prices_pack() -> Pack:
    """Three whole lines of two units each want the five units near by: a sixth would serve the third of them."""
    place = {"country": "US", "postal_code": "10001"}
    orders = ("A", "B", "C")
    zones = {"NEAR": "5", "FAR": "9"}
    tables = {
        "nodes": [{"node_id": node, "kind": "dc", **place} for node in zones],
        "skus": [{"sku_id": "K", "weight_kg": "1"}],
        "stock": [{"node_id": "NEAR", "sku_id": "K", "on_hand": 5}, {"node_id": "FAR", "sku_id": "K", "on_hand": 9}],
        "services": [{"service_id": "G", "carrier": "C"}],
        "lanes": [{"service_id": "G", "node_id": node, "country": "US", "destination": "*", "zone": node,
                   "transit_days": 2} for node in zones],
        "rates": [{"service_id": "G", "zone": zone, "up_to_kg": "9", "price": price} for zone, price in zones.items()],
        "orders": [{"order_id": order, "placed_at": "2026-01-05T07:00:00+00:00", **place} for order in orders],
        "order_lines": [{"order_id": order, "line_id": "1", "sku_id": "K", "quantity": 2, "splittable": "false"}
                        for order in orders],
    }  # fmt: skip
    settings = {"name": "own", "currency": "USD", "as_of": "2026-01-05T08:00:00+00:00",
                "objective": {"unfilled_unit": "50"}}  # fmt: skip
    return Pack.from_tables(tables, settings=settings)


def test_one_more_never_saves_more_than_is_proven_and_enumeration_agrees():
    """Every confirmed plan exists, every bound holds, the interval holds what enumeration finds."""
    num_confirmed = num_saving = 0
    for seed in SEEDS:
        base = answer(seed)
        found = shadow_prices(base, top=3)
        assert found.is_complete
        for price in found.prices[:3]:
            if price.confirmed is None:
                continue
            confirmed, changed = price.confirmed, with_more(base.problem, price.resource, 1)
            try:
                best = solve_by_enumeration(world_from_problem(changed)).cost
                best_without = solve_by_enumeration(world_from_problem(base.problem)).cost
            except TooManyPlansError:
                continue
            where = f"seed {seed}, {price.resource.words(base.problem)}"
            num_confirmed += 1
            num_saving += confirmed.saving > 0
            assert confirmed.bound is not None, where
            assert confirmed.bound <= best <= confirmed.cost <= confirmed.cost_without, where
            assert confirmed.at_least <= best_without - best <= confirmed.at_most, where
            assert 0 <= confirmed.saving <= confirmed.at_most, where
    assert num_confirmed >= 12
    assert num_saving >= 5


def test_price_times_step_is_what_the_bound_loses_unless_packages_become_possible():
    """The theorem by its other road: the checker's bound of the changed problem, from the unchanged certificate."""
    num_same = 0
    for seed in range(110):
        base, problem = answer(seed), answer(seed).problem
        if base.certificate is None or base.certificate.leaves or len(base.certificate.own_line):
            continue
        lines = problem.lines
        for price in shadow_prices(base, confirm=False).prices:
            resource = price.resource
            if resource.kind is not ResourceKind.STOCK or len(problem.line_substitutes) or len(problem.reserves):
                continue
            asked = np.bincount(
                lines.order_idx, lines.quantity * (lines.sku_idx == resource.sku_idx), len(problem.orders)
            )
            for step in (1, 3):
                lost = base.bound - check_certificate(with_more(problem, resource, step), base.certificate).bound
                if price.supply >= asked.max():
                    assert lost == price.price * step, f"seed {seed}"
                    num_same += 1
                else:
                    assert lost >= price.price * step, f"seed {seed}"
    assert num_same >= 10


def test_more_is_more_by_the_oracles_account():
    """Problems with more of a resource have as much more of it, and of nothing else, read anew from their columns."""
    seen = set()
    for seed in range(40):
        problem = answer(seed).problem if seed in SEEDS else build(tiny_scenario(seed, with_days=True, with_rules=True))
        before = world_from_problem(problem)
        days = sorted({day for _, day in before.node_days} | {problem.as_of.date()})
        keys = {}
        for row in range(len(problem.stock)):
            node, sku = int(problem.stock.node_idx[row]), int(problem.stock.sku_idx[row])
            resource = Resource(ResourceKind.STOCK, node, sku)
            keys[resource] = ("stock", problem.nodes.node_id[node], problem.skus.sku_id[sku])
        for node, name in enumerate(problem.nodes.node_id):
            for day in days:
                number = (day - date(1970, 1, 1)).days
                for kind, label in DAY_KEYS.items():
                    keys[Resource(kind, node, day=number)] = (label, name, day)
            for service, service_name in enumerate(problem.as_given.services.service_id):
                resource = Resource(ResourceKind.SERVICE_PACKAGES, node, service_idx=service)
                keys[resource] = ("service_packages", name, service_name, days[0])
        for row in range(len(problem.service_quotas)):
            service = int(problem.service_quotas.service_idx[row])
            number = (days[0] - date(1970, 1, 1)).days
            resource = Resource(ResourceKind.SERVICE_QUOTA, service_idx=service, day=number)
            keys[resource] = ("service_quota", problem.services.service_id[service], days[0])
        for row, rule in enumerate(problem.rules):
            if rule.quota is not None:
                day = None if rule.quota.per == "batch" else days[0]
                keys[Resource(ResourceKind.RULE_QUOTA, rule_idx=row)] = ("rule_quota", rule.name, day)
        limited = {}
        for resource, key in keys.items():
            if key[0] == "service_packages" and key[1:3] not in before.offered:
                continue
            amount = supply(before, key)
            if amount is not None:
                limited[resource] = amount
        for resource, amount in limited.items():
            after = world_from_problem(with_more(problem, resource, 2))
            place = f"seed {seed}, {resource.words(problem)}"
            gained = supply(after, keys[resource]) - amount
            if resource.kind is ResourceKind.NODE_MINUTES:
                assert gained >= 0, place
            elif resource.kind in DAY_KEYS:
                assert 0 <= gained <= 2, place  # others may have used more than there was
            else:
                assert gained == 2, place
            others = [each for each in limited if each != resource]
            assert [supply(after, keys[each]) for each in others] == [limited[each] for each in others], place
            seen.add(resource.kind)
    assert seen >= {ResourceKind.STOCK, *DAY_KEYS, ResourceKind.SERVICE_PACKAGES, ResourceKind.RULE_QUOTA}


def test_hello_by_hand():
    """A second kettle at EAST saves 5.55; a second mug at SHOP the 10.50 of the one that stays, beyond its price."""
    problem = read_pack("scenarios/hello").problem()
    found = shadow_prices(solve(problem, OPTIONS))
    assert found.source == "certificate"
    named = {price.resource.words(problem): price for price in found.prices}
    kettle, mug = named["stock of kettle at EAST"], named["stock of mug at SHOP"]
    assert kettle.confirmed.saving == 5_550_000
    assert mug.confirmed.saving == mug.confirmed.at_least == mug.confirmed.at_most == 10_500_000
    assert mug.confirmed.filled == 1
    assert mug.price < mug.confirmed.saving  # two mugs in one package were not possible: docs/prices.md
    assert (kettle.supply, kettle.use) == (1, 1)
    assert found.improvement == 0


def test_a_unit_on_hand_is_worth_all_the_rows_it_raises():
    """Rows of a certificate by what the tables can say: days of arrivals, sets of reserves, days of a service."""
    problem = read_pack("scenarios/omnichannel").problem()
    reserves = problem.reserves
    row = int(reserves.stock_idx[0])
    node, sku = int(problem.stock.node_idx[row]), int(problem.stock.sku_idx[row])
    rows = [
        PricedRow(ResourceKind.STOCK, node, sku, -1, -1, -1, 5),
        PricedRow(ResourceKind.STOCK_UNTIL, node, sku, -1, 20_000, -1, 7),
        PricedRow(ResourceKind.CHANNEL_RESERVE, node, sku, -1, -1, 1, 11),
        PricedRow(ResourceKind.SERVICE_PACKAGES, node, -1, 0, 20_000, -1, 2),
        PricedRow(ResourceKind.SERVICE_PACKAGES, node, -1, 0, 20_001, -1, 3),
        PricedRow(ResourceKind.SERVICE_COMMITMENT, -1, -1, 0, 20_000, -1, -4),
        PricedRow(ResourceKind.NODE_UNITS, node, -1, -1, 20_000, -1, 0),
    ]
    worth = priced_resources(problem, rows)
    assert worth[Resource(ResourceKind.STOCK, node, sku)] == 23
    assert worth[Resource(ResourceKind.SERVICE_PACKAGES, node, service_idx=0)] == 5
    assert worth[Resource(ResourceKind.SERVICE_COMMITMENT, service_idx=0, day=20_000)] == 4
    kept = [resource for resource in worth if resource.kind is ResourceKind.CHANNEL_RESERVE]
    assert [worth[resource] for resource in kept] == [11]
    assert len(worth) == 4
    fewer = with_more(problem, kept[0], 1)
    at = (fewer.reserves.stock_idx == row) & (fewer.reserves.channel_idx == reserves.channel_idx[0])
    assert int(fewer.reserves.quantity[at].sum()) == int(reserves.quantity[0]) - 1
    day = Resource(ResourceKind.NODE_PACKAGES, node, day=20_000)
    assert day.change_words(problem, 3) == f"3 more packages at {problem.nodes.node_id[node]} on {day_text(20_000)}"


def test_own_prices_have_the_price_of_the_next_unit():
    """A certificate with own prices: what the checker's bound loses by one unit more is the price of the position."""
    base = solve(own_prices_pack().problem(), OPTIONS)
    assert len(base.certificate.own_line)
    found = shadow_prices(base, confirm=False)
    assert found.source == "certificate with own prices"
    (price,) = found.prices
    assert price.price == 4_000_000
    assert (
        base.bound - check_certificate(with_more(base.problem, price.resource, 1), base.certificate).bound
        == price.price
    )
    assert shadow_prices(base).prices[0].confirmed.saving == price.price


def test_a_stop_gives_the_prices_so_far():
    """Prices are there at once; what is not confirmed is said."""
    base = solve(read_pack("scenarios/hello").problem(), OPTIONS)
    found = shadow_prices(base, should_stop=lambda: True)
    assert found.prices
    assert not found.is_complete
    assert all(price.confirmed is None for price in found.prices)


def test_what_cannot_be_asked():
    """No certificate, no such numbers."""
    problem = read_pack("scenarios/hello").problem()
    with pytest.raises(UsageError, match="need an answer with a certificate"):
        shadow_prices(solve(problem, SolveOptions(method="policy:nearest")))
    base = answer(1)
    with pytest.raises(UsageError, match="top: expected"):
        shadow_prices(base, top=-1)
    with pytest.raises(UsageError, match="step: expected"):
        shadow_prices(base, step=0)
    with pytest.raises(UsageError, match="no more or less of a share"):
        with_more(problem, Resource(ResourceKind.NODE_SHARE, 0), 1)
