"""Solvers that are late, deaf or dead, and callers that lose interest: the call is answered, the core is freed."""

from __future__ import annotations

import json
import os
import signal
import time

import grpc
import pytest

from conftest import details, message_of, small_pack
from splitship.errors import NoPlanInTimeError
from splitship.service.to_messages import seconds_message
from splitship.v1 import allocation_service_pb2 as api
from splitship.v1 import result_pb2


@pytest.mark.parametrize("deadline", [0.3, 0.8])
def test_answer_comes_before_the_deadline(stub, deadline):
    """A solver that would work for a minute answers within what is left of the call."""
    request = api.AllocateRequest(problem=message_of("slow"))
    started = time.monotonic()
    answer = stub.Allocate(request, timeout=deadline)
    assert time.monotonic() - started < deadline
    assert answer.summary.termination.reason == result_pb2.TERMINATION_REASON_TIME_LIMIT


def test_deaf_solver_is_cut_and_its_last_plan_returned(stub_server, stub):
    """It handed a plan over, then heeds nothing: the front answers in time, the spare takes over, it is killed."""
    request = api.AllocateRequest(problem=message_of("plan+deaf"))
    started = time.monotonic()
    answer = stub.Allocate(request, timeout=1.0)
    assert time.monotonic() - started < 1.0
    assert answer.summary.objective_micros == 120_000_000
    assert answer.summary.verified
    assert answer.summary.termination.reason == result_pb2.TERMINATION_REASON_TIME_LIMIT
    assert "last verified plan" in answer.summary.termination.detail
    request.problem.name = "small"
    assert stub.Allocate(request, timeout=5).summary.verified
    call = stub_server.lines()[-2]
    assert call["ending"] == "cut"
    stub_server.wait_for(lambda: call["worker"] not in stub_server.server.pool.pids, 1.0)


def test_late_solver_is_cut_and_its_process_kept(stub_server, stub):
    """It ends a moment too late: cut, in a stream too, but not killed, so that its successor finds it warm."""
    before = set(stub_server.server.pool.pids)
    request = api.AllocateRequest(problem=message_of("plan+late"))
    parts = list(stub.AllocateStream(iter([api.AllocateStreamRequest(part=request)]), timeout=0.9))
    assert [part.WhichOneof("content") for part in parts] == ["progress", "part", "part"]
    assert parts[-1].part.summary.termination.reason == result_pb2.TERMINATION_REASON_TIME_LIMIT
    assert stub_server.lines("cut")[-1]["has_plan"]
    stub_server.wait_for(lambda: all(worker.is_free for worker in stub_server.server.pool._workers), 1.0)
    assert set(stub_server.server.pool.pids) == before


def test_no_plan_in_time_is_deadline_exceeded(stub_client):
    """Without any plan until a moment too late: the one case in which the deadline passes."""
    with pytest.raises(NoPlanInTimeError):
        stub_client.allocate(small_pack("late"), deadline_s=0.5)


def test_cancelled_call_frees_its_worker_within_a_second(stub_server, stub):
    """A solver that listens stops; one that does not is killed; both within a second."""
    for name in ("slow", "deaf"):
        call = stub.Allocate.future(api.AllocateRequest(problem=message_of(name)), timeout=30)
        stub_server.wait_for(lambda: stub_server.server.pool.num_running == 1)
        time.sleep(0.1)
        call.cancel()
        assert stub_server.wait_for(lambda: stub_server.server.pool.num_running == 0) < 1.0
        assert stub_server.lines()[-1]["code"] == "CANCELLED"


def test_killed_worker_is_answered_by_its_last_plan(stub_server, stub):
    """kill -9 during the call, after a plan was handed over: that plan. All processes die; all come back."""
    call = stub.Allocate.future(api.AllocateRequest(problem=message_of("plan+slow")), timeout=20)
    stub_server.wait_for(lambda: stub_server.server.pool.num_running == 1)
    time.sleep(0.6)
    pool = stub_server.server.pool
    before = set(pool.pids)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    answer = call.result(5)
    assert answer.summary.verified
    assert answer.summary.termination.reason == result_pb2.TERMINATION_REASON_INTERRUPTED
    assert stub_server.lines()[-1]["ending"] == "lost"
    stub_server.wait_for(lambda: pool.num_ready == len(before) and not before & set(pool.pids), 20)


def test_killed_worker_without_a_plan_is_tried_again(stub_server, stub, tmp_path):
    """It dies once before any plan; another process does the work."""
    answer = stub.Allocate(api.AllocateRequest(problem=message_of(f"dieonce:{tmp_path / 'died'}")), timeout=20)
    assert answer.summary.verified
    assert stub_server.lines()[-1]["attempts"] == 2


def test_request_that_kills_every_worker_is_given_up(stub_server, stub):
    """Twice, not for ever; the server lives on."""
    with pytest.raises(grpc.RpcError) as failure:
        stub.Allocate(api.AllocateRequest(problem=message_of("die")), timeout=20)
    assert failure.value.code() is grpc.StatusCode.INTERNAL
    assert details(failure.value)["ErrorInfo"].reason == "WORKER_FAILED"
    assert stub.Allocate(api.AllocateRequest(problem=message_of("small")), timeout=20).summary.verified


def test_time_limit_of_the_request_holds_without_a_deadline(stub):
    """The request's own limit of 0.2 s."""
    request = api.AllocateRequest(problem=message_of("slow"))
    request.options.time_limit.CopyFrom(seconds_message(0.2))
    started = time.monotonic()
    answer = stub.Allocate(request)
    assert time.monotonic() - started < 2.0
    assert answer.summary.time_limit_seconds == pytest.approx(0.2)


def test_every_call_has_one_log_line_without_customer_data(stub_server, stub):
    """Request id, code, queue and solve seconds; no order, node or SKU."""
    before = len(stub_server.lines())
    stub.Allocate(api.AllocateRequest(request_id="log-1", problem=message_of("small")), timeout=10)
    (line,) = stub_server.lines()[before:]
    assert (line["request_id"], line["code"], line["method"], line["orders"]) == ("log-1", "OK", "Allocate", 3)
    assert {"queue_s", "solve_s", "gap", "seconds"} <= set(line)
    assert "60601" not in json.dumps(line)
