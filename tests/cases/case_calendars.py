"""Cases of when a package ships and arrives. The base case ships Friday 27 and arrives Sunday 29.

Most promise the 29th at 3.00 a late day, so a day lost shows as 8.00 instead of 5.00.
"""

from __future__ import annotations

from cases.scene import Scene, case


def _promised(scene: Scene, **columns: str) -> None:
    scene.objective["late_day"] = "3"
    scene.order("O1", {"K": 1}, deliver_by="2026-11-29", **columns)


@case(on="8.00", off="5.00")
def cutoff_passed(scene: Scene, on: bool) -> tuple[str, ...]:
    """After the cut-off the package leaves a day later."""
    # 09:00 is after 08:30: Saturday 28, arrives 30, one day late: 5.00 + 3.00.
    scene.node("A", stock={"K": 1}, cutoff="08:30" if on else "")
    _promised(scene)
    return (f"O1: 1 K from A by G on 2026-11-{28 if on else 27}",)


@case(on="5.00", off="8.00")
def cutoff_to_the_second(scene: Scene, on: bool) -> None:
    """At the cut-off is in time; strictly after it is not."""
    scene.node("A", stock={"K": 1}, cutoff="09:00")
    scene.as_of = "2026-11-27T09:00:00+00:00" if on else "2026-11-27T09:00:01+00:00"
    _promised(scene)


@case(on="14.00", off="5.00")
def lead_days_are_working_days(scene: Scene, on: bool) -> tuple[str, ...]:
    """A lead day is a working day of the node."""
    # Friday + 1 working day = Monday 30, arrives Wednesday 2 December, 3 days late: 5.00 + 9.00.
    scene.node("A", stock={"K": 1}, working_days="1111100", lead_days=1 if on else 0)
    _promised(scene)
    return (f"O1: 1 K from A by G on 2026-11-{30 if on else 27}",)


@case(on="8.00", off="5.00")
def working_days(scene: Scene, on: bool) -> None:
    """A node that does not work on Fridays ships on Saturday."""
    scene.node("A", stock={"K": 1}, working_days="1111011" if on else "")
    _promised(scene)


@case(on="17.00", off="14.00")
def lead_days_count_from_a_working_day(scene: Scene, on: bool) -> None:
    """The start is moved to a working day first; then the lead days count."""
    # Works Monday to Thursday: Friday -> Monday 30, + 1 -> Tuesday 1, arrives Thursday 3, 4 late: 5.00 + 12.00.
    # Off: no lead days: Monday 30, arrives Wednesday 2, 3 late: 5.00 + 9.00.
    scene.node("A", stock={"K": 1}, working_days="1111000", lead_days=1 if on else 0)
    _promised(scene)


@case(on="8.00", off="5.00")
def time_zone_of_the_cutoff(scene: Scene, on: bool) -> None:
    """The cut-off is in the node's own time."""
    # 09:00 UTC is 18:00 in Tokyo, after 17:00.
    scene.node("A", stock={"K": 1}, cutoff="17:00", timezone="Asia/Tokyo" if on else "UTC")
    _promised(scene)


@case(on="10.00", off="7.00")
def time_zone_of_the_date(scene: Scene, on: bool) -> tuple[str, ...]:
    """The start's date is the node's own, for the ship day and for counting days to delivery."""
    # 20:00 UTC on Friday is Saturday 28 in Tokyo: arrives 30: 5.00 + 2 days x 1.00 + 1 late day x 3.00 = 10.00.
    # In UTC: Friday 27, arrives 29: 5.00 + 2 x 1.00 = 7.00.
    scene.as_of = "2026-11-27T20:00:00+00:00"
    scene.objective["delivery_day"] = "1"
    scene.node("A", stock={"K": 1}, timezone="Asia/Tokyo" if on else "")
    _promised(scene)
    return (f"O1: 1 K from A by G on 2026-11-{28 if on else 27}",)


@case(on="5.00", off="8.00")
def clocks_go_back(scene: Scene, on: bool) -> None:
    """On the night the clocks go back the local time is the one after the change."""
    # 06:45 UTC on 1 November is 01:45 in New York (EST), before the cut-off; four hours behind UTC it is 02:45.
    scene.as_of = "2026-11-01T06:45:00+00:00"
    scene.objective["late_day"] = "3"
    scene.node("A", stock={"K": 1}, cutoff="02:00", timezone="America/New_York" if on else "Etc/GMT+4")
    scene.order("O1", {"K": 1}, placed_at="2026-11-01T00:00:00+00:00", deliver_by="2026-11-03")


@case(on="8.00", off="5.00")
def order_placed_after_as_of(scene: Scene, on: bool) -> None:
    """An order starts when it is placed, if that is later than `as_of`."""
    scene.node("A", stock={"K": 1})
    _promised(scene, placed_at="2026-11-28T00:00:00+00:00" if on else "2026-11-27T23:59:59+00:00")


@case(on="8.00", off="5.00")
def ship_days_of_the_service(scene: Scene, on: bool) -> None:
    """A service that does not collect on Fridays takes the package on Saturday."""
    scene.service("G", ship_days="1111011" if on else "")
    scene.node("A", stock={"K": 1})
    _promised(scene)


@case(on="14.00", off="8.00")
def ship_day_is_of_node_and_service(scene: Scene, on: bool) -> None:
    """The ship day is the first on which both the node works and the service collects."""
    # The service skips Fridays. The node works Monday to Friday: Monday 30, arrives 2 December, 3 late: 14.00.
    # Off: the node works on Saturdays too: 28, arrives 30: 8.00.
    scene.service("G", ship_days="1111011")
    scene.node("A", stock={"K": 1}, working_days="1111100" if on else "1111110")
    _promised(scene)


@case(on="20.00", off="8.00")
def no_common_day_is_no_way(scene: Scene, on: bool) -> None:
    """A node and a service that never work on the same day cannot ship together."""
    # Off: both work on Saturdays: 28, arrives 30, 1 late.
    scene.service("G", ship_days="0000011")
    scene.node("A", stock={"K": 1}, working_days="1111100" if on else "1111110")
    _promised(scene)


@case(on="8.00", off="5.00")
def delivery_days_of_the_service(scene: Scene, on: bool) -> None:
    """A service that does not deliver at weekends delivers on Monday."""
    scene.service("G", delivery_days="1111100" if on else "")
    scene.node("A", stock={"K": 1})
    _promised(scene)


@case(on="9.00", off="5.00")
def slow_and_cheap_loses_to_its_lateness(scene: Scene, on: bool) -> tuple[str, ...]:
    """A cheap service that arrives late costs more than a dear one in time."""
    # G arrives 1 December, one day late: 5.00 + 6.00 = 11.00; F arrives 28: 9.00.
    scene.fast_service()
    scene.objective["late_day"] = "6" if on else "0"
    scene.node("A", stock={"K": 1}, lane=False)
    scene.lane("G", "A", transit=4)
    scene.lane("F", "A", transit=1)
    scene.order("O1", {"K": 1}, deliver_by="2026-11-30")
    return (f"O1: 1 K from A by {'F' if on else 'G'} on 2026-11-27",)


@case(on="9.00", off="8.00")
def priority_multiplies_lateness(scene: Scene, on: bool) -> None:
    """A late day costs its price times the order's priority."""
    # G one day late: 5.00 + 3.00 x 2 = 11.00 against F's 9.00; with priority 1: 8.00.
    scene.fast_service()
    scene.objective["late_day"] = "3"
    scene.node("A", stock={"K": 1}, lane=False)
    scene.lane("G", "A", transit=4)
    scene.lane("F", "A", transit=1)
    scene.order("O1", {"K": 1}, deliver_by="2026-11-30", priority="2" if on else "1")


@case(on="10.50", off="5.00")
def days_to_delivery_have_a_price(scene: Scene, on: bool) -> None:
    """With a price on days to delivery the faster service wins."""
    # G: 5.00 + 4 x 1.50 = 11.00; F: 9.00 + 1 x 1.50 = 10.50.
    scene.fast_service()
    scene.objective["delivery_day"] = "1.50" if on else "0"
    scene.node("A", stock={"K": 1}, lane=False)
    scene.lane("G", "A", transit=4)
    scene.lane("F", "A", transit=1)
    scene.order("O1", {"K": 1})


@case(on="14.00", off="7.00")
def days_to_delivery_count_per_package(scene: Scene, on: bool) -> None:
    """Every package pays for its own days."""
    # Two packages: 2 x (5.00 + 2 x 1.00) = 14.00; from one node 7.00.
    scene.objective["delivery_day"] = "1"
    scene.node("A", stock={"K": 1} if on else {"K": 1, "T": 1})
    scene.node("B", stock={"T": 1})
    scene.order("O1", {"K": 1, "T": 1})


@case(on="9.00", off="5.00")
def max_transit_days(scene: Scene, on: bool) -> None:
    """A lane slower than the limit is no way."""
    scene.fast_service()
    scene.limits["max_transit_days"] = 1 if on else 2
    scene.node("A", stock={"K": 1})
    scene.lane("F", "A", transit=1)
    scene.order("O1", {"K": 1})


@case(on="11.25", off="25.50")
def horizon_lets_an_order_wait_for_capacity(scene: Scene, on: bool) -> None:
    """With a horizon the second order ships a day later; without one it is unfilled."""
    # 5.00 + 2 x 0.25 today, 5.00 + 3 x 0.25 tomorrow; off: 5.50 + 20.00.
    scene.objective["delivery_day"] = "0.25"
    scene.limits["horizon_days"] = 1 if on else 0
    scene.node("A", stock={"K": 2}, max_packages_per_day=1)
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})


@case(on="11.75", off="25.50")
def horizon_is_in_calendar_days(scene: Scene, on: bool) -> None:
    """The horizon counts calendar days; the days within it must be working days."""
    # Works Monday to Friday: today 5.50; Monday 30 is 3 days on and arrives 2 December: 5.00 + 5 x 0.25 = 6.25.
    # Off: a horizon of 2 days ends on Sunday: 5.50 + 20.00.
    scene.objective["delivery_day"] = "0.25"
    scene.limits["horizon_days"] = 3 if on else 2
    scene.node("A", stock={"K": 2}, working_days="1111100", max_packages_per_day=1)
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})


@case(on="8.00", off="5.00")
def horizon_begins_at_the_first_ship_day(scene: Scene, on: bool) -> tuple[str, ...]:
    """A horizon alone delays nothing and hastens nothing."""
    # After the cut-off: Saturday 28, arrives 30, one day late.
    scene.limits["horizon_days"] = 3
    scene.node("A", stock={"K": 1}, cutoff="08:00" if on else "")
    _promised(scene)
    return (f"O1: 1 K from A by G on 2026-11-{28 if on else 27}",)


@case(on="18.00", off="20.00")
def horizon_parts_one_order_over_days(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """One order's units may leave on two days when a day's capacity is short."""
    # 5.00 today, and tomorrow 5.00 + 3.00 late + 5.00 split. Off: 5.00 today + 15.00 unfilled.
    scene.objective["unfilled_unit"] = "15"
    scene.objective["late_day"] = "3"
    scene.limits["horizon_days"] = 1 if on else 0
    scene.node("A", stock={"K": 2}, max_units_per_day=1)
    scene.order("O1", {"K": 2}, deliver_by="2026-11-29")
    scene.objective["split"] = "5"
    if not on:
        return ("O1: 1 K from A by G on 2026-11-27",)
    return ("O1: 1 K from A by G on 2026-11-27", "O1: 1 K from A by G on 2026-11-28")
