import json
import shutil
from pathlib import Path

import pytest
from program import Run


@pytest.fixture
def broken(hello: Path, tmp_path: Path) -> Path:
    """hello with two faults in one line of its orders."""
    folder = tmp_path / "broken"
    shutil.copytree(hello, folder)
    text = (folder / "order_lines.csv").read_text()
    (folder / "order_lines.csv").write_text(text.replace("O1,1,kettle,1", "O1,1,ketle,three"))
    return folder


def test_validate_says_nothing_is_wrong(run: Run, hello: Path) -> None:
    """Exit code 0, nothing on standard output."""
    ran = run("validate", hello)
    assert (ran.code, ran.out) == (0, "")
    assert "no faults" in ran.err


def test_validate_names_every_fault(run: Run, broken: Path) -> None:
    """Exit code 1; file, line, column and a hint for each."""
    ran = run("validate", broken)
    assert ran.code == 1
    assert "order_lines.csv:2:3: error[E301] sku_id" in ran.out
    assert "did you mean kettle?" in ran.out
    assert "order_lines.csv:2:4: error[E104] quantity" in ran.out
    assert "2 faults" in ran.err


def test_validate_as_a_document(run: Run, broken: Path) -> None:
    """Schema splitship.findings/1, exact."""
    ran = run("validate", broken, "-o", "json")
    assert ran.code == 1
    assert list(ran.json) == ["schema", "pack", "faults", "warnings", "findings"]
    assert (ran.json["schema"], ran.json["faults"], ran.json["warnings"]) == ("splitship.findings/1", 2, 0)
    assert [list(finding) for finding in ran.json["findings"]] == 2 * [
        ["where", "severity", "code", "field", "message", "hint"]
    ]


def test_validate_counts_what_it_does_not_list(run: Run, hello: Path, tmp_path: Path) -> None:
    """Thirty wrong quantities: twenty are listed, all are counted."""
    folder = tmp_path / "wrong"
    shutil.copytree(hello, folder)
    lines = "".join(f"O1,x{number},kettle,none\n" for number in range(30))
    (folder / "order_lines.csv").write_text("order_id,line_id,sku_id,quantity\n" + lines)
    ran = run("validate", folder, "-o", "json")
    assert (ran.code, ran.json["faults"], len(ran.json["findings"])) == (1, 30, 21)


def test_validate_of_no_pack(run: Run, tmp_path: Path) -> None:
    """A folder that is not there is a fault with a remedy."""
    ran = run("validate", tmp_path / "none")
    assert ran.code == 1
    assert "a pack is a folder" in " ".join(ran.out.split())


def test_init_writes_a_pack_that_is_valid(run: Run, tmp_path: Path) -> None:
    """What init writes, validate accepts; a second init does not overwrite."""
    assert run("init", tmp_path / "mine").code == 0
    assert run("validate", tmp_path / "mine").code == 0
    again = run("init", tmp_path / "mine")
    assert again.code == 2
    assert "already holds" in again.err


def test_schema_lists_tables_and_columns(run: Run) -> None:
    """Every form holds the same; one table can be asked for."""
    assert "node_id*" in run("schema").out
    document = run("schema", "-o", "json").json
    tables = {table["table"]: table for table in document["tables"]}
    assert {"nodes", "orders", "order_lines", "rates", "stock"} <= set(tables)
    assert [column["column"] for column in tables["stock"]["columns"] if column["required"]] == [
        "node_id",
        "sku_id",
        "on_hand",
    ]
    assert run("schema", "stock", "-o", "csv").out.splitlines()[0] == "table,column,type,default,meaning"
    assert run("schema", "stock", "-o", "md").out.startswith("## stock (required)")
    wrong = run("schema", "stok")
    assert wrong.code == 2
    assert "did you mean stock?" in wrong.err


def test_tables_fit_in_eighty_columns(run: Run) -> None:
    """No line of the widest listing is longer than a terminal."""
    assert max(map(len, run("schema").out.splitlines())) <= 80


def test_doctor_knows_the_machine(run: Run) -> None:
    """Versions, solvers and cores, as a document and as a table."""
    document = run("doctor", "-o", "json").json
    assert document["schema"] == "splitship.doctor/1"
    assert document["cores"] >= 1
    assert "ortools" in document["libraries"]
    assert {"highs", "cbc"} & {solver["name"].split()[0] for solver in document["solvers"]}
    assert "kernels" in run("doctor").out
    json.dumps(document)
