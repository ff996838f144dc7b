"""Wide orders in the one model: package slots that the solver fills.

An order with too many quantity vectors for a table of contents gets slots for every choice (option, service, ship
day) that is not dearer than another of its option whatever the package: packages that may or may not be used. A slot
holds lines that may travel together: all lines that are not `ship_alone`, or one line that is. See `slots` for its
columns and rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from splitship.instance import Instance
from splitship.mip.assemble import INFINITY, Assembler
from splitship.mip.cards import Card, card_of
from splitship.mip.rows import SharedRows
from splitship.mip.slots import LineGroup, Slot, SlotKind
from splitship.units import I64

SLOT_CAP = 12
"""At most so many packages of an order by one choice and group of lines; where that could bind, it is not exact."""


@dataclass(frozen=True, slots=True)
class WideSlots:
    """What the columns of wide orders mean.

    [slots]: `slot_option`, `slot_choice` (position in the instance's choices), `used_column`. [content columns]:
    `content_column`, `content_slot`, `content_line`. `is_exact` is False when SLOT_CAP could exclude a plan.
    `rounding_micros` is how far rounding to micros can move a plan's cost.
    """

    slot_option: I64
    slot_choice: I64
    used_column: I64
    content_column: I64
    content_slot: I64
    content_line: I64
    is_exact: bool
    rounding_micros: int


@dataclass(slots=True)
class _Found:
    """`WideSlots` while they are collected."""

    slots: list[tuple[SlotKind, Slot]] = field(default_factory=list)
    is_exact: bool = True
    rounding_micros: int = 0

    def collected(self) -> WideSlots:
        none = [np.zeros(0, np.int64)]
        sizes = [len(slot.contents) for _, slot in self.slots]
        return WideSlots(
            slot_option=np.array([kind.option for kind, _ in self.slots], np.int64),
            slot_choice=np.array([kind.choice for kind, _ in self.slots], np.int64),
            used_column=np.array([slot.used for _, slot in self.slots], np.int64),
            content_column=np.concatenate([slot.contents for _, slot in self.slots] or none),
            content_slot=np.repeat(np.arange(len(self.slots)), sizes),
            content_line=np.concatenate([kind.group.line for kind, _ in self.slots] or none),
            is_exact=self.is_exact,
            rounding_micros=self.rounding_micros,
        )


def add_wide_packages(assembler: Assembler, instance: Instance, rows: SharedRows) -> WideSlots:
    """Slots of every wide order."""
    found = _Found()
    cards: dict[tuple[int, int], Card] = {}
    for order in np.flatnonzero(instance.is_wide).tolist():
        before = len(found.slots)
        for option in range(int(instance.option_ptr[order]), int(instance.option_ptr[order + 1])):
            for group in _groups(instance, option):
                for kind in _kinds(instance, order, option, group, cards):
                    _add_slots(assembler, rows, kind, found)
        found.rounding_micros += min(int(instance.max_packages[order]), len(found.slots) - before)
    return found.collected()


def _groups(instance: Instance, option: int) -> list[LineGroup]:
    """The option's lines: those that may share a package, then each `ship_alone` line by itself."""
    position = np.arange(int(instance.option_line_ptr[option]), int(instance.option_line_ptr[option + 1]))
    is_alone = instance.problem.skus.is_ship_alone[instance.line_sku[instance.option_line[position]]]
    members = [position[~is_alone], *(position[is_alone][i : i + 1] for i in range(int(is_alone.sum())))]
    return [LineGroup.of(instance, part) for part in members if len(part)]


def _kinds(
    instance: Instance, order: int, option: int, group: LineGroup, cards: dict[tuple[int, int], Card]
) -> list[SlotKind]:
    """Every choice of an option for one group, without those that another one is never dearer than."""
    choices = np.arange(int(instance.choice_ptr[option]), int(instance.choice_ptr[option + 1]))
    earliest_first = choices[np.argsort(instance.choice_deliver_day[choices], kind="stable")]
    kinds: list[SlotKind] = []
    for choice in earliest_first.tolist():
        key = int(instance.choice_service[choice]), int(instance.choice_bracket_start[choice])
        if key not in cards:
            cards[key] = card_of(instance, choice)
        kind = SlotKind(instance, order, option, choice, cards[key], group)
        if any(other.is_never_dearer(kind) for other in kinds):
            continue
        kinds = [other for other in kinds if not kind.is_never_dearer(other)]
        kinds.append(kind)
    return kinds


def _add_slots(assembler: Assembler, rows: SharedRows, kind: SlotKind, found: _Found) -> None:
    """As many slots of a kind as a best plan can need, used from the first on."""
    needed = kind.num_needed()
    if needed > SLOT_CAP:
        found.is_exact = False
        needed = SLOT_CAP
    previous: Slot | None = None
    for _ in range(needed):
        slot = kind.add_slot(assembler, rows)
        found.slots.append((kind, slot))
        if previous is not None:
            order = assembler.add_rows("order", 1, 0.0, INFINITY)
            assembler.add_entries(np.repeat(order, 2), np.array([previous.used, slot.used]), [1.0, -1.0])
        previous = slot
