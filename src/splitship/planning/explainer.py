"""Explains orders of one answer: compiled once, at the prices of its certificate, for as many orders as are asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

import numpy as np

from splitship.domain import Certificate, Plan, Result, Steering
from splitship.domain.beside import without_steering
from splitship.engine.dual import Pricer, PriceSearch
from splitship.engine.steering import steering_prices_of
from splitship.engine.warm_prices import common_prices, prices_of
from splitship.errors import UsageError
from splitship.instance import compile_problem
from splitship.instance.order_test import OrderOption, order_options
from splitship.instance.terms import unfilled_costs
from splitship.packs.certificate_names import CertificateNames
from splitship.planning.explanation import (
    Alternative,
    Explanation,
    NodeView,
    OrderPlan,
    PricesFrom,
    UnfilledPart,
    verdict,
)
from splitship.planning.order_search import OrderSearch, PricedPlan, distinct
from splitship.planning.served import costed, distances_km, order_position, plan_of_order, same_way
from splitship.planning.taken import taken_of_rows, taken_of_steering
from splitship.units import I64, NO_DATE

_PASSES = 30
_MOST_K = 100
_WIDE_WAYS = 12
"""Whole-order ways of an order of many lines that are priced."""


class Explainer:
    """The compiled problem of a result, and prices, for explanations of its orders. Use it as a context manager.

    Raises:
        UsageError: the result's plan has no cost (it never passed the checker).
    """

    def __init__(self, result: Result) -> None:
        if result.report.packages is None:
            raise UsageError("an answer whose packages have no price cannot be explained")
        self.result, self.problem = result, result.problem
        certificate = result.certificate
        one: Certificate | None = certificate
        if certificate is not None and certificate.leaves:
            one = min((leaf.prices for leaf in certificate.leaves), key=lambda prices: prices.bound)
        goals = Steering.of(self.problem)
        steering = steering_prices_of(goals, one) if one is not None and len(goals) else None
        self.instance = compile_problem(self.problem, result.options.threads, steering)
        self.pricer = Pricer(self.instance, result.options.threads)
        self.prices: I64
        self.prices_from: PricesFrom
        if one is None:
            self.prices, self.prices_from = self._found(), PricesFrom.FOUND
        else:
            self.prices = common_prices(self.pricer, prices_of(self.pricer, one))
            self.prices_from = PricesFrom.COMMON if len(one.own_line) else PricesFrom.CERTIFICATE
            if certificate is not None and certificate.leaves:
                self.prices_from = PricesFrom.LEAF
        self.search = OrderSearch(self.pricer, self.prices)
        self._alone = without_steering(self.problem)
        self._names = CertificateNames(self.problem)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the threads."""
        self.pricer.close()

    def position(self, order_id: str) -> int:
        """Where the order stands in the problem.

        Raises:
            UsageError: no order has this id.
        """
        return order_position(self.problem, order_id)

    def explain(self, order_id: str, k: int = 3) -> Explanation:
        """The account of one order: `k` best alternatives, the best way for every node, and every obstacle.

        Raises:
            UsageError: no order has this id, or k is not from 1 to 100.
        """
        if not 1 <= k <= _MOST_K:
            raise UsageError(f"k: expected a whole number from 1 to {_MOST_K}, got {k}")
        order = self.position(order_id)
        options = order_options(self._alone, order)
        chosen_plan = plan_of_order(self.result.plan, order)
        chosen = self.search.of_plan(order, chosen_plan)
        notes = []
        if self.search.is_wide(order):
            found, are_best, one_package = self._whole_ways(order, options), False, None
            by_node = self._whole_by_node(found)
            notes.append(
                "the order has too many lines for all its plans to be listed: "
                "alternatives are whole orders from one node"
            )
        else:
            found, are_best = self.search.nearest(order, k + 1)
            one_package = self.search.best(order, whole=True, most_packages=1)
            by_node = self._by_node(order)
        if chosen is None:
            notes.append("the chosen plan cannot be expressed in the engine's terms: what it takes is not told")
        ways = self._accounts(
            order, [chosen_plan if chosen is None else chosen.plan, *(each.plan for each in found)],
            [chosen, *found],
        )  # fmt: skip
        here, others = ways[0], [way for way in ways[1:] if not same_way(way, ways[0])]
        others.sort(key=lambda way: way.total)
        at_nodes = self._accounts(order, [each.plan for each in by_node.values()], list(by_node.values()))
        one = None
        if one_package is not None and not (len(here.plan) <= 1 and here.num_left == 0):
            one = self._against(here, self._accounts(order, [one_package.plan], [one_package])[0])
        return Explanation(
            result=self.result,
            order_idx=order,
            order_id=order_id,
            prices_from=self.prices_from,
            chosen=here,
            alternatives=tuple(self._against(here, way) for way in others[:k]),
            are_best=are_best,
            one_package=one,
            nodes=self._nodes(order, here, dict(zip(by_node, at_nodes, strict=True)), options),
            options=options,
            unfilled=self._unfilled(order),
            notes=tuple(notes),
            is_wide=self.search.is_wide(order),
        )

    def _found(self) -> I64:
        """The best of the first prices that the engine finds, [rows]."""
        search = PriceSearch.start(self.pricer)
        passes = [search.step() for _ in range(_PASSES if len(self.instance.resources) else 1)]
        return max(passes, key=lambda one: one.bound).prices

    def _by_node(self, order: int) -> dict[int, PricedPlan]:
        """The best way of a narrow order that ships a whole line from each node, by the node's position."""
        tables = self.pricer.tables
        options = range(int(tables.option_ptr[order]), int(tables.option_ptr[order + 1]))
        lines_at: dict[int, set[int]] = {}
        for option in options:
            held = tables.option_line[tables.option_line_ptr[option] : tables.option_line_ptr[option + 1]]
            lines_at.setdefault(int(self.instance.option_node[option]), set()).update(held.tolist())
        found: dict[int, PricedPlan] = {}
        for node, lines in lines_at.items():
            for line in sorted(lines):
                best = self.search.best(order, line=line, node=node)
                if best is not None and (node not in found or best.value < found[node].value):
                    found[node] = best
        return found

    def _whole_ways(self, order: int, options: Iterable[OrderOption]) -> list[PricedPlan]:
        """The cheapest options of a wide order for all of it in one package, as plans."""
        found = []
        for option in options:
            if option.is_possible and option.num_packages == 1 and not option.substitutes:
                made = self.search.of_plan(order, self._plan_of_option(order, option))
                if made is not None:
                    found.append(made)
            if len(found) >= _WIDE_WAYS:
                break
        return distinct(found)

    @staticmethod
    def _whole_by_node(ways: Sequence[PricedPlan]) -> dict[int, PricedPlan]:
        by_node: dict[int, PricedPlan] = {}
        for way in ways:
            by_node.setdefault(int(way.plan.node_idx[0]), way)
        return by_node

    def _plan_of_option(self, order: int, option: OrderOption) -> Plan:
        problem = self.problem
        lines = np.arange(problem.line_ptr[order], problem.line_ptr[order + 1])
        lines = lines[problem.lines.quantity[lines] > 0]
        node = problem.nodes.node_id.tolist().index(option.node_id)
        service = problem.services.service_id.tolist().index(option.service_id)
        sku_idx = problem.lines.sku_idx[lines] if self.result.plan.content_sku_idx is not None else None
        head = (np.array([value], np.int64) for value in (order, node, service, option.ship_day or 0))
        order_idx, node_idx, service_idx, ship_day = head
        return Plan(
            order_idx,
            node_idx,
            service_idx,
            ship_day,
            np.zeros(len(lines), np.int64),
            lines,
            problem.lines.quantity[lines],
            sku_idx,
        )

    def _accounts(self, order: int, plans: Sequence[Plan], priced: Sequence[PricedPlan | None]) -> list[OrderPlan]:
        """The checker's costs of ways to serve an order, and what they take."""
        if len(self.problem.promises) or len(self.problem.reserves):  # these know each order once
            reports = [costed(self._alone, order, [plan])[0] for plan in plans]
        else:
            reports = costed(self._alone, order, plans)
        asked = int(self.problem.lines.quantity[self.problem.line_ptr[order] : self.problem.line_ptr[order + 1]].sum())
        deliver_by = int(self.problem.orders.deliver_by[order])
        found = []
        for plan, made, (costs, deliver_day, package_cost) in zip(plans, priced, reports, strict=True):
            late = max(0, int(deliver_day.max(initial=0)) - deliver_by) if deliver_by < NO_DATE else 0
            taken = () if made is None else taken_of_rows(self.instance, self._names, self.prices, made.use)
            found.append(
                OrderPlan(
                    plan, costs, deliver_day, package_cost, late, asked - int(plan.content_quantity.sum()),
                    taken + (() if made is None else taken_of_steering(self.instance, plan)), made is not None,
                )
            )  # fmt: skip
        return found

    def _against(self, chosen: OrderPlan, way: OrderPlan, node_id: str | None = None) -> Alternative:
        said = verdict(chosen, way, self.problem.currency)
        return Alternative(way, way.total - chosen.total, way.direct - chosen.direct, said, node_id)

    def _nodes(
        self, order: int, chosen: OrderPlan, ways: dict[int, OrderPlan], options: Sequence[OrderOption]
    ) -> tuple[NodeView, ...]:
        """Every node by its distance, those without coordinates last, then by id."""
        problem = self.problem
        distance = distances_km(problem, order)
        by_node: dict[str, list[OrderOption]] = {}
        for option in options:
            by_node.setdefault(option.node_id, []).append(option)
        used = set(chosen.plan.node_idx.tolist())
        views = []
        for node, node_id in enumerate(problem.nodes.node_id.tolist()):
            at_node = by_node.get(node_id, [])
            obstacles: dict[tuple[str, str], None] = {}
            if not any(option.is_possible for option in at_node):
                for option in at_node:
                    for each in option.obstacles:
                        line = "" if each.line_id is None else f"line {each.line_id}: "
                        obstacles.setdefault((each.reason.value, line + each.detail))
            best = None
            if node in ways and not same_way(ways[node], chosen):
                best = self._against(chosen, ways[node], node_id)
            km = None if np.isnan(distance[node]) else float(distance[node])
            views.append(NodeView(node_id, km, node in used, best, tuple(obstacles)))
        views.sort(key=lambda view: (view.distance_km is None, view.distance_km or 0.0, view.node_id))
        return tuple(views)

    def _unfilled(self, order: int) -> tuple[UnfilledPart, ...]:
        unfilled, lines = self.result.unfilled, self.problem.lines
        rows = np.flatnonzero(lines.order_idx[unfilled.line_idx] == order)
        cost = unfilled_costs(self.problem)
        left = np.maximum(0, lines.quantity - self.result.plan.shipped(len(lines)))
        found = []
        for row in rows.tolist():
            line = int(unfilled.line_idx[row])
            # components of a kit, and parts of a line, have one row
            kit = lines.kit_line_idx[line] >= 0
            same = (lines.order_idx == order) & (lines.line_id == lines.line_id[line])
            units = int((left * cost)[same].sum()) if kit or same.sum() > 1 else int(left[line] * cost[line])
            found.append(
                UnfilledPart(
                    str(lines.line_id[line]), int(unfilled.quantity[row]), unfilled.reason[row].value,
                    str(unfilled.detail[row]), units,
                )
            )  # fmt: skip
        return tuple(found)


def explain(result: Result, order_id: str, k: int = 3) -> Explanation:
    """Explain one order of an answer; for several of one answer use an `Explainer`.

    Raises:
        UsageError: no order has this id, or k is not from 1 to 100.
    """
    order_position(result.problem, order_id)
    with Explainer(result) as explainer:
        return explainer.explain(order_id, k)
