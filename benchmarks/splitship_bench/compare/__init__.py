"""Two sets of records compared: times, gaps, memory, failures, and conditions on them."""

from splitship_bench.compare.comparison import ALL as ALL
from splitship_bench.compare.comparison import CellChange as CellChange
from splitship_bench.compare.comparison import Comparison as Comparison
from splitship_bench.compare.comparison import Group as Group
from splitship_bench.compare.comparison import compare_records as compare_records
from splitship_bench.compare.conditions import METRICS as METRICS
from splitship_bench.compare.conditions import Condition as Condition
from splitship_bench.compare.conditions import Verdict as Verdict
from splitship_bench.compare.conditions import judge as judge
from splitship_bench.compare.conditions import parse_condition as parse_condition
from splitship_bench.compare.text import comparison_markdown as comparison_markdown
from splitship_bench.compare.text import render_comparison as render_comparison

__all__ = [
    "ALL",
    "METRICS",
    "CellChange",
    "Comparison",
    "Condition",
    "Group",
    "Verdict",
    "compare_records",
    "comparison_markdown",
    "judge",
    "parse_condition",
    "render_comparison",
]
