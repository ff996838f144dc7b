import dataclasses
import json
from pathlib import Path

import handmade_result
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from splitship.domain import Plan
from splitship.errors import PlanError
from splitship.packs.documents import plan_document
from splitship.packs.plans import read_plan, write_plan


def assert_same_plan(plan: Plan, other: Plan) -> None:
    for field in dataclasses.fields(Plan):
        np.testing.assert_array_equal(getattr(plan, field.name), getattr(other, field.name), field.name)


def faults_of(path: Path) -> list[str]:
    with pytest.raises(PlanError) as caught:
        read_plan(path, handmade_result.problem())
    return [str(finding) for finding in caught.value.findings]


def changed(tmp_path: Path, **changes: object) -> Path:
    """The handmade plan's document with top-level keys replaced, or removed when None."""
    document = plan_document(handmade_result.result(with_shares=True)) | changes
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({key: value for key, value in document.items() if value is not None}))
    return path


@pytest.mark.parametrize("suffix", [".json", ".csv", ".parquet"])
def test_plan_survives_a_round_trip(tmp_path: Path, suffix: str) -> None:
    """What is written is read back position for position."""
    result = handmade_result.result()
    write_plan(tmp_path / f"plan{suffix}", result)
    assert_same_plan(read_plan(tmp_path / f"plan{suffix}", result.problem).plan, result.plan)
    assert [path.name for path in tmp_path.iterdir()] == [f"plan{suffix}"]


def test_json_plan_carries_its_certificate_and_claims(tmp_path: Path) -> None:
    """Prices, shares, bound and costs come back as they were."""
    result = handmade_result.result(with_shares=True)
    write_plan(tmp_path / "plan.json", result)
    _, certificate, claims = read_plan(tmp_path / "plan.json", result.problem)
    assert certificate is not None
    assert claims is not None
    rows = np.lexsort((result.certificate.node_idx, result.certificate.kind))
    for name in ("kind", "node_idx", "sku_idx", "service_idx", "day", "price"):
        np.testing.assert_array_equal(getattr(certificate, name), getattr(result.certificate, name)[rows], name)
    assert (certificate.share_line.tolist(), certificate.share_value.tolist()) == ([2], [1_250_000])
    assert certificate.bound == claims.bound == 40_000_000
    assert claims.objective == 40_500_000
    assert claims.costs["late"] == 6_000_000
    assert claims.package_costs["shipping"][1].tolist() == [5_000_000, 5_000_000, 5_123_456]
    assert claims.deliver_day[1].tolist() == result.report.packages.deliver_day.tolist()
    assert [column.tolist() for column in claims.unfilled] == [[2], [3]]


def test_csv_plan_is_one_row_a_package_line_without_certificate(tmp_path: Path) -> None:
    """The header is the documented one; a second read finds neither certificate nor claims."""
    write_plan(tmp_path / "plan.csv", handmade_result.result())
    lines = (tmp_path / "plan.csv").read_text().splitlines()
    assert lines[0] == "package_id,order_id,node_id,service_id,ship_on,line_id,sku_id,quantity"
    assert lines[2] == "O1-2,O1,SEA1,GROUND,2026-11-27,2,POT,1"
    assert len(lines) == 4
    assert read_plan(tmp_path / "plan.csv", handmade_result.problem())[1:] == (None, None)


def test_packages_alone_are_a_plan(tmp_path: Path) -> None:
    """Anyone's plan can be checked: a document needs packages only."""
    packages = plan_document(handmade_result.result())["packages"]
    for package in packages:
        del package["costs"], package["deliver_on"], package["package_id"]
    (tmp_path / "plan.json").write_text(json.dumps({"packages": packages}))
    plan, certificate, claims = read_plan(tmp_path / "plan.json", handmade_result.problem())
    assert_same_plan(plan, handmade_result.result().plan)
    assert certificate is None
    assert claims is None


def test_json_faults_come_all_at_once_with_places_and_hints(tmp_path: Path) -> None:
    """Unknown ids, a bad date, a wrong type, a missing key: one reading names them all."""
    packages = plan_document(handmade_result.result())["packages"]
    packages[0] |= {"node_id": "ATL", "ship_on": "27.11.2026"}
    packages[1]["lines"][0] |= {"sku_id": "MUG", "quantity": "two"}
    packages[2]["lines"][0]["line_id"] = "9"
    del packages[2]["service_id"]
    packages.append("O9")
    packages.append({"order_id": 7, "node_id": "SEA1", "service_id": "GROUND", "ship_on": "2026-11-27", "lines": [{}]})
    assert sorted(faults_of(changed(tmp_path, packages=packages))) == sorted(
        [
            "plan.json: packages[3]: error[E703] expected an object, got text",
            "plan.json: packages[2]: error[E702] service_id: is missing",
            "plan.json: packages[0]: error[E704] node_id: no node 'ATL' in the pack (did you mean ATL1?)",
            "plan.json: packages[0]: error[E703] ship_on: expected a date such as 2026-11-27, got '27.11.2026'",
            "plan.json: packages[1].lines[0]: error[E705] sku_id: the order line is of SKU 'POT', got 'MUG'",
            "plan.json: packages[1].lines[0]: error[E703] quantity: expected a whole number, got 'two'",
            "plan.json: packages[2].lines[0]: error[E704] line_id: order 'O2' has no line '9'",
            "plan.json: packages[4]: error[E703] order_id: expected text, got 7",
            "plan.json: packages[4].lines[0]: error[E702] line_id: is missing",
            "plan.json: packages[4].lines[0]: error[E702] quantity: is missing",
        ]
    )


def test_certificate_faults_are_named(tmp_path: Path) -> None:
    """A kind, key or amount that cannot be read is a fault, not a price of zero."""
    prices = [
        {"kind": "stok", "node_id": "ATL1", "price": "1.00"},
        {"kind": "stock", "node_id": "ATL1", "price": 1.5},
        {"kind": "node_packages", "node_id": "ATL1", "date": "tomorrow", "price": "0.0000001"},
    ]
    faults = faults_of(changed(tmp_path, prices=prices, bound=None, certificate={"cuts": []}))
    assert any("prices[0]: error[E703] kind" in fault and "stock, node_packages" in fault for fault in faults)
    assert any("prices[1]: error[E702] sku_id: is missing" in fault for fault in faults)
    assert any("prices[1]: error[E703] price: expected money as text" in fault for fault in faults)
    assert any("prices[2]: error[E703] date: expected a date" in fault for fault in faults)
    assert any("prices[2]: error[E703] price" in fault for fault in faults)
    assert any("bound: error[E702] is missing" in fault for fault in faults)
    assert any("certificate.cuts: error[E703]" in fault for fault in faults)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "not JSON"),
        (b"{", "plan.json:1:2: error[E701] not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b'{"packages": NaN}', "NaN is not a JSON number"),
        (b'{"packages": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"[]", "expected an object with packages, got a list"),
        (b"{}", "plan.json: packages: error[E702] is missing"),
        (b'{"package": []}', "is missing (is it package?)"),
        (b'{"packages": null}', "expected a list, got null"),
        (b'{"packages": {}}', "expected a list, got an object"),
        (b'{"packages": [{}]}', "packages[0]: error[E702] lines: is missing"),
        (b'{"packages": [{"lines": 5}]}', "packages[0].lines: error[E703] expected a list, got a number"),
        (b'{"schema": "splitship.summary/1", "packages": []}', "expected 'splitship.plan/1'"),
        (b'{"currency": "EUR", "packages": []}', "the pack is in USD, got 'EUR'"),
        (b'{"packages": [], "costs": 5}', "costs: error[E703] expected an object, got a number"),
        (b'{"packages": [], "objective": "1e3x"}', "objective: error[E703] expected money"),
        (b'{"packages": [], "objective": "99999999999999999999"}', "objective: error[E703] expected money"),
        (b'{"packages": [], "unfilled": [{"order_id": "O1", "line_id": "1", "quantity": 1.5}]}', "unfilled[0]"),
        (b'{"packages": [], "prices": [], "bound": "1.00", "certificate": 3}', "certificate: error[E703]"),
    ],
)
def test_broken_json_is_a_plan_error(tmp_path: Path, text: bytes, message: str) -> None:
    """Whatever the bytes are, the answer is a finding, never a traceback."""
    path = tmp_path / "plan.json"
    path.write_bytes(text)
    assert message in "\n".join(faults_of(path))


def test_csv_faults_have_line_and_column(tmp_path: Path) -> None:
    """The header is line 1 and columns count from 1, as an editor shows them."""
    path = tmp_path / "plan.csv"
    path.write_text(
        "package_id,order_id,node_id,service_id,ship_on,line_id,sku_id,quantity\n"
        "P1,O1,ATL1,GROUND,2026-11-27,1,MUG,2\n"
        "P1,O1,SEA1,GROUND,2026-11-27,2,,1\n"
        "P2,O2,ATL1,ground,2026-02-30,1,MUG,\n"
    )
    assert faults_of(path) == [
        "plan.csv:4:8: error[E702] quantity: is empty",
        "plan.csv:4:4: error[E704] service_id: no service 'ground' in the pack (did you mean GROUND?)",
        "plan.csv:4:5: error[E703] ship_on: expected a date such as 2026-11-27, got '2026-02-30'",
        "plan.csv:3:3: error[E705] node_id: package 'P1' has 'ATL1' on an earlier row, got 'SEA1' "
        "(one package has one order, node, service and ship day)",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "column package_id is missing"),
        ("package_id,order_id,node,service_id,ship_on,line_id,quantity\n", "column node_id is missing (is it node?)"),
        ("package_id,order_id,node_id,service_id,ship_on,line_id,quantity\na,b\n", "expected 7 cells, got 2"),
        ('package_id,order_id\n"a', "not a CSV table"),
        ("package_id,package_id,order_id,node_id,service_id,ship_on,line_id,quantity\n", "stands twice"),
    ],
)
def test_broken_csv_is_a_plan_error(tmp_path: Path, text: str, message: str) -> None:
    """Header and shape are checked before any value."""
    path = tmp_path / "plan.csv"
    path.write_text(text)
    assert message in "\n".join(faults_of(path))


def test_csv_plan_with_a_header_only_ships_nothing(tmp_path: Path) -> None:
    """An empty plan is a plan."""
    path = tmp_path / "plan.csv"
    path.write_text("package_id,order_id,node_id,service_id,ship_on,line_id,quantity\n")
    assert len(read_plan(path, handmade_result.problem()).plan) == 0


def test_parquet_faults_have_rows(tmp_path: Path) -> None:
    """Rows of a Parquet plan count from 1; something else under that name is refused."""
    write_plan(tmp_path / "plan.parquet", handmade_result.result())
    table = pq.read_table(tmp_path / "plan.parquet")
    wrong = table.set_column(1, "order_id", pa.array(["O1", "O1", "O3"]))
    pq.write_table(wrong, tmp_path / "plan.parquet")
    assert faults_of(tmp_path / "plan.parquet") == ["plan.parquet:3: error[E704] order_id: no order 'O3' in the pack"]
    (tmp_path / "plan.parquet").write_bytes(b"PAR1nonsense")
    assert "not a Parquet table" in faults_of(tmp_path / "plan.parquet")[0]


def test_faults_of_a_kind_stop_at_twenty_with_a_count(tmp_path: Path) -> None:
    """A plan for another pack does not fill the screen."""
    path = tmp_path / "plan.csv"
    rows = "".join(f"P{row},X{row},ATL1,GROUND,2026-11-27,1,,1\n" for row in range(30))
    path.write_text("package_id,order_id,node_id,service_id,ship_on,line_id,sku_id,quantity\n" + rows)
    faults = faults_of(path)
    assert len(faults) == 21
    assert faults[-1] == "error[E704] order_id: 10 more of this kind"


def test_plan_file_must_exist_and_have_a_known_suffix(tmp_path: Path) -> None:
    """Both are faults of the plan, with the name in front."""
    assert "cannot be read" in faults_of(tmp_path / "none.json")[0]
    assert "a plan is a .json, .csv or .parquet file, got '.txt'" in faults_of(tmp_path / "plan.txt")[0]


def test_writing_keeps_the_old_plan_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stop in the middle of writing leaves the plan that was there, and no litter."""
    path = tmp_path / "plan.json"
    path.write_text("old")

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_plan(path, handmade_result.result())
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
