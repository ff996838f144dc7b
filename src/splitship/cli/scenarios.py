"""`splitship scenarios`: what a pack's scenarios are, and what one of them changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from splitship.cli.options import ListForm, ListFormOption, PackArgument

if TYPE_CHECKING:
    from splitship.packs import Changes, Pack

_CELL_HEADERS = ("table", "change", "row", "column", "old", "new", "overlay")


def scenarios(
    pack: PackArgument,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Show what this one changes.", show_default=False)
    ] = None,
    rows: Annotated[bool, typer.Option("--rows", help="Every cell that changes, old and new.")] = False,
    output: ListFormOption = ListForm.TABLE,
) -> None:
    """List a pack's scenarios, or show what one of them does, without solving anything.

    With a name: its operations in their order, what differs from the baseline table by table, and the hash of its
    input. The tables that come out are checked like any others.

    [bold]Examples[/bold]

    splitship scenarios scenarios/us-retail

    splitship scenarios PACK peak_day --rows

    splitship scenarios PACK "rates[pct=5]" -o json
    """
    from splitship.cli.answer import open_pack
    from splitship.cli.progress import Progress
    from splitship.errors import UsageError

    if name is None and rows:
        raise UsageError("--rows goes with the name of a scenario")
    with Progress(f"reading {pack.name or pack}") as progress:
        read = open_pack(pack)
        if name is not None:
            progress.phase(f"applying {name}")
            changes, chosen = read.changes(name), read.in_scenario(name)
    if name is None:
        _show_list(read, output)
    else:
        _show_one(read, chosen, changes, rows, output)


def _show_list(pack: Pack, form: ListForm) -> None:
    from splitship.cli.console import csv_text, emit, emit_json, emit_table, markdown_table, plain_table

    steps = [pack.scenario_steps(name) for name in pack.scenario_names]
    if form is ListForm.JSON:
        listed = [
            {
                "scenario": each.name,
                "extends": each.extends or None,
                "applies": list(each.applies),
                "sweep": each.sweep or None,
                "values": dict(each.values),
                "note": each.note,
            }
            for each in steps
        ]
        emit_json({"schema": "splitship.scenarios/1", "pack": pack.name, "scenarios": listed})
        return
    headers = ("scenario", "extends", "applies", "note")
    cells = [(each.name, each.extends, ", ".join(each.applies), each.note) for each in steps]
    if form is ListForm.CSV:
        emit(csv_text(headers, cells))
    elif form is ListForm.MD:
        emit(markdown_table(headers, cells))
    else:
        emit_table(plain_table(headers, cells))


def _show_one(pack: Pack, chosen: Pack, changes: Changes, rows: bool, form: ListForm) -> None:
    from splitship.cli.console import (
        csv_text,
        emit,
        emit_json,
        emit_table,
        grouped,
        markdown_table,
        plain_table,
        say_findings,
    )

    own = [each for each in chosen.warnings if each not in pack.warnings]
    hashes = {"input": chosen.problem().input_hash, "baseline": pack.problem().input_hash}
    if form is ListForm.JSON:
        emit_json(_document(pack, chosen, changes, rows, hashes, own))
        return
    say_findings(own)
    if form is ListForm.CSV or (form is ListForm.MD and rows):
        cells = _cell_rows(changes)
        emit(csv_text(_CELL_HEADERS, cells) if form is ListForm.CSV else markdown_table(_CELL_HEADERS, cells))
        return
    headers = ("", "overlay", "operation", "rows")
    operations = [
        (str(number), each.overlay, each.words, grouped(each.num_rows))
        for number, each in enumerate(changes.operations, 1)
    ]
    steps = pack.scenario_steps(changes.scenario)
    lines = [f"{pack.name} / {changes.scenario}{': ' + steps.note if steps.note else ''}"]
    differences = [*(changes.lines or ("no difference to the baseline",)), f"input {hashes['input']}"]
    if form is ListForm.MD:
        table = markdown_table(headers, operations, (0, 3)) + "\n" if operations else ""
        emit(lines[0] + "\n\n" + table + "".join(f"- {line}\n" for line in differences))
        return
    parts: list[Any] = [*lines, ""]
    if operations:
        parts += [plain_table(headers, operations, (0, 3)), ""]
    if rows and not changes.is_empty:
        parts += [plain_table(_CELL_HEADERS, _cell_rows(changes)), ""]
    emit_table(*parts, *differences)


def _cell_rows(changes: Changes) -> list[tuple[str, ...]]:
    cells = [
        (each.table, each.kind, each.row, each.column, each.old or "", each.new or "", each.overlay)
        for table in changes.tables
        for each in table.cells()
    ]
    return cells + [
        (each.section, "setting", "", each.name, each.old, each.new, each.overlay) for each in changes.settings
    ]


def _document(
    pack: Pack, chosen: Pack, changes: Changes, rows: bool, hashes: dict[str, str], warnings: list[Any]
) -> dict[str, Any]:
    """Schema `splitship.scenario/1`."""
    from splitship.cli.findings import findings_document

    steps = pack.scenario_steps(changes.scenario)
    tables = []
    for table in changes.tables:
        entry: dict[str, Any] = {
            "table": table.table,
            "changed_rows": table.num_changed_rows,
            "added_rows": len(table.added),
            "removed_rows": len(table.removed),
            "columns": list(table.columns),
        }
        if rows:
            entry["cells"] = [
                {
                    "change": each.kind,
                    "row": each.row,
                    "column": each.column or None,
                    "old": each.old,
                    "new": each.new,
                    "overlay": each.overlay or None,
                }
                for each in table.cells()
            ]
        tables.append(entry)
    return {
        "schema": "splitship.scenario/1",
        "pack": pack.name,
        "scenario": changes.scenario,
        "note": steps.note,
        "extends": steps.extends or None,
        "sweep": steps.sweep or None,
        "values": dict(steps.values),
        "operations": [
            {"overlay": each.overlay, "operation": each.words, "rows": each.num_rows, "where": each.place}
            for each in changes.operations
        ],
        "tables": tables,
        "settings": [
            {"section": each.section, "name": each.name, "old": each.old, "new": each.new, "overlay": each.overlay}
            for each in changes.settings
        ],
        "hashes": hashes,
        "warnings": findings_document(pack.name, warnings)["findings"],
    }
