"""Differences that are not proven are not told as proven, nor as better or worse."""

from __future__ import annotations

import dataclasses

import pytest

from planning.answers import by_policy, other_scenario, proven
from splitship.cli.comparison_text import notes, proven_words
from splitship.cli.comparison_view import _style
from splitship.domain import BoundSource, Result
from splitship.packs import read_pack
from splitship.planning import compare
from splitship.planning.comparison_document import comparison_document
from splitship.planning.report.key_figures import KeyFigures
from splitship.planning.report.tables import Typed


@pytest.fixture(scope="module")
def hello() -> Result:
    return by_policy(read_pack("scenarios/hello").problem(), "nearest")


def test_what_a_solver_claims_is_not_proven(hello: Result) -> None:
    """A claimed bound on both sides: no interval, no gap, no mark; another answer's proof holds for the problem."""
    claimed = dataclasses.replace(hello, bound=80_000_000, bound_source=BoundSource.SOLVER)
    other = dataclasses.replace(other_scenario(hello, "per_order_optimal", 86_000_000), bound_source=BoundSource.SOLVER)
    comparison = compare(claimed, other)
    step = comparison.steps[0]
    assert comparison.bounds == (None, None)
    assert (step.tolerance, step.interval, step.is_within_gap) == (None, (None, None), False)
    assert not comparison.is_given(0)
    assert proven_words(comparison, step).startswith("not proven")
    assert notes(comparison, None)[0].endswith("a bound that only the solver claims, so nothing is proven about it")
    document = comparison_document(comparison)
    assert [(each["bound"], each["own_bound"]) for each in document["scenarios"]] == [(None, False)] * 2
    best = proven(hello, 70_000_000)
    assert compare(best, claimed, names=("a", "b")).bounds == (70_000_000, 70_000_000)


def test_nothing_has_a_colour_where_the_total_is_within_the_gaps(hello: Result) -> None:
    """4.00 of gaps of 7.50 and 5.50, then of 4.00 together: only in the second colours say better or worse."""
    for base, bound, is_coloured in ((80_000_000, 86_000_000, False), (85_500_000, 89_500_000, True)):
        comparison = compare(proven(hello, base), other_scenario(hello, "per_order_optimal", bound))
        assert any(_style(comparison, row, 1) for row in comparison.rows) is is_coloured
        (table, *_) = KeyFigures(comparison.results).moves(1)
        cells = [cell for row in table.rows for cell in row if isinstance(cell, Typed) and cell.is_change]
        assert any(cell.is_good is not None for cell in cells) is is_coloured
        assert all(cell.is_good is None for row in table.rows if row[0] == "lower bound" for cell in row[3:5])
