"""Prices that depend on an order or a node alone, compiled once: unfilled costs, late and delivery prices, tariffs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from splitship.domain import Problem
from splitship.instance.model import Tariffs
from splitship.instance.tariff import limbs_of
from splitship.units import ATTO, I64, decimal_to_atto, round_half_even

_PART = 10**12


def unfilled_costs(problem: Problem) -> I64:
    """Cost of one unfilled unit of every order line in micros, [lines].

    The line's own `unfilled_cost`, else (unfilled_unit + unfilled_value x unit value) x priority; rounded half to
    even to a micro per unit.
    """
    lines, orders, objective = problem.lines, problem.orders, problem.objective
    unit, share = decimal_to_atto(objective.unfilled_unit), decimal_to_atto(objective.unfilled_value)
    priority = orders.priority.take(lines.order_idx)
    keys = np.stack(
        [
            lines.has_unfilled_cost.astype(np.int64),
            np.where(lines.has_unfilled_cost, lines.unfilled_cost.micros, lines.unit_value.micros),
            np.where(lines.has_unfilled_cost, lines.unfilled_cost.atto, lines.unit_value.atto),
            np.where(lines.has_unfilled_cost, 0, priority.micros),
            np.where(lines.has_unfilled_cost, 0, priority.atto),
        ]
    )
    codes, unique = _unique_columns(keys)
    costs = []
    for given, micros, atto, rank_micros, rank_atto in unique.T.tolist():
        amount = micros * _PART + atto
        if given:
            costs.append(round_half_even(amount, _PART))
        else:
            base = unit * ATTO + share * amount  # 10^-36 of money
            costs.append(round_half_even(base * (rank_micros * _PART + rank_atto), ATTO * ATTO * _PART))
    return np.array(costs, np.int64)[codes] if costs else np.zeros(0, np.int64)


def late_limbs(problem: Problem) -> I64:
    """Price of a late day of every order (late_day x priority) as limbs for `tariff.times_days`, [orders, 4]."""
    priority = problem.orders.priority
    codes, unique = _unique_columns(np.stack([priority.micros, priority.atto]))
    late_day = decimal_to_atto(problem.objective.late_day)
    limbs = [limbs_of(late_day * (micros * _PART + atto)) for micros, atto in unique.T.tolist()]
    return np.array(limbs, np.int64).reshape(-1, 4)[codes]


def delivery_limbs(problem: Problem) -> I64:
    """Price of a day to delivery as limbs for `tariff.times_days`, [4]."""
    return np.array(limbs_of(decimal_to_atto(problem.objective.delivery_day) * ATTO), np.int64)


def split_cost(problem: Problem) -> int:
    """Price of a package beyond the first, in micros."""
    return round_half_even(decimal_to_atto(problem.objective.split), _PART)


def compile_tariffs(problem: Problem) -> Tariffs:
    """Rate brackets, handling prices and volumetric weights as integers."""
    rates, nodes, services, skus = problem.rates, problem.nodes, problem.services, problem.skus
    divisors = sorted({int(value) for value in services.dim_divisor if value > 0})
    whole = np.zeros((len(divisors), len(skus)), np.int64)
    part = np.zeros((len(divisors), len(skus)), np.int64)
    sides = np.stack([skus.length_ncm, skus.width_ncm, skus.height_ncm])
    has_volume = np.flatnonzero((sides > 0).all(axis=0))
    for row, divisor in enumerate(divisors):
        for sku in has_volume.tolist():
            volume = int(sides[0, sku]) * int(sides[1, sku]) * int(sides[2, sku])  # 10^-27 cm3
            # over a divisor in 10^-9 cm3/kg: 10^-18 kg, so 10^-9 of a microgram
            ug, rest = divmod(volume, divisor * 10**9)
            whole[row, sku], part[row, sku] = ug, rest * _PART // (divisor * 10**9)
    divisor_idx = [divisors.index(int(value)) if value > 0 else -1 for value in services.dim_divisor]
    return Tariffs(
        up_to_ug=rates.up_to_ug,
        price_micros=rates.price.micros,
        price_atto=rates.price.atto,
        extra_micros=rates.per_extra.micros,
        extra_atto=rates.per_extra.atto,
        has_extra=rates.has_extra,
        package_micros=nodes.package_cost.micros,
        package_atto=nodes.package_cost.atto,
        line_micros=nodes.line_cost.micros,
        line_atto=nodes.line_cost.atto,
        unit_micros=nodes.unit_cost.micros,
        unit_atto=nodes.unit_cost.atto,
        weight_step_ug=services.weight_step_ug,
        max_weight_ug=services.max_weight_ug,
        divisor_idx=np.array(divisor_idx, np.int64).reshape(-1),
        volume_ug=whole,
        volume_part=part,
    )


def _unique_columns(keys: I64) -> tuple[I64, I64]:
    """Codes of the columns of `keys` and the distinct columns, in order of first appearance."""
    codes, _ = pd.factorize(pd.MultiIndex.from_arrays(list(keys)))
    codes = codes.astype(np.int64)
    first = np.full(int(codes.max(initial=-1)) + 1, -1, np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return codes, keys[:, first]
