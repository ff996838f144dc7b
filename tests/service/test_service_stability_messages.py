"""Reserves of channels, the plan before and what became of it in messages, there and back."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from cases.scene import Scene
from oracles.generate import build
from splitship.domain import Certificate, Plan, Problem, ResourceKind, SolveOptions
from splitship.domain.parts import in_parts, with_whole_lines
from splitship.errors import PlanError
from splitship.service.certificates import certificate_parts
from splitship.service.plans import read_certificate_message, read_plan_message
from splitship.service.requests import read_problem
from splitship.service.to_messages import plan_message, problem_message, problem_parts
from splitship.service.unsent import unsent_tables
from splitship.units import day_number
from splitship.v1 import certificate_pb2, order_pb2, problem_pb2

FRIDAY = day_number("2026-11-27")


def scene() -> Scene:
    """O1 asks for 6 K: 1 has left CHI, 3 are promised from CHI and 1 from ATL; O2's T is picked up at CHI."""
    found = Scene()
    found.sku("SET")
    found.node("CHI", stock={"K": 9, "T": 9})
    found.node("ATL", stock={"K": 9, "T": 4})
    found.order("O1", {"K": 6, "SET": 1}, mode="", pickup_node="", channel="web")
    found.order("O2", {"T": 2}, mode="pickup", pickup_node="CHI", channel="")
    found.tables["kits"] = [{"kit_sku_id": "SET", "sku_id": sku, "quantity": 1, "together": "false"} for sku in "KT"]
    found.tables["transfers"] = [{"from_node_id": "ATL", "to_node_id": "CHI", "days": 1}]
    found.tables["channel_reserves"] = [
        {"node_id": "CHI", "sku_id": "K", "channel": "web", "quantity": 2, "price_per_unit": ""},
        {"node_id": "CHI", "sku_id": "K", "channel": "app", "quantity": 1, "price_per_unit": "0.000000000000000001"},
        {"node_id": "ATL", "sku_id": "", "channel": "web", "quantity": 0, "price_per_unit": "0"},
    ]
    found.tables["plan_before"] = [
        row("O1", "K", "CHI", 1, state="released"),
        row("O1", "K", "CHI", 3, move_price="4.5", package_id="A"),
        row("O1", "K", "ATL", 1, move_price="0", package_id="B"),
        row("O1", "SET", "ATL", 1, move_price="0", package_id="B", sku_id="T"),
        row("O2", "T", "ATL", 2, service_id="transfer:ATL:CHI"),
    ]
    return found


def row(order: str, line: str, node: str, quantity: int, **more: Any) -> dict[str, Any]:
    """A row of the table; what is not given is empty."""
    cells = {"service_id": "G", "ship_on": "2026-11-27", "state": "", "move_price": "", "package_id": "",
             "sku_id": ""}  # fmt: skip
    return {"order_id": order, "line_id": line, "node_id": node, "quantity": quantity, **cells, **more}


def problem(found: Scene | None = None) -> Problem:
    """The scene's problem."""
    drawn = found or scene()
    return build((drawn.tables, drawn.settings))


def read(message: problem_pb2.Problem) -> Problem:
    """The problem of a message without faults."""
    found = read_problem(message, problem_pb2.SolveOptions(), SolveOptions())
    assert found.faults == ()
    assert found.problem is not None
    return found.problem


def test_reserves_and_the_plan_before_survive_the_messages() -> None:
    """The same hash, whole and in parts; the parts of lines, promises and reserves are the same in force."""
    own = problem()
    message = problem_message(own)
    again = read(message)
    assert again.input_hash == own.input_hash
    merged = problem_pb2.Problem()
    for part in problem_parts(own):
        merged.MergeFrom(problem_pb2.Problem.FromString(part.SerializeToString()))
    assert read(merged).input_hash == own.input_hash
    assert again.lines.part_of.tolist() == own.lines.part_of.tolist()
    assert again.promises.units.tolist() == own.promises.units.tolist()
    assert again.reserves.quantity.tolist() == own.reserves.quantity.tolist() == [1, 2]


def test_messages_say_states_prices_and_ways() -> None:
    """An empty price is a package that must be kept, 0 one that costs nothing; a way is named as in the pack."""
    lines = problem_message(problem()).plan_before
    assert [line.move_price for line in lines] == ["4.5", "", "0", "0", ""]
    assert [line.service_id for line in lines][-1] == "transfer:ATL:CHI"
    assert [line.sku_id for line in lines] == ["", "", "", "T", ""]
    assert [line.state for line in lines].count(order_pb2.PACKAGE_STATE_RELEASED) == 1
    reserves = problem_message(problem()).channel_reserves
    assert sorted(reserve.price_per_unit for reserve in reserves) == ["", "0", "0.000000000000000001"]


def test_every_part_of_a_problem_is_sent() -> None:
    """No table is refused for want of a message."""
    assert unsent_tables() == []


def test_a_fault_names_the_field() -> None:
    """A quantity that is not there, a service that is none, a state that nobody knows."""
    message = problem_message(problem())
    message.channel_reserves[0].ClearField("quantity")
    message.plan_before[0].service_id = "grnd"
    message.plan_before[1].state = 7  # type: ignore[assignment]
    faults = read_problem(message, problem_pb2.SolveOptions(), SolveOptions()).faults
    found = {(finding.where, finding.code) for finding in faults}
    assert {("channel_reserves[0].quantity", "E109"), ("plan_before[0].service_id", "E301")} <= found
    assert ("plan_before[1].state", "E108") in found


def test_plans_name_whole_lines_and_are_dealt_to_parts() -> None:
    """4 K from CHI on Friday: 3 of them keep the promise, 1 is of what was promised nowhere."""
    own = problem()
    chi, ground = own.nodes.node_id.tolist().index("CHI"), own.services.service_id.tolist().index("G")
    one = np.zeros(1, np.int64)
    whole = Plan(one, one + chi, one + ground, one + FRIDAY, one, one, one + 4)
    dealt = in_parts(own, whole)
    assert sorted(dealt.content_quantity.tolist()) == [1, 3]
    message = plan_message(own, dealt)
    assert [line.quantity for line in message.packages[0].lines] == [4]
    read = read_plan_message(message, own)
    assert (read.content_line.tolist(), read.content_quantity.tolist()) == (
        dealt.canonical().content_line.tolist(),
        dealt.canonical().content_quantity.tolist(),
    )
    assert with_whole_lines(own, read).content_quantity.tolist() == [4]


def certificate(own: Problem) -> Certificate:
    """Prices of two sets of reserves, and an own price and a value of the second part of O1's first line."""
    chi, k = own.nodes.node_id.tolist().index("CHI"), own.skus.sku_id.tolist().index("K")
    none, two = np.full(2, -1), np.ones(2, np.int64)
    kind = two * int(ResourceKind.CHANNEL_RESERVE)
    one = np.ones(1, np.int64)
    return Certificate(
        kind, two * chi, two * k, none, none, np.array([5, 7]), one, one * 3, 11, one, one * chi, one * 2,
        rule_idx=np.array([1, 3]),
    )  # fmt: skip


def test_certificates_name_channels_and_parts() -> None:
    """Sets of reserves by the names of their channels, parts by their numbers; both come back."""
    own = problem()
    (message,) = certificate_parts(own, certificate(own))
    assert [list(price.channels) for price in message.prices] == [["app"], ["app", "web"]]
    assert (message.shares[0].part, message.own_prices[0].part) == (1, 1)
    read = read_certificate_message(certificate_pb2.Certificate.FromString(message.SerializeToString()), own)
    for field in dataclasses.fields(Certificate):
        value = getattr(read, field.name)
        if isinstance(value, np.ndarray):
            assert value.tolist() == getattr(certificate(own), field.name).tolist(), field.name


def test_channels_that_keep_nothing_and_parts_that_are_not_there_are_faults() -> None:
    """With the path of the field."""
    own = problem()
    (message,) = certificate_parts(own, certificate(own))
    message.prices[0].channels[:] = ["shop"]
    message.shares[0].part = 9
    message.own_prices[0].ClearField("part")
    with pytest.raises(PlanError) as caught:
        read_certificate_message(message, own)
    assert [finding.where for finding in caught.value.findings] == [
        "certificate.prices[0].channels",
        "certificate.shares[0].part",
        "certificate.own_prices[0].part",
    ]
