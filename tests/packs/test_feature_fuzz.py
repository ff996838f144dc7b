"""Damaged tables of features: whatever a cell or file holds, the problem is built or faults are told."""

import shutil
import tempfile
from pathlib import Path

import pytest
from feature_pack import FEATURE, TABLES, built, frames, pack, read_with_features, write_folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from splitship.errors import InputError
from splitship.packs import write_pack
from splitship.packs.text import as_text_table

NASTY = ["", "0", "-1", "1e9", "nan", "9" * 40, "*", ";", "a;b*", "b*a", "\ud800", "2026-02-30", "1950-01-01", "true"]
NASTY += [
    "released",
    "pickup",
    "ship",
    "ATL1",
    "SEA7",
    "MUG",
    "SET",
    "O1",
    "1",
    "2",
    "999999999",
    "1000000",
    "0.5",
    "A",
]
cell = st.one_of(st.sampled_from(NASTY), st.text(max_size=8), st.integers(), st.floats(), st.none(), st.booleans())
column = st.sampled_from(
    ["order.channel", "node.kind", "sku.class", "line.gift", "sku.weight_kg", "x.y", ".", "order."]
)

ROWS = {name: frame.to_dict("records") for name, frame in frames(TABLES).items()}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("fuzz")
    return {"csv": write_folder(TABLES, base / "csv"), "parquet": write_pack(pack(), base / "parquet", "parquet")}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_cells_of_features_are_told_or_harmless(data: st.DataObject) -> None:
    """One to four cells replaced by anything, rows left out or doubled, columns of conditions added."""
    tables = {name: [dict(row) for row in rows] for name, rows in ROWS.items()}
    for _ in range(data.draw(st.integers(1, 4))):
        rows = tables[data.draw(st.sampled_from([*FEATURE, "orders", "order_lines", "nodes"]))]
        row = data.draw(st.sampled_from(rows))
        what = data.draw(st.sampled_from(["cell", "cell", "cell", "drop", "double", "condition"]))
        if what == "drop" and len(rows) > 1:
            rows.remove(row)
        elif what == "double":
            rows.append(dict(row))
        elif what == "condition":
            tables["surcharges"][0][data.draw(column)] = data.draw(cell)
        else:
            row[data.draw(st.sampled_from([*row, "other"]))] = data.draw(cell)
    try:
        told = built({name: as_text_table(rows) for name, rows in tables.items()})[0].problem.input_hash
    except InputError as error:
        told = "\n".join(map(str, error.findings))
    assert told


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.sampled_from(["csv", "parquet"]))
def test_damaged_bytes_of_features_are_told_or_harmless(
    folders: dict[str, Path], data: st.DataObject, form: str
) -> None:
    """A piece of any table of a feature overwritten, cut out or doubled."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "pack"
        shutil.copytree(folders[form], copy)
        path = copy / f"{data.draw(st.sampled_from(sorted(FEATURE)))}.{form}"
        content = path.read_bytes()
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.integers(0, 12)))
        piece = data.draw(st.one_of(st.binary(max_size=6), st.just(content[start:end] * 2)))
        path.write_bytes(content[:start] + piece + content[end:])
        try:
            told = read_with_features(copy)[0].input_hash
        except InputError as error:
            told = "\n".join(map(str, error.findings))
        assert told


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_part_of_the_features_is_a_problem(data: st.DataObject) -> None:
    """Every choice of tables and rows that are valid together: rows of a table are free of each other, but for kits."""
    tables = dict(frames(TABLES))
    for name in FEATURE:
        rows = tables[name]
        kept = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
        tables[name] = rows[kept].reset_index(drop=True)
    problem = built(tables)[0].problem.as_given
    sizes = {name: len(getattr(problem, name)) for name in FEATURE if name != "plan_before"}
    assert sizes == {name: len(tables[name]) for name in sizes}
    assert len(problem.plan_before.plan.content_line) == len(tables["plan_before"])
