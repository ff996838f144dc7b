"""Text tables of single days to the domain's columns: node days, holidays, volumes of services."""

from __future__ import annotations

import numpy as np

from splitship.domain import Calendars, NodeDays, Nodes, ServiceQuotas
from splitship.packs.columns import MINUTE_DECIMALS
from splitship.packs.inventory import optional_key
from splitship.packs.network import default_date
from splitship.packs.view import Cells, Coded, TableView, taken
from splitship.units import I64


def build_node_days(view: TableView, node_ids: Coded, nodes: Nodes) -> NodeDays:
    """The node_days table, capacities left empty being the node's."""
    node_idx = view.refers("node_id", node_ids, "node")
    day = view.dates("date").data
    view.keys((node_idx, day), ("node_id", "date"))
    is_open = view.flag("open")

    def capacity(own: Cells, usual: I64) -> I64:
        return np.where(own.given, own.data, taken(usual, node_idx))

    order = np.lexsort((day, node_idx))
    return NodeDays(
        node_idx=node_idx[order],
        day=day[order],
        has_open=~view.is_empty("open")[order],
        is_open=is_open[order],
        max_packages=capacity(view.whole("max_packages"), nodes.max_packages_per_day)[order],
        max_units=capacity(view.whole("max_units"), nodes.max_units_per_day)[order],
        max_lines=capacity(view.whole("max_lines"), nodes.max_lines_per_day)[order],
        max_umin=capacity(view.scaled("max_minutes", MINUTE_DECIMALS), nodes.max_umin_per_day)[order],
        used_packages=view.whole("used_packages").data[order],
        used_units=view.whole("used_units").data[order],
        used_lines=view.whole("used_lines").data[order],
        used_umin=view.scaled("used_minutes", MINUTE_DECIMALS).data[order],
    )


def build_calendars(view: TableView, node_ids: Coded, service_ids: Coded) -> Calendars:
    """The calendars table: every row is a holiday of a node or of a service."""
    node_idx = view.refers("node_id", node_ids, "node")
    service_idx = view.refers("service_id", service_ids, "service")
    day = view.dates("date").data
    has_node, has_service = ~view.is_empty("node_id"), ~view.is_empty("service_id")
    view.tell_rows("E421", "service_id", has_node & has_service, lambda row: "expected none beside a node_id")
    view.tell_rows("E422", "node_id", ~has_node & ~has_service, lambda row: "needed, or else a service_id")
    parts = optional_key(view, "node_id", node_idx), optional_key(view, "service_id", service_idx), day
    view.keys(parts, ("node_id", "service_id", "date"))
    order = np.lexsort((day, service_idx, node_idx))
    return Calendars(node_idx[order], service_idx[order], day[order])


def build_service_quotas(view: TableView, service_ids: Coded) -> ServiceQuotas:
    """The service_quotas table."""
    service_idx = view.refers("service_id", service_ids, "service")
    day = default_date(view.dates("date"))
    view.keys((service_idx, day), ("service_id", "date"))
    most, least = view.whole("max_packages"), view.whole("min_packages")
    price, has_price = view.amounts("shortfall_price")
    above = most.given & (least.data > most.data) & ~view.faulty("max_packages")
    view.tell_rows(
        "E421", "min_packages", above, lambda row: f"{least.data[row]:,} is more than max_packages, {most.data[row]:,}"
    )
    commits = least.given & (least.data > 0)
    view.tell_rows(
        "E422",
        "min_packages",
        commits & ~has_price,
        lambda row: "needs a shortfall_price: what cannot be missed at any price could leave no plan",
    )
    view.tell_rows("E422", "shortfall_price", has_price & ~commits, lambda row: "needs min_packages above 0")
    order = np.lexsort((day, service_idx))
    return ServiceQuotas(service_idx[order], day[order], most.data[order], least.data[order], price.take(order))
