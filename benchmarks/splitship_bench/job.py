"""One run of one contender in a process of its own: read, warm, run, check, and a record of it.

Started by the driver as `python -m splitship_bench.job RESULT_FILE` with the order on standard input. It prints one
line when reading and warming are done: from there on the limit counts.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from splitship.domain import Problem
from splitship.errors import CheckFailedError, NoPlanInTimeError, PackError, UnsupportedError
from splitship.packs import read_pack
from splitship_bench.contenders import Contender, NotApplicableError, Task, contender, load_plugin
from splitship_bench.judge import judged
from splitship_bench.machine import memory_high_water_mb
from splitship_bench.records import Record

STARTED = "started"


@dataclass(frozen=True, slots=True)
class Order:
    """What the driver asks for: `pack` is a folder; the rest as in Record."""

    suite: str
    instance: str
    pack: str
    contender: str
    plugins: list[str]
    limit_s: float
    gap: float
    work_limit: float | None
    seed: int
    threads: int
    repeat: int

    def to_json(self) -> str:
        """As one JSON object."""
        return json.dumps(asdict(self))


def run_order(order: Order, on_start: Callable[[], None] = lambda: None) -> Record:
    """Carry out an order in this process; failures become records, never exceptions (bad packs and names excepted).

    Raises:
        UsageError: no such contender, or a plugin fails.
        PackError: the pack cannot be read.
    """
    for plugin in order.plugins:
        load_plugin(Path(plugin))
    chosen = contender(order.contender)
    began = time.perf_counter()
    pack = read_pack(Path(order.pack))
    problem = pack.problem()
    del pack
    read_s = time.perf_counter() - began
    chosen.warm()
    warmed = time.perf_counter()
    on_start()
    record = _run(chosen, problem, order)
    return replace(record, seconds=_rounded({"read": read_s, "warm": warmed - began - read_s} | record.seconds))


def _run(chosen: Contender, problem: Problem, order: Order) -> Record:
    record = Record(
        suite=order.suite,
        instance=order.instance,
        instance_sha256=problem.input_hash.removeprefix("sha256:"),
        contender=order.contender,
        kind=chosen.kind,
        version=chosen.version(),
        options={"gap": order.gap, "work_limit": order.work_limit},
        seed=order.seed,
        threads=order.threads,
        limit_s=order.limit_s,
        repeat=order.repeat,
        status="FAILED",
        currency=problem.currency,
        counts={
            "orders": len(problem.orders),
            "lines": len(problem.lines),
            "units": int(problem.lines.quantity.sum()),
        },
    )
    cpu = _cpu_seconds()
    started = time.perf_counter()

    def elapsed() -> float:
        return time.perf_counter() - started

    task = Task(problem, order.limit_s, order.gap, order.seed, order.threads, order.work_limit, elapsed)
    try:
        record = judged(record, problem, chosen.run(task), elapsed)
    except NotApplicableError as error:
        record = replace(record, status="NOT_APPLICABLE", detail=_line(error))
    except NoPlanInTimeError as error:
        record = replace(record, status="NO_PLAN", detail=_line(error))
    except CheckFailedError as error:
        record = replace(record, status="WRONG", detail=_line(error))
    except MemoryError as error:
        record = replace(record, detail=f"out of memory {error}".strip())
    except Exception as error:
        record = replace(record, detail=f"{type(error).__name__}: {_line(error)}")
    return replace(
        record,
        seconds={"total": elapsed()} | record.seconds,
        cpu_s=round(_cpu_seconds() - cpu, 3),
        peak_memory_mb=memory_high_water_mb(),
    )


def _rounded(seconds: dict[str, float]) -> dict[str, float]:
    return {phase: round(value, 4) for phase, value in seconds.items()}


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:500]


def _cpu_seconds() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _die_with_parent() -> None:
    """End this process group when the driver is gone, so that a killed driver leaves nothing running."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.killpg(os.getpgid(0), signal.SIGKILL)

    threading.Thread(target=watch, name="watch", daemon=True).start()


def main() -> int:
    """Read an order from standard input, carry it out, write the record to the file named as the only argument."""
    _die_with_parent()
    order = Order(**json.load(sys.stdin))

    def tell() -> None:
        sys.__stdout__.write(STARTED + "\n")  # type: ignore[union-attr]
        sys.__stdout__.flush()  # type: ignore[union-attr]

    try:
        record = run_order(order, tell)
    except (PackError, UnsupportedError) as error:
        print(f"{order.pack}: {_line(error)}", file=sys.stderr)
        return error.exit_code
    Path(sys.argv[1]).write_text(record.to_json(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
