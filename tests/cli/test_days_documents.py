"""Prices of lines, minutes and quotas in plan files, messages and warm starts: out and back, and what is refused."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import handmade_result
import numpy as np
import pytest

from splitship.domain import Certificate, Result
from splitship.errors import PlanError
from splitship.packs.documents import plan_document
from splitship.packs.plans import read_plan, write_plan
from splitship.packs.warm_start import warm_start_of
from splitship.service.certificates import certificate_parts
from splitship.service.plans import read_certificate_message
from splitship.v1 import certificate_pb2

DAY = handmade_result.DAY
ROWS = [
    # kind, node, SKU, service, day, price; by kind, as documents list them
    (0, 1, 0, -1, -1, 3_000_000),
    (4, 0, -1, -1, DAY, 1_000_000),
    (5, 1, -1, -1, DAY + 1, 250_000),
    (6, -1, -1, 0, DAY, 2_000_000),
]


@pytest.fixture
def priced() -> Result:
    """A result whose certificate prices lines, minutes and a quota."""
    columns = [column.copy() for column in np.array(ROWS, np.int64).T]
    none = np.zeros(0, np.int64)
    return dataclasses.replace(handmade_result.result(), certificate=Certificate(*columns, none, none, 40_000_000))


def assert_same(read: Certificate | None, result: Result) -> None:
    """Every column of a certificate is that of the result's."""
    assert read is not None
    for field in dataclasses.fields(Certificate):
        assert np.array_equal(getattr(read, field.name), getattr(result.certificate, field.name)), field.name


def test_plan_file_keeps_prices_of_lines_minutes_and_quotas(priced: Result, tmp_path: Path) -> None:
    """Written and read they are the same; a quota's row has no node_id."""
    path = tmp_path / "plan.json"
    write_plan(path, priced)
    assert_same(read_plan(path, priced.problem).certificate, priced)
    listed = json.loads(path.read_text())["prices"]
    services = priced.problem.services.service_id
    assert listed[1:] == [
        {"kind": "node_lines", "node_id": "ATL1", "date": "2026-11-27", "price": "1.00"},
        {"kind": "node_minutes", "node_id": "SEA1", "date": "2026-11-28", "price": "0.25"},
        {"kind": "service_quota", "service_id": services[0], "date": "2026-11-27", "price": "2.00"},
    ]


@pytest.mark.parametrize(("row", "key"), [(1, "node_id"), (2, "date"), (3, "service_id"), (3, "date")])
def test_plan_file_without_a_key_is_refused(priced: Result, tmp_path: Path, row: int, key: str) -> None:
    """Each kind needs its keys, and the place is told."""
    document = plan_document(priced)
    del document["prices"][row][key]
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    with pytest.raises(PlanError) as refused:
        read_plan(path, priced.problem)
    [finding] = refused.value.findings
    assert (finding.code, finding.field) == ("E702", key)
    assert f"prices[{row}]" in finding.where


def message_of(result: Result) -> certificate_pb2.Certificate:
    """The parts of a certificate's message put together."""
    message = certificate_pb2.Certificate()
    assert result.certificate is not None
    for part in certificate_parts(result.problem, result.certificate):
        message.MergeFrom(part)
    return message


def test_messages_keep_prices_of_lines_minutes_and_quotas(priced: Result) -> None:
    """Out and back, with an empty node_id for the quota."""
    message = message_of(priced)
    assert [price.node_id for price in message.prices] == ["SEA1", "ATL1", "SEA1", ""]
    assert_same(read_certificate_message(message, priced.problem), priced)


@pytest.mark.parametrize(
    ("row", "change", "words"),
    [
        (3, {"node_id": "ATL1"}, "node_id does not belong to the kind service_quota"),
        (3, {"service_id": ""}, "service_id is needed for the kind service_quota"),
        (1, {"node_id": ""}, "node_id is needed for the kind node_lines"),
        (2, {"service_id": "x"}, "service_id does not belong to the kind node_minutes"),
    ],
)
def test_message_with_wrong_keys_is_refused(priced: Result, row: int, change: dict[str, str], words: str) -> None:
    """Keys that are missing or too many are told by place."""
    message = message_of(priced)
    for key, value in change.items():
        setattr(message.prices[row], key, value)
    with pytest.raises(PlanError) as refused:
        read_certificate_message(message, priced.problem)
    assert any(words in finding.message and f"prices[{row}]" in finding.where for finding in refused.value.findings)


def test_warm_start_keeps_prices_without_a_node(priced: Result) -> None:
    """All four prices are of things that the problem has; none is dropped, the quota stays without a node."""
    start = warm_start_of(priced, priced.problem)
    assert start.certificate is not None
    assert start.certificate.node_idx.tolist() == [1, 0, 1, -1]
    assert start.num_dropped_prices == 0
