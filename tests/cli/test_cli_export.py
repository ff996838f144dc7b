import csv
from pathlib import Path

import pulp
import pytest
from program import Run


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # PuLP about its next version
def test_exported_model_has_the_optimum_of_the_pack(run: Run, hello: Path, tmp_path: Path) -> None:
    """Another program's reader and solver find the 87.50 of the README, with nothing to add."""
    ran = run("export", hello, tmp_path / "hello.mps")
    assert ran.code == 0, ran.err
    assert "model saved in" in ran.err
    _, model = pulp.LpProblem.fromMPS(str(tmp_path / "hello.mps"))
    model.solve(pulp.PULP_CBC_CMD(msg=False))
    assert pulp.value(model.objective) == pytest.approx(87.50, abs=1e-6)
    with (tmp_path / "hello.mps.names.csv").open(newline="") as file:
        names = {row[0] for row in csv.reader(file)}
    assert {variable.name for variable in model.variables()} <= names


def test_export_writes_lp_of_some_orders(run: Run, hello: Path, tmp_path: Path) -> None:
    """The suffix chooses the format, --orders the part of the batch."""
    assert run("export", hello, tmp_path / "all.lp").code == 0
    assert run("export", hello, tmp_path / "one.lp", "--orders", "O4").code == 0
    whole, part = ((tmp_path / name).read_text() for name in ("all.lp", "one.lp"))
    assert "minimize" in part.lower()
    assert len(part) < len(whole)


@pytest.mark.parametrize(
    ("name", "message"), [("hello.txt", "a model is a .mps or .lp file"), ("no/folder/x.lp", "there is no folder")]
)
def test_export_refuses_what_it_cannot_write(run: Run, hello: Path, tmp_path: Path, name: str, message: str) -> None:
    """Exit code 2, before any work."""
    ran = run("export", hello, tmp_path / name)
    assert ran.code == 2
    assert message in ran.err
