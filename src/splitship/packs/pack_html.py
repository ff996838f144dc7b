"""A pack in a notebook, as a small table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from splitship.domain.html_table import html_table
from splitship.packs.changes import Changes
from splitship.packs.scenarios import names_in_words

SHOWN_LINES = 20


def pack_html(
    name: str, scenario: str, tables: Mapping[str, pd.DataFrame], scenarios: Sequence[str], changes: Changes | None
) -> str:
    """Rows of the tables, the other scenarios there are, and what was changed to get here; without scripts."""
    rows = [(table, f"{len(frame):,} rows") for table, frame in tables.items()]
    others = [each for each in scenarios if each != scenario]
    if others:
        rows.append(("other scenarios", names_in_words(others)))
    lines = () if changes is None else changes.lines
    rows += [("changed", line) for line in lines[:SHOWN_LINES]]
    if len(lines) > SHOWN_LINES:
        rows.append(("changed", f"and {len(lines) - SHOWN_LINES} more"))
    return html_table(f"{name} / {scenario}", rows)
