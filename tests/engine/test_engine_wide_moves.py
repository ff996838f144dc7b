"""Wide orders planned again while others make room: books, costs, threads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from properties.trials import wide
from splitship.domain import SolveOptions
from splitship.engine.assignment import Assignment
from splitship.engine.dual import Pricer
from splitship.engine.solve import solve
from splitship.engine.wide_standing import WideStanding
from splitship.instance import Instance, compile_problem
from splitship.packs import read_pack
from splitship.units import I64
from splitship_bench.generate import generate_pack, parse_spec


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """200 wide orders, 8 nodes, stock 1.4 times the demand."""
    folder = Path(tmp_path_factory.mktemp("moves")) / "pack"
    generate_pack(parse_spec("wide-200-n8-s3"), folder)
    return compile_problem(read_pack(folder).problem(), 2)


def first_plan(pricer: Pricer) -> tuple[Assignment, int]:
    """Orders one after the other, without prices: plan and cost."""
    instance = pricer.instance
    plans, zeros = Assignment.empty(pricer.tables), np.zeros(len(instance.resources), np.int64)
    total = pricer.place(np.arange(instance.num_orders), zeros, instance.resources.capacity.copy(), plans)
    return plans, total


def stand(pricer: Pricer, plans: Assignment) -> WideStanding:
    """The plan as it is improved."""
    free = pricer.instance.resources.capacity - pricer.narrow_use_of(plans)
    return WideStanding(pricer.instance, pricer.wide.tables, pricer.wide.orders, plans, free)


def check_books(pricer: Pricer, plans: Assignment, standing: WideStanding, total: int) -> None:
    """What is left, unfilled units, costs and users are those of the plan, and nothing is oversold."""
    instance, flows = pricer.instance, standing.flows
    assert np.array_equal(flows.residual, instance.resources.capacity - pricer.use_of(plans))
    assert flows.residual.min(initial=0) >= 0
    assert pricer.wide.cost_of(plans) == total
    assert flows.cost[pricer.wide.orders].sum() == total
    shipped = np.zeros(len(instance.line_sku), np.int64)
    users: list[int] = []
    for order in pricer.wide.orders.tolist():
        first, end = int(instance.line_ptr[order]), int(instance.line_ptr[order + 1])
        base = int(plans.wide_ptr[order])
        cells = np.arange(base, base + int(plans.count[order]) * (end - first))
        there = plans.quantity[cells].reshape(-1, end - first)
        assert (there.sum(axis=1) > 0).all()
        shipped[first:end] = there.sum(axis=0)
        users += [cell for cell in cells[there.ravel() > 0].tolist() if flows.is_parted[flows.cell_line[cell]]]
    is_wide = np.repeat(instance.is_wide, np.diff(instance.line_ptr))
    assert np.array_equal(flows.unfilled[is_wide], (instance.line_quantity - shipped)[is_wide])
    lines = np.flatnonzero((flows.unfilled > 0) & flows.is_parted)
    assert listed_users(standing) == sorted(users + (lines + len(plans.quantity)).tolist())


def listed_users(standing: WideStanding) -> list[int]:
    """All cells in the lists of users."""
    found, flows = [], standing.flows
    for head in flows.head.tolist():
        at = head
        while at >= 0:
            found.append(at)
            at = int(flows.after[at])
    return sorted(found)


def transport_optimum(pricer: Pricer, plans: Assignment, standing: WideStanding) -> tuple[float, float]:
    """Cost of all units where they are, and the least with the same packages: a linear program of one row a stock."""
    instance, flows, tables = pricer.instance, standing.flows, pricer.wide.tables
    cost: list[float] = []
    most: list[float] = []
    line_of: list[int] = []
    row_of: list[int] = []
    now = float((flows.unfilled * instance.unfilled_cost).sum())
    for order in pricer.wide.orders.tolist():
        width = int(instance.line_ptr[order + 1] - instance.line_ptr[order])
        for cell in range(int(plans.wide_ptr[order]), int(plans.wide_ptr[order] + plans.count[order] * width)):
            at = int(flows.cell_at[cell])
            if at >= 0:
                cost.append(float(tables.floor_unit[at]))
                most.append(float(tables.floor_quantity[at]))
                line_of.append(int(flows.cell_line[cell]))
                row_of.append(int(flows.cell_row[cell]))
                now += cost[-1] * float(plans.quantity[cell])
    num, lines = len(cost), len(instance.line_sku)
    rows = np.array(row_of)
    used = np.flatnonzero(rows >= 0)
    stock = sparse.csr_array((np.ones(len(used)), (rows[used], used)), shape=(len(instance.resources), num + lines))
    whole = sparse.csr_array((np.ones(num + lines), (line_of + list(range(lines)), np.arange(num + lines))))
    room = np.concatenate([most, instance.line_quantity])
    answer = linprog(  # type: ignore[call-overload]
        np.concatenate([cost, instance.unfilled_cost]) / 1e6, A_ub=stock, b_ub=instance.resources.capacity,
        A_eq=whole, b_eq=instance.line_quantity, bounds=np.c_[np.zeros(num + lines), room], method="highs",
    )  # fmt: skip
    assert answer.status == 0
    return now / 1e6, float(answer.fun)


def no_grace(num: int) -> I64:
    """Nothing may cost more."""
    return np.zeros(num, np.int64)


def test_moves_keep_the_books_and_never_cost_more(instance: Instance) -> None:
    """After every change the residual, lists and costs are those of the plan; each change is true and not above 0."""
    pricer = Pricer(instance, 1)
    plans, first = first_plan(pricer)
    standing = stand(pricer, plans)
    total = standing.total
    assert total == first
    check_books(pricer, plans, standing, total)
    change = standing.balance(np.arange(len(instance.problem.skus)))
    assert change < 0
    total += change
    check_books(pricer, plans, standing, total)
    zeros, random = np.zeros(len(instance.resources), np.int64), np.random.default_rng(1)
    sequence = np.arange(instance.num_orders)
    change = standing.move(sequence, np.arange(len(sequence) + 1), zeros, no_grace(len(sequence)))
    assert change < 0
    total += change
    check_books(pricer, plans, standing, total)
    for share in (0, 200_000, 2_000_000):
        for _ in range(4):
            groups = random.choice(instance.num_orders, 12, replace=False).astype(np.int64)
            change = standing.move(groups, np.array([0, 3, 8, 12]), zeros + share, no_grace(3))
            assert change <= 0
            total += change
            check_books(pricer, plans, standing, total)


def test_refused_moves_leave_everything_as_it_was(instance: Instance) -> None:
    """With a grace of minus a million every group is undone: the plan is the same, package for package."""
    pricer = Pricer(instance, 1)
    plans, total = first_plan(pricer)
    standing = stand(pricer, plans)
    before, left = plans.copy(), standing.flows.residual.copy()
    sequence = np.arange(instance.num_orders)
    refused = np.full(len(sequence) // 2, -(10**12))
    change = standing.move(sequence, np.arange(0, len(sequence) + 1, 2), np.zeros_like(left), refused)
    assert change == 0
    check_books(pricer, plans, standing, total)
    assert np.array_equal(left, standing.flows.residual)
    assert np.array_equal(before.count, plans.count)
    width = np.diff(instance.line_ptr)
    for order in range(instance.num_orders):
        cells = slice(int(plans.wide_ptr[order]), int(plans.wide_ptr[order] + plans.count[order] * width[order]))
        assert np.array_equal(before.quantity[cells], plans.quantity[cells])


def test_balanced_units_are_a_cheapest_flow(instance: Instance) -> None:
    """With the packages given, units cost what a linear program says they must; before they cost more."""
    pricer = Pricer(instance, 1)
    plans, _ = first_plan(pricer)
    standing = stand(pricer, plans)
    now, least = transport_optimum(pricer, plans, standing)
    assert now > least + 1
    skus = np.arange(len(instance.problem.skus))
    while standing.balance(skus) < 0:  # a choice that becomes cheaper changes what units cost
        pass
    now, least = transport_optimum(pricer, plans, standing)
    assert abs(now - least) <= 1e-6 * least


@pytest.mark.parametrize("seed", range(0, 24, 3))
def test_moves_of_tiny_batches_stay_feasible_and_above_the_optimum(seed: int) -> None:
    """Random tiny batches with every rule: books hold, nothing costs more, and never less than the optimum."""
    trial = wide(seed)
    instance = compile_problem(trial.problem, 1)
    pricer = Pricer(instance, 1)
    plans, _ = first_plan(pricer)
    narrow = np.flatnonzero(~instance.is_wide)
    standing = stand(pricer, plans)
    total = standing.total
    total += standing.balance(np.arange(len(trial.problem.skus)))
    for price in (0, 0, 300_000, 0):
        orders = pricer.wide.orders
        prices = np.full(len(instance.resources), price)
        change = standing.move(orders, np.arange(len(orders) + 1), prices, no_grace(len(orders)))
        assert change <= 0
        total += change
        check_books(pricer, plans, standing, total)
    assert total + pricer.cost_of(plans, narrow) >= trial.floor * (1 - 1e-9) - 1


def test_answer_of_wide_orders_does_not_depend_on_threads(instance: Instance) -> None:
    """Plan and bound within a work limit are the same with one thread and two, and the search does move the plan."""
    answers = [
        solve(instance, SolveOptions(time_limit_s=None, work_limit=1.0, gap=0.0, threads=threads)) for threads in (1, 2)
    ]
    one, two = answers
    assert one.objective == two.objective
    assert one.certificate.bound == two.certificate.bound
    phases = [event.phase for event in one.events]
    assert phases.count("wide pieces") > 1
    costs = [(event.phase, event.objective, event.bound) for event in one.events]
    assert costs == [(event.phase, event.objective, event.bound) for event in two.events]
