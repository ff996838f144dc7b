"""Keeping a solver's own chatter off standard output, which belongs to our answer; or reading it."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress


@contextmanager
def silence_stdout() -> Iterator[None]:
    """While inside, what compiled code prints to file descriptor 1 of this process is discarded.

    The descriptor belongs to the whole process: other threads must not print meanwhile. Solves run in a
    worker process, where nobody else does. Without a usable descriptor 1 nothing is changed.
    """
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        _flush()
        os.dup2(sink, 1)
        yield
    finally:
        _flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(sink)


@contextmanager
def tap_stdout(on_lines: Callable[[Sequence[str]], None]) -> Iterator[None]:
    """While inside, what compiled code prints to file descriptor 1 goes to `on_lines`, lines at a time, as it comes.

    `on_lines` is called in a thread of its own and must not raise. All lines have been handed over when the block
    ends. Otherwise as `silence_stdout`; without a usable descriptor 1 nothing is read.
    """
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    source, sink = os.pipe()
    reader = threading.Thread(target=_pump, args=(source, on_lines), name="solver-log", daemon=True)
    reader.start()
    _flush()
    os.dup2(sink, 1)
    os.close(sink)
    try:
        yield
    finally:
        _flush()
        os.dup2(kept, 1)  # the last writing end is closed here: the reader sees the end of the file
        os.close(kept)
        reader.join()


def _pump(source: int, on_lines: Callable[[Sequence[str]], None]) -> None:
    """Read a descriptor to its end, whole lines at a time; a last line without an end counts too."""
    with os.fdopen(source, "rb", buffering=0) as file:
        rest = b""
        while chunk := file.read(65536):
            *lines, rest = (rest + chunk).split(b"\n")
            if lines:
                on_lines([line.decode("utf-8", "replace") for line in lines])
        if rest:
            on_lines([rest.decode("utf-8", "replace")])


def _flush() -> None:
    """Empty Python's and the C library's buffers, so that text lands where it was meant to go."""
    with suppress(AttributeError, OSError, ValueError):
        sys.stdout.flush()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).fflush(None)
