"""What each family of instances is, in numbers. The words for them are in docs/instances.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of a family; those of calm, peak and scarce are the defaults but for the two ratios.

    `stock_ratio`: stock over demand, `capacity_ratio`: node capacity over `packages_per_order` x orders.
    SKUs: `least_skus`, or one for every `orders_per_sku` orders if that is more; popularity rank^-`popularity`.
    Lines of an order: `fewest_lines` + min(`most_lines` - `fewest_lines`, geometric(`line_end`) - 1). `redraws`
    says what is drawn again when an order has a SKU twice: all of its SKUs, or the one line. Quantity:
    min(`most_units`, geometric(`unit_end`)). SKU weight: log-normal(`weight_mu`, 0.8) kg.
    `network`: 20 % big nodes and stores, stores alone, or centres and local nodes. `is_splittable`: whether the units
    of a line may be parted.
    """

    description: str
    stock_ratio: float
    capacity_ratio: float
    packages_per_order: float = 1.25
    least_skus: int = 200
    orders_per_sku: int = 10
    popularity: float = 0.8
    fewest_lines: int = 1
    most_lines: int = 6
    line_end: float = 0.48
    redraws: Literal["order", "line"] = "order"
    most_units: int = 5
    unit_end: float = 0.75
    weight_mu: float = -0.3
    network: Literal["mixed", "stores", "layers"] = "mixed"
    is_splittable: bool = False

    def num_skus(self, orders: int) -> int:
        """SKUs of an instance with so many orders."""
        return max(self.least_skus, orders // self.orders_per_sku)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "calm": Recipe("an ordinary day: stock 3 times the demand, capacity to spare", 3.0, 1.3),
        "peak": Recipe("a sale: stock 1.3 times the demand, nodes nearly full", 1.3, 1.15),
        "scarce": Recipe("less stock (0.9) than demand, every node full", 0.9, 1.0),
        "wide": Recipe(
            "orders of 10 to 60 lines of several units that may be parted; stock 1.4 times the demand",
            1.4,
            1.3,
            packages_per_order=6.0,
            least_skus=400,
            fewest_lines=10,
            most_lines=60,
            line_end=1 / 16,
            redraws="line",
            most_units=24,
            unit_end=0.3,
            weight_mu=-1.2,
            is_splittable=True,
        ),
        "scattered": Recipe(
            "stores alone, stock spread thin in ones and twos: most orders of several lines must split",
            1.3,
            1.3,
            packages_per_order=2.0,
            least_skus=500,
            orders_per_sku=1,
            popularity=0.5,
            line_end=0.4,
            network="stores",
            is_splittable=True,
        ),
        "twolayer": Recipe(
            "regional centres with nearly everything, local nodes with what sells: simple rules are strong",
            4.0,
            2.0,
            network="layers",
        ),
    }
)
"""Recipe of every family by name."""

FAMILIES: Mapping[str, str] = MappingProxyType({name: recipe.description for name, recipe in RECIPES.items()})
"""Name of every family -> what it is, in one line."""
