"""The profiler: what is planted in a phase shows up in that phase, sums are whole, the page needs no network."""

import importlib
import json
import re
import threading
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

import splitship.cli.profile as profile_command
from splitship.errors import UsageError
from splitship.instance import compile as compiling
from splitship.spans import listening, span, spanned
from splitship_bench import profile_samples, profile_spans
from splitship_bench.profile import Profile, Profiling, phase_rows, profile_document, profile_pack
from splitship_bench.profile_page import profile_html, write_profile_html
from splitship_bench.profile_samples import MAIN, WORKERS, Frame, Sampler, called_at
from splitship_bench.profile_spans import PeakMeter, Recorder, Span

PHASES = ("read", "compile", "price passes", "first plan", "conversion", "check of the plan", "check of the bound")


@pytest.fixture
def hello(repository: Path) -> Path:
    """The smallest pack."""
    return repository / "scenarios" / "hello"


@pytest.fixture(scope="module")
def retail(repository: Path) -> Profile:
    """A profile of 1,000 orders with stacks, down to a coarse gap."""
    return profile_pack(repository / "scenarios" / "us-retail", {"gap": 0.05, "time_limit_s": None}, with_frames=True)


def seconds_by_phase(profile: Profile) -> dict[str, float]:
    """Self seconds of every span, by its path."""
    return {"/".join(row["path"]): row["self_seconds"] for row in phase_rows(profile)}


def run_command(*arguments: object) -> Any:
    """`splitship profile ARGUMENTS` on 80 columns."""
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode="rich")
    app.command()(profile_command.profile)
    return CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"}).invoke(app, [str(each) for each in arguments])


def test_span_tells_nobody_when_nobody_listens() -> None:
    """Outside `listening` a span is the same silent one every time, and a function runs as it is."""
    assert span("a") is span("b")
    assert spanned("a")(lambda number: number + 1)(1) == 2


def test_span_is_told_in_the_listening_thread_only() -> None:
    """Another thread's spans are not told, nor any after the listener has gone, even by an exception."""
    recorder = Recorder(lambda: None)

    def spans() -> None:
        with span("part"):
            pass

    def fail() -> None:
        with listening(recorder):
            spans()
            thread = threading.Thread(target=spans)
            thread.start()
            thread.join()
            with span("failing"):
                _ = 1 // 0

    with pytest.raises(ZeroDivisionError):
        fail()
    spans()
    assert {name: child.calls for name, child in recorder.root.children.items()} == {"part": 1, "failing": 1}


def test_recorder_adds_up_nested_spans_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Self time is time less the children's; calls of one name under one parent are one span; peaks rise."""
    clock = {"now": 0.0}
    peaks = iter([0.0, 5.0, 1.0, 9.0, 2.0, 3.0, 4.0, 6.0])
    monkeypatch.setattr(profile_spans.time, "perf_counter", lambda: clock["now"])
    monkeypatch.setattr(profile_spans.time, "process_time", lambda: 2 * clock["now"])
    monkeypatch.setattr(profile_spans.time, "thread_time", lambda: 0.0)

    def wait(seconds: float) -> None:
        clock["now"] += seconds

    recorder = Recorder(lambda: next(peaks))  # 0: what was before
    wait(1)
    with recorder("a"):  # 5 belongs to the total
        wait(2)
        with recorder("b"):  # 1 belongs to a
            wait(4)
        # 9 belongs to b
        wait(8)
        with recorder("b"):  # 2 belongs to a
            wait(16)
        # 3 belongs to b; then 4 to a
    wait(32)
    halfway = recorder.tree()
    wait(64)
    total = recorder.finish()  # 6 belongs to the total
    a, b = total.children["a"], total.children["a"].children["b"]
    assert (total.seconds, a.seconds, b.seconds) == (127, 30, 20)  # 1+30+32+64; 2+4+8+16; 4+16
    assert (total.self_seconds, a.self_seconds, b.self_seconds) == (97, 10, 20)
    assert (total.cpu_s, a.self_cpu_s) == (254, 20)
    assert (total.calls, a.calls, b.calls) == (1, 1, 2)
    assert (b.peak_mb, a.peak_mb, total.peak_mb) == (9, 9, 9)
    assert halfway.seconds == 63  # the open total so far
    assert halfway.children["a"].seconds == 30


def test_recorder_keeps_its_own_time_out_of_the_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """A peak that takes a second to read is in no span, and in `own_seconds`."""
    clock = {"now": 0.0}
    monkeypatch.setattr(profile_spans.time, "perf_counter", lambda: clock["now"])

    def slow_peak() -> float:
        clock["now"] += 1
        return 0.0

    recorder = Recorder(slow_peak)
    with recorder("a"):
        clock["now"] += 10
    total = recorder.finish()
    assert (total.seconds, total.children["a"].seconds, recorder.own_seconds) == (10, 10, 3)


def test_profile_seconds_add_up_to_the_total(retail: Profile) -> None:
    """Self seconds of all rows, and seconds of the rows without a parent, are the total; every phase is there."""
    rows = phase_rows(retail)
    total = retail.total.seconds
    assert sum(row["self_seconds"] for row in rows) == pytest.approx(total, abs=1e-4)  # rounded to micros
    assert sum(row["seconds"] for row in rows if len(row["path"]) == 1) == pytest.approx(total, abs=1e-4)
    assert min(row["self_seconds"] for row in rows) >= 0
    assert {row["phase"] for row in rows} >= {*PHASES, "building", "other"}
    by_phase = {row["phase"]: row for row in rows}
    assert by_phase["other"]["share"] < 0.2  # hardly anything is outside the phases
    assert 30 <= by_phase["price passes"]["calls"] <= 120


@pytest.mark.parametrize(
    ("module", "name", "phase"),
    [
        ("instance.compile", "compile_lanes", "compile/lanes and calendar"),
        ("instance.compile", "compile_tariffs", "compile"),
        ("run.solve", "check_plan", "check of the plan"),
        ("engine.solve", "plan_of", "conversion"),
        ("engine.dual", "price_orders", "price passes"),
        ("packs.pack", "check_settings", "read"),
    ],
)
def test_planted_sleep_shows_in_its_phase_and_in_no_other(
    hello: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str, phase: str
) -> None:
    """Half a second planted in a function is in the self time of its phase, which is then the longest of all."""
    place = importlib.import_module(f"splitship.{module}")
    original = getattr(place, name)
    slept = []

    def slow(*args: Any, **kwargs: Any) -> Any:
        if not slept:
            slept.append(time.sleep(0.5))
        return original(*args, **kwargs)

    profiling = Profiling(hello)  # kernels are made ready before the plant
    monkeypatch.setattr(place, name, slow)
    problem, options = profiling.read()
    profiling.solve(problem, options)
    found = seconds_by_phase(profiling.profile())
    assert found[phase] >= 0.5
    assert max(found, key=lambda each: found[each]) == phase


def test_planted_memory_shows_in_its_phase_and_in_no_other(hello: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """300 MB taken and given back while lanes are compiled are in the peak of that phase and of what it is part of."""
    meter = PeakMeter()
    if meter.take() is None:
        pytest.skip("this system has no peak of memory that can be reset")
    meter.close()
    original = compiling.compile_lanes

    def greedy(problem: Any) -> Any:
        taken = np.ones(300_000_000, np.uint8)
        assert taken[-1] == 1
        del taken
        return original(problem)

    profiling = Profiling(hello)
    monkeypatch.setattr(compiling, "compile_lanes", greedy)
    problem, options = profiling.read()
    profiling.solve(problem, options)
    rows = {"/".join(row["path"]): row["peak_memory_mb"] for row in phase_rows(profiling.profile())}
    before = rows["read"]
    assert rows["compile/lanes and calendar"] > before + 270
    assert rows["compile"] > before + 270
    for other in ("compile/options and costs", "price passes", "check of the plan", "read/tables"):
        assert rows[other] < before + 150, other
    assert profiling.profile().total.peak_mb == pytest.approx(rows["compile"], abs=1)


def test_document_has_every_key_and_types(hello: Path) -> None:
    """The JSON of the command: keys in order, numbers where numbers are said, money as text in the summary."""
    ran = run_command(hello, "-o", "json")
    assert ran.exit_code == 0, ran.stderr
    document = json.loads(ran.stdout)
    assert list(document) == [
        "schema", "pack", "is_whole", "objective", "bound", "gap", "seconds", "cpu_seconds", "cores", "peak_memory_mb",
        "measuring_seconds", "phases", "summary", "samples", "html",
    ]  # fmt: skip
    assert document["schema"] == "splitship.profile/1"
    assert (document["pack"], document["is_whole"], document["html"]) == ("hello", True, None)
    assert (
        document["summary"]["objective"] == document["objective"] == document["bound"] == "87.50"
    )  # worked by hand in the pack's README
    assert document["summary"]["seconds"]["total"] == pytest.approx(document["seconds"], abs=1e-3)
    for row in document["phases"]:
        assert list(row) == [
            "phase", "path", "calls", "seconds", "share", "self_seconds", "cores", "peak_memory_mb",
        ]  # fmt: skip
        assert isinstance(row["calls"], int)
        assert 0 <= row["share"] <= 1
    assert [row["phase"] for row in document["phases"] if row["phase"] in PHASES][:2] == ["read", "compile"]


def test_table_fits_80_columns_and_names_the_page(hello: Path, tmp_path: Path) -> None:
    """The table for people: no line over 80 characters, totals, objective, gap, and the page that was written."""
    page = tmp_path / "p.html"
    ran = run_command(hello, "--out", page, "--gap", "0", "--seed", "3", "--threads", "1", "--work-limit", "5")
    assert ran.exit_code == 0, ran.stderr
    assert max(len(line) for line in ran.stdout.splitlines() if str(tmp_path) not in line) <= 80
    assert re.search(r"^total +\d+\.\d{3} +100\.0%", ran.stdout, re.MULTILINE)
    assert "87.50 USD" in ran.stdout
    assert f"flamegraph{page}(" in re.sub(r"\s", "", ran.stdout)
    assert page.read_text("utf-8").startswith("<!doctype html>")


class _Loads(HTMLParser):
    """Everything in a page that would make a browser load something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("link", "iframe", "img", "object", "embed", "base", "use", "image"):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href", "xlink:href", "srcset", "data")]


def test_page_loads_nothing(retail: Profile, tmp_path: Path) -> None:
    """No address, no element or style that loads; the same page with a font from a server is caught."""

    def loads(text: str) -> list[str]:
        parser = _Loads()
        parser.feed(text)
        return parser.found + re.findall(r"https?://|url\(|@import|fetch\(|import\(|XMLHttpRequest", text)

    path = tmp_path / "profile.html"
    write_profile_html(retail, path)
    text = path.read_text("utf-8")
    assert loads(text) == []
    assert loads(text.replace("<style>", '<link href="https://example.org/font.css"><style>')) != []
    assert "price passes" in text
    assert "Worker threads" in text
    assert text.count("<g ") == text.count("</g>") > 10


def test_page_shows_names_as_text() -> None:
    """Names with angle brackets, as Python gives to lambdas, and of packs, are no markup."""
    root = Frame(MAIN, "", seconds=2.0)
    root.children["x", "engine/dual.py"] = Frame("<script>", "engine/dual.py", True, False, 1.5)
    text = profile_html(Profile("a<b>&c", Span("total", 1, 2.0), None, None, (root,), 3, 0.0))
    assert "<b>" not in text
    assert "a&lt;b&gt;&amp;c" in text
    assert text.count("<script>") == 1  # the page's own
    assert "interrupted before there was an answer" in text


def _names(frame: Frame) -> set[str]:
    return {frame.name}.union(*(_names(child) for child in frame.children.values()))


def test_stacks_show_kernels_under_their_callers_in_all_threads(retail: Profile) -> None:
    """Worker threads are in the kernel that prices orders, which the pass calls; the solving thread in the solve."""
    trees = {tree.name: tree for tree in retail.frames}
    workers = trees[WORKERS].children["Pricer.price.work", "engine/dual.py"]
    assert workers.children["price_orders", "call"].is_call
    assert {"solve", "PriceSearch.step", "build_at_prices", "compile_problem", "read_pack"} <= _names(trees[MAIN])
    assert "spanned" not in "".join(_names(trees[MAIN]))
    for tree in trees.values():
        assert tree.seconds == pytest.approx(sum(child.seconds for child in tree.children.values()))
        assert tree.seconds < 3 * retail.total.seconds


def test_sampler_gives_a_planted_function_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two functions, the one that sleeps three times as long has about three times the time."""
    monkeypatch.setattr(profile_samples, "_OWN_PREFIX", str(Path(__file__).parent) + "/")

    def short() -> None:
        time.sleep(0.1)

    def long() -> None:
        time.sleep(0.3)

    sampler = Sampler(0.002)
    with sampler.watching():
        for _ in range(2):
            short()
            long()
    (tree,) = sampler.trees()
    outer = next(iter(tree.children.values()))
    seconds = {name.rpartition(".")[2]: child.seconds for (name, _), child in outer.children.items()}
    assert seconds["long"] > 1.5 * seconds["short"] > 0
    inner = next(child for (name, _), child in outer.children.items() if name.endswith("long"))
    assert set(inner.children) == {("time.sleep", "call")}


def test_called_at_reads_the_name_of_a_call_over_several_lines() -> None:
    """The instruction of a call has its name; one that is no call has none."""
    import dis

    def caller() -> object:
        return np.full(
            (2,),
            1,
        )

    calls = {
        called_at(caller.__code__, step.offset)
        for step in dis.get_instructions(caller, show_caches=False)
        if step.opname == "CALL"
    }
    assert calls == {"np.full"}
    assert called_at(caller.__code__, 10_000) == ""


def test_cut_profile_shows_what_there_is(hello: Path) -> None:
    """Before the solve there are the spans of reading, no summary, and nothing whole."""
    profiling = Profiling(hello)
    profiling.read()
    document = profile_document(profiling.profile())
    assert (document["is_whole"], document["summary"], document["objective"]) == (False, None, None)
    assert [row["phase"] for row in document["phases"]] == ["read", "tables", "problem", "other"]
    assert ("stopped", "interrupted before there was an answer") in profile_command.facts(document)
    assert profile_command.table_rows(document)[0][0] == "read"


def test_profile_asked_for_in_the_middle_of_a_solve_has_what_was_told(hello: Path) -> None:
    """From another thread, as after a second Ctrl-C: the open phase counts up to now, cost and peaks are so far."""
    profiling = Profiling(hello)
    problem, options = profiling.read()
    documents = []
    profiling.solve(problem, options, on_event=lambda _: documents.append(profile_document(profiling.profile())))
    first = documents[0]
    assert [row["phase"] for row in first["phases"]][-2:] == ["first plan", "other"]
    assert first["bound"] is None
    assert float(first["objective"]) >= 87.5
    assert first["summary"] is None
    assert first["seconds"] == pytest.approx(sum(row["self_seconds"] for row in first["phases"]), abs=1e-4)
    assert first["peak_memory_mb"] == max(row["peak_memory_mb"] or 0 for row in first["phases"]) or None
    assert "cost so far" in dict(profile_command.facts(first))


def test_interrupt_while_reading_prints_what_was_measured(hello: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of reading: the table so far, exit code 130."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("splitship.packs.read.read_csv", interrupt)
    ran = run_command(hello)
    assert ran.exit_code == 130
    assert "tables" in ran.stdout
    assert "interrupted before there was an answer" in " ".join(ran.stdout.split())


def test_stop_asked_for_gives_a_whole_profile(hello: Path) -> None:
    """A solve that is asked to stop has its first plan, and a profile that says so."""
    profiling = Profiling(hello)
    problem, options = profiling.read()
    profiling.solve(problem, options, should_stop=lambda: True)
    document = profile_document(profiling.profile())
    assert document["is_whole"]
    assert document["summary"]["termination"]["reason"] == "INTERRUPTED"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--out", "profile.txt"], "HTML"),
        (["--out", "no-such-folder/p.html"], "no folder"),
        (["--gap", "inf"], "--gap"),
        (["--time-limit", "soon"], "--time-limit"),
    ],
)
def test_wrong_options_are_refused_before_any_work(hello: Path, options: list[str], said: str) -> None:
    """A page that cannot be written, or a number that is none: told at once, with the option's name."""
    ran = run_command(hello, *options)
    assert isinstance(ran.exception, UsageError)
    assert said in str(ran.exception)
