"""What planners ask: answers side by side, and what a batch should know of the days after it."""

from splitship.planning.comparison import Comparison as Comparison
from splitship.planning.comparison import compare as compare
from splitship.planning.orders_frame import orders_frame as orders_frame
from splitship.planning.price_table import stock_prices_csv as stock_prices_csv
from splitship.planning.pricing import ForecastPrices as ForecastPrices
from splitship.planning.pricing import forecast_prices as forecast_prices

__all__ = ["Comparison", "ForecastPrices", "compare", "forecast_prices", "orders_frame", "stock_prices_csv"]
