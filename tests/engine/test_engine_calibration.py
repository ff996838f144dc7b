"""The engine on the calibration packs with known values, where they lie beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from splitship.domain import BoundSource, SolveOptions
from splitship.packs import read_pack
from splitship.run import solve

PACKS = Path(__file__).parents[3] / "shared" / "packs"

# proven by HiGHS on two other models: nothing costs less than `bound`, and `optimum` (or best plan) exists
KNOWN = {
    "calm-300": (4_360.31, 4_360.32),
    "peak-300": (6_862.80, 6_863.47),
    "scarce-300": (9_256.12, 9_257.02),
    "calm-1k": (12_519.14, 12_519.14),
}

pytestmark = pytest.mark.skipif(not PACKS.is_dir(), reason="calibration packs are not beside the project")


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_engine_respects_known_optima(name: str) -> None:
    """No bound passes the proven optimum, no plan is cheaper than the proven bound (a cent of rounding)."""
    bound, optimum = KNOWN[name]
    result = solve(read_pack(PACKS / name).problem(), SolveOptions(time_limit_s=4, gap=0.004))
    assert result.bound_source is BoundSource.CERTIFICATE
    assert result.bound is not None
    assert result.bound / 1e6 <= optimum + 0.01
    assert result.objective / 1e6 >= bound - 0.01


def test_engine_certifies_a_thousand_calm_orders() -> None:
    """calm-1k is certified within 0.5 %."""
    result = solve(read_pack(PACKS / "calm-1k").problem(), SolveOptions(time_limit_s=30, gap=0.005))
    assert result.gap is not None
    assert result.gap <= 0.005


@pytest.mark.parametrize("name", sorted(path.name for path in PACKS.glob("*") if path.is_dir()))
def test_every_calibration_pack_loads(name: str) -> None:
    """All packs read without a finding."""
    assert not read_pack(PACKS / name).warnings
