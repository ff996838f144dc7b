"""Answers side by side: what changes, what of it is proven, and which orders make the difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from splitship.domain import BoundSource, Result
from splitship.errors import CheckFailedError, UsageError
from splitship.planning.kpis import Kpi, Unit, Value, headline_kpis, num_violations
from splitship.planning.moves import Moves, moves_between
from splitship.planning.network_kpis import network_kpis
from splitship.planning.same_problem import is_same_problem

if TYPE_CHECKING:
    import pandas as pd

GIVEN_METHOD = "reference"
"""The method of results that are no search: what another system decided costs what it costs."""
_IN_OBJECTIVE = "cost."


@dataclass(frozen=True, slots=True)
class KpiRow:
    """One KPI of all answers: `numbers` by answer, the baseline first; None where it is not defined."""

    key: str
    group: str
    label: str
    unit: Unit
    numbers: tuple[Value, ...]

    def difference(self, at: int) -> Value:
        """The value of answer `at` less the baseline's; None where either is none."""
        value, base = self.numbers[at], self.numbers[0]
        return None if value is None or base is None else value - base

    def percent(self, at: int) -> float | None:
        """The difference over the size of the baseline's value, 0.1 for a tenth more; None where that is 0 or none."""
        difference, base = self.difference(at), self.numbers[0]
        return None if difference is None or not base else float(Fraction(difference) / abs(Fraction(base)))

    @property
    def is_changed(self) -> bool:
        """Some answer has another value than the baseline."""
        return any(self.differs(at) for at in range(1, len(self.numbers)))

    def differs(self, at: int) -> bool:
        """Answer `at` has another value than the baseline."""
        return self.numbers[at] != self.numbers[0]


@dataclass(frozen=True, slots=True)
class Step:
    """One answer held against the baseline.

    `total` is the difference of the objectives, `tolerance` the two gaps together, None unless both are proven.
    `interval`: what the bounds prove of the difference of the least costs of the two problems, as (at least, at most),
    either None where nothing is proven. In both an answer that is a given plan (`Comparison.is_given`) counts as what
    it costs, without a gap. All in micros.
    """

    name: str
    total: int
    tolerance: int | None
    interval: tuple[int | None, int | None]
    moves: Moves

    @property
    def is_within_gap(self) -> bool:
        """The difference is smaller than the two gaps together: the searches may have made it."""
        return self.tolerance is not None and abs(self.total) < self.tolerance


@dataclass(frozen=True, eq=False)
class Comparison:
    """Answers side by side; the first is the baseline. `bounds` are what is proven for each one's problem, micros.

    A result without a proven bound has that of another result for the very same problem, if its own plan is feasible.
    What a solver only claims is no bound here.
    """

    names: tuple[str, ...]
    results: tuple[Result, ...]
    bounds: tuple[int | None, ...]
    rows: tuple[KpiRow, ...]
    steps: tuple[Step, ...]

    def is_given(self, at: int) -> bool:
        """Whether answer `at` is a plan that is what it is, not a search for the least cost of its problem.

        A reference; and a policy's plan beside an answer with a bound for the very same problem.
        """
        return _is_given(self.results[at], self.bounds[at])

    @property
    def currency(self) -> str:
        """The money of all of them."""
        return self.results[0].problem.currency

    @cached_property
    def changed_rows(self) -> tuple[KpiRow, ...]:
        """The KPIs that are not the same everywhere; the total cost always."""
        return tuple(row for row in self.rows if row.is_changed or row.key == "objective")

    def is_within_gap(self, row: KpiRow, at: int) -> bool:
        """Whether a KPI of answer `at` is (part of) a total cost and differs by less than the two gaps together.

        Of a single term the mark says no more than that: the searches may move a term by more than the gaps.
        """
        tolerance, difference = self.steps[at - 1].tolerance, row.difference(at)
        is_cost = row.key == "objective" or row.key.startswith(_IN_OBJECTIVE)
        if not is_cost or tolerance is None or not difference:
            return False
        return abs(Fraction(difference)) < tolerance

    def to_frame(self) -> pd.DataFrame:
        """The KPIs as a frame: index `key`; `group`, `label`, `unit`, then for each answer its value under its name,
        and for all but the first `NAME difference`, `NAME percent` and `NAME within gap`.

        Money is `Decimal`, counts int, all else float; None where a number is not defined.
        """
        from splitship.planning.comparison_tables import kpi_frame

        return kpi_frame(self)

    def moves_frame(self, name: str | None = None) -> pd.DataFrame:
        """The orders that differ, one row each: `scenario`, `order_id`, `fate`, `old_plan`, `new_plan`, `difference`
        (`Decimal`) and the same by term. `name`: only those of this answer.

        Raises:
            UsageError: no answer but the first has this name.
        """
        from splitship.planning.comparison_tables import moves_frame

        return moves_frame(self, name)

    def step(self, name: str) -> Step:
        """The answer of a name against the baseline; UsageError when there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise UsageError(f"no answer {name!r} beside the baseline; there are {', '.join(self.names[1:])}")

    def pair(self, step: Step) -> tuple[Result, Result]:
        """The baseline, and the answer that a step holds against it."""
        return self.results[0], self.results[self.names.index(step.name)]

    def __repr__(self) -> str:
        from splitship.planning.comparison_texts import signed_money

        others = ", ".join(
            f"{step.name!r} {signed_money(step.total)}{' (within gap)' if step.is_within_gap else ''}"
            for step in self.steps
        )
        return f"Comparison({self.names[0]!r} against {others} {self.currency})"

    def _repr_html_(self) -> str:
        from splitship.planning.comparison_tables import comparison_html

        return comparison_html(self)


def compare(base: Result, *others: Result, names: Sequence[str] | None = None) -> Comparison:
    """Hold answers against the first of them.

    They may be of different scenarios, or of other orders, nodes, services and SKUs: all is matched by id. `names` are
    what the answers are called, their scenarios' names otherwise; two of one name are told apart by a number.

    Raises:
        UsageError: nothing to compare with, another currency, names too few, too many or twice, or an answer with
            packages that have no price.
    """
    results = (base, *others)
    if not others:
        raise UsageError("compare needs a baseline and at least one other answer")
    called = _names(results, names)
    for name, result in zip(called, results, strict=True):
        if result.problem.currency != base.problem.currency:
            raise UsageError(
                f"{name} is in {result.problem.currency}, {called[0]} in {base.problem.currency}: "
                "answers are compared in one currency"
            )
        if result.report.costs is None:
            raise UsageError(f"{name} has packages that have no price, so it cannot be compared")
    bounds = tuple(_bound(result, results) for result in results)
    kpis = [
        [*headline_kpis(result, bound), *network_kpis(result)] for result, bound in zip(results, bounds, strict=True)
    ]
    steps = [
        _step(name, (base, bounds[0]), (other, bound))
        for name, other, bound in zip(called[1:], others, bounds[1:], strict=True)
    ]
    return Comparison(called, results, bounds, tuple(_rows(kpis)), tuple(steps))


def _names(results: Sequence[Result], names: Sequence[str] | None) -> tuple[str, ...]:
    if names is not None:
        if len(names) != len(results):
            raise UsageError(f"names: {len(results)} answers, {len(names)} names")
        twice = [name for name in names if list(names).count(name) > 1]
        if twice:
            raise UsageError(f"names: {twice[0]!r} is there twice")
        return tuple(names)
    found: list[str] = []
    for result in results:
        plain = result.problem.scenario if result.method != GIVEN_METHOD else GIVEN_METHOD
        name, number = plain, 1
        while name in found:
            number += 1
            name = f"{plain} ({number})"
        found.append(name)
    return tuple(found)


def _bound(result: Result, results: Sequence[Result]) -> int | None:
    """What is proven for a result's problem: by itself, else by another result for the very same problem."""
    if result.proven_bound is not None:
        return result.proven_bound
    if num_violations(result):
        return None
    proven = [
        each.proven_bound
        for each in results
        if each.proven_bound is not None and is_same_problem(each.problem, result.problem)
    ]
    return max(proven, default=None)


def _is_given(result: Result, bound: int | None) -> bool:
    return result.method == GIVEN_METHOD or (result.bound_source is BoundSource.NONE and bound is not None)


def _step(name: str, base: tuple[Result, int | None], other: tuple[Result, int | None]) -> Step:
    (old, old_least), (new, new_least) = (
        (result, result.objective if _is_given(result, bound) else bound) for result, bound in (base, other)
    )
    total = new.objective - old.objective
    tolerance = None
    if old_least is not None and new_least is not None:
        tolerance = (old.objective - old_least) + (new.objective - new_least)
    interval = (
        None if new_least is None else new_least - old.objective,
        None if old_least is None else new.objective - old_least,
    )
    moves = moves_between(old, new)
    if moves.total != total:
        raise CheckFailedError(f"the orders' differences add up to {moves.total}, the totals' is {total}")
    return Step(name, total, tolerance, interval, moves)


def _rows(kpis: Sequence[Sequence[Kpi]]) -> Iterator[KpiRow]:
    """KPIs of all answers by key, groups together, in the sequence in which they come first."""
    by_key: list[dict[str, Kpi]] = [{each.key: each for each in one} for one in kpis]
    first: dict[str, Kpi] = {}
    for one in by_key:
        first = {**first, **{key: kpi for key, kpi in one.items() if key not in first}}
    groups = list(dict.fromkeys(kpi.group for kpi in first.values()))
    for group in groups:
        for key, kpi in first.items():
            if kpi.group == group:
                values = tuple(one[key].value if key in one else kpi.if_absent for one in by_key)
                if kpi.if_absent is None or any(values):
                    yield KpiRow(key, group, kpi.label, kpi.unit, values)
