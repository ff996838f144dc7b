"""Solvers on the one model as contenders: plans, bounds, what they report on the way, and limits."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from splitship.check import check_plan
from splitship.domain import SolveOptions
from splitship.errors import SolverError
from splitship.instance import compile_problem
from splitship.mip import build_model
from splitship.mip.decode import decode_values
from splitship.packs import read_pack
from splitship.solvers import SolverStatus
from splitship.solvers.progress import LogListener, read_cbc, read_cp_sat, read_highs, read_scip
from splitship.solvers.quiet import tap_stdout
from splitship_bench.contenders import NotApplicableError, Outcome, Task, models
from splitship_bench.contenders import model_cbc as cbc
from splitship_bench.contenders.model_history import MOST_ENTRIES, History, thinned

BY_NAME = {each.name: each for each in models.SOLVER_CONTENDERS}
NAMES = tuple(BY_NAME)


@pytest.fixture(scope="module")
def hello(repository):
    """Five orders, optimum 87.50."""
    return read_pack(repository / "scenarios" / "hello").problem()


@pytest.fixture(scope="module")
def retail(repository):
    """A thousand orders: none of the solvers is done with them in seconds."""
    return read_pack(repository / "scenarios" / "us-retail").problem()


def task(problem, limit_s: float, gap: float = 0.0, **others) -> Task:
    """A task whose clock starts now."""
    began = time.perf_counter()
    fields = {"seed": 0, "threads": 2, "work_limit": None} | others
    return Task(problem, limit_s, gap, elapsed=lambda: time.perf_counter() - began, **fields)


def assert_consistent(outcome: Outcome) -> None:
    """Times and bounds rise, objectives fall, bounds stay below objectives, and the end is what is claimed."""
    seconds, objectives, bounds = zip(*outcome.incumbents, strict=True)
    assert list(seconds) == sorted(seconds)
    known = [objective for objective in objectives if objective is not None]
    assert known == sorted(known, reverse=True)
    raised = [bound for bound in bounds if bound is not None]
    assert raised == sorted(raised)
    assert all(b <= o for o, b in zip(objectives, bounds, strict=True) if o is not None and b is not None)
    assert (objectives[-1], bounds[-1]) == (outcome.objective, outcome.bound)


def test_five_solvers_are_there_under_their_names():
    """Each is a solver and says which program of which version it is."""
    assert NAMES == ("highs", "highs-scipy", "scip", "cp-sat", "cbc")
    for each in models.SOLVER_CONTENDERS:
        assert each.kind == "solver"
        assert any(digit.isdigit() for digit in each.version())
        assert each.description


@pytest.mark.parametrize("name", NAMES)
def test_solver_proves_the_optimum_of_hello(name, hello, capfd):
    """87.50 by hand; the plan is feasible and costs that, the bound is not above it, and nothing is printed."""
    outcome = BY_NAME[name].run(task(hello, 60))
    report = check_plan(hello, outcome.plan)
    assert report.is_feasible, report.violations
    assert report.costs.total == outcome.objective == 87_500_000
    assert outcome.bound == 87_500_000
    assert outcome.status == "OPTIMAL"
    assert set(outcome.seconds) == {"compile", "build", "solve"}
    assert set(outcome.counts) == {"columns", "rows", "nonzeros"}
    assert min(outcome.counts.values()) > 0
    assert len(outcome.incumbents) > 1  # something was heard before the end
    assert_consistent(outcome)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("name", NAMES)
def test_solver_tells_of_plans_and_bounds_on_its_way(name, shared_packs):
    """300 orders with the optimum 4,360.3164: a plan and a bound are heard of before the last word."""
    problem = read_pack(shared_packs / "calm-300").problem()
    outcome = BY_NAME[name].run(task(problem, 3, gap=0.0001))
    assert outcome.status in {"OPTIMAL", "GAP_REACHED", "TIME_LIMIT", "NO_PLAN"}
    assert_consistent(outcome)
    optimum = 4_360_316_400
    assert outcome.bound is None or outcome.bound <= optimum
    if outcome.plan is not None:
        report = check_plan(problem, outcome.plan)
        assert report.is_feasible
        assert report.costs.total == outcome.objective >= optimum
        assert any(objective is not None for _, objective, _ in outcome.incumbents[:-1])
    early = [bound for _, _, bound in outcome.incumbents[:-1] if bound is not None]
    assert early or outcome.bound is None


@pytest.mark.parametrize("name", NAMES)
def test_limit_before_the_solver_begins_is_no_plan(name, retail):
    """0.05 s are gone when the model of 1,000 orders is built; that is an answer, not an exception."""
    outcome = BY_NAME[name].run(task(retail, 0.05))
    assert outcome.status == "NO_PLAN"
    assert outcome.plan is None
    assert outcome.incumbents == []
    assert "limit" in outcome.detail


@pytest.mark.parametrize("name", NAMES)
def test_limit_while_the_solver_runs_is_what_it_has_by_then(name, retail):
    """Half a second after building: no plan, or a feasible one at the limit that costs what is claimed."""
    allowed = task(retail, 0.5)
    compile_problem(retail)
    offset = allowed.elapsed() + 0.3
    outcome = BY_NAME[name].run(replace(allowed, elapsed=lambda: allowed.elapsed() - offset))
    assert outcome.status in {"NO_PLAN", "TIME_LIMIT"}
    if outcome.incumbents:
        assert_consistent(outcome)
    if outcome.plan is not None:
        report = check_plan(retail, outcome.plan)
        assert report.is_feasible
        assert report.costs.total == outcome.objective


def test_work_limit_is_said_not_to_be_used(hello):
    """It is neither refused, which would empty the comparison, nor silently dropped."""
    outcome = BY_NAME["cp-sat"].run(task(hello, 60, work_limit=5.0))
    assert outcome.status == "OPTIMAL"
    assert "work limit is not used" in outcome.detail


def test_cp_sat_does_not_apply_where_numbers_are_not_whole(hello, monkeypatch):
    """Half a cost in the model: it would be rounded silently."""

    def halved(instance):
        model = build_model(instance)
        return replace(model, linear=replace(model.linear, objective=model.linear.objective + 0.5))

    monkeypatch.setattr(models, "build_model", halved)
    with pytest.raises(NotApplicableError, match="whole numbers"):
        BY_NAME["cp-sat"].run(task(hello, 60))


def test_nothing_to_ship_is_an_empty_plan(hello, monkeypatch):
    """Without lines there is no model to build: no package, no cost."""
    empty = replace(compile_problem(hello), line_sku=np.zeros(0, np.int64))
    monkeypatch.setattr(models, "compile_problem", lambda *_: empty)
    outcome = BY_NAME["highs"].run(task(hello, 60))
    assert outcome.status == "NOTHING_TO_SHIP"
    assert len(outcome.plan) == 0
    assert (outcome.objective, outcome.bound) == (0, 0)


def test_refund_that_a_stopped_solver_left_is_taken(hello):
    """The optimal values without the refund of any split price: the plan and its cost are the same."""
    model = build_model(compile_problem(hello))
    assert len(model.ships_column)
    answer = cbc.solve_cbc(model.linear, SolveOptions(gap=0), lambda *_: None)
    answer.values[model.ships_column] = 0
    plan, values = decode_values(model, answer.values)
    assert model.linear.objective @ values == pytest.approx(87_500_000)
    assert check_plan(hello, plan).costs.total == 87_500_000


# --- logs: lines as the solvers print them


def heard(read, text: str, scale: float = 1e6) -> list[tuple[float | None, float | None]]:
    """What a listener tells, in micros."""
    told: list[tuple[float | None, float | None]] = []
    LogListener(read, scale, lambda objective, bound: told.append((objective, bound)))(text.splitlines())
    return [tuple(None if value is None else round(value) for value in entry) for entry in told]


def test_highs_table_is_read():
    """Rows with and without a letter; headings, notes on restarts and the report at the end tell nothing."""
    log = """\
1118 rows, 6049 cols, 20159 nonzeros  0s
        Nodes      |    B&B Tree     |            Objective Bounds              |  Dynamic Constraints |       Work
Src  Proc. InQueue |  Leaves   Expl. | BestBound       BestSol              Gap |   Cuts   InLp Confl. | LpIters     Time

         0       0         0   0.00%   -inf            inf                  inf        0      0      0         0     0.0s
 J       0       0         0   0.00%   -inf            11763.9576         Large        0      0      0         0     0.1s
 R       0       0         0   0.00%   6771.711802     9446.9392         28.32%        0      0      0      1570     0.1s
41.0% inactive integer columns, restarting
         0       0         0   0.00%   6771.711802     9446.9392         28.32%       79      0      0      5930     4.2s
         5       0         2 100.00%   6862.829913     6863.4708          0.01%      186     73    824     42465    14.3s
  Primal bound      6863.4708
"""  # noqa: E501
    assert heard(read_highs, log) == [
        (11_763_957_600, None),
        (9_446_939_200, 6_771_711_802),
        (6_863_470_800, 6_862_829_913),
    ]


def test_scip_table_is_read_with_its_rounding_in_mind():
    """Seven digits: 9.855853e+03 may be 9,855.8535 and 6.795593e+03 may be 6,795.5925; `--` is no plan."""
    log = """\
   (0.1s) probing aborted: 50/50 successive totally useless probings
 time | node  | left  |LP iter|LP it/n|mem/heur|mdpt |vars |cons |rows |cuts |sepa|confs|strbr|  dualbound   | primalbound  |  gap   | compl.
  0.1s|     1 |     0 |   344 |     - |    48M |   0 |5461 |1108 |1108 |   0 |  0 |   0 |   0 | 6.700000e+03 |      --      |    Inf | unknown
p 0.1s|     1 |     0 |     0 |     - |  clique|   0 |5461 |1108 |1108 |   0 |  0 |   0 |   0 |-2.218910e+05 | 9.855853e+03 |    Inf | unknown
  1.1s|     1 |     0 | 10344 |     - |    48M |   0 |5461 |1108 |1108 |   0 |  0 |   0 |   0 | 6.795593e+03 | 9.855853e+03 |  45.03%| unknown
*19.8s|    31 |    16 | 17875 | 181.3 |    LP  |  12 |5461 |1147 |1200 | 184 |  2 |  42 | 559 | 6.795593e+03 | 6.874366e+03 |   0.22%|   3.71%
SCIP Status        : solving was interrupted [gap limit reached]
"""  # noqa: E501
    assert heard(read_scip, log) == [
        (None, 6_699_999_500),
        (9_855_853_500, 6_699_999_500),
        (9_855_853_500, 6_795_592_500),
        (6_874_366_500, 6_795_592_500),
    ]


def test_cp_sat_lines_are_read_in_micros():
    """Solutions are numbered, bounds are not; `next` is where the optimum may still be."""
    log = """\
[Scaling] Objective scaling factor: 0.0025
#Bound   0.50s best:inf   next:[-3.97355736e+11,2.8540706e+10] initial_domain
#Model   0.50s var:8415/8415 constraints:2042/2042
#1       0.55s best:1.10578884e+10 next:[-3.97355736e+11,1.1057888e+10] fj_restart_decay_compound_perturb_obj
#Bound   0.78s best:1.10578884e+10 next:[3.3802584e+09,1.1057888e+10] default_lp
#17      6.85s best:4.3603164e+09 next:[4.2298372e+09,4.360316e+09] default_lp
#Done    6.97s default_lp
"""
    assert heard(read_cp_sat, log, 1.0) == [
        (None, -397_355_736_000),
        (11_057_888_400, -397_355_736_000),
        (11_057_888_400, 3_380_258_400),
        (4_360_316_400, 4_229_837_200),
    ]


def test_cbc_messages_are_read_with_their_rounding_in_mind():
    """Six digits before the search (4306.58 may be 4306.575, 4408 may be 4408.005), all of them in it."""
    log = """\
Continuous objective value is 4306.58 - 0.03 seconds
Cbc0038I Pass  21: suminf.    0.00000 (0) obj. 7013.96 iterations 508
Cbc0038I Solution found of 7013.96
Cbc0038I Rounding solution of 6969.66 is better than previous of 7013.96
Cbc0038I Mini branch and bound improved solution from 6969.66 to 4408 (3.64 seconds)
Cbc0038I Round again with cutoff of 4496.57
Cbc0012I Integer solution of 4408.004 found by feasibility pump after 0 iterations and 0 nodes (5.00 seconds)
Cbc0013I At root node, 37 cuts changed objective from 4307.8107 to 4358.5 in 4 passes
Cbc0010I After 0 nodes, 1 on tree, 1e+50 best solution, best possible 4358.5 (2.62 seconds)
Cbc0010I After 100 nodes, 39 on tree, 4361.5 best solution, best possible 4360.1796 (8.52 seconds)
Cbc0001I Search completed - best objective 4360.316399999997, took 266 iterations and 0 nodes (7.55 seconds)
"""
    assert heard(read_cbc, log) == [
        (None, 4_306_575_000),
        (7_013_965_000, 4_306_575_000),
        (6_969_665_000, 4_306_575_000),
        (4_408_005_000, 4_306_575_000),
        (4_408_004_000, 4_306_575_000),
        (4_408_004_000, 4_358_495_000),
        (4_408_004_000, 4_358_500_000),
        (4_361_500_000, 4_360_179_600),
        (4_360_316_400, 4_360_179_600),
    ]


def test_listener_tells_only_what_is_better():
    """A worse plan or bound, as a log may print after a restart, is passed over; each half is kept apart."""
    told = ["best:9 next:[1,8]", "best:11 next:[2,8]", "best:8 next:[0,8]", "best:9 next:[1,8]"]
    log = "\n".join(f"#1 0.1s {each} default_lp" for each in told)
    assert heard(read_cp_sat, log, 1.0) == [(9, 1), (9, 2), (8, 2)]


def test_listener_keeps_the_callers_fault_and_reads_no_more():
    """An exception must not pass through compiled code: it waits for whoever asks."""
    calls = []

    def fail(objective, bound):
        calls.append(objective)
        raise KeyError("mine")

    listener = LogListener(read_cp_sat, 1.0, fail)
    listener(["#1 0.55s best:9 next:[1,8] fj", "#2 0.56s best:8 next:[1,7] fj"])
    assert isinstance(listener.fault, KeyError)
    assert calls == [9.0]


def test_tapped_output_arrives_in_lines_and_the_descriptor_comes_back(capfd):
    """A line in two pieces is one line; a last one without an end counts; afterwards all goes where it went before."""
    lines: list[str] = []
    with tap_stdout(lines.extend):
        os.write(1, b"first\nsec")
        time.sleep(0.1)  # so that the piece is read before the rest is there
        os.write(1, b"ond\nthird")
    os.write(1, b"after")
    assert lines == ["first", "second", "third"]
    assert capfd.readouterr().out == "after"


# --- histories


def test_history_is_cut_down_to_the_last_word():
    """Rounded logs said 99 and a bound of 98; the end is 100 and 97: nothing better is kept, and nothing gets worse."""
    clock = iter(range(10))
    history = History(lambda: float(next(clock)))
    history.add(None, 50.0)
    history.add(120.0, 50.0)
    history.add(99.0, 98.0)
    history.add(130.0, 40.0)
    assert history.ended(9.0, 100, 97) == [(0.0, None, 50), (1.0, 120, 50), (2.0, 100, 97), (9.0, 100, 97)]


def test_history_without_a_final_bound_or_plan_claims_none():
    """A bound that the end does not confirm, or a plan that was lost, is no result at any time."""
    history = History(lambda: 1.0, rounding_micros=3)
    history.add(120.0, 50.5)
    assert history.ended(2.0, None, None) == []
    assert history.ended(2.0, 120, None) == [(1.0, 120, None), (2.0, 120, None)]
    assert history.ended(2.0, None, 47) == [(1.0, None, 47), (2.0, None, 47)]


def test_long_history_is_thinned_without_losing_its_ends():
    """2,000 small steps become at most 200; first, last and the first bound stay, and no gap between two is large."""
    entries = [(float(t), 4_000_000 - 1_000 * t, None if t < 1_234 else 1_000_000 + t) for t in range(2_000)]
    kept = thinned(entries)
    assert len(kept) <= MOST_ENTRIES
    assert kept[0] == entries[0]
    assert kept[-1] == entries[-1]
    assert entries[1_234] in kept
    assert set(kept) <= set(entries)
    objectives = [objective for _, objective, _ in kept]
    assert max(a - b for a, b in pairwise(objectives)) <= 2_000_000 / 50
    assert thinned(entries[:150]) == entries[:150]


# --- CBC's own files


def test_cbc_solution_stopped_before_a_plan_has_no_values(tmp_path, hello):
    """The values of a relaxation that CBC leaves then are no plan; those of a stopped run with one are."""
    linear = build_model(compile_problem(hello)).linear
    path = tmp_path / "x.sol"
    path.write_text("Stopped on time (no integer solution - continuous used) - objective value 4306.58\n 0 p0 0.5 1\n")
    assert cbc.read_solution(path, linear) == (SolverStatus.NO_SOLUTION, None)
    path.write_text("Stopped on time - objective value 87.5\n      0 cover0 1 0\n**     3 p2 2 0.25\n")
    status, values = cbc.read_solution(path, linear)
    assert status is SolverStatus.FEASIBLE
    assert values[2] == 2
    assert values.sum() == 2
    path.write_text("Infeasible - objective value 0\n")
    assert cbc.read_solution(path, linear) == (SolverStatus.INFEASIBLE, None)


def test_cbc_bound_is_what_it_ends_with_or_else_what_it_said():
    """`Lower bound` rounded down by half its last place; an optimum is its own; a stop at the root has the messages."""
    stopped = ["Continuous objective value is 4100.25 - 0.03 seconds", "Lower bound:   4132.200"]
    assert cbc.cbc_bound(stopped, SolverStatus.FEASIBLE, 4200.5e6) == pytest.approx(4132.1995e6, abs=1e-3)
    assert cbc.cbc_bound(stopped[:1], SolverStatus.NO_SOLUTION, None) == pytest.approx(4100.245e6)
    assert cbc.cbc_bound([*stopped[:1], "Lower bound: -1e+50"], SolverStatus.NO_SOLUTION, None) == 4100.245e6
    assert cbc.cbc_bound(stopped[:1], SolverStatus.OPTIMAL, 7.0) == 7.0
    assert cbc.cbc_bound([], SolverStatus.NO_SOLUTION, None) is None


def test_cbc_that_cannot_run_is_an_error_with_its_reason(hello, monkeypatch, tmp_path):
    """A program that is missing, and one that fails."""
    linear = build_model(compile_problem(hello)).linear
    monkeypatch.setattr(cbc, "cbc_path", lambda: str(tmp_path / "no-such-program"))
    with pytest.raises(SolverError, match="cannot be started"):
        cbc.solve_cbc(linear, SolveOptions(), lambda *_: None)
    monkeypatch.setattr(cbc, "cbc_path", lambda: "/bin/false")
    with pytest.raises(SolverError, match="exit code 1"):
        cbc.solve_cbc(linear, SolveOptions(), lambda *_: None)
