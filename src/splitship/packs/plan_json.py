"""Plans as JSON documents, schema `splitship.plan/1`: packages, certificate and claims.

Only `packages` is needed; what else stands there is read as a claim for the checker to confirm.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import numpy as np

from splitship.domain import Plan, Problem
from splitship.domain.parts import in_parts
from splitship.errors import Finding, PlanError
from splitship.packs.documents import COST_TERMS, PACKAGE_TERMS
from splitship.packs.findings import suggest
from splitship.packs.plan_certificate import read_certificate
from splitship.packs.plan_claims import Claims, PlanFile
from splitship.packs.plan_fields import NOT_AN_OBJECT, Fields, kind_of, near_key, place_in, whole_numbers
from splitship.packs.plan_ids import PlanFaults, day_numbers, unit_counts
from splitship.units import I64

_SCHEMA = "splitship.plan/1"


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
    certificate = read_certificate(reader, document)
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
        raise PlanError([Finding(name, "E702", f"expected an object with packages, got {kind_of(document)}")])
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


class _Reader(Fields):
    """Reads the parts of one document."""

    def plan(self, packages: object) -> Plan:
        """The packages; their claims of dates and costs are kept for `claims`."""
        self._packages = self.objects(packages, "packages")
        places = [f"{self.name}: packages[{row}]" for row in range(len(self._packages))]
        place = place_in(places)
        contents: list[dict[str, Any]] = []
        content_places: list[str] = []
        content_package: list[int] = []
        for row, package in enumerate(self._packages):
            lines = package.get("lines")
            if "lines" not in package:
                if package is not NOT_AN_OBJECT:
                    self.faults.add(places[row], "E702", "is missing", near_key("lines", package), "lines")
                continue
            for position, line in enumerate(self.objects(lines, f"packages[{row}].lines")):
                contents.append(line)
                content_places.append(f"{places[row]}.lines[{position}]")
                content_package.append(row)
        content_place = place_in(content_places)
        columns = {
            key: self.column(self._packages, key, places) for key in ("order_id", "node_id", "service_id", "ship_on")
        }
        order_idx = self.ids.positions("order_id", columns["order_id"], place)
        package_idx = np.array(content_package, np.int64)
        line_idx = self.ids.lines(
            order_idx[package_idx], self.column(contents, "line_id", content_places), content_place
        )
        skus, components = ([line.get(key) for line in contents] for key in ("sku_id", "component_sku_id"))
        line_idx, sku_idx = self.ids.contents(line_idx, skus, components, content_place)
        quantities = self.column(contents, "quantity", content_places)
        plan = Plan(
            order_idx,
            self.ids.positions("node_id", columns["node_id"], place),
            self.ids.positions("service_id", columns["service_id"], place),
            day_numbers(columns["ship_on"], "ship_on", place, self.faults),
            package_idx,
            line_idx,
            unit_counts(quantities, "quantity", content_place, self.faults),
            sku_idx,
        )
        return in_parts(self.problem, plan)

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
            lambda position: f"{self.name}: packages[{delivered[position][0]}]",
            self.faults,
        )
        hashes = document.get("hashes")
        input_hash = hashes.get("input") if isinstance(hashes, dict) else None
        objective, bound = document.get("objective"), document.get("bound")
        claims = Claims(
            objective=None if objective is None else self.money(objective, f"{self.name}: objective"),
            bound=None if bound is None else self.money(bound, f"{self.name}: bound"),
            costs=costs,
            package_costs={
                term: (whole_numbers(rows), whole_numbers(values)) for term, (rows, values) in package_costs.items()
            },
            deliver_day=(whole_numbers([row for row, _ in delivered]), days) if delivered else None,
            unfilled=self._unfilled(document.get("unfilled")),
            input_hash=input_hash if isinstance(input_hash, str) else None,
        )
        return None if claims == Claims() else claims

    def _unfilled(self, value: object) -> tuple[I64, I64] | None:
        if value is None:
            return None
        rows = self.objects(value, "unfilled")
        places = [f"{self.name}: unfilled[{row}]" for row in range(len(rows))]
        order_idx = self.ids.positions("order_id", self.column(rows, "order_id", places), place_in(places))
        line_idx = self.ids.lines(order_idx, self.column(rows, "line_id", places), place_in(places))
        quantities = self.column(rows, "quantity", places)
        return line_idx, unit_counts(quantities, "quantity", place_in(places), self.faults)

    def _money_map(self, value: object, where: str, terms: Iterable[str]) -> dict[str, int]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.faults.add(f"{self.name}: {where}", "E703", f"expected an object, got {kind_of(value)}")
            return {}
        place = f"{self.name}: {where}"
        return {term: self.money(value[term], place, term) for term in terms if value.get(term) is not None}
