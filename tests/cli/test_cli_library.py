import json
from pathlib import Path

import hello_plan
import numpy as np
import pytest

import splitship as ss
from splitship.domain import SolveOptions
from splitship.errors import UsageError


def test_library_reads_solves_checks_and_saves(hello: Path, tmp_path: Path) -> None:
    """The whole way in a program: the optimum of 87.50, proved, saved, read back and checked."""
    pack = ss.read_pack(hello)
    result = ss.solve(pack.problem(), time_limit_s=30, gap=0.0, seed=7)
    assert (result.objective, result.bound, result.gap) == (87_500_000, 87_500_000, 0.0)
    assert result.options == SolveOptions(30, None, 0.0, 7, 2)
    ss.write_plan(tmp_path / "plan.json", result)
    plan, certificate, _ = ss.read_plan(tmp_path / "plan.json", pack.problem())
    report = ss.check_plan(pack.problem(), plan)
    assert report.is_feasible
    assert report.costs.total == 87_500_000
    assert ss.check_certificate(pack.problem(), certificate).bound == 87_500_000
    assert np.array_equal(plan.ship_day, result.plan.ship_day)


def test_library_solve_takes_options_and_replaces_single_ones(hello: Path) -> None:
    """A pack's options as they are, with one of them changed; None is a value too."""
    pack = ss.read_pack(hello)
    result = ss.solve(pack.problem(), pack.options(), time_limit_s=None, method="policy:nearest")
    assert result.options == SolveOptions(None, None, 0.0, 1, 2, "policy:nearest")
    assert result.bound is None
    with pytest.raises(UsageError, match="no method"):
        ss.solve(pack.problem(), method="magic")


def test_library_tells_what_it_has() -> None:
    """Names are listed before they are imported; others are an AttributeError."""
    assert set(ss.__all__) <= set(dir(ss))
    assert ss.__version__.count(".") == 2
    with pytest.raises(AttributeError, match="no attribute 'sovle'"):
        _ = ss.sovle


def test_library_reads_anyone_s_plan(hello: Path, tmp_path: Path) -> None:
    """A plan from elsewhere, with its claims."""
    (tmp_path / "plan.json").write_text(json.dumps(hello_plan.document()))
    file = ss.read_plan(tmp_path / "plan.json", ss.read_pack(hello).problem())
    assert file.claims.objective == 87_500_000
    assert len(file.plan) == 6
