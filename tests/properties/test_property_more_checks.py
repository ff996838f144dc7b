"""The checker about pick-up, kits, substitutes, prices of stock, least values and rejections.

Plans that ignore one of them are refused where the judge refuses them; faults by hand are refused one by one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta
from fractions import Fraction

import numpy as np
import pytest

from oracles.brute import Package, TooManyPlansError, bound_at_prices, solve_by_enumeration
from oracles.generate import MORE, RandomPicks
from oracles.parts import Line, Order, Service
from oracles.plans import judge, names_of_lines
from oracles.supplies import NODE_KINDS, STOCK_KINDS, Key, supply
from oracles.world import World
from properties.trials import Trial, certificate_of, more_trials, mutated, plan_of, random_prices
from splitship.check import check_certificate, check_plan
from splitship.domain import Certificate

NUM_TRIALS = 48
CENT = 10_000
DAY = timedelta(days=1)


def with_lines(world: World, change: Callable[[Line], Line]) -> World:
    """The world with other lines."""
    orders = [dataclasses.replace(order, lines=tuple(map(change, order.lines))) for order in world.orders]
    return dataclasses.replace(world, orders=orders, memo={})


def with_orders(world: World, change: Callable[[Order], Order]) -> World:
    return dataclasses.replace(world, orders=list(map(change, world.orders)), memo={})


def any_service_takes_any_line(world: World) -> World:
    """Carriers bring what is to be picked up."""
    return with_lines(world, lambda line: dataclasses.replace(line, pickup=None))


def nobody_receives(world: World) -> World:
    """Transfers ask nothing of the node to which they go, and lines that go there may be as many as fit."""
    nodes = {
        name: dataclasses.replace(node, most=dataclasses.replace(node.most, packages=None, units=None, lines=None))
        for name, node in world.nodes.items()
        if name in {service.pickup for service in world.services.values()}
    }
    return dataclasses.replace(world, nodes=world.nodes | nodes, node_days={}, memo={})


def kits_are_lines(world: World) -> World:
    """Components ship as if nothing held them together."""
    return with_lines(world, lambda line: dataclasses.replace(line, kit=None, kit_quantity=1, is_together=False))


def kits_may_be_torn(world: World) -> World:
    return with_lines(world, lambda line: dataclasses.replace(line, is_together=False))


def anything_may_replace(world: World) -> World:
    """Every SKU may ship for every line, for a cent."""
    skus = sorted(world.skus)

    def change(line: Line) -> Line:
        others = tuple((sku, CENT) for sku in skus if sku != line.sku_id)
        return dataclasses.replace(line, substitutes=others)

    return with_lines(world, change)


def nothing_has_a_least_value(world: World) -> World:
    none = {"min_package_value": Fraction(0), "min_order_value": Fraction(0)}
    return with_orders(world, lambda order: dataclasses.replace(order, **none))


def nobody_rejects(world: World) -> World:
    return with_lines(world, lambda line: dataclasses.replace(line, rejected=frozenset()))


IGNORED: dict[str, tuple[str, Callable[[World], World]]] = {
    "pick-up": ("modes", any_service_takes_any_line),
    "receiving": ("modes", nobody_receives),
    "kits": ("kits", kits_are_lines),
    "kits together": ("kits", kits_may_be_torn),
    "which SKUs replace which": ("substitutes", anything_may_replace),
    "least values": ("least_values", nothing_has_a_least_value),
    "rejections": ("rejections", nobody_rejects),
}


@pytest.mark.parametrize(("name", "ignore"), IGNORED.values(), ids=list(IGNORED))
def test_checker_refuses_plans_that_ignore_it(name: str, ignore: Callable[[World], World]) -> None:
    """Plans that are best when it is ignored are refused where the judge refuses them, and only there."""
    refused = 0
    for trial in more_trials(name, NUM_TRIALS):
        try:
            packages = solve_by_enumeration(ignore(trial.world)).packages
        except TooManyPlansError:
            continue
        _, wrong = judge(trial.world, packages)
        report = check_plan(trial.problem, plan_of(trial.problem, packages))
        assert report.is_feasible == (not wrong), (trial.name, packages, wrong, report.violations)
        refused += bool(wrong)
    assert refused >= 3


@pytest.mark.parametrize("name", MORE)
def test_checker_agrees_about_changed_plans(name: str) -> None:
    """Plans with random changes are refused by both or by neither, and cost the same term by term where possible."""
    refused = accepted = 0
    for number, trial in enumerate(more_trials(name, NUM_TRIALS // 2)):
        picks = RandomPicks(500 + number)
        assert trial.packages is not None
        for _ in range(4):
            packages = mutated(trial, trial.packages, picks)
            costs, wrong = judge(trial.world, packages)
            report = check_plan(trial.problem, plan_of(trial.problem, packages))
            assert report.is_feasible == (not wrong), (trial.name, packages, wrong, report.violations)
            refused += bool(wrong)
            if not wrong:
                accepted += 1
                assert report.costs is not None
                assert {term: getattr(report.costs, term) for term in costs} == costs, trial.name
    assert refused >= 10
    assert accepted >= 5


# --- faults, one by one -----------------------------------------------------------------------


def service_of(trial: Trial, package: Package) -> Service:
    return trial.world.services[package.service_id]


def planted(name: str, fault: Callable[[Trial, Package], Iterator[Package]]) -> int:
    """How many faults were put into best plans, in place of one package each; all of them are refused."""
    count = 0
    for trial in more_trials(name, NUM_TRIALS):
        assert trial.packages is not None
        for at, package in enumerate(trial.packages):
            for wrong in fault(trial, package):
                packages = (*trial.packages[:at], wrong, *trial.packages[at + 1 :])
                assert judge(trial.world, packages)[1], (trial.name, wrong)
                report = check_plan(trial.problem, plan_of(trial.problem, packages))
                assert not report.is_feasible, (trial.name, wrong)
                count += 1
    return count


def order_of(trial: Trial, package: Package) -> Order:
    return next(order for order in trial.world.orders if order.order_id == package.order_id)


def shipped_by_the_wrong_way(trial: Trial, package: Package) -> Iterator[Package]:
    """A package that ships goes where something is picked up, or one that is picked up is brought."""
    own = service_of(trial, package).pickup
    for name, service in trial.world.services.items():
        if service.pickup != own:
            yield dataclasses.replace(package, service_id=name)


def a_component_is_missing(trial: Trial, package: Package) -> Iterator[Package]:
    """A package without one of the components in it."""
    for at, (name, _) in enumerate(package.units):
        if "/" in name and len(package.units) > 1:
            yield dataclasses.replace(package, units=package.units[:at] + package.units[at + 1 :])


def a_wrong_sku(trial: Trial, package: Package) -> Iterator[Package]:
    """A line filled with a SKU that is neither its own nor a substitute."""
    lines = {line.line_id: line for line in order_of(trial, package).lines}
    for at, (name, units) in enumerate(package.units):
        line = lines[name.partition("=")[0]]
        for sku in sorted(set(trial.world.skus) - set(line.skus)):
            changed = (*package.units[:at], (line.name_with(sku), units), *package.units[at + 1 :])
            yield dataclasses.replace(package, units=changed)


def a_rejected_node(trial: Trial, package: Package) -> Iterator[Package]:
    """From a node that refused a line of the package."""
    lines = {line.line_id: line for line in order_of(trial, package).lines}
    for name, _ in package.units:
        for node in sorted(lines[name.partition("=")[0]].rejected):
            yield dataclasses.replace(package, node_id=node)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("modes", shipped_by_the_wrong_way),
        ("kits", a_component_is_missing),
        ("substitutes", a_wrong_sku),
        ("rejections", a_rejected_node),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_fault_in_one_package_is_refused(name: str, fault: Callable[[Trial, Package], Iterator[Package]]) -> None:
    """Whatever else the plan says."""
    assert planted(name, fault) >= 5


def test_a_line_that_is_there_twice_is_refused() -> None:
    """A package with units of a line as two SKUs."""
    count = 0
    for trial in more_trials("substitutes", NUM_TRIALS):
        for at, package in enumerate(trial.packages or ()):
            lines = {line.line_id: line for line in order_of(trial, package).lines}
            name, units = package.units[0]
            line = lines[name.partition("=")[0]]
            if len(line.skus) < 2 or units < 2:
                continue
            twice = ((line.line_id, 1), (line.name_with(line.skus[1]), units - 1), *package.units[1:])
            packages = (*trial.packages[:at], dataclasses.replace(package, units=twice), *trial.packages[at + 1 :])
            assert judge(trial.world, packages)[1]
            assert not check_plan(trial.problem, plan_of(trial.problem, packages)).is_feasible, trial.name
            count += 1
    assert count >= 3


def test_prices_that_are_left_out_are_missed() -> None:
    """Substitutes and stock for nothing, and transfers whose units are free: the checker's costs are other ones."""
    seen = dict.fromkeys(("substitutes", "stock_prices", "modes"), 0)
    for name in seen:
        for trial in more_trials(name, NUM_TRIALS):
            assert trial.packages is not None
            problem = trial.problem
            table, stock, services = problem.line_substitutes, problem.stock, problem.services
            cheaper = dataclasses.replace(
                problem,
                line_substitutes=dataclasses.replace(table, unit_price=np.zeros_like(table.unit_price)),
                stock=dataclasses.replace(stock, unit_price=np.zeros_like(stock.unit_price)),
                services=dataclasses.replace(services, unit_cost=np.zeros_like(services.unit_cost)),
            )
            report = check_plan(cheaper, plan_of(problem, trial.packages))
            assert report.costs is not None
            seen[name] += report.costs.total != trial.cost
    assert min(seen.values()) >= 3, seen


# --- the bound --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MORE)
def test_bounds_are_those_of_enumeration(name: str) -> None:
    """Weak duality at random prices, and the checker finds the same to the micro."""
    for number, trial in enumerate(more_trials(name, NUM_TRIALS // 2)):
        picks = RandomPicks(700 + number)
        for prices in ({}, random_prices(trial, picks)):
            report = check_certificate(trial.problem, certificate_of(trial.problem, prices, bound=-(10**17)))
            assert report.violations == (), trial.name
            assert report.bound == bound_at_prices(trial.world, prices) <= trial.cost, (trial.name, prices)


@pytest.mark.parametrize("name", ["kits", "substitutes", "stock_prices"])
def test_own_prices_are_proven(name: str) -> None:
    """Lines pay for their own SKU at some nodes, in steps of whole kits; what ships in its place pays nothing."""
    for number, trial in enumerate(more_trials(name, NUM_TRIALS)):
        picks = RandomPicks(1100 + number)
        places = [
            (order.order_id, line.line_id, line.sku_id, node)
            for order in trial.world.orders
            for line in order.lines
            for node in sorted(trial.world.nodes)
            if (node, line.sku_id) in trial.world.available and (node, line.sku_id) not in trial.world.arrivals
        ]
        own = {place: picks.integer(0, 4_000_000) for place in places if picks.chance(50)}
        taken = {(node, sku) for _, _, sku, node in own}
        drawn = random_prices(trial, picks)
        prices = {key: price for key, price in drawn.items() if key[0] not in STOCK_KINDS or key[1:3] not in taken}
        certificate = with_own_prices(trial, certificate_of(trial.problem, prices, bound=-(10**17)), own)
        report = check_certificate(trial.problem, certificate)
        assert report.violations == (), trial.name
        expected = bound_at_prices(trial.world, prices, {place[:2] + place[3:]: price for place, price in own.items()})
        assert report.bound == expected <= trial.cost, trial.name


def with_own_prices(trial: Trial, certificate: Certificate, own: dict[tuple[str, str, str, str], int]) -> Certificate:
    """The certificate with own prices, by order, line, its SKU and node."""
    problem = trial.problem
    names, orders = names_of_lines(problem), problem.orders.order_id
    rows = {(orders[order], names[row]): row for row, order in enumerate(problem.lines.order_idx.tolist())}
    nodes = list(problem.nodes.node_id)
    listed = sorted((rows[order, line], nodes.index(node), price) for (order, line, _, node), price in own.items())
    line, node, price = np.array(listed, np.int64).reshape(len(listed), 3).T.copy()
    return dataclasses.replace(certificate, own_line=line, own_node=node, own_price=price)


def test_prices_of_receiving_days_are_proven() -> None:
    """Prices of packages, units, lines and minutes of the nodes and days to which transfers go."""
    better = 0
    for number, trial in enumerate(more_trials("modes", NUM_TRIALS)):
        picks = RandomPicks(900 + number)
        places = {service.pickup for service in trial.world.services.values() if service.pickup}
        days = sorted({package.ship_on for package in trial.packages or ()})
        wide = [day + later * DAY for day in days for later in range(4)]
        keys: list[Key] = [(kind, place, day) for kind in NODE_KINDS for place in sorted(places) for day in wide]
        limited = [key for key in dict.fromkeys(keys) if supply(trial.world, key) is not None]
        free = bound_at_prices(trial.world, {})
        for most in (200_000, 3_000_000):
            prices = {key: picks.integer(1, most) for key in limited if picks.chance(30) and key[0] != "node_minutes"}
            report = check_certificate(trial.problem, certificate_of(trial.problem, prices, bound=-(10**17)))
            assert report.violations == (), trial.name
            assert report.bound == bound_at_prices(trial.world, prices) <= trial.cost, trial.name
            better += report.bound > free
    assert better >= 2
