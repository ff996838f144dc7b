"""Answers side by side: every difference adds up, and what is said to move is what moved."""

from __future__ import annotations

import dataclasses
from copy import deepcopy
from decimal import Decimal

import numpy as np
import pytest

from cases.scene import Scene
from oracles.generate import build
from planning.answers import (
    by_policy,
    changed,
    other_scenario,
    packages_by_order,
    pair,
    proven,
    same_plan,
    scenario_of,
    value,
)
from splitship.domain import Result, SolveOptions
from splitship.errors import UsageError
from splitship.packs import Pack, read_pack
from splitship.packs.documents import plan_document
from splitship.planning import compare
from splitship.planning.comparison_document import comparison_document
from splitship.planning.comparison_tables import comparison_sheets, parts_of
from splitship.planning.moves import ABSENT, Fate, moves_between
from splitship.planning.order_costs import ORDER_TERMS
from splitship.planning.order_packages import OrderPackages
from splitship.run.solve import solve
from splitship.units import format_micros, parse_micros

SEEDS = range(32)


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Result, Result]]:
    return [pair(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def hello() -> Result:
    return by_policy(read_pack("scenarios/hello").problem(), "nearest")


@pytest.fixture(scope="module")
def soft() -> tuple[Result, Result]:
    """Two packages from A; in the other scenario one of them is beyond a soft quota, at 3.00."""
    scene = Scene()
    scene.node("A", stock={"K": 9})
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})
    base = by_policy(build((scene.tables, scene.settings)))
    scene.rule({"node": {"node_id": "A"}}, quota={"packages": 1, "price_over": "3.00"})
    return base, same_plan(base, build((scene.tables, scene.settings)))


def test_parts_add_up_to_the_difference_of_the_objectives(
    pairs: list[tuple[Result, Result]], soft: tuple[Result, Result]
) -> None:
    """Moved, re-costed, added, removed and soft: to the micro, term by term too, as two documents say it."""
    met = set()
    for base, other in [*pairs, soft]:
        comparison = compare(base, other, names=("a", "b"))
        parts = parts_of(comparison.steps[0])
        old, new = plan_document(base), plan_document(other)
        assert sum(sum(costs.values()) for _, _, costs in parts) == parse_micros(new["objective"]) - parse_micros(
            old["objective"]
        )
        for term in (*ORDER_TERMS, "soft"):
            expected = parse_micros(new["costs"][term]) - parse_micros(old["costs"][term])
            assert sum(costs.get(term, 0) for _, _, costs in parts) == expected, term
        assert sum(num or 0 for _, num, _ in parts) + comparison.steps[0].moves.count(Fate.SAME) == len(
            set(base.problem.orders.order_id) | set(other.problem.orders.order_id)
        )
        met |= {part for part, num, costs in parts if num or any(costs.values())}
    assert met == {"moved", "recosted", "added", "removed", "soft"}
    assert parts_of(compare(*soft, names=("a", "b")).steps[0])[-1] == ("soft", None, {"soft": 3_000_000})


def test_orders_that_moved_are_those_whose_packages_differ(pairs: list[tuple[Result, Result]]) -> None:
    """Held against the packages of the plan documents, order by order and by ids alone."""
    met = set()
    for base, other in pairs:
        moves = compare(base, other, names=("a", "b")).steps[0].moves
        old, new = packages_by_order(base), packages_by_order(other)
        for row, order_id in enumerate(moves.order_id.tolist()):
            fate = Fate(moves.fate[row])
            met.add(fate)
            assert (fate is Fate.ADDED, fate is Fate.REMOVED) == (order_id not in old, order_id not in new)
            if order_id in old and order_id in new:
                assert (fate is Fate.MOVED) == (old[order_id] != new[order_id]), order_id
                is_recosted = any(moves.differences[term][row] for term in ORDER_TERMS)
                assert fate is Fate.MOVED or (fate is Fate.RECOSTED) == is_recosted
    assert met == set(Fate)


@pytest.mark.parametrize("column", ["node_idx", "service_idx", "ship_day", "content_quantity", "content_line"])
def test_one_thing_that_is_different_makes_a_move(hello: Result, column: str) -> None:
    """A node, a service, a day, units or a line of one order; all other orders are the same."""
    values = getattr(hello.plan, column).copy()
    at, order = (2, int(hello.plan.order_idx[hello.plan.content_package[2]])) if "content" in column else (2, -1)
    order = int(hello.plan.order_idx[at]) if order < 0 else order
    if column == "content_line":
        own = np.flatnonzero(hello.problem.lines.order_idx == order)
        values[at] = next(line for line in own.tolist() if line != values[at])
    else:
        values[at] = values[at] - 1 if values[at] else 1
    other = dataclasses.replace(hello, plan=dataclasses.replace(hello.plan, **{column: values}))
    moves = moves_between(hello, other)
    assert np.flatnonzero(moves.fate == Fate.MOVED).tolist() == [order]
    assert OrderPackages(hello).words(order) != OrderPackages(other).words(order)


def test_cost_of_a_move_is_that_of_the_orders_alone(pairs: list[tuple[Result, Result]]) -> None:
    """Packages of each order as the documents price them."""
    for base, other in pairs[:24]:
        moves = compare(base, other, names=("a", "b")).steps[0].moves
        sums = []
        for result in (base, other):
            of_order: dict[str, int] = {}
            for package in plan_document(result)["packages"]:
                of_order[package["order_id"]] = of_order.get(package["order_id"], 0) + sum(
                    parse_micros(text) for text in package["costs"].values()
                )
            sums.append(of_order)
        for row, order_id in enumerate(moves.order_id.tolist()):
            priced = sum(int(moves.differences[term][row]) for term in ORDER_TERMS if term not in ("split", "unfilled"))
            assert priced == sums[1].get(order_id, 0) - sums[0].get(order_id, 0)


def test_same_plan_in_tables_of_another_sequence_is_no_difference() -> None:
    """Ids are what is matched: every table upside down, the plan as it was."""
    num = 0
    for seed in range(16):
        tables, settings = scenario_of(seed)
        base = by_policy(build((tables, settings)))
        turned = deepcopy(tables)
        for name in ("nodes", "skus", "services", "orders", "stock", "lanes"):
            turned[name] = turned[name][::-1]
        other = same_plan(base, build((turned, settings)))
        comparison = compare(base, other, names=("a", "b"))
        assert comparison.steps[0].total == 0
        assert comparison.steps[0].moves.count(Fate.SAME) == len(base.problem.orders)
        assert [row.key for row in comparison.changed_rows] == ["objective"]
        num += len(base.plan)
    assert num > 16


def test_rates_alone_recost_and_move_nothing() -> None:
    """All shipping a tenth dearer under the same plan: the orders with a package, and no other term."""
    pack = read_pack("scenarios/us-retail")
    base = by_policy(pack.problem())
    other = same_plan(base, pack.problem("rate_increase"))
    comparison = compare(base, other)
    moves = comparison.steps[0].moves
    assert comparison.names == ("baseline", "rate_increase")
    assert moves.count(Fate.MOVED) == 0
    assert moves.count(Fate.RECOSTED) > 900
    assert moves.of_fate(Fate.RECOSTED)["shipping"] == comparison.steps[0].total > 0
    assert {row.key for row in comparison.changed_rows if row.group not in ("cost",)} == set()


def test_difference_within_the_gaps_is_marked(hello: Result) -> None:
    """87.50 with 80.00 proven, 91.50 with 86.00: 4.00 of 7.50 and 5.50; the least costs differ by -1.50 to 11.50."""
    other = other_scenario(hello, "per_order_optimal", bound=86_000_000)
    base = proven(hello, 80_000_000)
    comparison = compare(base, other)
    step = comparison.steps[0]
    assert (step.total, step.tolerance, step.interval) == (4_000_000, 13_000_000, (-1_500_000, 11_500_000))
    assert step.is_within_gap
    assert "within gap" in repr(comparison)
    marked = {row.key for row in comparison.rows if comparison.is_within_gap(row, 1)}
    assert marked == {"objective", "cost.shipping", "cost.handling", "cost.delivery", "cost.late", "cost.split"}


def test_difference_as_large_as_the_gaps_is_not_marked(hello: Result) -> None:
    other = other_scenario(hello, "per_order_optimal", bound=89_500_000)
    step = compare(proven(hello, 85_500_000), other).steps[0]
    assert (step.total, step.tolerance) == (4_000_000, 4_000_000)
    assert not step.is_within_gap
    assert step.interval == (2_000_000, 6_000_000)


def test_without_a_bound_nothing_is_proven(hello: Result) -> None:
    other = other_scenario(hello, "per_order_optimal")
    step = compare(hello, other).steps[0]
    assert (step.tolerance, step.interval, step.is_within_gap) == (None, (None, None), False)
    step = compare(proven(hello, 80_000_000), other).steps[0]
    assert (step.tolerance, step.interval) == (None, (None, 11_500_000))


def test_plan_for_the_same_problem_is_held_against_its_bound(hello: Result) -> None:
    """A policy beside a proven answer for the same input: what it costs beyond the least is between the two."""
    best = solve(hello.problem, SolveOptions(gap=0.0, time_limit_s=30))
    comparison = compare(best, hello, names=("best", "nearest"))
    assert comparison.bounds == (best.bound, best.bound)
    assert comparison.is_given(1)
    assert not comparison.is_given(0)
    step = comparison.steps[0]
    assert step.interval == (hello.objective - best.objective, hello.objective - (best.bound or 0))
    assert not step.is_within_gap


def test_changed_problem_has_no_bound_of_its_pack(hello: Result) -> None:
    """One more unit of stock under the same hash of input: what was proven without it does not hold."""
    best = solve(hello.problem, SolveOptions(gap=0.0, time_limit_s=30))
    more = other_scenario(hello, "per_order_optimal")
    assert more.problem.input_hash == hello.problem.input_hash
    assert compare(best, more, names=("a", "b")).bounds == (best.bound, None)
    again = read_pack("scenarios/hello").problem()
    assert again is not hello.problem
    assert compare(best, by_policy(again), names=("a", "b")).bounds == (best.bound, best.bound)


@pytest.mark.parametrize("first", range(0, 16, 4))
def test_interval_holds_the_difference_of_the_least_costs(first: int) -> None:
    """Bad plans and proven bounds: the least costs, found by solving to the end, differ by something in between."""
    for seed in range(first, first + 4):
        scenario = scenario_of(seed)
        problems = [build(scenario), build(changed(scenario, seed))]
        best = [solve(each, SolveOptions(gap=0.0, time_limit_s=20, threads=1)) for each in problems]
        poor = [
            proven(by_policy(each, "priority"), (one.bound or 0) - 250_000)
            for each, one in zip(problems, best, strict=True)
        ]
        least, most = compare(*poor, names=("a", "b")).steps[0].interval
        assert least is not None
        assert most is not None
        low, high = best[1].bound or 0, best[1].objective
        assert least <= high - (best[0].bound or 0)
        assert low - best[0].objective <= most


def test_tables_hold_what_the_comparison_says(pairs: list[tuple[Result, Result]]) -> None:
    """Frame, document and sheets of one comparison."""
    comparison = compare(*pairs[2], names=("a", "<b>"))
    frame, moves, document = comparison.to_frame(), comparison.moves_frame(), comparison_document(comparison)
    assert frame.index.tolist() == [row.key for row in comparison.rows] == [each["key"] for each in document["kpis"]]
    assert frame.loc["objective", "<b> difference"] == Decimal(format_micros(comparison.steps[0].total))
    (step,) = document["comparisons"]
    assert sum((Decimal(part["difference"]) for part in step["parts"]), Decimal()) == Decimal(step["difference"])
    assert sum(moves["difference"], Decimal()) + Decimal(format_micros(comparison.steps[0].moves.soft)) == Decimal(
        step["difference"]
    )
    assert moves["order_id"].tolist() == [each["order_id"] for each in step["orders"]]
    kpis, parts, orders = comparison_sheets(comparison)
    assert (len(kpis.rows), len(parts.rows), len(orders.rows)) == (len(frame), 6, len(moves))
    assert comparison.moves_frame("<b>").equals(moves)
    html = comparison._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    with pytest.raises(UsageError, match="no answer 'c' beside the baseline"):
        comparison.moves_frame("c")


def test_rows_of_moves_name_orders_that_are_absent(pairs: list[tuple[Result, Result]]) -> None:
    for base, other in pairs:
        moves = compare(base, other, names=("a", "b")).steps[0].moves
        assert ((moves.base_row == ABSENT) == (moves.fate == Fate.ADDED)).all()
        assert ((moves.other_row == ABSENT) == (moves.fate == Fate.REMOVED)).all()


def test_nothing_ordered_can_be_compared() -> None:
    """No orders at all, against the same."""
    tables, settings = scenario_of(1)
    empty = {name: rows if name not in ("orders", "order_lines") else [] for name, rows in tables.items()}
    problem = Pack.from_tables(empty, settings).problem()
    result = solve(problem, SolveOptions(method="policy:priority"))
    comparison = compare(result, result, names=("a", "b"))
    assert comparison.steps[0].total == 0
    assert value(comparison, "split_rate") is None
    assert value(comparison, "days.p95") is None
    assert comparison.to_frame().loc["fill.units", "b"] is None


def test_what_cannot_be_compared_is_refused(hello: Result) -> None:
    with pytest.raises(UsageError, match="at least one other"):
        compare(hello)
    with pytest.raises(UsageError, match="2 answers, 1 names"):
        compare(hello, hello, names=["a"])
    with pytest.raises(UsageError, match="'a' is there twice"):
        compare(hello, hello, names=["a", "a"])
    euros = dataclasses.replace(hello, problem=dataclasses.replace(hello.problem, currency="EUR"))
    with pytest.raises(UsageError, match="one currency"):
        compare(hello, euros)
    unpriced = dataclasses.replace(hello, report=dataclasses.replace(hello.report, costs=None, packages=None))
    with pytest.raises(UsageError, match="no price"):
        compare(hello, unpriced)
    assert compare(hello, hello).names == ("baseline", "baseline (2)")
