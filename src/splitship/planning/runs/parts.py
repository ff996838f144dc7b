"""The input of a run part by part, so that a change of it can be named."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from splitship.packs import Pack
from splitship.packs.text import cell_text


def input_parts(pack: Pack, scenario: str) -> dict[str, str]:
    """A hash of every table that has rows, as the scenario has it, and of its settings.

    These are of the text of the cells: two ways to write one value differ here, though not in `hashes.input`.
    """
    chosen = pack.in_scenario(scenario)
    found = {}
    for name, table in sorted(chosen.tables.items()):
        if not len(table):
            continue
        digest = hashlib.sha256()
        for column in table.columns:
            cells = (cell_text(cell) for cell in table[column].tolist())
            digest.update("\x1f".join((str(column), *cells, "\x1e")).encode())
        found[name] = digest.hexdigest()
    settings = chosen.settings.model_dump_json(exclude={"name", "overlays", "scenarios", "sweeps"})
    return found | {"settings": hashlib.sha256(settings.encode()).hexdigest()}


def differing_parts(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Names of parts that are not the same in both."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
