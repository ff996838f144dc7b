"""Plans with pick-up, kits and substitutes as files and warm starts: what they say, out and back."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import handmade_result
import numpy as np
import pytest

from cases.scene import Scene
from oracles.generate import build
from splitship.cli.check import check_document
from splitship.cli.order_test import _markdown, order_test_document
from splitship.cli.summary_view import summary_markdown
from splitship.domain import Certificate, Leaf, PackageCosts, Plan, Problem, Reason, Result, UnfilledLines
from splitship.errors import PlanError
from splitship.instance.order_test import order_options
from splitship.packs.documents import plan_document, summary_document
from splitship.packs.plans import read_plan, write_plan
from splitship.packs.warm_start import read_warm_start, warm_start_of
from splitship.service.allocation import Allocation
from splitship.service.answers import answer_parts
from splitship.units import strings
from splitship.v1 import allocation_service_pb2

DAY = handmade_result.DAY


def problem(shared: bool = True, kit_quantity: int = 2) -> Problem:
    """O1 picks three `SET` (T and some K) up at CHI and has a K shipped; V may ship for K and, if `shared`, for T."""
    scene = Scene()
    for sku in ("SET", "V"):
        scene.sku(sku)
    scene.node("CHI", stock={"K": 9, "T": 9, "V": 9})
    scene.node("ATL", stock={"K": 9, "V": 9})
    scene.order("O1", {"SET": 3, "K": 4}, mode="pickup", pickup_node="CHI")
    for row, mode in zip(scene.tables["order_lines"], ("", "ship"), strict=True):
        row["mode"] = mode
    scene.tables["kits"] = [
        {"kit_sku_id": "SET", "sku_id": "K", "quantity": kit_quantity, "together": "false"},
        {"kit_sku_id": "SET", "sku_id": "T", "quantity": 1, "together": "false"},
    ]
    scene.tables["substitutes"] = [
        {"sku_id": sku, "substitute_sku_id": "V", "price_per_unit": "0.5"} for sku in ("KT" if shared else "K")
    ]
    scene.tables["transfers"] = [{"from_node_id": "ATL", "to_node_id": "CHI", "days": 1}]
    return build((scene.tables, scene.settings))


def result(own: Problem) -> Result:
    """Two kits are picked up: one from ATL, with V for K and for T where it may; V ships for the other line, too."""
    number = {sku: at for at, sku in enumerate(own.skus.sku_id.tolist())}
    shared = len(own.line_substitutes) == 3
    skus = [number[sku] for sku in ("T", "K", "V" if shared else "T", "V", "V")]
    plan = Plan(
        np.array([0, 0, 0]), np.array([0, 0, 1]), np.array([0, 1, 2]), np.full(3, DAY), np.array([0, 1, 1, 2, 2]),
        np.array([2, 0, 1, 0, 1]), np.array([3, 1, 2, 1, 2]), np.array([skus[4], skus[0], skus[1], skus[2], skus[3]]),
    )  # fmt: skip
    zero, none = np.zeros(3, np.int64), np.zeros(0, np.int64)
    costs = PackageCosts(zero, zero, zero, zero, zero - 500_000, zero + DAY + 1)
    certificate = Certificate(
        none, none, none, none, none, none, np.array([2]), np.array([4]), 0, np.array([0, 1]), np.array([0, 1]),
        np.array([7, 8]),
    )  # fmt: skip
    made = handmade_result.result()
    unfilled = UnfilledLines(
        np.array([0, 2]), np.array([1, 1]), (Reason.NO_STOCK, Reason.COSTLIER_THAN_UNFILLED), strings(["a", "b"])
    )
    return dataclasses.replace(
        made, problem=own, plan=plan, unfilled=unfilled, certificate=certificate,
        report=dataclasses.replace(made.report, packages=costs),
    )  # fmt: skip


def same(one: Plan, two: Plan) -> bool:
    pairs = ((getattr(one, field.name), getattr(two, field.name)) for field in dataclasses.fields(Plan))
    return all(np.array_equal(first, second) for first, second in pairs)


def test_a_document_names_what_ships_and_what_was_ordered() -> None:
    """SKUs and the component where a substitute hides it; kits where one is unfilled; lines and units as given."""
    own = problem()
    assert own.skus.sku_id[own.lines.sku_idx].tolist() == ["T", "K", "K"]
    document = plan_document(result(own))
    assert [package["service_id"] for package in document["packages"]] == ["G", "pickup:CHI", "transfer:ATL:CHI"]
    assert [package["lines"] for package in document["packages"]] == [
        [{"line_id": "K", "sku_id": "V", "quantity": 3}],
        [{"line_id": "SET", "sku_id": "T", "quantity": 1}, {"line_id": "SET", "sku_id": "K", "quantity": 2}],
        [
            {"line_id": "SET", "sku_id": "V", "quantity": 1, "component_sku_id": "T"},
            {"line_id": "SET", "sku_id": "V", "quantity": 2, "component_sku_id": "K"},
        ],
    ]
    assert [(row["line_id"], row["quantity"]) for row in document["unfilled"]] == [("SET", 1), ("K", 1)]
    counts = document["counts"]
    assert (counts["lines"], counts["units"], counts["unfilled_units"]) == (2, 7, 2)
    features = ("picked_up_packages", "transferred_packages", "kits", "substituted_units")
    assert tuple(counts[name] for name in features) == (2, 1, 2, 6)
    assert document["certificate"] == {
        "shares": [{"order_id": "O1", "line_id": "K", "value": "0.000004"}],
        "own_prices": [
            {"order_id": "O1", "line_id": "SET", "sku_id": "T", "node_id": "CHI", "price": "0.000007"},
            {"order_id": "O1", "line_id": "SET", "sku_id": "K", "node_id": "ATL", "price": "0.000008"},
        ],
    }


@pytest.mark.parametrize("suffix", [".json", ".csv", ".parquet"])
@pytest.mark.parametrize("shared", [True, False])
def test_a_plan_file_comes_back(tmp_path: Path, suffix: str, shared: bool) -> None:
    """Each content with its line and SKU, also where two components have the same substitute."""
    own = problem(shared)
    made, path = result(own), tmp_path / f"plan{suffix}"
    write_plan(path, made)
    read = read_plan(path, own)
    assert same(read.plan, made.plan)
    if suffix == ".json":
        assert read.certificate is not None
        assert read.certificate.own_line.tolist() == [0, 1]
        assert read.claims is not None
        assert read.claims.unfilled is not None
        assert [column.tolist() for column in read.claims.unfilled] == [[0, 2], [1, 1]]
        document = check_document(own, path.name, read, made.report, None)
        assert not [row for row in document["violations"] if row["code"] == "UNFILLED_MISMATCH"]


def test_a_column_of_components_is_there_only_where_it_is_needed(tmp_path: Path) -> None:
    """Elsewhere a plan of rows has the columns that it always had."""
    path = tmp_path / "plan.csv"
    write_plan(path, dataclasses.replace(result(problem(False)), plan=Plan.empty()))
    assert "component_sku_id" not in path.read_text()
    write_plan(path, result(problem()))
    assert path.read_text().splitlines()[0].endswith("quantity,component_sku_id")


def lines_of(*lines: dict[str, Any]) -> bytes:
    package = {"order_id": "O1", "node_id": "CHI", "service_id": "pickup:CHI", "ship_on": "2026-11-27"}
    return json.dumps({"packages": [{**package, "lines": [{"quantity": 1, **line} for line in lines]}]}).encode()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"line_id": "SET"}, "E702"),
        ({"line_id": "SET", "sku_id": "SET"}, "E705"),
        ({"line_id": "SET", "sku_id": "V", "component_sku_id": "V"}, "E705"),
        ({"line_id": "K", "sku_id": "T"}, "E705"),
        ({"line_id": "SET", "sku_id": 5}, "E703"),
        ({"line_id": "SET", "sku_id": "V"}, (0, "V")),
        ({"line_id": "SET", "sku_id": "V", "component_sku_id": "K"}, (1, "V")),
        ({"line_id": "SET", "component_sku_id": "K"}, (1, "K")),
        ({"line_id": "SET", "sku_id": "K"}, (1, "K")),
        ({"line_id": "K"}, (2, "K")),
        ({"line_id": "K", "sku_id": "V"}, (2, "V")),
    ],
)
def test_a_line_is_found_by_its_id_and_sku(tmp_path: Path, line: dict[str, Any], expected: Any) -> None:
    """A kit needs a component; a substitute says which by itself where it can."""
    own, path = problem(), tmp_path / "plan.json"
    path.write_bytes(lines_of(line))
    if isinstance(expected, str):
        with pytest.raises(PlanError) as caught:
            read_plan(path, own)
        assert [finding.code for finding in caught.value.findings] == [expected]
        return
    plan = read_plan(path, own).plan
    assert (plan.content_line.tolist(), own.skus.sku_id[plan.skus(own.lines.sku_idx)].tolist()) == (
        [expected[0]], [expected[1]],
    )  # fmt: skip


def test_a_warm_start_goes_by_components_and_skus(tmp_path: Path) -> None:
    """Of another problem: T has no substitute there, so that content is dropped; K keeps its own."""
    own, path = problem(), tmp_path / "plan.json"
    made = result(own)
    write_plan(path, made)
    for start in (warm_start_of(made, own), read_warm_start(path, own)):
        assert start.plan is not None
        assert same(start.plan, made.plan)
        assert start.certificate is not None
        assert start.certificate.own_line.tolist() == [0, 1]
    other = problem(False, kit_quantity=3)
    found = read_warm_start(path, other).plan
    assert found is not None
    assert found.content_line.tolist() == [2, 0, 1, 1]
    assert other.skus.sku_id[found.skus(other.lines.sku_idx)].tolist() == ["V", "T", "K", "V"]
    moved = warm_start_of(made, other).plan
    assert moved is not None
    assert moved.content_line.tolist() == [2, 0, 1, 1]


def test_an_answer_of_the_service_comes_back() -> None:
    """Packages, unfilled kits, counts and own prices in leaves."""
    own = problem()
    made = result(own)
    leaf = Leaf(np.array([1]), np.array([0]), np.array([True]), made.certificate)  # type: ignore[arg-type]
    made = dataclasses.replace(
        made, certificate=dataclasses.replace(Certificate.without_prices(0), leaves=(leaf,)), seconds={"check": 0.5}
    )
    whole = allocation_service_pb2.AllocateResponse()
    for part in answer_parts(made, request_id="x", include_certificate=True, include_events=False):
        whole.MergeFrom(part)
    back = Allocation(whole).result(own)
    assert same(back.plan, made.plan)
    assert back.unfilled.line_idx.tolist() == [0, 2]
    assert back.certificate is not None
    assert back.certificate.leaves[0].line.tolist() == [1]
    assert back.certificate.leaves[0].prices.own_line.tolist() == [0, 1]
    assert plan_document(back)["packages"] == plan_document(made)["packages"]
    counts = whole.summary.counts
    assert (counts.lines, counts.units, counts.kits, counts.substituted_units) == (2, 7, 2, 6)
    assert counts.HasField("transferred_packages")


def test_the_test_of_an_order_shows_ways_substitutes_and_what_was_ordered() -> None:
    """All of an order is picked up; CHI lacks T and has V for it."""
    scene = Scene()
    scene.sku("V")
    scene.node("CHI", stock={"K": 9, "V": 9})
    scene.node("ATL", stock={"K": 9})
    scene.order("O1", {"K": 1, "T": 2}, mode="pickup", pickup_node="CHI")
    scene.tables["substitutes"] = [{"sku_id": "T", "substitute_sku_id": "V", "price_per_unit": "0.5"}]
    scene.tables["stock_prices"] = [{"node_id": "CHI", "sku_id": "V", "price_per_unit": "-2"}]
    own = build((scene.tables, scene.settings))
    none = np.zeros(0, np.int64)
    made = dataclasses.replace(
        handmade_result.result(), problem=own, plan=Plan.empty(), certificate=None,
        unfilled=UnfilledLines(none, none, (), strings([])),
        report=dataclasses.replace(handmade_result.result().report, packages=PackageCosts(*[none] * 6)),
    )  # fmt: skip
    document = order_test_document(made, order_options(own, 0))
    first = document["options"][0]
    assert (first["service_id"], first["costs"]["rules"], first["cost"]) == ("pickup:CHI", "-3.00", "-3.00")
    assert first["substitutes"] == [{"line_id": "T", "sku_id": "T", "substitute_sku_id": "V"}]
    text = _markdown(document)
    assert "pickup:CHI (V for T)" in text
    assert "ATL: no transfer goes from here to CHI, where it is picked up" in text


def test_the_summary_counts_what_is_picked_up_kits_and_substitutes() -> None:
    """Only where a problem has them."""
    text = summary_markdown(summary_document(result(problem())))
    assert "| picked up | 2 packages, 1 of them from another node |" in text
    assert "| kits | 2 shipped |" in text
    assert "| substituted | 6 units |" in text
    assert "picked up" not in summary_markdown(summary_document(handmade_result.result()))
