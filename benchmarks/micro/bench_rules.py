"""Compiling a batch under many rules: ten thousand orders, two hundred nodes, fifty rules of every kind."""

from pathlib import Path

import pytest

from conftest import Measure
from splitship.domain import Problem
from splitship.instance import compile_problem
from splitship.packs import read_pack
from splitship.run import warm_up

INSTANCE = "calm-10k-n200-s1"
NUM_RULES = 50


def rule(number: int) -> str:
    """Forbids, prices by package, line and unit, and a quota, about ever other nodes, SKUs, orders and services."""
    nodes = ", ".join(f"N{1 + (number * 7 + step * 11) % 200:03d}" for step in range(20))
    about, effect = (
        (f"node: {{node_id: [{nodes}]}}", "price: {per_package: 0.50}"),
        (f"node: {{node_id: [{nodes}]}}, sku: {{sku_id: {{like: '%{number % 10}'}}}}", "forbid: true"),
        (f"order: {{postal_code: {{like: '%{number % 10}'}}}}", "price: {per_unit: 0.10}"),
        (f"sku: {{sku_id: {{like: '%{number % 10}'}}}}", "price: {per_line: 0.20}"),
        ("service: {carrier: carrier-1}, line: {quantity: {ge: 2}}", f"price: {{per_unit: 0.{number:02d}}}"),
    )[number % 5]
    if number == 0:
        about, effect = f"node: {{node_id: [{nodes}]}}", "quota: {packages: 50}"
    return f"  - {{name: rule {number}, where: {{{about}}}, {effect}}}"


@pytest.fixture(scope="module", params=[INSTANCE])
def pack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Problem:
    """The generated batch with the rules in its scenario."""
    from splitship_bench.generate import generate_pack, parse_spec

    warm_up()
    folder: Path = tmp_path_factory.mktemp("packs") / request.param
    generate_pack(parse_spec(request.param), folder)
    scenario = folder / "scenario.yaml"
    rules = "rules:\n" + "\n".join(map(rule, range(NUM_RULES)))
    scenario.write_text(scenario.read_text().replace("rules: []", rules))
    return read_pack(folder).problem()


def test_compile_with_rules(measure: Measure, pack: Problem) -> None:
    """Rules in force already, two threads."""
    assert len(pack.package_rules) == NUM_RULES
    assert measure(compile_problem, lambda: (pack, 2)).num_options > 0


def test_compile_without_rules(measure: Measure, pack: Problem) -> None:
    """The same batch without them."""
    import dataclasses

    bare = dataclasses.replace(pack.as_given, rules=())
    assert measure(compile_problem, lambda: (bare, 2)).num_options > 0


def test_put_rules_in_force(measure: Measure, pack: Problem) -> None:
    """Conditions to masks to bits."""
    from splitship.domain import with_rules_in_force

    assert len(measure(with_rules_in_force, lambda: (pack.as_given,)).package_rules) == NUM_RULES
