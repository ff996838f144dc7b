"""What is forgotten of pick-up, kits, substitutes, prices of stock, least values and rejections is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from properties.test_property_planted import ENGINE, MODEL, refused_or_right
from properties.trials import more_trials
from splitship.domain import Problem, Rejections, SolveOptions
from splitship.domain.orders import NO_KIT, SHIPS

NUM_TRIALS = 60


def with_lines(problem: Problem, **columns: Any) -> Problem:
    """The problem with whole columns of its lines set to one value."""
    lines = problem.lines
    filled = {name: np.full_like(getattr(lines, name), value) for name, value in columns.items()}
    return dataclasses.replace(problem, lines=dataclasses.replace(lines, **filled))


def all_of_it_ships(problem: Problem) -> Problem:
    """Any line goes by any service."""
    services = problem.services
    services = dataclasses.replace(services, pickup_node_idx=np.full_like(services.pickup_node_idx, SHIPS))
    return dataclasses.replace(with_lines(problem, pickup_node_idx=SHIPS), services=services)


def units_move_for_nothing(problem: Problem) -> Problem:
    services = problem.services
    free = dataclasses.replace(services, unit_cost=np.zeros_like(services.unit_cost))
    return dataclasses.replace(problem, services=free)


def components_are_lines(problem: Problem) -> Problem:
    return with_lines(problem, kit_line_idx=NO_KIT, kit_quantity=1, is_together=False)


def kits_are_torn(problem: Problem) -> Problem:
    return with_lines(problem, is_together=False)


def substitutes_are_free(problem: Problem) -> Problem:
    table = problem.line_substitutes
    free = dataclasses.replace(table, unit_price=np.zeros_like(table.unit_price))
    return dataclasses.replace(problem, line_substitutes=free)


def stock_is_free(problem: Problem) -> Problem:
    stock = problem.stock
    free = dataclasses.replace(stock, unit_price=np.zeros_like(stock.unit_price))
    return dataclasses.replace(problem, stock=free)


def packages_are_worth_enough(problem: Problem) -> Problem:
    return dataclasses.replace(problem, orders=dataclasses.replace(problem.orders, min_package_value=None))


def orders_are_worth_enough(problem: Problem) -> Problem:
    return dataclasses.replace(problem, orders=dataclasses.replace(problem.orders, min_order_value=None))


def nobody_rejects(problem: Problem) -> Problem:
    return dataclasses.replace(problem, rejections=Rejections.empty())


FORGOTTEN: dict[Callable[[Problem], Problem], str] = {
    all_of_it_ships: "modes",
    components_are_lines: "kits",
    kits_are_torn: "kits",
    packages_are_worth_enough: "least_values",
    orders_are_worth_enough: "least_values",
    nobody_rejects: "rejections",
}
UNPAID: dict[Callable[[Problem], Problem], str] = {
    units_move_for_nothing: "modes",
    substitutes_are_free: "substitutes",
    stock_is_free: "stock_prices",
}
"""What a solver's plan costs is the checker's to say, so that only the engine can be wrong about prices."""
OF_MODELS = (kits_are_torn, packages_are_worth_enough, nobody_rejects)
"""What a model forgets that only an instance tells it; half of the others it has from the problem. And a plan that is
dearer than need be, because a way was forgotten, is no wrong plan: only the engine must prove what it says."""


@pytest.mark.parametrize(
    ("forget", "name", "options"),
    [
        *((forget, name, ENGINE) for forget, name in (FORGOTTEN | UNPAID).items()),
        *((forget, FORGOTTEN[forget], MODEL) for forget in OF_MODELS),
    ],
    ids=lambda value: getattr(value, "__name__", None) or getattr(value, "method", value),
)
def test_what_is_forgotten_is_refused(
    monkeypatch: pytest.MonkeyPatch, forget: Callable[[Problem], Problem], name: str, options: SolveOptions
) -> None:
    """No such answer comes out; where it makes no difference, the answer is right all the same."""
    assert refused_or_right(monkeypatch, more_trials(name, NUM_TRIALS), options, forget) >= 2
