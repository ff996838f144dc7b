"""Every finding a pack can lead to: planted once in a good pack, and told with its exact place."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from planted_features import PLANTED_FEATURES, WARNED_FEATURES

from splitship.errors import PackError, UnsupportedError
from splitship.packs import CODES, Pack, read_pack, write_starter_pack

ROOT = Path(__file__).resolve().parent.parent.parent

Edit = Callable[[Path], object]


def change(file: str, old: str, new: str) -> Edit:
    """Replace the one place where `old` stands."""

    def edit(folder: Path) -> None:
        text = (folder / file).read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (folder / file).write_text(text.replace(old, new))

    return edit


def write(file: str, text: str | bytes) -> Edit:
    """A new file."""
    data = text.encode() if isinstance(text, str) else text
    return lambda folder: (folder / file).write_bytes(data)


def append(file: str, text: str) -> Edit:
    """More lines at the end of a file."""
    return lambda folder: (folder / file).write_text((folder / file).read_text() + text)


def remove(file: str) -> Edit:
    """No such file."""
    return lambda folder: (folder / file).unlink()


YAML = "scenario.yaml"
RULES = {"E114", "E303", "E304", "W608", "W609", "W610"}
"""Codes that only rules lead to (and overlays, to E303 and E304)."""
OVERLAYS = {"E305", "E306", "E307", "E308", "E309", "W611"}
"""Codes that only overlays and sweeps lead to."""
PLANTED: list[tuple[Edit, str]] = [
    (remove("stock.csv"), "stock.csv: error[E101] this table is missing"),
    (remove(YAML), "scenario.yaml: error[E101] this file is missing"),
    (write("skus.csv", b"sku_id,weight_kg\nCAF\xc9,1\n"), "skus.csv:2: error[E101] is not UTF-8 (byte 0xc9)"),
    (write("skus.csv", "sku_id,weight_kg\nA\0B,1\n"), "skus.csv: error[E101] holds NUL characters"),
    (write("kits.parquet", b"PAR1 nonsense"), "kits.parquet: error[E101] cannot be read as Parquet"),
    (change("skus.csv", "weight_kg", "wieght_kg"), "skus.csv: error[E102] weight_kg: this required column is missing"),
    (change("skus.csv", "ship_alone", "value"), "skus.csv:1:6: error[E102] value: this column stands twice"),
    (write("rates.csv", ""), "rates.csv:1: error[E102] has no header"),
    (change("skus.csv", ",ship_alone", ","), "skus.csv:1:7: error[E102] a column without a name holds cells"),
    (change("skus.csv", "9.50,false", "9,50,false"), "skus.csv:3: error[E103] expected 7 cells, got 8"),
    (change("skus.csv", "9.50,false", "9.50"), "skus.csv:3: error[E103] expected 7 cells, got 6"),
    (change("skus.csv", "MUG,", '"MUG,'), "skus.csv:3: error[E103] is not CSV here"),
    (
        change("order_lines.csv", "MUG,6", "MUG,three"),
        "order_lines.csv:2:4: error[E104] quantity: expected a whole number above 0, got 'three'",
    ),
    (change("order_lines.csv", "MUG,6", "MUG,0"), "order_lines.csv:2:4: error[E104] quantity: expected a whole"),
    (change("order_lines.csv", "MUG,6", "MUG,1.5"), "order_lines.csv:2:4: error[E104] quantity: expected a whole"),
    (change("lanes.csv", "US,*,5,4", "US,*,5,-4"), "lanes.csv:2:6: error[E104] transit_days: expected a whole"),
    (change("rates.csv", "8.40", "1e3"), "rates.csv:4:4: error[E105] price: expected an amount of money, got '1e3'"),
    (change("rates.csv", "8.40", "nan"), "rates.csv:4:4: error[E105] price: expected an amount of money, got 'nan'"),
    (
        change("rates.csv", "8.40", '"8,40"'),
        "rates.csv:4:4: error[E105] price: expected an amount of money, got '8,40'",
    ),
    (change("skus.csv", "MUG,0.4", "MUG,"), "skus.csv:3:2: error[E109] weight_kg: must not be empty"),
    (
        change("skus.csv", "MUG,0.4", "MUG,0.4000000001"),
        "skus.csv:3:2: error[E106] weight_kg: at most 9 decimals can be kept, got '0.4000000001'",
    ),
    (
        change("rates.csv", "8.40", "8.4000000000000000001"),
        "rates.csv:4:4: error[E106] price: at most 18 decimals can be kept",
    ),
    (change("orders.csv", "2026-12-01", "01/12/2026"), "orders.csv:2:5: error[E107] deliver_by: expected a date"),
    (change("orders.csv", "2026-12-01", "2026-02-30"), "orders.csv:2:5: error[E107] deliver_by: expected a date"),
    (
        change("orders.csv", "08:12:00-05:00", "08:12:00"),
        "orders.csv:2:2: error[E107] placed_at: expected a date and time with offset",
    ),
    (change("nodes.csv", "12:00", "24:30"), "nodes.csv:4:6: error[E107] cutoff: expected a time HH:MM"),
    (change("skus.csv", "MUG,0.4,12,10,10,9.50,false", "MUG,0.4,12,10,10,9.50,no"), "skus.csv:3:7: error[E108]"),
    (change("nodes.csv", "SEA7,store", "SEA7,shop"), "nodes.csv:4:2: error[E108] kind: expected one of dc, store"),
    (change("nodes.csv", "1111111", "11111"), "nodes.csv:4:7: error[E108] working_days: expected seven digits"),
    (write("nodes.parquet", b""), "nodes.parquet: error[E110] nodes.csv is there too"),
    (write(YAML, "schema: [1"), "scenario.yaml:1:11: error[E111]"),
    (write(YAML, "- 1\n"), "scenario.yaml:1:1: error[E111] expected settings"),
    (append(YAML, "rules: []\n"), "error[E111] the key 'rules' stands twice"),
    (
        change(YAML, "max_packages: 4", "max_pakages: 4"),
        "scenario.yaml:14:10: error[E112] limits.max_pakages: unknown key",
    ),
    (change(YAML, "  late_day:", "  late_days:"), "scenario.yaml:8:3: error[E112] objective.late_days: unknown key"),
    (change(YAML, "max_packages: 4", "max_packages: 0"), "scenario.yaml:14:24: error[E113] limits.max_packages:"),
    (change(YAML, "pack/1", "pack/2"), "scenario.yaml:1:9: error[E113] schema: expected splitship.pack/1"),
    (change(YAML, "09:00:00-05:00 ", "09:00:00 "), "scenario.yaml:4:8: error[E113] as_of: the offset is missing"),
    (change(YAML, "as_of:", "asof:"), "scenario.yaml:1:1: error[E113] as_of: this setting is required"),
    (change(YAML, "gap: 0.001", "gap: -1"), "scenario.yaml:23:50: error[E113] solve.gap:"),
    (change("skus.csv", "MUG,", "LAMP,"), "skus.csv:3:1: error[E201] sku_id: 'LAMP' stands already at skus.csv:2"),
    (append("rates.csv", "EXPRESS,1,10.0,50,\n"), "rates.csv:12:3: error[E201] up_to_kg: 'EXPRESS, 1, 10.0' stands"),
    (append("order_lines.csv", "O1005,2,MUG,1,true\n"), "order_lines.csv:11:2: error[E201] line_id: 'O1005, 2' stands"),
    (
        change("stock.csv", "SEA7,RUG", "SEA1,RUG"),
        "stock.csv:7:1: error[E301] node_id: no node of that name, got 'SEA1' (did you mean SEA7?)",
    ),
    (change("order_lines.csv", "O1005,2,LAMP", "O1005,2,lamp"), "no SKU of that name, got 'lamp' (did you mean LAMP?)"),
    (
        write("reference.csv", "order_id,line_id,node_id,quantity\nO1001,9,ATL1,1\n"),
        "reference.csv:2:2: error[E301] line_id: its order has no line of that name, got '9'",
    ),
    (change(YAML, "{baseline: []}", "{x: [shut]}"), "scenario.yaml:19:16: error[E302] scenarios.x: no overlay 'shut'"),
    (
        change(YAML, "{baseline: []}", "{x: {extends: x}}"),
        "scenario.yaml:19:13: error[E302] scenarios.x: scenario 'x' ext",
    ),
    (
        change("stock.csv", "ATL1,LAMP,2", "ATL1,LAMP,-2"),
        "stock.csv:2:3: error[E401] on_hand: must be at least 0, got '-2'",
    ),
    (
        change("nodes.csv", "America/Chicago", "America/Chicgao"),
        "nodes.csv:3:5: error[E402] timezone: unknown time zone, got 'America/Chicgao' (did you mean America/Chicago?)",
    ),
    (change("nodes.csv", "America/Chicago", "../../etc"), "nodes.csv:3:5: error[E402] timezone: unknown time zone"),
    (change("rates.csv", "GROUND,4,1,8.40", "GROUND,4,11,8.40"), "rates.csv:5:3: error[E403] up_to_kg: must be above"),
    (
        change("rates.csv", "GROUND,4,1,8.40,", "GROUND,4,1,8.40,0.5"),
        "rates.csv:4:5: error[E404] per_extra_kg: only the last bracket",
    ),
    (
        write("orders.csv", "order_id,placed_at,country,postal_code,latitude\nO1,2026-11-27T08:12:00Z,US,1,91\n"),
        "orders.csv:2:5: error[E405] latitude: expected a number from -90 to 90, got '91'",
    ),
    (
        change(YAML, "max_distance_km: null", "max_distance_km: 500"),
        "nodes.csv:2: error[E406] latitude: needed because limits.max_distance_km is set",
    ),
    (change("rates.csv", "8.40", "-8.40"), "rates.csv:4:4: error[E407] price: must not be negative, got '-8.40'"),
    (change("rates.csv", "8.40", "-0.0000000000001"), "rates.csv:4:4: error[E407] price: must not be negative"),
    (
        change("services.csv", "EXPRESS,ACME,5000", "EXPRESS,ACME,0"),
        "services.csv:3:3: error[E407] dim_divisor: must be",
    ),
    (
        change("order_lines.csv", "MUG,6", "MUG,1000001"),
        "order_lines.csv:2:4: error[E408] quantity: at most 1,000,000 units can be handled, got '1000001'",
    ),
    (change("rates.csv", "8.40", "9" * 30), "rates.csv:4:4: error[E408] price: at most 1,000,000,000 can be handled"),
    (change("orders.csv", "2026-12-01", "2926-12-01"), "orders.csv:2:5: error[E408] deliver_by: expected a year from"),
    (
        change("lanes.csv", "US,3,2,2", "US,3*,2,2"),
        "lanes.csv:3:4: error[E409] destination: expected the beginning of a postal code, or * alone for the whole "
        "country, got '3*' (write 3)",
    ),
    (
        write(
            "order_lines.csv",
            "order_id,line_id,sku_id,quantity,unfilled_cost\nO1001,1,MUG,1000000,999999999\nO1002,1,MUG,1,5\n",
        ),
        "order_lines.csv:2:4: error[E410] quantity: leaving every unit unfilled would cost 1e+15",
    ),
    (
        change(YAML, "rules: []", "rules: [{name: x, price: {per_order: 1}}]"),
        "scenario.yaml:17:38: error[E503] rules.0.price.per_order: per_order is not yet",
    ),
]

WARNED: list[tuple[Edit, str]] = [
    (
        change("lanes.csv", "US,*,5,4", "US,*,9,4"),
        "lanes.csv:2:5: warning[W601] zone: service 'GROUND' has no rate for zone '9': nothing ships here",
    ),
    (change("rates.csv", "8.40", "84000"), "rates.csv:4:4: warning[W602] price: more than 100 times the median of"),
    (change("orders.csv", "US,33101", "CA,33101"), "orders.csv:2:4: warning[W603] postal_code: no open node"),
    (
        append("orders.csv", "O1006,2026-11-27T08:59:00-05:00,US,94103,,1,false,\n"),
        "orders.csv:7:1: warning[W604] order_id: this order has no lines",
    ),
    (write("servces.csv", "a\n"), "servces.csv: warning[W605] no table has this name; the file is not read"),
    (
        change("nodes.csv", "cutoff", "cut_off"),
        "nodes.csv:1:6: warning[W606] cut_off: kept as an attribute (did you mean cutoff?)",
    ),
    (change(YAML, "currency: USD", "# none"), "scenario.yaml:1:1: warning[W607] currency: none is given; XXX is used"),
]


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    return write_starter_pack(tmp_path / "starter")


def test_starter_pack_is_clean(starter: Path) -> None:
    """The pack in which faults are planted has none itself."""
    assert read_pack(starter).warnings == ()


@pytest.mark.parametrize(("edit", "expected"), PLANTED, ids=[text[:60] for _, text in PLANTED])
def test_fault_is_told_with_its_place_when_planted(starter: Path, edit: Edit, expected: str) -> None:
    """One change to a good pack, one line that names place, code and remedy."""
    edit(starter)
    with pytest.raises((PackError, UnsupportedError)) as caught:
        read_pack(starter)
    assert expected in str(caught.value)
    kind = UnsupportedError if "error[E5" in expected else PackError
    assert type(caught.value) is kind


@pytest.mark.parametrize(("edit", "expected"), WARNED, ids=[text[:60] for _, text in WARNED])
def test_warning_is_told_with_its_place_when_planted(starter: Path, edit: Edit, expected: str) -> None:
    """A warning does not stop the pack."""
    edit(starter)
    assert any(expected in str(warning) for warning in read_pack(starter).warnings)


def test_every_code_is_planted_and_documented() -> None:
    """No code without a test that sees it (E501 and E502 in tests of features, OVERLAYS in those of scenarios, RULES in
    those of rules), none undocumented."""
    every = [*PLANTED, *WARNED, *PLANTED_FEATURES, *WARNED_FEATURES]
    planted = set(re.findall(r"\[([EW]\d{3})\]", " ".join(text for _, text in every)))
    assert planted | {"E501", "E502"} | OVERLAYS | RULES == set(CODES)
    text = (ROOT / "docs" / "findings.md").read_text()
    assert dict(re.findall(r"^\| ([EW]\d{3}) \| (.*) \|$", text, re.M)) == dict(CODES)


def test_one_fault_leads_to_one_finding(starter: Path) -> None:
    """An unreadable nodes table is one fault, not a missing reference in every row that names a node."""
    (starter / "nodes.csv").write_bytes(b"node_id\xff\n")
    with pytest.raises(PackError) as caught:
        read_pack(starter)
    assert [finding.code for finding in caught.value.findings] == ["E101"]


def test_faults_of_all_tables_come_at_once_in_stages(starter: Path) -> None:
    """Types before keys, keys before references, references before values, whatever table they are in."""
    change("order_lines.csv", "MUG,6", "MUG,three")(starter)
    change("stock.csv", "ATL1,LAMP,2", "ATL1,LAMP,-2")(starter)
    change("lanes.csv", "EXPRESS,ATL1", "EXPRESS,ATL9")(starter)
    append("services.csv", "GROUND,ACME,5000,0.5,20,1111111\n")(starter)
    change(YAML, "late_day:", "late_days:")(starter)
    with pytest.raises(PackError) as caught:
        read_pack(starter)
    assert [finding.code for finding in caught.value.findings] == ["E112", "E104", "E201", "E301", "E401"]


def test_twenty_of_a_kind_are_shown_and_the_rest_counted(starter: Path) -> None:
    """57 bad quantities: 20 lines, and one that counts the other 37. Another column is another kind."""
    rows = "".join(f"O1001,{line},MUG,many,maybe\n" for line in range(10, 67))
    append("order_lines.csv", rows)(starter)
    with pytest.raises(PackError) as caught:
        read_pack(starter)
    lines = str(caught.value).splitlines()
    assert sum("quantity: expected" in line for line in lines) == 20
    assert "order_lines.csv: error[E104] quantity: ... and 37 more" in lines
    assert "order_lines.csv: error[E108] splittable: ... and 37 more" in lines
    assert len(lines) == 42


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_folder_that_is_none_is_a_fault(tmp_path: Path, name: str) -> None:
    """A path that does not exist, or is a file."""
    (tmp_path / "file").write_text("")
    with pytest.raises(PackError, match=r"error\[E101\]"):
        read_pack(tmp_path / name)


def test_scenario_that_is_not_there_is_a_fault(starter: Path) -> None:
    """The message lists those there are; one without overlays is the baseline under another name."""
    change(YAML, "overlays: {}", "overlays: {shut: [{table: nodes, where: {node_id: ATL1}, set: {open: false}}]}")(
        starter
    )
    change(YAML, "{baseline: []}", "{baseline: [], down: [shut], worse: {extends: down}, same: []}")(starter)
    pack = read_pack(starter)
    assert pack.scenario_names == ("baseline", "down", "worse", "same")
    assert pack.problem("worse").input_hash == pack.problem("down").input_hash != pack.problem().input_hash
    assert pack.problem("same").scenario == "same"
    assert pack.problem("same").input_hash == pack.problem().input_hash
    with pytest.raises(
        PackError, match=r"no scenario 'dwn'; there are baseline, down, worse, same \(did you mean down\?\)"
    ):
        pack.problem("dwn")


def test_place_counts_records_when_cells_span_lines(starter: Path) -> None:
    """A quoted line break and a blank line: the row is the record's position, the blank one counted."""
    header = "node_id,sku_id,on_hand,note\n"
    (starter / "stock.csv").write_text(header + 'ATL1,MUG,5,"two\nlines"\n\nATL1,LAMP,x,\n')
    with pytest.raises(PackError, match=r"stock.csv:4:3: error\[E104\]"):
        read_pack(starter)


def test_memory_places_are_paths() -> None:
    """Tables in memory have rows from 0 and no file."""
    with pytest.raises(PackError) as caught:
        Pack.from_tables({"nodes": [{"node_id": "A", "kind": "dc"}], "skuz": []}, {"as_of": "2026-03-02T08:00"})
    assert [str(finding) for finding in caught.value.findings] == [
        "as_of: error[E113] as_of: the offset is missing: write it as 2026-11-27T09:00:00-05:00 or with Z, "
        "got '2026-03-02T08:00'",
        "skuz: error[E101] no table 'skuz' (did you mean skus?)",
        "nodes: error[E102] country: this required column is missing",
        "nodes: error[E102] postal_code: this required column is missing",
    ]
