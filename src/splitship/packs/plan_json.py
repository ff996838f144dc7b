"""Plans as JSON documents, schema `splitship.plan/1`: packages, certificate and claims.

Only `packages` is needed; what else stands there is read as a claim for the checker to confirm.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import numpy as np

from splitship.domain import Certificate, Plan, Problem, ResourceKind
from splitship.errors import Finding, PlanError
from splitship.packs.documents import COST_TERMS, MORE_OF_CERTIFICATE, PACKAGE_TERMS
from splitship.packs.findings import suggest
from splitship.packs.plan_claims import Claims, PlanFile
from splitship.packs.plan_ids import Place, PlanFaults, PlanIds, day_numbers, unit_counts
from splitship.units import I64, MAX_TOTAL_MICROS, parse_micros

_SCHEMA = "splitship.plan/1"
_NOT_AN_OBJECT: dict[str, Any] = {}  # stands where something else was found; told apart by identity
_KINDS = {kind.label: kind for kind in ResourceKind}


def read_plan_document(data: bytes, name: str, problem: Problem, is_for_another: bool = False) -> PlanFile:
    """A plan from the bytes of a JSON file; `name` is the file's name in messages.

    With `is_for_another` it was made for another problem: unknown ids are -1, and its claims are not read.

    Raises:
        PlanError: with every fault, placed as `plan.json: packages[3].lines[0].quantity`.
    """
    document = _parse(data, name)
    faults = PlanFaults()
    _check_head(document, name, problem, faults)
    reader = _Reader(name, problem, faults, is_for_another)
    plan = reader.plan(document.get("packages", []))
    certificate = reader.certificate(document)
    claims = None if is_for_another else reader.claims(document)
    faults.raise_if_any()
    return PlanFile(plan, certificate, claims)


def _parse(data: bytes, name: str) -> dict[str, Any]:
    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not a JSON number")

    try:
        document = json.loads(data.decode("utf-8-sig"), parse_constant=refuse)
    except UnicodeDecodeError as error:
        message = f"not UTF-8 text: {error.reason} at byte {error.start}"
        raise PlanError([Finding(name, "E701", message)]) from error
    except json.JSONDecodeError as error:
        raise PlanError([Finding(f"{name}:{error.lineno}:{error.colno}", "E701", f"not JSON: {error.msg}")]) from error
    except (ValueError, RecursionError) as error:
        raise PlanError([Finding(name, "E701", f"not JSON: {error}")]) from error
    if not isinstance(document, dict):
        raise PlanError([Finding(name, "E702", f"expected an object with packages, got {_kind(document)}")])
    return document


def _check_head(document: Mapping[str, Any], name: str, problem: Problem, faults: PlanFaults) -> None:
    schema = document.get("schema", _SCHEMA)
    if schema != _SCHEMA:
        hint = "write the plan with solve --plan FILE.json" if schema == "splitship.summary/1" else ""
        faults.add(f"{name}: schema", "E703", f"expected {_SCHEMA!r}, got {schema!r}", hint)
    currency = document.get("currency", problem.currency)
    if currency != problem.currency:
        faults.add(f"{name}: currency", "E705", f"the pack is in {problem.currency}, got {currency!r}")
    if "packages" not in document:
        hint = suggest("packages", [key for key in document if isinstance(key, str)])
        faults.add(f"{name}: packages", "E702", "is missing", hint.replace("did you mean", "is it"))


class _Reader:
    """Reads the parts of one document; every method adds its faults and gives something well-formed back."""

    def __init__(self, name: str, problem: Problem, faults: PlanFaults, is_for_another: bool = False) -> None:
        self._name = name
        self._problem = problem
        self._faults = faults
        self._ids = PlanIds(problem, faults, is_for_another)

    def plan(self, packages: object) -> Plan:
        """The packages; their claims of dates and costs are kept for `claims`."""
        self._packages = self._objects(packages, "packages")
        places = [f"{self._name}: packages[{row}]" for row in range(len(self._packages))]
        place = _place(places)
        contents: list[dict[str, Any]] = []
        content_places: list[str] = []
        content_package: list[int] = []
        for row, package in enumerate(self._packages):
            lines = package.get("lines")
            if "lines" not in package:
                if package is not _NOT_AN_OBJECT:
                    self._faults.add(places[row], "E702", "is missing", _near_key("lines", package), "lines")
                continue
            for position, line in enumerate(self._objects(lines, f"packages[{row}].lines")):
                contents.append(line)
                content_places.append(f"{places[row]}.lines[{position}]")
                content_package.append(row)
        content_place = _place(content_places)
        columns = {
            key: self._column(self._packages, key, places) for key in ("order_id", "node_id", "service_id", "ship_on")
        }
        order_idx = self._ids.positions("order_id", columns["order_id"], place)
        package_idx = np.array(content_package, np.int64)
        line_idx = self._ids.lines(
            order_idx[package_idx], self._column(contents, "line_id", content_places), content_place
        )
        line_idx = self._ids.compare_skus(line_idx, [line.get("sku_id") for line in contents], content_place)
        quantities = self._column(contents, "quantity", content_places)
        return Plan(
            order_idx,
            self._ids.positions("node_id", columns["node_id"], place),
            self._ids.positions("service_id", columns["service_id"], place),
            day_numbers(columns["ship_on"], "ship_on", place, self._faults),
            package_idx,
            line_idx,
            unit_counts(quantities, "quantity", content_place, self._faults),
        )

    def certificate(self, document: Mapping[str, Any]) -> Certificate | None:
        """Prices and shares, or None when the document has none or calls its bound something else."""
        if document.get("prices") is None or document.get("bound_source", "certificate") != "certificate":
            return None
        bound = self._money(document.get("bound"), f"{self._name}: bound")
        if document.get("bound") is None:
            self._faults.add(f"{self._name}: bound", "E702", "is missing: prices need the bound they claim")
        rows = self._objects(document["prices"], "prices")
        places = [f"{self._name}: prices[{row}]" for row in range(len(rows))]
        labels = self._column(rows, "kind", places)
        kinds = np.full(len(rows), -1, np.int64)
        for row, label in enumerate(labels):
            if isinstance(label, str) and label in _KINDS:
                kinds[row] = _KINDS[label]
            elif label is not None:
                message = f"expected one of {', '.join(_KINDS)}, got {label!r}"
                self._faults.add(places[row], "E703", message, field="kind")
        is_stock = kinds == ResourceKind.STOCK
        is_service = kinds == ResourceKind.SERVICE_PACKAGES
        prices = self._column(rows, "price", places)
        more = self._more(document.get("certificate"))
        share_line, share_value = self._shares(more)
        own_line, own_node, own_price = self._own_prices(more)
        return Certificate(
            kinds,
            self._ids.positions("node_id", self._column(rows, "node_id", places), _place(places)),
            self._only("sku_id", rows, is_stock, places),
            self._only("service_id", rows, is_service, places),
            self._only("date", rows, ~is_stock & (kinds >= 0), places),
            np.array([self._money(price, places[row], "price") for row, price in enumerate(prices)], np.int64),
            share_line,
            share_value,
            bound,
            own_line,
            own_node,
            own_price,
        )

    def claims(self, document: Mapping[str, Any]) -> Claims | None:
        """The numbers a checker can compare, or None when there are none."""
        costs = self._money_map(document.get("costs"), "costs", COST_TERMS)
        package_costs: dict[str, tuple[list[int], list[int]]] = {}
        delivered: list[tuple[int, object]] = []
        for row, package in enumerate(self._packages):
            place = f"packages[{row}].costs"
            for term, micros in self._money_map(package.get("costs"), place, PACKAGE_TERMS).items():
                rows, values = package_costs.setdefault(term, ([], []))
                rows.append(row)
                values.append(micros)
            if package.get("deliver_on") is not None:
                delivered.append((row, package["deliver_on"]))
        days = day_numbers(
            [text for _, text in delivered],
            "deliver_on",
            lambda position: f"{self._name}: packages[{delivered[position][0]}]",
            self._faults,
        )
        hashes = document.get("hashes")
        input_hash = hashes.get("input") if isinstance(hashes, dict) else None
        objective, bound = document.get("objective"), document.get("bound")
        claims = Claims(
            objective=None if objective is None else self._money(objective, f"{self._name}: objective"),
            bound=None if bound is None else self._money(bound, f"{self._name}: bound"),
            costs=costs,
            package_costs={term: (_column(rows), _column(values)) for term, (rows, values) in package_costs.items()},
            deliver_day=(_column([row for row, _ in delivered]), days) if delivered else None,
            unfilled=self._unfilled(document.get("unfilled")),
            input_hash=input_hash if isinstance(input_hash, str) else None,
        )
        return None if claims == Claims() else claims

    def _unfilled(self, value: object) -> tuple[I64, I64] | None:
        if value is None:
            return None
        rows = self._objects(value, "unfilled")
        places = [f"{self._name}: unfilled[{row}]" for row in range(len(rows))]
        order_idx = self._ids.positions("order_id", self._column(rows, "order_id", places), _place(places))
        line_idx = self._ids.lines(order_idx, self._column(rows, "line_id", places), _place(places))
        quantities = self._column(rows, "quantity", places)
        return line_idx, unit_counts(quantities, "quantity", _place(places), self._faults)

    def _more(self, certificate: object) -> dict[str, Any]:
        """What a certificate has beside prices; unknown parts are faults."""
        if certificate is None:
            return {}
        if not isinstance(certificate, dict):
            message = f"expected an object with {' and '.join(MORE_OF_CERTIFICATE)}, got {_kind(certificate)}"
            self._faults.add(f"{self._name}: certificate", "E703", message)
            return {}
        for key in certificate:
            if key not in MORE_OF_CERTIFICATE:
                message = f"is not supported; only {' and '.join(MORE_OF_CERTIFICATE)} are"
                self._faults.add(f"{self._name}: certificate.{key}", "E703", message)
        return certificate

    def _own_prices(self, certificate: dict[str, Any]) -> tuple[I64, I64, I64]:
        rows = self._objects(certificate.get("own_prices", []), "certificate.own_prices")
        places = [f"{self._name}: certificate.own_prices[{row}]" for row in range(len(rows))]
        order_idx = self._ids.positions("order_id", self._column(rows, "order_id", places), _place(places))
        line_idx = self._ids.lines(order_idx, self._column(rows, "line_id", places), _place(places))
        node_idx = self._ids.positions("node_id", self._column(rows, "node_id", places), _place(places))
        prices = self._column(rows, "price", places)
        values = [self._money(price, places[row], "price") for row, price in enumerate(prices)]
        return line_idx, node_idx, _column(values)

    def _shares(self, certificate: dict[str, Any]) -> tuple[I64, I64]:
        rows = self._objects(certificate.get("shares", []), "certificate.shares")
        places = [f"{self._name}: certificate.shares[{row}]" for row in range(len(rows))]
        order_idx = self._ids.positions("order_id", self._column(rows, "order_id", places), _place(places))
        line_idx = self._ids.lines(order_idx, self._column(rows, "line_id", places), _place(places))
        values = self._column(rows, "value", places)
        return line_idx, _column([self._money(value, places[row], "value") for row, value in enumerate(values)])

    def _only(self, key: str, rows: list[dict[str, Any]], wanted: np.ndarray[Any, Any], places: list[str]) -> I64:
        """The key's positions (or days) on the rows whose kind has it, -1 on the others."""
        out = np.full(len(rows), -1, np.int64)
        chosen = np.flatnonzero(wanted).tolist()
        chosen_places = [places[row] for row in chosen]
        values = self._column([rows[row] for row in chosen], key, chosen_places)
        if key == "date":
            out[chosen] = day_numbers(values, key, _place(chosen_places), self._faults)
        else:
            out[chosen] = self._ids.positions(key, values, _place(chosen_places))
        return out

    def _objects(self, value: object, where: str) -> list[dict[str, Any]]:
        """A list of objects; what is not one is a fault and becomes `_NOT_AN_OBJECT`."""
        if not isinstance(value, list):
            self._faults.add(f"{self._name}: {where}", "E703", f"expected a list, got {_kind(value)}")
            return []
        for row, element in enumerate(value):
            if not isinstance(element, dict):
                self._faults.add(f"{self._name}: {where}[{row}]", "E703", f"expected an object, got {_kind(element)}")
        return [element if isinstance(element, dict) else _NOT_AN_OBJECT for element in value]

    def _column(self, rows: list[dict[str, Any]], key: str, places: list[str]) -> list[object]:
        """One key of every row; a missing one is a fault and None."""
        values: list[object] = [row.get(key) for row in rows]
        for row, value in enumerate(values):
            if value is None and rows[row] is not _NOT_AN_OBJECT:
                self._faults.add(places[row], "E702", "is missing", _near_key(key, rows[row]), key)
        return values

    def _money_map(self, value: object, where: str, terms: Iterable[str]) -> dict[str, int]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._faults.add(f"{self._name}: {where}", "E703", f"expected an object, got {_kind(value)}")
            return {}
        place = f"{self._name}: {where}"
        return {term: self._money(value[term], place, term) for term in terms if value.get(term) is not None}

    def _money(self, value: object, where: str, field: str = "") -> int:
        """Money text (or a whole number) as micros; a fault gives 0, None is passed over."""
        if value is None:
            return 0
        try:
            if isinstance(value, bool) or not isinstance(value, str | int):
                raise ValueError
            micros = parse_micros(str(value))
            if abs(micros) > MAX_TOTAL_MICROS:
                raise ValueError
        except ValueError:
            message = f"expected money as text with at most 6 decimals, got {str(value)[:40]!r}"
            self._faults.add(where, "E703", message, field=field)
            return 0
        return micros


def _place(places: list[str]) -> Place:
    return lambda row: places[row]


def _column(values: list[int]) -> I64:
    return np.array(values, np.int64)


def _near_key(key: str, row: Mapping[str, Any]) -> str:
    return suggest(key, [other for other in row if isinstance(other, str)]).replace("did you mean", "is it")


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return "null" if value is None else kinds.get(type(value), type(value).__name__)
