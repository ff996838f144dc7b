"""What machine this is, as far as it matters to times."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGES = ("splitship", "numpy", "scipy", "numba", "ortools", "pulp", "pandas", "pyarrow")
_ROOT = Path(__file__).resolve().parents[2]


def describe_machine() -> dict[str, Any]:
    """Processor, cores this process may use, memory (GB, 10^9 bytes), system, Python, versions, source revision."""
    return {
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: package_version(name) for name in _PACKAGES},
        "revision": _revision(),
    }


def package_version(name: str) -> str:
    """The installed version of a package, `?` when it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def memory_high_water_mb(pid: int | str = "self") -> float | None:
    """Largest resident size of a process so far in MB (10^6 bytes); None where the system does not tell.

    From /proc, which counts from the start of the program: getrusage also counts what the parent held when it forked.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return None


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (ValueError, OSError):
        return None


def _revision() -> str | None:
    """The short commit of the source tree, with `+` when files differ from it; None outside a checkout."""
    try:
        commit = _git("rev-parse", "--short", "HEAD")
        return commit + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*arguments: str) -> str:
    answer = subprocess.run(
        ["git", "-C", str(_ROOT), *arguments], capture_output=True, text=True, check=True, timeout=10
    )
    return answer.stdout.strip()
