"""Cases of stock that arrives: who waits for it, and who may have it.

The base case ships Friday 27 from A for 5.00 or from B, farther away, for 7.00, and arrives Sunday 29. Where packages
are promised, the 29th at 3.00 a late day.
"""

from __future__ import annotations

from cases.scene import Scene, case

THURSDAY, FRIDAY, SATURDAY, SUNDAY, MONDAY = "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"


def _promised(scene: Scene, *order_ids: str, units: int = 1, late: str = "3", **columns: str) -> None:
    """Orders for the 29th that may wait until Sunday."""
    scene.objective["late_day"] = late
    scene.limits["horizon_days"] = 2
    for order_id in order_ids:
        scene.order(order_id, {"K": units}, deliver_by=SUNDAY, **columns)


@case(on="6.00", off="7.00")
def arrival_worth_waiting_for(scene: Scene, on: bool) -> tuple[str, ...]:
    """A day late at 1.00 is cheaper than the farther node; at 3.00 it is not."""
    scene.node("A", stock={"K": 0})
    scene.node("B", zone="2", stock={"K": 1})
    scene.inbound("A", "K", SATURDAY, 1)
    _promised(scene, "O1", late="1" if on else "3")
    return (f"O1: 1 K from A by G on {SATURDAY}" if on else f"O1: 1 K from B by G on {FRIDAY}",)


@case(on="8.00", off="11.00")
def arrival_is_waited_for_until_it_is_there(scene: Scene, on: bool) -> tuple[str, ...]:
    """5.00 and 3.00 for each day that passes until the units can leave."""
    scene.node("A", stock={"K": 0})
    scene.inbound("A", "K", SATURDAY if on else SUNDAY, 2)
    _promised(scene, "O1", units=2)
    return (f"O1: 2 K from A by G on {SATURDAY if on else SUNDAY}",)


@case(on="20.00", off="11.00")
def arrival_after_the_last_day(scene: Scene, on: bool) -> tuple[str, ...]:
    """Arrivals do not make the days longer on which an order may ship."""
    scene.node("A", stock={"K": 0})
    scene.inbound("A", "K", MONDAY if on else SUNDAY, 1)
    _promised(scene, "O1")
    return () if on else (f"O1: 1 K from A by G on {SUNDAY}",)


@case(on="25.00", off="13.00")
def arrival_after_the_last_day_of_scarce_stock(scene: Scene, on: bool) -> None:
    """What comes too late is no part of what orders compete for: one ships for 5.00, the other is left for 20.00."""
    scene.node("A", stock={"K": 1})
    scene.inbound("A", "K", "2027-01-09" if on else SATURDAY, 4)
    _promised(scene, "O1", "O2")


@case(on="5.00", off="8.00")
def arrival_before_the_batch(scene: Scene, on: bool) -> tuple[str, ...]:
    """What came yesterday can leave today."""
    scene.node("A", stock={"K": 0})
    scene.inbound("A", "K", THURSDAY if on else SATURDAY, 1)
    _promised(scene, "O1")
    return (f"O1: 1 K from A by G on {FRIDAY if on else SATURDAY}",)


@case(on="8.00", off="20.00")
def arrival_where_nothing_was(scene: Scene, on: bool) -> tuple[str, ...]:
    """A node that never had the SKU can ship it once it has come."""
    scene.node("A", stock={"T": 5})
    scene.inbound("A", "K" if on else "T", SATURDAY, 1)
    _promised(scene, "O1")
    return (f"O1: 1 K from A by G on {SATURDAY}",) if on else ()


@case(on="13.00", off="10.00")
def arrival_shares_the_shelf(scene: Scene, on: bool) -> None:
    """Two units, one of them there today: of two orders one waits, 5.00 + 8.00."""
    scene.node("A", stock={"K": 1 if on else 2})
    scene.inbound("A", "K", SATURDAY, 1)
    _promised(scene, "O1", "O2")


@case(on="12.00", off="10.00")
def arrival_is_promised_to_who_comes_later(scene: Scene, on: bool) -> tuple[str, ...]:
    """Sunday's order needs what is there and what arrives, or only one of them: then Friday's may have the other."""
    scene.node("A", stock={"K": 1})
    scene.node("B", zone="2", stock={"K": 1})
    scene.inbound("A", "K", SUNDAY, 1)
    scene.order("O1", {"K": 1})
    units = 2 if on else 1
    scene.order("O2", {"K": units}, placed_at="2026-11-29T08:00:00+00:00", excluded_nodes="B")
    return (f"O1: 1 K from {'B' if on else 'A'} by G on {FRIDAY}", f"O2: {units} K from A by G on {SUNDAY}")


@case(on="20.00", off="24.00")
def arrivals_one_after_the_other(scene: Scene, on: bool) -> None:
    """One today 5.00, one tomorrow 8.00, one the day after 11.00, unless there is one at B for 7.00."""
    scene.node("A", stock={"K": 1})
    scene.inbound("A", "K", SATURDAY, 1)
    scene.inbound("A", "K", SUNDAY, 1)
    scene.node("B", zone="2", stock={"K": 1 if on else 0})
    _promised(scene, "O1", "O2", "O3")


@case(on="13.00", off="8.00")
def arrival_in_parts(scene: Scene, on: bool) -> tuple[str, ...]:
    """One unit today for 5.00 and one tomorrow for 8.00, unless both fit into one package tomorrow."""
    # On, a package has room for one unit.
    scene.sku("K", "6" if on else "1")
    scene.node("A", stock={"K": 1})
    scene.inbound("A", "K", SATURDAY, 1)
    _promised(scene, "O1", units=2)
    if on:
        return (f"O1: 1 K from A by G on {FRIDAY}", f"O1: 1 K from A by G on {SATURDAY}")
    return (f"O1: 2 K from A by G on {SATURDAY}",)


@case(on="8.00", off="5.00")
def arrival_beside_safety_stock(scene: Scene, on: bool) -> tuple[str, ...]:
    """Safety stock of what lies there does not keep back what arrives."""
    scene.node("A", lane=True)
    scene.stock("A", "K", 3, reserved=1 if on else 0, safety_stock=9 if on else 2)
    scene.inbound("A", "K", SATURDAY, 1)
    _promised(scene, "O1")
    return (f"O1: 1 K from A by G on {SATURDAY if on else FRIDAY}",)


@case(on="13.00", off="25.00")
def arrival_for_an_order_that_may_be_held(scene: Scene, on: bool) -> None:
    """Held until tomorrow one order waits, 5.00 + 8.00; without that it is left unfilled for 20.00."""
    scene.objective["late_day"] = "3"
    scene.node("A", stock={"K": 1})
    scene.inbound("A", "K", SATURDAY, 1)
    scene.order("O1", {"K": 1}, deliver_by=SUNDAY)
    scene.order("O2", {"K": 1}, deliver_by=SUNDAY, hold_until=SATURDAY if on else "")


@case(on="12.00", off="5.00")
def arrival_of_lines_of_a_wide_order(scene: Scene, on: bool) -> None:
    """Eleven lines of one unit, 2,048 quantity vectors; three of them come tomorrow, or lie there."""
    # All tomorrow 5.00 + 7.00; eight today and three tomorrow would be 5.00 more.
    names = [f"W{index:02d}" for index in range(11)]
    for name in names:
        scene.sku(name, "0.8")
    scene.node("A", stock=dict.fromkeys(names[: 8 if on else 11], 1))
    for name in names[8:]:
        scene.inbound("A", name, SATURDAY, 1)
    scene.objective["late_day"] = "7"
    scene.limits["horizon_days"] = 1
    scene.order("O1", dict.fromkeys(names, 1), deliver_by=SUNDAY)
