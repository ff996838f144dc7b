"""The text table of what is expected to be ordered to the domain's columns."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from splitship.domain import Forecast
from splitship.packs.network import coordinates, ranks
from splitship.packs.view import Coded, TableView
from splitship.units import day_number

MAX_FORECAST_UNITS = 200_000
"""Every unit is an order of its own once it is looked at."""
ONLY_USE = "the forecast is used by splitship forecast-prices only"


def build_forecast(view: TableView, sku_ids: Coded, as_of: datetime | None, need_coordinates: bool) -> Forecast:
    """The forecast table; a row without a date is of the date of `as_of`, on its own clock."""
    sku_idx = view.refers("sku_id", sku_ids, "SKU")
    country, postal_code = view.text("country"), view.text("postal_code")
    quantity = view.whole("quantity").data
    cells = view.dates("placed_on")
    today = 0 if as_of is None else day_number(as_of.date().isoformat())
    day = np.where(cells.given | ~view.is_empty("placed_on"), cells.data, today)
    if as_of is not None:
        view.tell("E408", "placed_on", cells.given & (day < today), f"expected {as_of.date()} or later")
    by_text = [ranks(view.coded(name)) for name in ("country", "postal_code")]
    view.keys((sku_idx, *by_text, day), ("sku_id", "country", "postal_code", "placed_on"))
    total = int(quantity.sum())
    if total > MAX_FORECAST_UNITS:
        words = f"the forecast has {total:,} units in all; {MAX_FORECAST_UNITS:,} can be looked at"
        view.tell_rows("E408", "quantity", np.arange(view.num_rows) == int(np.argmax(quantity)), lambda row: words)
    latitude, longitude = coordinates(view, need_coordinates)
    unfilled, has_unfilled = view.amounts("unfilled_cost")
    order = np.lexsort((by_text[1], by_text[0], sku_idx, day))
    if view.num_rows:
        view.findings.add("W623", view.findings.locate("forecast", None, None), f"no effect on a plan: {ONLY_USE}")
    return Forecast(
        sku_idx[order], country[order], postal_code[order], quantity[order], day[order],
        latitude[order], longitude[order], unfilled.take(order), has_unfilled[order],
    )  # fmt: skip
