"""Random reserves of channels for a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracles.generate_money import money

if TYPE_CHECKING:
    from oracles.generate import Picks, Row, Scenario

CHANNELS = ("web", "app", "b2b")


def draw_reserves(picks: Picks, scenario: Scenario) -> Scenario:
    """The scenario with two to five reserves, hard and priced ones, for channels that its orders have or not.

    Often all is kept at one node, and often of every SKU there, sometimes with another number for one of them.
    """
    tables = {name: [dict(row) for row in rows] for name, rows in scenario[0].items()}
    for row in tables["orders"]:
        row["channel"] = picks.one_of(("web", "app", "", "shop"))
    wanted = sorted({str(row["sku_id"]) for row in tables["order_lines"]})
    nodes = [str(row["node_id"]) for row in tables["nodes"]]
    favourite = picks.one_of(nodes)
    found: dict[tuple[str, str, str], Row] = {}
    for _ in range(picks.integer(2, 5)):
        node = favourite if picks.chance(60) else picks.one_of(nodes)
        sku = "" if picks.chance(40) else picks.one_of(wanted)
        row: Row = {"node_id": node, "sku_id": sku, "channel": picks.one_of(CHANNELS)}
        row["quantity"] = picks.one_of((1, 2, 3, 1, 9)) if not sku or picks.chance(85) else 0
        if picks.chance(60):
            row["price_per_unit"] = picks.one_of(("0", "0.0000015")) if picks.chance(10) else money(picks, 900)
        found[node, sku, row["channel"]] = row
    tables["channel_reserves"] = list(found.values())
    return tables, scenario[1]
