"""Pick-up, transfers, kits, substitutes, prices of stock and rejections in messages, there and back."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from cases.scene import Scene
from oracles.generate import build
from splitship.domain import Certificate, Leaf, Plan, Problem, SolveOptions
from splitship.errors import PlanError
from splitship.service.certificates import certificate_parts
from splitship.service.plans import read_certificate_message, read_plan_message
from splitship.service.requests import read_problem
from splitship.service.to_messages import plan_message, problem_message
from splitship.units import Amounts, day_number
from splitship.v1 import certificate_pb2, order_pb2, problem_pb2

DAY = day_number("2026-11-27")


def scene() -> Scene:
    """`SET` is two K and one T; V may ship for K, K and V for T; O1 is picked up at CHI but for one line."""
    found = Scene()
    found.sku("SET")
    found.sku("V")
    found.node("CHI", stock={"K": 9, "T": 9})
    found.node("ATL", stock={"K": 9, "V": 9})
    found.order("O1", {"SET": 2, "T": 1}, mode="pickup", pickup_node="CHI")
    found.order("O2", {"K": 3}, mode="", pickup_node="")
    for row in found.tables["order_lines"]:
        row |= {"mode": "", "pickup_node": ""}
    found.tables["order_lines"][1] |= {"mode": "ship"}
    found.tables["kits"] = [
        {"kit_sku_id": "SET", "sku_id": "K", "quantity": 2, "together": "false"},
        {"kit_sku_id": "SET", "sku_id": "T", "quantity": 1, "together": "false"},
    ]
    found.tables["substitutes"] = [
        {"sku_id": "K", "substitute_sku_id": "V", "price_per_unit": "0.000000000000000001"},
        {"sku_id": "T", "substitute_sku_id": "V", "price_per_unit": ""},
    ]
    found.tables["transfers"] = [
        {"from_node_id": "ATL", "to_node_id": "CHI", "days": 2, "cost_per_unit": "0.30", "cost_per_package": "4.50",
         "working_days": "1111100"},
        {"from_node_id": "CHI", "to_node_id": "ATL", "days": 0, "cost_per_unit": "", "cost_per_package": "",
         "working_days": ""},
    ]  # fmt: skip
    found.tables["stock_prices"] = [
        {"node_id": "CHI", "sku_id": "T", "price_per_unit": "-1.25"},
        {"node_id": "ATL", "sku_id": "K", "price_per_unit": "0.5"},
    ]
    found.tables["rejections"] = [
        {"order_id": "O2", "line_id": "", "node_id": "CHI"},
        {"order_id": "O1", "line_id": "T", "node_id": "ATL"},
    ]
    return found


def problem() -> Problem:
    drawn = scene()
    return build((drawn.tables, drawn.settings))


def read(message: problem_pb2.Problem) -> Problem:
    found = read_problem(message, problem_pb2.SolveOptions(), SolveOptions())
    assert found.faults == ()
    assert found.problem is not None
    return found.problem


@pytest.mark.parametrize("table", ["kits", "substitutes", "transfers", "stock_prices", "rejections"])
def test_a_table_is_the_same_after_a_round_trip(table: str) -> None:
    """Value for value, in the problem as given."""
    own = problem().as_given
    back = read(problem_message(own)).as_given
    before, after = getattr(own, table), getattr(back, table)
    assert len(before) == 2
    for field in dataclasses.fields(before):
        one, two = getattr(before, field.name), getattr(after, field.name)
        if isinstance(one, Amounts):
            assert (one.micros.tolist(), one.atto.tolist()) == (two.micros.tolist(), two.atto.tolist())
        else:
            assert one.tolist() == two.tolist()


def test_the_problem_in_force_sends_what_was_given() -> None:
    """No service of pick-up, no component, and the same input after all."""
    own = problem()
    message = problem_message(own)
    assert [service.service_id for service in message.services] == ["G"]
    assert [line.line_id for line in message.orders[0].lines] == ["SET", "T"]
    back = read(message)
    assert back.input_hash == own.input_hash
    assert back.services.service_id.tolist() == ["G", "pickup:CHI", "transfer:ATL:CHI"]
    assert problem_message(back) == message


def test_pickup_comes_back_line_by_line() -> None:
    """What a message says of its orders counts for lines that say nothing."""
    own = problem()
    message = problem_message(own)
    assert [line.pickup_node for order in message.orders for line in order.lines] == ["CHI", "", ""]
    assert own.as_given.lines.pickup_node_idx.tolist() == [0, -1, -1]
    message.orders[1].pickup_node = "ATL"
    message.orders[0].lines[1].mode = order_pb2.MODE_SHIP
    assert read(message).as_given.lines.pickup_node_idx.tolist() == [0, -1, 1]
    message.orders[1].lines[0].mode = 7
    found = read_problem(message, problem_pb2.SolveOptions(), SolveOptions())
    assert [(fault.where, fault.code) for fault in found.faults] == [("orders[1].lines[0].mode", "E108")]


def plan(own: Problem) -> Plan:
    """Both components of a kit and a line, with substitutes, from ATL."""
    line = np.array([0, 1, 3])
    number = {sku: at for at, sku in enumerate(own.skus.sku_id.tolist())}
    sku = np.array([number["V"], number["V"], number["K"]])
    return Plan(np.array([0, 1]), np.array([1, 1]), np.array([2, 0]), np.full(2, DAY), np.array([0, 0, 1]), line,
                np.array([1, 2, 3]), sku)  # fmt: skip


def test_a_plan_with_substitutes_of_components_comes_back() -> None:
    """Two components that share a substitute are told apart."""
    own = problem()
    assert own.lines.line_id.tolist() == ["SET", "SET", "T", "K"]
    message = plan_message(own, plan(own))
    texts = [(line.line_id, line.sku_id, line.component_sku_id) for line in message.packages[0].lines]
    assert texts == [("SET", "V", "T"), ("SET", "V", "K")]
    back = read_plan_message(message, own)
    assert back.content_line.tolist() == [0, 1, 3]
    assert back.content_sku_idx is not None
    assert plan(own).content_sku_idx.tolist() == back.content_sku_idx.tolist()  # type: ignore[union-attr]
    message.packages[0].lines[0].component_sku_id = "V"
    message.packages[0].lines[1].component_sku_id = ""
    message.packages[0].lines[1].sku_id = ""
    with pytest.raises(PlanError) as caught:
        read_plan_message(message, own)
    assert [(finding.where, finding.code) for finding in caught.value.findings] == [
        ("plan.packages[0].lines[0].sku_id", "E705"),
        ("plan.packages[0].lines[1].sku_id", "E702"),
    ]


def test_own_prices_shares_and_decisions_name_components() -> None:
    """A line id stands for both components."""
    own, none = problem(), np.zeros(0, np.int64)
    priced = Certificate(
        none, none, none, none, none, none, np.array([0, 1, 2]), np.array([3, 4, 5]), 5, np.array([1, 3]),
        np.array([0, 1]), np.array([7, 8]), rule_idx=none,
    )  # fmt: skip
    leaf = Leaf(np.array([1, 0]), np.array([0, -1]), np.array([True, False]), priced)
    for certificate in (priced, dataclasses.replace(Certificate.without_prices(5), leaves=(leaf,))):
        whole = certificate_pb2.Certificate()
        for part in certificate_parts(own, certificate):
            whole.MergeFrom(part)
        back = read_certificate_message(whole, own)
        for one, two in zip((certificate, *(each.prices for each in certificate.leaves)),
                            (back, *(each.prices for each in back.leaves)), strict=True):  # fmt: skip
            assert one.share_line.tolist() == two.share_line.tolist()
            assert one.own_line.tolist() == two.own_line.tolist()
        for first, second in zip(certificate.leaves, back.leaves, strict=True):
            assert first.line.tolist() == second.line.tolist()
