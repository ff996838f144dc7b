"""The parts of a report about plans: their cost and bound, what they do, regret of rules, and where we are not best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from splitship_bench.aggregates import mean_and_worst
from splitship_bench.cells import Cell, gap_to_best, traits
from splitship_bench.metrics import (
    NOT_ASKED,
    accepted_bound,
    cost_per_order,
    final_gap,
    orders_per_second,
    per_order,
    primal_integral,
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
    money,
    number,
    percent,
    seconds_text,
    text,
    time_value,
)
from splitship_bench.report.view import Place, View

_KINDS = (
    "We failed",
    "A rival's plan is cheaper",
    "A rival proves a smaller gap",
    "A rival reaches the gap sooner",
    "A rival has our cost in less time",
    "A rival is close to our cost in less time",
)
_FOLDED = 10
_CLOSE = 0.01  # a rule within 1 % of our cost that is faster is worth telling


def quality(view: View) -> Section:
    """Best known values, then the plan and bound of every contender."""
    known_rows = []
    for place in {place[2]: place for place in view.places}.values():
        known = view.known[place[2]]
        known_rows.append(
            [text(view.label(place)), money(known.objective), text(known.contender or "–"), money(known.bound),
             text(known.bound_contender or "–"), text(_source(known.bound_source)), percent(known.gap, 3),
             text("bound contradicted" if known.contradicted else "optimal" if known.proven else "",
                  "bad" if known.contradicted else "best")]
        )  # fmt: skip
    rows = []
    for place in view.places:
        cells = [cell for name in view.contenders if (cell := view.table.get((place, name)))]
        best = least([_objective(cell) for cell in cells])
        for cell in cells:
            known = view.known[cell.sha256]
            objective = _objective(cell)
            tone = "best" if objective is not None and objective == best else ""
            area = cell.value(
                lambda run, best=known.objective: primal_integral(run, best) / run.limit_s  # type: ignore[misc]
                if best is not None and run.limit_s else None
            )  # fmt: skip
            over = cell.value(lambda run, known=known: gap_to_best(run, known))  # type: ignore[misc]
            sources = [run.bound_source for run in cell.runs if accepted_bound(run) is not None]
            rows.append(
                [text(view.label(place)), text(cell.contender), _status(cell), money(objective, tone),
                 percent(over, 3, True), money(cell.value(accepted_bound)),
                 text(_source(sources[0]) if sources else ""), percent(cell.value(final_gap), 3), percent(area, 1)]
            )  # fmt: skip
    columns = ["instance", "contender", "status", "plan", "over best", "bound", "bound from", "gap", "primal integral"]
    currencies = ", ".join(dict.fromkeys(run.currency for run in view.records if run.currency)) or "no currency"
    return Section(
        "quality",
        "Plans and bounds",
        [
            f"Costs in {currencies}; every plan was checked by code that shares nothing with what made it. A bound "
            f"from "
            "a certificate was recomputed by the checker; a bound from a solver is what the solver says, and taken on "
            "trust. "
            "A best plan within 0.01 % of the best bound counts as optimal. The primal integral is a share of the "
            "limit."
        ],
        tables=[
            Table(
                ["instance", "best plan", "by", "best bound", "by", "from", "gap", ""],
                known_rows, "Best known over all contenders", (0, 2, 4, 5, 7),
            ),
            Table(columns, rows, "Every contender", (0, 1, 2, 6), _ours(view, rows, 1), folded=len(rows) > 12),
        ],
    )  # fmt: skip


def contents(view: View) -> Section:
    """What the plans do: packages, splits, lateness, unfilled, cost by order; and throughput and memory."""
    rows = []
    for place in view.places:
        for name in view.contenders:
            cell = view.table.get((place, name))
            if cell is None or _objective(cell) is None:
                continue
            cost = cell.value(cost_per_order)
            rows.append(
                [text(view.label(place)), text(name), number(cost / 1e6 if cost is not None else None, 3),
                 *(number(cell.value(lambda run, count=count: per_order(run, count)), 3)  # type: ignore[misc]
                   for count in ("packages", "split_orders", "late_packages", "unfilled_units")),
                 number(cell.value(orders_per_second), 0), number(cell.value(lambda run: run.peak_memory_mb), 0)]
            )  # fmt: skip
    columns = ["instance", "contender", "cost", "packages", "split orders", "late packages", "unfilled units",
               "orders / s", "peak MB"]  # fmt: skip
    return Section(
        "contents",
        "What the plans do",
        ["Cost, packages, split orders, late packages and unfilled units are by order of the instance."],
        tables=[Table(columns, rows, left=(0, 1), ours=_ours(view, rows, 1), folded=len(rows) > 12)] if rows else [],
    )


def regret(view: View) -> Section:
    """Cost of each rule over the best known plan, by family."""
    names = [name for name in view.contenders if view.kinds[name] in ("policy", "literature", "ours")]
    families = list(dict.fromkeys(traits(place[1]).family for place in view.places))
    table: dict[str, dict[str, list[float]]] = {}
    for cell in view.cells:
        over = cell.value(lambda run, cell=cell: gap_to_best(run, view.known[cell.sha256]))  # type: ignore[misc]
        if cell.contender in names and over is not None:
            table.setdefault(cell.contender, {}).setdefault(traits(cell.instance).family, []).append(over)
    rows = []
    means: dict[str, dict[str, float]] = {}
    ranked = sorted(table.items(), key=lambda each: mean_and_worst(_all(each[1]))[0])
    for name, found in ranked:
        every = _all(found)
        mean, worst = mean_and_worst(every)
        means[name] = {family: mean_and_worst(values)[0] for family, values in found.items()}
        by_family = [percent(means[name].get(family), 1) for family in families]
        rows.append([text(name), number(len(every), 0), *by_family, percent(mean, 1), percent(worst, 1)])
    rules = [name for name, _ in ranked if view.kinds[name] != "ours"]
    proven = sum(view.known[sha256].proven for sha256 in view.known)
    words = [
        "How much more a plan costs than the best plan known for the instance, on average over the instances of each "
        "family. Against the optimum it is at least as much; "
        f"{proven} of {len(view.known)} best plans are proven optimal. Instances differ by contender where some were "
        "not run or do not apply."
    ]
    if not rules:
        return Section("regret", "Regret of rules", [*words, "No rule was run."])
    shown = [family for family in families if any(family in means[name] for name in rules)]
    return Section(
        "regret",
        "Regret of rules",
        words,
        [Chart("Cost over the best known plan", lambda: charts.regret(view, rules, shown, means))],
        [Table(["contender", "instances", *families, "mean", "worst"], rows, ours=_ours(view, rows))],
    )


def not_best(view: View) -> Section:
    """Every instance on which somebody else is better than ours in plan, gap or time, and rules that come close."""
    ours = [name for name in view.contenders if view.kinds[name] == "ours"]
    words = (
        "Made from the records: each rival with a cheaper plan, a smaller gap, a sooner gap, or our cost in less time."
    )
    if not ours:
        return Section("not-best", "Where we are not best", [words, "No run of ours is among the records."])
    rows: list[tuple[int, float, list[Value]]] = []
    compared = 0
    for place in view.places:
        mine = [cell for name in ours if (cell := view.table.get((place, name)))]
        rivals = [cell for name in view.contenders if name not in ours and (cell := view.table.get((place, name)))]
        if not mine:
            continue
        compared += len(rivals)
        for rival in rivals:
            rows.extend(_lost(view, place, min(mine, key=_merit), rival))
    for place in view.places:
        rows.extend(_fell(view, place, ours))
    rows.sort(key=lambda each: (each[0], -each[1]))
    lost = len({(row[2][0].text, row[2][1].text) for row in rows if row[0] < 4})
    summary = (
        f"A rival is better in some respect in {lost} of {compared} comparisons on an instance."
        if compared
        else "No rival was run on an instance of ours: there is nothing to be better than."
    )
    tables = []
    for kind, title in enumerate(_KINDS, -1):
        found = [row[2] for row in rows if row[0] == kind]
        if found:
            columns = ["instance", "rival", "what", "rival's", "ours", "difference"]
            tables.append(Table(columns, found, f"{title}: {len(found)}", (0, 1, 2), folded=len(found) > _FOLDED))
    return Section("not-best", "Where we are not best", [words, summary], tables=tables)


def _merit(cell: Cell) -> tuple[bool, float]:
    objective = _objective(cell)
    return objective is None, objective or 0.0


_Row = tuple[int, float, list[Value]]
_SAME_GAP = 5e-6
"""Gaps closer than this are the same as they are shown."""


def _lost(view: View, place: Place, ours: Cell, rival: Cell) -> list[_Row]:
    """Rows of one rival on one instance: (order of the kind, size, cells)."""
    name, them = text(view.label(place)), text(rival.contender)
    mine, theirs = _objective(ours), _objective(rival)
    rows: list[_Row] = []
    if theirs is None:
        return []
    if mine is None:
        return [(0, float("inf"), [name, them, text("we have no plan", "bad"), money(theirs), _status(ours), NOTHING])]
    over = (mine - theirs) / abs(theirs) if theirs else float(mine > theirs)
    if over > 0:
        rows.append((0, over, [name, them, text("cheaper plan"), money(theirs), money(mine), percent(over, 3, True)]))
    gaps = ours.value(final_gap), rival.value(final_gap)
    if gaps[0] is not None and gaps[1] is not None and gaps[1] < gaps[0] - _SAME_GAP:
        cells = [name, them, text("smaller gap"), percent(gaps[1], 3), percent(gaps[0], 3)]
        rows.append((1, gaps[0] - gaps[1], [*cells, text(f"{100 * (gaps[0] - gaps[1]):.3f} points")]))
    both = ours.contender in view.bounded and rival.contender in view.bounded
    times = ours.time(view.to_gap), rival.time(view.to_gap)
    if both and not times[1].censored and times[0].reason != NOT_ASKED and times[1].seconds < times[0].seconds:
        factor = times[0].seconds / max(times[1].seconds, 1e-4)
        sign = "≥ " if times[0].censored else ""
        cells = [name, them, text(f"sooner at {view.gap_text}"), time_value(times[1]), time_value(times[0])]
        rows.append((2, factor, [*cells, text(f"{sign}{factor:.1f} times")]))
    whole = ours.time(solve_seconds), rival.time(solve_seconds)
    if over >= -_CLOSE and not whole[1].censored and whole[1].seconds < whole[0].seconds:
        factor = whole[0].seconds / max(whole[1].seconds, 1e-4)
        said = "our cost or less, sooner" if over >= 0 else f"{-100 * over:.2f} % above our cost, sooner"
        cells = [name, them, text(said), text(seconds_text(whole[1].seconds)), time_value(whole[0])]
        rows.append((3 if over >= 0 else 4, factor, [*cells, text(f"{factor:.1f} times")]))
    return rows


def _fell(view: View, place: Place, ours: Sequence[str]) -> list[_Row]:
    rows: list[_Row] = []
    for name in ours:
        cell = view.table.get((place, name))
        if cell and cell.failure:
            what = text(f"{name}: {cell.failure}", "bad")
            rows.append((-1, 0.0, [text(view.label(place)), text("–"), what, NOTHING, _status(cell), NOTHING]))
    return rows


def _all(by_family: Mapping[str, Sequence[float]]) -> list[float]:
    return [value for values in by_family.values() for value in values]


def _objective(cell: Cell) -> float | None:
    if cell.failure == "wrong":
        return None
    return cell.value(lambda run: run.objective if run.has_plan else None)


def _status(cell: Cell) -> Value:
    if cell.failure:
        return Value(cell.failure, "quiet" if cell.failure == "not applicable" else "bad")
    return text(", ".join(dict.fromkeys(run.status.replace("_", " ").lower() for run in cell.runs)))


def _source(source: str) -> str:
    return {"certificate": "certificate", "solver": "solver's word"}.get(source, "")


def _ours(view: View, rows: Sequence[Sequence[Value]], column: int = 0) -> list[int]:
    return [number for number, row in enumerate(rows) if view.kinds.get(row[column].text) == "ours"]
