"""Explanations: every number by two roads, and the arithmetic of the pack that can be worked by hand."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cases.scene import Scene
from splitship.domain import SolveOptions
from splitship.errors import UsageError
from splitship.packs import Pack, read_pack
from splitship.planning import Explainer, explain, explanation_document
from splitship.planning.explanation import PricesFrom
from splitship.planning.order_costs import ORDER_TERMS, order_costs
from splitship.planning.questions import answer, answers
from splitship.run import solve


@pytest.fixture(scope="module")
def hello():
    return solve(read_pack("scenarios/hello").problem(), SolveOptions(gap=0.0, time_limit_s=30))


@pytest.fixture(scope="module")
def retail():
    return solve(read_pack("scenarios/us-retail").problem(), SolveOptions(gap=0.02, time_limit_s=60))


@pytest.fixture(scope="module")
def explained(retail):
    """Some orders of us-retail: those left short, those in most packages and others."""
    counts = np.bincount(retail.plan.order_idx, minlength=len(retail.problem.orders))
    short = retail.problem.lines.order_idx[retail.unfilled.line_idx][:5]
    some = np.unique(np.concatenate([short, np.argsort(-counts)[:5], np.arange(0, 1000, 97)]))
    with Explainer(retail) as explainer:
        found = [explainer.explain(str(retail.problem.orders.order_id[order])) for order in some.tolist()]
        yield explainer, found


def test_the_kettle_that_was_not_taken(hello):
    """O1 from EAST: 6.00 + 1.20 + 2 x 0.25 + ... = 7.70 by itself, SHOP 13.25, so 5.55 cheaper; the last kettle of EAST
    is worth more to O2, for which SHOP is 9.55 dearer (10.90 from EAST alone, 20.45 in two packages)."""
    found = explain(hello, "O1")
    east = found.node("EAST").best
    assert (found.chosen.direct, east.way.direct, east.direct_difference) == (13_250_000, 7_700_000, -5_550_000)
    (kettle,) = east.way.taken
    assert (kettle.kind, kettle.node_id, kettle.sku_id, kettle.units) == ("stock", "EAST", "kettle", 1)
    assert 5_550_000 <= kettle.price <= 9_550_000
    assert east.difference == kettle.price - 5_550_000
    assert east.verdict.startswith("lost by")
    assert "kettle at EAST" in east.verdict
    assert found.node("WEST").obstacles == (("NOT_CARRIED", "line 1: WEST: kettle is not carried"),)
    assert found.regret == 0


def test_costs_of_the_chosen_plan_are_the_orders(retail, explained):
    costs = order_costs(retail)
    for found in explained[1]:
        for term in ORDER_TERMS:
            assert getattr(found.chosen.costs, term) == getattr(costs, term)[found.order_idx], (found.order_id, term)
        assert found.chosen.costs.soft == 0
        assert int(found.chosen.package_cost.sum()) == sum(
            getattr(found.chosen.costs, term) for term in ("shipping", "handling", "delivery", "late", "rules")
        )


def test_costs_at_prices_are_those_of_the_engine(explained):
    """The checker's cost and use times price, against what the kernel that prices plans adds up."""
    explainer, all_found = explained
    at = explainer.pricer.price(explainer.prices)
    for found in all_found:
        ways = [found.chosen, *(each.way for each in found.alternatives)]
        ways += [view.best.way for view in found.nodes if view.best is not None]
        for way in ways:
            engine = explainer.search.of_plan(found.order_idx, way.plan)
            assert engine.value == way.total, (found.order_id, found.words_of(way))
            assert way.total >= at.cost[found.order_idx]
        best = min([found.chosen.total, *(each.way.total for each in found.alternatives)])
        assert found.are_best
        if best > at.cost[found.order_idx]:  # packages that only together take more than there is
            plan = at.plans
            slot = explainer.pricer.tables.slot_ptr[found.order_idx]
            assert plan.count[found.order_idx] > 1, slot
        assert found.regret == max(0, found.chosen.total - best)


def test_differences_are_differences(explained):
    for found in explained[1]:
        for each in found.alternatives:
            assert each.difference == each.way.total - found.chosen.total
            assert each.direct_difference == each.way.direct - found.chosen.direct
        totals = [each.way.total for each in found.alternatives]
        assert totals == sorted(totals)
        for view in found.nodes:
            if view.best is not None:
                nodes = found.result.problem.nodes.node_id[view.best.way.plan.node_idx].tolist()
                assert view.node_id in nodes
        if found.one_package is not None:
            assert (len(found.one_package.way.plan), found.one_package.way.num_left) == (1, 0)


def test_alternatives_take_no_more_than_there_is(hello):
    """One mug is left for the two of O5: two packages of one each are no way to ship it."""
    found = explain(hello, "O5")
    for each in found.alternatives:
        assert int(each.way.plan.content_quantity.sum()) <= 1
    assert found.unfilled[0].reason == "NO_STOCK"
    assert found.unfilled[0].cost == 11_000_000


def test_more_alternatives_begin_with_the_fewer(retail):
    with Explainer(retail) as explainer:
        few, many = explainer.explain("R0002", 2), explainer.explain("R0002", 9)
    assert len(many.alternatives) == 9
    assert [each.way.total for each in few.alternatives] == [each.way.total for each in many.alternatives[:2]]


def test_questions_are_answered_with_numbers(hello):
    late, split, upgraded, short = (explain(hello, order) for order in ("O1", "O3", "O4", "O5"))
    assert "1 day late; that costs 4.00 USD" in answer(late, "late").text
    assert "lost by" in answer(late, "node=EAST").text
    assert "0.50 USD" in answer(split, "split").text
    assert "lamp is not carried" in answer(split, "split").text
    # air 17.50 of carriage, ground 7.50, 2 days late
    assert "save 10.00 USD" in answer(upgraded, "upgraded").text
    assert "2 days late" in answer(upgraded, "upgraded").text
    assert "2.50 USD dearer" in answer(upgraded, "upgraded").text
    assert "NO_STOCK" in answer(short, "unfilled").text
    assert "11.00 USD" in answer(short, "unfilled").text
    assert "is used" in answer(late, "service=ground").text
    assert [each.question for each in answers(short)] == ["why not shipped?"]
    assert not answer(late, "split").applies
    assert not answer(late, "unfilled").applies


def test_lines_that_ship_alone_are_why_an_order_is_split():
    """A has all of it, in three packages: K and T ship alone, U and V together."""
    scene = Scene()
    for sku in "KT":
        scene.sku(sku, ship_alone="true")
    for sku in "UV":
        scene.sku(sku)
    scene.node("A", "1", dict.fromkeys("KTUV", 9))
    scene.order("O1", dict.fromkeys("KTUV", 1))
    found = explain(solve(Pack.from_tables(scene.tables, settings=scene.settings).problem()), "O1")
    assert found.num_packages == 3
    assert "2 lines ship alone: from one node it takes 3 packages, A by G." in answer(found, "split").text
    none = answer(replace(found, options=()), "split").text  # nothing of the order leaves any node
    assert none.endswith("No node has all of it in one package.")


def test_only_of_a_wide_order_is_said_that_it_has_too_many_lines(hello):
    """O3 is split; with the options of O1 a single package would do."""
    split, single = explain(hello, "O3"), explain(hello, "O1")
    made = replace(split, options=single.options)
    assert "too many lines" not in answer(made, "split").text
    assert "too many lines" in answer(replace(made, is_wide=True), "split").text


@pytest.mark.parametrize("question", ["why", "node=NOWHERE", "service=rocket", "node", "split=1"])
def test_what_is_no_question_is_refused(hello, question):
    with pytest.raises(UsageError):
        answer(explain(hello, "O1"), question)


def test_every_question_has_an_answer_for_every_order(explained):
    node, service = "DFW7", "next_day"
    for found in explained[1]:
        for question in ("split", "farther", "upgraded", "late", "unfilled", f"node={node}", f"service={service}"):
            assert answer(found, question).text
        json.dumps(explanation_document(found))


def test_an_answer_without_a_certificate_has_prices_found_for_it():
    problem = read_pack("scenarios/hello").problem()
    base = solve(problem, SolveOptions(method="policy:nearest", time_limit_s=None))
    found = explain(base, "O1")
    assert found.prices_from is PricesFrom.FOUND
    assert "found by a short search" in found.prices_from.words
    assert explanation_document(found)["prices_from"] == "found"


def test_what_is_no_order_is_refused(hello):
    with pytest.raises(UsageError, match="no order 'O9'"):
        explain(hello, "O9")
    with pytest.raises(UsageError, match="k: expected"):
        explain(hello, "O1", k=0)


def test_the_document_says_all_of_it(hello):
    document = explanation_document(explain(hello, "O1"))
    assert document["schema"] == "splitship.explanation/1"
    assert document["chosen"]["direct_cost"] == "13.25"
    assert document["chosen"]["packages"][0]["deliver_on"] == "2026-12-03"
    assert [each["node_id"] for each in document["nodes"]] == ["SHOP", "EAST", "WEST"]
    assert document["answers"][0]["question"] == "why late?"
