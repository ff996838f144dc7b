"""Cases of units kept for a channel: who may have them, and what others pay.

A package from A costs 5.00, from B, farther away, 7.00; a unit that is left costs 20.00. Orders are of the
channel `app` unless said otherwise.
"""

from __future__ import annotations

from cases.scene import Scene, case

FRIDAY, SATURDAY = "2026-11-27", "2026-11-28"
FROM_A, FROM_B = f"O1: 1 K from A by G on {FRIDAY}", f"O1: 1 K from B by G on {FRIDAY}"


def _two_nodes(scene: Scene, near: int, far: int = 2) -> None:
    """So many K at A and at B."""
    scene.node("A", stock={"K": near})
    scene.node("B", zone="2", stock={"K": far})


@case(on="7.00", off="5.00")
def reserve_sends_another_channel_farther(scene: Scene, on: bool) -> tuple[str, ...]:
    """The only unit of A is kept for the web."""
    _two_nodes(scene, 1)
    if on:
        scene.reserve("A", "web", 1)
    scene.order("O1", {"K": 1}, channel="app")
    return (FROM_B if on else FROM_A,)


@case(on="5.00", off="7.00")
def reserve_is_for_its_channel(scene: Scene, on: bool) -> tuple[str, ...]:
    """Who orders on the web gets what is kept for the web; who says no channel does not."""
    _two_nodes(scene, 1)
    scene.reserve("A", "web", 1)
    scene.order("O1", {"K": 1}, channel="web" if on else "")
    return (FROM_A if on else FROM_B,)


@case(on="6.50", off="7.00")
def reserve_at_a_price(scene: Scene, on: bool) -> tuple[str, ...]:
    """5.00 and 1.50 beat 7.00; 5.00 and 2.50 do not."""
    _two_nodes(scene, 1)
    scene.reserve("A", "web", 1, price="1.50" if on else "2.50")
    scene.order("O1", {"K": 1}, channel="app")
    return (FROM_A if on else FROM_B,)


@case(on="7.00", off="5.00")
def reserve_leaves_the_rest(scene: Scene, on: bool) -> tuple[str, ...]:
    """Of three units two are kept: one is free, so both come from B. Of one kept two are free."""
    _two_nodes(scene, 3)
    scene.reserve("A", "web", 2 if on else 1)
    scene.order("O1", {"K": 2}, channel="app")
    return (f"O1: 2 K from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="6.00", off="7.00")
def reserve_is_paid_for_what_is_missing(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two units of three leave one of the two that are kept: one is paid, 5.00 + 1.00, or 5.00 + 2.50 > 7.00."""
    _two_nodes(scene, 3)
    scene.reserve("A", "web", 2, price="1" if on else "2.50")
    scene.order("O1", {"K": 2}, channel="app")
    return (f"O1: 2 K from {'A' if on else 'B'} by G on {FRIDAY}",)


@case(on="10.00", off="12.00")
def reserve_is_used_up_by_its_channel(scene: Scene, on: bool) -> tuple[str, ...]:
    """The web's unit is its reserve, the other one is for all; kept both, the second order goes to B."""
    _two_nodes(scene, 2)
    scene.reserve("A", "web", 1 if on else 2)
    scene.order("O1", {"K": 1}, channel="web")
    scene.order("O2", {"K": 1}, channel="app")
    return FROM_A, f"O2: 1 K from {'A' if on else 'B'} by G on {FRIDAY}"


@case(on="7.00", off="5.00")
def reserve_of_another_channel_beside_the_own(scene: Scene, on: bool) -> tuple[str, ...]:
    """The web may have more than its reserve, but not what is kept for stores."""
    _two_nodes(scene, 2)
    scene.reserve("A", "web", 1)
    if on:
        scene.reserve("A", "store", 1)
    scene.order("O1", {"K": 2}, channel="web")
    return (f"O1: 2 K from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="13.00", off="12.50")
def reserves_are_paid_the_cheapest_first(scene: Scene, on: bool) -> None:
    """Two orders, two reserves of one unit: 5.00 + 1.00, then 7.00 from B or 5.00 + 3.00; 5.00 + 1.50 is less."""
    _two_nodes(scene, 2)
    scene.reserve("A", "web", 1, price="1")
    scene.reserve("A", "store", 1, price="3" if on else "1.50")
    scene.order("O1", {"K": 1}, channel="app")
    scene.order("O2", {"K": 1}, channel="app")


@case(on="9.00", off="14.00")
def reserves_are_paid_by_one_package(scene: Scene, on: bool) -> tuple[str, ...]:
    """Both units are kept, one for the web at 1.00, one for stores at 3.00: one line pays both; of two orders each
    pays one."""
    scene.node("A", stock={"K": 2})
    scene.reserve("A", "web", 1, price="1")
    scene.reserve("A", "store", 1, price="3")
    orders = ("O1",) if on else ("O1", "O2")
    for order_id in orders:
        scene.order(order_id, {"K": 2 // len(orders)}, channel="app")
    return tuple(f"{order_id}: {2 // len(orders)} K from A by G on {FRIDAY}" for order_id in orders)


@case(on="12.50", off="11.00")
def reserve_that_its_channel_needs_is_not_paid(scene: Scene, on: bool) -> None:
    """O1 takes the web's own unit, so what O2 takes is the store's at 2.50: 10.00 + 2.50, or the web's at 1.00."""
    scene.node("A", stock={"K": 2})
    scene.reserve("A", "web", 1, price="1")
    scene.reserve("A", "store", 1, price="2.50")
    scene.order("O1", {"K": 1}, channel="web" if on else "store")
    scene.order("O2", {"K": 1}, channel="app")


@case(on="12.00", off="27.00")
def reserve_of_every_sku_with_an_exception(scene: Scene, on: bool) -> tuple[str, ...]:
    """Of K none is kept, whatever is said of all: 5.00 for it and 7.00 for T; else it is left for 20.00."""
    scene.node("A", stock={"K": 1, "T": 1})
    scene.node("B", zone="2", stock={"T": 1})
    scene.reserve("A", "web", 1, sku_id="")
    if on:
        scene.reserve("A", "web", 0)
    scene.order("O1", {"K": 1, "T": 1}, channel="app")
    from_b = f"O1: 1 T from B by G on {FRIDAY}"
    return (FROM_A, from_b) if on else (from_b,)


@case(on="5.00", off="7.00")
def reserve_is_kept_of_what_arrives(scene: Scene, on: bool) -> tuple[str, ...]:
    """One unit is there and one arrives on Saturday for the web: the first may leave today."""
    _two_nodes(scene, 1)
    if on:
        scene.inbound("A", "K", SATURDAY, 1)
    scene.reserve("A", "web", 1)
    scene.order("O1", {"K": 1}, channel="app")
    return (FROM_A if on else FROM_B,)


@case(on="5.00", off="7.00")
def reserve_beyond_the_stock(scene: Scene, on: bool) -> tuple[str, ...]:
    """Of one unit the hard reserve is kept and none is left for the one with a price, whatever it is."""
    _two_nodes(scene, 1)
    scene.reserve("A", "web", 1, price="" if on else "1")
    scene.reserve("A", "store", 1, price="1" if on else "")
    scene.order("O1", {"K": 1}, channel="web")
    return (FROM_A if on else FROM_B,)


@case(on="7.00", off="5.00")
def reserve_of_the_lower_price_gives_way(scene: Scene, on: bool) -> tuple[str, ...]:
    """Of one unit the reserve at 9.00 is kept, not that at 8.00: for its own channel it is free."""
    _two_nodes(scene, 1)
    scene.reserve("A", "web", 1, price="8" if on else "9")
    scene.reserve("A", "store", 1, price="9" if on else "8")
    scene.order("O1", {"K": 1}, channel="web")
    return (FROM_B if on else FROM_A,)


@case(on="5.00", off="7.00")
def reserve_of_kit_components(scene: Scene, on: bool) -> tuple[str, ...]:
    """A kit of two K and a T: of four K two are kept, or three."""
    scene.kit("S", {"K": 2, "T": 1})
    scene.node("A", stock={"K": 4, "T": 1})
    scene.node("B", zone="2", stock={"K": 2, "T": 1})
    scene.reserve("A", "web", 2 if on else 3)
    scene.order("O1", {"S": 1}, channel="app")
    return (f"O1: 1 S/T, 2 S/K from {'A' if on else 'B'} by G on {FRIDAY}",)


@case(on="5.75", off="7.00")
def reserve_or_a_substitute(scene: Scene, on: bool) -> tuple[str, ...]:
    """What is kept of K is no matter for T, which may stand in for it for 0.75."""
    _two_nodes(scene, 1)
    scene.stock("A", "T", 1)
    scene.substitute("K", "T", "0.75")
    scene.reserve("A", "web", 1)
    if not on:
        scene.reserve("A", "web", 1, sku_id="T")
    scene.order("O1", {"K": 1}, channel="app")
    return (f"O1: 1 K=T from A by G on {FRIDAY}" if on else FROM_B,)


@case(on="33.00", off="13.00")
def reserve_in_a_wide_order(scene: Scene, on: bool) -> None:
    """Eleven lines: all from A but the one that is kept, which is left for 20.00, or kept for its own channel."""
    scene.no_rates()
    scene.rate("G", "1", 50, "13.00")
    lines = {f"W{number:02d}": 1 for number in range(11)}
    for sku_id in lines:
        scene.sku(sku_id)
    scene.node("A", stock=lines)
    scene.reserve("A", "web", 1, sku_id="W05")
    scene.order("O1", lines, channel="app" if on else "web")
