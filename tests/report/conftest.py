"""Answers for the tests of the report: quick ones, with something in every section."""

import dataclasses
from pathlib import Path

import pytest
from hostile_texts import IN_IDS

from splitship.domain import Result, SolveOptions
from splitship.packs import Pack, read_pack
from splitship.run import solve

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
RULE = SolveOptions(method="policy:fewest_splits", time_limit_s=None)


@pytest.fixture(scope="session")
def certified() -> Result:
    """The pack worked by hand, proven."""
    return solve(read_pack(SCENARIOS / "hello").problem(), SolveOptions(gap=0.0, time_limit_s=30))


@pytest.fixture(scope="session")
def retail() -> list[Result]:
    """A baseline and a closed node, by a rule: splits, late packages, full nodes, units that do not ship."""
    pack = read_pack(SCENARIOS / "us-retail")
    return [solve(pack.problem(name), RULE) for name in ("baseline", "dallas_down")]


@pytest.fixture(scope="session")
def everything() -> Result:
    """Transfers, pick-up, kits, substitutes, quotas, use by others, what has left."""
    return solve(read_pack(SCENARIOS / "omnichannel").problem(), RULE)


@pytest.fixture(scope="session")
def hostile() -> Result:
    """An answer in which orders, SKUs, nodes, services and the pack itself have names that mean harm."""
    pack = read_pack(SCENARIOS / "hello")
    tables = {name: table.copy() for name, table in pack.tables.items()}
    for table, (column, text) in IN_IDS.items():
        old = tables[table][column].iloc[0]
        for other in tables.values():
            if column in other:
                other[column] = other[column].where(other[column] != old, text)
    settings = pack.settings.model_dump(by_alias=True, exclude_defaults=True) | {"name": "<b>bold</b>"}
    made = Pack.from_tables(tables, settings, "hostile")
    return solve(dataclasses.replace(made.problem(), scenario="<i>what if</i>"), SolveOptions(gap=0.0, time_limit_s=30))
