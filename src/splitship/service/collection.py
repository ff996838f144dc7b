"""Garbage collection in processes that live long."""

from __future__ import annotations

import gc


def settle() -> None:
    """Put everything that lives now out of later collections: call it once all that stays is loaded."""
    gc.collect()
    gc.freeze()
