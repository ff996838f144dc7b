"""Rate cards and lanes of four UPS services of 2006 for given nodes, from the published tariff and zone charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from tables import Row, read_rows

KG_PER_POUND = Decimal("0.45359237")
MAX_POUNDS = 150
CUBIC_CM_PER_KG = (194 * Decimal("16.387064") / KG_PER_POUND).quantize(Decimal("1e-9"))
"""194 cubic inches a pound; rounded, since 9 decimals are what a pack may have: 7008.694648016."""

GROUND_DAYS = {"2": 1, "3": 2, "4": 2, "5": 3, "6": 4, "7": 5, "8": 5}
"""Calendar days by zone: an assumption, the publication has none."""


class Service:
    """One service: which column of the tariff and of the zone charts it has, what is added, and how long it takes."""

    def __init__(self, service_id: str, tariff: str, chart: str, residential: str, days: int | None) -> None:
        self.service_id, self.tariff, self.chart = service_id, tariff, chart
        self.residential, self.days = Decimal(residential), days

    def transit_days(self, zone: str) -> int:
        """Calendar days from ship day to delivery, before moving to a delivery day."""
        return GROUND_DAYS[zone] if self.days is None else self.days


SERVICES = (
    Service(
        "ground", "ground_residential", "ground", "0", None
    ),  # that rate card has the residential differential in it
    Service("three_day", "three_day_select", "three_day_select", "2.10", 3),
    Service("two_day", "second_day_air", "second_day_air", "2.10", 2),
    Service("next_day", "next_day_air", "next_day_air", "2.10", 1),
)


def contiguous_zones(service: Service) -> list[str]:
    """The zones inside the 48 states and DC: 2 to 8, 302 to 308, ..."""
    start = {"ground": 0, "three_day": 300, "two_day": 200, "next_day": 100}[service.service_id]
    return [str(start + zone) for zone in range(2, 9)]


def rates(source: Path, services: Sequence[Service] = SERVICES) -> Iterable[tuple[object, ...]]:
    """Rows of the table rates: a bracket a pound. Letters (weight 0 to 0) are left out."""
    published = {
        (row["service"], row["zone"], int(row["weight_from"])): Decimal(row["rate_usd"])
        for row in read_rows(source / "ups_2006" / "rates.csv")
    }
    for service in services:
        for zone in contiguous_zones(service):
            for pounds in range(1, MAX_POUNDS + 1):
                price = published[service.tariff, zone, pounds] + service.residential
                yield service.service_id, zone, (pounds * KG_PER_POUND).normalize(), f"{price:.2f}"


def chart_of(zip5: str, charts: list[Row]) -> list[Row]:
    """The zone chart whose origin range (`004-01 to 005-99`) holds a ZIP."""

    def holds(text: str) -> bool:
        low, high = text.replace("-", "").split(" to ")
        return low <= zip5 <= high

    ranges = sorted({row["origin_range"] for row in charts if holds(row["origin_range"])})
    if len(ranges) != 1:
        raise SystemExit(f"ZIP {zip5}: {len(ranges)} zone charts")
    return [row for row in charts if row["origin_range"] == ranges[0]]


def merged(zone_of: Mapping[str, str]) -> list[tuple[str, str]]:
    """3-digit prefixes with equal zones as one shorter prefix: (prefix, zone), sorted.

    Only prefixes of `zone_of` count, so a shorter one may cover numbers that are not in use.
    """
    rows: list[tuple[str, str]] = []
    for digit in sorted({prefix[0] for prefix in zone_of}):
        ten = {p: z for p, z in zone_of.items() if p[0] == digit}
        if len(set(ten.values())) == 1:
            rows.append((digit, next(iter(ten.values()))))
            continue
        for two in sorted({prefix[:2] for prefix in ten}):
            one = {p: z for p, z in ten.items() if p[:2] == two}
            if len(set(one.values())) == 1:
                rows.append((two, next(iter(one.values()))))
            else:
                rows.extend(sorted(one.items()))
    return rows


def lanes(
    source: Path, zip_of_node: Mapping[str, str], offered: Mapping[str, Iterable[str]], prefixes: Iterable[str]
) -> Iterable[tuple[object, ...]]:
    """Rows of the table lanes, from every node by every service it offers to all `prefixes` (3 digits) served."""
    charts = read_rows(source / "ups_2006" / "zone_charts.csv.gz")
    wanted = sorted(prefixes)
    for node, zip5 in zip_of_node.items():
        chart = chart_of(zip5, charts)
        for service in SERVICES:
            if service.service_id not in offered[node]:
                continue
            served = set(contiguous_zones(service))
            zone_of: dict[str, str] = {}
            for row in chart:
                low, high = row["dest_zip3_from"].zfill(3), row["dest_zip3_to"].zfill(3)
                for prefix in wanted:
                    if low <= prefix <= high and row[service.chart] in served:
                        zone_of[prefix] = row[service.chart]
            for prefix, zone in merged(zone_of):
                yield service.service_id, node, "US", prefix, zone, service.transit_days(zone)
