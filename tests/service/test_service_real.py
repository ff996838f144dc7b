"""Calls to a real server with the real solver: deadlines, crashes, the commands, and what they leave behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from conftest import HELLO, ROOT, running
from splitship.check import check_certificate, check_plan
from splitship.cli.serve import pack_folders
from splitship.errors import UsageError
from splitship.packs import read_pack
from splitship.packs.documents import plan_document, summary_document
from splitship.run import solve
from splitship.service import Client

US_RETAIL = ROOT / "scenarios" / "us-retail"
PEAK_10K = ROOT.parent / "shared" / "packs" / "peak-10k"


@pytest.fixture(scope="module")
def server():
    """One worker, one spare, the pack hello."""
    with running(packs={"hello": str(HELLO)}, workers=1) as server:
        server.wait_for(lambda: server.server.pool.num_ready == 2, 60)
        yield server


@pytest.fixture
def client(server):
    server.wait_for(lambda: server.server.pool.num_ready == 2 and server.server.pool.num_running == 0, 60)
    with Client(server.address) as client:
        yield client


def test_answer_of_the_server_is_that_of_a_local_solve(client):
    """hello at no gap: the same plan document, times and memory apart, whichever way it is solved."""
    pack = read_pack(HELLO)
    here = plan_document(solve(pack.problem(), pack.options()))
    answer = client.allocate(pack, include_certificate=True)
    there = plan_document(answer.result(pack.problem()))
    for document in (here, there):
        for name in ("seconds", "peak_memory_mb"):
            del document[name]
    assert there == here
    assert client.allocate("hello").objective == answer.objective


def test_certificate_and_plan_stand_up_here(client):
    """What the server says of us-retail holds in the checker of this process, and in the server's."""
    problem = read_pack(US_RETAIL).problem()
    phases = []
    answer = client.allocate(
        problem, time_limit_s=2, include_certificate=True, on_event=lambda event: phases.append(event.phase)
    )
    result = answer.result(problem)
    report = check_plan(problem, result.plan)
    assert report.is_feasible
    assert report.costs == answer.costs
    assert report.costs.total == answer.objective
    proof = check_certificate(problem, result.certificate)
    assert proof.violations == ()
    assert proof.bound >= answer.bound > 0
    assert len(phases) >= 3
    found = client.check(problem, result.plan, result.certificate)
    assert (found.is_feasible, found.objective, found.does_certificate_hold) == (True, answer.objective, True)
    assert found.bound == proof.bound


@pytest.mark.parametrize("method", ["policy:nearest", "mip"])
def test_other_methods_are_served(client, method):
    """A policy and the one model, on hello; neither has a certificate."""
    answer = client.allocate("hello", method=method, include_certificate=True)
    assert answer.is_verified
    assert answer.summary.method == method
    assert not answer.message.HasField("certificate")


def test_thousand_orders_are_answered_in_half_a_second(client):
    """Sending, reading, a verified plan and the way back, all within the caller's deadline."""
    problem = read_pack(US_RETAIL).problem()
    client.allocate(problem, time_limit_s=1)
    for _ in range(3):
        answer = client.allocate(problem, deadline_s=0.5)
        assert answer.is_verified
        assert answer.summary.counts.packages > 0
        assert check_plan(problem, answer.result(problem).plan).is_feasible


@pytest.mark.skipif(not PEAK_10K.is_dir(), reason="the calibration packs are not here")
def test_ten_thousand_orders_are_answered_in_two_seconds(client):
    """The same for ten times as many orders."""
    problem = read_pack(PEAK_10K).problem()
    answer = client.allocate(problem, deadline_s=2.0)
    assert answer.is_verified
    assert answer.summary.counts.orders == 10_000
    assert check_plan(problem, answer.result(problem).plan).is_feasible


def test_cancelled_solve_frees_its_worker_within_a_second(server, client):
    """The real solver heeds the cancelling, or is killed."""
    problem = read_pack(US_RETAIL).problem()

    class EnoughError(Exception):
        """The caller has lost interest."""

    def on_event(event) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        client.allocate(problem, time_limit_s=30, gap=0, on_event=on_event)
    pool = server.server.pool
    assert server.wait_for(lambda: not any(worker.call for worker in pool._workers)) < 1.0


def test_killed_worker_is_answered_all_the_same(server, client):
    """kill -9 in the middle of a solve: a verified plan comes back."""
    problem = read_pack(US_RETAIL).problem()
    answers = []
    seen = threading.Event()
    thread = threading.Thread(
        target=lambda: answers.append(
            client.allocate(problem, time_limit_s=20, gap=0, on_event=lambda event: seen.set())
        )
    )
    thread.start()
    assert seen.wait(20)
    time.sleep(1.0)
    os.kill(server.server.pool.pids[0], signal.SIGKILL)
    thread.join(30)
    assert answers[0].is_verified
    assert check_plan(problem, answers[0].result(problem).plan).is_feasible
    assert server.lines()[-1]["ending"] in ("lost", "finished")


# ---------------------------------------------------------------- commands

RUN = [sys.executable, "-c", "from splitship.cli import main; main()"]


def test_serve_and_allocate_agree_with_solve():
    """`serve --port 0` says where it listens and how to call it; `allocate` prints the summary of a local solve.

    Started as the demo starts it, the server ends when its standard input does: also when the demo is killed.
    """
    command = [*RUN, "serve", "--port", "0", "--pack", f"hello={HELLO}", "--until-stdin-closes"]
    server = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        address = re.fullmatch(r"listening on (127\.0\.0\.1:\d+)\n", server.stdout.readline())[1]
        said = "".join(server.stdout.readline() for _ in range(6))
        assert "packs: hello" in said
        assert f'grpcurl -plaintext -d \'{{"pack": {{"name": "hello"}}}}\' {address}' in said
        there = run("allocate", HELLO, "--server", address, "-o", "json")
        pack = read_pack(HELLO)
        here = json.loads(json.dumps(summary_document(solve(pack.problem(), pack.options()))))
        for document in (there, here):
            for name in ("seconds", "peak_memory_mb"):
                del document[name]
        assert there == here
        server.stdin.close()
        assert server.wait(15) == 0
        assert not servers_on(address.rpartition(":")[2])
    finally:
        server.kill()
        server.wait()
        server.stdin.close()
        server.stdout.close()


def run(*arguments: object) -> dict:
    """What a command prints as JSON."""
    done = subprocess.run([*RUN, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def test_serve_refuses_packs_that_are_none(tmp_path):
    """Usage errors, each with what was wrong; folders of packs are taken by name."""
    for named, folder, text in (
        (["x"], None, "expected NAME=DIR"),
        ([f"x={tmp_path / 'no'}"], None, "there is no folder"),
        ([f"x={HELLO}", f"x={HELLO}"], None, "two packs"),
        ([], tmp_path, r"has a scenario\.yaml"),
        ([], tmp_path / "no", "there is no folder"),
    ):
        with pytest.raises(UsageError, match=text):
            pack_folders(named, folder)
    assert {"hello", "us-retail"} <= set(pack_folders([], ROOT / "scenarios"))


def test_demo_shows_the_answer_and_leaves_no_server_behind():
    """Progress, cost by term, gap, verification, savings, packages in 80 columns; exit code 0; no process left."""
    done = subprocess.run([*RUN, "demo", "--time-limit", "2"], capture_output=True, text=True, timeout=90, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    for text in ("first plan", "shipping", "certified gap", "independent checker", "fewest_splits", "nearest", "R0001"):
        assert text in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    port = re.search(r"127\.0\.0\.1:(\d+)", done.stdout)[1]
    assert not servers_on(port)


def test_demo_without_its_pack_says_so(tmp_path):
    """Another folder: usage, and what to do."""
    done = subprocess.run([*RUN, "demo", "--pack", tmp_path], capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert "--pack DIR" in done.stderr


def servers_on(port: str) -> bool:
    """Whether something listens on a local port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0
