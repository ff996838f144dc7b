"""Any table as text columns: the one form in which tables are validated, whatever they came from.

A text table is a DataFrame whose columns are pandas `str`; an empty cell is '' (or missing).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Rows = Sequence[Mapping[str, Any]]

STRING_DTYPE = pd.StringDtype("pyarrow", na_value=np.nan)


def as_text_table(table: pd.DataFrame | pa.Table | Rows) -> pd.DataFrame:
    """A table as text: a DataFrame or Arrow table of natural values (numbers, flags, dates, text), or rows as mappings.

    Missing values (None, NaN of a DataFrame, NaT) become empty. Floats become their shortest decimal text, without
    exponent. A text table is returned as it is.

    Raises:
        TypeError: a cell holds something that has no text, such as a nested table.
    """
    if isinstance(table, pd.DataFrame):
        if all(dtype == STRING_DTYPE for dtype in table.dtypes):
            return table
        columns = [column_from_arrow(series_to_arrow(table.iloc[:, at])) for at in range(table.shape[1])]
        return frame_of(list(map(str, table.columns)), columns, len(table))
    if isinstance(table, pa.Table):
        arrow = [column_from_arrow(column) for column in table.columns]
        return frame_of(list(table.column_names), arrow, table.num_rows)
    names: dict[str, None] = {}
    for row in table:
        names.update(dict.fromkeys(map(str, row)))
    columns = [text_column(cell_text(row.get(name)) for row in table) for name in names]
    return frame_of(list(names), columns, len(table))


def frame_of(names: Sequence[str], columns: Sequence[pa.Array], num_rows: int) -> pd.DataFrame:
    """Arrow text columns as a text table; names may repeat (a fault that is told later)."""
    if not names:
        return pd.DataFrame(index=pd.RangeIndex(num_rows))
    series = {at: text_series(column) for at, column in enumerate(columns)}
    frame = pd.DataFrame(series, index=pd.RangeIndex(num_rows))
    frame.columns = pd.Index(list(names), dtype=object)
    return frame


def text_series(column: pa.Array) -> pd.Series[str]:
    """An Arrow text column as a pandas column, without a copy."""
    return pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array([column]), dtype=STRING_DTYPE))  # type: ignore[call-arg]


def text_column(texts: Iterable[str]) -> pa.Array:
    """Texts as an Arrow column. Text that is not Unicode (a lone surrogate) has its bad parts replaced by `?`."""
    listed = list(texts)
    try:
        return pa.array(listed, pa.large_string())
    except UnicodeEncodeError:
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in listed]
        return pa.array(clean, pa.large_string())


def series_to_arrow(series: pd.Series[Any]) -> pa.Array:
    """A pandas column as Arrow; missing values, NaN among them, are null."""
    if series.dtype == object:
        missing = series.isna().to_numpy()
        values = series.to_numpy()
        return text_column("" if gone else cell_text(value) for value, gone in zip(values, missing, strict=True))
    array = pa.array(series, from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def column_from_arrow(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """An Arrow column of any plain type as canonical text, nulls as ''.

    Raises:
        TypeError: the type has no text form (lists, structs).
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    kind = column.type
    if pa.types.is_dictionary(kind):
        return pc.take(column_from_arrow(column.dictionary), column.indices).fill_null("")
    if pa.types.is_null(kind):
        return text_column([""] * len(column))
    if pa.types.is_large_string(kind):
        return column.fill_null("") if column.null_count else column
    if pa.types.is_string(kind) or pa.types.is_string_view(kind) or pa.types.is_boolean(kind):
        return column.cast(pa.large_string()).fill_null("")
    if pa.types.is_integer(kind) or pa.types.is_date(kind):
        return column.cast(pa.date32() if pa.types.is_date(kind) else kind).cast(pa.large_string()).fill_null("")
    if pa.types.is_timestamp(kind):
        return _timestamps(column)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return column.cast(pa.large_string()).fill_null("")
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_time(kind):
        encoded = column.dictionary_encode()
        values = encoded.dictionary
        listed = values.to_numpy(zero_copy_only=False) if pa.types.is_floating(kind) else values.to_pylist()
        return pc.take(text_column(map(cell_text, listed)), encoded.indices).fill_null("")
    raise TypeError(f"cells of type {kind} have no text form")


def cell_text(value: Any) -> str:
    """One natural value as canonical text.

    Raises:
        TypeError: the value has no text form.
    """
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, np.floating):
        return _float_text(float(value), str(value))
    if isinstance(value, float):
        return _float_text(value, repr(value))
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() and abs(value.adjusted()) < 100 else str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes") if not value.second and not value.microsecond else value.isoformat()
    if isinstance(value, np.datetime64):
        return "" if np.isnat(value) else str(value)
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return ";".join(value)
    raise TypeError(f"a cell cannot hold {type(value).__name__} {value!r:.80}")


def _float_text(value: float, shortest: str) -> str:
    if not math.isfinite(value):
        return shortest
    if value.is_integer():
        return str(int(value))
    return format(Decimal(shortest), "f")


def _timestamps(column: pa.Array) -> pa.Array:
    """ISO text: with `Z` where the type has a time zone; a plain date where all are local midnights."""
    has_zone = column.type.tz is not None
    if not has_zone and bool(pc.all(pc.equal(pc.floor_temporal(column, unit="day"), column)).as_py()):
        return column.cast(pa.date32()).cast(pa.large_string()).fill_null("")
    texts = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S" + ("Z" if has_zone else ""))
    if has_zone:
        utc = column.cast(pa.timestamp(column.type.unit, "UTC"))
        texts = pc.strftime(utc, format="%Y-%m-%dT%H:%M:%SZ")
    # %S carries the fraction of the unit (08:00:00.000000); what is beyond a micro stays and is told as a fault.
    texts = pc.replace_substring_regex(texts, r"(\.[0-9]*?)0+(Z?)$", r"\1\2")
    texts = pc.replace_substring_regex(texts, r"\.(Z?)$", r"\1")
    return texts.cast(pa.large_string()).fill_null("")
