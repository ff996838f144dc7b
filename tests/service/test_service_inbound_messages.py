"""Arriving stock in messages, and prices of stock until a day, there and back."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from cases.scene import Scene
from oracles.generate import build
from splitship.domain import Certificate, Problem, ResourceKind, SolveOptions
from splitship.errors import PlanError
from splitship.packs.warm_start import keep_known
from splitship.service.certificates import certificate_parts
from splitship.service.plans import read_certificate_message
from splitship.service.requests import read_problem
from splitship.service.to_messages import problem_message
from splitship.units import day_number
from splitship.v1 import certificate_pb2, problem_pb2

DAY = day_number("2026-11-28")


def problem() -> Problem:
    """K arrives where some lies, T where none does."""
    scene = Scene()
    scene.node("CHI", stock={"K": 1})
    scene.node("ATL", stock={"K": 1, "T": 1})
    scene.order("O1", {"K": 1, "T": 1})
    scene.tables["inbound"] = [
        {"node_id": "CHI", "sku_id": "T", "available_on": "2026-12-01", "quantity": 7},
        {"node_id": "CHI", "sku_id": "K", "available_on": "2026-11-28", "quantity": 2},
        {"node_id": "CHI", "sku_id": "K", "available_on": "2026-11-29", "quantity": 3},
    ]
    return build((scene.tables, scene.settings))


def certificate() -> Certificate:
    kinds = np.array([ResourceKind.STOCK_UNTIL, ResourceKind.STOCK, ResourceKind.STOCK_UNTIL], np.int64)
    none, empty = np.full(3, -1), np.zeros(0, np.int64)
    return Certificate(
        kinds, np.array([0, 1, 1]), np.array([0, 0, 1]), none, np.array([DAY + 1, -1, DAY]), np.array([7, 8, 9]),
        empty, empty, 5, rule_idx=none,
    )  # fmt: skip


def test_arrivals_are_the_same_after_a_round_trip() -> None:
    """As given: positions that only hold arrivals are not said, and come back by themselves."""
    own = problem()
    message = problem_message(own)
    assert len(message.inbound) == 3
    assert len(message.stock) == len(own.as_given.stock) == len(own.stock) - 1
    assert [row.available_on for row in message.inbound if row.quantity == 7] == ["2026-12-01"]
    read = read_problem(message, problem_pb2.SolveOptions(), SolveOptions())
    assert read.faults == ()
    assert read.problem is not None
    for field in dataclasses.fields(own.inbound):
        assert getattr(read.problem.inbound, field.name).tolist() == getattr(own.inbound, field.name).tolist()
    assert read.problem.stock.on_hand.tolist() == own.stock.on_hand.tolist()
    assert problem_message(read.problem) == message


def test_prices_of_stock_until_a_day_are_the_same_after_a_round_trip() -> None:
    """They have a node, a SKU and a date; stock has no date."""
    whole = certificate_pb2.Certificate()
    for part in certificate_parts(problem(), certificate()):
        whole.MergeFrom(part)
    dates = [(price.kind, price.date) for price in whole.prices]
    assert dates == [
        (certificate_pb2.RESOURCE_KIND_STOCK, ""),
        (certificate_pb2.RESOURCE_KIND_STOCK_UNTIL, "2026-11-29"),
        (certificate_pb2.RESOURCE_KIND_STOCK_UNTIL, "2026-11-28"),
    ]
    back = read_certificate_message(whole, problem())
    assert back.kind.tolist() == [0, 8, 8]
    assert back.day.tolist() == [-1, DAY + 1, DAY]
    assert (back.node_idx.tolist(), back.sku_idx.tolist()) == ([1, 0, 1], [0, 0, 1])
    whole.prices[1].date = ""
    with pytest.raises(PlanError, match="date is needed for the kind stock_until"):
        read_certificate_message(whole, problem())


def test_a_warm_start_drops_stock_until_of_unknown_skus() -> None:
    """And keeps the others with their days."""
    start = keep_known(None, dataclasses.replace(certificate(), sku_idx=np.array([0, 0, -1])))
    assert start.certificate is not None
    assert (start.certificate.day.tolist(), start.num_dropped_prices) == ([DAY + 1, -1], 1)
