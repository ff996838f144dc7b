"""Shared by all tests: where data that is not part of the repository may lie."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared_packs() -> Path:
    """The folder of calibration packs beside the repository; the test is skipped where there is none."""
    folder = ROOT.parent / "shared" / "packs"
    if not folder.is_dir():
        pytest.skip("no calibration packs beside the repository")
    return folder
