"""The parts of a report about what went wrong and what the numbers rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from splitship_bench.aggregates import SHIFT_S
from splitship_bench.cells import PROVEN, Contradiction, contradictions
from splitship_bench.metrics import PLAIN, drifted, machine_name
from splitship_bench.records import FAILURES, Record
from splitship_bench.report import charts
from splitship_bench.report.content import Chart, Section, Table, Value, number, percent, text
from splitship_bench.report.view import Place, View


def contradicted(records: Sequence[Record]) -> tuple[list[Contradiction], Section]:
    """Bounds above verified plans; loud when one is above by more than a solver's rounding."""
    found = contradictions(records)
    serious = [each for each in found if not each.rounding]
    if not found:
        words = ["No bound is above a verified plan of its instance: the contenders agree."]
    else:
        words = [
            "A bound above a verified plan is wrong, or the plan is. Plans are checked, so the bound is left out of "
            "what "
            "is best known. Solvers work in floating point: up to 0.0001 % is their tolerance."
        ]
    rows = [
        [text(each.instance), text(f"{each.bound / 1e6:,.6f}"), text(each.bound_contender), text(each.bound_source),
         text(f"{each.objective / 1e6:,.6f}"), text(each.plan_contender),
         text("rounding", "quiet") if each.rounding else text("error", "bad")] for each in found
    ]  # fmt: skip
    columns = ["instance", "bound", "of", "from", "exceeds plan", "of", ""]
    tables = [Table(columns, rows, left=(0, 2, 3, 5, 6))] if rows else []
    return serious, Section("consistency", "Do the bounds agree?", words, tables=tables, loud=bool(serious))


def failures(view: View) -> Section:
    """Every run without a plan that counts, the wrong ones first."""
    found = [run for run in view.records if run.status in FAILURES or (run.objective is not None and not run.verified)]
    found.sort(key=lambda run: FAILURES.index(run.status) if run.status in FAILURES else len(FAILURES))
    rows = [
        [text(view.label((run.suite, run.instance, run.instance_sha256))), text(run.contender), number(run.repeat, 0),
         text(PLAIN.get(run.status, run.status), "quiet" if run.status == "NOT_APPLICABLE" else "bad"),
         text(_short(run.detail))] for run in found
    ]  # fmt: skip
    words = "Every run has a plan that the checker accepts." if not rows else (
        "Wrong: the checker refused the plan, its cost or its bound. These runs count as their limit, and never as a "
        "time."
    )  # fmt: skip
    table = Table(["instance", "contender", "repeat", "what", "why"], rows, left=(0, 1, 3, 4))
    wrong = any(run.status == "WRONG" for run in found)
    return Section("failures", "Wrong and failed runs", [words], tables=[table] if rows else [], loud=wrong)


def anytime(view: View) -> Section:
    """A chart an instance: plan and bound over time."""
    drawn = [(place, place_traces) for place in view.places if (place_traces := charts.traces(view, place))]
    words = [
        "Plan (solid, from above) and bound (dashed, from below) over time, in percent of the best plan known; both "
        "axes "
        "are logarithmic, linear within 0.1 %. The repeat with the middle time is shown. Diamonds are rules, at their "
        "time and cost."
    ]
    if not drawn:
        return Section("anytime", "Plan and bound over time", [*words, "No run has told its plans over time."])

    def chart(place: Place, found: list[charts.Trace]) -> Chart:
        return Chart(view.label(place), lambda: charts.anytime(view, place, found))

    return Section("anytime", "Plan and bound over time", words, [chart(*each) for each in drawn])


def drift(view: View) -> Section:
    """Runs during which the machine was not itself."""
    found = drifted(view.records)
    measured = sum(bool(run.reference_job_s) for run in view.records)
    words = [
        f"A fixed job was timed around {measured} of {len(view.records)} runs. {len(found)} of them were over 20 % "
        f"off the "
        "median of their machine: the machine was busy or throttled, and their times should not be relied on."
    ]
    rows = [
        [text(view.label((run.suite, run.instance, run.instance_sha256))), text(run.contender), number(run.repeat, 0),
         number(run.reference_job_s, 3), percent(ratio - 1, 0, True)] for run, ratio in found
    ]  # fmt: skip
    table = Table(
        ["instance", "contender", "repeat", "reference job, s", "off"], rows, left=(0, 1), folded=len(rows) > 12
    )
    return Section("drift", "Steadiness of the machine", words, tables=[table] if rows else [])


def machines(view: View) -> Section:
    """Each machine with what was installed, and the version of each contender."""
    tables = []
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for run in view.records:
        groups.setdefault(machine_name(run), []).append(run.machine)
    for name, found in groups.items():
        flat: dict[str, list[str]] = {}
        for machine in found:
            for key, value in _flatten(machine):
                flat.setdefault(key, []).append(value)
        rows = [[text(key), text(", ".join(dict.fromkeys(values)))] for key, values in flat.items()]
        tables.append(Table(["", ""], [*rows, [text("runs"), text(str(len(found)))]], name, (0, 1)))
    versions: dict[str, list[str]] = {}
    for name in view.contenders:
        versions[name] = list(dict.fromkeys(run.version for run in view.records if run.contender == name))
    rows = [[text(name), text(view.kinds[name]), text(", ".join(found))] for name, found in versions.items()]
    tables.append(Table(["contender", "kind", "version"], rows, "Contenders", (0, 1, 2)))
    rows = [[text(key), text(value)] for key, value in _told(view)]
    tables.append(Table(["", ""], rows, "Settings", (0, 1)))
    words = ["One machine."] if len(groups) == 1 else [
        f"These records come from {len(groups)} machines. Times of different machines stand beside each other here and "
        "are not comparable."
    ]  # fmt: skip
    return Section("machines", "Machine and versions", words, tables=tables)


def definitions(view: View) -> Section:
    """What each number is."""
    rows = [
        ("time", "Seconds from the data in memory to the checked plan; reading and fetching compiled kernels are not "
                 "in it. "
                 "Time-outs and failures count as the limit and are shown as such."),
        ("gap", "(plan - bound) / |plan|, of a contender's own plan and own bound."),
        ("time to a certified gap", "When plan and bound were first within it. Claims on the way count only up to "
                                    "what the "
                                    "checker accepted in the end."),
        ("over best", "(plan - best plan known) / |best plan known|, over all contenders' verified plans."),
        ("primal-dual integral", "Area from 0 to the limit under |P - B| / max(|P|, |B|) of plan P and bound B, 1 "
                                 "where one is "
                                 "missing or signs differ, 0 once B >= P; the last gap goes on to the limit. Berthold "
                                 "2013, "
                                 "doi:10.1016/j.orl.2013.08.007."),
        ("primal integral", "The same with the best plan known in place of the bound."),
        ("shifted geometric mean", f"exp(mean ln(t + s)) - s with s = {SHIFT_S:g} s."),
        ("performance profile", "Share of instances with time / least time of all within a factor; not reached is "
                                "infinite. "
                                "Dolan and Moré 2002, doi:10.1007/s101070100263."),
        ("interval", "95 %, bootstrap of instances and, within them, repeats; rounds are drawn together, few rounds "
                     "widen it."),
        ("exponent", "Least-squares slope of ln y on ln orders."),
        ("regret", "Cost over the best plan known, as a share of it; that plan is optimal where its gap is below "
                   f"{100 * PROVEN:g} %."),
        ("median", "Several repeats stand as their median; one wrong repeat makes the cell wrong."),
    ]  # fmt: skip
    cells: list[list[Value]] = [[text(name), text(words)] for name, words in rows]
    return Section("definitions", "What the numbers mean", tables=[Table(["", ""], cells, left=(0, 1))])


def _told(view: View) -> list[tuple[str, str]]:
    told: dict[str, list[str]] = {"suites": [], "limit, s": [], "threads": [], "seed": [], "gap asked": []}
    for run in view.records:
        gap = run.options.get("gap")
        asked = f"{100 * gap:g} %" if isinstance(gap, int | float) else "–"
        values = (run.suite, f"{run.limit_s:g}", str(run.threads), str(run.seed), asked)
        for values_of, value in zip(told.values(), values, strict=True):
            values_of.append(value)
    times = sorted(run.at for run in view.records if run.at)
    when = [("first run", times[0]), ("last run", times[-1])] if times else []
    return [(name, ", ".join(dict.fromkeys(values))) for name, values in told.items()] + when


def _flatten(machine: Mapping[str, Any]) -> list[tuple[str, str]]:
    flat = []
    for key, value in machine.items():
        if isinstance(value, Mapping):
            flat += [(name, str(inner)) for name, inner in value.items()]
        elif value is not None:
            flat.append((key.replace("_", " "), str(value)))
    return flat


def _short(detail: str) -> str:
    line = " ".join(detail.split())
    return line if len(line) <= 300 else line[:299] + "…"
