"""The summary of a solve for people: as tables in a terminal and as Markdown. Reads the summary document only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from splitship.cli.console import emit_table, grouped, key_values, markdown_table, money, percent, plain_table

if TYPE_CHECKING:
    from rich.table import Table

    from splitship.packs.documents import Document

_STOPPED = {
    "OPTIMAL": "optimal",
    "GAP_REACHED": "gap reached",
    "TIME_LIMIT": "time limit",
    "WORK_LIMIT": "work limit",
    "INTERRUPTED": "interrupted",
    "NOTHING_TO_SHIP": "nothing to ship",
}
_EFFECTS = {"rules": "rule", "surcharges": "surcharge"}
"""Lists of effects in the document, and what one of them is."""
_EFFECT = ("packages", "units", "quota")
_BOUND = {
    "certificate": "certificate, recomputed by the independent checker",
    "solver": "claimed by the solver, not certified",
}


def show_summary(document: Document) -> None:
    """Print a summary as tables."""
    emit_table(
        _title(document),
        "",
        key_values(_facts(document)),
        "",
        plain_table(("cost", document["currency"], "share"), _cost_rows(document), right=(1, 2)),
        "",
        key_values(_counts(document)),
        *(part for key, head in _EFFECTS.items() if key in document for part in ("", _effects(document, key, head))),
    )


def summary_markdown(document: Document) -> str:
    """A summary as Markdown."""
    facts = [*_facts(document), *_counts(document)]
    return (
        f"## {_title(document)}\n\n"
        + markdown_table(("", ""), facts)
        + "\n"
        + markdown_table(("cost", document["currency"], "share"), _cost_rows(document), right=(1, 2))
        + "".join(
            "\n" + markdown_table((head, *_EFFECT, document["currency"]), _effect_rows(document, key), right=(1, 2, 4))
            for key, head in _EFFECTS.items()
            if key in document
        )
    )


def one_line(document: Document) -> str:
    """A summary in one line, for the side of a data stream."""
    currency = document["currency"]
    parts = [
        f"{money(document['objective'], currency)}",
        "no bound" if document["bound"] is None else f"gap {percent(document['gap'])}",
        f"{grouped(document['counts']['packages'])} packages",
        _stopped(document),
        f"{document['seconds']['total']:.1f} s",
    ]
    return ", ".join(parts)


def _title(document: Document) -> str:
    counts = document["counts"]
    sizes = f"{grouped(counts['orders'])} orders, {grouped(counts['lines'])} lines"
    return f"{document['pack']} / {document['scenario']}: {sizes}, method {document['method']}"


def _stopped(document: Document) -> str:
    termination = document["termination"]
    reason: str = termination["reason"]
    text = _STOPPED.get(reason, reason)
    if termination["limit"]:
        text += f" ({termination['limit']})"
    if termination["detail"]:
        text += f": {termination['detail']}"
    return text


def _facts(document: Document) -> list[tuple[str, str]]:
    currency = document["currency"]
    facts = [("total cost", money(document["objective"], currency))]
    if document["bound"] is None:
        facts.append(("lower bound", "none"))
    else:
        source = _BOUND.get(document["bound_source"], document["bound_source"])
        facts.append(("lower bound", f"{money(document['bound'], currency)}  {source}"))
        facts.append(("gap", f"{percent(document['gap'])}, {money(document['gap_money'], currency)}"))
    unavoidable = document["unavoidable_unfilled_cost"]
    if float(unavoidable):
        facts.append(("no plan avoids", f"{money(unavoidable, currency)} of unfilled cost: no stock for these units"))
    facts.append(("stopped", _stopped(document)))
    facts.append(("verified", "feasible, cost recomputed" if document["verified"] else "NO"))
    seconds = document["seconds"]
    phases = ", ".join(
        f"{phase} {value:.2f}" for phase, value in seconds.items() if phase != "total" and value >= 0.005
    )
    facts.append(("time", f"{seconds['total']:.2f} s" + (f" ({phases})" if phases else "")))
    facts.append(("memory", f"{grouped(document['peak_memory_mb'])} MB at most"))
    return facts


def _cost_rows(document: Document) -> list[tuple[str, str, str]]:
    total = float(document["objective"])
    rows = [
        (term, money(text), f"{float(text) / total:.1%}".replace("%", " %") if total else "-")
        for term, text in document["costs"].items()
        if float(text)
    ]
    return [*rows, ("total", money(document["objective"]), "")]


def _effects(document: Document, key: str, head: str) -> Table:
    return plain_table((head, *_EFFECT, document["currency"]), _effect_rows(document, key), right=(1, 2, 4))


def _effect_rows(document: Document, key: str) -> list[tuple[str, ...]]:
    """What each rule or surcharge does in the plan."""
    return [
        (
            effect["name"],
            grouped(effect["packages"]),
            grouped(effect["units"]),
            _quota(effect.get("quota")),
            money(effect["cost"]),
        )
        for effect in document[key]
    ]


def _quota(quota: dict[str, Any] | None) -> str:
    """The most used of a quota: `12 of 400 a day`; of a soft one also what is beyond it: `, 2 beyond for 6.00`."""
    if quota is None:
        return ""
    when = "a day" if quota["per"] == "day" else "in the batch"
    used = f"{grouped(quota['most_used'])} of {grouped(quota['packages'])} {when}"
    beyond = quota.get("beyond", 0)
    return used + (f", {grouped(beyond)} beyond for {money(quota['beyond_cost'])}" if beyond else "")


def _counts(document: Document) -> list[tuple[str, str]]:
    counts: dict[str, Any] = document["counts"]
    rows = [
        ("packages", f"{grouped(counts['packages'])}, {grouped(counts['late_packages'])} of them late"),
        ("split orders", f"{grouped(counts['split_orders'])} of {grouped(counts['orders'])}"),
    ]
    if "picked_up_packages" in counts:
        moved = f"{grouped(counts['transferred_packages'])} of them from another node"
        rows.append(("picked up", f"{grouped(counts['picked_up_packages'])} packages, {moved}"))
    for key, name in (("kits", "kits"), ("substituted_units", "substituted")):
        if key in counts:
            rows.append((name, f"{grouped(counts[key])} {'units' if key != name else 'shipped'}"))
    unfilled = f"{grouped(counts['unfilled_units'])} of {grouped(counts['units'])} units"
    reasons = ", ".join(f"{reason} {grouped(units)}" for reason, units in document["unfilled_by_reason"].items())
    rows.append(("unfilled", unfilled + (f": {reasons}" if reasons else "")))
    if "changes" in document:
        rows.append(("plan before", _changes(document["changes"])))
    if counts["orders_bounded_by_relaxation"]:
        rows.append(("wide orders", f"{grouped(counts['orders_bounded_by_relaxation'])} bounded by a relaxation"))
    return rows


def _changes(changes: dict[str, Any]) -> str:
    """`412 kept, 3 moved (7.50), 2 rejected, 88 released; 14 new`."""
    words = [f"{grouped(changes[what])} {what}" for what in ("kept", "moved", "rejected", "released")]
    if changes["moved"]:
        words[1] += f" ({money(changes['moved_cost'])})"
    return f"{', '.join(words)}; {grouped(changes['new'])} new"
