"""The commands that solve, with a solver of the tests' own: what they pass on, print, save and return."""

import dataclasses
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import handmade_result
import pytest
from program import Run

import splitship.run
from splitship.domain import Event, Problem, Result, SolveOptions, Termination, TerminationReason, WarmStart
from splitship.errors import CheckFailedError, NoPlanInTimeError, NothingPossibleError
from splitship.packs.plans import read_plan

Solver = Callable[..., Result]


class Recorder:
    """A stand-in for the solver that remembers what it was given."""

    def __init__(self, action: Callable[..., Result] | None = None) -> None:
        self.action = action or (lambda **_: handmade_result.result())

    def __call__(
        self,
        problem: Problem,
        options: SolveOptions,
        on_event: Callable[[Event], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_plan: Callable[[Result], None] | None = None,
        warm: WarmStart | None = None,
    ) -> Result:
        self.problem, self.options, self.warm = problem, options, warm
        return self.action(on_event=on_event, should_stop=should_stop, on_plan=on_plan)


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Recorder]:
    """Put a stand-in in the solver's place."""

    def install(action: Callable[..., Result] | None = None) -> Recorder:
        recorder = Recorder(action)
        monkeypatch.setattr(splitship.run, "solve", recorder)
        return recorder

    return install


def interrupted(**_: Any) -> Result:
    return dataclasses.replace(
        handmade_result.result(), termination=Termination(TerminationReason.INTERRUPTED, None, "asked to stop")
    )


def test_solve_prints_the_summary_as_json(run: Run, hello: Path, install: Callable[..., Recorder]) -> None:
    """One object on standard output; reading is added to the seconds and to the total."""
    install()
    ran = run("solve", hello, "-o", "json")
    assert ran.code == 0, ran.err
    assert ran.json["schema"] == "splitship.summary/1"
    assert ran.json["objective"] == "40.50"
    seconds = ran.json["seconds"]
    assert seconds["read"] > 0
    assert seconds["total"] == pytest.approx(1.5 + seconds["read"])


def test_solve_prints_a_table_of_eighty_columns(run: Run, hello: Path, install: Callable[..., Recorder]) -> None:
    """The facts a person looks for first, each line short enough."""
    install()
    ran = run("solve", hello)
    assert "handmade / baseline: 2 orders, 3 lines, method order-plans" in ran.out
    assert "40.50 USD" in ran.out
    assert "1.2346 %, 0.50 USD" in ran.out  # 0.50 / 40.50
    assert "time limit (time_limit_s=5)" in ran.out
    assert "3 of 8 units: NO_STOCK 3" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_solve_prints_markdown_and_rows(run: Run, hello: Path, install: Callable[..., Recorder]) -> None:
    """md is the summary; csv is the plan itself, with the summary in one line beside it."""
    install()
    assert run("solve", hello, "-o", "md").out.startswith("## handmade / baseline")
    ran = run("solve", hello, "-o", "csv")
    assert ran.out.splitlines()[1] == "O1-1,O1,ATL1,GROUND,2026-11-27,1,MUG,2"
    assert "40.50 USD, gap 1.2346 %, 3 packages" in ran.err


def test_solve_starts_from_the_pack_s_options(run: Run, hello: Path, install: Callable[..., Recorder]) -> None:
    """hello says 10 s, gap 0, seed 1; what is not given on the command line stays."""
    recorder = install()
    run("solve", hello)
    assert recorder.options == SolveOptions(time_limit_s=10.0, gap=0.0, seed=1, threads=2)
    assert len(recorder.problem.orders) == 5


def test_solve_passes_every_option_on(run: Run, hello: Path, install: Callable[..., Recorder]) -> None:
    """Each option reaches the solver under its name."""
    recorder = install()
    words = (
        "--time-limit none --work-limit 2.5 --gap 0.01 --seed 7 --threads 1 --method mip --solver cbc --orders O2,O4"
    )
    ran = run("solve", hello, *words.split())
    assert ran.code == 0, ran.err
    assert recorder.options == SolveOptions(None, 2.5, 0.01, 7, 1, "mip", "cbc")
    assert recorder.problem.orders.order_id.tolist() == ["O2", "O4"]
    assert recorder.problem.input_hash.startswith("sha256:")


def test_orders_of_a_part_have_their_own_hash(run: Run, hello: Path, install: Callable[..., Recorder]) -> None:
    """Another part, or the whole, is another input; the sequence in which ids are named is not."""
    recorder = install()
    hashes = {}
    for orders in (None, "O2", "O2,O4", "O4,O2"):
        run("solve", hello, *(["--orders", orders] if orders else []))
        hashes[orders] = recorder.problem.input_hash
    assert hashes["O2,O4"] == hashes["O4,O2"]
    assert len(set(hashes.values())) == 3


def test_solve_saves_the_plan(run: Run, hello: Path, tmp_path: Path, install: Callable[..., Recorder]) -> None:
    """--plan writes the whole plan, and says where."""
    install()
    ran = run("solve", hello, "--plan", tmp_path / "plan.json", "-o", "json")
    assert ran.code == 0
    assert "plan saved in" in ran.err
    plan = read_plan(tmp_path / "plan.json", handmade_result.problem()).plan
    assert len(plan) == 3
    assert json.loads((tmp_path / "plan.json").read_text())["hashes"] == ran.json["hashes"]


def test_an_answer_is_printed_even_if_it_cannot_be_saved(
    run: Run, hello: Path, tmp_path: Path, install: Callable[..., Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk costs the file, not the summary of a long solve."""

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full_disk)
    install()
    ran = run("solve", hello, "--plan", tmp_path / "plan.json", "-o", "json")
    assert ran.code == 2
    assert ran.json["objective"] == "40.50"
    assert "plan.json: No space left on device" in ran.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--time-limit soon", "--time-limit: expected a number of at least 0, or none, got 'soon'"),
        ("--time-limit -1", "--time-limit: expected a number"),
        ("--work-limit nan", "--work-limit: expected a number"),
        ("--gap nan", "--gap"),
        ("--gap inf", "--gap"),
        ("--gap -0.1", "--gap"),
        ("--threads 0", "--threads"),
        ("--method magic", "magic"),
        ("--solver cbc", "--solver goes with --method mip"),
        ("--method mip --solver nope", "no solver called 'nope' here; there are highs"),
        ("--orders ,", "--orders: name at least one order"),
        ("--plan plan.txt", "a plan is a .json, .csv or .parquet file"),
        ("--plan no/such/folder/plan.json", "there is no folder"),
        ("--nonsense", "--nonsense"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_solved(
    run: Run, hello: Path, install: Callable[..., Recorder], words: str, message: str
) -> None:
    """Exit code 2, one message, nothing on standard output."""
    recorder = install()
    ran = run("solve", hello, *words.split())
    assert ran.code == 2
    assert message in ran.err
    assert ran.out == ""
    assert not hasattr(recorder, "options")


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (NothingPossibleError("no line of any order has a possible package"), 4, "has a possible package"),
        (NoPlanInTimeError("no plan within 0.1 s"), 5, "no plan within"),
        (CheckFailedError("STOCK_EXCEEDED"), 70, "STOCK_EXCEEDED"),
        (ZeroDivisionError("division by zero"), 70, "our fault: ZeroDivisionError: division by zero"),
        (MemoryError(), 70, "our fault: MemoryError"),
    ],
)
def test_exceptions_become_exit_codes(
    run: Run, hello: Path, install: Callable[..., Recorder], error: Exception, code: int, message: str
) -> None:
    """Each has its documented code and one line; no traceback."""

    def fail(**_: Any) -> Result:
        raise error

    install(fail)
    ran = run("solve", hello)
    assert ran.code == code
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_no_possible_package_at_all(run: Run, hello: Path, install: Callable[..., Recorder]) -> None:
    """The summary is printed with its reasons, and the exit code is 4."""
    install(lambda **_: dataclasses.replace(handmade_result.result(), has_possible_package=False))
    ran = run("solve", hello, "-o", "json")
    assert ran.code == 4
    assert ran.json["unfilled_by_reason"] == {"NO_STOCK": 3}
    assert "no package is possible at all" in ran.err


def test_debug_shows_where(run: Run, hello: Path, install: Callable[..., Recorder], monkeypatch: Any) -> None:
    """--debug and SPLITSHIP_DEBUG=1 add the traceback."""

    def fail(**_: Any) -> Result:
        raise ZeroDivisionError("division by zero")

    install(fail)
    monkeypatch.setenv("SPLITSHIP_DEBUG", "0")
    assert "Traceback" not in run("solve", hello).err
    assert "Traceback" in run("--debug", "solve", hello).err
    monkeypatch.setenv("SPLITSHIP_DEBUG", "1")
    assert "Traceback" in run("solve", hello).err


def test_invalid_pack_stops_a_solve(run: Run, tmp_path: Path, install: Callable[..., Recorder]) -> None:
    """Exit code 3 with the faults; an unknown scenario or order is one too."""
    recorder = install()
    ran = run("solve", tmp_path)
    assert ran.code == 3
    assert "scenario.yaml" in ran.err
    assert "nothing was done" in ran.err
    assert not hasattr(recorder, "options")


def test_unknown_scenario_and_orders_are_faults(run: Run, hello: Path, install: Callable[..., Recorder]) -> None:
    """Each is named with what there is."""
    install()
    ran = run("solve", hello, "--scenario", "peak")
    assert ran.code == 3
    assert "no scenario 'peak'; there are baseline" in ran.err
    ran = run("solve", hello, "--orders", "O1,Q1,Q2")
    assert ran.code == 3
    assert "no order 'Q1' in the batch" in ran.err
    assert "no order 'Q2' in the batch" in ran.err


def test_interrupt_saves_the_best_plan(run: Run, hello: Path, tmp_path: Path, install: Callable[..., Recorder]) -> None:
    """Ctrl-C: the solve stops by itself, its plan is saved and printed, exit code 130."""

    def solve(should_stop: Callable[[], bool], **_: Any) -> Result:
        os.kill(os.getpid(), signal.SIGINT)
        while not should_stop():
            time.sleep(0.01)
        return interrupted()

    install(solve)
    before = signal.getsignal(signal.SIGINT)  # a shell that runs the tests in the background has it ignored
    ran = run("solve", hello, "--plan", tmp_path / "plan.json", "-o", "json")
    assert ran.code == 130
    assert ran.json["termination"]["reason"] == "INTERRUPTED"
    assert (tmp_path / "plan.json").exists()
    assert signal.getsignal(signal.SIGINT) is before


def test_interrupt_before_the_first_plan(run: Run, hello: Path, install: Callable[..., Recorder]) -> None:
    """Nothing to print: exit code 130 and a word."""

    def solve(should_stop: Callable[[], bool], **_: Any) -> Result:
        os.kill(os.getpid(), signal.SIGTERM)
        while not should_stop():
            time.sleep(0.01)
        raise NoPlanInTimeError("stopped before the first plan")

    install(solve)
    ran = run("solve", hello)
    assert ran.code == 130
    assert "interrupted before the first plan" in ran.err


def test_second_interrupt_takes_the_last_plan(
    run: Run, hello: Path, install: Callable[..., Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A solver that does not listen is left behind: the last verified plan is the answer."""
    release = threading.Event()
    left: list[int] = []

    def leave(code: int) -> None:
        left.append(code)
        raise SystemExit(code)

    def solve(on_plan: Callable[[Result], None], **_: Any) -> Result:
        on_plan(handmade_result.result())
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGINT)
        release.wait(20)
        return handmade_result.result()

    monkeypatch.setattr("splitship.cli.answer.leave", leave)
    install(solve)
    ran = run("solve", hello, "-o", "json")
    release.set()
    assert ran.code == 130
    assert left == [130]
    assert ran.json["termination"]["reason"] == "INTERRUPTED"
    assert ran.json["objective"] == "40.50"


def test_progress_is_written_in_plain_lines(
    run: Run, hello: Path, install: Callable[..., Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anything over the quiet time says phase, best cost, bound and gap on standard error."""
    monkeypatch.setattr("splitship.cli.progress.QUIET_SECONDS", 0.0)

    def solve(on_event: Callable[[Event], None], **_: Any) -> Result:
        on_event(Event(0.1, "prices", None, 40_000_000))
        time.sleep(0.5)
        on_event(Event(0.2, "primal", 40_500_000, 40_000_000))
        time.sleep(0.5)
        return handmade_result.result()

    install(solve)
    ran = run("solve", hello, "-o", "json")
    assert ran.json["objective"] == "40.50"
    assert "prices  bound 40.00 USD" in ran.err
    assert "primal  best 40.50 USD  bound 40.00 USD  gap 1.2346 %" in ran.err


def test_quick_solves_say_nothing(run: Run, hello: Path, install: Callable[..., Recorder]) -> None:
    """Standard error stays empty when all goes well in a moment."""
    install()
    assert run("solve", hello, "-o", "json").err == ""


def test_policy_takes_the_same_road(run: Run, hello: Path, install: Callable[..., Recorder]) -> None:
    """The method is policy:NAME; the summary is the same document."""
    recorder = install()
    ran = run("policy", hello, "nearest", "-o", "json", "--orders", "O1")
    assert ran.code == 0, ran.err
    assert recorder.options.method == "policy:nearest"
    assert ran.json["schema"] == "splitship.summary/1"


def test_policies_are_listed(run: Run, hello: Path) -> None:
    """Names and rules; a wrong name is wrong usage with a hint."""
    assert "nearest" in run("policy", "--list").out
    assert {"policy", "rule"} == set(run("policy", "--list", "-o", "json").json[0])
    ran = run("policy", hello, "neerest")
    assert ran.code == 2
    assert "did you mean nearest?" in ran.err
    assert run("policy", hello).code == 2
