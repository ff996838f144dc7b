"""What a new plan owes to the one before: packages released or promised, and nodes that refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain.plan import Plan
from splitship.units import I64, Amounts, Bools


@dataclass(frozen=True, slots=True)
class PlanBefore:
    """The plan in force.

    `plan`: its packages, by order, ship day, node, service; what lies in them is no more than the lines ask for.
    `is_released` [packages]: the package stays as it is. The others are promised: changing any of an order's costs
    `move_price` [packages] once, the same for all packages of the order, where `may_move`; else they must stay.
    Both say nothing of released packages.
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
        plan = self.plan
        stays = order_of[plan.order_idx] >= 0
        package_of = np.cumsum(stays) - 1
        holds = stays[plan.content_package]
        left = Plan(
            order_of[plan.order_idx[stays]],
            plan.node_idx[stays],
            plan.service_idx[stays],
            plan.ship_day[stays],
            package_of[plan.content_package[holds]],
            line_of[plan.content_line[holds]],
            plan.content_quantity[holds],
        )
        return PlanBefore(left, self.is_released[stays], self.move_price.take(stays), self.may_move[stays])

    def __len__(self) -> int:
        return len(self.plan)


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
