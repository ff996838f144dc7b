"""Whether each package is possible by itself, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.check.contents import Contents, package_place
from splitship.check.dated import NEVER
from splitship.check.days import Days
from splitship.check.exact import Wholes, fits, sum_by_group, wholes
from splitship.check.places import Places, distance_limit, is_excluded, is_too_far, transit_limit
from splitship.check.rules import RuleCosts
from splitship.check.stock import StockRows
from splitship.check.tariff import Tariffs, handling, unit_volumes
from splitship.check.terms import delivery_cost, late_cost, late_days
from splitship.check.violations import Names, Violations, date_text
from splitship.domain import PackageCosts, Plan, Problem
from splitship.units import I64, UG_PER_KG


@dataclass(frozen=True, slots=True)
class Journeys:
    """Packages `rows` of a plan that have a tariff and a delivery day; columns [rows]."""

    rows: I64
    tariff: I64
    start_day: I64
    deliver_day: I64


def check_journeys(problem: Problem, plan: Plan, contents: Contents, names: Names, found: Violations) -> Journeys:
    """Node, service, lane, rate and ship day of every package whose references hold."""
    rows = np.flatnonzero(contents.is_known)
    order, node, service = plan.order_idx[rows], plan.node_idx[rows], plan.service_idx[rows]
    days, places, tariffs = Days(problem), Places(problem), Tariffs(problem)

    def place(at: int) -> str:
        return package_place(names, plan, int(rows[at]))

    def farthest(at: int) -> str:
        return f"{float(distance_limit(problem, np.array([at]))[0]):.15g}"

    found.add_rows("NODE_CLOSED", ~problem.nodes.is_open[node], place, lambda _: "the node is closed")
    found.add_rows("NODE_EXCLUDED", is_excluded(problem, order, node), place, lambda _: "the order excludes the node")
    found.add_rows(
        "TOO_FAR",
        is_too_far(problem, order, node) & problem.services.is_carried[service],
        place,
        lambda at: f"the node is farther than {farthest(int(order[at]))} km, or a coordinate is missing",
    )
    is_offered = problem.node_services.is_offered[node, service]
    found.add_rows("NOT_OFFERED", ~is_offered, place, lambda _: "the node does not offer the service")
    lane = places.lane(places.order_place[order], node, service)
    destination = [problem.orders.country, problem.orders.postal_code]
    found.add_rows(
        "NO_LANE",
        lane < 0,
        place,
        lambda at: "no lane of the service from the node to " + " ".join(column[order[at]] for column in destination),
    )
    has_lane = lane >= 0
    tariff = np.full(len(rows), -1, np.int64)
    tariff[has_lane] = tariffs.of_lane[lane[has_lane]]
    found.add_rows(
        "NO_RATE",
        has_lane & (tariff < 0),
        place,
        lambda at: f"the service has no rate for zone {problem.lanes.zone[lane[at]]}",
    )
    transit = np.zeros(len(rows), np.int64)
    transit[has_lane] = problem.lanes.transit_days[lane[has_lane]]
    longest = transit_limit(problem, order)
    found.add_rows(
        "TOO_LATE",
        transit > longest,
        place,
        lambda at: f"{transit[at]} transit days, at most {longest[at]} are allowed",
    )
    ship_day = plan.ship_day[rows]
    first, has_first = days.first_ship_day(order, node, service)
    found.add_rows(
        "NO_SHIP_DAY", ~has_first, place, lambda _: "no day is a working day of the node and a ship day of the service"
    )
    deliver_day, has_delivery = days.deliver_day(service, ship_day, transit)
    is_both, last = days.is_ship_day(node, service, ship_day), days.last_ship_day(order, first)
    in_time = np.where(has_first, days.first_in_time(order, node, service, transit, first), NEVER)
    is_in_window = is_both & (ship_day >= first) & (ship_day <= last)
    is_early = is_in_window & (deliver_day < days.not_before[order])
    is_waiting = is_both & (ship_day > last) & (ship_day == in_time)
    is_day = is_in_window | is_waiting
    found.add_rows(
        "WRONG_SHIP_DAY",
        has_first & ~is_day,
        place,
        lambda at: _wrong_day(
            days, int(order[at]), int(node[at]), int(service[at]), int(ship_day[at]), int(first[at]), int(in_time[at])
        ),
    )
    found.add_rows(
        "TOO_EARLY",
        has_first & is_early & has_delivery,
        place,
        lambda at: (
            f"is delivered on {date_text(int(deliver_day[at]))}, the order's not_before is "
            f"{date_text(int(days.not_before[order[at]]))}"
        ),
    )
    found.add_rows("NO_DELIVERY_DAY", ~has_delivery, place, lambda _: "the service has no delivery day")
    is_priced = is_offered & (tariff >= 0) & has_first & is_day & ~is_early & has_delivery
    kept = np.flatnonzero(is_priced)
    return Journeys(rows[kept], tariff[kept], days.start_days(order, node)[kept], deliver_day[kept])


def _wrong_day(days: Days, order: int, node: int, service: int, day: int, first: int, in_time: int) -> str:
    """Why a package cannot leave on a day, with the days on which it can."""
    last, hold_until = max(first + days.horizon_days, int(days.hold_until[order])), int(days.hold_until[order])
    text = f"ships on {date_text(day)}; the first ship day is {date_text(first)}"
    if days.horizon_days:
        text += f", later ones within {days.horizon_days} days"
    if hold_until > first + days.horizon_days:
        text += f", or until {date_text(hold_until)}, to which the order may be held"
    if in_time > last:
        text += f", or {date_text(in_time)}, the first day that is not too early for the order's not_before"
    if first <= day <= last:
        works = bool(days.works(node, day))
        text += "; on this day " + ("the service does not collect" if works else "the node does not work")
    return text


def price_packages(
    problem: Problem, plan: Plan, contents: Contents, journeys: Journeys, of_rules: RuleCosts, names: Names,
    found: Violations,
) -> PackageCosts | None:  # fmt: skip
    """Weight limits, and the cost of every package by term; None unless all of them have a price."""
    rows = journeys.rows
    order, node, service = plan.order_idx[rows], plan.node_idx[rows], plan.service_idx[rows]
    sku = contents.sku
    units = wholes(contents.quantity)
    weight = sum_by_group(units * wholes(problem.skus.weight_ug)[sku], contents.package, len(plan))[rows]
    volume = sum_by_group(units * unit_volumes(problem)[sku], contents.package, len(plan))[rows]
    num_units = sum_by_group(units, contents.package, len(plan))[rows]
    num_lines = np.bincount(contents.package, minlength=len(plan)).astype(np.int64)[rows]
    max_weight = problem.services.max_weight_ug[service]

    def place(at: int) -> str:
        return package_place(names, plan, int(rows[at]))

    found.add_rows(
        "TOO_HEAVY",
        np.asarray(weight > wholes(max_weight), np.bool_),
        place,
        lambda at: f"weighs {kilograms(weight[at])} kg, the service takes {kilograms(int(max_weight[at]))} kg",
    )
    shipping, is_priced = Tariffs(problem).shipping(journeys.tariff, weight, volume)
    found.add_rows(
        "BEYOND_RATE_CARD",
        ~is_priced,
        place,
        lambda at: f"weighs {kilograms(weight[at])} kg; the billable weight is beyond the last bracket",
    )
    late = late_days(problem, order, journeys.deliver_day)
    of_stock = sum_by_group(units * _unit_prices(problem, plan, contents), contents.package, len(plan))[rows]
    terms = [
        shipping + num_units * problem.services.unit_cost[service] + of_rules.surcharges[rows],
        handling(problem, node, num_lines, num_units),
        delivery_cost(problem, journeys.deliver_day - journeys.start_day),
        late_cost(problem, order, late),
        of_rules.rules[rows] + of_stock,
    ]
    if not contents.is_whole or len(rows) < len(plan) or not is_priced.all():
        return None
    if not fits(wholes(sum(terms, start=wholes(np.zeros(len(rows), np.int64))))):
        found.add("TOTAL_TOO_LARGE", "packages", "a package costs more than 2^62 micros")
        return None
    columns = [term.astype(np.int64) for term in terms]
    return PackageCosts(
        shipping=columns[0],
        handling=columns[1],
        delivery=columns[2],
        late=columns[3],
        rules=columns[4],
        deliver_day=journeys.deliver_day,
    )


def _unit_prices(problem: Problem, plan: Plan, contents: Contents) -> Wholes:
    """What taking a unit of each content from its stock costs, and that it replaces another SKU, in micros."""
    row = StockRows(problem).rows(plan.node_idx[contents.package], contents.sku)
    of_stock = np.append(problem.stock.unit_price, 0)[row]
    prices: Wholes = wholes(of_stock) + np.append(problem.line_substitutes.unit_price, 0)[contents.substitute]
    return prices


def kilograms(weight_ug: int) -> str:
    """Micrograms as kilograms in decimals."""
    whole, part = divmod(int(weight_ug), UG_PER_KG)
    return f"{whole}.{part:09d}".rstrip("0").rstrip(".")


def total(column: Wholes | I64) -> int:
    """Exact sum of a column."""
    return int(wholes(column).sum()) if len(column) else 0
