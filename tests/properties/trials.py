"""Random scenarios with their optimum, made once a run, and what is drawn about them: prices, plans, changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from oracles.brute import Optimum, Own, Package, TooManyPlansError, solve_by_enumeration
from oracles.columns import solve_by_milp
from oracles.generate import MORE, OF_WIDE, Features, RandomPicks, Scenario, build, tiny_scenario, wide_scenario
from oracles.plans import names_of_lines
from oracles.pricing import choices_of
from oracles.reserves import subsets_of
from oracles.supplies import NODE_KINDS, STOCK_KINDS, Key, supply
from oracles.world import World, world_from_tables
from splitship.domain import Certificate, Plan, Problem, ResourceKind

NUM_TINY = 160
NUM_WIDE = 24
NUM_TINY_DAYS = 80
NUM_WIDE_DAYS = 8
NUM_TINY_RULES = 80
NUM_WIDE_RULES = 8
NUM_TINY_ARRIVALS = 80
NUM_WIDE_ARRIVALS = 8
NUM_TINY_MORE = 160
NUM_WIDE_MORE = 8
BATCHES = 8
"""Parts of the seeds: batches from 0 on have plain scenarios, as many after them such with features of days, as many
after those such with rules and surcharges, every other of them with days too, and as many after those such with
arriving stock, some of them with days or rules too, and as many after those such with features of MORE, one by one and
several together, some of them with days, rules or arrivals too."""
DAYS_FROM, RULES_FROM, ARRIVALS_FROM, MORE_FROM = BATCHES, 2 * BATCHES, 3 * BATCHES, 4 * BATCHES
"""The first batches with days, with rules, with arrivals and with features of MORE."""
COMBINED: tuple[Features, ...] = (
    *((name,) for name in MORE),
    ("modes", "kits"),
    ("modes", "substitutes", "stock_prices"),
    ("kits", "substitutes"),
    ("kits", "substitutes", "least_values", "rejections"),
    ("stock_prices", "least_values"),
    tuple(MORE),
)
"""Features of MORE in the trials, one of these after the other."""

EVERY_BATCH = pytest.mark.parametrize(
    "batch",
    range(5 * BATCHES),
    ids=lambda batch: f"{('', 'days-', 'rules-', 'arrivals-', 'more-')[batch // BATCHES]}{batch % BATCHES}",
)
KINDS = {
    "stock": ResourceKind.STOCK,
    "node_packages": ResourceKind.NODE_PACKAGES,
    "node_units": ResourceKind.NODE_UNITS,
    "service_packages": ResourceKind.SERVICE_PACKAGES,
    "node_lines": ResourceKind.NODE_LINES,
    "node_minutes": ResourceKind.NODE_MINUTES,
    "service_quota": ResourceKind.SERVICE_QUOTA,
    "rule_quota": ResourceKind.RULE_QUOTA,
    "stock_until": ResourceKind.STOCK_UNTIL,
    "node_share": ResourceKind.NODE_SHARE,
    "service_commitment": ResourceKind.SERVICE_COMMITMENT,
    "channel_reserve": ResourceKind.CHANNEL_RESERVE,
}


@dataclass(frozen=True)
class Trial:
    """A scenario as tables, as the project's Problem, as the oracles' world, and its optimum.

    `optimum` is exact for tiny scenarios. For wide ones `cost` is that of a feasible plan and `floor` a bound
    below the optimum that differ by no more than the solver's tolerance.
    """

    name: str
    scenario: Scenario
    problem: Problem
    world: World
    cost: int
    floor: float
    packages: tuple[Package, ...] | None


@cache
def tiny(
    seed: int, with_days: bool = False, with_rules: bool = False, with_arrivals: bool = False, more: Features = ()
) -> Trial | None:
    """A tiny trial, None in the rare case that it is too large to enumerate."""
    scenario = tiny_scenario(seed, with_days, with_rules, with_arrivals, more)
    world = world_from_tables(*scenario)
    try:
        best: Optimum = solve_by_enumeration(world)
    except TooManyPlansError:
        return None
    name = _name("tiny", seed, with_days, with_rules, with_arrivals, more)
    return Trial(name, scenario, build(scenario), world, best.cost, best.cost, best.packages)


@cache
def wide(
    seed: int, with_days: bool = False, with_rules: bool = False, with_arrivals: bool = False, more: Features = ()
) -> Trial:
    """A trial with one wide order."""
    scenario = wide_scenario(seed, with_days, with_rules, with_arrivals, more)
    world = world_from_tables(*scenario)
    best = solve_by_milp(world)
    name = _name("wide", seed, with_days, with_rules, with_arrivals, more)
    return Trial(name, scenario, build(scenario), world, best.cost, min(best.bound, best.cost), None)


def _name(kind: str, seed: int, with_days: bool, with_rules: bool, with_arrivals: bool, more: Features) -> str:
    added = " with days" * with_days + " with rules" * with_rules + " with arrivals" * with_arrivals
    return f"{kind} {seed}{added}{''.join(f' with {name}' for name in more)}"


def _features(batch: int, seed: int, is_wide: bool = False) -> tuple[bool, bool, bool, Features]:
    """With days, with rules, with arrivals, with what else."""
    if batch >= MORE_FROM:
        days, rules, arrivals, more = _beside_more(seed)
        return days, rules, arrivals, OF_WIDE if is_wide else more
    return (*_without_more(batch, seed), ())


def _beside_more(seed: int) -> tuple[bool, bool, bool, Features]:
    number = seed // len(COMBINED)
    return number % 5 == 1, number % 5 in (2, 3), number % 5 in (3, 4), COMBINED[seed % len(COMBINED)]


def _without_more(batch: int, seed: int) -> tuple[bool, bool, bool]:
    if batch >= ARRIVALS_FROM:
        return _beside_arrivals(seed)
    with_rules = batch >= RULES_FROM
    return (bool(seed % 2) if with_rules else batch >= DAYS_FROM), with_rules, False


def _beside_arrivals(seed: int) -> tuple[bool, bool, bool]:
    return bool(seed // BATCHES % 2), seed % 3 == 0, True


def tiny_batch(batch: int) -> list[Trial]:
    """The tiny trials of a part of the seeds."""
    numbers = (NUM_TINY, NUM_TINY_DAYS, NUM_TINY_RULES, NUM_TINY_ARRIVALS, NUM_TINY_MORE)
    seeds = range(batch % BATCHES, numbers[batch // BATCHES], BATCHES)
    return [trial for trial in (tiny(seed, *_features(batch, seed)) for seed in seeds) if trial is not None]


def rule_trials(count: int) -> list[Trial]:
    """Tiny trials with rules, every other of them with days."""
    found = (tiny(seed, with_days=bool(seed % 2), with_rules=True) for seed in range(count))
    return [trial for trial in found if trial is not None]


def arrival_trials(count: int) -> list[Trial]:
    """Tiny trials with arriving stock, some of them with days or rules too."""
    found = (tiny(seed, *_beside_arrivals(seed)) for seed in range(count))
    return [trial for trial in found if trial is not None]


def more_trials(name: str, count: int) -> list[Trial]:
    """Tiny trials with one of MORE, every fourth of them with days, every third with rules, every fifth with arrivals;
    in every other one alone, else with all the others."""
    found = (
        tiny(seed, seed % 4 == 1, seed % 3 == 0, seed % 5 == 0, (name,) if seed % 2 else tuple(MORE))
        for seed in range(count)
    )
    return [trial for trial in found if trial is not None]


def wide_batch(batch: int) -> list[Trial]:
    """The wide trials of a part of the seeds."""
    numbers = (NUM_WIDE, NUM_WIDE_DAYS, NUM_WIDE_RULES, NUM_WIDE_ARRIVALS, NUM_WIDE_MORE)
    seeds = range(batch % BATCHES, numbers[batch // BATCHES], BATCHES)
    return [wide(seed, *_features(batch, seed, is_wide=True)) for seed in seeds]


def ship_days(world: World) -> list[date]:
    """Every day on which some package may leave, in sequence."""
    return sorted({choice.ship_on for order in world.orders for choice in choices_of(world, order)})


def _receiving_days(world: World) -> set[date]:
    """Every day on which some transfer may arrive."""
    choices = (choice for order in world.orders for choice in choices_of(world, order))
    return {choice.deliver_on for choice in choices if world.services[choice.service_id].pickup is not None}


def limited_resources(world: World) -> list[Key]:
    """Every resource that has a limit, on the days on which packages may leave and the day after the last.

    Of stock, where something arrives, the totals until these days too, whether there they change or not.
    """
    days = sorted({*ship_days(world), *_receiving_days(world)})
    days += [days[-1] + timedelta(days=1)] if days else []
    pairs = sorted({*world.available, *world.arrivals})
    keys: list[Key] = [("stock", *pair) for pair in pairs]
    if world.arrivals:
        keys += [("stock_until", *pair, day) for pair in pairs for day in days]
    keys += [(kind, node, day) for kind in NODE_KINDS for node in world.nodes for day in days]
    keys += [("service_packages", *pair, day) for pair in sorted(world.offered) for day in days]
    keys += [("service_quota", service, day) for service in world.services for day in days]
    keys += [("rule_quota", rule.name, day) for rule in world.rules if rule.counts for day in (None, *days)]
    keys += [
        ("channel_reserve", *place, subset) for place, kept in world.reserves.items() for subset in subsets_of(kept)
    ]
    return [key for key in keys if supply(world, key) is not None]


def random_prices(trial: Trial, picks: RandomPicks) -> dict[Key, int]:
    """Non-negative prices on some limited resources, of the size of the scenario's own costs, or much larger.

    Minutes are priced by the step, of which there may be millions, so the price of all of a day's is of that size.
    """
    most = picks.one_of((1, 100_000, 3_000_000, 20_000_000, 10**10))
    share = picks.one_of((20, 60, 100))
    prices = {}
    for key in limited_resources(trial.world):
        if picks.chance(share):
            steps = (supply(trial.world, key) or 1) if key[0] == "node_minutes" else 1
            prices[key] = picks.integer(0, max(1, most // steps))
    return prices


def certificate_of(
    problem: Problem, prices: dict[Key, int], shares: dict[int, int] | None = None, bound: int = 0
) -> Certificate:
    """Prices by name, and share values by line position, as a Certificate."""
    node = {name: row for row, name in enumerate(problem.nodes.node_id)}
    sku = {name: row for row, name in enumerate(problem.skus.sku_id)}
    service = {name: row for row, name in enumerate(problem.services.service_id)}
    rule = {rule.name: row for row, rule in enumerate(problem.rules)}
    rows = []
    for key, price in prices.items():
        is_undated = key[0] in ("stock", "node_share", "channel_reserve")
        sku_idx = sku[key[2]] if KINDS[key[0]].has_sku else -1
        service_idx = service[key[{"service_packages": 2}.get(key[0], 1)]] if KINDS[key[0]].has_service else -1
        node_idx = node[key[1]] if KINDS[key[0]].has_node else -1
        rule_idx = rule[key[1]] if key[0] == "rule_quota" else key[3] if key[0] == "channel_reserve" else -1
        day = -1 if is_undated or key[-1] is None else (key[-1] - date(1970, 1, 1)).days
        rows.append((int(KINDS[key[0]]), node_idx, sku_idx, service_idx, day, price, rule_idx))
    *columns, rules = np.array(rows, np.int64).reshape(len(rows), 7).T.copy()
    lines = sorted((shares or {}).items())
    return Certificate(
        *columns,
        share_line=np.array([line for line, _ in lines], np.int64),
        share_value=np.array([value for _, value in lines], np.int64),
        bound=bound,
        rule_idx=rules,
    )


def prices_of(problem: Problem, certificate: Certificate) -> dict[Key, int]:
    """A Certificate's prices by name."""
    prices: dict[Key, int] = {}
    labels = {int(kind): label for label, kind in KINDS.items()}
    columns = (certificate.kind, certificate.node_idx, certificate.sku_idx, certificate.service_idx)
    rest = (certificate.day, certificate.rule_idx, certificate.price)
    for kind, node, sku, service, day, rule, price in zip(*columns, *rest, strict=True):
        name = problem.nodes.node_id[node] if node >= 0 else ""
        on = date(1970, 1, 1) + timedelta(days=max(0, int(day)))
        label = labels[int(kind)]
        if label in STOCK_KINDS:
            key: Key = (label, name, problem.skus.sku_id[sku], *([on] if label == "stock_until" else []))
        elif label == "channel_reserve":
            key = (label, name, problem.skus.sku_id[sku], int(rule))
        elif label == "service_packages":
            key = (label, name, problem.services.service_id[service], on)
        elif label == "node_share":
            key = (label, name)
        elif label in ("service_quota", "service_commitment"):
            key = (label, problem.services.service_id[service], on)
        elif label == "rule_quota":
            key = (label, problem.rules[rule].name, None if day < 0 else on)
        else:
            key = (label, name, on)
        prices[key] = int(price)
    return prices


def own_prices_of(problem: Problem, certificate: Certificate) -> dict[Own, int]:
    """A Certificate's own prices by name."""
    lines, orders, names = problem.lines, problem.orders, names_of_lines(problem)
    return {
        (
            str(orders.order_id[lines.order_idx[line]]), names[line], str(problem.nodes.node_id[node])
        ): int(price)
        for line, node, price in zip(certificate.own_line, certificate.own_node, certificate.own_price, strict=True)
    }  # fmt: skip


def plan_of(problem: Problem, packages: Iterable[Package]) -> Plan:
    """Packages by name as a Plan."""
    order = {name: row for row, name in enumerate(problem.orders.order_id)}
    node = {name: row for row, name in enumerate(problem.nodes.node_id)}
    service = {name: row for row, name in enumerate(problem.services.service_id)}
    sku = {name: row for row, name in enumerate(problem.skus.sku_id)}
    line = {(int(problem.lines.order_idx[row]), name): row for row, name in enumerate(names_of_lines(problem))}
    heads, contents = [], []
    for number, package in enumerate(packages):
        at = order[package.order_id]
        day = (package.ship_on - date(1970, 1, 1)).days
        heads.append((at, node[package.node_id], service[package.service_id], day))
        for name, units in package.units:
            own, _, other = name.partition("=")
            row = line[at, own]
            contents.append((number, row, units, sku[other] if other else int(problem.lines.sku_idx[row])))
    *columns, skus = _columns(contents, 4)
    is_own = bool((skus == problem.lines.sku_idx[columns[1]]).all())
    return Plan(*_columns(heads, 4), *columns, None if is_own and not len(problem.line_substitutes) else skus)


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> list[np.ndarray]:
    return list(np.array(rows, np.int64).reshape(len(rows), width).T.copy())


def mutated(trial: Trial, packages: Sequence[Package], picks: RandomPicks) -> tuple[Package, ...]:
    """A plan with one to three random changes; often no longer feasible, not always."""
    changed = list(packages)
    world = trial.world
    days = ship_days(world) or [date(2026, 11, 27)]
    orders = [order for order in world.orders if order.lines]
    for _ in range(picks.integer(1, 3)):
        kind = picks.integer(0, 5)
        if kind == 0 or not changed:
            order = picks.one_of(orders)
            line = picks.one_of(order.lines)
            units = picks.integer(1, max(1, line.quantity))
            node, service = picks.one_of(sorted(world.nodes)), picks.one_of(sorted(world.services))
            name = line.name_with(picks.one_of(line.skus)) if line.substitutes else line.line_id
            changed.append(Package(order.order_id, picks.one_of(days), node, service, ((name, units),)))
            continue
        at = picks.integer(0, len(changed) - 1)
        old = changed[at]
        if kind == 1:
            changed.pop(at)
        elif kind == 2:
            on = picks.one_of([*days, old.ship_on + timedelta(days=1)])
            changed[at] = Package(old.order_id, on, old.node_id, old.service_id, old.units)
        elif kind == 3:
            node, service = picks.one_of(sorted(world.nodes)), picks.one_of(sorted(world.services))
            changed[at] = Package(old.order_id, old.ship_on, node, service, old.units)
        else:
            order = next(order for order in world.orders if order.order_id == old.order_id)
            line = picks.one_of(order.lines)
            inside = {name.partition("=")[0]: (name, units) for name, units in old.units}
            name, units = inside.get(line.line_id, (line.line_id, 0))
            if line.substitutes and picks.chance(50):
                name = line.name_with(picks.one_of(line.skus))
            step = picks.one_of((1, line.kit_quantity)) if line.kit else 1
            inside[line.line_id] = (name, max(0, units + picks.one_of((step, -step))))
            held = (inside.get(part.line_id, ("", 0)) for part in order.lines)
            kept = tuple((name, units) for name, units in held if units)
            if kept:
                changed[at] = Package(old.order_id, old.ship_on, old.node_id, old.service_id, kept)
    return tuple(sorted(changed))


def prices_of_breaking(problem: Problem) -> dict[tuple[str, int], int]:
    """What bounds charge for promises that must be kept, by order and number of the promise in it."""
    promises, found = problem.promises, {}
    first = promises.ptr(len(problem.orders))
    for row in np.flatnonzero(~promises.may_move).tolist():
        order = int(promises.order_idx[row])
        found[str(problem.orders.order_id[order]), row - int(first[order])] = int(promises.price[row])
    return found
