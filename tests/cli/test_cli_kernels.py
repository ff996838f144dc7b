from pathlib import Path

import pytest

import splitship.run
from splitship.cli import kernels
from splitship.cli.progress import Progress
from splitship.errors import CheckFailedError


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A cache of its own, and a warm-up that is only noted."""
    noted: list[str] = []
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(splitship.run, "compile_by_warming_up", lambda is_shared: noted.append("warm"))
    return noted


def test_kernels_are_compiled_once(calls: list[str]) -> None:
    """The first solve on a machine compiles before its clock runs; the second finds the mark."""
    assert not kernels.are_compiled()
    for _ in range(2):
        kernels.compile_kernels(Progress("test"))
    assert calls == ["warm"]
    assert kernels.are_compiled()


def test_kernels_are_compiled_again_for_another_source(
    calls: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A newer source needs new kernels."""
    kernels.compile_kernels(Progress("test"))
    (tmp_path / "newer").mkdir()
    (tmp_path / "newer" / "kernel.py").write_text("")
    monkeypatch.setattr(kernels, "PACKAGE", tmp_path / "newer")
    kernels.compile_kernels(Progress("test"))
    assert calls == ["warm", "warm"]


def test_kernels_that_fail_to_warm_leave_no_mark(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The solve goes on without them, and the next one tries again."""

    def fail(is_cache_shared: bool) -> None:
        raise CheckFailedError("no")

    monkeypatch.setattr(splitship.run, "compile_by_warming_up", fail)
    kernels.compile_kernels(Progress("test"))
    assert not kernels.are_compiled()


def test_kernels_do_without_a_writable_cache(calls: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A cache that cannot be made costs time only."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "cache"))
    kernels.compile_kernels(Progress("test"))
    assert calls == ["warm"]
    assert not kernels.are_compiled()
