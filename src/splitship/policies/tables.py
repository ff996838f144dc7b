"""The instance as the routing kernels see it, the order in which they take orders, and the way back to a plan."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from splitship.domain import Plan
from splitship.instance import Instance
from splitship.units import I32, I64

# rows of Tables.orders
MAX_PACKAGES: Final = 0
IS_SHIP_COMPLETE: Final = 1
IS_WIDE: Final = 2
REFUND: Final = 3
# rows of Tables.lines
SKU: Final = 0
STEP: Final = 1
RADIX: Final = 2
UNFILLED_COST: Final = 3
# rows of Tables.options
NODE: Final = 0
# rows of Tables.option_ptr
LINES: Final = 0
CONTENTS: Final = 1
CHOICES: Final = 2
# rows of Tables.option_lines
LINE: Final = 0
LINE_RADIX: Final = 1
LINE_SUPPLY: Final = 2
# rows of Tables.choices
SERVICE: Final = 0
DELIVER_DAY: Final = 1
BRACKET_START: Final = 2
BRACKET_END: Final = 3


class Tables(NamedTuple):
    """The arrays of an `Instance` that routing reads, stacked by kind: kernels compile slowly with many arguments.

    Rows of `orders`, `lines`, `options`, `option_ptr`, `option_lines`, `choices` are named by this module's constants.
    `order_ptr` [2, orders + 1]: where an order's lines and its options begin. `skus`: weight, ship-alone. `brackets`:
    up to, price (micros, 10^-18 parts), price per extra kg (the same), whether there is one. `handling` [6, nodes]:
    package, line and unit cost, each in micros and parts. `services`: weight step, weight limit, divisor.
    `option_line_charges`: of a line and of a unit, without columns where rules charge nothing. `volumes`
    [2, divisors, skus]: volumetric weight and its parts. `option_draw` and the arrays after `num_rows` are those of
    `Draws`.
    """

    order_ptr: I64
    orders: I64
    lines: I64
    options: I32
    option_draw: I32
    option_ptr: I64
    option_lines: I32
    option_line_charges: I64
    content_cost: I64
    content_choice: I32
    choices: I32
    choice_fixed_cost: I64
    skus: I64
    brackets: I64
    handling: I64
    services: I64
    volumes: I64
    num_rows: np.int64
    draw_ptr: I64
    draw_row: I64
    draw_package: I64
    draw_line: I64
    draw_unit: I64
    supply_ptr: I64
    supply_row: I64


class Packages(NamedTuple):
    """Routed packages in growing arrays; `size` [2]: packages and contents filled.

    `packages` [3, room]: order, option, position of its choice. `contents` [3, room]: package, order line, quantity.
    """

    size: I64
    packages: I64
    contents: I64


def make_tables(instance: Instance) -> Tables:
    """Stack the arrays of an instance for the kernels."""
    skus, tariffs = instance.problem.skus, instance.tariffs

    def wide(*columns: np.ndarray) -> I64:
        return np.stack(columns).astype(np.int64, copy=False)

    def narrow(*columns: np.ndarray) -> I32:
        return np.stack(columns).astype(np.int32, copy=False)

    return Tables(
        order_ptr=wide(instance.line_ptr, instance.option_ptr),
        orders=wide(
            _most_packages(instance),
            instance.is_ship_complete | instance.is_conditional,
            instance.is_wide,
            instance.refund,
        ),
        lines=wide(instance.line_sku, instance.line_step, instance.line_radix, instance.unfilled_cost),
        options=narrow(instance.option_node),
        option_draw=instance.option_draw,
        option_ptr=wide(instance.option_line_ptr, instance.content_ptr, instance.choice_ptr),
        option_lines=narrow(instance.option_line, instance.option_line_radix, instance.option_line_supply),
        option_line_charges=wide(instance.option_line_cost, instance.option_line_unit_cost),
        content_cost=instance.content_cost,
        content_choice=instance.content_choice,
        choices=narrow(
            instance.choice_service,
            instance.choice_deliver_day,
            instance.choice_bracket_start,
            instance.choice_bracket_end,
        ),
        choice_fixed_cost=instance.choice_fixed_cost,
        skus=wide(skus.weight_ug, skus.is_ship_alone),
        brackets=wide(
            tariffs.up_to_ug,
            tariffs.price_micros,
            tariffs.price_atto,
            tariffs.extra_micros,
            tariffs.extra_atto,
            tariffs.has_extra,
        ),
        handling=wide(
            tariffs.package_micros,
            tariffs.package_atto,
            tariffs.line_micros,
            tariffs.line_atto,
            tariffs.unit_micros,
            tariffs.unit_atto,
        ),
        services=wide(tariffs.weight_step_ug, tariffs.max_weight_ug, tariffs.divisor_idx),
        volumes=wide(tariffs.volume_ug, tariffs.volume_part),
        num_rows=np.int64(len(instance.resources)),
        draw_ptr=instance.draws.ptr,
        draw_row=instance.draws.row,
        draw_package=instance.draws.package,
        draw_line=instance.draws.line,
        draw_unit=instance.draws.unit,
        supply_ptr=instance.draws.supply_ptr,
        supply_row=instance.draws.supply_row,
    )


def _most_packages(instance: Instance) -> I64:
    """Most packages of every order; none where not even all of it may ship, as rules of thumb ship all or nothing."""
    last = np.maximum(instance.allowed_ptr[1:] - 1, 0)
    state = np.append(instance.allowed_state, 0)[last]
    may_ship = (np.diff(instance.allowed_ptr) > 0) & (state == instance.num_states - 1)
    return np.where(instance.is_conditional & ~may_ship, 0, instance.max_packages)


def arrival_sequence(instance: Instance) -> I64:
    """Orders by `placed_at`, then by id."""
    orders = instance.problem.orders
    return np.lexsort((orders.order_id.astype(str), orders.placed_at_us)).astype(np.int64)


def plan_of(instance: Instance, parts: list[Packages]) -> Plan:
    """Routed packages, in one or more parts, as a canonical plan."""
    packages = np.concatenate([part.packages[:, : part.size[0]] for part in parts], axis=1)
    contents = np.concatenate([part.contents[:, : part.size[1]] for part in parts], axis=1)
    before = np.cumsum([0] + [int(part.size[0]) for part in parts[:-1]])
    offset = np.repeat(before, [int(part.size[1]) for part in parts])
    order_idx, option, choice = packages
    choice = choice + instance.choice_ptr[option]
    return Plan(
        order_idx=order_idx.copy(),
        node_idx=instance.option_node[option].astype(np.int64),
        service_idx=instance.choice_service[choice].astype(np.int64),
        ship_day=instance.choice_ship_day[choice].astype(np.int64),
        content_package=contents[0] + offset,
        content_line=contents[1].copy(),
        content_quantity=contents[2].copy(),
        content_sku_idx=instance.content_skus(option[contents[0] + offset], contents[1]),
    ).canonical()
