"""Cases of what one order may do: packages, splitting, distance, nodes, and what unfilled units cost."""

from __future__ import annotations

from cases.scene import Scene, case


@case(on="10.00", off="5.00")
def ship_alone(scene: Scene, on: bool) -> tuple[str, ...]:
    """A line that ships alone takes a package of its own."""
    scene.sku("T", ship_alone="true" if on else "false")
    scene.node("A", stock={"K": 1, "T": 1})
    scene.order("O1", {"K": 1, "T": 1})
    day = "from A by G on 2026-11-27"
    return (f"O1: 1 K {day}", f"O1: 1 T {day}") if on else (f"O1: 1 K, 1 T {day}",)


@case(on="5.00")
def ship_alone_units_share(scene: Scene, on: bool) -> tuple[str, ...]:
    """Units of one ship-alone line may share their package."""
    scene.sku("T", ship_alone="true")
    scene.node("A", stock={"T": 3})
    scene.order("O1", {"T": 3})
    return ("O1: 3 T from A by G on 2026-11-27",)


@case(on="10.00", off="5.00")
def ship_alone_is_of_the_line(scene: Scene, on: bool) -> None:
    """Two lines of one ship-alone SKU do not share a package; one line of two units does."""
    scene.sku("T", ship_alone="true")
    scene.node("A", stock={"T": 2})
    scene.order("O1")
    if on:
        scene.line("O1", "L1", "T", 1)
        scene.line("O1", "L2", "T", 1)
    else:
        scene.line("O1", "L1", "T", 2)


@case(on="25.00", off="10.00")
def max_packages_of_the_order(scene: Scene, on: bool) -> None:
    """With one package allowed, what lies at the other node stays unfilled."""
    # 5.00 + 20.00 unfilled; off: 2 x 5.00.
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"T": 1})
    scene.order("O1", {"K": 1, "T": 1}, max_packages=1 if on else 2)


@case(on="25.00", off="10.00")
def max_packages_of_the_pack(scene: Scene, on: bool) -> None:
    """The pack's limit holds for orders without their own, and the order's own wins, also when it is larger."""
    scene.limits["max_packages"] = 1
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"T": 1})
    scene.order("O1", {"K": 1, "T": 1}, max_packages="" if on else 2)


@case(on="9.00", off="8.00")
def max_packages_prefers_the_node_with_all(scene: Scene, on: bool) -> None:
    """One package from a dear node beats two cheap ones only where two are not allowed."""
    # B has both at 9.00 for 2 kg; A and C have one each at 4.00.
    scene.no_rates()
    scene.rate("G", "1", 1, "4.00")
    scene.rate("G", "2", 2, "9.00")
    scene.node("A", stock={"K": 1})
    scene.node("B", zone="2", stock={"K": 1, "T": 1})
    scene.node("C", stock={"T": 1})
    scene.order("O1", {"K": 1, "T": 1}, max_packages=1 if on else "")


@case(on="8.60", off="8.00")
def split_price(scene: Scene, on: bool) -> None:
    """A price on splitting makes one dear package cheaper than two."""
    # A: K for 3.00, B: T for 5.00, 8.00 together, 9.00 with the split; B both: 8.60.
    scene.no_rates()
    scene.rate("G", "1", 1, "3.00")
    scene.rate("G", "2", 1, "5.00")
    scene.rate("G", "2", 2, "8.60")
    scene.objective["split"] = "1" if on else "0"
    scene.node("A", stock={"K": 1})
    scene.node("B", zone="2", stock={"K": 1, "T": 1})
    scene.order("O1", {"K": 1, "T": 1})


@case(on="17.00", off="15.00")
def split_price_counts_packages_beyond_the_first(scene: Scene, on: bool) -> None:
    """Three packages of one order pay the split price twice, wherever they come from."""
    # Three units of 6 kg, 5.00 each, + 2 x 1.00.
    scene.sku("K", "6")
    scene.objective["split"] = "1" if on else "0"
    scene.node("A", stock={"K": 3})
    scene.order("O1", {"K": 3})


@case(on="10.00", off="11.00")
def split_price_is_within_an_order(scene: Scene, on: bool) -> None:
    """Two orders of one package each pay no split price; one order of two packages does."""
    scene.sku("K", "6")
    scene.objective["split"] = "1"
    scene.node("A", stock={"K": 2})
    if on:
        scene.order("O1", {"K": 1})
        scene.order("O2", {"K": 1})
    else:
        scene.order("O1", {"K": 2})


@case(on="40.00", off="25.00")
def ship_complete_or_nothing(scene: Scene, on: bool) -> tuple[str, ...]:
    """A ship-complete order that lacks a unit does not ship at all."""
    # 2 x 20.00 unfilled; off: 5.00 + 20.00.
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 2}, ship_complete="true" if on else "")
    return () if on else ("O1: 1 K from A by G on 2026-11-27",)


@case(on="10.00")
def ship_complete_in_several_packages(scene: Scene, on: bool) -> tuple[str, ...]:
    """Ship-complete is about units, not packages."""
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"T": 1})
    scene.order("O1", {"K": 1, "T": 1}, ship_complete="true")
    return ("O1: 1 K from A by G on 2026-11-27", "O1: 1 T from B by G on 2026-11-27")


@case(on="25.00", off="10.00")
def ship_complete_order_yields_the_last_unit(scene: Scene, on: bool) -> None:
    """A ship-complete order that cannot complete gives its stock to another."""
    # O1 wants K and T. On: no T anywhere (0), so O1 unfilled costs 2 x 10.00; O2 takes K for 5.00: 25.00.
    # Off: T is there and so is a second K: 5.00 + 5.00.
    scene.objective["unfilled_unit"] = "10"
    scene.node("A", stock={"K": 1 if on else 2, "T": 0 if on else 1})
    scene.order("O1", {"K": 1, "T": 1}, ship_complete="true")
    scene.order("O2", {"K": 1})


@case(on="40.00", off="10.00")
def unsplittable_line(scene: Scene, on: bool) -> tuple[str, ...]:
    """An unsplittable line ships whole in one package or not at all; a splittable one from two nodes."""
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"K": 1})
    scene.order("O1")
    scene.line("O1", "K", "K", 2, splittable="false" if on else "true")
    return () if on else ("O1: 1 K from A by G on 2026-11-27", "O1: 1 K from B by G on 2026-11-27")


@case(on="8.00", off="7.50")
def unsplittable_line_pays_the_heavy_bracket(scene: Scene, on: bool) -> None:
    """Whole in one package, also where two packages from the same node would be cheaper."""
    # 2 kg in one package 8.00; two of 1 kg 2 x 3.75 = 7.50.
    scene.no_rates()
    scene.rate("G", "1", 1, "3.75")
    scene.rate("G", "1", 2, "8.00")
    scene.node("A", stock={"K": 2})
    scene.order("O1")
    scene.line("O1", "K", "K", 2, splittable="false" if on else "")


@case(on="25.00", off="5.00")
def splittable_line_in_part(scene: Scene, on: bool) -> None:
    """A splittable line may be partly filled."""
    scene.node("A", stock={"K": 1 if on else 2})
    scene.order("O1", {"K": 2})


@case(on="25.00", off="5.00")
def two_lines_share_the_stock_of_a_sku(scene: Scene, on: bool) -> None:
    """Lines of the same SKU draw on the same stock."""
    scene.node("A", stock={"K": 1 if on else 2})
    scene.order("O1")
    scene.line("O1", "L1", "K", 1)
    scene.line("O1", "L2", "K", 1)


@case(on="7.00", off="5.00")
def excluded_node(scene: Scene, on: bool) -> None:
    """An order does not ship from a node it excludes."""
    scene.node("A", stock={"K": 1})
    scene.node("B", zone="2", stock={"K": 1})
    scene.order("O1", {"K": 1}, excluded_nodes="A" if on else "")


@case(on="20.00", off="7.00")
def excluded_nodes_are_a_list(scene: Scene, on: bool) -> None:
    """Several nodes can be excluded."""
    scene.node("A", stock={"K": 1})
    scene.node("B", zone="2", stock={"K": 1})
    scene.order("O1", {"K": 1}, excluded_nodes="A;B" if on else "A")


@case(on="7.00", off="5.00")
def closed_node(scene: Scene, on: bool) -> None:
    """A closed node ships nothing."""
    scene.node("A", stock={"K": 1}, open="false" if on else "true")
    scene.node("B", zone="2", stock={"K": 1})
    scene.order("O1", {"K": 1})


@case(on="7.00", off="5.00")
def max_distance(scene: Scene, on: bool) -> None:
    """A node beyond the distance limit does not serve the order."""
    # New York to Los Angeles is about 3,940 km; Las Vegas to Los Angeles about 370 km.
    scene.limits["max_distance_km"] = "1000" if on else "4000"
    scene.node("A", stock={"K": 1}, latitude="40.71", longitude="-74.01")
    scene.node("B", zone="2", stock={"K": 1}, latitude="36.17", longitude="-115.14")
    scene.order("O1", {"K": 1}, latitude="34.05", longitude="-118.24")


@case(on="20.00", off="5.00")
def max_distance_to_the_metre(scene: Scene, on: bool) -> None:
    """One degree along the equator is 6371.0088 x pi / 180 = 111.19508 km."""
    scene.limits["max_distance_km"] = "111.195" if on else "111.1951"
    scene.node("A", stock={"K": 1}, latitude="0", longitude="10")
    scene.order("O1", {"K": 1}, latitude="0", longitude="11")


@case(on="4.00", off="5.00")
def unfilled_cheaper_than_shipping(scene: Scene, on: bool) -> tuple[str, ...]:
    """A unit whose shipment costs more than leaving it is left."""
    scene.objective["unfilled_unit"] = "4" if on else "20"
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})
    return () if on else ("O1: 1 K from A by G on 2026-11-27",)


@case(on="5.00", off="4.00")
def unfilled_units_add_up(scene: Scene, on: bool) -> None:
    """One package for two units beats leaving both, though not for one."""
    scene.objective["unfilled_unit"] = "4"
    scene.node("A", stock={"K": 2})
    scene.order("O1", {"K": 2 if on else 1})


@case(on="3.00", off="5.00")
def unfilled_cost_of_the_line(scene: Scene, on: bool) -> None:
    """A line's own cost stands as given, in place of the objective's, and priority does not touch it."""
    # 3.00 < 5.00; off: 20.00 x 10 > 5.00.
    scene.node("A", stock={"K": 1})
    scene.order("O1", priority="10")
    scene.line("O1", "K", "K", 1, unfilled_cost="3.00" if on else "")


@case(on="0.00", off="5.00")
def unfilled_cost_of_zero_is_a_cost(scene: Scene, on: bool) -> None:
    """A line's cost of 0 is not an empty cell."""
    scene.node("A", stock={"K": 1})
    scene.order("O1")
    scene.line("O1", "K", "K", 1, unfilled_cost="0" if on else "")


@case(on="4.00", off="5.00")
def unfilled_share_of_the_value(scene: Scene, on: bool) -> None:
    """The objective's cost is a fixed part and a share of the unit's value."""
    # 1.00 + 0.10 x 30.00 = 4.00 < 5.00; with the line's own value of 60.00: 7.00 > 5.00.
    scene.objective |= {"unfilled_unit": "1", "unfilled_value": "0.1"}
    scene.sku("K", value="30.00")
    scene.node("A", stock={"K": 1})
    scene.order("O1")
    scene.line("O1", "K", "K", 1, unit_value="" if on else "60.00")


@case(on="4.00", off="5.00")
def priority_multiplies_the_unfilled_cost(scene: Scene, on: bool) -> None:
    """The objective's unfilled cost is times the order's priority, the share of value too."""
    # (10.00 + 0.10 x 100.00) x 0.2 = 4.00.
    scene.objective |= {"unfilled_unit": "10", "unfilled_value": "0.1"}
    scene.sku("K", value="100.00")
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1}, priority="0.2" if on else "1")


@case(on="2.000004", off="2.000002")
def unfilled_cost_is_rounded_per_unit(scene: Scene, on: bool) -> None:
    """The cost of an unfilled unit is rounded to a micro, then multiplied by the units."""
    # 1.0000015 -> 1.000002, x 2 = 2.000004 (2 x 1.0000015 would be 2.000003). 1.0000005 -> 1.000000; 1.000001 stays.
    scene.order("O1")
    scene.line("O1", "K", "K", 2, unfilled_cost="1.0000015" if on else "1.000001")
    scene.node("A", stock={"K": 0})
