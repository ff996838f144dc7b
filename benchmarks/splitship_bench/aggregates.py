"""Many runs in one number, and how sure it is: means, profiles, intervals, growth. Numbers only, no records."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]

SHIFT_S = 1.0
"""Shift of geometric means of times, in seconds: runs of a few milliseconds do not decide the mean."""

CONFIDENCE = 0.95

_LEAST_S = 1e-4  # the clock does not tell shorter times apart; ratios of zeros mean nothing


def shifted_geometric_mean(values: Sequence[float], shift: float = SHIFT_S) -> float:
    """exp(mean of ln(v + shift)) - shift, in the unit of the values.

    Raises:
        ValueError: no values, or one not above -shift.
    """
    numbers = np.asarray(values, np.float64)
    if not numbers.size or bool((numbers + shift <= 0).any()):
        raise ValueError("a shifted geometric mean needs values above minus the shift")
    return float(np.exp(np.log(numbers + shift).mean()) - shift)


@dataclass(frozen=True, slots=True)
class Profile:
    """Share of instances (`shares`, rising within [0, 1]) that are solved within `ratios` times the best time."""

    ratios: tuple[float, ...]
    shares: tuple[float, ...]

    def at(self, ratio: float) -> float:
        """The share solved within this many times the best time."""
        return max((share for other, share in zip(self.ratios, self.shares, strict=True) if other <= ratio), default=0)


def performance_profile(times: Mapping[str, Sequence[float]]) -> dict[str, Profile]:
    """Dolan-Moré profiles: by contender its times (seconds) instance by instance, infinite where it did not solve it.

    rho(tau) = share of instances with t / (least t of all contenders on it) <= tau. Instances that nobody solves stay
    in the denominator. E. D. Dolan, J. J. Moré, Benchmarking optimization software with performance profiles,
    Mathematical Programming 91, 2002, doi:10.1007/s101070100263.

    Raises:
        ValueError: contenders with different numbers of instances.
    """
    if len({len(each) for each in times.values()}) > 1:
        raise ValueError("a profile needs the same instances of every contender")
    if not times or not len(next(iter(times.values()))):
        return {name: Profile((), ()) for name in times}
    table = np.maximum(np.array([list(each) for each in times.values()], np.float64), _LEAST_S)
    best = table.min(axis=0)
    with np.errstate(invalid="ignore"):
        ratios = np.where(np.isfinite(table), table / best, np.inf)
    profiles = {}
    for name, row in zip(times, ratios, strict=True):
        solved = np.unique(row[np.isfinite(row)])
        shares = [(row <= ratio).sum() / len(row) for ratio in solved]
        profiles[name] = Profile(tuple(map(float, solved)), tuple(map(float, shares)))
    return profiles


@dataclass(frozen=True, slots=True)
class Pair:
    """Times of two sides on the same thing, one a repeat in the order of the rounds; both with at least one.

    Pairs of the same `cluster` (contenders on the same instance) are drawn together.
    """

    cluster: str
    a: Sequence[float]
    b: Sequence[float]


@dataclass(frozen=True, slots=True)
class Ratio:
    """b over a with the ends of its interval; `low` 0 and `high` infinite: too few runs for an interval."""

    point: float
    low: float
    high: float

    @property
    def bounded(self) -> bool:
        """There were runs enough for an interval."""
        return math.isfinite(self.high)


def bootstrap_ratio(
    pairs: Sequence[Pair],
    *,
    shift: float = SHIFT_S,
    systematic: float = 0.0,
    draws: int = 2000,
    confidence: float = CONFIDENCE,
    seed: int = 0,
) -> Ratio:
    """Shifted geometric mean of b over that of a (medians of repeats), with a bootstrap interval.

    Three things make it unsure, and their deviations (in logarithms) are added draw by draw:

    - Instances: clusters are drawn with replacement, the same for both sides.
    - Rounds: on each side the repeats are drawn with replacement, the same rounds for all pairs, for a machine that is
      slow during one round is slow for all of them. With few rounds a bootstrap sees too little, so the deviations of
      n rounds are widened by sqrt(n / (n - 1)), and by Student's over the normal quantile for the rounds of both sides.
    - `systematic`: standard deviation of a factor common to all pairs that repeats cannot show.

    Where a side has no repeats, the noise is seen in the differences between clusters only, which are then widened
    alike, and rounds are left out; a single cluster without repeats has no interval. Hierarchical data as in A. C.
    Davison, D. V. Hinkley, Bootstrap Methods and their Application, 1997, doi:10.1017/CBO9780511802843.

    Raises:
        ValueError: no pairs, or a pair with a side empty.
    """
    if not pairs or any(not len(pair.a) or not len(pair.b) for pair in pairs):
        raise ValueError("a ratio needs pairs with times on both sides")
    rng = np.random.default_rng(seed)
    a, b = _Side([pair.a for pair in pairs], shift), _Side([pair.b for pair in pairs], shift)
    point = b.mean() - a.mean()
    names = {pair.cluster: None for pair in pairs}
    clusters = len(names)
    if a.rounds < 2 and b.rounds < 2 and clusters < 2:
        return Ratio(math.exp(point), 0.0, math.inf)

    tail = 0.5 + confidence / 2
    normal = float(stdtrit(np.inf, tail))
    place = {name: number for number, name in enumerate(names)}
    weights = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=draws).astype(np.float64)
    weights = weights[:, [place[pair.cluster] for pair in pairs]]
    total = b.weighted(weights) - a.weighted(weights) - point
    repeated = [side for side in (a, b) if side.rounds > 1]
    if len(repeated) < 2 and clusters > 1:
        total *= math.sqrt(clusters / (clusters - 1)) * float(stdtrit(clusters - 1, tail)) / normal
    else:
        student = float(stdtrit(sum(side.rounds - 1 for side in repeated), tail)) / normal
        # A single pair with one side not repeated: it may be as noisy as the other, which then speaks for both.
        student *= math.sqrt(2 / len(repeated))
        for side in repeated:
            widening = student * math.sqrt(side.rounds / (side.rounds - 1))
            total = total + widening * (side.drawn(rng, draws) - side.mean())
    total = total + systematic * rng.standard_normal(draws)
    low, high = np.quantile(total, [1 - tail, tail])
    # A percentile interval that leaves out its own estimate (medians can) would be absurd.
    return Ratio(math.exp(point), math.exp(point + min(float(low), 0.0)), math.exp(point + max(float(high), 0.0)))


class _Side:
    """One side's logarithms of times, and the logarithm of the shifted mean under draws."""

    def __init__(self, times: Sequence[Sequence[float]], shift: float) -> None:
        self.shift = shift
        self.times = [np.maximum(np.asarray(each, np.float64), _LEAST_S) for each in times]
        self.rounds = min(map(len, times))
        self._medians = np.array([np.median(each) for each in self.times])

    def mean(self) -> float:
        return float(self._log(self._medians, np.ones((1, len(self.times))))[0])

    def weighted(self, weights: Floats) -> Floats:
        return self._log(self._medians, weights)

    def drawn(self, rng: np.random.Generator, draws: int) -> Floats:
        longest = max(map(len, self.times))
        uniform = rng.random((draws, longest))
        medians = np.empty((draws, len(self.times)))
        for column, each in enumerate(self.times):
            medians[:, column] = np.median(each[(uniform[:, : len(each)] * len(each)).astype(np.int64)], axis=1)
        return self._log(medians, np.ones_like(medians))

    def _log(self, medians: Floats, weights: Floats) -> Floats:
        """ln of the shifted geometric mean for each row of weights [draws, pairs]."""
        means = (np.log(medians + self.shift) * weights).sum(axis=1) / weights.sum(axis=1)
        logs: Floats = np.log(np.maximum(np.exp(means) - self.shift, _LEAST_S))
        return logs


@dataclass(frozen=True, slots=True)
class Growth:
    """y grows like x to the power `exponent`; `low` and `high` are its interval, NaN with fewer than three sizes."""

    exponent: float
    low: float
    high: float
    points: int
    factor: float

    def at(self, x: float) -> float:
        """The fitted y."""
        return float(self.factor * x**self.exponent)


def growth_exponent(x: Sequence[float], y: Sequence[float], confidence: float = CONFIDENCE) -> Growth | None:
    """Least-squares slope of ln y on ln x, with Student's interval on n - 2 degrees of freedom.

    None with fewer than two different x. x and y must be above 0.

    Raises:
        ValueError: lengths differ, or a value is not above 0.
    """
    if len(x) != len(y) or any(value <= 0 for value in (*x, *y)):
        raise ValueError("a growth exponent needs pairs of values above 0")
    if len(set(x)) < 2:
        return None
    u, v = np.log(np.asarray(x, np.float64)), np.log(np.asarray(y, np.float64))
    spread = float(((u - u.mean()) ** 2).sum())
    slope = float(((u - u.mean()) * (v - v.mean())).sum()) / spread
    rest = v - v.mean() - slope * (u - u.mean())
    reach = math.nan
    if len(x) > 2:
        error = math.sqrt(max(float((rest**2).sum()), 0.0) / (len(x) - 2) / spread)
        reach = error * float(stdtrit(len(x) - 2, 0.5 + confidence / 2))
    factor = math.exp(float(v.mean() - slope * u.mean()))
    return Growth(slope, slope - reach, slope + reach, len(x), factor)


def mean_and_worst(values: Sequence[float]) -> tuple[float, float]:
    """Arithmetic mean and maximum; `values` must not be empty."""
    numbers = np.asarray(values, np.float64)
    return float(numbers.mean()), float(numbers.max())
