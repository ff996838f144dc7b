import dataclasses
import hashlib
import json

import handmade_result
import numpy as np
import pytest

from splitship.domain import BoundSource, Plan, UnfilledLines
from splitship.packs.documents import body_hash, plan_body, plan_document, summary_document, summary_part
from splitship.packs.plans import document_text
from splitship.units import strings

SUMMARY_KEYS = [
    "schema",
    "pack",
    "scenario",
    "method",
    "termination",
    "objective",
    "bound",
    "gap",
    "gap_money",
    "bound_source",
    "currency",
    "costs",
    "counts",
    "unfilled_by_reason",
    "unavoidable_unfilled_cost",
    "verified",
    "seconds",
    "peak_memory_mb",
    "seed",
    "threads",
    "hashes",
    "versions",
]


def test_summary_has_every_key_in_the_documented_order_and_money_as_text() -> None:
    """The summary is read by programs: keys, order and forms are exact."""
    document = summary_document(handmade_result.result())
    assert list(document) == SUMMARY_KEYS
    assert document["schema"] == "splitship.summary/1"
    assert document["termination"] == {"reason": "TIME_LIMIT", "limit": "time_limit_s=5", "detail": ""}
    assert (document["objective"], document["bound"], document["gap_money"]) == ("40.50", "40.00", "0.50")
    assert document["gap"] == pytest.approx(0.5 / 40.5)
    assert document["bound_source"] == "certificate"
    assert document["costs"] == {
        "shipping": "15.123456",
        "handling": "0.00",
        "delivery": "0.25",
        "late": "6.00",
        "split": "0.50",
        "unfilled": "18.626544",
        "rules": "0.00",
        "soft": "0.00",
    }
    # O1 has two packages (one split order), its second arrives on day 3 against a promise of day 1; O2 has no promise.
    assert document["counts"] == {
        "orders": 2,
        "lines": 3,
        "units": 8,
        "packages": 3,
        "split_orders": 1,
        "late_packages": 1,
        "unfilled_units": 3,
        "orders_bounded_by_relaxation": 0,
    }
    assert list(document["counts"])[:3] == ["orders", "lines", "units"]
    assert document["unfilled_by_reason"] == {"NO_STOCK": 3}
    assert document["unavoidable_unfilled_cost"] == "6.00"
    assert document["verified"] is True
    assert list(document["seconds"]) == ["read", "compile", "prices", "primal", "check", "total"]
    assert (document["seconds"]["compile"], document["seconds"]["read"]) == (0.25, 0.0)
    assert (document["peak_memory_mb"], document["seed"], document["threads"]) == (310, 7, 1)
    assert list(document["hashes"]) == ["input", "plan"]
    assert list(document["versions"]) == ["splitship", "ortools"]
    json.dumps(document, allow_nan=False)


def test_summary_without_a_bound_has_nulls() -> None:
    """A method that proves nothing says so with null, never with a number."""
    result = dataclasses.replace(
        handmade_result.result(), bound=None, bound_source=BoundSource.NONE, certificate=None, method="policy:nearest"
    )
    document = summary_document(result)
    assert document["bound"] is document["gap"] is document["gap_money"] is None
    assert document["bound_source"] == "none"
    assert plan_document(result)["prices"] is None


def test_plan_document_adds_packages_unfilled_and_prices_to_the_summary() -> None:
    """Packages name ids and dates, costs are text, and prices carry only the keys of their kind."""
    result = handmade_result.result()
    document = plan_document(result)
    assert list(document) == [*SUMMARY_KEYS, "packages", "unfilled", "prices"]
    assert document["schema"] == "splitship.plan/1"
    assert document["packages"][1] == {
        "package_id": "O1-2",
        "order_id": "O1",
        "node_id": "SEA1",
        "service_id": "GROUND",
        "ship_on": "2026-11-27",
        "deliver_on": "2026-11-30",
        "lines": [{"line_id": "2", "sku_id": "POT", "quantity": 1}],
        "costs": {"shipping": "5.00", "handling": "0.00", "delivery": "0.00", "late": "6.00", "rules": "0.00"},
    }
    assert [package["package_id"] for package in document["packages"]] == ["O1-1", "O1-2", "O2-1"]
    assert document["unfilled"] == [
        {"order_id": "O2", "line_id": "1", "quantity": 3, "reason": "NO_STOCK", "detail": "2 left at ATL1"}
    ]
    assert document["prices"] == [
        {"kind": "stock", "node_id": "ATL1", "sku_id": "MUG", "price": "2.50"},
        {"kind": "node_units", "node_id": "ATL1", "date": "2026-11-27", "price": "0.07"},
        {
            "kind": "service_packages",
            "node_id": "SEA1",
            "service_id": "GROUND",
            "date": "2026-11-27",
            "price": "0.000001",
        },
    ]
    assert json.loads(document_text(document)) == document
    assert list(summary_part(document).items()) == list(summary_document(result).items())


def test_plan_document_has_a_certificate_key_only_for_shares() -> None:
    """Prices alone are the common case; values of wide orders' lines need the longer form."""
    assert "certificate" not in plan_document(handmade_result.result())
    assert plan_document(handmade_result.result(with_shares=True))["certificate"] == {
        "shares": [{"order_id": "O2", "line_id": "1", "value": "1.25"}]
    }


def test_plan_hash_is_of_the_canonical_json_of_the_body() -> None:
    """Anyone can recompute the hash from the document, and it does not depend on times."""
    result = handmade_result.result()
    document = plan_document(result)
    certificate = {"bound": document["bound"], "prices": document["prices"], "shares": []}
    body = {"packages": document["packages"], "unfilled": document["unfilled"], "certificate": certificate}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    assert document["hashes"]["plan"] == "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    slower = dataclasses.replace(result, seconds={"total": 99.0}, peak_memory_mb=1.0)
    assert summary_document(slower)["hashes"]["plan"] == document["hashes"]["plan"]


def test_plan_hash_changes_when_the_plan_does() -> None:
    """One unit more or one price less is another plan."""
    result = handmade_result.result()
    more = dataclasses.replace(result.plan, content_quantity=handmade_result.ints(2, 1, 1))
    cheaper = dataclasses.replace(result.certificate, price=handmade_result.ints(1, 2_500_000, 69_999))
    hashes = {
        body_hash(plan_body(changed))
        for changed in (
            result,
            dataclasses.replace(result, plan=more),
            dataclasses.replace(result, certificate=cheaper),
        )
    }
    assert len(hashes) == 3


def test_plan_that_is_not_canonical_is_refused() -> None:
    """A hash of packages in some other sequence would not be reproducible."""
    result = handmade_result.result()
    backwards = dataclasses.replace(result.plan, order_idx=result.plan.order_idx[::-1].copy())
    with pytest.raises(ValueError, match="canonical"):
        plan_document(dataclasses.replace(result, plan=backwards))


def test_documents_of_an_empty_plan_are_whole() -> None:
    """No package and nothing unfilled is a plan like any other."""
    result = handmade_result.result()
    none = np.zeros(0, np.int64)
    packages = dataclasses.replace(result.report.packages, **dict.fromkeys(PACKAGE_FIELDS, none))
    empty = dataclasses.replace(
        result,
        plan=Plan.empty(),
        unfilled=UnfilledLines(none, none, (), strings([])),
        report=dataclasses.replace(result.report, packages=packages),
        objective=0,
        bound=0,
    )
    document = plan_document(empty)
    assert document["packages"] == document["unfilled"] == []
    assert document["gap"] == 0.0
    assert document["unfilled_by_reason"] == {}


PACKAGE_FIELDS = ("shipping", "handling", "delivery", "late", "rules", "deliver_day")
