"""Small random problems with units kept for channels, promised and released packages."""

from __future__ import annotations

import random
from functools import cache

from check_slow import Choice, Content, Slow, is_feasible
from check_world import World, random_arrivals_world, random_days_world, random_features_world, random_rules_world
from check_world import random_world as random_plain_world

from splitship.domain import Problem
from splitship.units import day_text

CHANNELS = ("web", "app", "shop", "")
KEPT = ("reserves", "promises", "released")
RESERVE_FEATURES = ("pickup", "stock prices", "rejections", "kits", "substitutes", "least values")
Packages = list[tuple[int, Choice, Content]]


def random_reserves_world(seed: int, is_hard: bool = False) -> World:
    """A small random world, every other one with further features, with units kept for channels."""
    rng = random.Random(f"reserves {seed}")
    world = random_features_world(seed) if seed % 2 and not is_hard else random_plain_world(seed)
    add_reserves(world, rng, is_hard)
    return world


def add_reserves(world: World, rng: random.Random, is_hard: bool = False) -> None:
    """Reserves of most positions, for one to three channels; channels of orders."""
    for row in world.orders:
        row["channel"] = rng.choice(CHANNELS)
    for row in world.stock:
        row["on_hand"] = int(row["on_hand"]) + rng.randint(0, 2)
    said = set()
    for node in world.nodes:
        places = ["", *(row["sku_id"] for row in world.stock if row["node_id"] == node["node_id"])]
        for sku in places:
            for channel in rng.sample(CHANNELS[:3], rng.choice((0, 1, 2, 3)) if sku else rng.choice((0, 0, 1))):
                price = rng.choice(("", "0", "0.75", "2", "2.0000005", "9"))
                if (node["node_id"], sku, channel) not in said:
                    world.keep(rng.randint(0, 4), channel, "" if is_hard else price, node["node_id"], sku)
                said.add((node["node_id"], sku, channel))


def random_kept_world(seed: int, kinds: tuple[str, ...] = KEPT) -> World:
    """A small random world with some of the kinds; the plan before is feasible without all three."""
    rng = random.Random(f"kept {seed}")
    base = (random_plain_world, random_days_world, random_rules_world, random_arrivals_world)[seed % 4]
    world = base(seed, 2, 2)
    chosen = [kind for kind in kinds if rng.random() < 0.7] or list(kinds)
    if {"promises", "released"} & set(chosen):
        add_plan_before(world, rng, chosen)
    if "reserves" in chosen:
        add_reserves(world, rng)
    return world


def add_plan_before(world: World, rng: random.Random, kinds: list[str]) -> None:
    """Packages that are possible one after the other, promised or released; move prices are those of orders."""
    problem = world.problem()
    packages = random_packages(problem, rng, 16)
    prices = {order: rng.choice(("", "", "0", "1.5", "7.0000005")) for order in range(len(problem.orders))}
    slow, lines = Slow(problem), problem.lines
    states = [state for state, kind in (("promised", "promises"), ("released", "released")) if kind in kinds]
    for number, (order, choice, content) in enumerate(packages):
        state = rng.choice(states)
        for line, units in zip(slow.lines(order), content, strict=True):
            if units:
                world.before(
                    units, state, problem.orders.order_id[order], lines.line_id[line],
                    problem.nodes.node_id[choice.node], service_id=problem.services.service_id[choice.service],
                    ship_on=day_text(choice.day), package_id=str(number),
                    move_price=prices[order] if state == "promised" else "",
                )  # fmt: skip


def random_packages(problem: Problem, rng: random.Random, tries: int) -> Packages:
    """Some packages that are feasible together, whatever they leave of promises."""
    slow, packages = Slow(problem), []
    ways = [(order, choice) for order in range(len(problem.orders)) for choice in slow.choices(order)]
    for _ in range(tries if ways else 0):
        order, choice = rng.choice(ways)
        contents = slow.contents(order)
        if contents:
            more = [*packages, (order, choice, rng.choice(contents))]
            packages = more if is_feasible(slow, more) else packages
    return packages


@cache
def random_kept_problem(seed: int, kinds: tuple[str, ...] = KEPT) -> Problem:
    """The problem of `random_kept_world`."""
    return random_kept_world(seed, kinds).problem()


@cache
def random_reserves_problem(seed: int, is_hard: bool = False) -> Problem:
    """The problem of `random_reserves_world`."""
    return random_reserves_world(seed, is_hard).problem()
