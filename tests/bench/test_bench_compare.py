"""Comparison of two sets of records: a planted slowdown is caught, noise is not, and gates say why."""

from dataclasses import replace

import pytest
from rich.console import Console
from simulated_records import failed, record, simulated

from splitship.errors import UsageError
from splitship_bench.compare import (
    ALL,
    compare_records,
    comparison_markdown,
    judge,
    parse_condition,
    render_comparison,
)
from splitship_bench.records import Record

TRIALS = 100


@pytest.mark.parametrize(
    ("instances", "repeats"), [(1, 3), (3, 3), (6, 2), (6, 1)], ids=["one", "three", "two repeats", "no repeats"]
)
def test_interval_covers_one_when_nothing_changed(instances: int, repeats: int) -> None:
    """Of a hundred pairs of files of the same program, at least ninety intervals hold 1, by contender too."""
    covered = dict.fromkeys((ALL, "splitship"), 0)
    for seed in range(TRIALS):
        a, b = (simulated(2 * seed + side, instances=instances, repeats=repeats) for side in (0, 1))
        groups = compare_records(a, b, draws=300, seed=seed).groups
        for name in covered:
            time = groups[name].time
            assert time is not None
            covered[name] += time.low <= 1 <= time.high
    assert min(covered.values()) >= 0.9 * TRIALS


@pytest.mark.parametrize(("instances", "repeats"), [(1, 3), (4, 3), (6, 1)])
def test_doubling_is_caught_through_noise_and_drift(instances: int, repeats: int) -> None:
    """Twice as slow fires sgm>1.10 and is clearly slower nearly always, and the machine's drift does not hide it."""
    fired = clear = 0
    for seed in range(20):
        a = simulated(2 * seed, instances=instances, repeats=repeats)
        b = simulated(2 * seed + 1, instances=instances, repeats=repeats, slower=2.0)
        comparison = compare_records(a, b, draws=300)
        fired += judge(parse_condition("sgm>1.10"), comparison).fires
        clear += judge(parse_condition("sgm_low>1.0"), comparison).fires
    assert fired == 20
    assert clear >= 18


def test_slower_machine_does_not_look_like_a_slower_program() -> None:
    """Every time and every reference job three times as long: ratio 1, and the correction is told."""
    a = simulated(1)
    b = [
        replace(run, seconds={"total": 3 * run.seconds["total"]}, reference_job_s=3 * (run.reference_job_s or 0))
        for run in a
    ]
    comparison = compare_records(a, b)
    time = comparison.groups[ALL].time
    assert time is not None
    assert time.point == pytest.approx(1)
    assert comparison.correction == pytest.approx(3)
    assert "3.00 times as long" in comparison_markdown(comparison)


def test_times_are_as_measured_when_a_reference_is_missing() -> None:
    """No correction by half of the runs; a note says so."""
    a = [record()]
    b = [record(seconds={"total": 10.0}, reference_job_s=2.0)]
    comparison = compare_records(a, b)
    time = comparison.groups[ALL].time
    assert time is not None
    assert time.point == pytest.approx(2)
    assert any("as measured" in note for note in comparison.notes)


def test_cells_missing_in_b_are_shown_and_can_fail() -> None:
    """A contender that vanished is not a success."""
    a = simulated(1, instances=2)
    b = [run for run in simulated(2, instances=2) if run.contender != "highs"]
    comparison = compare_records(a, b)
    assert [name[2] for name in comparison.missing] == ["highs", "highs"]
    assert judge(parse_condition("missing>0"), comparison).fires
    assert not judge(parse_condition("splitship:missing>0"), comparison).fires
    gone = judge(parse_condition("highs:sgm>1.1"), comparison)
    assert gone.fires
    assert "no cell is on both sides" in gone.words
    assert "missing in B: highs on calm-1k-n50-s1 (test)" in comparison_markdown(comparison)


def test_another_instance_under_the_same_name_is_missing_not_compared() -> None:
    """Times on different data say nothing."""
    comparison = compare_records([record()], [record(instance_sha256="other")])
    assert comparison.groups[ALL].common == 0
    assert comparison.groups[ALL].missing == 1
    assert any("instance_sha256" in note for note in comparison.notes)


@pytest.mark.parametrize("status", ["WRONG", "FAILED", "KILLED"])
def test_newly_broken_runs_are_named_and_counted(status: str) -> None:
    """A fast wrong answer counts as the limit: sixty seconds over five, at least 12 times."""
    comparison = compare_records([record()], [failed(status, detail="cost 1 cent off", seconds={"total": 0.1})])
    assert comparison.changes[0].newly_failed
    assert judge(parse_condition("wrong>0"), comparison).fires
    assert judge(parse_condition("worst>=12"), comparison).fires
    assert judge(parse_condition("gap>0"), comparison).fires  # 9.1 % before, no gap now
    text = comparison_markdown(comparison)
    assert "cost 1 cent off" in text
    assert "newly failed: splitship on calm-1k-n50-s1" in text


def test_cells_at_the_limit_on_both_sides_have_no_time_ratio() -> None:
    """A slower machine must not make two time-outs look like a speed-up; the gap still counts."""
    a = [record(status="TIME_LIMIT", reference_job_s=1.0, bound=100)]
    b = [record(status="TIME_LIMIT", reference_job_s=2.0, bound=90)]
    comparison = compare_records(a, b)
    group = comparison.groups[ALL]
    assert (group.time, group.timed, group.at_limit) == (None, 0, 1)
    verdict = judge(parse_condition("sgm>1.1"), comparison)
    assert not verdict.fires
    assert "at its limit on both sides" in verdict.words
    # (110-90)/110 - (110-100)/110 = 10/110 = 9.09 points
    assert group.gap == pytest.approx(100 * 10 / 110)
    assert judge(parse_condition("gap>9"), comparison).fires


def test_memory_and_gap_changes_are_ratios_and_points() -> None:
    """100 to 200 MB and 100 to 50 MB: geometric mean 1. Times to a gap can be compared instead of totals."""
    steps = [(1.0, 110, 100)]
    a = [record(peak_memory_mb=100.0, instance=name, incumbents=steps) for name in ("x", "y")]
    b = [
        record(peak_memory_mb=memory, instance=name, incumbents=[(3.0, 110, 100)])
        for name, memory in (("x", 200.0), ("y", 50.0))
    ]
    assert compare_records(a, b).groups[ALL].memory == pytest.approx(1.0)
    time = compare_records(a, b, gap=0.1).groups[ALL].time
    assert time is not None
    assert time.point == pytest.approx(3.0)


def test_differing_limits_and_machines_are_noted() -> None:
    """What makes two sides unlike is told."""
    notes = " ".join(compare_records([record()], [record(limit_s=30.0, machine={"cpu": "other"})]).notes)
    assert "limit_s differs" in notes
    assert "different machines" in notes


@pytest.mark.parametrize("sides", [([], []), ([record()], []), ([], [record()])])
def test_empty_sides_give_an_answer_and_gates_fire(sides: tuple[list[Record], list[Record]]) -> None:
    """Nothing to compare is said, and lets nothing through."""
    comparison = compare_records(*sides)
    assert "no run in common" in comparison_markdown(comparison)
    assert judge(parse_condition("sgm>1.1"), comparison).fires


@pytest.mark.parametrize(
    "text", ["", "sgm", "sgm<1", "speed>1.1", "sgm>fast", "sgm>=", ":sgm>1", "sgm>-1", "sgm>1.1 and wrong>0"]
)
def test_bad_conditions_are_refused_with_an_example(text: str) -> None:
    """The message shows what a condition looks like."""
    with pytest.raises(UsageError, match=r"for example sgm>1\.10"):
        parse_condition(text)


def test_conditions_are_parsed_and_name_their_contender() -> None:
    """Strict and inclusive, for one contender or all; an unknown contender is refused when judged."""
    assert str(parse_condition(" sgm > 1.10 ")) == "sgm>1.1"
    assert str(parse_condition("cp-sat:gap>=.5")) == "cp-sat:gap>=0.5"
    one = compare_records([record()], [record()])
    assert judge(parse_condition("worst>=1"), one).fires
    assert not judge(parse_condition("worst>1"), one).fires
    with pytest.raises(UsageError, match="no contender 'nobody'"):
        judge(parse_condition("nobody:sgm>1"), one)


def test_single_runs_have_no_lower_end_to_judge() -> None:
    """One run a side says nothing about noise: sgm fires on the estimate, sgm_low does not."""
    comparison = compare_records([record()], [record(seconds={"total": 10.0})])
    assert judge(parse_condition("sgm>1.1"), comparison).fires
    low = judge(parse_condition("sgm_low>1"), comparison)
    assert not low.fires
    assert "too few runs" in low.words


def test_rendering_fits_eighty_columns() -> None:
    """Tables for a terminal, with verdicts; nothing is cut off."""
    a, b = simulated(1), simulated(2, slower=2.0)
    b[0] = replace(b[0], status="WRONG", verified=False)
    comparison = compare_records(a, b)
    verdicts = [judge(parse_condition(text), comparison) for text in ("sgm>1.1", "wrong>0", "missing>0")]
    console = Console(width=80)
    with console.capture() as capture:
        console.print(render_comparison(comparison, verdicts))
    text = capture.get()
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    assert "clearly slower" in " ".join(text.split())
    assert "✗" in text
    assert "✓" in text
