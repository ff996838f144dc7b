"""Rules and surcharges in messages: there and back, places of faults, prices of quotas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from conftest import small_pack
from splitship.domain import Certificate, Problem, ResourceKind, SolveOptions
from splitship.errors import PlanError
from splitship.packs import Pack, as_text_table
from splitship.packs.rule_refusals import RULE_FEATURES
from splitship.packs.warm_start import keep_known
from splitship.service.certificates import certificate_parts
from splitship.service.plans import read_certificate_message
from splitship.service.requests import read_problem
from splitship.service.to_messages import problem_message
from splitship.units import day_number
from splitship.v1 import certificate_pb2, problem_pb2, rule_pb2

RULES: list[dict[str, Any]] = [
    {"name": "a", "where": {"order": {"channel": ["web", ""]}, "node": {"kind": {"not": "store"}}}, "forbid": True},
    {"name": "b", "where": {"line": {"quantity": {"ge": 1, "lt": 5.5, "not": {"gt": 3, "le": 9}}}},
     "price": {"per_unit": 0.25, "per_line": "0.000001", "per_package": 2, "per_order": 1}},
    {"name": "c", "where": {"service": {"service_id": {"like": "%"}}, "sku": {"sku_id": "K"}},
     "quota": {"packages": 4, "per": "batch"}, "from": "2026-03-01", "until": "2026-03-09"},
    {"name": "d", "quota": {"packages": 0}},
    {"name": "e", "quota": {"packages": 3, "price_over": 1.5}},
    {"name": "f", "set": {"ship_complete": True, "max_packages": 2, "max_transit_days": 5, "max_nodes_per_line": 3,
                          "min_package_value": 1.5, "min_order_value": 2}},
    {"name": "g", "where": {"node": {"node_id": "A"}}, "set": {"safety_stock": 1}},
]  # fmt: skip
SURCHARGES = [
    {"name": "fuel", "service_id": "G", "per_package": "1.25", "share_of_value": "", "order.postal_code": "10001;33*"},
    {"name": "fuel", "service_id": "", "per_package": "", "share_of_value": "0.0123456789", "sku.ship_alone": "true"},
]
ON = frozenset({"rules", "surcharges", *RULE_FEATURES})


def problem(rules: list[dict[str, Any]] = RULES) -> Problem:
    tables: dict[str, Any] = {name: frame.to_dict("records") for name, frame in small_pack().tables.items()}
    tables["surcharges"] = SURCHARGES
    settings = {"schema": "splitship.pack/1", "currency": "USD", "as_of": "2026-03-02T08:00:00+00:00", "rules": rules}
    frames = {name: as_text_table(rows) for name, rows in tables.items()}
    return Pack.from_tables(frames, settings, features=ON).problem()


def faults(message: problem_pb2.Problem, features: frozenset[str] = ON) -> list[tuple[str, str]]:
    read = read_problem(message, problem_pb2.SolveOptions(), SolveOptions(), features)
    return sorted((finding.where, finding.code) for finding in read.faults)


def fields_in_use(message: Any, found: set[str]) -> set[str]:
    """`Message.field` of everything that is set, at any depth."""
    for field, value in message.ListFields():
        found.add(f"{message.DESCRIPTOR.name}.{field.name}")
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            parts = [part for part in value.values() if not isinstance(part, str)]
        else:
            parts = value if field.is_repeated else [value]
        for part in parts:
            fields_in_use(part, found)
    return found


def test_rules_and_surcharges_are_the_same_after_a_round_trip() -> None:
    """Every field of their messages is in use; rules, conditions and the hash come back, and are in force."""
    own = problem()
    message = problem_pb2.Problem.FromString(problem_message(own).SerializeToString())
    of_rules = [*rule_pb2.DESCRIPTOR.message_types_by_name.values()]
    fields = {f"{kind.name}.{field.name}" for kind in of_rules for field in kind.fields}
    assert fields - fields_in_use(message, set()) == {"RuleSet.max_distance_km"}  # the small pack has no places
    read = read_problem(message, problem_pb2.SolveOptions(), SolveOptions(), ON)
    assert read.faults == ()
    assert read.problem is not None
    assert read.problem.rules == own.rules
    assert read.problem.surcharges.conditions == own.surcharges.conditions
    assert read.problem.input_hash == own.input_hash
    assert read.problem.stock.safety_stock.tolist() == own.stock.safety_stock.tolist()
    assert len(read.problem.package_rules) == len(own.package_rules) == 7


def test_what_rules_set_is_not_sent_as_if_it_were_in_the_tables() -> None:
    """The tables as given go out, and the rules with them."""
    own = problem()
    assert own.orders.max_packages.tolist() == [2] * len(own.orders)
    sent = problem_message(own)
    given = own.as_given.orders.max_packages.tolist()
    assert [order.HasField("max_packages") for order in sent.orders] == [most < 2**62 for most in given]
    assert not any(order.ship_complete for order in sent.orders)


def test_faults_of_rules_have_paths_of_the_message() -> None:
    """Rules by their number, surcharges by row and column."""
    message = problem_message(problem())
    message.rules[0].where.node["colour"].like = "r%"
    message.rules[1].price.per_unit = "-1"
    message.rules[2].quota.per = 9
    message.rules[3].where.sku["sku_id"].any_of.values[:] = []
    message.rules[4].where.sku["sku_id"].like = "K"
    message.rules[4].where.sku["sku_id"].any_of.values[:] = ["K"]
    message.rules[5].set.max_packages = 0
    message.rules.add(name="h")
    message.surcharges[0].per_package = "0.0000001"
    message.surcharges[1].conditions["sku.ship_alone"] = "maybe"
    message.surcharges[1].conditions["size"] = "big"
    assert faults(message) == [
        ("rules[0].where.node.colour", "E303"),
        ("rules[1].price.per_unit", "E113"),
        ("rules[2].quota.per", "E113"),
        ("rules[3].where.sku.sku_id", "E113"),
        ("rules[4].where.sku.sku_id", "E113"),
        ("rules[5].set.max_packages", "E113"),
        ("rules[7]", "E114"),
        ("surcharges[0].per_package", "E106"),
        ("surcharges[1].conditions", "E427"),
        ('surcharges[1].conditions["sku.ship_alone"]', "E427"),
    ]


def test_parts_of_rules_to_come_are_refused_at_their_place() -> None:
    """As in packs, never ignored."""
    assert faults(problem_message(problem()), frozenset()) == [
        ("rules[1].price.per_order", "E503"),
    ]


def certificate() -> Certificate:
    """Prices of a rule's quota on a day and of another's in the batch."""
    kind = np.full(2, int(ResourceKind.RULE_QUOTA))
    none, empty = np.full(2, -1), np.zeros(0, np.int64)
    day = np.array([day_number("2026-03-03"), -1])
    return Certificate(kind, none, none, none, day, np.array([7, 8]), empty, empty, 5, rule_idx=np.array([4, 2]))


def test_prices_of_quotas_are_the_same_after_a_round_trip() -> None:
    """A price names its rule; that of the batch has no date."""
    own, whole = problem(), certificate_pb2.Certificate()
    for part in certificate_parts(own, certificate()):
        whole.MergeFrom(part)
    assert [(price.rule, price.date) for price in whole.prices] == [("c", ""), ("e", "2026-03-03")]
    back = read_certificate_message(whole, own)
    assert back.rule_idx.tolist() == [2, 4]
    assert back.day.tolist() == [-1, day_number("2026-03-03")]
    assert back.price.tolist() == [8, 7]


def test_a_price_of_an_unknown_rule_is_a_fault_and_dropped_from_a_warm_start() -> None:
    """Both ways it is never the price of another rule."""
    whole = certificate_pb2.Certificate()
    for part in certificate_parts(problem(), certificate()):
        whole.MergeFrom(part)
    fewer = problem([rule for rule in RULES if rule["name"] != "c"])
    with pytest.raises(PlanError, match=r"certificate.prices\[0\].rule.* no rule 'c'"):
        read_certificate_message(whole, fewer)
    gone = Certificate(**{**_fields(certificate()), "rule_idx": np.array([4, -1])})
    start = keep_known(None, gone)
    assert start.certificate is not None
    assert (start.certificate.rule_idx.tolist(), start.num_dropped_prices) == ([4], 1)


def test_a_rule_does_not_belong_to_other_kinds_and_is_needed_for_quotas() -> None:
    """Keys are those of the kind."""
    whole = certificate_pb2.Certificate()
    whole.prices.add(kind=certificate_pb2.RESOURCE_KIND_RULE_QUOTA, price_micros=1)
    whole.prices.add(kind=certificate_pb2.RESOURCE_KIND_NODE_UNITS, node_id="A", date="2026-03-03", rule="c")
    with pytest.raises(PlanError) as caught:
        read_certificate_message(whole, problem())
    assert [finding.message for finding in caught.value.findings] == [
        "rule is needed for the kind rule_quota",
        "rule does not belong to the kind node_units",
    ]


def _fields(of: Certificate) -> dict[str, Any]:
    return {name: getattr(of, name) for name in Certificate.__dataclass_fields__}
