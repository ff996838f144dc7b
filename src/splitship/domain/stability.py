"""What a new plan owes to the one before: packages released or promised, and nodes that refused."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from splitship.domain.plan import Plan
from splitship.units import I64, Amounts, Bools


@dataclass(frozen=True, slots=True)
class PlanBefore:
    """The plan in force.

    `plan`: its packages, by order, ship day, node, service; what lies in them is no more than the lines ask for.
    `is_released` [packages]: the package has left the plan and stays as it is. The others are promised: a plan without
    a package that keeps the promise costs `move_price` [packages] where `may_move`; else it must be kept. Both say
    nothing of released packages. A content of a line that is a kit counts kits, or units of the component that
    `plan.content_sku_idx` names; it is -1 where nothing is said. What is picked up leaves by a service from
    `way_service` on.
    """

    plan: Plan
    is_released: Bools
    move_price: Amounts
    may_move: Bools

    @classmethod
    def empty(cls) -> PlanBefore:
        """No plan is in force."""
        no = np.zeros(0, np.bool_)
        return cls(Plan.empty(), no, Amounts.zeros(0), no)

    def of_orders(self, order_of: I64, line_of: I64) -> PlanBefore:
        """The part about some orders: `order_of` [orders] and `line_of` [lines] give new positions, -1 to what goes.

        Orders and their lines stay or go together; packages keep their sequence.
        """
        stays = order_of[self.plan.order_idx] >= 0
        some = self.plan.of_packages(stays)
        left = replace(some, order_idx=order_of[some.order_idx], content_line=line_of[some.content_line])
        return PlanBefore(left, self.is_released[stays], self.move_price.take(stays), self.may_move[stays])

    def __len__(self) -> int:
        return len(self.plan)


def way_service(num_services: int, num_nodes: int, node_idx: I64, pickup_node_idx: I64) -> I64:
    """What stands for a service in a plan before where units of a node are picked up at a node; elementwise.

    The services of the problem as given come first; those for pick-up are not made yet.
    """
    found: I64 = num_services + node_idx * num_nodes + pickup_node_idx
    return found


@dataclass(frozen=True, slots=True)
class Promises:
    """Promised packages once they are in force, in the plan's sequence; each [promises].

    The plan keeps a promise when one package of the order leaves the node by the service on the day and holds at least
    all units of all lines that name it (`OrderLines.promise_idx`), `units` together. A plan that does not costs `price`
    micros; where not `may_move` it is not feasible, and `price` is more than breaking it could save. `package_idx` is
    the package of the plan before (`PlanBefore.plan`).
    """

    order_idx: I64
    node_idx: I64
    service_idx: I64
    ship_day: I64
    units: I64
    price: I64
    may_move: Bools
    package_idx: I64

    @classmethod
    def empty(cls) -> Promises:
        """Nothing is promised."""
        none = np.zeros(0, np.int64)
        return cls(none, none, none, none, none, none, np.zeros(0, np.bool_), none)

    def rows_of_orders(self, order_of: I64) -> I64:
        """The promises of some orders, in the sequence of these: `order_of` [orders] as of `PlanBefore`."""
        stays = np.flatnonzero(order_of[self.order_idx] >= 0)
        found: I64 = stays[np.argsort(order_of[self.order_idx[stays]], kind="stable")]
        return found

    def of_orders(self, order_of: I64) -> Promises:
        """As of `PlanBefore`, numbered as by `rows_of_orders`."""
        rows = self.rows_of_orders(order_of)
        return Promises(
            order_of[self.order_idx[rows]],
            self.node_idx[rows],
            self.service_idx[rows],
            self.ship_day[rows],
            self.units[rows],
            self.price[rows],
            self.may_move[rows],
            self.package_idx[rows],
        )

    def ptr(self, num_orders: int) -> I64:
        """The promises of order o are `ptr[o]` to `ptr[o + 1] - 1`; [orders + 1]."""
        found: I64 = np.searchsorted(self.order_idx, np.arange(num_orders + 1))
        return found

    def __len__(self) -> int:
        return len(self.order_idx)


@dataclass(frozen=True, slots=True)
class ReleasedUse:
    """What released packages take of capacities: a row for each node, service and ship day that has some.

    `packages`, `lines`, `units` in all. `rule_packages` of them count in the quota of package rule `rule_idx` on
    `rule_day`. Their stock is off the stock, and their units are off the lines.
    """

    node_idx: I64
    service_idx: I64
    ship_day: I64
    packages: I64
    lines: I64
    units: I64
    rule_idx: I64
    rule_day: I64
    rule_packages: I64

    @classmethod
    def empty(cls) -> ReleasedUse:
        """Nothing is released."""
        return cls(*(np.zeros(0, np.int64) for _ in range(9)))

    def __len__(self) -> int:
        return len(self.node_idx)


@dataclass(frozen=True, slots=True)
class Rejections:
    """Nodes that refused an order or one of its lines, sorted by order, line, node; each [rejections].

    `line_idx` is -1 for all lines of the order, each of which has a row of its own once rejections are in force, then
    sorted by line and node. Nothing of these ships from the node, whatever the plan before says.
    """

    order_idx: I64
    line_idx: I64
    node_idx: I64

    def line_ptr(self, num_lines: int) -> I64:
        """The rows of line l, once in force, are `ptr[l]` to `ptr[l + 1] - 1`; [lines + 1]."""
        ptr: I64 = np.searchsorted(self.line_idx, np.arange(num_lines + 1))
        return ptr

    @classmethod
    def empty(cls) -> Rejections:
        """No node has refused anything."""
        none = np.zeros(0, np.int64)
        return cls(none, none, none)

    def of_orders(self, order_of: I64, line_of: I64) -> Rejections:
        """As of `PlanBefore`."""
        stays = order_of[self.order_idx] >= 0
        order, line = order_of[self.order_idx[stays]], self.line_idx[stays]
        line, node = np.where(line < 0, -1, line_of[line]), self.node_idx[stays]
        by_line = np.lexsort((node, line, order))
        return Rejections(order[by_line], line[by_line], node[by_line])

    def __len__(self) -> int:
        return len(self.order_idx)
