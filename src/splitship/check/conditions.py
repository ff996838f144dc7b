"""What contents, and all that ships of an order, must be besides: of one way to the customer, kits, worth enough.

Compiled. Only orders with such conditions come here.
"""

from __future__ import annotations

from splitship.check.compiled import compiled
from splitship.check.tables import OrderTables
from splitship.units import ATTO_PER_MICRO, I64, Bools

NOTHING = -2
"""In place of the node at which contents are picked up, when there are no contents."""


@compiled
def note_conditions(
    orders: OrderTables, order: int, num_states: int, stride: I64, is_out: Bools, is_no_end: Bools, pickup_node: I64
) -> None:
    """Marks the states that no package can hold in `is_out`, and those that cannot be all that ships in `is_no_end`.

    Lines of a package go to one place, `pickup_node`; kits that ship together are whole, kits in all that ships are;
    both are worth what is asked. A line for which another SKU ships is in every content. Arrays are [states].
    """
    first = orders.line_ptr[order]
    num_lines = orders.line_ptr[order + 1] - first
    for state in range(num_states):
        pickup_node[state] = NOTHING
        is_no_end[state] = False
        micros, atto = 0, 0
        for slot in range(num_lines):
            line = first + slot
            steps = state // stride[slot] % orders.radix[line]
            head = orders.head_slot[line]
            # Components of a kit move in steps of as many kits each.
            if steps != state // stride[head] % orders.radix[first + head]:
                is_no_end[state] = True
                is_out[state] |= orders.is_together[line]
            if steps == 0:
                is_out[state] |= orders.is_substituted[line]
                continue
            if pickup_node[state] == NOTHING:
                pickup_node[state] = orders.pickup_node[line]
            is_out[state] |= pickup_node[state] != orders.pickup_node[line]
            micros += steps * orders.value_micros[line]
            atto += steps * orders.value_atto[line]
        micros += atto // ATTO_PER_MICRO
        is_out[state] |= micros < orders.min_package_value[order]
        is_no_end[state] |= state > 0 and micros < orders.min_order_value[order]
