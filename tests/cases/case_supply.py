"""Cases of what orders share: stock, capacity of nodes and services; and batches with little in them."""

from __future__ import annotations

from cases.scene import Scene, case


@case(on="11.00", off="10.00")
def last_unit_goes_to_the_order_with_the_worse_alternative(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """Two orders want the last unit, and whoever came first is the wrong one."""
    # O1 from A 5.00 or B 6.00; O2 from A 5.00 or B 15.00. First come: 5.00 + 15.00 = 20.00; best 6.00 + 5.00.
    scene.no_rates()
    for zone, price in (("1", "5.00"), ("2", "6.00"), ("3", "15.00")):
        scene.rate("G", zone, 10, price)
    scene.node("A", stock={"K": 1 if on else 2})
    scene.node("B", stock={"K": 1}, lane=False)
    scene.lane("G", "B", zone="2", to="1")
    scene.lane("G", "B", zone="3", to="2")
    scene.order("O1", {"K": 1}, postal_code="10001")
    scene.order("O2", {"K": 1}, postal_code="20001")
    if not on:
        return None
    return ("O1: 1 K from B by G on 2026-11-27", "O2: 1 K from A by G on 2026-11-27")


@case(on="26.00")
def a_chain_of_three_gives_way(scene: Scene, on: bool) -> None:
    """The best plan moves every order off its own best node."""
    # Nodes with one unit each. O1: A 5, B 6. O2: A 5 only... each order's costs by node (- is 30 or more, so unfilled
    # at 20.00 is better): O1: A 5, B 6; O2: B 5, C 6; O3: C 5, D 9; O4: A 5. O4 needs A, so O1 -> B, O2 -> C, O3 -> D.
    # 6 + 6 + 9 + 5 = 26; any other plan leaves one order at 20.00: at least 5 + 5 + 5 + 20 = 35.
    scene.no_rates()
    for price in (5, 6, 9):
        scene.rate("G", f"z{price}", 10, f"{price}.00")
    costs = {"1": {"A": 5, "B": 6}, "2": {"B": 5, "C": 6}, "3": {"C": 5, "D": 9}, "4": {"A": 5}}
    for node in "ABCD":
        scene.node(node, stock={"K": 1}, lane=False)
    for number, prices in costs.items():
        for node, price in prices.items():
            scene.lane("G", node, zone=f"z{price}", to=number)
        scene.order(f"O{number}", {"K": 1}, postal_code=f"{number}0000")


@case(on="25.00", off="5.00")
def reserved_and_safety_stock(scene: Scene, on: bool) -> None:
    """Reserved units and the safety stock are not available."""
    # 3 - 1 - 1 = 1 of 2 units: 5.00 + 20.00.
    scene.node("A")
    scene.stock("A", "K", 3, reserved=1 if on else "", safety_stock=1 if on else "")
    scene.order("O1", {"K": 2})


@case(on="7.00", off="5.00")
def more_reserved_than_there_is(scene: Scene, on: bool) -> None:
    """Stock below the safety stock is none, not less than none."""
    scene.node("A")
    scene.stock("A", "K", 1, safety_stock=5 if on else 0)
    scene.node("B", zone="2", stock={"K": 1})
    scene.order("O1", {"K": 1})


@case(on="25.00", off="10.00")
def priority_gets_the_last_unit(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """Scarce stock goes where leaving it out costs more."""
    # O2 unfilled would cost 40.00, O1 20.00: O2 ships, 5.00 + 20.00.
    scene.node("A", stock={"K": 1 if on else 2})
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1}, priority="2")
    return ("O2: 1 K from A by G on 2026-11-27",) if on else None


@case(on="12.00", off="10.00")
def node_capacity_in_packages(scene: Scene, on: bool) -> None:
    """A node's packages a day are limited over all orders."""
    scene.node("A", stock={"K": 2}, max_packages_per_day=1 if on else "")
    scene.node("B", zone="2", stock={"K": 2})
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})


@case(on="12.00", off="10.00")
def node_capacity_in_units(scene: Scene, on: bool) -> None:
    """A node's units a day are limited over all orders."""
    # 2 + 1 units of 2: one order goes to B.
    scene.node("A", stock={"K": 3}, max_units_per_day=2 if on else 3)
    scene.node("B", zone="2", stock={"K": 3})
    scene.order("O1", {"K": 2})
    scene.order("O2", {"K": 1})


@case(on="12.00", off="5.00")
def node_capacity_in_units_parts_a_line(scene: Scene, on: bool) -> None:
    """An order larger than a node's day takes the rest from elsewhere."""
    # A has all three but may send two: 5.00 + 7.00 from B, which has two.
    scene.node("A", stock={"K": 3}, max_units_per_day=2 if on else "")
    scene.node("B", zone="2", stock={"K": 2})
    scene.order("O1", {"K": 3})


@case(on="25.00", off="10.00")
def node_capacity_counts_an_orders_own_packages(scene: Scene, on: bool) -> None:
    """Two packages of one order count twice."""
    # Two units of 6 kg need two packages; only one may leave: 5.00 + 20.00.
    scene.sku("K", "6")
    scene.node("A", stock={"K": 2}, max_packages_per_day=1 if on else 2)
    scene.order("O1", {"K": 2})


@case(on="7.00", off="5.00")
def node_capacity_of_zero(scene: Scene, on: bool) -> None:
    """A capacity of 0 is a limit, not an empty cell."""
    scene.node("A", stock={"K": 1}, max_packages_per_day=0 if on else "")
    scene.node("B", zone="2", stock={"K": 1})
    scene.order("O1", {"K": 1})


@case(on="14.00", off="10.00")
def service_capacity(scene: Scene, on: bool) -> None:
    """A node's packages a day by one service are limited; the next goes by another."""
    # G once, 5.00, F 9.00.
    scene.fast_service()
    scene.node("A", stock={"K": 2})
    scene.lane("F", "A")
    scene.offer("A", "G", max_packages_per_day=1 if on else "")
    scene.offer("A", "F")
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})


@case(on="10.00", off="14.00")
def service_capacity_is_of_the_node(scene: Scene, on: bool) -> None:
    """Each node has its own packages a day by a service."""
    scene.fast_service()
    for node, units in (("A", 1 if on else 2), ("B", 1 if on else 0)):
        scene.node(node, stock={"K": units})
        scene.lane("F", node)
        scene.offer(node, "G", max_packages_per_day=1)
        scene.offer(node, "F")
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})


@case(on="9.00", off="5.00")
def service_not_offered(scene: Scene, on: bool) -> None:
    """A pair that a given node_services table does not list is not offered."""
    scene.fast_service()
    scene.node("A", stock={"K": 1})
    scene.lane("F", "A")
    scene.offer("A", "F")
    if not on:
        scene.offer("A", "G")
    scene.order("O1", {"K": 1})


@case(on="0.00")
def empty_batch(scene: Scene, on: bool) -> tuple[str, ...]:
    """No orders, nothing to pay."""
    scene.node("A", stock={"K": 1})
    return ()


@case(on="5.00")
def order_without_lines(scene: Scene, on: bool) -> tuple[str, ...]:
    """An order without lines costs nothing and disturbs nothing."""
    scene.node("A", stock={"K": 1})
    scene.order("O0")
    scene.order("O1", {"K": 1})
    return ("O1: 1 K from A by G on 2026-11-27",)


@case(on="5.00")
def order_without_lines_comes_last(scene: Scene, on: bool) -> tuple[str, ...]:
    """An order without lines may be the last, and ship-complete."""
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})
    scene.order("O2", ship_complete="true", max_packages=1)
    return ("O1: 1 K from A by G on 2026-11-27",)


@case(on="60.00", off="5.00")
def nothing_possible_at_all(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """Without any lane every unit is unfilled."""
    scene.node("A", stock={"K": 3}, lane=not on)
    scene.order("O1", {"K": 3})
    return () if on else None


@case(on="20.00")
def sku_nobody_carries(scene: Scene, on: bool) -> tuple[str, ...]:
    """A SKU without any stock row is unfilled."""
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"T": 1})
    return ()


@case(on="5.00")
def wide_order_in_one_package(scene: Scene, on: bool) -> tuple[str, ...]:
    """Twelve lines of one unit, 4,096 quantity vectors, in one package of 10 kg."""
    # 12 x 0.8 kg = 9.6 kg.
    names = [f"W{index:02d}" for index in range(12)]
    for name in names:
        scene.sku(name, "0.8")
    scene.node("A", stock=dict.fromkeys(names, 1))
    scene.order("O1", dict.fromkeys(names, 1))
    return ("O1: " + ", ".join(f"1 {name}" for name in names) + " from A by G on 2026-11-27",)


@case(on="10.00", off="5.00")
def wide_order_in_two_packages(scene: Scene, on: bool) -> None:
    """Twelve lines of one unit, too heavy for one package."""
    # 12 x 0.9 kg = 10.8 kg > 10 kg.
    names = [f"W{index:02d}" for index in range(12)]
    for name in names:
        scene.sku(name, "0.9" if on else "0.8")
    scene.node("A", stock=dict.fromkeys(names, 1))
    scene.order("O1", dict.fromkeys(names, 1))
