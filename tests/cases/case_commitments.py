"""Cases of volumes that are committed to a service: what is missing from them is paid.

A package by `G` costs 5.00 from A and 7.00 from B, one by `F` 9.00; a unit that is left costs 20.00.
"""

from __future__ import annotations

from cases.scene import Scene, case

FRIDAY, SATURDAY = "2026-11-27", "2026-11-28"


def _committed(scene: Scene, packages: int, price: str, service: str = "G", date: str = FRIDAY) -> None:
    """Packages that a service gets at least, nine at most."""
    scene.tables.setdefault("service_quotas", []).append(
        {"service_id": service, "date": date, "max_packages": 9, "min_packages": packages, "shortfall_price": price}
    )


@case(on="8.00", off="5.00")
def missing_packages_are_paid(scene: Scene, on: bool) -> tuple[str, ...]:
    """One order is one package, and of three committed two are missing at 1.50."""
    scene.node("A", stock={"K": 1})
    _committed(scene, 3 if on else 1, "1.50")
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K from A by G on {FRIDAY}",)


@case(on="10.00", off="9.00")
def commitment_makes_a_second_package(scene: Scene, on: bool) -> tuple[str, ...]:
    """Two packages for 5.00 each beat one and 6.00 that are missing, not one and 4.00."""
    scene.node("A", stock={"K": 2})
    _committed(scene, 2, "6" if on else "4")
    scene.order("O1", {"K": 2})
    one, two = f"O1: 1 K from A by G on {FRIDAY}", f"O1: 2 K from A by G on {FRIDAY}"
    return (one, one) if on else (two,)


@case(on="9.00", off="8.00")
def commitment_moves_to_another_service(scene: Scene, on: bool) -> tuple[str, ...]:
    """9.00 by the fast service, or 5.00 and what is missing there: 4.50, or 3.00."""
    scene.node("A", stock={"K": 1})
    scene.fast_service()
    scene.lane("F", "A", "1", 1)
    _committed(scene, 1, "4.50" if on else "3.00", "F")
    scene.order("O1", {"K": 1})
    return (f"O1: 1 K from A by {'F' if on else 'G'} on {FRIDAY}",)


@case(on="6.00", off="5.50")
def commitment_of_a_later_day(scene: Scene, on: bool) -> tuple[str, ...]:
    """A day of waiting costs 1.00, what is missing on Saturday 2.00, or 0.50."""
    scene.limits["horizon_days"] = 1
    scene.objective["late_day"] = "1"
    scene.node("A", stock={"K": 1})
    _committed(scene, 1, "2" if on else "0.50", date=SATURDAY)
    scene.order("O1", {"K": 1}, deliver_by="2026-11-29")
    return (f"O1: 1 K from A by G on {SATURDAY if on else FRIDAY}",)


@case(on="7.00", off="6.00")
def commitment_of_every_day(scene: Scene, on: bool) -> None:
    """One package a day at 1.00 is missing on Saturday, and on Sunday where that belongs to the horizon."""
    scene.limits["horizon_days"] = 2 if on else 1
    scene.node("A", stock={"K": 1})
    _committed(scene, 1, "1", date="")
    scene.order("O1", {"K": 1})


@case(on="12.00", off="14.00")
def commitment_of_all_nodes(scene: Scene, on: bool) -> None:
    """Packages of B count as well: 5.00 + 7.00, and of three committed one is missing at 2.00."""
    scene.node("A", stock={"K": 1})
    scene.node("B", zone="2", stock={"T": 1})
    _committed(scene, 2 if on else 3, "2")
    scene.order("O1", {"K": 1, "T": 1})
