"""`splitship policy`: what a simple rule would have decided on the same pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from splitship.cli.answer import Request, answer
from splitship.cli.console import csv_text, emit, emit_json, emit_table, markdown_table, plain_table
from splitship.cli.options import (
    OrdersOption,
    PlanOption,
    ScenarioOption,
    SummaryForm,
    SummaryFormOption,
    ThreadsOption,
)
from splitship.errors import UsageError


def policy(
    pack: Annotated[Path | None, typer.Argument(metavar="PACK", help="The pack's folder.", show_default=False)] = None,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Which policy; --list names them.", show_default=False)
    ] = None,
    is_list: Annotated[bool, typer.Option("--list", help="List the policies.")] = False,
    scenario: ScenarioOption = "baseline",
    orders: OrdersOption = None,
    plan: PlanOption = None,
    threads: ThreadsOption = None,
    output: SummaryFormOption = SummaryForm.TABLE,
) -> None:
    """Route a pack's orders by a rule of the kind order systems use, for comparison.

    The plan is checked and priced like any other; there is no bound.

    [bold]Examples[/bold]

    splitship policy --list

    splitship policy scenarios/us-retail nearest -o json
    """
    from splitship.policies import POLICIES

    if is_list:
        _list(output)
        return
    if pack is None or name is None:
        raise UsageError("name a pack and a policy: splitship policy PACK NAME (or --list)")
    if name not in POLICIES:
        from splitship.packs.findings import suggest

        hint = suggest(name, POLICIES)
        raise UsageError(f"no policy {name!r}; {hint or 'there are ' + ', '.join(POLICIES)}")
    changes: dict[str, object] = {"method": f"policy:{name}", "solver": None}
    if threads is not None:
        changes["threads"] = threads
    answer(Request(pack, scenario, orders, changes, plan, output))


def _list(form: SummaryForm) -> None:
    from splitship.policies import POLICIES

    headers = ("policy", "rule")
    rows = [(name, POLICIES[name].description) for name in POLICIES]
    if form is SummaryForm.JSON:
        emit_json([{"policy": name, "rule": rule} for name, rule in rows])
    elif form is SummaryForm.MD:
        emit(markdown_table(headers, rows))
    elif form is SummaryForm.CSV:
        emit(csv_text(headers, rows))
    elif form is SummaryForm.TABLE:
        emit_table(plain_table(headers, rows))
    else:
        raise UsageError("the list comes as table, json, md or csv")
