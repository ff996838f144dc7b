"""Small random packs that use every feature, and the same instance with its orders declared wide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splitship.instance import Instance, compile_problem
from splitship.packs import Pack


def random_pack(seed: int) -> Pack:
    """A pack of a few small orders: splits, steps, volumes, bumpy rate cards, capacities, all of it at random."""
    rng = np.random.default_rng(seed)
    num_nodes, num_skus, num_services = int(rng.integers(2, 4)), int(rng.integers(2, 5)), int(rng.integers(1, 4))

    def money(low: float, high: float) -> str:
        return f"{rng.uniform(low, high):.{int(rng.integers(1, 5))}f}"

    def maybe(value: object, share: float) -> object:
        return value if rng.random() < share else None

    nodes = [
        {
            "node_id": f"N{n}", "kind": "dc", "country": "US", "postal_code": f"{n}0000",
            "package_cost": money(0, 2), "line_cost": maybe(money(0, 1), 0.5), "unit_cost": money(0, 0.5),
            "max_packages_per_day": maybe(int(rng.integers(1, 5)), 0.4),
            "max_units_per_day": maybe(int(rng.integers(1, 9)), 0.4),
        }
        for n in range(num_nodes)
    ]  # fmt: skip
    skus = [
        {
            "sku_id": f"K{k}", "weight_kg": f"{rng.choice([0, 0.3, 0.45359237, 1, 1.7, 2.5, 4])}",
            "length_cm": maybe(str(rng.integers(5, 30)), 0.8), "width_cm": str(rng.integers(5, 30)),
            "height_cm": str(rng.integers(5, 30)),
            "value": money(5, 60), "ship_alone": bool(rng.random() < 0.2),
        }
        for k in range(num_skus)
    ]  # fmt: skip
    stock = [
        {"node_id": f"N{n}", "sku_id": f"K{k}", "on_hand": int(rng.integers(1, 6))}
        for n in range(num_nodes)
        for k in range(num_skus)
        if rng.random() < 0.8
    ]
    services, rates, lanes = [], [], []
    for s in range(num_services):
        services.append(
            {
                "service_id": f"S{s}", "carrier": "C", "dim_divisor": maybe(int(rng.choice([3000, 5000, 6000])), 0.5),
                "weight_step_kg": maybe(str(rng.choice([0.5, 1, 0.45359237])), 0.5),
                "max_weight_kg": maybe(str(rng.choice([3, 5, 9.5])), 0.4),
            }
        )  # fmt: skip
        ups = np.sort(rng.choice([0, 0.5, 1, 1.3, 2, 3, 4, 6, 10, 15], int(rng.integers(1, 6)), replace=False))
        price = 0.0
        for i, up in enumerate(ups):
            price = max(0.0, price + rng.choice([0.2, 1.0, 5.0, -1.5], p=[0.3, 0.4, 0.2, 0.1]))
            is_last = i == len(ups) - 1
            rates.append(
                {
                    "service_id": f"S{s}", "zone": "Z", "up_to_kg": str(up), "price": f"{price:.2f}",
                    "per_extra_kg": maybe(money(0, 2), 0.6) if is_last else None,
                }
            )  # fmt: skip
        lanes += [
            {
                "service_id": f"S{s}", "node_id": f"N{n}", "country": "US", "destination": "*", "zone": "Z",
                "transit_days": int(rng.integers(1, 5)),
            }
            for n in range(num_nodes)
            if rng.random() < 0.9
        ]  # fmt: skip
    orders, lines = [], []
    for o in range(int(rng.integers(1, 4))):
        orders.append(
            {
                "order_id": f"O{o}", "placed_at": "2026-03-01T08:00:00Z", "country": "US", "postal_code": "10001",
                "deliver_by": "2026-03-04", "ship_complete": bool(rng.random() < 0.25),
                "max_packages": maybe(int(rng.integers(1, 4)), 0.4),
            }
        )  # fmt: skip
        lines += [
            {
                "order_id": f"O{o}", "line_id": str(n), "sku_id": f"K{int(rng.integers(num_skus))}",
                "quantity": int(rng.integers(1, 4)), "splittable": bool(rng.random() < 0.7),
            }
            for n in range(int(rng.integers(1, 4)))
        ]  # fmt: skip
    tables = {
        "nodes": nodes, "skus": skus, "stock": stock, "services": services, "rates": rates, "lanes": lanes,
        "orders": orders, "order_lines": lines,
    }  # fmt: skip
    objective = {"late_day": 1.5, "delivery_day": 0.25, "unfilled_unit": 3, "unfilled_value": 0.3}
    objective["split"] = float(rng.choice([0, 0.5, 2]))
    settings = {
        "currency": "USD", "as_of": "2026-03-02T08:00:00Z", "objective": objective,
        "limits": {"horizon_days": int(rng.choice([0, 1]))},
    }  # fmt: skip
    return Pack.from_tables(tables, settings)


def random_instance(seed: int) -> Instance:
    """`random_pack` compiled."""
    return compile_problem(random_pack(seed).problem())


def as_wide(instance: Instance) -> Instance:
    """The same instance without a table of contents, as if every order had too many quantity vectors for one."""
    return replace(
        instance,
        is_wide=np.ones(instance.num_orders, np.bool_),
        num_states=np.zeros(instance.num_orders, np.int64),
        content_ptr=np.zeros_like(instance.content_ptr),
        content_cost=np.zeros(0, np.int64),
        content_choice=np.zeros(0, np.int32),
    )
