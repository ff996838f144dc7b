"""What the domain puts into force is what the oracles work out from the tables."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest

from oracles.generate import MORE
from oracles.plans import names_of_lines
from oracles.world import World
from properties.trials import Trial, more_trials
from splitship.domain import Problem
from splitship.units import MICROS

NUM_TRIALS = 40
EPOCH = date(1970, 1, 1)
EVERY_FEATURE = pytest.mark.parametrize("name", MORE)


def micros_of(value: Fraction) -> int:
    """Money in whole micros."""
    return round(value * MICROS)


@EVERY_FEATURE
def test_lines_are_those_of_the_oracle(name: str) -> None:
    """Components in place of kits, with what an unfilled kit costs, values, nodes of pick-up and rejections."""
    for trial in more_trials(name, NUM_TRIALS):
        problem = trial.problem
        lines, nodes = problem.lines, problem.nodes.node_id
        own = [line for order in trial.world.orders for line in order.lines]
        assert names_of_lines(problem) == [line.line_id for line in own], trial.name
        ptr = problem.rejections.line_ptr(len(lines))
        for row, line in enumerate(own):
            assert problem.skus.sku_id[lines.sku_idx[row]] == line.sku_id
            assert (lines.quantity[row], lines.kit_quantity[row]) == (line.quantity, line.kit_quantity)
            assert (lines.kit_line_idx[row] >= 0, bool(lines.is_together[row])) == (bool(line.kit), line.is_together)
            assert lines.unit_value.exact(row) == line.value * 10**18
            if lines.has_unfilled_cost[row]:
                assert round(Fraction(lines.unfilled_cost.exact(row), 10**12)) == line.unfilled_cost, trial.name
            place = int(lines.pickup_node_idx[row])
            assert (nodes[place] if place >= 0 else None) == line.pickup
            rejected = problem.rejections.node_idx[ptr[row] : ptr[row + 1]]
            assert {nodes[node] for node in rejected.tolist()} == line.rejected, trial.name


@EVERY_FEATURE
def test_services_are_those_of_the_oracle(name: str) -> None:
    """Ways to pick-up nodes with their days, holidays, prices and the nodes that offer them."""
    for trial in more_trials(name, NUM_TRIALS):
        problem, world = trial.problem, trial.world
        services, nodes = problem.services, problem.nodes.node_id
        assert sorted(services.service_id) == sorted(world.services), trial.name
        for row, service_id in enumerate(services.service_id):
            service = world.services[service_id]
            offering = {nodes[node] for node in np.flatnonzero(problem.node_services.is_offered[:, row]).tolist()}
            assert offering == {node for node, other in world.offered if other == service_id}
            assert services.ship_days[row].tolist() == list(service.ship_days)
            assert services.delivery_days[row].tolist() == list(service.delivery_days)
            holidays = {
                EPOCH + timedelta(days=int(day))
                for day, other in zip(problem.calendars.day, problem.calendars.service_idx, strict=True)
                if other == row
            }
            assert holidays == {day for other, day in world.service_holidays if other == service_id}, trial.name
            place = int(services.pickup_node_idx[row])
            assert (nodes[place] if place >= 0 else None) == service.pickup
            if service.way is None:
                assert services.unit_cost[row] == 0
                continue
            assert services.unit_cost[row] == service.way.per_unit
            assert set(problem.lanes.transit_days[problem.lanes.service_idx == row].tolist()) == {service.way.days}
            (rate,) = np.flatnonzero(problem.rates.service_idx == row).tolist()
            assert problem.rates.price.exact(rate) == service.way.per_package * 10**18
            assert (problem.rates.has_extra[rate], problem.rates.per_extra.exact(rate)) == (True, 0)


@EVERY_FEATURE
def test_prices_and_limits_are_those_of_the_oracle(name: str) -> None:
    """Substitutes of lines, prices of stock, least values."""
    for trial in more_trials(name, NUM_TRIALS):
        problem, world = trial.problem, trial.world
        skus, table = problem.skus.sku_id, problem.line_substitutes
        own = [line for order in world.orders for line in order.lines]
        rows = zip(table.line_idx.tolist(), table.sku_idx.tolist(), table.unit_price.tolist(), strict=True)
        expected = {(line, sku, price) for line, part in enumerate(own) for sku, price in part.substitutes}
        assert {(line, skus[sku], price) for line, sku, price in rows} == expected, trial.name
        assert (np.diff(table.line_idx) >= 0).all()
        stock = problem.stock
        for node, sku, price in zip(stock.node_idx, stock.sku_idx, stock.unit_price, strict=True):
            assert price == world.stock_prices.get((problem.nodes.node_id[node], skus[sku]), 0), trial.name
        for column in ("min_package_value", "min_order_value"):
            found = getattr(problem.orders, column)
            least = [micros_of(getattr(order, column)) for order in world.orders]
            assert (found.tolist() if found is not None else [0] * len(least)) == least, trial.name


@EVERY_FEATURE
def test_rules_are_about_what_the_oracles_say(name: str) -> None:
    """Which rules and surcharges are about a line, with each SKU that may ship for it, at a node by a service."""
    for trial in more_trials(name, NUM_TRIALS):
        rules = trial.problem.package_rules
        if not len(rules):
            continue
        acting = [
            rule
            for rule in trial.world.rules
            if rule.is_surcharge or rule.is_forbidding or rule.counts or rule.quota == 0 or _has_price(rule.name, trial)
        ]
        assert len(acting) == len(rules), trial.name
        cells = _cells(trial.problem, trial.world)
        columns = np.array([cell for cell, _ in cells], np.int64).T
        first = rules.first_day.max(initial=0, where=rules.first_day < 2**29)
        for day in {int(first), (trial.world.as_of.date() - EPOCH).days}:
            met = rules.about_lines(*columns, np.full(len(cells), day))
            on = EPOCH + timedelta(days=day)
            for (_, named), found in zip(cells, met.tolist(), strict=True):
                assert found == [rule.holds_on(on) and named in rule.about for rule in acting], (trial.name, named)


def _has_price(name: str, trial: Trial) -> bool:
    """A rule with prices or a quota, also of nothing, acts on packages."""
    rules = trial.scenario[1].get("rules", [])
    return any(rule["name"] == name and ("price" in rule or "quota" in rule) for rule in rules)


def _cells(problem: Problem, world: World) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Order, row of `line_bits`, node and service of everything that may lie somewhere, in positions and in names."""
    own = [(order, line) for order in world.orders for line in order.lines]
    table, skus = problem.line_substitutes, problem.skus.sku_id
    rows = [(row, row, line.sku_id) for row, (_, line) in enumerate(own)]
    rows += [
        (len(own) + at, int(row), skus[int(sku)])
        for at, (row, sku) in enumerate(zip(table.line_idx, table.sku_idx, strict=True))
    ]
    found: list[tuple[tuple[int, ...], tuple[str, ...]]] = []
    for bits, row, sku in rows:
        order, line = own[row]
        for node, node_id in enumerate(problem.nodes.node_id):
            for service, service_id in enumerate(problem.services.service_id):
                named = (order.order_id, line.given_id, sku, str(node_id), str(service_id))
                found.append(((int(problem.lines.order_idx[row]), bits, node, service), named))
    return found
