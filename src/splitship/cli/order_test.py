"""`splitship test`: one order alone on a pack's network."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from splitship.cli.console import (
    counted,
    emit,
    emit_json,
    emit_table,
    key_values,
    markdown_table,
    money,
    percent,
    plain_table,
)
from splitship.cli.options import PackArgument, ReportForm, ReportFormOption, ScenarioOption

if TYPE_CHECKING:
    from splitship.domain import Problem, Result
    from splitship.instance.order_test import OrderOption

MOST_ROWS = 20
_PACKAGE = ("package", "node", "service", "ships", "arrives", "units x SKU", "cost")
_OPTION = ("node", "service", "ships", "arrives", "late", "packages", "cost")
_OBSTACLE = ("node", "service", "reason", "why not")


def one_order(
    pack: PackArgument,
    order: Annotated[
        str,
        typer.Option("--order", metavar="FILE|ID", help="An order's id, or a JSON file with one.", show_default=False),
    ],
    scenario: ScenarioOption = "baseline",
    output: ReportFormOption = ReportForm.TABLE,
) -> None:
    """Test one order alone on the network: its best plan, every option with date and cost, and why not the others.

    A file holds the order's columns as in orders, and its lines under "lines" with their columns as in order_lines;
    order_id, placed_at and line_id may be left out. Other orders are as if they did not exist.

    [bold]Examples[/bold]

    splitship test scenarios/hello --order O3

    splitship test PACK --order order.json -o json
    """
    from splitship.cli.answer import exit_code, open_pack
    from splitship.cli.kernels import compile_kernels
    from splitship.cli.one_order import order_problem
    from splitship.cli.progress import Progress
    from splitship.instance.order_test import order_options
    from splitship.run import solve

    with Progress(f"reading {pack.name or pack}") as progress:
        read = open_pack(pack, scenario)
        problem = order_problem(read, order)
        compile_kernels(progress)
        progress.phase("solving", problem.currency)
        result = solve(
            problem, dataclasses.replace(read.options(), gap=0.0, method="order-plans"), on_event=progress.event
        )
        options = order_options(problem, 0)
    document = order_test_document(result, options)
    if output is ReportForm.JSON:
        emit_json(document)
    elif output is ReportForm.MD:
        emit(_markdown(document))
    else:
        _show(document)
    raise typer.Exit(exit_code(result))


def order_test_document(result: Result, options: tuple[OrderOption, ...]) -> dict[str, Any]:
    """The test of an order, schema `splitship.test/1`: its best plan, then every node and service for all of it."""
    from splitship.packs.documents import plan_document

    plan = plan_document(result)
    kept = ("pack", "scenario", "currency", "objective", "bound", "gap", "gap_money", "bound_source", "costs")
    return {
        "schema": "splitship.test/1",
        **{key: plan[key] for key in kept},
        "order": _order(result.problem),
        "packages": plan["packages"],
        "unfilled": plan["unfilled"],
        "options": [_option(option) for option in options],
    }


def _order(problem: Problem) -> dict[str, Any]:
    from splitship.packs.documents import day_texts
    from splitship.units import NO_DATE

    orders, lines = problem.orders, problem.as_given.lines
    deliver_by = orders.deliver_by[:1]
    return {
        "order_id": orders.order_id[0],
        "country": orders.country[0],
        "postal_code": orders.postal_code[0],
        "deliver_by": None if int(deliver_by[0]) >= NO_DATE else day_texts(deliver_by)[0],
        "lines": [
            {"line_id": line_id, "sku_id": problem.skus.sku_id[sku], "quantity": quantity}
            for line_id, sku, quantity in zip(
                lines.line_id.tolist(), lines.sku_idx.tolist(), lines.quantity.tolist(), strict=True
            )
        ],
    }


def _option(option: OrderOption) -> dict[str, Any]:
    from splitship.packs.documents import cost_document
    from splitship.units import day_text, format_micros

    return {
        "node_id": option.node_id,
        "service_id": option.service_id,
        "ship_on": None if option.ship_day is None else day_text(option.ship_day),
        "deliver_on": None if option.deliver_day is None else day_text(option.deliver_day),
        "late_days": option.late_days,
        "packages": option.num_packages,
        "possible": option.is_possible,
        **({"substitutes": _substitutes(option)} if option.substitutes else {}),
        "cost": None if option.costs is None else format_micros(option.costs.total),
        "costs": None if option.costs is None else cost_document(option.costs),
        "obstacles": [
            {"line_id": obstacle.line_id, "reason": obstacle.reason.value, "detail": obstacle.detail}
            for obstacle in option.obstacles
        ],
    }


def _substitutes(option: OrderOption) -> list[dict[str, str]]:
    names = ("line_id", "sku_id", "substitute_sku_id")
    return [dict(zip(names, row, strict=True)) for row in option.substitutes]


def _show(document: dict[str, Any]) -> None:
    """Print the document as tables."""
    currency = document["currency"]
    emit_table(_title(document), "", key_values(_facts(document)), "")
    if document["packages"]:
        emit_table(plain_table(_PACKAGE, _package_rows(document), right=(6,)), "")
    possible, impossible = _option_rows(document), _obstacle_rows(document)
    if possible:
        emit_table(f"the whole order from one node by one service, {currency}", "")
        emit_table(plain_table(_OPTION, possible[:MOST_ROWS], right=(4, 5, 6)), *_rest(possible), "")
    if impossible:
        emit_table("not possible for the whole order", "")
        emit_table(plain_table(_OBSTACLE, impossible[:MOST_ROWS]), *_rest(impossible))


def _markdown(document: dict[str, Any]) -> str:
    parts = [
        f"## {_title(document)}\n",
        markdown_table(("", ""), _facts(document)),
        markdown_table(_PACKAGE, _package_rows(document), right=(6,)),
        "The whole order from one node by one service:\n",
        markdown_table(_OPTION, _option_rows(document), right=(4, 5, 6)),
        "Not possible for the whole order:\n",
        markdown_table(_OBSTACLE, _obstacle_rows(document)),
    ]
    return "\n".join(parts)


def _title(document: dict[str, Any]) -> str:
    order = document["order"]
    promise = f", promised for {order['deliver_by']}" if order["deliver_by"] else ""
    place = f"{order['country']} {order['postal_code']}"
    return f"order {order['order_id']} to {place}{promise}, alone on {document['pack']} / {document['scenario']}"


def _facts(document: dict[str, Any]) -> list[tuple[str, str]]:
    currency = document["currency"]
    costs = ", ".join(f"{term} {money(text)}" for term, text in document["costs"].items() if float(text))
    facts = [("best plan", f"{money(document['objective'], currency)} ({costs})" if costs else "costs nothing")]
    if document["bound"] is not None:
        facts.append(("lower bound", f"{money(document['bound'], currency)}, gap {percent(document['gap'])}"))
    for row in document["unfilled"]:
        units = counted(row["quantity"], "unit")
        facts.append(("unfilled", f"line {row['line_id']}, {units}: {row['reason']}, {row['detail']}"))
    return facts


def _package_rows(document: dict[str, Any]) -> list[tuple[str, ...]]:
    from splitship.units import format_micros, parse_micros

    return [
        (
            package["package_id"],
            package["node_id"],
            package["service_id"],
            package["ship_on"],
            package["deliver_on"],
            ", ".join(f"{line['quantity']} x {line['sku_id']}" for line in package["lines"]),
            money(format_micros(sum(parse_micros(text) for text in package["costs"].values()))),
        )
        for package in document["packages"]
    ]


def _option_rows(document: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        (
            option["node_id"],
            option["service_id"] + _in_place(option),
            option["ship_on"],
            option["deliver_on"],
            str(option["late_days"] or ""),
            str(option["packages"]),
            money(option["cost"]),
        )
        for option in document["options"]
        if option["possible"]
    ]


def _in_place(option: dict[str, Any]) -> str:
    """The substitutes of an option in words: ` (V for K)`."""
    texts = dict.fromkeys(f"{row['substitute_sku_id']} for {row['sku_id']}" for row in option.get("substitutes", ()))
    return f" ({', '.join(texts)})" if texts else ""


def _obstacle_rows(document: dict[str, Any]) -> list[tuple[str, ...]]:
    """What stands in the way, once for all the services of a node that it stops."""
    services: dict[tuple[str, str, str], list[str]] = {}
    for option in document["options"]:
        for obstacle in option["obstacles"]:
            line = "" if obstacle["line_id"] is None else f"line {obstacle['line_id']}: "
            key = (option["node_id"], obstacle["reason"], line + obstacle["detail"])
            services.setdefault(key, []).append(option["service_id"])
    num_services = len({option["service_id"] for option in document["options"]})
    return [
        (node_id, "any" if len(names) == num_services else ", ".join(sorted(names)), reason, text)
        for (node_id, reason, text), names in services.items()
    ]


def _rest(rows: list[tuple[str, ...]]) -> list[str]:
    more = len(rows) - MOST_ROWS
    return [f"... and {more} more: -o json lists all"] if more > 0 else []
