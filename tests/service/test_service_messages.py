"""Problems to messages and back, and where faults in a message are."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import HELLO, ROOT, small_pack
from splitship.domain import SolveOptions
from splitship.packs import Pack, read_pack
from splitship.service.columns_to_fields import amount_texts
from splitship.service.fields_to_columns import instant_texts
from splitship.service.requests import read_problem
from splitship.service.to_messages import options_message, problem_message, problem_parts, seconds_message
from splitship.units import atto_to_decimal
from splitship.v1 import network_pb2, order_pb2, problem_pb2

DEFAULTS = SolveOptions()


def read(message: problem_pb2.Problem, options: problem_pb2.SolveOptions | None = None):
    return read_problem(message, options or problem_pb2.SolveOptions(), DEFAULTS)


def paths(message: problem_pb2.Problem) -> list[str]:
    return [finding.where for finding in read(message).faults]


@pytest.mark.parametrize("name", ["hello", "us-retail", "omnichannel", "brunel"])
def test_problem_is_the_same_after_a_round_trip(name):
    """A pack of the project, as a message and back, has the same input hash when solved in the same way."""
    pack = read_pack(ROOT / "scenarios" / name)
    problem = pack.problem()
    back = read(problem_message(problem), options_message(pack.options()))
    assert back.faults == ()
    # The reference of brunel is not part of a message, and is part of a pack's hash: compare it without.
    own = Pack.from_tables(
        {name: table for name, table in pack.tables.items() if name != "reference"},
        pack.settings.model_dump(by_alias=True, exclude={"overlays", "scenarios", "sweeps"}),
    )
    assert back.problem.input_hash == own.problem().input_hash
    assert back.problem.as_of == problem.as_of
    assert back.problem.as_of.utcoffset() == problem.as_of.utcoffset()
    assert back.options == pack.options()


def test_everything_a_table_can_say_survives_a_round_trip():
    """Attributes, exclusions, limits, weeks, weights, volumes and 18 decimals come back value for value."""
    tables = {name: table.to_dict("records") for name, table in small_pack().tables.items()}
    tables["nodes"][0] |= {
        "latitude": "40.5", "longitude": "-0.00001", "timezone": "America/New_York", "cutoff": "15:30",
        "lead_days": "2", "working_days": "1111100", "open": "false", "priority": "-1.5",
        "line_cost": "0.000000000000000001", "unit_cost": "0.25", "max_packages_per_day": "7",
        "max_units_per_day": "0", "region": "north",
    }  # fmt: skip
    tables["skus"][0] |= {
        "weight_kg": "0.45359237", "length_cm": "30.48", "width_cm": "0.000000001", "height_cm": "2",
        "ship_alone": "true", "class": "x",
    }  # fmt: skip
    tables["services"][0] |= {
        "dim_divisor": "5000.5", "weight_step_kg": "0.1", "max_weight_kg": "30", "ship_days": "0111111",
        "delivery_days": "1111110",
    }  # fmt: skip
    tables["node_services"] = [{"node_id": "A", "service_id": "G", "max_packages_per_day": "3"}]
    tables["stock"][1] |= {"reserved": "1", "safety_stock": "2"}
    tables["orders"][1] |= {
        "placed_at": "2026-03-02T07:00:00.123456-05:00", "latitude": "1", "longitude": "2",
        "deliver_by": "2026-03-05", "priority": "2.5", "ship_complete": "true", "max_packages": "1",
        "channel": "web", "excluded_nodes": "B;A", "gift": "yes",
    }  # fmt: skip
    tables["order_lines"][2] |= {
        "unit_value": "3.333333333333333333", "splittable": "false", "unfilled_cost": "0", "note": "n"
    }  # fmt: skip
    settings = {
        "name": "all",
        "currency": "EUR",
        "as_of": "2026-03-02T08:00:00.5+05:30",
        "objective": {"delivery_day": "0.25", "late_day": "6", "split": "0.1", "unfilled_value": "0.4"},
        "limits": {"max_packages": 3, "max_transit_days": 0, "horizon_days": 2},
    }
    for table in tables.values():  # every row of a table has the same columns
        names = {name: "" for row in table for name in row}
        table[:] = [{**names, **row} for row in table]
    problem = Pack.from_tables(tables, settings).problem()
    back = read(problem_message(problem))
    assert back.faults == ()
    assert back.problem.input_hash == problem.input_hash
    assert back.problem.nodes.attributes["region"].tolist() == ["north", ""]
    assert back.problem.orders.attributes["gift"].tolist() == ["", "yes", ""]


def test_parts_merge_to_the_whole():
    """2,500 orders come in three parts after the network, and concatenated bytes are the whole message."""
    problem = small_pack(num_orders=2_500).problem()
    parts = list(problem_parts(problem))
    assert [len(part.orders) for part in parts if part.orders] == [1_000, 1_000, 500]
    joined = problem_pb2.Problem.FromString(b"".join(part.SerializeToString() for part in parts))
    assert joined == problem_message(problem)


def test_a_pair_not_offered_stays_so_when_nothing_is_offered():
    """No node_services message means everything is offered, so a problem that offers nothing must send something."""
    tables = {**small_pack().tables, "node_services": [{"node_id": "A", "service_id": "G", "max_packages_per_day": 0}]}
    problem = Pack.from_tables(tables, {"currency": "USD", "as_of": "2026-03-02T08:00:00+00:00"}).problem()
    none = np.zeros_like(problem.node_services.is_offered)
    object.__setattr__(problem.node_services, "is_offered", none)
    offers = problem_message(problem).node_services
    assert [(offer.node_id, offer.service_id, offer.max_packages_per_day) for offer in offers] == [("A", "G", 0)]


def test_faults_have_paths_of_the_message():
    """A wrong quantity, SKU, node kind, weight and setting are named by their place in the message."""
    message = problem_message(small_pack().problem())
    message.orders[2].lines.add(line_id="2", sku_id="S", quantity=0)
    message.orders[1].lines[0].sku_id = "T"
    message.orders[0].excluded_nodes.append("C")
    message.nodes[0].kind = network_pb2.NODE_KIND_UNSPECIFIED
    message.nodes[1].working_days = "11"
    message.skus[0].ClearField("weight_ug")
    message.rates[0].up_to_ug = -1
    message.limits.max_packages = 0
    message.objective.split = "much"
    message.currency = "dollar"
    assert sorted(paths(message)) == [
        "currency",
        "limits.max_packages",
        "nodes[0].kind",
        "nodes[1].working_days",
        "objective.split",
        "orders[0].excluded_nodes",
        "orders[1].lines[0].sku_id",
        "orders[2].lines[1].quantity",
        "rates[0].up_to_ug",
        "skus[0].weight_ug",
    ]


def test_every_fault_of_a_kind_is_listed():
    """A thousand wrong quantities are a thousand findings, not twenty and a count."""
    message = problem_message(small_pack(num_orders=1_000).problem())
    for order in message.orders:
        order.lines[0].quantity = -1
    assert paths(message) == [f"orders[{row}].lines[0].quantity" for row in range(1_000)]


def test_what_no_table_can_say_is_refused():
    """A field's name as attribute, a semicolon in a node's id, half a microsecond, an enum number from the future."""
    message = problem_message(small_pack().problem())
    message.nodes[0].attributes["postal_code"] = "1"
    message.orders[0].excluded_nodes.append("A;B")
    message.orders[1].placed_at.nanos = 1
    message.nodes[1].kind = 99
    found = paths(message)
    for place in ("nodes[0].attributes", "orders[0].excluded_nodes", "orders[1].placed_at", "nodes[1].kind"):
        assert place in found


def test_infinite_and_undefined_numbers_are_refused():
    """NaN and infinity in doubles are faults of their field."""
    message = problem_message(small_pack().problem())
    message.nodes[0].latitude, message.nodes[0].longitude = float("nan"), float("inf")
    message.orders[0].latitude = float("-inf")
    assert {"nodes[0].latitude", "nodes[0].longitude", "orders[0].latitude"} <= set(paths(message))
    found = read(problem_message(small_pack().problem()), problem_pb2.SolveOptions(gap=float("nan"))).faults
    assert [finding.where for finding in found] == ["options.gap"]


def test_options_take_the_place_of_defaults():
    """What a request does not say is the server's default."""
    message = problem_message(small_pack().problem())
    options = problem_pb2.SolveOptions(gap=0.5, seed=7, method="policy:nearest")
    options.time_limit.CopyFrom(seconds_message(1.25))
    assert read(message, options).options == SolveOptions(time_limit_s=1.25, gap=0.5, seed=7, method="policy:nearest")
    assert read_problem(message, problem_pb2.SolveOptions(), SolveOptions(time_limit_s=5)).options.time_limit_s == 5


def test_an_empty_message_tells_everything_that_is_missing():
    """Nothing at all: no exception, but faults."""
    found = read(problem_pb2.Problem())
    assert found.problem is None
    assert {"as_of", "currency"} <= {finding.where for finding in found.faults}


def test_an_empty_batch_is_a_problem():
    """No orders are no fault."""
    message = problem_message(small_pack().problem())
    del message.orders[:]
    assert read(message).faults == ()


@given(st.integers(-62_135_596_800, 253_402_300_799), st.integers(0, 999_999))
@settings(max_examples=50, deadline=None)
def test_instants_keep_every_microsecond(seconds, micros):
    """The text of a timestamp reads back as the same instant."""
    (text,) = instant_texts([Timestamp(seconds=seconds, nanos=micros * 1000)])
    assert np.datetime64(text.removesuffix("+00:00"), "us").astype(np.int64) == seconds * 10**6 + micros


@given(st.integers(0, 10**15))
@settings(max_examples=50, deadline=None)
def test_weights_keep_every_microgram(weight):
    """Micrograms as kg text and back, exactly."""
    message = problem_pb2.Problem(skus=[network_pb2.Sku(sku_id="S", weight_ug=weight)])
    from splitship.service.to_tables import read_tables

    text = read_tables(message, []).frames["skus"]["weight_kg"].iloc[0]
    assert Decimal(text) * 10**9 == weight


@given(st.lists(st.integers(0, 10**24), max_size=5))
@settings(max_examples=50, deadline=None)
def test_amount_texts_are_exact(values):
    """18 decimals as text and back."""
    from splitship.units import Amounts

    amounts = Amounts.from_decimals([atto_to_decimal(value) for value in values])
    assert [int(Decimal(text).scaleb(18)) for text in amount_texts(amounts)] == values


def test_hello_as_a_message_has_its_numbers():
    """The first order of hello, field for field."""
    message = problem_message(read_pack(HELLO).problem())
    assert message.name == "hello"
    assert isinstance(message.orders[0], order_pb2.Order)
    # 2026-11-30T09:00:00-05:00 is 14:00 UTC.
    assert message.as_of.ToJsonString() == "2026-11-30T14:00:00Z"
    assert message.as_of_offset_minutes == -300
