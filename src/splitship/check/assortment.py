"""Whether what lies in packages may: where it goes, who refused it, whole kits, and enough of value."""

from __future__ import annotations

import numpy as np

from splitship.check.contents import Contents, package_place
from splitship.check.exact import Wholes, exact_amounts, sum_by_group, wholes
from splitship.check.terms import least_value
from splitship.check.violations import Names, Violations
from splitship.domain import SHIPS, Plan, Problem
from splitship.units import ATTO_PER_MICRO, I64, MAX_QUANTITY, Bools, format_micros


def check_ways(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> None:
    """Lines leave in services of their own mode and pick-up node, and not from nodes that rejected them."""
    wanted = problem.lines.pickup_node_idx[contents.line]
    node, service = plan.node_idx[contents.package], plan.service_idx[contents.package]

    def place(at: int) -> str:
        return package_place(names, plan, int(contents.package[at]))

    def way(at: int) -> str:
        return "ships to the customer" if wanted[at] == SHIPS else f"is picked up at {names.node(int(wanted[at]))}"

    found.add_rows(
        "WRONG_MODE",
        wanted != problem.services.pickup_node_idx[service],
        place,
        lambda at: f"{names.line(int(contents.line[at]))} {way(at)}, not by {names.service(int(service[at]))}",
    )
    rejections, num_nodes = problem.rejections, len(problem.nodes)
    is_rejected = np.isin(contents.line * num_nodes + node, rejections.line_idx * num_nodes + rejections.node_idx)
    found.add_rows(
        "NODE_REJECTED",
        is_rejected,
        place,
        lambda at: f"{names.node(int(node[at]))} has rejected {names.line(int(contents.line[at]))}",
    )


def check_kits(problem: Problem, plan: Plan, contents: Contents, shipped: I64, names: Names, found: Violations) -> None:
    """Components ship by whole kits, as often as each other, and in each package where they stay together."""
    lines = problem.lines
    if not lines.has_kits:
        return
    found.add_rows(
        "KIT_DIVIDED",
        contents.quantity % lines.kit_quantity[contents.line] != 0,
        lambda at: package_place(names, plan, int(contents.package[at])),
        lambda at: (
            f"holds {contents.quantity[at]} units of {names.component(int(contents.line[at]))}, of which a kit has "
            f"{lines.kit_quantity[contents.line[at]]}"
        ),
    )
    head, per_kit = lines.head_idx, lines.kit_quantity
    part = np.flatnonzero(lines.kit_line_idx >= 0)
    is_uneven = shipped[part] * per_kit[head[part]] != shipped[head[part]] * per_kit[part]
    first = np.unique(head[part[is_uneven]])

    def components(line: int, units: I64) -> str:
        return ", ".join(
            f"{units[at]} units of {names.component(int(at))} ({per_kit[at]} a kit)"
            for at in np.flatnonzero(lines.kit_line_idx == lines.kit_line_idx[line])
        )

    found.add_rows("KIT_INCOMPLETE", first, names.line, lambda line: f"ships {components(line, shipped)}")
    _check_together(problem, plan, contents, names, found)


def _check_together(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> None:
    """A package that holds some component of kits that stay together holds all, for the same number of kits."""
    lines = problem.lines
    head = lines.head_idx
    kept = np.flatnonzero(lines.is_together[contents.line])
    line, package = contents.line[kept], contents.package[kept]
    kits = contents.quantity[kept] // lines.kit_quantity[line]
    pairs, pair = np.unique(np.stack([package, head[line]]), axis=1, return_inverse=True)
    pair, num_pairs = pair.reshape(-1), pairs.shape[1]
    fewest, most = np.full(num_pairs, MAX_QUANTITY + 1), np.zeros(num_pairs, np.int64)
    np.minimum.at(fewest, pair, kits)
    np.maximum.at(most, pair, kits)
    num_components = np.bincount(head, minlength=len(lines))[pairs[1]]
    is_apart = (np.bincount(pair, minlength=num_pairs) < num_components) | (fewest < most)

    def held(at: int) -> str:
        return ", ".join(
            f"{contents.quantity[kept[row]]} units of {names.component(int(line[row]))} "
            f"({lines.kit_quantity[line[row]]} a kit)"
            for row in np.flatnonzero(pair == at)
        )

    found.add_rows(
        "KIT_SEPARATED",
        is_apart,
        lambda at: package_place(names, plan, int(pairs[0, at])),
        lambda at: f"holds {held(at)} of {names.line(int(pairs[1, at]))}, whose kits stay together",
    )


def check_values(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> None:
    """What lies in packages, and what ships of orders, is worth as much as it must be, to the last decimal."""
    orders = problem.orders
    least = least_value(orders, "min_package_value")[plan.order_idx[np.flatnonzero(contents.is_known)]]
    least_of_order = least_value(orders, "min_order_value")
    if not least.any() and not least_of_order.any():
        return
    value = exact_amounts(problem.lines.unit_value)[contents.line] * wholes(contents.quantity)
    of_package = sum_by_group(value, contents.package, len(plan))
    of_order = sum_by_group(value, plan.order_idx[contents.package], len(orders))
    num_contents = np.bincount(contents.package, minlength=len(plan))
    is_small = np.zeros(len(plan), np.bool_)
    is_small[contents.is_known] = _is_below(of_package[contents.is_known], least)
    asked = least_value(orders, "min_package_value")
    found.add_rows(
        "PACKAGE_VALUE_TOO_SMALL",
        is_small & (num_contents > 0),
        lambda at: package_place(names, plan, at),
        lambda at: (
            f"is worth {_money(of_package[at])}, expected {format_micros(int(asked[plan.order_idx[at]]))} or more"
        ),
    )
    ships = np.bincount(plan.order_idx[contents.package], minlength=len(orders)) > 0
    found.add_rows(
        "ORDER_VALUE_TOO_SMALL",
        ships & _is_below(of_order, least_of_order),
        names.order,
        lambda at: f"ships {_money(of_order[at])} in value, expected {format_micros(int(least_of_order[at]))} or more",
    )


def _is_below(value: Wholes, least: I64) -> Bools:
    below: Bools = np.asarray(value < wholes(least) * ATTO_PER_MICRO, np.bool_)
    return below


def _money(exact: int) -> str:
    return format_micros(int(exact) // ATTO_PER_MICRO)
