"""Where the time goes: the parts of a solve tell their name when they begin and end, to whoever listens.

Nobody does, unless `splitship profile` or a test asks; a span then costs under half a microsecond. Spans are told to
a listener of the same thread only, not from threads that a part starts.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Listener = Callable[[str], AbstractContextManager[object]]
"""Given a span's name, what is entered when it begins and left when it ends."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)
_SILENT = nullcontext()


def span(name: str) -> AbstractContextManager[object]:
    """`with span("compile"):` around a part. Spans may nest."""
    listener = _listener.get()
    return _SILENT if listener is None else listener(name)


def spanned(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The same for a whole function: `@spanned("compile")`."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def told(*args: P.args, **kwargs: P.kwargs) -> R:
            with span(name):
                return function(*args, **kwargs)

        return told

    return decorate


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """While this is open, spans of this thread are told to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
