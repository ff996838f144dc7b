"""Whether two problems are the same one, whatever they are called: what is proven of one then holds for the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from splitship.domain import Problem

_NAMES = frozenset({"name", "scenario", "input_hash"})


def is_same_problem(one: Problem, two: Problem) -> bool:
    """All tables, rules and settings in force are equal, value by value.

    Their hashes of input would not do: a problem that was changed in memory may still carry that of its pack.
    """
    return one is two or _is_equal(one, two)


def _is_equal(one: object, two: object) -> bool:
    if type(one) is not type(two):
        return False
    if isinstance(one, np.ndarray) and isinstance(two, np.ndarray):
        return np.array_equal(one, two, equal_nan=one.dtype.kind == "f")
    if dataclasses.is_dataclass(one):
        names = [each.name for each in dataclasses.fields(one)]
        if isinstance(one, Problem):
            names = [name for name in names if name not in _NAMES]
        return all(_is_equal(getattr(one, name), getattr(two, name)) for name in names)
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return one.keys() == two.keys() and all(_is_equal(one[key], two[key]) for key in one)
    if isinstance(one, (tuple, list)) and isinstance(two, (tuple, list)):
        return len(one) == len(two) and all(_is_equal(a, b) for a, b in zip(one, two, strict=True))
    return bool(one == two)
