"""What a solve may begin with: the plan and the prices of an earlier answer."""

from __future__ import annotations

from dataclasses import dataclass

from splitship.domain.certificate import Certificate
from splitship.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class WarmStart:
    """An earlier plan and earlier prices in the positions of the problem to be solved; either may be None.

    All of it are hints: they change the way to an answer, never what is checked of it. A package that no longer
    fits, a price that is far off or the `bound` of the certificate (which was another problem's) can make a solve
    slower, not wrong. `num_dropped_packages` and `num_dropped_prices` count what the earlier answer had beyond that,
    because it names an order, line, node, service or SKU that the problem does not have.
    """

    plan: Plan | None = None
    certificate: Certificate | None = None
    num_dropped_packages: int = 0
    num_dropped_prices: int = 0

    @property
    def num_packages(self) -> int:
        """Packages of the earlier plan that the problem still knows."""
        return 0 if self.plan is None else len(self.plan)

    @property
    def num_prices(self) -> int:
        """Prices, values of lines and own prices that the problem still knows."""
        c = self.certificate
        return 0 if c is None else len(c.kind) + len(c.share_line) + len(c.own_line)
