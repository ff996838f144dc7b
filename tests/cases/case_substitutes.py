"""Cases of substitutes: T for K at 1.00 a unit unless said otherwise.

A ships for 5.00, B for 7.00.
"""

from __future__ import annotations

from cases.scene import Scene, case

FRIDAY = "2026-11-27"


@case(on="6.00", off="20.00")
def substitute_for_what_is_out(scene: Scene, on: bool) -> tuple[str, ...]:
    """5.00 + 1.00, where it may be replaced."""
    scene.node("A", stock={"T": 1})
    if on:
        scene.substitute("K", "T", "1")
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K=T from A by G on {FRIDAY}",) if on else ()


@case(on="6.00", off="7.00")
def substitute_that_is_nearer(scene: Scene, on: bool) -> tuple[str, ...]:
    """T from A for 5.00 + 1.00 beats K from B, at a price of 3.00 it does not."""
    scene.node("A", stock={"T": 1})
    scene.node("B", zone="2", stock={"K": 1})
    scene.substitute("K", "T", "1" if on else "3")
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K{'=T from A' if on else ' from B'} by G on {FRIDAY}",)


@case(on="6.00", off="9.00")
def substitute_that_is_lighter(scene: Scene, on: bool) -> tuple[str, ...]:
    """What ships is weighed: 6 kg for 9.00, or 1 kg for 4.00 and 2.00."""
    scene.no_rates()
    scene.rate("G", "1", 5, "4.00")
    scene.rate("G", "1", 10, "9.00")
    scene.sku("K", "6")
    scene.node("A", stock={"K": 1, "T": 1})
    scene.substitute("K", "T", "2" if on else "6")
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K{'=T' if on else ''} from A by G on {FRIDAY}",)


@case(on="11.00", off="5.00")
def substitute_beside_its_own(scene: Scene, on: bool) -> tuple[str, ...]:
    """A line has units of one SKU in a package: one K and one T take two, 5.00 + 6.00."""
    scene.node("A", stock={"K": 1 if on else 2, "T": 1})
    scene.substitute("K", "T", "1")
    scene.order("O1", {"K": 2})
    if on:
        return (f"O1: 1 K from A by G on {FRIDAY}", f"O1: 1 K=T from A by G on {FRIDAY}")
    return (f"O1: 2 K from A by G on {FRIDAY}",)


@case(on="7.00", off="6.00")
def substitute_by_the_unit(scene: Scene, on: bool) -> None:
    """5.00 and 1.00 for each unit."""
    scene.node("A", stock={"T": 2})
    scene.substitute("K", "T", "1")
    scene.order("O1", {"K": 2 if on else 1})


@case(on="11.00", off="6.00")
def substitute_that_ships_alone(scene: Scene, on: bool) -> None:
    """What ships decides whether it travels alone: 2 x 5.00 + 1.00."""
    scene.sku("U")
    scene.sku("T", ship_alone=str(on).lower())
    scene.node("A", stock={"T": 1, "U": 1})
    scene.substitute("K", "T", "1")
    scene.order("O1", {"K": 1, "U": 1})


@case(on="25.00", off="11.00")
def substitute_that_another_order_wants(scene: Scene, on: bool) -> tuple[str, ...]:
    """The only T goes to the order that asked for it."""
    scene.node("A", stock={"T": 1 if on else 2})
    scene.substitute("K", "T", "1")
    scene.order("O1", {"K": 1})
    scene.order("O2", {"T": 1})
    best = (f"O2: 1 T from A by G on {FRIDAY}",)
    return best if on else (f"O1: 1 K=T from A by G on {FRIDAY}", *best)


@case(on="20.00", off="6.00")
def substitute_that_a_rule_forbids(scene: Scene, on: bool) -> None:
    """Conditions on SKUs see what ships."""
    scene.sku("K", **{"class": "book" if on else "toy"})
    scene.sku("T", **{"class": "toy" if on else "book"})
    scene.node("A", stock={"T": 1})
    scene.rule({"sku": {"class": "toy"}}, forbid=True)
    scene.substitute("K", "T", "1")
    scene.order("O1", {"K": 1})


@case(on="20.00", off="6.00")
def substitute_of_a_substitute(scene: Scene, on: bool) -> None:
    """One step: U for T and T for K is not U for K."""
    scene.sku("U")
    scene.node("A", stock={"U": 1})
    scene.substitute("T", "U", "1")
    scene.substitute("K", "T" if on else "U", "1")
    scene.order("O1", {"K": 1})


@case(on="6.00", off="20.00")
def substitute_of_a_component(scene: Scene, on: bool) -> tuple[str, ...]:
    """A kit with another SKU in place of one of its components, or of an SKU that is none of them."""
    scene.sku("U")
    scene.sku("V")
    scene.node("A", stock={"U": 1, "T": 1})
    scene.kit("S", {"K": 1, "T": 1})
    scene.substitute("K" if on else "V", "U", "1")
    scene.order("O1", {"S": 1})
    return (f"O1: 1 S/K=U, 1 S/T from A by G on {FRIDAY}",) if on else ()


@case(on="5.50", off="6.00")
def substitute_that_is_the_cheaper_of_two(scene: Scene, on: bool) -> None:
    """Of several substitutes each has its own price."""
    scene.sku("U")
    scene.node("A", stock={"T": 1, "U": 1})
    scene.substitute("K", "T", "1")
    scene.substitute("K", "U", "0.50" if on else "1.50")
    scene.order("O1", {"K": 1})
