"""Cases of what a package costs: rate cards, weights, handling, rounding."""

from __future__ import annotations

from cases.scene import Scene, case


@case(on="15.91", off="22.56")
def two_packages_beat_one(scene: Scene, on: bool) -> tuple[str, ...]:
    """A real rate card: 4.8 lb and 3.2 lb apart cost less than 8 lb together, from the same node."""
    # 4.8 lb = 2.177243376 kg at 8.34, 3.2 lb = 1.451495584 kg at 7.57: 8.34 + 7.57 = 15.91 < 22.56.
    scene.no_rates()
    for up_to, price in (("1.451495584", "7.57"), ("2.177243376", "8.34"), ("3.62873896", "22.56")):
        scene.rate("G", "1", up_to, price)
    scene.sku("K", "2.177243376")
    scene.sku("T", "1.451495584")
    scene.node("A", stock={"K": 1, "T": 1})
    scene.order("O1", {"K": 1, "T": 1}, max_packages="" if on else 1)
    day = "from A by G on 2026-11-27"
    return (f"O1: 1 K {day}", f"O1: 1 T {day}") if on else (f"O1: 1 K, 1 T {day}",)


@case(on="8.00", off="5.00")
def dimensional_weight(scene: Scene, on: bool) -> None:
    """A bulky unit is billed by its volume where the service has a divisor."""
    # 50 x 40 x 30 cm = 60,000 cm3; / 5,000 = 12 kg > 1 kg, so the 20 kg bracket.
    scene.service("G", dim_divisor="5000" if on else "")
    scene.rate("G", "1", 20, "8.00")
    scene.sku("K", "1", length_cm="50", width_cm="40", height_cm="30")
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})


@case(on="5.00", off="8.00")
def dimensional_weight_needs_all_sides(scene: Scene, on: bool) -> None:
    """An SKU with a missing side has no volume."""
    scene.service("G", dim_divisor="5000")
    scene.rate("G", "1", 20, "8.00")
    scene.sku("K", "1", length_cm="50", width_cm="40", height_cm="" if on else "30")
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})


@case(on="5.00", off="8.00")
def dimensional_weight_is_of_the_package(scene: Scene, on: bool) -> None:
    """Weight and volume are compared for the package, not unit by unit."""
    # K: 9 kg, no volume. T: 0 kg, 45,000 cm3 / 5,000 = 9 kg. Together max(9, 9) = 9 kg: 5.00 (unit by unit: 18 kg).
    # Off: T weighs 2 kg, so 11 kg actual: 8.00 together, less than 10.00 apart.
    scene.service("G", dim_divisor="5000")
    scene.rate("G", "1", 20, "8.00")
    scene.sku("K", "9")
    scene.sku("T", "0" if on else "2", length_cm="50", width_cm="30", height_cm="30")
    scene.node("A", stock={"K": 1, "T": 1})
    scene.order("O1", {"K": 1, "T": 1})


@case(on="7.00", off="5.00")
def weight_step_rounds_up(scene: Scene, on: bool) -> None:
    """Billable weight goes up to the next multiple of the step."""
    # 1.2 kg -> 1.5 kg, beyond the 1.3 kg bracket.
    scene.no_rates()
    scene.rate("G", "1", "1.3", "5.00")
    scene.rate("G", "1", "2", "7.00")
    scene.service("G", weight_step_kg="0.5" if on else "")
    scene.sku("K", "1.2")
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})


@case(on="5.00", off="7.00")
def weight_step_keeps_multiples(scene: Scene, on: bool) -> None:
    """A weight that is a multiple of the step already stays."""
    # 1.5 kg = 3 x 0.5 kg; a billionth more goes to 2 kg.
    scene.no_rates()
    scene.rate("G", "1", "1.5", "5.00")
    scene.rate("G", "1", "2", "7.00")
    scene.service("G", weight_step_kg="0.5")
    scene.sku("K", "1.5" if on else "1.500000001")
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})


@case(on="5.00", off="8.00")
def bracket_includes_its_end(scene: Scene, on: bool) -> None:
    """A bracket holds weights up to and including its end."""
    scene.rate("G", "1", 20, "8.00")
    scene.sku("K", "10" if on else "10.000000001")
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})


@case(on="7.00", off="20.00")
def per_extra_kg(scene: Scene, on: bool) -> None:
    """Beyond the last bracket each kilogram has its price; without one, heavier packages cannot ship."""
    # 12.5 kg: 5.00 + 2.5 x 0.80 = 7.00; off: unfilled, 20.00.
    scene.no_rates()
    scene.rate("G", "1", 10, "5.00", per_extra_kg="0.80" if on else "")
    scene.sku("K", "12.5")
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})


@case(on="8.30", off="10.00")
def per_extra_kg_joins_what_brackets_would_part(scene: Scene, on: bool) -> tuple[str, ...] | None:
    """Two units of 6 kg: one package with the price per extra kilogram, or two packages."""
    # Together 12 kg: 5.00 + 2 x 1.65 = 8.30 < 10.00; at 3.00 a kilogram 11.00 > 10.00.
    scene.no_rates()
    scene.rate("G", "1", 10, "5.00", per_extra_kg="1.65" if on else "3.00")
    scene.sku("K", "6")
    scene.node("A", stock={"K": 2})
    scene.order("O1", {"K": 2})
    return ("O1: 2 K from A by G on 2026-11-27",) if on else ("O1: 1 K from A by G on 2026-11-27",) * 2


@case(on="10.00", off="5.00")
def max_weight_of_a_service(scene: Scene, on: bool) -> None:
    """A service's weight limit forces two packages."""
    # Two units of 3 kg: 6 kg > 5 kg.
    scene.service("G", max_weight_kg="5" if on else "")
    scene.sku("K", "3")
    scene.node("A", stock={"K": 2})
    scene.order("O1", {"K": 2})


@case(on="5.00", off="10.00")
def max_weight_is_actual_weight(scene: Scene, on: bool) -> None:
    """The weight limit is on actual weight: volume does not count against it."""
    # 2 x 2.5 kg = 5 kg, billed 8 kg by volume (2 x 20,000 cm3 / 5,000). Off: the limit is a billionth less.
    scene.service("G", dim_divisor="5000", max_weight_kg="5" if on else "4.999999999")
    scene.sku("K", "2.5", length_cm="50", width_cm="40", height_cm="10")
    scene.node("A", stock={"K": 2})
    scene.order("O1", {"K": 2})


@case(on="1.00", off="5.00")
def zero_weight(scene: Scene, on: bool) -> None:
    """A weightless unit falls into a bracket that ends at 0."""
    scene.no_rates()
    scene.rate("G", "1", 0, "1.00")
    scene.rate("G", "1", 10, "5.00")
    scene.sku("K", "0" if on else "0.000000001")
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})


@case(on="7.75", off="5.00")
def handling(scene: Scene, on: bool) -> None:
    """Handling is per package, per line and per unit."""
    # 5.00 + 1.00 + 2 lines x 0.50 + 3 units x 0.25 = 7.75.
    costs = {"package_cost": "1.00", "line_cost": "0.50", "unit_cost": "0.25"} if on else {}
    scene.node("A", stock={"K": 2, "T": 1}, **costs)
    scene.order("O1", {"K": 2, "T": 1})


@case(on="5.000001", off="5.00")
def handling_is_summed_before_rounding(scene: Scene, on: bool) -> None:
    """The parts of a term are added exactly and rounded once."""
    # 0.4 + 0.4 + 0.4 micros = 1.2 -> 1 micro (each rounded alone: 0). Off: 0.4 + 0 + 0 -> 0.
    part = "0.0000004"
    scene.node("A", stock={"K": 1}, package_cost=part, line_cost=part if on else "0", unit_cost=part if on else "0")
    scene.order("O1", {"K": 1})


@case(on="5.000002", off="5.00")
def half_a_micro_goes_to_the_even_one(scene: Scene, on: bool) -> None:
    """A tie is rounded to the even micro."""
    # 5.0000015 lies between ...01 and ...02: 5.000002. 5.0000005 lies between ...00 and ...01: 5.000000.
    scene.no_rates()
    scene.rate("G", "1", 10, "5.0000015" if on else "5.0000005")
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1})


@case(on="7.00", off="5.00")
def longest_prefix_wins(scene: Scene, on: bool) -> None:
    """Of the lanes that match a postal code the longest decides, also when it is dearer."""
    scene.node("A", stock={"K": 1})
    scene.lane("G", "A", zone="2", to="100")
    scene.lane("G", "A", zone="1", to="10")
    scene.order("O1", {"K": 1}, postal_code="10001" if on else "10101")


@case(on="20.00", off="5.00")
def zone_without_rate_is_no_way(scene: Scene, on: bool) -> None:
    """The longest lane's zone has no rate: no falling back to a shorter one."""
    scene.node("A", stock={"K": 1})
    scene.lane("G", "A", zone="9", to="100")
    scene.order("O1", {"K": 1}, postal_code="10001" if on else "20001")


@case(on="20.00", off="5.00")
def lanes_are_by_country(scene: Scene, on: bool) -> None:
    """A lane serves its own country only."""
    scene.node("A", stock={"K": 1})
    scene.order("O1", {"K": 1}, country="CA" if on else "US")
