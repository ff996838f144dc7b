"""The steps of a scenario made on the spot: as a document would hold them, and words for their places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

import numpy as np

from splitship.packs.text import cell_text


def plain_steps(steps: Any) -> Any:
    """Steps with lists in place of tuples, and texts in place of dates and NumPy's numbers; one alone as a list."""
    return _plain([steps] if isinstance(steps, (Mapping, str)) else steps)


def place_in_steps(path: tuple[str | int, ...], about_key: bool) -> str:
    """The place of a part: `scenario[0].set.open`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return cell_text(value) if isinstance(value, (date, time, np.generic)) else value
