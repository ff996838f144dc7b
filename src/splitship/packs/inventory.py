"""Text tables of arrivals, stock prices and channel reserves to the domain's columns."""

from __future__ import annotations

import numpy as np

from splitship.domain import ChannelReserves, Inbound, StockPrices
from splitship.packs.network import ranks
from splitship.packs.view import Coded, TableView, taken
from splitship.units import I64, day_text


def build_inbound(view: TableView, node_ids: Coded, sku_ids: Coded, today: I64) -> Inbound:
    """The inbound table. `today` [nodes] is the local date of the decision."""
    node_idx = view.refers("node_id", node_ids, "node")
    sku_idx = view.refers("sku_id", sku_ids, "SKU")
    day = view.dates("available_on")
    view.keys((node_idx, sku_idx, day.data), ("node_id", "sku_id", "available_on"))
    quantity = view.whole("quantity").data
    passed = day.given & (day.data < taken(today, node_idx)) & (node_idx >= 0)
    view.tell_rows(
        "W621",
        "available_on",
        passed,
        lambda row: (
            f"{day_text(day.data[row])} has passed, it is {day_text(today[node_idx[row]])} there: the units count "
            "as arrived; if on_hand has them they count twice"
        ),
    )
    order = np.lexsort((day.data, sku_idx, node_idx))
    return Inbound(node_idx[order], sku_idx[order], day.data[order], quantity[order])


def build_stock_prices(view: TableView, node_ids: Coded, sku_ids: Coded) -> StockPrices:
    """The stock_prices table; the only prices that may be below 0."""
    node_idx = view.refers("node_id", node_ids, "node")
    sku_idx = view.refers("sku_id", sku_ids, "SKU")
    view.keys((node_idx, sku_idx), ("node_id", "sku_id"))
    price, _ = view.amounts("price_per_unit")
    order = np.lexsort((sku_idx, node_idx))
    return StockPrices(node_idx[order], sku_idx[order], price.take(order))


def build_channel_reserves(view: TableView, node_ids: Coded, sku_ids: Coded) -> ChannelReserves:
    """The channel_reserves table."""
    node_idx = view.refers("node_id", node_ids, "node")
    sku_idx = view.refers("sku_id", sku_ids, "SKU")
    channel = view.text("channel")
    codes = ranks(view.coded("channel"))
    view.keys((node_idx, optional_key(view, "sku_id", sku_idx), codes), ("node_id", "sku_id", "channel"))
    quantity = view.whole("quantity").data
    price, has_price = view.amounts("price_per_unit")
    order = np.lexsort((codes, sku_idx, node_idx))
    return ChannelReserves(
        node_idx[order], sku_idx[order], channel[order], quantity[order], price.take(order), has_price[order]
    )


def optional_key(view: TableView, column: str, found: I64) -> I64:
    """A part of a key that may be empty (0); what is not found stays -1."""
    return np.where(view.is_empty(column), 0, np.where(found < 0, -1, found + 1))
