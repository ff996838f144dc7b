"""Cases of prices of stock: what it costs, or earns, to take a unit from where it lies.

A ships for 5.00, B for 7.00.
"""

from __future__ import annotations

from cases.scene import Scene, case

FRIDAY, SATURDAY = "2026-11-27", "2026-11-28"


def _near_and_far(scene: Scene, units: int = 1) -> None:
    scene.node("A", stock={"K": units})
    scene.node("B", zone="2", stock={"K": units})


@case(on="7.00", off="6.00")
def stock_price_moves_a_unit_elsewhere(scene: Scene, on: bool) -> tuple[str, ...]:
    """5.00 + 3.00 at A is dearer than 7.00 at B; 5.00 + 1.00 is not."""
    _near_and_far(scene)
    scene.stock_price("A", "K", "3" if on else "1")
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="-3.00", off="5.00")
def reward_pays_for_the_package(scene: Scene, on: bool) -> tuple[str, ...]:
    """10.00 for a unit that gets old at B: 7.00 - 10.00."""
    _near_and_far(scene)
    scene.stock_price("B", "K" if on else "T", "-10")
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="4.00", off="5.00")
def reward_that_is_worth_the_way(scene: Scene, on: bool) -> None:
    """7.00 - 3.00 beats 5.00, 7.00 - 1.00 does not."""
    _near_and_far(scene)
    scene.stock_price("B", "K", "-3" if on else "-1")
    scene.order("O1", {"K": 1})


@case(on="4.00", off="5.00")
def reward_by_the_unit(scene: Scene, on: bool) -> tuple[str, ...]:
    """1.50 is too little for one unit, and enough for two: 7.00 - 3.00."""
    _near_and_far(scene, units=2)
    scene.stock_price("B", "K", "-1.50")
    units = 2 if on else 1
    scene.order("O1", {"K": units})
    return (f"O1: {units} K from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="20.00", off="19.00")
def stock_price_beyond_what_a_unit_is_worth(scene: Scene, on: bool) -> tuple[str, ...]:
    """5.00 + 16.00 is more than 20.00 for leaving it."""
    scene.node("A", stock={"K": 1})
    scene.stock_price("A", "K", "16" if on else "14")
    scene.order("O1", {"K": 1})
    return () if on else (f"O1: 1 K from A by G on {FRIDAY}",)


@case(on="-6.00", off="-1.00")
def reward_for_two_packages(scene: Scene, on: bool) -> None:
    """Two packages for 6.00 less each are better than one: 2 x (5.00 - 8.00), at most one package 5.00 - 8.00 + 2."""
    # Off: one package at most, and 2.00 for the unit that is left.
    scene.sku("K", "6")
    scene.node("A", stock={"K": 2})
    scene.stock_price("A", "K", "-8")
    scene.order("O1", max_packages=2 if on else 1)
    scene.line("O1", "K", "K", 2, unfilled_cost="2")


@case(on="7.00", off="6.50")
def stock_price_of_what_ships(scene: Scene, on: bool) -> tuple[str, ...]:
    """Of a substitute its own: 5.00 + 1.00 + 2.00, or 7.00 for K from B."""
    scene.node("A", stock={"T": 1})
    scene.node("B", zone="2", stock={"K": 1})
    scene.substitute("K", "T", "1")
    scene.stock_price("A", "T", "2" if on else "0.50")
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K{' from B' if on else '=T from A'} by G on {FRIDAY}",)


@case(on="7.00", off="5.00")
def stock_price_of_what_arrives(scene: Scene, on: bool) -> tuple[str, ...]:
    """5.00 + 2.00 for a unit that was not there before."""
    scene.limits["horizon_days"] = 1
    scene.node("A")
    scene.inbound("A", "K", SATURDAY, 1)
    scene.stock_price("A", "K", "2" if on else "0")
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K from A by G on {SATURDAY}",)


@case(on="-1.50", off="0.00")
def reward_for_what_is_picked_up(scene: Scene, on: bool) -> None:
    """Nothing is shipped, and 1.50 earned."""
    scene.node("A", stock={"K": 1})
    scene.stock_price("A", "K", "-1.50" if on else "0")
    scene.order("O1", {"K": 1}, mode="pickup", pickup_node="A")


@case(on="5.000002", off="5.00")
def stock_price_is_rounded_by_the_unit(scene: Scene, on: bool) -> None:
    """Three halves of a micro are two micros, one half is none."""
    scene.node("A", stock={"K": 1})
    scene.stock_price("A", "K", "0.0000015" if on else "0.0000005")
    scene.order("O1", {"K": 1})


@case(on="-6.00", off="5.00")
def rewards_of_a_wide_order(scene: Scene, on: bool) -> None:
    """Eleven lines of one unit, 1.00 each: 5.00 - 11.00."""
    names = [f"W{index:02d}" for index in range(11)]
    for name in names:
        scene.sku(name, "0.8")
    scene.node("A", stock=dict.fromkeys(names, 1))
    for name in names:
        scene.stock_price("A", name, "-1" if on else "0")
    scene.order("O1", dict.fromkeys(names, 1))
