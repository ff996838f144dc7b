"""Flows, use of capacities and emissions, counted package by package."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from cases.scene import Scene
from planning.answers import by_policy
from splitship.domain import Result
from splitship.errors import UsageError
from splitship.packs import Pack, read_pack
from splitship.packs.documents import plan_document
from splitship.planning.network_kpis import network_kpis

FRIDAY = "2026-11-27"


def kpis(result: Result) -> dict[str, Any]:
    return {each.key: each.value for each in network_kpis(result)}


def answer(scene: Scene) -> Result:
    return by_policy(Pack.from_tables(scene.tables, settings=scene.settings).problem())


def two_orders(**columns: Any) -> Scene:
    scene = Scene()
    scene.node("A", stock={"K": 9}, **columns)
    scene.order("O1", {"K": 2})
    scene.order("O2", {"K": 3})
    return scene


def test_shares_of_capacity_by_hand() -> None:
    """Two packages of five units in all: 2 of 8 packages, 5 of 20 units, 2 of 4 lines, 2 x 1 + 5 x 0.5 of 9 minutes."""
    found = kpis(
        answer(
            two_orders(
                max_packages_per_day=8, max_units_per_day=20, max_lines_per_day=4, max_minutes_per_day=9,
                minutes_per_package=1, minutes_per_unit="0.5",
            )
        )
    )  # fmt: skip
    for noun, share in (("packages", Fraction(1, 4)), ("units", Fraction(1, 4)), ("lines", Fraction(1, 2)),
                        ("minutes", Fraction(1, 2))):  # fmt: skip
        assert found[f"use.node.{noun}:A@{FRIDAY}"] == found[f"use.node.{noun}:A"] == share, noun
    assert (found["packages.node:A"], found["units.node:A"], found["packages.service:G"]) == (2, 5, 2)


def test_what_others_use_counts_and_days_are_summed() -> None:
    """On Friday 3 of 4 are used by others; the second order leaves on Saturday, when nobody else is there."""
    scene = two_orders(max_packages_per_day=4)
    scene.node_day("A", FRIDAY, used_packages=3)
    scene.limits["horizon_days"] = 1
    found = kpis(answer(scene))
    assert found[f"use.node.packages:A@{FRIDAY}"] == 1
    assert found["use.node.packages:A@2026-11-28"] == Fraction(1, 4)
    assert found["use.node.packages:A"] == Fraction(5, 8)


def test_services_of_a_node_and_over_all_nodes() -> None:
    scene = two_orders()
    scene.offer("A", "G", max_packages_per_day=5)
    scene.quota("G", 16)
    found = kpis(answer(scene))
    assert found["use.service:A G"] == Fraction(2, 5)
    assert found["use.quota:G"] == Fraction(1, 8)


def test_nothing_is_used_where_there_is_no_limit() -> None:
    assert not [key for key in kpis(answer(two_orders())) if key.startswith("use.")]


def test_shares_agree_with_packages_one_by_one() -> None:
    """The busiest of all, by the plan document and the tables; feasible plans use no more than there is."""
    pack = read_pack("scenarios/us-retail")
    result = by_policy(pack.problem())
    found = kpis(result)
    nodes = pack.tables["nodes"].set_index("node_id")
    counts: dict[tuple[str, str], int] = {}
    for package in plan_document(result)["packages"]:
        key = package["node_id"], package["ship_on"]
        counts[key] = counts.get(key, 0) + 1
    for (node, day), count in counts.items():
        text = str(nodes.loc[node, "max_packages_per_day"])
        if text:
            assert found[f"use.node.packages:{node}@{day}"] == Fraction(count, int(text))
    shares = [value for key, value in found.items() if key.startswith("use.")]
    assert len(shares) > 20
    assert max(shares) <= 1


def located(scene: Scene) -> Scene:
    scene.tables["nodes"][0] |= {"latitude": "40.7", "longitude": "-74.0"}
    for row in scene.tables["orders"]:
        row |= {"latitude": "34.1", "longitude": "-118.2"}
    return scene


def test_emissions_are_weight_times_distance_times_factor() -> None:
    """Five kilograms from New York to Los Angeles at 0.0001 kg a kg and km, the distance by another formula."""
    scene = located(two_orders())
    scene.service("G", co2_per_kg_km="0.0001")
    a, b = (math.radians(each) for each in (40.7, 34.1))
    angle = math.acos(math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(math.radians(118.2 - 74.0)))
    assert kpis(answer(scene))["co2"] == pytest.approx(5 * 6371.0088 * angle * 0.0001, rel=1e-9)


def test_emissions_need_factors_and_coordinates() -> None:
    """Without a column nothing is said; without a coordinate, or a factor of a service in use, it is not defined."""
    assert "co2" not in kpis(answer(located(two_orders())))
    scene = two_orders()
    scene.service("G", co2_per_kg_km="0.0001")
    assert kpis(answer(scene))["co2"] is None
    scene = located(two_orders())
    scene.service("G", co2_per_kg_km="")
    scene.service("AIR", co2_per_kg_km="0.002")
    assert kpis(answer(scene))["co2"] is None


@pytest.mark.parametrize("text", ["much", "-1", "nan", "inf"])
def test_factor_that_is_no_number_is_refused(text: str) -> None:
    scene = located(two_orders())
    scene.service("G", co2_per_kg_km=text)
    with pytest.raises(UsageError, match="services, G: co2_per_kg_km"):
        kpis(answer(scene))
