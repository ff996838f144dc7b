"""The optimal plan of scenarios/hello as its README works it out, written as somebody else's plan would be."""

from typing import Any

PACKAGES = [
    ("O1", "SHOP", "ground", "2026-12-01", [("1", 1)]),
    ("O2", "EAST", "ground", "2026-11-30", [("1", 1), ("2", 1)]),
    ("O3", "WEST", "ground", "2026-11-30", [("1", 1)]),
    ("O3", "EAST", "ground", "2026-11-30", [("2", 1)]),
    ("O4", "WEST", "air", "2026-11-30", [("1", 1)]),
    ("O5", "SHOP", "ground", "2026-12-01", [("1", 1)]),
]


def document(**changes: Any) -> dict[str, Any]:
    """Packages, the cost of 87.50, and the prices that prove it; keys replaced by `changes`."""
    packages = [
        {
            "order_id": order_id,
            "node_id": node_id,
            "service_id": service_id,
            "ship_on": ship_on,
            "lines": [{"line_id": line_id, "quantity": quantity} for line_id, quantity in lines],
        }
        for order_id, node_id, service_id, ship_on, lines in PACKAGES
    ]
    prices = [
        {"kind": "stock", "node_id": "EAST", "sku_id": "kettle", "price": "7.00"},
        {"kind": "stock", "node_id": "SHOP", "sku_id": "mug", "price": "1.50"},
    ]
    return {
        "objective": "87.50",
        "bound": "87.50",
        "bound_source": "certificate",
        "packages": packages,
        "prices": prices,
    } | changes
