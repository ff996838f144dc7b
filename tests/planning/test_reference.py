"""What another system decided, re-costed: the same plan costs the same, open cells are chosen, faults are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cases.scene import Scene
from oracles.generate import build, tiny_scenario
from planning.answers import by_policy
from splitship.check import check_plan
from splitship.domain import Result, SolveOptions
from splitship.errors import InputError, UsageError
from splitship.packs import Pack, read_pack
from splitship.packs.plans import plan_rows
from splitship.planning import compare
from splitship.planning.kpis import num_violations
from splitship.planning.moves import Fate
from splitship.planning.reference import CostedReference, cost_reference
from splitship.run.solve import solve

FRIDAY, SATURDAY = "2026-11-27", "2026-11-28"
COLUMNS = ("order_id", "line_id", "node_id", "service_id", "ship_on", "quantity")


def rows_of(result: Result, *empty: str) -> list[dict[str, Any]]:
    """A plan as rows of the table, with some columns left empty."""
    columns = plan_rows(result)
    rows = zip(*(columns[name] for name in COLUMNS), strict=True)
    return [{name: "" if name in empty else cell for name, cell in zip(COLUMNS, row, strict=True)} for row in rows]


def scene() -> Scene:
    """A ships at 5.00 by G and at 4.00 by H, B at 7.00 by G; two orders of K, one with T beside it."""
    made = Scene()
    made.node("A", stock={"K": 2, "T": 1})
    made.node("B", zone="2", stock={"K": 9, "T": 9})
    made.service("H")
    made.rate("H", "1", 10, "4.00")
    made.lane("H", "A")
    made.order("O1", {"K": 2, "T": 1})
    made.order("O2", {"K": 1})
    return made


def row(order: str, line: str, node: str, quantity: int, service: str = "", day: str = "") -> dict[str, Any]:
    return dict(zip(COLUMNS, (order, line, node, service, day, quantity), strict=True))


def costed(made: Scene, *rows: dict[str, Any]) -> CostedReference:
    return cost_reference(Pack.from_tables(made.tables | {"reference": list(rows)}, settings=made.settings))


def packages(result: Result) -> list[tuple[Any, ...]]:
    problem, plan = result.problem, result.plan
    return [
        (problem.orders.order_id[order], problem.nodes.node_id[node], problem.services.service_id[service],
         str(np.datetime64(int(day), "D")))
        for order, node, service, day in zip(
            plan.order_idx, plan.node_idx, plan.service_idx, plan.ship_day, strict=True)
    ]  # fmt: skip


def test_cheapest_service_and_first_day_where_none_is_named() -> None:
    """O1 in one package by H at 4.00, on Friday; O2's line is not in the table, so its unit is unfilled at 20.00."""
    found = costed(scene(), row("O1", "K", "A", 2), row("O1", "T", "A", 1))
    assert packages(found.result) == [("O1", "A", "H", FRIDAY)]
    assert found.result.objective == 4_000_000 + 20_000_000
    assert (found.num_chosen_services, found.num_chosen_days, found.num_left_out) == (1, 1, 0)
    assert num_violations(found.result) == 0
    assert found.result.bound is None
    assert found.result.unfilled.quantity.tolist() == [1]


def test_named_services_and_days_are_kept() -> None:
    """One order by two services is two packages, at 5.00 and 4.00; rows of one package join, units of one line add."""
    made = scene()
    made.limits["horizon_days"] = 2
    found = costed(
        made, row("O1", "K", "A", 1, "G", SATURDAY), row("O1", "K", "A", 1, "G", SATURDAY), row("O1", "T", "A", 1, "H")
    )
    assert packages(found.result) == [("O1", "A", "H", FRIDAY), ("O1", "A", "G", SATURDAY)]
    assert found.result.plan.content_quantity.tolist() == [1, 2]
    assert found.result.report.costs is not None
    assert found.result.report.costs.shipping == 9_000_000
    assert (found.num_chosen_services, found.num_chosen_days) == (0, 1)


def test_more_than_there_is_is_costed_and_said() -> None:
    """Three K of the two at A: a price like any, one violation, no bound, and not verified."""
    made = scene()
    found = costed(made, row("O1", "K", "A", 2), row("O2", "K", "A", 1))
    assert num_violations(found.result) == 1
    assert found.result.report.violations[0].code == "STOCK_EXCEEDED"
    assert not found.result.report.is_feasible
    assert found.result.objective == 8_000_000 + 20_000_000
    best = solve(found.result.problem, SolveOptions(gap=0.0, time_limit_s=30))
    comparison = compare(best, found.result)
    assert comparison.names == ("baseline", "reference")
    assert comparison.bounds == (best.bound, None)
    assert next(each for each in comparison.rows if each.key == "violations").numbers == (0, 1)


def test_package_without_a_price_is_left_out_and_named() -> None:
    """H does not go from B: what lies in that package counts as unfilled."""
    found = costed(scene(), row("O1", "K", "B", 2, "H"), row("O2", "K", "B", 1))
    assert packages(found.result) == [("O2", "B", "G", FRIDAY)]
    assert found.num_left_out == 1
    assert found.left_out[0].code in ("NOT_OFFERED", "NO_LANE")
    assert "order O1" in found.left_out[0].where
    assert found.result.objective == 7_000_000 + 3 * 20_000_000


@pytest.mark.parametrize("pack", ["us-retail", "hello"])
def test_plan_as_a_reference_costs_what_it_costs(pack: str) -> None:
    """A plan written down as the table and read again is the same plan: nothing moves."""
    read = read_pack(f"scenarios/{pack}")
    base = by_policy(read.problem(), "priority")
    found = cost_reference(with_reference(read, rows_of(base)))
    assert (found.num_chosen_services, found.num_chosen_days, found.num_left_out) == (0, 0, 0)
    comparison = compare(base, found.result)
    assert found.result.objective == base.objective
    assert comparison.steps[0].moves.count(Fate.SAME) == len(base.problem.orders)


def with_reference(pack: Pack, rows: list[dict[str, Any]]) -> Pack:
    settings = pack.settings.model_dump(by_alias=True, include={"currency", "as_of", "objective", "limits"})
    return Pack.from_tables(dict(pack.tables) | {"reference": rows}, settings=settings | {"name": pack.name})


@pytest.mark.parametrize("more", [(), ("substitutes",), ("rejections", "least_values"), ("plan_before",)])
def test_plans_of_random_packs_as_references(more: tuple[str, ...]) -> None:
    """As far as the table can say it: no two packages of one order, node, service and day, no substitutes."""
    num = 0
    for seed in range(8):
        tables, settings = tiny_scenario(seed, with_days=seed % 2 == 0, more=more)
        try:
            base = by_policy(build((tables, settings)), "priority")
        except InputError:  # promises that no plan keeps
            continue
        rows = rows_of(base)
        plan = base.plan
        keys = set(zip(plan.order_idx, plan.node_idx, plan.service_idx, plan.ship_day, strict=True))
        is_own = plan.skus(base.problem.lines.sku_idx) == base.problem.lines.sku_idx[plan.content_line]
        if len(keys) < len(plan) or not is_own.all():
            continue
        found = cost_reference(Pack.from_tables(tables | {"reference": rows}, settings=settings))
        assert found.num_left_out == 0
        assert found.result.objective == base.objective, seed
        assert num_violations(found.result) == 0
        num += len(rows)
    assert num > 4


def test_kit_in_the_table_is_its_components() -> None:
    """Two kits of two K and a T each, in one package of 6 kg."""
    made = Scene()
    made.node("A", stock={"K": 9, "T": 9})
    made.kit("KIT", {"K": 2, "T": 1})
    made.order("O1", {"KIT": 2})
    found = costed(made, row("O1", "KIT", "A", 2))
    assert sorted(found.result.plan.content_quantity.tolist()) == [2, 4]
    assert found.result.objective == 5_000_000
    assert num_violations(found.result) == 0


def test_chosen_services_are_the_cheapest_of_all() -> None:
    """Each package of a plan by every service on the days around its own, priced one by one by the checker."""
    read = read_pack("scenarios/hello")
    base = by_policy(read.problem())
    found = cost_reference(with_reference(read, rows_of(base, "service_id", "ship_on")))
    problem, plan = found.result.problem, found.result.plan
    assert found.result.report.packages is not None
    chosen = found.result.report.packages.total
    assert len(plan) == found.num_chosen_services == found.num_chosen_days == 7
    for package in range(len(plan)):
        alone = plan.of_packages(np.arange(len(plan)) == package)
        costs = []
        for service in range(len(problem.services)):
            for day in range(int(plan.ship_day[package]) - 3, int(plan.ship_day[package]) + 4):
                other = replace(alone, service_idx=np.array([service]), ship_day=np.array([day]))
                report = check_plan(problem, other)
                if report.packages is not None:
                    costs.append(int(report.packages.total[0]))
        assert len(costs) > 1
        assert chosen[package] == min(costs)


def test_published_assignment_costs_what_the_publication_says() -> None:
    """scenarios/brunel-raised/README.md: 15,633,221.91, feasible; not so with the published capacities."""
    raised = cost_reference(read_pack("scenarios/brunel-raised"))
    assert raised.result.objective == 15_633_221_914_754
    assert num_violations(raised.result) == 0
    published = cost_reference(read_pack("scenarios/brunel"))
    assert published.result.objective == raised.result.objective
    assert num_violations(published.result) > 0
    assert published.result.report.violations[0].where.startswith("node PLANT03")


def test_pack_without_the_table() -> None:
    with pytest.raises(UsageError, match="no table reference"):
        cost_reference(read_pack("scenarios/hello"))


def test_nothing_in_the_table() -> None:
    """An empty table ships nothing."""
    made = scene()
    made.tables["reference"] = []
    pack = Pack.from_tables(made.tables, settings=made.settings)
    if pack.reference is not None:
        assert cost_reference(pack).result.objective == 4 * 20_000_000
