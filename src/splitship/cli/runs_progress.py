"""What a run of many scenarios says while it works: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from splitship.cli.console import money, percent, plain_table, say
from splitship.cli.progress import LINE_SECONDS, Progress

if TYPE_CHECKING:
    from splitship.domain import Event
    from splitship.planning.runs import Run

MOST_ROWS = 12
"""Rows of the live table: those at work first, then those done last."""
WAITS = "waits"


@dataclass(slots=True)
class _Row:
    """One run: what it does, since when, and its numbers so far (micros)."""

    name: str
    state: str = WAITS
    began: float = 0.0
    seconds: float | None = None
    objective: int | None = None
    bound: int | None = None

    @property
    def is_at_work(self) -> bool:
        return self.state != WAITS and self.seconds is None

    def cells(self, now: float, currency: str) -> tuple[str, ...]:
        from splitship.domain.result import relative_gap
        from splitship.units import format_micros

        elapsed = self.seconds if self.seconds is not None else now - self.began if self.is_at_work else None
        return (
            self.name,
            self.state,
            "-" if self.objective is None else money(format_micros(self.objective), currency),
            percent(relative_gap(self.objective, self.bound)),
            "" if elapsed is None else f"{elapsed:.1f} s",
        )


class RunsProgress(Progress):
    """Shows every run's phase, best cost, gap and elapsed seconds on standard error, after two seconds of silence."""

    def __init__(self, phase: str, currency: str = "") -> None:
        super().__init__(phase, currency)
        self._rows: dict[str, _Row] = {}
        self._lines: list[str] = []

    def begin(self, names: Sequence[str]) -> None:
        """These runs are to be done."""
        self._rows = {name: _Row(name) for name in names}

    def run_event(self, name: str, event: Event) -> None:
        """A run's search says where it is."""
        row = self._rows[name]
        if row.seconds is None:
            row.began = time.monotonic() - event.seconds
            row.state, row.objective, row.bound = event.phase, event.objective, event.bound

    def run_done(self, run: Run) -> None:
        """A run is done."""
        row = self._rows[run.record.name]
        summary = run.record.summary
        row.seconds = 0.0 if summary is None or run.is_reused else float(summary["seconds"]["total"])
        row.state = "taken over" if run.is_reused else run.record.reason
        row.objective, row.bound = run.objective, run.bound
        cells = row.cells(time.monotonic(), self._currency)
        self._lines.append("  ".join((cells[0], cells[1], cells[2], f"gap {cells[3]}", cells[4])))

    def line(self) -> str:
        """How far all of it is, as one line."""
        done = sum(row.seconds is not None for row in self._rows.values())
        if not self._rows:
            return super().line()
        parts = [f"{time.monotonic() - self._started:5.1f} s", f"{done} of {len(self._rows)} done"]
        parts += [f"{row.name}: {row.state}" for row in self._rows.values() if row.is_at_work]
        return "  ".join([*parts, *([self._note] if self._note else [])])

    def table(self) -> Any:
        """All that is at work and what was done last, as a table under one line."""
        from rich.console import Group
        from rich.text import Text

        now = time.monotonic()
        at_work = [row for row in self._rows.values() if row.is_at_work]
        done = [row for row in self._rows.values() if row.seconds is not None]
        waiting = [row for row in self._rows.values() if row.state == WAITS]
        shown = (at_work + done[::-1] + waiting)[:MOST_ROWS]
        head = Text(self.line(), no_wrap=True, overflow="ellipsis")
        if not shown:
            return head
        headers = ("scenario", "phase", "best", "gap", "elapsed")
        return Group(head, plain_table(headers, [row.cells(now, self._currency) for row in shown], (2, 3, 4)))

    def _keep_line(self) -> None:
        from rich.console import Console
        from rich.live import Live

        with Live(console=Console(stderr=True), get_renderable=self.table, refresh_per_second=4, transient=True):
            self._ended.wait()

    def _write_lines(self) -> None:
        said = 0.0
        while True:
            while self._lines:
                say(self._lines.pop(0))
            now = time.monotonic()
            if now - said >= LINE_SECONDS:
                said = now
                say(self.line())
            if self._ended.wait(0.2):
                return
