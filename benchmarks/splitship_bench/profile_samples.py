"""Which of our functions was running: the stacks of the solving threads, looked at every few milliseconds.

A thread of its own looks at the Python stacks of the thread that solves and of the pools that it starts. Nothing is
hooked into the calls themselves, so compiled kernels run as fast as ever and stay under their caller, and what worker
threads do is seen too. (A profiler by call hooks sees neither: a kernel's frame has no caller, and hooks belong to one
thread.) Inside a call of compiled code the innermost Python frame stands at that call; its name is read from there.
"""

from __future__ import annotations

import linecache
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType

import splitship

OWN_FOLDER = str(Path(splitship.__file__).resolve().parent)
_OWN_PREFIX = OWN_FOLDER + "/"
_NOT_SHOWN = (_OWN_PREFIX + "spans.py", _OWN_PREFIX + "cli/")
"""What is ours and on every stack, but no part of a solve."""
_POOL_NAME = "ThreadPoolExecutor"
_CALLED = "call"

MAIN, WORKERS = "solving thread", "worker threads"


@dataclass(slots=True)
class Frame:
    """A function in the tree of calls. `seconds` include what it calls; summed over threads below WORKERS.

    `place` is `folder/file.py` of our own code, else the name of the library; `is_own` tells them apart. `is_call`:
    not a Python function but the compiled code (kernel, library) that one was waiting for.
    """

    name: str
    place: str
    is_own: bool = False
    is_call: bool = False
    seconds: float = 0.0
    children: dict[tuple[str, str], Frame] = field(default_factory=dict)

    @property
    def self_seconds(self) -> float:
        """Time in none of the children."""
        return self.seconds - sum(child.seconds for child in self.children.values())


_Step = tuple[CodeType, int]
"""A code object, and for the innermost frame the instruction it stood at (else -1)."""


class Sampler:
    """Collects stacks while `watching` is open. `interval_s` is the pause between two looks."""

    def __init__(self, interval_s: float = 0.002) -> None:
        self.interval_s = interval_s
        self.num_samples = 0
        self._counts: dict[tuple[str, tuple[tuple[int, int], ...]], float] = {}
        self._codes: dict[int, CodeType] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look at the calling thread, and at pools of threads, until this is left."""
        ended = threading.Event()
        watched = threading.get_ident()
        thread = threading.Thread(target=self._run, args=(watched, ended), name="sampler", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _run(self, watched: int, ended: threading.Event) -> None:
        kinds: dict[int, str | None] = {watched: MAIN, threading.get_ident(): None}
        last = time.perf_counter()
        while not ended.wait(self.interval_s):
            now = time.perf_counter()
            frames = sys._current_frames()
            if not frames.keys() <= kinds.keys():
                for thread in threading.enumerate():
                    if thread.ident is not None:
                        kinds.setdefault(thread.ident, WORKERS if thread.name.startswith(_POOL_NAME) else None)
            for ident, frame in frames.items():
                kind = kinds.get(ident)
                if kind is not None:
                    self._count(kind, frame, now - last)
            self.num_samples += 1
            last = now

    def _count(self, kind: str, frame: FrameType, seconds: float) -> None:
        stack: list[tuple[int, int]] = []
        at = frame.f_lasti
        current: FrameType | None = frame
        while current is not None:
            code = current.f_code
            self._codes[id(code)] = code  # kept, so that no other code gets its id
            stack.append((id(code), at))
            at = -1
            current = current.f_back
        key = (kind, tuple(stack))
        self._counts[key] = self._counts.get(key, 0.0) + seconds

    def trees(self) -> list[Frame]:
        """One tree a kind of thread (MAIN, then WORKERS if there were any), cut down to our own code.

        Frames outside it are shown once, where our code calls them; what a pool does between tasks is left out.
        """
        roots = {kind: Frame(kind, "") for kind in (MAIN, WORKERS)}
        for (kind, stack), seconds in self._counts.items():
            steps = list(self._own_steps([(self._codes[code], at) for code, at in reversed(stack)]))
            if not steps:
                continue
            node = roots[kind]
            node.seconds += seconds
            for name, place, is_own, is_call in steps:
                node = node.children.setdefault((name, place), Frame(name, place, is_own, is_call))
                node.seconds += seconds
        return [root for root in roots.values() if root.children]

    @staticmethod
    def _own_steps(stack: list[_Step]) -> Iterator[tuple[str, str, bool, bool]]:
        has_begun = is_outside = False
        for code, at in stack:
            is_own = code.co_filename.startswith(_OWN_PREFIX)
            is_hidden = code.co_filename.startswith(_NOT_SHOWN)
            if is_hidden or not (is_own or has_begun) or (is_outside and not is_own):
                continue
            has_begun, is_outside = True, not is_own
            yield code.co_qualname.replace(".<locals>", ""), place_of(code.co_filename), is_own, False
            called = called_at(code, at) if is_own and at >= 0 else ""
            if called:
                yield called, _CALLED, False, True


def place_of(filename: str) -> str:
    """`engine/dual.py` of our own code, `scipy` of a library, `python` of the standard library."""
    if filename.startswith(_OWN_PREFIX):
        return filename.removeprefix(_OWN_PREFIX)
    _, found, rest = filename.replace("\\", "/").rpartition("site-packages/")
    return rest.partition("/")[0].removesuffix(".py") if found else "python"


def called_at(code: CodeType, instruction: int) -> str:
    """The name of what the instruction calls, as the source has it (`np.lexsort`); empty when it is no call."""
    position = next(islice(code.co_positions(), instruction // 2, None), None)
    if position is None or None in position:
        return ""
    first, last, start, end = position
    lines = [linecache.getline(code.co_filename, number) for number in range(first or 0, (last or 0) + 1)]
    if not lines or not all(lines):
        return ""
    # columns count bytes of UTF-8
    text = lines[0].encode()[start : end if first == last else None].decode(errors="replace")
    closing = lines[-1].encode()[:end].decode(errors="replace")
    name = text.partition("(")[0]
    return name if closing.endswith(")") and name.replace(".", "").isidentifier() else ""
