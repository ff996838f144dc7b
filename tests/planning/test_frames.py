"""Frames and the small tables of notebooks say what the plan document says."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import splitship
from splitship.domain import Result, SolveOptions
from splitship.packs import Pack
from splitship.packs.documents import plan_document
from splitship.run import solve
from splitship.units import parse_micros

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module", params=("hello", "us-retail", "omnichannel"))
def result(request: pytest.FixtureRequest) -> Result:
    """Answers that are not the best: every term has something in it; in omnichannel kits, substitutes, promises."""
    pack = splitship.read_pack(SCENARIOS / request.param)
    return solve(pack.problem(), SolveOptions(method="policy:per_order_optimal", time_limit_s=None))


def test_packages_are_those_of_the_document(result: Result) -> None:
    """Ids, days and every term of every package, and the contents in their sequence."""
    document = plan_document(result)
    exact, shown = result.packages_frame(micros=True), result.packages_frame()
    assert len(exact) == len(document["packages"])
    for column in ("package_id", "order_id", "node_id", "service_id"):
        assert exact[column].tolist() == [package[column] for package in document["packages"]]
    for column in ("ship_on", "deliver_on"):
        assert exact[column].dt.strftime("%Y-%m-%d").tolist() == [package[column] for package in document["packages"]]
    for term in ("shipping", "handling", "delivery", "late", "rules"):
        micros = [parse_micros(package["costs"][term]) for package in document["packages"]]
        assert exact[f"{term}_micros"].tolist() == micros
        assert (shown[term] * 10**6).round().astype(np.int64).tolist() == micros
    lines = [(package["package_id"], line) for package in document["packages"] for line in package["lines"]]
    contents = result.contents_frame()
    assert contents["package_id"].tolist() == [package_id for package_id, _ in lines]
    for column in ("line_id", "sku_id", "quantity"):
        assert contents[column].tolist() == [line[column] for _, line in lines]
    assert exact["units"].sum() == contents["quantity"].sum()
    assert (exact["late_days"] > 0).sum() == document["counts"]["late_packages"]


def test_what_stays_is_that_of_the_document(result: Result) -> None:
    """Units and reasons; the SKU is the one that was ordered."""
    frame = result.unfilled_frame()
    rows = plan_document(result)["unfilled"]
    assert frame.drop(columns="sku_id").to_dict("records") == rows
    given = result.problem.as_given
    ordered = {
        (given.orders.order_id[order], line_id): given.skus.sku_id[sku]
        for order, line_id, sku in zip(given.lines.order_idx, given.lines.line_id, given.lines.sku_idx, strict=True)
    }
    assert [ordered[row.order_id, row.line_id] for row in frame.itertuples()] == frame["sku_id"].tolist()


def test_orders_add_up_to_the_objective(result: Result) -> None:
    """By order, by term, by package: three ways to one sum; counts are those of the summary."""
    orders, packages = splitship.orders_frame(result, micros=True), result.packages_frame(micros=True)
    terms = result.costs_frame(micros=True).set_index("term")["cost_micros"]
    assert orders["total_micros"].sum() + terms["soft"] == result.objective == terms.sum()
    for term in ("shipping", "handling", "delivery", "late", "rules"):
        assert orders[f"{term}_micros"].sum() == packages[f"{term}_micros"].sum() == terms[term]
        by_order = packages.groupby("order_id")[f"{term}_micros"].sum().reindex(orders["order_id"], fill_value=0)
        assert by_order.tolist() == orders[f"{term}_micros"].tolist()
    assert orders["unfilled_micros"].sum() == terms["unfilled"]
    assert orders["split_micros"].sum() == terms["split"]
    counts = plan_document(result)["counts"]
    found = [orders["units"].sum(), orders["packages"].sum(), (orders["packages"] > 1).sum()]
    assert found == [counts["units"], counts["packages"], counts["split_orders"]]
    assert orders["unfilled_units"].sum() == counts["unfilled_units"]
    assert len(orders) == counts["orders"]


def test_orders_say_where_and_when(result: Result) -> None:
    """Nodes, the last day and lateness are those of the packages; an order without packages has none."""
    orders, packages = splitship.orders_frame(result), result.packages_frame()
    of_packages = packages.groupby("order_id")
    shipped = orders[orders["packages"] > 0].set_index("order_id")
    last = of_packages["deliver_on"].max()
    assert (shipped["deliver_on"] == last.reindex(shipped.index)).all()
    assert (shipped["late_days"] == of_packages["late_days"].max().reindex(shipped.index)).all()
    nodes = of_packages["node_id"].agg(lambda ids: ";".join(dict.fromkeys(ids)))
    assert (shipped["nodes"] == nodes.reindex(shipped.index)).all()
    as_of = pd.Timestamp(result.problem.as_of.date())
    assert (shipped["days"] == (shipped["deliver_on"] - as_of).dt.days).all()
    rest = orders[orders["packages"] == 0]
    assert rest["deliver_on"].isna().all()
    assert rest["days"].isna().all()
    assert (rest["nodes"] == "").all()
    assert orders["deliver_by"].isna().sum() == (result.problem.orders.deliver_by == 2**30).sum()


def test_nothing_to_ship_has_empty_frames() -> None:
    """The columns are there, rows are not."""
    nodes = [{"node_id": "A", "kind": "dc", "country": "US", "postal_code": "1"}]
    pack = Pack.from_tables({"nodes": nodes}, {"as_of": "2026-11-27T09:00:00Z", "currency": "USD"})
    result = splitship.solve(pack.problem())
    full = solve(splitship.read_pack(SCENARIOS / "hello").problem())
    for empty, other in (
        (result.packages_frame(), full.packages_frame()),
        (result.contents_frame(), full.contents_frame()),
        (result.unfilled_frame(), full.unfilled_frame()),
        (splitship.orders_frame(result), splitship.orders_frame(full)),
    ):
        assert len(empty) == 0
        assert list(empty.columns) == list(other.columns)
    assert result.costs_frame()["cost"].sum() == 0
    assert "0 of 0" in result._repr_html_()


def test_notebooks_show_what_the_document_says(result: Result) -> None:
    """A table that is well-formed: cost by term, total, bound, packages; no scripts."""
    document = plan_document(result)
    cells = {row[0].text: row[1].text for row in ElementTree.fromstring(result._repr_html_()).iter("tr")}
    assert cells["total"] == document["objective"]
    assert cells["packages"] == f"{document['counts']['packages']:,}"
    assert cells["late packages"] == f"{document['counts']['late_packages']:,}"
    assert cells["unfilled units"] == f"{document['counts']['unfilled_units']:,}"
    assert cells["certified gap"] == "none: no bound was proven"
    assert cells["verified"] == "feasible and the cost exact"
    for term, text in document["costs"].items():
        assert cells.get(term, "0.00") == text


def test_notebooks_are_not_made_to_run_what_a_pack_is_called() -> None:
    """Names are escaped, in results and packs."""
    evil = "<script>alert('&')</script>"
    pack = splitship.read_pack(SCENARIOS / "hello")
    named = Pack.from_tables(pack.tables, {**pack.settings.model_dump(by_alias=True), "name": evil}, evil)
    closed = splitship.scenario(named, [{"table": "nodes", "where": {"node_id": "WEST"}, "set": {"open": False}}], evil)
    result = splitship.solve(closed.problem())
    for text in (named._repr_html_(), closed._repr_html_(), result._repr_html_()):
        assert "<script" not in text
        assert ElementTree.fromstring(text).find("caption").text.startswith(evil)  # type: ignore[union-attr]
    assert "nodes: 1 row, open" in closed._repr_html_()
    assert f"{result.gap:.3%}: no plan costs less than" in result._repr_html_()
