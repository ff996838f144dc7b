"""Cases of rules: what they forbid, price, count and set.

The base case ships Friday 27 from A for 5.00 or from B, farther away, for 7.00, and arrives Sunday 29. Where packages
are promised, the 29th at 3.00 a late day.
"""

from __future__ import annotations

from typing import Any

from cases.scene import Scene, case

THURSDAY, FRIDAY, SATURDAY, SUNDAY = "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29"
AT_A: dict[str, Any] = {"node": {"node_id": "A"}}


def _near_and_far(scene: Scene, near: dict[str, int], far: dict[str, int], kind: str = "store") -> None:
    """A, a store unless said otherwise, and B, a distribution centre in zone 2."""
    scene.node("A", stock=near, kind=kind)
    scene.node("B", zone="2", stock=far)


def _promised(scene: Scene, *order_ids: str, lines: dict[str, int] | None = None, **columns: str) -> None:
    scene.objective["late_day"] = "3"
    for order_id in order_ids:
        scene.order(order_id, lines or {"K": 1}, deliver_by=SUNDAY, **columns)


# --- forbid -----------------------------------------------------------------------------------


@case(on="7.00", off="5.00")
def forbid_of_a_node(scene: Scene, on: bool) -> tuple[str, ...]:
    """What is forbidden at stores ships from elsewhere."""
    _near_and_far(scene, {"K": 1}, {"K": 1}, kind="store" if on else "dc")
    scene.rule({"node": {"kind": "store"}}, forbid=True)
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="12.00", off="5.00")
def forbid_of_one_line_at_one_node(scene: Scene, on: bool) -> tuple[str, ...]:
    """Only the line that is forbidden at a node goes from another: 5.00 + 7.00."""
    scene.sku("K", **{"class": "toy"})
    scene.sku("T", **{"class": "hazmat" if on else "toy"})
    _near_and_far(scene, {"K": 1, "T": 1}, {"T": 1})
    scene.rule({"sku": {"class": "hazmat"}, "node": {"kind": "store"}}, forbid=True)
    scene.order("O1", {"K": 1, "T": 1})
    if on:
        return (f"O1: 1 K from A by G on {FRIDAY}", f"O1: 1 T from B by G on {FRIDAY}")
    return (f"O1: 1 K, 1 T from A by G on {FRIDAY}",)


@case(on="25.00", off="5.00")
def forbid_everywhere_leaves_a_line_unfilled(scene: Scene, on: bool) -> tuple[str, ...]:
    """A line that is forbidden everywhere costs what an unfilled unit costs."""
    scene.node("A", stock={"K": 1, "T": 1})
    scene.rule({"line": {"line_id": "T" if on else "X"}}, forbid=True)
    scene.order("O1", {"K": 1, "T": 1})
    return (f"O1: 1 {'K' if on else 'K, 1 T'} from A by G on {FRIDAY}",)


@case(on="5.00", off="4.00")
def forbid_by_a_service(scene: Scene, on: bool) -> tuple[str, ...]:
    """What may not fly takes the road, though it costs more."""
    scene.service("AIR2")
    scene.rate("AIR2", "1", 10, "4.00")
    scene.node("A", stock={"K": 1})
    scene.lane("AIR2", "A")
    scene.rule({"sku": {"sku_id": "K"}, "service": {"service_id": {"like": "AIR%" if on else "AIR"}}}, forbid=True)
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K from A by {'G' if on else 'AIR2'} on {FRIDAY}",)


@case(on="12.00", off="10.00")
def forbid_of_what_is_not(scene: Scene, on: bool) -> None:
    """Orders that are not of the west may not have the west's stock."""
    _near_and_far(scene, {"K": 2}, {"K": 1})
    scene.rule(AT_A | {"order": {"region": {"not": "west"}}}, forbid=True)
    scene.order("O1", {"K": 1}, region="west")
    scene.order("O2", {"K": 1}, region="east" if on else "west")


@case(on="8.00", off="5.00")
def forbid_until_a_day(scene: Scene, on: bool) -> tuple[str, ...]:
    """The last day of a rule is one on which it holds, and a ship day: tomorrow costs 3.00 more."""
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 1})
    scene.rule(AT_A, forbid=True, last=FRIDAY if on else THURSDAY)
    _promised(scene, "O1")
    return (f"O1: 1 K from A by G on {SATURDAY if on else FRIDAY}",)


@case(on="20.00", off="5.00")
def forbid_from_a_day(scene: Scene, on: bool) -> None:
    """The first day of a rule is one on which it holds."""
    # After the cut-off: ships Saturday.
    scene.node("A", stock={"K": 1}, cutoff="08:00")
    scene.rule(AT_A, forbid=True, first=SATURDAY if on else SUNDAY)
    scene.order("O1", {"K": 1})


@case(on="12.00", off="5.00")
def forbid_of_lines_of_a_wide_order(scene: Scene, on: bool) -> None:
    """Eleven lines of one unit, 2,048 quantity vectors, three of which may not leave the nearer node."""
    names = [f"W{index:02d}" for index in range(11)]
    for name in names:
        scene.sku(name, "0.8", **{"class": "hazmat" if name > "W07" else ""})
    _near_and_far(scene, dict.fromkeys(names, 1), dict.fromkeys(names[8:], 1))
    scene.rule(AT_A | {"sku": {"class": "hazmat" if on else "toy"}}, forbid=True)
    scene.order("O1", dict.fromkeys(names, 1))


# --- price ------------------------------------------------------------------------------------


@case(on="7.00", off="6.50")
def price_per_unit(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two units at 1.50 each are dearer than the longer way, one is not: 5.00 + 3.00, 5.00 + 1.50, 7.00."""
    units = 2 if on else 1
    _near_and_far(scene, {"K": units}, {"K": units})
    scene.rule(AT_A, price={"per_unit": "1.50"})
    scene.order("O1", {"K": units})
    return (f"O1: {units} K from {'B' if on else 'A'} by G on {FRIDAY}",)


@case(on="7.50", off="6.25")
def price_per_line(scene: Scene, on: bool) -> None:
    """Each line that the rule is about pays, whatever its units: 5.00 + 2 x 1.25, or one of them."""
    scene.node("A", stock={"K": 3, "T": 2})
    scene.rule({"sku": {} if on else {"sku_id": "K"}}, price={"per_line": "1.25"})
    scene.order("O1", {"K": 3, "T": 2})


@case(on="12.00", off="11.00")
def price_per_package_dodged_by_a_split(scene: Scene, on: bool) -> tuple[str, ...]:
    """A package with a gift pays: K goes its own way when that is cheaper than what T would pay with it."""
    # Together 5.00 + 8.00; apart 5.00 + 7.00. Off: 5.00 + 6.00 together.
    _near_and_far(scene, {"K": 1, "T": 1}, {"K": 1})
    scene.rule(AT_A | {"line": {"gift": "yes"}}, price={"per_package": 8 if on else 6})
    scene.order("O1")
    scene.line("O1", "K", "K", 1, gift="yes")
    scene.line("O1", "T", "T", 1, gift="")
    if on:
        return (f"O1: 1 K from B by G on {FRIDAY}", f"O1: 1 T from A by G on {FRIDAY}")
    return (f"O1: 1 K, 1 T from A by G on {FRIDAY}",)


@case(on="8.50", off="5.50")
def price_of_some_units_of_a_package(scene: Scene, on: bool) -> None:
    """Only units of lines that the rule is about pay: 5.00 + 0.50 x 7 units, or x 1."""
    scene.node("A", stock={"K": 6, "T": 1})
    scene.rule({"line": {"quantity": {"ge": 2 if on else 7}}}, price={"per_unit": "0.50"})
    scene.rule({"line": {"quantity": {"lt": 2}}}, price={"per_unit": "0.50"})
    scene.order("O1", {"K": 6, "T": 1})


@case(on="6.40", off="6.00")
def prices_of_rules_add_up(scene: Scene, on: bool) -> None:
    """5.00 + 1.00 a package + 2 x 0.20 a unit."""
    scene.node("A", stock={"K": 2})
    scene.rule(price={"per_package": "1"})
    scene.rule({"order": {"order_id": "O1" if on else "O2"}}, price={"per_unit": "0.20"})
    scene.order("O1", {"K": 2})


@case(on="8.00", off="9.00")
def price_of_a_day(scene: Scene, on: bool) -> None:
    """What costs 4.00 more today leaves tomorrow, a day late, for 3.00; from tomorrow on it would leave today."""
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 1})
    scene.rule(price={"per_package": "4"}, **({"last": FRIDAY} if on else {"first": FRIDAY}))
    _promised(scene, "O1")


# --- quota ------------------------------------------------------------------------------------


@case(on="13.00", off="10.00")
def quota_of_a_rule_pushes_to_tomorrow(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """One package a day: the order for which it costs less waits."""
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 2}, kind="store")
    scene.rule({"node": {"kind": "store"}}, quota={"packages": 1 if on else 2})
    _promised(scene, "O1")
    _promised(scene, "O2", priority="2")
    if not on:
        return None
    return (f"O1: 1 K from A by G on {SATURDAY}", f"O2: 1 K from A by G on {FRIDAY}")


@case(on="25.00", off="13.00")
def quota_of_the_batch(scene: Scene, on: bool) -> None:
    """One package in the whole batch: tomorrow there is none left. Off: one a day."""
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 2})
    scene.rule(AT_A, quota={"packages": 1, "per": "batch" if on else "day"})
    _promised(scene, "O1", "O2")


@case(on="12.00", off="10.00")
def quota_over_two_nodes(scene: Scene, on: bool) -> None:
    """All packages that match count together, whatever node they leave from: the other goes from B."""
    for node in ("A", "C"):
        scene.node(node, stock={"K": 1}, kind="store")
    scene.node("B", zone="2", stock={"K": 1})
    scene.rule({"node": {"kind": "store"}}, quota={"packages": 1 if on else 2, "per": "batch"})
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})


@case(on="30.00", off="15.00")
def quota_of_packages_with_a_line(scene: Scene, on: bool) -> None:
    """Packages count that hold hazardous goods; others do not."""
    # One of two with T, and K: 5.00 + 20.00 + 5.00.
    scene.sku("T", **{"class": "hazmat"})
    scene.sku("K", **{"class": ""})
    scene.node("A", stock={"K": 1, "T": 2})
    scene.rule({"sku": {"class": "hazmat"}}, quota={"packages": 1 if on else 2})
    for order, sku in (("O1", "T"), ("O2", "T"), ("O3", "K")):
        scene.order(order, {sku: 1})


@case(on="21.00", off="33.00")
def quota_until_a_day(scene: Scene, on: bool) -> None:
    """After its last day a quota counts nothing."""
    # Today one, tomorrow two, each 3.00 late: 5.00 + 8.00 + 8.00. Off: one of three is unfilled.
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 3})
    scene.rule(AT_A, quota={"packages": 1}, **({"last": FRIDAY} if on else {}))
    _promised(scene, "O1", "O2", "O3")


@case(on="7.00", off="5.00")
def quota_of_no_packages_forbids(scene: Scene, on: bool) -> None:
    """None at all may leave A."""
    _near_and_far(scene, {"K": 1}, {"K": 1})
    scene.rule(AT_A, quota={"packages": 0 if on else 1})
    scene.order("O1", {"K": 1})


@case(on="11.00", off="12.00")
def quota_and_price_of_one_rule(scene: Scene, on: bool) -> None:
    """The package that the quota allows pays the price as well, when it is worth it."""
    # On: A for 5.00 + 1.00 and C, of which the rule says nothing, for 5.00.
    # Off: 5.00 + 1.00 twice.
    scene.node("A", stock={"K": 2})
    if on:
        scene.node("C", stock={"K": 1})
    scene.rule(AT_A, quota={"packages": 1 if on else 2}, price={"per_package": 1})
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})


# --- set --------------------------------------------------------------------------------------


@case(on="40.00", off="25.00")
def set_ship_complete(scene: Scene, on: bool) -> None:
    """An order that must be complete does not ship in part."""
    scene.node("A", stock={"K": 1})
    scene.rule({"order": {"channel": "market"}}, set={"ship_complete": True})
    scene.order("O1", {"K": 1, "T": 1}, channel="market" if on else "web")


@case(on="25.00", off="12.00")
def set_max_packages(scene: Scene, on: bool) -> None:
    """One package, so that T is unfilled: 5.00 + 20.00. Off: 5.00 + 7.00."""
    _near_and_far(scene, {"K": 1}, {"T": 1})
    scene.rule(set={"max_packages": 1 if on else 2})
    scene.order("O1", {"K": 1, "T": 1})


@case(on="25.00", off="12.00")
def set_never_loosens(scene: Scene, on: bool) -> None:
    """An order that allows one package gets no second one from a rule that allows two."""
    _near_and_far(scene, {"K": 1}, {"T": 1})
    scene.rule(set={"max_packages": 2})
    scene.order("O1", {"K": 1, "T": 1}, max_packages=1 if on else "")


@case(on="25.00", off="12.00")
def set_on_the_day_of_the_plan(scene: Scene, on: bool) -> None:
    """What is set holds on the day of `as_of`, not on ship days."""
    _near_and_far(scene, {"K": 1}, {"T": 1})
    scene.rule(set={"max_packages": 1}, first=FRIDAY if on else SATURDAY)
    scene.order("O1", {"K": 1, "T": 1})


@case(on="7.00", off="5.00")
def set_max_distance(scene: Scene, on: bool) -> None:
    """A, 5 degrees or 556 km away, is too far for 300 km; B, half a degree, is not."""
    scene.node("A", stock={"K": 1}, latitude="45.0", longitude="-74.0")
    scene.node("B", zone="2", stock={"K": 1}, latitude="40.5", longitude="-74.0")
    scene.rule({"order": {"postal_code": {"like": "1%1"}}}, set={"max_distance_km": 300 if on else 600})
    scene.order("O1", {"K": 1}, latitude="40.0", longitude="-74.0")


@case(on="7.00", off="5.00")
def set_max_distance_beside_the_packs(scene: Scene, on: bool) -> None:
    """The stricter of the pack's limit and the rule's is in force, for the orders of the rule."""
    scene.limits["max_distance_km"] = 300 if on else 1000
    scene.node("A", stock={"K": 1}, latitude="45.0", longitude="-74.0")
    scene.node("B", zone="2", stock={"K": 1}, latitude="40.5", longitude="-74.0")
    scene.rule(set={"max_distance_km": 600})
    scene.order("O1", {"K": 1}, latitude="40.0", longitude="-74.0")


@case(on="9.00", off="5.00")
def set_max_transit_days(scene: Scene, on: bool) -> tuple[str, ...]:
    """Three days are too long: the fast service for 9.00."""
    scene.fast_service()
    scene.node("A", stock={"K": 1}, lane=False)
    scene.lane("G", "A", transit=3)
    scene.lane("F", "A", transit=2)
    scene.rule(set={"max_transit_days": 2 if on else 3})
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K from A by {'F' if on else 'G'} on {FRIDAY}",)


@case(on="25.00", off="5.00")
def set_safety_stock(scene: Scene, on: bool) -> tuple[str, ...]:
    """A unit stays on the shelf: 5.00 + 20.00."""
    scene.node("A", stock={"K": 2}, kind="store")
    scene.rule({"node": {"kind": "store"}, "sku": {"sku_id": "K" if on else "T"}}, set={"safety_stock": 1})
    scene.order("O1", {"K": 2})
    return (f"O1: {1 if on else 2} K from A by G on {FRIDAY}",)


@case(on="7.00", off="5.00")
def conditions_see_what_was_given(scene: Scene, on: bool) -> None:
    """A rule about orders of one package at most is about those that say so, not those of which a rule says so."""
    scene.node("A", stock={"K": 1})
    scene.rule(set={"max_packages": 1})
    scene.rule({"order": {"max_packages": 1}}, price={"per_package": 2})
    scene.order("O1", {"K": 1}, max_packages=1 if on else "")


@case(on="45.00", off="10.00")
def one_node_a_line(scene: Scene, on: bool) -> None:
    """A line that must not be shared by nodes ships whole or not at all; the other line is as it was."""
    # T alone for 5.00 and two K unfilled at 20.00 each; off: one K from A, one K and T from B, 5.00 each.
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"K": 1, "T": 1})
    scene.order("O1", {"K": 2, "T": 1})
    scene.rule({"order": {"order_id": "O1" if on else "O2"}}, set={"max_nodes_per_line": 1})
