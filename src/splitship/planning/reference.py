"""What another system decided, as an answer: the table `reference` of a pack, re-costed by the checker.

It is no search and proves nothing; and it need not be feasible. Whoever shows it says what it breaks.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from splitship.check import check_plan
from splitship.check.contents import check_references
from splitship.check.days import Days
from splitship.check.exact import sum_by_group, wholes
from splitship.check.packages import check_journeys, price_packages
from splitship.check.places import Places
from splitship.check.rules import check_rules
from splitship.check.tariff import Tariffs, unit_volumes
from splitship.check.violations import Names, Violations
from splitship.domain import (
    BoundSource,
    Plan,
    Problem,
    Result,
    SolveOptions,
    Termination,
    TerminationReason,
    Violation,
)
from splitship.domain.orders import NO_KIT
from splitship.domain.parts import in_parts
from splitship.domain.termination import GIVEN_LIMIT
from splitship.errors import UsageError
from splitship.instance import compile_problem
from splitship.instance.reasons import unavoidable_unfilled_cost, unfilled_lines
from splitship.packs import Pack
from splitship.packs.demand import Reference
from splitship.planning.comparison import GIVEN_METHOD
from splitship.planning.given_lines import given_line_of
from splitship.units import I64, NO_DATE, Bools

UNNAMED = -1
"""In place of a service: the reference names none."""


@dataclass(frozen=True, slots=True)
class CostedReference:
    """A reference allocation as an answer. `result.report` may have violations: then it is feasible for nobody.

    `num_chosen_services` and `num_chosen_days` packages had no service or ship day named. `left_out` says of each
    package that has no price why (no lane, wrong day, too heavy): its units count as unfilled.
    """

    result: Result
    num_chosen_services: int
    num_chosen_days: int
    left_out: tuple[Violation, ...]
    num_left_out: int


def cost_reference(pack: Pack, scenario: str | None = None, options: SolveOptions | None = None) -> CostedReference:
    """The reference of a pack at the rates of a scenario.

    Rows of one order, node, service and ship day are one package, except lines whose SKU ships alone. Where no service
    is named it is the cheapest by the checker's cost, at the same cost the one that comes first; where no day is named,
    the first on which the service can leave. Lines that are not in the table are unfilled.

    Raises:
        UsageError: the pack has no table `reference`.
    """
    chosen = pack.in_scenario(scenario)
    reference = chosen.reference
    if reference is None:
        raise UsageError(f"{pack.name}: the pack has no table reference, so there is nothing to compare with")
    problem = chosen.problem()
    started = time.perf_counter()
    packages = _packages_of(problem, reference)
    plan, num_services, num_days = _named(problem, packages)
    plan = in_parts(problem, plan)
    is_priced, found = _priced(problem, plan)
    plan = plan.of_packages(is_priced).canonical()
    result = _result(problem, plan, options or chosen.options(), started)
    return CostedReference(result, num_services, num_days, found, int((~is_priced).sum()))


def _packages_of(problem: Problem, reference: Reference) -> Plan:
    """The packages as they are named; a service may be UNNAMED, a ship day NO_DATE.

    Rows of a kit are rows of its components, a line in parts is its first part.
    """
    given = given_line_of(problem)
    by_given = np.argsort(given, kind="stable")
    is_part = np.append(False, (np.diff(given[by_given]) == 0) & (problem.lines.kit_line_idx[by_given][1:] == NO_KIT))
    by_given = by_given[~is_part[: len(by_given)]]
    starts = np.searchsorted(given[by_given], reference.line_idx)
    num = np.searchsorted(given[by_given], reference.line_idx, side="right") - starts
    row = np.repeat(np.arange(len(reference)), num)
    within = np.arange(len(row)) - np.repeat(np.cumsum(num) - num, num)
    line = by_given[np.repeat(starts, num) + within]
    units = reference.quantity[row] * problem.lines.kit_quantity[line]
    keys = np.column_stack(
        [problem.lines.order_idx[line], reference.node_idx[row], reference.service_idx[row], reference.ship_day[row]]
    )
    # pick-ups, deliveries and what ships alone never share a package
    alone = np.where(problem.skus.is_ship_alone[problem.lines.sku_idx[line]], line, UNNAMED)
    mode = np.where(keys[:, 2] == UNNAMED, problem.lines.pickup_node_idx[line], UNNAMED)
    keys = np.column_stack([keys, mode, alone])
    packages, package = np.unique(keys.reshape(-1, 6), axis=0, return_inverse=True)
    contents, content = np.unique(np.column_stack([package.reshape(-1), line]), axis=0, return_inverse=True)
    quantity = np.bincount(content.reshape(-1), units, len(contents)).astype(np.int64)
    order, node, service, day = (packages[:, column].copy() for column in range(4))
    content_package, content_line = contents[:, 0].copy(), contents[:, 1].copy()
    sku = problem.lines.sku_idx[content_line] if len(problem.line_substitutes) else None
    return Plan(order, node, service, day, content_package, content_line, quantity, sku)


def _named(problem: Problem, packages: Plan) -> tuple[Plan, int, int]:
    """The packages with a service and a ship day each, and how many services and days were chosen."""
    no_service, no_day = packages.service_idx == UNNAMED, packages.ship_day == NO_DATE
    num_services = max(1, len(problem.services))
    num = np.where(no_service, num_services, 1)
    package = np.repeat(np.arange(len(packages)), num)
    within = np.arange(len(package)) - np.repeat(np.cumsum(num) - num, num)
    service = np.where(no_service[package], within, packages.service_idx[package])
    if not len(problem.services) or not len(package):
        return packages, 0, 0
    candidates = _candidates(problem, packages, package, service)
    keeper = np.arange(len(package))
    if no_service.any():
        cost, is_priced = _costs(problem, candidates)
        is_own = _is_of_its_mode(problem, packages, package, service)
        rank = np.lexsort((service, cost, ~is_priced, ~is_own, package))
        keeper = rank[np.flatnonzero(np.diff(package[rank], prepend=-1))]
    plan = candidates.of_packages(np.isin(np.arange(len(package)), keeper))
    return plan, int(no_service.sum()), int(no_day.sum())


def _candidates(problem: Problem, packages: Plan, package: I64, service: I64) -> Plan:
    """A package of its own for each candidate: which package it is, and by which service; [candidates]."""
    order, node = packages.order_idx[package], packages.node_idx[package]
    day = packages.ship_day[package]
    open_day = np.flatnonzero(day == NO_DATE)
    if len(open_day):
        days, places = Days(problem), Places(problem)
        asked = order[open_day], node[open_day], service[open_day]
        first, _ = days.first_ship_day(*asked)
        lane = places.lane(places.order_place[asked[0]], asked[1], asked[2])
        transit = np.append(problem.lanes.transit_days, 0)[lane]
        in_time = days.first_in_time(*asked, transit, first)
        day = day.copy()
        day[open_day] = np.where(in_time >= first, in_time, first)
    starts = np.searchsorted(packages.content_package, np.arange(len(packages) + 1))
    num = np.diff(starts)[package]
    content_package = np.repeat(np.arange(len(package)), num)
    content = np.repeat(starts[package], num) + np.arange(len(content_package)) - np.repeat(np.cumsum(num) - num, num)
    sku = packages.content_sku_idx
    return Plan(
        order, node, service, day, content_package,
        packages.content_line[content], packages.content_quantity[content], None if sku is None else sku[content],
    )  # fmt: skip


def _is_of_its_mode(problem: Problem, packages: Plan, package: I64, service: I64) -> Bools:
    """Whether candidates' services are of the mode and pick-up node of what lies in the package."""
    first = np.searchsorted(packages.content_package, np.arange(len(packages)))
    wanted = problem.lines.pickup_node_idx[packages.content_line[first]]
    own: Bools = problem.services.pickup_node_idx[service] == wanted[package]
    return own


def _costs(problem: Problem, plan: Plan) -> tuple[I64, Bools]:
    """What each package costs by itself, and whether it has a price at all; both [packages]."""
    is_priced, _ = _priced(problem, plan)
    part = plan.of_packages(is_priced)
    names, found = Names(problem), Violations()
    contents = check_references(problem, part, names, found)
    journeys = check_journeys(problem, part, contents, names, found)
    costs = price_packages(
        problem, part, contents, journeys, check_rules(problem, part, contents, names, found), names, found
    )
    total = np.zeros(len(plan), np.int64)
    if costs is not None:
        total[is_priced] = costs.total
    return total, is_priced


def _priced(problem: Problem, plan: Plan) -> tuple[Bools, tuple[Violation, ...]]:
    """Packages that have a price, and what is wrong with the others."""
    names, found = Names(problem), Violations()
    contents = check_references(problem, plan, names, found)
    journeys = check_journeys(problem, plan, contents, names, Violations())
    units = wholes(contents.quantity)
    weight, volume = (
        sum_by_group(units * each[contents.sku], contents.package, len(plan))[journeys.rows]
        for each in (wholes(problem.skus.weight_ug), unit_volumes(problem))
    )
    _, has_rate = Tariffs(problem).shipping(journeys.tariff, weight, volume)
    is_priced = np.zeros(len(plan), np.bool_)
    is_priced[journeys.rows[has_rate]] = True
    if not is_priced.all():
        rest = plan.of_packages(~is_priced)
        return is_priced, check_plan(problem, rest).violations
    return is_priced, ()


def _result(problem: Problem, plan: Plan, options: SolveOptions, started: float) -> Result:
    report = check_plan(problem, plan)
    if report.costs is None:
        listed = "; ".join(f"{each.code} {each.where}: {each.message}" for each in report.violations[:5])
        raise UsageError(f"the reference cannot be costed: {listed}")
    instance = compile_problem(problem, options.threads)
    reason = TerminationReason.WORK_LIMIT if len(problem.lines) else TerminationReason.NOTHING_TO_SHIP
    return Result(
        problem=problem,
        options=options,
        plan=plan,
        unfilled=unfilled_lines(problem, plan),
        report=report,
        objective=report.costs.total,
        bound=None,
        bound_source=BoundSource.NONE,
        certificate=None,
        termination=Termination(reason, GIVEN_LIMIT, "what another system decided, re-costed; it proves nothing"),
        seconds={"check": report.seconds, "total": time.perf_counter() - started},
        unavoidable_unfilled_cost=unavoidable_unfilled_cost(problem, instance),
        method=GIVEN_METHOD,
        has_possible_package=instance.num_options > 0 or not len(problem.lines),
    )
