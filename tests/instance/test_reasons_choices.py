"""Reasons of lines that are picked up, of kits, substitutes, rejections and least values, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cases.scene import Scene
from oracles.generate import build
from splitship.domain import Plan, Problem, Reason
from splitship.instance.order_test import OrderOption, order_options
from splitship.instance.reasons import POSSIBLE, STAGES, line_reasons, unavoidable_unfilled_cost, unfilled_lines
from splitship.instance.stages import OTHER_MODE
from splitship.units import MICROS, day_number

FRIDAY = day_number("2026-11-27")


def problem_of(scene: Scene) -> Problem:
    return build((scene.tables, scene.settings))


def row_of(scene: Scene, table: str, **columns: Any) -> None:
    """A row of a table that has no method of its own."""
    scene.tables.setdefault(table, []).append(columns)


def told(problem: Problem, plan: Plan | None = None) -> list[tuple[Reason, str]]:
    unfilled = unfilled_lines(problem, Plan.empty() if plan is None else plan)
    return list(zip(unfilled.reason, unfilled.detail.tolist(), strict=True))


def plan_of(problem: Problem, *packages: tuple[int, str, str, str, dict[int, Any]]) -> Plan:
    """Packages of (order, node, service, date, units by line, or (units, SKU))."""
    nodes, services, skus = (
        {name: at for at, name in enumerate(ids.tolist())}
        for ids in (problem.nodes.node_id, problem.services.service_id, problem.skus.sku_id)
    )
    heads, contents, content_skus = [], [], []
    for at, (order, node, service, date, lines) in enumerate(packages):
        heads.append((order, nodes[node], services[service], day_number(date)))
        for line, units in lines.items():
            number, sku = units if isinstance(units, tuple) else (units, None)
            contents.append((at, line, number))
            content_skus.append(int(problem.lines.sku_idx[line]) if sku is None else skus[sku])
    return Plan(*np.array(heads, np.int64).T, *np.array(contents, np.int64).T, np.array(content_skus))


def picked_up(**columns: Any) -> Scene:
    """K for one order at SHOP, which has none; CHI has five, and the transfer takes a day."""
    scene = Scene()
    scene.node("CHI", stock={"K": 5})
    scene.node("SHOP", stock={"K": 0}, **columns)
    scene.node("DAL", stock={"K": 5})
    scene.order("O1", {"K": 1}, mode="pickup", pickup_node="SHOP")
    row_of(scene, "transfers", from_node_id="CHI", to_node_id="SHOP", days=1, cost_per_unit="0.30",
           cost_per_package="2")  # fmt: skip
    return scene


def test_a_node_without_a_transfer_to_the_place_of_pickup_has_no_service() -> None:
    """Without any transfer DAL and CHI fail for want of one, and SHOP for want of stock: it gets further."""
    scene = picked_up()
    scene.tables["transfers"] = []
    assert told(problem_of(scene)) == [(Reason.NO_STOCK, "SHOP: 0 available, 1 needed")]
    scene.tables["stock"] = [row for row in scene.tables["stock"] if row["node_id"] != "SHOP"]
    expected = "CHI: no transfer goes from here to SHOP, where it is picked up"
    assert told(problem_of(scene)) == [(Reason.NO_SERVICE, expected)]


def test_a_transfer_makes_the_line_possible() -> None:
    """It could come from CHI; nothing of the cost is unavoidable."""
    problem = problem_of(picked_up())
    (reason, detail), *_ = told(problem)
    assert reason is Reason.COSTLIER_THAN_UNFILLED
    assert detail.startswith("CHI could ship it by transfer:CHI:SHOP,")
    assert unavoidable_unfilled_cost(problem) == 0


def test_services_of_the_other_mode_say_nothing() -> None:
    """The line that ships knows G, the one that is picked up its own ways where there are any."""
    scene = picked_up()
    scene.order("O2", {"K": 1}, mode="ship", pickup_node="")
    problem = problem_of(scene)
    assert problem.services.service_id.tolist() == ["G", "pickup:SHOP", "transfer:CHI:SHOP"]
    stage = line_reasons(problem, np.arange(2))
    other, none = OTHER_MODE, STAGES.index(Reason.NO_SERVICE)
    assert stage[0].tolist() == [
        [other, other, POSSIBLE],
        [other, STAGES.index(Reason.NO_STOCK), other],
        [none, none, none],
    ]
    assert stage[1, :, 1:].tolist() == [[other, other]] * 3
    assert stage[1, :, 0].tolist() == [POSSIBLE, STAGES.index(Reason.NO_STOCK), POSSIBLE]


def test_a_closed_place_of_pickup_is_named() -> None:
    """No way leads to it."""
    assert told(problem_of(picked_up(open="false"))) == [
        (Reason.NO_SERVICE, "CHI: SHOP, where it is picked up, is closed")
    ]


def test_a_distance_limit_is_not_about_what_is_picked_up() -> None:
    """The order is 556 km from every node."""
    scene = picked_up()
    scene.order("O2", {"K": 1}, mode="", pickup_node="")
    scene.limits["max_distance_km"] = 100
    for row in scene.tables["nodes"] + scene.tables["orders"]:
        row |= {"latitude": "45" if "node_id" in row else "40", "longitude": "-75"}
    assert [reason for reason, _ in told(problem_of(scene))] == [Reason.COSTLIER_THAN_UNFILLED, Reason.TOO_FAR]


def test_a_forbidden_way_is_named_though_carriers_are_of_another_mode() -> None:
    """A rule about transfers stops the only one."""
    scene = picked_up()
    scene.tables["stock"] = [row for row in scene.tables["stock"] if row["node_id"] == "CHI"]
    scene.rule({"service": {"carrier": "transfer"}}, forbid=True)
    problem = problem_of(scene)
    assert told(problem) == [(Reason.RULE, "CHI: the rule 'rule 0' forbids it by transfer:CHI:SHOP")]


def test_a_place_that_is_full_on_the_day_of_arrival_is_named() -> None:
    """O2's package comes to SHOP on the 28th, and SHOP handles one a day."""
    scene = picked_up(max_packages_per_day=1)
    scene.order("O2", {"K": 1}, mode="pickup", pickup_node="SHOP")
    problem = problem_of(scene)
    plan = plan_of(problem, (1, "CHI", "transfer:CHI:SHOP", "2026-11-27", {1: 1}))
    assert told(problem, plan) == [(Reason.CAPACITY, "SHOP: 1 of 1 packages used on 2026-11-28")]
    scene.limits["horizon_days"] = 1
    assert told(problem_of(scene), plan)[0][0] is Reason.COSTLIER_THAN_UNFILLED


def test_a_place_that_can_take_nothing_is_a_lack_of_capacity() -> None:
    """No package at all."""
    scene = picked_up(max_packages_per_day=0)
    assert told(problem_of(scene)) == [(Reason.CAPACITY, "SHOP: 0 of 0 packages used on 2026-11-28")]
    assert unavoidable_unfilled_cost(problem_of(scene)) == 20 * MICROS


def test_what_comes_to_a_place_uses_its_own_capacity_too() -> None:
    """On Saturday the transferred package takes the one place that SHOP's own line would need."""
    scene = picked_up(max_packages_per_day=1)
    scene.tables["stock"][1]["on_hand"] = 5
    scene.as_of = "2026-11-28T09:00:00+00:00"
    scene.order("O2", {"K": 1}, mode="pickup", pickup_node="SHOP")
    scene.tables["transfers"][0]["days"] = 0
    problem = problem_of(scene)
    plan = plan_of(problem, (1, "CHI", "transfer:CHI:SHOP", "2026-11-28", {1: 1}))
    assert told(problem, plan) == [(Reason.CAPACITY, "SHOP: 1 of 1 packages used on 2026-11-28")]


def kits(together: str = "true", **quantities: int) -> Scene:
    """`SET` is two K and one T; CHI and ATL have as much of them as is said, such as `CHI_K`."""
    scene = Scene()
    scene.sku("SET")
    for node in ("CHI", "ATL"):
        scene.node(node, stock={sku: quantities.get(f"{node}_{sku}", 9) for sku in "KT"})
    scene.order("O1", {"SET": 2})
    for sku, quantity in (("K", 2), ("T", 1)):
        row_of(scene, "kits", kit_sku_id="SET", sku_id=sku, quantity=quantity, together=together)
    return scene


def test_a_kit_is_one_row_in_kits() -> None:
    """Of two kits nothing ships: two kits, not six units."""
    unfilled = unfilled_lines(problem_of(kits(CHI_K=0, ATL_K=1)), Plan.empty())
    assert unfilled.line_idx.tolist() == [0]
    assert unfilled.quantity.tolist() == [2]
    assert unfilled.reason == (Reason.NO_STOCK,)
    assert unfilled.detail[0] == "component K: ATL: 1 available, 4 needed"


def test_components_that_ship_together_need_one_node() -> None:
    """K lies at CHI and T at ATL: apart they would do."""
    apart = kits("false", CHI_T=0, ATL_K=0)
    assert told(problem_of(apart))[0][0] is Reason.COSTLIER_THAN_UNFILLED
    together = kits("true", CHI_T=0, ATL_K=0)
    assert told(problem_of(together)) == [(Reason.NO_STOCK, "component K: ATL: 0 available, 4 needed")]


def test_a_part_of_the_kits_ships() -> None:
    """One of two kits is in a package; for the second T is used up."""
    scene = kits(CHI_T=1)
    scene.tables["stock"] = [row for row in scene.tables["stock"] if (row["node_id"], row["sku_id"]) != ("ATL", "T")]
    problem = problem_of(scene)
    names = problem.skus.sku_id[problem.lines.sku_idx].tolist()
    assert names == ["T", "K"]
    plan = plan_of(problem, (0, "CHI", "G", "2026-11-27", {0: 1, 1: 2}))
    unfilled = unfilled_lines(problem, plan)
    assert unfilled.quantity.tolist() == [1]
    assert unfilled.detail[0] == "component T: CHI: 0 of 1 available left, 1 needed"


def test_a_kit_whose_components_ship_alone_cannot_lie_in_one_package() -> None:
    """It says so, and its cost cannot be avoided."""
    scene = kits()
    scene.sku("T", ship_alone="true")
    assert told(problem_of(scene)) == [
        (Reason.NO_SERVICE, "component T: ATL: the components of the kit lie in one package, and T ships alone")
    ]


def test_a_kit_can_be_too_heavy_though_no_component_is() -> None:
    """Two K of 4 kg and one T of 3 kg, and G takes 10 kg."""
    scene = kits()
    scene.sku("K", weight="4")
    scene.sku("T", weight="3")
    expected = "component T: ATL: the kit weighs 11 kg at the least, more than G takes"
    assert told(problem_of(scene)) == [(Reason.TOO_HEAVY, expected)]


def test_a_kit_without_one_component_is_unavoidable() -> None:
    """K is nowhere: two kits at 20.00, which is the unfilled cost of each."""
    problem = problem_of(kits(CHI_K=0, ATL_K=0))
    assert unavoidable_unfilled_cost(problem) == 40 * MICROS
    assert unavoidable_unfilled_cost(problem_of(kits())) == 0


def substitutes(on_hand: int = 5) -> Scene:
    """V may ship for K; CHI has only V."""
    scene = Scene()
    scene.sku("V", weight="2")
    scene.node("CHI", stock={"V": on_hand})
    scene.order("O1", {"K": 3})
    row_of(scene, "substitutes", sku_id="K", substitute_sku_id="V", price_per_unit="0.25")
    return scene


def test_a_substitute_in_stock_counts() -> None:
    """And is named where it is what gets furthest."""
    problem = problem_of(substitutes())
    (reason, detail), *_ = told(problem)
    assert reason is Reason.COSTLIER_THAN_UNFILLED
    assert detail.startswith("substitute V: CHI could ship it by G,")
    assert line_reasons(problem, np.arange(1)).tolist() == [[[POSSIBLE]]]
    assert unavoidable_unfilled_cost(problem) == 0


def test_a_used_up_substitute_is_a_lack_of_stock() -> None:
    """With its own numbers."""
    scene = substitutes(2)
    scene.order("O2", {"K": 1})
    problem = problem_of(scene)
    plan = plan_of(problem, (0, "CHI", "G", "2026-11-27", {0: (2, "V")}))
    assert told(problem, plan) == [
        (Reason.NO_STOCK, "substitute V: CHI: 0 of 2 available left, 1 needed"),
        (Reason.NO_STOCK, "substitute V: CHI: 0 of 2 available left, 1 needed"),
    ]


def test_a_line_joins_no_package_that_holds_it_as_another_sku() -> None:
    """Two V are in the order's only package; K has come, but the line ships as one SKU there."""
    scene = substitutes(2)
    scene.stock("CHI", "K", 5)
    scene.tables["orders"][0]["max_packages"] = 1
    problem = problem_of(scene)
    plan = plan_of(problem, (0, "CHI", "G", "2026-11-27", {0: (2, "V")}))
    assert told(problem, plan) == [(Reason.MAX_PACKAGES, "the order has all its 1 packages; CHI has 5")]
    own = plan_of(problem, (0, "CHI", "G", "2026-11-27", {0: 2}))
    assert told(problem, own)[0][0] is Reason.COSTLIER_THAN_UNFILLED


def test_a_rule_about_the_substitute_stops_it() -> None:
    """Conditions on SKUs see what ships."""
    scene = substitutes()
    scene.rule({"sku": {"sku_id": "V"}}, forbid=True)
    assert told(problem_of(scene)) == [(Reason.RULE, "substitute V: CHI: the rule 'rule 0' forbids it by G")]


def test_a_node_that_rejected_the_line_is_named() -> None:
    """The order did not exclude it."""
    scene = Scene()
    scene.node("CHI", stock={"K": 5, "T": 5})
    scene.order("O1", {"K": 1, "T": 1})
    row_of(scene, "rejections", order_id="O1", line_id="T", node_id="CHI")
    assert told(problem_of(scene)) == [
        (Reason.COSTLIER_THAN_UNFILLED, "CHI could ship it by G, at a higher cost in all than leaving it unfilled"),
        (Reason.NODE_EXCLUDED, "CHI: it has rejected the line"),
    ]


def worthy(**least: str) -> Scene:
    """K is worth 10, T 4; CHI has both and ATL only K."""
    scene = Scene()
    scene.sku("K", value="10")
    scene.sku("T", value="4.000000000000000001")
    scene.node("CHI", stock={"T": 5})
    scene.node("ATL", stock={"K": 5})
    scene.order("O1", {"K": 1, "T": 1})
    scene.rule(None, set=least)
    return scene


@pytest.mark.parametrize(("name", "thing"), [("min_package_value", "a package"), ("min_order_value", "an order")])
def test_an_order_that_is_worth_too_little_is_told_with_the_rule(name: str, thing: str) -> None:
    """20 are asked for, and all of it is worth 14 and a bit."""
    problem = problem_of(worthy(**{name: "20"}))
    text = f"the rule 'rule 0' asks for 20.00 in {thing}, the whole order is worth 14.000000000000000001"
    assert told(problem) == [(Reason.RULE, text)] * 2
    assert unavoidable_unfilled_cost(problem) == 40 * MICROS


def test_a_package_that_cannot_be_worth_enough_is_told_with_its_node() -> None:
    """12 are asked for; ATL has K for 10 and CHI T for 4."""
    problem = problem_of(worthy(min_package_value="12"))
    text = "the rule 'rule 0' asks for 12.00 in a package, what is left to ship from {} by G is worth {}"
    assert told(problem) == [
        (Reason.RULE, text.format("ATL", "10.00")),
        (Reason.RULE, text.format("CHI", "4.000000000000000001")),
    ]
    assert unavoidable_unfilled_cost(problem) == 0


def test_an_order_of_which_too_little_can_ship_is_told() -> None:
    """12 are asked for of the order, and T is nowhere."""
    scene = worthy(min_order_value="12")
    scene.tables["stock"][0]["on_hand"] = 0
    text = "the rule 'rule 0' asks for 12.00 in an order, what can ship of it is worth 10.00"
    assert told(problem_of(scene)) == [(Reason.RULE, text), (Reason.NO_STOCK, "CHI: 0 available, 1 needed")]
    problem = problem_of(worthy(min_order_value="12"))
    assert [reason for reason, _ in told(problem)] == [Reason.COSTLIER_THAN_UNFILLED] * 2
    plan = plan_of(problem, (0, "ATL", "G", "2026-11-27", {0: 1}))
    assert told(problem, plan)[0][0] is Reason.COSTLIER_THAN_UNFILLED


def options_of(scene: Scene) -> dict[tuple[str, str], OrderOption]:
    found = order_options(problem_of(scene), 0)
    return {(option.node_id, option.service_id): option for option in found}


def test_options_of_pickup_have_their_ways_and_costs() -> None:
    """The transfer costs 2.00 and 0.30; DAL has none, and carriers are not asked where there is a way."""
    options = options_of(picked_up())
    assert list(options) == [("CHI", "transfer:CHI:SHOP"), ("SHOP", "pickup:SHOP"), ("DAL", "G")]
    way = options["CHI", "transfer:CHI:SHOP"]
    assert way.costs is not None
    assert way.costs.shipping == 2_300_000
    assert (way.ship_day, way.deliver_day) == (FRIDAY, FRIDAY + 1)
    assert [one.detail for one in options["SHOP", "pickup:SHOP"].obstacles] == ["SHOP: 0 available, 1 needed"]
    assert [one.detail for one in options["DAL", "G"].obstacles] == [
        "DAL: no transfer goes from here to SHOP, where it is picked up"
    ]


def test_options_of_mixed_modes_are_told_line_by_line() -> None:
    """K is picked up at SHOP and T ships: no way takes both."""
    scene = picked_up()
    scene.stock("CHI", "T", 5)
    scene.line("O1", "T", "T", 1)
    for row, mode in zip(scene.tables["order_lines"], ("", "ship"), strict=True):
        row["mode"] = mode
    options = options_of(scene)
    assert [one.detail for one in options["CHI", "transfer:CHI:SHOP"].obstacles] == [
        "CHI: transfer:CHI:SHOP is only for lines that are picked up"
    ]
    assert [one.detail for one in options["CHI", "G"].obstacles] == ["CHI: it is picked up at SHOP, not shipped by G"]


def test_options_with_substitutes_and_prices_of_stock() -> None:
    """Three V at 0.25 and a reward of 0.10 each; they weigh 6 kg."""
    scene = substitutes()
    row_of(scene, "stock_prices", node_id="CHI", sku_id="V", price_per_unit="-0.10")
    option = options_of(scene)["CHI", "G"]
    assert option.substitutes == (("K", "K", "V"),)
    assert option.costs is not None
    assert (option.costs.shipping, option.costs.rules) == (5_000_000, 450_000)


def test_an_option_ships_its_own_sku_where_it_can() -> None:
    """There are four K and five V."""
    scene = substitutes()
    scene.stock("CHI", "K", 4)
    assert options_of(scene)["CHI", "G"].substitutes == ()
    scene.tables["stock"][-1]["on_hand"] = 2
    assert options_of(scene)["CHI", "G"].substitutes == (("K", "K", "V"),)


def test_an_option_in_packages_that_are_worth_too_little_is_not_possible() -> None:
    """T ships alone and is worth 4 of the 5 that are asked for."""
    scene = Scene()
    scene.sku("K", value="10")
    scene.sku("T", value="4", ship_alone="true")
    scene.node("CHI", stock={"K": 5, "T": 5})
    scene.order("O1", {"K": 1, "T": 1})
    scene.rule(None, set={"min_package_value": "5"})
    (obstacle,) = options_of(scene)["CHI", "G"].obstacles
    assert obstacle.reason is Reason.RULE
    assert obstacle.detail == "CHI: the rule 'rule 0' asks for 5.00 in a package, one of the order's is worth 4.00"
