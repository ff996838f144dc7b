"""Contenders with planted faults, as a plugin of `splitship bench run`: each must be shown for what it is."""

import dataclasses
import os
import time

from splitship.domain import SolveOptions
from splitship.run import solve
from splitship_bench.contenders import Contender, NotApplicableError, Outcome, register


def honest(task):
    """Our own verified answer, to be spoilt."""
    result = solve(task.problem, SolveOptions(time_limit_s=task.limit_s, gap=0.0))
    return Outcome(
        "OPTIMAL", result.plan, result.objective, result.bound, result.certificate, seconds=dict(result.seconds)
    )


def in_two_places(task):
    """The first package is sent twice: more units than were ordered."""
    outcome = honest(task)
    plan = outcome.plan
    first = plan.content_package == 0
    twice = dataclasses.replace(
        plan,
        order_idx=[*plan.order_idx, plan.order_idx[0]],
        node_idx=[*plan.node_idx, plan.node_idx[0]],
        service_idx=[*plan.service_idx, plan.service_idx[0]],
        ship_day=[*plan.ship_day, plan.ship_day[0]],
        content_package=[*plan.content_package, *[len(plan)] * int(first.sum())],
        content_line=[*plan.content_line, *plan.content_line[first]],
        content_quantity=[*plan.content_quantity, *plan.content_quantity[first]],
    )
    return dataclasses.replace(outcome, plan=_arrays(twice))


def _arrays(plan):
    import numpy as np

    columns = {field.name: getattr(plan, field.name) for field in dataclasses.fields(plan)}
    return type(plan)(**{name: np.asarray(column, np.int64) for name, column in columns.items() if column is not None})


def too_cheap(task):
    """A true plan, said to cost a micro less."""
    outcome = honest(task)
    return dataclasses.replace(outcome, objective=outcome.objective - 1)


def bound_too_high(task):
    """A true plan, with the claim that nothing is cheaper than twice its cost."""
    outcome = honest(task)
    return dataclasses.replace(outcome, certificate=None, bound=2 * outcome.objective)


def forged_certificate(task):
    """A true plan and certificate, with a bound a micro above what the prices prove."""
    outcome = honest(task)
    certificate = dataclasses.replace(outcome.certificate, bound=outcome.certificate.bound + 1)
    return dataclasses.replace(outcome, certificate=certificate, bound=outcome.bound + 1)


def raising(task):
    """It fails."""
    raise ValueError("planted\nfault")


def dying(task):
    """Its process is gone at once, as after a crash in compiled code."""
    os._exit(66)


def hanging(task):
    """It never comes back, whatever its limit."""
    time.sleep(3600)


def refusing(task):
    """It does not take this instance."""
    raise NotApplicableError("planted refusal")


class Planted(Contender):
    kind = "policy"
    description = "planted"

    def __init__(self, function):
        self.name = function.__name__
        self.function = function

    def version(self):
        return "planted 1"

    def run(self, task):
        return self.function(task)


FUNCTIONS = (
    honest, in_two_places, too_cheap, bound_too_high, forged_certificate, raising, dying, hanging, refusing,
)  # fmt: skip

for each in FUNCTIONS:
    register(Planted(each))
