"""Compiled kernels: whether they are there, and compiling them before a clock runs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from splitship.cli.progress import Progress
from splitship.errors import SplitshipError

PACKAGE = Path(__file__).resolve().parents[1]


def cache_folder() -> Path:
    """Where compiled kernels are kept: NUMBA_CACHE_DIR, else beside the source."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    return Path(chosen) if chosen else PACKAGE / "__pycache__"


def count_kernels() -> int:
    """Kernels in the cache, whatever version of the source they are of."""
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or PACKAGE)
    return sum(1 for _ in folder.rglob("*.nbi")) if folder.is_dir() else 0


def are_compiled() -> bool:
    """Whether this source has been compiled on this machine, as far as the mark of `compile_kernels` tells."""
    return _mark().exists()


def compile_kernels(progress: Progress) -> None:
    """Compile everything a solve needs, unless that was done before: a time limit is for solving.

    Where the cache cannot be written this happens in every process.
    """
    if are_compiled():
        return
    _forget_old_kernels()
    from splitship.run import compile_by_warming_up

    progress.phase("compiling, once on this machine")
    try:
        compile_by_warming_up(_is_cache_shared())
    except SplitshipError:
        return  # only time is lost; the solve that follows verifies itself and says what is wrong
    with contextlib.suppress(OSError):
        _mark().parent.mkdir(parents=True, exist_ok=True)
        _mark().touch()


def _is_cache_shared() -> bool:
    """Kernels that one process compiles are stored, for others to find."""
    folder = cache_folder()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


def compile_apart() -> None:
    """`compile_kernels` in a process of its own, for a program that must stay light; its progress goes to stderr."""
    if not are_compiled():
        subprocess.run(
            [sys.executable, "-m", "splitship", "doctor", "--compile"], stdout=subprocess.DEVNULL, check=False
        )


def _forget_old_kernels() -> None:
    """Remove kernels of another source: numba's cache sees a change in a kernel's file, not in the kernels it calls."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        return  # a shared folder is not ours to clear
    for pattern in ("*.nbi", "*.nbc", "compiled-*"):
        for path in PACKAGE.rglob(f"__pycache__/{pattern}"):
            with contextlib.suppress(OSError):
                path.unlink()


def _mark() -> Path:
    """A file that stands for: this source, compiled by this numba for this processor."""
    sources = max(path.stat().st_mtime_ns for path in PACKAGE.rglob("*.py"))
    facts = (version("splitship"), version("numba"), platform.python_version(), str(sources), _processor())
    return cache_folder() / f"compiled-{hashlib.sha256(' '.join(facts).encode()).hexdigest()[:16]}"


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line
    return platform.processor() or platform.machine()
