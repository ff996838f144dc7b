"""The program under test, run in this process."""

from pathlib import Path

import pytest
from program import Ran, Run
from typer.testing import CliRunner

from splitship.cli.app import app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run() -> Run:
    """Run `splitship ARGUMENTS` in this process, on a terminal-less 80 columns."""

    def run(*arguments: object) -> Ran:
        result = CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"}).invoke(app, [str(each) for each in arguments])
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture(scope="session")
def hello() -> Path:
    """The pack that can be worked by hand."""
    return ROOT / "scenarios" / "hello"
