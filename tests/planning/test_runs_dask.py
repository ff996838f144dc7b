"""The engine dask, on a cluster of this machine: the same plans as processes make."""

import builtins

import pytest
from runs_pack import SOUND, hello_with_scenarios, raises

from splitship.domain import SolveOptions
from splitship.errors import UsageError
from splitship.planning.runs import Watch, run_scenarios

distributed = pytest.importorskip("distributed")
OPTIONS = SolveOptions(time_limit_s=None, work_limit=5, gap=0.0)


@pytest.fixture(scope="module")
def pack():
    return hello_with_scenarios()


@pytest.fixture(scope="module")
def here(pack):
    return run_scenarios(pack, SOUND, OPTIONS, engine="here")


@pytest.fixture(scope="module")
def address():
    """A scheduler on the loopback, with one worker in this process."""
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    ) as cluster:
        yield cluster.scheduler_address


def plans(runs):
    return {name: each.record.plan_hash for name, each in runs.runs.items()}


def test_a_cluster_by_its_address_makes_the_same_plans(pack, here, address):
    """With an event for every run, and a failure that stops nothing else."""
    told = set()
    watch = Watch(on_event=lambda name, event: told.add(name))
    runs = run_scenarios(pack, [*SOUND, "wrong"], OPTIONS, engine="dask", address=address, watch=watch)
    assert {name: plan for name, plan in plans(runs).items() if plan} == plans(here)
    assert list(runs.failures) == ["wrong"]
    assert told >= {"baseline"}
    assert runs["east_down"].result.report.is_feasible


def test_a_fault_in_a_worker_is_a_failure(pack, address):
    runs = run_scenarios(pack, ["east_down"], OPTIONS, engine="dask", address=address, solve=raises)
    assert runs.failures["east_down"].message == "ZeroDivisionError: planted"


def test_a_stop_reaches_the_cluster(pack, address):
    done = []
    runs = run_scenarios(
        pack, SOUND, OPTIONS, engine="dask", address=address, should_stop=lambda: bool(done),
        watch=Watch(on_done=done.append),
    )  # fmt: skip
    assert runs.is_interrupted
    assert not runs.failures


@pytest.mark.slow
def test_a_cluster_of_its_own_makes_the_same_plans(pack, here):
    """Two processes, started and ended by the run."""
    runs = run_scenarios(pack, SOUND[:2], OPTIONS, engine="dask", jobs=2)
    assert plans(runs) == {name: plans(here)[name] for name in SOUND[:2]}


def test_no_scheduler_is_said(pack, monkeypatch):
    monkeypatch.setattr("splitship.planning.runs.dask_engine._CONNECT_SECONDS", 0.5)
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        run_scenarios(pack, SOUND, OPTIONS, engine="dask", address="tcp://127.0.0.1:1")


def test_without_dask_the_remedy_is_named(pack, monkeypatch):
    real = builtins.__import__

    def refuse(name, *arguments, **more):
        if name == "distributed":
            raise ImportError(name)
        return real(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UsageError, match=r"pip install 'splitship\[dask\]'"):
        run_scenarios(pack, SOUND, OPTIONS, engine="dask")
