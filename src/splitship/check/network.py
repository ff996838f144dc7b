"""A problem's calendar, lanes and rate cards together, as the bound needs them for all orders at once."""

from __future__ import annotations

import numpy as np

from splitship.check.capacity import Capacities
from splitship.check.dated import SEARCHED_DAYS
from splitship.check.days import Days
from splitship.check.places import Places
from splitship.check.receiving import is_transferring
from splitship.check.stock import Arrivals
from splitship.check.tariff import NONE, Tariffs
from splitship.domain import LONG_PAST, Problem
from splitship.units import I64


class Network:
    """Calendar, capacities, arrivals, places and tariffs of a problem.

    `lane_tariff` [lanes] is a lane's tariff, NONE where no package may go: no rate, or transit beyond the limit.
    `first_day` and `last_day` bound the days on which a package of any order can leave, or a node receives one.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.days = Days(problem)
        self.capacities = Capacities(problem)
        self.arrivals = Arrivals(problem)
        self.places = Places(problem)
        self.tariffs = Tariffs(problem)
        lane_tariff = self.tariffs.of_lane
        if problem.limits.max_transit_days is not None:
            is_late = problem.lanes.transit_days > problem.limits.max_transit_days
            lane_tariff = np.where(is_late, NONE, lane_tariff)
        self.lane_tariff: I64 = lane_tariff
        start, orders = self.days.start_day, problem.orders
        longest = int(self.days.ship_wait.max(initial=0)) + 1 + problem.limits.horizon_days
        self.first_day = int(start.min()) if start.size else 0
        self.last_day = int(start.max()) + longest if start.size else -1
        self.last_day = max(self.last_day, int(orders.hold_until.max(initial=LONG_PAST)))
        if (orders.not_before > LONG_PAST).any():
            self.last_day += 1 + SEARCHED_DAYS
        if is_transferring(problem):
            # Days on which packages are received count too.
            self.last_day += int(problem.lanes.transit_days.max(initial=0)) + int(
                self.days.delivery_wait.max(initial=0)
            )
