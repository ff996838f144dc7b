"""Scenarios made on the spot: they say what a written one says, and their faults name the step."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import splitship
from splitship.errors import PackError
from splitship.packs import Pack
from splitship.packs.documents import summary_document

ROOT = Path(__file__).parents[2]
WRITTEN = """
overlays:
  close_west: [{table: nodes, where: {node_id: WEST}, set: {open: false}}]
  dearer:
    - {table: rates, where: {price: {gt: 5}}, multiply: {price: "1.10"}}
    - {settings: objective, set: {split: 2}}
  later: [{table: orders, where: {order_id: [O1, O2]}, set: {deliver_by: 2026-12-05}}]
  more: [{table: stock, upsert_from: more.csv}]
scenarios:
  west_closed: [close_west]
  all: {extends: west_closed, apply: [dearer, later, more]}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    folder = tmp_path / "hello"
    shutil.copytree(ROOT / "scenarios" / "hello", folder)
    path = folder / "scenario.yaml"
    path.write_text(path.read_text().replace("scenarios: {baseline: []}\n", "") + WRITTEN)
    (folder / "more.csv").write_text("node_id,sku_id,on_hand\nEAST,mug,70\n")
    return splitship.read_pack(folder)


CLOSE: dict[str, Any] = {"table": "nodes", "where": {"node_id": "WEST"}, "set": {"open": False}}


def test_a_scenario_on_the_spot_is_the_written_one(pack: Pack) -> None:
    """Same tables, settings and hash, whether operations are given, overlays are named, or one is made of another."""
    written = splitship.scenario(pack, "all")
    natural = [
        CLOSE,
        {"table": "rates", "where": {"price": {"gt": 5}}, "multiply": {"price": 1.1}},
        {"settings": "objective", "set": {"split": np.float64(2)}},
        {"table": "orders", "where": {"order_id": ("O1", "O2")}, "set": {"deliver_by": date(2026, 12, 5)}},
        {"table": "stock", "upsert_from": "more.csv"},
    ]
    made = [
        splitship.scenario(pack, natural),
        splitship.scenario(pack, ["close_west", "dearer", natural[3], "more"]),
        splitship.scenario(splitship.scenario(pack, CLOSE), natural[1:]),
        splitship.scenario(splitship.scenario(pack, "west_closed"), natural[1:], "further"),
    ]
    assert pack.problem().input_hash != written.problem().input_hash
    assert {each.problem().input_hash for each in made} == {written.problem().input_hash}
    assert [each.problem().scenario for each in made] == ["what if", "what if", "what if", "further"]
    assert [each.settings.objective.split for each in made] == [2] * 4
    assert splitship.scenario(pack, "west_closed").problem().input_hash == pack.problem("west_closed").input_hash


def test_the_pack_stays_as_it_is(pack: Pack) -> None:
    """Tables, scenarios and hash; nothing changed is the baseline under another name."""
    before = pack.problem().input_hash, pack.scenario_names, pack.tables["nodes"].copy()
    made = splitship.scenario(pack, [CLOSE])
    assert (pack.problem().input_hash, pack.scenario_names) == before[:2]
    assert pack.tables["nodes"].equals(before[2])
    assert made.scenario_names == ("what if",)
    nothing = splitship.scenario(pack, [], "nothing")
    assert (nothing.problem().input_hash, nothing.problem().scenario) == (before[0], "nothing")


def test_changes_say_what_differs_from_the_pack_it_was_made_of(pack: Pack) -> None:
    """Also of a scenario by name, and of one made of another only the last step."""
    closed = splitship.scenario(pack, CLOSE)
    assert closed.changes().lines == ("nodes: 1 row, open",)
    assert splitship.scenario(pack, "west_closed").changes().lines == ("nodes: 1 row, open",)
    dearer = splitship.scenario(closed, {"settings": "objective", "set": {"split": 3}})
    assert dearer.changes().lines == ("objective.split: 0.5 -> 3",)
    assert splitship.scenario(pack, []).changes().lines == ()
    assert pack.changes().lines == ()


FAULTS: list[tuple[Any, str]] = [
    (
        [{"table": "nodes", "set": {"opne": True}}],
        r"^scenario\[0\]\.set\.opne: error\[E305\] .*did you mean open\?\)$",
    ),
    (["close_west", {**CLOSE, "set": {"open": "maybe"}}], r"^scenario\[1\]\.set\.open \(nodes\.csv:.*E108\] open"),
    ([{**CLOSE, "where": {"node_id": "NORTH"}}], r"^scenario\[0\].*E308\] .*matches no row of nodes"),
    ([{"table": "nodez", "set": {"open": True}}], r"^scenario\[0\]\.table: error\[E113\] .*did you mean nodes\?"),
    ([{"table": "nodes", "sett": {}}], r"^scenario\[0\]\.sett: error\[E112\] .*did you mean set\?"),
    ([CLOSE, {"table": "nodes"}], r"^scenario\[1\]: error\[E113\] .*does nothing"),
    (["close_wets"], r"^scenario\[0\]: error\[E302\] no overlay 'close_wets' \(did you mean close_west\?\)"),
    (7, r"^scenario: error\[E111\] expected a list of operations"),
    ([{**CLOSE, "set": {"open": object()}}], r"^scenario\[0\]\.set\.open: error\[E113\] .*one plain value"),
    ([{"settings": "objective", "set": {"split": -1}}], r"^scenario\[0\]\.set\.split: error\[E113\]"),
    ([{"table": "stock", "upsert_from": "../x.csv"}], r"^scenario\[0\]\.upsert_from: error\[E101\]"),
    ([{**CLOSE, "set": None, "remove": True}], r"E301\] node_id: no node of that name.*removed at scenario\[0\]"),
]


@pytest.mark.parametrize(("steps", "message"), FAULTS)
def test_faults_name_the_step(pack: Pack, steps: Any, message: str) -> None:
    """The place is a way into the list that was given."""
    with pytest.raises(PackError, match=message):
        splitship.scenario(pack, steps)


def test_names_that_are_taken_are_refused(pack: Pack) -> None:
    """Two scenarios under one name could not be told apart; an unknown one is told with those there are."""
    for name in ("baseline", "all"):
        with pytest.raises(PackError, match=f"there is a scenario '{name}' already"):
            splitship.scenario(pack, [CLOSE], name)
    with pytest.raises(PackError, match="no scenario 'none'; there are baseline, west_closed, all"):
        splitship.scenario(pack, "none")


def test_packs_in_memory_have_scenarios_on_the_spot() -> None:
    """Places of cells are rows of tables."""
    nodes = [{"node_id": "A", "kind": "dc", "country": "US", "postal_code": "1"}]
    pack = Pack.from_tables({"nodes": nodes}, {"as_of": "2026-11-27T09:00:00Z", "currency": "USD"})
    closed = splitship.scenario(pack, [{"table": "nodes", "set": {"open": False}}])
    assert closed.problem().nodes.is_open.tolist() == [False]
    with pytest.raises(PackError, match=r"scenario\[0\]\.set\.open \(nodes\[0\]\.open\): error\[E108\]"):
        splitship.scenario(pack, [{"table": "nodes", "set": {"open": "maybe"}}])
    with pytest.raises(PackError, match=r"scenario\[0\]\.upsert_from: .*a pack in memory has no files"):
        splitship.scenario(pack, [{"table": "nodes", "upsert_from": "more.csv"}])


def test_a_scenario_is_solved_as_its_tables_would_be(tmp_path: Path) -> None:
    """Written out as a pack of its own and read again it has the same input and plan hashes, cold, by a work limit."""
    pack = splitship.read_pack(ROOT / "scenarios" / "us-retail")
    in_scenario = splitship.scenario(pack, "new_store")
    splitship.write_pack(in_scenario, tmp_path / "edited")
    edited = splitship.read_pack(tmp_path / "edited")
    assert edited.scenario_names == ("baseline",)
    summaries = [
        summary_document(splitship.solve(problem, work_limit=1, time_limit_s=None, gap=0.02, seed=3))
        for problem in (in_scenario.problem(), edited.problem())
    ]
    assert summaries[0]["hashes"] == summaries[1]["hashes"]
    assert summaries[0]["hashes"]["input"] != pack.problem().input_hash
