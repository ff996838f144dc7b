"""The certified envelope: what no plan can cost, by how much it has of a quantity; the largest of proven lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """No plan has `cost + weight x quantity` below `bound`; micros, and micros for one of the quantity."""

    weight: Fraction
    bound: int

    def at(self, quantity: Fraction) -> Fraction:
        """The least cost that it allows a plan of so much of the quantity."""
        return self.bound - self.weight * quantity


@dataclass(frozen=True, slots=True)
class Envelope:
    """The largest of several lines, exact: convex and nowhere rising. Lines that are never the largest are left out."""

    lines: tuple[Line, ...]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Envelope:
        """The envelope of lines, for quantities of at least 0."""
        kept: list[Line] = []
        for line in sorted(lines, key=lambda each: (-each.weight, -each.bound)):
            if kept and line.weight == kept[-1].weight:
                continue
            # steepest first: a line counts from where it crosses the one before
            while kept and (
                _crossing(kept[-1], line) <= 0
                or (len(kept) > 1 and _crossing(kept[-1], line) <= _crossing(kept[-2], kept[-1]))
            ):
                kept.pop()
            kept.append(line)
        return cls(tuple(kept))

    def at(self, quantity: Fraction | int) -> Fraction | None:
        """The least cost that a plan of so much of the quantity can have; None without lines."""
        exact = Fraction(quantity)
        return max((line.at(exact) for line in self.lines), default=None)

    def corners(self, least: Fraction, most: Fraction) -> list[tuple[Fraction, Fraction]]:
        """(quantity, cost) where it begins, bends and ends between two quantities."""
        if not self.lines:
            return []
        bends = [_crossing(one, two) for one, two in pairwise(self.lines)]
        places = [least, *(each for each in bends if least < each < most), most]
        return [(place, max(line.at(place) for line in self.lines)) for place in places]


def _crossing(steep: Line, flat: Line) -> Fraction:
    """From which quantity on the flatter line is the larger."""
    return Fraction(steep.bound - flat.bound) / (steep.weight - flat.weight)
