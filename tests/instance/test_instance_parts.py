"""Orders that no rule is about are compiled as if there were no rules; the instance is the same either way."""

import dataclasses
from decimal import Decimal

import numpy as np
import pytest

from splitship.domain.rules import Rule, RulePrice, RuleQuota, RuleWhere
from splitship.domain.rules_in_force import with_rules_in_force
from splitship.domain.where import AnyOf, Not
from splitship.instance import compile
from splitship.packs import read_pack


def rules_about_few(problem, rng):
    """One to three rules of any kind, each about up to three orders, some only about a SKU or all nodes but one."""
    found = []
    for number in range(rng.integers(1, 4)):
        orders = rng.choice(problem.orders.order_id, rng.integers(1, 4), replace=False).tolist()
        node = (("node_id", Not(AnyOf((str(rng.choice(problem.nodes.node_id)),)))),) if rng.random() < 0.7 else ()
        sku = (("sku_id", AnyOf((str(rng.choice(problem.skus.sku_id)),))),) if rng.random() < 0.5 else ()
        where = RuleWhere(order=(("order_id", AnyOf(tuple(sorted(orders)))),), node=node, sku=sku)
        effects = (
            {"is_forbidden": True},
            {"price": RulePrice(per_package=Decimal("1.5"), per_unit=Decimal("0.3"))},
            {"quota": RuleQuota(1, Decimal(2))},
        )
        found.append(Rule(f"rule {number}", where, **effects[rng.integers(3)]))
    return tuple(found)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("pack", ["hello", "us-retail"])
def test_parts_make_the_same_instance_as_the_whole(pack, seed, monkeypatch):
    given = read_pack(f"scenarios/{pack}").problem().as_given
    rules = rules_about_few(given, np.random.default_rng(seed))
    problem = with_rules_in_force(dataclasses.replace(given, rules=rules))
    assert len(compile._parts_with_ways(problem, False)) > 1
    apart = compile.compile_problem(problem)
    monkeypatch.setattr(compile, "_MOST_PARTS", 0)
    whole = compile.compile_problem(problem)
    for one, other in ((apart, whole), (apart.draws, whole.draws), (apart.resources, whole.resources)):
        for column in dataclasses.fields(one):
            if isinstance(getattr(one, column.name), np.ndarray):
                assert np.array_equal(getattr(one, column.name), getattr(other, column.name)), column.name


def test_a_rule_about_all_orders_makes_one_part():
    given = read_pack("scenarios/hello").problem().as_given
    rule = Rule("all", RuleWhere(), is_forbidden=True)
    problem = with_rules_in_force(dataclasses.replace(given, rules=(rule,)))
    assert compile._parts_with_ways(problem, False) == [(0, len(problem.orders), True)]
