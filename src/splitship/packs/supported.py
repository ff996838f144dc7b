"""Which features of a pack the solver knows: the one list to which a feature is added once it is built."""

from __future__ import annotations

from collections.abc import Collection

SUPPORTED_FEATURES: frozenset[str] = frozenset(
    {
        "calendars",
        "channel_reserves",
        "forecast",
        "handling_limits",
        "hold_until",
        "inbound",
        "kits",
        "load_shares",
        "node_days",
        "not_before",
        "pickup",
        "plan_before",
        "rejections",
        "rules",
        "service_commitments",
        "service_quotas",
        "stock_prices",
        "substitutes",
        "surcharges",
        "transfers",
    }
)
"""Names of supported features. What belongs to any other is read, checked and then refused, never ignored."""


def is_supported(name: str, features: Collection[str] = ()) -> bool:
    """Is the feature supported, or among the `features` that the caller switches on?"""
    return name in SUPPORTED_FEATURES or name in features
