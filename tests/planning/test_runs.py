"""Many scenarios: the same answers by every engine, failures that stop nothing else, resuming, interruption."""

import dataclasses
import json
import threading
from concurrent.futures import Future

import pytest
from runs_pack import SOUND, dies_when_east_is_closed, hello_with_scenarios, raises, waits_for_the_stop

from splitship import run
from splitship.domain import SolveOptions
from splitship.errors import CheckFailedError, PackError, UsageError
from splitship.packs import read_pack
from splitship.packs.warm_start import warm_start_of
from splitship.planning.runs import Watch, many, run_scenarios, scenario_names
from splitship.planning.runs.folder import file_stem

OPTIONS = SolveOptions(time_limit_s=None, work_limit=5, gap=0.0)


@pytest.fixture(scope="module")
def pack():
    return hello_with_scenarios()


@pytest.fixture(scope="module")
def here(pack):
    return run_scenarios(pack, SOUND, OPTIONS, engine="here")


def plans(runs):
    return {name: each.record.plan_hash for name, each in runs.runs.items()}


def test_names_are_scenarios_or_sweeps(pack):
    assert scenario_names(pack, None) == ["baseline", "east_down", "wrong", "rates[pct=5]", "rates[pct=10]"]
    assert scenario_names(pack, ["rates", "rates[pct=5]", "baseline"]) == ["rates[pct=5]", "rates[pct=10]", "baseline"]
    with pytest.raises(PackError, match="no scenario 'nowhere'"):
        scenario_names(pack, ["nowhere"])


def test_answers_are_those_of_single_solves(pack, here):
    """Alone, by hand and warm from the baseline, each scenario has the same plan and cost."""
    base = run.solve(pack.problem(), OPTIONS)
    for name, result in here.results.items():
        problem = pack.problem(name)
        alone = base if name == "baseline" else run.solve(problem, OPTIONS, warm=warm_start_of(base, problem))
        assert (result.objective, result.bound) == (alone.objective, alone.bound)
        assert result.plan.order_idx.tolist() == alone.plan.order_idx.tolist()
        assert result.problem is pack.problem(name) or result.problem.input_hash == problem.input_hash
    assert len({result.objective for result in here.results.values()}) == len(SOUND)


def test_processes_and_their_sequence_change_nothing(pack, here):
    """Two processes, names in another sequence, and a scenario that cannot be built among them."""
    begun, done = [], []
    watch = Watch(on_begin=begun.extend, on_done=lambda each: done.append(each.record.name))
    runs = run_scenarios(pack, ["wrong", *SOUND[::-1]], OPTIONS, jobs=2, watch=watch)
    assert begun[0] == done[0] == "baseline"
    assert {name: plan for name, plan in plans(runs).items() if plan} == plans(here)
    assert list(runs.failures) == ["wrong"]
    assert runs.failures["wrong"].kind == "input"
    assert runs.failures["wrong"].findings[0].code == "E107"
    assert list(runs.results) == ["baseline", *SOUND[:0:-1]]
    result = runs["east_down"].result
    assert result.report.is_feasible
    assert result.objective == here["east_down"].objective


@pytest.mark.slow
def test_a_process_that_dies_stops_no_other_run(pack, here):
    """Nor does a second one that tries again."""
    runs = run_scenarios(pack, SOUND[:3], OPTIONS, jobs=1, solve=dies_when_east_is_closed)
    assert list(runs.failures) == ["east_down"]
    assert runs.failures["east_down"].kind == "crash"
    assert runs["rates[pct=5]"].record.plan_hash == plans(here)["rates[pct=5]"]
    with pytest.raises(ValueError, match="east_down failed"):
        _ = runs["east_down"].result


def test_a_fault_of_ours_is_a_failure_with_its_place(pack):
    runs = run_scenarios(pack, ["east_down", "rates"], OPTIONS, engine="here", solve=raises)
    assert runs.failures["east_down"].message == "ZeroDivisionError: planted"
    assert "runs_pack.py" in runs.failures["east_down"].detail
    assert len(runs.results) == 3


def test_finished_runs_are_taken_over_and_only_those(pack, here, tmp_path):
    """The same run is not solved twice; another gap, another baseline or a damaged file is another run."""
    folder = tmp_path / "runs"
    run_scenarios(pack, [*SOUND, "wrong"], OPTIONS, engine="here", folder=folder)

    def again(**more):
        options = dataclasses.replace(OPTIONS, **more.pop("changes", {}))
        found = run_scenarios(pack, [*SOUND, "wrong"], options, engine="here", folder=folder, **more)
        assert {name: plan for name, plan in plans(found).items() if plan} == plans(here)
        return [name for name, each in found.runs.items() if each.is_reused]

    assert again() == SOUND
    assert again(changes={"threads": 1}) == SOUND
    assert again(again=True) == []
    (folder / "east_down.plan.json").write_text("{}")
    assert again() == ["baseline", "rates[pct=5]", "rates[pct=10]"]
    (folder / f"{file_stem('rates[pct=5]')}.run.json").unlink()
    assert again() == ["baseline", "east_down", "rates[pct=10]"]
    assert again(changes={"gap": 1e-9}) == []
    index = json.loads((folder / "runs.json").read_text())
    assert [row["name"] for row in index["runs"]] == [*SOUND, "wrong"]
    assert [row["termination"] for row in index["runs"]][-1] == "FAILED"


def test_a_run_is_the_same_only_by_all_that_it_depends_on(here):
    """Input, options, orders, the plan it began with, versions; the number of threads is no part of it."""
    record = here["east_down"].record
    task, start = record.task, ("baseline", here["baseline"].record.plan_hash)
    assert record.is_of(task, record.input_hash, start)
    threads = dataclasses.replace(task, options=dataclasses.replace(task.options, threads=7))
    assert record.is_of(threads, record.input_hash, start)
    seed = dataclasses.replace(task, options=dataclasses.replace(task.options, seed=2))
    for other in (
        (seed, record.input_hash, start),
        (dataclasses.replace(task, orders=("A",)), record.input_hash, start),
        (task, "sha256:0", start),
        (task, record.input_hash, None),
        (task, record.input_hash, ("baseline", "sha256:0")),
    ):
        assert not record.is_of(*other)
    assert not dataclasses.replace(record, versions={}).is_of(task, record.input_hash, start)


def test_a_run_that_is_taken_over_is_verified(pack, here, tmp_path):
    """What a file claims is held against the independent checker, in its cost and in its plan."""
    run_scenarios(pack, SOUND, OPTIONS, engine="here", folder=tmp_path / "runs")
    runs = run_scenarios(pack, SOUND, OPTIONS, engine="here", folder=tmp_path / "runs")
    result = runs["east_down"].result
    other = here["east_down"].result
    assert (result.objective, result.bound, result.termination) == (other.objective, other.bound, other.termination)
    claims = runs["baseline"]
    summary = claims.record.summary | {"objective": "1.00"}
    false = dataclasses.replace(claims, record=dataclasses.replace(claims.record, summary=summary))
    with pytest.raises(CheckFailedError, match="another cost"):
        _ = false.result


def test_an_interruption_keeps_plans_and_can_be_resumed(pack, here, tmp_path, monkeypatch):
    """What is at work ends with its plan, INTERRUPTED or not; what waits is not begun; then the rest is done."""
    at_work = tmp_path / "at work"
    monkeypatch.setenv("RUNS_AT_WORK", str(at_work))
    runs = run_scenarios(
        pack, SOUND, OPTIONS, jobs=1, folder=tmp_path / "runs", should_stop=at_work.exists, solve=waits_for_the_stop
    )
    assert runs.is_interrupted
    assert list(runs.runs) == ["baseline", "east_down"]
    assert runs.not_run == ("rates[pct=5]", "rates[pct=10]")
    assert runs["east_down"].record.reason == "INTERRUPTED"
    assert runs["east_down"].result.report.is_feasible
    resumed = run_scenarios(pack, SOUND, OPTIONS, engine="here", folder=tmp_path / "runs")
    assert [name for name, each in resumed.runs.items() if each.is_reused] == ["baseline"]
    assert plans(resumed) == plans(here)


def test_a_run_that_was_cut_short_leaves_what_was_done(pack, here, tmp_path):
    """An end without warning, in the middle: whole files, and the rest is done by the same call."""

    def cut(run):
        if run.record.name == "east_down":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_scenarios(pack, SOUND, OPTIONS, engine="here", folder=tmp_path / "runs", watch=Watch(on_done=cut))
    resumed = run_scenarios(pack, SOUND, OPTIONS, engine="here", folder=tmp_path / "runs")
    assert [name for name, each in resumed.runs.items() if each.is_reused][:2] == ["baseline", "east_down"]
    assert plans(resumed) == plans(here)


def test_a_stop_before_the_first_run_is_no_failure(pack):
    runs = run_scenarios(pack, SOUND, OPTIONS, engine="here", should_stop=lambda: True)
    assert not runs.failures
    assert runs.is_interrupted


def test_cold_runs_begin_with_nothing(pack):
    runs = run_scenarios(pack, ["east_down"], OPTIONS, engine="here", is_warm=False)
    assert list(runs.runs) == ["east_down"]
    assert runs["east_down"].record.start is None
    assert runs.baseline is None


def test_a_batch_without_orders():
    """Nothing to ship is an answer like any other."""
    tables = dict(read_pack("scenarios/hello").tables)
    tables |= {name: tables[name].iloc[:0] for name in ("orders", "order_lines")}
    hello = hello_with_scenarios()
    settings = hello.settings.model_dump(mode="json", by_alias=True, exclude_none=True)
    empty = type(hello).from_tables(tables, settings)
    runs = run_scenarios(empty, ["east_down"], OPTIONS, engine="here")
    assert [each.record.reason for each in runs.runs.values()] == ["NOTHING_TO_SHIP"] * 2
    assert runs["east_down"].objective == 0


def test_what_cannot_be_is_refused(pack, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    (tmp_path / "file").touch()
    for more, words in (
        ({"engine": "cloud"}, "no engine 'cloud'"),
        ({"address": "tcp://127.0.0.1:1"}, "goes with the engine dask"),
        ({"jobs": 0}, "jobs are 1 or more"),
        ({"changes": {"method": "mip"}}, "by the method order-plans"),
        ({"folder": tmp_path / "full"}, "has other files in it"),
        ({"folder": tmp_path / "file"}, "is a file"),
    ):
        with pytest.raises(UsageError, match=words):
            run_scenarios(pack, SOUND, OPTIONS, **more)


def test_file_names_are_safe_and_differ():
    """Whatever a scenario is called; also where capitals do not count, and names are too long."""
    names = [
        "rates[pct=5]",
        "rates[pct=-5]",
        "rates_pct_5_",
        "A",
        "a",
        "../x",
        "x",
        "con/x",
        "é",
        "",
        "r" * 300,
        "r" * 301,
    ]
    stems = [file_stem(name) for name in names]
    assert len({stem.lower() for stem in stems}) == len(names)
    assert all(set(stem) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-~") for stem in stems)
    assert max(map(len, stems)) <= 80
    assert file_stem("east_down") == "east_down"
    assert file_stem("con") != "con"  # a device on Windows


def test_events_tell_of_every_run(pack):
    told: dict[str, set[str]] = {}
    lock = threading.Lock()

    def hear(name, event):
        with lock:
            told.setdefault(name, set()).add(event.phase)

    run_scenarios(pack, SOUND, OPTIONS, engine="here", watch=Watch(on_event=hear))
    assert set(told) == set(SOUND)


def test_a_pack_that_is_in_a_scenario_is_run_by_itself(pack, tmp_path):
    """It has no baseline; and what was made on the spot is in no file that a replay could read."""
    closed = pack.what_if([{"table": "nodes", "where": {"node_id": "EAST"}, "set": {"open": False}}], "closed")
    runs = run_scenarios(closed, options=OPTIONS, engine="here", folder=tmp_path / "runs")
    assert list(runs) == ["closed"]
    assert runs.failures == {}
    assert runs["closed"].record.pack_path == ""
    assert not closed.is_as_written
    assert pack.in_scenario("east_down").is_as_written


class _Broken:
    """An engine of which every future fails in a way that nobody expects."""

    def __init__(self, *args, **options):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *of):
        pass

    def submit(self, task, start):
        future = Future()
        future.set_exception(OSError("no room"))
        return future

    def stop(self):
        pass


def test_whatever_an_engine_raises_is_the_failure_of_a_run(pack, monkeypatch):
    monkeypatch.setattr(many, "make_engine", _Broken)
    runs = run_scenarios(pack, ["east_down"], OPTIONS)
    assert set(runs.failures) == {"baseline", "east_down"}
    assert "no room" in runs["east_down"].record.failure.message
