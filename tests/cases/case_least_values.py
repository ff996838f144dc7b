"""Cases of least values: what a package, and what ships of an order, must be worth.

K is worth 10.00, T 4.00. A ships for 5.00, B for 7.00.
"""

from __future__ import annotations

from cases.scene import Scene, case

FRIDAY = "2026-11-27"


def _worth(scene: Scene, weight: str = "1") -> None:
    scene.sku("K", weight, value="10")
    scene.sku("T", weight, value="4")


@case(on="7.00", off="6.00")
def least_package_value_joins_packages(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two packages for 3.00 each, unless T alone is too little: then both from B for 7.00."""
    _worth(scene)
    scene.no_rates()
    scene.rate("G", "1", 10, "3.00")
    scene.rate("G", "2", 10, "7.00")
    scene.node("A", stock={"K": 1})
    scene.node("C", stock={"T": 1})
    scene.node("B", zone="2", stock={"K": 1, "T": 1})
    scene.rule(set={"min_package_value": 5 if on else 4})
    scene.order("O1", {"K": 1, "T": 1})
    if on:
        return (f"O1: 1 K, 1 T from B by G on {FRIDAY}",)
    return (f"O1: 1 K from A by G on {FRIDAY}", f"O1: 1 T from C by G on {FRIDAY}")


@case(on="40.00", off="25.00")
def least_order_value_drops_a_rest(scene: Scene, on: bool) -> tuple[str, ...]:
    """T alone, worth 4.00, does not ship where 10.00 must: 2 x 20.00."""
    _worth(scene)
    scene.node("A", stock={"T": 1})
    scene.rule(set={"min_order_value": 10 if on else 4})
    scene.order("O1", {"K": 1, "T": 1})
    return () if on else (f"O1: 1 T from A by G on {FRIDAY}",)


@case(on="40.00", off="12.00")
def least_order_value_counts_all_packages(scene: Scene, on: bool) -> None:
    """Two packages, 10.00 and 4.00, are worth 14.00, no more."""
    _worth(scene)
    scene.node("A", stock={"K": 1})
    scene.node("B", zone="2", stock={"T": 1})
    scene.rule(set={"min_order_value": "14.000001" if on else "14"})
    scene.order("O1", {"K": 1, "T": 1})


@case(on="60.00", off="15.00")
def least_package_value_of_units(scene: Scene, on: bool) -> None:
    """A package has room for one unit of 6 kg, worth 10.00."""
    _worth(scene, "6")
    scene.node("A", stock={"K": 3})
    scene.rule(set={"min_package_value": "10.01" if on else "10"})
    scene.order("O1", {"K": 3})


@case(on="25.00", off="10.00")
def least_package_value_leaves_a_rest(scene: Scene, on: bool) -> None:
    """Of three units of T two fit into a package, worth 8.00; the third alone is worth 4.00."""
    _worth(scene, "5")
    scene.node("A", stock={"T": 3})
    scene.rule(set={"min_package_value": "8" if on else "4"})
    scene.order("O1", {"T": 3})


@case(on="20.00", off="5.00")
def the_most_of_several_least_values(scene: Scene, on: bool) -> None:
    """Of several rules the one that asks for most is in force, for its own orders."""
    _worth(scene)
    scene.node("A", stock={"K": 1})
    scene.rule(set={"min_package_value": 3, "min_order_value": 9})
    scene.rule({"order": {"channel": "market"}}, set={"min_order_value": 11})
    scene.order("O1", {"K": 1}, channel="market" if on else "web")


@case(on="20.00", off="5.00")
def least_value_by_the_lines_own(scene: Scene, on: bool) -> None:
    """A line that has a value of its own is worth that."""
    _worth(scene)
    scene.node("A", stock={"K": 1})
    scene.rule(set={"min_order_value": 10})
    scene.order("O1")
    scene.line("O1", "K", "K", 1, unit_value="9.99" if on else "")


@case(on="20.00", off="5.00")
def least_value_of_a_kit(scene: Scene, on: bool) -> None:
    """A kit is worth what its components are, 14.00."""
    _worth(scene)
    scene.node("A", stock={"K": 1, "T": 1})
    scene.kit("S", {"K": 1, "T": 1})
    scene.sku("S", value="100")
    scene.rule(set={"min_package_value": 15 if on else 14})
    scene.order("O1", {"S": 1})


@case(on="6.00", off="20.00")
def least_value_of_a_substitute(scene: Scene, on: bool) -> None:
    """A line stays worth what was ordered: T for K is 10.00, K for T is 4.00."""
    _worth(scene)
    own, other = ("K", "T") if on else ("T", "K")
    scene.node("A", stock={other: 1})
    scene.substitute(own, other, "1")
    scene.rule(set={"min_package_value": 5})
    scene.order("O1", {own: 1})


@case(on="25.00", off="5.00")
def least_order_value_makes_another_order_give_way(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """One K for two orders; O2 without it is worth too little, so that O1, which needs nothing, gets none."""
    # O2 with K and T 5.00, O1 left 20.00. Giving K to O1 would be 5.00 + 40.00.
    _worth(scene)
    scene.node("A", stock={"K": 1, "T": 1})
    scene.rule({"order": {"order_id": "O2"}}, set={"min_order_value": 10})
    if on:
        scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1, "T": 1})
    return (f"O2: 1 K, 1 T from A by G on {FRIDAY}",)
