"""Certificates in plan documents: prices, shares, own prices and leaves, from ids to positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from splitship.domain import ANY_NODE, Certificate, Leaf, ResourceKind
from splitship.packs.documents import MORE_OF_CERTIFICATE
from splitship.packs.plan_fields import NOT_AN_OBJECT, Fields, kind_of, place_in, whole_numbers
from splitship.packs.plan_ids import day_numbers
from splitship.units import I64, Bools

_KINDS = {kind.label: kind for kind in ResourceKind}


def read_certificate(fields: Fields, document: Mapping[str, Any]) -> Certificate | None:
    """The certificate of a document, or None when it has none or calls its bound something else.

    Faults are added to those of `fields`.
    """
    if document.get("prices") is None or document.get("bound_source", "certificate") != "certificate":
        return None
    bound = fields.money(document.get("bound"), f"{fields.name}: bound")
    if document.get("bound") is None:
        fields.faults.add(f"{fields.name}: bound", "E702", "is missing: prices need the bound they claim")
    more = _more(fields, document.get("certificate"))
    certificate = _priced(fields, document["prices"], "prices", more, "certificate", bound)
    leaves = fields.objects(more.get("leaves", []), "certificate.leaves")
    return replace(certificate, leaves=tuple(_leaf(fields, leaf, number) for number, leaf in enumerate(leaves)))


def _more(fields: Fields, certificate: object) -> dict[str, Any]:
    """What a certificate has beside prices; unknown parts are faults."""
    if certificate is None:
        return {}
    if not isinstance(certificate, dict):
        message = f"expected an object with {' and '.join(MORE_OF_CERTIFICATE)}, got {kind_of(certificate)}"
        fields.faults.add(f"{fields.name}: certificate", "E703", message)
        return {}
    for key in certificate:
        if key not in MORE_OF_CERTIFICATE:
            message = f"is not supported; only {' and '.join(MORE_OF_CERTIFICATE)} are"
            fields.faults.add(f"{fields.name}: certificate.{key}", "E703", message)
    return certificate


def _leaf(fields: Fields, leaf: dict[str, Any], number: int) -> Leaf:
    where = f"certificate.leaves[{number}]"
    line, node, ships = _decisions(fields, leaf, where)
    bound = 0
    for key in ("decisions", "bound", "prices"):
        if leaf.get(key) is None and leaf is not NOT_AN_OBJECT:
            fields.faults.add(f"{fields.name}: {where}", "E702", "is missing", field=key)
    if leaf.get("bound") is not None:
        bound = fields.money(leaf["bound"], f"{fields.name}: {where}.bound")
    rows = leaf.get("prices")
    prices = _priced(fields, [] if rows is None else rows, f"{where}.prices", leaf, where, bound)
    return Leaf(line, node, ships, prices)


def _decisions(fields: Fields, leaf: dict[str, Any], where: str) -> tuple[I64, I64, Bools]:
    decisions = leaf.get("decisions")
    rows = fields.objects([] if decisions is None else decisions, f"{where}.decisions")
    places = [f"{fields.name}: {where}.decisions[{row}]" for row in range(len(rows))]
    line_idx = _lines(fields, rows, places)
    is_one = [row for row, decision in enumerate(rows) if decision.get("node_id", "") is not None]
    one_places = [places[row] for row in is_one]
    nodes = fields.column([rows[row] for row in is_one], "node_id", one_places)
    node_idx = np.full(len(rows), ANY_NODE, np.int64)
    node_idx[is_one] = fields.ids.positions("node_id", nodes, place_in(one_places))
    ships = np.zeros(len(rows), np.bool_)
    for row, value in enumerate(fields.column(rows, "ships", places)):
        if isinstance(value, bool):
            ships[row] = value
        elif value is not None:
            fields.faults.add(places[row], "E703", f"expected true or false, got {kind_of(value)}", field="ships")
    return line_idx, node_idx, ships


def _priced(
    fields: Fields, prices: object, prices_where: str, more: Mapping[str, Any], where: str, bound: int
) -> Certificate:
    """Prices from their rows; shares and own prices from `more`."""
    rows = fields.objects(prices, prices_where)
    places = [f"{fields.name}: {prices_where}[{row}]" for row in range(len(rows))]
    labels = fields.column(rows, "kind", places)
    kinds = np.full(len(rows), -1, np.int64)
    for row, label in enumerate(labels):
        if isinstance(label, str) and label in _KINDS:
            kinds[row] = _KINDS[label]
        elif label is not None:
            message = f"expected one of {', '.join(_KINDS)}, got {label!r}"
            fields.faults.add(places[row], "E703", message, field="kind")
    has_sku = np.isin(kinds, [kind for kind in ResourceKind if kind.has_sku])
    is_service = np.isin(kinds, [kind for kind in ResourceKind if kind.has_service])
    is_rule = kinds == ResourceKind.RULE_QUOTA
    has_node = ~np.isin(kinds, [kind for kind in ResourceKind if not kind.has_node])
    is_of_batch = is_rule & np.array([row.get("date") is None for row in rows], np.bool_)
    has_date = np.isin(kinds, [kind for kind in ResourceKind if kind.has_day]) & ~is_of_batch
    values = fields.column(rows, "price", places)
    share_line, share_value = _shares(fields, more, where)
    own_line, own_node, own_price = _own_prices(fields, more, where)
    node_idx = _only(fields, "node_id", rows, has_node, places)
    sku_idx = _only(fields, "sku_id", rows, has_sku, places)
    rule_idx = _only(fields, "rule", rows, is_rule, places)
    is_reserve = kinds == ResourceKind.CHANNEL_RESERVE
    rule_idx[is_reserve] = _masks(fields, rows, np.flatnonzero(is_reserve), node_idx, sku_idx, places)
    return Certificate(
        kinds,
        node_idx,
        sku_idx,
        _only(fields, "service_id", rows, is_service, places),
        _only(fields, "date", rows, has_date, places),
        whole_numbers([fields.money(price, places[row], "price") for row, price in enumerate(values)]),
        share_line,
        share_value,
        bound,
        own_line,
        own_node,
        own_price,
        rule_idx=rule_idx,
    )


def _masks(
    fields: Fields, rows: list[dict[str, Any]], which: I64, node_idx: I64, sku_idx: I64, places: list[str]
) -> I64:
    """The sets of reserves that some rows name by their channels, -1 where they name none that are there."""
    found: list[int] = []
    listed = fields.column([rows[row] for row in which.tolist()], "channels", [places[row] for row in which.tolist()])
    for row, channels in zip(which.tolist(), listed, strict=True):
        is_list = isinstance(channels, list) and all(isinstance(name, str) for name in channels)
        if channels is not None and not is_list:
            words = f"expected a list of channels, got {kind_of(channels)}"
            fields.faults.add(places[row], "E703", words, field="channels")
        found.append(
            fields.ids.mask(node_idx[row], sku_idx[row], channels, place_in(places), row)
            if isinstance(channels, list) and is_list
            else -1
        )
    return whole_numbers(found)


def _own_prices(fields: Fields, more: Mapping[str, Any], where: str) -> tuple[I64, I64, I64]:
    rows = fields.objects(more.get("own_prices", []), f"{where}.own_prices")
    places = [f"{fields.name}: {where}.own_prices[{row}]" for row in range(len(rows))]
    line_idx, node_idx = _line_and_node(fields, rows, places)
    prices = fields.column(rows, "price", places)
    values = [fields.money(price, places[row], "price") for row, price in enumerate(prices)]
    return line_idx, node_idx, whole_numbers(values)


def _shares(fields: Fields, more: Mapping[str, Any], where: str) -> tuple[I64, I64]:
    rows = fields.objects(more.get("shares", []), f"{where}.shares")
    places = [f"{fields.name}: {where}.shares[{row}]" for row in range(len(rows))]
    line_idx = _lines(fields, rows, places)
    values = fields.column(rows, "value", places)
    return line_idx, whole_numbers([fields.money(value, places[row], "value") for row, value in enumerate(values)])


def _lines(fields: Fields, rows: list[dict[str, Any]], places: list[str]) -> I64:
    order_idx = fields.ids.positions("order_id", fields.column(rows, "order_id", places), place_in(places))
    lines = fields.ids.lines(order_idx, fields.column(rows, "line_id", places), place_in(places))
    lines = fields.ids.components(lines, [row.get("sku_id") for row in rows], place_in(places))
    return fields.ids.parts(lines, [row.get("part") for row in rows], place_in(places))


def _line_and_node(fields: Fields, rows: list[dict[str, Any]], places: list[str]) -> tuple[I64, I64]:
    line_idx = _lines(fields, rows, places)
    return line_idx, fields.ids.positions("node_id", fields.column(rows, "node_id", places), place_in(places))


def _only(fields: Fields, key: str, rows: list[dict[str, Any]], wanted: Bools, places: list[str]) -> I64:
    """The key's positions (or days) on the rows whose kind has it, -1 on the others."""
    out = np.full(len(rows), -1, np.int64)
    chosen = np.flatnonzero(wanted).tolist()
    chosen_places = [places[row] for row in chosen]
    values = fields.column([rows[row] for row in chosen], key, chosen_places)
    if key == "date":
        out[chosen] = day_numbers(values, key, place_in(chosen_places), fields.faults)
    else:
        out[chosen] = fields.ids.positions(key, values, place_in(chosen_places))
    return out
