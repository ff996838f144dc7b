"""What is there: stock of nodes, and packages they can ship."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.units import I64, Bools, Floats
from splitship_bench.generate.demand import Demand
from splitship_bench.generate.families import Recipe
from splitship_bench.generate.geography import Network

CARRIES_BIG, CARRIES_STORE, CARRIES_CENTRE = 0.7, 0.3, 0.98
STOCK_BIG, STOCK_STORE = 6.0, 1.0
PACKAGES_BIG, PACKAGES_STORE = 5.0, 1.0
LOCAL_SHARE_OF_DEMAND = 0.5
LOCAL_RATIO = 1.5
LOCAL_REACH_KM = 240.0


@dataclass(frozen=True, slots=True)
class Supply:
    """Stock rows above zero, by node, then SKU [rows], and the packages a node ships a day [nodes]."""

    node_idx: I64
    sku_idx: I64
    on_hand: I64
    max_packages: I64


def draw_supply(recipe: Recipe, network: Network, demand: Demand, rng: np.random.Generator) -> Supply:
    """Stock, then capacity; what is drawn is said at the functions below, in docs/instances.md in words."""
    if recipe.network == "layers":
        return _layered(recipe, network, demand, rng)
    if recipe.network == "stores":
        stock = _thin_stock(recipe, len(network.is_big), demand.units(), rng)
    else:
        stock = _carried_stock(recipe, network, demand.units(), rng)
    size = np.where(network.is_big, PACKAGES_BIG, PACKAGES_STORE) * rng.uniform(0.6, 1.4, len(network.is_big))
    return Supply(*stock, _packages(recipe, len(demand.order_city), size))


def _packages(recipe: Recipe, num_orders: int, size: Floats) -> I64:
    """Capacity in proportion to `size` [nodes], each rounded up."""
    total = recipe.capacity_ratio * recipe.packages_per_order * num_orders
    packages: I64 = np.ceil(total * size / size.sum()).astype(np.int64)
    return packages


def _carried_stock(recipe: Recipe, network: Network, units: I64, rng: np.random.Generator) -> tuple[I64, I64, I64]:
    """Each node carries each SKU or not; those that do share the SKU's stock unevenly.

    Draws, each [nodes, skus]: uniform (carries), gamma (share), uniform (rounding).
    """
    is_big, num_skus = network.is_big, len(units)
    chance = np.where(is_big, CARRIES_BIG, CARRIES_STORE)
    carries = np.empty((len(is_big), num_skus), np.bool_)
    for node, each in enumerate(chance.tolist()):
        carries[node] = rng.random(num_skus) < each
    share = rng.standard_gamma(1.0, (len(is_big), num_skus))
    share *= np.where(is_big, STOCK_BIG, STOCK_STORE)[:, None]
    share *= carries
    total = share.sum(axis=0)
    return _spread(share, np.where(total > 0, total, 1.0), _times(recipe.stock_ratio, units) + 1, carries, rng)


def _spread(
    share: Floats, share_total: Floats, stock: Floats, carries: Bools, rng: np.random.Generator
) -> tuple[I64, I64, I64]:
    """floor(share / total x stock + uniform) where carried: rows above zero, by node. Draws uniforms [nodes, skus]."""
    skus, on_hand = [], []
    for node in range(len(share)):
        here = np.floor(share[node] / share_total * stock + rng.random(len(stock))).astype(np.int64)
        here *= carries[node]
        skus.append(np.flatnonzero(here))
        on_hand.append(here[skus[-1]])
    nodes = np.repeat(np.arange(len(share)), [len(each) for each in skus])
    return nodes, np.concatenate(skus), np.concatenate(on_hand)


def _thin_stock(recipe: Recipe, num_nodes: int, units: I64, rng: np.random.Generator) -> tuple[I64, I64, I64]:
    """Every unit lies at a store of its own draw. Draws: uniform (size of the stores) [nodes], choice [units]."""
    size = rng.uniform(0.6, 1.4, num_nodes)
    total = np.floor(recipe.stock_ratio * units + 1).astype(np.int64)
    sku = np.repeat(np.arange(len(units)), total)
    node = rng.choice(num_nodes, len(sku), p=size / size.sum())
    key, on_hand = np.unique(node * len(units) + sku, return_counts=True)
    return key // len(units), key % len(units), on_hand.astype(np.int64)


def _layered(recipe: Recipe, network: Network, demand: Demand, rng: np.random.Generator) -> Supply:
    """Centres deep in nearly everything; local nodes with the SKUs that half of what is ordered asks for.

    Draws: uniform (carries) [centres, skus], gamma(4) (share) [centres, skus], uniform (rounding) [nodes, skus],
    uniform (size) [nodes].
    """
    units, num_orders = demand.units(), len(demand.order_city)
    num_big = int(network.is_big.sum())
    carries = rng.random((num_big, len(units))) < CARRIES_CENTRE
    share = rng.standard_gamma(4.0, (num_big, len(units))) * carries
    total = share.sum(axis=0)
    deep = _spread(share, np.where(total > 0, total, 1.0), _times(recipe.stock_ratio, units) + 1, carries, rng)
    local = _local_demand(network)
    popularity = np.arange(1, len(units) + 1) ** -recipe.popularity
    sells = np.cumsum(popularity) <= LOCAL_SHARE_OF_DEMAND * popularity.sum()
    near = _near_stock(local, _times(LOCAL_RATIO, units), sells, rng)
    size = rng.uniform(0.6, 1.4, len(network.is_big))
    centres = _packages(recipe, num_orders, size[:num_big])
    locals_ = np.ceil(LOCAL_RATIO * recipe.packages_per_order * num_orders * local * size[num_big:]) + 1
    return Supply(
        np.concatenate([deep[0], near[0] + num_big]),
        np.concatenate([deep[1], near[1]]),
        np.concatenate([deep[2], near[2]]),
        np.concatenate([centres, locals_.astype(np.int64)]),
    )


def _near_stock(local: Floats, stock: Floats, sells: Bools, rng: np.random.Generator) -> tuple[I64, I64, I64]:
    """floor(stock x the node's part of the demand + 1 + uniform) of every SKU that sells."""
    skus = np.flatnonzero(sells)
    on_hand = np.floor(local[:, None] * stock[skus] + 1 + rng.random((len(local), len(skus)))).astype(np.int64)
    return np.repeat(np.arange(len(local)), len(skus)), np.tile(skus, len(local)), on_hand.ravel()


def _local_demand(network: Network) -> Floats:
    """Part of all demand that lies nearest to each local node, within its reach, [local nodes]."""
    distance = network.distance_km()[~network.is_big]
    nearest = distance.argmin(axis=0)
    within = distance.min(axis=0) <= LOCAL_REACH_KM
    return np.bincount(nearest[within], network.city_weight[within], len(distance)).astype(np.float64)


def _times(ratio: float, units: I64) -> Floats:
    return ratio * units.astype(np.float64)
