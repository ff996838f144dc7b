"""What every possible package of the narrow orders holds, as sparse columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.instance import IMPOSSIBLE, Instance
from splitship.units import I64, Bools


@dataclass(frozen=True, slots=True)
class Contents:
    """Possible contents and the steps of lines in them.

    [contents]: `content` (position in the instance's table), `option`. [entries]: `entry_content` (row of this
    table, ascending), `entry_slot` (position in the instance's option lines), `entry_steps` (> 0).
    """

    content: I64
    option: I64
    entry_content: I64
    entry_slot: I64
    entry_steps: I64

    def __len__(self) -> int:
        return len(self.content)

    def only(self, chosen: Bools) -> Contents:
        """Those of the contents that are `chosen` [contents]."""
        number = np.cumsum(chosen) - 1
        kept = chosen[self.entry_content]
        return Contents(
            self.content[chosen],
            self.option[chosen],
            number[self.entry_content[kept]],
            self.entry_slot[kept],
            self.entry_steps[kept],
        )


def possible_contents(instance: Instance) -> Contents:
    """Every content with a cost, its number taken apart into steps of lines (first line fastest)."""
    per_option = np.diff(instance.content_ptr)
    content = np.flatnonzero(instance.content_cost < IMPOSSIBLE)
    option = np.repeat(np.arange(instance.num_options), per_option)[content]
    rest = content - instance.content_ptr[option]
    first_slot = instance.option_line_ptr[option]
    num_slots = instance.option_line_ptr[option + 1] - first_slot
    rows = np.arange(len(content))
    entries: list[tuple[I64, I64, I64]] = []
    for position in range(int(num_slots.max(initial=0))):
        has_slot = num_slots > position
        rows, rest, first_slot, num_slots = rows[has_slot], rest[has_slot], first_slot[has_slot], num_slots[has_slot]
        slot = first_slot + position
        radix = instance.option_line_radix[slot].astype(np.int64)
        steps = rest % radix
        rest = rest // radix
        used = steps > 0
        entries.append((rows[used], slot[used], steps[used]))
    entry_content, entry_slot, entry_steps = (
        np.concatenate([block[part] for block in entries]) if entries else np.zeros(0, np.int64) for part in range(3)
    )
    order = np.argsort(entry_content, kind="stable")
    return Contents(content, option, entry_content[order], entry_slot[order], entry_steps[order])
