"""The server: one asyncio front that admits, forwards bytes and keeps time; solver processes do the work."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, TextIO

import grpc
import grpc.aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from splitship.errors import UsageError
from splitship.run.outcome import PoolSettings
from splitship.run.pool import Pool
from splitship.service.calls import SERVICES, AllocationCalls
from splitship.service.entry import MIB, JobSettings, ServerSettings, WorkerFacts, set_up, work

SPARE_CALLS = 256
"""Open calls beyond those that work or wait: refusals under way, capabilities, health."""


class CallLog:
    """One line of JSON for each call and each event, on stderr unless told otherwise."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr

    def write(self, event: str, fields: Mapping[str, object]) -> None:
        """One line; a log that cannot be written must not stop the service."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **fields}
        try:
            self._stream.write(json.dumps(line) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            pass


class Server:
    """A server and its solver processes. `start`, then `stop` (or `serve_until_signal`), on one event loop."""

    def __init__(self, settings: ServerSettings, log: CallLog | None = None) -> None:
        cores = os.cpu_count() or 1
        workers = settings.workers if settings.workers is not None else max(1, cores - 1)
        if workers < 1:
            raise UsageError("a server needs at least one worker")
        if settings.max_message_bytes < MIB or settings.max_stream_bytes < settings.max_message_bytes:
            raise UsageError("a message may have at least 1 MiB, and a stream at least as much as a message")
        self.settings = settings
        self.log = log or CallLog()
        threads = settings.threads or max(1, cores // workers)
        jobs = JobSettings(
            dict(settings.packs), threads, settings.default_time_limit_s, settings.max_time_limit_s, settings.solve
        )
        pool_settings = PoolSettings(
            workers=workers, spares=settings.spares, max_queue=settings.max_queue, drain_limit=settings.drain_limit_s
        )
        self.pool = Pool(partial(set_up, jobs), work, pool_settings, self._set_health, self.log.write)
        self.calls = AllocationCalls(settings, self.pool, workers, threads, self.log.write)
        self.port = 0
        self._health = health.aio.HealthServicer()
        self._is_draining = False
        self._tasks: set[asyncio.Task[Any]] = set()
        # Messages somewhat over our limit are refused by our own words; far larger ones by the transport.
        most = min(4 * settings.max_message_bytes, 2**31 - 1)
        self._server = grpc.aio.server(
            maximum_concurrent_rpcs=settings.max_queue + workers + SPARE_CALLS,
            options=[
                ("grpc.max_receive_message_length", most),
                ("grpc.max_send_message_length", -1),
                ("grpc.so_reuseport", 0),
            ],
        )

    async def start(self) -> int:
        """Listen, start the solver processes, and be ready; returns the port.

        Raises:
            UsageError: the address cannot be used.
            InputError: a pack cannot be used.
            WorkerError: no solver process can be started.
        """
        self._server.add_generic_rpc_handlers(self.calls.handlers())
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if self.settings.has_reflection:
            names = (*SERVICES, health.SERVICE_NAME, reflection.SERVICE_NAME)
            reflection.enable_server_reflection(names, self._server)
        self._set_health(0)
        host = self.settings.host
        address = f"[{host}]:{self.settings.port}" if ":" in host.strip("[]") else f"{host}:{self.settings.port}"
        address = address.replace("[[", "[").replace("]]", "]")
        try:
            self.port = self._server.add_insecure_port(address)
        except RuntimeError as error:
            raise UsageError(f"cannot listen on {address}: is it in use?") from error
        if not self.port:
            raise UsageError(f"cannot listen on {address}")
        await self._server.start()
        try:
            facts = await self.pool.start()
        except BaseException:
            await self.stop_now()
            raise
        assert isinstance(facts, WorkerFacts)
        self.calls.facts = facts
        return self.port

    async def drain(self) -> None:
        """Stop in order: not serving, no new work, running solves give their best plan, then the end."""
        self._is_draining = True
        self._set_health(0)
        self.log.write("draining", {"running": self.pool.num_running})
        await self.pool.drain()
        await self.calls.wait_until_idle(5.0)
        await self.stop_now(grace=1.0)

    async def stop_now(self, grace: float | None = None) -> None:
        """Stop; calls that still run are cut after `grace` seconds."""
        self._is_draining = True
        self._set_health(0)
        await self._server.stop(grace)
        await self.pool.close()

    async def serve_until_signal(self) -> None:
        """Serve until SIGTERM or SIGINT, then drain; a second signal stops at once."""
        loop = asyncio.get_running_loop()
        first, second = asyncio.Event(), asyncio.Event()

        def on_signal() -> None:
            (second if first.is_set() else first).set()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, on_signal)
        try:
            await first.wait()
            drain, hurry = loop.create_task(self.drain()), loop.create_task(second.wait())
            await asyncio.wait((drain, hurry), return_when=asyncio.FIRST_COMPLETED)
            if not drain.done():
                drain.cancel()
                await self.stop_now()
            else:
                hurry.cancel()
                drain.result()
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def _set_health(self, num_ready: int) -> None:
        serving = num_ready > 0 and not self._is_draining
        status = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        for name in ("", *SERVICES):
            task = loop.create_task(self._health.set(name, status))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


def run_server(settings: ServerSettings, on_ready: Callable[[int], None], log: CallLog | None = None) -> None:
    """Run a server until a signal ends it; `on_ready` gets the port once calls are answered."""

    async def main() -> None:
        server = Server(settings, log)
        on_ready(await server.start())
        await server.serve_until_signal()

    asyncio.run(main())
