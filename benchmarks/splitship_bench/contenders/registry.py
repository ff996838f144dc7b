"""The contenders by name, and how others join them."""

from __future__ import annotations

import importlib.util
import sys
from difflib import get_close_matches
from pathlib import Path

from splitship.errors import UsageError
from splitship_bench.contenders.base import Contender

_KINDS = ("ours", "solver", "policy", "literature")
_REGISTERED: dict[str, Contender] = {}
_ADDED: dict[str, Contender] = {}


def contenders() -> dict[str, Contender]:
    """All contenders by name: ours, solvers, policies, literature, then those that plugins added."""
    if not _REGISTERED:
        from splitship_bench.contenders.models import SOLVER_CONTENDERS
        from splitship_bench.contenders.ours import OURS
        from splitship_bench.contenders.rules import RULE_CONTENDERS

        for each in (*OURS, *SOLVER_CONTENDERS, *RULE_CONTENDERS):
            _REGISTERED[each.name] = each
    return _REGISTERED | _ADDED


def contender(name: str) -> Contender:
    """The contender of this name.

    Raises:
        UsageError: there is none.
    """
    known = contenders()
    if name not in known:
        close = get_close_matches(name, known, 1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise UsageError(f"no contender {name!r}: there are {', '.join(known)}{hint}")
    return known[name]


def register(added: Contender) -> None:
    """Add a contender; one of a known name takes its place.

    Raises:
        UsageError: its kind is none of ours, solver, policy, literature.
    """
    if added.kind not in _KINDS:
        raise UsageError(f"contender {added.name!r}: kind is {added.kind!r}, must be one of {', '.join(_KINDS)}")
    _ADDED[added.name] = added


def load_plugin(path: Path) -> None:
    """Run a Python file that calls `splitship_bench.contenders.register(...)` at its top level.

    Raises:
        UsageError: the file is missing or fails; names the error.
    """
    spec = importlib.util.spec_from_file_location(f"splitship_bench_plugin_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise UsageError(f"{path}: a plugin is a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(f"{path}: {type(error).__name__}: {error}") from error
