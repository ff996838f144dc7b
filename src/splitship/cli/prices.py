"""`splitship prices`: what one more of what binds would save, and what would have to give for the rest to ship."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from splitship.cli.base_answer import BasePlanOption
from splitship.cli.console import (
    cents,
    counted,
    csv_text,
    emit,
    emit_json,
    emit_table,
    key_values,
    markdown_table,
    money,
    plain_table,
    say,
)
from splitship.cli.options import (
    GapOption,
    ListForm,
    ListFormOption,
    PackArgument,
    ScenarioOption,
    SeedOption,
    ThreadsOption,
    TimeLimitOption,
    WorkLimitOption,
    search_changes,
)

if TYPE_CHECKING:
    from splitship.planning import Relaxations, ShadowPrices

INTERRUPTED = 130
_SHOWN = 20
"""Rows of a table on a terminal; the other forms have all of them."""
_PRICE_HEADERS = ("one more of", "supply", "used", "price", "saves", "at most")
_PRICE_COLUMNS = ("resource", "kind", "node_id", "sku_id", "service_id", "rule", "channel", "date", "unit", "supply",
                  "use", "price")  # fmt: skip
_CONFIRMED = ("saving", "saving_at_least", "saving_at_most", "units_filled")
_RELAXATION_HEADERS = ("relaxation", "stops", "ship", "saves", "at most")


def prices(
    pack: PackArgument,
    scenario: ScenarioOption = "baseline",
    unfilled: Annotated[
        bool, typer.Option("--unfilled", help="What would have to give for unfilled units to ship.")
    ] = False,
    order: Annotated[
        str | None,
        typer.Option("--order", metavar="ID", help="With --unfilled: for this order alone.", show_default=False),
    ] = None,
    top: Annotated[int, typer.Option("--top", min=0, metavar="N", help="How many are confirmed by solving.")] = 10,
    step: Annotated[int, typer.Option("--step", min=1, metavar="K", help="Confirm so many more of each.")] = 1,
    no_confirm: Annotated[bool, typer.Option("--no-confirm", help="Prices only, nothing solved again.")] = False,
    plan: BasePlanOption = None,
    gap: GapOption = None,
    time_limit: TimeLimitOption = None,
    work_limit: WorkLimitOption = None,
    threads: ThreadsOption = None,
    seed: SeedOption = None,
    output: ListFormOption = ListForm.TABLE,
) -> None:
    """Price what binds: stock, capacities, quotas, reserves; and confirm what one more would save.

    Each of the dearest is solved again with one more, and once more without it: "saves" is the difference, "at most"
    what is proven. --unfilled looks for what stops unfilled units, and confirms what relaxing it would save.

    Ctrl-C shows what is confirmed so far (exit code 130).

    [bold]Examples[/bold]

    splitship prices scenarios/us-retail --top 5

    splitship prices scenarios/us-retail --unfilled

    splitship prices PACK --unfilled --order R0066

    splitship prices PACK --plan plan.json --step 10 -o csv
    """
    from splitship.errors import UsageError

    if unfilled and (no_confirm or step != 1):
        raise UsageError("--unfilled goes without --no-confirm and --step: each relaxation has its own amount")
    if order is not None and not unfilled:
        raise UsageError("--order goes with --unfilled: what it would take to ship the order")
    changes = search_changes(gap, time_limit, work_limit, seed, threads)
    _run(pack, scenario, changes, plan, (unfilled, 0 if no_confirm else top, step), output, order)


def _run(
    path: Path, scenario: str, changes: dict[str, object], plan: Path | None, what: tuple[bool, int, int],
    form: ListForm, order: str | None,
) -> None:  # fmt: skip
    from splitship.cli.base_answer import base_answer, read_base
    from splitship.cli.interrupts import Interruptible, leave
    from splitship.cli.kernels import compile_kernels
    from splitship.cli.progress import Progress
    from splitship.planning import relaxations, shadow_prices
    from splitship.planning.served import order_position

    is_unfilled, top, step = what
    prices_found: list[ShadowPrices] = []
    relaxed: list[Relaxations] = []
    with Progress(f"reading {path.name or path}") as progress:
        _, problem, options = read_base(path, scenario, changes)
        if order is not None:
            order_position(problem, order)
        compile_kernels(progress)
        progress.phase("solving the base", problem.currency)
        interruptible = Interruptible(on_stop=lambda: progress.note("stopping at what is confirmed"))

        def work(should_stop: Any, on_plan: Any) -> Any:
            base = base_answer(problem, options, plan, progress, should_stop)
            told: dict[str, Any] = {"should_stop": should_stop, "say": progress.phase}
            if is_unfilled:
                relaxed.append(relaxations(base, top, order_id=order, **told))
            else:
                prices_found.append(shadow_prices(base, top, step, top > 0, **told))
            return base

        interruptible.run(work)
    for each in prices_found:
        _show_prices(each, top, form)
    for one in relaxed:
        _show_relaxations(one, form)
    if interruptible.is_interrupted and not (prices_found or relaxed):
        say("splitship: interrupted before there was anything to show")
    if interruptible.is_abandoned:
        leave(INTERRUPTED)
    raise typer.Exit(INTERRUPTED if interruptible.is_interrupted else 0)


def _show_prices(found: ShadowPrices, top: int, form: ListForm) -> None:
    from splitship.planning.price_documents import prices_document

    document = prices_document(found)
    if form is ListForm.JSON:
        emit_json(document)
        return
    if form is ListForm.CSV:
        cells = [
            [str(row.get(name) or "") for name in _PRICE_COLUMNS]
            + [str(row.get("confirmed", {}).get(name, "")) for name in _CONFIRMED]
            for row in document["prices"]
        ]
        emit(csv_text((*_PRICE_COLUMNS, *_CONFIRMED), cells))
        return
    rows = [
        (
            row["resource"], row["supply"] or "-", row["use"] or "-", cents(row["price"]),
            *_savings(row.get("confirmed")),
        )
        for row in document["prices"]
    ]  # fmt: skip
    if form is ListForm.MD:
        emit(markdown_table(_PRICE_HEADERS, rows, right=(1, 2, 3, 4, 5)))
        return
    shown = rows[: max(_SHOWN, top)]
    notes = [] if len(shown) == len(rows) else [f"... and {len(rows) - len(shown):,} more (-o csv has all)"]
    notes += _improved(document)
    step = "" if found.step == 1 else f"; saves: with {found.step:,} more"
    facts = [*_facts(document), ("prices", f"of {counted(len(rows), 'binding resource')}, from: {found.source}{step}")]
    table = plain_table(_PRICE_HEADERS, shown, right=(1, 2, 3, 4, 5))
    emit_table(key_values(facts), "", *([table] if shown else ["nothing binds: one more of anything saves nothing"]),
               *notes)  # fmt: skip


def _show_relaxations(found: Relaxations, form: ListForm) -> None:
    from splitship.planning.price_documents import relaxations_document

    document = relaxations_document(found)
    if form is ListForm.JSON:
        emit_json(document)
        return
    every = document["relaxations"] + document["without_effect"]
    if form is ListForm.CSV:
        names = ("relaxation", "amount", "unit", "blocked_units")
        cells = [
            [*(str(row[name] or "") for name in names), " ".join(row["reasons"]),
             *(str(row["confirmed"][name]) for name in _CONFIRMED)]
            for row in every
        ]  # fmt: skip
        emit(csv_text((*names, "reasons", *_CONFIRMED), cells))
        return
    rows = [
        (row["relaxation"], ", ".join(row["reasons"]), str(row["confirmed"]["units_filled"]),
         *_savings(row["confirmed"]))
        for row in document["relaxations"]
    ]  # fmt: skip
    if form is ListForm.MD:
        emit(markdown_table(_RELAXATION_HEADERS, rows, right=(2, 3, 4)))
        return
    unfilled = ", ".join(f"{units:,} {reason}" for reason, units in document["unfilled_by_reason"].items())
    facts = [
        *_facts(document),
        ("unfilled", f"{unfilled} (units)" if unfilled else "nothing"),
        ("looked at", f"{found.num_looked_at:,} of {counted(found.num_candidates, 'relaxation')}, "
                      f"{len(every)} confirmed by solving"),
    ]  # fmt: skip
    idle = [f"saves nothing: {row['relaxation']}" for row in document["without_effect"]]
    table = plain_table(_RELAXATION_HEADERS, rows, right=(2, 3, 4))
    emit_table(key_values(facts), "", *([table] if rows else ["no relaxation was found that saves anything"]), *idle,
               *_improved(document))  # fmt: skip


def _facts(document: dict[str, Any]) -> list[tuple[str, str]]:
    currency = document["currency"]
    return [
        ("pack", f"{document['pack']} / {document['scenario']}"),
        ("cost", money(document["objective"], currency)),
        ("certified gap", money(document["gap_money"], currency)),
    ]


def _improved(document: dict[str, Any]) -> list[str]:
    found = []
    if not document["complete"]:
        found.append("stopped before all was confirmed")
    if document["best_objective"] != document["objective"]:
        best = money(document["best_objective"], document["currency"])
        found.append(f"on the way a better plan without any change was found, of {best}: savings are beside that")
    return found


def _savings(confirmed: dict[str, Any] | None) -> tuple[str, str]:
    if confirmed is None:
        return "", ""
    return cents(confirmed["saving"]), cents(confirmed["saving_at_most"], "ROUND_CEILING")
