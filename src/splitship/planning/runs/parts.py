"""The input of a run part by part, so that a change of it can be named."""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Mapping

import pandas as pd

from splitship.packs import Pack
from splitship.packs.text import cell_text

_known: dict[int, tuple[weakref.ref[pd.DataFrame], str]] = {}
"""Hashes of tables that are still there, by their identity: scenarios share the tables that they do not change."""


def input_parts(pack: Pack, scenario: str) -> dict[str, str]:
    """A hash of every table that has rows, as the scenario has it, and of its settings.

    These are of the text of the cells: two ways to write one value differ here, though not in `hashes.input`.
    """
    chosen = pack.in_scenario(scenario)
    found = {name: _table_hash(table) for name, table in sorted(chosen.tables.items()) if len(table)}
    settings = chosen.settings.model_dump_json(exclude={"name", "overlays", "scenarios", "sweeps"})
    return found | {"settings": hashlib.sha256(settings.encode()).hexdigest()}


def _table_hash(table: pd.DataFrame) -> str:
    known = _known.get(id(table))
    if known is not None and known[0]() is table:
        return known[1]
    digest = hashlib.sha256()
    for column in table.columns:
        cells = (cell_text(cell) for cell in table[column].tolist())
        digest.update("\x1f".join((str(column), *cells, "\x1e")).encode())
    found = digest.hexdigest()
    key = id(table)
    _known[key] = (weakref.ref(table, lambda gone: _forget(key, gone)), found)
    return found


def _forget(key: int, gone: weakref.ref[pd.DataFrame]) -> None:
    if key in _known and _known[key][0] is gone:
        del _known[key]


def differing_parts(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Names of parts that are not the same in both."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
