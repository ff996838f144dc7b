"""From an instance to a plan with a proven bound."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from splitship.domain import Certificate, Event, Plan, SolveOptions, Termination, TerminationReason, WarmStart
from splitship.engine.building import build_at_arrival, build_at_prices
from splitship.engine.convert import certificate_of, plan_of
from splitship.engine.dual import Pricer, PriceSearch
from splitship.engine.rounds import improve_in_turns
from splitship.engine.search import Search
from splitship.engine.warm import begin_warm
from splitship.engine.wide_improve import improve_wide
from splitship.instance import Instance
from splitship.spans import span, spanned

_FIRST_PASSES, _MOST_PASSES = 30, 120
_PATIENCE = 10
_WARM_GAP = 0.01
"""An earlier answer that leaves no more than this gap is improved; beyond it prices are looked for from the start."""
_STANDSTILL = 1e-7
_WIDE_PATIENCE, _WIDE_STANDSTILL = 3, 1e-3
"""Passes over wide orders take long; more of them are made beside the search for better plans (wide_improve.py)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine claims: plan, objective (micros), certificate with its bound, why it stopped.

    `objective` None: what is steered at a price is inside the costs, and only the checker knows what it costs.
    """

    plan: Plan
    objective: int | None
    certificate: Certificate
    termination: Termination
    events: tuple[Event, ...]
    prices_seconds: float
    primal_seconds: float


def solve(
    instance: Instance,
    options: SolveOptions,
    on_event: Callable[[Event], None] | None = None,
    on_plan: Callable[[Callable[[], Answer]], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    started: float | None = None,
    reserve_s: float = 0.0,
    warm: WarmStart | None = None,
) -> Answer:
    """Solve an instance: a first plan at once, then prices and their bound, then better plans until a limit.

    `started` is the `time.perf_counter()` from which the time limit counts (now by default); `reserve_s` of it is left
    for the checker. `on_plan` is called for every better plan with a function that makes the answer so far. The answer
    is a function of instance, options (not of `threads`) and `warm` unless the clock or `should_stop` ended the search.
    """
    begun = time.perf_counter() if started is None else started
    deadline = None if options.time_limit_s is None else begun + max(0.0, options.time_limit_s - reserve_s)
    with span("pricing tables"):
        pricer = Pricer(instance, options.threads)
    search = Search(instance, options, pricer, deadline, begun, on_event, _teller(on_plan), should_stop)
    try:
        prices = begin_warm(search, warm)
        if search.best is None:
            build_at_arrival(search)
        clock = time.perf_counter()
        is_warm = warm is not None and search.gap is not None and search.gap <= _WARM_GAP
        if not is_warm:
            _find_prices(search, prices)
        middle = time.perf_counter()
        if not is_warm:
            build_at_prices(search)
        improve_wide(search, prices)
        if not instance.is_wide.all():
            improve_in_turns(search, prices, is_warm)
        return _answer(search, middle - clock, time.perf_counter() - middle)
    finally:
        pricer.close()


def _teller(
    on_plan: Callable[[Callable[[], Answer]], None] | None,
) -> Callable[[Search], None] | None:
    if on_plan is None:
        return None
    tell = on_plan
    return lambda search: tell(lambda: _answer(search, 0.0, 0.0))


def _find_prices(search: Search, prices: PriceSearch) -> None:
    """The first passes, until a limit stops the search or the bound stands still."""
    has_wide = bool(search.instance.is_wide.any())
    patience, standstill = (_WIDE_PATIENCE, _WIDE_STANDSTILL) if has_wide else (_PATIENCE, _STANDSTILL)
    passes = _MOST_PASSES if has_wide else _FIRST_PASSES
    stalled = 0
    while prices.num_passes < passes and not search.is_over() and stalled < patience:
        before = search.bound
        search.offer_bound("prices", prices.step())
        assert search.bound is not None
        rise = search.bound - before if before is not None else search.bound
        stalled = 0 if rise > standstill * abs(search.bound) else stalled + 1


@spanned("conversion")
def _answer(search: Search, prices_seconds: float, primal_seconds: float) -> Answer:
    assert search.best is not None
    assert search.objective is not None
    return Answer(
        plan=plan_of(search.instance, search.pricer.tables, search.best),
        objective=None if search.instance.steering is not None else search.told(search.objective),
        certificate=certificate_of(search.pricer, search.bound_pass, search.leaves),
        termination=_termination(search),
        events=tuple(search.events),
        prices_seconds=prices_seconds,
        primal_seconds=primal_seconds,
    )


def _termination(search: Search) -> Termination:
    if not len(search.instance.line_sku):
        return Termination(TerminationReason.NOTHING_TO_SHIP)
    if search.stopped is not None:
        return search.stopped
    return Termination(TerminationReason.WORK_LIMIT, "search", "no piece of the plan could be improved any more")
