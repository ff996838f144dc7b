"""Records to a report, whatever it is written as."""

from __future__ import annotations

from collections.abc import Sequence

from splitship_bench.metrics import machine_name
from splitship_bench.records import Record
from splitship_bench.report import plans, times, trouble
from splitship_bench.report.content import Report
from splitship_bench.report.view import HEADLINE_GAP, View

EMPTY = "There are no records in these files: nothing was run yet, so there is nothing to report."


_ALERTS = 3  # contradictions at the top of the page; all are in their section


def build_report(records: Sequence[Record], gap: float = HEADLINE_GAP) -> Report:
    """All sections. `gap` (fraction) is the certified gap of the headline, the means, the profile and growth."""
    suites = ", ".join(dict.fromkeys(record.suite for record in records))
    if not records:
        return Report("Splitship benchmarks", "no records", [EMPTY])
    view = View.of(records, gap)
    serious, consistency = trouble.contradicted(records)
    wrong = [record for record in records if record.status == "WRONG"]
    failed = [record for record in records if record.status in ("FAILED", "KILLED")]
    computers = list(dict.fromkeys(machine_name(record) for record in records))
    alerts = [f"A bound contradicts a checked plan: {each}" for each in serious[:_ALERTS]]
    if len(serious) > _ALERTS:
        alerts.append(f"{len(serious) - _ALERTS} more bounds contradict checked plans: see below")
    if wrong:
        alerts.append(f"{_count(len(wrong), 'run')} wrong: {_names(wrong)}")
    if failed:
        alerts.append(f"{_count(len(failed), 'run')} failed or killed: {_names(failed)}")
    if len(computers) > 1:
        alerts.append(f"Records of {len(computers)} machines: their times are not comparable")
    dates = sorted(record.at[:10] for record in records if record.at)
    about = [_count(len(records), "run"), _count(len(view.contenders), "contender"),
             _count(len(view.places), "instance")]  # fmt: skip
    if dates:
        about.append(dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}")
    about.extend(computers if len(computers) == 1 else [])
    sections = [
        times.headline(view),
        plans.not_best(view),
        times.means(view),
        times.profile(view),
        times.time_to_gaps(view),
        plans.quality(view),
        trouble.anytime(view),
        plans.regret(view),
        plans.contents(view),
        times.growth(view),
        trouble.failures(view),
        consistency,
        trouble.drift(view),
        trouble.machines(view),
        trouble.definitions(view),
    ]
    return Report(f"Splitship benchmarks: {suites}", " · ".join(about), alerts, sections)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _names(records: Sequence[Record]) -> str:
    found = list(dict.fromkeys(f"{record.contender} on {record.instance}" for record in records))
    return ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
