"""Calls to a real server whose solver processes run a stub: errors, deadlines, cancelling, crashes, draining."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import grpc
import pytest
import stub_solver
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from conftest import HELLO, running, small_pack
from splitship.domain import Plan
from splitship.errors import InputError, NoPlanInTimeError
from splitship.packs import read_pack
from splitship.packs.documents import summary_document
from splitship.service import Client, RequestError, ServiceError
from splitship.service.to_messages import problem_message, seconds_message
from splitship.v1 import allocation_service_pb2 as api
from splitship.v1 import allocation_service_pb2_grpc, certificate_pb2, problem_pb2, result_pb2


@pytest.fixture
def stub(stub_server):
    """The plain generated stub."""
    options = [("grpc.max_send_message_length", -1), ("grpc.enable_http_proxy", 0)]
    with grpc.insecure_channel(stub_server.address, options=options) as channel:
        yield allocation_service_pb2_grpc.AllocationServiceStub(channel)


def details(error: grpc.RpcError) -> dict:
    """The google.rpc details of a failed call by kind."""
    status = status_pb2.Status()
    for key, value in error.trailing_metadata():
        if key == "grpc-status-details-bin":
            status.ParseFromString(value)
    assert status.message == error.details()
    found = {}
    for detail in status.details:
        for kind in (error_details_pb2.BadRequest, error_details_pb2.ErrorInfo, error_details_pb2.RetryInfo):
            if detail.Is(kind.DESCRIPTOR):
                found[kind.__name__] = kind.FromString(detail.value)
    return found


def message_of(name: str, num_orders: int = 3) -> problem_pb2.Problem:
    return problem_message(small_pack(name, num_orders).problem())


# ---------------------------------------------------------------- answers


def test_unary_answer_is_that_of_the_stream(stub):
    """The parts of a stream merge to the unary answer, times and memory apart."""
    request = api.AllocateRequest(request_id="r1", problem=message_of("small", 1_500), include_events=True)
    unary = stub.Allocate(request, timeout=20)
    streamed, kinds = api.AllocateResponse(), []
    for response in stub.AllocateStream(iter([api.AllocateStreamRequest(part=request)]), timeout=20):
        kinds.append("summary" if response.part.HasField("summary") else response.WhichOneof("content"))
        streamed.MergeFrom(response.part)
    assert kinds == ["part", "part", "summary"]  # 1,500 unfilled lines are two parts of 1,000
    assert len(unary.plan.unfilled) == 1_500
    for answer in (unary, streamed):
        for name in ("seconds", "peak_memory_mb", "time_limit_seconds"):
            answer.summary.ClearField(name)
    assert unary == streamed
    assert unary.request_id == "r1"
    assert unary.summary.verified


def test_stream_tells_progress_before_the_plan(stub_client):
    """The stub's first event arrives as an event."""
    events = []
    answer = stub_client.allocate(small_pack("plan"), on_event=events.append)
    # 3 orders want 1 + 2 + 3 units, 20 each unfilled.
    assert [(event.phase, event.objective) for event in events] == [("greedy", 120_000_000)]
    assert answer.objective == 120_000_000
    assert answer.costs.unfilled == 120_000_000
    assert answer.events == ()


def test_answer_becomes_the_result_of_a_local_solve(stub_client):
    """Summary fields, hashes and the result rebuilt from messages agree with what the documents say."""
    pack = small_pack("small")
    answer = stub_client.allocate(pack, include_events=True)
    result = answer.result(pack.problem())
    document = summary_document(result)
    assert document["hashes"] == {"input": answer.summary.input_hash, "plan": answer.summary.plan_hash}
    assert document["objective"] == "120.00"
    counts = {
        field.name: getattr(answer.summary.counts, field.name) for field in answer.summary.counts.DESCRIPTOR.fields
    }
    assert document["counts"] == counts
    assert document["unfilled_by_reason"] == {"NO_STOCK": 6}
    assert [event.phase for event in result.events] == ["greedy"]


def test_named_pack_is_solved_with_its_own_options(stub_client):
    """hello is on the server: 8 units of 5 orders, its time limit of 10 s, its gap of 0."""
    answer = stub_client.allocate("hello")
    assert answer.summary.counts.orders == 5
    assert answer.summary.counts.unfilled_units == 8
    assert answer.summary.time_limit_seconds == 10
    assert answer.summary.gap_limit == 0
    assert stub_client.allocate("hello", gap=0.5, time_limit_s=2).summary.gap_limit == 0.5
    assert answer.summary.input_hash == read_pack(HELLO).problem().input_hash


def test_empty_batch_has_an_empty_plan(stub):
    """No orders: OK, cost 0, a plan that is there and empty."""
    message = message_of("small")
    del message.orders[:]
    answer = stub.Allocate(api.AllocateRequest(problem=message), timeout=10)
    assert answer.HasField("plan")
    assert answer.summary.objective_micros == 0


def test_capabilities_name_packs_methods_and_limits(stub_client):
    """What a client needs to know before it asks."""
    found = stub_client.capabilities()
    assert [(pack.name, pack.orders, pack.currency) for pack in found.packs] == [("hello", 5, "USD")]
    assert "order-plans" in found.methods
    assert "policy:nearest" in found.methods
    assert found.max_message_bytes == 64 * 2**20
    assert found.workers == 1
    assert found.versions["splitship"]


# ---------------------------------------------------------------- faults


def test_invalid_request_lists_violations_with_paths(stub):
    """Three faults are three violations, with a stable reason and their number."""
    message = message_of("small")
    message.orders[1].lines[0].quantity = 0
    message.orders[2].lines[0].sku_id = "X"
    message.currency = ""
    with pytest.raises(grpc.RpcError) as failure:
        stub.Allocate(api.AllocateRequest(problem=message), timeout=10)
    assert failure.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    found = details(failure.value)
    fields = {violation.field for violation in found["BadRequest"].field_violations}
    assert fields == {"orders[1].lines[0].quantity", "orders[2].lines[0].sku_id", "currency"}
    assert found["ErrorInfo"].reason == "INVALID_PROBLEM"
    assert found["ErrorInfo"].metadata["total_violations"] == "3"


def test_many_violations_arrive_as_far_as_they_fit(stub):
    """Of 5,000 faults those in 6 KiB arrive, with the total; trailers that are too long would all be lost."""
    message = message_of("small", 5_000)
    for order in message.orders:
        order.lines[0].quantity = -1
    with pytest.raises(grpc.RpcError) as failure:
        stub.Allocate(api.AllocateRequest(problem=message), timeout=20)
    found = details(failure.value)
    assert 20 < len(found["BadRequest"].field_violations) < 5_000
    assert found["BadRequest"].ByteSize() < 6 * 1024
    assert found["ErrorInfo"].metadata["total_violations"] == "5000"


def test_validate_only_answers_ok_with_all_findings(stub, stub_client):
    """The same 5,000 faults, all in the body, by both methods; nothing is solved."""
    message = message_of("small", 5_000)
    for order in message.orders:
        order.lines[0].quantity = -1
    request = api.AllocateRequest(problem=message, mode=api.SOLVING_MODE_VALIDATE_ONLY)
    answer = stub.Allocate(request, timeout=20)
    assert [finding.field for finding in answer.findings] == [f"orders[{i}].lines[0].quantity" for i in range(5_000)]
    assert {finding.severity for finding in answer.findings} == {result_pb2.SEVERITY_ERROR}
    assert not answer.HasField("plan")
    assert not answer.HasField("summary")
    assert len(stub_client.validate(message)) == 5_000
    assert stub_client.validate(small_pack("small")) == ()
    request.problem.CopyFrom(message_of("small"))
    assert not stub.Allocate(request, timeout=10).findings


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda request: request.ClearField("problem"), "problem"),
        (lambda request: setattr(request, "mode", api.SOLVING_MODE_UNSPECIFIED), "mode"),
        (lambda request: setattr(request, "request_id", "x" * 129), "request_id"),
        (lambda request: setattr(request.options, "gap", -0.1), "options.gap"),
        (lambda request: setattr(request.options, "seed", -1), "options.seed"),
        (lambda request: request.options.time_limit.CopyFrom(seconds_message(-1)), "options.time_limit"),
    ],
)
def test_faults_of_the_request_itself_are_named(stub, change, field):
    """No problem, an unspecified mode, an id that is too long, options out of range."""
    request = api.AllocateRequest(problem=message_of("small"))
    change(request)
    with pytest.raises(grpc.RpcError) as failure:
        stub.Allocate(request, timeout=10)
    assert failure.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert [violation.field for violation in details(failure.value)["BadRequest"].field_violations] == [field]


def test_unknown_pack_and_scenario_are_named_with_a_hint(stub, stub_client):
    """NOT_FOUND with did-you-mean for a pack; a path for a scenario."""
    with pytest.raises(grpc.RpcError) as failure:
        stub.Allocate(api.AllocateRequest(pack=problem_pb2.NamedPack(name="helo")), timeout=10)
    assert failure.value.code() is grpc.StatusCode.NOT_FOUND
    assert "did you mean hello?" in failure.value.details()
    with pytest.raises(RequestError, match=r"pack\.scenario.*no scenario 'x'"):
        stub_client.allocate("hello", scenario="x")


def test_bytes_that_are_no_message_are_refused(stub_server):
    """Garbage is INVALID_ARGUMENT, for both methods, and the server lives on."""
    with grpc.insecure_channel(stub_server.address) as channel:
        unary = channel.unary_unary("/splitship.v1.AllocationService/Allocate")
        stream = channel.stream_stream("/splitship.v1.AllocationService/AllocateStream")
        for call in (lambda: unary(b"\xff\xff", timeout=10), lambda: list(stream(iter([b"\x0a\xff"]), timeout=10))):
            with pytest.raises(grpc.RpcError) as failure:
                call()
            assert failure.value.code() is grpc.StatusCode.INVALID_ARGUMENT
            assert details(failure.value)["ErrorInfo"].reason == "MALFORMED_REQUEST"


def test_plan_that_fails_our_own_check_is_never_returned(stub_client):
    """INTERNAL with the violations, for people to report."""
    with pytest.raises(ServiceError, match="STOCK_EXCEEDED") as failure:
        stub_client.allocate(small_pack("wrong"))
    assert (failure.value.code, failure.value.reason) == ("INTERNAL", "CHECK_FAILED")


def test_unexpected_exception_is_internal_and_logged(stub_server, stub_client):
    """The caller learns nothing of our insides; the log has the traceback."""
    with pytest.raises(ServiceError) as failure:
        stub_client.allocate(small_pack("odd"))
    assert failure.value.code == "INTERNAL"
    assert "planted" not in str(failure.value)
    assert "ZeroDivisionError: planted" in stub_server.lines("task failed")[-1]["traceback"]


# ---------------------------------------------------------------- checking


def test_check_plan_finds_a_good_plan_good(stub_client):
    """The empty plan is feasible: 6 units unfilled at 20."""
    pack = small_pack("small")
    found = stub_client.check(pack, Plan.empty())
    assert (found.is_feasible, found.objective, found.does_certificate_hold) == (True, 120_000_000, None)


def test_check_plan_finds_violations_and_unknown_ids(stub):
    """Six units of stock that is not there; a node nobody has."""
    message = message_of("small")
    request = api.CheckPlanRequest(problem=message)
    package = request.plan.packages.add(order_id="O2", node_id="A", service_id="G", ship_on="2026-03-02")
    package.lines.add(line_id="1", quantity=6)
    answer = stub.CheckPlan(request, timeout=20)
    assert not answer.feasible
    assert answer.total_violations == len(answer.violations) >= 1
    package.node_id = "C"
    with pytest.raises(grpc.RpcError) as failure:
        stub.CheckPlan(request, timeout=10)
    violations = details(failure.value)["BadRequest"].field_violations
    assert [violation.field for violation in violations] == ["plan.packages[0].node_id"]


def test_check_plan_recomputes_a_certificate(stub):
    """A claimed bound above what its prices prove does not hold."""
    request = api.CheckPlanRequest(problem=message_of("small"), plan={})
    request.certificate.bound_micros = 0
    answer = stub.CheckPlan(request, timeout=30)
    assert answer.certificate_holds
    assert 0 < answer.bound_micros <= answer.objective_micros
    request.certificate.bound_micros = answer.bound_micros + 1
    assert not stub.CheckPlan(request, timeout=10).certificate_holds
    request.certificate.prices.add(kind=certificate_pb2.RESOURCE_KIND_STOCK, node_id="A", date="2026-03-02")
    with pytest.raises(grpc.RpcError) as failure:
        stub.CheckPlan(request, timeout=10)
    fields = {violation.field for violation in details(failure.value)["BadRequest"].field_violations}
    assert fields == {"certificate.prices[0].sku_id", "certificate.prices[0].date"}


# ---------------------------------------------------------------- time, crashes, cancelling


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


def test_deaf_solver_is_cut_in_a_stream_too(stub):
    """The last part of the stream says why the plan is not the end of a search."""
    request = api.AllocateRequest(problem=message_of("plan+deaf"))
    parts = list(stub.AllocateStream(iter([api.AllocateStreamRequest(part=request)]), timeout=1.5))
    assert [part.WhichOneof("content") for part in parts] == ["progress", "part", "part"]
    assert parts[-1].part.summary.termination.reason == result_pb2.TERMINATION_REASON_TIME_LIMIT


def test_no_plan_in_time_is_deadline_exceeded(stub_client):
    """Deaf from the start, without any plan: the one case in which the deadline passes."""
    with pytest.raises(NoPlanInTimeError):
        stub_client.allocate(small_pack("deaf"), deadline_s=0.5)


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
    """kill -9 during the call, after a plan was handed over: that plan, and how it came about."""
    call = stub.Allocate.future(api.AllocateRequest(problem=message_of("plan+slow")), timeout=20)
    stub_server.wait_for(lambda: stub_server.server.pool.num_running == 1)
    time.sleep(0.6)
    os.kill(stub_server.server.pool.pids[0], signal.SIGKILL)
    answer = call.result(5)
    assert answer.summary.verified
    assert answer.summary.termination.reason == result_pb2.TERMINATION_REASON_INTERRUPTED
    assert stub_server.lines()[-1]["ending"] == "lost"


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


# ---------------------------------------------------------------- limits, health, draining


def test_full_queue_is_refused_with_a_time_to_retry():
    """One at work, one waiting: the third is refused at once. A wait beyond the deadline is refused, too."""
    with running(solve=stub_solver.solve, workers=1, spares=0, max_queue=1) as server:
        with Client(server.address) as client:
            threads = [
                threading.Thread(target=client.allocate, args=(small_pack("slow"),), kwargs={"time_limit_s": 1})
                for _ in range(2)
            ]
            for number, thread in enumerate(threads):
                thread.start()
                server.wait_for(
                    lambda number=number: server.server.pool.num_running + server.server.pool.num_waiting > number
                )
            with pytest.raises(ServiceError) as failure:
                client.allocate(small_pack("slow"))
            assert (failure.value.code, failure.value.reason) == ("RESOURCE_EXHAUSTED", "QUEUE_FULL")
            assert failure.value.retry_after > 0
            for thread in threads:
                thread.join()
        with Client(server.address) as client:
            thread = threading.Thread(target=client.allocate, args=(small_pack("slow"),), kwargs={"time_limit_s": 2})
            thread.start()
            server.wait_for(lambda: server.server.pool.num_running == 1)
            started = time.monotonic()
            with pytest.raises(ServiceError) as failure:
                client.allocate(small_pack("small"), deadline_s=0.5)
            assert time.monotonic() - started < 0.5
            assert (failure.value.code, failure.value.reason) == ("RESOURCE_EXHAUSTED", "WAIT_EXCEEDS_DEADLINE")
            thread.join()


def test_message_over_the_limit_names_the_streaming_method():
    """2 MiB where 1 MiB is allowed; the same problem in parts is fine, and a stream has its limit, too."""
    with running(
        solve=stub_solver.solve, workers=1, spares=0, max_message_bytes=2**20, max_stream_bytes=2 * 2**20
    ) as server:
        message = message_of("small", 8_000)
        message.orders[0].attributes["note"] = "x" * 2**20
        with Client(server.address) as client:
            with grpc.insecure_channel(server.address) as channel:
                stub = allocation_service_pb2_grpc.AllocationServiceStub(channel)
                with pytest.raises(grpc.RpcError) as failure:
                    stub.Allocate(api.AllocateRequest(problem=message), timeout=20)
            assert failure.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
            assert "AllocateStream" in failure.value.details()
            answer = client.allocate(small_pack("small", 8_000))
            assert answer.summary.counts.orders == 8_000
            message.orders[0].attributes["note"] = "x" * (2**20 - 1000)
            half = api.AllocateStreamRequest()
            half.part.problem.orders.append(message.orders[0])
            with grpc.insecure_channel(server.address) as channel:
                stub = allocation_service_pb2_grpc.AllocationServiceStub(channel)
                with pytest.raises(grpc.RpcError) as failure:
                    list(stub.AllocateStream(iter([half, half, half]), timeout=20))
            assert details(failure.value)["ErrorInfo"].reason == "MESSAGE_TOO_LARGE"


def test_requests_together_have_a_limit():
    """One call holds 1 MiB of the 1.5 MiB there is; the next is told to come back, and may once the first has ended."""
    with (
        running(solve=stub_solver.solve, workers=1, spares=0, max_pending_bytes=3 * 2**19) as server,
        Client(server.address, retries=0) as client,
    ):
        message = message_of("slow")
        message.orders[0].attributes["note"] = "x" * 2**20
        thread = threading.Thread(target=client.allocate, args=(message,), kwargs={"time_limit_s": 1})
        thread.start()
        server.wait_for(lambda: server.server.pool.num_running == 1)
        with pytest.raises(ServiceError) as failure:
            client.allocate(message)
        assert (failure.value.code, failure.value.reason) == ("RESOURCE_EXHAUSTED", "MEMORY_FULL")
        thread.join()
        message.name = "small"
        assert client.allocate(message).is_verified


def test_health_is_told_for_the_server_and_the_service(stub_server):
    """Serving; unknown names are not found."""
    with grpc.insecure_channel(stub_server.address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        for name in ("", "splitship.v1.AllocationService"):
            assert health.Check(health_pb2.HealthCheckRequest(service=name), timeout=5).status == 1
        with pytest.raises(grpc.RpcError) as failure:
            health.Check(health_pb2.HealthCheckRequest(service="other"), timeout=5)
        assert failure.value.code() is grpc.StatusCode.NOT_FOUND


def test_reflection_shows_the_api_unless_switched_off(stub_server):
    """The list of services with it; UNIMPLEMENTED without."""

    def names(address: str) -> set[str]:
        with grpc.insecure_channel(address) as channel:
            stub = reflection_pb2_grpc.ServerReflectionStub(channel)
            request = reflection_pb2.ServerReflectionRequest(list_services="")
            (answer,) = stub.ServerReflectionInfo(iter([request]), timeout=5)
        return {service.name for service in answer.list_services_response.service}

    assert {"splitship.v1.AllocationService", "grpc.health.v1.Health"} <= names(stub_server.address)
    with running(solve=stub_solver.solve, workers=1, spares=0, has_reflection=False) as server:
        with pytest.raises(grpc.RpcError) as failure:
            names(server.address)
        assert failure.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_pack_that_cannot_be_used_stops_the_start(tmp_path):
    """The reason is said: no server serves half of what it was told to."""
    with pytest.raises(InputError, match=r"scenario\.yaml"), running(packs={"bad": str(tmp_path)}, workers=1):
        pass


def test_no_server_is_unavailable():
    """After its retries the client says where nobody answers."""
    with Client("127.0.0.1:1", retries=1) as client, pytest.raises(ServiceError, match="no server answers at"):
        client.capabilities()


def test_drain_returns_best_plans_then_stops():
    """SIGTERM: not serving, new calls refused, the running one answered with its best plan, exit code 0."""
    program = Path(__file__).with_name("serve_stub.py")
    server = subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline())
        answers = []
        with Client(f"127.0.0.1:{port}", retries=0) as client:
            pack = small_pack("slow")
            thread = threading.Thread(target=lambda: answers.append(client.allocate(pack, time_limit_s=30)))
            thread.start()
            time.sleep(0.7)
            server.send_signal(signal.SIGTERM)
            thread.join(10)
        assert answers[0].termination.reason.value == "INTERRUPTED"
        assert server.wait(10) == 0
        events = [json.loads(line) for line in server.stderr.read().splitlines()]
        assert [line["event"] for line in events] == ["draining", "call"]
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
        server.stderr.close()


def test_second_signal_stops_at_once():
    """A solver that heeds nothing does not hold up the end."""
    program = Path(__file__).with_name("serve_stub.py")
    server = subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline())
        with Client(f"127.0.0.1:{port}", retries=0) as client:

            def call() -> None:
                with pytest.raises(ServiceError):
                    client.allocate(small_pack("deaf"), time_limit_s=30)

            thread = threading.Thread(target=call)
            thread.start()
            time.sleep(0.7)
            server.send_signal(signal.SIGINT)
            time.sleep(0.3)
            assert server.poll() is None
            server.send_signal(signal.SIGINT)
            assert server.wait(3) == 0
            thread.join(5)
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
        server.stderr.close()


def test_calls_during_a_drain_are_refused_as_unavailable():
    """While one call is still running, health is NOT_SERVING and another is told to go elsewhere."""
    with running(solve=stub_solver.solve, workers=1, spares=0, drain_limit_s=1.5) as server:
        with Client(server.address, retries=0) as client:
            answers = []
            pack = small_pack("plan+deaf")
            thread = threading.Thread(target=lambda: answers.append(client.allocate(pack, time_limit_s=30)))
            thread.start()
            server.wait_for(lambda: server.server.pool.num_running == 1)
            time.sleep(0.6)
            drain = threading.Thread(target=lambda: server.call(server.server.drain()))
            drain.start()
            time.sleep(0.2)
            with grpc.insecure_channel(server.address) as channel:
                check = health_pb2_grpc.HealthStub(channel).Check
                assert check(health_pb2.HealthCheckRequest(), timeout=5).status == 2
            with pytest.raises(ServiceError) as failure:
                client.allocate(small_pack("small"))
            assert (failure.value.code, failure.value.reason) == ("UNAVAILABLE", "DRAINING")
            assert failure.value.retry_after == 1.0
            thread.join(10)
            drain.join(10)
        # The deaf solver was cut when the drain's patience ended; its last plan was the answer.
        assert answers[0].is_verified


def test_dead_workers_come_back(stub_server):
    """All processes killed at once: the server is whole again within seconds."""
    pool = stub_server.server.pool
    stub_server.wait_for(lambda: pool.num_ready == 2, 20)
    before = set(pool.pids)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    stub_server.wait_for(lambda: pool.num_ready == 2 and not before & set(pool.pids), 20)
