"""The prices of a certificate: which of them are usable, and where the kernels look them up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splitship.check.capacity import NODE_KINDS, Capacities
from splitship.check.exact import Wholes, wholes
from splitship.check.own_prices import OwnPrices, read_own_prices
from splitship.check.released import QuotasLeft
from splitship.check.reserves import ReservePrices, ReserveRows, reserve_place
from splitship.check.rules import quota_place, quota_rows
from splitship.check.steering import SteeringRows, is_too_large
from splitship.check.stock import Arrivals, DatedRows, StockRows
from splitship.check.violations import Names, Violations, date_text
from splitship.domain import Certificate, Problem, ResourceKind
from splitship.units import I64, MAX_TOTAL_MICROS, UNLIMITED, Bools

KEY_COLUMNS = ("kind", "node_idx", "sku_idx", "service_idx", "day", "rule_idx")
PRICE_COLUMNS = (*KEY_COLUMNS, "price")
SHARE_COLUMNS = ("share_line", "share_value")
NONE = -1


STOCK_KINDS = (ResourceKind.STOCK, ResourceKind.STOCK_UNTIL, ResourceKind.CHANNEL_RESERVE)
"""Kinds that are about a stock position."""
UNDATED_KINDS = (ResourceKind.STOCK, ResourceKind.CHANNEL_RESERVE)
"""Those of them without a day."""


@dataclass(frozen=True, slots=True)
class UntilPrices:
    """Prices of stock until a day, by stock row: `price` [entries of `days`] sums those of the day and all later ones.

    A unit pays the price of the first entry on its ship day or after it.
    """

    days: DatedRows
    price: I64

    def of(self, row: I64, day: I64) -> I64:
        """What a unit pays that ships on a day, 0 for row NONE; arrays that broadcast."""
        at = self.days.first_from(row, day)
        found: I64 = np.where(at >= 0, np.append(self.price, 0)[at], 0)
        return found


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in micros where they are looked up.

    `stock` [stock rows] holds on all days, `until` besides. For the other kinds with a day, `day_code` [days from
    `first_day`] numbers the days that have a price, 0 for those without; `node_packages`, `node_units`, `node_lines`
    and `node_minutes` (a step of minutes) are [codes, nodes], `service_packages` [codes, nodes, services],
    `service_quota` [codes, services], rows of code 0 zero;
    `rule_quota` [codes, package rules] is the price of the day and that of the whole batch together, or the price of a
    package beyond a soft quota where that is less. What packages pay to committed volumes, which is below 0, is in
    `service_quota` too; `units_of_node` [nodes] is what any unit pays that leaves a node, for all shares of nodes.
    `reserves` are prices of sets of reserves.
    `supply_value` is what all supplies are worth, exact: price x supply, or for stock with own prices the most its
    lines can pay. `own` [own prices] are looked up by line.
    """

    stock: I64
    until: UntilPrices
    first_day: int
    day_code: I64
    node_packages: I64
    node_units: I64
    service_packages: I64
    node_lines: I64
    node_minutes: I64
    service_quota: I64
    rule_quota: I64
    supply_value: int
    own: OwnPrices
    units_of_node: I64
    reserves: ReservePrices


def read_prices(
    problem: Problem, capacities: Capacities, arrivals: Arrivals, certificate: Certificate, first_day: int,
    last_day: int, names: Names, found: Violations,
) -> Prices | None:  # fmt: skip
    """The prices of a certificate, None when any is unusable.

    `first_day` and `last_day` bound the days on which any package can leave; a price on another day only counts
    against the bound.
    """
    if not _has_shape(certificate, found):
        return None
    own = read_own_prices(problem, arrivals, certificate, found)
    if own is None:
        return None
    before = len(found.found)
    row = _stock_rows(problem, certificate)
    found.add_rows(
        "DUPLICATE_RESOURCE",
        (row >= 0) & np.isin(row, own.row) & (certificate.kind != ResourceKind.CHANNEL_RESERVE),
        _place,
        lambda at: f"{_resource(certificate, names, at)} has own prices too",
    )
    steering, reserves = SteeringRows(problem, certificate), ReserveRows(problem, certificate, row)
    is_known = _check_keys(problem, certificate, row, steering, reserves, found)
    _check_values(problem, certificate, is_known, steering, names, found)
    supply = _supplies(problem, capacities, arrivals, certificate, row, is_known) + wholes(steering.supply)
    supply += wholes(reserves.supply)
    is_priced = certificate.price != 0
    found.add_rows(
        "UNLIMITED_RESOURCE",
        is_known & is_priced & np.asarray(supply >= UNLIMITED, np.bool_),
        _place,
        lambda at: f"{_resource(certificate, names, at)} has no limit, so its price must be 0",
    )
    if len(found.found) > before:
        return None
    kept = np.flatnonzero(is_priced)
    until = _until_prices(problem, certificate, row, kept, names, found)
    if len(found.found) > before:
        return None
    supply_value = int((wholes(certificate.price[kept]) * supply[kept]).sum()) if len(kept) else 0
    supply_value += own.worth + steering.rounding(certificate)
    of_units = steering.of_units(certificate)
    if is_too_large(of_units):
        found.add("NUMBERS_TOO_LARGE", "certificate", "prices of shares: a unit pays more than 2^62 micros")
        return None
    units_of_node = of_units.astype(np.int64)
    at = kept[reserves.is_reserve[kept]]
    of_reserves = ReservePrices(row[at], certificate.rule_idx[at], certificate.price[at])
    if of_reserves.most_of_position() > 2.0**61:
        found.add("NUMBERS_TOO_LARGE", "certificate", "prices of reserves: a unit pays more than 2^61 micros")
        return None
    days = first_day, last_day
    return _tables(problem, certificate, row, kept, until, days, supply_value, own, units_of_node, of_reserves)


def read_shares(problem: Problem, certificate: Certificate, found: Violations) -> I64:
    """Share values by line, [lines], 0 where none is given; those of orders priced exactly are not used."""
    values = np.zeros(len(problem.lines), np.int64)
    if not _has_shape(certificate, Violations()):
        return values
    line, value = certificate.share_line, certificate.share_value
    is_outside = (line < 0) | (line >= len(values))
    found.add_rows("UNKNOWN_LINE", is_outside, _share_place, lambda at: f"line {line[at]} of {len(values)}")
    found.add_rows("NEGATIVE_SHARE", value < 0, _share_place, lambda at: f"expected 0 or more micros, got {value[at]}")
    found.add_rows(
        "SHARE_TOO_LARGE", value > MAX_TOTAL_MICROS, _share_place, lambda at: f"{value[at]} micros, more than 2^62"
    )
    again = _repeats(line[~is_outside])
    found.add_rows("DUPLICATE_SHARE", again, _share_place, lambda at: f"line {line[~is_outside][at]} is listed twice")
    values[line[~is_outside]] = value[~is_outside]
    return values


def _has_shape(certificate: Certificate, found: Violations) -> bool:
    for columns in (PRICE_COLUMNS, SHARE_COLUMNS):
        arrays = [np.asarray(getattr(certificate, name)) for name in columns]
        for name, array in zip(columns, arrays, strict=True):
            if array.ndim != 1 or array.dtype != np.int64 or len(array) != len(arrays[0]):
                found.add("CERTIFICATE_SHAPE", name, "expected columns of int64 of equal length")
    return not found.found


def _place(row: int) -> str:
    return f"prices[{row}]"


def _share_place(row: int) -> str:
    return f"shares[{row}]"


def _stock_rows(problem: Problem, certificate: Certificate) -> I64:
    is_stock = np.isin(certificate.kind, STOCK_KINDS)
    is_stock &= (certificate.node_idx >= 0) & (certificate.node_idx < len(problem.nodes))
    is_stock &= (certificate.sku_idx >= 0) & (certificate.sku_idx < len(problem.skus))
    row = np.full(len(certificate.kind), NONE, np.int64)
    row[is_stock] = StockRows(problem).rows(certificate.node_idx[is_stock], certificate.sku_idx[is_stock])
    return row


def _check_keys(
    problem: Problem, certificate: Certificate, row: I64, steering: SteeringRows, reserves: ReserveRows,
    found: Violations,
) -> Bools:  # fmt: skip
    """Rows that name a resource of the problem."""
    kind, day = certificate.kind, certificate.day
    is_stock = np.isin(kind, STOCK_KINDS)
    is_quota = kind == ResourceKind.SERVICE_QUOTA
    is_service = (kind == ResourceKind.SERVICE_PACKAGES) | is_quota
    is_rule, is_reserve = kind == ResourceKind.RULE_QUOTA, reserves.is_reserve
    is_known = (kind >= 0) & (kind < len(ResourceKind))
    node = certificate.node_idx
    is_known &= np.where(is_quota | is_rule, node == NONE, (node >= 0) & (node < len(problem.nodes)))
    is_known &= np.where(is_stock, row >= 0, certificate.sku_idx == NONE)
    is_known &= np.where(np.isin(kind, UNDATED_KINDS), day == NONE, np.abs(day) < 2**31)
    service = certificate.service_idx
    is_known &= np.where(is_service, (service >= 0) & (service < len(problem.services)), service == NONE)
    is_known &= np.where(is_rule, _is_rule_quota(problem, certificate), certificate.rule_idx == NONE) | is_reserve
    is_known &= reserves.is_known | ~is_reserve
    is_known = np.where(steering.is_signed, steering.is_known, is_known)
    found.add_rows(
        "UNKNOWN_RESOURCE",
        ~is_known,
        _place,
        lambda at: (
            ", ".join(f"{name} {getattr(certificate, name)[at]}" for name in KEY_COLUMNS)
            + ": the problem has no such resource"
        ),
    )
    return is_known


def _is_rule_quota(problem: Problem, certificate: Certificate) -> Bools:
    """Rows that name the quota of a rule: on a ship day within its dates, or of the batch without a day."""
    row, day = _rule_rows(problem, certificate.rule_idx), certificate.day
    is_quota = row >= 0
    rules, row = problem.package_rules, row[is_quota]
    is_in = (day[is_quota] != NONE) & (rules.first_day[row] <= day[is_quota]) & (day[is_quota] <= rules.last_day[row])
    is_quota[is_quota] = np.where(rules.is_quota_per_day[row], is_in, day[is_quota] == NONE)
    return is_quota


def _rule_rows(problem: Problem, rule: I64) -> I64:
    """Rows in `package_rules` of rules that count packages, NONE for anything else; elementwise."""
    row = np.append(quota_rows(problem), NONE)
    found: I64 = row[np.where((rule >= 0) & (rule < len(problem.rules)), rule, len(problem.rules))]
    return found


def _check_values(
    problem: Problem, certificate: Certificate, is_known: Bools, steering: SteeringRows, names: Names,
    found: Violations,
) -> None:  # fmt: skip
    """Prices from 0 to 2^62 micros, those of what is steered within their range, each resource once."""
    price = certificate.price
    is_negative = (price < 0) & ~steering.is_signed
    found.add_rows("NEGATIVE_PRICE", is_negative, _place, lambda at: f"expected 0 or more micros, got {price[at]}")
    found.add_rows(
        "PRICE_OUT_OF_RANGE",
        steering.is_out_of_range(price),
        _place,
        lambda at: (
            f"{_resource(certificate, names, at)}: expected {-steering.limit[at]} to "
            f"{steering.limit[at] if steering.is_share[at] else 0} micros, got {price[at]}"
        ),
    )
    found.add_rows(
        "PRICE_TOO_LARGE", price > MAX_TOTAL_MICROS, _place, lambda at: f"{price[at]} micros, more than 2^62"
    )
    rows = np.flatnonzero(is_known)
    keys = np.column_stack([getattr(certificate, name)[rows] for name in KEY_COLUMNS])
    _, code = np.unique(keys, axis=0, return_inverse=True)
    again = rows[_repeats(code.ravel())]
    found.add_rows(
        "DUPLICATE_RESOURCE", again, _place, lambda at: f"{_resource(certificate, names, at)} is priced twice"
    )


def _repeats(values: I64) -> I64:
    """Positions of values that stand earlier in the column too."""
    by_value = np.argsort(values, kind="stable")
    is_again = np.diff(values[by_value]) == 0
    repeats: I64 = np.sort(by_value[1:][is_again]).astype(np.int64)
    return repeats


def _supplies(
    problem: Problem, capacities: Capacities, arrivals: Arrivals, certificate: Certificate, row: I64, is_known: Bools
) -> Wholes:
    """Supply of every row's resource, 0 where it is unknown."""
    supply = np.zeros(len(row), np.int64)
    node, service, kind, day = certificate.node_idx, certificate.service_idx, certificate.kind, certificate.day
    at = np.flatnonzero(is_known & (kind == ResourceKind.STOCK))
    supply[at] = arrivals.most[row[at]]
    at = np.flatnonzero(is_known & (kind == ResourceKind.STOCK_UNTIL))
    supply[at] = arrivals.by(row[at], day[at])
    at = np.flatnonzero(is_known & np.isin(kind, NODE_KINDS))
    column = np.zeros(len(ResourceKind), np.int64)
    column[list(NODE_KINDS)] = np.arange(len(NODE_KINDS))
    supply[at] = capacities.left(node[at], day[at])[np.arange(len(at)), column[kind[at]]]
    at = np.flatnonzero(is_known & (kind == ResourceKind.SERVICE_QUOTA))
    supply[at] = capacities.quota(service[at], day[at])
    at = np.flatnonzero(is_known & (kind == ResourceKind.RULE_QUOTA))
    left, rule = QuotasLeft(problem), _rule_rows(problem, certificate.rule_idx[at])
    supply[at] = [left.of(*key) for key in zip(rule.tolist(), day[at].tolist(), strict=True)]
    at = np.flatnonzero(is_known & (kind == ResourceKind.SERVICE_PACKAGES))
    supply[at] = capacities.of_service(node[at], service[at], day[at])
    return wholes(supply)


def _resource(certificate: Certificate, names: Names, row: int) -> str:
    kind, day = ResourceKind(int(certificate.kind[row])), int(certificate.day[row])
    if kind in (ResourceKind.SERVICE_QUOTA, ResourceKind.SERVICE_COMMITMENT):
        return f"{kind.label} of {names.service(int(certificate.service_idx[row]))}, {date_text(day)}"
    if kind == ResourceKind.RULE_QUOTA:
        return f"{kind.label} of {quota_place(names, int(certificate.rule_idx[row]), day)}"
    node = names.node(int(certificate.node_idx[row]))
    if kind == ResourceKind.NODE_SHARE:
        return f"{kind.label} of {node}"
    if kind in UNDATED_KINDS:
        place = f"{kind.label} of {node}, {names.sku(int(certificate.sku_idx[row]))}"
        if kind == ResourceKind.STOCK:
            return place
        position = int(_stock_rows(names.problem, certificate)[row])
        return f"{place}, {reserve_place(names.problem, names, position, int(certificate.rule_idx[row]))}"
    if kind == ResourceKind.STOCK_UNTIL:
        node += f", {names.sku(int(certificate.sku_idx[row]))}"
    if kind == ResourceKind.SERVICE_PACKAGES:
        node += f", {names.service(int(certificate.service_idx[row]))}"
    return f"{kind.label} of {node}, {date_text(day)}"


def _until_prices(
    problem: Problem, certificate: Certificate, row: I64, kept: I64, names: Names, found: Violations
) -> UntilPrices:
    """Prices of stock until a day, those of a position summed from the last day backwards."""
    at = kept[certificate.kind[kept] == ResourceKind.STOCK_UNTIL]
    days = DatedRows(row[at], certificate.day[at], len(problem.stock))
    at = at[days.order]
    from_last = np.cumsum(wholes(certificate.price[at])[::-1])[::-1]
    later = np.append(from_last, 0)[days.ptr[days.row + 1]]
    price = wholes(from_last - later)
    found.add_rows(
        "PRICE_TOO_LARGE",
        np.asarray(price > MAX_TOTAL_MICROS, np.bool_),
        lambda entry: _place(int(at[entry])),
        lambda entry: (
            f"{_resource(certificate, names, int(at[entry]))}: {price[entry]} micros with those of later days"
        ),
    )
    return UntilPrices(days, np.minimum(price, MAX_TOTAL_MICROS).astype(np.int64))


def _tables(
    problem: Problem, certificate: Certificate, row: I64, kept: I64, until: UntilPrices, days: tuple[int, int],
    supply_value: int, own: OwnPrices, units_of_node: I64, reserves: ReservePrices,
) -> Prices:  # fmt: skip
    first_day, last_day = days
    num_nodes, num_services = len(problem.nodes), len(problem.services)
    kind, day, price, node = (getattr(certificate, name)[kept] for name in ("kind", "day", "price", "node_idx"))
    stock = np.zeros(len(problem.stock), np.int64)
    is_stock = kind == ResourceKind.STOCK
    stock[row[kept][is_stock]] = price[is_stock]
    of_rule = _rule_rows(problem, certificate.rule_idx[kept])
    is_rule = kind == ResourceKind.RULE_QUOTA
    is_batch = is_rule & (day == NONE)
    is_dated = (
        ~np.isin(kind, (*STOCK_KINDS, ResourceKind.NODE_SHARE)) & ~is_batch & (day >= first_day) & (day <= last_day)
    )
    priced_days = np.unique(day[is_dated])
    day_code = np.zeros(max(0, last_day - first_day + 1), np.int64)
    day_code[priced_days - first_day] = np.arange(1, len(priced_days) + 1)
    num_codes = len(priced_days) + 1
    per_node = {wanted: np.zeros((num_codes, num_nodes), np.int64) for wanted in NODE_KINDS}
    for wanted, table in per_node.items():
        at = is_dated & (kind == wanted)
        table[day_code[day[at] - first_day], node[at]] = price[at]
    of_service = np.zeros((num_codes, num_nodes, num_services), np.int64)
    at = is_dated & (kind == ResourceKind.SERVICE_PACKAGES)
    of_service[day_code[day[at] - first_day], node[at], certificate.service_idx[kept][at]] = price[at]
    quota = np.zeros((num_codes, num_services), np.int64)
    at = is_dated & (kind == ResourceKind.SERVICE_QUOTA)
    quota[day_code[day[at] - first_day], certificate.service_idx[kept][at]] = price[at]
    at = is_dated & (kind == ResourceKind.SERVICE_COMMITMENT)
    quota[day_code[day[at] - first_day], certificate.service_idx[kept][at]] += price[at]
    at = is_dated & is_rule
    rule_quota = np.zeros((num_codes, len(problem.package_rules)), np.int64)
    rule_quota[day_code[day[at] - first_day], of_rule[at]] = price[at]
    rule_quota[:, of_rule[is_batch]] += price[is_batch]
    # A package may count beyond a soft quota, at that price, instead of within it.
    rules = problem.package_rules
    rule_quota[:, rules.is_soft] = np.minimum(rule_quota, rules.over_price)[:, rules.is_soft]
    return Prices(
        stock,
        until,
        first_day,
        day_code,
        per_node[ResourceKind.NODE_PACKAGES],
        per_node[ResourceKind.NODE_UNITS],
        of_service,
        per_node[ResourceKind.NODE_LINES],
        per_node[ResourceKind.NODE_MINUTES],
        quota,
        rule_quota,
        supply_value,
        own,
        units_of_node,
        reserves,
    )
