"""What a long command says while it works: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from splitship.cli.console import money, percent, say

if TYPE_CHECKING:
    from splitship.domain import Event

QUIET_SECONDS = 2.0
"""What takes less says nothing."""
LINE_SECONDS = 5.0
"""Pause between plain lines of one phase."""


class Progress:
    """Shows phase, elapsed seconds, best cost, bound and gap on standard error, after two seconds of silence.

    On a terminal one line is kept up to date; elsewhere a line is written when the phase changes and every five
    seconds. Safe to be told from another thread.
    """

    def __init__(self, phase: str, currency: str = "") -> None:
        self._phase = phase
        self._currency = currency
        self._event: Event | None = None
        self._note = ""
        self._started = time.monotonic()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._said: tuple[str, float] = ("", 0.0)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, name="progress", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def phase(self, phase: str, currency: str | None = None) -> None:
        """Another phase begins."""
        self._phase, self._event = phase, None
        if currency is not None:
            self._currency = currency

    def event(self, event: Event) -> None:
        """The solve says where it is."""
        self._phase, self._event = event.phase, event

    def note(self, text: str) -> None:
        """Something to add to the line, such as that a stop was asked for."""
        self._note = text

    def line(self) -> str:
        """The state as one line."""
        parts = [f"{time.monotonic() - self._started:5.1f} s", self._phase]
        event = self._event
        if event is not None:
            from splitship.units import format_micros

            if event.objective is not None:
                parts.append(f"best {money(format_micros(event.objective), self._currency)}")
            if event.bound is not None:
                parts.append(f"bound {money(format_micros(event.bound), self._currency)}")
            if event.gap is not None:
                parts.append(f"gap {percent(event.gap)}")
        if self._note:
            parts.append(self._note)
        return "  ".join(parts)

    def _run(self) -> None:
        if self._ended.wait(QUIET_SECONDS):
            return
        if sys.stderr.isatty():
            self._keep_line()
        else:
            self._write_lines()

    def _keep_line(self) -> None:
        from rich.console import Console
        from rich.live import Live
        from rich.text import Text

        def render() -> Any:
            return Text(self.line(), no_wrap=True, overflow="ellipsis")

        with Live(console=Console(stderr=True), get_renderable=render, refresh_per_second=4, transient=True):
            self._ended.wait()

    def _write_lines(self) -> None:
        while True:
            phase, at = self._said
            now = time.monotonic()
            if phase != self._phase + self._note or now - at >= LINE_SECONDS:
                self._said = (self._phase + self._note, now)
                say(self.line())
            if self._ended.wait(0.2):
                return
