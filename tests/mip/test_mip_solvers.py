"""The adaptors: the same arrays through every solver, limits, missing solvers, and nothing on standard output."""

from __future__ import annotations

import os
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from splitship.domain import SolveOptions
from splitship.errors import SolverError, UsageError
from splitship.solvers import (
    LinearModel,
    SolverStatus,
    available_solvers,
    pulp_solver,
    silence_stdout,
    solve_linear_model,
)
from splitship.units import strings

SOLVERS = ("highs", "scip", "cp-sat", "cbc", "pulp:PULP_CBC_CMD")
NEAR = 1.0  # micros


def make_model(objective, matrix, row_lower, row_upper, upper=1.0, lower=0.0, is_integer=True) -> LinearModel:
    """A model from lists; bounds broadcast."""
    costs = np.array(objective, float)
    size = len(costs)
    return LinearModel(
        name="tiny",
        objective=costs,
        lower=np.broadcast_to(np.array(lower, float), (size,)),
        upper=np.broadcast_to(np.array(upper, float), (size,)),
        is_integer=np.broadcast_to(np.array(is_integer), (size,)),
        column_names=strings(f"x{i}" for i in range(size)),
        matrix=csr_array(np.array(matrix, float).reshape(-1, size)),
        row_lower=np.array(row_lower, float),
        row_upper=np.array(row_upper, float),
        row_names=strings(f"r{i}" for i in range(len(row_lower))),
    )


def knapsack() -> LinearModel:
    """max 10 a + 13 b + 7 c with 3 a + 4 b + 2 c <= 6: b and c, 20 units of money."""
    return make_model([-10e6, -13e6, -7e6], [[3, 4, 2]], [-np.inf], [6])


def assignment(num_tasks: int = 60, num_places: int = 12) -> LinearModel:
    """Tasks of several sizes to places of little room, or left at a high price: too hard for an instant."""
    rng = np.random.default_rng(0)
    size = rng.integers(1, 9, num_tasks)
    columns = num_tasks * num_places
    task, place = np.repeat(np.arange(num_tasks), num_places), np.tile(np.arange(num_places), num_tasks)
    rows = np.concatenate([task, np.arange(num_tasks), num_tasks + place])
    at = np.concatenate([np.arange(columns), columns + np.arange(num_tasks), np.arange(columns)])
    data = np.concatenate([np.ones(columns + num_tasks), size[task]])
    room = np.full(num_places, size.sum() // num_places - 2)
    total = columns + num_tasks
    return LinearModel(
        name="assignment",
        objective=np.concatenate([rng.integers(5e6, 20e6, columns), np.full(num_tasks, 50e6)]).astype(float),
        lower=np.zeros(total),
        upper=np.ones(total),
        is_integer=np.ones(total, np.bool_),
        column_names=strings(f"x{i}" for i in range(total)),
        matrix=csr_array((data, (rows, at)), shape=(num_tasks + num_places, total)),
        row_lower=np.concatenate([np.ones(num_tasks), np.full(num_places, -np.inf)]),
        row_upper=np.concatenate([np.ones(num_tasks), room]).astype(float),
        row_names=strings(f"r{i}" for i in range(num_tasks + num_places)),
    )


@pytest.mark.parametrize("solver", SOLVERS)
def test_solver_finds_the_optimum_when_the_model_is_tiny(solver):
    """The knapsack's best is b and c: -(13 + 7) = -20 in money; the bound says the same."""
    answer = solve_linear_model(knapsack(), SolveOptions(solver=solver, gap=0))
    assert answer.status is SolverStatus.OPTIMAL
    assert answer.values is not None
    assert np.rint(answer.values).tolist() == [0, 1, 1]
    assert answer.objective == pytest.approx(-20e6, abs=NEAR)
    assert answer.bound == pytest.approx(-20e6, abs=NEAR)
    assert answer.seconds > 0
    assert answer.version


@pytest.mark.parametrize("solver", SOLVERS)
def test_solver_respects_both_sides_of_a_row_and_general_integers(solver):
    """min a + 2 b with 7 <= 2 a + 3 b <= 7.5, a <= 2: a = 2, b = 1 costs 4; a = 1 would need b = 5/3."""
    model = make_model([1e6, 2e6], [[2, 3]], [7], [7], upper=[2, 9])
    assert solve_linear_model(model, SolveOptions(solver=solver, gap=0)).objective == pytest.approx(4e6, abs=NEAR)
    if solver != "cp-sat":  # the sides are not whole numbers now
        ranged = make_model([1e6, 2e6], [[2, 3]], [6.5], [7.5], upper=[2, 9])
        answer = solve_linear_model(ranged, SolveOptions(solver=solver, gap=0))
        assert answer.objective == pytest.approx(4e6, abs=NEAR)


@pytest.mark.parametrize("solver", SOLVERS)
def test_solver_says_infeasible_when_no_values_exist(solver):
    """2 x = 1 has no whole solution."""
    answer = solve_linear_model(make_model([1e6], [[2]], [1], [1], upper=5), SolveOptions(solver=solver))
    assert answer.status is SolverStatus.INFEASIBLE
    assert answer.values is None


@pytest.mark.parametrize("solver", SOLVERS)
def test_solver_stops_at_the_time_limit_without_claiming_the_optimum(solver):
    """A model that takes far longer than the limit ends with what there is: not OPTIMAL at gap 0, and a true bound."""
    model = assignment()
    answer = solve_linear_model(model, SolveOptions(solver=solver, gap=0, time_limit_s=0.5))
    assert answer.status in (SolverStatus.FEASIBLE, SolverStatus.NO_SOLUTION)
    assert answer.seconds < 10
    if answer.values is not None:
        assert model.worst_violation(answer.values)[0] < 1e-5
        assert answer.objective == pytest.approx(float(model.objective @ answer.values), abs=NEAR)
    if answer.bound is not None and answer.objective is not None:
        assert answer.bound < answer.objective


@pytest.mark.parametrize("solver", SOLVERS)
def test_solver_stops_at_the_gap_asked_for(solver):
    """At a gap of 95 % a first plan does, in far less than the half minute that closing the gap is not done in."""
    model = assignment()
    options = SolveOptions(solver=solver, gap=0.95, time_limit_s=30)
    answer = solve_linear_model(model, options, leave_all(model))
    assert answer.status is SolverStatus.OPTIMAL
    assert answer.seconds < 15
    assert answer.objective is not None
    if answer.bound is not None:
        assert 0 < answer.bound < answer.objective  # it stopped early, and does not claim more than it knows


def leave_all(model: LinearModel) -> np.ndarray:
    """Values of `assignment` that leave every task out, which costs 60 x 50 = 3,000 in money."""
    return np.where(np.arange(model.num_columns) >= model.num_columns - 60, 1.0, 0.0)


def test_highs_begins_with_the_start_it_is_given():
    """Given what it found itself before, the first objective it reports is no worse; without, it is."""
    model, options = assignment(), SolveOptions(solver="highs", gap=0, time_limit_s=0.7)
    alone, begun = [], []
    before = solve_linear_model(model, options, on_progress=lambda objective, _: alone.append(objective))
    solve_linear_model(model, options, before.values, lambda objective, _: begun.append(objective))
    assert before.objective is not None
    assert begun[0] <= before.objective + NEAR
    assert next(objective for objective in alone if objective is not None) > before.objective + NEAR


@pytest.mark.parametrize("solver", ["scip", "cp-sat"])
def test_solver_takes_a_start(solver):
    """It is accepted, and the answer is no worse."""
    model = assignment()
    answer = solve_linear_model(model, SolveOptions(solver=solver, gap=0, time_limit_s=0.5), leave_all(model))
    assert answer.objective is not None
    assert answer.objective <= 3000e6 + NEAR


def test_cbc_stopped_by_time_with_a_solution_is_feasible_not_optimal():
    """PuLP calls such a run optimal in `status`; only `sol_status` tells, and the bound stays below."""
    model = assignment()
    answer = solve_linear_model(model, SolveOptions(solver="cbc", gap=0, time_limit_s=0.7), leave_all(model))
    assert answer.status is SolverStatus.FEASIBLE
    assert answer.bound is not None
    assert answer.objective is not None
    assert 0 < answer.bound < answer.objective


def test_cbc_bound_is_lowered_by_half_of_its_last_printed_place():
    """A log that prints 4132.200 may mean 4132.1995: that is 4,132,199,500 micros."""
    log = "Result - Stopped on time limit\n\nObjective value:  4200.5\nLower bound:   4132.200\nGap: 0.02\n"
    assert pulp_solver._cbc_bound(log, SolverStatus.FEASIBLE, 4200.5e6) == pytest.approx(4132.1995e6, abs=1e-3)
    assert pulp_solver._cbc_bound("Lower bound: -1e+50\n", SolverStatus.FEASIBLE, 1.0) is None
    assert pulp_solver._cbc_bound("", SolverStatus.FEASIBLE, 1.0) is None
    assert pulp_solver._cbc_bound("", SolverStatus.OPTIMAL, 7.0) == 7.0
    within = "Result - Optimal solution found (within gap tolerance)\n"
    assert pulp_solver._cbc_bound(within, SolverStatus.OPTIMAL, 7.0) is None


@pytest.mark.parametrize("solver", ["highs", "cbc", "glop"])
def test_linear_program_is_solved_and_priced(solver):
    """min 3 a + 2 b with a + b >= 4, a <= 3: b = 4 costs 8 in money; one unit more on the row costs 2."""
    model = make_model([3e6, 2e6], [[1, 1]], [4], [np.inf], upper=[3, 9], is_integer=False)
    answer = solve_linear_model(model, SolveOptions(solver=solver))
    assert answer.status is SolverStatus.OPTIMAL
    assert answer.objective == pytest.approx(8e6)
    if solver != "cbc":
        assert answer.row_duals is not None
        assert answer.row_duals.tolist() == pytest.approx([2e6])


def test_relaxed_model_has_no_integer_column():
    """The knapsack's linear optimum is above the whole one: c, a, then a quarter of b: 7 + 10 + 13 / 4 = 20.25."""
    assert not knapsack().relaxed().has_integers
    answer = solve_linear_model(knapsack().relaxed(), SolveOptions(solver="glop"))
    assert answer.objective == pytest.approx(-20.25e6)


def test_solver_prints_nothing_on_standard_output(capfd):
    """Standard output belongs to the answer: no solver's log, banner or stray message reaches it."""
    model = assignment(20, 5)
    for solver in SOLVERS:
        solve_linear_model(model, SolveOptions(solver=solver, time_limit_s=0.3), on_progress=lambda *_: None)
    assert capfd.readouterr().out == ""


def test_silence_discards_what_compiled_code_prints_and_gives_the_descriptor_back(capfd):
    """Inside nothing arrives, afterwards everything does."""
    os.write(1, b"before ")
    with silence_stdout():
        os.write(1, b"inside ")
    os.write(1, b"after")
    assert capfd.readouterr().out == "before after"


def test_cbc_leaves_no_files_behind(tmp_path, monkeypatch):
    """Model, solution and log of a run are removed, and nothing is written to the working folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    solve_linear_model(knapsack(), SolveOptions(solver="cbc"))
    assert list((tmp_path / "temporary").iterdir()) == []
    assert list(Path.cwd().iterdir()) == []


def test_highs_reports_objective_and_bound_as_it_runs():
    """Reports come with a bound that never exceeds the objective."""
    seen: list[tuple[float | None, float | None]] = []
    options = SolveOptions(solver="highs", gap=0, time_limit_s=0.5)
    solve_linear_model(assignment(), options, on_progress=lambda objective, bound: seen.append((objective, bound)))
    both = [(objective, bound) for objective, bound in seen if objective is not None and bound is not None]
    assert both
    assert all(bound <= objective + NEAR for objective, bound in both)


def test_fault_in_a_callers_progress_function_comes_back_as_it_is():
    """It must not be lost, nor pass through compiled code."""

    def fail(objective, bound):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        solve_linear_model(assignment(), SolveOptions(solver="highs", time_limit_s=0.5), on_progress=fail)


@pytest.mark.parametrize("solver", ["gurobi-of-dreams", "pulp:NO_SUCH", "pulp:GUROBI_CMD"])
def test_missing_solver_is_named_with_those_that_are_there(solver):
    """The message says what could be used instead."""
    with pytest.raises(SolverError, match=r"highs|PULP_CBC_CMD"):
        solve_linear_model(knapsack(), SolveOptions(solver=solver))


@pytest.mark.parametrize("solver", ["highs", "scip", "cbc"])
def test_work_limit_is_refused_where_there_is_none(solver):
    """A limit is kept or refused, never ignored."""
    with pytest.raises(UsageError, match="work limit"):
        solve_linear_model(knapsack(), SolveOptions(solver=solver, work_limit=5))


def test_cp_sat_repeats_itself_under_a_work_limit():
    """The same work gives the same values twice."""
    options = SolveOptions(solver="cp-sat", gap=0, work_limit=0.1, time_limit_s=60)
    first, second = (solve_linear_model(assignment(), options) for _ in range(2))
    assert first.objective == second.objective
    assert first.values is not None
    assert second.values is not None
    assert first.values.tolist() == second.values.tolist()


def test_cp_sat_refuses_fractions_with_a_remedy():
    """It would round them silently."""
    model = make_model([1e6], [[0.5]], [1], [3], upper=9)
    with pytest.raises(SolverError, match="highs"):
        solve_linear_model(model, SolveOptions(solver="cp-sat"))


def test_refused_model_is_our_error_not_a_traceback_of_theirs():
    """GLOP takes no integers, and MathOpt's own report of that fails with an AttributeError."""
    with pytest.raises(SolverError, match="glop"):
        solve_linear_model(knapsack(), SolveOptions(solver="glop"))


def test_available_solvers_are_those_that_answer():
    """The bundled ones are there with their versions, and each of those listed solves."""
    found = {info.name: info for info in available_solvers()}
    assert {"highs", "scip", "cp-sat", "glop", "cbc"} <= set(found)
    assert all(info.version and info.through for info in found.values())
    for name in found:
        model = knapsack().relaxed() if name == "glop" else knapsack()
        assert solve_linear_model(model, SolveOptions(solver=name)).status is SolverStatus.OPTIMAL


def test_worst_violation_names_the_row_or_column_that_is_broken():
    """3 + 4 + 2 = 9 > 6 breaks the row by 3, in its largest coefficient 3 / 4; a value of 1.5 its bound by 0.5."""
    assert knapsack().worst_violation(np.ones(3)) == (0.75, "r0")
    assert knapsack().worst_violation(np.array([0, 0, 1.5])) == (0.5, "x2")
    assert knapsack().worst_violation(np.array([0, 1.0, 1.0])) == (0.0, "")


def test_pulps_warnings_stay_inside():
    """PuLP announces its next version with deprecation warnings; users of ours do not see them."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        solve_linear_model(knapsack(), SolveOptions(solver="cbc"))
