"""Cases of quotas that may be exceeded at a price.

The base case ships Friday 27 from A for 5.00 or from B, farther away, for 7.00; what is left costs 20.00 a unit.
"""

from __future__ import annotations

from cases.scene import Scene, case

SUNDAY = "2026-11-29"


def _quota(scene: Scene, packages: int, price_over: str, per: str = "day") -> None:
    """A quota of packages from A."""
    quota = {"packages": packages, "price_over": price_over, "per": per}
    scene.rule({"node": {"node_id": "A"}}, quota=quota)


def _orders(scene: Scene, count: int, **columns: str) -> None:
    scene.node("A", stock={"K": count})
    for number in range(count):
        scene.order(f"O{number}", {"K": 1}, **columns)


@case(on="11.50", off="12.00")
def soft_quota_paid_or_avoided(scene: Scene, on: bool) -> None:
    """The second package from A pays 1.50, less than the longer way; 2.50 it does not pay."""
    scene.node("B", zone="2", stock={"K": 1})
    _quota(scene, 1, "1.50" if on else "2.50")
    _orders(scene, 2)


@case(on="17.00", off="16.00")
def soft_quota_paid_for_each_package_beyond(scene: Scene, on: bool) -> None:
    """Three packages for 5.00 each, two or one of them beyond the quota."""
    _quota(scene, 1 if on else 2, "1.00")
    _orders(scene, 3)


@case(on="14.00", off="13.00")
def soft_quota_of_the_batch(scene: Scene, on: bool) -> None:
    """Waiting does not help against a quota of the batch: 4.00 more; against one of the day it does, for 3.00."""
    scene.limits["horizon_days"] = 1
    scene.objective["late_day"] = "3"
    _quota(scene, 1, "4.00", "batch" if on else "day")
    _orders(scene, 2, deliver_by=SUNDAY)


@case(on="11.00", off="10.00")
def soft_quota_of_no_packages(scene: Scene, on: bool) -> None:
    """Beyond a quota of none is every package: a price of 0.50 each."""
    _quota(scene, 0 if on else 2, "0.50")
    _orders(scene, 2)


@case(on="25.00", off="24.00")
def soft_quota_dearer_than_leaving(scene: Scene, on: bool) -> None:
    """5.00 + 16.00 are more than the 20.00 for what is left, 5.00 + 14.00 are less."""
    _quota(scene, 1, "16.00" if on else "14.00")
    _orders(scene, 2)


@case(on="12.50", off="11.00")
def soft_quotas_beside_each_other(scene: Scene, on: bool) -> None:
    """A package may be beyond the quota of its day and beyond that of the batch: 1.00 and 1.50."""
    _quota(scene, 1, "1.00")
    _quota(scene, 1 if on else 2, "1.50", "batch")
    _orders(scene, 2)
