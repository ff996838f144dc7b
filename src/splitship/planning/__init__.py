"""Beyond one answer: prices of stock from a forecast, why an order is served as it is, and what if it were not."""

from splitship.planning.counterfactual import Counterfactual as Counterfactual
from splitship.planning.counterfactual import what_if as what_if
from splitship.planning.explainer import Explainer as Explainer
from splitship.planning.explainer import explain as explain
from splitship.planning.explanation import Explanation as Explanation
from splitship.planning.explanation_document import counterfactual_document as counterfactual_document
from splitship.planning.explanation_document import explanation_document as explanation_document
from splitship.planning.explanation_document import rule_cost_document as rule_cost_document
from splitship.planning.force import Force as Force
from splitship.planning.price_table import stock_prices_csv as stock_prices_csv
from splitship.planning.pricing import ForecastPrices as ForecastPrices
from splitship.planning.pricing import forecast_prices as forecast_prices
from splitship.planning.rule_cost import RuleCost as RuleCost
from splitship.planning.rule_cost import rule_cost as rule_cost

__all__ = [
    "Counterfactual",
    "Explainer",
    "Explanation",
    "Force",
    "ForecastPrices",
    "RuleCost",
    "counterfactual_document",
    "explain",
    "explanation_document",
    "forecast_prices",
    "rule_cost",
    "rule_cost_document",
    "stock_prices_csv",
    "what_if",
]
