"""What planners ask: answers side by side, why an order, what more would save, what a day costs, the days after."""

from splitship.planning.comparison import Comparison as Comparison
from splitship.planning.comparison import compare as compare
from splitship.planning.counterfactual import Counterfactual as Counterfactual
from splitship.planning.counterfactual import what_if as what_if
from splitship.planning.explainer import Explainer as Explainer
from splitship.planning.explainer import explain as explain
from splitship.planning.explanation import Explanation as Explanation
from splitship.planning.explanation_document import counterfactual_document as counterfactual_document
from splitship.planning.explanation_document import explanation_document as explanation_document
from splitship.planning.explanation_document import rule_cost_document as rule_cost_document
from splitship.planning.force import Force as Force
from splitship.planning.frontier import Frontier as Frontier
from splitship.planning.frontier import frontier as frontier
from splitship.planning.frontier_chart import frontier_svg as frontier_svg
from splitship.planning.orders_frame import orders_frame as orders_frame
from splitship.planning.price_table import stock_prices_csv as stock_prices_csv
from splitship.planning.pricing import ForecastPrices as ForecastPrices
from splitship.planning.pricing import forecast_prices as forecast_prices
from splitship.planning.relaxations import Relaxations as Relaxations
from splitship.planning.relaxations import relaxations as relaxations
from splitship.planning.rule_cost import RuleCost as RuleCost
from splitship.planning.rule_cost import rule_cost as rule_cost
from splitship.planning.shadow_prices import ShadowPrices as ShadowPrices
from splitship.planning.shadow_prices import shadow_prices as shadow_prices

__all__ = [
    "Comparison",
    "Counterfactual",
    "Explainer",
    "Explanation",
    "Force",
    "ForecastPrices",
    "Frontier",
    "Relaxations",
    "RuleCost",
    "ShadowPrices",
    "compare",
    "counterfactual_document",
    "explain",
    "explanation_document",
    "forecast_prices",
    "frontier",
    "frontier_svg",
    "orders_frame",
    "relaxations",
    "rule_cost",
    "rule_cost_document",
    "shadow_prices",
    "stock_prices_csv",
    "what_if",
]
