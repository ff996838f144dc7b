"""Charts as SVG text for the inside of a page. Colours are the page's CSS variables, so they follow light and dark.

Matplotlib is imported when a chart is drawn: everything else works without it.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from splitship.errors import UsageError
from splitship_bench.aggregates import Profile
from splitship_bench.cells import Cell
from splitship_bench.metrics import Step, solve_seconds, trace
from splitship_bench.records import FAILURES, Record
from splitship_bench.report.view import Place, View

COLOURS = (
    ("#2563d9", "#6ea3ff"), ("#c2570c", "#ff9d5c"), ("#0f8a5f", "#4fd1a1"), ("#9b3fb5", "#d48bea"),
    ("#a37c00", "#e3c04a"), ("#0d8ba6", "#5ccbe6"), ("#c02d5e", "#ff83a8"), ("#5f7a00", "#b1d04a"),
    ("#7a5a43", "#cfa98c"), ("#5b6475", "#a9b2c3"),
)  # fmt: skip
"""Colours of series on a light and on a dark page; ours is the first."""

_INK, _GRID = "#fe0001", "#fe0002"  # stand-ins, replaced by CSS variables
_MOST_STEPS = 150
_DASHES = ("-", "--", ":", "-.")
_MARKS = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True, slots=True)
class Line:
    """Points (orders, seconds) and (orders, MB) of a contender on a series."""

    series: str
    contender: str
    time: Sequence[tuple[float, float]]
    memory: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Trace:
    """What a contender had over time on one instance; `rule`: a single point."""

    contender: str
    steps: Sequence[Step]
    end: float
    rule: bool


def require() -> None:
    """Raises:
    UsageError: Matplotlib is missing.
    """
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise UsageError("charts need Matplotlib: pip install 'splitship[bench]'") from None


def profile(view: View, profiles: Mapping[str, Profile]) -> str:
    """Share solved by factor over the fastest."""

    def draw(axes: Any) -> None:
        finite = [ratio for each in profiles.values() for ratio in each.ratios]
        right = max([2.0, *finite]) * 1.15
        for name, each in profiles.items():
            x = [1.0, *each.ratios, right]
            y = [each.at(1.0), *each.shares, max(each.shares, default=0.0)]
            axes.step(x, y, where="post", label=name, **_style(view, name))
        axes.set(xscale="log", xlim=(1, right), ylim=(-0.03, 1.03), xlabel="time over that of the fastest")
        axes.set_ylabel("share of instances")
        axes.yaxis.set_major_formatter(_percent_ticks())
        _plain_log(axes.xaxis)
        _legend(axes)

    return _svg("profile", draw, 6.4, 3.7)


def traces(view: View, place: Place) -> list[Trace]:
    """The repeat with the middle time of every contender with an accepted plan; [] when only rules have any."""
    found = []
    for name in view.contenders:
        cell = view.table.get((place, name))
        run = _middle_run(cell) if cell and cell.failure != "wrong" else None
        steps = trace(run) if run else []
        if run is None or not any(step.objective is not None for step in steps):
            continue
        end = min(run.seconds.get("total", run.limit_s), run.limit_s)
        found.append(Trace(name, steps, end, name not in view.bounded))
    return found if any(not each.rule for each in found) else []


def anytime(view: View, place: Place, found: Sequence[Trace]) -> str:
    """Plan and bound in percent of the best plan known, over time."""
    best = view.known[place[2]].objective or 1

    def share(value: int) -> float:
        return 100 * (value - best) / abs(best)

    def draw(axes: Any) -> None:
        first = min(max(each.steps[0].seconds, 1e-3) for each in found)
        for each in found:
            style = _style(view, each.contender)
            plans = [(step.seconds, share(step.objective)) for step in each.steps if step.objective is not None]
            bounds = [(step.seconds, share(step.bound)) for step in each.steps if step.bound is not None]
            if each.rule:
                axes.plot([each.end], [plans[-1][1]], "D", markersize=4, color=_INK, alpha=0.55, zorder=1)
                continue
            for points, dash in ((plans, "-"), (bounds, (0, (3, 1.5)))):
                points = _thinned([point for point in points if point[0] <= each.end] or points[-1:])
                if points:
                    x, y = [max(point[0], first) for point in points], [point[1] for point in points]
                    style_here = {**style, "linestyle": dash, "linewidth": 1.4}
                    label = each.contender if dash == "-" else None
                    axes.plot(
                        [max(each.end, x[-1])], y[-1:], "o", markersize=3, color=style["color"], zorder=style["zorder"]
                    )
                    axes.step([*x, max(each.end, x[-1])], [*y, y[-1]], where="post", label=label, **style_here)
        axes.axhline(0, color=_INK, linewidth=0.7)
        axes.set_yscale("symlog", linthresh=0.1, linscale=0.6)
        axes.set(xscale="log", xlabel="seconds", ylabel="over and under best, %")
        low, high = axes.get_ylim()
        axes.set_ylim(max(low, -100.0), min(high * 1.5, 1000.0))
        ticks = [t for t in (-100, -10, -1, -0.1, 0, 0.1, 1, 10, 100) if max(low, -100) <= t <= high]
        axes.set_yticks(ticks, [f"{t:+g}" if t else "0" for t in ticks])
        axes.set_yticks([], minor=True)
        _plain_log(axes.xaxis)
        _legend(axes)

    return _svg("anytime-" + "-".join(place), draw, 5.2, 3.3)


def growth(view: View, lines: Sequence[Line]) -> str:
    """Time and memory by orders: a colour a contender, a dash and a mark a series."""
    series = list(dict.fromkeys(line.series for line in lines))

    def draw(left: Any, right: Any) -> None:
        from matplotlib.lines import Line2D

        for line in lines:
            style = _style(view, line.contender) | _dash(series.index(line.series))
            for axes, points in ((left, line.time), (right, line.memory)):
                if points:
                    axes.plot([x for x, _ in sorted(points)], [y for _, y in sorted(points)], **style)
        for axes, name in ((left, f"seconds (to {view.gap_text}, rules whole)"), (right, "peak memory, MB")):
            axes.set(xscale="log", yscale="log", xlabel="orders", ylabel=name)
            _plain_log(axes.xaxis)
            _plain_log(axes.yaxis)
        names = [name for name in view.contenders if any(line.contender == name for line in lines)]
        handles = [Line2D([], [], label=name, **_style(view, name)) for name in names]
        handles += [Line2D([], [], label=name, color=_INK, **_dash(number)) for number, name in enumerate(series)]
        _legend(left, handles)

    return _svg("growth", draw, 8.4, 4.3, columns=2)


def regret(view: View, rules: Sequence[str], families: Sequence[str], means: Mapping[str, Mapping[str, float]]) -> str:
    """A group of bars a rule, a bar a family, in percent over the best known."""

    def draw(axes: Any) -> None:
        thick = 0.8 / max(len(families), 1)
        largest = 100 * max((value for rule in rules for value in means[rule].values()), default=0.0)
        for number, family in enumerate(families):
            at = [place + (number - (len(families) - 1) / 2) * thick for place in range(len(rules))]
            values = [100 * means[rule].get(family, 0.0) for rule in rules]
            bars = axes.barh(at, values, height=thick * 0.9, label=family, color=_stand_in(number))
            words = [f"{value:.1f}" if family in means[rule] else "" for rule, value in zip(rules, values, strict=True)]
            axes.bar_label(bars, words, padding=2, fontsize=6.5, color=_INK)
        axes.set_yticks(range(len(rules)), rules)
        axes.margins(y=0.01)
        axes.invert_yaxis()
        axes.set(xlabel="cost over the best plan known, %", xlim=(0, (largest or 1) * 1.1))
        axes.grid(visible=False, axis="y")
        _legend(axes)

    return _svg("regret", draw, 7.4, 1.0 + 0.105 * len(rules) * (len(families) + 1))


def _svg(name: str, draw: Callable[..., None], width: float, height: float, columns: int = 1) -> str:
    require()
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    look: Any = {
        "svg.fonttype": "none", "svg.hashsalt": name, "font.size": 8, "font.family": "sans-serif",
        "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": _INK, "axes.labelcolor": _INK,
        "axes.grid": True, "axes.axisbelow": True, "grid.color": _GRID, "grid.linewidth": 0.6,
        "xtick.color": _INK, "ytick.color": _INK, "text.color": _INK, "axes.linewidth": 0.6,
        "legend.frameon": False, "legend.fontsize": 7, "xtick.major.size": 0, "ytick.major.size": 0,
        "xtick.minor.size": 0, "ytick.minor.size": 0,
    }  # fmt: skip
    with mpl.rc_context(look):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasSVG(figure)
        figure.patch.set_alpha(0.0)
        axes = [figure.add_subplot(1, columns, column + 1) for column in range(columns)]
        for each in axes:
            each.patch.set_alpha(0.0)
        draw(*axes)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _for_page(out.getvalue(), name)


def _for_page(svg: str, name: str) -> str:
    """Only the svg element: ids of its own, the page's font and colours, nothing that does not show."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>|<!--.*?-->\s*", "", svg, flags=re.S)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    prefix = f"c{zlib.crc32(name.encode()):08x}"  # ids are common to the whole page
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}", svg)
    svg = re.sub(r"font-family: [^;\"]*;? ?", "", svg)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", svg)
    svg = re.sub(r' transform="rotate\(-0 [^"]*"', "", svg)
    svg = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d)\d+", r"\1", tag[0]), svg)  # a tenth of a point will do
    svg = re.sub(
        r'width="([\d.]+)pt" height="[\d.]+pt"', lambda size: f'width="{1.45 * float(size[1]):.0f}"', svg, count=1
    )
    svg = re.sub(r"\n(?=[A-Zz]? ?[-\d\"])", " ", svg)
    svg = svg.replace(_INK, "var(--ink)").replace(_GRID, "var(--line)")
    for number in range(len(COLOURS)):
        svg = svg.replace(_stand_in(number), f"var(--c{number})")
    svg = re.sub(r"\n\s*", "\n", svg).replace("; ", ";").replace(": ", ":")
    return svg.replace("<svg ", '<svg role="img" ', 1).strip()


def _stand_in(number: int) -> str:
    return f"#fd00{number % len(COLOURS):02x}"


def _style(view: View, name: str) -> dict[str, Any]:
    number = list(view.contenders).index(name)
    ours = view.kinds[name] == "ours"
    return {"color": _stand_in(number), "linewidth": 2.2 if ours else 1.3, "zorder": 4 if ours else 3}


def _middle_run(cell: Cell) -> Record | None:
    runs = [run for run in cell.runs if run.has_plan and run.status not in FAILURES]
    runs.sort(key=lambda run: solve_seconds(run).seconds)
    return runs[len(runs) // 2] if runs else None


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """No more points than the eye can tell: the first, the last, and every so many between."""
    if len(points) <= _MOST_STEPS:
        return list(points)
    stride = len(points) / _MOST_STEPS
    return [points[int(number * stride)] for number in range(_MOST_STEPS)] + [points[-1]]


def _dash(number: int) -> dict[str, Any]:
    mark = _MARKS[number % len(_MARKS)]
    return {"linestyle": _DASHES[number % len(_DASHES)], "marker": mark, "markersize": 4}


def _legend(axes: Any, handles: Sequence[Any] | None = None) -> None:
    """Below the chart, where it hides nothing; more columns for shorter names."""
    handles = handles or axes.get_legend_handles_labels()[0]
    longest = max((len(handle.get_label()) for handle in handles), default=1)
    columns = max(1, int(axes.figure.get_figwidth() * 17 // (longest + 6)))
    axes.figure.legend(handles=handles, loc="outside lower center", ncols=columns)


def _plain_log(axis: Any) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(base=10, subs=(1.0, 2.0, 5.0), numticks=12))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axis.set_minor_formatter(NullFormatter())


def _percent_ticks() -> Any:
    from matplotlib.ticker import FuncFormatter

    return FuncFormatter(lambda value, _: f"{100 * value:.0f} %")
