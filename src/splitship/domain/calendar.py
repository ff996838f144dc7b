"""What single days are like: capacity and use of nodes, holidays, volumes of services."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.units import I64, Amounts, Bools


@dataclass(frozen=True, slots=True)
class NodeDays:
    """Single ship days of nodes, sorted by node, day; each [node days].

    Where `has_open`, `is_open` says whether the node ships on `day`, whatever its working days and holidays say.
    The capacities are those in force on the day (the row's own, else the node's, else UNLIMITED), minutes in
    10^-6 minutes; the `used_` columns are what others have used of them, possibly more than there is.
    """

    node_idx: I64
    day: I64
    has_open: Bools
    is_open: Bools
    max_packages: I64
    max_units: I64
    max_lines: I64
    max_umin: I64
    used_packages: I64
    used_units: I64
    used_lines: I64
    used_umin: I64

    @classmethod
    def empty(cls) -> NodeDays:
        """No day is different."""
        none, no = np.zeros(0, np.int64), np.zeros(0, np.bool_)
        return cls(none, none, no, no, *(none for _ in range(8)))

    def __len__(self) -> int:
        return len(self.node_idx)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Holidays of nodes and services, sorted by node, service, day; each [holidays].

    On `day` the node does not work, or the service neither collects nor delivers: one of `node_idx` and `service_idx`
    is -1.
    """

    node_idx: I64
    service_idx: I64
    day: I64

    @classmethod
    def empty(cls) -> Calendars:
        """No holidays."""
        none = np.zeros(0, np.int64)
        return cls(none, none, none)

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, slots=True)
class ServiceQuotas:
    """Packages of a service a ship day over all nodes, sorted by service, day; each [quotas].

    `day` is NO_DATE for every day without a row of its own. At most `max_packages`; each package missing from
    `min_packages` (0: none is committed) costs `shortfall_price`.
    """

    service_idx: I64
    day: I64
    max_packages: I64
    min_packages: I64
    shortfall_price: Amounts

    @classmethod
    def empty(cls) -> ServiceQuotas:
        """No limit over all nodes and no commitment."""
        none = np.zeros(0, np.int64)
        return cls(none, none, none, none, Amounts.zeros(0))

    def __len__(self) -> int:
        return len(self.service_idx)
