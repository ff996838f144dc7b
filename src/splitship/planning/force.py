"""What a counterfactual asks of one order, and the problem in which nothing else is possible for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from splitship.domain import Orders, Plan, PlanReport, Problem, with_rules_in_force
from splitship.domain.rules import Rule, RuleWhere
from splitship.domain.where import AnyOf, Not, Where
from splitship.errors import UsageError
from splitship.instance.calendar import NO_DAY
from splitship.instance.stages import compile_network, lanes_of, ship_days
from splitship.instance.subset import subset_of_orders
from splitship.instance.terms import unfilled_costs
from splitship.packs.findings import suggest
from splitship.units import I64, MICROS, Amounts, Bools, day_number, day_text

_NAME = "what if"
_MOST = 2**56
"""What all units of the order together may cost when they stay, in micros: sums stay far inside int64."""
_LEAST_PENALTY = 2**30


@dataclass(frozen=True, slots=True)
class Force:
    """How one order must be served: all that is given holds together, and all units that can ship this way ship.

    `node`, `service`: every package from this node, by this service (of `problem`'s ids; ways to pick-up nodes are
    services too). `packages`: at most so many packages. `complete`: no unit may stay unfilled, where without it units
    that cannot ship this way at all may. `ship_on`: the day every package leaves; `deliver_by`: the last day on
    which one may arrive; ISO dates.
    """

    node: str | None = None
    service: str | None = None
    packages: int | None = None
    complete: bool = False
    ship_on: str | None = None
    deliver_by: str | None = None

    @property
    def words(self) -> str:
        """`from EAST by ground, in 1 package, complete`."""
        parts = [
            f"from {self.node}" if self.node is not None else "",
            f"by {self.service}" if self.service is not None else "",
            "" if self.packages is None else f"in {self.packages} package{'' if self.packages == 1 else 's at most'}",
            "complete" if self.complete else "",
            f"shipped on {self.ship_on}" if self.ship_on is not None else "",
            f"delivered by {self.deliver_by}" if self.deliver_by is not None else "",
        ]
        return ", ".join(part for part in parts if part)

    def check(self, problem: Problem) -> None:
        """Refuse what is no force on an order of this problem.

        Raises:
            UsageError: nothing is forced, an unknown id, a date that is none, less than one package.
        """
        if self == Force():
            raise UsageError("name something to force: a node, a service, packages, complete, or a date")
        for what, name, ids in (
            ("node", self.node, problem.nodes.node_id), ("service", self.service, problem.services.service_id),
        ):  # fmt: skip
            known = ids.tolist()
            if name is not None and name not in known:
                hint = suggest(name, known)
                raise UsageError(f"no {what} {name!r} in the network" + (f" ({hint})" if hint else ""))
        if self.packages is not None and self.packages < 1:
            raise UsageError(f"packages: expected a whole number of at least 1, got {self.packages}")
        for what, text in (("ship-on", self.ship_on), ("deliver-by", self.deliver_by)):
            try:
                if text is not None:
                    day_number(text)
            except ValueError as error:
                raise UsageError(f"{what}: expected a date such as 2026-11-30, got {text!r}") from error

    def is_met(self, problem: Problem, order: int, plan: Plan, report: PlanReport) -> bool:
        """Is the order served this way in a plan, with all its units?"""
        asked = problem.lines.quantity[problem.line_ptr[order] : problem.line_ptr[order + 1]].sum()
        mine = plan.order_idx == order
        if report.packages is None or plan.content_quantity[mine[plan.content_package]].sum() < asked:
            return False
        return self.keeps(problem, order, plan, report)

    def keeps(self, problem: Problem, order: int, plan: Plan, report: PlanReport) -> bool:
        """Is whatever ships of the order served this way?"""
        mine = plan.order_idx == order
        nodes, services = problem.nodes.node_id[plan.node_idx], problem.services.service_id[plan.service_idx]
        assert report.packages is not None
        return (
            (self.node is None or bool((nodes == self.node)[mine].all()))
            and (self.service is None or bool((services == self.service)[mine].all()))
            and (self.packages is None or int(mine.sum()) <= self.packages)
            and (self.ship_on is None or bool((plan.ship_day[mine] == day_number(self.ship_on)).all()))
            and (
                self.deliver_by is None
                or bool((report.packages.deliver_day[mine] <= day_number(self.deliver_by)).all())
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DatedWays:
    """Days on which an order could leave every node by every service, and when it would arrive; each [ways]."""

    node_idx: I64
    service_idx: I64
    ship_day: I64
    deliver_day: I64


def dated_ways(problem: Problem, order: int) -> DatedWays:
    """All ship days of an order that calendars and lanes allow; stock and capacity are not asked."""
    part, _ = subset_of_orders(problem, np.array([order], np.int64))
    network = compile_network(part, problem)
    lane = lanes_of(network, np.zeros(1, np.int64))[0]
    node, service = np.nonzero(lane >= 0)
    transit = network.lanes.transit_days[lane[node, service]]
    calendar, found = network.calendar, []
    for day, works in ship_days(network, np.zeros_like(node), node, service):
        arrival = day + transit
        wait = calendar.delivery_wait[service, (arrival - calendar.origin) % calendar.period]
        rows = np.flatnonzero(works & (wait != NO_DAY))
        found.append(np.stack([node[rows], service[rows], day[rows], (arrival + wait)[rows]]))
    columns = np.concatenate(found, axis=1) if found else np.zeros((4, 0), np.int64)
    return DatedWays(*(column.astype(np.int64) for column in columns))


def forced_problem(problem: Problem, order: int, force: Force) -> Problem:
    """The problem in which the order can be served only as `force` says, and leaving units costs more than anything.

    A unit of the order that stays costs its own price and a penalty on top that is more than serving all other orders
    is worth: no best plan leaves a unit that could ship. Every other cost is as it was, so a plan costs here
    what it costs in `problem` and the penalty for each unit of the order that stays.
    """
    made = _with_rules(problem, _rules(problem, order, force))
    orders, lines = made.orders, made.lines
    if force.node is not None:
        node = made.nodes.node_id.tolist().index(force.node)
        orders = _excluding(orders, order, np.delete(np.arange(len(made.nodes)), node))
    if force.packages is not None:
        limit = orders.max_packages.copy()
        limit[order] = min(int(limit[order]), force.packages)
        orders = replace(orders, max_packages=limit)
    if force.complete:
        complete = orders.is_ship_complete.copy()
        complete[order] = True
        orders = replace(orders, is_ship_complete=complete)
    cost = unfilled_costs(problem)
    raised = raised_lines(made, order)
    micros, atto = lines.unfilled_cost.micros.copy(), lines.unfilled_cost.atto.copy()
    micros[raised], atto[raised] = cost[raised] + penalty(problem, order), 0
    lines = replace(lines, unfilled_cost=Amounts(micros, atto), has_unfilled_cost=lines.has_unfilled_cost | raised)
    text = f"{problem.input_hash}\0{_NAME}\0{problem.orders.order_id[order]}\0{force}"
    return replace(
        made, orders=orders, lines=lines, input_hash="sha256:" + hashlib.sha256(text.encode()).hexdigest()
    )  # fmt: skip


def raised_lines(problem: Problem, order: int) -> Bools:
    """Lines whose units cost the penalty when they stay, [lines]: the order's, of a kit the first component."""
    lines = problem.lines
    found: Bools = (lines.order_idx == order) & (lines.head_idx == np.arange(len(lines)))
    return found


def penalty(problem: Problem, order: int) -> int:
    """Micros on top of what a unit of the order costs unfilled: more than all other orders together lose unserved.

    At least about 1,000 of money; less only where the order has so many units that sums would leave int64.
    """
    cost, lines = unfilled_costs(problem), problem.lines
    all_left = sum(units * each for units, each in zip(lines.quantity.tolist(), cost.tolist(), strict=True))
    dearest = 2 * int(problem.rates.price.micros.max(initial=0)) * 64
    units = int(lines.quantity[lines.order_idx == order].sum())
    wanted: int = max(_LEAST_PENALTY, 2 * (all_left + dearest) + MICROS)
    return min(wanted, _MOST // max(1, units))


def _excluding(orders: Orders, order: int, nodes: I64) -> Orders:
    """The orders, one of them without some nodes."""
    ptr, idx = orders.excluded_ptr, orders.excluded_node_idx
    mine = np.union1d(idx[ptr[order] : ptr[order + 1]], nodes)
    sizes = np.diff(ptr)
    sizes[order] = len(mine)
    return replace(
        orders,
        excluded_ptr=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        excluded_node_idx=np.concatenate([idx[: ptr[order]], mine, idx[ptr[order + 1] :]]).astype(np.int64),
    )


def _with_rules(problem: Problem, rules: list[Rule]) -> Problem:
    """The problem with more rules in force."""
    if not rules:
        return problem
    given = problem.as_given
    return with_rules_in_force(replace(given, rules=(*given.rules, *rules), given=None))


def _rules(problem: Problem, order: int, force: Force) -> list[Rule]:
    """Rules that forbid the order every service but one, every ship day but one, and days too late for a delivery."""
    order_id = str(problem.orders.order_id[order])
    mine: Where = (("order_id", AnyOf((order_id,))),)
    known = {rule.name for rule in problem.as_given.rules}
    found: list[Rule] = []

    def forbid(
        what: str, node: Where = (), service: Where = (), first: int | None = None, last: int | None = None
    ) -> None:
        name = f"{_NAME}: {order_id} {what}"
        while name in known:
            name += "'"
        known.add(name)
        found.append(
            Rule(
                name,
                RuleWhere(order=mine, node=node, service=service),
                is_forbidden=True,
                first_day=first,
                last_day=last,
            )
        )

    if force.service is not None:
        forbid(f"only by {force.service}", service=(("service_id", Not(AnyOf((force.service,)))),))
    if force.ship_on is not None:
        day = day_number(force.ship_on)
        forbid(f"not before {force.ship_on}", last=day - 1)
        forbid(f"not after {force.ship_on}", first=day + 1)
    if force.deliver_by is not None:
        for service, last, nodes in _last_days(problem, order, day_number(force.deliver_by)):
            service_id = str(problem.services.service_id[service])
            forbid(
                f"delivered by {force.deliver_by}, {service_id} from {day_text(last)}" if last is not None else
                f"delivered by {force.deliver_by}, not {service_id}",
                node=(("node_id", AnyOf(tuple(str(problem.nodes.node_id[node]) for node in nodes))),),
                service=(("service_id", AnyOf((service_id,))),),
                first=last,
            )  # fmt: skip
    return found


def _last_days(problem: Problem, order: int, deliver_by: int) -> list[tuple[int, int | None, list[int]]]:
    """Service, the first ship day that arrives later than a day (None: all do), and the nodes of which that is so."""
    ways = dated_ways(problem, order)
    too_late = ways.deliver_day > deliver_by
    groups: dict[tuple[int, int | None], list[int]] = {}
    pairs = np.unique(np.stack([ways.service_idx, ways.node_idx]), axis=1).T.tolist() if len(ways.node_idx) else []
    for service, node in pairs:
        here = (ways.service_idx == service) & (ways.node_idx == node)
        if (here & too_late).any():
            first = int(ways.ship_day[here & too_late].min())
            in_time = (here & ~too_late).any()
            groups.setdefault((service, first if in_time else None), []).append(node)
    return [(service, first, nodes) for (service, first), nodes in groups.items()]
