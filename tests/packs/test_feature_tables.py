"""The tables of the network's features read, hashed, written and, while the solver does not know them, refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from feature_pack import BASE, FEATURE, SETTINGS, TABLES, built, changed, frames, pack, problem, read_with_features
from feature_pack import write_folder as write_csv

from splitship.domain import LONG_PAST, SHIPS, TextCondition
from splitship.errors import UnsupportedError
from splitship.instance.subset import subset_of_orders
from splitship.packs import Pack, read_pack, write_pack
from splitship.packs import supported as supported_module
from splitship.packs.schema import FEATURES
from splitship.packs.schema import TABLES as SCHEMA
from splitship.packs.supported import SUPPORTED_FEATURES
from splitship.units import NO_DATE, UNLIMITED, day_number

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"

ATL1, DFW1, SEA7 = range(3)
LAMP, MUG, RUG, SET, TEA = range(5)
GROUND, EXPRESS = range(2)
ANY = -1

COLUMNS = {
    "nodes": ("max_lines_per_day", "max_minutes_per_day", "minutes_per_package", "minutes_per_unit", "target_share",
              "share_price"),
    "orders": ("mode", "pickup_node", "hold_until", "not_before"),
    "order_lines": ("mode", "pickup_node"),
}  # fmt: skip
"""Columns of features in tables of the base."""


def days(*texts: str) -> list[int]:
    return [day_number(text) for text in texts]


def plain_base() -> dict[str, str]:
    """The base tables without the columns of features."""
    found = {}
    for name, frame in frames(BASE).items():
        kept = frame.drop(columns=list(COLUMNS.get(name, ())))
        found[name] = kept.to_csv(index=False)
    return found


def test_columns_of_nodes_are_kept_in_their_units() -> None:
    """Minutes in millionths, shares exact, empty capacities unlimited; a share of 0.7 and 0.3 is all there is."""
    nodes = problem().nodes
    assert nodes.max_lines_per_day.tolist() == [900, UNLIMITED, UNLIMITED]
    assert nodes.max_umin_per_day.tolist() == [480_000_000, UNLIMITED, UNLIMITED]
    assert nodes.umin_per_package.tolist() == [2_500_000, 0, 0]
    assert nodes.umin_per_unit.tolist() == [250_000, 0, 0]
    assert nodes.has_target_share.tolist() == [True, False, True]
    assert nodes.target_share.micros.tolist() == [700_000, 0, 300_000]
    assert nodes.share_price.micros.tolist() == [400_000, 0, 1_000_000]


def test_a_lines_mode_and_node_win_over_its_orders() -> None:
    """O2 is picked up at SEA7 but its second line ships and its third is at DFW1; O3 ships but for its second line."""
    found = problem().as_given
    assert found.lines.pickup_node_idx.tolist() == [SHIPS, SHIPS, SEA7, SHIPS, DFW1, SHIPS, ATL1]
    assert found.orders.hold_until.tolist() == [*days("2026-11-30"), LONG_PAST, LONG_PAST]
    assert found.orders.not_before.tolist() == [*days("2026-12-01"), LONG_PAST, LONG_PAST]


def test_pickup_follows_its_line_when_lines_are_not_grouped() -> None:
    """The table's rows backwards: each line keeps its own node, by its name."""
    header, *rows = TABLES["order_lines"].splitlines()
    lines = problem({**TABLES, "order_lines": "\n".join([header, *rows[::-1]]) + "\n"}).lines
    found = {
        (int(order), name): int(node)
        for order, name, node in zip(lines.order_idx, lines.line_id, lines.pickup_node_idx, strict=True)
    }
    assert found[1, "1"] == SEA7
    assert found[1, "2"] == SHIPS
    assert found[1, "3"] == DFW1
    assert found[2, "2"] == ATL1


def test_order_that_is_wholly_picked_up_needs_no_lane() -> None:
    """Nothing serves that place: no warning for what is picked up, one as soon as a line ships."""
    tables = {**TABLES, "lanes": TABLES["lanes"].replace(",US,", ",CA,"), "orders": TABLES["orders"]}
    _, findings = built(frames(tables))
    assert [finding.where for finding in findings.listed() if finding.code == "W603"] == [
        "orders[0].postal_code", "orders[1].postal_code", "orders[2].postal_code",
    ]  # fmt: skip
    tables["order_lines"] = TABLES["order_lines"].replace("O2,2,RUG,1,ship,", "O2,2,RUG,1,,")
    _, findings = built(frames(tables))
    assert [finding.where for finding in findings.listed() if finding.code == "W603"] == [
        "orders[0].postal_code", "orders[2].postal_code",
    ]  # fmt: skip


def test_inventory_is_sorted_by_node_and_sku() -> None:
    """Arrivals, prices (the only ones below 0) and reserves, -1 standing for every SKU."""
    found = problem()
    assert found.inbound.node_idx.tolist() == [ATL1, DFW1]
    assert found.inbound.sku_idx.tolist() == [RUG, MUG]
    assert found.inbound.available_day.tolist() == days("2026-11-27", "2026-12-01")
    assert found.inbound.quantity.tolist() == [5, 30]
    assert found.stock_prices.node_idx.tolist() == [ATL1, SEA7]
    assert found.stock_prices.price_per_unit.exact_list() == [1, -1_250_000_000_000_000_000]
    reserves = found.channel_reserves
    assert reserves.sku_idx.tolist() == [ANY, MUG]
    assert reserves.channel.tolist() == ["app", "web"]
    assert reserves.quantity.tolist() == [1, 10]
    assert reserves.has_price.tolist() == [False, True]
    assert reserves.price_per_unit.micros.tolist() == [0, 2_000_000]


def test_days_hold_the_capacity_in_force() -> None:
    """A row's own capacity, else the node's, else none; what is open only where a row says so."""
    found = problem().node_days
    assert found.node_idx.tolist() == [ATL1, ATL1, SEA7]
    assert found.day.tolist() == days("2026-11-27", "2026-11-30", "2026-11-29")
    assert found.has_open.tolist() == [False, True, True]
    assert found.is_open.tolist() == [False, False, True]
    assert found.max_packages.tolist() == [500, 500, 5]
    assert found.max_units.tolist() == [700, UNLIMITED, UNLIMITED]
    assert found.max_lines.tolist() == [650, 900, UNLIMITED]
    assert found.max_umin.tolist() == [600_500_000, 480_000_000, UNLIMITED]
    assert found.used_packages.tolist() == [12, 0, 0]
    assert found.used_units.tolist() == [30, 0, 0]
    assert found.used_lines.tolist() == [28, 0, 0]
    assert found.used_umin.tolist() == [41_750_000, 0, 0]


def test_calendars_and_quotas_name_what_they_are_of() -> None:
    """A holiday is of a node or of a service; a quota without a date is of every day."""
    found = problem()
    assert found.calendars.node_idx.tolist() == [ANY, ATL1, ATL1]
    assert found.calendars.service_idx.tolist() == [GROUND, ANY, ANY]
    assert found.calendars.day.tolist() == days("2026-12-25", "2026-11-28", "2026-12-25")
    quotas = found.service_quotas
    assert quotas.service_idx.tolist() == [GROUND, EXPRESS]
    assert quotas.day.tolist() == [NO_DATE, *days("2026-11-27")]
    assert quotas.max_packages.tolist() == [400, 5]
    assert quotas.min_packages.tolist() == [10, 0]
    assert quotas.shortfall_price.micros.tolist() == [1_250_000, 0]


def test_kits_substitutes_and_transfers_are_read() -> None:
    """One row a component, a replacement, a way; together and every weekday unless a cell says otherwise."""
    found = problem()
    assert found.kits.kit_sku_idx.tolist() == [SET, SET]
    assert found.kits.sku_idx.tolist() == [MUG, TEA]
    assert found.kits.quantity.tolist() == [2, 4]
    assert found.kits.is_together.tolist() == [False, False]
    assert problem(changed("kits", "4,false\nSET,MUG,2,false", "4,\nSET,MUG,2,true")).kits.is_together.all()
    assert found.substitutes.sku_idx.tolist() == [LAMP, MUG]
    assert found.substitutes.substitute_sku_idx.tolist() == [MUG, LAMP]
    assert found.substitutes.price_per_unit.micros.tolist() == [0, 3_500_000]
    ways = found.transfers
    assert ways.from_node_idx.tolist() == [ATL1, DFW1]
    assert ways.to_node_idx.tolist() == [SEA7, SEA7]
    assert ways.days.tolist() == [3, 2]
    assert ways.cost_per_unit.micros.tolist() == [0, 300_000]
    assert ways.cost_per_package.micros.tolist() == [0, 4_500_000]
    assert ways.working_days.sum(axis=1).tolist() == [7, 5]


def test_surcharges_hold_typed_conditions() -> None:
    """Values and beginnings apart, spaces gone, flags in one spelling, conditions by name."""
    found = problem().surcharges
    assert found.name.tolist() == ["delivery area", "insurance", "oversize"]
    assert found.service_idx.tolist() == [GROUND, ANY, ANY]
    assert found.per_package.micros.tolist() == [3_100_000, 0, 12_000_000]
    assert found.share_of_value.micros.tolist() == [0, 15_000, 0]
    assert found.conditions == (
        (TextCondition("order", "postal_code", ("98115",), ("331", "9")),),
        (
            TextCondition("node", "kind", ("dc", "store")),
            TextCondition("service", "carrier", ("ACME",)),
            TextCondition("sku", "class", ("food",)),
        ),
        (TextCondition("sku", "class", ("bulky",)), TextCondition("sku", "ship_alone", ("true",))),
    )


@pytest.mark.parametrize(
    ("text", "holds"), [("98115", True), ("33101", True), ("3301", False), ("", False), ("1", True), ("12", False)]
)
def test_condition_holds_for_values_and_beginnings(text: str, holds: bool) -> None:
    """A value as a whole, a beginning with anything after it; an empty cell meets nothing."""
    assert TextCondition("order", "postal_code", ("1", "98115"), ("331",)).holds_for(text) is holds


def test_rows_of_the_plan_before_become_packages() -> None:
    """O1: 2 MUG released from ATL1; package A with 3 MUG, B with two SET; O3's must not move.

    O2's lamp is picked up where it lies.
    """
    before = problem().plan_before
    plan = before.plan
    assert len(before) == 5
    assert plan.order_idx.tolist() == [0, 0, 0, 1, 2]
    assert plan.node_idx.tolist() == [ATL1, DFW1, DFW1, DFW1, DFW1]
    assert plan.service_idx.tolist() == [GROUND, GROUND, GROUND, 2 + 1 * 3 + 1, GROUND]
    assert plan.ship_day.tolist() == days("2026-11-27", "2026-11-30", "2026-11-30", "2026-11-29", "2026-11-28")
    assert plan.content_package.tolist() == [0, 1, 2, 3, 4]
    assert plan.content_line.tolist() == [0, 0, 1, 4, 5]
    assert plan.content_quantity.tolist() == [2, 3, 2, 1, 1]
    assert plan.content_sku_idx is None
    assert before.is_released.tolist() == [True, False, False, False, False]
    assert before.may_move.tolist() == [False, True, True, True, False]
    assert before.move_price.micros.tolist() == [0, 4_500_000, 7_000_000, 2_000_000, 0]


def test_rows_without_a_package_id_are_one_package_of_node_service_and_day() -> None:
    """A and B without their names are one package; at EXPRESS it is another."""
    text = TABLES["plan_before"].replace(",4.5,A,", ",7,,").replace("7,B,", "7,,")
    plan = problem({**TABLES, "plan_before": text}).plan_before.plan
    assert plan.content_package.tolist() == [0, 1, 1, 2, 3]
    text = text.replace("30,3,promised", "29,3,promised")
    assert len(problem({**TABLES, "plan_before": text}).plan_before) == 5


def test_rows_of_the_plan_before_name_components_and_substitutes() -> None:
    """A SET in two packages, TEA and MUG; a LAMP left for a MUG, which the line asks for."""
    text = TABLES["plan_before"].replace("2,,7,B,\n", "8,,7,B,TEA\nO1,2,DFW1,GROUND,2026-11-30,4,,4.5,A,MUG\n")
    text = text.replace("2,released,,,\n", "2,released,,,LAMP\n").replace("4.5,A,\n", "4.5,A,MUG\n")
    before = problem({**TABLES, "plan_before": text}).plan_before.plan
    assert before.content_line.tolist() == [0, 0, 1, 1, 4, 5]
    assert before.content_sku_idx is not None
    assert before.content_sku_idx.tolist() == [LAMP, -1, MUG, TEA, -1, -1]
    assert before.content_quantity.tolist() == [2, 3, 4, 8, 1, 1]


def test_rejections_are_of_a_line_or_a_whole_order() -> None:
    """An empty line_id stands for all lines."""
    found = problem().as_given.rejections
    assert found.order_idx.tolist() == [0, 1]
    assert found.line_idx.tolist() == [1, ANY]
    assert found.node_idx.tolist() == [SEA7, ATL1]
    in_force = problem().rejections
    # the first line comes in two parts
    assert in_force.line_idx.tolist() == [2, 3, 4, 5, 6]  # both components of the second line, all lines of O2
    assert in_force.node_idx.tolist() == [SEA7, SEA7, ATL1, ATL1, ATL1]


def test_forecast_is_sorted_and_empty_days_are_those_of_the_decision() -> None:
    """By day, SKU and place; the last row of the table is of the first day, its cost the objective's."""
    found = problem().forecast
    assert found.sku_idx.tolist() == [LAMP, MUG, MUG]
    assert found.placed_day.tolist() == days("2026-11-27", "2026-11-27", "2026-11-28")
    assert found.quantity.tolist() == [2, 3, 4]
    assert found.postal_code.tolist() == ["98115", "33101", "33101"]
    assert found.has_unfilled_cost.tolist() == [False, False, True]
    assert found.unfilled_cost.micros.tolist() == [0, 0, 7_500_000]
    assert np.isnan(found.latitude).tolist() == [True, True, False]


def test_subset_of_orders_keeps_what_is_about_them() -> None:
    """O3 and O1 alone: their packages, rejections, holds and pick-ups, at their new positions."""
    whole = problem().as_given
    some, line_idx = subset_of_orders(whole, np.array([2, 0]))
    assert line_idx.tolist() == [5, 6, 0, 1]
    assert some.lines.pickup_node_idx.tolist() == [SHIPS, ATL1, SHIPS, SHIPS]
    assert some.orders.hold_until.tolist() == [LONG_PAST, *days("2026-11-30")]
    before = some.plan_before
    assert before.plan.order_idx.tolist() == [1, 1, 1, 0]
    assert before.plan.content_line.tolist() == [2, 2, 3, 0]
    assert before.is_released.tolist() == [True, False, False, False]
    assert some.rejections.order_idx.tolist() == [1]
    assert some.rejections.line_idx.tolist() == [3]
    only, _ = subset_of_orders(whole, np.array([1]))
    assert only.plan_before.plan.content_line.tolist() == [2]
    assert only.rejections.line_idx.tolist() == [ANY]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_written_pack_of_features_reads_the_same(tmp_path: Path, form: Any) -> None:
    """All tables and columns, in both forms: the same problem and hash."""
    first = pack()
    again, _ = read_with_features(write_pack(first, tmp_path / form, form))
    assert again.input_hash == first.problem().input_hash
    for name in FEATURE:
        assert len(getattr(again, name)) == len(getattr(first.problem(), name)) > 0


def test_typed_parquet_of_features_agrees_with_csv(tmp_path: Path) -> None:
    """Whole numbers, decimals, flags and dates as Parquet types are the text they stand for."""
    types = {
        "quantity": pa.int64(), "max_packages": pa.int32(), "price_per_unit": pa.decimal128(38, 18),
        "available_on": pa.date32(), "date": pa.date32(), "ship_on": pa.date32(), "hold_until": pa.timestamp("s"),
        "open": pa.bool_(), "together": pa.bool_(), "max_minutes": pa.float64(), "target_share": pa.float64(),
        "minutes_per_package": pa.decimal128(9, 3), "days": pa.uint8(), "share_of_value": pa.float64(),
    }  # fmt: skip
    folder = tmp_path / "typed"
    write_csv(TABLES, folder)
    for name, frame in frames(TABLES).items():
        columns = {}
        for column in frame.columns:
            text = pa.array(frame[column], pa.string())
            text = pa.compute.if_else(pa.compute.equal(text, ""), None, text)
            columns[column] = text.cast(types[column]) if column in types else text
        (folder / f"{name}.csv").unlink()
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    assert read_with_features(folder)[0].input_hash == problem().input_hash


BEFORE = {
    "hello": "sha256:93a028dfb785c8da1e09b37261af322b347ae3acb9425bd72edabb1ff7b6e11f",
    "us-retail": "sha256:12906a9d896043891a0bac228f7bb2b276ad01cc7e96a7d1ed1955680e932cad",
    "brunel": "sha256:fbc0cd7c9c04e8e628cfe7ba52f07391809d6acfaea91af11f1808c7cef5dd08",
}
"""Hashes of packs without features, from before there were any."""


@pytest.mark.parametrize("name", sorted(BEFORE))
def test_hash_of_a_pack_without_features_is_what_it_was(name: str) -> None:
    """Packs that use none of it hash to the byte as they did."""
    assert read_pack(SCENARIOS / name).problem().input_hash == BEFORE[name]


def test_hash_of_a_calibration_pack_is_what_it_was(shared_packs: Path) -> None:
    """One of the generated packs too."""
    expected = "sha256:1bfad834a5d7de3c66009ade47e311556f2247105358738c2733fd73e89a7f4f"
    assert read_pack(shared_packs / "calm-300").problem().input_hash == expected


def test_hash_leaves_out_what_says_nothing() -> None:
    """Tables without rows, and columns that hold their defaults throughout, are as good as absent."""
    base = plain_base()
    expected = problem(base).input_hash
    empty = {name: text.splitlines()[0] + "\n" for name, text in FEATURE.items()}
    assert problem({**base, **empty}).input_hash == expected
    plain = frames(base)
    defaults = {"mode": "ship", "minutes_per_package": "0", "minutes_per_unit": "0.00"}
    for table, columns in COLUMNS.items():
        for column in columns:
            plain[table][column] = pd.array([defaults.get(column, "")] * len(plain[table]), plain[table].dtypes.iloc[0])
    assert built(plain)[0].problem.input_hash == expected
    result, _ = built(plain, features=())  # and so they are not refused
    assert result.problem.input_hash == expected


CHANGES = [
    ("nodes", "500,900,", "500,901,"), ("nodes", "900,480,", "900,480.000001,"), ("nodes", "480,2.5", "480,2.6"),
    ("nodes", "2.5,0.25", "2.5,0"), ("nodes", "0.7,0.40", "0.699999999999999999,0.40"),
    ("nodes", "0.7,0.40", "0.7,0.4001"),
    ("nodes", ",0.3,1", ",0,1"), ("nodes", ",0.3,1", ",,"),
    ("orders", "app,pickup,SEA7", "app,pickup,DFW1"), ("orders", "web,,,2026", "web,pickup,ATL1,2026"),
    ("orders", "2026-11-30,2026-12-01", "2026-12-01,2026-12-01"), ("orders", "2026-11-30,2026-12-01", "2026-11-30,"),
    ("order_lines", "RUG,1,ship", "RUG,1,"), ("order_lines", "LAMP,1,,DFW1", "LAMP,1,,"),
    ("inbound", "DFW1,MUG", "SEA7,MUG"), ("inbound", "DFW1,MUG", "DFW1,TEA"), ("inbound", "MUG,30", "MUG,31"),
    ("inbound", "2026-12-01", "2026-12-02"), ("inbound", "ATL1,RUG,5,2026-11-27\n", ""),
    ("node_days", "SEA7", "DFW1"), ("node_days", "2026-11-29", "2026-11-28"), ("node_days", "30,false", "30,"),
    ("node_days", "30,false", "30,true"), ("node_days", "true,5", "true,6"), ("node_days", "700", "701"),
    ("node_days", "650", "651"), ("node_days", "600.5", "600.4"), ("node_days", "12,30,28", "11,30,28"),
    ("node_days", "12,30,28", "12,31,28"), ("node_days", "12,30,28", "12,30,29"), ("node_days", "41.75", "41.751"),
    ("calendars", ",GROUND", ",EXPRESS"), ("calendars", "ATL1,,2026-12-25", "SEA7,,2026-12-25"),
    ("calendars", "2026-11-28", "2026-11-29"), ("calendars", ",GROUND", "DFW1,"),
    ("service_quotas", "GROUND,,400", "GROUND,2026-11-27,400"), ("service_quotas", "400", "401"),
    ("service_quotas", "10,", "11,"), ("service_quotas", "1.25", "0"), ("service_quotas", "EXPRESS", "GROUND"),
    ("kits", "SET,TEA", "SET,LAMP"), ("kits", "TEA,4", "TEA,3"), ("kits", "SET,TEA,4,false\n", ""),
    ("kits", "4,false\nSET,MUG,2,false", "4,\nSET,MUG,2,true"), ("kits", "SET,TEA,4", "RUG,TEA,4"),
    ("substitutes", "MUG,LAMP", "TEA,LAMP"), ("substitutes", "LAMP,MUG", "LAMP,TEA"), ("substitutes", "3.5", "3.6"),
    ("transfers", "DFW1", "ATL1,DFW1,1,,,\nDFW1"), ("transfers", "SEA7,2", "ATL1,2"), ("transfers", "SEA7,2", "SEA7,1"),
    ("transfers", "0.30", "0.31"), ("transfers", "4.50", "4.51"), ("transfers", "1111100", "1111101"),
    ("surcharges", "oversize", "large"), ("surcharges", "GROUND", ""), ("surcharges", "3.10", "3.11"),
    ("surcharges", "0.015", "0.0151"), ("surcharges", "331*", "332*"), ("surcharges", "98115", "98116"),
    ("surcharges", "dc;store", "dc"), ("surcharges", "food", "bulk"), ("surcharges", "ACME", ""),
    ("surcharges", "TRUE", "false"), ("surcharges", "order.postal_code", "order.country"),
    ("stock_prices", "SEA7", "DFW1"), ("stock_prices", "MUG", "RUG"), ("stock_prices", "-1.25", "1.25"),
    ("channel_reserves", "ATL1,MUG", "SEA7,MUG"), ("channel_reserves", "ATL1,MUG", "ATL1,TEA"),
    ("channel_reserves", "web", "shop"), ("channel_reserves", "10,2", "11,2"), ("channel_reserves", "10,2", "10,3"),
    ("channel_reserves", "app,1,", "app,1,0"),
    ("plan_before", "O1,1,ATL1", "O1,1,SEA7"), ("plan_before", "O3,1", "O3,2"),
    ("plan_before", "GROUND,2026-11-28", "EXPRESS,2026-11-28"), ("plan_before", "2026-11-28", "2026-11-29"),
    ("plan_before", "2,released", "1,released"), ("plan_before", "2,released,,", "2,,4.5,C"),
    ("plan_before", "28,1,promised,", "28,1,,0"),
    ("plan_before", "29,1,,2,", "29,1,released,,"), ("plan_before", "30,3,promised,4.5,A", "30,3,promised,7,B"),
    ("plan_before", "O3,1,DFW1,GROUND,2026-11-28,1,promised,,,", "O2,2,DFW1,GROUND,2026-11-28,1,promised,,,"),
    ("plan_before", "O1,1,ATL1,GROUND,2026-11-27,2,released,,,", "O1,1,ATL1,GROUND,2026-11-27,2,released,,,LAMP"),
    ("forecast", "LAMP,US", "RUG,US"), ("forecast", "LAMP,US", "LAMP,CA"), ("forecast", "98115", "98116"),
    ("forecast", "98115,2", "98115,1"), ("forecast", "2026-11-28", "2026-11-29"), ("forecast", "25.77", "25.78"),
    ("forecast", "-80.19", "-80.18"), ("forecast", "7.5", ""),
    ("rejections", "O2,,", "O2,1,"), ("rejections", "SEA7", "DFW1"), ("rejections", "O1,2", "O3,2"),
]  # fmt: skip
"""A valid change to every column of every feature."""


@pytest.mark.parametrize(("table", "old", "new"), CHANGES)
def test_hash_changes_with_every_column_of_a_feature(table: str, old: str, new: str) -> None:
    """One cell changed is other input."""
    assert problem(changed(table, old, new)).input_hash != problem().input_hash


def test_every_column_of_a_feature_is_changed_by_a_test() -> None:
    """The list above leaves none out: each of their columns differs from the whole pack in some change."""
    whole = frames(TABLES)
    seen: set[tuple[str, str]] = set()
    for table, old, new in CHANGES:
        other = frames(changed(table, old, new))[table]
        for column in SCHEMA[table].column_names:
            if column not in other or whole[table][column].tolist() != other[column].tolist():
                seen.add((table, column))
    meant = {(table, column) for table, columns in COLUMNS.items() for column in columns}
    meant |= {(table, column) for table in FEATURE for column in SCHEMA[table].column_names}
    assert meant - seen == set()


def test_hash_does_not_depend_on_the_sequence_of_rows_that_are_sorted() -> None:
    """Rows backwards, and the columns of conditions too: the same input. Surcharges keep their sequence."""
    expected = problem().input_hash
    mixed = frames(TABLES)
    for name in FEATURE:
        mixed[name] = mixed[name].iloc[:, ::-1]
        if name != "surcharges":
            mixed[name] = mixed[name].iloc[::-1].reset_index(drop=True)
    assert built(mixed)[0].problem.input_hash == expected


def test_names_of_packages_do_not_matter() -> None:
    """Only which rows they hold together."""
    text = TABLES["plan_before"].replace("4.5,A,", "4.5,Z,")
    assert problem({**TABLES, "plan_before": text}).input_hash == problem().input_hash


def test_columns_that_nobody_filled_take_no_memory() -> None:
    """However many orders there are, one value stands for a column that is absent or empty."""
    found = problem(plain_base())
    columns = [found.orders.hold_until, found.orders.not_before, found.lines.pickup_node_idx]
    assert [column.strides for column in columns] == [(0,)] * 3
    empty = TABLES["orders"].replace("2026-11-30,2026-12-01\n", ",\n")
    assert problem({**TABLES, "orders": empty}).orders.hold_until.strides == (0,)


@pytest.mark.parametrize("table", sorted(set(FEATURE) - SUPPORTED_FEATURES))
def test_table_of_a_feature_is_refused_whole_unless_it_is_supported(tmp_path: Path, table: str) -> None:
    """Valid as it is: one finding that names the table, and none when the feature is switched on."""
    folder = write_csv({**plain_base(), table: TABLES[table]}, tmp_path / "pack")
    with pytest.raises(UnsupportedError) as caught:
        read_pack(folder)
    assert [str(finding) for finding in caught.value.findings] == [
        f"{table}.csv: error[E501] the table {table} is not yet supported (remove it or leave it empty)"
    ]
    assert len(getattr(read_with_features(folder, [table])[0], table))


@pytest.mark.parametrize("table", ["calendars", "node_days"])
def test_table_of_days_is_read_without_a_switch(tmp_path: Path, table: str) -> None:
    """They are supported, with all their columns."""
    folder = write_csv({**plain_base(), table: TABLES[table]}, tmp_path / "pack")
    assert len(getattr(read_pack(folder).problem(), table)) == TABLES[table].count("\n") - 1


def without_support(monkeypatch: pytest.MonkeyPatch, *features: str) -> None:
    """As if some features were not built yet."""
    monkeypatch.setattr(supported_module, "SUPPORTED_FEATURES", SUPPORTED_FEATURES - set(features))


def test_column_of_a_feature_is_refused_in_a_table_that_is_supported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quotas are supported, commitments not: the cells that use these are told, and read once they are on, too."""
    without_support(monkeypatch, "service_commitments")
    folder = write_csv({**plain_base(), "service_quotas": TABLES["service_quotas"]}, tmp_path / "pack")
    with pytest.raises(UnsupportedError) as caught:
        read_pack(folder)
    assert {str(finding).partition(":")[0] for finding in caught.value.findings} == {"service_quotas.csv"}
    assert {finding.code for finding in caught.value.findings} == {"E502"}
    assert len(read_with_features(folder, ["service_commitments"])[0].service_quotas)


def test_columns_of_features_are_refused_cell_by_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell that says something else than the default; cells of supported features are none."""
    without_support(monkeypatch, "load_shares")
    with pytest.raises(UnsupportedError) as caught:
        read_pack(write_csv(BASE, tmp_path / "pack"))
    told = [str(finding) for finding in caught.value.findings]
    assert {finding.code for finding in caught.value.findings} == {"E502"}
    assert "nodes.csv:2:11: error[E502] target_share: this column is not yet supported, got '0.7'" in told
    assert not any(line.startswith("order") for line in told)


def test_refusal_in_memory_names_the_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for files."""
    without_support(monkeypatch, "load_shares")
    rows = {name: frame.to_dict("records") for name, frame in frames(plain_base()).items()}
    rows["nodes"][1]["target_share"], rows["nodes"][1]["share_price"] = 0.5, 2
    with pytest.raises(UnsupportedError) as caught:
        Pack.from_tables(rows, SETTINGS)
    assert [finding.where for finding in caught.value.findings] == [
        "nodes[1].target_share", "nodes[1].share_price",
    ]  # fmt: skip


def test_supported_features_are_known_ones() -> None:
    """A name in the registry that no table or column has would switch nothing on; rules are settings."""
    assert FEATURES | {"rules"} >= SUPPORTED_FEATURES
    of_columns = {"handling_limits", "load_shares", "pickup", "hold_until", "not_before", "service_commitments"}
    assert set(FEATURE) | of_columns == FEATURES


def warnings_of_pickup(tables: dict[str, Any]) -> list[str]:
    _, findings = built(tables)
    return [f"{warning.where} {warning.message}" for warning in findings.warnings() if warning.code == "W625"]


def test_lines_that_are_picked_up_at_a_closed_node_are_warned_of_once() -> None:
    """Nothing else is said of them."""
    tables = frames(TABLES)
    assert warnings_of_pickup(tables) == []
    tables["nodes"] = tables["nodes"].assign(open=["true", "true", "false"])
    assert warnings_of_pickup(tables) == ["nodes[2].open 1 line is picked up at 'SEA7', which is closed: none can be"]


def test_kits_and_substitutes_that_can_be_picked_up_are_not_warned_of() -> None:
    """Two SET at SEA7: TEA lies there, MUG too, or LAMP comes in its place, where it may."""
    lines = TABLES["order_lines"].replace("O2,1,TEA,2,,", "O2,1,SET,2,,")
    assert warnings_of_pickup(frames({**TABLES, "order_lines": lines})) == []
    stock = "\n".join(row for row in TABLES["stock"].splitlines() if ",MUG," not in row) + "\n"
    inbound = "node_id,sku_id,quantity,available_on\n"
    changes = {"order_lines": lines, "stock": stock, "inbound": inbound}
    plain = TABLES["substitutes"].splitlines()[0] + "\n"
    assert warnings_of_pickup(frames({**TABLES, **changes})) == []
    warning, _ = warnings_of_pickup(frames({**TABLES, **changes, "substitutes": plain}))
    assert warning.startswith("order_lines[2].sku_id picked up at 'SEA7'")
