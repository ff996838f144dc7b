"""Splitship: split-shipment order allocation with a lower bound that can be checked.

    import splitship as ss

    pack = ss.read_pack("scenarios/hello")
    result = ss.solve(pack.problem(), time_limit_s=30, seed=7)

Names are imported when they are first used, so that `import splitship` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from splitship.library import Comparison as Comparison
    from splitship.library import CostedReference as CostedReference
    from splitship.library import Force as Force
    from splitship.library import Pack as Pack
    from splitship.library import check_certificate as check_certificate
    from splitship.library import check_plan as check_plan
    from splitship.library import compare as compare
    from splitship.library import cost_reference as cost_reference
    from splitship.library import explain as explain
    from splitship.library import forecast_prices as forecast_prices
    from splitship.library import frontier as frontier
    from splitship.library import frontier_svg as frontier_svg
    from splitship.library import orders_frame as orders_frame
    from splitship.library import read_pack as read_pack
    from splitship.library import read_plan as read_plan
    from splitship.library import read_warm_start as read_warm_start
    from splitship.library import relaxations as relaxations
    from splitship.library import report as report
    from splitship.library import rule_cost as rule_cost
    from splitship.library import run_scenarios as run_scenarios
    from splitship.library import scenario as scenario
    from splitship.library import shadow_prices as shadow_prices
    from splitship.library import solve as solve
    from splitship.library import what_if as what_if
    from splitship.library import write_pack as write_pack
    from splitship.library import write_plan as write_plan

    __version__: str

__all__ = [
    "Comparison",
    "CostedReference",
    "Force",
    "Pack",
    "__version__",
    "check_certificate",
    "check_plan",
    "compare",
    "cost_reference",
    "explain",
    "forecast_prices",
    "frontier",
    "frontier_svg",
    "orders_frame",
    "read_pack",
    "read_plan",
    "read_warm_start",
    "relaxations",
    "report",
    "rule_cost",
    "run_scenarios",
    "scenario",
    "shadow_prices",
    "solve",
    "what_if",
    "write_pack",
    "write_plan",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("splitship")
    if name in __all__:
        from splitship import library

        return getattr(library, name)
    raise AttributeError(f"module 'splitship' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
