"""What would have to give: the right thing is found for every reason, and does what it says."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from oracles.brute import TooManyPlansError, solve_by_enumeration
from oracles.generate import build, tiny_scenario
from oracles.world import world_from_problem
from splitship import Pack, relaxations, solve
from splitship.domain import Reason, SolveOptions
from splitship.errors import UsageError
from splitship.planning.relaxation_candidates import candidates

OPTIONS = SolveOptions(gap=0.0, time_limit_s=None, work_limit=2.0, threads=1)
Row = dict[str, Any]
SETTINGS: Row = {
    "schema": "splitship.pack/1", "name": "short", "currency": "USD", "as_of": "2026-11-27T09:00:00+00:00",
    "objective": {"unfilled_unit": "50", "split": "1"},
}  # fmt: skip


def tables() -> dict[str, list[Row]]:
    """Two nodes, one SKU of which each has two, two orders of one unit: everything ships from A at 5."""
    return {
        "nodes": [{"node_id": node, "kind": "dc", "country": "US", "postal_code": code, "latitude": lat,
                   "longitude": 0, "timezone": "UTC"} for node, code, lat in (("A", "1", 0), ("B", "2", 20))],
        "skus": [{"sku_id": "K", "weight_kg": "1"}, {"sku_id": "L", "weight_kg": "1"}],
        "services": [{"service_id": "G", "carrier": "C"}],
        "lanes": [{"service_id": "G", "node_id": node, "country": "US", "destination": "*", "zone": node,
                   "transit_days": days} for node, days in (("A", 2), ("B", 5))],
        "rates": [{"service_id": "G", "zone": zone, "up_to_kg": 10, "price": price}
                  for zone, price in (("A", "5"), ("B", "9"))],
        "stock": [{"node_id": node, "sku_id": sku, "on_hand": 2} for node in "AB" for sku in "KL"],
        "orders": [{"order_id": order, "placed_at": "2026-11-27T08:00:00+00:00", "country": "US", "postal_code": "1",
                    "latitude": 0, "longitude": 0} for order in ("O1", "O2")],
        "order_lines": [{"order_id": order, "line_id": "1", "sku_id": "K", "quantity": 1} for order in ("O1", "O2")],
    }  # fmt: skip


def only_a(made: dict[str, list[Row]]) -> None:
    made["stock"] = [row for row in made["stock"] if row["node_id"] == "A"]


def relaxed(change: Any, **settings: Any) -> Any:
    """Relaxations of the pack with a change."""
    made = copy.deepcopy(tables())
    change(made)
    return relaxations(solve(Pack.from_tables(made, settings={**SETTINGS, **settings}).problem(), OPTIONS))


def of_stock(made: Any) -> None:
    only_a(made)
    made["order_lines"][0]["quantity"] = 4


def of_capacity(made: Any) -> None:
    only_a(made)
    made["nodes"][0]["max_packages_per_day"] = 1


def of_closed(made: Any) -> None:
    only_a(made)
    made["nodes"][0]["open"] = "false"
    made["stock"].append({"node_id": "B", "sku_id": "K", "on_hand": 1})


def of_packages(made: Any) -> None:
    made["stock"] = [{"node_id": "A", "sku_id": "K", "on_hand": 2}, {"node_id": "B", "sku_id": "L", "on_hand": 2}]
    made["order_lines"].append({"order_id": "O1", "line_id": "2", "sku_id": "L", "quantity": 1})
    made["orders"][0]["max_packages"] = 1


def of_complete(made: Any) -> None:
    only_a(made)
    made["order_lines"][0]["quantity"] = 3
    made["orders"][0]["ship_complete"] = "true"
    made["orders"].pop()
    made["order_lines"].pop()


def of_service(made: Any) -> None:
    only_a(made)
    made["node_services"] = [{"node_id": "B", "service_id": "G"}]


RULE = {"rules": [{"name": "no K from A", "where": {"sku": {"sku_id": "K"}, "node": {"node_id": "A"}}, "forbid": True}]}
QUOTA = {"rules": [{"name": "few", "where": {"node": {"node_id": "A"}}, "quota": {"packages": 1}}]}


@pytest.mark.parametrize(
    ("change", "settings", "words", "reason", "saving", "filled"),
    [
        (of_stock, {}, "3 more units of K at A", Reason.NO_STOCK, 145, 3),
        (of_capacity, {}, "1 more package at A on 2026-11-27", Reason.CAPACITY, 45, 1),
        (of_closed, {}, "open A", Reason.NODE_CLOSED, 49, 1),
        (of_packages, {}, "2 packages for order O1", Reason.MAX_PACKAGES, 40, 1),
        (of_complete, {}, "1 more unit of K at A", None, 145, 3),
        (of_complete, {}, "order O1 in part", Reason.SHIP_COMPLETE, 95, 2),
        (of_service, {}, "G from A", Reason.NO_SERVICE, 90, 2),
        (only_a, RULE, "without the rule 'no K from A'", Reason.RULE, 90, 2),
        (only_a, QUOTA, "1 more package a day under the rule 'few'", Reason.CAPACITY, 45, 1),
        (lambda made: made["stock"].__delitem__(slice(0, 2)), {"limits": {"max_distance_km": 1000}},
         "max_distance_km 2,250", Reason.TOO_FAR, 82, 2),
        (lambda made: made["stock"].__delitem__(slice(0, 2)), {"limits": {"max_transit_days": 3}},
         "max_transit_days 5", Reason.TOO_LATE, 82, 2),
    ],
)  # fmt: skip
def test_every_reason_has_its_relaxation(change, settings, words, reason, saving, filled):
    """By hand: what it saves is the price of the units less what shipping them costs."""
    found = relaxed(change, **settings)
    by_words = {each.words: each for each in found.relaxations}
    assert words in by_words, (list(by_words), [each.words for each in found.idle])
    one = by_words[words]
    assert one.confirmed.saving == saving * 10**6
    assert one.confirmed.filled == filled
    assert reason is None or reason in one.reasons
    assert one.confirmed.at_least <= one.confirmed.saving <= one.confirmed.at_most
    savings = [each.confirmed.saving for each in found.relaxations]
    assert savings == sorted(savings, reverse=True)
    assert found.is_complete


def test_cut_off_that_was_missed():
    """With one package a day, the second order ships tomorrow's way today once the cut-off is an hour later."""

    def missed(made: Any) -> None:
        only_a(made)
        made["nodes"][0]["cutoff"] = "08:30"
        made["node_days"] = [{"node_id": "A", "date": "2026-11-28", "max_packages": 1}]

    found = relaxed(missed)
    by_words = {each.words: each for each in found.relaxations}
    assert by_words["cut-off at A 1 hour later"].confirmed.saving == 45 * 10**6


def test_cut_off_is_never_later_than_the_end_of_the_day():
    """Missed at 23:30 by ten minutes: an hour later would be 00:30, what is solved is 24:00, and so say the words."""

    def missed(made: Any) -> None:
        only_a(made)
        made["nodes"][0]["cutoff"] = "23:30"
        made["node_days"] = [{"node_id": "A", "date": "2026-11-28", "max_packages": 1}]

    found = relaxed(missed, as_of="2026-11-27T23:40:00+00:00")
    by_words = {each.words: each for each in found.relaxations}
    assert by_words["cut-off at A at 24:00"].confirmed.saving == 45 * 10**6


def test_nothing_unfilled_nothing_to_relax():
    """All ships: no candidates, and none for a batch without orders."""
    found = relaxed(only_a)
    assert (found.relaxations, found.idle, found.num_candidates, found.unfilled) == ((), (), 0, {})

    def empty(made: Any) -> None:
        made["orders"], made["order_lines"] = [], []

    assert relaxed(empty).num_candidates == 0


def test_enumeration_agrees_on_random_batches():
    """Every confirmed relaxation: what is proven holds what enumeration finds for the changed problem."""
    num = 0
    for seed in range(20):
        problem = build(tiny_scenario(seed, with_days=bool(seed % 2), with_rules=seed % 3 == 0))
        base = solve(problem, OPTIONS)
        made = {each.words: each for each in candidates(problem, base.plan)}
        found = relaxations(base, top=3)
        for each in (*found.relaxations, *found.idle):
            try:
                best = solve_by_enumeration(world_from_problem(made[each.words].make())).cost
            except TooManyPlansError:
                continue
            num += 1
            assert each.confirmed.bound is None or each.confirmed.bound <= best, f"seed {seed}: {each.words}"
            assert best <= each.confirmed.cost, f"seed {seed}: {each.words}"
    assert num >= 10


def test_a_stop_and_wrong_numbers():
    """After a stop nothing is said to be confirmed that is not."""
    base = solve(Pack.from_tables(_short(), settings=SETTINGS).problem(), OPTIONS)
    found = relaxations(base, should_stop=lambda: True)
    assert found.relaxations == ()
    assert not found.is_complete
    assert relaxations(base, top=0).num_looked_at == 0
    with pytest.raises(UsageError, match="top: expected"):
        relaxations(base, top=-1)


def _short() -> dict[str, list[Row]]:
    made = copy.deepcopy(tables())
    of_stock(made)
    return made


def test_one_order_alone_is_asked_for_what_it_lacks():
    """Both orders lack units, of different SKUs; what one order would take names its own only."""

    def both(made: Any) -> None:
        only_a(made)
        made["order_lines"][0]["quantity"] = 4
        made["order_lines"][1] |= {"sku_id": "L", "quantity": 3}

    made = copy.deepcopy(tables())
    both(made)
    result = solve(Pack.from_tables(made, settings=SETTINGS).problem(), OPTIONS)
    for order_id, own, other in (("O1", "K", "L"), ("O2", "L", "K")):
        found = relaxations(result, order_id=order_id)
        words = [each.words for each in (*found.relaxations, *found.idle)]
        assert any(f"of {own} at" in text for text in words)
        assert not any(f"of {other} at" in text for text in words)
    assert found.relaxations[0].blocked_units == 1
    with pytest.raises(UsageError, match="no order 'O3'"):
        relaxations(result, order_id="O3")
