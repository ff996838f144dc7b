"""How kernels are compiled that only other kernels call."""

from __future__ import annotations

from typing import Any

from numba import njit

_OPTIONS: Any = {"cache": True, "nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
inner: Any = njit(**_OPTIONS)
"""Decorator: a kernel without entry points for Python, which halves the time to compile; never call one from Python."""
spliced: Any = njit(cache=True, nogil=True, inline="always")
"""Decorator: a small kernel that is written into its callers; a call would count references to every array it gets."""
