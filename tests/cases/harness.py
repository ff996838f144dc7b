"""From a case to the ways of solving it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from cases import (  # noqa: F401  (registers the cases)
    case_calendars,
    case_commitments,
    case_days,
    case_inbound,
    case_kits,
    case_least_values,
    case_limits,
    case_pickup,
    case_promises,
    case_rejections,
    case_released,
    case_reserves,
    case_rules,
    case_shares,
    case_soft_quotas,
    case_stock_prices,
    case_substitutes,
    case_supply,
    case_surcharges,
    case_tariffs,
)
from cases.scene import Case, all_cases
from oracles.brute import Package
from oracles.generate import build
from splitship.domain import Problem

CASES: tuple[Case, ...] = tuple(all_cases())


@cache
def problem_of(case: Case) -> Problem:
    """The case as a validated problem, made once a run."""
    return build((case.scene.tables, case.scene.settings))


def texts_of(packages: Iterable[Package]) -> Counter[str]:
    """Packages as the texts that cases expect; a line in parts is one."""
    return Counter(
        f"{package.order_id}: {', '.join(f'{units} {line}' for line, units in _whole_lines(package))}"
        f" from {package.node_id} by {package.service_id} on {package.ship_on.isoformat()}"
        for package in packages
    )


def _whole_lines(package: Package) -> list[tuple[str, int]]:
    """The contents of a package, with the parts of a line together."""
    units: Counter[str] = Counter()
    for name, number in package.units:
        units[re.sub("#[0-9]+", "", name)] += number
    return list(units.items())
