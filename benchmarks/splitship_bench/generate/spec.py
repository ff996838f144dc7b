"""Names of generated instances, which say all there is to say about them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from splitship.errors import UsageError
from splitship_bench.generate.families import FAMILIES

OPTIONS = ("single", "brackets")
"""Options in the order in which a name lists them."""

FEWEST_ORDERS, MOST_ORDERS = 200, 1_000_000
FEWEST_NODES, MOST_NODES = 2, 1000
MOST_SEED = 10**18
EXAMPLE = "calm-10k-n50-s1"
_SHAPE = "FAMILY-ORDERS-nNODES[-OPTION...]-sSEED"


@dataclass(frozen=True, slots=True)
class InstanceSpec:
    """One instance: `family` of FAMILIES, how many `orders` and `nodes`, the `seed`, and `options` among OPTIONS.

    Raises:
        UsageError: a part is out of range.
    """

    family: str
    orders: int
    nodes: int
    seed: int
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise UsageError(
                f"no family {self.family!r}{_near(self.family, FAMILIES)}; there are {', '.join(FAMILIES)}"
            )
        _check_range("orders", self.orders, FEWEST_ORDERS, MOST_ORDERS)
        _check_range("nodes", self.nodes, FEWEST_NODES, MOST_NODES)
        _check_range("seed", self.seed, 0, MOST_SEED)
        for option in self.options:
            if option not in OPTIONS:
                raise UsageError(f"no option {option!r}{_near(option, OPTIONS)}; there are {', '.join(OPTIONS)}")
        if self.options != tuple(option for option in OPTIONS if option in self.options):
            raise UsageError(f"options stand once each, in the order {'-'.join(OPTIONS)}")

    @property
    def name(self) -> str:
        """The one spelling of this instance: `peak-1k-n50-single-s7`."""
        return "-".join([self.family, format_orders(self.orders), f"n{self.nodes}", *self.options, f"s{self.seed}"])


def parse_spec(name: str) -> InstanceSpec:
    """The instance that a name specifies, `FAMILY-ORDERS-nNODES[-OPTION...]-sSEED`; its `name` is this very text.

    ORDERS is a whole number from 200 to 1,000,000, in thousands with `k` and in millions with `m` when they are
    whole (`1500`, `2k`, `1m`); NODES 2 to 1000; OPTION `single` (every quantity is 1), `brackets` (rates rise in
    steps of weight); SEED from 0.

    Raises:
        UsageError: says which part is wrong, and gives an example.
    """
    try:
        return _parse(name)
    except UsageError as fault:
        raise UsageError(f"instance {name!r}: {fault} (example: {EXAMPLE})") from None


def _parse(name: str) -> InstanceSpec:
    parts = name.split("-")
    if len(parts) < 4:
        raise UsageError(f"expected {_SHAPE}")
    family, orders, nodes, *options, seed = parts
    if family not in FAMILIES:  # told first: the other parts may be those of something else
        raise UsageError(f"no family {family!r}{_near(family, FAMILIES)}; there are {', '.join(FAMILIES)}")
    spec = InstanceSpec(
        family,
        _number("orders", r"(\d+)([km]?)", orders, "such as 300, 10k or 1m"),
        _number("nodes", r"n(\d+)()", nodes, "n and a number, such as n50"),
        _number("seed", r"s(\d+)()", seed, "s and a number, such as s1, at the end"),
        tuple(options),
    )
    if format_orders(spec.orders) != orders:
        raise UsageError(f"{orders!r} orders are written {format_orders(spec.orders)}")
    return spec


def format_orders(orders: int) -> str:
    """A number of orders as names have it: 1500, 2k, 1m."""
    if orders % 1_000_000 == 0:
        return f"{orders // 1_000_000}m"
    return f"{orders // 1000}k" if orders % 1000 == 0 else str(orders)


def _number(what: str, pattern: str, text: str, expected: str) -> int:
    match = re.fullmatch(pattern, text, re.ASCII)
    if match is None or len(text) > 20:
        raise UsageError(f"{what}: expected {expected}, got {text!r}")
    digits, unit = match[1], match[2]
    if digits != str(int(digits)):
        raise UsageError(f"{what}: {text!r} begins with a zero")
    return int(digits) * {"": 1, "k": 1000, "m": 1_000_000}[unit]


def _check_range(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise UsageError(f"{what}: {value:,} is not between {least:,} and {most:,}")


def _near(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""
