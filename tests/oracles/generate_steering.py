"""Random shares of nodes and committed volumes of services for a scenario."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from oracles.generate_money import money

if TYPE_CHECKING:
    from oracles.generate import Picks, Row, Scenario


def with_steering(picks: Picks, scenario: Scenario, shares: bool = True, commitments: bool = True) -> Scenario:
    """The scenario with targets of some nodes, and volumes of some services and days, as many as are asked for."""
    tables = {name: [dict(row) for row in rows] for name, rows in scenario[0].items()}
    if shares:
        _add_shares(picks, tables["nodes"])
    if commitments:
        services = [str(row["service_id"]) for row in tables["services"]]
        first = date.fromisoformat(str(scenario[1]["as_of"])[:10])
        begins = {first, *(date.fromisoformat(str(row["placed_at"])[:10]) for row in tables["orders"])}
        tables["service_quotas"] = _committed(picks, tables.get("service_quotas", []), services, sorted(begins))
    return tables, scenario[1]


def _add_shares(picks: Picks, nodes: list[Row]) -> None:
    """Shares that are one together or less; prices that matter, or are there in name only."""
    left = 100
    for number, row in enumerate(nodes):
        if number and picks.chance(25):
            continue
        share = picks.integer(0, left)
        left -= share
        row["target_share"] = f"{share // 100}.{share % 100:02d}"
        if left and picks.chance(20):
            row["target_share"] += "333333333333"
            left -= 1
        row["share_price"] = money(picks, picks.one_of((100, 800, 3000)))
        if picks.chance(15):
            row["share_price"] = picks.one_of(("0.000001", "0.0000015", "0"))


def _committed(picks: Picks, rows: list[Row], services: list[str], begins: list[date]) -> list[Row]:
    """The rows of quotas with commitments, and one to three more with them."""
    found = {(str(row["service_id"]), str(row.get("date") or "")): row for row in rows}
    for _ in range(picks.integer(1, 3)):
        later = picks.one_of((0, 0, 1, 2, 3))
        on = "" if picks.chance(30) else (picks.one_of(begins) + timedelta(days=later)).isoformat()
        key = picks.one_of(services), on
        row = found.setdefault(key, {"service_id": key[0], "date": on, "max_packages": picks.integer(2, 9)})
        if int(row["max_packages"]) >= 1:
            row["min_packages"] = picks.integer(1, min(4, int(row["max_packages"])))
            row["shortfall_price"] = money(picks, picks.one_of((200, 900)))
    return list(found.values())
