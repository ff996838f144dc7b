"""The parts of a report about time: headline, time to gaps, means against ours, profile, growth."""

from __future__ import annotations

import math
from collections.abc import Sequence

from splitship_bench.aggregates import (
    SHIFT_S,
    Growth,
    Pair,
    bootstrap_ratio,
    growth_exponent,
    performance_profile,
    shifted_geometric_mean,
)
from splitship_bench.cells import Cell, gap_to_best, traits
from splitship_bench.metrics import (
    GAPS,
    NOT_ASKED,
    Timed,
    final_gap,
    first_plan_seconds,
    gap_seconds,
    primal_dual_integral,
    solve_seconds,
)
from splitship_bench.report import charts
from splitship_bench.report.content import (
    NOTHING,
    Chart,
    Section,
    Table,
    Value,
    least,
    number,
    percent,
    seconds_text,
    text,
    time_value,
)
from splitship_bench.report.view import Measure, View


def headline(view: View) -> Section:
    """Contender by instance: time to the headline gap, final gap, plan over the best known."""
    rows = []
    for place in view.places:
        cells = [view.table.get((place, name)) for name in view.bounded]
        if not any(cells):
            continue
        best = least([_reached(view.time(cell)) if cell else None for cell in cells])
        rows.append([text(view.label(place)), *(_headline_cell(view, cell, best) for cell in cells)])
    return Section(
        "headline",
        "At a glance",
        [
            f"Three lines a cell: seconds to a certified gap of {view.gap_text}; the gap in the end; "
            "the plan over the best plan known. Medians of repeats. > is a limit that came first, “never” a run that "
            "ended by itself before. A plan or bound that the checker refused is “wrong” and never a time. Rules "
            "without a bound are under regret."
        ],
        tables=[Table(["instance", *view.bounded], rows)] if rows else [],
    )


def _headline_cell(view: View, cell: Cell | None, best: float | None) -> Value:
    if cell is None:
        return Value("not run", "quiet")
    timed = view.time(cell)
    if cell.failure:
        return Value(cell.failure, "quiet" if cell.failure == "not applicable" else "bad")
    known = view.known[cell.sha256]
    over = cell.value(lambda run: gap_to_best(run, known))
    shown = time_value(timed, "best" if best is not None and _reached(timed) == best else "")
    unit = " s" if not timed.censored or timed.reason == "time limit" else ""
    gap = percent(cell.value(final_gap)).text
    return Value(shown.text + unit, shown.tone, (f"gap {gap}", f"plan {percent(over, sign=True).text}"))


def time_to_gaps(view: View) -> Section:
    """Solved counts and shifted geometric means by contender, then every cell."""
    rows, detail = [], []
    for name in view.bounded:
        cells = [cell for cell in view.cells if cell.contender == name]
        times = [_mean_to_gap(cells, gap) for gap in GAPS]
        share = sum(_area_share(cell) for cell in cells) / len(cells)
        rows.append([text(name), number(len(cells), 0), *times, percent(share, 1)])
    for place in view.places:
        for name in view.bounded:
            cell = view.table.get((place, name))
            if cell is None:
                continue
            to_gaps = [time_value(cell.time(lambda run, gap=gap: gap_seconds(run, gap))) for gap in GAPS]  # type: ignore[misc]
            detail.append(
                [text(view.label(place)), text(name), time_value(cell.time(first_plan_seconds)), *to_gaps,
                 time_value(cell.time(solve_seconds)), number(_area(cell)), percent(_area_share(cell), 1)]
            )  # fmt: skip
    gaps = [f"{100 * gap:g} %" for gap in GAPS]
    return Section(
        "gaps",
        "Time to certified gaps",
        [
            f"Shifted geometric mean of seconds (shift {SHIFT_S:g} s) over the instances that each contender ran, "
            "time-outs and failures at their limit, and on how many the gap was reached. Where a run was told to stop "
            "at a larger gap, the smaller ones were not asked of it. Means of different contenders are over different "
            "instances where they ran different ones: compare them in the next section. The last column is the "
            "primal-dual integral as a share of the limit: 0 % is optimal and proven at once, 100 % nothing to the end."
        ],
        tables=[
            Table(["contender", "instances", *gaps, "integral"], rows, ours=_ours(view, rows)),
            Table(
                ["instance", "contender", "first plan", *gaps, "whole", "integral, s", "share"],
                detail, "Every instance, seconds", (0, 1), _ours(view, detail, 1), folded=len(detail) > 12,
            ),
        ],
    )  # fmt: skip


def _mean_to_gap(cells: Sequence[Cell], gap: float) -> Value:
    times = [cell.time(lambda run: gap_seconds(run, gap)) for cell in cells]
    asked = [timed for timed in times if timed.reason != NOT_ASKED]
    if not asked:
        return Value(NOT_ASKED, "quiet")
    reached = sum(not timed.censored for timed in asked)
    mean = seconds_text(shifted_geometric_mean([timed.seconds for timed in asked]))
    return Value(mean if reached else "never", "" if reached else "quiet", (f"{reached} of {len(asked)}",))


def _area(cell: Cell) -> float | None:
    return cell.value(primal_dual_integral)


def _area_share(cell: Cell) -> float:
    return cell.value(lambda run: primal_dual_integral(run) / run.limit_s if run.limit_s else 1.0) or 0.0


def means(view: View) -> Section:
    """Each contender against the reference on the instances both ran, with intervals."""
    rows = []
    for name in view.contenders:
        if name == view.reference:
            continue
        gap = name in view.bounded and view.reference in view.bounded
        measure = view.to_gap if gap else solve_seconds
        shared = [
            (view.table[place, view.reference], view.table[place, name])
            for place in view.places
            if (place, name) in view.table and (place, view.reference) in view.table
        ]
        times = [(ours, theirs, ours.time(measure), theirs.time(measure)) for ours, theirs in shared]
        times = [each for each in times if NOT_ASKED not in (each[2].reason, each[3].reason)]
        if not times:
            continue
        pairs = [
            Pair(str(view.place(ours)), _seconds(ours, measure), _seconds(theirs, measure))
            for ours, theirs, _, _ in times
        ]
        ratio = bootstrap_ratio(pairs)
        ours_reached = sum(not each[2].censored for each in times)
        theirs_reached = sum(not each[3].censored for each in times)
        sign = "≥ " if theirs_reached < len(times) == ours_reached else ""
        sign = "≤ " if ours_reached < len(times) == theirs_reached else sign
        interval = f"{_times(ratio.low)} to {_times(ratio.high)}" if ratio.bounded else "too few runs"
        both = bool(ours_reached or theirs_reached)
        rows.append(
            [
                text(name),
                text(f"{view.gap_text} gap" if gap else "whole solve"),
                number(len(times), 0),
                number(theirs_reached, 0),
                number(ours_reached, 0),
                text(seconds_text(shifted_geometric_mean([each[3].seconds for each in times]))),
                text(seconds_text(shifted_geometric_mean([each[2].seconds for each in times]))),
                text(sign + _times(ratio.point)) if both else NOTHING,
                text(interval) if both else NOTHING,
                _memory(shared),
            ]
        )
    columns = ["contender", "time of", "instances", "reached", "by us", "seconds", "ours", "ratio", "95 % interval",
               "memory ratio"]  # fmt: skip
    return Section(
        "means",
        f"Against {view.reference}",
        [
            f"Shifted geometric means (shift {SHIFT_S:g} s) on the instances that both ran; above 1, {view.reference} "
            f"is "
            "faster. Contenders with a bound by their time to the gap, rules by their whole run: a rule that is fast "
            "is "
            "not a rule that is good. Time-outs and failures count as the limit, so a ratio with ≥ is at least that. "
            "The "
            "interval is a bootstrap over instances and repeats. Memory is the geometric mean of the ratios of the "
            "peaks."
        ],
        tables=[Table(columns, rows, left=(0, 1))] if rows else [],
    )


def profile(view: View) -> Section:
    """Dolan-Moré profile of the contenders with bounds on the instances that all of them ran."""
    places = [place for place in view.places if all((place, name) in view.table for name in view.bounded)]
    words = [
        f"Share of instances on which a contender reached the certified gap of {view.gap_text} within so many times "
        "the time of the fastest (Dolan and Moré 2002): further left and higher is better."
    ]
    if len(view.bounded) < 2 or not places:
        return Section(
            "profile", "Performance profile", [*words, "No instance was run by two contenders with bounds alike."]
        )
    times = {}
    for name in view.bounded:
        timed = [view.table[place, name].time(view.to_gap) for place in places]
        times[name] = [each.seconds if not each.censored else math.inf for each in timed]
    profiles = performance_profile(times)
    rows = [
        [text(name), *(percent(profiles[name].at(ratio), 0) for ratio in (1, 2, 5, 10, 100)),
         percent(profiles[name].at(math.inf), 0)] for name in view.bounded
    ]  # fmt: skip
    words.append(f"{len(places)} instance{'s' if len(places) > 1 else ''} that all of these contenders ran.")
    return Section(
        "profile",
        "Performance profile",
        words,
        [Chart("Share of instances by factor over the fastest", lambda: charts.profile(view, profiles))],
        [Table(["contender", "fastest", "within 2x", "5x", "10x", "100x", "at all"], rows, ours=_ours(view, rows))],
    )


def growth(view: View) -> Section:
    """Time and memory over sizes, and their exponents, for each contender and series."""
    series: dict[tuple[str, str], list[Cell]] = {}
    for cell in view.cells:
        if view.orders(cell):
            series.setdefault((traits(cell.instance).series, cell.contender), []).append(cell)
    rows, lines = [], []
    sizes = {key: len({view.orders(cell) for cell in found}) for key, found in series.items()}
    fewest = 3 if max(sizes.values(), default=0) > 3 else 2  # beside long series, pairs of sizes only blur the chart
    for (name, contender), cells in series.items():
        if sizes[name, contender] < fewest:
            continue
        timed = [(float(view.orders(cell)), view.time(cell)) for cell in cells]
        time = [(orders, each.seconds) for orders, each in timed if not each.censored and each.seconds > 0]
        memory = [
            (float(view.orders(cell)), peak) for cell in cells if (peak := cell.value(lambda run: run.peak_memory_mb))
        ]
        fits = [_fit(time), _fit(memory)]
        lines.append(charts.Line(name, contender, time, memory))
        rows.append(
            [text(name), text(contender), text(f"{view.gap_text} gap" if contender in view.bounded else "whole solve"),
             text(f"{len(time)} of {len(cells)}"), *_exponent(fits[0]), *_exponent(fits[1])]
        )  # fmt: skip
    words = [
        "y grows like orders to the power of the exponent: least squares on logarithms, with a 95 % interval from "
        "three "
        "sizes on. Only instances on which the time was reached are in it. Peak memory includes the interpreter and "
        "its "
        "libraries, which is why it grows slowly among small instances."
    ]
    if not rows:
        return Section("growth", "Growth with size", [*words, "No family was run in two sizes."])
    columns = ["series", "contender", "time of", "sizes", "time exponent", "interval", "memory exponent", "interval"]
    return Section(
        "growth",
        "Growth with size",
        words,
        [Chart("Time and peak memory by number of orders", lambda: charts.growth(view, lines))],
        [Table(columns, rows, left=(0, 1, 2), ours=_ours(view, rows, 1))],
    )


def _fit(points: Sequence[tuple[float, float]]) -> Growth | None:
    return growth_exponent([x for x, _ in points], [y for _, y in points]) if points else None


def _exponent(fit: Growth | None) -> list[Value]:
    if fit is None:
        return [NOTHING, NOTHING]
    return [number(fit.exponent), NOTHING if math.isnan(fit.low) else text(f"{fit.low:.2f} to {fit.high:.2f}")]


def _reached(timed: Timed) -> float | None:
    return None if timed.censored else timed.seconds


def _seconds(cell: Cell, measure: Measure) -> list[float]:
    """One time a repeat; a cell with a WRONG repeat counts as its limit as a whole."""
    if cell.failure == "wrong":
        return [run.limit_s for run in cell.runs]
    return [measure(run).seconds for run in cell.runs]


def _memory(shared: Sequence[tuple[Cell, Cell]]) -> Value:
    ratios = []
    for ours, theirs in shared:
        one, other = (cell.value(lambda run: run.peak_memory_mb) for cell in (ours, theirs))
        if one and other:
            ratios.append(math.log(other / one))
    return number(math.exp(sum(ratios) / len(ratios))) if ratios else NOTHING


def _times(ratio: float) -> str:
    if ratio < 0.1:
        return f"{ratio:.2g}"
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"


def _ours(view: View, rows: Sequence[Sequence[Value]], column: int = 0) -> list[int]:
    return [number for number, row in enumerate(rows) if view.kinds.get(row[column].text) == "ours"]
