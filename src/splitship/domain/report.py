"""What the independent checker says of a plan and of a certificate."""

from __future__ import annotations

from dataclasses import dataclass

from splitship.units import I64


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a plan or certificate is wrong: a stable code (`STOCK_EXCEEDED`), the place, the numbers."""

    code: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class PackageCosts:
    """Cost terms of every package in micros, each [packages], and its delivery day."""

    shipping: I64
    handling: I64
    delivery: I64
    late: I64
    rules: I64
    deliver_day: I64

    @property
    def total(self) -> I64:
        """Sum of the terms per package."""
        return self.shipping + self.handling + self.delivery + self.late + self.rules


@dataclass(frozen=True, slots=True)
class CostTerms:
    """The objective by term, in micros."""

    shipping: int = 0
    handling: int = 0
    delivery: int = 0
    late: int = 0
    split: int = 0
    unfilled: int = 0
    rules: int = 0
    soft: int = 0

    @property
    def total(self) -> int:
        """The objective."""
        return (
            self.shipping + self.handling + self.delivery + self.late
            + self.split + self.unfilled + self.rules + self.soft
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanReport:
    """The checker's account of a plan: all violations (none: feasible), cost by term, cost by package.

    `costs` and `packages` are None when a package is impossible (no lane, too heavy, wrong day), as it has no price.
    """

    violations: tuple[Violation, ...]
    costs: CostTerms | None
    packages: PackageCosts | None
    seconds: float

    @property
    def is_feasible(self) -> bool:
        """No violation."""
        return not self.violations

    @property
    def num_violations(self) -> int:
        """How many violations there are; of a code with very many only the first are listed, and the rest counted."""
        by_code: dict[str, int] = {}
        for each in self.violations:
            # after a hundred of a code one without a place says how many there are
            is_count = not each.where and each.message.partition(" ")[0].isdigit()
            by_code[each.code] = int(each.message.split()[0]) if is_count else by_code.get(each.code, 0) + 1
        return sum(by_code.values())


@dataclass(frozen=True, slots=True)
class CertificateReport:
    """The checker's own lower bound from a certificate, in micros; `violations` name forged or unusable parts.

    `num_leaves` counts the parts of all plans that were bounded one by one: 1 for a certificate without leaves.
    """

    violations: tuple[Violation, ...]
    bound: int | None
    num_relaxed_orders: int
    seconds: float
    num_leaves: int = 1
