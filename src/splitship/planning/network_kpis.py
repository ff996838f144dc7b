"""What planners measure of the network under one answer: flows, use of capacities, emissions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from splitship.check.capacity import NODE_KINDS, Capacities
from splitship.check.contents import check_references
from splitship.check.exact import sum_by_group, wholes
from splitship.check.places import great_circle_km
from splitship.check.receiving import received_packages
from splitship.check.violations import Names, Violations
from splitship.domain import Problem, Result
from splitship.errors import UsageError
from splitship.planning.kpis import Kpi, Unit
from splitship.units import I64, UG_PER_KG, UNLIMITED, Floats, Strings, day_text

CO2_COLUMN = "co2_per_kg_km"
"""The column of `services` that says how many kg of CO2 a kg of goods makes on a km."""
_NOUNS = dict(zip(NODE_KINDS, ("packages", "units", "lines", "minutes"), strict=True))


def network_kpis(result: Result) -> Iterator[Kpi]:
    """Packages and units by node and by service, shares of capacity used, kilograms of CO2 where there is a factor."""
    problem, plan = result.problem, result.plan
    units = _units(result)
    for noun, ids, index in (
        ("node", problem.nodes.node_id, plan.node_idx), ("service", problem.services.service_id, plan.service_idx),
    ):  # fmt: skip
        packages = np.bincount(index, minlength=len(ids)).tolist()
        shipped = np.bincount(index, units, len(ids)).astype(np.int64).tolist()
        for what, counts in (("packages", packages), ("units", shipped)):
            for name, count in zip(ids.tolist(), counts, strict=True):
                yield Kpi(f"{what}.{noun}:{name}", f"{what} by {noun}", f"{what} {name}", Unit.COUNT, count, 0)
    yield from _use_of_nodes(result, units)
    yield from _use_of_services(result)
    yield from _emissions(result)


def _units(result: Result) -> I64:
    """Units in every package, [packages]."""
    plan = result.plan
    return np.bincount(plan.content_package, plan.content_quantity, len(plan)).astype(np.int64)


def _use_of_nodes(result: Result, units: I64) -> Iterator[Kpi]:
    """Counted as the checker counts: a package also at the node that receives it, what others use of a day too."""
    problem, plan = result.problem, result.plan
    contents = check_references(problem, plan, Names(problem), Violations())
    received, target, received_on = received_packages(problem, plan, contents)
    handled = np.append(np.arange(len(plan)), received)
    node, day = np.append(plan.node_idx, target), np.append(plan.ship_day, received_on)
    lines = np.bincount(plan.content_package, minlength=len(plan))
    rows, at = np.unique(np.column_stack([node, day]), axis=0, return_inverse=True)
    at, num = at.reshape(-1), len(rows)
    capacities = Capacities(problem)
    node, day = rows[:, 0], rows[:, 1]
    packages, num_units, num_lines = (
        np.bincount(at, each[handled], num).astype(np.int64) for each in (np.ones(len(plan)), units, lines)
    )
    minutes = capacities.package_minutes[node] * packages + capacities.unit_minutes[node] * num_units
    minutes *= capacities.step
    most, by_others = capacities.limits(node, day)
    ids = problem.nodes.node_id
    for column, (kind, used) in enumerate(zip(NODE_KINDS, (packages, num_units, num_lines, minutes), strict=True)):
        limited = np.flatnonzero(most[:, column] < UNLIMITED)
        total = used[limited] + by_others[limited, column]
        names = ids[node[limited]]
        yield from _shares(f"node.{_NOUNS[kind]}", _NOUNS[kind], names, day[limited], total, most[limited, column])


def _use_of_services(result: Result) -> Iterator[Kpi]:
    problem, plan = result.problem, result.plan
    capacities = Capacities(problem)
    nodes, services = problem.nodes.node_id, problem.services.service_id
    rows, used = np.unique(
        np.column_stack([plan.node_idx, plan.service_idx, plan.ship_day]), axis=0, return_counts=True
    )
    most = capacities.of_service(rows[:, 0], rows[:, 1], rows[:, 2])
    kept = np.flatnonzero(most < UNLIMITED)
    names = nodes[rows[kept, 0]] + " " + services[rows[kept, 1]] if len(kept) else nodes[:0]
    yield from _shares("service", "packages", names, rows[kept, 2], used[kept], most[kept])
    if not capacities.has_quotas:
        return
    rows, used = np.unique(np.column_stack([plan.service_idx, plan.ship_day]), axis=0, return_counts=True)
    most = capacities.quota(rows[:, 0], rows[:, 1])
    kept = np.flatnonzero(most < UNLIMITED)
    yield from _shares("quota", "packages", services[rows[kept, 0]], rows[kept, 1], used[kept], most[kept])


def _shares(key: str, words: str, names: Strings, day: I64, used: I64, most: I64) -> Iterator[Kpi]:
    """Share of capacity used by name on each day, then on all days on which something leaves, together."""
    totals: dict[str, tuple[int, int]] = {}
    for name, on, one, limit in zip(names.tolist(), day.tolist(), used.tolist(), most.tolist(), strict=True):
        share = Fraction(one, limit) if limit else None
        text = day_text(on)
        yield Kpi(f"use.{key}:{name}@{text}", "capacity used by day", f"{words} {name} {text}", Unit.SHARE, share)
        before = totals.get(name, (0, 0))
        totals[name] = (before[0] + one, before[1] + limit)
    for name, (one, limit) in totals.items():
        share = Fraction(one, limit) if limit else None
        yield Kpi(f"use.{key}:{name}", "capacity used", f"{words} {name}", Unit.SHARE, share)


def _emissions(result: Result) -> Iterator[Kpi]:
    """Weight times great-circle distance to the order (a pick-up: to its node) times the service's factor, summed.

    None where a package has no factor or a coordinate is missing; nothing at all where no service has a factor.
    """
    problem, plan = result.problem, result.plan
    texts = problem.services.attributes.get(CO2_COLUMN)
    if texts is None or not any(texts.tolist()):
        return
    factor = _factors(problem, texts)
    weight = sum_by_group(
        wholes(plan.content_quantity) * wholes(problem.skus.weight_ug)[plan.skus(problem.lines.sku_idx)],
        plan.content_package,
        len(plan),
    )
    kilograms = np.array([each / UG_PER_KG for each in weight.tolist()], np.float64)
    target, nodes, orders = problem.services.pickup_node_idx[plan.service_idx], problem.nodes, problem.orders
    to = [np.where(target >= 0, getattr(nodes, axis)[target], getattr(orders, axis)[plan.order_idx])
          for axis in ("latitude", "longitude")]  # fmt: skip
    distance = great_circle_km(nodes.latitude[plan.node_idx], nodes.longitude[plan.node_idx], to[0], to[1])
    # handed out where it lies: it goes nowhere, whatever the factor
    of_package = np.where(target == plan.node_idx, 0.0, factor[plan.service_idx] * kilograms * distance)
    total = math.fsum(of_package.tolist())
    yield Kpi("co2", "emissions", "CO2", Unit.KILOGRAMS, None if math.isnan(total) else total)


def _factors(problem: Problem, texts: Strings) -> Floats:
    """The factor of every service, NaN where the cell is empty; UsageError for one that is no number of at least 0."""
    found = np.full(len(texts), np.nan)
    for row, text in enumerate(texts.tolist()):
        if not text.strip():
            continue
        try:
            found[row] = float(text)
        except ValueError:
            found[row] = -1.0
        if not (0 <= found[row] < math.inf):
            name = problem.services.service_id[row]
            raise UsageError(f"services, {name}: {CO2_COLUMN}: expected a number of at least 0, got {text!r}")
    return found
