"""`splitship scenarios`, and `--scenario` where a pack is read."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from program import Run

SECTIONS = """
overlays:
  close_east: [{table: nodes, where: {node_id: EAST}, set: {open: false}}]
  rates_up: [{table: rates, where: {service_id: [ground, air], up_to_kg: {le: 5}}, multiply: {price: "1.10"}}]
  broken: [{table: nodes, where: {kind: dc}, set: {cutoff: "25:00"}}]
scenarios:
  baseline: []
  east_down: {apply: [close_east], note: "what if the node in the east, with most of the stock, is closed for a day"}
  dear: {extends: east_down, apply: [rates_up]}
  wrong: [broken]
sweeps:
  rates:
    vary: {pct: [5, 10]}
    apply: [{table: rates, multiply: {price: "1 + pct/100"}}, {settings: solve, set: {seed: pct}}]
"""


@pytest.fixture
def folder(hello: Path, tmp_path: Path) -> Path:
    """hello with scenarios."""
    folder = tmp_path / "hello"
    shutil.copytree(hello, folder)
    path = folder / "scenario.yaml"
    path.write_text(path.read_text().replace("scenarios: {baseline: []}\n", "") + SECTIONS)
    return folder


def test_scenarios_are_listed(run: Run, folder: Path) -> None:
    """With what they extend, what they apply, and their note, in 80 columns."""
    ran = run("scenarios", folder)
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= 80
    assert [line.split()[0] for line in ran.out.splitlines()[2:] if line[0] != " "] == [
        "baseline",
        "east_down",
        "dear",
        "wrong",
        "rates[pct=5]",
        "rates[pct=10]",
    ]
    document = run("scenarios", folder, "-o", "json").json
    assert (document["schema"], document["pack"]) == ("splitship.scenarios/1", "hello")
    assert document["scenarios"][2] == {
        "scenario": "dear",
        "extends": "east_down",
        "applies": ["rates_up"],
        "sweep": None,
        "values": {},
        "note": "",
    }
    assert document["scenarios"][4]["values"] == {"pct": "5"}


def test_one_scenario_is_shown_without_solving(run: Run, folder: Path) -> None:
    """Its operations in their order, what differs, every cell on request; in 80 columns."""
    ran = run("scenarios", folder, "dear", "--rows")
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= 80
    text = " ".join(ran.out.split())
    assert text.index("nodes where node_id is 'EAST': set open = false") < text.index("multiply price by 1.1")
    assert "nodes: 1 row, open rates: 8 rows, price input sha256:" in text
    rows = list(csv.DictReader(io.StringIO(run("scenarios", folder, "dear", "-o", "csv").out)))
    assert rows[0] == {
        "table": "nodes",
        "change": "changed",
        "row": "EAST",
        "column": "open",
        "old": "",
        "new": "false",
        "overlay": "close_east",
    }
    assert len(rows) == 9
    document = run("scenarios", folder, "dear", "-o", "json").json
    assert document["schema"] == "splitship.scenario/1"
    assert [each["overlay"] for each in document["operations"]] == ["close_east", "rates_up"]
    assert document["tables"][0] == {
        "table": "nodes",
        "changed_rows": 1,
        "added_rows": 0,
        "removed_rows": 0,
        "columns": ["open"],
    }
    assert document["hashes"]["input"] != document["hashes"]["baseline"]
    assert "| 1 | close_east |" in run("scenarios", folder, "east_down", "-o", "md").out
    assert "no difference to the baseline" in run("scenarios", folder, "baseline").out
    assert run("scenarios", folder, "--rows").code == 2


def test_faults_of_a_scenario_stop_what_reads_it(run: Run, folder: Path) -> None:
    """validate tells them (exit code 1), everything else refuses (3); the baseline is not concerned."""
    assert run("validate", folder).code == 0
    ran = run("validate", folder, "--scenario", "wrong")
    assert ran.code == 1
    assert "(nodes.csv:2:8): error[E107] cutoff: expected a time" in ran.out
    assert run("scenarios", folder, "wrong").code == 3
    assert run("solve", folder, "--scenario", "wrong").code == 3
    assert "there are baseline, east_down" in run("export", folder, "x.mps", "--scenario", "no").err


def test_every_command_takes_the_scenario(run: Run, folder: Path, tmp_path: Path) -> None:
    """solve, check, policy, test and export read the pack as the scenario has it."""
    plan = tmp_path / "plan.json"
    usual = run("solve", folder, "-o", "json").json
    solved = run("solve", folder, "--scenario", "rates[pct=10]", "--plan", plan, "-o", "json").json
    assert (solved["scenario"], solved["seed"]) == ("rates[pct=10]", 10)
    assert float(solved["objective"]) > float(usual["objective"])
    assert solved["hashes"]["input"] == run("scenarios", folder, "rates[pct=10]", "-o", "json").json["hashes"]["input"]
    assert run("check", folder, plan, "--scenario", "rates[pct=10]", "-o", "json").json["holds"]
    assert run("check", folder, plan).code == 1
    assert run("policy", folder, "nearest", "--scenario", "dear", "-o", "json").json["scenario"] == "dear"
    alone = run("test", folder, "--order", "O1", "--scenario", "east_down", "-o", "json").json
    assert alone["scenario"] == "east_down"
    assert "EAST" not in {each["node_id"] for each in alone["packages"]}
    model = tmp_path / "model.lp"
    assert run("export", folder, model, "--scenario", "east_down").code == 0
    assert model.stat().st_size < _size(run, folder, tmp_path / "whole.lp")


def _size(run: Run, folder: Path, model: Path) -> int:
    assert run("export", folder, model).code == 0
    return model.stat().st_size
