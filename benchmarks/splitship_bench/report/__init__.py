"""Reports of records: as Markdown, and as one HTML file with charts."""

from splitship_bench.report.html import html_report as html_report
from splitship_bench.report.html import write_html as write_html
from splitship_bench.report.markdown import markdown_report as markdown_report
from splitship_bench.report.view import HEADLINE_GAP as HEADLINE_GAP

__all__ = ["HEADLINE_GAP", "html_report", "markdown_report", "write_html"]
