"""Rules in documents: prices of their quotas, there and back, and what they do in the plan."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from pathlib import Path

import handmade_result
import numpy as np
import pytest

from splitship.cli.summary_view import show_summary, summary_markdown
from splitship.domain import (
    Certificate,
    CostTerms,
    ResourceKind,
    Result,
    Rule,
    RulePrice,
    RuleQuota,
    RuleWhere,
    Surcharges,
    with_rules_in_force,
)
from splitship.domain.rule_effects import RuleEffect, package_charges, rule_effects
from splitship.domain.where import AnyOf
from splitship.errors import PlanError
from splitship.packs.documents import plan_document, summary_document
from splitship.packs.plans import read_plan, write_plan
from splitship.packs.warm_start import read_warm_start, warm_start_of
from splitship.units import Amounts, strings

DAY = handmade_result.DAY
RULES = (
    Rule("from Atlanta", RuleWhere(node=(("node_id", AnyOf(("ATL1",))),)), quota=RuleQuota(3)),
    Rule("all", price=RulePrice(per_unit=Decimal("0.10"), per_line=Decimal(1), per_package=Decimal(2)),
         quota=RuleQuota(9, per="batch")),
    Rule("nothing", RuleWhere(order=(("order_id", AnyOf(("O9",))),)), is_forbidden=True),
)  # fmt: skip
SURCHARGES = Surcharges(
    strings(["fuel"]), np.array([-1]), Amounts.from_decimals(["0.5"]), Amounts.from_decimals(["0.01"]), ((),)
)


@pytest.fixture
def ruled() -> Result:
    """Quotas of a day and of the batch have prices; the costs stand as they were, only effects are looked at."""
    made = handmade_result.result()
    problem = dataclasses.replace(made.problem, rules=RULES, surcharges=SURCHARGES)
    kind, none, empty = np.full(2, int(ResourceKind.RULE_QUOTA)), np.full(2, -1), np.zeros(0, np.int64)
    certificate = Certificate(
        kind, none, none, none, np.array([DAY, -1]), np.array([1_500_000, 250_000]), empty, empty, 40_000_000,
        rule_idx=np.array([0, 1]),
    )  # fmt: skip
    return dataclasses.replace(made, problem=with_rules_in_force(problem), certificate=certificate)


def test_plan_file_keeps_prices_of_quotas_of_rules(ruled: Result, tmp_path: Path) -> None:
    """A row names its rule; that of the batch has no date."""
    path = tmp_path / "plan.json"
    write_plan(path, ruled)
    assert json.loads(path.read_text())["prices"] == [
        {"kind": "rule_quota", "rule": "from Atlanta", "date": "2026-11-27", "price": "1.50"},
        {"kind": "rule_quota", "rule": "all", "price": "0.25"},
    ]
    read = read_plan(path, ruled.problem).certificate
    assert read is not None
    assert (read.rule_idx.tolist(), read.day.tolist()) == ([0, 1], [DAY, -1])
    assert read.price.tolist() == [1_500_000, 250_000]
    assert read.node_idx.tolist() == read.service_idx.tolist() == [-1, -1]


@pytest.mark.parametrize(("rule", "code"), [("al", "E704"), (None, "E702"), (5, "E703")])
def test_plan_file_with_a_rule_that_is_none_is_refused(ruled: Result, tmp_path: Path, rule: object, code: str) -> None:
    """By its place; nothing is taken for another rule."""
    document = plan_document(ruled)
    document["prices"][0]["rule"] = rule
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    with pytest.raises(PlanError) as refused:
        read_plan(path, ruled.problem)
    [finding] = refused.value.findings
    assert (finding.code, finding.field) == (code, "rule")
    assert "prices[0]" in finding.where


def test_warm_start_finds_rules_by_name_and_drops_prices_of_those_that_are_gone(ruled: Result, tmp_path: Path) -> None:
    """The first rule is gone, the second is now the first."""
    path = tmp_path / "plan.json"
    write_plan(path, ruled)
    later = dataclasses.replace(ruled.problem, rules=RULES[1:])
    for start in (warm_start_of(ruled, later), read_warm_start(path, later)):
        assert start.certificate is not None
        assert start.certificate.rule_idx.tolist() == [0]
        assert start.certificate.price.tolist() == [250_000]
        assert start.num_dropped_prices == 1


def test_effects_of_rules_in_the_plan_by_hand(ruled: Result) -> None:
    """Three packages of one line: 2 units and 2 of ATL1, 1 of SEA1; values by the lines' own."""
    problem = ruled.problem
    value = problem.lines.unit_value.micros[ruled.plan.content_line] * ruled.plan.content_quantity
    share = (value // 100).sum()
    assert rule_effects(problem, ruled.plan) == (
        RuleEffect("from Atlanta", False, 2, 4, 0, 3, 2, True),
        RuleEffect("all", False, 3, 5, 9_500_000, 9, 3, False),
        RuleEffect("nothing", False),
        RuleEffect("fuel", True, 3, 5, 1_500_000 + int(share)),
    )
    by_rules, by_surcharges = package_charges(problem, ruled.plan)
    assert by_rules.tolist() == [3_200_000, 3_100_000, 3_200_000]
    assert by_surcharges.sum() == 1_500_000 + share


def with_soft_quotas(made: Result) -> Result:
    """One package of ATL1 a day at 1.25 beyond, two of all in the batch at 0.50; a soft quota of 0 is a price."""
    rules = (
        dataclasses.replace(RULES[0], quota=RuleQuota(1, price_over=Decimal("1.25"))),
        Rule("all", quota=RuleQuota(2, price_over=Decimal("0.5"), per="batch")),
        Rule("each", quota=RuleQuota(0, price_over=Decimal(3))),
    )
    problem = dataclasses.replace(handmade_result.result().problem, rules=rules)
    costs = dataclasses.replace(made.report.costs or CostTerms(), soft=1_750_000)
    report = dataclasses.replace(made.report, costs=costs)
    return dataclasses.replace(made, problem=with_rules_in_force(problem), report=report)


def test_packages_beyond_soft_quotas_are_told(ruled: Result, capsys: pytest.CaptureFixture[str]) -> None:
    """How many, over all days, and what they pay; what a plan pays in all for it is the cost term `soft`."""
    soft = with_soft_quotas(ruled)
    first, batch, each = rule_effects(soft.problem, soft.plan)
    assert (first.quota, first.most_used, first.num_beyond, first.beyond_cost, first.cost) == (1, 2, 1, 1_250_000, 0)
    assert (batch.quota, batch.most_used, batch.num_beyond, batch.beyond_cost, batch.cost) == (2, 3, 1, 500_000, 0)
    assert (each.num_beyond, each.beyond_cost, each.cost) == (3, 0, 9_000_000)
    document = summary_document(soft)
    assert document["rules"][0]["quota"] == {
        "packages": 1, "most_used": 2, "per": "day", "beyond": 1, "beyond_cost": "1.25"
    }  # fmt: skip
    assert document["costs"]["soft"] == "1.75"
    show_summary(document)
    shown = capsys.readouterr().out
    assert "2 of 1 a day, 1 beyond for 1.25" in shown
    assert "soft" in shown


def test_summary_tells_the_effects_and_only_where_there_are_rules(
    ruled: Result, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the document, the tables and Markdown; without rules the documents are what they were."""
    document = summary_document(ruled)
    assert document["rules"] == [
        {"name": "from Atlanta", "packages": 2, "units": 4, "cost": "0.00",
         "quota": {"packages": 3, "most_used": 2, "per": "day"}},
        {"name": "all", "packages": 3, "units": 5, "cost": "9.50",
         "quota": {"packages": 9, "most_used": 3, "per": "batch"}},
        {"name": "nothing", "packages": 0, "units": 0, "cost": "0.00"},
    ]  # fmt: skip
    assert [row["name"] for row in document["surcharges"]] == ["fuel"]
    show_summary(document)
    shown = capsys.readouterr().out
    assert "2 of 3 a day" in shown
    assert "3 of 9 in the batch" in shown
    assert "| from Atlanta | 2 | 4 | 2 of 3 a day | 0.00 |" in summary_markdown(document)
    plain = summary_document(handmade_result.result())
    assert not {"rules", "surcharges"} & set(plain)
