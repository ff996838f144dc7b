"""`splitship forecast-prices`: what units of stock are worth to the orders that are expected."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from splitship.cli.console import (
    counted,
    emit,
    emit_json,
    emit_table,
    grouped,
    key_values,
    markdown_table,
    money,
    percent,
    plain_table,
    say,
)  # fmt: skip
from splitship.cli.options import (
    GapOption,
    ListForm,
    ListFormOption,
    OrdersOption,
    PackArgument,
    ScenarioOption,
    SeedOption,
    ThreadsOption,
    TimeLimitOption,
    WorkLimitOption,
    search_changes,
)
from splitship.errors import UsageError

if TYPE_CHECKING:
    from splitship.domain import Result
    from splitship.planning import ForecastPrices

INTERRUPTED = 130
_SHOWN = 20
"""Rows of the table on a terminal; the file has all of them."""
_HEADERS = ("node", "sku", "price", "of it added")


def forecast_prices(
    pack: PackArgument,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE.csv", help="The table stock_prices to write.", show_default=False)
    ],
    horizon_days: Annotated[
        int | None,
        typer.Option(
            "--horizon-days",
            min=0,
            metavar="N",
            show_default="all",
            help="Look at the forecast of so many days after the date of as_of.",
        ),
    ] = None,
    scenario: ScenarioOption = "baseline",
    orders: OrdersOption = None,
    gap: GapOption = None,
    time_limit: TimeLimitOption = None,
    work_limit: WorkLimitOption = None,
    threads: ThreadsOption = None,
    seed: SeedOption = None,
    output: ListFormOption = ListForm.TABLE,
) -> None:
    """Price stock by what the next days are expected to order (table forecast).

    Solves batch and forecast as one, and writes what units are worth as a table stock_prices for the pack.

    With it the batch leaves to later orders what is worth more there. Prices that the pack has are added to.

    [bold]Examples[/bold]

    splitship forecast-prices PACK --out PACK/stock_prices.csv

    splitship forecast-prices PACK --out prices.csv --horizon-days 3 -o json
    """
    _check_target(out)
    changes = search_changes(gap, time_limit, work_limit, seed, threads)
    _run(pack, scenario, orders, horizon_days, changes, out, output)


def _run(
    path: Path, scenario: str, orders: str | None, horizon_days: int | None, changes: dict[str, object], out: Path,
    form: ListForm,
) -> None:  # fmt: skip
    from splitship.cli.answer import exit_code, open_pack
    from splitship.cli.interrupts import Interruptible, leave
    from splitship.cli.kernels import compile_kernels
    from splitship.cli.options import restrict
    from splitship.cli.progress import Progress
    from splitship.packs.plans import write_whole
    from splitship.planning import forecast_prices as price
    from splitship.planning import stock_prices_csv

    found: list[ForecastPrices] = []
    with Progress(f"reading {path.name or path}") as progress:
        pack = open_pack(path, scenario)
        problem = restrict(pack.problem(), orders)
        options = dataclasses.replace(pack.options(), **changes)  # type: ignore[arg-type]
        compile_kernels(progress)
        progress.phase("joining batch and forecast", problem.currency)
        interruptible = Interruptible(on_stop=lambda: progress.note("stopping at the prices so far"))

        def work(should_stop: Any, on_plan: Any) -> Result:
            found.append(
                price(problem, options, horizon_days=horizon_days, on_event=progress.event, should_stop=should_stop)
            )
            return found[0].look_ahead

        interruptible.run(work)
    if not found:
        say("splitship: interrupted before there were prices; nothing is written")
        if interruptible.is_abandoned:
            leave(INTERRUPTED)
        raise typer.Exit(INTERRUPTED)
    table = stock_prices_csv(problem, found[0].stock_prices)
    write_whole(out, table)
    say(f"{counted(len(found[0].stock_prices), 'price')} saved in {out}")
    _show(found[0], table, form)
    raise typer.Exit(INTERRUPTED if interruptible.is_interrupted else exit_code(found[0].look_ahead))


def _check_target(out: Path) -> None:
    """Refuse an `--out` that cannot be written before time is spent."""
    if out.suffix.lower() != ".csv":
        raise UsageError(f"--out: a table of prices is a .csv file, got {out.name}")
    if not out.parent.is_dir():
        raise UsageError(f"--out: there is no folder {out.parent}")
    if out.is_dir():
        raise UsageError(f"--out: {out} is a folder")


def _show(found: ForecastPrices, table: bytes, form: ListForm) -> None:
    document = _document(found)
    if form is ListForm.JSON:
        emit_json(document)
        return
    if form is ListForm.CSV:
        emit(table)
        return
    rows = [(row["node_id"], row["sku_id"], money(row["price_per_unit"]), money(row["added"]))
            for row in document["prices"]]  # fmt: skip
    if form is ListForm.MD:
        emit(markdown_table(_HEADERS, rows, right=(2, 3)))
        return
    dearest = sorted(range(len(rows)), key=lambda row: -float(document["prices"][row]["added"]))[:_SHOWN]
    rest = len(rows) - len(dearest)
    emit_table(
        key_values(_facts(document)), "", plain_table(_HEADERS, [rows[row] for row in dearest], right=(2, 3)),
        *([f"... and {rest:,} more"] if rest else []),
    )  # fmt: skip


def _document(found: ForecastPrices) -> dict[str, Any]:
    """Schema `splitship.forecast-prices/1`."""
    from splitship.units import day_text, format_micros

    problem, ahead, table = found.problem, found.look_ahead, found.stock_prices
    nodes, skus = problem.nodes.node_id[table.node_idx], problem.skus.sku_id[table.sku_idx]
    return {
        "schema": "splitship.forecast-prices/1",
        "pack": problem.name,
        "scenario": problem.scenario,
        "currency": problem.currency,
        "orders": len(problem.orders),
        "expected_orders": found.num_expected,
        "until": day_text(found.last_day),
        "settled": found.is_settled,
        "look_ahead": {
            "termination": ahead.termination.reason.value,
            "objective": format_micros(ahead.objective),
            "bound": None if ahead.bound is None else format_micros(ahead.bound),
            "gap": ahead.gap,
            "seconds": round(ahead.seconds.get("total", 0.0), 3),
        },
        "prices": [
            {
                "node_id": node,
                "sku_id": sku,
                "price_per_unit": format_micros(micros),
                "added": format_micros(added),
            }
            for node, sku, micros, added in zip(
                nodes.tolist(), skus.tolist(), table.price_per_unit.micros.tolist(), found.added.tolist(), strict=True
            )
        ],
    }


def _facts(document: dict[str, Any]) -> list[tuple[str, str]]:
    ahead, currency = document["look_ahead"], document["currency"]
    return [
        ("batch", counted(document["orders"], "order")),
        ("forecast", f"{counted(document['expected_orders'], 'unit')} until {document['until']}"),
        ("both together", f"{money(ahead['objective'], currency)}, gap {percent(ahead['gap'])}"),
        ("positions priced", grouped(len(document["prices"]))),
    ]
