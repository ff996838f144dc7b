# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""`per_order_optimal`: every order at least cost on what is left, without a thought for the next one."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.domain import Plan
from splitship.engine.greedy import assigned_cost, package_fits, place_order
from splitship.engine.pricing import add_use, fill_plans, price_packages, trace_plan
from splitship.engine.tables import make_scratch
from splitship.engine.tables import make_tables as make_engine_tables
from splitship.instance import Instance
from splitship.instance.inner import inner
from splitship.policies.draft import copy_packages, make_packages
from splitship.policies.joint import cheapest_joint_plan
from splitship.policies.tables import arrival_sequence, make_tables, plan_of
from splitship.policies.wide import route_wide_orders


def route_each_optimally(instance: Instance) -> Plan:
    """Orders in arrival order (`placed_at`, then id), each by its cheapest plan on the stock and capacity still left.

    Cheapest counts everything: the packages' full costs, the split price, and the units left unfilled, so a unit
    stays unfilled also where shipping it would cost more. The plan of an order is exactly optimal, over all ways of
    parting its units into packages; where the recursion's packages exceed only together what is left, all plans are
    searched (two million branches at most, then the best found counts). An order too wide for exact
    pricing (more than 1,024 quantity vectors) takes the cheapest of several walks over the nodes, unproven.
    """
    left = instance.resources.capacity.copy()
    engine, sequence = make_engine_tables(instance), arrival_sequence(instance)
    scratch, tables = make_scratch(engine), make_tables(instance)
    parts = []
    # runs of narrow and of wide orders in turn
    is_wide = instance.is_wide[sequence]
    edges = np.flatnonzero(np.diff(is_wide)) + 1
    for run in np.split(sequence, edges):
        if len(run) and instance.is_wide[run[0]]:
            parts.append(route_wide_orders(tables, run, left))
        else:
            parts.append(_route_narrow(engine, run, instance.content_choice, left, scratch))
    return plan_of(instance, parts)


@njit(cache=True, nogil=True)
def _route_narrow(e, sequence, content_choice, left, s):
    """Packages of the narrow orders in `sequence`, each at its cheapest on what is `left` [rows], which shrinks."""
    out = make_packages(np.int64(1024), np.int64(2048))
    prices = np.zeros(len(left), np.int64)
    for order in sequence:
        count = _place_optimally(e, order, prices, left, s)
        out = _commit_contents(e, order, count, content_choice, s, out)
    return out


@inner
def _place_optimally(e, order, prices, left, s):
    """Write a narrow order's cheapest plan into `s.out_*`, take it from `left`; returns how many packages it has."""
    price_packages(e, order, prices, left, True, s)
    top = fill_plans(e, order, s)
    count = trace_plan(e, order, e.num_states[order] - 1, top, s)
    fitting = 0
    while fitting < count and package_fits(e, s.out_option[fitting], s.out_content[fitting], left):
        add_use(e, s.out_option[fitting], s.out_content[fitting], -1, left)
        fitting += 1
    if fitting == count:
        return count
    for i in range(fitting):
        add_use(e, s.out_option[i], s.out_content[i], 1, left)
    # only together too much: a plan that is at least feasible first, then the search for a cheaper one
    slots = e.slot_ptr[order + 1] - e.slot_ptr[order]
    options, contents = np.empty(slots, np.int64), np.empty(slots, np.int64)
    known = place_order(e, order, prices, left, s, options, contents, 0)
    below = assigned_cost(e, order, known, options, contents, 0)
    for i in range(known):
        add_use(e, options[i], contents[i], 1, left)
    price_packages(e, order, prices, left, True, s)
    top = fill_plans(e, order, s)
    count = np.int64(-1)
    if not e.is_conditional[order]:
        count = np.int64(cheapest_joint_plan(e, order, top, below, left, s))
    if count < 0:
        count = known
        s.out_option[:known], s.out_content[:known] = options[:known], contents[:known]
    for i in range(count):
        add_use(e, s.out_option[i], s.out_content[i], -1, left)
    return count


@inner
def _commit_contents(e, order, count, content_choice, s, out):
    """Append the `count` packages in `s.out_*` to `out`; returns `out`, enlarged if it was full."""
    size = out.size
    room, content_room = out.packages.shape[1], out.contents.shape[1]
    most_contents = count * (e.line_ptr[order + 1] - e.line_ptr[order])
    if size[0] + count > room or size[1] + most_contents > content_room:
        wider = make_packages(2 * room + count, 2 * content_room + most_contents)
        copy_packages(out, wider)
        out = wider
        size = out.size
    for i in range(count):
        option, left = s.out_option[i], s.out_content[i]
        out.packages[0, size[0]] = order
        out.packages[1, size[0]] = option
        out.packages[2, size[0]] = content_choice[e.content_ptr[option] + left]
        for j in range(e.option_line_ptr[option], e.option_line_ptr[option + 1]):
            radix = e.option_line_radix[j]
            if left % radix > 0:
                out.contents[0, size[1]] = size[0]
                out.contents[1, size[1]] = e.option_line[j]
                out.contents[2, size[1]] = left % radix * e.line_step[e.option_line[j]]
                size[1] += 1
            left = left // radix
        size[0] += 1
    return out
