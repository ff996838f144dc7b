"""Beginning with an earlier answer: what is kept of a plan and of prices, and that nothing in it can make wrong."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from test_engine_cuts import pairs

from oracles.generate import build, tiny_scenario, wide_scenario
from splitship.check import check_plan
from splitship.domain import Certificate, Plan, Problem, ResourceKind, Result, SolveOptions, WarmStart
from splitship.engine.convert import certificate_of, plan_of
from splitship.engine.dual import Pricer
from splitship.engine.warm import assignment_of
from splitship.engine.warm_prices import common_prices, prices_of
from splitship.instance import compile_problem
from splitship.packs import Pack, read_pack
from splitship.packs.documents import body_hash, plan_body
from splitship.packs.warm_start import warm_start_of
from splitship.run import solve
from splitship.units import I64

US_RETAIL = Path(__file__).resolve().parents[2] / "scenarios" / "us-retail"
SHORT = SolveOptions(time_limit_s=None, work_limit=1.0, gap=0.0)
TO_THE_END = SolveOptions(time_limit_s=20.0, gap=0.0)
NONE = np.zeros(0, np.int64)


@cache
def retail() -> tuple[Problem, Result]:
    """The thousand orders and a short answer."""
    problem = read_pack(US_RETAIL).problem()
    return problem, solve(problem, replace(SHORT, work_limit=None, gap=0.007))


def pricer_of(problem: Problem) -> Pricer:
    return Pricer(compile_problem(problem, 1), 1)


def kept(problem: Problem, plan: Plan) -> Plan:
    """What is kept of a plan; never more than there is of anything."""
    pricer = pricer_of(problem)
    assignment = assignment_of(pricer, plan)
    assert (pricer.use_of(assignment) <= pricer.instance.resources.capacity).all()
    out = plan_of(pricer.instance, pricer.tables, assignment)
    assert check_plan(problem, out).is_feasible
    return out


def rows(plan: Plan) -> set[tuple[int, ...]]:
    """Packages as (order, node, service, day, line, quantity, line, quantity, ...)."""
    plan = plan.canonical()
    heads = np.stack([plan.order_idx, plan.node_idx, plan.service_idx, plan.ship_day], axis=1).tolist()
    for package, line, quantity in zip(
        plan.content_package.tolist(), plan.content_line.tolist(), plan.content_quantity.tolist(), strict=True
    ):
        heads[package] += [line, quantity]
    return {tuple(head) for head in heads}


def same(first: Plan, second: Plan) -> bool:
    return all(np.array_equal(getattr(first, each.name), getattr(second, each.name)) for each in fields(Plan))


def packages(*listed: tuple[int, int, int, int, dict[int, int]]) -> Plan:
    """A plan of (order, node, service, day, quantity by line)."""
    heads = [np.array(column, np.int64) for column in zip(*(each[:4] for each in listed), strict=True)]
    contents = [(number, *content) for number, each in enumerate(listed) for content in each[4].items()]
    return Plan(*heads, *(np.array(column, np.int64) for column in zip(*contents, strict=True)))


def prices(problem: Problem, *listed: tuple[ResourceKind, int, int, int, int, int]) -> Certificate:
    """A certificate of (kind, node, SKU, service, day, price)."""
    columns = [np.array(column, np.int64) for column in zip(*listed, strict=True)]
    return Certificate(*columns, NONE, NONE, 0)


def test_plan_comes_back_as_it_was() -> None:
    """On the same problem every package has its option and content again."""
    problem, result = retail()
    assert same(kept(problem, result.plan), result.plan)


def test_packages_in_another_sequence_make_the_same_plan() -> None:
    """Which package of another order stands first does not matter."""
    problem, result = retail()
    plan = result.plan
    shuffle = np.random.default_rng(5).permutation(len(plan))
    place = np.argsort(shuffle)
    mixed = Plan(
        plan.order_idx[shuffle], plan.node_idx[shuffle], plan.service_idx[shuffle], plan.ship_day[shuffle],
        place[plan.content_package], plan.content_line, plan.content_quantity,
    )  # fmt: skip
    assert same(kept(problem, mixed), plan)


def test_closed_node_loses_its_packages_and_no_others() -> None:
    """The busiest node closes; what other nodes ship stays as it was."""
    problem, result = retail()
    busiest = int(np.bincount(result.plan.node_idx).argmax())
    is_open = problem.nodes.is_open.copy()
    is_open[busiest] = False
    closed = replace(problem, nodes=replace(problem.nodes, is_open=is_open))
    left = kept(closed, result.plan)
    assert rows(left) == {row for row in rows(result.plan) if row[1] != busiest}
    assert 0 < len(left) < len(result.plan)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_oversold_when_stock_is_gone(seed: int) -> None:
    """Stock is cut at random: `kept` holds the use against what is left and has the checker look at the plan."""
    problem, result = retail()
    random = np.random.default_rng(seed)
    on_hand = random.integers(0, problem.stock.on_hand + 1)
    poor = replace(problem, stock=replace(problem.stock, on_hand=on_hand))
    left = kept(poor, result.plan)
    assert 0 < len(left) < len(result.plan)
    assert rows(left) < rows(result.plan)


@pytest.mark.parametrize("make", [tiny_scenario, wide_scenario])
def test_any_plan_can_be_given(make) -> None:
    """Random batches, also wide and ship-complete orders; numbers of the plan changed at random: a feasible plan."""
    for seed in range(12):
        problem = build(make(seed))
        plan = solve(problem, SHORT).plan
        assert same(kept(problem, plan), plan), seed
        random = np.random.default_rng(seed)
        for _ in range(10):
            columns = [getattr(plan, each.name).copy() for each in fields(Plan) if each.name != "content_sku_idx"]
            for number, column in enumerate(columns):
                if len(column) and number != 4:  # contents stay in a package that is there
                    column[random.integers(len(column))] += random.integers(-2, 3)
            kept(problem, Plan(*columns))


def test_twice_the_packages_are_kept_once() -> None:
    """A plan that ships everything twice has no units left for the second time."""
    problem, result = retail()
    plan = result.plan
    twice = Plan(
        *(np.tile(getattr(plan, name), 2) for name in ("order_idx", "node_idx", "service_idx", "ship_day")),
        np.concatenate([plan.content_package, plan.content_package + len(plan)]),
        np.tile(plan.content_line, 2),
        np.tile(plan.content_quantity, 2),
    )
    assert same(kept(problem, twice), plan)


def shop(as_of: str = "2026-01-05T08:00:00+00:00", complete: bool = False, on_hand: int = 9) -> Problem:
    """One node that packs 2 packages a day, one SKU, four orders of 1, 2, 3 and 4 units."""
    when = {"placed_at": "2026-01-05T07:00:00+00:00", "country": "US", "postal_code": "10001"}
    return Pack.from_tables(
        {
            "nodes": [
                {
                    "node_id": "N", "kind": "dc", "country": "US", "postal_code": "10001", "max_packages_per_day": 2,
                }
            ],
            "skus": [{"sku_id": "K", "weight_kg": "1"}],
            "stock": [{"node_id": "N", "sku_id": "K", "on_hand": on_hand}],
            "services": [{"service_id": "G", "carrier": "C"}],
            "lanes": [
                {
                    "service_id": "G", "node_id": "N", "country": "US", "destination": "*", "zone": "1",
                    "transit_days": 2,
                }
            ],
            "rates": [{"service_id": "G", "zone": "1", "up_to_kg": "9", "price": "5"}],
            "orders": [{"order_id": f"O{n}", "ship_complete": str(complete).lower()} | when for n in range(1, 5)],
            "order_lines": [
                {"order_id": f"O{n}", "line_id": "1", "sku_id": "K", "quantity": n} for n in range(1, 5)
            ],
        },
        settings={
            "schema": "splitship.pack/1", "name": "shop", "currency": "USD", "as_of": as_of,
            "objective": {"unfilled_unit": "50"}, "limits": {"horizon_days": 1},
        },
    ).problem()  # fmt: skip


FIRST = 20_458  # 2026-01-05, a Monday, in days since 1970


def test_package_of_a_day_that_is_over_ships_on_another() -> None:
    """Packed on Monday in the earlier plan; on Tuesday's batch it ships on Tuesday, the first of the cheapest."""
    plan = packages((0, 0, 0, FIRST, {0: 1}), (1, 0, 0, FIRST, {1: 2}), (2, 0, 0, FIRST + 1, {2: 3}))
    tuesday = shop("2026-01-06T08:00:00+00:00")
    # Two go on Tuesday; O3 was there already, but there is room for two, and orders are taken in their sequence.
    assert rows(kept(tuesday, plan)) == {
        (0, 0, 0, FIRST + 1, 0, 1),
        (1, 0, 0, FIRST + 1, 1, 2),
        (2, 0, 0, FIRST + 2, 2, 3),
    }


def test_ship_complete_order_stays_whole_or_goes() -> None:
    """4 of 4 units were shipped as 3 + 1, and one package is too many: with ship-complete the other goes as well."""
    plan = packages((3, 0, 0, FIRST, {3: 3}), (3, 0, 7, FIRST, {9: 1}))
    assert rows(kept(shop(), plan)) == {(3, 0, 0, FIRST, 3, 3)}
    assert rows(kept(shop(complete=True), plan)) == set()


def test_prices_come_back_as_they_were_and_prove_the_same_bound() -> None:
    """The certificate that is made of them is the one they were read from; with own prices and without."""
    few = pairs(3, 5).problem()
    for problem, result, num_own in ((few, solve(few, TO_THE_END), 3), (*retail(), 0)):
        assert result.certificate is not None
        assert len(result.certificate.own_line) == num_own
        pricer = pricer_of(problem)
        found = pricer.price(prices_of(pricer, result.certificate))
        assert found.bound == result.bound
        again = certificate_of(pricer, found)
        for each in fields(Certificate):
            assert np.array_equal(getattr(again, each.name), getattr(result.certificate, each.name)), each.name


def test_price_for_all_is_worth_what_own_prices_are() -> None:
    """Five units for lines of two that pay 2.00 a unit: 2.00 for all. Proves 3 x 9 - 5 x 2 = 17.00, not 19.00."""
    problem = pairs(3, 5).problem()
    pricer = pricer_of(problem)
    certificate = solve(problem, TO_THE_END).certificate
    assert certificate is not None
    own = prices_of(pricer, certificate)
    common = common_prices(pricer, own)
    assert common.tolist() == [2_000_000]
    assert pricer.price(own).bound == 19_000_000
    assert pricer.price(common).bound == 17_000_000


def day_prices(problem: Problem, certificate: Certificate) -> dict[int, int]:
    """The price of the node's packages by day, from Monday."""
    pricer = pricer_of(problem)
    resources, found = pricer.instance.resources, prices_of(pricer, certificate)
    is_day = resources.kind == ResourceKind.NODE_PACKAGES
    return dict(zip((resources.day[is_day] - FIRST).tolist(), found[is_day].tolist(), strict=True))


def test_capacity_keeps_the_price_of_its_day() -> None:
    """Monday 7, Tuesday 3. On Monday both, on Tuesday's batch (Tuesday, Wednesday) only Tuesday's own."""
    seven_three = prices(
        shop(),
        (ResourceKind.NODE_PACKAGES, 0, -1, -1, FIRST, 7),
        (ResourceKind.NODE_PACKAGES, 0, -1, -1, FIRST + 1, 3),
    )
    assert day_prices(shop(), seven_three) == {0: 7, 1: 3}
    assert day_prices(shop("2026-01-06T08:00:00+00:00"), seven_three) == {1: 3, 2: 0}


def test_prices_of_days_that_are_over_move_to_the_first_days() -> None:
    """None of the days is in Thursday's batch: the first price for the first day, the second for the second."""
    listed = prices(
        shop(),
        (ResourceKind.NODE_PACKAGES, 0, -1, -1, FIRST + 1, 3),
        (ResourceKind.NODE_PACKAGES, 0, -1, -1, FIRST, 7),
    )
    assert day_prices(shop("2026-01-08T08:00:00+00:00"), listed) == {3: 7, 4: 3}


def test_last_of_two_prices_counts_and_what_has_no_row_is_passed_over() -> None:
    """A resource listed twice, and one that cannot bind: 99 units for the 10 wanted have no row."""
    listed = prices(
        shop(),
        (ResourceKind.NODE_PACKAGES, 0, -1, -1, FIRST, 7),
        (ResourceKind.STOCK, 0, 0, -1, -1, 2),
        (ResourceKind.NODE_PACKAGES, 0, -1, -1, FIRST, 9),
    )
    assert day_prices(shop(on_hand=99), listed) == {0: 9, 1: 0}
    pricer = pricer_of(shop())
    assert sorted(prices_of(pricer, listed).tolist()) == [0, 2, 9]


@pytest.mark.parametrize("price", [2**62, 2**50, -5])
def test_absurd_prices_do_no_harm(price: int) -> None:
    """Sums of prices must not leave int64: the answer is verified and the optimum.

    9 of 10 units are there; leaving the order of one unit out saves its package: 3 x 5.00 + 50.00 = 65.00.
    """
    problem = shop()
    listed = prices(
        problem,
        (ResourceKind.STOCK, 0, 0, -1, -1, price),
        (ResourceKind.NODE_PACKAGES, 0, -1, -1, FIRST, price),
    )
    own = replace(listed, own_line=np.arange(4), own_node=np.zeros(4, np.int64), own_price=np.full(4, price, np.int64))
    for certificate in (listed, own):
        result = solve(problem, SHORT, warm=WarmStart(None, certificate))
        assert result.objective == 65_000_000
        assert result.bound is not None
        assert 0 <= result.bound <= 65_000_000


def test_own_prices_on_stock_that_cannot_have_them_become_a_price_for_all() -> None:
    """Lines that may be split: 9 units go to those that pay most, 4 x 8 + 3 x 6 + 2 x 1 = 52, so 5 a unit."""
    problem = shop()
    certificate = replace(
        prices(problem, (ResourceKind.NODE_PACKAGES, 0, -1, -1, FIRST, 7)),
        own_line=np.array([1, 2, 3]), own_node=np.zeros(3, np.int64), own_price=np.array([1, 6, 8]),
    )  # fmt: skip
    pricer = pricer_of(problem)
    found = prices_of(pricer, certificate)
    assert len(found) == len(pricer.instance.resources)
    assert found[pricer.instance.resources.kind == ResourceKind.STOCK].tolist() == [5]


def changed(problem: Problem, seed: int) -> Problem:
    """The problem with less stock at random."""
    random = np.random.default_rng(seed)
    on_hand: I64 = random.integers(0, problem.stock.on_hand + 1)
    return replace(problem, stock=replace(problem.stock, on_hand=on_hand))


def test_warm_answers_are_the_optimum_as_cold_ones_are() -> None:
    """Tiny batches with stock taken away since: run to the end, both ways find the same cost and a valid bound."""
    for seed in range(24):
        before = build(tiny_scenario(seed))
        now = changed(before, seed)
        cold = solve(now, TO_THE_END)
        warm = solve(now, TO_THE_END, warm=warm_start_of(solve(before, SHORT), now))
        assert warm.objective == cold.objective, seed
        assert warm.bound is not None
        assert warm.bound <= cold.objective, seed


def test_warm_start_on_the_same_batch_loses_nothing() -> None:
    """However short the second solve, plan and bound are at least as good; the same twice, on one thread and two."""
    problem, result = retail()
    warm = warm_start_of(result, problem)
    answers = [solve(problem, replace(SHORT, work_limit=0.1, threads=threads), warm=warm) for threads in (1, 2, 2)]
    assert len({body_hash(plan_body(answer)) for answer in answers}) == 1
    assert result.bound is not None
    assert answers[0].bound is not None
    assert answers[0].objective <= result.objective
    assert answers[0].bound >= result.bound
    assert answers[0].events[0].phase == "warm start"


def test_better_start_than_none_after_a_change() -> None:
    """Some stock is gone: with as little work the warm answer is better at both ends."""
    problem, result = retail()
    gone = np.random.default_rng(1).random(len(problem.stock.on_hand)) < 0.02
    now = replace(problem, stock=replace(problem.stock, on_hand=np.where(gone, 0, problem.stock.on_hand)))
    options = replace(SHORT, work_limit=0.05)
    cold, warm = solve(now, options), solve(now, options, warm=warm_start_of(result, now))
    assert warm.gap is not None
    assert cold.gap is not None
    assert warm.gap < 0.5 * cold.gap


def test_empty_hints_change_nothing() -> None:
    """A warm start with nothing in it gives the answer of a solve without."""
    problem = shop()
    plain = body_hash(plan_body(solve(problem, SHORT)))
    assert body_hash(plan_body(solve(problem, SHORT, warm=WarmStart()))) == plain
    empty = WarmStart(Plan.empty(), Certificate.without_prices(0))
    assert solve(problem, SHORT, warm=empty).objective == 65_000_000
