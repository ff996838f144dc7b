"""An earlier answer carried over to another problem: by ids, from a result in memory and from a file alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import handmade_result
import hello_plan
import numpy as np
import pytest
from program import Run

import splitship.run
from splitship.domain import Certificate, Plan, Problem, Result, SolveOptions, WarmStart
from splitship.errors import PlanError, UsageError
from splitship.packs.plans import write_plan
from splitship.packs.warm_start import read_warm_start, warm_start_of
from splitship.units import strings


def same(first: Any, second: Any) -> bool:
    return all(np.array_equal(getattr(first, each.name), getattr(second, each.name)) for each in fields(first))


def both_ways(folder: Path, result: Result, problem: Problem) -> WarmStart:
    """The warm start made of a result; that of its file is the same."""
    write_plan(folder / "plan.json", result)
    read, made = read_warm_start(folder / "plan.json", problem), warm_start_of(result, problem)
    assert read.plan is not None
    assert made.plan is not None
    assert same(read.plan.canonical(), made.plan.canonical())
    assert read.certificate is not None
    assert made.certificate is not None
    assert sorted(prices(read.certificate)) == sorted(prices(made.certificate))
    assert (read.num_dropped_packages, read.num_dropped_prices) == (made.num_dropped_packages, made.num_dropped_prices)
    return made


def prices(certificate: Certificate) -> list[tuple[int, ...]]:
    """Prices, shares and own prices as rows."""
    names = ("kind", "node_idx", "sku_idx", "service_idx", "day", "price")
    columns = [getattr(certificate, name).tolist() for name in names]
    shares = zip(certificate.share_line.tolist(), certificate.share_value.tolist(), strict=True)
    return [*zip(*columns, strict=True), *shares]


def test_nothing_is_lost_on_the_same_problem(tmp_path: Path) -> None:
    """Plan and prices as they were."""
    result = handmade_result.result(with_shares=True)
    warm = both_ways(tmp_path, result, handmade_result.problem())
    assert warm.plan is not None
    assert result.certificate is not None
    assert same(warm.plan, result.plan)
    assert warm.certificate is not None
    assert prices(warm.certificate) == prices(result.certificate)
    assert (warm.num_packages, warm.num_dropped_packages, warm.num_dropped_prices) == (3, 0, 0)
    assert warm.num_prices == len(result.certificate.price) + len(result.certificate.share_line)


def test_what_has_another_position_moves_there(tmp_path: Path) -> None:
    """Nodes in the other sequence: packages and prices follow their node's id."""
    result, problem = handmade_result.result(), handmade_result.problem()
    turned = replace(problem, nodes=replace(problem.nodes, node_id=problem.nodes.node_id[::-1]))
    warm = both_ways(tmp_path, result, turned)
    assert warm.plan is not None
    assert warm.plan.node_idx.tolist() == (1 - result.plan.node_idx).tolist()
    assert warm.certificate is not None
    assert result.certificate is not None
    assert warm.certificate.node_idx.tolist() == (1 - result.certificate.node_idx).tolist()


def test_unknown_node_takes_its_packages_and_prices_along(tmp_path: Path) -> None:
    """One of two nodes has another id now."""
    result, problem = handmade_result.result(), handmade_result.problem()
    assert result.certificate is not None
    ids = problem.nodes.node_id.copy()
    ids[1] = "NEW"
    warm = both_ways(tmp_path, result, replace(problem, nodes=replace(problem.nodes, node_id=ids)))
    assert (warm.num_packages, warm.num_dropped_packages) == (2, 1)  # O1-2 came from node 1
    at_gone = int((result.certificate.node_idx == 1).sum())
    assert warm.num_dropped_prices == at_gone
    assert warm.num_prices == len(result.certificate.price) - at_gone


@pytest.mark.parametrize(("table", "column"), [("orders", "order_id"), ("services", "service_id")])
def test_unknown_order_or_service_drops_its_packages(tmp_path: Path, table: str, column: str) -> None:
    """O2 has one package; the only service has all three."""
    result, problem = handmade_result.result(), handmade_result.problem()
    ids = getattr(getattr(problem, table), column).copy()
    ids[-1] = "NEW"
    other = replace(problem, **{table: replace(getattr(problem, table), **{column: ids})})
    warm = both_ways(tmp_path, result, other)
    assert warm.num_dropped_packages == {"orders": 1, "services": 3}[table]


def test_line_of_another_sku_is_another_line(tmp_path: Path) -> None:
    """O1's second line was a pot and is a mug now: the package with the pot is gone."""
    result, problem = handmade_result.result(), handmade_result.problem()
    mugs = replace(problem, lines=replace(problem.lines, sku_idx=np.zeros(3, np.int64)))
    assert both_ways(tmp_path, result, mugs).num_dropped_packages == 1


def test_package_loses_only_the_lines_that_are_gone(tmp_path: Path) -> None:
    """Two lines in one package, one of them renamed: the package stays with the other."""
    result, problem = handmade_result.result(), handmade_result.problem()
    plan = Plan(*(np.array(column, np.int64) for column in ([0], [0], [0], [20_784], [0, 0], [0, 1], [2, 1])))
    renamed = replace(problem, lines=replace(problem.lines, line_id=strings(["1", "X", "1"])))
    warm = warm_start_of(replace(result, plan=plan), renamed)
    assert warm.plan is not None
    assert warm.num_dropped_packages == 0
    assert warm.plan.content_line.tolist() == [0]
    assert warm.plan.content_quantity.tolist() == [2]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_rows_are_a_plan_without_prices(tmp_path: Path, suffix: str) -> None:
    """As .csv and .parquet a plan has no certificate; unknown ids are left out all the same."""
    result, problem = handmade_result.result(), handmade_result.problem()
    write_plan(tmp_path / f"plan.{suffix}", result)
    ids = problem.nodes.node_id.copy()
    ids[1] = "NEW"
    warm = read_warm_start(tmp_path / f"plan.{suffix}", replace(problem, nodes=replace(problem.nodes, node_id=ids)))
    assert warm.certificate is None
    assert (warm.num_packages, warm.num_dropped_packages, warm.num_prices) == (2, 1, 0)


def test_other_currency_is_refused(tmp_path: Path) -> None:
    """Prices in dollars say nothing about euros."""
    result, problem = handmade_result.result(), replace(handmade_result.problem(), currency="EUR")
    with pytest.raises(UsageError, match="is in USD, the problem in EUR"):
        warm_start_of(result, problem)
    write_plan(tmp_path / "plan.json", result)
    with pytest.raises(PlanError, match="currency"):
        read_warm_start(tmp_path / "plan.json", problem)


class Recorder:
    """A stand-in for the solver that remembers where it was to begin."""

    warm: WarmStart | None = None

    def __call__(self, problem: Problem, options: SolveOptions, warm: WarmStart | None = None, **_: Any) -> Result:
        self.warm = warm
        return handmade_result.result()


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(splitship.run, "solve", recorder)
    return recorder


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """Write hello's plan, with changes, and give its path."""

    def saved(**changes: Any) -> Path:
        path = tmp_path / "before.json"
        path.write_text(json.dumps(hello_plan.document(**changes)))
        return path

    return saved


def test_solve_begins_with_the_file_and_says_how_much_is_kept(
    run: Run, hello: Path, recorder: Recorder, saved: Callable[..., Path]
) -> None:
    """One of hello's packages is of an order nobody knows any more."""
    document = hello_plan.document()
    document["packages"][0]["order_id"] = "GONE"
    total = len(document["packages"])
    ran = run("solve", hello, "--warm-start", saved(packages=document["packages"]))
    assert ran.code == 0, ran.err
    assert recorder.warm is not None
    assert recorder.warm.num_packages == total - 1
    assert f"{total - 1} of {total} packages" in " ".join(ran.err.split())
    run("solve", hello)
    assert recorder.warm is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ('{"packages": 3}', "expected a list"),
        ('{"schema": "splitship.summary/1", "packages": []}', "--plan FILE.json"),
        (None, "cannot be read"),
    ],
)
def test_bad_file_is_refused_with_its_name(
    run: Run, hello: Path, recorder: Recorder, tmp_path: Path, text: str | None, words: str
) -> None:
    """Exit code 3, the file's name and what is wrong; nothing is solved."""
    path = tmp_path / "before.json"
    if text is not None:
        path.write_text(text)
    ran = run("solve", hello, "--warm-start", path)
    assert ran.code == 3
    assert "before.json" in ran.err
    assert words in " ".join(ran.err.split())


def test_other_methods_have_no_warm_start(run: Run, hello: Path, saved: Callable[..., Path]) -> None:
    """A MIP solver begins where it likes: refused, not ignored."""
    ran = run("solve", hello, "--method", "mip", "--warm-start", saved())
    assert ran.code == 2
    assert "--warm-start goes with --method order-plans" in ran.err
    with pytest.raises(UsageError, match="order-plans, not with mip"):
        splitship.run.solve(handmade_result.problem(), SolveOptions(method="mip"), warm=WarmStart())
