"""Compiling the kernels before the first user waits for them."""

from __future__ import annotations

import os
import subprocess
import sys

from splitship import engine
from splitship.domain import SolveOptions
from splitship.instance import compile_problem
from splitship.packs import Pack
from splitship.packs.warm_start import warm_start_of
from splitship.run.solve import solve

_OPTIONS = SolveOptions(time_limit_s=None, gap=0.0, threads=2)
_POLICIES = ("per_order_optimal", "nearest", "partitioned_1500", "linking_lp")


def warm_up() -> None:
    """Solve a tiny batch through every stage, so that later calls find all kernels compiled.

    The first time on a machine this compiles and stores them beside the source (about six minutes); later it takes
    about a second.
    """
    options = _OPTIONS
    warm_up_engine()
    pack = Pack.from_tables(_tables(), settings=_settings())
    result = solve(pack.problem(), options)
    solve(pack.problem(), options, warm=warm_start_of(result, pack.problem()))
    for policy in _POLICIES:
        solve(pack.problem(), SolveOptions(method=f"policy:{policy}"))


def compile_by_warming_up(is_cache_shared: bool) -> None:
    """`warm_up` where there are no kernels yet: another process compiles some of them meanwhile.

    What it does not manage is compiled here. `is_cache_shared`: processes find each other's kernels.
    """
    command = [sys.executable, "-c", "from splitship.run.warm import warm_up_wide; warm_up_wide()"]
    other = None
    if is_cache_shared and (os.cpu_count() or 1) > 1:
        other = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _warm_up_narrow()
        if other is not None:
            other.wait()
    finally:
        if other is not None:
            other.kill()
            other.wait()
    warm_up()


def _warm_up_narrow() -> None:
    """The part of `warm_up` beside `warm_up_wide`: all but the search for wide orders."""
    warm_up_engine()
    pack = Pack.from_tables(_circle(), settings=_settings())
    for policy in _POLICIES:
        solve(pack.problem(), SolveOptions(method=f"policy:{policy}"))


def warm_up_engine() -> None:
    """Load what most batches need: half a second. Wide orders and policies load theirs when there are any."""
    solve(Pack.from_tables(_circle(), settings=_settings()).problem(), _OPTIONS)


def warm_up_wide() -> None:
    """The part of `warm_up` that the other process does: the search for wide orders, unchecked."""
    engine.solve(compile_problem(Pack.from_tables(_tables(), settings=_settings()).problem()), _OPTIONS)


def _settings() -> dict[str, object]:
    return {
        "schema": "splitship.pack/1", "name": "warm-up", "currency": "USD", "as_of": "2026-01-05T08:00:00+00:00",
        "objective": {"late_day": "1.00", "delivery_day": "0.10", "split": "0.25", "unfilled_unit": "20"},
    }  # fmt: skip


def _circle() -> dict[str, list[dict[str, object]]]:
    """Orders that want two of three things each, one of which is near: no prices of single rows prove enough.

    One more wants a kit whose parts need not lie together.
    """
    tables = _tables()
    tables["nodes"][1]["package_cost"] = "9"
    near, far = ({"node_id": node, "on_hand": units} for node, units in (("A", 1), ("B", 9)))
    tables["stock"] = [stock | {"sku_id": f"S{number}"} for stock in (near, far) for number in range(3)]
    tables["stock"] += [{"node_id": "A", "sku_id": "S3", "on_hand": 3}, {"node_id": "B", "sku_id": "S3", "on_hand": 9}]
    tables["skus"].append({"sku_id": "S3", "weight_kg": "1.5", "value": "10"})
    tables["skus"].append({"sku_id": "S4", "weight_kg": "1", "value": "20"})
    parts = ({"sku_id": f"S{number}", "quantity": 1, "together": "false"} for number in (0, 3))
    tables["kits"] = [{"kit_sku_id": "S4"} | part for part in parts]
    tables["orders"] = [tables["orders"][0] | {"order_id": f"O{number}"} for number in range(6)]
    wanted = [(f"O{number}", f"S{sku}", 1) for number in range(3) for sku in range(3) if sku != number]
    wanted += [("O3", "S3", 2), ("O4", "S3", 2), ("O5", "S4", 1)]
    tables["order_lines"] = [
        {"order_id": order, "line_id": sku, "sku_id": sku, "quantity": units, "splittable": "false"}
        for order, sku, units in wanted
    ]
    return tables


def _tables() -> dict[str, list[dict[str, object]]]:
    nodes = ("A", "B")
    orders: list[dict[str, object]] = []
    lines: list[dict[str, object]] = []
    for number in range(3):
        order_id = f"O{number}"
        orders.append(
            {
                "order_id": order_id, "placed_at": "2026-01-05T07:00:00+00:00", "country": "US", "postal_code": "10001",
                "latitude": 40.0, "longitude": -75.0, "deliver_by": "2026-01-06",
            }
        )  # fmt: skip
        for line in range(12 if number == 2 else 2):  # the last one is a wide order
            lines.append(
                {"order_id": order_id, "line_id": str(line), "sku_id": f"S{line % 3}", "quantity": 1 + line % 2}
            )
    return {
        "nodes": [
            {
                "node_id": node, "kind": "dc", "country": "US", "postal_code": "10001", "latitude": 41.0,
                "longitude": -76.0, "package_cost": "1", "unit_cost": "0.25", "max_packages_per_day": 4,
            }
            for node in nodes
        ],
        "skus": [{"sku_id": f"S{number}", "weight_kg": "1.5", "value": "10"} for number in range(3)],
        "stock": [{"node_id": node, "sku_id": f"S{number}", "on_hand": 5} for node in nodes for number in range(3)],
        "services": [{"service_id": "ground", "carrier": "c"}],
        "lanes": [
            {
                "service_id": "ground", "node_id": node, "country": "US", "destination": "*", "zone": "2",
                "transit_days": 2,
            }
            for node in nodes
        ],
        "rates": [
            {"service_id": "ground", "zone": "2", "up_to_kg": "1", "price": "5"},
            {"service_id": "ground", "zone": "2", "up_to_kg": "5", "price": "9", "per_extra_kg": "1"},
        ],
        "orders": orders,
        "order_lines": lines,
    }  # fmt: skip
