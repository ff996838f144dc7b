"""Draw bound and plan over time: `python benchmarks/bound_and_plan.py OUT.svg SECONDS PACK [PACK ...]`

Solves each pack for so many seconds and draws what its result says of every step.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

from splitship.domain import Result, SolveOptions
from splitship.packs import read_pack
from splitship.run import solve


def draw(out: Path, results: dict[str, Result]) -> None:
    """One panel a result: objective and bound over time, in per cent of the last bound."""
    mpl.rcParams.update({"svg.hashsalt": "splitship", "font.size": 9})
    figure, panels = plt.subplots(1, len(results), figsize=(4.2 * len(results), 3.2), squeeze=False)
    for panel, (name, result) in zip(panels[0], results.items(), strict=True):
        last = float(result.bound or result.objective)
        for column, colour, label in (("objective", "#b3261e", "plan"), ("bound", "#1f5fa8", "bound")):
            points = [(event.seconds, getattr(event, column)) for event in result.events]
            seconds, values = zip(*[point for point in points if point[1] is not None], strict=True)
            off = [100 * (value / last - 1) for value in values]
            panel.step([*seconds, result.seconds["total"]], [*off, off[-1]], where="post", color=colour, label=label)
        panel.set_xscale("log")
        panel.set_ylim(-2.5, 6)
        panel.axhline(0, color="#888888", linewidth=0.5)
        panel.set_title(name)
        panel.set_xlabel("seconds")
        panel.set_ylabel("per cent above the last bound")
        panel.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(out, format="svg", metadata={"Date": None})


def main(arguments: list[str]) -> None:
    """Solve the packs and write the picture."""
    if len(arguments) < 3:
        sys.exit(__doc__)
    out, limit, *packs = arguments
    options = SolveOptions(time_limit_s=float(limit), gap=1e-4)
    draw(Path(out), {Path(pack).name: solve(read_pack(pack).problem(), options) for pack in packs})


if __name__ == "__main__":
    main(sys.argv[1:])
