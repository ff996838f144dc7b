"""The policies with a name of their own elsewhere: all or nothing, ranked once, one node first, partitions, the LP."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from cases.harness import texts_of
from cases.scene import Scene
from oracles.generate import build
from oracles.plans import packages_of
from splitship.check import check_plan
from splitship.domain import Plan, Problem, SolveOptions
from splitship.errors import InputError, UsageError
from splitship.instance import compile_problem
from splitship.policies import POLICIES, route, route_by_linking_lp, route_in_partitions
from splitship.policies.linear_costs import linear_costs
from splitship.policies.partitioned import partitions
from splitship.policies.rounding import round_orders
from splitship.policies.tables import make_tables, plan_of
from splitship.units import format_micros

DAY = "on 2026-11-27"
EXACT = SolveOptions(time_limit_s=None, gap=0.0)


def problem_of(scene: Scene) -> Problem:
    return build((scene.tables, scene.settings))


def outcome(problem: Problem, plan: Plan) -> tuple[Counter[str], str]:
    """The packages of a plan as texts, and its cost; the checker finds nothing wrong."""
    report = check_plan(problem, plan)
    assert report.violations == ()
    assert report.costs is not None
    return texts_of(packages_of(problem, plan)), format_micros(report.costs.total)


def routed(scene: Scene, name: str) -> tuple[Counter[str], str]:
    problem = problem_of(scene)
    return outcome(problem, route(compile_problem(problem, 1), name))


def texts(*packages: str) -> Counter[str]:
    """`O1: 1 K from A` as the texts of `routed`."""
    return Counter(f"{package} by G {DAY}" for package in packages)


def contrast() -> Scene:
    """Three orders on which every rule decides otherwise; see `CONTRAST`.

    O1 wants K, T, U, one each, and no node has all three; O2 wants two K; O3 too, and only E may ship it.
    Zones 1 to 8 cost 5, 6, 7, 9, 12, 16, 21, 27.
    Degrees north of the orders are 111 km each.
    """
    scene = Scene()
    scene.no_rates()
    scene.sku("U")
    for zone, price in enumerate((5, 6, 7, 9, 12, 16, 21, 27), 1):
        scene.rate("G", str(zone), 10, f"{price}.00")
    for node, zone, stock, priority, degrees in (
        ("A", "8", {"K": 5, "U": 1}, 5, 9),
        ("B", "4", {"K": 1, "T": 1}, 2, 5),
        ("C", "2", {"K": 3, "T": 2}, 4, 4),
        ("D", "3", {"U": 2}, 3, 3),
        ("E", "1", {"K": 2}, 6, 7),
        ("F", "5", {"T": 1}, 1, 1),
        ("H", "6", {"K": 2}, 7, 2),
    ):
        scene.node(node, zone, stock, priority=priority, latitude=str(40 + degrees), longitude="-75")
    scene.order("O1", {"K": 1, "T": 1, "U": 1}, latitude="40", longitude="-75")
    scene.order("O2", {"K": 2}, latitude="40", longitude="-75")
    scene.order("O3", {"K": 2}, latitude="40", longitude="-75", excluded_nodes="A;B;C;D;F;H")
    return scene


def test_highest_stock_first_takes_the_fullest_of_the_nodes_that_have_everything() -> None:
    """Of A (4 units), B (6) and C (9, but no T), B ships; all its units count, not just the two that are asked for."""
    scene = Scene()
    scene.node("A", stock={"K": 2, "T": 2})
    scene.node("B", zone="2", stock={"K": 1, "T": 5})
    scene.node("C", stock={"K": 9})
    scene.order("O1", {"K": 1, "T": 1})
    assert routed(scene, "highest_stock_first") == (texts("O1: 1 K, 1 T from B"), "7.00")


def test_highest_stock_first_counts_what_earlier_orders_took_also_where_stock_cannot_bind() -> None:
    """4 at A and 3 at B for three units of demand, so neither has a row in the instance, and yet it is counted."""
    scene = Scene()
    scene.node("A", stock={"K": 4})
    scene.node("B", stock={"K": 3})
    for number in (1, 2, 3):
        scene.order(f"O{number}", {"K": 1})
    # 4:3 A; 3:3 a tie, A stands first; 2:3 B
    expected = texts("O1: 1 K from A", "O2: 1 K from A", "O3: 1 K from B")
    assert len(compile_problem(problem_of(scene), 1).resources) == 0
    assert routed(scene, "highest_stock_first")[0] == expected


def test_highest_stock_first_counts_each_sku_once() -> None:
    """Two lines of K: A has 3 K and 1 T, B 2 K and 3 T; counting K for each line, A would win a tie of 7."""
    scene = Scene()
    scene.node("A", stock={"K": 3, "T": 1})
    scene.node("B", stock={"K": 2, "T": 3})
    scene.order("O1")
    scene.line("O1", "L1", "K", 1)
    scene.line("O1", "L2", "K", 1)
    scene.line("O1", "L3", "T", 1)
    # once: A 3 + 1 = 4, B 2 + 3 = 5
    assert routed(scene, "highest_stock_first")[0] == texts("O1: 1 L1, 1 L2, 1 L3 from B")


def test_highest_stock_first_ships_nothing_of_an_order_that_no_node_has_whole() -> None:
    """All or nothing, though the order may be split; what it left goes to the next order."""
    scene = Scene()
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"T": 1})
    scene.order("O1", {"K": 1, "T": 1})
    scene.order("O2", {"K": 1})
    assert routed(scene, "highest_stock_first") == (texts("O2: 1 K from A"), "45.00")  # 2 x 20 + 5


def test_highest_stock_first_passes_by_a_node_without_capacity() -> None:
    """A may ship one package a day; the second order goes to B, though A has more stock."""
    scene = Scene()
    scene.node("A", stock={"K": 9}, max_packages_per_day=1)
    scene.node("B", stock={"K": 2})
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})
    assert routed(scene, "highest_stock_first")[0] == texts("O1: 1 K from A", "O2: 1 K from B")


def test_min_splits_ranked_is_not_computed_again_when_a_node_has_given() -> None:
    """A covers K, T, U; B covers T, U, V; C covers V, D W. After A only V and W are missing; B is still next."""
    scene = Scene()
    for sku in "UVW":
        scene.sku(sku)
    scene.node("C", zone="1", stock={"V": 1})
    scene.node("A", zone="1", stock={"K": 1, "T": 1, "U": 1})
    scene.node("B", zone="2", stock={"T": 1, "U": 1, "V": 1})
    scene.node("D", zone="1", stock={"W": 1})
    scene.order("O1", dict.fromkeys("KTUVW", 1))
    # A 3, B 3 behind it in the table, C 1, D 1: V from B (7.00), though C stands first and costs 5.00
    expected = texts("O1: 1 K, 1 T, 1 U from A", "O1: 1 V from B", "O1: 1 W from D")
    assert routed(scene, "min_splits_ranked") == (expected, "17.00")
    assert routed(scene, "priority")[1] == "15.00"  # C, A, D


def test_min_splits_ranked_counts_skus_that_are_covered_in_full() -> None:
    """A has 2 of 3 K, which is no SKU in full, so it comes last, though it stands first in the table."""
    scene = Scene()
    scene.node("A", stock={"K": 2})
    scene.node("B", stock={"T": 1})
    scene.order("O1", {"K": 3, "T": 1})
    scene.node("C", stock={"K": 3})
    # full: A none, B one (T), C one (K), so B, C, A; walking the table would begin with A
    assert routed(scene, "min_splits_ranked")[0] == texts("O1: 1 T from B", "O1: 3 K from C")
    assert routed(scene, "priority")[0] == texts("O1: 2 K from A", "O1: 1 T from B", "O1: 1 K from C")


def test_min_splits_ranked_adds_up_lines_of_one_sku() -> None:
    """Two lines of K, one unit each: A's single unit covers either line, but not the SKU."""
    scene = Scene()
    scene.node("A", stock={"K": 1})
    scene.node("B", stock={"K": 2})
    scene.order("O1")
    scene.line("O1", "L1", "K", 1)
    scene.line("O1", "L2", "K", 1)
    assert routed(scene, "min_splits_ranked")[0] == texts("O1: 1 L1, 1 L2 from B")


def test_min_splits_ranked_breaks_ties_by_distance() -> None:
    """A and B both have all; B is nearer. Without coordinates A stands first."""
    scene = Scene()
    scene.node("A", stock={"K": 1}, latitude="45", longitude="-75")
    scene.node("B", stock={"K": 1}, latitude="42", longitude="-75")
    scene.order("O1", {"K": 1}, latitude="40", longitude="-75")
    assert routed(scene, "min_splits_ranked")[0] == texts("O1: 1 K from B")
    for row in scene.tables["orders"] + scene.tables["nodes"]:
        del row["latitude"], row["longitude"]
    assert routed(scene, "min_splits_ranked")[0] == texts("O1: 1 K from A")


def distant(capacity: int | None = None, safety: int = 0) -> Scene:
    """A has K, B has T, both near; C has both, farther; D has both, farthest."""
    scene = Scene()
    limit = {} if capacity is None else {"max_packages_per_day": capacity}
    for node, degrees, skus in (("D", 9, "KT"), ("A", 1, "K"), ("B", 2, "T"), ("C", 5, "KT")):
        columns = limit if node == "C" else {}
        scene.node(node, latitude=str(40 + degrees), longitude="-75", **columns)
        for sku in skus:
            scene.stock(node, sku, 3, safety_stock=safety if node == "C" else 0)
    scene.order("O1", {"K": 1, "T": 1}, latitude="40", longitude="-75")
    return scene


def test_single_then_multi_prefers_the_nearest_node_that_has_everything() -> None:
    """C alone, although A and B are nearer; `nearest` takes those two."""
    assert routed(distant(), "single_then_multi") == (texts("O1: 1 K, 1 T from C"), "5.00")
    assert routed(distant(), "nearest") == (texts("O1: 1 K from A", "O1: 1 T from B"), "10.00")


def test_single_then_multi_keeps_daily_caps_and_safety_stock() -> None:
    """With C's package spent by O1, or its three units kept as safety stock, the next node that has everything is D."""
    scene = distant(capacity=1)
    scene.order("O2", {"K": 1, "T": 1}, latitude="40", longitude="-75")
    assert routed(scene, "single_then_multi")[0] == texts("O1: 1 K, 1 T from C", "O2: 1 K, 1 T from D")
    assert routed(distant(safety=3), "single_then_multi")[0] == texts("O1: 1 K, 1 T from D")


def test_single_then_multi_walks_by_distance_when_no_node_has_everything() -> None:
    """Four K: no node has more than three, so A gives three and C, the next that has K, one; B gives T on the way."""
    scene = distant()
    scene.tables["order_lines"][0]["quantity"] = 4
    expected = texts("O1: 3 K from A", "O1: 1 T from B", "O1: 1 K from C")
    assert routed(scene, "single_then_multi") == (expected, "15.00")


def test_single_then_multi_needs_coordinates() -> None:
    """The node without is named; exit code 3."""
    scene = distant()
    del scene.tables["nodes"][1]["latitude"], scene.tables["nodes"][1]["longitude"]
    with pytest.raises(InputError, match=r"single_then_multi.*A has none") as caught:
        route(compile_problem(problem_of(scene), 1), "single_then_multi")
    assert caught.value.exit_code == 3


def scarce_pair() -> Scene:
    """A (5.00) has the one K that O2 can get; O1, which came first, could also take it from B (7.00)."""
    scene = Scene()
    scene.node("A", stock={"K": 1})
    scene.node("B", zone="2", stock={"K": 1})
    scene.order("O1", {"K": 1})
    scene.order("O2", {"K": 1})
    scene.tables["orders"][0] |= {"postal_code": "10001"}
    scene.tables["orders"][1] |= {"postal_code": "20002", "excluded_nodes": "B"}
    return scene


def test_partitions_see_only_what_earlier_ones_left() -> None:
    """Together: O1 from B (7.00), O2 from A (5.00). One by one: O1 from A (5.00), O2 gets nothing (20.00)."""
    problem = problem_of(scarce_pair())
    instance = compile_problem(problem, 1)
    together = outcome(problem, route_in_partitions(instance, 2, EXACT))
    assert together == (texts("O1: 1 K from B", "O2: 1 K from A"), "12.00")
    apart = outcome(problem, route_in_partitions(instance, 1, EXACT))
    assert apart == (texts("O1: 1 K from A"), "25.00")
    assert outcome(problem, route(instance, "per_order_optimal")) == apart
    assert outcome(problem, route(instance, "partitioned_1500")) == together


def test_partitions_never_cut_an_order_and_follow_arrival() -> None:
    """Lines 2, 2, 3, 1 with at most 3 a partition: O2 came first, then O1, O3 (of 3), O4."""
    scene = Scene()
    scene.sku("U")
    scene.node("A", stock={"K": 9, "T": 9, "U": 9})
    for order_id, skus, minute in (("O1", "KT", 1), ("O2", "KT", 0), ("O3", "KTU", 2), ("O4", "K", 3)):
        scene.order(order_id, dict.fromkeys(skus, 1), placed_at=f"2026-11-27T08:0{minute}:00+00:00")
    instance = compile_problem(problem_of(scene), 1)
    ids = instance.problem.orders.order_id

    def cut(most: int) -> list[list[str]]:
        return [ids[part].tolist() for part in partitions(instance, most)]

    assert cut(3) == [["O2"], ["O1"], ["O3"], ["O4"]]
    assert cut(4) == [["O2", "O1"], ["O3", "O4"]]
    assert cut(1) == [["O2"], ["O1"], ["O3"], ["O4"]]  # orders of more lines than a partition holds
    assert cut(8) == [["O2", "O1", "O3", "O4"]]


def test_linking_lp_follows_the_program_where_its_fractions_are_whole() -> None:
    """O2 can only be served from A, so the program sends O1 to B: nothing is left to chance, whatever the seed."""
    problem = problem_of(scarce_pair())
    instance = compile_problem(problem, 1)
    for seed in range(1, 6):
        plan = route_by_linking_lp(instance, seed)
        assert outcome(problem, plan) == (texts("O1: 1 K from B", "O2: 1 K from A"), "12.00")


def test_linking_lp_repairs_what_orders_missed_when_rounded_by_themselves() -> None:
    """Three orders for 1 K at A (5.00) and 1 K at B (7.00): 5 + 7 + 20 = 32.00 whatever the seed.

    Orders that draw the same node, or draw "unfilled", leave a unit behind; the repair ships it.
    """
    scene = Scene()
    scene.node("A", stock={"K": 1})
    scene.node("B", zone="2", stock={"K": 1})
    for number in (1, 2, 3):
        scene.order(f"O{number}", {"K": 1})
    problem = problem_of(scene)
    instance = compile_problem(problem, 1)
    costs = {outcome(problem, route_by_linking_lp(instance, seed))[1] for seed in range(20)}
    assert costs == {"32.00"}


def test_linking_lp_rounds_with_one_clock_a_node() -> None:
    """Fractions of K 0.8 A, 0.2 B, of T 0.2 A, 0.8 B; the shared clocks decide how often they go apart.

    K goes to A when E_A / 0.8 < E_B / 0.2, that is E_A / E_B < 4, T when E_A / E_B < 1/4. P(E_A / E_B < r) is
    r / (1 + r), so K goes to A with 0.8 and T with 0.2, as the fractions say, and they part with 0.8 - 0.2 = 0.6.
    Independent draws would part with 0.8 x 0.8 + 0.2 x 0.2 = 0.68.
    Of 4,000 orders within 4 standard deviations: 0.6 +- 0.031.
    """
    scene, num = Scene(), 4000
    for node in "AB":
        scene.node(node, stock={"K": num, "T": num})
    for number in range(num):
        scene.order(f"O{number}", {"K": 1, "T": 1})
    instance = compile_problem(problem_of(scene), 1)
    option = np.repeat(np.arange(instance.num_options), np.diff(instance.option_line_ptr))
    is_same = instance.option_node[option] == instance.line_sku[instance.option_line]  # K at A, T at B
    clocks = np.random.default_rng(1).exponential(size=instance.num_options + num)
    left = instance.resources.capacity.copy()
    packages = round_orders(
        make_tables(instance), np.arange(num), np.where(is_same, 0.8, 0.2), np.zeros(2 * num), clocks, left
    )
    plan = plan_of(instance, [packages])
    node, sku = plan.node_idx[plan.content_package], instance.line_sku[plan.content_line]
    assert len(sku) == 2 * num
    assert abs((node[sku == 0] == 0).mean() - 0.8) < 0.026
    assert abs((node[sku == 1] == 0).mean() - 0.2) < 0.026
    assert abs(len(plan) / num - 1.6) < 0.031


def test_linear_costs_are_exact_where_costs_are_linear() -> None:
    """A package 1.00, a line 0.50, a unit 0.25, shipping 5.00: fixed 6.00; 2 K 1.00, 1 T 0.75 on top."""
    scene = Scene()
    scene.node("A", stock={"K": 2, "T": 1}, package_cost="1.00", line_cost="0.50", unit_cost="0.25")
    scene.order("O1", {"K": 2, "T": 1})
    instance = compile_problem(problem_of(scene), 1)
    costs = linear_costs(instance, make_tables(instance))
    # c_K = 5 + 1 + 0.5 + 0.5 = 7.00, c_T = 6.75, both 7.75: (7.00 + 6.75 - 7.75) / 1 = 6.00
    assert costs.fixed.tolist() == [6_000_000]
    assert costs.line.tolist() == [1_000_000, 750_000]
    assert costs.share.tolist() == [1, 1]


def test_linear_costs_count_packages_of_a_line_that_is_too_heavy_for_one() -> None:
    """3 K of 4 kg, 10 kg at most for 5.00: three packages of one, 15.00. Two, which fit, are 2/3 of the line."""
    scene = Scene()
    scene.sku("K", "4")
    scene.node("A", stock={"K": 3})
    scene.node("B", stock={"K": 2})
    scene.order("O1", {"K": 3})
    instance = compile_problem(problem_of(scene), 1)
    costs = linear_costs(instance, make_tables(instance))
    assert costs.fixed.tolist() == [5_000_000, 5_000_000]
    assert costs.line.tolist() == [10_000_000, 0]
    assert costs.share.tolist() == [1, 2 / 3]


def test_linking_lp_repeats_itself_for_a_seed() -> None:
    """A seed always gives one plan, and seeds give different ones where the program's fractions are not whole.

    Each order wants K, T, U and each node has two of the three: half a package from each, 7.50, is the program's best.
    """
    scene = Scene()
    scene.sku("U")
    for node, skus in (("A", "KT"), ("B", "TU"), ("C", "KU")):
        scene.node(node, stock=dict.fromkeys(skus, 9))
    for number in range(6):
        scene.order(f"O{number}", dict.fromkeys("KTU", 1))
    problem = problem_of(scene)
    instance = compile_problem(problem, 1)
    seeds = (1, 2, 3, 4, 1, 2, 3, 4)
    found = {str(sorted(outcome(problem, route_by_linking_lp(instance, seed))[0])) for seed in seeds}
    assert 1 < len(found) <= 4


def test_linking_lp_refuses_a_batch_beyond_its_size_with_the_remedy() -> None:
    """The message says how large, how large at most, and what to do."""
    instance = compile_problem(problem_of(contrast()), 1)
    with pytest.raises(UsageError, match=r"linking_lp.*nonzeros, more than 10.*fewer orders.*partitioned_1500"):
        route_by_linking_lp(instance, max_nonzeros=10)


CONTRAST = {
    # O1: K and U go to A, T to B, 27 + 9; O2 to A, 27; O3 5
    "first_location": (
        "68.00", ("O1: 1 K, 1 U from A", "O1: 1 T from B", "O2: 2 K from A", "O3: 2 K from E"),
    ),
    # O1: F gives T, B K, D U, 12 + 9 + 7; O2: C, 6; O3 5
    "priority": (
        "39.00", ("O1: 1 T from F", "O1: 1 K from B", "O1: 1 U from D", "O2: 2 K from C", "O3: 2 K from E"),
    ),
    # O1: F gives T, H K, D U, 12 + 16 + 7; O2: the other K of H and one of C, 16 + 6; O3 5
    "nearest": (
        "62.00",
        (
            "O1: 1 T from F", "O1: 1 K from H", "O1: 1 U from D", "O2: 1 K from H", "O2: 1 K from C", "O3: 2 K from E",
        ),
    ),
    # O1: no node has all, 3 x 20; O2: A with five K, 27; O3 5
    "highest_stock_first": ("92.00", ("O2: 2 K from A", "O3: 2 K from E")),
    # O1: A, B, C have two SKUs; C is nearest and gives K and T, B adds nothing, A gives U, 6 + 27; O2: of A, C, E, H,
    # which have two K, H is nearest, 16; O3 5
    "min_splits_ranked": (
        "54.00", ("O1: 1 K, 1 T from C", "O1: 1 U from A", "O2: 2 K from H", "O3: 2 K from E"),
    ),
    # O1: pairs that cover: A with B, C or F (14, 13, 10 degrees), D with B or C (9, 8): C and D, 6 + 7; O2: H, 16; O3 5
    "fewest_splits": (
        "34.00", ("O1: 1 K, 1 T from C", "O1: 1 U from D", "O2: 2 K from H", "O3: 2 K from E"),
    ),
    # O1: no node has all, so as in nearest, 35; O2: H has one left, C is the nearest with two, 6; O3 5
    "single_then_multi": (
        "46.00", ("O1: 1 T from F", "O1: 1 K from H", "O1: 1 U from D", "O2: 2 K from C", "O3: 2 K from E"),
    ),
    # O1: C and D, 13; O2: E is cheapest, 5; O3 finds nothing, 2 x 20
    "per_order_optimal": ("58.00", ("O1: 1 K, 1 T from C", "O1: 1 U from D", "O2: 2 K from E")),
    # O1: C and D, 13; O2 leaves E to O3: C, 6; O3 5
    "partitioned_1500": (
        "24.00", ("O1: 1 K, 1 T from C", "O1: 1 U from D", "O2: 2 K from C", "O3: 2 K from E"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRAST)
def test_every_policy_decides_otherwise(name: str) -> None:
    """Nine policies, nine plans and nine costs for the same three orders."""
    cost, packages = CONTRAST[name]
    assert routed(contrast(), name) == (texts(*packages), cost)


def test_contrast_is_complete() -> None:
    """Every policy has its row, all differ, and the method from the literature finds the joint plan here."""
    assert [*CONTRAST, "linking_lp"] == [*POLICIES]
    assert len({cost for cost, _ in CONTRAST.values()}) == len(CONTRAST)
    assert routed(contrast(), "linking_lp")[1] == "24.00"
