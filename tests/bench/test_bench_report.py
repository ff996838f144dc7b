"""Reports: every section there, losses shown, wrong never a time, and a page that needs nothing else."""

import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from simulated_records import MACHINE, failed, record, simulated

from splitship.errors import UsageError
from splitship_bench.records import Record
from splitship_bench.report import html_report, markdown_report, write_html
from splitship_bench.report.content import seconds_text

SECTIONS = (
    "At a glance",
    "Where we are not best",
    "Against splitship",
    "Performance profile",
    "Time to certified gaps",
    "Plans and bounds",
    "Plan and bound over time",
    "Regret of rules",
    "What the plans do",
    "Growth with size",
    "Wrong and failed runs",
    "Do the bounds agree?",
    "Steadiness of the machine",
    "Machine and versions",
    "What the numbers mean",
)
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Collects ids and text, and notices tags that are closed out of order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in ("href", "xlink:href", "src") and value]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def rows_of(text: str, section: str) -> list[list[str]]:
    """Cells of all tables of a section of the Markdown report, without heads."""
    part = text.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in part.splitlines() if line[:2] == "| "]


def three_kinds() -> list[Record]:
    """Ours, a solver and a rule on four instances in two families, three times."""
    return simulated(1, contenders=("splitship", "highs", "nearest"))


def test_html_is_one_whole_file_that_refers_to_nothing(tmp_path: Path) -> None:
    """No address but namespaces, every link inside the page, ids once, tags closed, all sections, charts inline."""
    path = tmp_path / "deep" / "report.html"
    write_html(three_kinds(), path)
    text = path.read_text("utf-8")
    bare = re.sub(r'xmlns(:\w+)?="[^"]*"', "", text)
    assert not re.search(r"https?://|//[a-z]+\.|@import|url\((?!#)|<script|<link|<img", bare)
    page = Page(text)
    assert page.faults == []
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert all(link[0] == "#" and link[1:] in page.ids for link in page.links)
    for section in SECTIONS:
        assert f"<h2>{section}</h2>" in text
    assert text.count("<svg ") == 4 + 3  # one an instance; profile, regret, growth
    assert "#fd00" not in text  # every stand-in colour became the page's own
    assert "#fe000" not in text
    assert len(text) < 250_000


def test_html_escapes_what_records_say() -> None:
    """A solver's message cannot become markup."""
    text = html_report([failed("FAILED", detail="<script>alert('1')</script> | **x**")])
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_markdown_has_every_section_and_tables_of_equal_rows() -> None:
    """All sections in order, and each table has as many cells in each row as in its head."""
    text = markdown_report(three_kinds())
    places = [text.index(f"\n## {section}\n") for section in SECTIONS]
    assert places == sorted(places)
    width = 0
    for line in text.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert cells in (0, width) or not width
        width = cells


def test_headline_marks_the_fastest_and_shows_what_failed_by_name() -> None:
    """Wrong and no plan are words, never times, even when the run was fast."""
    runs = [
        record(objective=100_100, bound=100_000, seconds={"total": 5.0}),
        failed("WRONG", contender="scip", kind="solver", seconds={"total": 0.01}),
        failed("NO_PLAN", contender="cbc", kind="solver", seconds={"total": 60.0}),
        record(contender="highs", kind="solver", objective=100_000, bound=100_000, seconds={"total": 30.0}),
        record(contender="cp-sat", kind="solver", objective=110_000, bound=100_000, status="TIME_LIMIT"),
    ]
    text = markdown_report(runs)
    head, cells = rows_of(text, "At a glance")
    found = dict(zip(head, cells, strict=True))
    assert found["scip"] == "**wrong**"
    assert found["cbc"] == "**no plan**"
    assert found["splitship"] == "**5.00 s, gap 0.10 %, plan +0.10 %**"
    assert found["highs"] == "30.0 s, gap 0.00 %, plan +0.00 %"
    assert found["cp-sat"] == ">60 s, gap 9.09 %, plan +10.00 %"
    assert "0.01" not in "".join(found.values())
    assert "1 run wrong: scip on calm-1k-n50-s1" in text


def test_losses_are_shown_when_a_rival_is_better() -> None:
    """A cheaper plan, a smaller gap, a sooner gap: each is a row; when we are best there is none."""
    ours = record(objective=100_500, bound=100_000, seconds={"total": 5.0})
    rival = record(contender="highs", kind="solver", objective=100_000, bound=100_000, seconds={"total": 2.0})
    rows = rows_of(markdown_report([ours, rival]), "Where we are not best")
    told = {(row[1], row[2]) for row in rows}
    assert {("highs", "cheaper plan"), ("highs", "smaller gap"), ("highs", "sooner at 0.75 %")} <= told
    cheaper = next(row for row in rows if row[2] == "cheaper plan")
    assert cheaper[5] == "+0.500 %"  # 500 of 100,000
    sooner = next(row for row in rows if row[2].startswith("sooner"))
    assert sooner[3:] == ["2.00", "5.00", "2.5 times"]
    worse = replace(rival, objective=110_000, bound=90_000, seconds={"total": 9.0})
    assert rows_of(markdown_report([ours, worse]), "Where we are not best") == []
    assert "in 0 of 1 comparisons" in markdown_report([ours, worse])


def test_our_own_failure_heads_the_losses() -> None:
    """When ours is wrong, the page says so first of all, and a rival with a plan has beaten us."""
    rival = record(contender="nearest", kind="policy", status="DONE", bound=None, bound_source="none")
    text = markdown_report([failed("WRONG", detail="cost off by one"), rival])
    rows = rows_of(text, "Where we are not best")
    assert "splitship: wrong" in rows[1][2]
    assert any("we have no plan" in row[2] for row in rows)


def test_refuted_bound_is_loud_and_certifies_nothing() -> None:
    """A bound above somebody's checked plan: an alert with both names, and no time to a gap for it."""
    liar = record(contender="liar", kind="solver", objective=121, bound=120, bound_source="solver")
    records = [record(objective=110, bound=110), liar]
    text = markdown_report(records)
    assert "A bound contradicts a checked plan: calm-1k-n50-s1: bound 0.000120 of liar" in text
    head, cells = rows_of(text, "At a glance")
    assert dict(zip(head, cells, strict=True))["liar"].startswith("**bound refuted")
    assert 'class="alert"' in html_report(records)


def test_regret_matches_percentages_by_hand() -> None:
    """165 over 110 is 50 %, 132 over 110 is 20 %: mean 35 %, worst 50 %."""
    runs = []
    for name, cost in (("calm-1k-n50-s1", 165), ("peak-1k-n50-s1", 132)):
        rule = {"contender": "nearest", "kind": "policy", "status": "DONE", "bound": None, "bound_source": "none"}
        runs += [record(instance=name), record(instance=name, objective=cost, **rule)]
    head, *rows = rows_of(markdown_report(runs), "Regret of rules")
    assert head == ["contender", "instances", "calm", "peak", "mean", "worst"]
    assert [row for row in rows if row[0] == "nearest"] == [["nearest", "2", "50.0 %", "20.0 %", "35.0 %", "50.0 %"]]


def test_growth_shows_the_exponent_of_a_planted_law() -> None:
    """Times as orders^1.5 over three sizes: exponent 1.50; memory constant: 0."""
    runs = [
        record(
            instance=f"calm-{orders}-n50-s1", seconds={"total": (orders / 1000) ** 1.5}, bound=110,
            counts={"orders": orders}, peak_memory_mb=400.0,
        )
        for orders in (500, 1000, 4000)
    ]  # fmt: skip
    (row,) = rows_of(markdown_report(runs), "Growth with size")[1:]
    assert row == ["calm-n50", "splitship", "0.75 % gap", "3 of 3", "1.50", "1.50 to 1.50", "0.00", "0.00 to 0.00"]


@pytest.mark.parametrize("status", ["WRONG", "NO_PLAN", "KILLED", "FAILED", "NOT_APPLICABLE"])
def test_reports_stand_when_a_contender_fails_everywhere(status: str) -> None:
    """Failures only, beside ours and alone; no number is made up."""
    broken = [
        failed(status, contender="scip", kind="solver", instance=run.instance) for run in simulated(1, instances=2)
    ]
    for records in ([*simulated(1, instances=2), *broken], broken):
        assert Page(html_report(records)).faults == []
        assert "scip" in markdown_report(records)


@pytest.mark.parametrize(
    "records",
    [
        [record()],
        [failed("NO_PLAN")],
        [record(objective=0, bound=0)],
        [record(objective=0, bound=-5)],
        [record(limit_s=0.0)],
        [record(contender="nearest", kind="policy", status="DONE", bound=None, bound_source="none", counts={})],
        [record(status="NOTHING_TO_SHIP", machine={}, at="2026-11-20T10:00:00Z", reference_job_s=1.0)],
    ],
    ids=["one", "no plan", "free", "negative bound", "no time", "one rule", "nothing"],
)
def test_single_records_give_whole_reports(records: list[Record]) -> None:
    """One run of any kind is a report."""
    assert "splitship" in markdown_report(records).lower()
    assert Page(html_report(records)).faults == []


def test_empty_list_says_that_there_is_nothing() -> None:
    """A clear message, no tables, no charts."""
    assert "nothing to report" in markdown_report([])
    assert "nothing to report" in html_report([])


def test_several_machines_and_suites_are_told_apart() -> None:
    """Two machines: an alert. The same instance in two suites: two rows with the suite's name."""
    text = markdown_report([record(), record(suite="other", machine=MACHINE | {"cpu": "another"})])
    assert "Records of 2 machines: their times are not comparable" in text
    assert [row[0] for row in rows_of(text, "At a glance")[1:]] == ["calm-1k-n50-s1 (other)", "calm-1k-n50-s1 (test)"]


def test_drifted_runs_are_listed() -> None:
    """A reference job 50 % over the median."""
    text = markdown_report([record(repeat=repeat, reference_job_s=s) for repeat, s in enumerate((1.0, 1.0, 1.5))])
    assert rows_of(text, "Steadiness of the machine")[1:] == [["calm-1k-n50-s1", "splitship", "2", "1.500", "+50 %"]]


@pytest.mark.parametrize("package", ["jinja2", "matplotlib"])
def test_missing_packages_are_named_with_the_command(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page needs the extra and says which; Markdown does not need it."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError, match=re.escape("pip install 'splitship[bench]'")):
        html_report([record()])
    assert "splitship" in markdown_report([record()])


def test_unwritable_page_is_a_usage_error(tmp_path: Path) -> None:
    """Names the path."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="file"):
        write_html([record()], tmp_path / "file" / "report.html")


def test_reports_are_the_same_every_time() -> None:
    """Nothing random, no clock."""
    records = simulated(1, instances=1, repeats=1)
    assert html_report(records) == html_report(records)


def test_seconds_are_written_with_three_digits_or_so() -> None:
    """0.05, 12.3, 1,234."""
    assert [seconds_text(value) for value in (0.05, 12.34, 1234.4)] == ["0.05", "12.3", "1,234"]
