"""Faults of overlays, scenarios and sweeps: told with file, line and column, of the overlay where it caused them."""

from pathlib import Path

import pytest
from test_scenarios import hello_with

from splitship.errors import PackError
from splitship.packs import read_pack
from splitship.packs.arithmetic import ExpressionFaultError, read_expression

READ: list[tuple[str, str]] = [
    (
        "{table: nodes, where: {nod_id: EAST}, remove: true}",
        ":17:28: error[E303] overlays.a.0.where.nod_id: the table nodes has no column 'nod_id' (did you mean node_id?)",
    ),
    (
        "{table: nodes, where: {kind: shop}, remove: true}",
        ":17:34: error[E304] overlays.a.0.where.kind: kind is one of",
    ),
    (
        "{table: nodes, where: {unit_cost: {like: 1}}, remove: true}",
        ":17:39: error[E304] overlays.a.0.where.unit_cost: like compares text",
    ),
    (
        "{table: nodes, set: {opne: false}}",
        ":17:26: error[E305] overlays.a.0.set.opne: the table nodes has no column 'opne' (did you mean open?)",
    ),
    (
        "{table: rates, upsert: [{service_id: x}]}",
        ":17:29: error[E113] overlays.a.0.upsert.0: a row of rates is found by",
    ),
    ("{table: nodes, add: {node_id: 1}}", ":17:35: error[E306] overlays.a.0.add.node_id: arithmetic needs numbers"),
    (
        "{table: nodes, multiply: {unit_cost: 1 + 2}}",
        ":17:42: error[E307] overlays.a.0.multiply.unit_cost: expected a number, got '1 + 2' (arithmetic with names",
    ),
    (
        "{table: nodes, clamp: {unit_cost: {min: 2, max: 1}}}",
        ":17:39: error[E113] overlays.a.0.clamp.unit_cost: min must not be above max",
    ),
    ("{table: nodes, clamp: {unit_cost: {}}}", ":17:39: error[E113] overlays.a.0.clamp.unit_cost: clamp needs"),
    ("{table: nodes, upsert_from: no.csv}", ":17:33: error[E101] overlays.a.0.upsert_from: there is no file 'no.csv'"),
    ("{table: nodes, upsert_from: ../x.csv}", ":17:33: error[E101] overlays.a.0.upsert_from: '../x.csv' is outside"),
    ("{table: nodes, upsert_from: bad.csv}", "error[E103] expected 2 cells, got 1"),
    ("{table: nodes, upsert_from: odd.csv}", "odd.csv:1:2: error[E305] opne: the table nodes has no such column"),
    (
        "{table: nodes, upsert_from: twice.csv}",
        "twice.csv:3: error[E201] node_id: 'EAST' stands already at twice.csv:2",
    ),
    (
        "{settings: limits, set: {max_package: 1}}",
        ":17:30: error[E112] overlays.a.0.set.max_package: unknown key (did you mean max_packages?)",
    ),
    (
        "{settings: objective, set: {split: -1}}",
        ":17:40: error[E113] overlays.a.0.set.split: must not be negative, got '-1'",
    ),
    (
        "{table: nodes, set: {open: false}, remove: true}",
        ":17:5: error[E113] overlays.a.0: set and remove: an operation",
    ),
    ("{settings: limits, remove: true}", ":17:5: error[E113] overlays.a.0: settings can only be set"),
    (
        "{table: nodes, where: {kind: dc}, upsert: [{node_id: EAST}]}",
        ":17:5: error[E113] overlays.a.0: upsert finds its rows by their key",
    ),
    ("{table: nodes, set: {}}", ":17:5: error[E113] overlays.a.0: an empty set does nothing"),
    ("{table: nodes, upsert: []}", ":17:5: error[E113] overlays.a.0: an empty upsert does nothing"),
    ("{table: nodes, remove: false}", ":17:5: error[E113] overlays.a.0: remove: false does nothing"),
    (
        "{table: nodez, remove: true}",
        ":17:13: error[E113] overlays.a.0.table: no table of that name: did you mean nodes?",
    ),
    ("{table: nodes, delete: true}", ":17:20: error[E112] overlays.a.0.delete: unknown key"),
]


@pytest.mark.parametrize(("operation", "expected"), READ, ids=[operation for operation, _ in READ])
def test_fault_of_an_operation_is_told_when_the_pack_is_read(tmp_path: Path, operation: str, expected: str) -> None:
    """Whether a scenario uses the overlay or not."""
    folder = hello_with(f"\noverlays:\n  a:\n  - {operation}\n", tmp_path)
    (folder / "bad.csv").write_text("node_id,open\nEAST\n")
    (folder / "odd.csv").write_text("node_id,opne\nEAST,1\n")
    (folder / "twice.csv").write_text("node_id,open\nEAST,true\nEAST,false\n")
    with pytest.raises(PackError) as caught:
        read_pack(folder)
    assert expected in str(caught.value)
    assert len([finding for finding in caught.value.findings if finding.severity == "error"]) == 1


APPLIED: list[tuple[str, str]] = [
    (
        "{table: nodes, where: {node_id: ATL}, remove: true}",
        ":17:5: error[E308] overlays.a.0.where: matches no row of nodes",
    ),
    ("{table: kits, remove: true}", ":17:5: error[E308] overlays.a.0.where: kits has no rows"),
    (
        "{table: nodes, add: {line_cost: 1}}",
        ":17:37: error[E309] overlays.a.0.add.line_cost: nodes EAST (and 2 more): line_cost is empty, which stands "
        "for 0: add needs a number (set it first, or leave the row out)",
    ),
    (
        "{table: rates, multiply: {per_extra_kg: 2}}",
        "per_extra_kg is empty, and that is no number: multiply needs a number",
    ),
    (
        '{table: nodes, multiply: {max_packages_per_day: "1.01"}}',
        ":17:53: error[E309] overlays.a.0.multiply.max_packages_per_day: nodes SHOP: max_packages_per_day holds whole "
        "numbers, and it would be 10.1",
    ),
    (
        "{table: nodes, add: {unit_cost: 0.0000000000000000001}}",
        "0.2000000000000000001 has more than 18 decimals, and nothing is rounded",
    ),
    (
        "{table: nodes, where: {kind: dc}, set: {open: maybe}}",
        "scenario.yaml:17:51 (nodes.csv:2): error[E108] open: expected true or false, got 'maybe'",
    ),
    (
        "{table: nodes, where: {node_id: EAST}, set: {node_id: WEST}}",
        "nodes.csv:4:1: error[E201] node_id: 'WEST' stands already at nodes.csv:2 (row changed at scenario.yaml:17:5)",
    ),
    (
        "{table: stock, upsert: [{node_id: MOON, sku_id: mug, on_hand: 1}]}",
        "scenario.yaml:17:39: error[E301] node_id: no node",
    ),
    (
        "{table: stock, upsert: [{node_id: WEST, sku_id: mug}]}",
        "error[E109] on_hand: must not be empty",
    ),
    (
        "{table: nodes, where: {node_id: EAST}, remove: true}",
        "stock.csv:2:1: error[E301] node_id: no node of that name, got 'EAST' "
        "(rows of nodes are removed at scenario.yaml:17:5)",
    ),
    (
        "{table: nodes, where: {node_id: EAST}, set: {latitude: null}}",
        "nodes.csv:2",
    ),
    (
        "{table: node_services, upsert: [{node_id: EAST, service_id: air}]}",
        "error[E305] overlays.a.0.upsert: the pack has no",
    ),
]


@pytest.mark.parametrize(("operation", "expected"), APPLIED, ids=[operation for operation, _ in APPLIED])
def test_fault_of_a_scenario_is_told_when_it_is_asked_for(tmp_path: Path, operation: str, expected: str) -> None:
    """Cells that an overlay wrote are placed there, with their own place behind; all others where they stand."""
    folder = hello_with(f"\noverlays:\n  a:\n  - {operation}\nscenarios: {{x: [a]}}\n", tmp_path)
    pack = read_pack(folder)
    with pytest.raises(PackError) as caught:
        pack.problem("x")
    assert expected in str(caught.value)
    assert pack.problem().scenario == "baseline"


SWEEPS: list[tuple[str, str]] = [
    ("vary: {}, apply: []", "sweeps.s.vary: a sweep needs a name and its values"),
    ("vary: {p: []}, apply: []", "sweeps.s.vary.p: expected a list of values"),
    ("vary: {1p: [1]}, apply: []", "sweeps.s.vary.1p: '1p' cannot be a name"),
    ("vary: {p: [1, 1]}, apply: []", "sweeps.s.vary.p.1: 1 stands twice"),
    (f"vary: {{p: {list(range(1001))}}}, apply: []", "make at most 1,000 scenarios together, this one 1,001"),
    ("vary: {p: [1]}, apply: [{table: rates, multiply: {price: 1 + q}}]", ".apply.0.multiply.price: 'q' is not one of"),
    ("vary: {p: [0]}, apply: [{table: rates, multiply: {price: 1/p}}]", "error[E307]"),
    ("vary: {p: [3]}, apply: [{table: rates, set: {price: 1/p}}]", "set.price: 0.333333... has no end, got '1/p'"),
    ("vary: {p: [0]}, apply: [{table: rates, multiply: {price: 1 +}}]", "ends too early, got '1 +'"),
    ("vary: {p: [-2]}, apply: [{settings: objective, set: {split: p + 1}}]", "must not be negative, got '-1'"),
]


@pytest.mark.parametrize(("sweep", "expected"), SWEEPS, ids=[sweep[:40] for sweep, _ in SWEEPS])
def test_fault_of_a_sweep_is_told_when_the_pack_is_read(tmp_path: Path, sweep: str, expected: str) -> None:
    """Its names, its values, its arithmetic."""
    folder = hello_with(f"\nsweeps:\n  s: {{{sweep}}}\n", tmp_path)
    with pytest.raises(PackError) as caught:
        read_pack(folder)
    assert expected in str(caught.value)
    assert "scenario.yaml:16:" in str(caught.value)


def test_a_third_of_a_price_is_a_fault_when_it_has_no_end(tmp_path: Path) -> None:
    """Prices are exact; a third of 18.00 is, a third of 14.00 is not."""
    sections = """
sweeps:
  s: {vary: {n: [3]}, apply: [{table: rates, where: {service_id: air, price: 18}, multiply: {price: 1/n}}]}
  t: {vary: {n: [3]}, apply: [{table: rates, where: {service_id: air, price: 14.0}, multiply: {price: 1/n}}]}
"""
    pack = read_pack(hello_with(sections, tmp_path))
    assert [cell.new for cell in pack.changes("s[n=3]").tables[0].cells()] == ["6"]
    with pytest.raises(PackError, match=r"rates air near 1: 4\.66667\.\.\. has no end as a decimal"):
        pack.changes("t[n=3]")


def test_the_baseline_applies_nothing(tmp_path: Path) -> None:
    """A baseline with overlays would not be the tables as they are."""
    folder = hello_with("\noverlays: {a: [{table: nodes, remove: true}]}\nscenarios: {baseline: [a]}\n", tmp_path)
    with pytest.raises(
        PackError, match=r"scenario\.yaml:16:13: error\[E302\] scenarios\.baseline: the baseline is the"
    ):
        read_pack(folder)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1 + 5/100", "21/20"), ("-(2 - 3) * .5", "1/2"), ("2 - 3 - 4", "-5"), ("8 / 4 / 2", "1"), ("--1 + x * 2", "7")],
)
def test_arithmetic_is_exact(text: str, value: str) -> None:
    """Left to right, products first."""
    from fractions import Fraction

    assert read_expression(text).value({"x": Fraction(3)}) == Fraction(value)


@pytest.mark.parametrize(
    "text", ["", "1 +", "(1", "1)", "1 2", "x y", "2 ** 3", "__import__('os')", "1e5", "x.y", "9" * 201]
)
def test_what_is_no_arithmetic_is_refused(text: str) -> None:
    """Nothing is evaluated but numbers, names and four signs."""
    with pytest.raises(ExpressionFaultError):
        read_expression(text).value({})
