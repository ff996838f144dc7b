"""Small tables for notebooks: HTML without scripts or colours of its own, so that it reads on dark and light."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


def html_table(caption: str, rows: Iterable[tuple[str, str]]) -> str:
    """Rows of a name and what is to be said of it, under a caption; every text is escaped."""
    cells = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(name)}</th>'
        f'<td style="text-align:right">{escape(text)}</td></tr>'
        for name, text in rows
    )
    return f'<table><caption style="text-align:left">{escape(caption)}</caption><tbody>{cells}</tbody></table>'
