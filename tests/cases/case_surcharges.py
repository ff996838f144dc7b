"""Cases of surcharges: what is added to the rate, for which packages, and what that changes."""

from __future__ import annotations

from cases.scene import Scene, case

FRIDAY = "2026-11-27"


@case(on="9.00", off="5.00")
def surcharge_of_residential_orders(scene: Scene, on: bool) -> None:
    """5.00 + 4.00 to private addresses."""
    scene.node("A", stock={"K": 1})
    scene.surcharge({"order.residential": "yes"}, per_package=4)
    scene.order("O1", {"K": 1}, residential="yes" if on else "no")


@case(on="9.00", off="8.00")
def surcharge_of_a_service(scene: Scene, on: bool) -> tuple[str, ...]:
    """5.00 + 5.00 is more than the other service's 9.00; 5.00 + 3.00 is not."""
    scene.fast_service()
    scene.node("A", stock={"K": 1})
    scene.lane("F", "A")
    scene.surcharge(service_id="G", per_package=5 if on else 3)
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K from A by {'F' if on else 'G'} on {FRIDAY}",)


@case(on="5.000006", off="5.000012")
def surcharge_on_value_rounds_each_unit(scene: Scene, on: bool) -> None:
    """A tenth of 15 millionths is 1.5 micros, 2 a unit; of 35 millionths 3.5 micros, 4 a unit: three of them."""
    scene.sku("K", value="0.000015" if on else "0.000035")
    scene.node("A", stock={"K": 3})
    scene.surcharge(share_of_value="0.1")
    scene.order("O1", {"K": 3})


@case(on="5.000000", off="5.000002")
def surcharge_on_value_rounds_half_to_even(scene: Scene, on: bool) -> None:
    """Half a micro is nothing, one and a half are two."""
    scene.sku("K", value="0.000005" if on else "0.000015")
    scene.node("A", stock={"K": 1})
    scene.surcharge(share_of_value="0.1")
    scene.order("O1", {"K": 1})


@case(on="7.40", off="5.40")
def surcharge_on_value_of_some_lines(scene: Scene, on: bool) -> None:
    """1 % of what is insured: two T at their own 100.00, and K at 40.00 in both. 5.00 + 2.00 + 0.40."""
    scene.sku("K", value="40", **{"class": "glass"})
    scene.sku("T", value="1", **{"class": "glass" if on else "toy"})
    scene.node("A", stock={"K": 1, "T": 2})
    scene.surcharge({"sku.class": "glass"}, share_of_value="0.01")
    scene.order("O1", {"K": 1})
    scene.line("O1", "T", "T", 2, unit_value="100")


@case(on="12.00", off="11.00")
def surcharge_dodged_by_a_split(scene: Scene, on: bool) -> tuple[str, ...]:
    """T pays at the store and takes K along, or goes the longer way alone: 5.00 + 7.00 against 5.00 + 8.00."""
    scene.sku("K", **{"class": ""})
    scene.sku("T", **{"class": "hazmat"})
    scene.node("A", stock={"K": 1, "T": 1}, kind="store")
    scene.node("B", zone="2", stock={"T": 1})
    scene.surcharge({"sku.class": "hazmat", "node.kind": "store"}, per_package=8 if on else 6)
    scene.order("O1", {"K": 1, "T": 1})
    if on:
        return (f"O1: 1 K from A by G on {FRIDAY}", f"O1: 1 T from B by G on {FRIDAY}")
    return (f"O1: 1 K, 1 T from A by G on {FRIDAY}",)


@case(on="7.00", off="5.00")
def surcharge_of_an_area(scene: Scene, on: bool) -> None:
    """Values and beginnings of postal codes."""
    scene.node("A", stock={"K": 1})
    scene.surcharge({"order.postal_code": "99501; 100*" if on else "1000; 99*"}, per_package=2)
    scene.order("O1", {"K": 1})


@case(on="6.75", off="6.00")
def surcharges_add_up(scene: Scene, on: bool) -> None:
    """A package pays every row that it fits, rows of one name too: 5.00 + 1.00 + 0.75."""
    scene.node("A", stock={"K": 1})
    scene.surcharge(name="fuel", per_package=1)
    scene.surcharge({"service.carrier": "C" if on else "D"}, name="fuel", per_package="0.75")
    scene.order("O1", {"K": 1})


@case(on="8.00", off="5.00")
def surcharge_needs_one_line_that_meets_all(scene: Scene, on: bool) -> None:
    """A gift and hazardous goods in one package are no hazardous gift."""
    scene.sku("K", **{"class": ""})
    scene.sku("T", **{"class": "hazmat"})
    scene.node("A", stock={"K": 1, "T": 1})
    scene.surcharge({"sku.class": "hazmat", "line.gift": "yes"}, per_package=3)
    scene.order("O1")
    scene.line("O1", "K", "K", 1, gift="" if on else "yes")
    scene.line("O1", "T", "T", 1, gift="yes" if on else "")


@case(on="12.00", off="6.00")
def surcharge_of_each_package(scene: Scene, on: bool) -> None:
    """Once for a package, whatever its units, and for each of two: 2 x (5.00 + 1.00)."""
    scene.sku("K", "6" if on else "2")
    scene.node("A", stock={"K": 2})
    scene.surcharge(per_package=1)
    scene.order("O1", {"K": 2})


@case(on="8.00", off="7.00")
def surcharge_beside_the_price_of_a_rule(scene: Scene, on: bool) -> None:
    """Both are paid: 5.00 + 1.00 + 2.00. Off: the rule's only."""
    scene.node("A", stock={"K": 1})
    scene.surcharge({"node.node_id": "A"} if on else {"order.order_id": "O2"}, per_package=1)
    scene.rule({"node": {"node_id": "A"}}, price={"per_unit": 2})
    scene.order("O1", {"K": 1})


@case(on="12.00", off="12.50")
def surcharge_on_a_wide_order(scene: Scene, on: bool) -> None:
    """Eleven lines, 2,048 quantity vectors: three with a surcharge at A leave B if 7.00 is less than that."""
    names = [f"W{index:02d}" for index in range(11)]
    for name in names:
        scene.sku(name, "0.8", **{"class": "hazmat" if name > "W07" else ""})
    scene.node("A", stock=dict.fromkeys(names, 1))
    scene.node("B", zone="2", stock=dict.fromkeys(names[8:], 1))
    scene.surcharge({"sku.class": "hazmat", "node.node_id": "A"}, per_package="7.50")
    if not on:  # the longer way costs more too
        scene.surcharge({"node.node_id": "B"}, per_package="0.75")
    scene.order("O1", dict.fromkeys(names, 1))
