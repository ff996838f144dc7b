"""A batch with only some of its orders."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence

import numpy as np

from splitship.domain import Problem
from splitship.errors import Finding, PackError
from splitship.instance.subset import subset_of_orders
from splitship.packs.findings import suggest


def take_orders(problem: Problem, order_ids: Sequence[str], option: str) -> Problem:
    """The problem with only these orders, in the batch's sequence; `option` is what faults are said to be in.

    `input_hash` becomes that of the whole and the ids, so that it tells parts of a batch apart.

    Raises:
        PackError: ids that the batch does not have, all of them.
    """
    wanted = dict.fromkeys(order_ids)
    ids = problem.orders.order_id.tolist()
    found = np.array([row for row, order_id in enumerate(ids) if order_id in wanted], np.int64)
    known = {ids[row] for row in found.tolist()}
    if len(known) < len(wanted):
        unknown = [order_id for order_id in wanted if order_id not in known]
        raise PackError(
            [
                Finding(option, "E301", f"no order {order_id!r} in the batch", suggest(order_id, ids))
                for order_id in unknown
            ]
        )
    part, _ = subset_of_orders(problem, found)
    if problem.given is not None:
        part = dataclasses.replace(part, given=subset_of_orders(problem.given, found)[0])
    text = "\0".join([problem.input_hash, *part.orders.order_id.tolist()])
    return dataclasses.replace(part, input_hash="sha256:" + hashlib.sha256(text.encode()).hexdigest())
