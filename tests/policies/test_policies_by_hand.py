"""Each policy on small scenes whose routing follows by hand from its rule."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from cases.harness import texts_of
from cases.scene import Scene
from oracles.generate import build
from oracles.plans import packages_of
from splitship.check import check_plan
from splitship.errors import InputError, UsageError
from splitship.instance import compile_problem
from splitship.policies import POLICIES, route
from splitship.units import format_micros

DAY = "on 2026-11-27"
RULES_OF_THUMB = ("first_location", "priority", "nearest", "fewest_splits")


def routed(scene: Scene, name: str) -> tuple[Counter[str], str]:
    """The packages of a policy as texts, and the plan's cost; the checker finds nothing wrong."""
    problem = build((scene.tables, scene.settings))
    plan = route(compile_problem(problem, 1), name)
    report = check_plan(problem, plan)
    assert report.violations == ()
    assert report.costs is not None
    return texts_of(packages_of(problem, plan)), format_micros(report.costs.total)


def texts(*packages: str) -> Counter[str]:
    """`O1: 1 K from A` as the texts of `routed`."""
    return Counter(f"{package} by G {DAY}" for package in packages)


def six_nodes() -> Scene:
    """One order of K and T; each policy prefers another node or pair."""
    scene = Scene()
    scene.rate("G", "3", 10, "15.00")
    scene.rate("G", "4", 10, "6.00")
    # north of the order by degrees of latitude, about 111 km each
    for node, zone, stock, priority, degrees in (
        ("A", "4", {"K": 1}, 3, 20),
        ("B", "3", {"K": 1, "T": 1}, 2, 8),
        ("C", "4", {"K": 1}, 1, 3),
        ("D", "4", {"T": 1}, 4, 1),
        ("E", "2", {"K": 1, "T": 1}, 5, 5),
        ("F", "1", {"K": 1, "T": 1}, 6, 13),
    ):
        scene.node(node, zone, stock, priority=priority, latitude=str(40 + degrees), longitude="-75")
    scene.order("O1", {"K": 1, "T": 1}, latitude="40", longitude="-75")
    return scene


@pytest.mark.parametrize(
    ("name", "packages", "cost"),
    [
        ("first_location", ("O1: 1 K, 1 T from B",), "15.00"),  # A has no T; B is the first with both
        ("priority", ("O1: 1 K from C", "O1: 1 T from B"), "21.00"),  # C gives K, then B gives T: 6 + 15
        ("nearest", ("O1: 1 K from C", "O1: 1 T from D"), "12.00"),  # D at 111 km gives T, C at 334 km K: 6 + 6
        ("fewest_splits", ("O1: 1 K, 1 T from E",), "7.00"),  # B, E and F cover it alone; E is nearest
        ("per_order_optimal", ("O1: 1 K, 1 T from F",), "5.00"),  # zone 1
    ],
)
def test_policies_differ_on_one_order(name: str, packages: tuple[str, ...], cost: str) -> None:
    """Five policies, five routings of one order."""
    assert routed(six_nodes(), name) == (texts(*packages), cost)


def test_first_location_goes_line_by_line_when_no_node_has_all() -> None:
    """Lines go whole to the first node that has them, together where it is the same node."""
    scene = Scene()
    scene.sku("U")
    scene.node("A", stock={"K": 1, "T": 1})
    scene.node("B", stock={"K": 3, "T": 2})
    scene.node("C", stock={"U": 1})
    scene.order("O1", {"K": 2, "T": 2, "U": 1})
    # A has one of each of K and T, which is not a whole line; B takes both lines, C the rest
    assert routed(scene, "first_location")[0] == texts("O1: 2 K, 2 T from B", "O1: 1 U from C")


def test_first_location_spreads_a_line_that_no_node_has_whole() -> None:
    """Five units from nodes with 2, 2 and 3; an unsplittable line stays unfilled."""
    scene = Scene()
    for node, units in (("A", 2), ("B", 2), ("C", 3)):
        scene.node(node, stock={"K": units})
    scene.order("O1", {"K": 5})
    assert routed(scene, "first_location")[0] == texts("O1: 2 K from A", "O1: 2 K from B", "O1: 1 K from C")
    scene.tables["order_lines"][0]["splittable"] = "false"
    assert routed(scene, "first_location") == (Counter(), "100.00")


def test_first_location_skips_nodes_when_the_order_has_no_package_left() -> None:
    """With two packages the third line finds a place only at a node that already ships."""
    scene = Scene()
    scene.sku("U")
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"T": 1})
    scene.node("C", stock={"U": 1})
    scene.order("O1", {"K": 1, "T": 1, "U": 1}, max_packages=2)
    assert routed(scene, "first_location")[0] == texts("O1: 1 K from A", "O1: 1 T from B")
    scene.stock("B", "U", 1)
    assert routed(scene, "first_location")[0] == texts("O1: 1 K from A", "O1: 1 T, 1 U from B")


def test_priority_walks_into_a_dead_end_of_max_packages() -> None:
    """The one package allowed goes to the preferred node, whatever it has; ties are by table order."""
    scene = Scene()
    scene.node("A", stock={"K": 1, "T": 1}, priority=2)
    scene.node("B", stock={"K": 1}, priority="1.5")
    scene.node("C", stock={"T": 1}, priority="1.5")
    scene.order("O1", {"K": 1, "T": 1}, max_packages=1)
    assert routed(scene, "priority")[0] == texts("O1: 1 K from B")
    assert routed(scene, "fewest_splits")[0] == texts("O1: 1 K, 1 T from A")


def test_ship_complete_order_gives_back_what_it_took() -> None:
    """An order that does not come out whole ships nothing, and the next order finds the stock untouched."""
    scene = Scene()
    scene.node("A", stock={"K": 1}, max_packages_per_day=1)
    scene.order("O1", {"K": 1, "T": 1}, ship_complete="true")
    scene.order("O2", {"K": 1})
    for name in ("first_location", "priority", "fewest_splits", "per_order_optimal"):
        assert routed(scene, name)[0] == texts("O2: 1 K from A"), name


def test_orders_are_served_by_time_then_id() -> None:
    """The last unit goes to the order placed first; at the same time to the smaller id, wherever it stands."""
    scene = Scene()
    scene.node("A", stock={"K": 1})
    scene.order("O2", {"K": 1})
    scene.order("O1", {"K": 1})
    for name in ("first_location", "priority", "fewest_splits", "per_order_optimal"):
        assert routed(scene, name)[0] == texts("O1: 1 K from A"), name
    scene.tables["orders"][0]["placed_at"] = "2026-11-27T07:59:59+00:00"
    for name in ("first_location", "priority", "fewest_splits", "per_order_optimal"):
        assert routed(scene, name)[0] == texts("O2: 1 K from A"), name


def test_heavy_units_and_ship_alone_lines_take_packages_of_their_own() -> None:
    """Two units of 4 kg fit in 10 kg, a third does not; a ship-alone line shares with none."""
    scene = Scene()
    scene.sku("K", "4")
    scene.sku("T", "1", ship_alone="true")
    scene.node("A", stock={"K": 3, "T": 2})
    scene.order("O1", {"K": 3, "T": 2})
    expected = texts("O1: 2 K from A", "O1: 1 K from A", "O1: 2 T from A")
    for name in ("first_location", "priority", "fewest_splits", "per_order_optimal"):
        assert routed(scene, name) == (expected, "15.00"), name


def test_packages_go_by_the_cheapest_service_of_the_full_objective() -> None:
    """F arrives a day earlier: 9.00 + 5.00 beats 5.00 + 2 x 5.00."""
    scene = Scene()
    scene.objective["delivery_day"] = "5.00"
    scene.fast_service()
    scene.node("A", stock={"K": 1})
    scene.lane("F", "A", transit=1)
    scene.order("O1", {"K": 1})
    for name in ("first_location", "priority", "fewest_splits", "per_order_optimal"):
        assert routed(scene, name) == (Counter([f"O1: 1 K from A by F {DAY}"]), "14.00"), name


def test_rules_of_thumb_ship_where_unfilled_would_be_cheaper() -> None:
    """Leaving the unit unfilled costs 20.00, shipping it 25.00: only the optimal policy looks."""
    scene = six_nodes()
    scene.no_rates()
    for zone in "1234":
        scene.rate("G", zone, 10, "25.00")
    scene.tables["order_lines"].pop()
    for name in RULES_OF_THUMB:
        assert routed(scene, name)[1] == "25.00", name
    assert routed(scene, "per_order_optimal") == (Counter(), "20.00")


def test_fewest_splits_beats_taking_the_fullest_node() -> None:
    """A has four of six lines, but B and C together have all: two packages where a greedy cover takes three."""
    scene = Scene()
    skus = [f"S{number}" for number in range(1, 7)]
    for sku in skus:
        scene.sku(sku)
    for node, held in (("A", "1234"), ("B", "125"), ("C", "346")):
        scene.node(node, stock={f"S{digit}": 1 for digit in held})
    scene.order("O1", dict.fromkeys(skus, 1))
    packages, cost = routed(scene, "fewest_splits")
    assert packages == texts("O1: 1 S1, 1 S2, 1 S5 from B", "O1: 1 S3, 1 S4, 1 S6 from C")
    assert cost == "10.00"
    assert routed(scene, "priority")[1] == "15.00"


def test_fewest_splits_counts_the_stock_that_two_lines_share_once() -> None:
    """Two lines of one SKU need two units: A with one of them is no cover, B is."""
    scene = Scene()
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"K": 2})
    scene.order("O1")
    scene.line("O1", "L1", "K", 1)
    scene.line("O1", "L2", "K", 1)
    assert routed(scene, "fewest_splits")[0] == texts("O1: 1 L1, 1 L2 from B")


def test_fewest_splits_takes_the_most_it_can_within_max_packages() -> None:
    """No single node covers the order; the one package goes to the node with most units."""
    scene = Scene()
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"K": 1, "T": 1})
    scene.order("O1", {"K": 2, "T": 1}, max_packages=1)
    assert routed(scene, "fewest_splits")[0] == texts("O1: 1 K, 1 T from B")


def test_fewest_splits_breaks_ties_by_table_order_without_coordinates() -> None:
    """E would be nearest, but without coordinates B stands first."""
    scene = six_nodes()
    for row in scene.tables["orders"] + scene.tables["nodes"]:
        del row["latitude"], row["longitude"]
    assert routed(scene, "fewest_splits")[0] == texts("O1: 1 K, 1 T from B")


def test_per_order_optimal_fits_packages_together() -> None:
    """Two packages of one unit (1.00 each) would be cheapest, but A ships one a day: one package of both, 2.50."""
    scene = Scene()
    scene.no_rates()
    scene.rate("G", "1", 1, "1.00")
    scene.rate("G", "1", 2, "2.50")
    scene.rate("G", "2", 1, "7.00")
    scene.node("A", stock={"K": 2}, max_packages_per_day=1)
    scene.node("B", zone="2", stock={"K": 2})
    scene.order("O1", {"K": 2})
    # taking the first package and planning the rest again would end at 1.00 + 7.00
    assert routed(scene, "per_order_optimal") == (texts("O1: 2 K from A"), "2.50")
    scene.tables["nodes"][0]["max_packages_per_day"] = 2
    assert routed(scene, "per_order_optimal") == (texts("O1: 1 K from A", "O1: 1 K from A"), "2.00")


def test_per_order_optimal_keeps_a_wide_order_together_where_that_is_cheapest() -> None:
    """Eleven lines make 2,048 quantity vectors: all from A, though B is cheaper for the ten it has."""
    scene = Scene()
    skus = [f"S{number:02d}" for number in range(11)]
    for sku in skus:
        scene.sku(sku, "0.5")
    scene.node("A", zone="2", stock=dict.fromkeys(skus, 1))
    scene.node("B", zone="1", stock=dict.fromkeys(skus[:10], 1))
    scene.rate("G", "3", 10, "15.00")
    scene.node("C", zone="3", stock=dict.fromkeys(skus, 1))
    scene.order("O1", dict.fromkeys(skus, 1))
    # all from A: 7.00; ten from B and one from A: 5.00 + 7.00; ten from B and one unfilled: 5.00 + 20.00; C: 15.00
    contents = ", ".join(f"1 {sku}" for sku in skus)
    assert routed(scene, "per_order_optimal") == (texts(f"O1: {contents} from A"), "7.00")


def missing_coordinates(table: str, row: int) -> Scene:
    scene = six_nodes()
    del scene.tables[table][row]["latitude"], scene.tables[table][row]["longitude"]
    return scene


@pytest.mark.parametrize(("table", "named"), [("nodes", "F"), ("orders", "O1")])
def test_nearest_names_what_has_no_coordinates(table: str, named: str) -> None:
    """Ranking by distance without coordinates is refused, and the place is said."""
    problem = build((missing_coordinates(table, -1).tables, six_nodes().settings))
    with pytest.raises(InputError, match=rf"{table}\[\d\].*nearest.*{named}") as caught:
        route(compile_problem(problem, 1), "nearest")
    assert caught.value.exit_code == 3
    assert len(caught.value.findings) == 1


def test_fewest_splits_refuses_coordinates_with_gaps() -> None:
    """Some nodes with and some without coordinates is a fault, not a reason to ignore distance."""
    scene = missing_coordinates("nodes", 2)
    with pytest.raises(InputError, match=r"fewest_splits.*C has none"):
        route(compile_problem(build((scene.tables, scene.settings)), 1), "fewest_splits")


def test_findings_about_coordinates_are_capped() -> None:
    """Twenty orders are named, the others counted."""
    scene = six_nodes()
    for number in range(30):
        scene.order(f"P{number}", {"K": 1})
    with pytest.raises(InputError) as caught:
        route(compile_problem(build((scene.tables, scene.settings)), 1), "nearest")
    assert len(caught.value.findings) == 21
    assert "10 more orders" in str(caught.value)


def test_unknown_policy_is_refused_with_a_hint() -> None:
    """The names there are, and the one that was probably meant."""
    instance = compile_problem(build((six_nodes().tables, six_nodes().settings)), 1)
    with pytest.raises(UsageError, match="did you mean nearest"):
        route(instance, "neerest")


def test_empty_batch_routes_to_an_empty_plan() -> None:
    """No orders: nothing ships, under every policy."""
    scene = Scene()
    scene.node("A", stock={"K": 1}, latitude="40", longitude="-75")
    problem: Any = build((scene.tables, scene.settings))
    instance = compile_problem(problem, 1)
    for name in POLICIES:
        assert len(route(instance, name)) == 0, name
