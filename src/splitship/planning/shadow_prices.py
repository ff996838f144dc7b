"""What one more of every binding resource would save: its price, and for the dearest the saving confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from splitship.domain import Certificate, Event, ResourceKind, Result
from splitship.engine.claims import claim_prices, rows_with_own_prices, worth_of_supply
from splitship.engine.dual import Pricer
from splitship.engine.warm_prices import prices_of
from splitship.errors import UsageError
from splitship.instance import compile_problem
from splitship.planning.confirming import Confirmation, Confirmer, Say
from splitship.planning.more import with_more
from splitship.planning.pricing import prices_found_anew
from splitship.planning.resource_use import ResourceUse
from splitship.planning.resources import PricedRow, Resource, priced_resources

Source = Literal["certificate", "certificate with own prices", "first prices"]


@dataclass(frozen=True, slots=True)
class ShadowPrice:
    """A binding resource. `price` is what one more would save at the prices, in micros; `supply` and `use` by the plan
    (minutes in 10^-6) are None for a share of a node.

    `confirmed` is the saving with `ShadowPrices.step` more, found by solving again; None where it was not asked for, or
    there is no more of the resource.
    """

    resource: Resource
    price: int
    supply: int | None
    use: int | None
    confirmed: Confirmation | None = None


@dataclass(frozen=True, slots=True)
class ShadowPrices:
    """Prices of an answer's binding resources, dearest first.

    `source` says where they are from: the certificate; one with own prices of lines (a position then has as price what
    lines would pay more for one more unit); or, where the certificate is in leaves and has no prices for all plans, the
    first prices that a search finds. `best` is the answer, or a better plan for the same problem that confirming came
    upon. `is_complete`: all that was asked for is confirmed.

    No confirmed saving is more than `at_most` of its confirmation: the cost of the plan less what the *unchanged*
    certificate proves of the changed problem. Of a certificate without own prices and leaves that is price x step + gap
    but where the change makes packages possible that were not (docs/prices.md).
    """

    result: Result
    best: Result
    source: Source
    step: int
    prices: tuple[ShadowPrice, ...]
    is_complete: bool = True

    @property
    def improvement(self) -> int:
        """By how much the base turned out to be improvable, in micros."""
        return self.result.objective - self.best.objective


def shadow_prices(
    result: Result,
    top: int = 10,
    step: int = 1,
    confirm: bool = True,
    *,
    on_event: Callable[[Event], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    say: Say | None = None,
) -> ShadowPrices:
    """Price every binding resource of an answer, and confirm the `top` dearest by solving with `step` more of each.

    Each is solved with the change, beginning with the plan there is, and then without it, beginning with the plan
    found, to a gap no worse than the answer's and in about the time that it took (within the limits of its options).
    `say` is told in words what is looked at. After a stop the prices confirmed by then come back.

    Raises:
        UsageError: an answer without a certificate, `top` below 0 or `step` below 1.
    """
    if top < 0:
        raise UsageError(f"top: expected a whole number of at least 0, got {top}")
    if step < 1:
        raise UsageError(f"step: expected a whole number of at least 1, got {step}")
    confirmer = Confirmer(result, on_event, should_stop)
    problem = result.problem
    rows, source = priced_rows(result)
    worth = priced_resources(problem, rows)
    use = ResourceUse(result)
    found = []
    for resource in sorted(worth, key=lambda each: (-worth[each], each)):
        amounts = use.of(resource)
        supply, used = (None, None) if amounts is None else amounts
        found.append(ShadowPrice(resource, worth[resource], supply, used))
    is_complete = True
    chosen = [at for at, each in enumerate(found) if each.resource.can_be_more][: top if confirm else 0]
    for number, at in enumerate(chosen, 1):
        resource = found[at].resource
        if say is not None:
            say(f"{number} of {len(chosen)}: {resource.change_words(problem, step)}")
        changed = with_more(problem, resource, step)
        confirmed = None if confirmer.is_over else confirmer.confirm(changed, confirmer.bound_with(changed))
        if confirmed is None:
            is_complete = False
            break
        found[at] = ShadowPrice(resource, found[at].price, found[at].supply, found[at].use, confirmed)
    return ShadowPrices(result, confirmer.best, source, step, tuple(found), is_complete)


def priced_rows(result: Result) -> tuple[list[PricedRow], Source]:
    """Prices of an answer's shared resources, one for all orders each, and where they are from.

    Raises:
        UsageError: the answer has no certificate.
    """
    c = result.certificate
    if c is None:
        raise UsageError("prices need an answer with a certificate: one of method order-plans, or its plan as .json")
    if c.leaves:
        return list(_anew(result)), "first prices"
    rows = list(_listed(c))
    if not len(c.own_line):
        return rows, "certificate"
    return rows + list(_next_in_line(result, c)), "certificate with own prices"


def _listed(c: Certificate) -> Iterator[PricedRow]:
    columns = (c.kind, c.node_idx, c.sku_idx, c.service_idx, c.day, c.rule_idx, c.price)
    for kind, *keys in zip(*(column.tolist() for column in columns), strict=True):
        yield PricedRow(ResourceKind(kind), *keys)


def _anew(result: Result) -> Iterator[PricedRow]:
    pricer = Pricer(compile_problem(result.problem, result.options.threads), result.options.threads)
    try:
        prices = prices_found_anew(pricer)
    finally:
        pricer.close()
    r = pricer.instance.resources
    columns = (r.kind, r.node_idx, r.sku_idx, r.service_idx, r.day, r.rule_idx, prices[: len(r)])
    for kind, *keys in zip(*(column.tolist() for column in columns), strict=True):
        yield PricedRow(ResourceKind(kind), *keys)


def _next_in_line(result: Result, c: Certificate) -> Iterator[PricedRow]:
    """Positions whose lines pay own prices: by how much the best choice of lines that fits pays more with one more."""
    pricer = Pricer(compile_problem(result.problem, result.options.threads), result.options.threads)
    try:
        prices = prices_of(pricer, c)
        claims, r = pricer.need_claims(), pricer.instance.resources
        rows = np.flatnonzero(rows_with_own_prices(pricer.instance, pricer.tables, prices))
        price = claim_prices(claims, pricer.tables, prices)
        worth = np.zeros((2, len(rows)), np.int64)
        for more in range(2):
            worth_of_supply(rows, claims.ptr, claims.units, claims.pieces, price, r.capacity + more, worth[more])
    finally:
        pricer.close()
    for row, one_more in zip(rows.tolist(), (worth[1] - worth[0]).tolist(), strict=True):
        yield PricedRow(ResourceKind.STOCK, int(r.node_idx[row]), int(r.sku_idx[row]), -1, -1, -1, one_more)
