"""What rules, surcharges and arrivals make of options, on scenes small enough to write out."""

from __future__ import annotations

import numpy as np
import pytest

from cases.scene import Scene
from splitship.domain import Problem, ResourceKind, SolveOptions
from splitship.errors import InputError
from splitship.instance import IMPOSSIBLE, Instance, compile_problem
from splitship.packs import Pack
from splitship.run import solve

FRIDAY, MONDAY = "2026-11-27", "2026-11-30"
FEATURES = frozenset({"rules", "surcharges", "inbound"})


def problem_of(scene: Scene) -> Problem:
    return Pack.from_tables(scene.tables, settings=scene.settings, features=FEATURES).problem()


def options_of(instance: Instance) -> list[dict[str, int]]:
    """Every option as its possible contents, `K2+T1`, with their costs in cents."""
    names, found = instance.problem.lines.line_id, []
    for option in range(instance.num_options):
        at = slice(int(instance.option_line_ptr[option]), int(instance.option_line_ptr[option + 1]))
        lines, radix = instance.option_line[at].tolist(), instance.option_line_radix[at].tolist()
        costs = {}
        for number in range(1, int(np.prod(radix))):
            rest, held = number, []
            for line, most in zip(lines, radix, strict=True):
                if rest % most:
                    held.append(f"{names[line]}{rest % most}")
                rest //= most
            cost = int(instance.content_cost[instance.content_ptr[option] + number])
            if cost < IMPOSSIBLE:
                costs["+".join(held)] = cost // 10_000
        found.append(costs)
    return found


def scene_of(stock: int = 5) -> Scene:
    """A has K and T, and one order of two K and one T."""
    scene = Scene()
    scene.node("A", stock={"K": stock, "T": stock})
    scene.order("O1", {"K": 2, "T": 1})
    return scene


def test_without_rules_there_are_no_charges() -> None:
    instance = compile_problem(problem_of(scene_of()))
    assert options_of(instance) == [dict.fromkeys(("K1", "K2", "T1", "K1+T1", "K2+T1"), 500)]
    assert len(instance.option_line_unit_cost) == len(instance.option_line_cost) == 0


def test_prices_by_unit_line_and_package_are_part_of_costs() -> None:
    """0.10 a unit and 1.00 a line of K, 3.00 a package of anything."""
    scene = scene_of()
    scene.rule({"sku": {"sku_id": "K"}}, price={"per_unit": "0.10", "per_line": "1"})
    scene.rule(price={"per_package": "3"})
    expected = {"K1": 910, "K2": 920, "T1": 800, "K1+T1": 910, "K2+T1": 920}
    assert options_of(compile_problem(problem_of(scene))) == [expected]


def test_lines_of_wide_orders_keep_what_they_are_charged() -> None:
    """Eleven units of K, priced on the fly: option lines say what a unit and the line pay."""
    scene = Scene()
    scene.node("A", stock={"K": 2000, "T": 1})
    scene.order("O1", {"K": 1500, "T": 1})
    scene.rule({"sku": {"sku_id": "K"}}, price={"per_unit": "0.10", "per_line": "1"})
    instance = compile_problem(problem_of(scene))
    assert instance.is_wide.tolist() == [True]
    assert instance.option_line_unit_cost.tolist() == [100_000, 0]
    assert instance.option_line_cost.tolist() == [1_000_000, 0]


def test_services_at_different_prices_share_an_option() -> None:
    """Only in wide orders do prices of lines make options of their own."""
    scene = scene_of()
    scene.service("H")
    scene.rate("H", "1", 10, "4.95")
    scene.lane("H", "A")
    scene.rule({"service": {"service_id": "H"}}, price={"per_unit": "0.03"})
    assert options_of(compile_problem(problem_of(scene))) == [
        {"K1": 498, "K2": 500, "T1": 498, "K1+T1": 500, "K2+T1": 500}
    ]


def test_a_package_price_about_some_lines_makes_a_way_without_them_first() -> None:
    scene = scene_of()
    scene.rule({"sku": {"sku_id": "K"}}, price={"per_package": "3"})
    with_k = dict.fromkeys(("K1", "K2", "T1", "K1+T1", "K2+T1"), 800)
    assert options_of(compile_problem(problem_of(scene))) == [{"T1": 500}, with_k]


def test_what_is_forbidden_is_in_no_option() -> None:
    scene = scene_of()
    scene.rule({"sku": {"sku_id": "K"}, "node": {"node_id": "A"}}, forbid=True)
    assert options_of(compile_problem(problem_of(scene))) == [{"T1": 500}]
    scene.rule({"service": {"service_id": "G"}}, forbid=True)
    assert compile_problem(problem_of(scene)).num_options == 0


def test_value_is_insured_unit_by_unit_and_rounded_once_a_unit() -> None:
    """2.5 % of 1.00002 is 0.0250005, half a micro over: to the even micro, 0.025000, twice 0.05."""
    scene = scene_of()
    scene.sku("K", value="1.00002")
    scene.surcharge(share_of_value="0.025")
    problem = problem_of(scene)
    assert problem.package_rules.value_cost.tolist() == [[25_000, 0]]
    assert options_of(compile_problem(problem))[0]["K2"] == 505


def test_a_quota_is_a_row_a_day_and_the_batch_a_row() -> None:
    """Each ship day of the horizon has a draw of its own, the batch's quota is in all of them."""
    scene = scene_of()
    scene.limits["horizon_days"] = 1
    scene.order("O2", {"K": 1})
    scene.rule(quota={"packages": 1})
    scene.rule(quota={"packages": 2, "per": "batch"})
    instance = compile_problem(problem_of(scene))
    rows = instance.resources
    is_quota = rows.kind == ResourceKind.RULE_QUOTA
    of_day, of_batch = np.flatnonzero(is_quota & (rows.day >= 0)), np.flatnonzero(is_quota & (rows.day < 0))
    assert set(rows.rule_idx[of_day].tolist()) == {0}
    assert rows.rule_idx[of_batch].tolist() == [1]
    drawn = [
        set(instance.draws.row[instance.draws.ptr[draw] : instance.draws.ptr[draw + 1]].tolist())
        for draw in instance.option_draw
    ]
    assert drawn == [{of_day[0], of_batch[0]}, {of_day[1], of_batch[0]}] * 2


def test_a_soft_quota_makes_a_way_within_it_and_one_beyond_it() -> None:
    scene = scene_of()
    scene.rule(quota={"packages": 1, "price_over": "2"})
    instance = compile_problem(problem_of(scene))
    assert [costs["K1"] for costs in options_of(instance)] == [500, 700]
    assert np.diff(instance.draws.ptr)[instance.option_draw].tolist() == [1, 0]


def test_too_many_rules_that_double_a_way_are_refused() -> None:
    scene = scene_of()
    for number in range(6):
        scene.rule({"sku": {"sku_id": "K"}}, price={"per_package": str(number + 1)})
    assert len(options_of(compile_problem(problem_of(scene)))) == 2
    scene.rule({"sku": {"sku_id": "K"}}, price={"per_package": "7"})
    with pytest.raises(InputError, match=r"E492.*order O1"):
        compile_problem(problem_of(scene))


def test_rules_hold_on_their_days_only() -> None:
    """Forbidden until Friday, an order with a day of horizon can only leave on Saturday."""
    scene = scene_of()
    scene.limits["horizon_days"] = 1
    scene.rule(forbid=True, last=FRIDAY)
    (option,) = options_of(compile_problem(problem_of(scene)))
    assert option["K2+T1"] == 500
    instance = compile_problem(problem_of(scene))
    assert instance.choice_ship_day.tolist() == [instance.problem.as_of_us // 86_400_000_000 + 1]


def test_what_arrives_later_is_there_later() -> None:
    """One K on Friday, two more on Saturday; Friday's unit counts on both days, Saturday's on its own."""
    scene = Scene()
    scene.node("A", stock={"K": 1, "T": 5})
    scene.order("O1", {"K": 2, "T": 1})
    scene.order("O2", {"K": 3})
    scene.limits["horizon_days"] = 1
    scene.tables["inbound"] = [{"node_id": "A", "sku_id": "K", "available_on": "2026-11-28", "quantity": 2}]
    instance = compile_problem(problem_of(scene))
    options = options_of(instance)
    assert [max(costs) for costs in options] == ["T1", "T1", "K1", "K3"]
    assert ["K2" in costs for costs in options] == [False, True, False, True]
    rows, draws = instance.resources, instance.draws
    assert rows.kind.tolist() == [ResourceKind.STOCK_UNTIL] * 2
    assert rows.capacity.tolist() == [1, 3]
    position, row = draws.rows_of_supplies(instance.option_line_supply, len(rows))
    k_lines = [at for at in range(len(instance.option_line)) if instance.option_line_supply[at] >= 0]
    assert [sorted(row[position == at].tolist()) for at in k_lines] == [[0, 1], [1], [0, 1], [1]]


def test_arrivals_without_stock_before_and_beyond_the_batch() -> None:
    """What comes before the batch is there at once, also where nothing lay; what comes after it never is."""
    scene = Scene()
    scene.node("A", stock={"T": 1})
    scene.order("O1", {"K": 2, "T": 1})
    scene.tables["inbound"] = [
        {"node_id": "A", "sku_id": "K", "available_on": FRIDAY, "quantity": 1},
        {"node_id": "A", "sku_id": "T", "available_on": MONDAY, "quantity": 9},
    ]
    problem = problem_of(scene)
    assert len(problem.stock) == 2
    assert len(problem.as_given.stock) == 1
    assert options_of(compile_problem(problem)) == [{"K1": 500, "T1": 500, "K1+T1": 500}]


def test_what_arrives_too_late_is_not_in_the_supply() -> None:
    """Two orders for one unit: the nine that come on Monday do not make its price worthless."""
    scene = Scene()
    scene.node("A", stock={"T": 1})
    scene.order("O1", {"T": 1})
    scene.order("O2", {"T": 1})
    scene.tables["inbound"] = [{"node_id": "A", "sku_id": "T", "available_on": MONDAY, "quantity": 9}]
    result = solve(problem_of(scene), SolveOptions(gap=0.0, time_limit_s=20.0, threads=1))
    assert result.bound == result.objective == 25_000_000
