"""Cases of promised packages: kept or moved, at a price or not at all.

A package from A costs 5.00, from B, farther away, 7.00; a unit that is left costs 20.00. Promised is Friday by `G`.
"""

from __future__ import annotations

from cases.scene import Scene, case

FRIDAY, SATURDAY = "2026-11-27", "2026-11-28"
FROM_A, FROM_B = f"O1: 1 K from A by G on {FRIDAY}", f"O1: 1 K from B by G on {FRIDAY}"


def _two_nodes(scene: Scene, near: int = 9, far: int = 9) -> None:
    """So many K, and nine T, at A and at B."""
    scene.node("A", stock={"K": near, "T": 9})
    scene.node("B", zone="2", stock={"K": far, "T": 9})


@case(on="7.00", off="6.50")
def promise_is_kept_at_its_price(scene: Scene, on: bool) -> tuple[str, ...]:
    """A is cheaper by 2.00, and moving costs 2.50, or 1.50."""
    _two_nodes(scene)
    scene.order("O1", {"K": 1})
    scene.before("O1", "K", "B", 1, move_price="2.50" if on else "1.50")
    return (FROM_B if on else FROM_A,)


@case(on="7.00", off="5.00")
def promise_that_must_be_kept(scene: Scene, on: bool) -> tuple[str, ...]:
    """Nothing is said of a price, or moving is free."""
    _two_nodes(scene)
    scene.order("O1", {"K": 1})
    scene.before("O1", "K", "B", 1, move_price="" if on else "0")
    return (FROM_B if on else FROM_A,)


@case(on="7.00", off="6.00")
def promise_is_joined_by_another_line(scene: Scene, on: bool) -> tuple[str, ...]:
    """With T in the promised package all is kept for 7.00, or both are at A for 5.00 and 1.00."""
    _two_nodes(scene)
    scene.order("O1", {"K": 1, "T": 1})
    scene.before("O1", "K", "B", 1, move_price="9" if on else "1")
    return (f"O1: 1 K, 1 T from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="5.00", off="7.00")
def promise_that_a_node_refuses(scene: Scene, on: bool) -> tuple[str, ...]:
    """What B has refused binds nobody, and costs nothing."""
    _two_nodes(scene)
    scene.order("O1", {"K": 1})
    scene.before("O1", "K", "B", 1)
    if on:
        scene.reject("B", "O1")
    return (FROM_A if on else FROM_B,)


@case(on="12.00", off="5.00")
def promise_of_which_a_node_refuses_a_line(scene: Scene, on: bool) -> tuple[str, ...]:
    """The rest of the promise stands: K from B, and T, which B has refused, from A; or the whole order is refused."""
    _two_nodes(scene)
    scene.order("O1", {"K": 1, "T": 1})
    scene.before("O1", "K", "B", 1)
    scene.before("O1", "T", "B", 1)
    scene.reject("B", "O1", "T" if on else "")
    from_a = f"O1: 1 T from A by G on {FRIDAY}"
    return (from_a, FROM_B) if on else (f"O1: 1 K, 1 T from A by G on {FRIDAY}",)


@case(on="12.00", off="7.00")
def promise_of_half_a_line(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two of four K come from B, which has no more, and two from A; of four at B all may lie in one package."""
    _two_nodes(scene, far=2 if on else 4)
    scene.order("O1", {"K": 4})
    scene.before("O1", "K", "B", 2)
    if on:
        return tuple(f"O1: 2 K from {node} by G on {FRIDAY}" for node in "AB")
    return (f"O1: 4 K from B by G on {FRIDAY}",)


@case(on="6.00", off="5.00")
def promise_of_half_a_line_is_broken_by_less(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two of four K are promised from B for 1.00: all four from A cost 5.00 and 1.00; or nothing is promised."""
    _two_nodes(scene)
    scene.order("O1", {"K": 4})
    if on:
        scene.before("O1", "K", "B", 2, move_price="1")
    return (f"O1: 4 K from A by G on {FRIDAY}",)


@case(on="10.00", off="5.00")
def promise_is_of_all_its_units(scene: Scene, on: bool) -> tuple[str, ...]:
    """Of two promised A has one left: it breaks all the same, so both come from B, 7.00 and 3.00; or A has both."""
    _two_nodes(scene, near=1 if on else 2)
    scene.order("O1", {"K": 2})
    scene.before("O1", "K", "A", 2, move_price="3")
    return (f"O1: 2 K from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="6.50", off="12.00")
def promises_of_one_order(scene: Scene, on: bool) -> tuple[str, ...]:
    """K from B and T from A: 12.00. Both from A break the first for 1.50; for 8.00 that would be 13.00."""
    _two_nodes(scene)
    scene.order("O1", {"K": 1, "T": 1})
    price = "1.50" if on else "8"
    scene.before("O1", "K", "B", 1, move_price=price)
    scene.before("O1", "T", "A", 1, move_price=price)
    if on:
        return (f"O1: 1 K, 1 T from A by G on {FRIDAY}",)
    return FROM_B, f"O1: 1 T from A by G on {FRIDAY}"


@case(on="8.00", off="11.00")
def promises_are_paid_one_by_one(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two lines from B in two packages: one from A costs 5.00 and 1.50 for each. As one promise with 9.00 it stays."""
    _two_nodes(scene)
    scene.rule({"node": {"node_id": "B"}}, price={"per_package": "4"})
    scene.order("O1", {"K": 1, "T": 1})
    for line, package_id in (("K", "P1"), ("T", "P2")) if on else (("K", "P1"), ("T", "P1")):
        scene.before("O1", line, "B", 1, move_price="1.50" if on else "9", package_id=package_id)
    return (f"O1: 1 K, 1 T from {'A' if on else 'B'} by G on {FRIDAY}",)


@case(on="7.00", off="5.00")
def promises_are_kept_by_one_package(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two packages of one place may leave as one; moving one of them is as dear as that; or moving is free."""
    _two_nodes(scene)
    scene.order("O1", {"K": 1, "T": 1})
    for line, package_id in (("K", "P1"), ("T", "P2")):
        scene.before("O1", line, "B", 1, move_price="3" if on else "0", package_id=package_id)
    return (f"O1: 1 K, 1 T from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="8.00", off="7.50")
def promise_of_a_day(scene: Scene, on: bool) -> tuple[str, ...]:
    """A day on the way costs 1.00: 7.00 on Friday, 8.00 on Saturday as promised; moving costs 2.00, or 0.50."""
    scene.objective["delivery_day"] = "1"
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})
    scene.before("O1", "K", "A", 1, move_price="2" if on else "0.50", ship_on=SATURDAY)
    return (f"O1: 1 K from A by G on {SATURDAY if on else FRIDAY}",)


@case(on="9.00", off="8.00")
def promise_of_a_service(scene: Scene, on: bool) -> tuple[str, ...]:
    """9.00 by the fast service as promised, or 5.00 and what moving costs: 5.00, or 3.00."""
    scene.fast_service()
    scene.node("A", stock={"K": 1})
    scene.lane("F", "A", "1", 1)
    scene.order("O1", {"K": 1})
    scene.before("O1", "K", "A", 1, move_price="5" if on else "3", service_id="F")
    return (f"O1: 1 K from A by {'F' if on else 'G'} on {FRIDAY}",)


@case(on="35.00", off="25.00")
def promise_keeps_its_unit_from_others(scene: Scene, on: bool) -> tuple[str, ...]:
    """The only unit goes to whom it was promised, and the dearer order is left for 30.00; free to move, it gets it."""
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})
    scene.order("O2")
    scene.line("O2", "K", "K", 1, unfilled_cost="30")
    scene.before("O1", "K", "A", 1, move_price="" if on else "0")
    return (FROM_A if on else f"O2: 1 K from A by G on {FRIDAY}",)


@case(on="6.00", off="7.00")
def promise_broken_by_what_is_left(scene: Scene, on: bool) -> tuple[str, ...]:
    """To leave the unit for 2.00 and break the promise for 4.00 beats 7.00; for 6.00 it does not."""
    scene.node("B", zone="2", stock={"K": 1})
    scene.order("O1")
    scene.line("O1", "K", "K", 1, unfilled_cost="2")
    scene.before("O1", "K", "B", 1, move_price="4" if on else "6")
    return () if on else (FROM_B,)


@case(on="7.50", off="5.50")
def promise_of_what_is_not_released(scene: Scene, on: bool) -> tuple[str, ...]:
    """Of three K one has left and two come from B as promised, a split for 0.50; or nothing is promised."""
    scene.objective["split"] = "0.50"
    _two_nodes(scene)
    scene.order("O1", {"K": 3})
    scene.before("O1", "K", "A", 1, state="released")
    if on:
        scene.before("O1", "K", "B", 2)
    return (f"O1: 2 K from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="7.00", off="6.00")
def promise_of_a_kit(scene: Scene, on: bool) -> tuple[str, ...]:
    """All components of the kit are promised: moved for 2.50, or for 1.00."""
    scene.kit("S", {"K": 2, "T": 1})
    _two_nodes(scene)
    scene.order("O1", {"S": 1})
    scene.before("O1", "S", "B", 1, move_price="2.50" if on else "1")
    return (f"O1: 1 S/T, 2 S/K from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="11.00", off="7.00")
def promise_that_is_impossible(scene: Scene, on: bool) -> tuple[str, ...]:
    """A has nothing any more: whatever the plan, it costs 4.00; or it was promised from B."""
    scene.node("A", stock={})
    scene.node("B", zone="2", stock={"K": 1})
    scene.order("O1", {"K": 1})
    scene.before("O1", "K", "A" if on else "B", 1, move_price="4")
    return (FROM_B,)
