"""Where the time and the memory of one solve go: spans of its phases and stacks of its threads.

profile = profile_pack(Path("scenarios/us-retail"), {"time_limit_s": 20.0})
document = profile_document(profile)
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from splitship.domain import Event, Problem, Result, SolveOptions
from splitship.packs import read_pack
from splitship.packs.documents import summary_document
from splitship.run import solve, warm_up
from splitship.spans import listening, span
from splitship.units import format_micros
from splitship_bench.profile_samples import Frame, Sampler
from splitship_bench.profile_spans import OTHER, PeakMeter, Recorder, Span

SCHEMA = "splitship.profile/1"


@dataclass(frozen=True, slots=True)
class Profile:
    """What was measured. `total` is the tree of spans, its root everything from reading to the checked answer.

    `result` is None when the run was cut before there was one; `last` is the last that the solve told. `frames` are
    trees of functions by kind of thread, empty unless they were asked for, and `num_samples` how often stacks were
    looked at. `measuring_s` is the time spent on measuring spans; it is in none of them.
    """

    pack: str
    total: Span
    result: Result | None
    last: Event | None
    frames: tuple[Frame, ...]
    num_samples: int
    measuring_s: float


class Profiling:
    """A profile under way: `read`, then `solve`; `profile` at any time, from any thread.

    Making one gets the kernels ready, which takes a second and is not measured, or two minutes where they were never
    compiled. `with_frames`: also look at the stacks.
    """

    def __init__(self, path: Path, with_frames: bool = False) -> None:
        self.path = path
        warm_up()
        self._sampler = Sampler() if with_frames else None
        self._meter = PeakMeter()
        self._recorder = Recorder(self._meter.take)
        self._result: Result | None = None
        self._last: Event | None = None
        self._is_finished = False

    def read(self, scenario: str = "baseline") -> tuple[Problem, SolveOptions]:
        """The problem and the options of the pack.

        Raises:
            InputError: the pack cannot be used.
        """
        with self._measuring(), span("read"):
            pack = read_pack(self.path).in_scenario(scenario)
            return pack.problem(), pack.options()

    def solve(
        self,
        problem: Problem,
        options: SolveOptions,
        on_event: Callable[[Event], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Result:
        """Solve in this thread, as `splitship.run.solve`; ends the profile."""

        def tell(event: Event) -> None:
            self._last = event
            if on_event is not None:
                on_event(event)

        with self._measuring():
            self._result = solve(problem, options, tell, should_stop)
        self._recorder.finish()
        self._meter.close()
        self._is_finished = True
        return self._result

    def profile(self) -> Profile:
        """What was measured so far."""
        recorder, sampler = self._recorder, self._sampler
        return Profile(
            self.path.resolve().name,
            recorder.root if self._is_finished else recorder.tree(),
            self._result,
            self._last,
            tuple(sampler.trees()) if sampler else (),
            sampler.num_samples if sampler else 0,
            recorder.own_seconds,
        )

    @contextlib.contextmanager
    def _measuring(self) -> Any:
        with self._sampler.watching() if self._sampler else contextlib.nullcontext(), listening(self._recorder):
            yield


def profile_pack(
    path: Path, changes: Mapping[str, object] | None = None, *, scenario: str = "baseline", with_frames: bool = False
) -> Profile:
    """Read a pack, solve it by the engine and measure both. `changes` are fields of SolveOptions other than the pack's.

    Raises:
        InputError: the pack cannot be used.
    """
    profiling = Profiling(path, with_frames)
    problem, options = profiling.read(scenario)
    profiling.solve(problem, dataclasses.replace(options, **dict(changes or {})))  # type: ignore[arg-type]
    return profiling.profile()


def phase_rows(profile: Profile) -> list[dict[str, Any]]:
    """A row a span, parents first, with `other` last; what the documents hold under `phases`.

    `seconds` include the children, `self_seconds` do not: the latter add up to the total, as do the `seconds` of
    rows without a parent. `share` is that of `seconds` in the total; `cores` how many processors were busy on
    average (null for what was too short to tell).
    """
    total = profile.total
    rows = [_row(path, each, each.seconds, each.cpu_s, total.seconds) for path, each in total.walk()]
    rest = Span(OTHER, 1, total.self_seconds, total.self_cpu_s)
    return [*rows, _row((OTHER,), rest, rest.seconds, rest.cpu_s, total.seconds)]


def _row(path: tuple[str, ...], each: Span, seconds: float, cpu_s: float, total: float) -> dict[str, Any]:
    return {
        "phase": path[-1],
        "path": list(path),
        "calls": each.calls,
        "seconds": round(seconds, 6),
        "share": round(seconds / total, 6) if total > 0 else 0.0,
        "self_seconds": round(each.self_seconds, 6),
        "cores": _cores(cpu_s, seconds),
        "peak_memory_mb": None if each.peak_mb is None else round(each.peak_mb, 1),
    }


def _cores(cpu_s: float, seconds: float) -> float | None:
    return round(max(0.0, cpu_s) / seconds, 2) if seconds >= 0.001 else None


def _money(micros: int | None) -> str | None:
    return None if micros is None else format_micros(micros)


def profile_document(profile: Profile, html: Path | None = None) -> dict[str, Any]:
    """The profile as a JSON-ready document, schema `splitship.profile/1`; `html` is where the page was written.

    `summary` is that of `splitship solve`, null when the run was cut before it had an answer; `objective`, `bound` and
    `gap` are then the last that were told, which nobody has checked.
    """
    total, result, last = profile.total, profile.result, profile.last
    found: Result | Event | None = last if result is None else result
    if result is not None:
        # the peak that the process reports was reset at every phase
        peak = result.peak_memory_mb if total.peak_mb is None else total.peak_mb
        seconds = {"read": total.children["read"].seconds, **result.seconds, "total": total.seconds}
        result = dataclasses.replace(result, seconds=seconds, peak_memory_mb=peak)
    return {
        "schema": SCHEMA,
        "pack": profile.pack,
        "is_whole": result is not None,
        "objective": None if found is None else _money(found.objective),
        "bound": None if found is None else _money(found.bound),
        "gap": None if found is None else found.gap,
        "seconds": round(total.seconds, 6),
        "cpu_seconds": round(total.cpu_s, 6),
        "cores": _cores(total.cpu_s, total.seconds),
        "peak_memory_mb": None if total.peak_mb is None else round(total.peak_mb, 1),
        "measuring_seconds": round(profile.measuring_s, 6),
        "phases": phase_rows(profile),
        "summary": None if result is None else summary_document(result),
        "samples": profile.num_samples,
        "html": None if html is None else str(html),
    }
