"""Keeping a solver's own chatter off standard output, which belongs to our answer."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
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


def _flush() -> None:
    """Empty Python's and the C library's buffers, so that text lands where it was meant to go."""
    with suppress(AttributeError, OSError, ValueError):
        sys.stdout.flush()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).fflush(None)
