"""`splitship sweep`, `splitship replay` and `solve --record`: many scenarios from the command line."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from program import Run
from test_cli_scenarios import folder as folder  # hello with scenarios

ROOT = Path(__file__).resolve().parents[2]
SOUND = ["baseline", "east_down", "dear", "rates[pct=5]", "rates[pct=10]"]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes cost more than these solves: do them in this one."""
    from splitship.planning.runs import engines

    monkeypatch.setattr(engines, "LOCAL", "elsewhere")
    monkeypatch.setattr(engines, "HERE", "local")


def test_scenarios_side_by_side(run: Run, folder: Path, here: None, tmp_path: Path) -> None:
    """A row each, in 80 columns and every form; the difference is that of the costs; nothing is kept unasked."""
    ran = run("sweep", folder, "east_down", "dear", "rates")
    assert ran.code == 0
    assert "nothing was kept; --out FOLDER" in ran.err
    assert max(map(len, ran.out.splitlines())) <= 80
    assert [line.split()[0] for line in ran.out.splitlines()[2:]] == SOUND
    rows = list(csv.DictReader(io.StringIO(run("sweep", folder, *SOUND, "-o", "csv").out)))
    assert [row["scenario"] for row in rows] == SOUND
    assert rows[0]["difference"] == ""
    for row in rows[1:]:
        assert round(float(row["cost"]) - float(rows[0]["cost"]), 6) == float(row["difference"])
    document = run("sweep", folder, *SOUND, "-o", "json").json
    assert (document["schema"], document["pack"], document["currency"]) == ("splitship.sweep/1", "hello", "USD")
    assert [row["plan"] for row in document["scenarios"]] == [row["plan"] for row in rows]
    alone = run("solve", folder, "-o", "json").json
    assert document["scenarios"][0]["plan"] == alone["hashes"]["plan"]
    assert run("sweep", folder, "dear", "-o", "md").out.startswith("| scenario | cost |")
    assert {path.name for path in tmp_path.iterdir()} == {"hello"}


def test_one_that_cannot_be_built_is_named_and_the_rest_is_there(run: Run, folder: Path, here: None) -> None:
    """Exit code 1, and the fault at its place."""
    ran = run("sweep", folder)
    assert ran.code == 1
    assert "splitship: wrong failed: it cannot be built" in ran.err
    assert "scenario.yaml:" in ran.err
    assert "E107" in ran.err
    assert [line.split()[0] for line in ran.out.splitlines()[2:]] == [*SOUND[:3], "wrong", *SOUND[3:]]
    assert "FAILED" in ran.out
    (failed,) = [row for row in run("sweep", folder, "-o", "json").json["scenarios"] if row["failure"]]
    assert (failed["scenario"], failed["cost"], failed["failure"]["kind"]) == ("wrong", None, "input")


def test_what_is_there_is_taken_over(run: Run, folder: Path, here: None, tmp_path: Path) -> None:
    """And said to be; `--again` solves it; a folder of something else is refused."""
    out = tmp_path / "runs"
    first = run("sweep", folder, "east_down", "--out", out, "-o", "json").json["scenarios"]
    assert sorted(path.name for path in out.iterdir()) == [
        "baseline.plan.json", "baseline.run.json", "east_down.plan.json", "east_down.run.json", "runs.json"
    ]  # fmt: skip
    ran = run("sweep", folder, "east_down", "rates", "--out", out, "-o", "json")
    assert "2 of 4 taken over from" in ran.err
    assert ran.json["scenarios"][:2] == [row | {"is_reused": True} for row in first]
    assert "taken over" not in run("sweep", folder, "east_down", "--out", out, "--again").err
    assert run("check", folder, out / "baseline.plan.json").code == 0
    assert run("sweep", folder, "--out", folder).code == 2
    assert run("sweep", folder, "--again").code == 2
    assert run("sweep", folder, "nowhere").code == 3
    assert run("sweep", folder, "--address", "tcp://127.0.0.1:1").code == 2


def test_a_recorded_solve_is_replayed(run: Run, folder: Path, here: None, tmp_path: Path) -> None:
    """The same, until the record or the pack is another; then exit code 1 and what differs."""
    record = tmp_path / "run.json"
    ran = run("solve", folder, "--scenario", "east_down", "--orders", "A1,A2", "--record", record, "-o", "json")
    assert ran.code == 3  # no such orders: nothing is recorded
    assert not record.exists()
    ids = [row.split(",")[0] for row in (folder / "orders.csv").read_text().splitlines()[1:3]]
    ran = run("solve", folder, "--scenario", "east_down", "--orders", ",".join(ids), "--record", record, "-o", "json")
    assert ran.code == 0
    again = run("replay", record)
    assert again.code == 0
    assert again.out.splitlines()[2].split()[:2] == ["east_down", "SAME"]
    assert max(map(len, again.out.splitlines())) <= 80
    (row,) = run("replay", record, "-o", "json").json["runs"]
    assert (row["verdict"], row["plan_now"]) == ("SAME", ran.json["hashes"]["plan"])
    document = json.loads(record.read_text())
    document["summary"]["hashes"]["plan"] = "sha256:0"
    record.write_text(json.dumps(document))
    ran = run("replay", record)
    assert ran.code == 1
    assert "east_down: the plan or its certificate is another" in ran.err
    rates = folder / "rates.csv"
    rates.write_text(rates.read_text() + rates.read_text().splitlines()[-1] + "\n")
    assert run("replay", record).code == 3
    assert run("replay", tmp_path / "none.json").code == 2
    assert run("replay", folder / "scenario.yaml").code == 3


def test_records_that_could_not_be_done_again_are_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    """Before anything is solved."""
    for more in (("--method", "mip"), ("--warm-start", tmp_path / "plan.json")):
        assert run("solve", folder, "--record", tmp_path / "run.json", *more).code == 2
    assert run("solve", folder, "--record", tmp_path / "run.csv").code == 2
    assert run("solve", folder, "--record", tmp_path / "none" / "run.json").code == 2


@pytest.mark.slow
def test_ctrl_c_keeps_the_best_plan_and_the_same_command_goes_on(tmp_path: Path) -> None:
    """Exit code 130; what was at work is recorded INTERRUPTED; afterwards it is solved again, the finished is not."""
    out = tmp_path / "runs"
    command = [sys.executable, "-m", "splitship", "sweep", "scenarios/us-retail", "rate_increase"]
    command += ["--out", str(out), "--time-limit", "60", "--jobs", "2", "-o", "json"]
    with subprocess.Popen(
        [*command, "--gap", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        deadline = time.monotonic() + 60
        for line in process.stderr:  # a line every five seconds says what is at work
            if "baseline: " in line or time.monotonic() > deadline:
                break
        os.kill(process.pid, signal.SIGINT)
        text, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "not begun: rate_increase" in said
    rows = json.loads(text)["scenarios"]
    assert [row["termination"] for row in rows] == ["INTERRUPTED", "NOT_RUN"]
    assert float(rows[0]["cost"]) >= float(rows[0]["bound"]) > 0
    record = json.loads((out / "baseline.run.json").read_text())
    assert record["summary"]["termination"]["reason"] == "INTERRUPTED"
    done = subprocess.run(
        [*command, "--gap", "0.03"], capture_output=True, text=True, timeout=100, cwd=ROOT, check=True
    )
    assert [row["termination"] for row in json.loads(done.stdout)["scenarios"]] == ["GAP_REACHED"] * 2
    assert "taken over" not in done.stderr


@pytest.mark.slow
def test_a_second_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    """With no process left behind."""
    command = [sys.executable, "-m", "splitship", "sweep", "scenarios/us-retail", "--gap", "0", "--time-limit", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        process.stderr.readline()
        deadline = time.monotonic() + 20
        while len(children := _children(process.pid)) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        os.kill(process.pid, signal.SIGINT)
        time.sleep(0.2)
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 130
    assert len(children) >= 2
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def _children(pid: int) -> list[str]:
    found: list[str] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += (task / "children").read_text().split()
    return found
