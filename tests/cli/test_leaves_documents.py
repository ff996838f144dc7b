"""Leaves of a certificate in plan files and messages: out and back, and what is refused."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from own_prices_pack import pairs_pack
from program import Run

from splitship.check import check_certificate
from splitship.domain import Certificate, Leaf, Result, SolveOptions
from splitship.errors import PlanError
from splitship.packs import write_pack
from splitship.packs.documents import plan_document
from splitship.packs.plans import read_plan, write_plan
from splitship.packs.warm_start import read_warm_start, warm_start_of
from splitship.run import solve
from splitship.service import certificates as certificates_module
from splitship.service.certificates import certificate_parts
from splitship.service.plans import read_certificate_message
from splitship.v1 import certificate_pb2


def same(one: Certificate, other: Certificate) -> None:
    """Equal, column by column, leaf by leaf."""
    for field in dataclasses.fields(Certificate):
        if field.name != "leaves":
            assert np.array_equal(getattr(one, field.name), getattr(other, field.name)), field.name
    assert len(one.leaves) == len(other.leaves)
    for mine, theirs in zip(one.leaves, other.leaves, strict=True):
        for name in ("line", "node", "ships"):
            assert np.array_equal(getattr(mine, name), getattr(theirs, name)), name
        same(mine.prices, theirs.prices)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """Three whole lines of two units want five near units: 5 + 5 + 9 = 19.00, proven in three leaves.

    A not from NEAR: 9 + 5 + 5. A from NEAR, B not: 5 + 9 + 5. Both: 4.00 for a unit of C at NEAR, and 100.00 for one of
    A and B: (5 + 200) + (5 + 200) + 9 - 400 = 19.00.
    """
    folder = tmp_path_factory.mktemp("leaves") / "pairs"
    pack = pairs_pack()
    write_pack(pack, folder)
    result = solve(pack.problem(), SolveOptions(gap=0.0, time_limit_s=20))
    none = Certificate.without_prices(19_000_000)
    own = dataclasses.replace(
        none,
        own_line=np.arange(3),
        own_node=np.zeros(3, np.int64),
        own_price=np.array([100_000_000, 100_000_000, 4_000_000]),
    )

    def leaf(path: list[tuple[int, bool]], prices: Certificate) -> Leaf:
        line = np.array([line for line, _ in path], np.int64)
        return Leaf(line, np.zeros(len(path), np.int64), np.array([ships for _, ships in path], np.bool_), prices)

    leaves = (leaf([(0, False)], none), leaf([(0, True), (1, False)], none), leaf([(0, True), (1, True)], own))
    certificate = dataclasses.replace(none, leaves=leaves)
    report = check_certificate(result.problem, certificate)
    assert report.violations == ()
    assert report.bound == 19_000_000
    return dataclasses.replace(result, certificate=certificate), folder


def test_plan_file_keeps_leaves(solved: tuple[Result, Path], tmp_path: Path) -> None:
    """Written and read, the certificate is the same."""
    result, _ = solved
    path = tmp_path / "plan.json"
    write_plan(path, result)
    read = read_plan(path, result.problem).certificate
    assert read is not None
    assert result.certificate is not None
    same(read, result.certificate)
    listed = json.loads(path.read_text())["certificate"]["leaves"]
    assert [[row["ships"] for row in leaf["decisions"]] for leaf in listed] == [[False], [True, False], [True, True]]


def test_check_says_how_many_leaves(solved: tuple[Result, Path], tmp_path: Path, run: Run) -> None:
    """In words and in the document."""
    result, folder = solved
    path = tmp_path / "plan.json"
    write_plan(path, result)
    words = run("check", str(folder), str(path))
    assert words.code == 0
    assert "from 3 leaves" in words.out
    assert run("check", str(folder), str(path), "-o", "json").json["certificate"]["leaves"] == 3


@pytest.mark.parametrize("size", [1, 2, 5_000])
def test_messages_keep_leaves(solved: tuple[Result, Path], size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a message, put together, are the certificate again, however many prices a part holds."""
    result, _ = solved
    assert result.certificate is not None
    monkeypatch.setattr(certificates_module, "PRICES_PER_PART", size)
    message = certificate_pb2.Certificate()
    for part in certificate_parts(result.problem, result.certificate):
        message.MergeFrom(part)
    same(read_certificate_message(message, result.problem), result.certificate)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"decisions": [{"order_id": "Z", "line_id": "1", "node_id": "NEAR", "ships": True}]},
            "decisions[0]: error[E704] order_id",
        ),
        ({"decisions": [{"order_id": "A", "line_id": "1", "node_id": "NEAR", "ships": 1}]}, "expected true or false"),
        ({"decisions": [{"order_id": "A", "line_id": "1", "node_id": "NEAR"}]}, "decisions[0]: error[E702] ships"),
        ({"decisions": None}, "leaves[1]: error[E702] decisions: is missing"),
        ({"bound": None}, "leaves[1]: error[E702] bound: is missing"),
        ({"prices": "none"}, "leaves[1].prices"),
        (
            {"own_prices": [{"order_id": "A", "line_id": "1", "node_id": "NOWHERE", "price": "1"}]},
            "own_prices[0]: error[E704] node_id",
        ),
    ],
)
def test_plan_file_with_a_bad_leaf_is_refused(
    solved: tuple[Result, Path], tmp_path: Path, change: dict[str, object], words: str
) -> None:
    """What is missing, unknown or of the wrong kind is told with its place."""
    result, _ = solved
    document = plan_document(result)
    document["certificate"]["leaves"][1] |= change
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    with pytest.raises(PlanError) as refused:
        read_plan(path, result.problem)
    assert words in str(refused.value)
    assert "certificate.leaves[1]" in str(refused.value)


def test_warm_start_takes_the_prices_of_one_leaf(solved: tuple[Result, Path], tmp_path: Path) -> None:
    """Of leaves with bounds of 19.00, 19.00 and 18.00 those of the last, from the result and from its file."""
    result, _ = solved
    assert result.certificate is not None
    leaves = list(result.certificate.leaves)
    leaves[2] = dataclasses.replace(leaves[2], prices=dataclasses.replace(leaves[2].prices, bound=18_000_000))
    result = dataclasses.replace(result, certificate=dataclasses.replace(result.certificate, leaves=tuple(leaves)))
    path = tmp_path / "plan.json"
    write_plan(path, result)
    for warm in (warm_start_of(result, result.problem), read_warm_start(path, result.problem)):
        assert warm.certificate is not None
        assert warm.certificate.leaves == ()
        assert warm.certificate.own_price.tolist() == [100_000_000, 100_000_000, 4_000_000]


def test_messages_with_bad_leaves_are_refused(solved: tuple[Result, Path]) -> None:
    """Parts out of turn, and unknown ids."""
    result, _ = solved
    assert result.certificate is not None
    parts = list(certificate_parts(result.problem, result.certificate))
    message = certificate_pb2.Certificate()
    for part in (parts[0], parts[2]):
        message.MergeFrom(part)
    with pytest.raises(PlanError, match=r"leaves\[0\]\.number: .*expected 0, got 1"):
        read_certificate_message(message, result.problem)
    parts[1].leaves[0].decisions[0].node_id = "NOWHERE"
    with pytest.raises(PlanError, match=r"certificate\.leaves\[0\]\.decisions\[0\]\.node_id"):
        read_certificate_message(parts[1], result.problem)
