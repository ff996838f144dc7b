"""From the name of an instance to a pack on disk: packs that ship, generated ones, or any folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from splitship.errors import UsageError
from splitship_bench.generate import FORM, generate_pack, parse_spec

SHIPPED = ("hello", "us-retail", "brunel", "brunel-raised")
"""Packs of `scenarios/` that suites use."""
_LARGE = 100_000
"""Orders from which the steps of generating are told one by one."""
_SOURCE = Path(__file__).resolve().parents[2]


def default_cache() -> Path:
    """Where generated packs are kept: $SPLITSHIP_CACHE, else `splitship/packs` in the user's cache folder."""
    named = os.environ.get("SPLITSHIP_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "splitship" / "packs"


def is_generated(name: str) -> bool:
    """Whether this name asks for a generated pack (and not for one that ships or a folder)."""
    return name not in SHIPPED and "/" not in name and os.sep not in name


def prepare_instance(name: str, cache: Path, on_progress: Callable[[str], None] | None = None) -> Path:
    """The folder of the instance's pack; a generated one is written on first use and kept in `cache`.

    Raises:
        UsageError: no such pack, or a name that is no specification.
    """
    if name in SHIPPED:
        return _shipped(name)
    if not is_generated(name):
        folder = Path(name)
        if not folder.is_dir():
            raise UsageError(f"{name}: there is no such folder")
        return folder
    spec = parse_spec(name)
    folder = cache / f"form-{FORM}" / spec.name  # a pack of an older generator is another pack
    if not (folder / "scenario.yaml").is_file():
        if on_progress is not None:
            on_progress(f"generating {spec.name}")
        folder.parent.mkdir(parents=True, exist_ok=True)
        generate_pack(spec, folder, on_progress if spec.orders >= _LARGE else None)
    return folder


def _shipped(name: str) -> Path:
    for root in (Path.cwd(), _SOURCE):
        folder = root / "scenarios" / name
        if (folder / "scenario.yaml").is_file():
            return folder
    raise UsageError(f"{name}: packs that ship are in scenarios/ of the source tree: run from its top folder")
