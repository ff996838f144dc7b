"""Own prices of a certificate in plan files and messages: out and back, and what is refused."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from own_prices_pack import pairs_pack

from splitship.check import check_certificate
from splitship.domain import Certificate, Result, SolveOptions
from splitship.errors import PlanError
from splitship.packs.documents import plan_document
from splitship.packs.plans import read_plan, write_plan
from splitship.run import solve
from splitship.service.certificates import certificate_parts
from splitship.service.plans import read_certificate_message
from splitship.v1 import certificate_pb2

OWN = ("own_line", "own_node", "own_price")


@pytest.fixture(scope="module")
def solved() -> Result:
    """Three whole lines of two units want five near units: only own prices prove 19.00 (5 + 5 + 9)."""
    result = solve(pairs_pack().problem(), SolveOptions(gap=0.0, time_limit_s=20))
    assert result.bound == 19_000_000
    return result


def certificate(result: Result) -> Certificate:
    assert result.certificate is not None
    assert len(result.certificate.own_line)
    return result.certificate


def test_plan_file_keeps_own_prices(solved: Result, tmp_path: Path) -> None:
    """Written and read, they prove the same bound; the document lists them by order, line and node."""
    path = tmp_path / "plan.json"
    write_plan(path, solved)
    read = read_plan(path, solved.problem).certificate
    assert read is not None
    for name in OWN:
        assert np.array_equal(getattr(read, name), getattr(certificate(solved), name))
    assert check_certificate(solved.problem, read).bound == 19_000_000
    listed = json.loads(path.read_text())["certificate"]["own_prices"]
    assert [row["order_id"] for row in listed] == ["A", "B", "C"]
    assert {row["node_id"] for row in listed} == {"NEAR"}


def test_messages_keep_own_prices(solved: Result) -> None:
    """Parts of a message, put together, are the certificate again."""
    message = certificate_pb2.Certificate()
    for part in certificate_parts(solved.problem, certificate(solved)):
        message.MergeFrom(part)
    read = read_certificate_message(message, solved.problem)
    for field in dataclasses.fields(Certificate):
        assert np.array_equal(getattr(read, field.name), getattr(certificate(solved), field.name)), field.name


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"order_id": "Z"}, "own_prices[0]"),
        ({"node_id": "NOWHERE"}, "own_prices[0]"),
        ({"price": "a lot"}, "expected money"),
    ],
)
def test_plan_file_with_bad_own_prices_is_refused(
    solved: Result, tmp_path: Path, change: dict[str, str], words: str
) -> None:
    """Unknown ids and what is no money are told with their place."""
    document = plan_document(solved)
    document["certificate"]["own_prices"][0] |= change
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    with pytest.raises(PlanError) as refused:
        read_plan(path, solved.problem)
    assert words in str(refused.value)


def test_message_with_an_unknown_node_is_refused(solved: Result) -> None:
    """The field is named."""
    message = next(iter(certificate_parts(solved.problem, certificate(solved))))
    message.own_prices[0].node_id = "NOWHERE"
    with pytest.raises(PlanError, match=r"certificate\.own_prices\[0\]\.node_id"):
        read_certificate_message(message, solved.problem)
