"""`splitship validate`: what is wrong with a pack."""

from __future__ import annotations

from splitship.cli.console import csv_text, emit, emit_json, markdown_table, say
from splitship.cli.options import ListForm, ListFormOption, PackArgument, ScenarioOption


def validate(
    pack: PackArgument, scenario: ScenarioOption = "baseline", output: ListFormOption = ListForm.TABLE
) -> None:
    """Name every fault of a pack, with file, line and column.

    Overlays and sweeps are checked with it; what comes out of them, with --scenario NAME.

    Exit code 0 without faults (warnings do not count), 1 with faults.

    [bold]Examples[/bold]

    splitship validate scenarios/hello

    splitship validate PACK -o json
    """
    import typer

    from splitship.cli.findings import count_findings, count_text, findings_document
    from splitship.cli.progress import Progress
    from splitship.errors import InputError
    from splitship.packs import read_pack

    with Progress(f"reading {pack.name or pack}"):
        try:
            read = read_pack(pack).in_scenario(scenario)
            findings, name = read.warnings, read.name
        except InputError as error:
            findings, name = error.findings, pack.resolve().name
    headers = ("where", "severity", "code", "field", "message", "hint")
    rows = [(f.where, f.severity, f.code, f.field, f.message, f.hint) for f in findings]
    if output is ListForm.JSON:
        emit_json(findings_document(name, findings))
    elif output is ListForm.CSV:
        emit(csv_text(headers, rows))
    elif output is ListForm.MD:
        emit(markdown_table(headers, rows))
    else:
        emit("".join(f"{finding}\n" for finding in findings))
    say(f"{pack}: {count_text(findings)}" if findings else f"{pack}: no faults")
    raise typer.Exit(1 if count_findings(findings, "error") else 0)
