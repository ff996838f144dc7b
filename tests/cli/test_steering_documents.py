"""Prices of shares of nodes and of committed volumes in plan files and warm starts."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import handmade_result
import numpy as np

from splitship.domain import Certificate, ResourceKind, Result
from splitship.domain.calendar import ServiceQuotas
from splitship.packs.documents import plan_document
from splitship.packs.plans import read_plan, write_plan
from splitship.packs.warm_start import read_warm_start, warm_start_of
from splitship.units import Amounts, day_number

DAY = day_number("2026-11-28")


def steered(share_price: int = 2_000_000) -> Result:
    """The second node has a share, the first service a committed volume; both have a price below 0."""
    made = handmade_result.result()
    nodes, empty = made.problem.nodes, np.zeros(0, np.int64)
    nodes = dataclasses.replace(
        nodes,
        target_share=Amounts(np.array([0, 500_000]), np.zeros(2, np.int64)),
        has_target_share=np.array([False, True]),
        share_price=Amounts(np.array([0, share_price]), np.zeros(2, np.int64)),
    )
    price = Amounts(np.array([3_000_000]), np.zeros(1, np.int64))
    quotas = ServiceQuotas(np.array([0]), np.array([DAY]), np.array([9]), np.array([2]), price)
    problem = dataclasses.replace(made.problem, nodes=nodes, service_quotas=quotas)
    kind = np.array([ResourceKind.NODE_SHARE, ResourceKind.SERVICE_COMMITMENT], np.int64)
    certificate = Certificate(
        kind, np.array([1, -1]), np.full(2, -1), np.array([-1, 0]), np.array([-1, DAY]),
        np.array([-1_500_000, -2_750_000]), empty, empty, -40_000_000,
    )  # fmt: skip
    return dataclasses.replace(made, problem=problem, certificate=certificate, bound=-40_000_000)


def test_plan_files_keep_prices_below_0(tmp_path: Path) -> None:
    """A share by its node, a volume by service and date."""
    made, path = steered(), tmp_path / "plan.json"
    write_plan(path, made)
    document = json.loads(path.read_text())
    node, service = str(made.problem.nodes.node_id[1]), str(made.problem.services.service_id[0])
    assert document["prices"] == plan_document(made)["prices"] == [
        {"kind": "node_share", "node_id": node, "price": "-1.50"},
        {"kind": "service_commitment", "service_id": service, "date": "2026-11-28", "price": "-2.75"},
    ]  # fmt: skip
    read = read_plan(path, made.problem).certificate
    starts = [warm_start_of(made, made.problem).certificate, read_warm_start(path, made.problem).certificate]
    for found in (read, *starts):
        assert found is not None
        assert found.kind.tolist() == [ResourceKind.NODE_SHARE, ResourceKind.SERVICE_COMMITMENT]
        assert (found.node_idx.tolist(), found.service_idx.tolist()) == ([1, -1], [-1, 0])
        assert (found.day.tolist(), found.price.tolist()) == ([-1, DAY], [-1_500_000, -2_750_000])


def test_warm_starts_of_what_is_steered_otherwise_are_cut_or_dropped(tmp_path: Path) -> None:
    """A share that costs less now, and a problem in which nothing is steered."""
    made, path = steered(), tmp_path / "plan.json"
    write_plan(path, made)
    cheaper, plain = steered(share_price=1_000_000).problem, handmade_result.result().problem
    for start in (warm_start_of(made, cheaper), read_warm_start(path, cheaper)):
        assert start.certificate is not None
        assert (start.certificate.price.tolist(), start.num_dropped_prices) == ([-1_000_000, -2_750_000], 0)
    for start in (warm_start_of(made, plain), read_warm_start(path, plain)):
        assert start.certificate is not None
        assert (start.certificate.price.tolist(), start.num_dropped_prices) == ([], 2)
