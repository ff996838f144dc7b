"""What certificates name beside ids: parts of lines, sets of reserves. Made once for a certificate and its leaves."""

from __future__ import annotations

from splitship.domain import Problem
from splitship.domain.parts import part_numbers
from splitship.domain.reserves_in_force import ReserveSets
from splitship.units import I64


class CertificateNames:
    """The parts of lines by their numbers, and the sets of reserves (`reserves`) by their channels."""

    def __init__(self, problem: Problem) -> None:
        self._numbers = part_numbers(problem)
        self.reserves = ReserveSets(problem)

    def parts(self, line_idx: I64) -> list[int | None]:
        """Which part of its line each is, None for whole lines."""
        return [None if part < 0 else part for part in self._numbers[line_idx].tolist()]
