"""Days in messages: capacity of nodes by day, holidays, quotas of services, holding, delivery not before."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Any

import numpy as np
import pytest

from conftest import small_pack
from splitship.domain import Certificate, Nodes, OrderLines, Orders, Problem, ResourceKind, SolveOptions
from splitship.domain.constant import NEUTRAL, is_constant
from splitship.errors import PlanError, UnsupportedError
from splitship.packs import Findings, Settings, as_text_table, build_problem
from splitship.packs.build import build
from splitship.packs.hashing import FEATURE_NAMES
from splitship.packs.schema import FEATURES
from splitship.packs.supported import is_supported
from splitship.service import to_messages
from splitship.service.certificates import certificate_parts
from splitship.service.fields_to_columns import READERS
from splitship.service.plans import read_certificate_message
from splitship.service.requests import ReadProblem, read_problem
from splitship.service.to_messages import problem_message, problem_parts
from splitship.service.to_tables import read_tables
from splitship.service.unsent import unsent_tables
from splitship.units import Amounts, day_number
from splitship.v1 import allocation_service_pb2, certificate_pb2, network_pb2, order_pb2, problem_pb2

SETTINGS = Settings.model_validate(
    {"schema": "splitship.pack/1", "name": "days", "currency": "USD", "as_of": "2026-03-02T08:00:00+00:00"}
)

NODES = [
    {"max_packages_per_day": "20", "max_lines_per_day": "0", "max_minutes_per_day": "480.5",
     "minutes_per_package": "2.5", "minutes_per_unit": "0.000001"},
    {"max_packages_per_day": "", "max_lines_per_day": "7", "max_minutes_per_day": "0",
     "minutes_per_package": "10000", "minutes_per_unit": ""},
]  # fmt: skip
ORDERS = [
    {"hold_until": "", "not_before": ""},
    {"hold_until": "2026-03-04", "not_before": ""},
    {"hold_until": "2026-03-04", "not_before": "2199-12-31"},
]
NODE_DAYS = [
    {"node_id": "B", "date": "2026-03-03", "open": "true", "max_packages": "5", "max_minutes": "100000000"},
    {"node_id": "A", "date": "2026-03-04", "open": "false"},
    {"node_id": "A", "date": "2026-03-02", "max_units": "1000000000000", "max_lines": "9", "max_minutes": "0"},
    {"node_id": "A", "date": "2026-03-05", "max_packages": "20", "used_packages": "30", "used_units": "1",
     "used_lines": "2", "used_minutes": "41.75"},
]  # fmt: skip
CALENDARS = [
    {"node_id": "A", "service_id": "", "date": "2026-12-25"},
    {"node_id": "", "service_id": "G", "date": "2026-12-25"},
]
QUOTAS = [
    {"service_id": "G", "date": "2026-03-04", "max_packages": "0", "min_packages": "", "shortfall_price": ""},
    {"service_id": "G", "date": "", "max_packages": "400", "min_packages": "10", "shortfall_price": "1.25"},
]


def tables() -> dict[str, Any]:
    """The small pack with everything about days in use."""
    found: dict[str, Any] = {name: frame.to_dict("records") for name, frame in small_pack().tables.items()}
    found["nodes"] = [row | more for row, more in zip(found["nodes"], NODES, strict=True)]
    found["orders"] = [row | more for row, more in zip(found["orders"], ORDERS, strict=True)]
    found |= {"node_days": NODE_DAYS, "calendars": CALENDARS, "service_quotas": QUOTAS}
    return {name: as_text_table(rows) for name, rows in found.items()}


def in_memory(table: str, row: int | None, column: str | None) -> str:
    return f"{table}[{row}].{column}"


def problem() -> Problem:
    return build_problem(tables(), SETTINGS, in_memory, features=FEATURES)


def read(message: problem_pb2.Problem, features: Collection[str] = FEATURES) -> ReadProblem:
    return read_problem(message, problem_pb2.SolveOptions(), SolveOptions(), features)


def faults(message: problem_pb2.Problem, features: Collection[str] = FEATURES) -> list[tuple[str, str]]:
    return sorted((finding.where, finding.code) for finding in read(message, features).faults)


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two problems differ: by type, length and value, to the last field."""
    if isinstance(one, np.ndarray):
        same = (
            one.dtype == other.dtype and one.shape == other.shape and (one == other) | ((one != one) & (other != other))
        )
        return [] if np.all(same) else [path]
    if dataclasses.is_dataclass(one):
        parts = [field.name for field in dataclasses.fields(one)]
        return [
            found for name in parts for found in differences(getattr(one, name), getattr(other, name), f"{path}.{name}")
        ]
    if isinstance(one, dict):
        if one.keys() != other.keys():
            return [path]
        return [found for name in one for found in differences(one[name], other[name], f"{path}.{name}")]
    return [] if one == other else [path]


def fields_in_use(message: Any, found: set[str] | None = None) -> set[str]:
    """`Message.field` of everything that is set, at any depth."""
    found = set() if found is None else found
    for field, value in message.ListFields():
        found.add(f"{message.DESCRIPTOR.name}.{field.name}")
        is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        if field.message_type is not None and not is_map:
            for part in value if field.is_repeated else [value]:
                fields_in_use(part, found)
    return found


NEW = {
    *(f"Node.{name}" for name in ("max_lines_per_day", "max_minutes_per_day", "minutes_per_package")),
    *("Node.minutes_per_unit", "Order.hold_until", "Order.not_before"),
    *(f"Problem.{name}" for name in ("node_days", "calendars", "service_quotas")),
    *(f"NodeDay.{field.name}" for field in network_pb2.NodeDay.DESCRIPTOR.fields),
    *(f"Holiday.{field.name}" for field in network_pb2.Holiday.DESCRIPTOR.fields),
    *(f"ServiceQuota.{field.name}" for field in network_pb2.ServiceQuota.DESCRIPTOR.fields),
}
"""Fields that messages without days do not have."""


def test_days_are_the_same_after_a_round_trip():
    """Every field is in use, and comes back value for value and with the same hash."""
    own = problem()
    message = problem_message(own)
    assert fields_in_use(message) >= NEW
    back = read(problem_pb2.Problem.FromString(message.SerializeToString()))
    assert back.faults == ()
    assert differences(own, back.problem) == []
    assert back.problem.input_hash == own.input_hash


def test_a_difference_in_one_value_is_found():
    """The comparison of problems sees a minute more, a day less and another limit."""
    own = problem()
    more = dataclasses.replace(own.node_days, used_umin=own.node_days.used_umin + 1)
    sooner = dataclasses.replace(own.orders, hold_until=own.orders.hold_until - 1)
    assert differences(own, dataclasses.replace(own, node_days=more)) == [".node_days.used_umin"]
    assert differences(own, dataclasses.replace(own, orders=sooner)) == [".orders.hold_until"]


def test_a_message_without_days_has_none_of_their_fields():
    """What is not in use is not said, so the bytes are those of messages before there were days."""
    message = problem_message(small_pack().problem())
    assert fields_in_use(message) & NEW == set()
    assert max(field.number for field, _ in message.ListFields()) == 14
    assert read(message, ()).problem.input_hash == small_pack().problem().input_hash


def test_what_nobody_says_is_no_column_and_no_table():
    """Columns of orders and minutes of nodes are there from the first message that fills them; so are tables."""
    message = problem_message(small_pack().problem())
    frames = read_tables(message, []).frames
    rare = {"hold_until", "not_before", "max_minutes_per_day", "minutes_per_package", "minutes_per_unit"}
    assert rare & {*frames["orders"].columns, *frames["nodes"].columns} == set()
    assert {"node_days", "calendars", "service_quotas"} & set(frames) == set()
    message.orders[2].not_before = "2026-03-09"
    message.nodes[1].minutes_per_unit = "0"
    frames = read_tables(message, []).frames
    assert frames["orders"]["not_before"].tolist() == ["", "", "2026-03-09"]
    assert rare & {*frames["orders"].columns, *frames["nodes"].columns} == {"not_before", "minutes_per_unit"}
    # The default of minutes, said aloud, is still the default.
    assert read(message, {"not_before"}).problem.nodes.umin_per_unit.tolist() == [0, 0]


def test_a_day_keeps_its_limits_apart_from_its_node():
    """A limit as at the node need not be said; 0 is a limit, and no limit at the node leaves the day's own."""
    first, *_ = NODE_DAYS
    sent = {(day.node_id, day.date): day for day in problem_message(problem()).node_days}
    own = sent["B", first["date"]]
    assert (own.open, own.max_packages, own.max_minutes) == (True, 5, "100000000")
    assert [own.HasField(name) for name in ("max_units", "max_lines")] == [False, False]
    closed = sent["A", "2026-03-04"]
    assert closed.HasField("open")
    assert not closed.open
    assert (closed.HasField("max_packages"), closed.max_minutes) == (False, "")
    none_left = sent["A", "2026-03-02"]
    assert (none_left.HasField("open"), none_left.max_lines, none_left.max_minutes) == (False, 9, "0")
    # 20 packages are what the node has on every day.
    assert not sent["A", "2026-03-05"].HasField("max_packages")


def test_parts_of_a_stream_carry_days(monkeypatch):
    """In parts of 3 rows the four days of nodes come in two; the bytes of all parts are the whole request."""
    monkeypatch.setattr(to_messages, "ROWS_PER_PART", 3)
    parts = list(problem_parts(problem()))
    assert [len(part.node_days) for part in parts if part.node_days] == [3, 1]
    assert [len(part.calendars) for part in parts if part.calendars] == [2]
    assert [len(part.service_quotas) for part in parts if part.service_quotas] == [2]
    requests = [
        allocation_service_pb2.AllocateStreamRequest(part=allocation_service_pb2.AllocateRequest(problem=part))
        for part in parts
    ]
    joined = b"".join(request.SerializeToString() for request in requests)
    merged = allocation_service_pb2.AllocateStreamRequest.FromString(joined).part.problem
    assert merged == problem_message(problem())
    assert read(merged).problem.input_hash == problem().input_hash


def test_numbers_at_their_limits_are_read_and_those_beyond_refused():
    """10^12 packages, 10^8 minutes a day and 10^4 a package are the most; minutes have six decimals."""
    message = problem_message(problem())
    message.node_days[0].max_packages = 10**12
    message.node_days[0].max_minutes = "100000000"
    message.nodes[0].minutes_per_unit = "10000"
    message.orders[1].hold_until = "2199-12-31"
    assert faults(message) == []
    message.node_days[0].max_packages += 1
    message.node_days[0].max_minutes = "100000000.000001"
    message.node_days[0].used_minutes = "0.0000001"
    message.nodes[0].minutes_per_unit = "10000.000001"
    message.nodes[1].max_minutes_per_day = "-1"
    message.orders[1].hold_until = "2200-01-01"
    message.service_quotas[0].max_packages = -1
    assert faults(message) == [
        ("node_days[0].max_minutes", "E408"),
        ("node_days[0].max_packages", "E408"),
        ("node_days[0].used_minutes", "E106"),
        ("nodes[0].minutes_per_unit", "E408"),
        ("nodes[1].max_minutes_per_day", "E407"),
        ("orders[1].hold_until", "E408"),
        ("service_quotas[0].max_packages", "E104"),
    ]


def test_faults_of_days_have_paths_of_the_message():
    """Dates, references, keys and contradictions are named by the row as it was sent, not as it is sorted."""
    message = problem_message(problem())
    message.node_days.add(node_id="C", date="2026-03-02")
    message.node_days.add(node_id="A", date="2026-03-02")
    message.node_days.add(node_id="A", used_units=-1)
    message.calendars[0].date = "Christmas"
    message.calendars.add(node_id="A", service_id="G", date="2026-03-02")
    message.calendars.add(date="2026-03-02")
    message.service_quotas.add(service_id="X", date="2026-03-05")
    message.orders[0].not_before = "soon"
    assert faults(message) == [
        ("calendars[0].date", "E107"),
        ("calendars[2].service_id", "E421"),
        ("calendars[3].node_id", "E422"),
        ("node_days[4].node_id", "E301"),
        ("node_days[5].date", "E201"),
        ("node_days[6].date", "E109"),
        ("node_days[6].used_units", "E104"),
        ("orders[0].not_before", "E107"),
        ("service_quotas[2].max_packages", "E109"),
        ("service_quotas[2].service_id", "E301"),
    ]


def test_an_attribute_cannot_stand_for_a_field_of_days():
    """A name of a field among the attributes would silently replace it: it is refused."""
    message = problem_message(small_pack().problem())
    message.nodes[1].attributes["max_lines_per_day"] = "4"
    message.orders[2].attributes["hold_until"] = "2026-03-04"
    assert faults(message) == [("nodes[1].attributes", "E102"), ("orders[2].attributes", "E102")]


WHERE = {
    "handling_limits": [
        *((f"nodes[0].{name}", "E502") for name in sorted(NODES[0]) if name != "max_packages_per_day"),
        # Its minutes_per_unit is empty.
        *((f"nodes[1].{name}", "E502") for name in ("max_lines_per_day", "max_minutes_per_day", "minutes_per_package")),
    ],
    "hold_until": [("orders[1].hold_until", "E502"), ("orders[2].hold_until", "E502")],
    "not_before": [("orders[2].not_before", "E502")],
    "node_days": [("node_days", "E501")],
    "calendars": [("calendars", "E501")],
    "service_quotas": [("service_quotas", "E501")],
}
"""Where a feature is in use in the message of the tables above, and the code of its refusal."""


@pytest.mark.parametrize("missing", sorted(WHERE))
def test_a_feature_that_is_not_supported_is_refused_in_messages_as_in_packs(missing):
    """Without the feature the message is refused with the codes and columns of the same tables in a pack."""
    features = FEATURES - {missing}
    found = faults(problem_message(problem()), features)
    in_tables = Findings(lambda table, row, column: f"{table}.{column}", cap=None)
    build(tables(), SETTINGS, in_tables, features=features)
    assert sorted(code for _, code in found) == sorted(
        finding.code for finding in in_tables.listed() if finding.severity == "error"
    )
    # Limits of handling have columns of single days, too; where these stand depends on how the days are sorted.
    of_base = [(where, code) for where, code in found if not where.startswith("node_days[")]
    assert of_base == ([] if is_supported(missing) else WHERE[missing])


def test_a_committed_volume_is_not_lost_on_the_way():
    """What a quota commits is sent and read; whether it is supported is for the server to say, as in a pack."""
    (every_day, one_day) = sorted(problem_message(problem()).service_quotas, key=lambda quota: quota.date)
    assert (every_day.min_packages, every_day.shortfall_price) == (10, "1.25")
    assert (one_day.min_packages, one_day.shortfall_price, one_day.max_packages) == (0, "", 0)
    assert one_day.HasField("max_packages")


def test_every_table_that_a_solve_reads_has_messages():
    """All features but the forecast, which no solve reads: a problem that has one is sent like any other."""
    assert {*FEATURE_NAMES, *unsent_tables()} - set(READERS) == {"forecast"}
    plain = small_pack().problem()
    assert list(problem_parts(dataclasses.replace(plain, forecast=["a row"]))) == list(problem_parts(plain))


@pytest.mark.parametrize("table", ["inbound", "plan_before"])
def test_a_table_that_messages_do_not_have_is_refused_before_it_is_sent(table, monkeypatch):
    """Rows of a feature without messages stop the first part, with the code and name of the table."""
    monkeypatch.setattr("splitship.service.unsent.unsent_tables", lambda: [table])
    own = dataclasses.replace(small_pack().problem(), **{table: ["a row"]})
    with pytest.raises(UnsupportedError) as caught:
        next(problem_parts(own))
    assert [(finding.where, finding.code[:2]) for finding in caught.value.findings] == [(table, "E5")]


def test_every_optional_column_is_sent_or_refused():
    """A column that may say nothing is in the round trip above or among those that are refused: none is forgotten."""
    own = problem()
    refused = {"target_share", "has_target_share", "share_price"}  # sent in a problem of their own
    # of rules, which are sent themselves, and sent in a problem of its own
    refused |= {"max_distance_km", "max_transit_days", "min_package_value", "min_order_value", "pickup_node_idx"}
    refused |= {"kit_line_idx", "kit_quantity", "is_together"}  # of kits in force
    refused |= {"num_released", "promise_idx", "part_of"}  # of the plan before in force
    for table, kind in ((own.nodes, Nodes), (own.orders, Orders), (own.lines, OrderLines)):
        for field in dataclasses.fields(kind):
            if NEUTRAL in field.metadata and field.name not in refused:
                assert not is_constant(getattr(table, field.name), field.metadata[NEUTRAL]), field.name


def certificate() -> Certificate:
    """A price of each kind of a day: lines and minutes of node B, packages of service G on two days."""
    none = np.zeros(0, np.int64)
    day = day_number("2026-03-03")
    return Certificate(
        kind=np.array(
            [ResourceKind.NODE_LINES, ResourceKind.NODE_MINUTES, ResourceKind.SERVICE_QUOTA, ResourceKind.SERVICE_QUOTA]
        ),
        node_idx=np.array([1, 1, -1, -1]),
        sku_idx=np.full(4, -1),
        service_idx=np.array([-1, -1, 0, 0]),
        day=np.array([day, day, day, day + 1]),
        price=np.array([7, 8, 9, 10]),
        share_line=none,
        share_value=none,
        bound=5,
    )


def test_prices_of_days_come_back_from_their_messages():
    """A quota's price has no node, and lines and minutes no service."""
    own = problem()
    (message,) = certificate_parts(own, certificate())
    quota = message.prices[-1]
    assert (quota.node_id, quota.service_id, quota.date, quota.price_micros) == ("", "G", "2026-03-04", 10)
    back = read_certificate_message(message, own)
    assert differences(certificate(), back) == []


def test_keys_that_a_price_of_days_lacks_or_does_not_have_are_refused():
    """A quota over all nodes with a node, minutes without one, lines with a service."""
    message = certificate_pb2.Certificate()
    date = "2026-03-03"
    message.prices.add(kind=certificate_pb2.RESOURCE_KIND_SERVICE_QUOTA, node_id="A", service_id="G", date=date)
    message.prices.add(kind=certificate_pb2.RESOURCE_KIND_NODE_MINUTES, date=date)
    message.prices.add(kind=certificate_pb2.RESOURCE_KIND_NODE_LINES, node_id="A", service_id="G", date=date)
    with pytest.raises(PlanError) as caught:
        read_certificate_message(message, problem())
    assert [finding.where for finding in caught.value.findings] == [
        "certificate.prices[0].node_id",
        "certificate.prices[1].node_id",
        "certificate.prices[2].service_id",
    ]


def test_minutes_and_prices_keep_every_decimal():
    """10^-6 minutes and 10^-18 of money survive."""
    own = problem()
    price = Amounts(np.array([0, 0]), np.array([1, 0]))
    quotas = dataclasses.replace(own.service_quotas, shortfall_price=price, min_packages=np.array([0, 1]))
    days = dataclasses.replace(own.node_days, used_umin=np.array([0, 1, 10**6, 10**14 - 1]))
    message = problem_message(dataclasses.replace(own, service_quotas=quotas, node_days=days))
    assert [day.used_minutes for day in message.node_days] == ["", "0.000001", "1", "99999999.999999"]
    # The first commits nothing, so a price of it is not said; a commitment at no price is.
    assert [quota.shortfall_price for quota in message.service_quotas] == ["", "0"]
    assert isinstance(message.orders[0], order_pb2.Order)
