"""Damaged packs: whatever a file holds, a pack loads or its faults are told; nothing else is raised."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from splitship.errors import InputError
from splitship.packs import Pack, read_pack, write_pack, write_starter_pack

NASTY = [
    "",
    "0",
    "-1",
    "1e9",
    "nan",
    "9" * 40,
    "*",
    ";",
    "a;b",
    "\ud800",
    "2026-02-30",
    "true",
    '"',
    "\n",
    "0.0000000001",
]
cell = st.one_of(st.sampled_from(NASTY), st.text(max_size=8), st.integers(), st.floats(), st.none(), st.booleans())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_starter_pack(tmp_path_factory.mktemp("fuzz") / "pack")


@pytest.fixture(scope="module")
def pack(folder: Path) -> Pack:
    return read_pack(folder)


def loads_or_tells(read: object) -> None:
    told = ""
    try:
        told = read().problem().input_hash  # type: ignore[operator]
    except InputError as error:
        told = "\n".join(map(str, error.findings))
    assert told


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_cells_are_told_or_harmless(pack: Pack, data: st.DataObject) -> None:
    """One to three cells of any table replaced by anything."""
    tables = {name: frame.to_dict("records") for name, frame in pack.tables.items()}
    for _ in range(data.draw(st.integers(1, 3))):
        rows = tables[data.draw(st.sampled_from(sorted(tables)))]
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.sampled_from([*row, "other"]))] = data.draw(cell)
    plain = pack.settings.model_dump(by_alias=True)
    loads_or_tells(lambda: Pack.from_tables(tables, plain))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.sampled_from(["csv", "parquet"]))
def test_damaged_bytes_are_told_or_harmless(folder: Path, pack: Pack, data: st.DataObject, form: str) -> None:
    """A piece of any file, scenario.yaml among them, overwritten, cut out or doubled."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "pack"
        if form == "csv":
            shutil.copytree(folder, copy)
        else:
            write_pack(pack, copy, "parquet")
        path = data.draw(st.sampled_from(sorted(copy.iterdir())))
        content = path.read_bytes()
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.integers(0, 12)))
        piece = data.draw(st.one_of(st.binary(max_size=6), st.just(content[start:end] * 2)))
        path.write_bytes(content[:start] + piece + content[end:])
        loads_or_tells(lambda: read_pack(copy))
