"""What single days are like, as messages: days of nodes, holidays, quotas of services."""

from __future__ import annotations

import numpy as np

from splitship.domain import Problem
from splitship.packs.columns import MINUTE_DECIMALS
from splitship.packs.documents import day_texts
from splitship.service.columns_to_fields import amount_texts, date_texts, decimal_texts, limits
from splitship.units import I64, NO_DATE, UNLIMITED, Strings
from splitship.v1 import network_pb2


def node_day_messages(problem: Problem) -> list[network_pb2.NodeDay]:
    """A message for every day of a node that is different."""
    days, nodes = problem.node_days, problem.nodes

    def own(capacity: I64, usual: I64) -> I64:
        """The limit where the day has one of its own: what is as at the node need not be said."""
        return np.where(capacity == usual[days.node_idx], UNLIMITED, capacity)

    columns = zip(
        nodes.node_id[days.node_idx].tolist(),
        day_texts(days.day),
        [is_open if has_open else None for has_open, is_open in zip(days.has_open, days.is_open.tolist(), strict=True)],
        limits(own(days.max_packages, nodes.max_packages_per_day)),
        limits(own(days.max_units, nodes.max_units_per_day)),
        limits(own(days.max_lines, nodes.max_lines_per_day)),
        decimal_texts(own(days.max_umin, nodes.max_umin_per_day), MINUTE_DECIMALS, UNLIMITED),
        days.used_packages.tolist(),
        days.used_units.tolist(),
        days.used_lines.tolist(),
        decimal_texts(days.used_umin, MINUTE_DECIMALS),
        strict=True,
    )
    return [
        network_pb2.NodeDay(
            node_id=node,
            date=date,
            open=is_open,
            max_packages=packages,
            max_units=units,
            max_lines=lines,
            max_minutes=minutes,
            used_packages=used_packages,
            used_units=used_units,
            used_lines=used_lines,
            used_minutes=used_minutes,
        )
        for (
            node, date, is_open, packages, units, lines, minutes,
            used_packages, used_units, used_lines, used_minutes,
        ) in columns
    ]  # fmt: skip


def holiday_messages(problem: Problem) -> list[network_pb2.Holiday]:
    """A message for every holiday of a node or a service."""
    holidays = problem.calendars
    columns = zip(
        _ids(problem.nodes.node_id, holidays.node_idx),
        _ids(problem.services.service_id, holidays.service_idx),
        day_texts(holidays.day),
        strict=True,
    )
    return [network_pb2.Holiday(node_id=node, service_id=service, date=date) for node, service, date in columns]


def quota_messages(problem: Problem) -> list[network_pb2.ServiceQuota]:
    """A message for every quota of a service, with what is committed."""
    quotas = problem.service_quotas
    columns = zip(
        problem.services.service_id[quotas.service_idx].tolist(),
        date_texts(quotas.day, NO_DATE),
        quotas.max_packages.tolist(),
        quotas.min_packages.tolist(),
        amount_texts(quotas.shortfall_price),
        strict=True,
    )
    return [
        network_pb2.ServiceQuota(
            service_id=service,
            date=date,
            max_packages=most,
            min_packages=least,
            # A price without a commitment would be a fault.
            shortfall_price=price if least else "",
        )
        for service, date, most, least, price in columns
    ]


def _ids(ids: Strings, index: I64) -> list[str]:
    """Ids at positions, '' at -1."""
    known = ids.tolist()
    return ["" if position < 0 else known[position] for position in index.tolist()]
