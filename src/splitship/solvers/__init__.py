"""Thin adaptors to PuLP, OR-Tools MathOpt and SciPy's HiGHS."""
