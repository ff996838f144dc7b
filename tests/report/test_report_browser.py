"""The page in a real browser, from disk: no request, no error, and everything a planner does with it works.

Needs Chromium (Debian: apt-get install chromium). Without one the tests are skipped and say so; where CI=true they
fail.
"""

import os
import shutil

import pytest
from hostile_texts import ORDER

from splitship.planning.report import write_report

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
REMEDY = "no Chromium: the page was not looked at in a browser; apt-get install chromium"


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(REMEDY)
        pytest.skip(REMEDY)
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory, certified, retail, everything, hostile):
    """Reports of all kinds."""
    place = tmp_path_factory.mktemp("reports")
    reports = {"certified": [certified], "retail": retail, "everything": [everything], "hostile": [hostile, hostile]}
    for name, results in reports.items():
        write_report(results, place / f"{name}.html")
    return place


class Watched:
    """A page of which every request but that for its own file is refused and remembered, and every error."""

    def __init__(self, browser, path, **options):
        self.page = browser.new_page(viewport={"width": 1280, "height": 900}, **options)
        self.faults = []
        self.page.route("**/*", self._answer)
        self.page.on("console", lambda said: self.faults.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.faults.append("dialog"), dialog.dismiss()))
        self.url = path.as_uri()
        self.page.goto(self.url)

    def _answer(self, route):
        if route.request.url.partition("#")[0] == self.url:
            route.continue_()
        else:
            self.faults.append(f"request: {route.request.url}")
            route.abort()


@pytest.fixture
def opened(browser, folder):
    """Opens a report by name; at the end nothing may have been wrong with any of them."""
    found = []

    def open_one(name, **options):
        found.append(Watched(browser, folder / f"{name}.html", **options))
        return found[-1].page

    yield open_one
    for each in found:
        each.page.close()
        assert each.faults == []


def texts(page, column):
    """A column of the explorer, as shown."""
    return page.locator(f"#list tbody tr > :nth-child({column})").all_inner_texts()


def wait_for_count(page, words):
    """Until the explorer says how many orders it found; typing is heard a moment later."""
    for _ in range(50):
        if page.locator("#count").inner_text().startswith(words):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"expected {words!r}, not {page.locator('#count').inner_text()!r}")


@pytest.mark.parametrize("name", ["certified", "retail", "everything", "hostile"])
@pytest.mark.parametrize("width", [1280, 400])
def test_every_section_is_there_and_the_page_is_as_wide_as_the_window(opened, name, width):
    page = opened(name)
    page.set_viewport_size({"width": width, "height": 900})
    for section in ("kpis", "costs", "map", "capacity", "service", "unfilled", "orders", "provenance"):
        assert page.locator(f"#{section} h2").is_visible()
    assert page.locator("#moves").count() == (name in ("retail", "hostile"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#explorer").is_visible()


def test_a_request_would_be_seen(browser, folder, certified):
    """The watch itself: a page that asks for something, and one that throws."""
    path = folder / "planted.html"
    path.write_text('<img src="https://example.org/a.png"><script>throw new Error("planted")</script>')
    watched = Watched(browser, path)
    watched.page.wait_for_timeout(200)
    watched.page.close()
    assert any(fault.startswith("request: https://example.org") for fault in watched.faults)
    assert any("planted" in fault for fault in watched.faults)


def test_search_finds_orders_by_id_and_by_what_is_in_them(opened, retail):
    page = opened("retail")
    assert len(texts(page, 1)) == 25
    page.fill("#find", "r0042")
    wait_for_count(page, "1 order of")
    assert texts(page, 1) == ["R0042"]
    page.fill("#find", "R0042 nosuchthing")
    wait_for_count(page, "No order matches")
    assert texts(page, 1) == []
    page.fill("#find", "no_stock")
    reasons = [reason.value for reason in retail[0].unfilled.reason]
    lines = retail[0].unfilled.line_idx[[reason == "NO_STOCK" for reason in reasons]]
    num = len(set(retail[0].problem.lines.order_idx[lines].tolist()))
    wait_for_count(page, f"{num} order")


def test_filters_count_what_the_summary_counts(opened, retail):
    page = opened("retail")
    counts = {}
    for name in ("split", "unfilled", "all", "late", "moved"):
        page.select_option("#filter", name)
        words = page.locator("#count").inner_text()
        counts[name] = int(words.split()[0].replace(",", "")) if words[0].isdigit() else 0
    result = retail[0]
    packages = [0] * len(result.problem.orders)
    for order in result.plan.order_idx.tolist():
        packages[order] += 1
    assert counts["split"] == sum(count > 1 for count in packages)
    assert counts["unfilled"] == len(set(result.problem.lines.order_idx[result.unfilled.line_idx].tolist()))
    late = result.report.packages.deliver_day > result.problem.orders.deliver_by[result.plan.order_idx]
    assert counts["late"] == len(set(result.plan.order_idx[late].tolist())) > 0
    assert counts["all"] == 1000
    assert counts["moved"] == 0


def test_sorting_sorts_numbers_by_size_and_back(opened, retail):
    page = opened("retail")
    page.click("#list thead button >> text=Cost")
    dearest = [float(text.replace(",", "")) for text in texts(page, 10)]
    assert dearest == sorted(dearest, reverse=True)
    assert page.locator("#list thead th").nth(9).get_attribute("aria-sort") == "descending"
    page.click("#list thead button >> text=Cost")
    cheapest = [float(text.replace(",", "")) for text in texts(page, 10)]
    assert cheapest == sorted(cheapest)
    assert cheapest[0] < dearest[0]
    page.click("#list thead button >> text=Order")
    assert texts(page, 1)[:2] == ["R0001", "R0002"]


def test_paging_reaches_every_order_once(opened):
    page = opened("retail")
    page.select_option("#size", "100")
    found = texts(page, 1)
    while page.locator("#next").is_enabled():
        page.click("#next")
        found += texts(page, 1)
    assert len(found) == len(set(found)) == 1000
    assert page.locator("#page").inner_text() == "Page 10 of 10"


def test_an_order_opens_and_closes_by_keyboard(opened):
    page = opened("certified")
    button = page.locator("#list .open").first
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    inside = page.locator("#list .inside").inner_text()
    assert "From " in inside
    assert "ships 2026-" in inside
    page.keyboard.press("Enter")
    assert page.locator("#list .inside").count() == 0


def test_what_is_not_shipped_is_told_with_its_reason(opened, certified):
    page = opened("certified")
    page.select_option("#filter", "unfilled")
    page.locator("#list .open").first.click()
    inside = page.locator("#list .inside").inner_text()
    assert "Not shipped: " in inside
    assert certified.unfilled.reason[0].value in inside


def test_choosing_a_scenario_shows_its_parts_alone(opened, retail):
    page = opened("retail")
    parts = page.locator("#costs .of")
    assert [part.is_visible() for part in parts.all()] == [True, False]
    page.select_option("#which", "1")
    assert [part.is_visible() for part in parts.all()] == [False, True]
    assert "dallas_down" in page.locator("#list caption").inner_text()
    page.select_option("#filter", "moved")
    assert "No order" not in page.locator("#count").inner_text()


def test_print_has_all_tables_of_all_scenarios(opened):
    page = opened("retail")
    page.emulate_media(media="print")
    assert all(table.is_visible() for table in page.locator("table").all())
    assert page.locator("#moves table").count() == 3
    assert not page.locator(".toc").is_visible()
    assert not page.locator(".tools").is_visible()
    assert len(page.pdf()) > 50_000


def test_without_scripts_everything_but_the_explorer_is_there(opened):
    page = opened("retail", java_script_enabled=False)
    assert all(part.is_visible() for part in page.locator("#costs .of").all())
    assert page.locator("noscript").inner_text().startswith("Searching orders needs scripts")
    assert not page.locator("#explorer").is_visible()


def test_names_that_mean_harm_stay_text(opened):
    page = opened("hostile")
    assert ORDER in texts(page, 1)
    for button in page.locator("#list .open").all():
        button.click()
    assert page.evaluate("window.stolen") is None
    assert page.locator("img").count() == 0
    assert page.locator("main b, main i").count() == 0


def contrast(one, other):
    """The ratio of WCAG."""

    def luminance(colour):
        parts = [int(each) / 255 for each in colour.removeprefix("rgb(").rstrip(")").split(",")]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_the_light_and_in_the_dark(opened, scheme):
    page = opened("retail", color_scheme=scheme)
    page.select_option("#which", "1")
    look = "element => [getComputedStyle(element).color, getComputedStyle(element.closest('section')).backgroundColor]"
    for selector in (".note", ".fine", ".bad", ".who", "tbody th", "thead th", ".open"):
        ink, paper = page.locator(f"section {selector} >> visible=true").first.evaluate(look)
        assert contrast(ink, paper) >= 4.5, (selector, ink, paper)
