"""The rules once more, plain and slow, in fractions: one package, one order, one plan at a time."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache, cached_property
from itertools import product
from zoneinfo import ZoneInfo

from check_slow_kept import (
    Reserve,
    kept_promises,
    released_at,
    released_by,
    released_of_rule,
    reserve_cost,
    reserves_of,
    ways_to_take,
)
from check_slow_steering import commitments, share_unit

from splitship.domain import OrderLines, Problem
from splitship.domain.rule_columns import RuleColumns
from splitship.domain.rule_reference import rule_matches
from splitship.domain.where import TextColumn
from splitship.units import I64, NO_DATE, UNLIMITED, Amounts

EPOCH = date(1970, 1, 1)
Content = tuple[int, ...]
"""Units of each line of an order."""
Key = tuple[str, int, int, int]
"""A resource: kind, node (-1), SKU, service or rule (-1), ship day (-1); of reserves, the set of them (a mask)."""
Own = tuple[int, int]
"""A line and a node."""
Pay = tuple[int, int, int]
"""Micros a package, a line and a unit."""


def value(amounts: Amounts, row: int) -> Fraction:
    return Fraction(int(amounts.micros[row]), 10**6) + Fraction(int(amounts.atto[row]), 10**18)


def micros(money: Fraction) -> int:
    """Half to even, which is what round() does to a fraction."""
    return round(money * 10**6)


@dataclass(frozen=True)
class Choice:
    """A way to send a package: node, service, ship day, and what follows from them."""

    node: int
    service: int
    day: int
    zone: str
    delivery: int
    start: int


class Slow:
    """The rules of one problem, in which lines ship the SKUs `sku_idx`, their own ones when none are given."""

    def __init__(self, problem: Problem, sku_idx: I64 | None = None) -> None:
        self.p = problem
        self.sku_idx = problem.lines.sku_idx if sku_idx is None else sku_idx
        self._columns: RuleColumns | None = None
        self.stock = {
            (int(n), int(k)): max(0, int(h) - int(r) - int(s))
            for n, k, h, r, s in zip(
                problem.stock.node_idx,
                problem.stock.sku_idx,
                problem.stock.on_hand,
                problem.stock.reserved,
                problem.stock.safety_stock,
                strict=True,
            )
        }

    # What the tables of features say, as they were given.

    @cached_property
    def given_line(self) -> list[int]:
        """The line of the given problem of every line: components of a kit have one together."""
        found: list[int] = []
        kits, parts = self.p.lines.kit_line_idx.tolist(), self.p.lines.part_of.tolist()
        for line, (kit, part) in enumerate(zip(kits, parts, strict=True)):
            before = (-1, -1) if line == 0 else (kits[line - 1], parts[line - 1])
            is_same = kit == before[0] >= 0 or part == before[1] >= 0
            found.append(found[-1] if is_same else len(set(found)))
        return found

    @cached_property
    def seen(self) -> Problem:
        """What conditions see: orders and lines before rules set anything, services and SKUs that ship."""
        given = self.p.as_given
        rows = self.given_line
        columns = {field.name: getattr(given.lines, field.name) for field in dataclasses.fields(given.lines)}
        taken = {
            name: column.take(rows) if isinstance(column, Amounts) else column[rows]
            for name, column in columns.items()
            if name != "attributes"
        }
        attributes = {name: column[rows] for name, column in given.lines.attributes.items()}
        lines = OrderLines(**taken | {"sku_idx": self.sku_idx, "attributes": attributes})
        return dataclasses.replace(given, lines=lines, services=self.p.services)

    def variants(self, order: int) -> list[Slow]:
        """Every way to ship the lines of an order in one SKU each."""
        table = self.p.as_given.substitutes
        ways = []
        for line in self.lines(order):
            own = int(self.p.lines.sku_idx[line])
            others = [int(b) for a, b in zip(table.sku_idx, table.substitute_sku_idx, strict=True) if a == own]
            ways.append([own, *others])
        found = []
        for skus in product(*ways):
            sku_idx = self.p.lines.sku_idx.copy()
            sku_idx[self.lines(order)] = skus
            found.append(self if len(found) == 0 else Slow(self.p, sku_idx))
        return found

    def taken(self, node: int, line: int) -> int:
        """What a unit of a line costs, in micros, for its stock and for replacing the SKU that was ordered."""
        sku, own, total = int(self.sku_idx[line]), int(self.p.lines.sku_idx[line]), 0
        prices, table = self.p.as_given.stock_prices, self.p.as_given.substitutes
        for row in range(len(prices)):
            if (prices.node_idx[row], prices.sku_idx[row]) == (node, sku):
                total += micros(value(prices.price_per_unit, row))
        for row in range(len(table)):
            if (table.sku_idx[row], table.substitute_sku_idx[row]) == (own, sku):
                total += micros(value(table.price_per_unit, row))
        return total

    def target(self, choice: Choice) -> int | None:
        """The node that receives a package from another one, None when there is none."""
        to = int(self.p.services.pickup_node_idx[choice.service])
        return None if to in (-1, choice.node) else to

    def ends(self, choice: Choice) -> list[tuple[int, int]]:
        """Nodes and days whose capacity a package takes."""
        to = self.target(choice)
        return [(choice.node, choice.day), *([] if to is None else [(to, choice.delivery)])]

    def moved(self, choice: Choice) -> int:
        """What a unit costs to move to the node that receives it, in micros."""
        table, to = self.p.as_given.transfers, self.target(choice)
        for row in range(len(table)):
            if (table.from_node_idx[row], table.to_node_idx[row]) == (choice.node, to):
                return micros(value(table.cost_per_unit, row))
        return 0

    def is_rejected(self, line: int, node: int) -> bool:
        """Whether a node refused the line or its order."""
        given = self.p.as_given.rejections
        asked = {(int(self.p.lines.order_idx[line]), -1), (int(self.p.lines.order_idx[line]), self.given_line[line])}
        return any(
            (int(given.order_idx[row]), int(given.line_idx[row])) in asked and given.node_idx[row] == node
            for row in range(len(given))
        )

    def kits(self, order: int, content: Content, is_together: bool) -> bool:
        """Whether whole kits ship: all of an order's, or those of which the components stay together."""
        numbers: dict[int, set[Fraction]] = {}
        for line, units in zip(self.lines(order), content, strict=True):
            kit = int(self.p.lines.kit_line_idx[line])
            if kit >= 0 and (self.p.lines.is_together[line] or not is_together):
                numbers.setdefault(kit, set()).add(Fraction(units, int(self.p.lines.kit_quantity[line])))
        return all(len(found) == 1 and next(iter(found)).denominator == 1 for found in numbers.values())

    def is_worth(self, order: int, content: Content, name: str) -> bool:
        """Whether contents are worth a least value that rules set."""
        least = getattr(self.p.orders, name)
        worth = sum(
            units * value(self.p.lines.unit_value, line) for line, units in zip(self.lines(order), content, strict=True)
        )
        return least is None or worth * 10**6 >= int(least[order])

    def may_ship(self, order: int, content: Content) -> bool:
        """Whether this may be all that ships of an order, if anything does."""
        return self.kits(order, content, False) and self.is_worth(order, content, "min_order_value")

    def stock_by(self, node: int, sku: int, day: int) -> int:
        """Units of a position that are there by a ship day."""
        there = self.stock.get((node, sku), 0)
        for row in range(len(self.p.inbound)):
            at, of = self.p.inbound.node_idx[row], self.p.inbound.sku_idx[row]
            if (at, of) == (node, sku) and self.p.inbound.available_day[row] <= day:
                there += int(self.p.inbound.quantity[row])
        return there

    def stock_price(self, node: int, sku: int, day: int, prices: Mapping[Key, int]) -> int:
        """What a unit that ships on a day pays for days: for each from then on that has a price."""
        return sum(
            price
            for (kind, at, of, until), price in prices.items()
            if (kind, at, of) == ("stock_until", node, sku) and until >= day
        )

    def lines(self, order: int) -> list[int]:
        return list(range(int(self.p.line_ptr[order]), int(self.p.line_ptr[order + 1])))

    def lane(self, order: int, node: int, service: int) -> tuple[str, int] | None:
        lanes, orders = self.p.lanes, self.p.orders
        best: tuple[int, int] | None = None
        for row in range(len(lanes)):
            if (lanes.service_idx[row], lanes.node_idx[row]) != (service, node):
                continue
            prefix = "" if lanes.destination[row] == "*" else lanes.destination[row]
            if lanes.country[row] == orders.country[order] and orders.postal_code[order].startswith(prefix):
                best = max(best or (-1, -1), (len(prefix), row))
        return None if best is None else (lanes.zone[best[1]], int(lanes.transit_days[best[1]]))

    def start(self, order: int, node: int) -> datetime:
        seconds, rest = divmod(max(self.p.as_of_us, int(self.p.orders.placed_at_us[order])), 10**6)
        moment = datetime.fromisoformat("1970-01-01T00:00:00+00:00") + timedelta(seconds=seconds, microseconds=rest)
        return moment.astimezone(ZoneInfo(self.p.nodes.timezone[node]))

    @cache  # noqa: B019
    def works(self, node: int, day: date) -> bool:
        """A working day: what node_days say, else no holiday and one of the week's."""
        number, single, holidays = (day - EPOCH).days, self.p.node_days, self.p.calendars
        for row in range(len(single)):
            if (single.node_idx[row], single.day[row]) == (node, number) and single.has_open[row]:
                return bool(single.is_open[row])
        is_holiday = (node, number) in zip(holidays.node_idx.tolist(), holidays.day.tolist(), strict=True)
        return bool(self.p.nodes.working_days[node][day.weekday()]) and not is_holiday

    @cache  # noqa: B019
    def runs(self, service: int, day: date, delivers: bool) -> bool:
        """Whether a service delivers, or collects, on a day."""
        number, services, holidays = (day - EPOCH).days, self.p.services, self.p.calendars
        is_holiday = (service, number) in zip(holidays.service_idx.tolist(), holidays.day.tolist(), strict=True)
        week = services.delivery_days if delivers else services.ship_days
        return bool(week[service][day.weekday()]) and not is_holiday

    def seek(self, day: date, is_it: Callable[[date], bool]) -> date | None:
        """The first such day from `day` on, within three years of 366 days."""
        for ahead in range(3 * 366 + 1):
            if is_it(day + timedelta(days=ahead)):
                return day + timedelta(days=ahead)
        return None

    def deliver(self, service: int, day: date) -> date | None:
        """When what arrives on `day` is delivered."""
        return self.seek(day, lambda at: self.runs(service, at, True))

    def limit(self, kind: str, place: int, day: int) -> int:
        """What is left of a capacity on a day: minutes in the largest step that all need multiples of."""
        nodes, single, quotas = self.p.nodes, self.p.node_days, self.p.service_quotas
        if kind == "service_quota":
            rows = {int(d): int(m) for s, d, m in zip(quotas.service_idx, quotas.day, quotas.max_packages, strict=True)
                    if s == place}  # fmt: skip
            most = rows.get(day, rows.get(NO_DATE, UNLIMITED))
            return most if most >= UNLIMITED else max(0, most - released_by(self.p, place, day))
        name = {"node_packages": "packages", "node_units": "units", "node_lines": "lines", "node_minutes": "umin"}[kind]
        most, used = int(getattr(nodes, f"max_{name}_per_day")[place]), 0
        for row in range(len(single)):
            if (single.node_idx[row], single.day[row]) == (place, day):
                most, used = int(getattr(single, f"max_{name}")[row]), int(getattr(single, f"used_{name}")[row])
        used += released_at(self.p, place, day)[("packages", "units", "lines", "umin").index(name)]
        left = most if most >= UNLIMITED else max(0, most - used)
        return left // self.step if kind == "node_minutes" and most < UNLIMITED else left

    @property
    def step(self) -> int:
        """What all minutes are multiples of."""
        nodes = self.p.nodes
        return math.gcd(*nodes.umin_per_package.tolist(), *nodes.umin_per_unit.tolist()) or 1

    def minutes(self, node: int, units: int) -> int:
        """Steps of minutes that a package takes."""
        nodes = self.p.nodes
        return (int(nodes.umin_per_package[node]) + int(nodes.umin_per_unit[node]) * units) // self.step

    def ship_days(self, order: int, node: int, service: int, transit: int) -> list[int]:
        """Every day on which a package may leave, whatever is in it."""
        nodes = self.p.nodes
        local = self.start(order, node)
        clock = local - local.replace(hour=0, minute=0, second=0, microsecond=0, fold=local.fold)
        wall = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        assert clock == wall
        day = local.date()
        if wall > timedelta(microseconds=int(nodes.cutoff_us[node])):
            day += timedelta(days=1)

        def is_working(at: date) -> bool:
            return self.works(node, at)

        def is_both(at: date) -> bool:
            return self.works(node, at) and self.runs(service, at, False)

        def is_in_time(at: date) -> bool:
            delivery = self.deliver(service, at + timedelta(days=transit))
            return delivery is not None and (delivery - EPOCH).days >= not_before

        ready = self.seek(day, is_working)
        for _ in range(int(nodes.lead_days[node])):
            ready = ready and self.seek(ready + timedelta(days=1), is_working)
        first = ready and self.seek(ready, is_both)
        if first is None:
            return []
        not_before = int(self.p.orders.not_before[order])
        last = max((first - EPOCH).days + self.p.limits.horizon_days, int(self.p.orders.hold_until[order]))
        window = [EPOCH + timedelta(days=number) for number in range((first - EPOCH).days, last + 1)]
        window = [at for at in window if is_both(at)]
        in_time = [at for at in window if is_in_time(at)]
        if not in_time:
            waiting = self.seek(EPOCH + timedelta(days=last + 1), lambda at: is_both(at) and is_in_time(at))
            in_time = [waiting] if waiting else []
        return [(at - EPOCH).days for at in in_time]

    def distance(self, order: int, node: int) -> float:
        orders, nodes = self.p.orders, self.p.nodes
        lat, lon = math.radians(orders.latitude[order]), math.radians(orders.longitude[order])
        to_lat, to_lon = math.radians(nodes.latitude[node]), math.radians(nodes.longitude[node])
        square = math.sin((to_lat - lat) / 2) ** 2
        square += math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
        return 2 * 6371.0088 * math.asin(math.sqrt(square))

    @cache  # noqa: B019
    def choices(self, order: int) -> list[Choice]:
        """Every node, service and ship day that is possible apart from what is in the package."""
        return list(self._choices(order))

    def _choices(self, order: int) -> Iterator[Choice]:
        p = self.p
        excluded = p.orders.excluded_node_idx[p.orders.excluded_ptr[order] : p.orders.excluded_ptr[order + 1]]
        for node, service in product(range(len(p.nodes)), range(len(p.services))):
            lane = self.lane(order, node, service)
            limit, far = p.limits.max_transit_days, p.limits.max_distance_km
            if p.orders.max_transit_days is not None:
                limit = int(p.orders.max_transit_days[order])
            if p.orders.max_distance_km is not None and not math.isinf(p.orders.max_distance_km[order]):
                far = p.orders.max_distance_km[order]
            if not p.nodes.is_open[node] or node in excluded or lane is None:
                continue
            is_carried = p.services.pickup_node_idx[service] < 0
            if far is not None and is_carried and self.distance(order, node) > far:
                continue
            if limit is not None and lane[1] > limit:
                continue
            if not p.node_services.is_offered[node, service]:
                continue
            if p.node_services.max_packages_per_day[node, service] < 1 or not self.brackets(service, lane[0]):
                continue
            for day in self.ship_days(order, node, service, lane[1]):
                delivery = self.deliver(service, EPOCH + timedelta(days=day + lane[1]))
                limits = self.limit("node_packages", node, day), self.limit("service_quota", service, day)
                limits += (self.supply(("service_packages", node, service, day)),)
                if delivery is None or min(limits) < 1:
                    continue
                start = (self.start(order, node).date() - EPOCH).days
                yield Choice(node, service, day, lane[0], (delivery - EPOCH).days, start)

    @cache  # noqa: B019
    def brackets(self, service: int, zone: str) -> list[tuple[Fraction, Fraction, Fraction | None]]:
        rates = self.p.rates
        return sorted(
            (
                Fraction(int(rates.up_to_ug[row]), 10**9),
                value(rates.price, row),
                value(rates.per_extra, row) if rates.has_extra[row] else None,
            )
            for row in range(len(rates))
            if rates.service_idx[row] == service and rates.zone[row] == zone
        )

    def weights(self, order: int, content: Content, service: int) -> tuple[Fraction, Fraction]:
        """Actual and billable kilograms."""
        skus, services = self.p.skus, self.p.services
        actual, cm3 = Fraction(0), Fraction(0)
        for line, units in zip(self.lines(order), content, strict=True):
            sku = int(self.sku_idx[line])
            actual += units * Fraction(int(skus.weight_ug[sku]), 10**9)
            sides = (skus.length_ncm[sku], skus.width_ncm[sku], skus.height_ncm[sku])
            cm3 += units * math.prod(Fraction(int(side), 10**9) for side in sides)
        billable = actual
        if services.dim_divisor[service]:
            billable = max(actual, cm3 / Fraction(int(services.dim_divisor[service]), 10**9))
        if services.weight_step_ug[service]:
            step = Fraction(int(services.weight_step_ug[service]), 10**9)
            billable = math.ceil(billable / step) * step
        return actual, billable

    def rate(self, service: int, zone: str, billable: Fraction) -> Fraction | None:
        brackets = self.brackets(service, zone)
        for up_to, price, _ in brackets:
            if billable <= up_to:
                return price
        up_to, price, extra = brackets[-1]
        return None if extra is None else price + extra * (billable - up_to)

    # Rules and surcharges.

    @property
    def columns(self) -> RuleColumns:
        """What conditions see: the tables before rules set anything."""
        if self._columns is None:
            self._columns = RuleColumns(self.seen)
        return self._columns

    @cache  # noqa: B019
    def about(self, line: int, choice: Choice) -> list[int]:
        """Rules that forbid, price or count a line."""
        met = rule_matches(self.seen, line, choice.node, choice.service, choice.day, columns=self.columns)
        return sorted({*met.forbids, *met.prices, *met.quotas})

    def counts(self, order: int, choice: Choice, content: Content) -> list[int]:
        """Rules with a quota to which a package belongs."""
        held = [line for line, units in zip(self.lines(order), content, strict=True) if units]
        about = {rule for line in held for rule in self.about(line, choice)}
        quotas = {rule: self.p.rules[rule].quota for rule in about}
        return sorted(rule for rule, quota in quotas.items() if quota is not None and quota.packages)

    def is_forbidden(self, line: int, choice: Choice) -> bool:
        """Whether a rule keeps a line out of packages, or lets none of them leave."""
        about = self.about(line, choice)
        for at in about:
            quota = self.p.rules[at].quota
            if quota is None or quota.price_over is not None:
                continue
            if self.supply(("rule_quota", -1, at, choice.day if quota.per == "day" else -1)) == 0:
                return True
        return any(self.p.rules[at].is_forbidden for at in about)

    def over_price(self, rule: int) -> int | None:
        """Micros of a package beyond a quota, None when there is none."""
        quota = self.p.rules[rule].quota
        over = None if quota is None else quota.price_over
        return None if over is None else micros(Fraction(over))

    def soft(self, packages: list[tuple[int, Choice, Content]]) -> int:
        """What packages beyond soft quotas cost together, in micros."""
        counts: dict[tuple[int, int], int] = {}
        for order, choice, content in packages:
            for rule in self.counts(order, choice, content):
                quota = self.p.rules[rule].quota
                key = rule, choice.day if quota is not None and quota.per == "day" else -1
                counts[key] = counts.get(key, 0) + 1
        beyond = {key: max(0, count - self.supply(("rule_quota", -1, *key))) for key, count in counts.items()}
        return sum(number * (self.over_price(rule) or 0) for (rule, _), number in beyond.items())

    @cache  # noqa: B019
    def fits_surcharge(self, row: int, line: int, choice: Choice) -> bool:
        """Whether a package with a line fits a surcharge for that line."""
        table, lines = self.p.surcharges, self.p.lines
        at = {"order": int(lines.order_idx[line]), "line": line, "sku": int(self.sku_idx[line]),
              "node": choice.node, "service": choice.service}  # fmt: skip
        if table.service_idx[row] not in (-1, choice.service) or self.p.services.pickup_node_idx[choice.service] >= 0:
            return False
        for condition in table.conditions[row]:
            column = self.columns.column(condition.subject, condition.column)
            assert isinstance(column, TextColumn)
            text = column.text(at[condition.subject])
            if text not in condition.values and not any(text.startswith(begin) for begin in condition.prefixes):
                return False
        return True

    def payments(self, line: int, choice: Choice) -> dict[tuple[str, int], Pay]:
        """What rules and surcharges about a line ask, by kind and number."""
        found: dict[tuple[str, int], Pay] = {}
        for rule in self.about(line, choice):
            price = self.p.rules[rule].price
            if price:
                exact = [micros(Fraction(amount)) for amount in (price.per_package, price.per_line, price.per_unit)]
                found["rule", rule] = (exact[0], exact[1], exact[2])
            quota = self.p.rules[rule].quota
            if quota is not None and quota.packages == 0:  # every package is beyond it
                package, a_line, a_unit = found.get(("rule", rule), (0, 0, 0))
                found["rule", rule] = (package + (self.over_price(rule) or 0), a_line, a_unit)
        table = self.p.surcharges
        for row in range(len(table)):
            if self.fits_surcharge(row, line, choice):
                share = micros(value(table.share_of_value, row) * value(self.p.lines.unit_value, line))
                found["surcharge", row] = (micros(value(table.per_package, row)), 0, share)
        return found

    def added(self, order: int, choice: Choice, content: Content, kind: str) -> int:
        """What rules, or surcharges, add to a package, in micros."""
        once: dict[int, int] = {}
        total = 0
        for line, units in zip(self.lines(order), content, strict=True):
            for (of, number), (package, a_line, a_unit) in (self.payments(line, choice) if units else {}).items():
                if of == kind:
                    once[number] = package
                    total += a_line + a_unit * units
        return total + sum(once.values())

    def terms(self, order: int, choice: Choice, content: Content) -> tuple[int, int, int, int, int] | None:
        """Shipping, handling, delivery, late and rules in micros; None when too heavy."""
        p, nodes, objective = self.p, self.p.nodes, self.p.objective
        actual, billable = self.weights(order, content, choice.service)
        rate = self.rate(choice.service, choice.zone, billable)
        if rate is None or actual * 10**9 > int(p.services.max_weight_ug[choice.service]):
            return None
        handling = value(nodes.package_cost, choice.node)
        handling += value(nodes.line_cost, choice.node) * sum(units > 0 for units in content)
        handling += value(nodes.unit_cost, choice.node) * sum(content)
        delivery = Fraction(objective.delivery_day) * (choice.delivery - choice.start)
        late = Fraction(objective.late_day) * max(0, choice.delivery - int(p.orders.deliver_by[order]))
        shipping = micros(rate) + self.added(order, choice, content, "surcharge")
        shipping += self.moved(choice) * sum(content)
        rules = self.added(order, choice, content, "rule")
        rules += sum(
            units * self.taken(choice.node, line) for line, units in zip(self.lines(order), content, strict=True)
        )
        late_cost = micros(late * value(p.orders.priority, order))
        return shipping, micros(handling), micros(delivery), late_cost, rules

    def is_possible(self, order: int, choice: Choice, content: Content) -> bool:
        """Stock, ship-alone, rules, and units, lines and minutes a day of one package by itself; and all of `kits`."""
        lines, skus = self.p.lines, self.p.skus
        held = [line for line, units in zip(self.lines(order), content, strict=True) if units]
        if len(held) > 1 and any(skus.is_ship_alone[self.sku_idx[line]] for line in held):
            return False
        to = self.p.services.pickup_node_idx[choice.service]
        if any(lines.pickup_node_idx[line] != to or self.is_rejected(line, choice.node) for line in held):
            return False
        if not self.kits(order, content, True) or not self.is_worth(order, content, "min_package_value"):
            return False
        if any(self.is_forbidden(line, choice) for line in held):
            return False
        used: dict[int, int] = {}
        for line, units in zip(self.lines(order), content, strict=True):
            if units:
                sku = int(self.sku_idx[line])
                used[sku] = used.get(sku, 0) + units
        if any(units > self.stock_by(choice.node, sku, choice.day) for sku, units in used.items()):
            return False
        if any(self.reserved(order, choice.node, sku, units, {}) is None for sku, units in used.items()):
            return False
        for at, day in self.ends(choice):
            needs = {"node_packages": 1, "node_units": sum(content), "node_lines": len(held)}
            needs["node_minutes"] = self.minutes(at, sum(content))
            if any(need > self.limit(kind, at, day) for kind, need in needs.items()):
                return False
        return True

    @cache  # noqa: B019
    def reserves(self, node: int, sku: int) -> list[Reserve]:
        """The reserves of a position."""
        return reserves_of(self.p, node, sku, self.stock_by(node, sku, NO_DATE))

    def reserved(self, order: int, node: int, sku: int, units: int, prices: Mapping[Key, int]) -> int | None:
        """The least that units pay for reserves if they ship alone, None when reserves do not let them."""
        kept, available = self.reserves(node, sku), self.stock_by(node, sku, NO_DATE)
        if not kept:
            return 0
        own = {
            mask: price
            for (kind, at, of, mask), price in prices.items()
            if (kind, at, of) == ("channel_reserve", node, sku)
        }
        ways = ways_to_take(kept, available, str(self.p.orders.channel[order]), units, own)
        return min(ways, default=None)

    def reserve_cost(self, packages: list[tuple[int, Choice, Content]], variants: Sequence[Slow]) -> int | None:
        """What a plan pays for reserves, None when it breaks one."""
        taken: dict[tuple[int, int], Counter[str]] = {}
        for variant, (order, choice, content) in zip(variants, packages, strict=True):
            for line, units in zip(self.lines(order), content, strict=True):
                at = taken.setdefault((choice.node, int(variant.sku_idx[line])), Counter())
                at[str(self.p.orders.channel[order])] += units
        costs = [reserve_cost(self.reserves(*at), self.stock_by(*at, NO_DATE), units) for at, units in taken.items()]
        return None if None in costs else sum(cost or 0 for cost in costs)

    def promised(self, order: int, choice: Choice, content: Content) -> list[int]:
        """Promises that a package keeps."""
        held = dict(zip(self.lines(order), content, strict=True))
        return list(kept_promises(self.p, order, (choice.node, choice.service, choice.day), held))

    def broken(self, packages: list[tuple[int, Choice, Content]]) -> list[int]:
        """Promises that a plan does not keep."""
        kept = {promise for package in packages for promise in self.promised(*package)}
        return [promise for promise in range(len(self.p.promises)) if promise not in kept]

    def refund(self, order: int) -> int:
        """What the first package of an order is spared."""
        return 0 if self.p.orders.num_released[order] else self.split

    def contents(self, order: int) -> list[Content]:
        lines = self.p.lines
        ranges = [
            range(0, int(lines.quantity[line]) + 1, int(lines.kit_quantity[line]))
            if lines.is_splittable[line]
            else sorted({0, int(lines.quantity[line])})
            for line in self.lines(order)
        ]
        return [content for content in product(*ranges) if any(content)]

    def unfilled(self, line: int) -> int:
        lines, objective = self.p.lines, self.p.objective
        if lines.has_unfilled_cost[line]:
            return micros(value(lines.unfilled_cost, line))
        unit = Fraction(objective.unfilled_unit) + Fraction(objective.unfilled_value) * value(lines.unit_value, line)
        return micros(unit * value(self.p.orders.priority, int(lines.order_idx[line])))

    @property
    def split(self) -> int:
        return micros(Fraction(self.p.objective.split))

    def price_of(
        self, order: int, choice: Choice, content: Content, prices: Mapping[Key, int], own: Mapping[Own, int]
    ) -> int:
        total = prices.get(("service_packages", choice.node, choice.service, choice.day), 0)
        total += prices.get(("service_quota", -1, choice.service, choice.day), 0)
        total += prices.get(("service_commitment", -1, choice.service, choice.day), 0)
        total += sum(content) * share_unit(self.p, choice.node, prices)
        total += sum(self.quota_price(rule, choice, prices) for rule in self.counts(order, choice, content))
        for node, day in self.ends(choice):
            total += prices.get(("node_packages", node, -1, day), 0)
            total += prices.get(("node_lines", node, -1, day), 0) * sum(units > 0 for units in content)
            total += prices.get(("node_minutes", node, -1, day), 0) * self.minutes(node, sum(content))
            total += prices.get(("node_units", node, -1, day), 0) * sum(content)
        used: Counter[int] = Counter()
        for line, units in zip(self.lines(order), content, strict=True):
            used[int(self.sku_idx[line])] += units
        total += sum(self.reserved(order, choice.node, sku, units, prices) or 0 for sku, units in used.items())
        total -= sum(int(self.p.promises.price[promise]) for promise in self.promised(order, choice, content))
        for line, units in zip(self.lines(order), content, strict=True):
            sku = int(self.sku_idx[line])
            price = prices.get(("stock", choice.node, sku, -1), 0)
            if sku == self.p.lines.sku_idx[line]:
                price = own.get((line, choice.node), price)
            total += units * price
            total += units * self.stock_price(choice.node, sku, choice.day, prices)
        return total

    def quota_price(self, rule: int, choice: Choice, prices: Mapping[Key, int]) -> int:
        """What a package pays for a rule's quota, of the day and of the batch: no more than it costs beyond it."""
        price = sum(prices.get(("rule_quota", -1, rule, day), 0) for day in (choice.day, -1))
        over = self.over_price(rule)
        return price if over is None else min(price, over)

    def keeps(self, order: int, choice: Choice, content: Content, decided: Mapping[Own, bool]) -> bool:
        """Whether a package keeps the decisions: nothing where a line is barred or must ship elsewhere."""
        held = [line for line, units in zip(self.lines(order), content, strict=True) if units]
        for (line, node), ships in decided.items():
            if line in held and (not ships if node in (-1, choice.node) else ships and node >= 0):
                return False
        return True

    def least(
        self,
        order: int,
        prices: Mapping[Key, int],
        own: Mapping[Own, int] | None = None,
        decided: Mapping[Own, bool] | None = None,
    ) -> int | None:
        """The least priced cost of an order over all its plans, by trying every multiset of packages.

        `decided` says of lines and nodes whether the whole line ships from the node or nothing of it does; None when no
        plan keeps that.
        """
        decided = decided or {}
        must = [any(ships for (at, _), ships in decided.items() if at == line) for line in self.lines(order)]
        choices = self.choices(order)
        single: dict[Content, int] = {}
        for variant, content, choice in product(self.variants(order), self.contents(order), choices):
            terms = variant.terms(order, choice, content)
            if terms is None or not variant.is_possible(order, choice, content):
                continue
            if self.keeps(order, choice, content, decided):
                cost = sum(terms) + self.split + variant.price_of(order, choice, content, prices, own or {})
                single[content] = min(single.get(content, cost), cost)
        packable = sorted(single)
        quantity = tuple(int(self.p.lines.quantity[line]) for line in self.lines(order))
        unfilled = [self.unfilled(line) for line in self.lines(order)]
        is_complete = bool(self.p.orders.is_ship_complete[order])

        @cache
        def rest(left: Content, packages: int, first: int) -> int | None:
            """Least cost of what is left from packable contents number `first` on."""
            best = None
            is_kept = not any(units and shipped for units, shipped in zip(left, must, strict=True))
            is_kept &= self.may_ship(order, tuple(a - b for a, b in zip(quantity, left, strict=True)))
            if is_kept and (not is_complete or not any(left)):
                best = sum(units * price for units, price in zip(left, unfilled, strict=True))
            for number in range(first, len(packable)) if packages else ():
                after = tuple(a - b for a, b in zip(left, packable[number], strict=True))
                if min(after) >= 0:
                    further = rest(after, packages - 1, number)
                    if further is not None:
                        cost = single[packable[number]] + further
                        best = cost if best is None else min(best, cost)
            return best

        nothing = sum(units * price for units, price in zip(quantity, unfilled, strict=True))
        best = None if any(must) else nothing
        at_stake = sum(int(price) for price in self.p.promises.price[self.p.promises.order_idx == order])
        most = min(int(self.p.orders.max_packages[order]), sum(quantity))
        for number, content in enumerate(packable if most >= 1 else ()):
            further = rest(tuple(a - b for a, b in zip(quantity, content, strict=True)), most - 1, number)
            if further is not None:
                cost = single[content] - self.refund(order) + further
                best = cost if best is None else min(best, cost)
        return None if best is None else best + at_stake

    def supply(self, key: Key) -> int:
        kind, node, other, day = key
        if kind == "service_commitment":
            return max(0, commitments(self.p)[other, day][0] - released_by(self.p, other, day))
        if kind == "channel_reserve":
            kept = self.reserves(node, other)
            return self.stock_by(node, other, NO_DATE) - sum(r[1] for i, r in enumerate(kept) if day >> i & 1)
        if kind == "node_share":
            return 0
        if kind == "stock":
            return self.stock_by(node, other, NO_DATE)
        if kind == "stock_until":
            return self.stock_by(node, other, day)
        if kind == "rule_quota":
            quota = self.p.rules[other].quota
            assert quota is not None
            return max(0, quota.packages - released_of_rule(self.p, other, day))
        if kind != "service_packages":
            return self.limit(kind, other if kind == "service_quota" else node, day)
        most = int(self.p.node_services.max_packages_per_day[node, other])
        return most if most >= UNLIMITED else max(0, most - released_by(self.p, other, day, node))

    def resources(self) -> list[Key]:
        """Everything that can have a price: what has a limit, on every day on which something can leave."""
        ways = {c for o in range(len(self.p.orders)) for c in self.choices(o)}
        days, ends = {(c.node, c.service, c.day) for c in ways}, {end for c in ways for end in self.ends(c)}
        keys: list[Key] = [("stock", node, sku, -1) for node, sku in self.stock]
        if len(self.p.inbound):
            arriving = {(int(n), int(k)) for n, k in zip(self.p.inbound.node_idx, self.p.inbound.sku_idx, strict=True)}
            every = sorted({day for _, _, day in days})
            for node, sku in self.stock:
                until = every if (node, sku) in arriving else every[-2:]
                keys += [("stock_until", node, sku, day) for day in until]
        for node, sku in self.stock:
            keys += [("channel_reserve", node, sku, mask) for mask in range(1, 1 << len(self.reserves(node, sku)))]
        for kind in ("node_packages", "node_units", "node_lines", "node_minutes"):
            keys += sorted({(kind, node, -1, day) for node, day in ends})
        keys += sorted({("service_quota", -1, service, day) for _, service, day in days})
        keys += sorted(("service_packages", *key) for key in days)
        for number, rule in enumerate(self.p.rules):
            if rule.quota and rule.quota.packages:
                dated = sorted({day for _, _, day in days if rule.holds_on(day)})
                keys += [("rule_quota", -1, number, day) for day in (dated if rule.quota.per == "day" else [-1])]
        return [key for key in keys if self.supply(key) < UNLIMITED]

    def bound(self, prices: Mapping[Key, int], own: Mapping[Own, int] | None = None) -> int:
        """LB(prices), every order exactly."""
        bound = self.leaf_bound(prices, own or {}, {})
        assert bound is not None
        return bound

    def leaf_bound(self, prices: Mapping[Key, int], own: Mapping[Own, int], decided: Mapping[Own, bool]) -> int | None:
        """LB(prices) over the plans that keep decisions, every order exactly; None when there is no such plan."""
        total = 0
        for order in range(len(self.p.orders)):
            least = self.least(order, prices, own, decided)
            if least is None:
                return None
            total += least
        total -= sum(price * self.supply(key) for key, price in prices.items()) + self.worth(own)
        return total - sum(key[0] == "node_share" and price != 0 for key, price in prices.items())

    def worth(self, own: Mapping[Own, int]) -> int:
        """The most that lines with own prices can pay: every choice of steps of the lines of a row is tried."""
        lines, total = self.p.lines, 0
        rows = sorted({(node, int(lines.sku_idx[line])) for line, node in own})
        for node, sku in rows:
            asked = [
                (line, price) for (line, at), price in sorted(own.items()) if at == node and lines.sku_idx[line] == sku
            ]
            steps = [
                range(0, int(lines.quantity[line]) + 1, int(lines.kit_quantity[line]))
                if lines.is_splittable[line]
                else (0, int(lines.quantity[line]))
                for line, _ in asked
            ]
            total += max(
                sum(units * price for units, (_, price) in zip(chosen, asked, strict=True))
                for chosen in product(*steps)
                if sum(chosen) <= self.stock[node, sku]
            )
        return total

    # The relaxation for wide orders, formula by formula.

    def relaxed(self, order: int, prices: Mapping[Key, int], shares: Mapping[int, int]) -> int:
        """LB_o of docs/certificate.md."""
        lines, quantity = self.lines(order), self.p.lines.quantity
        least: dict[int, Fraction] = {}
        for choice in self.choices(order):
            for line, cost in self._unit_costs(order, choice, prices, shares).items():
                least[line] = min(least.get(line, Fraction(cost)), Fraction(cost))
        nothing = sum(int(quantity[line]) * self.unfilled(line) for line in lines)
        if not self.p.orders.max_packages[order]:
            return nothing
        total = -self.refund(order)
        for line in lines:
            if self.p.orders.is_ship_complete[order]:
                if line not in least:
                    return nothing
                total += int(quantity[line]) * int(least[line])
            else:
                worth = self.unfilled(line)
                total += int(quantity[line]) * int(min(worth, least.get(line, Fraction(worth))))
        return min(nothing, total)

    def branched(self, order: int, prices: Mapping[Key, int], most_choices: int) -> int | None:
        """The bound of branching to the end: every set of choices to have a package is tried; None for too many."""
        lines, quantity = self.lines(order), self.p.lines.quantity
        terms = [self._facility(order, choice, prices) for choice in self.choices(order)]
        facilities = [term for term in terms if term is not None]
        if len(facilities) > most_choices:
            return None
        if any(amount < quantity[line] for _, _, at_hand in facilities for line, amount in at_hand.items()):
            return None  # a second package by the same choice could hold more
        nothing = sum(int(quantity[line]) * self.unfilled(line) for line in lines)
        best = nothing
        if not self.p.orders.max_packages[order]:
            return nothing
        for chosen in product((False, True), repeat=len(facilities)):
            used = [facility for facility, is_used in zip(facilities, chosen, strict=True) if is_used]
            total, is_left = sum(fixed for fixed, _, _ in used) - self.refund(order), False
            for line in lines:
                left = int(quantity[line])
                for cost, amount in sorted((cost[line], at_hand[line]) for _, cost, at_hand in used if line in cost):
                    if self.p.orders.is_ship_complete[order] or cost < self.unfilled(line):
                        total += min(left, amount) * cost
                        left -= min(left, amount)
                is_left |= left > 0
                total += left * self.unfilled(line)
            if not (is_left and self.p.orders.is_ship_complete[order]):
                best = min(best, total)
        return best

    def _unit_costs(
        self, order: int, choice: Choice, prices: Mapping[Key, int], shares: Mapping[int, int]
    ) -> dict[int, int]:
        facility = self._facility(order, choice, prices)
        if facility is None:
            return {}
        per_package, cost, at_hand = facility
        worth = {line: max(0, shares.get(line, 0) - cost[line]) for line in at_hand}
        total_worth = sum(at_hand[line] * worth[line] for line in at_hand)
        if total_worth > per_package:
            worth = {line: worth[line] * per_package // total_worth for line in at_hand}
        return {line: cost[line] + worth[line] for line in at_hand}

    def _facility(
        self, order: int, choice: Choice, prices: Mapping[Key, int]
    ) -> tuple[int, dict[int, int], dict[int, int]] | None:
        """F, c and d of a choice; None when no line can ship by it."""
        lines, nodes = self.p.lines, self.p.nodes
        at_hand: dict[int, int] = {}
        weight: dict[int, Fraction] = {}
        volume: dict[int, Fraction] = {}
        for slot, line in enumerate(self.lines(order)):
            least = 1 if lines.is_splittable[line] else int(lines.quantity[line])
            alone = tuple(least if other == slot else 0 for other in range(len(self.lines(order))))
            if not lines.quantity[line]:
                continue
            if self.is_possible(order, choice, alone) and self.terms(order, choice, alone) is not None:
                sku = int(lines.sku_idx[line])
                most = self.stock_by(choice.node, sku, choice.day)
                while self.reserved(order, choice.node, sku, most, {}) is None:
                    most -= 1
                at_hand[line] = min(int(lines.quantity[line]), most)
                skus, divisor = self.p.skus, int(self.p.services.dim_divisor[choice.service])
                weight[line] = Fraction(int(skus.weight_ug[sku]))
                sides = (skus.length_ncm[sku], skus.width_ncm[sku], skus.height_ncm[sku])
                volume[line] = Fraction(math.prod(int(side) for side in sides), divisor * 10**9 if divisor else 1)
                if not divisor:
                    volume[line] = Fraction(0)
        if not at_hand:
            return None
        if sum(at_hand[line] * volume[line] for line in at_hand) > sum(
            at_hand[line] * weight[line] for line in at_hand
        ):
            weight = volume
        most = sum(at_hand[line] * weight[line] for line in at_hand)
        intercept, slope = self._minorant(choice, most)
        total = intercept + value(nodes.package_cost, choice.node) * 10**6
        terms = self.terms(order, choice, tuple(0 for _ in self.lines(order)))
        assert terms is not None
        per_package = math.floor(total) + terms[2] + terms[3] + self.split - 1
        per_package += prices.get(("service_packages", choice.node, choice.service, choice.day), 0)
        per_package += prices.get(("service_quota", -1, choice.service, choice.day), 0)
        sure = set.intersection(*(set(self.payments(line, choice)) for line in at_hand))
        first = next(iter(at_hand))
        per_package += sum(self.payments(first, choice)[number][0] for number in sure)
        counted = set.intersection(*(set(self.about(line, choice)) for line in at_hand))
        per_package += sum(self.quota_price(rule, choice, prices) for rule in counted if self.p.rules[rule].quota)
        for node, day in self.ends(choice):
            per_package += prices.get(("node_packages", node, -1, day), 0)
            per_package += prices.get(("node_minutes", node, -1, day), 0) * self.minutes(node, 0)
        per_package = max(0, per_package)
        cost: dict[int, int] = {}
        for line in at_hand:
            handling = value(nodes.unit_cost, choice.node) + value(nodes.line_cost, choice.node) / int(
                lines.quantity[line]
            )
            cost[line] = math.floor(slope * weight[line] + handling * 10**6)
            asked = self.payments(line, choice).values()
            cost[line] += self.least_of_reserves(order, choice.node, int(lines.sku_idx[line]), prices)
            cost[line] += sum(a_unit for _, _, a_unit in asked)
            cost[line] += sum(a_line for _, a_line, _ in asked) // int(lines.quantity[line])
            cost[line] += prices.get(("stock", choice.node, int(lines.sku_idx[line]), -1), 0)
            cost[line] += self.stock_price(choice.node, int(lines.sku_idx[line]), choice.day, prices)
            cost[line] += self.moved(choice) + self.taken(choice.node, line) + share_unit(self.p, choice.node, prices)
            a_line = 0
            for node, day in self.ends(choice):
                cost[line] += prices.get(("node_units", node, -1, day), 0)
                a_minute = prices.get(("node_minutes", node, -1, day), 0)
                cost[line] += a_minute * (self.minutes(node, 1) - self.minutes(node, 0))
                a_line += prices.get(("node_lines", node, -1, day), 0)
            cost[line] += a_line // int(lines.quantity[line])
        return per_package, cost, at_hand

    def least_of_reserves(self, order: int, node: int, sku: int, prices: Mapping[Key, int]) -> int:
        """The least that a unit pays for reserves in one of its ways, whether or not it has room in all sets."""
        kept = self.reserves(node, sku)
        if not kept:
            return 0
        own = {
            mask: price
            for (kind, at, of, mask), price in prices.items()
            if (kind, at, of) == ("channel_reserve", node, sku)
        }
        everything = 10**9  # of which the reserves leave room for one unit
        return min(ways_to_take(kept, everything, str(self.p.orders.channel[order]), 1, own))

    def _minorant(self, choice: Choice, most: Fraction) -> tuple[Fraction, Fraction]:
        """Intercept in micros and slope in micros per microgram."""
        brackets = [
            (up_to * 10**9, price * 10**6, extra) for up_to, price, extra in self.brackets(choice.service, choice.zone)
        ]
        points: dict[Fraction, Fraction] = {}

        def add(x: Fraction, y: Fraction) -> None:
            points[x] = min(y, points.get(x, y))

        for number, (up_to, _, _) in enumerate(brackets):
            add(min(up_to, most), min(price for _, price, _ in brackets[number:]))
            if up_to >= most:
                break
        up_to, price, extra = brackets[-1]
        if most > up_to and extra is not None:
            add(most, price + extra * (most - up_to) / 10**3)
        if len(points) == 1:
            return next(iter(points.values())), Fraction(0)
        middle = max(points) / 2
        # An edge of the lower hull is a pair of points with no point below its line; the one over the middle.
        edges = []
        for x0, y0 in points.items():
            for x1, y1 in points.items():
                if x0 < x1 and all(y0 + (y1 - y0) / (x1 - x0) * (x - x0) <= y for x, y in points.items()):
                    edges.append((x0, x1, y0 - (y1 - y0) / (x1 - x0) * x0, (y1 - y0) / (x1 - x0)))
        over = [edge for edge in edges if edge[0] <= middle < edge[1]] or [min(edges)]
        _, _, intercept, slope = over[0]
        if slope < 0:
            return min(points.values()), Fraction(0)
        if intercept < 0:
            return Fraction(0), min(y / x for x, y in points.items() if x > 0)
        return intercept, slope


def is_feasible(
    slow: Slow, packages: list[tuple[int, Choice, Content]], variants: Sequence[Slow] | None = None
) -> bool:
    """Whether packages, each with at least a unit in it, are possible one by one and together.

    `variants` say which SKUs lie in each, those of the lines when there are none.
    """
    p, lines = slow.p, slow.p.lines
    used: dict[Key, int] = {}
    shipped = dict.fromkeys(range(len(lines)), 0)
    parts = dict.fromkeys(range(len(lines)), 0)
    for variant, (order, choice, content) in zip(variants or [slow] * len(packages), packages, strict=True):
        if choice not in slow.choices(order) or not variant.is_possible(order, choice, content):
            return False
        if variant.terms(order, choice, content) is None:
            return False
        day = choice.day
        needs = {
            ("service_packages", choice.node, choice.service, day): 1,
            ("service_quota", -1, choice.service, day): 1,
        }
        for at, on in slow.ends(choice):
            needs |= {
                ("node_packages", at, -1, on): 1,
                ("node_units", at, -1, on): sum(content),
                ("node_lines", at, -1, on): sum(units > 0 for units in content),
                ("node_minutes", at, -1, on): slow.minutes(at, sum(content)),
            }
        for number in variant.counts(order, choice, content):
            quota = p.rules[number].quota
            if quota is not None and quota.price_over is None:
                needs["rule_quota", -1, number, day if quota.per == "day" else -1] = 1
        for key, need in needs.items():
            used[key] = used.get(key, 0) + need
        for line, units in zip(slow.lines(order), content, strict=True):
            if units:
                shipped[line] += units
                parts[line] += 1
                sku = int(variant.sku_idx[line])
                later = {other.day for _, other, _ in packages if other.day >= choice.day}
                for key in (
                    ("stock", choice.node, sku, -1),
                    *(("stock_until", choice.node, sku, until) for until in later),
                ):
                    used[key] = used.get(key, 0) + units
    for line, units in shipped.items():
        quantity = int(lines.quantity[line])
        if units > quantity or (not lines.is_splittable[line] and units and (units < quantity or parts[line] > 1)):
            return False
    for order in range(len(p.orders)):
        if sum(number == order for number, _, _ in packages) > p.orders.max_packages[order]:
            return False
        own = slow.lines(order)
        if any(shipped[line] for line in own) and not slow.may_ship(order, tuple(shipped[line] for line in own)):
            return False
        left = [shipped[line] < lines.quantity[line] for line in own]
        if p.orders.is_ship_complete[order] and any(shipped[line] for line in own) and any(left):
            return False
    if slow.reserve_cost(packages, variants or [slow] * len(packages)) is None:
        return False
    if any(not p.promises.may_move[promise] for promise in slow.broken(packages)):
        return False
    return all(units <= slow.supply(key) for key, units in used.items())
