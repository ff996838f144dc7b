"""Packs to folders, and the small pack to start from."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML

from splitship.errors import UsageError
from splitship.packs.pack import SETTINGS_FILE, Pack
from splitship.packs.schema import TABLES
from splitship.packs.settings import Settings
from splitship.packs.starter import STARTER_SETTINGS, STARTER_TABLES
from splitship.packs.view import to_arrow

Form = Literal["csv", "parquet"]


def write_pack(pack: Pack, path: str | PathLike[str], form: Form = "csv") -> Path:
    """Write a pack as a folder of CSV or Parquet tables and scenario.yaml; returns the folder.

    Cells are written as they were given, so reading the folder gives the same problem and the same hash. A pack
    read from files keeps the text of its scenario.yaml, comments included.

    Raises:
        UsageError: the folder already holds a pack or is no folder, or `form` is neither of the two.
    """
    if form not in ("csv", "parquet"):
        raise UsageError(f"unknown form {form!r}: csv or parquet")
    folder = _new_folder(path)
    for name, frame in pack.tables.items():
        if form == "csv":
            _write_csv(folder / f"{name}.csv", list(frame.columns), _cells(frame))
        else:
            columns = [to_arrow(frame.iloc[:, at]) for at in range(frame.shape[1])]
            pq.write_table(pa.table(columns, names=list(map(str, frame.columns))), folder / f"{name}.parquet")
    for name, table in TABLES.items():
        if table.needed and name not in pack.tables:
            _write_csv(folder / f"{name}.csv", table.required_names, [])
    text = pack.source or _settings_text(pack.settings)
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    for source in _overlay_files(pack):
        target = folder / source
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(pack.path or ".") / source, target)
    return folder


def write_starter_pack(path: str | PathLike[str]) -> Path:
    """Write the small valid pack that `splitship init` gives: 3 nodes, 2 services, 5 orders, comments in scenario.yaml.

    Raises:
        UsageError: the folder already holds a pack, or is no folder.
    """
    folder = _new_folder(path)
    for name, text in STARTER_TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / SETTINGS_FILE).write_text(STARTER_SETTINGS, encoding="utf-8")
    return folder


def _new_folder(path: str | PathLike[str]) -> Path:
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made a folder: {error.strerror or error}") from error
    names = [SETTINGS_FILE, *(f"{name}{suffix}" for name in TABLES for suffix in (".csv", ".parquet"))]
    taken = [name for name in names if (folder / name).exists()]
    if taken:
        raise UsageError(f"{folder} already holds {', '.join(taken[:3])}: choose another folder")
    return folder


def _cells(frame: pd.DataFrame) -> Sequence[tuple[str, ...]]:
    if not frame.shape[1]:
        return []
    columns = [to_arrow(frame.iloc[:, at]).to_pylist() for at in range(frame.shape[1])]
    return list(zip(*columns, strict=True))


def _write_csv(path: Path, header: Sequence[Any], rows: Sequence[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _overlay_files(pack: Pack) -> list[str]:
    """Files that overlays read rows from, inside the pack's folder."""
    if pack.path is None:
        return []
    root = pack.path.resolve()
    names = [name for name in pack.settings.overlay_files if (pack.path / name).is_file()]
    return [name for name in names if (root / name).resolve().is_relative_to(root)]


def _settings_text(settings: Settings) -> str:
    """Settings as YAML; prices and limits at their default are written too, so that they can be seen and changed."""
    yaml = YAML()
    yaml.representer.add_representer(Decimal, _represent_decimal)
    document = settings.model_dump(by_alias=True, exclude={"overlays", "scenarios", "sweeps"})
    document["as_of"] = settings.as_of.isoformat()
    given = settings.model_dump(by_alias=True, include={"overlays", "scenarios", "sweeps"}, exclude_unset=True)
    document.update({name: part for name, part in given.items() if part})
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _represent_decimal(representer: Any, value: Decimal) -> Any:
    """A plain number with exactly the digits of the decimal."""
    text = format(value, "f")
    return representer.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


__all__ = ["Form", "write_pack", "write_starter_pack"]
