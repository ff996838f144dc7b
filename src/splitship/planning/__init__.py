"""What planners ask: answers side by side, why an order, what more would save, what a day less costs, the days after."""

from splitship.planning.comparison import Comparison as Comparison
from splitship.planning.comparison import compare as compare
from splitship.planning.frontier import Frontier as Frontier
from splitship.planning.frontier import frontier as frontier
from splitship.planning.frontier_chart import frontier_svg as frontier_svg
from splitship.planning.orders_frame import orders_frame as orders_frame
from splitship.planning.price_table import stock_prices_csv as stock_prices_csv
from splitship.planning.pricing import ForecastPrices as ForecastPrices
from splitship.planning.pricing import forecast_prices as forecast_prices
from splitship.planning.relaxations import Relaxations as Relaxations
from splitship.planning.relaxations import relaxations as relaxations
from splitship.planning.shadow_prices import ShadowPrices as ShadowPrices
from splitship.planning.shadow_prices import shadow_prices as shadow_prices

__all__ = [
    "Comparison",
    "ForecastPrices",
    "Frontier",
    "Relaxations",
    "ShadowPrices",
    "compare",
    "forecast_prices",
    "frontier",
    "frontier_svg",
    "orders_frame",
    "relaxations",
    "shadow_prices",
    "stock_prices_csv",
]
