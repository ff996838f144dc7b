"""The program as processes of their own: what a shell sees."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from program import Run

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-m", "splitship"]
HEAVY = ("numpy", "pandas", "numba", "scipy", "ortools", "pyarrow", "grpc", "google.protobuf", "pulp")


def splitship(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=100, cwd=ROOT, check=False, **options
    )


def test_version_is_printed() -> None:
    """One line, exit code 0."""
    done = splitship("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "splitship")


@pytest.mark.parametrize("words", ["--help", "solve --help", "--version"])
def test_help_imports_nothing_heavy(words: str) -> None:
    """Help is quick because only the bodies of commands import libraries."""
    code = (
        "import sys\n"
        "from splitship.cli import main\n"
        f"sys.argv = ['splitship', *{words.split()!r}]\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.strip() == "[]"


def test_library_import_is_quick() -> None:
    """`import splitship` imports its names when they are used."""
    code = f"import sys, splitship\nprint([name for name in {HEAVY!r} if name in sys.modules])\nsplitship.read_pack"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_help_fits_in_eighty_columns(run: Run) -> None:
    """Every command's help, with an example, on a terminal of 80 columns."""
    top = run("--help").out
    assert "130 interrupted" in " ".join(top.split())
    assert max(map(len, top.splitlines())) <= 80
    commands = re.findall(r"^│ ([a-z]+) ", top, re.M)
    assert {"solve", "check", "test", "policy", "export", "validate", "schema", "init", "serve"} <= set(commands)
    for command in commands:
        text = run(command, "--help").out
        assert command == "demo" or f"splitship {command}" in text.partition("Example")[2]
        assert max(map(len, text.splitlines())) <= 80


def test_unknown_command_is_wrong_usage() -> None:
    """Exit code 2, and nothing on standard output."""
    done = splitship("slove")
    assert (done.returncode, done.stdout) == (2, "")
    assert "solve" in done.stderr


def test_a_reader_that_leaves_is_no_error() -> None:
    """`splitship schema | head -1` ends well and without complaint."""
    with subprocess.Popen(
        [*PROGRAM, "schema", "-o", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        process.stdout.close()  # gone before the first byte
        complaint = process.stderr.read()
        assert process.wait(60) == 0
    assert complaint == b""


def test_parquet_goes_through_a_pipe(tmp_path: Path) -> None:
    """-o parquet writes a whole file on standard output."""
    import pyarrow.parquet as pq

    with (tmp_path / "plan.parquet").open("wb") as file:
        done = subprocess.run(
            [*PROGRAM, "solve", "scenarios/hello", "-o", "parquet"],
            stdout=file, stderr=subprocess.PIPE, cwd=ROOT, timeout=100, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert pq.read_table(tmp_path / "plan.parquet").num_rows == 7


def test_hello_is_solved_to_the_cent_and_checked(run: Run, tmp_path: Path) -> None:
    """The README's optimum of 87.50, proved; the saved plan passes check; the same run has the same hashes."""
    runs = [splitship("solve", "scenarios/hello", "--plan", tmp_path / "plan.json", "-o", "json") for _ in range(2)]
    assert [done.returncode for done in runs] == [0, 0], runs[0].stderr
    first, second = (json.loads(done.stdout) for done in runs)
    assert (first["objective"], first["bound"], first["gap"]) == ("87.50", "87.50", 0.0)
    assert first["termination"]["reason"] == "OPTIMAL"
    assert first["hashes"] == second["hashes"]
    checked = run("check", ROOT / "scenarios" / "hello", tmp_path / "plan.json", "-o", "json")
    assert checked.code == 0, checked.out
    assert checked.json["made_for_this_input"] is True
    assert (checked.json["cost"]["holds"], checked.json["certificate"]["holds"]) == (True, True)


def test_a_batch_that_cannot_ship_at_all_is_exit_code_four(run: Run, tmp_path: Path) -> None:
    """All nodes closed: the plan is empty, its reasons are printed, and the code says so."""
    pack = tmp_path / "closed"
    shutil.copytree(ROOT / "scenarios" / "hello", pack)
    rows = (pack / "nodes.csv").read_text().splitlines()
    (pack / "nodes.csv").write_text("\n".join([rows[0] + ",open", *(row + ",false" for row in rows[1:])]) + "\n")
    ran = run("solve", pack, "-o", "json")
    assert ran.code == 4, ran.err
    assert ran.json["unfilled_by_reason"] == {"NODE_CLOSED": 8}
    assert ran.json["counts"]["packages"] == 0


def test_an_empty_batch_is_exit_code_zero(run: Run, tmp_path: Path) -> None:
    """No orders: nothing to ship, gap 0."""
    pack = tmp_path / "empty"
    shutil.copytree(ROOT / "scenarios" / "hello", pack)
    for table in ("orders", "order_lines"):
        header = (pack / f"{table}.csv").read_text().splitlines()[0]
        (pack / f"{table}.csv").write_text(header + "\n")
    ran = run("solve", pack, "-o", "json", "--plan", tmp_path / "plan.json")
    assert ran.code == 0, ran.err
    assert ran.json["termination"]["reason"] == "NOTHING_TO_SHIP"
    assert (ran.json["gap"], ran.json["objective"]) == (0.0, "0.00")
    assert run("check", pack, tmp_path / "plan.json").code == 0


def test_ctrl_c_saves_a_plan_that_holds(run: Run, tmp_path: Path) -> None:
    """A real interrupt of a real solve: exit code 130, INTERRUPTED, and a saved plan that passes check."""
    pack = ROOT / "scenarios" / "us-retail"
    plan = tmp_path / "plan.json"
    arguments = ["solve", str(pack), "--gap", "0", "--time-limit", "80", "--plan", str(plan), "-o", "json"]
    with subprocess.Popen(
        [*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        for line in process.stderr:
            if "best" in line:
                break
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, complaint = process.communicate(timeout=60)
    assert process.returncode == 130, complaint
    assert "plan saved" in complaint
    document = json.loads(out)
    assert document["termination"]["reason"] == "INTERRUPTED"
    assert document["verified"] is True
    assert run("check", pack, plan).code == 0
