# mypy: disable-error-code="no-untyped-def,no-untyped-call"
"""Beginning with an earlier answer: its plan as an assignment, and a first bound and the price search at its prices."""

from __future__ import annotations

import numpy as np
from numba import njit

from splitship.domain import Plan, WarmStart
from splitship.engine.assignment import Assignment
from splitship.engine.dual import Pricer, PriceSearch
from splitship.engine.greedy import package_fits
from splitship.engine.pricing import add_use, is_torn
from splitship.engine.search import Search
from splitship.engine.warm_prices import common_prices, prices_of
from splitship.engine.wide_cover import row_use, true_cost
from splitship.engine.work import WORK_PER_CONTENT
from splitship.instance import IMPOSSIBLE
from splitship.instance.content_price import price_content
from splitship.instance.draws import is_over_drawn, supply_room
from splitship.instance.inner import inner
from splitship.spans import spanned
from splitship.units import I64

_PHASE = "warm start"
_SHARE = 0.6
"""Share of the prices at which orders are put back once: what is left is worth something to the others."""


@spanned("warm start")
def begin_warm(search: Search, warm: WarmStart | None) -> PriceSearch:
    """Offer the bound and the plan that an earlier answer gives; returns the price search to go on with.

    Without prices the search starts from zero, without a plan none is offered.
    """
    pricer = search.pricer
    prices = np.zeros(len(search.instance.resources), np.int64)
    found = PriceSearch.start(pricer)
    if warm is not None and warm.certificate is not None:
        prices = prices_of(pricer, warm.certificate)
        found = PriceSearch.start(pricer, common_prices(pricer, prices))
        search.offer_bound(_PHASE, pricer.price(prices))
    if warm is not None and warm.plan is not None:
        _offer_plan(search, warm.plan, prices)
    return found


def _offer_plan(search: Search, plan: Plan, prices: I64) -> None:
    """The earlier plan, the orders it leaves out placed at `prices`, then one round of re-insertion at no prices."""
    instance, pricer = search.instance, search.pricer
    assignment = assignment_of(pricer, plan)
    total = _cost_of_placed(pricer, assignment)
    residual = search.residual(assignment)
    arrival = np.lexsort((np.arange(instance.num_orders), instance.problem.orders.placed_at_us)).astype(np.int64)
    sequence = arrival
    if search.bound_pass is not None:
        cost = search.bound_pass.cost
        sequence = np.lexsort((np.arange(len(cost)), -cost)).astype(np.int64)
    left_out = sequence[assignment.count[sequence] == 0]
    total += pricer.place(left_out, prices, residual, assignment)
    search.work += WORK_PER_CONTENT * len(instance.content_cost)
    search.offer_plan(_PHASE, assignment, total)
    if search.is_over():
        return
    total += pricer.replace(sequence, np.rint(prices * _SHARE).astype(np.int64), residual, assignment)
    search.work += 2 * WORK_PER_CONTENT * len(instance.content_cost)
    search.offer_plan(_PHASE, assignment, total)


def assignment_of(pricer: Pricer, plan: Plan) -> Assignment:
    """The packages of a plan that are possible here, as far as the resources last, in the sequence of the orders.

    A package keeps order, node and content. It is given the option of its service and ship day, or, where that is
    impossible or used up, the cheapest other option of the node (a day that is over, a service no longer offered);
    service and day within the option are the cheapest. Left out are packages that no option can have, that are
    beyond what is left or beyond the order's packages or units, and every package of a ship-complete order that does
    not come together. Any plan can be given, also one that makes no sense.
    """
    instance, tables = pricer.instance, pricer.tables
    assignment = Assignment.empty(tables)
    is_order = (plan.order_idx >= 0) & (plan.order_idx < instance.num_orders)
    rows = np.flatnonzero(is_order)
    rows = rows[np.argsort(plan.order_idx[rows], kind="stable")]
    package_ptr = np.searchsorted(plan.order_idx[rows], np.arange(instance.num_orders + 1)).astype(np.int64)
    rank = np.full(len(plan), -1, np.int64)
    rank[rows] = np.arange(len(rows))
    of_content = rank[plan.content_package]
    contents = np.flatnonzero(of_content >= 0)
    contents = contents[np.argsort(of_content[contents], kind="stable")]
    content_ptr = np.searchsorted(of_content[contents], np.arange(len(rows) + 1)).astype(np.int64)
    residual = instance.resources.capacity.copy()
    packages = (
        package_ptr, plan.node_idx[rows], plan.service_idx[rows], plan.ship_day[rows], content_ptr,
        plan.content_line[contents], plan.content_quantity[contents],
    )  # fmt: skip
    take_packages(
        tables, instance.option_node, instance.choice_ptr, instance.choice_service, instance.choice_ship_day,
        *packages, residual, assignment.count, assignment.option, assignment.content,
    )  # fmt: skip
    if len(pricer.wide.orders):
        take_wide_packages(
            pricer.wide.tables, pricer.wide.orders, instance.choice_ship_day, *packages, residual, assignment.count,
            assignment.option, assignment.content, assignment.quantity, assignment.wide_ptr,
        )  # fmt: skip
    return assignment


def _cost_of_placed(pricer: Pricer, plans: Assignment) -> int:
    """True cost of the orders that have packages, what they leave unfilled included, in micros."""
    has_packages = plans.count > 0
    total = pricer.cost_of(plans, np.flatnonzero(has_packages & ~pricer.instance.is_wide))
    wide = pricer.wide.orders[has_packages[pricer.wide.orders]]
    if len(wide):
        total += int(cost_of_wide(pricer.wide.tables, wide, plans.count, plans.option, plans.quantity, plans.wide_ptr))
    return total


@inner
def _steps_of(t, order, start, end, line, quantity, left, steps):
    """Fill `steps` by line of the order from contents `start..end-1`; whether the order still wants all of them."""
    first, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    for i in range(num_lines):
        steps[i] = 0
    for c in range(start, end):
        i = line[c] - first
        if i < 0 or i >= num_lines or quantity[c] < 1 or quantity[c] % t.line_step[first + i] != 0:
            return False
        wanted = quantity[c] // t.line_step[first + i]
        if wanted > left[i] - steps[i]:
            return False
        steps[i] += wanted
    return end > start


@inner
def _holds(t, order, option, steps):
    """Whether a package of an option can have so many steps of every line, each by itself."""
    first, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
    found = 0
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        i = t.option_line[j] - first
        if steps[i] >= t.option_line_radix[j]:
            return False
        if steps[i] > 0:
            found += 1
    for i in range(num_lines):
        if steps[i] > 0:
            found -= 1
    return found == 0


@inner
def _has_choice(choice_ptr, choice_service, choice_ship_day, option, service, day):
    """Whether an option ships by a service on a day."""
    for choice in range(choice_ptr[option], choice_ptr[option + 1]):
        if choice_service[choice] == service and choice_ship_day[choice] == day:
            return True
    return False


@njit(cache=True, nogil=True)
def take_packages(
    t, option_node, choice_ptr, choice_service, choice_ship_day, package_ptr, node, service, day, content_ptr, line,
    quantity, residual, count, options, contents,
):  # fmt: skip
    """Give narrow orders the packages `package_ptr[o]:package_ptr[o + 1]`, as `assignment_of` says."""
    for order in range(len(count)):
        if t.is_wide[order] or package_ptr[order] == package_ptr[order + 1]:
            continue
        first_line, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
        left, steps = np.empty(num_lines, np.int64), np.empty(num_lines, np.int64)
        for i in range(num_lines):
            left[i] = t.line_radix[first_line + i] - 1
        slot, slots = t.slot_ptr[order], t.slot_ptr[order + 1] - t.slot_ptr[order]
        placed = 0
        for p in range(package_ptr[order], package_ptr[order + 1]):
            if placed >= slots:
                break
            if not _steps_of(t, order, content_ptr[p], content_ptr[p + 1], line, quantity, left, steps):
                continue
            best, best_content, best_cost, is_exact = -1, np.int64(0), np.int64(IMPOSSIBLE), False
            for option in range(t.option_ptr[order], t.option_ptr[order + 1]):
                if option_node[option] != node[p] or not _holds(t, order, option, steps):
                    continue
                content, weight = np.int64(0), np.int64(1)
                for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
                    content += steps[t.option_line[j] - first_line] * weight
                    weight *= t.option_line_radix[j]
                cost = t.content_cost[t.content_ptr[option] + content]
                if cost >= IMPOSSIBLE or not package_fits(t, option, content, residual):
                    continue
                exact = _has_choice(choice_ptr, choice_service, choice_ship_day, option, service[p], day[p])
                if best < 0 or (exact and not is_exact) or (exact == is_exact and cost < best_cost):
                    best, best_content, best_cost, is_exact = option, content, cost, exact
            if best < 0:
                continue
            options[slot + placed], contents[slot + placed] = best, best_content
            add_use(t, best, best_content, -1, residual)
            for i in range(num_lines):
                left[i] -= steps[i]
            placed += 1
        state = np.int64(0)
        for i in range(num_lines):
            state += left[i] * t.line_stride[first_line + i]
        if is_torn(t, order, state):
            for i in range(slot, slot + placed):
                add_use(t, options[i], contents[i], 1, residual)
            placed = 0
        count[order] = placed


@inner
def _row_fits(t, order, option, row, residual):
    """Whether a package of a wide order stays within what is left of every resource."""
    row_use(t, order, option, row, -1, residual)
    fits = not is_over_drawn(t, option, residual)
    for j in range(t.option_line_ptr[option], t.option_line_ptr[option + 1]):
        if supply_room(t, t.option_line_supply[j], residual) < 0:
            fits = False
    row_use(t, order, option, row, 1, residual)
    return fits


@njit(cache=True, nogil=True)
def take_wide_packages(
    t, orders, choice_ship_day, package_ptr, node, service, day, content_ptr, line, quantity, residual, count, options,
    choices, out_quantity, wide_ptr,
):  # fmt: skip
    """The same for wide orders: contents are priced on the fly."""
    for order in orders:
        first_line, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
        left, steps = np.empty(num_lines, np.int64), np.empty(num_lines, np.int64)
        for i in range(num_lines):
            left[i] = t.line_quantity[first_line + i] // t.line_step[first_line + i]
        slot, slots = t.slot_ptr[order], t.slot_ptr[order + 1] - t.slot_ptr[order]
        rows = np.zeros((slots, num_lines), np.int64)
        placed = 0
        for p in range(package_ptr[order], package_ptr[order + 1]):
            if placed >= slots:
                break
            if not _steps_of(t, order, content_ptr[p], content_ptr[p + 1], line, quantity, left, steps):
                continue
            best, best_choice, best_cost, is_exact = -1, np.int64(0), np.int64(IMPOSSIBLE), False
            for option in range(t.option_ptr[order], t.option_ptr[order + 1]):
                if t.option_node[option] != node[p] or not _holds(t, order, option, steps):
                    continue
                cost, choice = price_content(t, option, steps, first_line)
                if cost >= IMPOSSIBLE or not _row_fits(t, order, option, steps, residual):
                    continue
                exact = _has_choice(t.choice_ptr, t.choice_service, choice_ship_day, option, service[p], day[p])
                if best < 0 or (exact and not is_exact) or (exact == is_exact and cost < best_cost):
                    best, best_choice, best_cost, is_exact = option, choice, cost, exact
            if best < 0:
                continue
            options[slot + placed], choices[slot + placed] = best, best_choice
            rows[placed] = steps
            row_use(t, order, best, steps, -1, residual)
            left -= steps
            placed += 1
        if t.is_ship_complete[order] and left.sum() > 0:
            for p in range(placed):
                row_use(t, order, options[slot + p], rows[p], 1, residual)
            placed = 0
        count[order] = placed
        for p in range(placed):
            base = wide_ptr[order] + p * num_lines
            for i in range(num_lines):
                out_quantity[base + i] = rows[p, i] * t.line_step[first_line + i]


@njit(cache=True, nogil=True)
def cost_of_wide(t, orders, count, option, quantity, wide_ptr):
    """True cost of the plans of some wide orders."""
    total = np.int64(0)
    for order in orders:
        first_line, num_lines = t.line_ptr[order], t.line_ptr[order + 1] - t.line_ptr[order]
        rows = np.zeros((count[order], num_lines), np.int64)
        for p in range(count[order]):
            base = wide_ptr[order] + p * num_lines
            for i in range(num_lines):
                rows[p, i] = quantity[base + i] // t.line_step[first_line + i]
        slot = t.slot_ptr[order]
        total += true_cost(t, order, count[order], option[slot : slot + count[order]], rows)
    return total
