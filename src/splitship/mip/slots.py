"""One kind of package slot of a wide order: a choice and the lines that may travel together.

Columns of a slot, and its rows:
    y  0/1: the slot is used; handling a package, fixed cost
    b  one 0/1 column a rate bracket, where there are several: the package falls in one; its price
    k  kg (or weight steps) beyond the last bracket, where the card goes on at a price a kg
    x  steps of each line in the package; handling a unit
    z  0/1: the package holds the line, where the node charges by the line
    bracket   one bracket if the slot is used
    fill      x <= what fits, if the slot is used (and if z)
    weight    actual weight within the bracket's limit
    volume    volumetric weight within it too: the billable weight is the larger one
    above     more than the limit of the bracket before, where the heavier one is cheaper
    limit     actual weight within the service's limit
    beyond    k only where the bracket is the one beyond the last
Weights are divided by their greatest common divisor, so that limits fall between whole numbers and a solver's
tolerance cannot cross them. Prices here are not rounded to micros: a package may differ by one micro.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from splitship.instance import Instance
from splitship.mip.assemble import INFINITY, Assembler
from splitship.mip.cards import Card
from splitship.mip.rows import SharedRows
from splitship.units import ATTO_PER_MICRO, I64, UG_PER_KG, Floats

_LARGEST = 2.0**30
"""Coefficients of weight rows beyond this are scaled down; they are no whole numbers any more then."""


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines of one option that may travel together.

    [lines]: `line`, most `steps` of each, `supply` (as in the instance's option lines), and of one step the exact
    `weight` (micrograms) and `volume` (10^-27 cm3). `unit_cost` and `line_cost` are micros that rules charge.
    """

    line: I64
    steps: I64
    supply: I64
    weight: list[int]
    volume: list[int]
    unit_cost: I64
    line_cost: I64

    @classmethod
    def of(cls, instance: Instance, position: I64) -> LineGroup:
        """The group of the lines at these positions of the instance's option lines."""
        skus = instance.problem.skus
        line = instance.option_line[position].astype(np.int64)
        sku, units = instance.line_sku[line], instance.line_step[line].tolist()
        sides = (skus.length_ncm[sku].tolist(), skus.width_ncm[sku].tolist(), skus.height_ncm[sku].tolist())
        return cls(
            line=line,
            steps=instance.option_line_radix[position].astype(np.int64) - 1,
            supply=instance.option_line_supply[position].astype(np.int64),
            weight=[weight * unit for weight, unit in zip(skus.weight_ug[sku].tolist(), units, strict=True)],
            volume=[a * b * c * unit for a, b, c, unit in zip(*sides, units, strict=True)],
            unit_cost=_charges(instance.option_line_unit_cost, position),
            line_cost=_charges(instance.option_line_cost, position),
        )

    def total(self, amounts: list[int]) -> int:
        """Weight or volume of everything at once."""
        return sum(amount * most for amount, most in zip(amounts, self.steps.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Slot:
    """Columns of a slot: `used` (y) and `contents` (x) [lines of the group]."""

    used: int
    contents: I64


@dataclass(frozen=True, slots=True)
class _Bracket:
    """A bracket column: its number (one past the last for beyond), and which weight must be above the one before."""

    number: int
    above: str = ""


class SlotKind:
    """A choice for one group of lines: how many packages of the kind can be needed, and slots for them."""

    def __init__(self, instance: Instance, order: int, option: int, choice: int, card: Card, group: LineGroup) -> None:
        self.instance, self.order, self.option, self.choice = instance, order, option, choice
        self.card, self.group = card, group
        node, tariffs = int(instance.option_node[option]), instance.tariffs
        package_cost = _micros(tariffs.package_micros[node], tariffs.package_atto[node])
        self.used_cost = package_cost + float(instance.choice_fixed_cost[choice])
        self.line_cost = _micros(tariffs.line_micros[node], tariffs.line_atto[node])
        self.unit_cost = _micros(tariffs.unit_micros[node], tariffs.unit_atto[node])
        divisor = int(instance.problem.services.dim_divisor[instance.choice_service[choice]])
        # 10^-27 cm3 in a microgram of volumetric weight; 0 where only actual weight counts
        self.volume_per_ug = divisor * 10**9 if any(group.volume) else 0
        self.total_weight = group.total(group.weight)
        self.total_volume_ug = -(-group.total(group.volume) // self.volume_per_ug) if self.volume_per_ug else 0
        self.total_billable = max(self.total_weight, self.total_volume_ug)
        self.brackets = self._brackets()

    def is_never_dearer(self, other: SlotKind) -> bool:
        """Whatever the package of this option and group, this choice takes it at no more cost than the other."""
        saved = other.used_cost - self.used_cost
        return self.volume_per_ug == other.volume_per_ug and self.card.is_never_dearer(
            other.card, saved, self.total_weight, self.total_billable
        )

    def num_needed(self) -> int:
        """How many packages of this kind a best plan can need.

        Some best plan has no two of them that could be one at no more cost. Any two of at most `light` micrograms
        could: so at most one is that light, and of heavier ones there is weight for less than total / light.
        Each also costs something, and a best plan costs its order at most what leaving it unfilled does, unless its
        units count for the share of a node.
        """
        instance, order = self.instance, self.order
        needed = min(int(instance.max_packages[order]), int(self.group.steps.sum()))
        light = self.card.mergeable_up_to(self.used_cost)
        total = self.total_weight + self.total_volume_ug
        if total == 0:
            needed = min(needed, 1)  # two weightless packages cost the first bracket twice
        elif light > 0:
            needed = min(needed, -(-total // light))
        lines = slice(int(instance.line_ptr[order]), int(instance.line_ptr[order + 1]))
        unfilled = int(instance.unfilled_cost[lines].astype(object) @ instance.line_quantity[lines].astype(object))
        each = self.used_cost + min(self._price(bracket) for bracket in self.brackets)
        if each > 0 and not instance.problem.nodes.has_target_share.any():
            needed = min(needed, int((unfilled + int(instance.refund[order])) / each) + 1)
        return needed

    def add_slot(self, assembler: Assembler, rows: SharedRows) -> Slot:
        """One slot with its own rows and its entries in the shared ones."""
        is_single = len(self.brackets) == 1
        prices = np.array([self._price(bracket) for bracket in self.brackets])
        used = int(assembler.add_columns("y", [self.used_cost + (prices[0] if is_single else 0.0)], 1.0)[0])
        columns = np.array([used])
        if not is_single:
            columns = assembler.add_columns("b", prices, 1.0)
            row = assembler.add_rows("bracket", 1, 0.0, 0.0)[0]
            _enter(assembler, row, columns, 1.0)
            _enter(assembler, row, used, -1.0)
        beyond = self._add_beyond(assembler, columns)
        contents, held = self._add_contents(assembler, used)
        if self.total_weight > self.card.limit[0]:
            self._add_limits(assembler, "weight", self.group.weight, 1, columns, beyond, contents)
        if self.total_volume_ug > self.card.limit[0]:
            self._add_limits(assembler, "volume", self.group.volume, self.volume_per_ug, columns, beyond, contents)
        if self.total_weight > self.card.max_weight:
            divisor = math.gcd(*self.group.weight)
            row = assembler.add_rows("limit", 1, -INFINITY, 0.0)[0]
            scale = _enter_amounts(assembler, row, contents, self.group.weight, divisor)
            _enter(assembler, row, used, -float(self.card.max_weight // divisor) / scale)
        self._enter_shared(assembler, rows, used, contents, held)
        return Slot(used, contents)

    def _brackets(self) -> list[_Bracket]:
        """The bracket columns that a package of this kind can need.

        A bracket cheaper than a lighter one is open only to packages beyond the one before: it has a column for
        packages too heavy for that, and one for packages too large, as far as there can be such.
        """
        card, last = self.card, len(self.card.limit) - 1
        enough = next((number for number, limit in enumerate(card.limit) if limit >= self.total_billable), last)
        numbers = list(range(enough + 1))
        if card.has_extra and self.total_billable > card.limit[-1]:
            numbers.append(last + 1)
        brackets = []
        for number in numbers:
            if not card.needs_lower_limit(number):
                brackets.append(_Bracket(number))
                continue
            below = card.limit[number - 1]
            brackets += [_Bracket(number, "weight")] if self.total_weight > below else []
            brackets += [_Bracket(number, "volume")] if self.total_volume_ug > below else []
        return brackets

    def _price(self, bracket: _Bracket) -> float:
        """What the bracket costs; beyond the card, what the last limit costs by the price a kg."""
        card = self.card
        if bracket.number < len(card.limit):
            return float(card.price[bracket.number])
        # steps are counted from the last limit, money from the weight before it was cut down to a step
        return float(card.price[-1]) - card.extra_per_kg * (card.last_up_to - card.limit[-1]) / UG_PER_KG

    def _add_beyond(self, assembler: Assembler, columns: I64) -> I64:
        """The column k in an array of one, or of none."""
        card = self.card
        opens = [bracket.number == len(card.limit) for bracket in self.brackets]
        if not any(opens):
            return columns[:0]
        excess = self.total_billable - card.limit[-1]
        if card.step:
            most = float(-(-excess // card.step))
            beyond = assembler.add_columns("k", [card.extra_per_kg * card.step / UG_PER_KG], most)
            least = assembler.add_rows("beyond", 1, 0.0, INFINITY)[0]
            _enter(assembler, least, beyond, 1.0)
            _enter(assembler, least, columns[opens], -1.0)
        else:
            most = excess / UG_PER_KG
            beyond = assembler.add_columns("k", [card.extra_per_kg], most, is_integer=False)
        only = assembler.add_rows("beyond", 1, -INFINITY, 0.0)[0]
        _enter(assembler, only, beyond, 1.0)
        _enter(assembler, only, columns[opens], -most)
        return beyond

    def _add_contents(self, assembler: Assembler, used: int) -> tuple[I64, I64]:
        """The x columns, with z where a line in the package costs something or draws on capacity; and which of both
        says that the line is in the package."""
        steps = self.group.steps
        is_single = steps == 1
        unit_cost = (self.unit_cost + self.group.unit_cost) * self.instance.line_step[self.group.line]
        line_cost = self.line_cost + self.group.line_cost
        contents = assembler.add_columns("x", unit_cost + np.where(is_single, line_cost, 0.0), steps)
        fill = assembler.add_rows("fill", len(contents), -INFINITY, 0.0)
        assembler.add_entries(fill, contents, 1.0)
        assembler.add_entries(fill, np.full(len(contents), used), -steps)
        several, held_by = np.flatnonzero(~is_single), contents.copy()
        draws, draw = self.instance.draws, int(self.instance.option_draw[self.option])
        draws_by_line = bool(draws.line[draws.ptr[draw] : draws.ptr[draw + 1]].any())
        if (line_cost.any() or draws_by_line) and len(several):
            held = assembler.add_columns("z", line_cost[several], 1.0)
            link = assembler.add_rows("fill", len(several), -INFINITY, 0.0)
            assembler.add_entries(link, contents[several], 1.0)
            assembler.add_entries(link, held, -steps[several])
            held_by[several] = held
        return contents, held_by

    def _add_limits(
        self, assembler: Assembler, prefix: str, amounts: list[int], per_ug: int,
        columns: I64, beyond: I64, contents: I64,
    ) -> None:  # fmt: skip
        """Rows that keep actual or volumetric weight within the bracket that is paid for, and above the one before."""
        card, last = self.card, len(self.card.limit) - 1
        divisor = math.gcd(*amounts, *([card.step * per_ug] if len(beyond) and card.step else []))
        row = assembler.add_rows(prefix, 1, -INFINITY, 0.0)[0]
        scale = _enter_amounts(assembler, row, contents, amounts, divisor)
        limits = []
        for bracket in self.brackets:
            limit = card.limit[min(bracket.number, last)] * per_ug
            is_smooth = bracket.number > last and not card.step  # goes on in k, so nothing may be cut off
            limits.append(limit / divisor if is_smooth else float(limit // divisor))
        _enter(assembler, row, columns, -np.array(limits) / scale)
        unit = card.step if card.step else UG_PER_KG
        _enter(assembler, row, beyond, -(unit * per_ug / divisor) / scale)
        raised = [number for number, bracket in enumerate(self.brackets) if bracket.above == prefix]
        if raised:
            divisor = math.gcd(*amounts)
            above = assembler.add_rows("above", 1, 0.0, INFINITY)[0]
            scale = _enter_amounts(assembler, above, contents, amounts, divisor)
            below = [card.limit[self.brackets[number].number - 1] * per_ug for number in raised]
            least = np.array([float(limit // divisor + 1) for limit in below])
            _enter(assembler, above, columns[raised], -least / scale)

    def _enter_shared(self, assembler: Assembler, rows: SharedRows, used: int, contents: I64, held: I64) -> None:
        """The slot's entries in the rows it shares with other packages and orders."""
        instance, group = self.instance, self.group
        assembler.add_entries(rows.cover[group.line], contents, 1.0)
        for row, coefficient in ((rows.packages[self.order], 1.0), (rows.ships[self.order], -1.0)):
            if row >= 0:
                _enter(assembler, row, used, coefficient)
        units = instance.line_step[group.line]
        draws, draw = instance.draws, int(instance.option_draw[self.option])
        position, row = draws.rows_of_supplies(group.supply, len(instance.resources))
        assembler.add_entries(rows.supply[row], contents[position], units[position])
        for entry in range(int(draws.ptr[draw]), int(draws.ptr[draw + 1])):
            row_of_entry = rows.supply[draws.row[entry]]
            if draws.package[entry]:
                _enter(assembler, row_of_entry, used, float(draws.package[entry]))
            if draws.line[entry]:
                _enter(assembler, row_of_entry, held, float(draws.line[entry]))
            if draws.unit[entry]:
                _enter(assembler, row_of_entry, contents, units * draws.unit[entry])


def _enter(assembler: Assembler, row: np.int64, columns: int | I64, coefficients: ArrayLike) -> None:
    """Coefficients of one or more columns in one row."""
    columns = np.atleast_1d(columns)
    assembler.add_entries(np.full(len(columns), row), columns, coefficients)


def _enter_amounts(assembler: Assembler, row: np.int64, contents: I64, amounts: list[int], divisor: int) -> float:
    """Weights or volumes of the contents over their divisor; returns what they were scaled down by besides."""
    largest = max(amounts) // divisor
    scale = 2.0 ** math.ceil(math.log2(largest / _LARGEST)) if largest > _LARGEST else 1.0
    coefficients: Floats = np.array([float(amount // divisor) for amount in amounts]) / scale
    _enter(assembler, row, contents, coefficients)
    return scale


def _charges(costs: I64, position: I64) -> I64:
    """What rules charge on option lines, which say nothing where there are none."""
    return costs[position] if len(costs) else np.zeros(len(position), np.int64)


def _micros(micros: np.int64, atto: np.int64) -> float:
    return float(micros) + float(atto) / ATTO_PER_MICRO
