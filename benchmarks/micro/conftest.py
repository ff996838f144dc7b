"""Packs, and what is made from them once: every benchmark measures one step and nothing before it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from splitship.domain import Problem, Result
from splitship.engine.assignment import Assignment
from splitship.engine.dual import Pricer, PriceSearch
from splitship.instance import Instance, compile_problem
from splitship.packs import read_pack
from splitship.run import solve, warm_up
from splitship.units import I64

PACKS = ("us-retail", "calm-10k-n50-s1")
"""One that ships, and one that is generated."""
SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
SECONDS, FEWEST_ROUNDS, MOST_ROUNDS = 1.2, 5, 50
PASSES = 20
"""Price passes before the prices at which pricing and placing are measured."""


@dataclasses.dataclass
class Stages:
    """A pack and what each stage of a solve makes of it, made when first asked for."""

    path: Path

    @cached_property
    def problem(self) -> Problem:
        return read_pack(self.path).problem()

    @cached_property
    def instance(self) -> Instance:
        return compile_problem(self.problem, 2)

    @cached_property
    def pricer(self) -> Pricer:
        return Pricer(self.instance, 2)

    @cached_property
    def prices(self) -> I64:
        """Prices that a search has come to: at prices of zero an order has an easier time."""
        search = PriceSearch.start(self.pricer)
        for _ in range(PASSES - 1):
            search.step()
        return search.step().prices

    @cached_property
    def sequence(self) -> I64:
        """Orders in falling order of their priced cost, as the engine places them."""
        import numpy as np

        return np.argsort(-self.pricer.price(self.prices).cost, kind="stable").astype(np.int64)

    @cached_property
    def placed(self) -> tuple[Assignment, I64]:
        """A plan placed at the prices, and what it leaves."""
        residual = self.instance.resources.capacity.copy()
        assignment = Assignment.empty(self.pricer.tables)
        self.pricer.place(self.sequence, self.prices, residual, assignment)
        return assignment, residual

    @cached_property
    def result(self) -> Result:
        """A verified answer with its certificate."""
        options = read_pack(self.path).options()
        return solve(self.problem, dataclasses.replace(options, time_limit_s=None, gap=0.04, threads=2))


@pytest.fixture(scope="session", params=PACKS)
def pack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """The packs, one after the other; kernels are compiled and loaded."""
    warm_up()
    if request.param in {folder.name for folder in SCENARIOS.iterdir()}:
        return Stages(SCENARIOS / request.param)
    from splitship_bench.generate import generate_pack, parse_spec

    folder = tmp_path_factory.mktemp("packs") / request.param
    generate_pack(parse_spec(request.param), folder)
    return Stages(folder)


Measure = Callable[..., Any]


@pytest.fixture
def measure(benchmark: BenchmarkFixture) -> Measure:
    """`measure(function, fresh)`: rounds of `function(*fresh())`, `fresh` not counted, after one that is not counted.

    As many rounds as go into a second, at least five: enough for a median.
    """

    def run(function: Callable[..., Any], fresh: Callable[[], tuple[Any, ...]] = tuple) -> Any:
        arguments = fresh()
        started = time.perf_counter()
        function(*arguments)
        took = max(time.perf_counter() - started, 1e-6)
        rounds = int(min(MOST_ROUNDS, max(FEWEST_ROUNDS, SECONDS / took)))
        return benchmark.pedantic(function, setup=lambda: (fresh(), {}), rounds=rounds)

    return run
