"""Cases of rejections: nodes that refused an order or a line. A ships for 5.00, B for 7.00."""

from __future__ import annotations

from cases.scene import Scene, case

FRIDAY = "2026-11-27"


def _near_and_far(scene: Scene, near: dict[str, int], far: dict[str, int]) -> None:
    scene.node("A", stock=near)
    scene.node("B", zone="2", stock=far)


@case(on="7.00", off="5.00")
def rejection_of_an_order(scene: Scene, on: bool) -> tuple[str, ...]:
    """It ships from elsewhere."""
    _near_and_far(scene, {"K": 1}, {"K": 1})
    scene.reject("A" if on else "B", "O1")
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="12.00", off="5.00")
def rejection_of_a_line(scene: Scene, on: bool) -> tuple[str, ...]:
    """Only that line goes from another node: 5.00 + 7.00."""
    _near_and_far(scene, {"K": 1, "T": 1}, {"K": 1})
    if on:
        scene.reject("A", "O1", "K")
    scene.order("O1", {"K": 1, "T": 1})
    if on:
        return (f"O1: 1 K from B by G on {FRIDAY}", f"O1: 1 T from A by G on {FRIDAY}")
    return (f"O1: 1 K, 1 T from A by G on {FRIDAY}",)


@case(on="12.00", off="5.00")
def rejection_of_a_kit_line(scene: Scene, on: bool) -> tuple[str, ...]:
    """All components of the line go from another node, a line of one of them does not: 7.00 + 5.00."""
    _near_and_far(scene, {"K": 2, "T": 1}, {"K": 1, "T": 1})
    scene.kit("S", {"K": 1, "T": 1})
    if on:
        scene.reject("A", "O1", "S")
    scene.order("O1", {"S": 1, "K": 1})
    if on:
        return (f"O1: 1 S/K, 1 S/T from B by G on {FRIDAY}", f"O1: 1 K from A by G on {FRIDAY}")
    return (f"O1: 1 S/K, 1 S/T, 1 K from A by G on {FRIDAY}",)


@case(on="20.00", off="5.00")
def rejection_by_every_node(scene: Scene, on: bool) -> None:
    """What nobody takes is unfilled."""
    _near_and_far(scene, {"K": 1}, {"K": 1})
    scene.reject("B", "O1")
    if on:
        scene.reject("A", "O1", "K")
    scene.order("O1", {"K": 1})


@case(on="12.00", off="10.00")
def rejection_of_one_order_of_two(scene: Scene, on: bool) -> tuple[str, ...]:
    """The other order still ships from there."""
    _near_and_far(scene, {"K": 2}, {"K": 1})
    if on:
        scene.reject("A", "O2")
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})
    return (f"O1: 1 K from A by G on {FRIDAY}", f"O2: 1 K from {'B' if on else 'A'} by G on {FRIDAY}")


@case(on="2.00", off="0.00")
def rejection_by_the_node_of_pickup(scene: Scene, on: bool) -> tuple[str, ...]:
    """It hands out what comes from elsewhere, but takes nothing from its shelf."""
    _near_and_far(scene, {"K": 1}, {"K": 1})
    scene.transfer("B", "A")
    if on:
        scene.reject("A", "O1")
    scene.order("O1", {"K": 1}, mode="pickup", pickup_node="A")
    return (f"O1: 1 K from {'B by transfer:B:A' if on else 'A by pickup:A'} on {FRIDAY}",)


@case(on="7.00", off="6.00")
def rejection_also_of_substitutes(scene: Scene, on: bool) -> None:
    """A line that a node refused does not ship from there as something else: T at A for 5.00 + 1.00."""
    _near_and_far(scene, {"T": 1}, {"K": 1})
    scene.substitute("K", "T", "1")
    if on:
        scene.reject("A", "O1", "K")
    scene.order("O1", {"K": 1})


@case(on="7.00", off="5.00")
def rejection_of_a_wide_order(scene: Scene, on: bool) -> None:
    """Eleven lines of one unit that A refused."""
    names = [f"W{index:02d}" for index in range(11)]
    for name in names:
        scene.sku(name, "0.8")
    _near_and_far(scene, dict.fromkeys(names, 1), dict.fromkeys(names, 1))
    scene.reject("A" if on else "B", "O1")
    scene.order("O1", dict.fromkeys(names, 1))
