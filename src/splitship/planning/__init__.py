"""What a batch should know of the days after it: prices of stock from a forecast."""

from splitship.planning.forecast_prices import ForecastPrices as ForecastPrices
from splitship.planning.forecast_prices import forecast_prices as forecast_prices
from splitship.planning.price_table import stock_prices_csv as stock_prices_csv

__all__ = ["ForecastPrices", "forecast_prices", "stock_prices_csv"]
