"""The hash of an input: the same for the same data, whatever files it came from."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from splitship.domain import Problem, SolveOptions
from splitship.domain.constant import NEUTRAL, is_constant
from splitship.packs.demand import Reference
from splitship.packs.feature_tables import FEATURE_TABLES
from splitship.units import Amounts

FORMAT = b"splitship.input/1"
FEATURE_NAMES = tuple(table.name for table in FEATURE_TABLES)
"""Fields of a problem that are part of its hash only when they have rows."""


def hash_input(problem: Problem, options: SolveOptions, reference: Reference | None) -> str:
    """`sha256:` and the hex digest of a problem's canonical columns and settings.

    Numbers count by value, defaults are filled in, columns go in the order of their names,
    rows in the problem's own order. Tables without rows and optional columns that say nothing, those of features not
    in use, are left out. Attributes, the reference and the solve settings are part of it; the names of
    pack and scenario are not.
    """
    digest = hashlib.sha256(FORMAT)
    _add(digest, "as_of", problem.as_of_us)
    _add(digest, "currency", problem.currency)
    for name in ("objective", "limits"):
        _add(digest, name, getattr(problem, name))
    for name in ("nodes", "skus", "stock", "services", "node_services", "lanes", "rates", "orders", "lines"):
        _add(digest, name, getattr(problem, name))
    if problem.rules:
        _add(digest, "rules", tuple(rule.facts() for rule in problem.rules))
    for name in FEATURE_NAMES:
        if len(getattr(problem, name)):
            _add(digest, name, getattr(problem, name))
    _add(digest, "solve", options)
    _add(digest, "reference", reference)
    return f"sha256:{digest.hexdigest()}"


def _add(digest: Any, name: str, value: Any) -> None:
    """Feed one named value; every part is preceded by its length, so that nothing can run into the next."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        column = pa.array(value, pa.large_string())
        lengths = np.frombuffer(column.buffers()[1], np.int64)[: len(column) + 1]
        _put(digest, name, b"text", np.ascontiguousarray(lengths).data.tobytes())
        data = column.buffers()[2]
        _put(digest, name, b"data", data.to_pybytes()[: int(lengths[-1])] if data is not None else b"")
    elif isinstance(value, np.ndarray):
        kind = {"f": np.float64, "b": np.bool_}.get(value.dtype.kind, np.int64)
        _put(digest, name, repr(value.shape).encode(), np.ascontiguousarray(value, kind).tobytes())
    elif isinstance(value, Amounts):
        _add(digest, f"{name}.micros", value.micros)
        _add(digest, f"{name}.atto", value.atto)
    elif isinstance(value, Mapping):
        for key in sorted(value):
            _add(digest, f"{name}[{key}]", value[key])
    elif isinstance(value, tuple):
        _add(digest, f"{name}.length", len(value))
        for at, part in enumerate(value):
            _add(digest, f"{name}[{at}]", part)
    elif dataclasses.is_dataclass(value):
        for field in sorted(dataclasses.fields(value), key=lambda field: field.name):
            part = getattr(value, field.name)
            says_nothing = NEUTRAL in field.metadata and (part is None or is_constant(part, field.metadata[NEUTRAL]))
            if not says_nothing:
                _add(digest, f"{name}.{field.name}", part)
    else:
        _put(digest, name, type(value).__name__.encode(), _scalar(value))


def _scalar(value: Any) -> bytes:
    if isinstance(value, Decimal):
        text = format(value, "f")
        return (text.rstrip("0").rstrip(".") if "." in text else text).encode()
    return repr(value).encode()


def _put(digest: Any, name: str, kind: bytes, data: bytes) -> None:
    label = name.encode()
    digest.update(len(label).to_bytes(4, "little") + label)
    digest.update(len(kind).to_bytes(4, "little") + kind)
    digest.update(len(data).to_bytes(8, "little") + data)
