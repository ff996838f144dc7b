"""`splitship schema`: the tables of a pack, column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from splitship.cli.console import csv_text, emit, emit_json, emit_table, markdown_table, plain_table
from splitship.cli.options import ListForm, ListFormOption
from splitship.errors import UsageError

if TYPE_CHECKING:
    from splitship.packs.columns import Column, Table


def schema(
    table: Annotated[str | None, typer.Argument(metavar="TABLE", help="Only this table.", show_default=False)] = None,
    output: ListFormOption = ListForm.TABLE,
) -> None:
    """Print the tables of a pack: columns, types, units, defaults and meanings.

    [bold]Examples[/bold]

    splitship schema

    splitship schema nodes -o md
    """
    from splitship.packs.findings import suggest
    from splitship.packs.schema import TABLES

    if table is not None and table not in TABLES:
        raise UsageError(f"no table {table!r}; {suggest(table, TABLES) or 'there are ' + ', '.join(TABLES)}")
    chosen = [TABLES[table]] if table is not None else list(TABLES.values())
    headers = ("column", "type", "default", "meaning")
    if output is ListForm.JSON:
        emit_json({"schema": "splitship.schema/1", "tables": [_document(each) for each in chosen]})
    elif output is ListForm.CSV:
        rows = [(each.name, *_row(column)) for each in chosen for column in each.columns]
        emit(csv_text(("table", *headers), rows))
    elif output is ListForm.MD:
        parts = [
            f"## {_title(each)}\n\n{markdown_table(headers, [_row(column) for column in each.columns])}"
            for each in chosen
        ]
        emit("\n".join(parts))
    else:
        for each in chosen:
            emit_table(_title(each), plain_table(headers, [_row(column) for column in each.columns]), "")
        emit_table("* required. A column that is not listed is kept as an attribute.")


def _title(table: Table) -> str:
    needed = "required" if table.needed else "optional"
    later = ", not yet supported" if table.later else ""
    return f"{table.name} ({needed}{later}): {table.meaning}"


def _row(column: Column) -> tuple[str, str, str, str]:
    kind = str(column.kind) if not column.words else " | ".join(column.words)
    unit = f" ({column.unit})" if column.unit and column.unit not in kind else ""
    meaning = [column.meaning] if column.meaning else []
    if column.later:
        meaning.append("not yet supported")
    return (column.name + ("*" if column.required else ""), kind + unit, column.default, "; ".join(meaning))


def _document(table: Table) -> dict[str, object]:
    return {
        "table": table.name,
        "meaning": table.meaning,
        "required": table.needed,
        "supported": not table.later,
        "key": list(table.key),
        "columns": [
            {
                "column": column.name,
                "type": str(column.kind),
                "words": list(column.words),
                "unit": column.unit,
                "required": column.required,
                "default": column.default,
                "supported": not column.later,
                "meaning": column.meaning,
            }
            for column in table.columns
        ],
    }
