"""Cases of packages that have left already: what they took is gone, what they cost is sunk.

A package from A costs 5.00, from B, farther away, 7.00; a unit that is left costs 20.00. Released is one K of O1
from A, Friday by `G`, unless said otherwise.
"""

from __future__ import annotations

from typing import Any

from cases.scene import Scene, case

FRIDAY, SATURDAY, SUNDAY = "2026-11-27", "2026-11-28", "2026-11-29"
FROM_A, FROM_B = f"O2: 1 K from A by G on {FRIDAY}", f"O2: 1 K from B by G on {FRIDAY}"


def _released(scene: Scene, near: int = 9, node_id: str = "A", service_id: str = "G", **columns: Any) -> None:
    """Nodes A, with so many K, and B; O1, gone in whole, and O2 with a K."""
    scene.node("A", stock={"K": near}, **columns)
    scene.node("B", zone="2", stock={"K": 9})
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})
    scene.before("O1", "K", node_id, 1, state="released", service_id=service_id)


@case(on="7.00", off="5.00")
def released_took_the_last_unit(scene: Scene, on: bool) -> tuple[str, ...]:
    """The unit of A is gone with O1; released from B it is there for O2. Neither plan pays for O1."""
    _released(scene, 1, "A" if on else "B")
    return (FROM_B if on else FROM_A,)


@case(on="7.00", off="5.00")
def released_took_the_last_package(scene: Scene, on: bool) -> tuple[str, ...]:
    """A ships a package a day, or two."""
    _released(scene, max_packages_per_day=1 if on else 2)
    return (FROM_B if on else FROM_A,)


@case(on="7.00", off="5.00")
def released_took_units_of_a_day(scene: Scene, on: bool) -> tuple[str, ...]:
    """A ships a unit a day, or two."""
    _released(scene, max_units_per_day=1 if on else 2)
    return (FROM_B if on else FROM_A,)


@case(on="7.00", off="5.00")
def released_took_lines_of_a_day(scene: Scene, on: bool) -> tuple[str, ...]:
    """A ships a line a day, or two."""
    _released(scene, max_lines_per_day=1 if on else 2)
    return (FROM_B if on else FROM_A,)


@case(on="7.00", off="5.00")
def released_took_minutes(scene: Scene, on: bool) -> tuple[str, ...]:
    """A package takes 2.5 minutes and 1 for its unit, 3.5 in all: 7 are enough for two, 6.9 are not."""
    minutes = {"minutes_per_package": "2.5", "minutes_per_unit": "1"}
    _released(scene, max_minutes_per_day="6.9" if on else "7", **minutes)
    return (FROM_B if on else FROM_A,)


@case(on="7.00", off="5.00")
def released_counts_on_its_own_day(scene: Scene, on: bool) -> tuple[str, ...]:
    """What left on Saturday is no package of Friday."""
    scene.node("A", stock={"K": 9}, max_packages_per_day=1)
    scene.node("B", zone="2", stock={"K": 9})
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})
    scene.before("O1", "K", "A", 1, state="released", ship_on=FRIDAY if on else SATURDAY)
    return (FROM_B if on else FROM_A,)


@case(on="7.00", off="5.00")
def released_took_what_a_node_offers_of_a_service(scene: Scene, on: bool) -> tuple[str, ...]:
    """One package a day by G from A, or two."""
    _released(scene)
    scene.offer("A", "G", max_packages_per_day=1 if on else 2)
    scene.offer("B", "G")
    return (FROM_B if on else FROM_A,)


@case(on="9.00", off="5.00")
def released_took_the_quota_of_a_service(scene: Scene, on: bool) -> tuple[str, ...]:
    """One package by G over all nodes: the next goes by the fast service for 9.00."""
    scene.fast_service()
    _released(scene)
    scene.lane("F", "A", "1", 1)
    scene.quota("G", 1 if on else 2)
    return (f"O2: 1 K from A by {'F' if on else 'G'} on {FRIDAY}",)


@case(on="7.00", off="5.00")
def released_took_the_quota_of_a_rule(scene: Scene, on: bool) -> tuple[str, ...]:
    """One package from A in the whole batch, or two."""
    _released(scene)
    scene.rule({"node": {"node_id": "A"}}, quota={"packages": 1 if on else 2, "per": "batch"})
    return (FROM_B if on else FROM_A,)


@case(on="6.00", off="5.00")
def released_took_a_soft_quota(scene: Scene, on: bool) -> tuple[str, ...]:
    """One package from A a day is free, the second costs 1.00; the first has paid nothing, or would have."""
    _released(scene)
    scene.rule({"node": {"node_id": "A"}}, quota={"packages": 1 if on else 2, "price_over": 1})
    return (FROM_A,)


@case(on="5.00", off="6.50")
def released_counts_towards_a_commitment(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two packages by G at 1.50 are committed: one has left; or it left by the fast service."""
    scene.fast_service()
    _released(scene, service_id="G" if on else "F")
    scene.tables["service_quotas"] = [
        {"service_id": "G", "date": FRIDAY, "max_packages": 9, "min_packages": 2, "shortfall_price": "1.50"}
    ]
    return (FROM_A,)


@case(on="5.50", off="5.00")
def released_makes_the_rest_a_split(scene: Scene, on: bool) -> tuple[str, ...]:
    """One of two units has left: the package with the other is the order's second."""
    scene.objective["split"] = "0.50"
    scene.node("A", stock={"K": 2})
    scene.order("O1", {"K": 2 if on else 1})
    if on:
        scene.before("O1", "K", "A", 1, state="released")
    return (f"O1: 1 K from A by G on {FRIDAY}",)


@case(on="13.00", off="12.50")
def released_makes_every_package_a_split(scene: Scene, on: bool) -> None:
    """Two more packages for 5.00 and 7.00 are two splits at 0.50, without the released one they are one."""
    scene.objective["split"] = "0.50"
    scene.node("A", stock={"K": 2})
    scene.node("B", zone="2", stock={"T": 1})
    scene.order("O1", {"K": 2 if on else 1, "T": 1})
    if on:
        scene.before("O1", "K", "A", 1, state="released")


@case(on="20.00", off="5.00")
def released_counts_in_most_packages(scene: Scene, on: bool) -> tuple[str, ...]:
    """One package an order, or two."""
    scene.node("A", stock={"K": 2})
    scene.order("O1", {"K": 2}, max_packages=1 if on else 2)
    scene.before("O1", "K", "A", 1, state="released")
    return () if on else (f"O1: 1 K from A by G on {FRIDAY}",)


@case(on="0.00", off="5.00")
def released_in_whole(scene: Scene, on: bool) -> tuple[str, ...]:
    """Nothing is left to do, and nothing to pay."""
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})
    if on:
        scene.before("O1", "K", "A", 1, state="released")
    return () if on else (f"O1: 1 K from A by G on {FRIDAY}",)


@case(on="5.00", off="40.00")
def released_half_of_what_ships_complete(scene: Scene, on: bool) -> tuple[str, ...]:
    """Of two units one has left and one is there: the rest is complete. Else two are wanted and one is there."""
    scene.node("A", stock={"K": 2 if on else 1})
    scene.order("O1", {"K": 2}, ship_complete="true")
    if on:
        scene.before("O1", "K", "A", 1, state="released")
    return (f"O1: 1 K from A by G on {FRIDAY}",) if on else ()


@case(on="6.00", off="5.00")
def released_took_what_was_there_first(scene: Scene, on: bool) -> tuple[str, ...]:
    """What is there is gone, what arrives on Saturday is not: a day late for 1.00; or B has lost a unit."""
    scene.objective["late_day"] = "1"
    scene.limits["horizon_days"] = 2
    scene.node("A", stock={"K": 1})
    scene.node("B", zone="2", stock={"K": 9})
    scene.inbound("A", "K", SATURDAY, 1)
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1}, deliver_by=SUNDAY)
    scene.before("O1", "K", "A" if on else "B", 1, state="released")
    return (f"O2: 1 K from A by G on {SATURDAY if on else FRIDAY}",)


@case(on="7.00", off="5.00")
def released_is_off_the_stock_of_which_is_kept(scene: Scene, on: bool) -> tuple[str, ...]:
    """Of two units one has left, the other is kept for the web; or the released one came from B."""
    scene.node("A", stock={"K": 2})
    scene.node("B", zone="2", stock={"K": 9})
    scene.reserve("A", "web", 1)
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1}, channel="app")
    scene.before("O1", "K", "A" if on else "B", 1, state="released")
    return (FROM_B if on else FROM_A,)


@case(on="5.00", off="20.00")
def released_kit(scene: Scene, on: bool) -> tuple[str, ...]:
    """A kit of two K and a T has left, of which there are two; or nothing is left of T for the second."""
    scene.kit("S", {"K": 2, "T": 1})
    scene.node("A", stock={"K": 4, "T": 2 if on else 1})
    scene.order("O1", {"S": 2})
    scene.before("O1", "S", "A", 1, state="released")
    return (f"O1: 1 S/T, 2 S/K from A by G on {FRIDAY}",) if on else ()
