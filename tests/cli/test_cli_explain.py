"""`splitship explain`: the account of an order, questions, forcing, the cost of a rule."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from program import Run

from splitship.cli.explain_view import show_counterfactual
from splitship.cli.options import ReportForm
from splitship.domain import SolveOptions
from splitship.packs import read_pack
from splitship.packs.plans import write_plan
from splitship.planning import Counterfactual, Force
from splitship.planning.interval import Interval
from splitship.run import solve


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The best plan of hello, saved."""
    path = tmp_path_factory.mktemp("plans") / "plan.json"
    write_plan(path, solve(read_pack("scenarios/hello").problem(), SolveOptions(gap=0.0, time_limit_s=30)))
    return path


def test_an_order_is_explained(run: Run, hello: Path, plan: Path) -> None:
    ran = run("explain", hello, "O1", "--plan", plan)
    assert ran.code == 0, ran.err
    assert "13.25 USD (shipping 6.00" in ran.out
    assert "NOT_CARRIED" in ran.out
    assert "why late?" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_the_json_is_the_document(run: Run, hello: Path, plan: Path) -> None:
    ran = run("explain", hello, "O1", "--plan", plan, "-k", "1", "-o", "json")
    assert ran.json["schema"] == "splitship.explanation/1"
    assert len(ran.json["alternatives"]) == 1


def test_questions_are_answered(run: Run, hello: Path, plan: Path) -> None:
    ran = run("explain", hello, "O3", "--plan", plan, "--why", "split", "--why", "node=SHOP", "-o", "md")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("## order O3")
    assert "why split?" in ran.out
    assert "why not SHOP?" in ran.out


def test_an_order_is_forced(run: Run, hello: Path, plan: Path) -> None:
    """87.50 and 4.00 more, as tests/planning/test_counterfactual.py works out."""
    ran = run("explain", hello, "O1", "--plan", plan, "--force", "node=EAST", "--force", "packages=1")
    assert ran.code == 0, ran.err
    assert "+4.00 USD: 87.50 to 91.50" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    document = run("explain", hello, "O1", "--plan", plan, "--force", "node=EAST", "-o", "json").json
    assert document["schema"] == "splitship.counterfactual/1"
    assert (document["change"], document["interval"]) == ("4.00", {"low": "4.00", "high": "4.00"})
    assert len(document["moves"]) == 2


def test_what_is_so_and_what_cannot_be_is_said(run: Run, hello: Path, plan: Path) -> None:
    assert "nothing changes" in run("explain", hello, "O1", "--plan", plan, "--force", "complete").out
    ran = run("explain", hello, "O1", "--plan", plan, "--force", "node=WEST")
    assert ran.code == 0
    assert "not possible" in ran.out
    assert "kettle is not carried" in ran.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name an order, or a rule"),
        (["O1", "--rule", "x"], "name an order, or a rule"),
        (["O9"], "no order 'O9'"),
        (["--rule", "x"], "the pack has none"),
        (["O1", "--force", "node"], "expected one of"),
        (["O1", "--force", "complete=yes"], "expected one of"),
        (["O1", "--force", "node=EAST", "--force", "node=SHOP"], "given twice"),
        (["O1", "--force", "packages=two"], "whole number"),
        (["O1", "--force", "ship-on=soon"], "expected a date"),
        (["O1", "--why", "split", "--force", "complete"], "do not go together"),
        (["O1", "--why", "because"], "no question"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, hello: Path, plan: Path, arguments: list[str], words: str) -> None:
    ran = run("explain", hello, *arguments, "--plan", plan)
    assert ran.code == 2, ran.out
    assert words in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--force", "node=NORTH"], "no node 'NORTH'"),
        (["--force", "service=rocket"], "no service 'rocket'"),
        (["--force", "ship-on=soon"], "expected a date"),
        (["--why", "split", "--why", "node=NORTH"], "no node 'NORTH'"),
        (["--why", "service=rocket"], "no service 'rocket'"),
        (["--why", "because"], "no question"),
    ],
)
def test_it_is_refused_before_any_plan(run: Run, hello: Path, tmp_path: Path, arguments: list[str], words: str) -> None:
    """Neither read, which would find no file, nor solved."""
    ran = run("explain", hello, "O1", *arguments, "--plan", tmp_path / "none.json")
    assert ran.code == 2
    assert words in ran.err


def test_what_was_not_found_is_not_said_to_be_impossible(capsys: pytest.CaptureFixture[str]) -> None:
    base = solve(read_pack("scenarios/hello").problem(), SolveOptions(gap=0.0, time_limit_s=30))
    show_counterfactual(
        Counterfactual(base, "O3", Force(complete=True), is_found=False, num_left=2), ReportForm.TABLE
    )  # fmt: skip
    said = " ".join(capsys.readouterr().out.split())
    assert "No plan was found that ships all of it: 2 units of the order stay" in said
    assert "change" not in said
    some = Counterfactual(
        base, "O3", Force(packages=1), is_found=False, num_left=2, plan=base, change=0, interval=Interval(0, 0)
    )  # fmt: skip
    show_counterfactual(some, ReportForm.TABLE)
    said = " ".join(capsys.readouterr().out.split())
    assert "2 units of the order stay in the plan found; more may be possible" in said
    assert "between the best that ship as much" in said
    show_counterfactual(replace(some, is_found=True), ReportForm.TABLE)
    assert "2 units of the order cannot ship this way" in " ".join(capsys.readouterr().out.split())


def test_a_rule_has_its_cost(run: Run, hello: Path, tmp_path: Path) -> None:
    """Without the rule O4 ships by air as it does in hello: the rule cannot save anything."""
    import shutil

    pack = tmp_path / "ruled"
    shutil.copytree(hello, pack)
    scenario = pack / "scenario.yaml"
    rule = "rules:\n  - name: no air\n    where: {service: {service_id: air}}\n    forbid: true\n"
    scenario.write_text(scenario.read_text() + "\n" + rule)
    ran = run("explain", pack, "--rule", "no air", "--gap", "0", "-o", "json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert document["schema"] == "splitship.rule-cost/1"
    # ground brings O4 two days late: 2.50 more than air
    assert (document["cost"], document["interval"]) == ("2.50", {"low": "2.50", "high": "2.50"})
    assert "the rule costs" in run("explain", pack, "--rule", "no air", "--gap", "0").out
