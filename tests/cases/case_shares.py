"""Cases of nodes that should ship a share of all units.

A ships for 5.00 a package, B for 7.00; a unit that is left costs 20.00.
"""

from __future__ import annotations

from cases.scene import Scene, case

FRIDAY = "2026-11-27"


def _nodes(scene: Scene, units: int, a: tuple[str, str] | None = None, b: tuple[str, str] | None = None) -> None:
    """Both nodes with as many units of K; target and price of those that have a share."""
    for node, zone, share in (("A", "1", a), ("B", "2", b)):
        columns = {} if share is None else {"target_share": share[0], "share_price": share[1]}
        scene.node(node, zone, stock={"K": units}, **columns)


@case(on="12.00", off="11.00")
def share_moves_an_order_elsewhere(scene: Scene, on: bool) -> tuple[str, ...]:
    """Of two units one should be from B: at 3.00 that is worth the longer way for 2.00 more, at 1.00 it is not."""
    _nodes(scene, 2, b=("0.5", "3" if on else "1"))
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1}, excluded_nodes="B")
    return f"O1: 1 K from {'B' if on else 'A'} by G on {FRIDAY}", f"O2: 1 K from A by G on {FRIDAY}"


@case(on="6.50", off="5.00")
def share_is_paid_above_its_target(scene: Scene, on: bool) -> tuple[str, ...]:
    """Three quarters of two units are 1.5, and half a unit more is 1.50: a package from B is dearer."""
    _nodes(scene, 2, a=("0.75", "3") if on else ("1", "3"))
    scene.order("O1", {"K": 2})
    return (f"O1: 2 K from A by G on {FRIDAY}",)


@case(on="9.00", off="8.00")
def shares_of_both_nodes_are_paid(scene: Scene, on: bool) -> tuple[str, ...]:
    """All from A is 1 unit too many at 3.00 there, and 1 too few at B, for 1.00 or for nothing."""
    _nodes(scene, 2, a=("0.5", "3"), b=("0.5", "1") if on else None)
    scene.order("O1", {"K": 2})
    return (f"O1: 2 K from A by G on {FRIDAY}",)


@case(on="25.00", off="13.00")
def share_is_of_what_ships(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """B should ship everything and has nothing: 5.00 + 4 x 2.00; at 10.00 leaving all for 4 x 6.25 is cheaper."""
    # A share of nothing is kept.
    scene.node("A", stock={"K": 4})
    scene.node("B", zone="2", target_share="1", share_price="10" if on else "2")
    scene.order("O1")
    scene.line("O1", "K", "K", 4, unfilled_cost="6.25")
    return () if on else (f"O1: 4 K from A by G on {FRIDAY}",)


@case(on="7.000002", off="7.00")
def share_is_rounded_once_a_node(scene: Scene, on: bool) -> None:
    """Three halves of a micro are two micros, half a micro is none."""
    scene.node("B", zone="2", stock={"K": 1}, target_share="0.5", share_price="0.000003" if on else "0.000001")
    scene.order("O1", {"K": 1})


@case(on="3.00", off="1.00")
def share_of_what_is_picked_up(scene: Scene, on: bool) -> None:
    """What is picked up at A leaves A too: 1.00 of handling, and half a unit above the target at 4.00."""
    scene.node("A", stock={"K": 1}, target_share="0.5" if on else "1", share_price="4", package_cost="1")
    scene.order("O1", {"K": 1}, mode="pickup", pickup_node="A")


@case(on="16.00", off="5.00")
def share_in_a_wide_order(scene: Scene, on: bool) -> None:
    """Eleven lines of one unit in one package for 5.00, all above a target of none at 1.00."""
    names = [f"W{index:02d}" for index in range(11)]
    for name in names:
        scene.sku(name, "0.8")
    scene.node("A", stock=dict.fromkeys(names, 1), target_share="0" if on else "1", share_price="1")
    scene.order("O1", dict.fromkeys(names, 1))
