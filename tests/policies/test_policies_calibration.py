"""Orders one by one at arrival, each exactly optimal: the calibration packs and a recursion written again for them.

The published value of calm-10k depends on rounding noise: many plans of an order cost exactly the same there, and
sums of 64-bit floats then prefer now one, now the other, which leaves other stock to the next orders. The
recursion below gives the published value with floats; with exact micros it gives the policy's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from splitship.check import check_plan
from splitship.instance import IMPOSSIBLE, Instance, compile_problem
from splitship.packs import read_pack
from splitship.policies import route
from splitship.policies.tables import arrival_sequence
from splitship.units import format_micros


def arrival_cost(instance: Instance, money: Callable[[int], Any]) -> Any:
    """Total cost in `money` when whole lines only are ordered and every order takes its cheapest plan on what is left.

    Least cost of the lines q (a bit mask): the least over contents that hold the first line of q, larger contents
    first, ties to what came first; or that line unfilled.
    """
    left = instance.resources.capacity.tolist()
    columns = {name: getattr(instance, name).tolist() for name in Instance.__dataclass_fields__ if name != "problem"
               and hasattr(getattr(instance, name), "tolist")}  # fmt: skip
    draws = instance.draws
    assert not draws.line.any()
    assert not draws.unit.any()
    assert (draws.package == 1).all()
    total = money(0)
    for order in arrival_sequence(instance).tolist():
        first, end = columns["line_ptr"][order : order + 2]
        size = 1 << (end - first)
        package: list[Any] = [None] * size
        use: list[tuple[int, ...]] = [()] * size
        for option in range(*columns["option_ptr"][order : order + 2]):
            draw = columns["option_draw"][option]
            drawn = draws.row[draws.ptr[draw] : draws.ptr[draw + 1]].tolist()
            if any(left[row] < 1 for row in drawn):
                continue
            lines = range(*columns["option_line_ptr"][option : option + 2])
            base = columns["content_ptr"][option]
            for content in range(1, 1 << len(lines)):
                cost, state, rows = columns["content_cost"][base + content], 0, [(row, 1) for row in drawn]
                for bit, j in enumerate(lines):
                    if content >> bit & 1:
                        line, stock = columns["option_line"][j], columns["option_line_supply"][j]
                        state |= 1 << (line - first)
                        if stock >= 0:
                            rows.append((stock, columns["line_step"][line]))
                if cost >= IMPOSSIBLE or any(left[at] < units for at, units in rows):
                    continue
                if package[state] is None or money(cost) < package[state]:
                    package[state], use[state] = money(cost), tuple(rows)
        least, taken = [money(0)] * size, [0] * size
        for state in range(1, size):
            low = state & -state
            line = first + low.bit_length() - 1
            unfilled = money(columns["unfilled_cost"][line] * columns["line_step"][line])
            rest = content = state ^ low
            least[state] = least[rest] + unfilled
            while True:
                held = content | low
                if package[held] is not None and package[held] + least[state ^ held] < least[state]:
                    least[state], taken[state] = package[held] + least[state ^ held], held
                if content == 0:
                    break
                content = (content - 1) & rest
        state = size - 1
        total += least[state]
        while state:
            for at, units in use[taken[state]] if taken[state] else ():
                left[at] -= units
            state ^= taken[state] or state & -state
    return total


def policy_cost(instance: Instance) -> int:
    """Cost of `per_order_optimal`, from the checker."""
    report = check_plan(instance.problem, route(instance, "per_order_optimal"))
    assert report.violations == ()
    assert report.costs is not None
    return report.costs.total


@pytest.mark.parametrize(
    ("name", "published"),
    [("calm-300", "5184.86"), ("peak-300", "10396.41"), ("scarce-300", "13028.53"), ("calm-1k", "14966.77"),
     ("peak-1k", "27135.61")],
)  # fmt: skip
def test_arrival_order_costs_what_was_published(shared_packs: Path, name: str, published: str) -> None:
    """The published values to the cent."""
    cost = policy_cost(compile_problem(read_pack(shared_packs / name).problem()))
    assert f"{cost / 1e6:.2f}" == published


def test_arrival_order_of_ten_thousand_orders_is_exact(shared_packs: Path) -> None:
    """The exact recursion costs what the policy does; in floats it costs what was published, 129,686.13."""
    instance = compile_problem(read_pack(shared_packs / "calm-10k").problem())
    assert policy_cost(instance) == arrival_cost(instance, int)
    assert format_micros(policy_cost(instance)) == "129654.8656"
    assert round(arrival_cost(instance, lambda micros: micros / 1e6), 2) == 129_686.13
