"""Where unfilled lines got furthest, what stops them there, and as which SKU: substitutes, kits and least values."""

from __future__ import annotations

import numpy as np

from splitship.domain import Problem, Reason
from splitship.domain.orders import NO_KIT
from splitship.instance.asked import Asked
from splitship.instance.blockers import describe_blockers
from splitship.instance.kit_groups import KitGroups
from splitship.instance.least_values import OF_ORDER, OF_PACKAGE, Worth
from splitship.instance.leftover import Leftover
from splitship.instance.stages import CODE, Network, Stages, line_stages, units_at_once
from splitship.units import I64, Bools


def blocked_lines(network: Network, leftover: Leftover, line_idx: I64) -> tuple[I64, list[str]]:
    """The stage that stops each line at the node where it gets furthest, and its detail; all lines of their orders."""
    problem = network.problem
    asked = Asked.with_substitutes(problem, line_idx)
    own, joins = leftover.later_stages(network, asked, line_stages(network, asked))
    starts = asked.starts()
    if not own.shape[1] or not own.shape[2]:
        reason = Reason.NO_SERVICE if own.shape[1] else Reason.NOT_CARRIED
        code = np.full(len(line_idx), CODE[reason], np.int64)
        none = np.full(len(line_idx), -1, np.int64)
        lines = Asked.own(problem, line_idx)
        groups = KitGroups.of(problem, lines, units_at_once(problem, line_idx))
        return code, describe_blockers(network, leftover, lines, groups, code, none, none)
    by_line = own if len(starts) == len(own) else np.maximum.reduceat(own, starts, axis=0)
    groups = KitGroups.of(problem, Asked.own(problem, line_idx), units_at_once(problem, line_idx))
    grouped = groups.least_of_parts(by_line)
    worth = None
    if network.least.is_any:
        joins = np.logical_or.reduceat(joins, starts, axis=0)
        worth = _PackageWorth(network, leftover, line_idx, grouped)
        grouped = worth.stopped(grouped, joins)
    _, node, service = furthest(problem, grouped)
    at = np.arange(len(line_idx))
    # a kit that ships together is stopped where all of it gets furthest, by the component that gets least far there
    code = by_line[at, node, service].astype(np.int64)
    is_worth = np.zeros(len(line_idx), np.bool_)
    if worth is not None:
        is_worth = worth.is_stopped[at, node, service]
        code = np.where(is_worth, CODE[Reason.RULE], code)
    row = _best_rows(own, starts, node, service)
    chosen = asked.take(row)
    all_groups = KitGroups.of(problem, chosen, units_at_once(problem, line_idx))
    plain = np.flatnonzero(~is_worth)
    texts = [""] * len(line_idx)
    described = describe_blockers(network, leftover, chosen, all_groups, code, node, service, plain)
    for one, text in zip(plain.tolist(), described, strict=True):
        texts[one] = text
    for one in np.flatnonzero(is_worth).tolist():
        assert worth is not None
        texts[one] = worth.text(one, int(node[one]), int(service[one]))
    return code, [named(problem, chosen, at, text) for at, text in enumerate(texts)]


def furthest(problem: Problem, stage: Stages) -> tuple[I64, I64, I64]:
    """The furthest stage of every line with its node and service, first by node id, then by service id."""
    num_lines = len(stage)
    by_node = np.argsort(problem.nodes.node_id.astype(str), kind="stable")
    by_service = np.argsort(problem.services.service_id.astype(str), kind="stable")
    best = stage.max(axis=2)[:, by_node]
    node = by_node[np.argmax(best, axis=1)]
    service = by_service[np.argmax(stage[np.arange(num_lines), node][:, by_service], axis=1)]
    return best.max(axis=1).astype(np.int64), node, service


def _best_rows(stage: Stages, starts: I64, node: I64, service: I64) -> I64:
    """For each line the first of its rows that gets furthest at its node and service."""
    if len(starts) == len(stage):
        return starts
    line = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(stage)))
    own = stage[np.arange(len(stage)), node[line], service[line]]
    best = np.maximum.reduceat(own, starts)
    hits = np.flatnonzero(own == best[line])
    return hits[np.searchsorted(line[hits], np.arange(len(starts)))]


def named(problem: Problem, asked: Asked, row: int, text: str) -> str:
    """A detail with the component of a kit, or the substitute, that it is about."""
    line, sku_ids = int(asked.line_idx[row]), problem.skus.sku_id
    if asked.sku_idx[row] != problem.lines.sku_idx[line]:
        text = f"substitute {sku_ids[asked.sku_idx[row]]}: {text}"
    if problem.lines.kit_line_idx[line] != NO_KIT:
        text = f"component {sku_ids[problem.lines.sku_idx[line]]}: {text}"
    return text


class _PackageWorth:
    """What packages with the unfilled units of orders could be worth, against what they must be.

    `is_stopped` [lines, nodes, services] is where a line could still ship, but not in a package, or an order, that is
    worth enough.
    """

    def __init__(self, network: Network, leftover: Leftover, line_idx: I64, stage: Stages) -> None:
        problem = network.problem
        self._network, self._line_idx = network, line_idx
        self._num_nodes, self._num_services = stage.shape[1:]
        self.order = problem.lines.order_idx[line_idx]
        self.is_stopped: Bools = np.zeros(stage.shape, np.bool_)
        self._can = stage >= CODE[Reason.MAX_PACKAGES]
        needed, first = leftover.needed[line_idx], int(self.order.min(initial=0))
        self._first, num = first, int(self.order.max(initial=-1)) + 1 - first
        is_alone = problem.skus.is_ship_alone[problem.lines.sku_idx[line_idx]]
        is_alone &= ~np.isin(line_idx, problem.line_substitutes.line_idx)
        self._is_alone = is_alone
        self.order_worth, self.order_units = Worth(num), needed
        some = np.flatnonzero(self._can.any(axis=(1, 2)))
        self.order_worth.add(self.order[some] - first, problem, line_idx[some], needed[some])
        cells = self._num_nodes * self._num_services
        self.package_worth = Worth(num * cells)
        line, node, service = np.nonzero(self._can & ~is_alone[:, None, None])
        key = self._key(line, node, service)
        self.package_worth.add(key, problem, line_idx[line], needed[line])
        self.line_worth = Worth(len(line_idx))
        self.line_worth.add(np.arange(len(line_idx)), problem, line_idx, needed)
        self._has_packages = leftover.num_packages > 0
        self.is_order: Bools = np.zeros(len(line_idx), np.bool_)

    def _key(self, line: I64, node: I64, service: I64) -> I64:
        order = self.order[line] - self._first
        key: I64 = (order * self._num_nodes + node) * self._num_services + service
        return key

    def stopped(self, stage: Stages, joins: Bools) -> Stages:
        """Stages with RULE where packages or orders cannot be worth enough."""
        least, order = self._network.least, self.order
        line, node, service = np.nonzero(self._can & ~joins)
        worth = np.where(
            self._is_alone[line],
            self.line_worth.micros[line],
            self.package_worth.micros[self._key(line, node, service)],
        )
        poor = worth < least.of_package[order[line]]
        self.is_stopped[line[poor], node[poor], service[poor]] = True
        self.is_order = ~self._has_packages[order] & (
            self.order_worth.micros[order - self._first] < least.of_order[order]
        )
        self.is_stopped |= self.is_order[:, None, None] & self._can
        stage = stage.copy()
        stage[self.is_stopped] = CODE[Reason.RULE]
        return stage

    def text(self, row: int, node: int, service: int) -> str:
        """Why a line cannot ship from a node by a service for want of value."""
        problem, order = self._network.problem, int(self.order[row])
        node_id, service_id = problem.nodes.node_id[node], problem.services.service_id[service]
        if self.is_order[row]:
            worth = self.order_worth.text(order - self._first)
            return self._network.least.text(OF_ORDER, order, f"what can ship of it is worth {worth}")
        at = self._key(*(np.array([value]) for value in (row, node, service)))
        worth = self.line_worth.text(row) if self._is_alone[row] else self.package_worth.text(int(at[0]))
        what = f"what is left to ship from {node_id} by {service_id} is worth {worth}"
        return self._network.least.text(OF_PACKAGE, order, what)
