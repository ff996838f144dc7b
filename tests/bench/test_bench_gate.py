"""The gate of continuous integration: it lets the same pass, and catches a doubling."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from splitship.engine import dual
from splitship_bench.compare import compare_records, judge, parse_condition
from splitship_bench.driver import RunSettings, run_suite
from splitship_bench.instances import default_cache
from splitship_bench.records import read_records
from splitship_bench.suites import SUITES, Job, Suite

ROOT = Path(__file__).resolve().parents[2]
BASELINE = ROOT / "benchmarks" / "baseline" / "smoke.jsonl"
SLEEP = Path(__file__).with_name("planted_sleep.py")


def gate():
    """Shift and conditions of `make bench`, read from the Makefile so that what is tested is what runs."""
    text = (ROOT / "Makefile").read_text()
    recipe = text[text.index("splitship bench compare") :].partition("\n\n")[0]
    return float(re.search(r"--shift (\S+)", recipe)[1]), re.findall(r'--fail-on "([^"]+)"', recipe)


def fired(before, after):
    shift, conditions = gate()
    comparison = compare_records(before, after, shift=shift)
    return {text for text in conditions if judge(parse_condition(text), comparison).fires}


def slower(records, factor):
    """The same runs, `factor` times as long."""
    return [
        replace(
            record,
            seconds={phase: value * factor for phase, value in record.seconds.items()},
            incumbents=[(t * factor, objective, bound) for t, objective, bound in record.incumbents],
            limit_s=record.limit_s * factor,
        )
        for record in records
    ]


def test_gate_has_a_condition_for_speed_quality_memory_and_failures():
    """Nothing of these can get worse unseen."""
    metrics = {parse_condition(text).metric for text in gate()[1]}
    assert metrics == {"sgm", "gap", "memory", "wrong", "missing"}


def test_baseline_is_a_whole_run_of_smoke():
    """Every run of the suite is in it, verified, and with its reference job."""
    records = read_records([BASELINE])
    wanted = {(job.instance, job.contender, n) for job in SUITES["smoke"].jobs for n in range(job.repeats)}
    assert {record.key[1:] for record in records} == wanted
    assert all(record.verified and record.reference_job_s for record in records)


def test_gate_lets_the_baseline_itself_pass():
    """Nothing changed: nothing fires."""
    records = read_records([BASELINE])
    assert fired(records, records) == set()


def test_gate_catches_a_doubling_and_forgives_a_quarter():
    """Twice the time fires, 1.25 times does not: another machine's ratio to the reference job may be that far off."""
    records = read_records([BASELINE])
    assert fired(records, slower(records, 2.0)) == {"sgm>1.6"}
    assert fired(records, slower(records, 1.25)) == set()


def test_gate_takes_a_slower_machine_for_what_it_is():
    """Everything three times slower, the reference job too: no change."""
    records = read_records([BASELINE])
    other = [replace(r, reference_job_s=3 * r.reference_job_s) for r in slower(records, 3.0)]
    assert fired(records, other) == set()


def test_gate_catches_a_wrong_and_a_missing_run():
    """A refused plan and an instance that was not run fire, each its own condition."""
    records = read_records([BASELINE])
    wrong = [replace(records[0], status="WRONG", verified=False, objective=None, gap=None), *records[1:]]
    assert "wrong>0" in fired(records, wrong)
    assert "missing>0" in fired(records, [r for r in records if r.instance != records[0].instance])


@pytest.mark.slow
def test_compare_catches_a_sleep_planted_in_pricing(tmp_path):
    """80 ms a price pass, some thirty passes, on a solve of a second: real runs in processes, honest and planted."""
    honest = dual.price_orders
    suite = Suite("t", "", 1, (Job("us-retail", "splitship", 20.0, 0.05, 2),))
    before = run_suite(suite, tmp_path / "a.jsonl", RunSettings(default_cache()))
    after = run_suite(suite, tmp_path / "b.jsonl", RunSettings(default_cache(), plugins=(SLEEP,)))
    assert dual.price_orders is honest  # the plugin ran in the runs' processes, not here
    assert all(record.verified for record in before + after)
    assert "sgm>1.6" in fired(before, after)
    program = [sys.executable, "-m", "splitship", "bench", "compare", "a.jsonl", "b.jsonl", "--shift", "0.1"]
    run = subprocess.run([*program, "--fail-on", "sgm>1.6"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "sgm>1.6 fires" in run.stderr
