"""Rules as masks against two other roads: the readable reference, and a judge that reads only the tables' texts."""

import dataclasses
import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from domain.rule_packs import AS_OF, TABLE, Row, random_pack, random_tables, row_meets
from splitship.domain.problem import Problem
from splitship.domain.rule_columns import RuleColumns
from splitship.domain.rule_masks import CompiledRules, evaluate_rules
from splitship.domain.rule_reference import rule_matches
from splitship.domain.rule_settings import NO_RULE
from splitship.domain.rules import PARTS, SETTABLE, Rule
from splitship.packs import Pack
from splitship.packs.rule_refusals import RULE_FEATURES
from splitship.packs.schema import FEATURES
from splitship.units import UNLIMITED, Amounts, day_number, day_text

TODAY = day_number("2026-11-27")
SEEDS = range(30)


def masks_say(compiled: CompiledRules, line: int, node: int, service: int, day: int) -> dict[str, tuple[int, ...]]:
    """From the masks: which rules forbid, price and count a line there and then."""
    order, sku = int(compiled.line_order_idx[line]), int(compiled.line_sku_idx[line])
    row = {"order": order, "line": line, "sku": sku, "node": node, "service": service}
    about = [
        rule
        for rule in range(len(compiled))
        if compiled.first_day[rule] <= day <= compiled.last_day[rule]
        and all(compiled.of(part).holds(rule, row[part]) for part in PARTS)
    ]
    priced = [bool(compiled.per_unit.exact(rule) or compiled.per_package.exact(rule)) for rule in range(len(compiled))]
    return {
        "forbids": tuple(rule for rule in about if compiled.is_forbidden[rule]),
        "prices": tuple(rule for rule in about if priced[rule]),
        "quotas": tuple(rule for rule in about if compiled.quota_packages[rule] != UNLIMITED),
    }


def texts_say(
    tables: dict[str, list[Row]], rules: list[dict[str, Any]], line: int, node: int, service: int, day: int
) -> dict[str, tuple[int, ...]]:
    """From the texts alone."""
    of_line = tables["order_lines"][line]
    rows = {
        "order": next(row for row in tables["orders"] if row["order_id"] == of_line["order_id"]),
        "line": of_line,
        "sku": next(row for row in tables["skus"] if row["sku_id"] == of_line["sku_id"]),
        "node": tables["nodes"][node],
        "service": tables["services"][service],
    }
    about = [
        at
        for at, rule in enumerate(rules)
        if rule.get("from", "0") <= day_text(day) <= rule.get("until", "9")
        and all(row_meets(rule, part, row) for part, row in rows.items())
    ]
    names = {"forbids": "forbid", "prices": "price", "quotas": "quota"}
    return {what: tuple(at for at in about if key in rules[at]) for what, key in names.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_three_roads_agree_on_who_is_forbidden_and_priced(seed: int) -> None:
    """200 random places a pack: masks, reference and the texts name the same rules."""
    tables, rules, pack = random_pack(seed)
    problem = pack.problem().as_given
    compiled, columns = evaluate_rules(problem), RuleColumns(problem)
    rng = random.Random(seed)
    for _ in range(200):
        line, node = rng.randrange(len(problem.lines)), rng.randrange(len(problem.nodes))
        service, day = rng.randrange(len(problem.services)), TODAY + rng.randint(-2, 4)
        expected = texts_say(tables, rules, line, node, service, day)
        assert masks_say(compiled, line, node, service, day) == expected
        found = rule_matches(problem, line, node, service, day, columns=columns)
        assert dataclasses.asdict(found) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_masks_hold_the_rows_that_the_texts_meet(seed: int) -> None:
    """Every row of every part and rule; lines jointly with their order and SKU; counts and packed bits alike."""
    tables, rules, pack = random_pack(seed)
    compiled = evaluate_rules(pack.problem().as_given)
    by_id = {row["sku_id"]: row for row in tables["skus"]} | {row["order_id"]: row for row in tables["orders"]}
    for at, rule in enumerate(rules):
        for part in PARTS:
            expected = [row_meets(rule, part, row) for row in tables[TABLE[part]]]
            masks = compiled.of(part)
            assert masks.rows(at).tolist() == expected
            assert [masks.holds(at, row) for row in range(len(expected))] == expected
            assert masks.matched[at] == sum(expected)
        joint = [
            row_meets(rule, "line", row)
            and row_meets(rule, "sku", by_id[row["sku_id"]])
            and row_meets(rule, "order", by_id[row["order_id"]])
            for row in tables["order_lines"]
        ]
        assert compiled.matching_lines(at).tolist() == joint
        assert compiled.has_line_condition[at] == bool(rule["where"].get("line") or rule["where"].get("sku"))


def set_by(rules: list[dict[str, Any]], name: str, applies: list[bool]) -> list[tuple[Decimal, int]]:
    """(value, rule) of the rules in force on the day of `as_of` that set a thing and apply."""
    return [
        (Decimal(rule["set"][name]), at)
        for at, rule in enumerate(rules)
        if applies[at] and name in rule.get("set", {}) and rule.get("from", "0") <= AS_OF[:10] <= rule.get("until", "9")
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_strictest_setting_wins_and_the_losers_are_named(seed: int) -> None:
    """Against a maximum or minimum taken row by row from the texts, the tables' own value included."""
    tables, rules, pack = random_pack(seed, num_rules=25)
    compiled = evaluate_rules(pack.problem().as_given)
    own: dict[str, Any] = {
        "max_packages": [Decimal(row["max_packages"] or UNLIMITED) for row in tables["orders"]],
        "ship_complete": [Decimal(row["ship_complete"] == "true") for row in tables["orders"]],
        "max_transit_days": [Decimal(UNLIMITED)] * len(tables["orders"]),
        "min_order_value": [Decimal(0)] * len(tables["orders"]),
        "safety_stock": [Decimal(row["safety_stock"] or 0) for row in tables["stock"]],
    }
    by_id = {row["node_id"]: row for row in tables["nodes"]} | {row["sku_id"]: row for row in tables["skus"]}
    for name, values in own.items():
        sign = 1 if SETTABLE[name].strictest == "most" else -1
        if name not in compiled.settings:
            assert not set_by(rules, name, [True] * len(rules))
            continue
        resolved = compiled.settings[name]
        in_force = resolved.value
        found = in_force.decimals() if isinstance(in_force, Amounts) else [Decimal(int(value)) for value in in_force]
        lost = dict.fromkeys(resolved.setters.tolist(), 0)
        for row, value in enumerate(values):
            if name == "safety_stock":
                stock = tables["stock"][row]
                parts = {"node": by_id[stock["node_id"]], "sku": by_id[stock["sku_id"]]}
            else:
                parts = {"order": tables["orders"][row]}
            applies = [all(row_meets(rule, part, cells) for part, cells in parts.items()) for rule in rules]
            setters = set_by(rules, name, applies)
            best = max([(sign * value, 1), *((sign * given, -at) for given, at in setters)])
            assert found[row] == sign * best[0]
            assert resolved.winner[row] == (NO_RULE if best[1] == 1 else -best[1])
            losers = tuple(at for _, at in setters if at != resolved.winner[row])
            assert compiled.losers(name, row) == losers
            for at in losers:
                lost[at] += 1
        assert lost == dict(
            zip(resolved.setters.tolist(), (resolved.num_outdone + resolved.num_idle).tolist(), strict=True)
        )
        assert (resolved.num_matched == resolved.num_won + resolved.num_outdone + resolved.num_idle).all()


def scene(rules: list[dict[str, Any]], limits: dict[str, Any] | None = None, **order: str) -> Problem:
    """One random batch with given rules; columns of the first order may be given."""
    tables = random_tables(random.Random(5))
    tables["orders"][0] |= order
    for row in (*tables["orders"], *tables["nodes"]):
        row |= {"latitude": "40", "longitude": "-74"}
    settings = {"as_of": AS_OF, "currency": "USD", "rules": rules, "limits": limits or {}}
    return Pack.from_tables(tables, settings, features={"rules", *RULE_FEATURES}).problem().as_given


def test_a_planted_bit_is_seen() -> None:
    """The comparison of roads can fail: one flipped bit of a mask and the two disagree."""
    problem = scene([{"name": "a", "forbid": True}])
    compiled = evaluate_rules(problem)
    compiled.nodes.bits[0, 0] ^= 1
    assert masks_say(compiled, 0, 0, 0, TODAY)["forbids"] == ()
    assert rule_matches(problem, 0, 0, 0, TODAY).forbids == (0,)


def test_dates_are_inclusive_and_test_the_ship_day() -> None:
    """From the 28th until the 30th: the days outside are free; an open end has no end."""
    problem = scene([
        {"name": "a", "forbid": True, "from": "2026-11-28", "until": "2026-11-30"},
        {"name": "b", "forbid": True, "from": "2026-11-29"},
        {"name": "c", "forbid": True, "until": "2026-11-28"},
    ])  # fmt: skip
    found = {day: rule_matches(problem, 0, 0, 0, day_number(f"2026-11-{day}")).forbids for day in range(27, 31)}
    assert found == {27: (2,), 28: (0, 2), 29: (0, 1), 30: (0, 1)}
    assert rule_matches(problem, 0, 0, 0, day_number("2026-12-01")).forbids == (1,)
    compiled = evaluate_rules(problem)
    for day in range(TODAY - 1, TODAY + 6):
        assert masks_say(compiled, 0, 0, 0, day)["forbids"] == rule_matches(problem, 0, 0, 0, day).forbids


def test_settings_hold_when_the_day_of_as_of_is_within_the_dates() -> None:
    """A limit on a whole order has no ship day of its own: the 27th, on the clock of `as_of`, decides."""
    problem = scene([
        {"name": "over", "set": {"max_packages": 1}, "until": "2026-11-26"},
        {"name": "today", "set": {"max_packages": 2}, "from": "2026-11-27", "until": "2026-11-27"},
        {"name": "to come", "set": {"max_nodes_per_line": 1}, "from": "2026-11-28"},
    ], max_packages="")  # fmt: skip
    compiled = evaluate_rules(problem)
    assert list(compiled.settings) == ["max_packages"]
    resolved = compiled.settings["max_packages"]
    assert resolved.setters.tolist() == [1]
    assert (resolved.value[0], resolved.winner[0]) == (2, 1)


def test_a_rule_never_loosens_what_tables_and_limits_say() -> None:
    """Own 2 packages against 3; a limit of 400 km against 500; of two equal rules the first wins."""
    problem = scene([
        {"name": "loose", "set": {"max_packages": 3, "max_distance_km": "500", "max_transit_days": 9}},
        {"name": "near", "where": {"order": {"order_id": "O0"}}, "set": {"max_distance_km": "399.5"}},
        {"name": "near too", "where": {"order": {"order_id": "O0"}}, "set": {"max_distance_km": "399.50"}},
    ], None, max_packages="2")  # fmt: skip
    problem = dataclasses.replace(
        problem, limits=dataclasses.replace(problem.limits, max_distance_km=Decimal(400), max_transit_days=9)
    )
    settings = evaluate_rules(problem).settings
    assert (settings["max_packages"].value[0], settings["max_packages"].winner[0]) == (2, NO_RULE)
    assert settings["max_distance_km"].value.tolist()[:2] == [399.5, 400.0]
    assert settings["max_distance_km"].winner.tolist()[:2] == [1, NO_RULE]
    assert evaluate_rules(problem).losers("max_distance_km", 0) == (0, 2)
    assert set(settings["max_transit_days"].value.tolist()) == {9}
    assert set(settings["max_transit_days"].winner.tolist()) == {NO_RULE}


def test_money_that_is_set_stays_exact() -> None:
    """6 decimals, and 0 where no rule applies."""
    value = "0.100001"
    problem = scene([{"name": "a", "where": {"order": {"order_id": "O1"}}, "set": {"min_package_value": value}}])
    amounts = evaluate_rules(problem).settings["min_package_value"].value
    assert isinstance(amounts, Amounts)
    assert amounts.decimals()[:3] == [Decimal(0), Decimal(value), Decimal(0)]


def test_rules_of_an_empty_batch_evaluate() -> None:
    """No orders, no lines: masks without rows; no rules: nothing."""
    empty = Pack.from_tables(
        {}, {"as_of": AS_OF, "rules": [{"name": "a", "forbid": True}]}, features={"rules", *RULE_FEATURES}
    )
    compiled = evaluate_rules(empty.problem())
    assert compiled.orders.rows(0).tolist() == []
    assert compiled.matching_lines(0).tolist() == []
    assert len(evaluate_rules(empty.problem(), ())) == 0


def test_equal_conditions_share_one_mask() -> None:
    """However many rules there are, a mask is kept once a distinct condition."""
    rules = [
        {"name": f"r{at}", "where": {"order": {"channel": ["web", "app"][at % 2]}}, "price": {"per_unit": at + 1}}
        for at in range(40)
    ]
    compiled = evaluate_rules(scene(rules))
    assert compiled.orders.bits.shape[0] == 2
    assert compiled.nodes.bits.shape[0] == 1
    assert compiled.per_unit.decimals() == [Decimal(at + 1) for at in range(40)]


def test_every_contract_column_reads_as_its_text() -> None:
    """Cells of the columns that the random packs leave alone."""
    tables = random_tables(random.Random(1))
    tables["orders"][0] |= {"excluded_nodes": "N3;N1", "latitude": "40.5", "longitude": "-73.25"}
    tables["orders"][1] |= {"excluded_nodes": "N2"}
    tables["orders"][2] |= {"excluded_nodes": "N1;N3"}
    tables["nodes"][0] |= {"cutoff": "15:30", "working_days": "1111100", "timezone": "America/Chicago"}
    tables["nodes"][0] |= {"package_cost": "1.000000000000000001", "priority": "-0.1"}
    tables["skus"][0] |= {"length_cm": "1.5", "width_cm": "2", "height_cm": "3", "ship_alone": "true"}
    tables["services"][0] |= {"dim_divisor": "5000", "max_weight_kg": "30", "delivery_days": "1111110"}
    tables["order_lines"][0] |= {"unfilled_cost": "5", "unit_value": "7.25", "splittable": "false"}
    problem = Pack.from_tables(tables, {"as_of": AS_OF}).problem()
    columns = RuleColumns(problem)
    expected = {
        ("order", "excluded_nodes"): ["N1;N3", "N2", "N1;N3", ""],
        ("order", "latitude"): [Decimal("40.5"), None],
        ("node", "cutoff"): ["15:30", "24:00"],
        ("node", "working_days"): ["1111100", "1111111"],
        ("node", "timezone"): ["America/Chicago", "UTC"],
        ("node", "package_cost"): [Decimal("1.000000000000000001"), Decimal(0)],
        ("node", "priority"): [Decimal("-0.1"), Decimal(0)],
        ("sku", "length_cm"): [Decimal("1.5"), None],
        ("sku", "ship_alone"): ["true", "false"],
        ("service", "dim_divisor"): [Decimal(5000), None],
        ("service", "weight_step_kg"): [None, None],
        ("service", "max_weight_kg"): [Decimal(30), None],
        ("service", "delivery_days"): ["1111110", "1111111"],
        ("line", "unfilled_cost"): [Decimal(5), None],
        ("line", "unit_value"): [Decimal("7.25"), Decimal(0)],
        ("line", "splittable"): ["false", "true"],
        ("line", "order_id"): ["O0"],
    }
    for (part, name), cells in expected.items():
        column = columns.column(part, name)
        read = column.text if hasattr(column, "text") else column.number
        assert [read(row) for row in range(len(cells))] == cells, (part, name)
    for part in PARTS:
        assert not columns.has(part, "no such column")
    assert columns.has("order", "region")


def test_columns_of_features_read_as_their_text() -> None:
    """Pick-up as it holds for the line, dates, capacities and shares; empty where nobody filled them."""
    tables = random_tables(random.Random(1))
    first = tables["order_lines"][0]["order_id"]
    tables["orders"][0] |= {"mode": "pickup", "pickup_node": "N2", "hold_until": "2026-12-03"}
    tables["orders"][1] |= {"not_before": "2026-12-04"}
    tables["order_lines"][-1] |= {"mode": "pickup", "pickup_node": "N4"}
    tables["nodes"][0] |= {"max_lines_per_day": "7", "max_minutes_per_day": "60.5", "minutes_per_unit": "0.25"}
    tables["nodes"][1] |= {"target_share": "0.5", "share_price": "1.000000000000000001"}
    columns = RuleColumns(Pack.from_tables(tables, {"as_of": AS_OF}, features=FEATURES).problem())
    own = [row["order_id"] == first for row in tables["order_lines"][:-1]]
    expected = {
        ("order", "hold_until"): ["2026-12-03", ""],
        ("order", "not_before"): ["", "2026-12-04"],
        ("line", "mode"): ["pickup" if picked else "ship" for picked in own] + ["pickup"],
        ("line", "pickup_node"): ["N2" if picked else "" for picked in own] + ["N4"],
        ("node", "max_lines_per_day"): [Decimal(7), None],
        ("node", "max_minutes_per_day"): [Decimal("60.5"), None],
        ("node", "minutes_per_unit"): [Decimal("0.25"), Decimal(0)],
        ("node", "minutes_per_package"): [Decimal(0), Decimal(0)],
        ("node", "target_share"): [None, Decimal("0.5"), None],
        ("node", "share_price"): [None, Decimal("1.000000000000000001"), None],
    }
    for (part, name), cells in expected.items():
        column = columns.column(part, name)
        read = column.text if hasattr(column, "text") else column.number
        assert [read(row) for row in range(len(cells))] == cells, (part, name)


def test_rule_facts_leave_out_what_is_not_said() -> None:
    """The hashed form of a rule grows only with what is used."""
    assert Rule("a", is_forbidden=True).facts() == {"name": "a", "forbid": True}
    assert np.array_equal(sorted(Rule("a", sets=(("max_packages", 1),)).facts()), ["name", "set.max_packages"])
