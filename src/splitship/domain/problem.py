"""The problem: what the user said, validated, as typed columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from splitship.domain.assortment import Kits, LineSubstitutes, Substitutes
from splitship.domain.calendar import Calendars, NodeDays, ServiceQuotas
from splitship.domain.forecast import Forecast
from splitship.domain.inventory import ChannelReserves, Inbound, StockPrices
from splitship.domain.network import Lanes, Nodes, NodeServices, Rates, Services, Skus, Stock
from splitship.domain.orders import OrderLines, Orders
from splitship.domain.package_rules import PackageRules
from splitship.domain.policy import Limits, Objective
from splitship.domain.reserves import StockReserves
from splitship.domain.rules import Rule
from splitship.domain.stability import PlanBefore, Promises, Rejections, ReleasedUse
from splitship.domain.surcharges import Surcharges
from splitship.domain.transfers import Transfers
from splitship.units import I64


@dataclass(frozen=True, slots=True)
class Problem:
    """One batch of orders and the state of the network. Valid by construction: made only by `packs.build_problem`.

    `as_of` carries an offset. `input_hash` is the SHA-256 of the canonical tables and settings (`sha256:...`).
    `warnings` are sanity findings that did not stop it. From `inbound` on: tables of the network's features, empty
    when they are not in use; what is in `forecast` is in no plan. `package_rules` are the rules and surcharges that
    act on packages, `line_substitutes` what may ship for the lines, `reserves` the units kept for channels, `promises`
    and `released` what the plan before asks for; what rules set, kits, ways to pick-up nodes, prices of stock and what
    released packages took of it are in the tables already, and `given` is the problem before that, None when there is
    no difference.
    """

    name: str
    scenario: str
    currency: str
    as_of: datetime
    nodes: Nodes
    skus: Skus
    stock: Stock
    services: Services
    node_services: NodeServices
    lanes: Lanes
    rates: Rates
    orders: Orders
    lines: OrderLines
    objective: Objective
    limits: Limits
    input_hash: str = ""
    rules: tuple[Rule, ...] = ()
    inbound: Inbound = field(default_factory=Inbound.empty)
    node_days: NodeDays = field(default_factory=NodeDays.empty)
    calendars: Calendars = field(default_factory=Calendars.empty)
    service_quotas: ServiceQuotas = field(default_factory=ServiceQuotas.empty)
    kits: Kits = field(default_factory=Kits.empty)
    substitutes: Substitutes = field(default_factory=Substitutes.empty)
    transfers: Transfers = field(default_factory=Transfers.empty)
    surcharges: Surcharges = field(default_factory=Surcharges.empty)
    stock_prices: StockPrices = field(default_factory=StockPrices.empty)
    channel_reserves: ChannelReserves = field(default_factory=ChannelReserves.empty)
    plan_before: PlanBefore = field(default_factory=PlanBefore.empty)
    rejections: Rejections = field(default_factory=Rejections.empty)
    forecast: Forecast = field(default_factory=Forecast.empty)
    package_rules: PackageRules = field(default_factory=PackageRules.none)
    line_substitutes: LineSubstitutes = field(default_factory=LineSubstitutes.empty)
    reserves: StockReserves = field(default_factory=StockReserves.empty)
    promises: Promises = field(default_factory=Promises.empty)
    released: ReleasedUse = field(default_factory=ReleasedUse.empty)
    given: Problem | None = field(default=None, repr=False)
    line_ptr: I64 = field(init=False)
    """The lines of order o are rows line_ptr[o] to line_ptr[o + 1] - 1; [orders + 1]."""

    def __post_init__(self) -> None:
        counts = np.bincount(self.lines.order_idx, minlength=len(self.orders))
        object.__setattr__(self, "line_ptr", np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))

    @property
    def as_given(self) -> Problem:
        """The problem as its tables say, before rules set anything."""
        return self.given or self

    @property
    def ever_available(self) -> I64:
        """Units of every stock position that may be allocated, all that ever arrives counted in, [stock]."""
        available = self.stock.available
        np.add.at(available, self.stock_rows(self.inbound.node_idx, self.inbound.sku_idx), self.inbound.quantity)
        return available

    def stock_rows(self, node_idx: I64, sku_idx: I64) -> I64:
        """Rows of the stock positions of nodes and SKUs that have one; columns of one length."""
        num_skus = len(self.skus)
        rows: I64 = np.searchsorted(self.stock.node_idx * num_skus + self.stock.sku_idx, node_idx * num_skus + sku_idx)
        return rows

    @property
    def as_of_us(self) -> int:
        """`as_of` in microseconds since the epoch, exact."""
        delta = self.as_of - datetime.fromisoformat("1970-01-01T00:00:00+00:00")
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds

    def __repr__(self) -> str:
        return (
            f"Problem({self.name!r}, scenario={self.scenario!r}, {len(self.orders)} orders, "
            f"{len(self.lines)} lines, {len(self.nodes)} nodes, {len(self.services)} services)"
        )
