"""The page of a profile: phases, a flame graph a kind of thread, and the hottest functions; one file, no network."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template

from splitship.packs.plans import write_whole
from splitship.units import format_micros
from splitship_bench.profile import Profile, phase_rows
from splitship_bench.profile_samples import MAIN, WORKERS, Frame

_ROW = 19
_LEAST_SHARE = 0.0015
"""Functions below this share of their thread's time are too narrow to draw."""
_MOST_FUNCTIONS = 25
_COLOURS = {
    "packs": "#7fb2dd", "instance": "#8cc7a1", "engine": "#eea36a", "solvers": "#d88fb4", "check": "#b3a2dd",
    "run": "#d3c37a",
}  # fmt: skip
_OWN, _LIBRARY, _COMPILED = "#c7b8a3", "#c9ced3", "#e3e6e9"

_EXPLAINED = {
    MAIN: "Width is time; below a function is what it called. Pale boxes are compiled code: kernels of ours, NumPy or "
    "HiGHS, by the name under which the function above calls them. What they do inside is not visible. "
    "Grey boxes are Python libraries. Where this thread waits for worker threads, the box says so "
    "(<code>Executor.map</code>, <code>Future.result</code>), and the next graph shows what these did meanwhile. "
    "Click a box to look at it alone, click it again to go back.",
    WORKERS: "Price passes, costs and the check of the bound run in threads, in kernels that do "
    "not hold the lock of Python. Their seconds are added up over threads, so they may be more than the wall time.",
}

_PAGE = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Profile of $pack</title>
<style>
:root { color-scheme: light dark; --line: #8886; --soft: #888; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 1250px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .3rem } h2 { font-size: 1.1rem; margin: 2rem 0 .4rem }
p { margin: .3rem 0 .7rem; max-width: 52rem } .soft { color: var(--soft) }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
td, th { padding: .12rem .7rem .12rem 0; text-align: right; white-space: nowrap }
th { border-bottom: 1px solid var(--line); font-weight: 600 } tr.total td { border-top: 1px solid var(--line) }
td:first-child, th:first-child, td.text, th.text { text-align: left }
td.bar { width: 16rem; min-width: 8rem } td.bar i { display: block; height: .8rem; background: #7fb2dd }
svg.flame { width: 100%; display: block; font: 12px system-ui, sans-serif }
svg.flame rect { stroke: #fff; stroke-width: .6 } svg.flame g { cursor: pointer }
svg.flame text { fill: #111; pointer-events: none } svg.flame g.dim { opacity: .45 }
.key span { display: inline-block; margin-right: 1rem } .key i { display: inline-block; width: .8rem; height: .8rem;
  margin-right: .3rem; vertical-align: -.05rem }
.scroll { overflow-x: auto }
</style></head><body>
<h1>Profile of $pack</h1>
<p class="soft">$facts</p>
<h2>Phases</h2>
<p>Seconds include the parts of a phase, which are indented under it; self does not, and adds up to the total. Cores
are processors busy on average. The peak is the largest resident memory of the process meanwhile.</p>
<div class="scroll"><table><tr><th>phase<th>seconds<th>share<th><th>self<th>calls<th>cores<th>peak MB</tr>
$phases</table></div>
$graphs
</body>
<script>
for (const svg of document.querySelectorAll("svg.flame")) {
  const boxes = [...svg.querySelectorAll("g")];
  let shown = null;
  const draw = (from, width, level) => boxes.forEach(g => {
    const x = +g.dataset.x, w = +g.dataset.w, inner = g.querySelector("svg");
    const left = Math.max(0, (x - from) / width), right = Math.min(1, (x + w - from) / width);
    g.style.display = right - left > 1e-6 ? "" : "none";
    g.classList.toggle("dim", +g.dataset.level < level);
    inner.setAttribute("x", left * 100 + "%"); inner.setAttribute("width", (right - left) * 100 + "%");
  });
  boxes.forEach(g => g.addEventListener("click", () => {
    shown = shown === g ? null : g;
    if (shown) draw(+g.dataset.x, +g.dataset.w, +g.dataset.level); else draw(0, 1, 0);
  }));
}
</script></html>
""")


def write_profile_html(profile: Profile, path: Path) -> None:
    """Write the page of a profile: whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    write_whole(path, profile_html(profile).encode())


def profile_html(profile: Profile) -> str:
    """The page of a profile as text. It loads nothing, from the network or elsewhere."""
    return _PAGE.substitute(
        pack=escape(profile.pack),
        facts=escape(_facts(profile)),
        phases="".join(_phases(profile)),
        graphs="".join(_graph(frame) for frame in profile.frames) or "<p>No stacks were looked at.</p>",
    )


def _facts(profile: Profile) -> str:
    parts = [f"{profile.total.seconds:.2f} s in all, {profile.total.cpu_s:.2f} s of processor time"]
    result = profile.result
    if result is None:
        parts.append("interrupted before there was an answer")
    else:
        parts.append(f"{len(result.problem.orders):,} orders, {len(result.problem.lines):,} lines")
        parts.append(f"cost {format_micros(result.objective)} {result.problem.currency}")
        parts.append("no bound" if result.gap is None else f"gap {result.gap:.3%}")
        parts.append(result.termination.reason.value.lower().replace("_", " "))
    parts.append(f"stacks looked at {profile.num_samples:,} times")
    return " · ".join(parts)


def _phases(profile: Profile) -> Iterator[str]:
    for row in phase_rows(profile):
        indent = 1.2 * (len(row["path"]) - 1)
        peak = row["peak_memory_mb"]
        yield (
            f'<tr><td style="padding-left:{indent}rem">{escape(row["phase"])}<td>{row["seconds"]:.3f}'
            f'<td>{row["share"]:.1%}<td class="bar"><i style="width:{max(0.0, row["share"]):.2%}"></i>'
            f"<td>{row['self_seconds']:.3f}<td>{row['calls']:,}"
            f"<td>{'-' if row['cores'] is None else row['cores']}<td>{'-' if peak is None else f'{peak:,.0f}'}</tr>\n"
        )
    total = profile.total
    peak = "-" if total.peak_mb is None else f"{total.peak_mb:,.0f}"
    yield (
        f'<tr class="total"><td>total<td>{total.seconds:.3f}<td>100.0%<td><td>{total.seconds:.3f}'
        f"<td><td><td>{peak}</tr>\n"
    )


def _graph(root: Frame) -> str:
    boxes = list(_boxes(root, 0.0, 1.0, 0, root.seconds))
    height = _ROW * (1 + max((level for level, _ in boxes), default=0))
    key = "".join(f'<span><i style="background:{colour}"></i>{name}/</span>' for name, colour in _COLOURS.items())
    return (
        f"<h2>{escape(root.name.capitalize())}: {root.seconds:.2f} s</h2>\n<p>{_EXPLAINED[root.name]}</p>\n"
        f'<p class="key">{key}<span><i style="background:{_LIBRARY}"></i>library</span>'
        f'<span><i style="background:{_COMPILED}"></i>compiled code</span></p>\n'
        f'<svg class="flame" height="{height}" role="img" aria-label="flame graph of the {escape(root.name)}">\n'
        + "".join(text for _, text in boxes)
        + f"</svg>\n{_hottest(root)}"
    )


def _boxes(frame: Frame, x: float, width: float, level: int, total: float) -> Iterator[tuple[int, str]]:
    """Boxes of a frame and below, as (level, SVG); x and width are shares of the graph."""
    where = "" if frame.is_call or not frame.place else f"  ({frame.place})"
    about = f"{frame.name}{where}\n{frame.seconds:.3f} s, {frame.seconds / total:.1%}, self {frame.self_seconds:.3f} s"
    label = frame.name if frame.is_own or frame.is_call or not frame.place else f"{frame.place}: {frame.name}"
    yield (
        level,
        f'<g data-x="{x:.6f}" data-w="{width:.6f}" data-level="{level}"><title>{escape(about)}</title>'
        f'<svg x="{x:.4%}" width="{width:.4%}" y="{level * _ROW}" height="{_ROW}">'
        f'<rect width="100%" height="100%" fill="{_colour(frame)}"/>'
        f'<text x="4" y="{_ROW - 6}">{escape(label)}</text></svg></g>\n',
    )
    for child in sorted(frame.children.values(), key=lambda each: (-each.seconds, each.name)):
        share = child.seconds / total
        if share >= _LEAST_SHARE:
            yield from _boxes(child, x, share, level + 1, total)
        x += share


def _colour(frame: Frame) -> str:
    if frame.is_call:
        return _COMPILED
    if not frame.is_own:
        return _LIBRARY
    return _COLOURS.get(frame.place.partition("/")[0], _OWN)


def _hottest(root: Frame) -> str:
    """The functions with the most time in themselves; compiled code by who calls it."""
    own: dict[tuple[str, str], float] = {}

    def add(frame: Frame, caller: str) -> None:
        where = f"called by {caller}" if frame.is_call else frame.place
        key = (frame.name, where)
        own[key] = own.get(key, 0.0) + frame.self_seconds
        for child in frame.children.values():
            add(child, frame.name)

    for frame in root.children.values():
        add(frame, root.name)
    ranked = sorted(own.items(), key=lambda item: (-item[1], item[0]))[:_MOST_FUNCTIONS]
    rows = "".join(
        f'<tr><td>{escape(name)}<td class="text soft">{escape(where)}<td>{seconds:.3f}<td>{seconds / root.seconds:.1%}'
        f"</tr>\n"
        for (name, where), seconds in ranked
        if seconds > _LEAST_SHARE * root.seconds
    )
    return (
        "<details open><summary>Most time in themselves</summary><div class='scroll'><table><tr><th>function"
        f'<th class="text">where<th>self seconds<th>share</tr>\n{rows}</table></div></details>\n'
    )
