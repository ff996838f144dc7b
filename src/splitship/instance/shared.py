"""Which shared resources can bind, and what packages and units take of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Problem, ResourceKind
from splitship.instance.model import Draws, Resources
from splitship.units import I32, I64

NO_ROW = -1


@dataclass(frozen=True, slots=True)
class PossibleUse:
    """The most that all orders together could ask of every resource, filled by `kernels.possible_use`.

    `stock` [stock], `packages`, `units` [nodes, days], `services` [nodes, services, days]; no days where nothing is
    limited.
    """

    stock: I64
    packages: I64
    units: I64
    services: I64

    @classmethod
    def none(
        cls, problem: Problem, num_days: int, *, has_packages: bool, has_units: bool, has_services: bool
    ) -> PossibleUse:
        """Nothing asked yet."""
        nodes, services = len(problem.nodes), len(problem.services)
        return cls(
            np.zeros(len(problem.stock), np.int64),
            np.zeros((nodes, num_days * has_packages), np.int64),
            np.zeros((nodes, num_days * has_units), np.int64),
            np.zeros((nodes, services, num_days * has_services), np.int64),
        )


@dataclass(frozen=True, slots=True)
class SharedResources:
    """Rows of the resources that can bind, `draws`, and where kernels find both.

    `stock_row` [stock] is -1 where stock cannot run short; `draw_of` [nodes, services, days] is the draw of a package,
    without days where nothing but stock can.
    """

    resources: Resources
    draws: Draws
    stock_row: I32
    draw_of: I32


class _Rows:
    """Rows in the making."""

    def __init__(self) -> None:
        self.count = 0
        self.parts: list[tuple[I64, ...]] = []

    def add(
        self, kind: ResourceKind, capacity: I64, node: I64, sku: I64 | None = None, service: I64 | None = None,
        day: I64 | None = None,
    ) -> I32:  # fmt: skip
        """Add rows of a kind; their numbers."""
        none = np.full(len(node), NO_ROW, np.int64)
        keys = (node, *(none if key is None else key for key in (sku, service, day)))
        self.parts.append((np.full(len(node), int(kind), np.int64), *keys, capacity))
        self.count += len(node)
        return np.arange(self.count - len(node), self.count, dtype=np.int32)

    def made(self) -> Resources:
        return Resources(*(np.concatenate(column).astype(np.int64) for column in zip(*self.parts, strict=True)))


def share_resources(
    problem: Problem, available: I64, node_packages: I64, node_units: I64, service_packages: I64, use: PossibleUse,
    first_day: int,
) -> SharedResources:  # fmt: skip
    """Rows of the resources whose possible use exceeds their supply.

    `available` [stock]; capacities a ship day: `node_packages`, `node_units` [nodes], `service_packages`
    [nodes, services].
    """
    rows = _Rows()
    stock_row = np.full(len(available), NO_ROW, np.int32)
    tight = np.flatnonzero(use.stock > available)
    node, sku = problem.stock.node_idx[tight], problem.stock.sku_idx[tight]
    stock_row[tight] = rows.add(ResourceKind.STOCK, available[tight], node, sku)
    package_row = np.full(use.packages.shape, NO_ROW, np.int32)
    at = np.nonzero(use.packages > node_packages[:, None])
    package_row[at] = rows.add(ResourceKind.NODE_PACKAGES, node_packages[at[0]], at[0], day=at[1] + first_day)
    unit_row = np.full(use.units.shape, NO_ROW, np.int32)
    at = np.nonzero(use.units > node_units[:, None])
    unit_row[at] = rows.add(ResourceKind.NODE_UNITS, node_units[at[0]], at[0], day=at[1] + first_day)
    service_row = np.full(use.services.shape, NO_ROW, np.int32)
    of = np.nonzero(use.services > service_packages[:, :, None])
    service_row[of] = rows.add(
        ResourceKind.SERVICE_PACKAGES, service_packages[of[:2]], of[0], service=of[1], day=of[2] + first_day
    )
    shape = (len(problem.nodes), len(problem.services), max(use.packages.shape[1], use.units.shape[1]))
    shape = (*shape[:2], max(shape[2], use.services.shape[2]))
    draws, draw_of = _draws(shape, package_row, service_row, unit_row)
    return SharedResources(rows.made(), draws, stock_row, draw_of)


def _draws(shape: tuple[int, ...], package_row: I32, service_row: I32, unit_row: I32) -> tuple[Draws, I32]:
    """A draw for each set of rows that packages of some (node, service, day) take of."""
    taken = np.full((*shape, 3), NO_ROW, np.int32)
    if package_row.shape[1]:
        taken[..., 0] = package_row[:, None, :]
    if service_row.shape[2]:
        taken[..., 1] = service_row
    if unit_row.shape[1]:
        taken[..., 2] = unit_row[:, None, :]
    nothing = np.full((1, 3), NO_ROW, np.int32)
    sets, number = np.unique(np.concatenate([nothing, taken.reshape(-1, 3)]), axis=0, return_inverse=True)
    is_taken = sets >= 0
    each = np.nonzero(is_taken)[1]
    draws = Draws.none()
    draws = Draws(
        np.concatenate([[0], np.cumsum(is_taken.sum(axis=1))]).astype(np.int64),
        sets[is_taken].astype(np.int64),
        (each < 2).astype(np.int64),
        np.zeros(len(each), np.int64),
        (each == 2).astype(np.int64),
        draws.supply_ptr,
        draws.supply_row,
    )
    return draws, number.reshape(-1)[1:].reshape(shape).astype(np.int32)
