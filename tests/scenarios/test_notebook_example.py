"""The example that ships as a notebook in a script runs from anywhere, and what it prints is so."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from splitship.check import check_certificate, check_plan
from splitship.units import parse_micros

EXAMPLE = Path(__file__).parents[2] / "scenarios" / "us-retail" / "closing_a_node.py"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str, Path]:
    """What the example left behind: its names, what it printed, the folder it ran in."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.chdir(folder)
        patch.setattr("builtins.print", lambda *words, **_: printed.append(" ".join(map(str, words))))
        names = runpy.run_path(str(EXAMPLE))
    return names, "\n".join(printed), folder


def money(text: str, pattern: str) -> list[int]:
    """Amounts that a pattern finds, in micros."""
    found = re.search(pattern, text)
    assert found, text
    return [parse_micros(group.replace(",", "")) for group in found.groups()]


def test_the_example_is_a_notebook() -> None:
    """Cells in the percent format; the first has words."""
    text = EXAMPLE.read_text()
    assert text.count("\n# %%\n") >= 8
    assert "\n# %% [markdown]\n# # " in text


def test_what_it_says_of_the_cost_is_proven(ran: tuple[dict[str, Any], str, Path]) -> None:
    """Plans and bounds checked again by the independent checker: the interval, and that closing costs something."""
    names, printed, _ = ran
    base, closed = names["base"], names["closed"]
    problems = names["pack"].problem(), names["pack"].problem("dallas_down")
    plans = [check_plan(problem, result.plan) for problem, result in zip(problems, (base, closed), strict=True)]
    bounds = [
        check_certificate(problem, result.certificate, 2).bound
        for problem, result in zip(problems, (base, closed), strict=True)
    ]
    assert [plan.violations for plan in plans] == [(), ()]
    costs = [plan.costs.total for plan in plans if plan.costs is not None]
    said = money(printed, r"plan against plan ([\d,.]+); proven ([\d,.]+) to ([\d,.]+) USD")
    right = [costs[1] - costs[0], bounds[1] - costs[0], costs[1] - bounds[0]]
    assert [round(micros / 10**4) for micros in right] == [round(micros / 10**4) for micros in said]
    assert said[1] > 500 * 10**6


def test_dallas_ships_nothing_and_others_take_over(ran: tuple[dict[str, Any], str, Path]) -> None:
    """The node's packages are gone from the frame that is shown; what others gain is shown too."""
    names, printed, _ = ran
    base, closed = names["base"].packages_frame(), names["closed"].packages_frame()
    gone = int((base["node_id"] == "DFW7").sum())
    assert gone > 50
    assert "DFW7" not in set(closed["node_id"])
    assert re.search(rf"^DFW7 +-{gone}$", printed, re.MULTILINE)
    assert "dallas_down changes nodes: 1 row, open" in printed
    assert names["rise"].sum() == pytest.approx((names["closed"].objective - names["base"].objective) / 1e6)


def test_longer_hours_are_one_change_more(ran: tuple[dict[str, Any], str, Path]) -> None:
    """The scenario made on the spot keeps the centre closed, and saves no more than is printed."""
    names, printed, _ = ran
    problem = names["longer_hours"].problem()
    nodes = problem.nodes.node_id.tolist()
    assert not problem.nodes.is_open[nodes.index("DFW7")]
    assert problem.nodes.max_packages_per_day[nodes.index("BNA2")] == 180
    saved, most = money(printed, r"longer hours save (-?[\d,.]+) USD, at most ([\d,.]+)")
    assert saved <= most


def test_it_explains_an_order_and_writes_the_page(ran: tuple[dict[str, Any], str, Path]) -> None:
    """The order whose cost rises most, with its own packages; the page lies where the example ran."""
    names, printed, folder = ran
    dearest = names["dearest"]
    assert names["rise"].max() == names["rise"][dearest] > 0
    of_order = names["closed"].packages_frame().query("order_id == @dearest")
    explained = next(line for line in printed.splitlines() if line.startswith(f"{dearest}: "))
    assert all(f"{row.node_id} by {row.service_id}" in explained for row in of_order.itertuples())
    page = (folder / "closing.html").read_text()
    assert "What if Dallas closes?" in page
    assert "dallas_down, longer hours" in page
