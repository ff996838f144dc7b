"""`partitioned_1500`: the batch cut into partitions in the order of arrival, each solved jointly by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from splitship.domain import Plan, SolveOptions
from splitship.engine.building import build_at_arrival, build_at_prices
from splitship.engine.convert import plan_of
from splitship.engine.dual import Pricer, PriceSearch
from splitship.engine.generation import polish_prices
from splitship.engine.neighbourhoods import improve_pieces
from splitship.engine.search import Search
from splitship.instance import Instance
from splitship.policies.rows import ResourceRows
from splitship.policies.slicing import slice_instance
from splitship.policies.tables import arrival_sequence
from splitship.units import I64

PARTITION_LINES = 1500
"""Most order lines of a partition."""
PARTITION_OPTIONS = SolveOptions(time_limit_s=None, work_limit=0.5, gap=0.005)
"""How far a partition is solved: no clock, so that the plan is always the same."""
_FIRST_PASSES, _PASSES = 30, 120


def route_in_partitions(
    instance: Instance, most_lines: int = PARTITION_LINES, options: SolveOptions = PARTITION_OPTIONS
) -> Plan:
    """Partitions of at most 1,500 order lines, one after the other, each solved jointly on what earlier ones left.

    Orders in arrival order (`placed_at`, then id) fill a partition as long as their lines fit; an order is never cut,
    and one with more lines than that is a partition of its own. Within a partition the orders are decided together,
    by the engine that solves whole batches: to a certified gap of 0.5 %, or half a unit of deterministic work. What a
    partition takes is gone for the next ones; that, and only that, is what this loses against the joint plan.
    """
    left = instance.resources.capacity.copy()
    rows, plans = ResourceRows.of(instance), []
    for orders in partitions(instance, most_lines):
        part, lines = slice_instance(instance, orders, left)
        plan = _in_batch(solve_partition(part, options), orders, lines)
        left -= rows.use_of(plan)
        plans.append(plan)
    return Plan.joined(plans).canonical()


def partitions(instance: Instance, most_lines: int) -> Iterator[I64]:
    """The positions of orders in arrival order, cut where the next order would exceed `most_lines` lines."""
    sequence = arrival_sequence(instance)
    ends = np.cumsum(np.diff(instance.line_ptr)[sequence])
    first, before = 0, 0
    while first < len(sequence):
        end = max(first + 1, int(np.searchsorted(ends, before + most_lines, side="right")))
        yield sequence[first:end]
        first, before = end, int(ends[end - 1])


def solve_partition(part: Instance, options: SolveOptions) -> Plan:
    """The plan of the engine's phases up to the choice by pieces.

    The engine would go on to prove that nothing better exists, in one model of all plans that could be better. That
    improves a plan rarely, takes minutes a partition, and a rule needs no proof.
    """
    pricer = Pricer(part, options.threads)
    search = Search(part, options, pricer, None, time.perf_counter())
    try:
        prices = PriceSearch.start(pricer)
        build_at_arrival(search)
        for passes in (_FIRST_PASSES, _PASSES):
            while prices.num_passes < passes and not search.is_over():
                search.offer_bound("prices", prices.step())
            build_at_prices(search)
        polish_prices(search)
        build_at_prices(search)
        improve_pieces(search)
        assert search.best is not None
        return plan_of(part, pricer.tables, search.best)
    finally:
        pricer.close()


def _in_batch(plan: Plan, orders: I64, lines: I64) -> Plan:
    """The plan of some orders and lines with their positions in the batch."""
    return Plan(
        order_idx=orders[plan.order_idx],
        node_idx=plan.node_idx,
        service_idx=plan.service_idx,
        ship_day=plan.ship_day,
        content_package=plan.content_package,
        content_line=lines[plan.content_line],
        content_quantity=plan.content_quantity,
        content_sku_idx=plan.content_sku_idx,
    )
