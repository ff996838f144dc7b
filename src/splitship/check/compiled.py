"""Compiling kernels: numba with a cache on disk, free of the interpreter lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function compiled on its first call, with its types kept."""
    return cast("Callable[P, R]", njit(cache=True, nogil=True)(function))
