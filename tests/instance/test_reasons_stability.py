"""Reasons where units are kept for channels and packages were released or promised, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from cases.scene import Scene
from oracles.generate import build
from splitship.domain import Plan, Problem, Reason
from splitship.domain.beside import beside_released
from splitship.domain.changes import Change, changes_of, service_ids_before
from splitship.domain.parts import in_parts
from splitship.instance.order_test import order_options
from splitship.instance.reasons import unfilled_lines
from splitship.units import MICROS, day_number

FRIDAY = "2026-11-27"


def problem_of(scene: Scene) -> Problem:
    return build((scene.tables, scene.settings))


def reserve(scene: Scene, channel: str, quantity: int, price: str = "") -> None:
    """Units of K at A that are kept for a channel."""
    row = {"node_id": "A", "sku_id": "K", "channel": channel, "quantity": quantity, "price_per_unit": price}
    scene.tables.setdefault("channel_reserves", []).append(row)


def before(scene: Scene, order_id: str, line_id: str, quantity: int, **columns: Any) -> None:
    """A line in a package from A of the plan before; it must not move unless said otherwise."""
    row = {"order_id": order_id, "line_id": line_id, "node_id": "A", "service_id": "G", "ship_on": FRIDAY,
           "quantity": quantity, "state": "", "move_price": "", "package_id": ""}  # fmt: skip
    scene.tables.setdefault("plan_before", []).append(row | columns)


def told(problem: Problem, plan: Plan | None = None) -> list[tuple[Reason, int, str]]:
    unfilled = unfilled_lines(problem, Plan.empty() if plan is None else plan)
    return list(zip(unfilled.reason, unfilled.quantity.tolist(), unfilled.detail.tolist(), strict=True))


def package(order: int, node: int, contents: dict[int, int]) -> Plan:
    """One package of today by the first service; units by line."""
    one = np.ones(1, np.int64)
    lines = np.array(list(contents), np.int64)
    units = np.array(list(contents.values()), np.int64)
    return Plan(one * order, one * node, 0 * one, one * day_number(FRIDAY), 0 * lines, lines, units)


def kept_scene() -> Scene:
    """4 K at A: 2 for web, 1 for app at a price; O1 is of the channel web, O2 of app, O3 of none."""
    scene = Scene()
    scene.node("A", stock={"K": 4})
    reserve(scene, "web", 2)
    reserve(scene, "app", 1, price="1.50")
    for order, channel in (("O1", "web"), ("O2", "app"), ("O3", "")):
        scene.order(order, {"K": 3}, channel=channel)
    return scene


def test_units_kept_for_a_channel_are_named() -> None:
    """With 2 of 4 K shipped for O3 web's two are left: O2 and O3 get none of them, O1 could have them."""
    problem = problem_of(kept_scene())
    found = told(problem, package(2, 0, {2: 2}))
    assert [(reason, detail) for reason, _, detail in found] == [
        (Reason.COSTLIER_THAN_UNFILLED, "A could ship it by G, at a higher cost in all than leaving it unfilled"),
        (Reason.NO_STOCK, "A: 2 available, kept for web"),
        (Reason.NO_STOCK, "A: 2 available, kept for web"),
    ]


def test_an_unsplittable_line_is_told_how_much_of_it_may_be_had() -> None:
    """Three in one piece of 4 K, 2 of them web's: O2 may have 2."""
    scene = kept_scene()
    scene.tables["order_lines"][1]["splittable"] = "false"
    for row in (scene.tables["order_lines"][0], scene.tables["order_lines"][2]):
        row["splittable"] = ""
    found = told(problem_of(scene))
    assert found[1][0] is Reason.NO_STOCK
    assert found[1][2] == "A: 4 available, kept for web, 2 of them for this order, 3 needed"


def test_units_of_another_channel_at_a_price_are_paid_in_the_test_of_an_order() -> None:
    """O3 alone, 2 K: 4 less 2 leave 2 for web, so the one of app is paid: 5.00 and 1.50."""
    scene = kept_scene()
    scene.tables["order_lines"][2]["quantity"] = 2
    (option,) = order_options(problem_of(scene), 2)
    assert option.costs is not None
    assert (option.costs.soft, option.costs.total) == (1_500_000, 6_500_000)


def released_scene() -> Scene:
    """One package of A on Friday, and it is O1's with 1 of its 3 K; the horizon is that day."""
    scene = Scene()
    scene.node("A", stock={"K": 5, "T": 5}, max_packages_per_day=1)
    scene.order("O1", {"K": 3, "T": 1}, max_packages=1)
    scene.order("O2", {"K": 5}, max_packages="")
    before(scene, "O1", "K", 1, state="released")
    before(scene, "O1", "T", 1, state="released")
    return scene


def test_what_is_released_counts_as_used() -> None:
    """O2 has no capacity left; O1's T needs no reason, as nothing of it is left."""
    problem = problem_of(released_scene())
    (first, second) = told(problem)
    assert first[:2] == (Reason.CAPACITY, 2)
    assert second == (Reason.CAPACITY, 5, "A: 1 of 1 packages used on 2026-11-27")


def test_released_packages_are_among_those_an_order_may_have() -> None:
    """With room at A O1 has had its package; of 5 K 4 are left, of which all were available."""
    scene = released_scene()
    scene.tables["nodes"][0]["max_packages_per_day"] = 9
    found = told(problem_of(scene))
    assert found[0] == (Reason.MAX_PACKAGES, 2, "the order has all its 1 packages, 1 of them released; A has 4")
    scene.tables["order_lines"][2]["quantity"] = 5
    scene.tables["order_lines"] = [row | {"splittable": "true"} for row in scene.tables["order_lines"]]
    scene.tables["order_lines"][2]["splittable"] = "false"
    assert told(problem_of(scene))[1] == (Reason.NO_STOCK, 5, "A: 4 of 5 available left, 5 needed")


def test_an_order_is_tested_without_what_has_left_and_with_a_split() -> None:
    """O1 alone, 2 K left: 5.00 and a split of 0.75, as one package has left."""
    scene = released_scene()
    scene.objective["split"] = "0.75"
    scene.tables["nodes"][0]["max_packages_per_day"] = 9
    scene.tables["orders"][0]["max_packages"] = 2
    (option,) = order_options(problem_of(scene), 0)
    assert option.costs is not None
    assert (option.num_packages, option.costs.split, option.costs.total) == (1, 750_000, 5_750_000)


def test_an_order_of_its_own_finds_what_was_released_gone() -> None:
    """Beside the batch: no room at A on Friday, and 4 K of 5."""
    batch = problem_of(released_scene())
    scene = Scene()
    scene.node("A", stock={"K": 5, "T": 5}, max_packages_per_day=1)
    scene.order("X", {"K": 5})
    alone = beside_released(problem_of(scene), batch)
    (option,) = order_options(alone, 0)
    assert [obstacle.reason for obstacle in option.obstacles] == [Reason.NO_STOCK]
    assert alone.stock.on_hand.tolist() == [4, 4]
    small = Scene()
    small.node("A", stock={"K": 5, "T": 5}, max_packages_per_day=1)
    small.order("X", {"K": 1})
    (option,) = order_options(beside_released(problem_of(small), batch), 0)
    assert [obstacle.reason for obstacle in option.obstacles] == [Reason.CAPACITY]


def promised_scene() -> Scene:
    """O1's 6 K: 1 has left A, 3 are promised from A at 2.50, 1 from B at 1.00; B rejects O2, whose K is promised."""
    scene = Scene()
    scene.node("A", stock={"K": 9})
    scene.node("B", stock={"K": 9})
    scene.order("O1", {"K": 6})
    scene.order("O2", {"K": 2})
    before(scene, "O1", "K", 1, state="released")
    before(scene, "O1", "K", 3, move_price="2.50")
    before(scene, "O1", "K", 1, node_id="B", move_price="1")
    before(scene, "O2", "K", 2, node_id="B")
    scene.tables["rejections"] = [{"order_id": "O2", "line_id": "", "node_id": "B"}]
    return scene


def test_changes_say_what_became_of_every_package() -> None:
    """4 K of O1 from A: 3 of them as promised; what B was to ship goes with them. O2 leaves A now."""
    problem = problem_of(promised_scene())
    first = problem.line_ptr.tolist()
    plan = Plan.joined([package(0, 0, {0: 5}), package(1, 0, {first[1]: 2})])
    changes = changes_of(problem, in_parts(problem, plan).canonical())
    assert [Change(what).label for what in changes.what.tolist()] == ["kept", "released", "moved", "rejected"]
    assert changes.cost.tolist() == [0, 0, MICROS, 0]
    assert changes.is_new.tolist() == [False, True]
    assert (changes.moved_from.tolist(), changes.moved_to.tolist()) == ([2], [0])
    assert service_ids_before(problem).tolist() == ["G"] * 4


def test_a_promise_is_kept_by_all_its_units_only() -> None:
    """2 of 3 K from A keep nothing, nor do 3 from A tomorrow; 3 and more do."""
    problem = problem_of(promised_scene())
    for units, expected in ((2, Change.MOVED), (3, Change.KEPT), (5, Change.KEPT)):
        changes = changes_of(problem, in_parts(problem, package(0, 0, {0: units})))
        assert changes.what[0] == expected
    assert changes_of(problem, Plan.empty()).cost.sum() == 3_500_000
    assert changes_of(problem, Plan.empty()).num_new == 0


def test_a_line_in_parts_has_one_reason() -> None:
    """All 5 K that are left of O1 are one row, at its first part."""
    found = unfilled_lines(problem_of(promised_scene()), Plan.empty())
    assert found.quantity.tolist() == [5, 2]
    assert found.line_idx.tolist() == [0, 3]


def test_a_promise_that_must_be_kept_stops_the_test_of_an_order_elsewhere() -> None:
    """O1 whole from B: its package of A must be kept. From A it costs the price of that of B."""
    scene = promised_scene()
    scene.tables["plan_before"][1]["move_price"] = ""
    options = {option.node_id: option for option in order_options(problem_of(scene), 0)}
    assert [obstacle.detail for obstacle in options["B"].obstacles] == [
        "B: the package promised from A by G on 2026-11-27 must be kept"
    ]
    costs = options["A"].costs
    assert costs is not None
    assert (costs.soft, costs.total) == (MICROS, 6 * MICROS)
