"""A report as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from splitship.errors import UsageError
from splitship_bench.records import Record
from splitship_bench.report import charts
from splitship_bench.report.build import build_report
from splitship_bench.report.view import HEADLINE_GAP


def write_html(records: Sequence[Record], path: Path, gap: float = HEADLINE_GAP) -> None:
    """Write the page of some records, charts inside it; `gap` (fraction) is the certified gap of its headline.

    Raises:
        UsageError: Jinja2 or Matplotlib is missing, or the file cannot be written.
    """
    page = html_report(records, gap)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, "utf-8")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None


def html_report(records: Sequence[Record], gap: float = HEADLINE_GAP) -> str:
    """The page as text.

    Raises:
        UsageError: Jinja2 or Matplotlib is missing.
    """
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise UsageError("the page needs Jinja2: pip install 'splitship[bench]'") from None
    charts.require()
    source = files("splitship_bench.report").joinpath("page.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(source)
    report = build_report(records, gap)
    drawn = {
        section.key: [(chart.title, Markup(chart.draw())) for chart in section.charts] for section in report.sections
    }
    return template.render(report=report, charts=drawn, colours=charts.COLOURS)
