"""`splitship compare`: scenarios side by side in every form, from solves, from saved plans, and with a reference."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from program import Run

SECTIONS = """
overlays:
  close_east: [{table: nodes, where: {node_id: EAST}, set: {open: false}}]
  rates_up: [{table: rates, multiply: {price: "1.10"}}]
scenarios:
  baseline: []
  east_down: [close_east]
  dear: [rates_up]
  same: []
sweeps:
  rates: {vary: {pct: [5, 10]}, apply: [{table: rates, multiply: {price: "1 + pct/100"}}]}
"""
EXACT = ("--gap", "0", "--time-limit", "20")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """hello with scenarios, and with what another system decided for three of its orders."""
    folder = tmp_path_factory.mktemp("packs") / "hello"
    shutil.copytree(Path(__file__).resolve().parents[2] / "scenarios" / "hello", folder)
    path = folder / "scenario.yaml"
    path.write_text(path.read_text().replace("scenarios: {baseline: []}\n", "") + SECTIONS)
    rows = ["order_id,line_id,node_id,service_id,ship_on,quantity", "O1,1,SHOP,air,2026-12-01,1", "O3,1,WEST,,,1",
            "O4,1,WEST,,,1", "O5,1,EAST,,,2"]  # fmt: skip
    (folder / "reference.csv").write_text("\n".join(rows) + "\n")
    return folder


def test_what_changes_is_shown_in_80_columns(run: Run, folder: Path) -> None:
    """Answers, KPIs that change, and where each difference comes from; more of them with --all."""
    ran = run("compare", folder, "baseline", "east_down", "dear", *EXACT)
    assert ran.code == 0, ran.err
    assert max(map(len, ran.out.splitlines())) <= 80
    lines = ran.out.splitlines()
    assert lines[0] == "hello, in USD: baseline against east_down, dear"
    assert "\norders  " not in ran.out
    assert any(line.startswith("east_down against baseline: +") for line in lines)
    assert "proven: the least possible costs differ by +" in ran.out
    (moved,) = [line for line in lines if line.startswith("no order moved")]
    assert moved
    every = run("compare", folder, "baseline", "east_down", "dear", *EXACT, "--all").out
    assert len(every.splitlines()) > len(lines)
    assert "\norders  " in every


def test_document_adds_up(run: Run, folder: Path) -> None:
    """The costs of a scenario by `solve` are those of the comparison; parts and orders add up to the difference."""
    document = run("compare", folder, "baseline", "east_down", *EXACT, "-o", "json").json
    assert (document["schema"], document["baseline"]) == ("splitship.comparison/1", "baseline")
    for answer in document["scenarios"]:
        alone = run("solve", folder, "--scenario", answer["name"], *EXACT, "-o", "json").json
        assert (alone["objective"], alone["bound"]) == (answer["objective"], answer["bound"])
        assert alone["hashes"]["input"] == answer["hashes"]["input"]
    (step,) = document["comparisons"]
    old, new = (Decimal(each["objective"]) for each in document["scenarios"])
    assert Decimal(step["difference"]) == new - old > 0
    assert sum(Decimal(part["difference"]) for part in step["parts"]) == new - old
    (soft,) = [Decimal(part["difference"]) for part in step["parts"] if part["part"] == "soft"]
    assert sum((Decimal(each["difference"]) for each in step["orders"]), soft) == new - old
    moved = {each["order_id"]: each for each in step["orders"]}
    assert all(package["node_id"] != "EAST" for each in moved.values() for package in each["new"])


def test_cold_and_warm_agree(run: Run, folder: Path) -> None:
    both = [run("compare", folder, "baseline", "dear", *EXACT, "-o", "json", *more).json for more in ((), ("--cold",))]
    assert both[0]["kpis"] == both[1]["kpis"]


def test_saved_plans_are_taken_and_verified(run: Run, folder: Path, tmp_path: Path) -> None:
    """A plan with its certificate has the bound of the solve; one of another scenario is refused with its fault."""
    plan = tmp_path / "base.json"
    assert run("solve", folder, "--plan", plan, *EXACT).code == 0
    ran = run("compare", folder, f"baseline={plan}", "dear", *EXACT, "-o", "json")
    solved = run("compare", folder, "baseline", "dear", *EXACT, "-o", "json")
    assert ran.json["kpis"] == solved.json["kpis"]
    assert [each["name"] for each in ran.json["scenarios"]] == ["baseline", "dear"]
    twice = run("compare", folder, "baseline", f"baseline={plan}", *EXACT, "-o", "json").json
    assert [each["name"] for each in twice["scenarios"]] == ["baseline", "baseline (base.json)"]
    assert twice["comparisons"][0]["difference"] == "0.00"
    wrong = run("compare", folder, "baseline", f"east_down={plan}", *EXACT)
    assert wrong.code == 2
    assert "for scenario east_down the plan is not one for this problem: NODE_CLOSED" in wrong.err.replace("\n", " ")


def test_csv_markdown_and_workbook(run: Run, folder: Path, tmp_path: Path) -> None:
    """The same numbers in every form; a file's ending chooses it."""
    rows = list(csv.DictReader(io.StringIO(run("compare", folder, "baseline", "dear", *EXACT, "-o", "csv").out)))
    document = run("compare", folder, "baseline", "dear", *EXACT, "-o", "json").json
    assert [row["key"] for row in rows] == [each["key"] for each in document["kpis"]]
    assert rows[0]["dear difference"] == document["comparisons"][0]["difference"]
    markdown = run("compare", folder, "baseline", "dear", *EXACT, "-o", "md").out
    assert markdown.startswith("## hello, in USD: baseline against dear\n")
    assert "| total cost |" in markdown
    book = tmp_path / "out.xlsx"
    ran = run("compare", folder, "baseline", "dear", *EXACT, "--out", book)
    assert (ran.code, ran.out) == (0, "")
    with zipfile.ZipFile(book) as archive:
        names = archive.read("xl/workbook.xml").decode()
    assert all(f'name="{sheet}"' in names for sheet in ("KPIs", "differences", "orders"))
    file = tmp_path / "out.json"
    assert run("compare", folder, "baseline", "dear", *EXACT, "--out", file).code == 0
    assert json.loads(file.read_text())["kpis"] == document["kpis"]


def test_reference_is_a_column_that_says_what_it_breaks(run: Run, folder: Path) -> None:
    """O5's mugs are not at EAST: costed all the same, counted and named, with neither a bound nor the word verified."""
    ran = run("compare", folder, "--reference", *EXACT)
    assert ran.code == 0, ran.err
    text = " ".join(ran.out.split())
    assert "baseline against reference" in text
    assert "reference is NOT feasible: 1 violation, the first" in text
    assert "no service is named of 3 packages" in text
    document = run("compare", folder, "--reference", *EXACT, "-o", "json").json
    answer = document["scenarios"][1]
    assert (answer["verified"], answer["bound"], answer["num_violations"]) == (False, None, 1)
    assert document["reference"]["chosen_services"] == 3
    assert run("compare", folder, "east_down", "--reference", *EXACT).code == 0


def test_sweeps_have_an_equals_sign_of_their_own(run: Run, folder: Path, tmp_path: Path) -> None:
    plan = tmp_path / "ten=10.json"
    assert run("solve", folder, "--scenario", "rates[pct=10]", "--plan", plan, *EXACT).code == 0
    document = run("compare", folder, "rates[pct=5]", f"rates[pct=10]={plan}", *EXACT, "-o", "json").json
    assert [each["name"] for each in document["scenarios"]] == ["rates[pct=5]", "rates[pct=10]"]


def test_same_input_under_another_name_is_no_difference(run: Run, folder: Path) -> None:
    ran = run("compare", folder, "baseline", "same", *EXACT)
    assert "same against baseline: 0.00 USD" in ran.out
    assert "no order moved" in ran.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("baseline",), "name at least two scenarios"),
        ((), "name at least two scenarios"),
        (("baseline", "east_donw"), "no scenario 'east_donw'"),
        (("baseline", "baseline"), "baseline is named twice"),
        (("baseline", "dear=nowhere.json"), "there is no file nowhere.json"),
        (("baseline", "dear", "-o", "xlsx"), "xlsx is a file: say --out"),
        (("baseline", "dear", "--out", "x.txt"), "ends on none of json, csv, xlsx, md"),
        (("baseline", "dear", "-o", "table", "--out", "x.md"), "--out goes with json, csv, xlsx or md"),
        (("baseline", "dear", "--out", "nowhere/x.md"), "there is no folder nowhere"),
        (("baseline", "dear", "--gap", "nan"), "--gap"),
    ],
)
def test_what_does_not_go_together(run: Run, folder: Path, arguments: tuple[str, ...], words: str) -> None:
    ran = run("compare", folder, *arguments)
    assert ran.code == 2
    assert words in ran.err
    assert ran.out == ""


def test_pack_without_a_reference(run: Run, hello: Path) -> None:
    ran = run("compare", hello, "--reference")
    assert ran.code == 2
    assert "no table reference" in ran.err


def test_file_that_is_no_plan(run: Run, folder: Path) -> None:
    ran = run("compare", folder, "baseline", f"dear={folder / 'nodes.csv'}", *EXACT)
    assert ran.code == 3
    assert "nodes.csv" in ran.err


def test_help_has_examples(run: Run) -> None:
    text = run("compare", "--help").out
    assert "splitship compare scenarios/us-retail baseline dallas_down" in text
    assert max(map(len, text.splitlines())) <= 80


def test_differences_are_coloured_and_signed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal: dearer is red, less of something better is green, and both have their sign."""
    from typer.testing import CliRunner

    from splitship.cli.app import app

    monkeypatch.delenv("NO_COLOR", raising=False)
    env = {"COLUMNS": "80", "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    out = CliRunner(env=env).invoke(app, ["compare", str(folder), "baseline", "east_down", *EXACT], color=True).stdout
    assert re.search(r"\x1b\[31m *\+61\.90", out)
    assert re.search(r"\x1b\[32m *-22\.00", out)
