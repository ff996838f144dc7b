"""Metrics against values worked out by hand."""

import math

import numpy as np
import pytest
from simulated_records import failed, record, simulated

from splitship_bench.aggregates import (
    Pair,
    bootstrap_ratio,
    growth_exponent,
    performance_profile,
    shifted_geometric_mean,
)
from splitship_bench.cells import best_known, cells, contradictions, gap_to_best, traits
from splitship_bench.metrics import (
    NOT_ASKED,
    cost_per_order,
    drifted,
    final_gap,
    first_plan_seconds,
    gap_seconds,
    orders_per_second,
    per_order,
    primal_dual_integral,
    primal_integral,
    solve_seconds,
    trace,
)
from splitship_bench.records import FAILURES


def test_solve_seconds_are_the_total_and_the_limit_when_the_run_did_not_finish() -> None:
    """Reading (3 s) is not in the 5 s; a time-out and every failure count as the 60 s and say so."""
    assert solve_seconds(record()).seconds == 5.0
    assert not solve_seconds(record()).censored
    assert (
        solve_seconds(record(status="TIME_LIMIT")).seconds,
        solve_seconds(record(status="TIME_LIMIT")).censored,
    ) == (
        60.0,
        True,
    )
    for status in FAILURES:
        timed = solve_seconds(failed(status, seconds={"total": 1.0}))
        assert (timed.seconds, timed.censored) == (60.0, True)
    assert solve_seconds(record(seconds={"total": 60.5})).censored  # too late is not in time
    assert not solve_seconds(record(status="WORK_LIMIT")).censored


def test_wrong_run_has_no_times_even_with_incumbents() -> None:
    """Claims on the way count for nothing when the plan is refused."""
    wrong = failed("WRONG", objective=100, bound=100, bound_source="solver", incumbents=[(1.0, 100, 100)])
    assert gap_seconds(wrong, 0.05).reason == "wrong"
    assert first_plan_seconds(wrong).censored
    assert primal_dual_integral(wrong) == 60.0
    assert trace(wrong) == []
    assert final_gap(wrong) is None


def test_gap_seconds_find_the_first_time_within_the_gap() -> None:
    """120 against 100 is 16.7 %, 104 is 3.8 %, 100.5 is 0.4975 %."""
    run = record(
        objective=100_500,
        bound=100_000,
        incumbents=[(1.0, 120_000, None), (2.0, 120_000, 100_000), (3.0, 104_000, None)],
    )
    assert first_plan_seconds(run).seconds == 1.0
    assert gap_seconds(run, 0.05).seconds == 3.0
    assert gap_seconds(run, 0.005).seconds == 5.0  # only with the last plan, at the end
    missed = gap_seconds(run, 0.001)
    assert (missed.seconds, missed.censored, missed.reason) == (60.0, True, "stopped")


def test_gap_seconds_do_not_blame_a_run_for_a_gap_it_was_not_asked_for() -> None:
    """Told to stop at 10 %, it stopped at 9.1 %: 5 % was neither reached nor missed."""
    assert gap_seconds(record(options={"gap": 0.1}), 0.05).reason == NOT_ASKED
    assert gap_seconds(record(options={"gap": 0.1}, status="TIME_LIMIT"), 0.05).reason == "time limit"
    assert gap_seconds(record(bound=None, bound_source="none", status="DONE"), 0.05).reason == "no bound"


def test_trace_never_counts_more_than_was_accepted() -> None:
    """A claimed 90 and a claimed bound 109 are held to the accepted 110 and 100."""
    run = record(incumbents=[(1.0, 90, 109)])
    assert [(step.objective, step.bound) for step in trace(run)] == [(110, 100)]
    only_plan = record(bound=None, incumbents=[(1.0, 120, 50)])
    assert [(step.seconds, step.objective, step.bound) for step in trace(only_plan)] == [
        (1.0, 120, None),
        (5.0, 110, None),
    ]


def test_trace_keeps_the_best_when_incumbents_get_worse_or_come_unordered() -> None:
    """Best so far, by time."""
    run = record(incumbents=[(2.0, 150, 60), (1.0, 130, 80)])
    assert [(step.seconds, step.objective, step.bound) for step in trace(run)] == [(1.0, 130, 80), (5.0, 110, 100)]


def test_primal_dual_integral_matches_areas_by_hand() -> None:
    """Limit 10: gap 1 up to 2 s, (200-100)/200 = 0.5 up to 4 s, then (125-100)/125 = 0.2: 2 + 1 + 1.2 = 4.2."""
    run = record(
        limit_s=10.0, objective=125, bound=100, seconds={"total": 5.0},
        incumbents=[(1.0, 200, None), (2.0, 200, 100), (4.0, 125, 100)],
    )  # fmt: skip
    assert primal_dual_integral(run) == pytest.approx(4.2)
    # to the best known 100: 1 up to 1 s, 0.5 up to 4 s, then 0.2: 1 + 1.5 + 1.2
    assert primal_integral(run, 100) == pytest.approx(3.7)


def test_primal_dual_integral_is_the_limit_without_a_plan_and_stops_at_the_limit() -> None:
    """No plan: 1 throughout. A step after the limit changes nothing. Signs that differ are a gap of 1."""
    assert primal_dual_integral(failed("NO_PLAN", bound=50, bound_source="certificate")) == 60.0
    late = record(limit_s=4.0, objective=100, bound=100, seconds={"total": 9.0}, incumbents=[(2.0, 200, 100)])
    assert primal_dual_integral(late) == pytest.approx(2 + 2 * 0.5)
    assert primal_dual_integral(record(objective=10, bound=-10)) == 60.0


def test_numbers_by_order_come_from_counts_of_verified_plans() -> None:
    """1,000 orders in 5 s; 1,200 packages; 110 micros."""
    run = record(counts={"orders": 1000, "packages": 1200})
    assert orders_per_second(run) == 200
    assert per_order(run, "packages") == 1.2
    assert per_order(run, "late_packages") is None
    assert cost_per_order(run) == 0.11
    assert cost_per_order(failed("WRONG", counts={"orders": 1000})) is None


def test_drifted_flags_runs_off_the_median_of_their_machine() -> None:
    """Medians 1.0 and 4.0; 1.3 is 30 % off, 4.4 is 10 % off."""
    other = {"cpu": "another"}
    runs = [record(reference_job_s=s) for s in (1.0, 1.0, 1.3)] + [
        record(reference_job_s=s, machine=other) for s in (4.0, 4.0, 4.4)
    ]
    assert [(run.reference_job_s, round(ratio, 6)) for run, ratio in drifted(runs)] == [(1.3, 1.3)]


def test_best_known_takes_only_what_was_accepted() -> None:
    """The cheapest plan is WRONG and the highest bound is none of anybody's business."""
    runs = [
        record(objective=110, bound=100),
        record(contender="highs", kind="solver", objective=105, bound=104, bound_source="solver"),
        failed("WRONG", contender="cbc", objective=90, bound=104),
        record(contender="nearest", kind="policy", objective=150, bound=None, bound_source="none"),
    ]
    known = best_known(runs)["sha-calm-1k-n50-s1"]
    assert (known.objective, known.contender, known.bound, known.bound_source) == (105, "highs", 104, "solver")
    assert not known.proven
    assert gap_to_best(runs[3], known) == pytest.approx(45 / 105)
    assert gap_to_best(runs[2], known) is None


def test_contradictions_show_every_bound_above_a_verified_plan() -> None:
    """A certified 111 over a plan of 110 is an error; equal is not; a solver's last bit is rounding."""
    plan = record(objective=110, bound=110)
    assert contradictions([plan]) == []
    liar = record(contender="liar", objective=120, bound=111)
    (found,) = contradictions([plan, liar])
    assert "bound 0.000111 of liar (certificate) exceeds plan of splitship" in str(found)
    assert not found.rounding
    assert best_known([plan, liar])["sha-calm-1k-n50-s1"].contradicted
    big = record(objective=10**9, bound=10**9)
    (near,) = contradictions(
        [big, record(contender="highs", bound=10**9 + 900, objective=10**9 + 900, bound_source="solver")]
    )
    assert near.rounding
    elsewhere = record(contender="liar", bound=10**6, objective=10**6, instance="peak-1k-n50-s1")
    assert contradictions([plan, elsewhere]) == []


def test_cells_take_medians_and_one_wrong_repeat_spoils_the_cell() -> None:
    """Median of 3, 5 and a time-out is 5; with two time-outs it is not reached; wrong is never a time."""
    runs = [record(repeat=0, seconds={"total": 3.0}), record(repeat=1), record(repeat=2, status="TIME_LIMIT")]
    (cell,) = cells(runs)
    assert cell.time(solve_seconds).seconds == 5.0
    (cell,) = cells([runs[0], runs[2]])
    assert cell.time(solve_seconds).censored
    (cell,) = cells([runs[0], runs[1], failed("WRONG", repeat=2)])
    assert cell.failure == "wrong"
    assert (cell.time(solve_seconds).seconds, cell.time(solve_seconds).reason) == (60.0, "wrong")


def test_traits_read_family_series_and_size_from_names() -> None:
    """Instances of a series differ in size (and seed) only."""
    assert (traits("calm-10k-n50-s1").family, traits("calm-10k-n50-s1").size) == ("calm", 10_000)
    assert traits("calm-10k-n50-s1").series == traits("calm-300-n50-s2").series == "calm-n50"
    assert traits("wide-1m-n200-single-s1").series == "wide-n200-single"
    assert (traits("us-retail").family, traits("us-retail").size) == ("us-retail", 0)


def test_shifted_geometric_mean_matches_a_value_by_hand() -> None:
    """(1+1)(3+1)(7+1) = 64, its cube root 4, less 1 is 3; without a shift the cube root of 21."""
    assert shifted_geometric_mean([1, 3, 7]) == pytest.approx(3.0)
    assert shifted_geometric_mean([1, 3, 7], shift=0) == pytest.approx(21 ** (1 / 3))
    for bad in ([], [-2.0]):
        with pytest.raises(ValueError, match="shifted geometric mean"):
            shifted_geometric_mean(bad)


def test_performance_profile_matches_shares_by_hand() -> None:
    """Ratios of A: 1, 1, 2; of B: 2, infinite, 1; nobody solves the fourth."""
    inf = math.inf
    profiles = performance_profile({"A": [1.0, 3.0, 4.0, inf], "B": [2.0, inf, 2.0, inf]})
    assert [profiles["A"].at(ratio) for ratio in (1, 1.9, 2, 100)] == [0.5, 0.5, 0.75, 0.75]
    assert [profiles["B"].at(ratio) for ratio in (1, 2, 100)] == [0.25, 0.5, 0.5]
    assert profiles["A"].at(0.5) == 0
    with pytest.raises(ValueError, match="same instances"):
        performance_profile({"A": [1.0], "B": []})


def test_growth_exponent_matches_a_line_by_hand() -> None:
    """y = 2 x^1.5 exactly: no width. ln y = 0, 1, 1 at ln x = 0, 1, 2: slope 1/2, rest -1/6, 2/6, -1/6."""
    exact = growth_exponent([1, 10, 100], [2 * value**1.5 for value in (1, 10, 100)])
    assert exact is not None
    assert (exact.exponent, exact.factor) == (pytest.approx(1.5), pytest.approx(2.0))
    assert exact.high - exact.low == pytest.approx(0, abs=1e-9)
    e = math.e
    noisy = growth_exponent([1, e, e * e], [1, e, e])
    assert noisy is not None
    assert noisy.exponent == pytest.approx(0.5)
    # rest sum of squares 1/6, one degree of freedom, sum of (x - mean)^2 = 2: error sqrt(1/12); t(0.975, 1) = 12.7062
    assert noisy.high - noisy.exponent == pytest.approx(12.7062 * math.sqrt(1 / 12), rel=1e-4)
    assert growth_exponent([10, 10], [1, 2]) is None
    two = growth_exponent([1, 10], [1, 10])
    assert two is not None
    assert math.isnan(two.low)


def test_bootstrap_ratio_is_exact_without_noise_and_open_without_repeats() -> None:
    """Everything twice as long: 2 with no width. A single pair of single runs: no interval."""
    pairs = [Pair(str(n), [2.0**n] * 3, [2 * 2.0**n] * 3) for n in range(4)]
    ratio = bootstrap_ratio(pairs, shift=0)
    assert (ratio.point, ratio.low, ratio.high) == (pytest.approx(2), pytest.approx(2), pytest.approx(2))
    lonely = bootstrap_ratio([Pair("x", [1.0], [2.0])])
    assert not lonely.bounded
    # with the shift: sgm of 1 and 3 is sqrt(2 x 4) - 1, of 2 and 6 sqrt(3 x 7) - 1
    shifted = bootstrap_ratio([Pair("x", [1.0], [2.0]), Pair("y", [3.0], [6.0])])
    assert shifted.point == pytest.approx((math.sqrt(21) - 1) / (math.sqrt(8) - 1))
    with pytest.raises(ValueError, match="both sides"):
        bootstrap_ratio([Pair("x", [], [1.0])])


def test_bootstrap_ratio_repeats_itself_with_the_same_seed() -> None:
    """Seeded: the same interval twice, another with another seed."""
    rng = np.random.default_rng(3)
    pairs = [Pair(str(n), rng.lognormal(size=3).tolist(), rng.lognormal(size=3).tolist()) for n in range(5)]
    assert bootstrap_ratio(pairs, seed=1) == bootstrap_ratio(pairs, seed=1)
    assert bootstrap_ratio(pairs, seed=1) != bootstrap_ratio(pairs, seed=2)


def test_simulated_records_survive_json() -> None:
    """What the other tests are fed is what files hold."""
    for run in simulated(1):
        assert type(run).from_json(run.to_json()) == run
