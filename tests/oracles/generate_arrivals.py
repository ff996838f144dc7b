"""Random arrivals of stock for a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oracles.generate import Picks, Row, Scenario


def draw_arrivals(picks: Picks, scenario: Scenario, begins: Sequence[date]) -> Scenario:
    """The scenario with 1 to 5 arrivals, from before the batch to beyond it; `begins` are days on which orders begin.

    Often less lies there at once, so that arrivals are what is scarce, and orders want the same days.
    """
    tables = {name: [dict(row) for row in rows] for name, rows in scenario[0].items()}
    settings = dict(scenario[1])
    if picks.chance(50):
        for row in tables["orders"]:
            row["placed_at"] = "2026-10-30T08:00:00Z"
        begins = [date.fromisoformat(str(settings["as_of"])[:10])]
    if "horizon_days" not in settings["limits"] and picks.chance(65):
        settings["limits"] = settings["limits"] | {"horizon_days": picks.integer(1, 3)}
    wanted = sorted({str(row["sku_id"]) for row in tables["order_lines"]})
    nodes = [str(row["node_id"]) for row in tables["nodes"]]
    found: dict[tuple[str, str, str], Row] = {}
    for _ in range(picks.integer(1, 5)):
        node, sku = picks.one_of(nodes), picks.one_of(wanted)
        later = picks.one_of((1, 2, 1, 3, 0, -1, 4, 9))
        day = (picks.one_of(begins) + timedelta(days=later)).isoformat()
        row: Row = {"node_id": node, "sku_id": sku, "quantity": picks.integer(1, 4), "available_on": day}
        found[node, sku, day] = row
    tables["inbound"] = list(found.values())
    if picks.chance(75):
        places = {(row["node_id"], row["sku_id"]) for row in tables["inbound"]}
        most = picks.integer(0, 1)
        for row in tables["stock"]:
            if (row["node_id"], row["sku_id"]) in places or most == 0:
                row["on_hand"] = min(most, row["on_hand"])
    if picks.chance(25):  # nothing of what arrives was there ever
        places = {(row["node_id"], row["sku_id"]) for row in tables["inbound"]}
        tables["stock"] = [row for row in tables["stock"] if (row["node_id"], row["sku_id"]) not in places]
    return tables, settings
