"""Shares of nodes and committed volumes in messages, and their prices, there and back."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from cases.scene import Scene
from oracles.generate import build
from splitship.domain import Certificate, Leaf, Problem, ResourceKind, SolveOptions
from splitship.errors import PlanError
from splitship.service.certificates import certificate_parts
from splitship.service.plans import read_certificate_message, read_warm_start
from splitship.service.requests import read_problem
from splitship.service.to_messages import problem_message
from splitship.units import day_number
from splitship.v1 import allocation_service_pb2, certificate_pb2, problem_pb2

DAY = day_number("2026-11-27")
SHARE, VOLUME = certificate_pb2.RESOURCE_KIND_NODE_SHARE, certificate_pb2.RESOURCE_KIND_SERVICE_COMMITMENT


def problem(share: str = "0.7", price: str = "1.25", packages: int = 3) -> Problem:
    """Shares of ATL and, of nothing, of CHI; packages of G that are committed every day."""
    scene = Scene()
    scene.node("CHI", stock={"K": 1}, target_share="0", share_price="0.000000000000000001")
    scene.node("ATL", stock={"K": 1}, target_share=share, share_price=price if share else "")
    scene.node("SEA", stock={"K": 1})
    scene.order("O1", {"K": 1})
    row = {"service_id": "G", "date": "", "max_packages": 9, "min_packages": packages, "shortfall_price": "2"}
    scene.tables["service_quotas"] = [row if packages else row | {"shortfall_price": ""}]
    return build((scene.tables, scene.settings))


def certificate() -> Certificate:
    """A price of the share of ATL and of Friday's packages, both below 0, and one of stock."""
    none, empty = np.full(3, -1), np.zeros(0, np.int64)
    kinds = [ResourceKind.SERVICE_COMMITMENT, ResourceKind.NODE_SHARE, ResourceKind.STOCK]
    return Certificate(
        np.array(kinds, np.int64), np.array([-1, 1, 2]), np.array([-1, -1, 0]), np.array([0, -1, -1]),
        np.array([DAY, -1, -1]), np.array([-2_000_000, -1_250_000, 7]), empty, empty, -5, rule_idx=none,
    )  # fmt: skip


def whole_message(made: Certificate) -> certificate_pb2.Certificate:
    """All parts in one."""
    whole = certificate_pb2.Certificate()
    for part in certificate_parts(problem(), made):
        whole.MergeFrom(part)
    return whole


def test_shares_are_the_same_after_a_round_trip() -> None:
    """Every decimal, a share of nothing at a price of nearly nothing, and nodes without."""
    own = problem()
    message = problem_message(own)
    said = {node.node_id: (node.target_share, node.share_price) for node in message.nodes}
    assert said == {"CHI": ("0", "0.000000000000000001"), "ATL": ("0.7", "1.25"), "SEA": ("", "")}
    read = read_problem(message, problem_pb2.SolveOptions(), SolveOptions())
    assert read.faults == ()
    assert read.problem is not None
    assert read.problem.nodes.has_target_share.tolist() == own.nodes.has_target_share.tolist()
    for name in ("target_share", "share_price"):
        found, given = getattr(read.problem.nodes, name), getattr(own.nodes, name)
        assert (found.micros.tolist(), found.atto.tolist()) == (given.micros.tolist(), given.atto.tolist())
    assert read.problem.input_hash == own.input_hash
    assert problem_message(read.problem) == message


def test_problems_without_shares_say_nothing_of_them() -> None:
    """Nor do they get columns."""
    scene = Scene()
    scene.node("CHI", stock={"K": 1})
    scene.order("O1", {"K": 1})
    (node,) = problem_message(build((scene.tables, scene.settings))).nodes
    assert (node.target_share, node.share_price) == ("", "")


def test_a_share_without_a_price_is_a_fault_of_its_field() -> None:
    """As in a pack."""
    message = problem_message(problem())
    message.nodes[0].share_price = ""
    read = read_problem(message, problem_pb2.SolveOptions(), SolveOptions())
    assert {(finding.where, finding.code) for finding in read.faults} == {("nodes[0].target_share", "E422")}


def test_prices_below_0_are_the_same_after_a_round_trip() -> None:
    """A share has a node and no date, a commitment a service and a date; in leaves too."""
    whole = whole_message(certificate())
    rows = [(row.kind, row.node_id, row.service_id, row.date, row.price_micros) for row in whole.prices]
    assert sorted(rows) == [
        (certificate_pb2.RESOURCE_KIND_STOCK, "SEA", "", "", 7),
        (SHARE, "ATL", "", "", -1_250_000),
        (VOLUME, "", "G", "2026-11-27", -2_000_000),
    ]
    none = np.zeros(0, np.int64)
    leaves = (Leaf(none, none, np.zeros(0, np.bool_), certificate()),)
    in_leaves = dataclasses.replace(Certificate.without_prices(-5), leaves=leaves)
    back = read_certificate_message(whole_message(in_leaves), problem()).leaves[0].prices
    for found in (read_certificate_message(whole, problem()), back):
        assert sorted(zip(found.kind.tolist(), found.node_idx.tolist(), found.service_idx.tolist(), found.day.tolist(),
                          found.price.tolist(), strict=True)) == [
            (ResourceKind.STOCK, 2, -1, -1, 7), (ResourceKind.NODE_SHARE, 1, -1, -1, -1_250_000),
            (ResourceKind.SERVICE_COMMITMENT, -1, 0, DAY, -2_000_000),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "keys", "told"),
    [
        (SHARE, {"node_id": "ATL", "date": "2026-11-27"}, "date does not belong to the kind node_share"),
        (SHARE, {}, "node_id is needed for the kind node_share"),
        (VOLUME, {"service_id": "G"}, "date is needed for the kind service_commitment"),
        (VOLUME, {"service_id": "G", "date": "2026-11-27", "node_id": "ATL"}, "node_id does not belong to the kind"),
    ],
)
def test_keys_that_a_kind_lacks_or_does_not_have_are_refused(kind: int, keys: dict[str, str], told: str) -> None:
    """With the field."""
    message = certificate_pb2.Certificate(prices=[certificate_pb2.ResourcePrice(kind=kind, **keys)])  # type: ignore[arg-type]
    with pytest.raises(PlanError, match=told):
        read_certificate_message(message, problem())


def test_warm_starts_drop_what_is_no_longer_steered() -> None:
    """And bring prices into the range that they have now."""
    message = allocation_service_pb2.WarmStart(certificate=whole_message(certificate()))
    start = read_warm_start(message, problem())
    assert start.certificate is not None
    assert (sorted(start.certificate.price.tolist()), start.num_dropped_prices) == ([-2_000_000, -1_250_000, 7], 0)
    for now, prices in (
        (problem(share=""), [-2_000_000, 7]),
        (problem(packages=0), [-1_250_000, 7]),
        (problem(price="0"), [-2_000_000, 7]),
    ):
        start = read_warm_start(message, now)
        assert start.certificate is not None
        assert (sorted(start.certificate.price.tolist()), start.num_dropped_prices) == (prices, 1)
    cheaper = read_warm_start(message, problem(price="1")).certificate
    assert cheaper is not None
    assert sorted(cheaper.price.tolist()) == [-2_000_000, -1_000_000, 7]
