"""The page as text: closed to any network, the same each time, small, and nothing in it that users could make run."""

import base64
import dataclasses
import hashlib
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hostile_texts import NODE, ORDER, SERVICE, SKU

import splitship
from splitship.domain import BoundSource, Violation
from splitship.errors import UsageError
from splitship.packs.documents import plan_document
from splitship.planning.report import Report
from splitship.planning.report.explorer import explorer_document, script_json
from splitship.planning.report.tables import MINUS, NONE, least_text, most_text
from splitship.run.given import result_of_plan
from splitship.units import day_number, day_text


class Elements(HTMLParser):
    """Tags with their attributes, and what stands in scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.raw, self._open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.raw.append([tag, dict(attrs), ""])

    def handle_data(self, data):
        if self.raw and self.lasttag in ("script", "style") and self.cdata_elem:
            self.raw[-1][2] += data

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page(retail):
    return Report(retail, command="splitship report scenarios/us-retail --out day.html").html()


def test_nothing_on_the_page_leads_out_of_it(page):
    found = Elements(page)
    (policy,) = [each["content"] for each in found.named("meta") if "http-equiv" in each]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for _, attributes in found.tags:
        for name, text in attributes.items():
            assert not name.startswith("on"), name
            assert name != "style"
            if name in ("href", "src", "action", "data", "xlink:href"):
                assert text.startswith("#"), text
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org)", page)


def test_the_policy_allows_just_these_scripts_and_styles(page):
    found = Elements(page)
    (policy,) = [each["content"] for each in found.named("meta") if "http-equiv" in each]
    texts = [text for tag, attributes, text in found.raw if attributes.get("type") != "application/json"]
    hashes = ["sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
    assert len(hashes) == 2
    assert sorted(re.findall(r"sha256-[\w+/=]+", policy)) == sorted(hashes)


def test_tables_are_tables(page):
    found = Elements(page)
    assert len(found.named("table")) == len(found.named("caption")) > 15
    for attributes in found.named("th"):
        assert attributes.get("scope") in ("col", "row")
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {each["href"].removeprefix("#") for each in found.named("a")}
    assert links <= set(ids)
    assert {"kpis", "costs", "map", "capacity", "service", "unfilled", "moves", "orders", "provenance"} <= links


def test_the_same_answers_give_the_same_bytes(retail, page):
    slower = [dataclasses.replace(result, seconds={"total": 99.0}, peak_memory_mb=1e6) for result in retail]
    command = "splitship report scenarios/us-retail --out day.html"
    assert Report(slower, command=command).html() == page


def test_a_thousand_orders_twice_are_well_below_the_limit(page, retail):
    """5 MB are for 10,000 orders."""
    assert len(page.encode()) < 600_000
    one = Report(retail[:1]).html()
    assert len(one.encode()) < 350_000


def test_texts_of_users_stay_text(hostile):
    page = Report([hostile, hostile], title=ORDER, command=SERVICE).html()
    for text in (ORDER, NODE, SERVICE, "<b>bold</b>", "<i>what if</i>"):
        assert text not in page
    found = Elements(page)
    assert len(found.named("script")) == 2
    assert not found.named("img")
    assert all("onload" not in attributes for attributes in found.named("svg"))
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "{{ 7 * 7 }}" in page
    assert "49" not in re.findall(r"HYPERLINK\(1\)&amp;(.{0,12})", page)
    (data,) = [text for _, attributes, text in found.raw if attributes.get("type") == "application/json"]
    assert "<" not in data
    assert "&" not in data
    columns = json.loads(data)["columns"]
    assert any(ORDER in column for column in columns)
    assert any(SKU in column for column in columns)


def test_json_in_scripts_is_json():
    text = "</script>&\u2028\u2029<!--'\"\\"
    assert json.loads(script_json([text])) == [text]
    assert not set("<>&\u2028\u2029") & set(script_json([text]))


@pytest.mark.parametrize("name", ["certified", "retail", "everything"])
def test_the_explorer_has_every_package_and_every_unit(name, request):
    """Read as the script reads it, and held against the plan document."""
    found = request.getfixturevalue(name)
    result = found[0] if isinstance(found, list) else found
    document = json.loads(script_json(explorer_document([result], ["a"], {})))
    (raw,) = document["results"]

    def read(place):
        return document["columns"][place]

    orders, packages, contents, unfilled = (
        {key: read(place) for key, place in raw[part].items()}
        for part in ("orders", "packages", "contents", "unfilled")
    )
    nodes, services, skus, details = (read(raw[key]) for key in ("nodes", "services", "skus", "details"))
    first, at, inside = day_number(raw["first"]), 0, 0
    told = []
    for order_id, count in zip(orders["id"], orders["packages"], strict=True):
        for package in range(at, at + count):
            lines = list(zip(contents["sku"], contents["units"], strict=True))[
                inside : inside + packages["contents"][package]
            ]
            inside += packages["contents"][package]
            told.append((
                order_id, nodes[packages["node"][package]], services[packages["service"][package]],
                day_text(first + packages["ships"][package]), day_text(first + packages["arrives"][package]),
                sorted((skus[sku], units) for sku, units in lines),
            ))  # fmt: skip
        at += count
    plan = plan_document(result)
    assert told == [
        (row["order_id"], row["node_id"], row["service_id"], row["ship_on"], row["deliver_on"],
         sorted((line["sku_id"], line["quantity"]) for line in row["lines"]))
        for row in plan["packages"]
    ]  # fmt: skip
    missing = [
        (orders["id"][order], units, raw["reasons"][reason][0], details[detail])
        for order, units, reason, detail in zip(
            unfilled["order"], unfilled["units"], unfilled["reason"], unfilled["detail"], strict=True
        )
    ]
    assert missing == [(row["order_id"], row["quantity"], row["reason"], row["detail"]) for row in plan["unfilled"]]
    assert sum(orders["cost"]) + result.report.costs.soft == result.objective
    promised = result.problem.orders.deliver_by
    assert [day < 0 for day in orders["by"]] == (promised >= 2**30).tolist()


def test_columns_that_are_the_same_are_kept_once(retail):
    one = explorer_document(retail[:1], ["a"], {})
    two = explorer_document([retail[0], retail[0]], ["a", "b"], {})
    assert len(two["columns"]) == len(one["columns"])
    assert two["results"][0]["orders"] == two["results"][1]["orders"]


def test_an_answer_says_how_far_it_is_to_be_trusted(certified, retail):
    assert Report([certified]).answers[0].trust == "certified"
    assert "No plan costs less than 87.50 USD" in Report([certified]).answers[0].statement
    assert Report(retail[:1]).answers[0].trust == "unproven"
    claimed = dataclasses.replace(certified, bound_source=BoundSource.SOLVER, certificate=None)
    assert Report([claimed]).answers[0].trust == "claimed"
    assert "certified gap" not in Report([claimed]).html()
    assert "certified gap" not in claimed._repr_html_()
    assert "gap claimed by the solver" in claimed._repr_html_()
    assert Report([claimed]).answers[0].tiles[1].name == "gap claimed by the solver"
    assert Report([claimed]).figures.text("bound", 0) == NONE


def test_an_answer_that_is_not_feasible_counts_all_that_is_wrong(certified):
    """Of a code with very many the checker lists a hundred and says how many there are."""
    listed = tuple(Violation("STOCK_EXCEEDED", f"line {at}", "too many") for at in range(100))
    rest = Violation("STOCK_EXCEEDED", "", "345 violations of this kind in all, the first 100 are listed")
    report = dataclasses.replace(certified.report, violations=(*listed, rest, Violation("LATE", "x", "late")))
    broken = dataclasses.replace(certified, report=report)
    assert "in 346 places" in Report([broken]).answers[0].statement
    assert "346 violations" in broken._repr_html_()


def test_a_given_plan_was_not_stopped_by_a_limit(certified):
    given = result_of_plan(certified.problem, certified.plan)
    answer = Report([given]).answers[0]
    assert (answer.tiles[-1].value, answer.tiles[-1].more) == ("given", "not searched for")
    assert ("stopped", "given, not searched for") in answer.provenance.rows
    assert "given, not searched for" in given._repr_html_()


def test_only_a_search_of_a_pack_has_a_command(certified, retail):
    given = result_of_plan(certified.problem, certified.plan)
    command = "splitship solve packs/hello --scenario baseline"
    report = Report([certified, certified, given], pack="packs/hello", is_warm=True)
    assert [text.startswith(command) for text in report.commands] == [True, True]
    assert "those after the first began where" in report.html()
    for other in (
        Report([certified]),
        Report([given], pack="packs/hello", is_warm=True),
        Report(retail, pack="packs/us-retail", is_warm=True),  # of a policy
    ):
        assert "splitship solve" not in other.html()
        assert "began where" not in other.html()


def test_bounds_in_words_claim_no_more_than_is_proven(certified):
    """80.019999 to 90.010001 in cents: at least 80.01; differences from -0.01 to +0.02."""
    assert least_text(80_019_999) == "80.01"
    assert (least_text(-1), most_text(10_001), most_text(-10_001)) == (f"{MINUS}0.01", "0.02", f"{MINUS}0.01")
    low = dataclasses.replace(certified, bound=80_019_999)
    answer = Report([low]).answers[0]
    assert "No plan costs less than 80.01 USD" in answer.statement
    assert answer.tiles[1].more == "at least 80.01"
    words = Report([low, low]).answers[1].moves[0].note
    assert f"differ by {MINUS}7.49 to +7.49 USD" in words


def test_packs_without_coordinates_say_so(certified):
    problem = certified.problem
    nowhere = np.full(len(problem.nodes), np.nan)
    nodes = dataclasses.replace(problem.nodes, latitude=nowhere, longitude=nowhere)
    blind = dataclasses.replace(certified, problem=dataclasses.replace(problem, nodes=nodes))
    page = Report([blind]).html()
    assert "There is no map: the nodes have no coordinates" in page
    assert '<path id="land"' not in page
    far = np.full(len(problem.orders), np.nan)
    orders = dataclasses.replace(problem.orders, latitude=far, longitude=far)
    blind = dataclasses.replace(certified, problem=dataclasses.replace(problem, orders=orders))
    assert "the orders have no coordinates" in Report([blind]).html()


def test_a_report_needs_answers_in_one_currency(certified, retail):
    with pytest.raises(UsageError, match="at least one answer"):
        Report([])
    euros = dataclasses.replace(certified, problem=dataclasses.replace(certified.problem, currency="EUR"))
    with pytest.raises(UsageError, match="EUR"):
        Report([certified, euros])
    unpriced = dataclasses.replace(certified.report, costs=None, packages=None)
    with pytest.raises(UsageError, match="no price"):
        Report([dataclasses.replace(certified, report=unpriced)])


def test_the_library_writes_page_and_workbook(certified, tmp_path):
    splitship.report(certified, tmp_path / "one.html", xlsx=tmp_path / "one.xlsx")
    splitship.report([certified, certified], tmp_path / "two.html", "Twice the same")
    assert "<h1>Twice the same</h1>" in (tmp_path / "two.html").read_text()
    assert (tmp_path / "one.xlsx").read_bytes()[:2] == b"PK"
    for path, words in ((tmp_path / "a.pdf", "ends in .html"), (tmp_path / "none" / "a.html", "no folder")):
        with pytest.raises(UsageError, match=words):
            splitship.report(certified, path)
    with pytest.raises(UsageError, match=r"ends in \.xlsx"):
        splitship.report(certified, tmp_path / "a.html", xlsx=tmp_path / "a.xls")
    assert not (tmp_path / "a.html").exists()
