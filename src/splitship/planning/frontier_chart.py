"""A frontier as a picture: SVG without scripts, readable by itself."""

from __future__ import annotations

from fractions import Fraction
from html import escape

from splitship.planning.frontier import Frontier, FrontierPoint
from splitship.units import MICROS

_WIDTH, _HEIGHT = 800, 500
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 30, 70, 80
_TICKS = 6
_LABEL = 40
"""Pixels that a weight takes; of two closer points one has it below."""
_STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#222}.title{font-size:18px;font-weight:600}.small{font-size:12px}"
    ".axis{stroke:#222;fill:none}.grid{stroke:#ddd}.floor{stroke:#b35900;stroke-width:2;fill:none}"
    ".below{fill:#b35900;fill-opacity:.12}.line{stroke:#1b5faa;stroke-width:1.5;fill:none;stroke-dasharray:4 3}"
    ".point{fill:#1b5faa}.own{fill:#fff;stroke:#1b5faa;stroke-width:3}.worse{fill:none;stroke:#777;stroke-width:1.5}"
)


def frontier_svg(found: Frontier) -> str:
    """The points, the line through those that are not dominated, and the certified envelope, below which nothing can
    be. Every point has a title that says it in words.
    """
    problem, quantity = found.problem, found.quantity
    title = f"{problem.name}: cost against {quantity.words}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img" aria-labelledby="title">\n<title id="title">{escape(title)}</title>\n'
        f'<style>{_STYLE}</style>\n<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>\n'
        f'<text class="title" x="{_LEFT}" y="28">{escape(title)}</text>\n'
    )
    if not found.points:
        return head + f'<text x="{_LEFT}" y="{_TOP + 30}">no point was found</text>\n</svg>\n'
    scale = _Scale(found)
    parts = [head, _legend(), scale.axes(quantity.words, f"cost without it, {problem.currency}")]
    corners = found.envelope.corners(*scale.across)
    if corners:
        path = " ".join(f"{scale.x(at):.1f},{scale.y(max(cost, scale.up[0])):.1f}" for at, cost in corners)
        bottom = scale.y(scale.up[0])
        ends = f"{scale.x(corners[-1][0]):.1f},{bottom:.1f} {scale.x(corners[0][0]):.1f},{bottom:.1f}"
        parts.append(f'<polygon class="below" points="{path} {ends}"/>\n<polyline class="floor" points="{path}"/>\n')
    best = [point for point in found.points if not point.is_dominated]
    path = " ".join(f"{scale.x(each.quantity):.1f},{scale.y(Fraction(each.cost)):.1f}" for each in best)
    parts.append(f'<polyline class="line" points="{path}"/>\n')
    last = -_WIDTH * 1.0
    for each in found.points:
        x = scale.x(each.quantity)
        parts.append(_point(found, each, scale, 20 if x - last < _LABEL else -7))
        last = x if x - last >= _LABEL else last
    return "".join(parts) + "</svg>\n"


def _point(found: Frontier, point: FrontierPoint, scale: _Scale, label: int) -> str:
    kind = "own" if point.is_own else "worse" if point.is_dominated else "point"
    cost, quantity = float(point.cost) / MICROS, float(point.quantity)
    words = (
        f"{found.quantity.setting} {point.weight:f}{' (the own weight)' if point.is_own else ''}: "
        f"{cost:,.2f} {found.problem.currency}, {quantity:,.6g} {found.quantity.words}"
        f"{', dominated' if point.is_dominated else ''}"
    )
    x, y = scale.x(point.quantity), scale.y(Fraction(point.cost))
    return (
        f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="5"><title>{escape(words)}</title></circle>\n'
        f'<text class="small" x="{x + 8:.1f}" y="{y + label:.1f}">{point.weight:f}</text>\n'
    )


def _legend() -> str:
    y = 50
    return (
        f'<circle class="point" cx="{_LEFT + 5}" cy="{y - 4}" r="5"/>'
        f'<text class="small" x="{_LEFT + 16}" y="{y}">plan, '
        f'with its weight</text>\n<circle class="own" cx="{_LEFT + 155}" cy="{y - 4}" r="5"/>'
        f'<text class="small" x="{_LEFT + 166}" y="{y}">at the own weight</text>\n'
        f'<circle class="worse" cx="{_LEFT + 290}" cy="{y - 4}" r="5"/>'
        f'<text class="small" x="{_LEFT + 301}" y="{y}">dominated</text>\n'
        f'<rect class="below" x="{_LEFT + 380}" y="{y - 11}" width="22" height="12"/>'
        f'<text class="small" x="{_LEFT + 408}" y="{y}">proven: no plan lies here</text>\n'
    )


class _Scale:
    """From quantities and micros to the picture."""

    def __init__(self, found: Frontier) -> None:
        amounts = [point.quantity for point in found.points]
        costs = [Fraction(point.cost) for point in found.points]
        floors = [point.floor for point in found.points if point.floor is not None]
        self.across = _wider(min(amounts), max(amounts), Fraction(1))
        self.up = _wider(min([*costs, *floors]), max(costs), Fraction(MICROS))

    def x(self, quantity: Fraction) -> float:
        """Pixels from the left."""
        low, high = self.across
        return _LEFT + float((quantity - low) / (high - low)) * (_WIDTH - _LEFT - _RIGHT)

    def y(self, micros: Fraction) -> float:
        """Pixels from the top; the picture ends at its frame."""
        low, high = self.up
        share = min(1.0, max(0.0, float((micros - low) / (high - low))))
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    def axes(self, across: str, up: str) -> str:
        """Both axes with their ticks and names."""
        bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
        parts = []
        for quantity in _ticks(*self.across):
            x = self.x(quantity)
            parts.append(
                f'<line class="grid" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom}"/>'
                f'<text class="small" x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{_number(quantity)}</text>\n'
            )
        for cost in _ticks(*self.up):
            y = self.y(cost)
            parts.append(
                f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>'
                f'<text class="small" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
                f"{_number(cost / MICROS)}</text>\n"
            )
        middle = (_TOP + bottom) / 2
        return "".join(parts) + (
            f'<path class="axis" d="M{_LEFT},{_TOP}V{bottom}H{right}"/>\n'
            f'<text x="{(_LEFT + right) / 2}" y="{bottom + 46}" text-anchor="middle">{escape(across)}</text>\n'
            f'<text x="20" y="{middle}" text-anchor="middle" transform="rotate(-90 20 {middle})">{escape(up)}</text>\n'
        )


def _ticks(low: Fraction, high: Fraction) -> list[Fraction]:
    """Round places between two numbers: 1, 2 or 5 times a power of ten apart."""
    rough = (high - low) / _TICKS
    power = Fraction(1)
    while power * 10 <= rough:
        power *= 10
    while power > rough:
        power /= 10
    step = next(power * each for each in (10, 5, 2, 1) if power * each <= rough)
    first = -(-low // step)
    return [step * at for at in range(int(first), int(high // step) + 1)]


def _number(value: Fraction) -> str:
    return f"{float(value):,.6f}".rstrip("0").rstrip(".")


def _wider(low: Fraction, high: Fraction, least: Fraction) -> tuple[Fraction, Fraction]:
    """A twentieth of room at both ends; a span of more than nothing."""
    room = max((high - low) / 20, least)
    return max(Fraction(0), low - room) if low >= 0 else low - room, high + room
