"""Cases of pick-up: from the shelf, after a transfer, and beside lines that ship.

What is picked up costs nothing but what nodes charge; a transfer costs 2.00 a package and takes a day. A is where it is
picked up.
"""

from __future__ import annotations

from typing import Any

from cases.scene import Scene, case

FRIDAY, SATURDAY, SUNDAY = "2026-11-27", "2026-11-28", "2026-11-29"
AT_A: dict[str, Any] = {"mode": "pickup", "pickup_node": "A"}


@case(on="0.50", off="5.50")
def pickup_from_the_shelf(scene: Scene, on: bool) -> tuple[str, ...]:
    """Nothing is shipped: 0.50 for handling, and 5.00 if it is."""
    scene.node("A", stock={"K": 1}, package_cost="0.50")
    scene.order("O1", {"K": 1}, **(AT_A if on else {}))
    return (f"O1: 1 K from A by {'pickup:A' if on else 'G'} on {FRIDAY}",)


@case(on="2.60", off="40.00")
def pickup_after_a_transfer(scene: Scene, on: bool) -> tuple[str, ...]:
    """2.00 and 2 x 0.30 for two units that lie elsewhere; without a way they are unfilled."""
    scene.node("A")
    scene.node("B", stock={"K": 2})
    if on:
        scene.transfer("B", "A", cost_per_unit="0.30")
    scene.order("O1", {"K": 2}, **AT_A)
    return (f"O1: 2 K from B by transfer:B:A on {FRIDAY}",) if on else ()


@case(on="2.60", off="2.30")
def transfer_of_all_for_one_package_less(scene: Scene, on: bool) -> tuple[str, ...]:
    """One from the shelf and one moved for 2.30, at a split price of 1.00 both moved for 2.60."""
    scene.objective["split"] = "1" if on else "0"
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"K": 2})
    scene.transfer("B", "A", cost_per_unit="0.30")
    scene.order("O1", {"K": 2}, **AT_A)
    if on:
        return (f"O1: 2 K from B by transfer:B:A on {FRIDAY}",)
    return (f"O1: 1 K from A by pickup:A on {FRIDAY}", f"O1: 1 K from B by transfer:B:A on {FRIDAY}")


@case(on="8.00", off="2.00")
def transfer_takes_days(scene: Scene, on: bool) -> None:
    """Two days on the way are two days late: 2.00 + 6.00."""
    scene.objective["late_day"] = "3"
    scene.node("A")
    scene.node("B", stock={"K": 1})
    scene.transfer("B", "A", days=2 if on else 0)
    scene.order("O1", {"K": 1}, deliver_by=FRIDAY, **AT_A)


@case(on="5.00", off="2.00")
def transfer_does_not_arrive_on_a_holiday(scene: Scene, on: bool) -> tuple[str, ...]:
    """A holiday of the node that gets it is a day more, at 3.00; one of the node that gives it is none."""
    scene.objective["late_day"] = "3"
    scene.node("A")
    scene.node("B", stock={"K": 1})
    scene.holiday(SATURDAY, node="A" if on else "B")
    scene.transfer("B", "A")
    scene.order("O1", {"K": 1}, deliver_by=SATURDAY, **AT_A)
    return (f"O1: 1 K from B by transfer:B:A on {FRIDAY}",)


@case(on="5.00", off="2.00")
def transfer_leaves_on_its_own_days(scene: Scene, on: bool) -> tuple[str, ...]:
    """A way that is not served on Friday is served on Saturday, a day late."""
    scene.objective["late_day"] = "3"
    scene.node("A")
    scene.node("B", stock={"K": 1})
    scene.transfer("B", "A", working_days="1111011" if on else "1111100")
    scene.order("O1", {"K": 1}, deliver_by=SATURDAY, **AT_A)
    return (f"O1: 1 K from B by transfer:B:A on {SATURDAY if on else FRIDAY}",)


@case(on="5.00", off="2.00")
def transfer_arrives_on_a_working_day(scene: Scene, on: bool) -> None:
    """A node that does not work on Saturday gets it on Sunday, a day late."""
    scene.objective["late_day"] = "3"
    scene.node("A", working_days="1111101" if on else "1111110")
    scene.node("B", stock={"K": 1})
    scene.transfer("B", "A")
    scene.order("O1", {"K": 1}, deliver_by=SATURDAY, **AT_A)


@case(on="7.00", off="4.00")
def receiving_pushes_to_another_day(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """A handles one package a day: of two that are moved, the one with the lower priority comes a day late."""
    scene.objective["late_day"] = "3"
    scene.limits["horizon_days"] = 1
    scene.node("A", max_packages_per_day=1 if on else 2)
    scene.node("B", stock={"K": 2})
    scene.transfer("B", "A")
    scene.order("O1", {"K": 1}, deliver_by=SATURDAY, **AT_A)
    scene.order("O2", {"K": 1}, deliver_by=SATURDAY, priority="2", **AT_A)
    if not on:
        return None
    return (
        f"O1: 1 K from B by transfer:B:A on {SATURDAY}",
        f"O2: 1 K from B by transfer:B:A on {FRIDAY}",
    )


@case(on="22.00", off="7.00")
def receiving_beside_packages_of_its_own(scene: Scene, on: bool) -> None:
    """What comes today and what leaves today share the day: 2.00, and 20.00 for the order that would cost 5.00."""
    scene.node("A", stock={"T": 1}, max_packages_per_day=1 if on else 2)
    scene.node("B", stock={"K": 1}, lane=False)
    scene.transfer("B", "A", days=0)
    scene.order("O1", {"T": 1})
    scene.order("O2", {"K": 1}, **AT_A)


@case(on="40.00", off="2.00")
def receiving_by_units(scene: Scene, on: bool) -> None:
    """A whole line of two units does not come to a node that can handle one."""
    scene.node("A", max_units_per_day=1 if on else 2)
    scene.node("B", stock={"K": 2})
    scene.transfer("B", "A")
    scene.order("O1", **AT_A)
    scene.line("O1", "K", "K", 2, splittable="false")


@case(on="22.00", off="4.00")
def receiving_by_minutes(scene: Scene, on: bool) -> None:
    """Three minutes a package, four a unit, at the node that gets it: twice seven do not fit into 13."""
    scene.node("A", minutes_per_package=3, minutes_per_unit=4, max_minutes_per_day=13 if on else 14)
    scene.node("B", stock={"K": 2}, minutes_per_package=9)
    scene.transfer("B", "A")
    scene.order("O1", {"K": 1}, **AT_A)
    scene.order("O2", {"K": 1}, **AT_A)


@case(on="6.00", off="5.00")
def pickup_and_ship_in_one_order(scene: Scene, on: bool) -> tuple[str, ...]:
    """A line that is picked up lies in no package that ships: 5.00 and a split price of 1.00."""
    scene.objective["split"] = "1"
    scene.node("A", stock={"K": 1, "T": 1})
    scene.order("O1", {"T": 1})
    scene.line("O1", "K", "K", 1, **(AT_A if on else {}))
    if on:
        return (f"O1: 1 K from A by pickup:A on {FRIDAY}", f"O1: 1 T from A by G on {FRIDAY}")
    return (f"O1: 1 T, 1 K from A by G on {FRIDAY}",)


@case(on="5.00", off="2.00")
def transfers_from_two_nodes(scene: Scene, on: bool) -> tuple[str, ...]:
    """What no one node has comes from two, for 2.00 and 3.00."""
    scene.node("A")
    scene.node("B", stock={"K": 1, "T": 0 if on else 1})
    scene.node("C", stock={"T": 1})
    scene.transfer("B", "A")
    scene.transfer("C", "A", cost_per_package="3")
    scene.order("O1", {"K": 1, "T": 1}, **AT_A)
    if on:
        return (f"O1: 1 K from B by transfer:B:A on {FRIDAY}", f"O1: 1 T from C by transfer:C:A on {FRIDAY}")
    return (f"O1: 1 K, 1 T from B by transfer:B:A on {FRIDAY}",)


@case(on="20.00", off="0.00")
def pickup_at_a_closed_node(scene: Scene, on: bool) -> None:
    """A closed node hands nothing out, and nothing is moved to it."""
    scene.node("A", stock={"K": 1}, open="false" if on else "true")
    scene.node("B", stock={"K": 1})
    scene.transfer("B", "A")
    scene.order("O1", {"K": 1}, **AT_A)


@case(on="0.00", off="20.00")
def pickup_is_never_too_far(scene: Scene, on: bool) -> None:
    """A is 556 km away: too far to ship, not to come."""
    scene.limits["max_distance_km"] = 300
    scene.node("A", stock={"K": 1}, latitude="45.0", longitude="-74.0")
    scene.order("O1", {"K": 1}, latitude="40.0", longitude="-74.0", **(AT_A if on else {}))


@case(on="20.00", off="2.00")
def transfer_in_transit_too_long(scene: Scene, on: bool) -> None:
    """A limit on days in transit counts for transfers too."""
    scene.limits["max_transit_days"] = 2
    scene.node("A")
    scene.node("B", stock={"K": 1})
    scene.transfer("B", "A", days=3 if on else 2)
    scene.order("O1", {"K": 1}, **AT_A)


@case(on="2.00", off="1.00")
def transfer_at_a_price_of_a_rule(scene: Scene, on: bool) -> tuple[str, ...]:
    """Rules are about ways by their carrier: from the shelf for 1.00 more, unless that is more than a transfer."""
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"K": 1})
    scene.transfer("B", "A")
    scene.rule({"service": {"carrier": "pickup"}}, price={"per_package": 3 if on else 1})
    scene.order("O1", {"K": 1}, **AT_A)
    return (f"O1: 1 K from {'B by transfer:B:A' if on else 'A by pickup:A'} on {FRIDAY}",)


@case(on="0.00", off="6.00")
def pickup_pays_no_surcharge(scene: Scene, on: bool) -> None:
    """1.00 more for every package that ships."""
    scene.node("A", stock={"K": 1})
    scene.surcharge(per_package="1")
    scene.order("O1", {"K": 1}, **(AT_A if on else {}))


@case(on="7.00", off="6.50")
def vendor_beside_a_dc(scene: Scene, on: bool) -> tuple[str, ...]:
    """A vendor takes two working days and 0.50 a package: 5.00 + 0.50 + 2 days late, or 7.00 from the dc."""
    # Friday + 2 = Sunday 29, arrives Tuesday, 2 late at 1.00 -> 7.50, or at 0.50 -> 6.50.
    scene.objective["late_day"] = "1" if on else "0.50"
    scene.node("V", stock={"K": 1}, kind="vendor", lead_days=2, package_cost="0.50")
    scene.node("B", zone="2", stock={"K": 1})
    scene.order("O1", {"K": 1}, deliver_by=SUNDAY)
    return (f"O1: 1 K from {f'B by G on {FRIDAY}' if on else f'V by G on {SUNDAY}'}",)


@case(on="2.00", off="0.00")
def pickup_of_a_wide_order(scene: Scene, on: bool) -> None:
    """Eleven lines of one unit; three of them lie elsewhere."""
    names = [f"W{index:02d}" for index in range(11)]
    for name in names:
        scene.sku(name)
    scene.node("A", stock=dict.fromkeys(names[: 8 if on else 11], 1))
    scene.node("B", stock=dict.fromkeys(names[8:], 1))
    scene.transfer("B", "A")
    scene.order("O1", dict.fromkeys(names, 1), **AT_A)
