"""The one model: tiny packs whose optimum is plain to see, on every solver; wide orders against narrow ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from mip_world import as_wide, random_instance

from splitship.check import check_plan
from splitship.domain import Event, Plan, SolveOptions, TerminationReason
from splitship.errors import SolverError
from splitship.instance import Instance, compile_problem
from splitship.mip import ModelAnswer, build_model, solve_model
from splitship.mip.cards import Card
from splitship.mip.decode import decode_values
from splitship.mip.wide import SLOT_CAP
from splitship.packs import Pack, read_pack
from splitship.units import UG_PER_KG, UNLIMITED

SOLVERS = ("highs", "scip", "cp-sat", "cbc")
MICRO = 10**6

Rows = list[dict[str, object]]


def tiny(
    lines: Rows, stock: Rows, *, orders: Rows | None = None, nodes: Rows | None = None, rates: Rows | None = None,
    skus: Rows | None = None, services: Rows | None = None, split: str = "0", offers: Rows | None = None,
) -> Instance:  # fmt: skip
    """A pack around the given rows: nodes A and B, a package costs 5.00 from either, an unfilled unit 10.00."""
    sku_ids = sorted({str(line["sku_id"]) for line in lines})
    order_ids = sorted({str(line["order_id"]) for line in lines})
    given = {str(order["order_id"]): order for order in orders or []}
    at = {"placed_at": "2026-03-02T08:00:00Z", "country": "US", "postal_code": "1"}
    tables = {
        "nodes": [{"kind": "dc", "country": "US", "postal_code": "2"} | node for node in nodes or two_nodes()],
        "skus": skus or [{"sku_id": sku, "weight_kg": "1"} for sku in sku_ids],
        "stock": stock,
        "services": services or [{"service_id": "S", "carrier": "C"}],
        "lanes": [
            {"service_id": "S", "node_id": node, "country": "US", "destination": "*", "zone": "1", "transit_days": 2}
            for node in ("A", "B")
        ],
        "rates": [
            {"service_id": "S", "zone": "1"} | rate for rate in rates or [{"up_to_kg": "100", "price": "5"}]
        ],
        "orders": [at | {"order_id": order} | given.get(order, {}) for order in order_ids],
        "order_lines": [{"line_id": str(n), "quantity": 1} | line for n, line in enumerate(lines)],
    }  # fmt: skip
    if offers is not None:
        tables["node_services"] = [{"service_id": "S"} | offer for offer in offers]
    objective = {"unfilled_unit": "10", "split": split}
    settings = {"currency": "USD", "as_of": "2026-03-02T09:00:00Z", "objective": objective}
    return compile_problem(Pack.from_tables(tables, settings).problem())


def two_nodes(**of_a: object) -> Rows:
    """Nodes A and B; keywords are columns of A."""
    return [{"node_id": "A"} | of_a, {"node_id": "B"}]


def solved(instance: Instance, solver: str = "highs", gap: float = 0.0) -> ModelAnswer:
    """The answer, which the checker finds feasible and priced as the model says."""
    answer = solve_model(instance, SolveOptions(solver=solver, gap=gap, time_limit_s=30))
    assert answer.plan is not None
    report = check_plan(instance.problem, answer.plan)
    assert report.is_feasible, report.violations
    assert report.costs is not None
    assert report.costs.total == answer.objective
    return answer


def one(sku: str = "K", **columns: object) -> dict[str, object]:
    """A line of order O."""
    return {"order_id": "O", "sku_id": sku} | columns


def held(node: str, sku: str = "K", units: int = 9) -> dict[str, object]:
    """A stock position."""
    return {"node_id": node, "sku_id": sku, "on_hand": units}


APART = [held("A", "K"), held("B", "L")]
TOGETHER = [held("A", "K"), held("A", "L")]
THREE_AND_ONE = [held("A", units=3), held("B", units=1)]


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("make", [lambda i: i, as_wide], ids=["narrow", "wide"])
@pytest.mark.parametrize(
    ("build", "cost"),
    [
        # one package beats one unfilled unit: 5
        pytest.param(lambda: tiny([one()], [held("A")]), 5.0, id="ships"),
        # two lines that no node has together: two packages, 5 + 5, one split at 1.50
        pytest.param(lambda: tiny([one("K"), one("L")], APART, split="1.5"), 11.5, id="split"),
        # both nodes have both lines: one package, and its split price is refunded
        pytest.param(lambda: tiny([one("K"), one("L")], TOGETHER, split="1.5"), 5.0, id="joint"),
        # 4 units, 3 in stock at A, 1 at B: 5 + 5 ships all
        pytest.param(lambda: tiny([one(quantity=4)], THREE_AND_ONE), 10.0, id="quantities"),
        # the same unsplittable: no node has 4, so 4 x 10 unfilled
        pytest.param(
            lambda: tiny([one(quantity=4, splittable=False)], THREE_AND_ONE), 40.0, id="whole"
        ),
        # at most one package: 3 units ship for 5, 1 is unfilled at 10
        pytest.param(
            lambda: tiny(
                [one(quantity=4)], THREE_AND_ONE, orders=[{"order_id": "O", "max_packages": 1}]
            ),
            15.0,
            id="max-packages",
        ),
        # complete or nothing: L is nowhere, so 2 x 10 unfilled although K could ship
        pytest.param(
            lambda: tiny(
                [one("K"), one("L")], [held("A", "K")], orders=[{"order_id": "O", "ship_complete": True}]
            ),
            20.0,
            id="complete-or-nothing",
        ),
        # two orders, one unit: 5 + 10
        pytest.param(lambda: tiny([one(), {"order_id": "P", "sku_id": "K"}], [held("A", units=1)]), 15.0, id="stock"),
        # A packs one package a day, so the second order's comes from B, dearer by 2: 5 + 7
        pytest.param(
            lambda: tiny(
                [one(), {"order_id": "P", "sku_id": "K"}],
                [held("A"), held("B")],
                nodes=[{"node_id": "A", "max_packages_per_day": 1}, {"node_id": "B", "package_cost": "2"}],
            ),
            12.0,
            id="node-packages",
        ),
        # service S takes one package a day at A: the second order's comes from B, dearer by 2: 5 + 7
        pytest.param(
            lambda: tiny(
                [one(), {"order_id": "P", "sku_id": "K"}],
                [held("A"), held("B")],
                nodes=[{"node_id": "A"}, {"node_id": "B", "package_cost": "2"}],
                offers=[{"node_id": "A", "max_packages_per_day": 1}, {"node_id": "B"}],
            ),
            12.0,
            id="service-packages",
        ),
        # A handles two units a day, B has one, dearer by 2: 5 + 7
        pytest.param(
            lambda: tiny(
                [one(quantity=3)],
                [held("A"), held("B", units=1)],
                nodes=[{"node_id": "A", "max_units_per_day": 2}, {"node_id": "B", "package_cost": "2"}],
            ),
            12.0,
            id="node-units",
        ),
        # a package holds 2 kg: 4 units of 1 kg are two equal packages, 10
        pytest.param(
            lambda: tiny([one(quantity=4)], [held("A")], rates=[{"up_to_kg": "2", "price": "5"}]),
            10.0,
            id="equal-packages",
        ),
        # 4 kg at once cost 12, twice 2 kg cost 2 x 5: two packages beat one
        pytest.param(
            lambda: tiny(
                [one(quantity=4)],
                [held("A")],
                rates=[{"up_to_kg": "2", "price": "5"}, {"up_to_kg": "9", "price": "12"}],
            ),
            10.0,
            id="bumpy-card",
        ),
        # 2 units of 1 kg, billed by steps of 1.5 kg from 1 kg on at 2.00 a kg: 3 kg, 5 + 2 x 2 = 9
        pytest.param(
            lambda: tiny(
                [one(quantity=2)],
                [held("A")],
                rates=[{"up_to_kg": "1", "price": "5", "per_extra_kg": "2"}],
                services=[{"service_id": "S", "carrier": "C", "weight_step_kg": "1.5"}],
            ),
            9.0,
            id="steps-beyond-the-card",
        ),
        # 20 x 20 x 20 cm over 4,000 cm3 a kg is billed as 2 kg: the second bracket, 6
        pytest.param(
            lambda: tiny(
                [one()],
                [held("A")],
                rates=[{"up_to_kg": "1", "price": "5"}, {"up_to_kg": "2", "price": "6"}],
                skus=[{"sku_id": "K", "weight_kg": "1", "length_cm": "20", "width_cm": "20", "height_cm": "20"}],
                services=[{"service_id": "S", "carrier": "C", "dim_divisor": "4000"}],
            ),
            6.0,
            id="volume",
        ),
        # K ships alone, so K and L are two packages
        pytest.param(
            lambda: tiny(
                [one("K"), one("L")],
                TOGETHER,
                skus=[{"sku_id": "K", "weight_kg": "1", "ship_alone": True}, {"sku_id": "L", "weight_kg": "1"}],
            ),
            10.0,
            id="ship-alone",
        ),
        # 5 + package 1 + 2 lines x 0.5 + 4 units x 0.25 = 8
        pytest.param(
            lambda: tiny(
                [one("K", quantity=3), one("L")],
                TOGETHER,
                nodes=two_nodes(package_cost="1", line_cost="0.5", unit_cost="0.25"),
            ),
            8.0,
            id="handling",
        ),
    ],
)  # fmt: skip
def test_optimum_is_found_when_it_is_plain_to_see(build, cost, make, solver):
    """Each pack states its arithmetic beside it."""
    answer = solved(make(build()), solver)
    assert answer.objective == round(cost * MICRO)
    assert answer.termination.reason is TerminationReason.OPTIMAL
    assert answer.bound is not None
    assert answer.objective - 9 <= answer.bound <= answer.objective  # wide: a micro a possible package


def test_lighter_bracket_may_cost_more():
    """Up to 1 kg costs 7, up to 3 kg 5: two units of 1 kg go together for 5, and one alone pays 7."""
    rates = [{"up_to_kg": "1", "price": "7"}, {"up_to_kg": "3", "price": "5"}]
    for make in (lambda instance: instance, as_wide):
        assert solved(make(tiny([one(quantity=2)], [held("A")], rates=rates))).objective == 5 * MICRO
        assert solved(make(tiny([one()], [held("A")], rates=rates))).objective == 7 * MICRO
        # A handles one unit a day: exactly 1 kg is in the lighter bracket, though 2 kg were thinkable: 7 + 10
        capped = tiny([one("K"), one("L")], TOGETHER, rates=rates, nodes=two_nodes(max_units_per_day=1))
        assert solved(make(capped)).objective == 17 * MICRO


def test_last_bracket_need_not_end_at_a_step():
    """Steps of 1 kg, 5.00 up to 1.4 kg, then 2.00 a kg: 2 kg cost 5 + 0.6 x 2; 1 kg costs 5, not 5 - 0.4 x 2."""
    rates = [{"up_to_kg": "1.4", "price": "5", "per_extra_kg": "2"}]
    services = [{"service_id": "S", "carrier": "C", "weight_step_kg": "1"}]
    for make in (lambda instance: instance, as_wide):
        both = tiny([one("K"), one("L")], TOGETHER, rates=rates, services=services)
        assert solved(make(both)).objective == 6_200_000
        capped = two_nodes(max_units_per_day=1)
        single = tiny([one("K"), one("L")], TOGETHER, rates=rates, services=services, nodes=capped)
        assert solved(make(single)).objective == 15 * MICRO  # the other unit is unfilled


def test_split_price_is_refunded_once_and_only_when_something_ships():
    """Two units at two nodes: 5 + 5 + 2; at a split price of 6 the second unit stays unfilled: 5 + 10."""
    lines, stock = [one(quantity=2)], [held("A", units=1), held("B", units=1)]
    assert solved(tiny(lines, stock, split="2")).objective == 12 * MICRO
    assert solved(tiny(lines, stock, split="6")).objective == 15 * MICRO
    assert solved(tiny(lines, [held("A", units=0)], split="6")).objective == 20 * MICRO


def test_empty_batch_has_nothing_to_ship():
    """No orders: an empty plan of cost 0, and no solver is asked."""
    pack = Pack.from_tables({"nodes": [{"node_id": "A", "kind": "dc", "country": "US", "postal_code": "2"}]}, {
        "currency": "USD", "as_of": "2026-03-02T09:00:00Z",
    })  # fmt: skip
    answer = solve_model(compile_problem(pack.problem()), SolveOptions(solver="highs"))
    assert answer.termination.reason is TerminationReason.NOTHING_TO_SHIP
    assert (answer.objective, answer.bound) == (0, 0)
    assert answer.plan is not None
    assert len(answer.plan) == 0


def test_order_that_nothing_can_ship_is_unfilled():
    """No stock anywhere, hence no package at all."""
    assert solved(tiny([one(quantity=3)], [held("A", units=0)])).objective == 30 * MICRO


@pytest.mark.parametrize("seed", range(8))
def test_solvers_agree_on_random_packs(seed):
    """Four codes, one optimum, to the micro."""
    instance = random_instance(seed)
    objectives = {solver: solved(instance, solver).objective for solver in ("highs", "scip", "cp-sat", "cbc")}
    assert len(set(objectives.values())) == 1, objectives


@pytest.mark.parametrize("seed", range(100, 118))
def test_wide_model_agrees_with_the_narrow_one(seed):
    """Slots with rate brackets find the optimum of the exact table, to a micro per package and solver tolerance."""
    narrow = random_instance(seed)
    expected = solved(narrow).objective
    wide = as_wide(narrow)
    answer = solve_model(wide, SolveOptions(solver="highs", gap=0, time_limit_s=60))
    assert answer.plan is not None
    report = check_plan(wide.problem, answer.plan)
    assert report.is_feasible, report.violations
    assert report.costs is not None
    assert expected is not None
    assert answer.bound is not None
    assert expected <= report.costs.total <= expected + len(answer.plan) + 1
    assert answer.bound <= expected


def test_order_too_wide_for_a_table_is_solved_and_checked():
    """Twelve lines of 3 units, 4^12 vectors: A has the first six, B the others; 5 + 5, one split of 1."""
    lines = [one(f"K{k:02}", quantity=3) for k in range(12)]
    stock = [held("A" if k < 6 else "B", f"K{k:02}") for k in range(12)]
    instance = tiny(lines, stock, split="1")
    assert instance.is_wide.all()
    assert not len(instance.content_cost)
    answer = solved(instance)
    assert answer.objective == 11 * MICRO
    assert answer.plan is not None
    assert len(answer.plan) == 2


def test_model_without_room_for_every_package_claims_no_bound():
    """A package holds one unit and there are more units than slots: the answer says so, and is never called optimal."""
    many = SLOT_CAP + 8
    instance = tiny([one(quantity=many)], [held("A", units=many)], rates=[{"up_to_kg": "1", "price": "5"}])
    answer = solve_model(as_wide(instance), SolveOptions(gap=0, time_limit_s=20))
    assert not build_model(as_wide(instance)).wide.is_exact
    assert answer.bound is None
    assert answer.termination.reason is not TerminationReason.OPTIMAL
    assert str(SLOT_CAP) in answer.detail
    assert answer.objective == (SLOT_CAP * 5 + 8 * 10) * MICRO
    assert solved(instance).objective == many * 5 * MICRO  # the table has room


@pytest.mark.parametrize("solver", SOLVERS)
def test_time_limit_is_an_answer_with_or_without_a_plan(solver, shared_packs):
    """Whatever the solver had when it was stopped: a checked plan or none, a bound or none, and no traceback."""
    instance = compile_problem(read_pack(shared_packs / "peak-300").problem())
    events: list[Event] = []
    answer = solve_model(instance, SolveOptions(solver=solver, gap=0, time_limit_s=0.6), events.append)
    assert answer.termination.reason is TerminationReason.TIME_LIMIT
    assert answer.termination.limit == "time_limit_s=0.6"
    assert answer.seconds < 20
    assert events
    best = 6_863_470_000  # known optimum 6,863.47
    if answer.plan is not None:
        assert check_plan(instance.problem, answer.plan).is_feasible
        assert answer.objective is not None
        assert answer.objective >= best - 5_000
    if answer.bound is not None:
        assert answer.bound <= best + 5_000


def test_time_already_gone_is_a_limit_too():
    """A limit of next to nothing ends at once, with or without a plan."""
    answer = solve_model(random_instance(3), SolveOptions(solver="highs", time_limit_s=1e-9))
    assert answer.termination.reason in (TerminationReason.TIME_LIMIT, TerminationReason.OPTIMAL)


def test_gap_reached_is_not_called_optimal(shared_packs):
    """With 5 % asked for, HiGHS stops above the optimum 4,360.32, says so, and its bound is below."""
    instance = compile_problem(read_pack(shared_packs / "calm-300").problem())
    answer = solved(instance, "highs", gap=0.05)
    assert answer.objective is not None
    assert answer.bound is not None
    assert answer.bound <= 4_360_320_000
    assert answer.objective <= answer.bound * 1.06
    if answer.bound < answer.objective:
        assert answer.termination.reason is TerminationReason.GAP_REACHED


def test_calibration_pack_is_solved_to_its_known_optimum(shared_packs):
    """calm-300: 4,360.32, proven by two other models."""
    answer = solved(compile_problem(read_pack(shared_packs / "calm-300").problem()))
    assert answer.objective == pytest.approx(4_360_320_000, abs=5_000)
    assert answer.bound == answer.objective
    assert answer.seconds < 20


def test_events_never_go_backwards():
    """Seconds rise, and the last event is the answer."""
    events: list[Event] = []
    answer = solve_model(random_instance(5), SolveOptions(gap=0), events.append)
    assert [event.seconds for event in events] == sorted(event.seconds for event in events)
    assert (events[-1].objective, events[-1].bound) == (answer.objective, answer.bound)


def test_same_model_twice_gives_the_same_plan():
    """One thread and a seed: the same packages."""
    plans = [solve_model(random_instance(7), SolveOptions(gap=0, seed=3)).plan for _ in range(2)]
    assert plans[0] is not None
    assert plans[1] is not None
    for name in ("order_idx", "node_idx", "service_idx", "ship_day", "content_line", "content_quantity"):
        assert getattr(plans[0], name).tolist() == getattr(plans[1], name).tolist()


def test_values_that_break_a_row_are_refused():
    """A solver that ships the only unit twice is wrong, and its answer goes no further."""
    model = build_model(tiny([one(), {"order_id": "P", "sku_id": "K"}], [held("A", units=1)]))
    values = np.zeros(model.linear.num_columns)
    values[model.package_column] = 1
    with pytest.raises(SolverError, match="supply"):
        decode_values(model, values)


def test_package_column_of_two_becomes_two_packages():
    """Equal packages are one column with a count."""
    model = build_model(tiny([one(quantity=4)], [held("A")], rates=[{"up_to_kg": "2", "price": "5"}]))
    values = np.zeros(model.linear.num_columns)
    full = model.contents.entry_steps.tolist().index(2)
    values[model.package_column[model.contents.entry_content[full]]] = 2
    plan, _ = decode_values(model, values)
    assert plan.content_quantity.tolist() == [2, 2]
    assert plan.content_package.tolist() == [0, 1]


def test_shipping_nothing_is_always_a_solution():
    """All lines unfilled (or nothing of a complete order ships) satisfies every row of random models."""
    for seed in range(5):
        for instance in (random_instance(seed), as_wide(random_instance(seed))):
            model = build_model(instance)
            values = np.zeros(model.linear.num_columns)
            values[model.unfilled_column] = (instance.line_radix - 1)[model.unfilled_line]
            values[model.nothing_column] = 1
            plan, _ = decode_values(model, values)
            assert len(plan) == len(Plan.empty())
            unfilled = int((instance.unfilled_cost * instance.line_quantity).sum())
            assert model.linear.objective @ values == pytest.approx(unfilled)


def card(limits: list[float], prices: list[float], extra: float | None = None, most: float | None = None) -> Card:
    """A card in kg and units of money."""
    return Card(
        limit=tuple(round(limit * UG_PER_KG) for limit in limits),
        price=np.array(prices) * MICRO,
        has_extra=extra is not None,
        extra_per_kg=(extra or 0.0) * MICRO,
        last_up_to=round(limits[-1] * UG_PER_KG),
        step=0,
        max_weight=UNLIMITED if most is None else round(most * UG_PER_KG),
    )


@pytest.mark.parametrize(
    ("of", "saved", "kilograms"),
    [
        (card([1, 2, 4], [5, 6, 7]), 0, 2),  # always cheaper together; two of 2 kg still fit on the card
        (card([1, 2, 4], [5, 11, 12]), 0, 0),  # two of 1 kg: 5 + 5 < 11
        (card([1, 2, 4], [5, 11, 12]), 2, 2),  # unless a package saves 2 besides
        (card([1, 2, 4], [5, 6, 20]), 0, 1),  # two of 1 kg: 6 < 10; two of 2 kg: 20 > 12
        (card([1, 2, 4], [5, 6, 7], most=3), 0, 1.5),  # two of 1.5 kg are all that may travel together
        (card([1], [5], extra=6), 0, 0),  # beyond the card two packages of 1 kg cost 11
        (
            replace(card([1], [5], extra=6), last_up_to=14 * UG_PER_KG // 10, step=UG_PER_KG),
            0,
            1,
        ),  # at 1.4 kg it goes on
        (card([1], [5], extra=4), 0, UNLIMITED // 2 / UG_PER_KG),  # a kilogram is cheaper than a package
    ],
)
def test_weight_up_to_which_two_packages_are_better_one(of, saved, kilograms):
    """It decides how many slots a choice needs."""
    assert of.mergeable_up_to(saved * MICRO + 5) == pytest.approx(kilograms * UG_PER_KG)


def test_card_is_never_dearer_only_when_it_is_at_no_weight():
    """Compared at every start and end of a bracket, and beyond the card."""
    low, high = card([1, 3], [4, 8]), card([2, 3], [5, 8])
    assert low.is_never_dearer(card([1, 3], [5, 9]), 0, 3 * UG_PER_KG, 3 * UG_PER_KG)
    assert not low.is_never_dearer(high, 0, 3 * UG_PER_KG, 3 * UG_PER_KG)  # at 2 kg 8 against 5
    assert low.is_never_dearer(high, 3 * MICRO, 3 * UG_PER_KG, 3 * UG_PER_KG)
    assert not low.is_never_dearer(high, 3 * MICRO - 1, 3 * UG_PER_KG, 3 * UG_PER_KG)
    assert low.is_never_dearer(high, 0, UG_PER_KG, UG_PER_KG)  # no package is heavier than 1 kg
    assert not low.is_never_dearer(card([1, 9], [9, 9]), 0, 5 * UG_PER_KG, 5 * UG_PER_KG)  # low has no price at 5 kg
    assert not replace(low, max_weight=UG_PER_KG).is_never_dearer(high, 9 * MICRO, 3 * UG_PER_KG, 3 * UG_PER_KG)
    steep, flat = card([1], [4], extra=3), card([1], [9], extra=1)
    assert steep.is_never_dearer(flat, 0, 3 * UG_PER_KG, 3 * UG_PER_KG)  # at 3 kg 10 against 11
    assert not steep.is_never_dearer(flat, 0, 5 * UG_PER_KG, 5 * UG_PER_KG)  # at 5 kg 16 against 13
