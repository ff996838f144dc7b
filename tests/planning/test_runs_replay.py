"""What was recorded is solved again: the same hashes, or words for what is not the same."""

import json
import shutil
from pathlib import Path

import pytest
from runs_pack import SCENARIOS, SOUND, hello_with_scenarios

from splitship.domain import SolveOptions
from splitship.errors import PlanError, UsageError
from splitship.packs import read_pack
from splitship.planning.runs import replay as replay_of
from splitship.planning.runs import run_scenarios
from splitship.planning.runs.engines import make_engine
from splitship.planning.runs.replay import Verdict, read_recorded, replay

OPTIONS = SolveOptions(time_limit_s=None, work_limit=5, gap=0.0)


@pytest.fixture(scope="module")
def pack_folder(tmp_path_factory):
    """hello with scenarios, as files."""
    folder = tmp_path_factory.mktemp("packs") / "hello"
    shutil.copytree("scenarios/hello", folder)
    path = folder / "scenario.yaml"
    text = path.read_text().replace("scenarios: {baseline: []}\n", "")
    path.write_text(text + "\n".join(f"{name}: {json.dumps(section)}" for name, section in SCENARIOS.items()) + "\n")
    return folder


@pytest.fixture(scope="module")
def recorded(pack_folder, tmp_path_factory):
    """A folder of runs, one of them failed."""
    folder = tmp_path_factory.mktemp("runs") / "runs"
    run_scenarios(read_pack(pack_folder), [*SOUND[:3], "wrong"], OPTIONS, engine="here", folder=folder)
    return folder


@pytest.fixture
def folder(recorded, tmp_path):
    """A copy of it to damage."""
    return Path(shutil.copytree(recorded, tmp_path / "runs"))


def change(path, edit):
    document = json.loads(path.read_text())
    edit(document)
    path.write_text(json.dumps(document))


def test_a_folder_of_runs_is_the_same_again(recorded):
    """By two processes, warm starts and the failure included."""
    found = replay(read_recorded(recorded), jobs=2)
    assert [each.name for each in found] == [*SOUND[:3], "wrong"]
    assert {each.verdict for each in found} == {Verdict.SAME}
    assert all(each.plan_now == each.plan_then for each in found)
    assert found[1].plan_now.startswith("sha256:")


def one(folder, name="east_down", pack=None):
    (found,) = replay(read_recorded(folder / f"{name}.run.json"), pack)
    return found.verdict, "; ".join(found.details)


def test_a_record_that_was_tampered_with_is_told(folder):
    """Whatever of it: the hash, the cost, the plan, the plan that it began with, the seed."""
    path = folder / "east_down.run.json"
    sound = path.read_text()

    def after(edit):
        change(path, edit)
        found = one(folder)
        path.write_text(sound)
        return found

    assert one(folder) == (Verdict.SAME, "")
    verdict, words = after(lambda record: record["summary"]["hashes"].update(plan="sha256:0"))
    assert (verdict, words) == (Verdict.DIFFERENT, "the plan or its certificate is another")
    verdict, words = after(lambda record: record["summary"].update(objective="1.00"))
    assert verdict is Verdict.DIFFERENT
    assert words.startswith("cost 1.00 then, ")
    verdict, words = after(lambda record: record["warm_start"].update(plan="sha256:0"))
    assert (verdict, words) == (Verdict.DIFFERENT, "it began with another plan than the run baseline has now")
    verdict, words = after(lambda record: record["versions"].update(numpy="1.0"))
    assert verdict is Verdict.SAME
    assert words.startswith("numpy 1.0 then, ")
    plan = folder / "east_down.plan.json"
    plan.write_text(plan.read_text().replace(" ", "  ", 1))
    assert one(folder) == (Verdict.DIFFERENT, "east_down.plan.json is not the plan that was recorded")
    (folder / "baseline.plan.json").unlink()
    assert "baseline.plan.json cannot be read" in one(folder, "rates_pct_5_~" + rates_hash(folder))[1]


def rates_hash(folder):
    (path,) = folder.glob("rates*.run.json")
    return path.name.removesuffix(".run.json").partition("~")[2]


def test_another_input_is_named_by_its_tables(folder, pack_folder, tmp_path):
    copy = Path(shutil.copytree(pack_folder, tmp_path / "hello"))
    stock = copy / "stock.csv"
    lines = stock.read_text().splitlines()
    stock.write_text("\n".join(lines[:-1]) + "\n")
    verdict, words = one(folder, pack=read_pack(copy))
    assert (verdict, words) == (Verdict.DIFFERENT, "the input has changed: stock")


def test_what_the_clock_ended_is_verified_and_no_failure(folder):
    """It is not searched again; a plan that does not hold is told all the same."""
    path = folder / "east_down.run.json"
    change(path, lambda record: record["summary"]["termination"].update(reason="TIME_LIMIT"))
    verdict, words = one(folder)
    assert verdict is Verdict.VERIFIED
    assert words == "the clock ended it, which cannot be repeated; its plan and bound hold"
    change(path, lambda record: record["summary"].update(bound="1.00"))
    verdict, words = one(folder)
    assert verdict is Verdict.DIFFERENT
    assert "another cost or bound" in words


def test_a_replay_that_is_stopped_says_so(recorded):
    found = replay(read_recorded(recorded / "baseline.run.json"), should_stop=lambda: True)
    assert found[0].verdict in (Verdict.NOT_RUN, Verdict.SAME, Verdict.DIFFERENT)
    assert len(found) == 1


def test_files_that_are_no_records_are_refused(tmp_path, folder):
    """With what is wrong with them."""
    with pytest.raises(UsageError, match="there is no run"):
        read_recorded(tmp_path / "nothing.json")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="has no runs"):
        read_recorded(tmp_path / "empty")
    for text, words in (
        ("{", "not JSON"),
        ("[]", r"expected the schema splitship.run/1"),
        ('{"schema": "splitship.plan/1"}', "got 'splitship.plan/1'"),
        ('{"schema": "splitship.run/1"}', "not a whole record of a run: KeyError: 'orders'"),
    ):
        (tmp_path / "run.json").write_text(text)
        with pytest.raises(PlanError, match=words):
            read_recorded(tmp_path / "run.json")
    change(folder / "baseline.run.json", lambda record: record["options"].update(colour="red"))
    with pytest.raises(PlanError, match="colour"):
        read_recorded(folder)
    folder_of_memory = tmp_path / "memory"
    run_scenarios(hello_with_scenarios(), ["baseline"], OPTIONS, engine="here", folder=folder_of_memory)
    with pytest.raises(UsageError, match="name one with --pack"):
        replay(read_recorded(folder_of_memory))


def test_a_replay_has_as_many_processes_as_runs(recorded, monkeypatch):
    """By itself an engine has no more processes than tasks, and is told of one."""
    told = []

    def noted(*args, **options):
        told.append(options)
        return make_engine("here", *args[1:], **{name: options[name] for name in ("solve",)})

    monkeypatch.setattr(replay_of, "make_engine", noted)
    found = replay(read_recorded(recorded), jobs=2)
    assert {each.verdict for each in found} == {Verdict.SAME}
    assert told[0]["num_tasks"] == len(found) >= 2
    assert told[0]["jobs"] == 2
