"""Certificates with leaves: against a plain reference, by hand, and forged."""

from __future__ import annotations

import dataclasses
import random

import numpy as np
import pytest
from check_slow import Own, Slow
from check_world import World, random_problem
from test_check_certificate import certificate_of, random_prices
from test_check_own_prices import random_own, with_own

from splitship.check import check_certificate
from splitship.domain import Certificate, Leaf, Problem

Path = tuple[tuple[Own, bool], ...]
FREE = 2**61
"""A bound that is claimed for a leaf without any plan."""


def leaf_of(path: Path, prices: Certificate) -> Leaf:
    """A leaf of decisions by (line, node)."""
    lines, nodes = (np.array([key[part] for key, _ in path], np.int64) for part in (0, 1))
    return Leaf(lines, nodes, np.array([ships for _, ships in path], np.bool_), prices)


def with_leaves(leaves: list[Leaf], bound: int) -> Certificate:
    """A certificate of leaves."""
    return dataclasses.replace(certificate_of({}, bound), leaves=tuple(leaves))


def random_paths(problem: Problem, rng: random.Random) -> list[Path]:
    """Paths of a random tree of decisions on lines that ship whole."""
    lines = problem.lines
    whole = [line for line in range(len(lines)) if lines.quantity[line] == 1 or not lines.is_splittable[line]]
    whole = [line for line in whole if lines.quantity[line] > 0]
    pairs = [(line, node) for line in whole for node in range(-1, len(problem.nodes))]
    paths: list[Path] = [()]
    for _ in range(rng.randint(0, 4) if pairs else 0):
        path = paths.pop(rng.randrange(len(paths)))
        free = [pair for pair in pairs if pair not in dict(path)]
        pair = rng.choice(free) if free else None
        paths += [path] if pair is None else [(*path, (pair, False)), (*path, (pair, True))]
    rng.shuffle(paths)
    return paths


@pytest.mark.parametrize("seed", range(80))
def test_bound_of_leaves_equals_plain_reference(seed: int) -> None:
    """Every leaf by trying every multiset of packages that keeps its decisions; leaves without a plan do not count."""
    assert_leaves_are_enumerated(random_problem(seed), random.Random(4000 + seed))


def assert_leaves_are_enumerated(problem: Problem, rng: random.Random) -> None:
    """Random leaves with random prices, own ones too, prove what enumeration says."""
    slow = Slow(problem)
    leaves, bounds = [], []
    for path in random_paths(problem, rng):
        prices = random_prices(slow, rng)
        prices = {key: price for key, price in prices.items() if key[0] != "stock" or rng.random() < 0.5}
        own = random_own(slow, rng, prices)
        bound = slow.leaf_bound(prices, own, dict(path))
        bounds.append(bound)
        leaves.append(leaf_of(path, with_own(certificate_of(prices, 0), own, FREE if bound is None else bound)))
    expected = min(bound for bound in bounds if bound is not None)
    report = check_certificate(problem, with_leaves(leaves, expected))
    assert report.violations == ()
    assert report.bound == expected
    assert report.num_leaves == len(leaves)


def two_singles_and_one_unit() -> Problem:
    """Two orders of one line of two units that ships whole; A is near (5.00) and has three units, B far (9.00)."""
    world = World().sku("K").service("G").have("A", on_hand=3).have("B", on_hand=9)
    world.node("A").node("B").lane("G", "A", zone="1").lane("G", "B", zone="2")
    world.rate("9", "5.00", zone="1").rate("9", "9.00", zone="2")
    for order in ("O1", "O2"):
        world.order(order).line(order, "1", "K", 2, splittable="false")
    return world.problem()


FIRST_AT_A, SECOND_AT_A = (0, 0), (1, 0)


def by_hand(claim: int = 14_000_000) -> Certificate:
    """O1 ships from A or not; if it does, O2 does or not, and both do not fit.

    Barred: O1 pays 9, O2 5: 14. From A, and O2 not: 5 + 9 = 14. Both from A: A's stock at 4.00 a unit: 2 x (5 + 8) - 12
    = 14. No other prices are needed.
    """
    return with_leaves(
        [
            leaf_of(((FIRST_AT_A, False),), certificate_of({}, 14_000_000)),
            leaf_of(((FIRST_AT_A, True), (SECOND_AT_A, False)), certificate_of({}, 14_000_000)),
            leaf_of(
                ((FIRST_AT_A, True), (SECOND_AT_A, True)), certificate_of({("stock", 0, 0, -1): 4_000_000}, 14_000_000)
            ),
        ],
        claim,
    )


def test_leaves_prove_the_optimum_by_hand() -> None:
    """5 + 9 = 14.00 is the optimum, and what the leaves prove; a price for all proves 12.00."""
    report = check_certificate(two_singles_and_one_unit(), by_hand())
    assert report.violations == ()
    assert report.bound == 14_000_000
    assert report.num_leaves == 3


def codes(certificate: Certificate) -> set[str]:
    """Codes of all violations."""
    return {violation.code for violation in check_certificate(two_singles_and_one_unit(), certificate).violations}


def test_a_bound_one_micro_too_high_is_refused() -> None:
    """Of all leaves together, and of one leaf."""
    assert codes(by_hand(14_000_001)) == {"BOUND_NOT_PROVEN"}
    leaves = list(by_hand().leaves)
    leaves[1] = dataclasses.replace(leaves[1], prices=certificate_of({}, 14_000_001))
    report = check_certificate(two_singles_and_one_unit(), with_leaves(leaves, 14_000_000))
    assert [(v.code, v.where) for v in report.violations] == [("BOUND_NOT_PROVEN", "leaves[1].bound")]


@pytest.mark.parametrize("missing", range(3))
def test_a_missing_leaf_is_refused(missing: int) -> None:
    """Whichever it is, plans are left out, and no bound is given."""
    leaves = [leaf for number, leaf in enumerate(by_hand().leaves) if number != missing]
    report = check_certificate(two_singles_and_one_unit(), with_leaves(leaves, 0))
    assert [violation.code for violation in report.violations] == ["LEAVES_DO_NOT_COVER"]
    assert report.bound is None


@pytest.mark.parametrize(
    ("paths", "code"),
    [
        ([(((0, 0), False),), (((0, 1), True),)], "LEAVES_DO_NOT_COVER"),  # two lines of a tree mixed
        ([(((0, 0), False),), (((0, 0), True),), (((0, 0), True),)], "LEAVES_DO_NOT_COVER"),  # a leaf twice
        ([(), (((0, 0), True),)], "LEAVES_DO_NOT_COVER"),  # everything, and a part of it
        (
            [(((0, 0), False),), (((0, 0), True), ((0, 0), False)), (((0, 0), True), ((0, 0), True))],
            "DECISION_REPEATED",
        ),
        ([(((2, 0), False),), (((2, 0), True),)], "UNKNOWN_LINE"),
        ([(((-1, 0), False),), (((-1, 0), True),)], "UNKNOWN_LINE"),
        ([(((0, 2), False),), (((0, 2), True),)], "UNKNOWN_NODE"),
        ([(((0, -2), False),), (((0, -2), True),)], "UNKNOWN_NODE"),
    ],
)
def test_paths_that_do_not_part_all_plans_are_refused(paths: list[Path], code: str) -> None:
    """Mixed up, doubled, contradicting themselves, or about what does not exist."""
    assert codes(with_leaves([leaf_of(path, certificate_of({}, 0)) for path in paths], 0)) == {code}


def test_a_line_that_must_ship_from_two_nodes_leaves_no_plan() -> None:
    """Its leaf does not count, whatever it claims; without A and without B line 1 is unfilled."""
    at_a, at_b = (0, 0), (0, 1)
    free = certificate_of({}, 0)
    leaves = [
        leaf_of(((at_a, True), (at_b, True)), certificate_of({}, FREE)),
        leaf_of(((at_a, True), (at_b, False)), free),
        leaf_of(((at_a, False), (at_b, True)), free),
        leaf_of(((at_a, False), (at_b, False)), free),
    ]
    report = check_certificate(two_singles_and_one_unit(), with_leaves(leaves, 10_000_000))
    assert report.violations == ()
    assert report.bound == 10_000_000


def test_a_decision_on_a_line_that_may_be_split_is_refused() -> None:
    """One unit of two may ship from A: neither answer keeps that plan."""
    world = World().sku("K").service("G").have("A", on_hand=3).node("A").lane("G", "A", zone="1")
    problem = world.rate("9", "5.00", zone="1").order("O1").line("O1", "1", "K", 2).problem()
    paths: list[Path] = [(((0, 0), False),), (((0, 0), True),)]
    certificate = with_leaves([leaf_of(path, certificate_of({}, 0)) for path in paths], 0)
    report = check_certificate(problem, certificate)
    assert {violation.code for violation in report.violations} == {"DECISION_ON_PART_OF_A_LINE"}


def test_a_decision_on_a_wide_order_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its relaxation knows no decisions."""
    from splitship.check import leaves as leaves_module

    monkeypatch.setattr(leaves_module, "EXACT_STATE_CAP", 1)
    assert codes(by_hand()) == {"DECISION_ON_WIDE_ORDER"}


def test_prices_beside_leaves_and_leaves_in_leaves_are_refused() -> None:
    """Prices belong to leaves, and a leaf is the end of a path."""
    leaves = by_hand().leaves
    beside = dataclasses.replace(certificate_of({("stock", 0, 0, -1): 1}, 0), leaves=leaves)
    assert codes(beside) == {"CERTIFICATE_SHAPE"}
    assert codes(with_leaves([leaf_of((), by_hand())], 0)) == {"CERTIFICATE_SHAPE"}
    uneven = dataclasses.replace(leaves[0], node=np.zeros(2, np.int64))
    assert codes(with_leaves([uneven], 0)) == {"CERTIFICATE_SHAPE"}


def test_too_many_leaves_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """More leaves, or more decisions, than a checker should have to read."""
    from splitship.check import leaves as leaves_module

    monkeypatch.setattr(leaves_module, "MOST_DECISIONS", 4)
    assert codes(by_hand()) == {"LEAVES_TOO_MANY"}
    monkeypatch.setattr(leaves_module, "MOST_LEAVES", 2)
    assert codes(by_hand()) == {"LEAVES_TOO_MANY"}


def test_a_bad_price_is_told_with_its_leaf() -> None:
    """The place names leaf and price."""
    leaves = list(by_hand().leaves)
    leaves[2] = dataclasses.replace(leaves[2], prices=certificate_of({("stock", 0, 0, -1): -1}, 0))
    report = check_certificate(two_singles_and_one_unit(), with_leaves(leaves, 0))
    assert [(v.code, v.where) for v in report.violations] == [("NEGATIVE_PRICE", "leaves[2].prices[0]")]
