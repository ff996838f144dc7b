"""Draw bound and plan over time: `python benchmarks/bound_and_plan.py OUT.svg ANSWER.json ...`

Each answer is what `splitship solve PACK -o json` prints. Left of the first bound a plan stands alone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt


def draw(out: Path, answers: list[Path]) -> None:
    """One panel an answer: the certified gap's two sides, in per cent of the last bound."""
    mpl.rcParams.update({"svg.hashsalt": "splitship", "font.size": 9})
    figure, panels = plt.subplots(1, len(answers), figsize=(4.2 * len(answers), 3.2), squeeze=False)
    for panel, path in zip(panels[0], answers, strict=True):
        document = json.loads(path.read_text(encoding="utf-8"))
        events, last = document["events"], float(document["bound"])
        for name, colour, label in (("objective", "#b3261e", "plan"), ("bound", "#1f5fa8", "bound")):
            points = [(event["seconds"], float(event[name])) for event in events if event.get(name) is not None]
            seconds, values = zip(*points, strict=True)
            off = [100 * (value / last - 1) for value in values]
            panel.step(
                [*seconds, document["seconds"]["total"]], [*off, off[-1]], where="post", color=colour, label=label
            )
        panel.set_xscale("log")
        panel.set_ylim(-2.5, 6)
        panel.axhline(0, color="#888888", linewidth=0.5)
        panel.set_title(document.get("name", path.stem))
        panel.set_xlabel("seconds")
        panel.set_ylabel("per cent above the last bound")
        panel.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(out, format="svg", metadata={"Date": None})


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    draw(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
