"""What the spans of a run add up to: wall time, processor time, calls and peak memory, as a tree."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

OTHER = "other"
"""What was measured outside every span."""


@dataclass(slots=True)
class Span:
    """All calls of one name under one parent. Seconds are wall time, `cpu_s` processor time of all threads.

    Both include the children. `peak_mb` is the largest resident size of the process meanwhile, in MB (10^6 bytes);
    None where it cannot be measured.
    """

    name: str
    calls: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float | None = None
    children: dict[str, Span] = field(default_factory=dict)

    @property
    def self_seconds(self) -> float:
        """Wall time in none of the children."""
        return self.seconds - sum(child.seconds for child in self.children.values())

    @property
    def self_cpu_s(self) -> float:
        """Processor time in none of the children."""
        return self.cpu_s - sum(child.cpu_s for child in self.children.values())

    def saw(self, peak_mb: float | None) -> None:
        """Keep a peak if it is the largest so far."""
        if peak_mb is not None:
            self.peak_mb = peak_mb if self.peak_mb is None else max(self.peak_mb, peak_mb)

    def walk(self, parents: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Span]]:
        """Every span below this one with its path, parents first, in the order in which they first began."""
        for child in self.children.values():
            path = (*parents, child.name)
            yield path, child
            yield from child.walk(path)


class PeakMeter:
    """The largest resident size since it was last asked, in MB. None where the system has no peak that can be reset.

    Linux has one: VmHWM of /proc/self/status, set back to the present size by writing 5 to /proc/self/clear_refs.
    """

    _HIGH_WATER = re.compile(rb"VmHWM:\s+(\d+) kB")

    def __init__(self) -> None:
        self._status = self._reset = -1
        try:
            self._status = os.open("/proc/self/status", os.O_RDONLY)
            self._reset = os.open("/proc/self/clear_refs", os.O_WRONLY)
            os.write(self._reset, b"5")
        except OSError:
            self.close()

    def take(self) -> float | None:
        """The peak since the last call; a new one begins."""
        if self._reset < 0:
            return None
        found = self._HIGH_WATER.search(os.pread(self._status, 8192, 0))
        with contextlib.suppress(OSError):
            os.write(self._reset, b"5")
        return int(found[1]) * 1024 / 1e6 if found else None

    def close(self) -> None:
        """Close its files; it measures nothing any more."""
        for handle in (self._status, self._reset):
            if handle >= 0:
                os.close(handle)
        self._status = self._reset = -1


class Recorder:
    """Listens to spans (`splitship.spans.listening`) and adds them up under `root`.

    What it spends itself, on reading the peak above all, is taken off its clocks and kept in `own_seconds`. One
    thread at a time may tell it spans; `tree` may be asked from any.
    """

    def __init__(self, peak: Callable[[], float | None]) -> None:
        self._peak = peak
        self.own_seconds = 0.0
        self._own_cpu = 0.0
        self.root = Span("total", 1)
        peak()
        self._open: list[tuple[Span, float, float]] = [(self.root, *self._now())]

    def __call__(self, name: str) -> contextlib.AbstractContextManager[None]:
        """A listener for `listening`."""
        return self._span(name)

    @contextmanager
    def _span(self, name: str) -> Iterator[None]:
        parent = self._open[-1][0]
        self._measure_peak(parent)
        node = parent.children.setdefault(name, Span(name))
        node.calls += 1
        self._open.append((node, *self._now()))
        try:
            yield
        finally:
            self._close_last()

    def finish(self) -> Span:
        """End the clock; the whole tree, whose root is the total."""
        self._close_last()
        return self.root

    def tree(self) -> Span:
        """The tree so far, with what is still open counted up to now."""
        now, cpu = self._now()
        still_open = {id(span): (now - began, cpu - cpu_began) for span, began, cpu_began in tuple(self._open)}
        return _copy(self.root, still_open)

    def _close_last(self) -> None:
        node, began, cpu_began = self._open[-1]
        now, cpu = self._now()
        node.seconds += now - began
        node.cpu_s += cpu - cpu_began
        self._open.pop()
        self._measure_peak(node)
        if self._open:
            self._open[-1][0].saw(node.peak_mb)

    def _measure_peak(self, span: Span) -> None:
        """What the peak was since it was last asked belongs to `span`. Takes 10 to 100 microseconds, not counted."""
        began, cpu_began = time.perf_counter(), time.thread_time()
        span.saw(self._peak())
        self.own_seconds += time.perf_counter() - began
        self._own_cpu += time.thread_time() - cpu_began

    def _now(self) -> tuple[float, float]:
        return time.perf_counter() - self.own_seconds, time.process_time() - self._own_cpu


def _copy(span: Span, still_open: dict[int, tuple[float, float]]) -> Span:
    seconds, cpu_s = still_open.get(id(span), (0.0, 0.0))
    children = {name: _copy(child, still_open) for name, child in list(span.children.items())}
    copied = Span(span.name, span.calls, span.seconds + seconds, span.cpu_s + cpu_s, span.peak_mb, children)
    for child in children.values():
        copied.saw(child.peak_mb)
    return copied
