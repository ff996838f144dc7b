"""The section `rules`: each fault and warning with code, place and hint; the hash; what is the same from a message."""

import datetime
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from splitship.domain.rules import MAX_RULES, PARTS, SETTABLE, Rule, RuleWhere
from splitship.domain.where import All, AnyOf, Compare, Like, Not
from splitship.errors import InputError, PackError, UnsupportedError
from splitship.packs import Pack, read_pack, write_pack, write_starter_pack
from splitship.packs.rule_binding import TABLE_OF_PART
from splitship.packs.rule_refusals import RULE_FEATURES
from splitship.packs.schema import TABLES
from splitship.packs.where import read_condition
from splitship.packs.yaml_text import read_yaml
from splitship.units import day_number

ROOT = Path(__file__).resolve().parent.parent.parent
ON = frozenset({"rules", *RULE_FEATURES})
STARTER_HASH = "sha256:9254177d683c8369f0af25ada515f7028e2c3a65cde5f4e467914f245bf02e66"
RULES_LINE = 17
"""Line of `rules: []` in the starter pack; a rule planted below it begins two columns further right."""


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    return write_starter_pack(tmp_path / "starter")


def plant(folder: Path, rules: str) -> None:
    """Replace the empty list by the text of the rules."""
    path = folder / "scenario.yaml"
    path.write_text(path.read_text().replace("rules: []", rules))


def one(rule: str) -> str:
    return f"rules:\n  - {rule}"


def place(column: int, line: int = 1) -> str:
    return f"scenario.yaml:{RULES_LINE + line}:{column}: error"


FAULTS: list[tuple[str, str, str]] = [
    ("5", place(5), "[E111] rules.0: expected a rule: a map of name, where and an effect, got '5'"),
    ("{name: x, forbid: [true]}", place(23), "[E113] rules.0.forbid: expected true"),
    ("{name: x, forbid: sure}", place(23), "[E113] rules.0.forbid: expected true, got 'sure'"),
    ("{name: x, where: 5, forbid: true}", place(22), "[E111] rules.0.where: expected order, line, sku, node or"),
    ("{name: x, where: {node: ATL1}, forbid: true}", place(29), "[E111] rules.0.where.node: expected columns with"),
    ("{name: x, price: 5}", place(22), "[E111] rules.0.price: expected a map: it needs per_unit, per_line"),
    (
        "{name: x, where: {node: {node_id: [[a]]}}, forbid: true}",
        place(39),
        "[E111] rules.0.where.node.node_id: a list holds plain values",
    ),
    ("{nam: x, forbid: true}", place(6), "[E112] rules.0.nam: unknown key (did you mean name?)"),
    (
        "{name: x, where: {nodes: {}}, forbid: true}",
        place(23),
        "[E112] rules.0.where.nodes: unknown key (did you mean n",
    ),
    ("{name: x, price: {per_units: 1}}", place(23), "[E112] rules.0.price.per_units: unknown key (did you mean per_un"),
    ("{name: x, set: {safety_stok: 1}}", place(21), "[E112] rules.0.set.safety_stok: unknown key (did you mean safety"),
    ("{name: x, quota: {packets: 1}}", place(23), "[E112] rules.0.quota.packets: unknown key (did you mean packages?)"),
    ("{name: x, set: {zone: 1}}", place(21), "[E112] rules.0.set.zone: unknown key (there are ship_complete, max_pack"),
    ("{forbid: true}", place(5), "[E113] rules.0.name: every rule needs a name of its own"),
    ("{name: ' ', forbid: true}", place(12), "[E113] rules.0.name: expected a name"),
    (
        "{name: x, price: {per_unit: -0.5}}",
        place(33),
        "[E113] rules.0.price.per_unit: must not be negative, got '-0.5'",
    ),
    (
        "{name: x, price: {per_unit: 0.1234567890123456789}}",
        place(33),
        "[E113] rules.0.price.per_unit: at most 18 decimals can be kept, got '0.1234567890123456789'",
    ),
    (
        "{name: x, price: {per_line: 0.1234567}}",
        place(33),
        "[E113] rules.0.price.per_line: at most 6 decimals can be kept, got '0.1234567'",
    ),
    ("{name: x, price: {per_line: 1e10}}", place(33), "[E113] rules.0.price.per_line: at most 1,000,000,000 can be"),
    ("{name: x, price: {per_line: much}}", place(33), "[E113] rules.0.price.per_line: expected a number, got 'much'"),
    ("{name: x, quota: {per: day}}", place(22), "[E113] rules.0.quota.packages: this setting is required"),
    (
        "{name: x, quota: {packages: 2.5}}",
        place(33),
        "[E113] rules.0.quota.packages: expected a whole number, got '2.5'",
    ),
    (
        "{name: x, quota: {packages: 2, per: week}}",
        place(41),
        "[E113] rules.0.quota.per: expected day or batch, got 'we",
    ),
    ("{name: x, set: {max_packages: 0}}", place(35), "[E113] rules.0.set.max_packages: expected a number from 1 to"),
    (
        "{name: x, set: {max_packages: true}}",
        place(35),
        "[E113] rules.0.set.max_packages: expected a number, got 'True'",
    ),
    ("{name: x, set: {max_distance_km: 0.1234567891}}", place(38), "max_distance_km: at most 9 decimals can be kept"),
    ("{name: x, set: {max_distance_km: 1e6}}", place(38), "max_distance_km: expected a number from 0 to 100,000, got"),
    ("{name: x, set: {max_transit_days: 3651}}", place(39), "max_transit_days: expected a number from 0 to 3,650, got"),
    ("{name: x, set: {min_order_value: -1}}", place(38), "min_order_value: must not be negative, got '-1'"),
    ("{name: x, set: {min_order_value: 0.1234567}}", place(38), "min_order_value: at most 6 decimals can be kept"),
    ("{name: x, set: {ship_complete: 5}}", place(36), "[E113] rules.0.set.ship_complete: expected true, got '5'"),
    (
        "{name: x, forbid: true, from: 01/11/2026}",
        place(35),
        "[E113] rules.0.from: expected a date such as 2026-11-27,",
    ),
    (
        "{name: x, forbid: true, from: 2026-02-30}",
        place(35),
        "[E113] rules.0.from: expected a date such as 2026-11-27,",
    ),
    (
        "{name: x, forbid: true, from: 20261127}",
        place(35),
        "[E113] rules.0.from: expected a date such as 2026-11-27, go",
    ),
    (
        "{name: x, forbid: true, until: 2926-01-01}",
        place(36),
        "[E113] rules.0.until: expected a year from 1970 to 2199",
    ),
    (
        "{name: x, forbid: true, from: 2026-12-02, until: 2026-12-01}",
        place(54),
        "[E113] rules.0.until: must not be before from",
    ),
    (
        "{name: x, where: {sku: {value: {gt: dear}}}, forbid: true}",
        place(36),
        "gt compares with a number: expected a num",
    ),
    (
        "{name: x, where: {sku: {value: {gt: [1]}}}, forbid: true}",
        place(36),
        "[E111] rules.0.where.sku.value: gt compare",
    ),
    (
        "{name: x, where: {sku: {value: {above: 1}}}, forbid: true}",
        place(36),
        "unknown condition 'above' (there are gt,",
    ),
    (
        "{name: x, where: {sku: {value: {}}}, forbid: true}",
        place(36),
        "[E113] rules.0.where.sku.value: an empty condition",
    ),
    (
        "{name: x, where: {sku: {value: []}}, forbid: true}",
        place(36),
        "an empty list holds for no row (name a value, or",
    ),
    ("{name: x, where: {sku: {sku_id: {like: ''}}}, forbid: true}", place(37), "like needs a pattern (such as"),
    ("{name: x}", place(5), "[E114] rules.0: this rule does nothing (say forbid, price, set or quota)"),
    ("{name: x, forbid: false}", place(23), "[E114] rules.0.forbid: forbid: false does nothing (say forbid: true, or"),
    ("{name: x, price: {}}", place(22), "[E114] rules.0.price: an empty price does nothing (it needs per_unit, per_l"),
    ("{name: x, price: {per_unit: 0}}", place(22), "[E114] rules.0.price: a price of 0 changes nothing"),
    (
        "{name: x, quota: {packages: 1, price_over: 0}}",
        place(48),
        "[E114] rules.0.quota.price_over: a quota whose excess",
    ),
    ("{name: x, set: {ship_complete: false}}", place(36), "[E114] rules.0.set.ship_complete: false changes nothing"),
    ("{name: x, set: {min_order_value: 0}}", place(38), "[E114] rules.0.set.min_order_value: 0 changes nothing"),
    (
        "{name: x, forbid: true, price: {per_unit: 1}}",
        place(29),
        "[E114] rules.0.price: what is forbidden cannot be priced too (keep one of the two, or make two rules)",
    ),
    (
        "{name: x, forbid: true, quota: {packages: 1}}",
        place(29),
        "[E114] rules.0.quota: what is forbidden cannot be cou",
    ),
    (
        "{name: x, where: {node: {kind: dc}}, set: {max_packages: 1}}",
        place(23),
        "[E114] rules.0.where.node: max_packages is set per order and cannot depend on the node (name order only, in a",
    ),
    (
        "{name: x, where: {order: {country: US}}, set: {safety_stock: 1}}",
        place(23),
        "[E114] rules.0.where.order: safety_stock is set per node and sku and cannot depend on the order",
    ),
    (
        "{name: x, forbid: true}\n  - {name: x, forbid: true}",
        place(12, 2),
        "[E201] rules.1.name: 'x' is already the name of the rule at scenario.yaml:18:5 (choose another)",
    ),
    (
        "{name: x, where: {order: {chanel: web}}, forbid: true}",
        place(31),
        "[E303] rules.0.where.order.chanel: the table orders has no column 'chanel' (did you mean channel?)",
    ),
    (
        "{name: x, where: {order: {kind: web}}, forbid: true}",
        place(31),
        "[E303] rules.0.where.order.kind: the table orders has no column 'kind' (it is a column of nodes: name it u",
    ),
    (
        "{name: x, where: {service: {colour: red}}, forbid: true}",
        place(33),
        "the table services has no column 'colour' (it has service_id, carrier, dim_divisor, weight_step_kg, max_we",
    ),
    (
        "{name: x, where: {node: {kind: stor}}, forbid: true}",
        place(36),
        "[E304] rules.0.where.node.kind: kind is one of",
    ),
    (
        "{name: x, where: {node: {kind: [dc, stor]}}, forbid: true}",
        place(36),
        "3pl, never 'stor' (did you mean store?)",
    ),
    (
        "{name: x, where: {node: {open: maybe}}, forbid: true}",
        place(36),
        "[E304] rules.0.where.node.open: open holds tru",
    ),
    (
        "{name: x, where: {sku: {value: {not: dear}}}, forbid: true}",
        place(36),
        "[E304] rules.0.where.sku.value: value ho",
    ),
    (
        "{name: x, where: {sku: {value: {like: '1%'}}}, forbid: true}",
        place(36),
        "like compares text, and value holds num",
    ),
    (
        "{name: x, where: {node: {node_id: {gt: 5}}}, forbid: true}",
        place(39),
        "gt compares numbers, and node_id holds i",
    ),
    (
        "{name: x, where: {order: {channel: {le: 5}}}, forbid: true}",
        place(40),
        "le compares numbers, and channel holds",
    ),
    (
        "{name: x, where: {order: {deliver_by: {le: 5}}}, forbid: true}",
        place(43),
        "compares numbers, and deliver_by holds",
    ),
    (
        "{name: x, where: {order: {deliver_by: 5}}, forbid: true}",
        place(43),
        "deliver_by holds dates such as 2026-11-27, ",
    ),
    (
        "{name: x, where: {order: {placed_at: 5}}, forbid: true}",
        place(42),
        "placed_at holds instants such as 2026-11-27T",
    ),
    (
        "{name: x, where: {node: {cutoff: 25:00}}, forbid: true}",
        place(38),
        "cutoff holds times HH:MM from 00:00 to 24:00",
    ),
    (
        "{name: x, where: {node: {working_days: 5}}, forbid: true}",
        place(44),
        "working_days holds seven digits 0 or 1, M",
    ),
]

WARNINGS: list[tuple[str, str, str]] = [
    (
        "{name: x, where: {order: {channel: web}}, forbid: true}",
        place(40),
        "[W608] rules.0.where.order.channel: the rule 'x' is about nothing: no order has channel 'web'",
    ),
    (
        "{name: x, where: {node: {kind: store, node_id: ATL1}}, forbid: true}",
        place(52),
        "is about nothing: none of the 1 nodes left by kind has node_id 'ATL1'",
    ),
    (
        "{name: x, where: {node: {node_id: [ATL2]}}, forbid: true}",
        place(39),
        "the rule 'x' is about nothing: no node has node_id 'ATL2' (did you mean ATL1?)",
    ),
    (
        "{name: x, where: {order: {order_id: O1001}, sku: {sku_id: RUG}}, forbid: true}",
        place(22),
        "the rule 'x' is about nothing: no line meets the conditions on order, line and SKU together",
    ),
    (
        "{name: x, where: {node: {node_id: DFW1}, sku: {sku_id: MUG}}, set: {safety_stock: 2}}",
        place(22),
        "is about nothing: no row of the stock table is at such a node with such an SKU",
    ),
    (
        "{name: x, forbid: true, until: 2026-11-01}",
        place(36),
        "[W608] rules.0.until: the rule 'x' is about nothing: it ended on 2026-11-01, before as_of (move until, or",
    ),
    (
        "{name: x, where: {node: {node_id: {not: [ATL1, SEA8]}}}, forbid: true}",
        place(39),
        "[W609] rules.0.where.node.node_id: no row of nodes has 'SEA8' (did you mean SEA7?)",
    ),
    (
        "{name: x, set: {max_packages: 3}}\n  - {name: y, set: {max_packages: 2}}",
        place(35),
        "[W610] rules.0.set.max_packages: max_packages 3: of 5 orders it holds for 0; the rule 'y' sets 2 and wins for "
        "4, tables and limits are as strict for 1 (the strictest wins)",
    ),
    (
        "{name: x, set: {max_packages: 4}}",
        place(35),
        "max_packages 4: of 5 orders it holds for 0; tables and limits are as strict for 5 (a rule never loosens a",
    ),
]


@pytest.mark.parametrize(("rule", "where", "message"), FAULTS, ids=[text[:50] for text, _, _ in FAULTS])
def test_fault_of_a_rule_is_told_with_its_place_when_planted(
    starter: Path, rule: str, where: str, message: str
) -> None:
    """One rule in a good pack, one line with place, code and remedy."""
    plant(starter, one(rule))
    with pytest.raises(PackError) as caught:
        read_pack(starter, features=ON)
    (line,) = [line for line in str(caught.value).splitlines() if message in line]
    assert line.startswith(where)


@pytest.mark.parametrize(("rule", "where", "message"), WARNINGS, ids=[text[:50] for text, _, _ in WARNINGS])
def test_warning_of_a_rule_is_told_with_its_place(starter: Path, rule: str, where: str, message: str) -> None:
    """The pack is good all the same."""
    plant(starter, one(rule))
    pack = read_pack(starter, features=ON)
    (line,) = [str(warning) for warning in pack.warnings if message in str(warning)]
    assert line.startswith(where.replace("error", "warning"))
    assert len(pack.warnings) == 1
    assert pack.problem().rules


def test_every_code_of_rules_is_planted() -> None:
    """The codes that only rules lead to are all seen here (E408 and E406 below)."""
    planted = set(re.findall(r"\[([EW]\d{3})\]", " ".join(message for _, _, message in FAULTS + WARNINGS)))
    assert planted == {"E111", "E112", "E113", "E114", "E201", "E303", "E304", "W608", "W609", "W610"}


def test_all_faults_of_all_rules_come_at_once(starter: Path) -> None:
    """Shape, types and columns together, in one reading; the pack's other faults beside them."""
    text = one("{name: a, where: {order: {chanel: web}, node: {kind: stor}}, price: {per_unit: -1}, colour: red}")
    plant(starter, text + "\n  - {name: a, where: {sku: {weight: 5}}}")
    (starter / "stock.csv").write_text("node_id,sku_id,on_hand\nATL1,MUG,-2\n")
    with pytest.raises(PackError) as caught:
        read_pack(starter, features=ON)
    codes = sorted(finding.code for finding in caught.value.findings)
    assert codes == ["E112", "E113", "E114", "E201", "E303", "E303", "E304", "E401"]


def test_faults_of_rules_are_told_when_other_settings_are_wrong(starter: Path) -> None:
    """A bad limit does not hide a bad rule."""
    path = starter / "scenario.yaml"
    path.write_text(path.read_text().replace("max_packages: 4", "max_packages: 0"))
    plant(starter, one("{name: x}"))
    with pytest.raises(PackError) as caught:
        read_pack(starter)
    assert sorted(finding.code for finding in caught.value.findings) == ["E113", "E114"]


def test_twenty_faults_of_a_kind_are_shown(starter: Path) -> None:
    """Thirty rules without effect: twenty lines and a count."""
    plant(starter, "rules:\n" + "".join(f"  - {{name: r{at}}}\n" for at in range(30)))
    with pytest.raises(PackError, match="and 10 more") as caught:
        read_pack(starter, features=ON)
    assert len(caught.value.findings) == 21


def test_text_compared_as_a_number_is_a_fault_of_the_attribute(starter: Path) -> None:
    """The attribute `size` holds numbers and one word; without the word it may be compared."""
    skus = (starter / "skus.csv").read_text().splitlines()
    lines = [f"{line},{cell}" for line, cell in zip(skus, ["size", "3", "big", ""], strict=True)]
    (starter / "skus.csv").write_text("\n".join(lines) + "\n")
    plant(starter, one("{name: x, where: {sku: {size: {gt: 2}}}, forbid: true}"))
    with pytest.raises(PackError) as caught:
        read_pack(starter, features=ON)
    assert str(caught.value) == (
        "scenario.yaml:18:35: error[E304] rules.0.where.sku.size: > 2 compares numbers, and size also holds 'big' "
        "(name the values in a list, or make the column numbers throughout)"
    )
    (starter / "skus.csv").write_text("\n".join(lines).replace("big", "1.5") + "\n")
    assert read_pack(starter, features=ON).warnings == ()


def test_a_distance_that_a_rule_sets_needs_coordinates(starter: Path) -> None:
    """Of every node, and of the orders that it is about."""
    plant(starter, one("{name: near, where: {order: {order_id: O1002}}, set: {max_distance_km: 100}}"))
    with pytest.raises(PackError) as caught:
        read_pack(starter, features=ON)
    found = [(finding.code, finding.where) for finding in caught.value.findings]
    assert found == [("E406", f"nodes.csv:{line}") for line in (2, 3, 4)] + [("E406", "orders.csv:3")]
    assert "needed because the rule 'near' sets max_distance_km" in str(caught.value)


def test_ten_thousand_rules_are_read_and_one_more_is_a_fault() -> None:
    """The fault is one, whatever the rules say."""
    rules = [
        {"name": f"r{at}", "where": {"node": {"kind": "dc"}}, "price": {"per_unit": at + 1}} for at in range(10_001)
    ]
    assert len(rules) == MAX_RULES + 1
    assert len(in_memory(*rules[:-1]).problem().rules) == MAX_RULES
    with pytest.raises(PackError) as caught:
        in_memory(*rules)
    assert str(caught.value) == (
        "rules: error[E408] rules: at most 10,000 rules can be handled, got 10,001 (one rule may name many values: a "
        "list, or a pattern)"
    )


def test_rules_are_read_as_they_are_meant(starter: Path) -> None:
    """Values in the canonical text of their column, keys in one order, dates as day numbers."""
    plant(starter, """\
rules:
  - name: all of it
    where:
      order: {priority: [2.0, 1], postal_code: {like: "9%", not: "98115"}, ship_complete: TRUE, channel: null}
      line: {quantity: {le: 10, gt: 0.5}}
    price: {per_unit: 1.50, per_order: 2}
    quota: {packages: 400, price_over: 3.00, per: batch}
    from: 2026-11-01
    until: 2026-12-24
  - {name: second, set: {max_packages: 1, ship_complete: true}}
""")  # fmt: skip
    first, second = read_pack(starter, features=ON).problem().rules
    assert first.where == RuleWhere(
        order=(
            ("channel", AnyOf(("",))),
            ("postal_code", All((Like("9%"), Not(AnyOf(("98115",)))))),
            ("priority", AnyOf(("1", "2"))),
            ("ship_complete", AnyOf(("true",))),
        ),
        line=(("quantity", All((Compare("gt", Decimal("0.5")), Compare("le", Decimal(10))))),),
    )
    assert (first.price.per_unit, first.price.per_line, first.price.per_order) == (Decimal("1.50"), 0, 2)
    assert (first.quota.packages, first.quota.price_over, first.quota.per) == (400, 3, "batch")
    assert (first.first_day, first.last_day) == (day_number("2026-11-01"), day_number("2026-12-24"))
    assert second == Rule("second", sets=(("max_packages", 1), ("ship_complete", True)))


TABLES_IN_MEMORY: dict[str, list[dict[str, Any]]] = {
    "nodes": [{"node_id": "A", "kind": "dc", "country": "US", "postal_code": "1"}],
    "skus": [{"sku_id": "K", "weight_kg": 1}],
}
SETTINGS = {"as_of": "2026-11-27T09:00:00Z", "currency": "USD"}


def in_memory(*rules: Any) -> Pack:
    return Pack.from_tables(TABLES_IN_MEMORY, SETTINGS | {"rules": list(rules)}, features=ON)


def test_rules_from_a_message_have_paths_for_places() -> None:
    """The same reader, with natural values, and places as in the message."""
    pack = in_memory({"name": "x", "forbid": True, "from": datetime.date(2026, 11, 27), "where": {"sku": {"value": 0}}})
    assert pack.problem().rules[0].first_day == day_number("2026-11-27")
    with pytest.raises(PackError) as caught:
        in_memory({"name": "x", "forbid": True, "where": {"sku": {"clas": b"x", 5: 1}, "node": {"kind": {"gt": 1}}}})
    assert [(finding.where, finding.code) for finding in caught.value.findings] == [
        ("rules.0.where.sku.clas", "E111"),
        ("rules.0.where.sku", "E303"),
        ("rules.0.where.node.kind", "E304"),
    ]


@pytest.mark.parametrize(
    "rule",
    [None, [], {"name": {}}, {"name": "x", "where": {None: 1}},
     {"name": "x", "where": {"node": {"kind": {"not": None}}}},
     {"name": "x", "price": {"per_unit": float("nan")}}, {"name": "x", "set": {"max_packages": 10**50}},
     {"name": "x", "forbid": True, "from": datetime.datetime(2026, 1, 1)}, {1: 2},
     {"name": "x", "forbid": True, "where": {"sku": {"value": {"gt": "1" * 5000}}}}],
)  # fmt: skip
def test_nonsense_in_a_rule_is_a_fault_and_never_another_exception(rule: Any) -> None:
    """Whatever stands there, findings come out of it."""
    with pytest.raises(PackError):
        in_memory(rule)


def test_negations_nested_too_deeply_are_a_fault() -> None:
    """A message has no limit of depth of its own."""
    condition: Any = "dc"
    for _ in range(500):
        condition = {"not": condition}
    with pytest.raises(PackError, match="nested too deeply"):
        in_memory({"name": "x", "forbid": True, "where": {"node": {"kind": condition}}})


def hash_of(folder: Path, rules: str) -> str:
    path = folder / "scenario.yaml"
    before = path.read_text()
    plant(folder, rules)
    found = read_pack(folder, features=ON).problem().input_hash
    path.write_text(before)
    return found


def test_hash_is_as_without_rules_when_the_list_is_empty(starter: Path) -> None:
    """The hash of the starter pack from before there were rules: it must never change."""
    assert hash_of(starter, "rules: []") == hash_of(starter, "") == hash_of(starter, "rules:") == STARTER_HASH


def test_hash_changes_with_what_rules_say_and_not_with_how(starter: Path) -> None:
    """Every part of a rule counts; the order of keys and of values in a list, and the form of a number, do not."""
    where = "node: {node_id: [ATL1, SEA7], open: true}, sku: {value: {ge: 1, lt: 9}}"
    base = f"{{name: x, where: {{{where}}}, price: {{per_unit: 1}}"
    plain = hash_of(starter, one(base + "}"))
    assert plain != STARTER_HASH
    where = "sku: {value: {lt: 9.0, ge: 1}}, node: {open: TRUE, node_id: [SEA7, ATL1]}"
    same = f"{{price: {{per_unit: 1.00, per_line: 0}}, where: {{{where}}}, name: x}}"
    assert hash_of(starter, one(same)) == plain
    others = [
        base.replace("name: x", "name: y"),
        base.replace("SEA7", "DFW1"),
        base.replace("ge: 1", "gt: 1"),
        base.replace("lt: 9", "lt: 8"),
        base.replace("open: true", "open: {not: true}"),
        base.replace("per_unit", "per_line"),
        base.replace("per_unit: 1", "per_unit: 1.000001"),
        base + ", from: 2026-11-01",
        base + ", until: 2026-12-01",
        base + ", from: 2026-12-01",
        base + ", quota: {packages: 5}",
        base + ", quota: {packages: 5, per: batch}",
        base + ", quota: {packages: 5, price_over: 1}",
        base.split(", price")[0] + ", forbid: true",
        base.split(", price")[0] + ", set: {safety_stock: 3}",
        base.split(", price")[0] + ", set: {safety_stock: 4}",
    ]
    hashes = {hash_of(starter, one(rule + "}")) for rule in others}
    assert len(hashes | {plain}) == len(others) + 1


TO_COME = {
    "price: {per_unit: 1, per_order: 2}": "per_order",
}
"""Effects of which a part is refused, and its name."""


@pytest.mark.parametrize("effect", TO_COME)
def test_a_part_of_a_rule_that_is_not_supported_is_refused_at_its_place(starter: Path, effect: str) -> None:
    """Never ignored: the rule's place, the part's name, a remedy; the rest of the rule is fine."""
    part, rule = TO_COME[effect], one("{name: x, " + effect + "}")
    plant(starter, rule)
    column = rule.splitlines()[1].index(part) + len(f"{part}: ") + 1
    with pytest.raises(UnsupportedError) as caught:
        read_pack(starter)
    (found,) = [finding for finding in caught.value.findings if finding.severity == "error"]
    assert (found.where, found.code) == (f"scenario.yaml:18:{column}", "E503")
    assert found.message == f"{part} is not yet supported"
    assert found.hint
    assert read_pack(starter, features=ON).problem().rules


def test_lines_that_more_nodes_could_share_are_refused_at_the_rule(starter: Path) -> None:
    """Two nodes at most are no limit for a line of two units, and not supported for one of three."""
    plant(starter, one("{name: x, set: {max_nodes_per_line: 2}}"))
    lines = starter / "order_lines.csv"
    header, *rows = lines.read_text().splitlines()
    at = header.split(",").index("quantity")
    cells = [row.split(",") for row in rows]
    for row in cells:
        row[at] = "2"
    lines.write_text("\n".join([header, *(",".join(row) for row in cells)]) + "\n")
    assert read_pack(starter).problem().lines.is_splittable.any()
    cells[0][at] = "3"
    lines.write_text("\n".join([header, *(",".join(row) for row in cells)]) + "\n")
    with pytest.raises(UnsupportedError) as caught:
        read_pack(starter)
    (found,) = [finding for finding in caught.value.findings if finding.severity == "error"]
    assert (found.code, "asks for 3 units" in found.message) == ("E503", True)
    assert found.where.startswith("scenario.yaml:18:")


def test_rules_are_in_force_and_the_hash_is_that_of_the_tables_as_given(starter: Path) -> None:
    """What a rule sets is in the tables, and the problem as given still has its own."""
    plant(starter, one("{name: x, where: {order: {order_id: O1001}}, set: {max_packages: 1}}"))
    problem = read_pack(starter).problem()
    assert problem.orders.max_packages[0] == 1
    assert problem.as_given.orders.max_packages[0] > 1
    assert problem.as_given.input_hash == problem.input_hash


def test_what_all_rules_charge_together_must_stay_exact(starter: Path) -> None:
    """A thousand rules at the highest price, on the units of one batch."""
    rules = [f"  - {{name: r{at}, price: {{per_unit: 1000000000}}}}" for at in range(1000)]
    plant(starter, "rules:\n" + "\n".join(rules))
    with pytest.raises(PackError, match="all rules could charge"):
        read_pack(starter)


def test_rules_survive_writing_and_reading(tmp_path: Path) -> None:
    """A pack made in memory, with a decimal and a date, has the same rules and hash when read from its folder."""
    pack = in_memory(
        {"name": "x", "where": {"node": {"kind": {"not": "store"}}, "sku": {"weight_kg": {"gt": Decimal("0.50")}}},
         "price": {"per_unit": Decimal("1.50")}, "from": "2026-11-27"},
        {"name": "y", "set": {"ship_complete": True, "max_packages": 2}},
    )  # fmt: skip
    read = read_pack(write_pack(pack, tmp_path / "written"), features=ON)
    assert read.problem().rules == pack.problem().rules
    assert read.problem().input_hash == pack.problem().input_hash


def test_conditions_that_mean_the_same_are_the_same() -> None:
    """Lists are sets, and keys have one order, also on attributes, whose values are kept as they are."""
    assert read_condition(["b", "a", "b"]) == read_condition(["a", "b"]) == AnyOf(("a", "b"))
    assert read_condition({"not": 1.5, "gt": 2}) == read_condition({"gt": "2", "not": "1.5"})
    assert read_condition(True) == AnyOf(("true",))
    assert read_condition(None) == read_condition("") == AnyOf(("",))


def test_overlays_share_the_grammar() -> None:
    """What is wrong in a rule's condition is wrong in an overlay's `where`."""

    def overlay(condition: Any) -> dict[str, Any]:
        return SETTINGS | {"overlays": {"a": [{"table": "nodes", "where": {"kind": condition}, "remove": True}]}}

    for condition in ({"gt": "x"}, [], {}, {"abov": 1}, {"like": [1]}, [[1]]):
        with pytest.raises(InputError, match=r"E11[13]\] overlays.a.0"):
            Pack.from_tables({}, overlay(condition))
    Pack.from_tables({}, overlay({"not": ["dc", "store"], "like": "%c"}))


def test_every_contract_column_can_be_named() -> None:
    """Each column of the five tables; how an order is handed over is known by line."""
    for part in PARTS:
        for column in TABLES[TABLE_OF_PART[part]].columns:
            if part == "order" and column.name in ("mode", "pickup_node"):
                with pytest.raises(PackError, match=r"cannot name the column \w+ here \(name it under line\)"):
                    in_memory({"name": "x", "forbid": True, "where": {part: {column.name: ""}}})
                continue
            rule = {"name": "x", "forbid": True, "where": {part: {column.name: ""}}}
            assert in_memory(rule).problem().rules[0].where.of(part) == ((column.name, AnyOf(("",))),)


PAGE = (ROOT / "docs" / "rules.md").read_text()


def test_documented_examples_are_good_rules(tmp_path: Path) -> None:
    """Every block of YAML on the page is read without a fault, on tables that have the attributes it names."""
    blocks = re.findall(r"```yaml\n(rules:.*?)```", PAGE, re.DOTALL)
    assert len(blocks) >= 5
    tables = {
        "nodes": [{"node_id": "ATL1", "kind": "store", "country": "US", "postal_code": "1", "region": "west"}],
        "skus": [{"sku_id": "K", "weight_kg": 1, "class": "hazmat"}],
        "services": [{"service_id": "AIR", "carrier": "ACME"}],
        "orders": [{"order_id": "O", "placed_at": "2026-11-27T09:00:00Z", "country": "US", "postal_code": "1",
                    "region": "w"}],
        "order_lines": [],
        "stock": [],
    }  # fmt: skip
    for block in blocks:
        pack = Pack.from_tables(tables, SETTINGS | read_yaml(block).value, features=ON)
        assert pack.problem().rules


def test_documented_table_of_settings_is_the_code_s() -> None:
    """Name, type, range, strictest value and conditions of all that can be set."""
    rows = [re.split(r" *\| *", line.strip("| ")) for line in PAGE.splitlines() if re.match(r"\| [a-z_]+ \| ", line)]
    found = {row[0]: row[1:] for row in rows if row[0] in SETTABLE}
    assert list(found) == list(SETTABLE)
    for name, thing in SETTABLE.items():
        values = "true" if thing.kind == "flag" else f"{thing.least:,} to {thing.most:,}"
        strictest = "true" if thing.kind == "flag" else thing.strictest
        assert found[name] == [thing.kind, values, strictest, " and ".join(thing.parts), thing.meaning]


def test_prices_beyond_quotas_stay_within_exact_arithmetic(starter: Path) -> None:
    """What all packages beyond a soft quota could cost is part of what rules could charge."""
    lines = starter / "order_lines.csv"
    head, first, *rest = lines.read_text().splitlines()
    at = head.split(",").index("quantity")
    cells = first.split(",")
    cells[at] = "900000"
    lines.write_text("\n".join([head, ",".join(cells), *rest]) + "\n")
    plant(starter, one("{name: x, quota: {packages: 1, price_over: 1000000000}}"))
    with pytest.raises(PackError, match="all rules could charge"):
        read_pack(starter).problem()
