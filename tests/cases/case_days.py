"""Cases of single days: holidays, days that are open or closed, waiting, and what a day can do.

The base case ships Friday 27 and arrives Sunday 29. Where packages are promised, the 29th at 3.00 a late day.
"""

from __future__ import annotations

from cases.scene import Scene, case

FRIDAY, SATURDAY, SUNDAY, MONDAY = "2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"


def _promised(scene: Scene, order_id: str = "O1", lines: dict[str, int] | None = None, **columns: str) -> None:
    scene.objective["late_day"] = "3"
    scene.order(order_id, lines or {"K": 1}, deliver_by=SUNDAY, **columns)


def _two_orders(scene: Scene) -> None:
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})


# --- work days of nodes and services ----------------------------------------------------------


@case(on="8.00", off="5.00")
def holiday_of_a_node(scene: Scene, on: bool) -> tuple[str, ...]:
    """A node does not ship on its holiday."""
    # Saturday 28, arrives 30, one day late: 5.00 + 3.00.
    scene.node("A", stock={"K": 1})
    scene.holiday(FRIDAY if on else SATURDAY, node="A")
    _promised(scene)
    return (f"O1: 1 K from A by G on {SATURDAY if on else FRIDAY}",)


@case(on="8.00", off="5.00")
def holiday_of_a_service_when_it_would_collect(scene: Scene, on: bool) -> tuple[str, ...]:
    """A service does not collect on its holiday; another service's holiday is its own."""
    scene.fast_service()
    scene.node("A", stock={"K": 1})
    scene.holiday(FRIDAY, service="G" if on else "F")
    _promised(scene)
    return (f"O1: 1 K from A by G on {SATURDAY if on else FRIDAY}",)


@case(on="8.00", off="5.00")
def holiday_of_a_service_when_it_would_deliver(scene: Scene, on: bool) -> tuple[str, ...]:
    """A service does not deliver on its holiday; a node's holiday delays no delivery."""
    # Ships Friday in both; arrives Monday 30, one day late.
    scene.node("A", stock={"K": 1})
    scene.holiday(SUNDAY, service="G" if on else "", node="" if on else "A")
    _promised(scene)
    return (f"O1: 1 K from A by G on {FRIDAY}",)


@case(on="11.00", off="8.00")
def holiday_before_a_day_without_delivery(scene: Scene, on: bool) -> None:
    """After a holiday the next delivery day counts, as the week has it."""
    # Delivers on all days but Mondays: Sunday 29 is a holiday -> Tuesday 1 December, 2 late: 5.00 + 6.00.
    # Off: delivers on Mondays: 30, one late.
    scene.service("G", delivery_days="0111111" if on else "")
    scene.node("A", stock={"K": 1})
    scene.holiday(SUNDAY, service="G")
    _promised(scene)


@case(on="5.00", off="8.00")
def open_day_wins_over_a_holiday(scene: Scene, on: bool) -> None:
    """A day that is said to be open is a working day, whatever the calendar says."""
    scene.node("A", stock={"K": 1})
    scene.holiday(FRIDAY, node="A")
    scene.node_day("A", FRIDAY, open="true" if on else "", max_units=5)
    _promised(scene)


@case(on="5.00", off="8.00")
def open_day_wins_over_the_week(scene: Scene, on: bool) -> None:
    """A day that is said to be open is a working day, whatever the week says."""
    scene.node("A", stock={"K": 1}, working_days="1111011")
    scene.node_day("A", FRIDAY if on else SATURDAY, open="true")
    _promised(scene)


@case(on="8.00", off="5.00")
def closed_day(scene: Scene, on: bool) -> None:
    """A day that is said to be closed is none on which the node ships."""
    scene.node("A", stock={"K": 1})
    scene.node_day("A", FRIDAY, open="false" if on else "")
    _promised(scene)


@case(on="8.00", off="5.00")
def open_day_opens_no_service(scene: Scene, on: bool) -> None:
    """An open day is the node's; the service keeps its holidays."""
    scene.node("A", stock={"K": 1})
    scene.node_day("A", FRIDAY, open="true")
    if on:
        scene.holiday(FRIDAY, service="G")
    _promised(scene)


@case(on="20.00", off="5.00")
def closed_node_stays_closed_on_an_open_day(scene: Scene, on: bool) -> None:
    """A node that is closed altogether is opened by no day of its own."""
    scene.node("A", stock={"K": 1}, open="false" if on else "true")
    scene.node_day("A", FRIDAY, open="true")
    _promised(scene)


@case(on="8.00", off="20.00")
def one_open_day_is_the_only_way(scene: Scene, on: bool) -> tuple[str, ...]:
    """Node and service share no day of the week, but one that is said to be open."""
    # Saturday 28, arrives 30, one late.
    scene.service("G", ship_days="0000011")
    scene.node("A", stock={"K": 1}, working_days="1111100")
    if on:
        scene.node_day("A", SATURDAY, open="true")
    _promised(scene)
    return (f"O1: 1 K from A by G on {SATURDAY}",) if on else ()


@case(on="20.00", off="8.00")
def the_only_common_day_is_a_holiday(scene: Scene, on: bool) -> None:
    """A node that never works again cannot ship."""
    scene.node("A", stock={"K": 1}, working_days="0000000")
    scene.node_day("A", SATURDAY, open="true")
    if on:
        scene.holiday(SATURDAY, service="G")
    _promised(scene)


# --- the first ship day -----------------------------------------------------------------------


@case(on="17.00", off="14.00")
def holiday_in_the_lead_time(scene: Scene, on: bool) -> tuple[str, ...]:
    """A holiday is no working day of the lead time."""
    # Friday + 1 working day: Monday 30 is a holiday -> Tuesday 1, arrives Thursday 3, 4 late: 5.00 + 12.00.
    # Off: Monday 30, arrives Wednesday 2, 3 late: 5.00 + 9.00.
    scene.node("A", stock={"K": 1}, working_days="1111100", lead_days=1)
    scene.holiday(MONDAY if on else SATURDAY, node="A")
    _promised(scene)
    return (f"O1: 1 K from A by G on {'2026-12-01' if on else MONDAY}",)


@case(on="8.00", off="14.00")
def open_day_in_the_lead_time(scene: Scene, on: bool) -> None:
    """An open Saturday is a working day of the lead time."""
    # Friday + 1 -> Saturday 28, arrives 30, one late.
    scene.node("A", stock={"K": 1}, working_days="1111100", lead_days=1)
    if on:
        scene.node_day("A", SATURDAY, open="true")
    _promised(scene)


@case(on="11.00", off="14.00")
def holiday_of_the_service_in_the_lead_time(scene: Scene, on: bool) -> None:
    """A service's holiday takes nothing from the node's lead time; on the ship day itself it does."""
    # Friday + 2 -> Sunday 29, arrives Tuesday 1 December, 2 late. Off: not collected on 29 -> 30, arrives 2, 3 late.
    scene.node("A", stock={"K": 1}, lead_days=2)
    scene.holiday(SATURDAY if on else SUNDAY, service="G")
    _promised(scene)


@case(on="11.00", off="8.00")
def holiday_after_the_cutoff(scene: Scene, on: bool) -> None:
    """After the cut-off the start is the next day, and then the next working day."""
    # After 08:00: Saturday 28 is a holiday -> Sunday 29, arrives 1 December, 2 late. Off: 28, arrives 30.
    scene.node("A", stock={"K": 1}, cutoff="08:00")
    if on:
        scene.holiday(SATURDAY, node="A")
    _promised(scene)


@case(on="14.00", off="11.00")
def start_on_a_holiday_then_the_lead_time(scene: Scene, on: bool) -> None:
    """A start on a holiday moves to a working day before the lead days count."""
    # Friday and Saturday are holidays: starts Sunday 29, + 1 -> Monday 30, arrives 2, 3 late.
    # Off: only Friday: starts Saturday, + 1 -> Sunday 29, arrives 1 December, 2 late.
    scene.node("A", stock={"K": 1}, lead_days=1)
    scene.holiday(FRIDAY, node="A")
    if on:
        scene.holiday(SATURDAY, node="A")
    _promised(scene)


# --- later days -------------------------------------------------------------------------------


@case(on="13.00", off="10.00")
def full_today_pushes_the_right_order_to_tomorrow(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """Capacity that fills today sends the order to tomorrow for which lateness costs less, not who came last."""
    # O1 late by a day costs 3.00, O2 6.00: O2 today, O1 tomorrow: 5.00 + 5.00 + 3.00.
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 2})
    scene.node_day("A", FRIDAY, max_packages=1 if on else 2)
    _promised(scene, "O1")
    _promised(scene, "O2", priority="2")
    if not on:
        return None
    return (f"O1: 1 K from A by G on {SATURDAY}", f"O2: 1 K from A by G on {FRIDAY}")


@case(on="8.00", off="12.00")
def hold_until_the_consolidation(scene: Scene, on: bool) -> tuple[str, ...]:
    """An order that may be held waits for the day on which it fits into one package."""
    # A has one unit left today, so K from A 5.00 and T from B 7.00; tomorrow both from A: 5.00 + 3.00 late.
    scene.node("A", stock={"K": 1, "T": 1})
    scene.node("B", zone="2", stock={"T": 1})
    scene.node_day("A", FRIDAY, max_units=4, used_units=3)
    _promised(scene, "O1", {"K": 1, "T": 1}, hold_until=SATURDAY if on else "")
    if on:
        return (f"O1: 1 K, 1 T from A by G on {SATURDAY}",)
    return (f"O1: 1 K from A by G on {FRIDAY}", f"O1: 1 T from B by G on {FRIDAY}")


@case(on="12.00", off="8.00")
def hold_that_does_not_pay(scene: Scene, on: bool) -> None:
    """An order that may be held is not, when waiting costs more than a second package."""
    # A can do both on Sunday only: 5.00 + 2 x 4.00 = 13.00, against 5.00 + 7.00 from A and B today.
    # Off: on Saturday already: 5.00 + 3.00.
    scene.node("A", stock={"K": 1, "T": 1})
    scene.node("B", zone="2", stock={"T": 1})
    scene.node_day("A", FRIDAY, max_units=1)
    if on:
        scene.node_day("A", SATURDAY, max_units=1)
    _promised(scene, "O1", {"K": 1, "T": 1}, hold_until=SUNDAY)
    scene.objective["late_day"] = "4" if on else "3"


@case(on="13.00", off="25.00")
def hold_is_of_one_order(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """Of two orders on a full day only the one that may be held can give way."""
    # O1 tomorrow: 5.00 + 3.00 late; O2 today 5.00. Off: one is unfilled: 5.00 + 20.00.
    scene.node("A", stock={"K": 2}, max_packages_per_day=1)
    _promised(scene, "O1", hold_until=SATURDAY if on else "")
    _promised(scene, "O2")
    if not on:
        return None
    return (f"O1: 1 K from A by G on {SATURDAY}", f"O2: 1 K from A by G on {FRIDAY}")


@case(on="11.25", off="25.50")
def hold_shorter_than_the_horizon(scene: Scene, on: bool) -> None:
    """An end of holding within the horizon ends nothing."""
    # 5.00 + 2 x 0.25 today, 5.00 + 3 x 0.25 tomorrow; off, without a horizon: 5.50 + 20.00.
    scene.objective["delivery_day"] = "0.25"
    scene.limits["horizon_days"] = 1 if on else 0
    scene.node("A", stock={"K": 2}, max_packages_per_day=1)
    for order in ("O1", "O2"):
        scene.order(order, {"K": 1}, hold_until=FRIDAY)


@case(on="8.00", off="5.00")
def hold_that_ends_before_the_first_ship_day(scene: Scene, on: bool) -> tuple[str, ...]:
    """An order whose holding ends before it can ship at all ships as soon as it can."""
    scene.node("A", stock={"K": 1}, cutoff="08:00" if on else "")
    _promised(scene, hold_until=FRIDAY)
    return (f"O1: 1 K from A by G on {SATURDAY if on else FRIDAY}",)


@case(on="25.50", off="11.25")
def holiday_within_the_horizon(scene: Scene, on: bool) -> None:
    """A holiday is no day of the horizon on which to ship, and makes the horizon no longer."""
    # Off: tomorrow for 5.75; on: tomorrow is a holiday, Sunday is beyond the horizon.
    scene.objective["delivery_day"] = "0.25"
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 2}, max_packages_per_day=1)
    scene.holiday(SATURDAY if on else SUNDAY, node="A")
    _two_orders(scene)


# --- not before -------------------------------------------------------------------------------


@case(on="10.00", off="7.00")
def not_before_waits_without_a_horizon(scene: Scene, on: bool) -> tuple[str, ...]:
    """A package that would arrive too early ships on the first later day on which it does not."""
    # Wednesday 2 December: ships Monday 30, 5 days after the start: 5.00 + 5 x 1.00. Off: 5.00 + 2 x 1.00.
    scene.objective["delivery_day"] = "1"
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1}, not_before="2026-12-02" if on else SUNDAY)
    return (f"O1: 1 K from A by G on {MONDAY if on else FRIDAY}",)


@case(on="11.00", off="10.00")
def not_before_waits_over_a_holiday(scene: Scene, on: bool) -> None:
    """The day on which it ships then is a day of node and service."""
    # Monday 30 is a holiday: ships 1 December, arrives 3: 5.00 + 6 x 1.00.
    scene.objective["delivery_day"] = "1"
    scene.node("A", stock={"K": 1})
    scene.holiday(MONDAY if on else SUNDAY, node="A")
    scene.order("O1", {"K": 1}, not_before="2026-12-02")


@case(on="8.00", off="8.00")
def not_before_is_about_the_delivery_day(scene: Scene, on: bool) -> tuple[str, ...]:
    """A package that is not delivered at the weekend need not wait for Monday."""
    # Ships Friday, would arrive Sunday, is delivered Monday 30: 5.00 + 3 x 1.00. Off: ships Saturday, arrives Monday.
    scene.objective["delivery_day"] = "1"
    scene.service("G", delivery_days="1111100" if on else "")
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1}, not_before=MONDAY)
    return (f"O1: 1 K from A by G on {FRIDAY if on else SATURDAY}",)


@case(on="25.75", off="11.75")
def not_before_adds_one_day_only(scene: Scene, on: bool) -> None:
    """Without a day in the window there is one after it, not all that follow."""
    # Arriving from Monday 30 on: Saturday only, 5.75 + 20.00. Off: a horizon of 2 has Saturday and Sunday: 5.75 + 6.00.
    scene.objective["delivery_day"] = "0.25"
    scene.limits["horizon_days"] = 0 if on else 2
    scene.node("A", stock={"K": 2}, max_packages_per_day=1)
    for order in ("O1", "O2"):
        scene.order(order, {"K": 1}, not_before=MONDAY)


@case(on="20.00", off="8.00")
def not_before_adds_no_day_to_a_window_that_has_one(scene: Scene, on: bool) -> None:
    """A day of the window that is late enough but full is no reason to wait beyond the window."""
    # Saturday arrives on Monday 30 as asked, but nothing leaves then. Off: 5.00 + 3 x 1.00.
    scene.objective["delivery_day"] = "1"
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 1})
    scene.node_day("A", SATURDAY, max_packages=0 if on else 1)
    scene.order("O1", {"K": 1}, not_before=MONDAY)


@case(on="9.00", off="8.00")
def not_before_looks_beyond_the_hold(scene: Scene, on: bool) -> None:
    """The window ends with the hold, and the one day more comes after that."""
    # Arriving from Tuesday 1 on: ships Sunday 29, a day after the hold: 5.00 + 4 x 1.00. Off: from Monday 30 on.
    scene.objective["delivery_day"] = "1"
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1}, hold_until=SATURDAY, not_before="2026-12-01" if on else MONDAY)


@case(on="5.00", off="9.00")
def not_before_is_for_each_node_and_service(scene: Scene, on: bool) -> None:
    """A way that is too fast waits, while another need not."""
    # G waits for Sunday and arrives 1 December: 5.00; F leaves today and arrives then too: 9.00.
    # Off: G collects on Fridays only, on 4 December: 5 days late.
    scene.fast_service()
    scene.service("G", ship_days="" if on else "0000100")
    scene.objective["late_day"] = "6"
    scene.node("A", stock={"K": 1})
    scene.lane("F", "A", transit=4)
    scene.order("O1", {"K": 1}, not_before="2026-12-01", deliver_by="2026-12-01")


# --- what a day can do ------------------------------------------------------------------------


@case(on="12.00", off="10.00")
def node_capacity_in_lines(scene: Scene, on: bool) -> None:
    """A node's lines a day are limited over all orders, however many units a line has."""
    # Two lines of two units; one line a day: the other goes from B.
    scene.node("A", stock={"K": 4}, max_lines_per_day=1 if on else 2)
    scene.node("B", zone="2", stock={"K": 2})
    scene.order("O1", {"K": 2})
    scene.order("O2", {"K": 2})


@case(on="13.00", off="5.00")
def node_capacity_in_lines_parts_an_order(scene: Scene, on: bool) -> None:
    """A package with more lines than a day can do is impossible by itself."""
    # K today 5.00, T tomorrow 5.00 + 3.00 late.
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 1, "T": 1}, max_lines_per_day=1 if on else 2)
    _promised(scene, "O1", {"K": 1, "T": 1})


@case(on="25.00", off="10.00")
def line_counts_in_each_of_its_packages(scene: Scene, on: bool) -> None:
    """A line in two packages counts twice."""
    # Two units of 6 kg need two packages: one line may leave: 5.00 + 20.00.
    scene.sku("K", "6")
    scene.node("A", stock={"K": 2}, max_lines_per_day=1 if on else 2)
    scene.order("O1", {"K": 2})


@case(on="17.00", off="15.00")
def minutes_bind_before_packages(scene: Scene, on: bool) -> None:
    """A day is full when its minutes are, though more packages were allowed."""
    # 8 + 1 minutes each: two in 26 minutes, the third of 27 goes from B: 5.00 + 5.00 + 7.00.
    scene.node(
        "A", stock={"K": 3}, max_packages_per_day=3, max_minutes_per_day=26 if on else 27, minutes_per_package=8,
        minutes_per_unit=1,
    )  # fmt: skip
    scene.node("B", zone="2", stock={"K": 1})
    for order in ("O1", "O2", "O3"):
        scene.order(order, {"K": 1})


@case(on="25.00", off="5.00")
def minutes_are_exact(scene: Scene, on: bool) -> None:
    """A hundredth of a minute too little is too little."""
    # 0.25 + 3 x 1.50 = 4.75 minutes; in 4.74 two units: 5.00 + 20.00.
    scene.node(
        "A", stock={"K": 3}, max_minutes_per_day="4.74" if on else "4.75", minutes_per_package="0.25",
        minutes_per_unit="1.50",
    )  # fmt: skip
    scene.order("O1", {"K": 3})


@case(on="12.00", off="5.00")
def minutes_of_one_node_are_not_anothers(scene: Scene, on: bool) -> None:
    """Nodes count in minutes of their own, whatever their common step."""
    # A: 2 of 3 units at 0.7 each in 1.5 minutes; the third from B at 0.3 of 0.3 minutes: 5.00 + 7.00.
    scene.node("A", stock={"K": 3}, max_minutes_per_day="1.5" if on else "2.1", minutes_per_unit="0.7")
    scene.node("B", zone="2", stock={"K": 1}, max_minutes_per_day="0.3", minutes_per_package="0.3")
    scene.order("O1", {"K": 3})


@case(on="13.00", off="10.00")
def minutes_of_today_push_to_tomorrow(scene: Scene, on: bool) -> None:
    """What today's minutes do not allow leaves tomorrow."""
    # 5.00 today, 5.00 + 3.00 tomorrow.
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 2}, max_minutes_per_day=10, minutes_per_package=5)
    if on:
        scene.node_day("A", FRIDAY, max_minutes="9.999999")
    _promised(scene, "O1")
    _promised(scene, "O2")


@case(on="12.00", off="10.00")
def used_capacity(scene: Scene, on: bool) -> None:
    """What others have used of a day is not there."""
    # Two packages a day, one used: the other order goes from B.
    scene.node("A", stock={"K": 2}, max_packages_per_day=2)
    scene.node("B", zone="2", stock={"K": 2})
    scene.node_day("A", FRIDAY, used_packages=1 if on else 0)
    _two_orders(scene)


@case(on="14.00", off="12.00")
def more_used_than_there_is(scene: Scene, on: bool) -> None:
    """A day that is overdrawn has nothing left, not less than nothing."""
    scene.node("A", stock={"K": 2}, max_units_per_day=2)
    scene.node("B", zone="2", stock={"K": 2})
    scene.node_day("A", FRIDAY, used_units=5 if on else 1)
    _two_orders(scene)


@case(on="10.00", off="12.00")
def used_of_what_has_no_limit(scene: Scene, on: bool) -> None:
    """What is not limited stays so, whatever is used."""
    scene.node("A", stock={"K": 2}, max_units_per_day="" if on else 1001, minutes_per_unit=1)
    scene.node("B", zone="2", stock={"K": 2})
    scene.node_day("A", FRIDAY, used_units=1000, used_packages=1000, used_lines=1000, used_minutes=1000)
    _two_orders(scene)


@case(on="12.00", off="10.00")
def used_minutes_and_lines(scene: Scene, on: bool) -> None:
    """Minutes and lines that are used count as packages do."""
    # 2 x 5 minutes of 12, 2.5 used: 9.5 are left for one package. Off: 2 lines of 3, one used.
    scene.node("A", stock={"K": 2}, max_minutes_per_day=12, max_lines_per_day=3, minutes_per_package=5)
    scene.node("B", zone="2", stock={"K": 2})
    scene.node_day("A", FRIDAY, used_minutes="2.5" if on else 2, used_lines=1)
    _two_orders(scene)


@case(on="12.00", off="10.00")
def used_lines_fill_the_day(scene: Scene, on: bool) -> None:
    """Lines that are used leave room for fewer."""
    scene.node("A", stock={"K": 2}, max_lines_per_day=3)
    scene.node("B", zone="2", stock={"K": 2})
    scene.node_day("A", FRIDAY, used_lines=2 if on else 1)
    _two_orders(scene)


@case(on="10.00", off="12.00")
def capacity_of_the_day_replaces_the_nodes(scene: Scene, on: bool) -> None:
    """A day's own capacity may be more than the node's."""
    scene.node("A", stock={"K": 2}, max_packages_per_day=1)
    scene.node("B", zone="2", stock={"K": 2})
    scene.node_day("A", FRIDAY, max_packages=2 if on else "", max_units=9)
    _two_orders(scene)


@case(on="10.00", off="14.00")
def capacity_of_another_day(scene: Scene, on: bool) -> None:
    """A day's capacity is that day's only."""
    scene.node("A", stock={"K": 2})
    scene.node("B", zone="2", stock={"K": 2})
    scene.node_day("A", SATURDAY if on else FRIDAY, max_units=0)
    _two_orders(scene)


@case(on="12.00", off="5.00")
def wide_order_within_a_days_lines(scene: Scene, on: bool) -> None:
    """Eleven lines of one unit, 2,048 quantity vectors, where a day of the nearer node can do eight."""
    # 8 lines from A 5.00, the 3 that B has from there 7.00.
    names = [f"W{index:02d}" for index in range(11)]
    for name in names:
        scene.sku(name, "0.8")
    scene.node("A", stock=dict.fromkeys(names, 1), max_lines_per_day=8 if on else 11)
    scene.node("B", zone="2", stock=dict.fromkeys(names[8:], 1), max_lines_per_day=8)
    scene.order("O1", dict.fromkeys(names, 1))


# --- a service's packages over all nodes ------------------------------------------------------


def _one_each(scene: Scene) -> None:
    """Two orders, two nodes with a unit each, services G for 5.00 and F for 9.00."""
    scene.fast_service()
    for node in ("A", "B"):
        scene.node(node, stock={"K": 1})
        scene.lane("F", node)


@case(on="14.00", off="10.00")
def quota_of_a_service_over_two_nodes(scene: Scene, on: bool) -> None:
    """A service's packages a day count over all nodes."""
    # One by G 5.00, the other, from whichever node, by F 9.00.
    _one_each(scene)
    scene.quota("G", 1 if on else 2)
    _two_orders(scene)


@case(on="14.00", off="10.00")
def quota_beside_the_nodes_own(scene: Scene, on: bool) -> None:
    """The quota holds beside what each node may send by the service."""
    _one_each(scene)
    for node in ("A", "B"):
        scene.offer(node, "G", max_packages_per_day=1)
        scene.offer(node, "F")
    scene.quota("G", 1 if on else 2)
    _two_orders(scene)


@case(on="10.00", off="14.00")
def quota_of_the_day_wins(scene: Scene, on: bool) -> None:
    """A day with a row of its own does not follow that of every day."""
    _one_each(scene)
    scene.quota("G", 1)
    scene.quota("G", 2, FRIDAY if on else SATURDAY)
    _two_orders(scene)


@case(on="10.00", off="18.00")
def quota_of_another_day(scene: Scene, on: bool) -> None:
    """A quota of one day says nothing of others; one of 0 stops the service."""
    _one_each(scene)
    scene.quota("G", 0, SATURDAY if on else FRIDAY)
    _two_orders(scene)


@case(on="10.00", off="14.00")
def quota_of_another_service(scene: Scene, on: bool) -> None:
    """A quota is its service's only."""
    _one_each(scene)
    scene.quota("F" if on else "G", 1)
    _two_orders(scene)


@case(on="13.00", off="10.00")
def quota_pushes_to_tomorrow(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """What a service does not take today it takes tomorrow, from the order for which that costs less."""
    # O1 tomorrow: 5.00 + 3.00 late; O2, twice as dear to delay, today: 5.00.
    scene.limits["horizon_days"] = 1
    scene.node("A", stock={"K": 1}, lane=False)
    scene.node("B", stock={"K": 1}, lane=False)
    scene.lane("G", "A", to="1")
    scene.lane("G", "B", to="2")
    scene.quota("G", 1 if on else 2)
    _promised(scene, "O1")
    _promised(scene, "O2", priority="2", postal_code="20001")
    if not on:
        return None
    return (f"O1: 1 K from A by G on {SATURDAY}", f"O2: 1 K from B by G on {FRIDAY}")
