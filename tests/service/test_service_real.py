"""Calls to a real server with the real solver: deadlines, crashes, the commands, and what they leave behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from conftest import HELLO, ROOT, running
from splitship.check import check_certificate, check_plan
from splitship.packs import read_pack
from splitship.packs.documents import plan_document
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
        problem, time_limit_s=3, include_certificate=True, on_event=lambda event: phases.append(event.phase)
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
    for _ in range(2):
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
    """`serve --port 0` says where it listens and how to call it; `allocate` prints what `solve` prints."""
    command = [*RUN, "serve", "--port", "0", "--pack", f"hello={HELLO}", "--workers", "1"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = re.fullmatch(r"listening on (127\.0\.0\.1:\d+)\n", server.stdout.readline())[1]
        with contextlib.ExitStack() as stack:
            stack.callback(server.stdout.close)
            said = "".join(server.stdout.readline() for _ in range(6))
        assert "packs: hello" in said
        assert f'grpcurl -plaintext -d \'{{"pack": {{"name": "hello"}}}}\' {address}' in said
        there = run("allocate", HELLO, "--server", address, "-o", "json")
        here = run("solve", HELLO, "-o", "json")
        for document in (there, here):
            for name in ("seconds", "peak_memory_mb"):
                del document[name]
        assert there == here
    finally:
        server.terminate()
        assert server.wait(15) == 0


def run(*arguments: object) -> dict:
    """What a command prints as JSON."""
    done = subprocess.run([*RUN, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def test_serve_refuses_what_it_cannot_do(tmp_path):
    """Packs that are none: usage, with the remedy; a pack with faults: an invalid pack."""
    cases = (
        (["--pack", "x"], 2, "expected NAME=DIR"),
        (["--pack", f"x={tmp_path / 'no'}"], 2, "there is no folder"),
        (["--packs", str(tmp_path)], 2, "has a scenario.yaml"),
        (["--pack", f"x={tmp_path}"], 3, "scenario.yaml"),
    )
    for arguments, code, text in cases:
        done = subprocess.run([*RUN, "serve", "--port", "0", *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == code, done.stderr
        assert text in done.stderr


def test_demo_shows_the_answer_and_leaves_no_server_behind():
    """Progress, cost by term, gap, verification, savings, packages in 80 columns; exit code 0; no process left."""
    done = subprocess.run([*RUN, "demo", "--time-limit", "3"], capture_output=True, text=True, timeout=90, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    for text in ("first plan", "shipping", "certified gap", "independent checker", "fewest_splits", "nearest", "R0001"):
        assert text in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    port = re.search(r"127\.0\.0\.1:(\d+)", done.stdout)[1]
    assert not servers_on(port)


def test_killed_demo_leaves_no_server_behind():
    """kill -9 of the demo itself: its server notices and stops."""
    demo = subprocess.Popen([*RUN, "demo", "--time-limit", "20"], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        port = None
        for line in demo.stdout:
            if found := re.search(r"127\.0\.0\.1:(\d+)", line):
                port = found[1]
                break
        assert port is not None
        assert servers_on(port)
    finally:
        demo.kill()
        demo.wait()
        demo.stdout.close()
    end = time.monotonic() + 15
    while servers_on(port):
        assert time.monotonic() < end, "the server is still there"
        time.sleep(0.1)


def test_demo_without_its_pack_says_so(tmp_path):
    """Another folder: usage, and what to do."""
    done = subprocess.run([*RUN, "demo", "--pack", tmp_path], capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert "--pack DIR" in done.stderr


def servers_on(port: str) -> bool:
    """Whether something listens on a local port."""
    wanted = f"0100007F:{int(port):04X}"
    table = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return any(row.split()[1] == wanted and row.split()[3] == "0A" for row in table)
