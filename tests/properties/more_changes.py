"""Changes to pick-up, kits, substitutes, prices of stock, least values and rejections whose effect is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from oracles.generate import Row, Scenario
from oracles.rule_reading import TABLE_OF
from properties.changes import with_rule

PROHIBITIVE = "100000"
"""A price beyond what any plan of a tiny scenario saves."""
Change = Callable[[Scenario], Iterator[Scenario]]
"""Every scenario that differs from a given one in one place."""


def _with_rows(scenario: Scenario, table: str, rows: list[Row]) -> Scenario:
    """The scenario with other rows in a table, without the table where there are none."""
    tables, settings = scenario
    others = {name: old for name, old in tables.items() if name != table}
    return others | ({table: rows} if rows else {}), settings


def changed_rows(scenario: Scenario, table: str, change: Callable[[Row], Row | None]) -> Iterator[Scenario]:
    """For each row of a table, the scenario with it changed; None takes it away."""
    rows = scenario[0].get(table, [])
    for at, row in enumerate(rows):
        changed = change(row)
        yield _with_rows(scenario, table, [*rows[:at], *([] if changed is None else [changed]), *rows[at + 1 :]])


def _ids(scenario: Scenario, part: str) -> list[str]:
    key = {"order": "order_id", "node": "node_id", "sku": "sku_id"}[part]
    return [str(row[key]) for row in scenario[0][TABLE_OF[part]]]


def _places(scenario: Scenario) -> list[str]:
    """Where something is picked up."""
    places = {row.get("pickup_node") for name in ("orders", "order_lines") for row in scenario[0][name]}
    return sorted(str(place) for place in places if place)


def _kits(scenario: Scenario) -> set[str]:
    return {str(row["kit_sku_id"]) for row in scenario[0].get("kits", [])}


# --- stricter ---------------------------------------------------------------------------------


def one_more_rejection(scenario: Scenario) -> Iterator[Scenario]:
    """Each node refuses each line."""
    known = scenario[0].get("rejections", [])
    for line in scenario[0]["order_lines"]:
        for node in _ids(scenario, "node"):
            row = {"order_id": line["order_id"], "line_id": line["line_id"], "node_id": node}
            if row not in known:
                yield _with_rows(scenario, "rejections", [*known, row])


def larger_least_values(scenario: Scenario) -> Iterator[Scenario]:
    """Packages and orders must be worth something, or more."""
    for name in ("min_package_value", "min_order_value"):
        for value in ("5", "25.5"):
            yield with_rule(scenario, {"set": {name: value}})


def kits_together(scenario: Scenario) -> Iterator[Scenario]:
    """Each kit that may be torn apart must not be."""
    rows = scenario[0].get("kits", [])
    for kit in sorted({row["kit_sku_id"] for row in rows if row["together"] == "false"}):
        yield _with_rows(
            scenario, "kits", [row | ({"together": "true"} if row["kit_sku_id"] == kit else {}) for row in rows]
        )


def dearer_stock(scenario: Scenario) -> Iterator[Scenario]:
    """Each price of stock 1.25 higher, so that rewards are smaller."""
    return changed_rows(
        scenario, "stock_prices", lambda row: row | {"price_per_unit": _plus(row["price_per_unit"], "1.25")}
    )


def dearer_substitutes(scenario: Scenario) -> Iterator[Scenario]:
    """Each substitute 1.25 dearer."""
    return changed_rows(
        scenario, "substitutes", lambda row: row | {"price_per_unit": _plus(row["price_per_unit"], "1.25")}
    )


def fewer_transfers(scenario: Scenario) -> Iterator[Scenario]:
    """One way less."""
    return changed_rows(scenario, "transfers", lambda row: None)


def dearer_transfers(scenario: Scenario) -> Iterator[Scenario]:
    """Each way 1.25 a package dearer."""
    return changed_rows(
        scenario, "transfers", lambda row: row | {"cost_per_package": _plus(row.get("cost_per_package") or "0", "1.25")}
    )


def less_received(scenario: Scenario) -> Iterator[Scenario]:
    """Each node at which something is picked up handles one package a day."""
    for place in _places(scenario):
        nodes = [row | ({"max_packages_per_day": 1} if row["node_id"] == place else {}) for row in scenario[0]["nodes"]]
        yield _with_rows(scenario, "nodes", nodes)


STRICTER: dict[str, tuple[str, Change]] = {
    "a rejection": ("rejections", one_more_rejection),
    "least values": ("least_values", larger_least_values),
    "kits together": ("kits", kits_together),
    "dearer stock": ("stock_prices", dearer_stock),
    "dearer substitutes": ("substitutes", dearer_substitutes),
    "fewer transfers": ("modes", fewer_transfers),
    "dearer transfers": ("modes", dearer_transfers),
    "less received": ("modes", less_received),
}
"""Changes that make nothing cheaper, with the feature of the trials in which they make something dearer."""


# --- looser -----------------------------------------------------------------------------------


def fewer_rejections(scenario: Scenario) -> Iterator[Scenario]:
    """One rejection less."""
    return changed_rows(scenario, "rejections", lambda row: None)


def one_more_substitute(scenario: Scenario, price: str = "0.10") -> Iterator[Scenario]:
    """Each SKU in place of each other, unless it is a kit or so already."""
    known = scenario[0].get("substitutes", [])
    pairs = {(row["sku_id"], row["substitute_sku_id"]) for row in known}
    skus = [sku for sku in _ids(scenario, "sku") if sku not in _kits(scenario)]
    for sku in skus:
        for other in skus:
            if sku != other and (sku, other) not in pairs:
                row = {"sku_id": sku, "substitute_sku_id": other, "price_per_unit": price}
                yield _with_rows(scenario, "substitutes", [*known, row])


def one_more_transfer(scenario: Scenario) -> Iterator[Scenario]:
    """A way from each node to each place of pick-up to which there is none, for 0.50 within the day."""
    known = scenario[0].get("transfers", [])
    pairs = {(row["from_node_id"], row["to_node_id"]) for row in known}
    for source in _ids(scenario, "node"):
        for target in _places(scenario):
            if source != target and (source, target) not in pairs:
                row = {"from_node_id": source, "to_node_id": target, "days": 0, "cost_per_package": "0.50"}
                yield _with_rows(scenario, "transfers", [*known, row])


def a_reward_everywhere(scenario: Scenario) -> Iterator[Scenario]:
    """Each price of stock 1.25 lower."""
    return changed_rows(
        scenario, "stock_prices", lambda row: row | {"price_per_unit": _plus(row["price_per_unit"], "-1.25")}
    )


LOOSER: dict[str, tuple[str, Change]] = {
    "fewer rejections": ("rejections", fewer_rejections),
    "a substitute": ("substitutes", one_more_substitute),
    "a transfer": ("modes", one_more_transfer),
    "a reward": ("stock_prices", a_reward_everywhere),
}
"""Changes that make nothing dearer, with the feature of the trials in which they make something cheaper."""


# --- the same ---------------------------------------------------------------------------------


def idle_substitutes(scenario: Scenario) -> Iterator[Scenario]:
    """A substitute more at a price that nothing is worth."""
    return one_more_substitute(scenario, PROHIBITIVE)


def prices_of_0(scenario: Scenario) -> Iterator[Scenario]:
    """A price of 0 at all that has none."""
    known = scenario[0].get("stock_prices", [])
    places = {(row["node_id"], row["sku_id"]) for row in known}
    free = [
        {"node_id": node, "sku_id": sku, "price_per_unit": "0"}
        for node in _ids(scenario, "node")
        for sku in _ids(scenario, "sku")
        if (node, sku) not in places
    ]
    yield _with_rows(scenario, "stock_prices", [*known, *free])


def idle_kits(scenario: Scenario) -> Iterator[Scenario]:
    """A kit that nobody orders, of all that is no kit."""
    tables, _ = scenario
    parts = [sku for sku in _ids(scenario, "sku") if sku not in _kits(scenario)]
    skus = [*tables["skus"], tables["skus"][0] | {"sku_id": "IDLE"}]
    kits = [{"kit_sku_id": "IDLE", "sku_id": sku, "quantity": 1, "together": "true"} for sku in parts]
    yield _with_rows(_with_rows(scenario, "skus", skus), "kits", [*tables.get("kits", []), *kits])


def idle_transfers(scenario: Scenario) -> Iterator[Scenario]:
    """Ways to a node at which nothing is picked up."""
    known = scenario[0].get("transfers", [])
    nodes = [*scenario[0]["nodes"], scenario[0]["nodes"][0] | {"node_id": "IDLE"}]
    rows = [{"from_node_id": node, "to_node_id": "IDLE", "days": 0} for node in _ids(scenario, "node")]
    yield _with_rows(_with_rows(scenario, "nodes", nodes), "transfers", [*known, *rows])


SAME: dict[str, Change] = {
    "substitutes beyond price": idle_substitutes,
    "prices of 0": prices_of_0,
    "idle kits": idle_kits,
    "idle transfers": idle_transfers,
}
"""Changes that make nothing cheaper or dearer."""


def same_in_two_ways(scenario: Scenario) -> Iterator[tuple[str, Scenario, Scenario]]:
    """Pairs of scenarios of the same optimum: the same said in two ways."""
    tables, _ = scenario
    node, order = _ids(scenario, "node")[0], tables["orders"][0]
    line = next(row for row in tables["order_lines"] if row["order_id"] == order["order_id"])
    known = [row for row in tables.get("rejections", []) if row["order_id"] != order["order_id"]]
    scenario = _with_rows(scenario, "rejections", known)
    whole = {"order_id": order["order_id"], "line_id": "", "node_id": node}
    excluded = ";".join(sorted({*str(order.get("excluded_nodes") or "").split(";"), node} - {""}))
    orders = [row | ({"excluded_nodes": excluded} if row is order else {}) for row in tables["orders"]]
    yield (
        "an order is rejected, or excludes the node",
        _with_rows(scenario, "rejections", [*known, whole]),
        _with_rows(scenario, "orders", orders),
    )
    where = {
        "order": {"order_id": order["order_id"]}, "line": {"line_id": line["line_id"]}, "node": {"node_id": node}
    }  # fmt: skip
    yield (
        "a line is rejected, or forbidden",
        _with_rows(scenario, "rejections", [*known, whole | {"line_id": line["line_id"]}]),
        with_rule(scenario, {"forbid": True, "where": where}),
    )
    sku = next(sku for sku in _ids(scenario, "sku") if sku not in _kits(scenario))
    prices = [row for row in tables.get("stock_prices", []) if (row["node_id"], row["sku_id"]) != (node, sku)]
    free = _with_rows(scenario, "stock_prices", prices)
    yield (
        "a price of stock, or of a rule about node and SKU",
        _with_rows(scenario, "stock_prices", [*prices, {"node_id": node, "sku_id": sku, "price_per_unit": "0.75"}]),
        with_rule(free, {"price": {"per_unit": "0.75"}, "where": {"sku": {"sku_id": sku}, "node": {"node_id": node}}}),
    )


def _plus(price: object, more: str) -> str:
    """An exact sum of decimals."""
    return f"{Decimal(str(price)) + Decimal(more):f}"
