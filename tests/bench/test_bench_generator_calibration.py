"""Generated packs against the published calibration packs: seed 0 row for row, other seeds by what they are like.

The random numbers are drawn in the order of the published specification, so seed 0 must give the published tables:
any wrong number in the generator shows there. Other seeds have other cities, whose weights are Pareto, so their
costs differ widely; they are compared in figures that vary little, by whether the published pack's could be one more
draw: |published - mean| <= LIMIT x standard deviation x sqrt(1 + 1 / seeds), Student's t with seeds - 1 degrees.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from splitship.check import check_plan
from splitship.domain import ResourceKind
from splitship.engine.dual import Pricer, PriceSearch
from splitship.instance import compile_problem
from splitship.packs import read_pack
from splitship.policies import route
from splitship_bench.generate import generate_pack, parse_spec
from splitship_bench.generate import write as generator
from splitship_bench.generate.families import RECIPES
from splitship_bench.generate.tariff import SERVICES

pytestmark = pytest.mark.slow

SEEDS = range(1, 7)
LIMIT = 5.0
"""With 5 degrees of freedom beyond this in 0.4 % of draws; the seeds are fixed, so it either holds or it does not."""
PASSES = 15
REGIMES = ("calm", "peak", "scarce")
STEPS = (("calm", "peak"), ("peak", "scarce"))
SIZES = ("300", "1k")
ALL = [f"{family}-{size}" for size in ("300", "1k", "10k", "100k") for family in REGIMES]
PUBLISHED = [name for name in ALL if name not in ("scarce-10k", "scarce-100k")]


def same_tables(name: str, published: Path, folder: Path) -> list[str]:
    """Tables in which seed 0 differs from the published pack; coordinates are ours alone."""
    generate_pack(parse_spec(f"{name}-n50-s0"), folder)
    ours, theirs = read_pack(folder).tables, read_pack(published / name).tables
    assert set(ours) == set(theirs)
    return [
        table
        for table in sorted(theirs)
        if not ours[table].drop(columns=["latitude", "longitude"], errors="ignore").equals(theirs[table])
    ]


@pytest.mark.parametrize("name", PUBLISHED)
def test_seed_zero_is_the_calibration_pack(name: str, shared_packs: Path, tmp_path: Path) -> None:
    """Every table, every row, every cell."""
    assert same_tables(name, shared_packs, tmp_path / "pack") == []


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ({"stock_ratio": 3.0}, "stock"),
        ({"capacity_ratio": 1.3}, "nodes"),
        ({"popularity": 0.7}, "order_lines"),
        ({"unit_end": 0.7}, "order_lines"),
        ({"weight_mu": -0.2}, "skus"),
        ({"is_splittable": True}, "order_lines"),
    ],
)
def test_seed_zero_notices_a_wrong_number(
    change: dict[str, Any], table: str, shared_packs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted in peak-300: another number of the specification shows in its table."""
    plant(monkeypatch, "peak", **change)
    assert table in same_tables("peak-300", shared_packs, tmp_path / "pack")


def plant(monkeypatch: pytest.MonkeyPatch, family: str, **change: Any) -> None:
    """Another number in a family's recipe."""
    recipes = {**RECIPES, family: dataclasses.replace(RECIPES[family], **change)}
    monkeypatch.setattr(generator, "RECIPES", recipes)


# other seeds


@dataclasses.dataclass(frozen=True)
class Figures:
    """Of one pack, money in its currency.

    `cost`: median over orders of the cheapest plan in isolation. `least_cost`: the 2 % quantile, light packages to the
    next city, which hardly varies between seeds. `contention`: share of the units that no row can give when every
    order takes that plan. `difficulty`: orders at their optimum in arrival order, over the best bound of a few passes.
    """

    cost: float
    least_cost: float
    contention: float
    difficulty: float


def figures_of(path: Path, with_difficulty: bool = True) -> Figures:
    """The figures of a pack's folder; the difficulty, which takes longest, is nan when not asked for."""
    instance = compile_problem(read_pack(path).problem())
    resources = instance.resources
    pricer = Pricer(instance, 1)
    alone = pricer.price(np.zeros(len(resources), np.int64))
    beyond = np.maximum(alone.use - resources.capacity, 0)[resources.kind == ResourceKind.STOCK].sum()
    difficulty = float("nan")
    if with_difficulty:
        search = PriceSearch.start(pricer)
        bound = max(search.step().bound for _ in range(PASSES))
        costs = check_plan(instance.problem, route(instance, "per_order_optimal")).costs
        assert costs is not None
        difficulty = costs.total / bound
    pricer.close()
    cost, least = np.quantile(alone.cost, [0.5, 0.02]) / 1e6
    return Figures(float(cost), float(least), float(beyond / instance.line_quantity.sum()), difficulty)


def draw(regime: str, size: str, folder: Path, with_difficulty: bool = True) -> list[Figures]:
    """Figures of every seed."""
    found = []
    for seed in SEEDS:
        path = folder / f"{regime}-{size}-n50-s{seed}"
        generate_pack(parse_spec(path.name), path)
        found.append(figures_of(path, with_difficulty))
    return found


@pytest.fixture(scope="module")
def measured(
    shared_packs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], tuple[Figures, list[Figures]]]:
    """Regime and size -> the figures of the published pack and those of the seeds, measured once."""

    @functools.cache
    def measure(regime: str, size: str) -> tuple[Figures, list[Figures]]:
        return figures_of(shared_packs / f"{regime}-{size}"), draw(regime, size, tmp_path_factory.mktemp("packs"))

    return measure


def deviation(published: float, seeds: list[float]) -> float:
    """How far the published value is from being one more draw, in its standard error."""
    apart = abs(published - np.mean(seeds))
    spread = np.std(seeds, ddof=1) * np.sqrt(1 + 1 / len(seeds))
    return float(apart / spread) if spread > 0 else (float("inf") if apart > 0 else 0.0)


def steps(calmer: list[Figures], tighter: list[Figures]) -> list[float]:
    """By how much contention rises from one regime to the next, seed by seed: network and orders are the same."""
    return [after.contention - before.contention for before, after in zip(calmer, tighter, strict=True)]


@pytest.mark.parametrize("figure", [field.name for field in dataclasses.fields(Figures)])
@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("size", SIZES)
def test_calibration_pack_could_be_another_seed(measured: Any, size: str, regime: str, figure: str) -> None:
    """Cost, contention and difficulty of the published pack lie where those of other seeds do."""
    published, seeds = measured(regime, size)
    assert deviation(getattr(published, figure), [getattr(each, figure) for each in seeds]) <= LIMIT


@pytest.mark.parametrize(("calmer", "tighter"), STEPS)
@pytest.mark.parametrize("size", SIZES)
def test_contention_rises_between_regimes_as_published(measured: Any, size: str, calmer: str, tighter: str) -> None:
    """The step from calm to peak, and from peak to scarce."""
    before, seeds_before = measured(calmer, size)
    after, seeds_after = measured(tighter, size)
    assert deviation(after.contention - before.contention, steps(seeds_before, seeds_after)) <= LIMIT


@pytest.mark.parametrize(("calmer", "tighter"), STEPS)
def test_wrong_regime_is_noticed(
    measured: Any, calmer: str, tighter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the tighter pack with nine tenths of the calmer one's stock ratio and a tenth of its own.

    A mistake of two thirds that size from peak to scarce is left to the comparison with seed 0: 300 orders show it at
    4.0, not beyond the limit.
    """
    before, seeds_before = measured(calmer, "300")
    after, _ = measured(tighter, "300")
    ratio = 0.9 * RECIPES[calmer].stock_ratio + 0.1 * RECIPES[tighter].stock_ratio
    plant(monkeypatch, tighter, stock_ratio=ratio)
    planted = draw(tighter, "300", tmp_path, with_difficulty=False)
    assert deviation(after.contention - before.contention, steps(seeds_before, planted)) > LIMIT


def test_wrong_price_is_noticed(measured: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: ground from 6.00 instead of 5.50."""
    published, _ = measured("calm", "300")
    monkeypatch.setattr(generator, "SERVICES", (dataclasses.replace(SERVICES[0], base="6.00"), *SERVICES[1:]))
    planted = draw("calm", "300", tmp_path, with_difficulty=False)
    assert deviation(published.least_cost, [each.least_cost for each in planted]) > LIMIT
