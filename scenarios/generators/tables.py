"""Reading and writing the tables that the generators share: plain CSV, LF, UTF-8, every cell as text."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Row = Mapping[str, str]


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file (also `.csv.gz`) as text by column name; a byte-order mark is dropped."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(folder: Path, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Writes `table`.csv with the columns and rows in the order given."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_text(folder: Path, name: str, text: str) -> None:
    """Writes a text file with LF line ends."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode())
