"""Which features of a pack the solver knows: the one list to which a feature is added once it is built."""

from __future__ import annotations

SUPPORTED: frozenset[str] = frozenset()
"""Names of supported features. What belongs to any other is read, checked and then refused, never ignored."""
