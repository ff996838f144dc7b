"""Cases of kits: S is one K and one T unless said otherwise, and 20.00 when it is unfilled.

A ships for 5.00, B for 7.00.
"""

from __future__ import annotations

from cases.scene import Scene, case

FRIDAY = "2026-11-27"


@case(on="5.00", off="20.00")
def kit_ships_as_its_components(scene: Scene, on: bool) -> tuple[str, ...]:
    """What is no kit has no stock of its own here."""
    scene.node("A", stock={"K": 1, "T": 1})
    scene.sku("S")
    if on:
        scene.kit("S", {"K": 1, "T": 1})
    scene.order("O1", {"S": 1})
    return (f"O1: 1 S/K, 1 S/T from A by G on {FRIDAY}",) if on else ()


@case(on="20.00", off="12.00")
def kit_that_must_stay_together(scene: Scene, on: bool) -> tuple[str, ...]:
    """Components that lie at two nodes: 5.00 + 7.00 where they may be torn apart."""
    scene.node("A", stock={"K": 1})
    scene.node("B", zone="2", stock={"T": 1})
    scene.kit("S", {"K": 1, "T": 1}, together=on)
    scene.order("O1", {"S": 1})
    return () if on else (f"O1: 1 S/K from A by G on {FRIDAY}", f"O1: 1 S/T from B by G on {FRIDAY}")


@case(on="20.00", off="5.00")
def kit_short_of_one_component(scene: Scene, on: bool) -> None:
    """Nothing ships of a kit of which a component is out."""
    scene.node("A", stock={"K": 5, "T": 0 if on else 1})
    scene.kit("S", {"K": 1, "T": 1}, together=False)
    scene.order("O1", {"S": 1})


@case(on="25.00", off="5.00")
def kit_filled_in_part(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two of three kits: 5.00 + 20.00."""
    scene.node("A", stock={"K": 3, "T": 2 if on else 3})
    scene.kit("S", {"K": 1, "T": 1})
    scene.order("O1", {"S": 3})
    units = 2 if on else 3
    return (f"O1: {units} S/K, {units} S/T from A by G on {FRIDAY}",)


@case(on="60.00", off="25.00")
def kit_of_an_order_that_ships_complete(scene: Scene, on: bool) -> None:
    """Two of three kits are not all."""
    scene.node("A", stock={"K": 3, "T": 2})
    scene.kit("S", {"K": 1, "T": 1})
    scene.order("O1", {"S": 3}, ship_complete=str(on).lower())


@case(on="40.00", off="5.00")
def kit_of_a_line_that_is_not_split(scene: Scene, on: bool) -> None:
    """Both kits in one package or none: 2 x 20.00."""
    scene.node("A", stock={"K": 2, "T": 1 if on else 2})
    scene.kit("S", {"K": 1, "T": 1})
    scene.order("O1")
    scene.line("O1", "S", "S", 2, splittable="false")


@case(on="25.00", off="5.00")
def kit_of_two_units_of_one_component(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two kits take four K and two T: three K are enough for one kit."""
    scene.node("A", stock={"K": 3 if on else 4, "T": 2})
    scene.kit("S", {"K": 2, "T": 1})
    scene.order("O1", {"S": 2})
    return (f"O1: {'1 S/T, 2 S/K' if on else '2 S/T, 4 S/K'} from A by G on {FRIDAY}",)


@case(on="10.00", off="5.00")
def kits_in_two_packages(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two kits of 8 kg do not fit into a package of 10: one in each."""
    scene.sku("K", "4" if on else "1")
    scene.sku("T", "4")
    scene.node("A", stock={"K": 2, "T": 2})
    scene.kit("S", {"K": 1, "T": 1})
    scene.order("O1", {"S": 2})
    one = f"O1: 1 S/K, 1 S/T from A by G on {FRIDAY}"
    return (one, one) if on else (f"O1: 2 S/K, 2 S/T from A by G on {FRIDAY}",)


@case(on="20.00", off="10.00")
def kit_too_heavy_for_one_package(scene: Scene, on: bool) -> None:
    """11 kg: in two packages of 10 kg where it may be torn apart."""
    scene.sku("K", "9")
    scene.sku("T", "2")
    scene.node("A", stock={"K": 1, "T": 1})
    scene.kit("S", {"K": 1, "T": 1}, together=on)
    scene.order("O1", {"S": 1})


@case(on="20.00", off="10.00")
def kit_with_a_component_that_ships_alone(scene: Scene, on: bool) -> None:
    """Alone and together with the other component at once is impossible."""
    scene.sku("K", ship_alone="true")
    scene.node("A", stock={"K": 1, "T": 1})
    scene.kit("S", {"K": 1, "T": 1}, together=on)
    scene.order("O1", {"S": 1})


@case(on="13.00", off="5.00")
def kit_beside_a_line_of_its_component(scene: Scene, on: bool) -> tuple[str, ...]:
    """One K for the kit or for a line that costs 8.00 unfilled: 5.00 + 8.00."""
    scene.node("A", stock={"K": 1 if on else 2, "T": 1})
    scene.kit("S", {"K": 1, "T": 1})
    scene.order("O1", {"S": 1})
    scene.line("O1", "K", "K", 1, unfilled_cost="8")
    return (f"O1: 1 S/K, 1 S/T{'' if on else ', 1 K'} from A by G on {FRIDAY}",)


@case(on="6.40", off="6.20")
def kit_counts_as_its_lines_and_units(scene: Scene, on: bool) -> None:
    """5.00 and handling: 0.50 for each of two lines, 0.10 for each of two or four units."""
    scene.node("A", stock={"K": 2, "T": 2}, line_cost="0.50", unit_cost="0.10")
    scene.kit("S", {"K": 2 if on else 1, "T": 2 if on else 1})
    scene.order("O1", {"S": 1})


@case(on="20.00", off="2.00")
def kit_that_is_picked_up(scene: Scene, on: bool) -> None:
    """One component lies on the shelf, the other comes for 2.00: torn apart, which is not always allowed."""
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"T": 1})
    scene.transfer("B", "A")
    scene.kit("S", {"K": 1, "T": 1}, together=on)
    scene.order("O1", {"S": 1}, mode="pickup", pickup_node="A")


@case(on="5.01", off="5.00")
def kit_whose_cost_is_on_two_units(scene: Scene, on: bool) -> None:
    """0.01 a kit, on two units of its head; cheaper than 5.00, until another order comes along."""
    # O2 alone costs 5.00, and O1's kit 0.01 or 0.
    scene.node("A", stock={"K": 2, "T": 2})
    scene.kit("S", {"K": 2, "T": 2})
    scene.order("O1")
    scene.line("O1", "S", "S", 1, unfilled_cost="0.01" if on else "0")
    scene.order("O2", {"T": 1})
