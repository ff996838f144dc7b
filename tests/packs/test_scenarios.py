"""Scenarios: overlays and sweeps applied to copies of a pack's tables."""

import dataclasses
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from splitship.domain import Problem
from splitship.errors import PackError
from splitship.packs import Pack, read_pack, write_pack
from splitship.packs.documents import plan_document
from splitship.run import solve

ROOT = Path(__file__).resolve().parents[2]

OVERLAYS = """
overlays:
  close_east: [{table: nodes, where: {node_id: EAST}, set: {open: false}}]
  rates_up:
    - {table: rates, where: {service_id: ground, up_to_kg: {le: 1}}, multiply: {price: "1.10"}}
    - {table: rates, where: {service_id: ground}, add: {price: 0.05}}
  peak:
    - {table: nodes, upsert_from: peak.csv}
    - table: stock
      upsert: [{node_id: WEST, sku_id: mug, on_hand: 7}, {node_id: SHOP, sku_id: kettle, safety_stock: 1}]
  fewer: [{table: nodes, clamp: {max_packages_per_day: {max: 50}}}]
  no_books: [{table: order_lines, where: {sku_id: book}, remove: true}]
  speed:
    - {settings: objective, set: {delivery_day: 1.5}}
    - {settings: limits, set: {max_packages: null}}
    - {settings: solve, set: {gap: 0.02}}
scenarios:
  baseline: []
  east_down: [close_east]
  peak_day: {extends: east_down, apply: [peak, rates_up], note: "the day before the feast"}
  capped: [fewer, no_books]
  fast: [speed]
  same: {extends: baseline}
sweeps:
  rates:
    base: east_down
    vary: {pct: [0, 5, 12.5], day: [0.25, 1]}
    apply:
      - {table: rates, multiply: {price: "1 + pct/100"}}
      - {settings: objective, set: {delivery_day: "day * 2"}}
  without:
    vary: {gone: [EAST, WEST]}
    apply: [{table: nodes, where: {node_id: gone}, set: {open: false}}, fewer]
"""
PEAK = "node_id,kind,country,postal_code,max_packages_per_day\nSHOP,store,US,10011,25\nPOPUP,store,US,10001,5\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """hello with overlays, scenarios and sweeps."""
    return hello_with(OVERLAYS, tmp_path)


def hello_with(sections: str, tmp_path: Path) -> Path:
    """hello with other sections in its scenario.yaml."""
    folder = tmp_path / "hello"
    shutil.copytree(ROOT / "scenarios" / "hello", folder)
    path = folder / "scenario.yaml"
    path.write_text(path.read_text().replace("scenarios: {baseline: []}\n", "") + sections)
    if "peak.csv" in sections:
        (folder / "peak.csv").write_text(PEAK)
    return folder


def edit(folder: Path, changes: dict[str, Callable[[str], str]]) -> Pack:
    """The pack with its files edited by hand, and without overlays."""
    for name, change in changes.items():
        path = folder / name
        before = path.read_text()
        path.write_text(change(before))
        assert path.read_text() != before
    yaml = folder / "scenario.yaml"
    yaml.write_text(yaml.read_text().partition("\noverlays:")[0])
    (folder / "peak.csv").unlink()
    return read_pack(folder)


def assert_same(one: Problem, other: Problem) -> None:
    """Equal in every column, but for the name of the scenario."""
    assert one.input_hash == other.input_hash
    _assert_equal(one, other, "problem")


def _assert_equal(one: object, other: object, name: str) -> None:
    if dataclasses.is_dataclass(one):
        assert type(one) is type(other)
        for field in dataclasses.fields(one):
            if field.name != "scenario":
                _assert_equal(getattr(one, field.name), getattr(other, field.name), f"{name}.{field.name}")
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, name)
    else:
        assert one == other, name


BY_HAND: list[tuple[str, dict[str, Callable[[str], str]]]] = [
    (
        "peak_day",
        {
            "nodes.csv": lambda text: (
                "\n".join(
                    line + (",false" if line.startswith("EAST") else ",open" if line.startswith("node_id") else ",")
                    for line in text.replace("2.00,0.50,10", "2.00,0.50,25").splitlines()
                )
                + "\nPOPUP,store,US,10001,,,,,,,,5,\n"
            ),
            "stock.csv": lambda text: (
                text.replace("SHOP,kettle,1,0", "SHOP,kettle,1,1").replace("WEST,mug,2", "WEST,mug,7")
                + ("" if "WEST,mug" in text else "WEST,mug,7,\n")
            ),
            "rates.csv": lambda text: "\n".join(_dearer(line) for line in text.splitlines()) + "\n",
        },
    ),
    (
        "capped",
        {
            "nodes.csv": lambda text: text.replace(",100\n", ",50\n"),
            "order_lines.csv": lambda text: "".join(
                line for line in text.splitlines(keepends=True) if ",book," not in line
            ),
        },
    ),
    (
        "fast",
        {
            "scenario.yaml": lambda text: (
                text.replace("delivery_day: 0.25", "delivery_day: 1.50")
                .replace("limits: {max_packages: 3}", "limits: {}")
                .replace("gap: 0,", "gap: 0.02,")
            )
        },
    ),
    (
        "rates[pct=12.5,day=1]",
        {
            "nodes.csv": lambda text: (
                text.replace("max_packages_per_day\n", "max_packages_per_day,open\n")
                .replace("1.00,0.20,100\nSHOP", "1.00,0.20,100,false\nSHOP")
                .replace("2.00,0.50,10\n", "2.00,0.50,10,\n")
                .replace("1.00,0.20,100\n", "1.00,0.20,100,\n")
            ),
            "rates.csv": lambda text: "\n".join(_times(line, "1.125") for line in text.splitlines()) + "\n",
            "scenario.yaml": lambda text: text.replace("delivery_day: 0.25", "delivery_day: 2"),
        },
    ),
]


def _dearer(line: str) -> str:
    cells = line.split(",")
    if cells[0] != "ground":
        return line
    price = Decimal(cells[3]) * (Decimal("1.10") if Decimal(cells[2]) <= 1 else 1) + Decimal("0.05")
    return ",".join([*cells[:3], str(price), *cells[4:]])


def _times(line: str, factor: str) -> str:
    cells = line.split(",")
    return (
        line
        if cells[0] == "service_id"
        else ",".join([*cells[:3], str(Decimal(cells[3]) * Decimal(factor)), *cells[4:]])
    )


@pytest.mark.parametrize(("scenario", "changes"), BY_HAND, ids=[name for name, _ in BY_HAND])
def test_scenario_is_the_pack_with_edited_tables(
    folder: Path, scenario: str, changes: dict[str, Callable[[str], str]]
) -> None:
    """The same problem, array by array, the same hash, the same plan."""
    pack = read_pack(folder)
    baseline, problem = pack.problem(), pack.problem(scenario)
    edited = edit(folder, changes)
    assert_same(problem, edited.problem())
    assert problem.scenario == scenario
    assert problem.input_hash != baseline.input_hash
    assert pack.options(scenario) == edited.options()
    options = dataclasses.replace(edited.options(), time_limit_s=None, work_limit=5, threads=1)
    here, there = (plan_document(solve(each, options)) for each in (problem, edited.problem()))
    assert here["hashes"]["plan"] == there["hashes"]["plan"]
    assert here["objective"] == there["objective"]


def test_baseline_is_not_touched(folder: Path) -> None:
    """Neither its hash by overlays that are there, nor its tables by scenarios that are run."""
    plain = read_pack(ROOT / "scenarios" / "hello")
    pack = read_pack(folder)
    before = {name: table.copy() for name, table in pack.tables.items()}
    assert pack.problem().input_hash == plain.problem().input_hash
    for name in pack.scenario_names:
        pack.problem(name)
    for name, table in pack.tables.items():
        assert table.equals(before[name])
    assert_same(pack.problem(), plain.problem())
    assert pack.problem("same").input_hash == plain.problem().input_hash
    assert pack.problem("same").scenario == "same"


def test_names_of_scenarios_and_sweeps(folder: Path) -> None:
    """Those of sweeps are the products of their values, with the values in the name."""
    pack = read_pack(folder)
    rates = [f"rates[pct={pct},day={day}]" for pct in ("0", "5", "12.5") for day in ("0.25", "1")]
    names = ("baseline", "east_down", "peak_day", "capped", "fast", "same")
    assert pack.scenario_names == (*names, *rates, "without[gone=EAST]", "without[gone=WEST]")
    steps = pack.scenario_steps("rates[pct=5,day=1]")
    assert (steps.sweep, steps.values, steps.extends) == ("rates", (("pct", "5"), ("day", "1")), "east_down")
    assert steps.overlays == ("close_east", "rates")
    peak = pack.scenario_steps("peak_day")
    assert (peak.note, peak.applies, peak.overlays) == (
        "the day before the feast",
        ("peak", "rates_up"),
        ("close_east", "peak", "rates_up"),
    )
    nodes = pack.problem("without[gone=WEST]").nodes
    assert dict(zip(nodes.node_id, nodes.is_open, strict=True)) == {"EAST": True, "SHOP": True, "WEST": False}


def test_changes_are_told_by_value(folder: Path) -> None:
    """A line a table and a setting; every cell on request, with the overlay that wrote it."""
    pack = read_pack(folder)
    changes = pack.changes("peak_day")
    assert changes.lines == (
        "nodes: 2 rows, open, max_packages_per_day; 1 row added",
        "stock: 1 row, safety_stock; 1 row added",
        "rates: 4 rows, price",
    )
    cells = [cell for table in changes.tables for cell in table.cells()]
    told = {(cell.kind, cell.table, cell.row, cell.column): (cell.old, cell.new, cell.overlay) for cell in cells}
    assert told["changed", "nodes", "EAST", "open"] == ("", "false", "close_east")
    assert told["changed", "nodes", "SHOP", "max_packages_per_day"] == ("10", "25", "peak")
    assert told["added", "nodes", "POPUP", "max_packages_per_day"] == (None, "5", "peak")
    assert ("changed", "nodes", "SHOP", "postal_code") not in told
    assert [each.words for each in changes.operations[:2]] == [
        "nodes where node_id is 'EAST': set open = false",
        "nodes: upsert 2 rows of peak.csv",
    ]
    assert changes.operations[0].place.startswith("scenario.yaml:")
    assert pack.changes("fast").lines == (
        "objective.delivery_day: 0.25 -> 1.5",
        "limits.max_packages: 3 -> none",
        "solve.gap: 0 -> 0.02",
    )
    assert pack.changes("same").is_empty
    assert pack.changes().is_empty
    removed = [cell for table in pack.changes("capped").tables for cell in table.cells() if cell.kind == "removed"]
    assert {cell.table for cell in removed} == {"order_lines"}


def test_a_sweep_value_that_changes_nothing_has_the_hash_of_its_base(folder: Path) -> None:
    """pct=0 multiplies by 1: no difference, no other hash; a cell written as before is no difference either."""
    pack = read_pack(folder)
    assert pack.problem("rates[pct=0,day=0.25]").objective.delivery_day == pytest.approx(0.5)
    assert [line for line in pack.changes("rates[pct=0,day=0.25]").lines if line.startswith("rates")] == []


def test_pack_in_a_scenario_is_a_pack(folder: Path, tmp_path: Path) -> None:
    """Written and read again it is the scenario's problem, with nothing left to apply."""
    pack = read_pack(folder).in_scenario("peak_day")
    assert pack.scenario_names == ("peak_day",)
    assert pack.problem().scenario == "peak_day"
    assert "scenario='peak_day'" in repr(pack)
    again = read_pack(write_pack(pack, tmp_path / "again"))
    assert_same(pack.problem(), again.problem())
    assert again.scenario_names == ("baseline",)


def test_a_written_pack_has_its_scenarios(folder: Path, tmp_path: Path) -> None:
    """scenario.yaml and the files of overlays go with the tables."""
    pack = read_pack(folder)
    again = read_pack(write_pack(pack, tmp_path / "again", "parquet"))
    assert again.scenario_names == pack.scenario_names
    for name in pack.scenario_names:
        assert again.problem(name).input_hash == pack.problem(name).input_hash


def test_scenarios_in_memory() -> None:
    """Tables in memory have scenarios too; faults name the setting."""
    pack = read_pack(ROOT / "scenarios" / "hello")
    settings = {
        "as_of": pack.settings.as_of,
        "overlays": {
            "up": [{"table": "rates", "multiply": {"price": 2}}],
            "bad": [{"table": "nodes", "set": {"open": 7}}],
        },
        "scenarios": {"double": ["up"], "wrong": ["bad"]},
    }
    here = Pack.from_tables(pack.tables, settings)
    assert here.changes("double").lines == (f"rates: {len(pack.tables['rates'])} rows, price",)
    with pytest.raises(
        PackError, match=r"overlays\.bad\.0\.set\.open \(nodes\[0\]\.open\): error\[E108\] open: expected"
    ):
        here.problem("wrong")


def test_two_overlays_on_one_cell_warn(tmp_path: Path) -> None:
    """The later one counts; one overlay may write a cell twice."""
    sections = """
overlays:
  a: [{table: nodes, where: {kind: dc}, set: {unit_cost: 1}}, {table: nodes, set: {unit_cost: 2}}]
  b: [{table: nodes, where: {node_id: [EAST, WEST]}, add: {unit_cost: 0.5}}, {settings: objective, set: {split: 1}}]
  c: [{settings: objective, set: {split: 2}}]
scenarios: {one: [a], two: [a, b, c]}
"""
    pack = read_pack(hello_with(sections, tmp_path))
    assert pack.in_scenario("one").warnings == pack.warnings
    found = [str(each) for each in pack.in_scenario("two").warnings if each.code == "W611"]
    assert found == [
        "scenario.yaml:17:71: warning[W611] overlays.b.0: nodes.unit_cost of EAST and 1 more was written before, "
        "by the overlay a (the later one counts)",
        "scenario.yaml:18:42: warning[W611] overlays.c.0: objective.split was set before, by the overlay b "
        "(the later one counts)",
    ]
    assert [str(cost) for cost in pack.problem("two").nodes.unit_cost.micros] == ["2500000", "2000000", "2500000"]


def test_tables_that_are_not_there_and_tables_without_a_key(tmp_path: Path) -> None:
    """Upsert makes the table; where rows have no key, they are always added."""
    sections = """
overlays:
  day: [{table: node_days, upsert: [{node_id: EAST, date: 2026-11-30, max_packages: 1}]}]
  fuel:
    - table: surcharges
      upsert: [{name: fuel, per_package: 0.40}, {name: shop, order.postal_code: 1*, per_package: 1}]
  less: [{table: node_days, where: {date: 2026-11-30, node_id: EAST}, set: {max_packages: 0}}]
scenarios: {one: [day], two: [day, fuel, less]}
"""
    pack = read_pack(hello_with(sections, tmp_path))
    assert pack.problem("one").node_days.max_packages.tolist() == [1]
    assert pack.problem("two").node_days.max_packages.tolist() == [0]
    assert len(pack.problem("two").surcharges) == 2
    assert pack.changes("two").lines == ("node_days: 1 row added", "surcharges: 2 rows added")


def test_where_knows_attributes(tmp_path: Path) -> None:
    """Text by text, numbers by value where all cells are numbers; else a comparison is a fault."""
    sections = """
overlays:
  a: [{table: nodes, where: {region: {like: "n%"}}, set: {open: false}}, {table: nodes, multiply: {size: 1.5}}]
  b: [{table: nodes, where: {size: {ge: 20}}, set: {open: false}}]
  c: [{table: nodes, where: {region: {gt: 20}}, set: {open: false}}]
scenarios: {a: [a], b: [b], c: [c]}
"""
    folder = hello_with(sections, tmp_path)
    header, *rows = (folder / "nodes.csv").read_text().splitlines()
    values = ("north,10", "near,20", "south,30")
    texts = [f"{header},region,size", *(f"{row},{value}" for row, value in zip(rows, values, strict=True))]
    (folder / "nodes.csv").write_text("\n".join(texts) + "\n")
    pack = read_pack(folder)
    assert pack.problem("a").nodes.is_open.tolist() == [False, False, True]
    assert pack.problem("a").nodes.attributes["size"].tolist() == ["15", "30", "45"]
    assert pack.problem("b").nodes.is_open.tolist() == [True, False, False]
    with pytest.raises(
        PackError, match=r"scenario\.yaml:18:7: error\[E304\] overlays\.c\.0\.where: 'north' is not a number"
    ):
        pack.problem("c")


def test_scenarios_of_us_retail_leave_the_baseline_alone(tmp_path: Path) -> None:
    """Its hash is that of the pack without overlays; each scenario changes what its note says."""
    pack = read_pack(ROOT / "scenarios" / "us-retail")
    plain = pack.settings.model_copy(update={"overlays": {}, "scenarios": {}})
    alone = Pack.from_tables(pack.tables, plain.model_dump(by_alias=True), pack.name)
    assert pack.problem().input_hash == alone.problem().input_hash
    assert {name: pack.changes(name).lines for name in pack.scenario_names} == {
        "baseline": (),
        "dallas_down": ("nodes: 1 row, open",),
        "rate_increase": ("rates: 1,050 rows, price",),
        "peak_capacity": ("nodes: 10 rows, max_packages_per_day, max_units_per_day",),
        "peak_week": (
            "nodes: 10 rows, max_packages_per_day, max_units_per_day",
            "orders: 250 rows added",
            "order_lines: 513 rows added",
        ),
        "new_store": (
            "nodes: 1 row added",
            "node_services: 2 rows added",
            "lanes: 610 rows added",
            "stock: 194 rows added",
            "orders: 97 rows, excluded_nodes",
        ),
        "rebalanced_stock": ("stock: 762 rows, on_hand; 724 rows added",),
        "faster_promise": ("orders: 674 rows, deliver_by",),
        "fewer_splits": ("objective.split: 0.5 -> 4",),
        "carrier_strike": ("node_services: 42 rows, max_packages_per_day",),
    }
    assert len({pack.problem(name).input_hash for name in pack.scenario_names}) == 10
    assert all(pack.in_scenario(name).warnings == () for name in pack.scenario_names)
    assert all(pack.scenario_steps(name).note for name in pack.scenario_names[1:])
