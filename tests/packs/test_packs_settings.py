"""scenario.yaml: YAML 1.2, exact text, places, and any nonsense told as a fault."""

from pathlib import Path

import pytest

from splitship.errors import InputError, PackError
from splitship.packs import read_pack, write_starter_pack
from splitship.packs.yaml_text import YamlFaultError, read_yaml


def test_yaml_scalars_stay_text() -> None:
    """What YAML 1.1 would read as booleans, octals and minutes is text; so are numbers."""
    document = read_yaml("a: NO\nb: 012\nc: 12:30\nd: 1.10\ne: true\nf: null\ng: 'true'\nh: 2026-11-01\ni:\nj: on\n")
    assert document.value == {
        "a": "NO",
        "b": "012",
        "c": "12:30",
        "d": "1.10",
        "e": True,
        "f": None,
        "g": "true",
        "h": "2026-11-01",
        "i": None,
        "j": "on",
    }
    assert document.key_places[("d",)] == (4, 1)
    assert document.value_places[("d",)] == (4, 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "the key 'a' stands twice"),
        ("a: &x [*x]\n", "nested too deeply"),
        ("a: 1\n---\nb: 2\n", "another document"),
        ("? [1]\n: 2\n", "a key must be text"),
        ("a: 'open\n", "end of"),
        ("a: \x07\n", "not allowed"),
        ("[" * 1000, "nested too deeply"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(6)),
            "too many values",
        ),
    ],
)
def test_bad_yaml_is_told(text: str, message: str) -> None:
    """Never another exception than the one with a place."""
    with pytest.raises(YamlFaultError, match=message) as caught:
        read_yaml(text)
    assert caught.value.place[0] >= 1


SECTIONS = [
    (
        "overlays: {}",
        "overlays: {a: [{table: nodez, set: {open: false}}]}",
        "no table of that name: did you mean nodes?",
    ),
    (
        "overlays: {}",
        "overlays: {a: [{table: nodes, sett: {open: false}}]}",
        "overlays.a.0.sett: unknown key (did you mean",
    ),
    ("overlays: {}", "overlays: {a: [{table: nodes}]}", "does nothing"),
    ("overlays: {}", "overlays: {a: [{set: {open: false}}]}", "needs either table or settings"),
    ("overlays: {}", "overlays: {a: [{settings: rates, set: {x: 1}}]}", "expected 'objective', 'limits' or 'solve'"),
    ("overlays: {}", "overlays: {a: [{table: nodes, where: {x: {gtt: 5}}, remove: true}]}", "unknown condition 'gtt'"),
    (
        "overlays: {}",
        "overlays: {a: [{table: nodes, where: {x: {like: [a]}}, remove: true}]}",
        "compares with one value",
    ),
    ("overlays: {}", "overlays: {a: [{table: nodes, set: {open: [1]}}]}", "expected one plain value"),
    ("overlays: {}", "overlays: {a: {table: nodes}}", "error[E111] overlays.a:"),
    ("overlays: {}", "overlays: 5", "error[E111] overlays:"),
    ("sweeps: {}", "sweeps: {s: {base: no, vary: {p: [1]}, apply: [x]}}", "no scenario 'no'"),
    ("sweeps: {}", "sweeps: {s: {vary: {p: [1]}, apply: [x]}}", "no overlay 'x'"),
    (
        "sweeps: {}",
        "sweeps: {s: {vary: {p: [1]}, apply: [{table: rates, mul: 1}]}}",
        "sweeps.s.apply.0.mul: unknown key",
    ),
    ("sweeps: {}", "sweeps: {s: {apply: []}}", "sweeps.s.vary: this setting is required"),
    ("scenarios: {baseline: []}", "scenarios: {x: {extend: y}}", "unknown key (did you mean extends?)"),
    ("scenarios: {baseline: []}", "scenarios: {x: {extends: y}}", "no scenario 'y'"),
    ("unfilled_value: 0.40", "unfilled_value: lots", "expected a number, got 'lots'"),
    ("unfilled_value: 0.40", "unfilled_value: .nan", "expected a number, got '.nan'"),
    ("unfilled_value: 0.40", "unfilled_value: 1_000", "expected a number, got '1_000'"),
    ("unfilled_value: 0.40", "unfilled_value: -0.40", "must not be negative"),
    ("unfilled_value: 0.40", "unfilled_value: 0.1234567890123456789012345678901", "at most 18 decimals can be kept"),
    ("unfilled_value: 0.40", "unfilled_value: 1e999999999", "expected a number"),
    ("threads: 2", "threads: 0", "greater than or equal to 1"),
    ("seed: 1", "seed: true", "expected a number, got 'True'"),
    ("horizon_days: 0}", "horizon_days: 1.5}", "expected a whole number"),
    ("currency: USD", "currency: usd", "expected three capital letters"),
    ("name: starter", "name: [a]", "expected text"),
    ("as_of: 2026", "as_of: 1826", "expected a year"),
]


@pytest.mark.parametrize(("old", "new", "message"), SECTIONS, ids=[new[:50] for _, new, _ in SECTIONS])
def test_wrong_settings_are_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each section has a shape; what does not fit is a fault with line and column."""
    folder = write_starter_pack(tmp_path / "pack")
    text = (folder / "scenario.yaml").read_text()
    assert text.count(old) == 1
    (folder / "scenario.yaml").write_text(text.replace(old, new))
    with pytest.raises(PackError) as caught:
        read_pack(folder)
    assert message in str(caught.value)
    line = text[: text.index(old)].count("\n") + 1
    assert f"scenario.yaml:{line}:" in str(caught.value)


def test_planning_sections_are_kept(tmp_path: Path) -> None:
    """Overlays, scenarios and sweeps are read with the grammar of planning, numbers as the text they were."""
    folder = write_starter_pack(tmp_path / "pack")
    (folder / "overlays").mkdir()
    (folder / "overlays" / "peak_capacity.csv").write_text("node_id,max_packages_per_day\nATL1,500\n")
    path = folder / "scenario.yaml"
    text = path.read_text()
    for section in ("overlays: {}", "scenarios: {baseline: []}", "sweeps: {}"):
        text = text.replace(section, "")
    path.write_text(
        text
        + """
overlays:
  close_atl:  [{table: nodes, where: {node_id: ATL1}, set: {open: false}}]
  rate_up_10: [{table: rates, where: {service_id: [GROUND, EXPRESS]}, multiply: {price: "1.10"}}]
  peak_cap:   [{table: nodes, upsert_from: overlays/peak_capacity.csv}]
  speed:      [{settings: objective, set: {delivery_day: 1.50}}]
  odd:        [{table: orders, where: {priority: {gt: 5, le: 10}, channel: {not: {like: "WEB%"}}}, remove: true}]
  even:       [{table: nodes, clamp: {max_packages_per_day: {min: 1, max: 9}}}]
scenarios:
  baseline: []
  atl_down: [close_atl]
  atl_down_peak: {extends: atl_down, apply: [peak_cap, rate_up_10], note: "..."}
sweeps:
  rates: {base: atl_down, vary: {pct: [0, 5, 10]}, apply: [speed, {table: rates, multiply: {price: "1 + pct/100"}}]}
"""
    )
    settings = read_pack(folder).settings
    assert settings.overlays_of("atl_down_peak") == ("close_atl", "peak_cap", "rate_up_10")
    assert settings.overlays["speed"][0].set_ == {"delivery_day": "1.50"}
    assert settings.overlays["odd"][0].where == {
        "priority": {"gt": "5", "le": "10"},
        "channel": {"not": {"like": "WEB%"}},
    }
    assert settings.sweeps["rates"].vary == {"pct": ["0", "5", "10"]}


def test_empty_sections_are_absent_ones(tmp_path: Path) -> None:
    """`limits:` with nothing after it, and only what is required."""
    folder = write_starter_pack(tmp_path / "pack")
    (folder / "scenario.yaml").write_text(
        "schema: splitship.pack/1\nas_of: 2026-11-27T09:00:00Z\nlimits:\nrules:\nsolve:\nobjective: {split: null}\n"
    )
    try:
        problem = read_pack(folder).problem()
    except InputError as error:  # the message is what one needs to see
        pytest.fail(str(error))
    assert problem.limits.max_packages is None
    assert problem.objective.split == 0
