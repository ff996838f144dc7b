"""The instance: a problem as dense integer arrays, with every package cost already computed.

Shapes use: orders, lines, options, option_lines, contents, choices, rows. All money is int64 micros.

An **option** of an order is a node together with one way in which a package from there draws on shared
capacity: (order, node, ship day, capped service). All services and days that draw on the same
resource rows are merged into one option, because the cheapest of them is always the best.
A **choice** is one concrete (option, service, ship day). A **content** is what one package of an option
holds, as a quantity vector over the option's lines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.domain import Problem
from splitship.instance.steering import SteeringPrices
from splitship.units import I32, I64, Bools

IMPOSSIBLE = 2**60
"""Cost of a content that no package can have (too heavy, ship-alone, beyond a supply)."""


@dataclass(frozen=True, slots=True)
class Resources:
    """Shared resources that can bind, as rows [rows].

    `kind` is a `ResourceKind`; `node_idx`, `sku_idx`, `service_idx`, `day`, `rule_idx` are -1 where the kind has no
    such key; `capacity` in units or packages. A resource whose total possible use is at most its supply has no row.
    """

    kind: I64
    node_idx: I64
    sku_idx: I64
    service_idx: I64
    day: I64
    rule_idx: I64
    capacity: I64

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, slots=True)
class Draws:
    """What packages and units take of shared resources; options refer to it by position.

    A package of draw d takes, for each entry `ptr[d]:ptr[d + 1]`, of row `row`: `package` by itself, `line` for each
    line in it, `unit` for each unit; no entry has both `line` and `unit`. Draw 0 takes nothing.

    A unit of a line takes one of row r where its supply is r < number of rows; supply `rows + s` takes one of each of
    the rows `supply_row[supply_ptr[s]:supply_ptr[s + 1]]`, of which none comes twice; -1 takes nothing.
    """

    ptr: I64
    row: I64
    package: I64
    line: I64
    unit: I64
    supply_ptr: I64
    supply_row: I64

    @classmethod
    def none(cls) -> Draws:
        """Draw 0 alone: nothing is shared."""
        empty = np.zeros(0, np.int64)
        return cls(np.zeros(2, np.int64), empty, empty, empty, empty, np.zeros(1, np.int64), empty)

    def __len__(self) -> int:
        return len(self.ptr) - 1

    def rows_of_options(self, option_draw: I32) -> tuple[I64, I64]:
        """Every pair of a row and an option that draws on it, as two columns, sorted by option."""
        option, entry = self.entries_of_options(option_draw)
        return self.row[entry], option

    def entries_of_options(self, option_draw: I32) -> tuple[I64, I64]:
        """Every pair of an option and an entry of its draw, as two columns, sorted by option."""
        count = np.diff(self.ptr)[option_draw]
        option = np.repeat(np.arange(len(option_draw)), count)
        start = np.cumsum(count) - count
        return option, np.arange(len(option)) - start[option] + self.ptr[option_draw][option]

    def rows_of_supplies(self, supply: I32 | I64, num_rows: int) -> tuple[I64, I64]:
        """Every pair of a supply's position in `supply` and a row that it draws on, as two columns."""
        single = np.flatnonzero((supply >= 0) & (supply < num_rows))
        joint = np.flatnonzero(supply >= num_rows)
        if not len(joint):
            return single, supply[single].astype(np.int64)
        number = supply[joint] - num_rows
        count = np.diff(self.supply_ptr)[number]
        start = np.cumsum(count) - count
        each = np.repeat(np.arange(len(joint)), count)
        row = self.supply_row[np.arange(len(each)) - start[each] + self.supply_ptr[number][each]]
        return np.concatenate([single, joint[each]]), np.concatenate([supply[single], row]).astype(np.int64)

    def needs(self, num_rows: int) -> I64:
        """The most that a package with one line and one unit takes of every row, at least 1, [rows]."""
        needs = np.ones(num_rows, np.int64)
        np.maximum.at(needs, self.row, self.package + self.line + self.unit)
        return needs

    def renumbered(self, new_row: I64) -> Draws:
        """The same with other numbers for the rows, -1 in `new_row` [rows] for those that go."""
        kept, left = new_row[self.row] >= 0, new_row[self.supply_row] >= 0
        return Draws(
            np.concatenate([[0], np.cumsum(kept)])[self.ptr],
            new_row[self.row[kept]],
            self.package[kept],
            self.line[kept],
            self.unit[kept],
            np.concatenate([[0], np.cumsum(left)])[self.supply_ptr],
            new_row[self.supply_row[left]],
        )

    def first_rows(self, supply: I32, num_rows: int) -> I64:
        """The first row of every supply, -1 for none."""
        if not len(self.supply_row):
            return supply.astype(np.int64)
        joint = np.maximum(supply - num_rows, 0)
        first: I64 = np.where(supply < num_rows, supply, self.supply_row[self.supply_ptr[:-1]][joint])
        return first


@dataclass(frozen=True, slots=True)
class Tariffs:
    """Package prices in integers, for pricing any content of a choice on the fly.

    Brackets of one (service, zone) are rows `bracket_start` to `bracket_end - 1` of `up_to_ug` and the prices;
    unit prices are micros plus 10^-18 parts as in `units.Amounts`; [brackets], [nodes], [services].
    """

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
    """Position of the service's dimensional divisor in `volume_ug`, -1 for actual weight; [services]."""
    volume_ug: I64
    volume_part: I64
    """Volumetric weight of a unit, whole micrograms and 10^-12 of one; [divisors, skus]."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A compiled problem.

    Orders: `line_ptr` [orders + 1]; `max_packages`, `is_ship_complete`, `is_wide` [orders]; `num_states` [orders]
    is the number of quantity vectors, product over lines of `line_radix` (0 for wide orders).
    Lines: `line_sku`, `line_quantity`, `unfilled_cost` (per unit), `line_step` (units moved at once: the
    whole quantity of an unsplittable line, else 1), `line_radix` = quantity / step + 1, `line_stride` (weight of
    one step in the order's state number; 0 in wide orders).
    Options: those of order o are `option_ptr[o]:option_ptr[o + 1]`, sorted by node; `option_node`;
    `option_draw` is what its packages take of capacity, a position in `draws`.
    Option lines of option a: `option_line_ptr[a]:option_line_ptr[a + 1]` index `option_line` (an order line),
    `option_line_radix` (steps that can be in one package + 1), `option_line_supply` (what a unit takes of stock: a row,
    a joint supply of `draws`, -1 for nothing).
    Contents of option a (not of wide orders): `content_ptr[a]:content_ptr[a + 1]`; content number c is the
    mixed-radix number of steps over the option's lines, first line fastest; c = 0 is the empty package and
    costs IMPOSSIBLE. `content_cost` [contents] = shipping + handling + delivery + late + split of the best choice,
    `content_choice` [contents] the position of that choice in the option's choices.
    Choices of option a: `choice_ptr[a]:choice_ptr[a + 1]`; `choice_service`, `choice_ship_day`, `choice_deliver_day`,
    `choice_bracket_start`, `choice_bracket_end`, `choice_fixed_cost` (delivery + late + split, and what rules and
    surcharges charge a package; micros).
    `option_line_unit_cost`, `option_line_cost` [option lines]: micros that rules and surcharges charge for a unit of
    the line and for the line in a package, for wide orders; 0 for others, where they are part of `content_cost`;
    without rows when there are no rules.
    `option_line_sku` [option lines]: the SKU that ships for the line; without rows when lines have no substitutes, then
    it is the line's own. No package may hold more of a line than is ordered, whatever SKUs it ships as.
    A plan's cost is the sum of its packages' costs and unfilled units, less the order's `refund` [orders] if any
    package ships, plus `constant`. Each package pays for a split, and one of them is refunded, unless packages of the
    order were released before. Where stock rewards those who take it, or promises those who keep them, units pay
    `line_reward` [lines] less what they get, and all of it when they stay unfilled, and `constant` gives it back.
    With `steering` costs contain these prices, and `constant` what belongs to them.
    `is_conditional` [orders]: what ships of the order, if anything does, must be one of its allowed states, ascending
    in `allowed_state[allowed_ptr[o]:allowed_ptr[o + 1]]`: as many of each component of a kit, the least value.
    """

    problem: Problem
    resources: Resources
    draws: Draws
    tariffs: Tariffs
    refund: I64
    constant: int
    steering: SteeringPrices | None
    line_ptr: I64
    max_packages: I64
    is_ship_complete: Bools
    is_wide: Bools
    num_states: I64
    line_sku: I64
    line_quantity: I64
    line_step: I64
    line_radix: I64
    line_stride: I64
    unfilled_cost: I64
    line_reward: I64
    is_conditional: Bools
    allowed_ptr: I64
    allowed_state: I64
    option_ptr: I64
    option_node: I32
    option_draw: I32
    option_line_ptr: I64
    option_line: I32
    option_line_radix: I32
    option_line_supply: I32
    content_ptr: I64
    content_cost: I64
    content_choice: I32
    choice_ptr: I64
    choice_service: I32
    choice_ship_day: I32
    choice_deliver_day: I32
    choice_bracket_start: I32
    choice_bracket_end: I32
    choice_fixed_cost: I64
    option_line_unit_cost: I64
    option_line_cost: I64
    option_line_sku: I32

    def content_skus(self, option: I64, line: I64) -> I64 | None:
        """Which SKU ships for order lines in packages of options, columns of one length; None: each line's own."""
        if not len(self.option_line_sku):
            return None
        num_lines = len(self.line_sku)
        owner = np.repeat(np.arange(self.num_options), np.diff(self.option_line_ptr))
        at = np.searchsorted(owner * num_lines + self.option_line, option * num_lines + line)
        return self.option_line_sku[at].astype(np.int64)

    @property
    def num_orders(self) -> int:
        """Orders in the batch."""
        return len(self.max_packages)

    @property
    def num_options(self) -> int:
        """Options of all orders together."""
        return len(self.option_node)

    def __repr__(self) -> str:
        return (
            f"Instance({self.num_orders} orders, {len(self.line_sku)} lines, {self.num_options} options, "
            f"{len(self.content_cost)} contents, {len(self.resources)} rows, {int(self.is_wide.sum())} wide)"
        )
