"""A small result made by hand, for tests of documents and plan files: every number below is chosen, none computed."""

from datetime import datetime

import numpy as np

from splitship.domain import (
    LONG_PAST,
    SHIPS,
    BoundSource,
    Certificate,
    CostTerms,
    Lanes,
    Limits,
    Nodes,
    NodeServices,
    Objective,
    OrderLines,
    Orders,
    PackageCosts,
    Plan,
    PlanReport,
    Problem,
    Rates,
    Reason,
    ResourceKind,
    Result,
    Services,
    Skus,
    SolveOptions,
    Stock,
    Termination,
    TerminationReason,
    UnfilledLines,
)
from splitship.units import NO_DATE, UNLIMITED, Amounts, day_number, strings

DAY = day_number("2026-11-27")


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def flags(*values: bool) -> np.ndarray:
    return np.array(values, np.bool_)


def problem() -> Problem:
    """Nodes ATL1 and SEA1, SKUs MUG and POT, order O1 with lines 1 (2 MUG) and 2 (1 POT), order O2 with 5 MUG."""
    days = np.ones((2, 7), np.bool_)
    nodes = Nodes(
        node_id=strings(["ATL1", "SEA1"]),
        kind=strings(["dc", "store"]),
        country=strings(["US", "US"]),
        postal_code=strings(["30301", "98101"]),
        latitude=np.array([np.nan, np.nan]),
        longitude=np.array([np.nan, np.nan]),
        timezone=strings(["UTC", "UTC"]),
        cutoff_us=ints(86_400_000_000, 86_400_000_000),
        lead_days=ints(0, 0),
        working_days=days,
        is_open=flags(True, True),
        priority=np.zeros(2),
        package_cost=Amounts.zeros(2),
        line_cost=Amounts.zeros(2),
        unit_cost=Amounts.zeros(2),
        max_packages_per_day=ints(UNLIMITED, UNLIMITED),
        max_units_per_day=ints(UNLIMITED, UNLIMITED),
        max_lines_per_day=ints(UNLIMITED, UNLIMITED),
        max_umin_per_day=ints(UNLIMITED, UNLIMITED),
        umin_per_package=ints(0, 0),
        umin_per_unit=ints(0, 0),
        target_share=Amounts.zeros(2),
        has_target_share=flags(False, False),
        share_price=Amounts.zeros(2),
    )
    skus = Skus(
        sku_id=strings(["MUG", "POT"]),
        weight_ug=ints(10**9, 2 * 10**9),
        length_ncm=ints(0, 0),
        width_ncm=ints(0, 0),
        height_ncm=ints(0, 0),
        value=Amounts.zeros(2),
        is_ship_alone=flags(False, False),
    )
    services = Services(
        service_id=strings(["GROUND"]),
        carrier=strings(["UPS"]),
        dim_divisor=ints(0),
        weight_step_ug=ints(0),
        max_weight_ug=ints(UNLIMITED),
        ship_days=np.ones((1, 7), np.bool_),
        delivery_days=np.ones((1, 7), np.bool_),
    )
    orders = Orders(
        order_id=strings(["O1", "O2"]),
        placed_at_us=ints(0, 0),
        country=strings(["US", "US"]),
        postal_code=strings(["60601", "10001"]),
        latitude=np.array([np.nan, np.nan]),
        longitude=np.array([np.nan, np.nan]),
        deliver_by=ints(DAY + 1, NO_DATE),
        priority=Amounts.from_decimals([1, 1]),
        is_ship_complete=flags(False, False),
        max_packages=ints(4, 4),
        channel=strings(["", ""]),
        excluded_ptr=ints(0, 0, 0),
        excluded_node_idx=ints(),
        hold_until=ints(LONG_PAST, LONG_PAST),
        not_before=ints(LONG_PAST, LONG_PAST),
    )
    lines = OrderLines(
        order_idx=ints(0, 0, 1),
        line_id=strings(["1", "2", "1"]),
        sku_idx=ints(0, 1, 0),
        quantity=ints(2, 1, 5),
        unit_value=Amounts.zeros(3),
        is_splittable=flags(True, True, True),
        unfilled_cost=Amounts.zeros(3),
        has_unfilled_cost=flags(False, False, False),
        pickup_node_idx=ints(SHIPS, SHIPS, SHIPS),
    )
    lanes = Lanes(ints(0, 0), ints(0, 1), strings(["US"] * 2), strings(["*"] * 2), strings(["Z"] * 2), ints(2, 3))
    rates = Rates(ints(0), strings(["Z"]), ints(10**10), Amounts.from_decimals([5]), Amounts.zeros(1), flags(False))
    return Problem(
        name="handmade",
        scenario="baseline",
        currency="USD",
        as_of=datetime.fromisoformat("2026-11-27T09:00:00-05:00"),
        nodes=nodes,
        skus=skus,
        stock=Stock(ints(0, 1), ints(0, 1), ints(4, 1), ints(0, 0), ints(0, 0)),
        services=services,
        node_services=NodeServices.all_offered(2, 1),
        lanes=lanes,
        rates=rates,
        orders=orders,
        lines=lines,
        objective=Objective(),
        limits=Limits(),
        input_hash="sha256:" + "0" * 64,
    )


def result(with_shares: bool = False) -> Result:
    """O1 is split over both nodes and its second package is late; O2 gets 2 of 5 units; objective 40.5, bound 40."""
    plan = Plan(
        order_idx=ints(0, 0, 1),
        node_idx=ints(0, 1, 0),
        service_idx=ints(0, 0, 0),
        ship_day=ints(DAY, DAY, DAY),
        content_package=ints(0, 1, 2),
        content_line=ints(0, 1, 2),
        content_quantity=ints(2, 1, 2),
    )
    packages = PackageCosts(
        shipping=ints(5_000_000, 5_000_000, 5_123_456),
        handling=ints(0, 0, 0),
        delivery=ints(250_000, 0, 0),
        late=ints(0, 6_000_000, 0),
        rules=ints(0, 0, 0),
        deliver_day=ints(DAY + 1, DAY + 3, DAY + 2),
    )
    costs = CostTerms(
        shipping=15_123_456, delivery=250_000, late=6_000_000, split=500_000, unfilled=18_626_544
    )  # total 40.50
    share = ints(2) if with_shares else ints()
    certificate = Certificate(
        kind=ints(ResourceKind.SERVICE_PACKAGES, ResourceKind.STOCK, ResourceKind.NODE_UNITS),
        node_idx=ints(1, 0, 0),
        sku_idx=ints(-1, 0, -1),
        service_idx=ints(0, -1, -1),
        day=ints(DAY, -1, DAY),
        price=ints(1, 2_500_000, 70_000),
        share_line=share,
        share_value=ints(1_250_000) if with_shares else ints(),
        bound=40_000_000,
    )
    return Result(
        problem=problem(),
        options=SolveOptions(seed=7, threads=1),
        plan=plan,
        unfilled=UnfilledLines(ints(2), ints(3), (Reason.NO_STOCK,), strings(["2 left at ATL1"])),
        report=PlanReport((), costs, packages, 0.0),
        objective=40_500_000,
        bound=40_000_000,
        bound_source=BoundSource.CERTIFICATE,
        certificate=certificate,
        termination=Termination(TerminationReason.TIME_LIMIT, "time_limit_s=5", ""),
        seconds={"compile": 0.25, "total": 1.5},
        num_relaxed_orders=int(with_shares),
        unavoidable_unfilled_cost=6_000_000,
        peak_memory_mb=310.4,
    )
