"""Suites: each run judged, failures as records, on again after a kill, nothing left running."""

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from splitship.errors import UsageError
from splitship_bench import driver
from splitship_bench.contenders import contenders
from splitship_bench.driver import RunSettings, planned, run_in_process, run_suite
from splitship_bench.generate import parse_spec
from splitship_bench.instances import is_generated
from splitship_bench.job import Order, run_order
from splitship_bench.records import read_records
from splitship_bench.suites import SUITES, Job, Suite

ROOT = Path(__file__).resolve().parents[2]
HELLO = ROOT / "scenarios" / "hello"
PLANTED = Path(__file__).with_name("planted_contenders.py")


@pytest.fixture(autouse=True)
def _quick_reference(monkeypatch):
    """The reference job is not what is tested here."""
    monkeypatch.setattr(driver, "reference_seconds", lambda: 1.0)


def order(contender, **changes):
    base = Order("t", "hello", str(HELLO), contender, [str(PLANTED)], 10.0, 0.0, None, 1, 2, 0)
    return replace(base, **changes)


def test_ours_is_recorded_with_everything_a_report_needs():
    """hello is proven at 87.50 by hand: objective, bound, gap, phases, incumbents, counts and memory are there."""
    record = run_order(order("splitship"))
    assert record.status == "OPTIMAL"
    assert record.verified
    assert record.objective == record.claimed == 87_500_000
    assert record.bound is not None
    assert record.bound <= record.objective
    assert record.bound_source == "certificate"
    assert {"read", "warm", "compile", "prices", "primal", "check", "total"} <= record.seconds.keys()
    assert record.counts["orders"] == 5
    assert record.costs["shipping"] > 0
    assert sum(record.costs.values()) == record.objective
    assert record.incumbents[-1][1:] == (record.objective, record.bound)
    times = [step[0] for step in record.incumbents]
    assert times == sorted(times)
    assert record.peak_memory_mb is None or record.peak_memory_mb > 50
    assert len(record.instance_sha256) == 64


@pytest.mark.parametrize(
    ("contender", "words"),
    [
        ("in_two_places", "LINE"),
        ("too_cheap", "claims a cost of 87499999 micros; the checker computes 87500000"),
        ("bound_too_high", "claims that nothing costs less than 175000000"),
        ("forged_certificate", "bound"),
    ],
)
def test_planted_lies_are_wrong_and_never_a_time(contender, words):
    """An infeasible plan, a false cost, a false bound and a forged certificate: each is WRONG, with the reason."""
    record = run_order(order(contender))
    assert record.status == "WRONG"
    assert not record.verified
    assert record.objective is None
    assert not record.has_plan
    assert words in record.detail


def test_the_honest_twin_of_the_planted_liars_is_accepted():
    """The same contender unspoilt passes, so the refusals above are for what was planted."""
    record = run_order(order("honest"))
    assert record.verified
    assert record.objective == 87_500_000


def test_a_contender_that_raises_or_refuses_leaves_a_record():
    """FAILED has the error in one line; NOT_APPLICABLE the reason."""
    failed = run_order(order("raising"))
    assert (failed.status, failed.detail) == ("FAILED", "ValueError: planted fault")
    refused = run_order(order("refusing"))
    assert (refused.status, refused.detail) == ("NOT_APPLICABLE", "planted refusal")


def test_a_dead_and_a_hanging_process_leave_records(monkeypatch):
    """A crash is FAILED with the exit code; what ignores its limit is ended after the grace and is KILLED."""
    dead = run_in_process(order("dying"))
    assert dead.status == "FAILED"
    assert "exit code 66" in dead.detail
    monkeypatch.setattr(driver, "_GRACE_S", 0.2)
    late = run_in_process(order("hanging", limit_s=0.3))
    assert late.status == "KILLED"
    assert "limit 0.3 s" in late.detail


def test_an_unreadable_pack_stops_the_suite_with_the_readers_words(tmp_path):
    """That is the user's fault and no contender's: no record, the pack is named."""
    with pytest.raises(RuntimeError, match=r"scenario\.yaml"):
        run_in_process(order("splitship", pack=str(tmp_path)))


def tiny_suite(*names, repeats=1):
    return Suite("t", "", 1, tuple(Job("hello", name, 5.0, 0.0, repeats) for name in names))


def test_suite_goes_on_where_it_stopped(tmp_path):
    """A file with the first repeats gets only the missing runs; a complete one gets none."""
    out, settings = tmp_path / "r.jsonl", RunSettings(tmp_path)
    run_suite(tiny_suite("priority"), out, settings)
    steps = []
    new = run_suite(tiny_suite("priority", repeats=2), out, settings, steps.append)
    assert [record.repeat for record in new] == [1]
    assert [(step.number, step.total, step.doing) for step in steps] == [(2, 2, "running"), (2, 2, "done")]
    assert run_suite(tiny_suite("priority", repeats=2), out, settings) == []
    assert [record.repeat for record in read_records([out])] == [0, 1]


def test_suite_refuses_to_go_on_with_other_settings(tmp_path):
    """Runs under another limit are other runs; the message names what differs."""
    out = tmp_path / "r.jsonl"
    run_suite(tiny_suite("priority"), out, RunSettings(tmp_path))
    with pytest.raises(UsageError, match="limit 5, now it is 9: name another file"):
        run_suite(tiny_suite("priority"), out, RunSettings(tmp_path, limit_s=9.0))


def test_killed_driver_leaves_whole_records_and_no_process(tmp_path):
    """SIGKILL while the second run hangs: the first record is there, and the run's process is gone too."""
    out = tmp_path / "r.jsonl"
    program = (
        "import sys; from pathlib import Path; from splitship_bench import driver; "
        "from splitship_bench.driver import RunSettings, run_suite; from splitship_bench.suites import Job, Suite; "
        "driver.reference_seconds = lambda: 1.0; "
        "jobs = (Job('hello', 'priority', 5.0), Job('hello', 'hanging', 60.0)); "
        f"run_suite(Suite('t', '', 1, jobs), Path({str(out)!r}), "
        f"RunSettings(Path({str(tmp_path)!r}), plugins=(Path({str(PLANTED)!r}),)), "
        "lambda step: print(step.doing, flush=True))"
    )
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert [process.stdout.readline().strip() for _ in range(3)] == ["running", "done", "running"]
        children = _children_when_there(process.pid)
        assert children
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    assert [record.contender for record in read_records([out])] == ["priority"]
    deadline = time.monotonic() + 20
    while any(_is_alive(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(_is_alive(child) for child in children)


def _children_when_there(pid):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            return [int(child) for child in children]
        time.sleep(0.05)
    return []


def _is_alive(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_patterns_choose_instances_and_contenders():
    """`--only` matches either name; what matches nothing is an error that lists the instances."""
    smoke = SUITES["smoke"]
    assert {job.contender for job, _ in planned(smoke, RunSettings(Path(), only=("near*",)))} == {"nearest"}
    assert {job.instance for job, _ in planned(smoke, RunSettings(Path(), only=("wide-*",)))} == {"wide-300-n10-s1"}
    both = planned(smoke, RunSettings(Path(), only=("calm-1k-*/near*",)))
    assert [(job.instance, job.contender) for job, _ in both] == [("calm-1k-n50-s1", "nearest")]
    with pytest.raises(UsageError, match=r"--only nothing: .*calm-300-n50-s1"):
        planned(smoke, RunSettings(Path(), only=("nothing",)))


def test_runs_go_repeat_by_repeat_so_that_contenders_alternate():
    """No contender has all its repeats in one stretch of time."""
    runs = planned(tiny_suite("priority", "nearest", repeats=2), RunSettings(Path()))
    assert [(job.contender, repeat) for job, repeat in runs] == [
        ("priority", 0), ("nearest", 0), ("priority", 1), ("nearest", 1),
    ]  # fmt: skip


def test_every_suite_names_contenders_and_instances_that_exist():
    """A typing slip in a suite is found here and not after half an hour."""
    known = contenders()
    for suite in SUITES.values():
        assert len({(job.instance, job.contender) for job in suite.jobs}) == len(suite.jobs)
        for job in suite.jobs:
            assert job.contender in known
            if is_generated(job.instance):
                assert parse_spec(job.instance).name == job.instance


def bench(*arguments, cwd=ROOT):
    command = [sys.executable, "-m", "splitship", "bench", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_program_runs_a_suite_with_a_planted_contender_and_reports_it_wrong(tmp_path):
    """End to end: the rule has a cost, the planted one is WRONG in the file and on the report, not a time."""
    out = tmp_path / "r.jsonl"
    run = bench(
        "run", "real", "--out", str(out), "--only", "hello/priority", "--only", "hello/too_cheap",
        "--plugin", str(PLANTED), "--also", "too_cheap",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "hello too_cheap: WRONG" in run.stderr
    assert "1 DONE, 1 WRONG" in run.stderr
    assert {record.contender: record.status for record in read_records([out])} == {
        "priority": "DONE", "too_cheap": "WRONG",
    }  # fmt: skip
    report = bench("report", str(out))
    assert report.returncode == 0, report.stderr
    assert "too_cheap" in report.stdout.replace("\\_", "_")
    assert "WRONG" in report.stdout.upper()
    gate = bench("compare", str(out), str(out), "--fail-on", "wrong>0")
    assert gate.returncode == 1
    assert "fails: " in gate.stderr


def test_program_says_what_is_wrong_with_names(tmp_path):
    """Unknown suites, patterns and files end with exit code 2 and words, and leave no file."""
    out = tmp_path / "r.jsonl"
    assert "did you mean smoke?" in bench("run", "smokes", "--out", str(out)).stderr
    nothing = bench("run", "real", "--out", str(out), "--only", "nothing-like-this")
    assert (nothing.returncode, "--only nothing-like-this" in nothing.stderr) == (2, True)
    missing = bench("report", str(out))
    assert (missing.returncode, "r.jsonl: No such file" in missing.stderr) == (2, True)
    assert not out.exists()
