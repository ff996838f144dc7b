"""Plans of lines in parts, reserves of channels and what became of the plan before, in documents and files."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import splitship
from cases.scene import Scene
from oracles.generate import build
from splitship.cli.summary_view import summary_markdown
from splitship.domain import Certificate, Leaf, Plan, Problem, ResourceKind, Result
from splitship.errors import PlanError
from splitship.packs.documents import plan_document, summary_document, summary_part
from splitship.packs.plans import plan_rows, read_plan, write_plan
from splitship.packs.warm_start import read_warm_start, warm_start_of
from splitship.service.answers import answer_parts
from splitship.v1 import allocation_service_pb2, result_pb2

FRIDAY = "2026-11-27"


def scene() -> Scene:
    """O1's 6 K: 1 has left A, 3 are promised from A, 1 from B, which has no T; O2's K from B was rejected."""
    found = Scene()
    found.node("A", stock={"K": 12, "T": 9})
    found.node("B", stock={"K": 9})
    found.order("O1", {"K": 6, "T": 1})
    found.order("O2", {"K": 2})
    found.tables["channel_reserves"] = [
        {"node_id": "A", "sku_id": "K", "channel": channel, "quantity": 1, "price_per_unit": ""}
        for channel in ("web", "app")
    ]
    found.tables["plan_before"] = [
        before("O1", "A", 1, "released", ""),
        before("O1", "A", 3, "", "2.50"),
        before("O1", "B", 1, "", "1"),
        before("O2", "B", 2, "", ""),
    ]
    found.tables["rejections"] = [{"order_id": "O2", "line_id": "", "node_id": "B"}]
    return found


def before(order: str, node: str, quantity: int, state: str, price: str) -> dict[str, Any]:
    """A row of the plan before."""
    return {"order_id": order, "line_id": "K", "node_id": node, "service_id": "G", "ship_on": FRIDAY,
            "quantity": quantity, "state": state, "move_price": price}  # fmt: skip


@pytest.fixture(scope="module")
def solved() -> Result:
    """O1 whole from A for 5.00, 5.00 saved for the 1.00 that B's package costs; O2 from A."""
    drawn = scene()
    return splitship.solve(build((drawn.tables, drawn.settings)), work_limit=1)


def certified(made: Result) -> Result:
    """With prices of two sets of reserves, and an own price, a value and a decision about the second part of O1's K."""
    problem = made.problem
    none, one = np.full(2, -1), np.ones(1, np.int64)
    kind = np.full(2, int(ResourceKind.CHANNEL_RESERVE))
    sku = problem.lines.sku_idx[:1].repeat(2)
    prices = Certificate(
        kind, 0 * none, sku, none, none, np.array([5, 7]), one, 3 * one, 0, one, 0 * one, 2 * one,
        rule_idx=np.array([1, 3]),
    )  # fmt: skip
    return dataclasses.replace(made, certificate=prices, bound=0)


def test_a_document_says_what_became_of_the_plan_before(solved: Result) -> None:
    """3 K of O1 are kept with what B was to ship; B's O2 was rejected and leaves A."""
    document = plan_document(solved)
    assert document["changes"] == {
        "kept": 1, "moved": 1, "rejected": 1, "released": 1, "new": 1, "moved_cost": "1.00",
    }  # fmt: skip
    place = {"node_id": "B", "service_id": "G", "ship_on": FRIDAY}
    assert document["package_changes"][2:] == [
        {"order_id": "O1", **place, "what": "moved", "cost": "1.00", "package_ids": ["O1-1"]},
        {"order_id": "O2", **place, "what": "rejected"},
    ]
    assert [row["what"] for row in document["package_changes"]] == ["kept", "released", "moved", "rejected"]
    assert "package_changes" not in summary_document(solved)
    assert summary_part(document).keys() == summary_document(solved).keys()
    assert document["costs"]["soft"] == "1.00"


def test_the_terminal_has_a_line_for_it(solved: Result) -> None:
    """In the words of the document."""
    assert "1 kept, 1 moved (1.00), 1 rejected, 1 released; 1 new" in summary_markdown(summary_document(solved))


def test_an_answer_has_the_same(solved: Result) -> None:
    """Counts in the summary, packages beside the plan."""
    whole = allocation_service_pb2.AllocateResponse()
    for part in answer_parts(solved, request_id="1", include_certificate=True, include_events=False):
        whole.MergeFrom(part)
    counts = whole.summary.changes
    assert (counts.kept, counts.moved, counts.rejected, counts.released, counts.new) == (1, 1, 1, 1, 1)
    assert counts.moved_micros == 1_000_000
    assert [change.what for change in whole.changes] == [
        result_pb2.CHANGE_KEPT, result_pb2.CHANGE_RELEASED, result_pb2.CHANGE_MOVED, result_pb2.CHANGE_REJECTED,
    ]  # fmt: skip
    assert list(whole.changes[2].package_ids) == ["O1-1"]
    assert [line.quantity for line in whole.plan.packages[0].lines] == [5, 1]


@pytest.mark.parametrize("suffix", [".json", ".csv", ".parquet"])
def test_files_hold_whole_lines_and_are_dealt_to_parts(solved: Result, tmp_path: Path, suffix: str) -> None:
    """One row a line: 5 K in O1's package. Read again it is the plan that was written."""
    path = tmp_path / f"plan{suffix}"
    write_plan(path, solved)
    assert plan_rows(solved)["quantity"] == [5, 1, 2]
    plan = read_plan(path, solved.problem).plan.canonical()
    for field in dataclasses.fields(Plan):
        value = getattr(solved.plan, field.name)
        assert value is None or getattr(plan, field.name).tolist() == value.tolist()


def test_certificates_name_channels_and_parts(solved: Result, tmp_path: Path) -> None:
    """In documents and back, and in warm starts from files and results."""
    made, path = certified(solved), tmp_path / "plan.json"
    write_plan(path, made)
    document = json.loads(path.read_text())
    assert document["prices"] == [
        {"kind": "channel_reserve", "node_id": "A", "sku_id": "K", "channels": ["app"], "price": "0.000005"},
        {"kind": "channel_reserve", "node_id": "A", "sku_id": "K", "channels": ["app", "web"], "price": "0.000007"},
    ]
    assert document["certificate"]["shares"] == [{"order_id": "O1", "line_id": "K", "part": 1, "value": "0.000003"}]
    read = read_plan(path, made.problem).certificate
    starts = [warm_start_of(made, made.problem).certificate, read_warm_start(path, made.problem).certificate]
    for found in (read, *starts):
        assert found is not None
        assert (found.rule_idx.tolist(), found.price.tolist()) == ([1, 3], [5, 7])
        assert (found.own_line.tolist(), found.share_line.tolist()) == ([1], [1])


def test_leaves_name_parts(solved: Result, tmp_path: Path) -> None:
    """A decision about the second part."""
    one, path = np.ones(1, np.int64), tmp_path / "plan.json"
    leaf = Leaf(one, 0 * one, np.ones(1, np.bool_), Certificate.without_prices(0))
    certificate = dataclasses.replace(Certificate.without_prices(0), leaves=(leaf,))
    write_plan(path, dataclasses.replace(solved, certificate=certificate, bound=0))
    (row,) = json.loads(path.read_text())["certificate"]["leaves"][0]["decisions"]
    assert (row["line_id"], row["part"]) == ("K", 1)
    read = read_plan(path, solved.problem).certificate
    assert read is not None
    assert read.leaves[0].line.tolist() == [1]


def test_faults_of_channels_and_parts_have_their_place(solved: Result, tmp_path: Path) -> None:
    """A channel that keeps nothing there, no list, a part beyond the last, none where there are some."""
    path = tmp_path / "plan.json"
    write_plan(path, certified(solved))
    document = json.loads(path.read_text())
    document["prices"][0]["channels"] = ["shop"]
    document["prices"][1]["channels"] = "web"
    document["certificate"]["shares"][0]["part"] = 9
    del document["certificate"]["own_prices"][0]["part"]
    path.write_text(json.dumps(document))
    with pytest.raises(PlanError) as caught:
        read_plan(path, solved.problem)
    found = {(finding.where, finding.code, finding.field) for finding in caught.value.findings}
    assert found == {
        ("plan.json: prices[0]", "E704", "channels"),
        ("plan.json: prices[1]", "E703", "channels"),
        ("plan.json: certificate.shares[0]", "E705", "part"),
        ("plan.json: certificate.own_prices[0]", "E702", "part"),
    }


def without(*tables: str) -> Problem:
    """The scene without some of its tables."""
    drawn = scene()
    for table in tables:
        del drawn.tables[table]
    return build((drawn.tables, drawn.settings))


def test_a_warm_start_from_a_batch_with_other_parts(solved: Result) -> None:
    """Without a plan before lines are whole, and without reserves their prices say nothing; the plan stays."""
    whole = warm_start_of(certified(solved), without("plan_before", "channel_reserves"))
    assert whole.plan is not None
    assert sorted(whole.plan.content_quantity.tolist()) == [1, 2, 5]
    assert whole.certificate is not None
    assert (whole.num_prices, whole.num_dropped_prices) == (0, 4)
    bare = splitship.solve(without("plan_before"), work_limit=1)
    dealt = warm_start_of(bare, solved.problem).plan
    assert dealt is not None
    assert int(dealt.content_quantity.sum()) == 9
