"""`splitship prices` and `splitship frontier`: what is printed, in every form, and what is refused."""

from __future__ import annotations

import csv
import io
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from program import Run

from splitship.cli.console import cents
from splitship.cli.prices import _savings

ROOT = Path(__file__).resolve().parents[2]


def widest(text: str) -> int:
    return max(map(len, text.splitlines()))


def test_prices_of_hello(run: Run, hello: Path) -> None:
    """By hand: a mug more at SHOP fills the one that stays, 10.50; JSON, CSV and table say the same."""
    ran = run("prices", hello, "-o", "json")
    assert ran.code == 0, ran.err
    document = ran.json
    assert document["schema"] == "splitship.prices/1"
    assert document["objective"] == document["best_objective"] == "87.50"
    assert document["complete"] is True
    mug = next(row for row in document["prices"] if row["sku_id"] == "mug")
    assert (mug["kind"], mug["node_id"], mug["supply"], mug["use"]) == ("stock", "SHOP", "1", "1")
    assert mug["change"] == "1 more unit of mug at SHOP"
    assert mug["confirmed"]["saving"] == "10.50"
    assert mug["confirmed"]["units_filled"] == 1
    rows = list(csv.DictReader(io.StringIO(run("prices", hello, "-o", "csv").out)))
    assert [row["saving"] for row in rows] == [row["confirmed"]["saving"] for row in document["prices"]]
    table = run("prices", hello)
    assert widest(table.out) <= 80
    assert "stock of mug at SHOP" in table.out
    assert "10.50" in table.out
    assert run("prices", hello, "-o", "md").out.startswith("| one more of |")


def test_prices_without_confirming_and_from_a_plan(run: Run, hello: Path, tmp_path: Path) -> None:
    """--no-confirm solves nothing again; --plan begins with an answer that is there, and needs its prices."""
    plan = tmp_path / "plan.json"
    assert run("solve", hello, "--plan", plan).code == 0
    ran = run("prices", hello, "--plan", plan, "--no-confirm", "-o", "json")
    assert ran.code == 0, ran.err
    assert ran.json["prices"]
    assert all("confirmed" not in row for row in ran.json["prices"])
    assert (
        run("prices", hello, "--plan", plan, "-o", "json").json["prices"]
        == run("prices", hello, "-o", "json").json["prices"]
    )
    assert run("solve", hello, "--plan", tmp_path / "plan.csv").code == 0
    without = run("prices", hello, "--plan", tmp_path / "plan.csv")
    assert without.code == 2
    assert "need an answer with a certificate" in without.err


def test_unfilled(run: Run, hello: Path) -> None:
    """What stays, and what would make it ship."""
    ran = run("prices", hello, "--unfilled", "-o", "json")
    assert ran.code == 0, ran.err
    document = ran.json
    assert document["schema"] == "splitship.relaxations/1"
    assert document["unfilled_by_reason"] == {"NO_STOCK": 1}
    (one,) = document["relaxations"]
    assert one["relaxation"] == "1 more unit of mug at SHOP"
    assert one["confirmed"]["saving"] == one["confirmed"]["saving_at_most"] == "10.50"
    table = run("prices", hello, "--unfilled")
    assert widest(table.out) <= 80
    assert "1 more unit of mug at SHOP" in table.out
    assert run("prices", hello, "--unfilled", "-o", "csv").out.startswith("relaxation,amount,unit")
    assert run("prices", hello, "--unfilled", "-o", "md").out.startswith("| relaxation |")


def test_frontier_of_hello(run: Run, hello: Path, tmp_path: Path) -> None:
    """Proven optimal points lie on the envelope; the chart is a picture; every form has every point."""
    chart = tmp_path / "days.svg"
    ran = run("frontier", hello, "--against", "days", "--points", 4, "--chart", chart, "-o", "json")
    assert ran.code == 0, ran.err
    document = ran.json
    assert document["schema"] == "splitship.frontier/1"
    assert [point["own_weight"] for point in document["points"]].count(True) == 1
    for point in document["points"]:
        assert point["cost"] == point["floor"]
        assert re.fullmatch(r'\{settings: objective, set: \{delivery_day: "[0-9.]+"\}\}', point["overlay"])
    assert ET.parse(chart).getroot().tag.endswith("svg")
    for against in ("days", "packages", "fill"):
        table = run("frontier", hello, "--against", against, "--points", 3)
        assert table.code == 0, table.err
        assert widest(table.out) <= 80
        assert "own" in table.out
    listed = list(csv.DictReader(io.StringIO(run("frontier", hello, "--points", 4, "-o", "csv").out)))
    assert [row["weight"] for row in listed] == [point["weight"] for point in document["points"]]
    assert run("frontier", hello, "--points", 3, "-o", "md").out.startswith("| weight |")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("prices {} --unfilled --no-confirm", "--unfilled goes without"),
        ("prices {} --unfilled --step 2", "--unfilled goes without"),
        ("prices {} --step 0", "step"),
        ("prices {} --gap -1", "gap"),
        ("prices {} --scenario nowhere", "no scenario 'nowhere'"),
        ("prices {} --plan nowhere.json", "nowhere.json"),
        ("frontier {} --points 1", "points"),
        ("frontier {} --against distance", "distance"),
        ("frontier {} --chart picture.png", "a picture is a .svg file"),
        ("frontier {} --chart no/such/folder.svg", "there is no folder"),
    ],
)
def test_what_is_refused(run: Run, hello: Path, words: str, message: str) -> None:
    """Words on standard error, nothing on standard output, no traceback."""
    ran = run(*words.format(hello).split())
    assert ran.code in (2, 3)
    assert message in ran.err
    assert ran.out == ""


def test_interrupted_it_shows_what_is_confirmed(tmp_path: Path) -> None:
    """Ctrl-C while confirming: exit code 130, the prices are there, and that it is not all is said."""
    plan = tmp_path / "plan.json"
    code = (
        "from splitship import *\n"
        "p = read_pack('scenarios/us-retail')\n"
        f"write_plan({str(plan)!r}, solve(p.problem(), p.options(), gap=0.03))\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=120)
    program = [sys.executable, "-m", "splitship", "prices", "scenarios/us-retail", "--plan", str(plan)]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while line := process.stderr.readline():
            if "1 of 10" in line:
                break
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "binding resources" in out
    assert "stopped before all was confirmed" in out


def test_what_one_order_would_take(run: Run, hello: Path) -> None:
    """--order looks at one order: the one that is short has relaxations, one that ships in full has none."""
    short = run("prices", hello, "--unfilled", "-o", "json").json["relaxations"]
    orders = [f"O{number}" for number in range(1, 6)]
    of_orders = {order: run("prices", hello, "--unfilled", "--order", order, "-o", "json").json for order in orders}
    found = {row["relaxation"] for document in of_orders.values() for row in document["relaxations"]}
    assert found == {row["relaxation"] for row in short}
    assert [] in [document["relaxations"] + document["without_effect"] for document in of_orders.values()]
    refused = run("prices", hello, "--order", "O1")
    assert refused.code == 2
    assert "--order goes with --unfilled" in refused.err
    assert "no order 'O9'" in run("prices", hello, "--unfilled", "--order", "O9").err


def test_what_is_at_most_is_rounded_up_and_what_is_at_least_down() -> None:
    confirmed = {"saving": "1.004", "saving_at_most": "1234.001"}
    assert _savings(confirmed) == ("1.00", "1,234.01")
    assert (cents("1.009", "ROUND_FLOOR"), cents("-1.001", "ROUND_FLOOR")) == ("1.00", "-1.01")
    assert cents(None, "ROUND_CEILING") == "-"
