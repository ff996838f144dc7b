"""An order of its own: beside the packages that a batch has released, and without what only a batch can meet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from splitship.domain.problem import Problem
from splitship.domain.reserves_in_force import stock_reserves


def without_steering(problem: Problem) -> Problem:
    """The problem without target shares and committed volumes, which a single order could only miss."""
    nodes, quotas = problem.nodes, problem.service_quotas
    return replace(
        problem,
        nodes=replace(nodes, has_target_share=np.zeros(len(nodes), np.bool_)),
        service_quotas=replace(quotas, min_packages=np.zeros(len(quotas), np.int64)),
    )


def beside_released(problem: Problem, batch: Problem) -> Problem:
    """A problem on the network of a batch, less the stock and the capacities that released packages of this took.

    Both have the same nodes, SKUs, stock, arrivals and rules; their orders are others.
    """
    if not len(batch.released):
        return problem
    released = batch.released
    ids = pd.Index(problem.services.service_id)
    service_ids = batch.services.service_id[released.service_idx]
    service = np.where(released.service_idx < 0, -1, ids.get_indexer(pd.Index(service_ids))).astype(np.int64)
    made = replace(
        problem,
        stock=replace(problem.stock, on_hand=batch.stock.on_hand),
        inbound=batch.inbound,
        released=replace(released, service_idx=service),
        given=problem.as_given,
    )
    return replace(made, reserves=stock_reserves(made)) if len(made.channel_reserves) else made
