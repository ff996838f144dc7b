"""Limits, health, reflection, start and end of a server whose solver processes run a stub."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import grpc
import pytest
import stub_solver
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from conftest import details, message_of, running, small_pack
from splitship.errors import InputError
from splitship.service import Client, ServiceError
from splitship.v1 import allocation_service_pb2 as api
from splitship.v1 import allocation_service_pb2_grpc

MIB = 2**20


@pytest.fixture(scope="module")
def limited_server():
    """One worker and no spare, one call may wait, messages of 1 MiB, streams of 1.25, 1.5 for all; no reflection."""
    with running(
        solve=stub_solver.solve,
        workers=1,
        spares=0,
        max_queue=1,
        max_message_bytes=MIB,
        max_stream_bytes=MIB * 5 // 4,
        max_pending_bytes=MIB * 3 // 2,
        has_reflection=False,
    ) as server:
        yield server


@pytest.fixture
def limited_client(limited_server):
    with Client(limited_server.address, retries=0) as client:
        yield client


def in_background(client: Client, source, time_limit_s: float) -> threading.Thread:
    """A call in a thread of its own."""
    thread = threading.Thread(target=client.allocate, args=(source,), kwargs={"time_limit_s": time_limit_s})
    thread.start()
    return thread


def test_full_queue_is_refused_with_a_time_to_retry(limited_server, limited_client):
    """One at work, one waiting: the third is refused at once."""
    pool = limited_server.server.pool
    threads = []
    for number in range(2):
        threads.append(in_background(limited_client, small_pack("slow"), 0.7))
        limited_server.wait_for(lambda number=number: pool.num_running + pool.num_waiting > number)
    with pytest.raises(ServiceError) as failure:
        limited_client.allocate(small_pack("slow"))
    assert (failure.value.code, failure.value.reason) == ("RESOURCE_EXHAUSTED", "QUEUE_FULL")
    assert failure.value.retry_after > 0
    for thread in threads:
        thread.join()


def test_wait_beyond_the_deadline_is_refused_before_work_starts(limited_server, limited_client):
    """Calls take about 0.8 s by now, one has just begun: 0.3 s are not enough to wait for it."""
    thread = in_background(limited_client, small_pack("slow"), 1.0)
    limited_server.wait_for(lambda: limited_server.server.pool.num_running == 1)
    started = time.monotonic()
    with pytest.raises(ServiceError) as failure:
        limited_client.allocate(small_pack("small"), deadline_s=0.3)
    assert time.monotonic() - started < 0.3
    assert (failure.value.code, failure.value.reason) == ("RESOURCE_EXHAUSTED", "WAIT_EXCEEDS_DEADLINE")
    thread.join()


def test_message_over_the_limit_names_the_streaming_method(limited_server, limited_client):
    """1.4 MiB where 1 MiB is allowed: the message says what to do, and the same orders in parts are fine."""
    message = message_of("small", 8_000)
    message.orders[0].attributes["note"] = "x" * MIB
    with grpc.insecure_channel(limited_server.address) as channel:
        stub = allocation_service_pb2_grpc.AllocationServiceStub(channel)
        with pytest.raises(grpc.RpcError) as failure:
            stub.Allocate(api.AllocateRequest(problem=message), timeout=20)
    assert failure.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "AllocateStream" in failure.value.details()
    assert limited_client.allocate(small_pack("small", 8_000)).summary.counts.orders == 8_000


def test_stream_over_the_limit_is_refused(limited_server):
    """Two parts of 0.7 MiB where 1.25 MiB are allowed."""
    part = api.AllocateStreamRequest()
    part.part.problem.orders.add(order_id="x" * (MIB * 7 // 10))
    with grpc.insecure_channel(limited_server.address) as channel:
        stub = allocation_service_pb2_grpc.AllocationServiceStub(channel)
        with pytest.raises(grpc.RpcError) as failure:
            list(stub.AllocateStream(iter([part, part]), timeout=20))
    assert details(failure.value)["ErrorInfo"].reason == "MESSAGE_TOO_LARGE"


def test_requests_together_have_a_limit(limited_server, limited_client):
    """One call holds 0.9 of the 1.5 MiB there is; the next is told to come back, and may once the first has ended."""
    message = message_of("slow")
    message.orders[0].attributes["note"] = "x" * (MIB * 9 // 10)
    thread = in_background(limited_client, message, 0.7)
    limited_server.wait_for(lambda: limited_server.server.pool.num_running == 1)
    with pytest.raises(ServiceError) as failure:
        limited_client.allocate(message)
    assert (failure.value.code, failure.value.reason) == ("RESOURCE_EXHAUSTED", "MEMORY_FULL")
    thread.join()
    message.name = "small"
    assert limited_client.allocate(message).is_verified


def test_health_is_told_for_the_server_and_the_service(stub_server):
    """Serving; unknown names are not found."""
    with grpc.insecure_channel(stub_server.address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        for name in ("", "splitship.v1.AllocationService"):
            assert health.Check(health_pb2.HealthCheckRequest(service=name), timeout=5).status == 1
        with pytest.raises(grpc.RpcError) as failure:
            health.Check(health_pb2.HealthCheckRequest(service="other"), timeout=5)
        assert failure.value.code() is grpc.StatusCode.NOT_FOUND


def test_reflection_shows_the_api_unless_switched_off(stub_server, limited_server):
    """The list of services with it; UNIMPLEMENTED without."""

    def names(address: str) -> set[str]:
        with grpc.insecure_channel(address) as channel:
            stub = reflection_pb2_grpc.ServerReflectionStub(channel)
            request = reflection_pb2.ServerReflectionRequest(list_services="")
            (answer,) = stub.ServerReflectionInfo(iter([request]), timeout=5)
        return {service.name for service in answer.list_services_response.service}

    assert {"splitship.v1.AllocationService", "grpc.health.v1.Health"} <= names(stub_server.address)
    with pytest.raises(grpc.RpcError) as failure:
        names(limited_server.address)
    assert failure.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_pack_that_cannot_be_used_stops_the_start(tmp_path):
    """The reason is said: no server serves half of what it was told to."""
    with pytest.raises(InputError, match=r"scenario\.yaml"), running(packs={"bad": str(tmp_path)}, workers=1):
        pass


def test_no_server_is_unavailable():
    """After its retries the client says where nobody answers."""
    with Client("127.0.0.1:1", retries=1) as client, pytest.raises(ServiceError, match="no server answers at"):
        client.capabilities()


def test_first_signal_drains_and_the_second_stops_at_once():
    """A deaf solver holds the orderly end up, new calls are refused meanwhile; the second signal waits for nothing."""
    program = Path(__file__).with_name("serve_stub.py")
    server = subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        address = f"127.0.0.1:{int(server.stdout.readline())}"
        ends = []

        def call() -> None:
            with Client(address, retries=0) as client, pytest.raises(ServiceError) as failure:
                client.allocate(small_pack("deaf"), time_limit_s=30)
            ends.append(failure.value.code)

        thread = threading.Thread(target=call)
        thread.start()
        time.sleep(1.0)
        server.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        with Client(address, retries=0) as client, pytest.raises(ServiceError) as failure:
            client.allocate(small_pack("small"))
        assert failure.value.reason == "DRAINING"
        assert server.poll() is None
        server.send_signal(signal.SIGINT)
        assert server.wait(5) == 0
        thread.join(5)
        assert ends in (["UNAVAILABLE"], ["CANCELLED"])
        events = [json.loads(line) for line in server.stderr.read().splitlines()]
        assert [line["event"] for line in events] == ["draining", "call", "call"]
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


def test_drain_returns_the_best_plan_so_far(limited_server, limited_client):
    """A solver that listens ends at once, INTERRUPTED, and its answer goes out. (The last test of this server.)"""
    answers = []
    pack = small_pack("slow")
    thread = threading.Thread(target=lambda: answers.append(limited_client.allocate(pack, time_limit_s=30)))
    thread.start()
    limited_server.wait_for(lambda: limited_server.server.pool.num_running == 1)
    time.sleep(0.2)
    started = time.monotonic()
    limited_server.call(limited_server.server.drain())
    assert time.monotonic() - started < 2.0
    thread.join(5)
    assert answers[0].termination.reason.value == "INTERRUPTED"
    assert limited_server.lines("draining") == [{**limited_server.lines("draining")[0], "running": 1}]
