"""Frontiers: plans taken apart exactly, and an envelope below which nothing is."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml

from cases.scene import Scene
from splitship import frontier, frontier_svg, read_pack, solve
from splitship.domain import SolveOptions
from splitship.errors import UsageError
from splitship.packs import Pack
from splitship.packs.documents import body_hash, plan_body
from splitship.planning.envelope import Envelope, Line
from splitship.planning.quantities import QUANTITIES, Account
from splitship.policies import POLICIES
from splitship.run import solve as run_solve
from splitship.units import MICROS

LOOSE = SolveOptions(gap=0.03, time_limit_s=30, threads=2)
AGAINST = ("days", "packages", "fill")


@pytest.fixture(scope="module")
def retail():
    return read_pack("scenarios/us-retail").problem()


@pytest.fixture(scope="module", params=AGAINST)
def found(request, retail):
    return frontier(retail, request.param, points=4, options=LOOSE)


def test_every_plan_is_taken_apart_exactly(found, retail):
    """Cost and weight x quantity are the objective to the micro; the quantity is the one counted by hand."""
    for point in found.points:
        plan = point.result.plan
        assert point.cost + Fraction(point.weight) * MICROS * point.quantity == point.result.objective
        if found.quantity.against == "packages":
            count = np.bincount(plan.order_idx, minlength=len(retail.orders))
            assert point.quantity == int(np.maximum(0, count - 1).sum())
        elif found.quantity.against == "fill":
            left = retail.lines.quantity - plan.shipped(len(retail.lines))
            priority = retail.orders.priority.exact_list()
            by_hand = sum(int(units) * priority[o] for units, o in zip(left, retail.lines.order_idx, strict=True))
            assert point.quantity == Fraction(by_hand, 10**18)
        else:
            day = retail.as_of.toordinal() - 719_163  # all orders are there at the start of the batch
            assert point.quantity == int((point.result.report.packages.deliver_day - day).sum())


def test_no_plan_lies_below_the_envelope(found, retail):
    """Neither the points' own plans nor those of rules that know nothing of it."""
    account = Account(retail, found.quantity)
    plans = [point.result.plan for point in found.points]
    plans += [
        run_solve(retail, SolveOptions(method=f"policy:{name}")).plan
        for name in ("nearest", "fewest_splits", "per_order_optimal")
        if name in POLICIES
    ]
    assert len(plans) >= len(found.points) + 3
    for plan in plans:
        cost, quantity = account.of(plan)
        assert cost >= found.envelope.at(quantity)
    assert min(point.cost - point.floor for point in found.points) < 0.05 * found.points[0].cost  # it says something


def test_points_are_marked_and_sorted(found):
    """From the least of the quantity on; a point that another beats in both is marked; one is at the own weight."""
    points = found.points
    assert [point.quantity for point in points] == sorted(point.quantity for point in points)
    assert sum(point.is_own for point in points) == 1
    for point in points:
        beaten = any(
            other.quantity <= point.quantity and other.cost <= point.cost
            and (other.quantity, other.cost) != (point.quantity, point.cost)
            for other in points
        )  # fmt: skip
        assert point.is_dominated or not beaten
    best = [point for point in points if not point.is_dominated]
    assert all(one.cost > two.cost for one, two in pairwise(best))


def test_the_picture_is_whole(found):
    """An SVG that parses, without scripts or anything from elsewhere, with a circle for every point and its axes."""
    text = frontier_svg(found)
    root = ET.fromstring(text)
    name = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{name}svg"
    assert len([each for each in root.iter(f"{name}circle") if each.find(f"{name}title") is not None]) == len(
        found.points
    )
    texts = " ".join(each.text or "" for each in root.iter(f"{name}text"))
    assert found.quantity.words in texts
    assert "cost without it, USD" in texts
    assert "<script" not in text
    assert "href" not in text
    assert text.count("http") == 1  # the namespace


@pytest.mark.parametrize("against", AGAINST)
def test_a_cold_point_is_what_its_scenario_gives(against, tmp_path: Path):
    """The overlay of each point, in the pack, solved cold under a work limit: the same hash."""
    options = SolveOptions(gap=0.0, time_limit_s=None, work_limit=3.0, threads=1)
    pack = read_pack("scenarios/hello")
    points = frontier(pack, against, points=4, options=options, is_warm=False).points
    overlays = {f"p{at}": [yaml.safe_load(point.overlay)] for at, point in enumerate(points)}
    settings = yaml.safe_load(Path("scenarios/hello/scenario.yaml").read_text())
    settings |= {"overlays": overlays, "scenarios": {"baseline": [], **{name: [name] for name in overlays}}}
    named = Pack.from_tables(pack.tables, settings=settings)
    for at, point in enumerate(points):
        again = solve(named.problem(f"p{at}"), options)
        assert body_hash(plan_body(again)) == body_hash(plan_body(point.result)), point.overlay
    assert len({point.overlay for point in points}) == len(points)


def test_envelope_is_the_largest_line_everywhere():
    """Against the plain maximum, on random lines, with corners where it bends."""
    chance = np.random.default_rng(5)
    for _ in range(200):
        lines = [
            Line(Fraction(int(w), 3), int(b))
            for w, b in zip(chance.integers(0, 40, 6), chance.integers(-50, 500, 6), strict=True)
        ]
        envelope = Envelope.of(lines)
        for quantity in [Fraction(each, 7) for each in range(0, 140, 3)]:
            assert envelope.at(quantity) == max(line.at(quantity) for line in lines)
        corners = envelope.corners(Fraction(0), Fraction(20))
        assert [at for at, _ in corners] == sorted(at for at, _ in corners)
        assert all(cost == envelope.at(at) for at, cost in corners)
    assert Envelope.of([]).at(3) is None
    assert Envelope.of([]).corners(Fraction(0), Fraction(1)) == []


def test_no_orders_one_place():
    """An empty batch costs nothing at any weight."""
    pack = read_pack("scenarios/hello")
    tables = dict(pack.tables) | {"orders": pack.tables["orders"][:0], "order_lines": pack.tables["order_lines"][:0]}
    settings = yaml.safe_load(Path("scenarios/hello/scenario.yaml").read_text())
    found = frontier(Pack.from_tables(tables, settings=settings), points=3)
    assert {(point.cost, point.quantity) for point in found.points} == {(0, 0)}
    ET.fromstring(frontier_svg(found))


def test_a_stop_and_what_cannot_be_asked(retail):
    """No point is shown that did not come to its end."""
    found = frontier(retail, options=LOOSE, should_stop=lambda: True)
    assert (found.points, found.is_complete) == ((), False)
    ET.fromstring(frontier_svg(found))
    with pytest.raises(UsageError, match="against: expected days, packages, fill"):
        frontier(retail, "distance")
    with pytest.raises(UsageError, match="points: expected"):
        frontier(retail, points=1)
    with pytest.raises(UsageError, match="order-plans only"):
        frontier(retail, options=SolveOptions(method="mip"))


def test_weights_are_whole_cents():
    """So that nothing is rounded between a term and weight x quantity."""
    assert QUANTITIES["days"].overlay(Decimal("1.50")) == '{settings: objective, set: {delivery_day: "1.50"}}'


@pytest.mark.parametrize(("priority", "kit"), [("1.0000004", 0), ("1", 3)])
def test_a_priority_that_micros_cannot_tell(priority, kit):
    """700 units that no node has cost 0 without their price: the floor is at most 0, at eight times 20.00 as well.

    A micro holds 1.0000004 as 1.000000: at 160.00 that would be 0.0448 too little. So would a third of 1 in kits of 3.
    """
    scene = Scene()
    scene.node("A", "1")
    scene.order("O1", {"K": 700}, priority=priority)
    if kit:
        scene.tables["kits"] = [{"kit_sku_id": "K", "sku_id": "T", "quantity": kit}]
    found = frontier(Pack.from_tables(scene.tables, settings=scene.settings), "fill", points=3)
    for point in found.points:
        assert point.cost == 0
        assert abs(point.quantity - 700 * Fraction(priority)) <= (Fraction(1, 10**6) if kit else 0)
    assert all(point.floor is not None and -0.01 * MICROS < point.floor <= 0 for point in found.points)
