"""A real server on a free port, its event loop in a thread, its solver processes spawned."""

from __future__ import annotations

import asyncio
import io
import json
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
import stub_solver
from google.rpc import error_details_pb2, status_pb2

from splitship.packs import Pack
from splitship.service import Client
from splitship.service.entry import ServerSettings
from splitship.service.server import CallLog, Server
from splitship.service.to_messages import problem_message
from splitship.v1 import allocation_service_pb2_grpc, problem_pb2

ROOT = Path(__file__).resolve().parents[2]
HELLO = ROOT / "scenarios" / "hello"


class RunningServer:
    """A server in a thread; `call` runs a coroutine on its loop."""

    def __init__(self, settings: ServerSettings) -> None:
        self.text = io.StringIO()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

        async def make() -> Server:
            return Server(settings, CallLog(self.text))

        self.server = self.call(make())
        self.port = self.call(self.server.start())
        self.address = f"127.0.0.1:{self.port}"

    def call(self, coroutine, timeout: float = 60):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout)

    def lines(self, event: str = "call") -> list[dict]:
        """The log lines of an event."""
        lines = [json.loads(line) for line in self.text.getvalue().splitlines()]
        return [line for line in lines if line["event"] == event]

    def wait_for(self, condition, seconds: float = 10.0) -> float:
        """Seconds until the condition holds."""
        started = time.monotonic()
        while not condition():
            assert time.monotonic() - started < seconds, "timed out"
            time.sleep(0.005)
        return time.monotonic() - started

    def close(self) -> None:
        self.call(self.server.stop_now())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()


@contextmanager
def running(**settings):
    server = RunningServer(ServerSettings(port=0, **settings))
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def shared_stub_server():
    """A server with one worker, a spare, the stub solver and the pack hello."""
    with running(solve=stub_solver.solve, packs={"hello": str(HELLO)}, workers=1) as server:
        yield server


@pytest.fixture
def stub_server(shared_stub_server):
    """The same, once it is whole again after what the test before did to it."""
    pool = shared_stub_server.server.pool
    shared_stub_server.wait_for(lambda: pool.num_ready == 2 and pool.num_running == 0, 20)
    return shared_stub_server


@pytest.fixture
def stub_client(stub_server):
    """A typed client of it."""
    with Client(stub_server.address) as client:
        yield client


@pytest.fixture
def stub(stub_server):
    """The plain generated stub of it."""
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
    """The small pack as a message."""
    return problem_message(small_pack(name, num_orders).problem())


def small_pack(name: str = "small", num_orders: int = 3) -> Pack:
    """Two nodes, one SKU, one service; order i wants i + 1 units. What its name says steers the stub solver."""
    return Pack.from_tables(
        {
            "nodes": [
                {"node_id": "A", "kind": "dc", "country": "US", "postal_code": "10001", "package_cost": "1"},
                {"node_id": "B", "kind": "store", "country": "US", "postal_code": "90001", "package_cost": "2"},
            ],
            "skus": [{"sku_id": "S", "weight_kg": "1", "value": "10"}],
            "stock": [
                {"node_id": "A", "sku_id": "S", "on_hand": "4"},
                {"node_id": "B", "sku_id": "S", "on_hand": "4"},
            ],
            "services": [{"service_id": "G", "carrier": "C"}],
            "lanes": [
                {
                    "service_id": "G",
                    "node_id": node,
                    "country": "US",
                    "destination": "*",
                    "zone": "1",
                    "transit_days": "2",
                }
                for node in "AB"
            ],
            "rates": [{"service_id": "G", "zone": "1", "up_to_kg": "10", "price": "5", "per_extra_kg": "1"}],
            "orders": [
                {
                    "order_id": f"O{i}",
                    "placed_at": "2026-03-02T07:00:00+00:00",
                    "country": "US",
                    "postal_code": "60601",
                }
                for i in range(num_orders)
            ],
            "order_lines": [
                {"order_id": f"O{i}", "line_id": "1", "sku_id": "S", "quantity": str(i % 5 + 1)}
                for i in range(num_orders)
            ],
        },
        {
            "name": name,
            "currency": "USD",
            "as_of": "2026-03-02T08:00:00+00:00",
            "objective": {"split": "0.5", "unfilled_unit": "20"},
            "limits": {"max_packages": 2},
        },
    )
