"""A small pack in which only own prices, or leaves, prove the optimum."""

from splitship.packs import Pack


def pairs_pack() -> Pack:
    """Three whole lines of two units want five near units: 5 + 5 + 9 = 19.00 at best."""
    when = {"placed_at": "2026-01-05T07:00:00+00:00", "country": "US", "postal_code": "10001"}
    places = ("NEAR", "FAR")
    return Pack.from_tables(
        {
            "nodes": [{"node_id": node, "kind": "dc", "country": "US", "postal_code": "10001"} for node in places],
            "skus": [{"sku_id": "K", "weight_kg": "1"}],
            "stock": [
                {"node_id": "NEAR", "sku_id": "K", "on_hand": 5},
                {"node_id": "FAR", "sku_id": "K", "on_hand": 9},
            ],
            "services": [{"service_id": "G", "carrier": "C"}],
            "lanes": [
                {
                    "service_id": "G", "node_id": node, "country": "US", "destination": "*", "zone": node,
                    "transit_days": 2,
                }
                for node in places
            ],
            "rates": [
                {"service_id": "G", "zone": zone, "up_to_kg": "9", "price": price}
                for zone, price in zip(places, ("5", "9"), strict=True)
            ],
            "orders": [{"order_id": order} | when for order in ("A", "B", "C")],
            "order_lines": [
                {"order_id": order, "line_id": "1", "sku_id": "K", "quantity": 2, "splittable": "false"}
                for order in ("A", "B", "C")
            ],
        },
        settings={
            "schema": "splitship.pack/1", "name": "pairs", "currency": "USD", "as_of": "2026-01-05T08:00:00+00:00",
            "objective": {"unfilled_unit": "50"},
        },
    )  # fmt: skip
