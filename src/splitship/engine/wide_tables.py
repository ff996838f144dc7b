"""What the kernels for wide orders see: the engine's tables and everything that prices a content on the fly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from splitship.engine.tables import Tables
from splitship.instance import Instance
from splitship.units import I32, I64, Bools


class WideTables(NamedTuple):
    """`Tables`, `Tariffs` and choices under their own names, and the minorants of the wide orders.

    Choice c of a wide order costs at least `floor_package[c]` micros a package plus `floor_unit` micros a unit,
    without prices;
    `floor_unit` and `floor_quantity` (how many units of the line can be in one package; 0: none) lie at
    `floor_ptr[c]` + j for line j of the option.
    """

    line_ptr: I64
    line_sku: I64
    line_quantity: I64
    line_step: I64
    unfilled_cost: I64
    max_packages: I64
    is_ship_complete: Bools
    option_ptr: I64
    option_node: I32
    option_draw: I32
    option_line_ptr: I64
    option_line: I32
    option_line_radix: I32
    option_line_supply: I32
    option_line_unit_cost: I64
    option_line_cost: I64
    choice_ptr: I64
    choice_service: I32
    choice_deliver_day: I32
    choice_bracket_start: I32
    choice_bracket_end: I32
    choice_fixed_cost: I64
    slot_ptr: I64
    refund: I64
    weight_ug: I64
    is_ship_alone: Bools
    up_to_ug: I64
    price_micros: I64
    price_atto: I64
    extra_micros: I64
    extra_atto: I64
    has_extra: Bools
    package_micros: I64
    package_atto: I64
    line_micros: I64
    line_atto: I64
    unit_micros: I64
    unit_atto: I64
    weight_step_ug: I64
    max_weight_ug: I64
    divisor_idx: I64
    volume_ug: I64
    volume_part: I64
    floor_ptr: I64
    floor_package: I64
    floor_unit: I64
    floor_quantity: I64
    facility_ptr: I64
    facility_choice: I64
    facility_option: I64
    entry_ptr: I64
    entry_line: I64
    entry_from: I64
    num_rows: np.int64
    draw_ptr: I64
    draw_row: I64
    draw_package: I64
    draw_line: I64
    draw_unit: I64
    supply_ptr: I64
    supply_row: I64


def make_wide_tables(instance: Instance, tables: Tables) -> WideTables:
    """Collect the arrays; the minorants are still zero (`wide_bound.fill_floors` fills them)."""
    orders = np.flatnonzero(instance.is_wide)
    widths = np.zeros(len(instance.choice_service), np.int64)
    for order in orders.tolist():
        for option in range(int(instance.option_ptr[order]), int(instance.option_ptr[order + 1])):
            lines = int(instance.option_line_ptr[option + 1] - instance.option_line_ptr[option])
            widths[instance.choice_ptr[option] : instance.choice_ptr[option + 1]] = lines
    floor_ptr = np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)
    sources = {
        **tables._asdict(),
        **{name: getattr(instance, name) for name in instance.__dataclass_fields__},
        **{name: getattr(instance.tariffs, name) for name in instance.tariffs.__dataclass_fields__},
        "weight_ug": instance.problem.skus.weight_ug,
        "is_ship_alone": instance.problem.skus.is_ship_alone,
        "floor_ptr": floor_ptr,
        "floor_package": np.zeros(len(widths) if len(orders) else 0, np.int64),
        "floor_unit": np.zeros(int(floor_ptr[-1]), np.int64),
        "floor_quantity": np.zeros(int(floor_ptr[-1]), np.int64),
        "facility_ptr": np.zeros(instance.num_orders + 1, np.int64),
        **dict.fromkeys(("facility_choice", "facility_option", "entry_ptr", "entry_line"), np.zeros(0, np.int64)),
        "entry_from": np.zeros((0, 2), np.int64),
    }
    return WideTables(**{name: sources[name] for name in WideTables._fields})
