"""A pack in which every table and column of the network's features is in use: for tests that change it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from splitship.domain import Problem
from splitship.packs import Findings, Pack, check_settings
from splitship.packs.build import Built, build
from splitship.packs.read import Folder, read_folder
from splitship.packs.schema import FEATURES
from splitship.packs.settings import place_by_name
from splitship.packs.text import as_text_table

SETTINGS: dict[str, Any] = {
    "schema": "splitship.pack/1",
    "name": "features",
    "as_of": "2026-11-27T09:00:00-05:00",
    "currency": "USD",
    "objective": {"late_day": 6, "unfilled_unit": 1, "unfilled_value": "0.25"},
}

BASE: dict[str, str] = {
    "nodes": """\
node_id,kind,country,postal_code,timezone,max_packages_per_day,max_lines_per_day,max_minutes_per_day,\
minutes_per_package,minutes_per_unit,target_share,share_price
ATL1,dc,US,30301,America/New_York,500,900,480,2.5,0.25,0.7,0.40
DFW1,dc,US,75201,America/Chicago,,,,,,,
SEA7,store,US,98101,America/Los_Angeles,20,,,,,0.3,1
""",
    "skus": """\
sku_id,weight_kg,value,ship_alone,class
LAMP,1.8,39.00,false,home
MUG,0.4,9.50,false,home
RUG,6.5,120.00,true,bulky
SET,3,55,false,
TEA,0.2,4,false,food
""",
    "stock": "node_id,sku_id,on_hand\nATL1,LAMP,2\nATL1,MUG,40\nDFW1,LAMP,1\nDFW1,RUG,1\nSEA7,MUG,3\nSEA7,TEA,9\n",
    "services": "service_id,carrier\nGROUND,ACME\nEXPRESS,ACME\n",
    "lanes": """\
service_id,node_id,country,destination,zone,transit_days
GROUND,ATL1,US,*,5,4
GROUND,DFW1,US,*,5,3
GROUND,SEA7,US,*,5,5
EXPRESS,ATL1,US,*,1,1
""",
    "rates": "service_id,zone,up_to_kg,price,per_extra_kg\nGROUND,5,10,14.60,1.10\nEXPRESS,1,10,34.00,2.40\n",
    "orders": """\
order_id,placed_at,country,postal_code,deliver_by,channel,mode,pickup_node,hold_until,not_before
O1,2026-11-27T08:12:00-05:00,US,33101,2026-12-04,web,,,2026-11-30,2026-12-01
O2,2026-11-27T08:20:00-05:00,US,98115,,app,pickup,SEA7,,
O3,2026-11-27T08:31:00-05:00,US,73301,2026-11-30,web,ship,ATL1,,
""",
    "order_lines": """\
order_id,line_id,sku_id,quantity,mode,pickup_node
O1,1,MUG,6,,
O1,2,SET,2,ship,
O2,1,TEA,2,,
O2,2,RUG,1,ship,
O2,3,LAMP,1,,DFW1
O3,1,LAMP,1,,
O3,2,MUG,1,pickup,
""",
}

FEATURE: dict[str, str] = {
    "inbound": "node_id,sku_id,quantity,available_on\nDFW1,MUG,30,2026-12-01\nATL1,RUG,5,2026-11-27\n",
    "node_days": """\
node_id,date,open,max_packages,max_units,max_lines,max_minutes,used_packages,used_units,used_lines,used_minutes
SEA7,2026-11-29,true,5,,,,,,,
ATL1,2026-11-27,,,700,650,600.5,12,30,28,41.75
ATL1,2026-11-30,false,,,,,,,,
""",
    "calendars": "node_id,service_id,date\n,GROUND,2026-12-25\nATL1,,2026-12-25\nATL1,,2026-11-28\n",
    "service_quotas": """\
service_id,date,max_packages,min_packages,shortfall_price
GROUND,,400,10,1.25
EXPRESS,2026-11-27,5,,
""",
    "kits": "kit_sku_id,sku_id,quantity,together\nSET,TEA,4,false\nSET,MUG,2,false\n",
    "substitutes": "sku_id,substitute_sku_id,price_per_unit\nMUG,LAMP,3.5\nLAMP,MUG,\n",
    "transfers": """\
from_node_id,to_node_id,days,cost_per_unit,cost_per_package,working_days
DFW1,SEA7,2,0.30,4.50,1111100
ATL1,SEA7,3,,,
""",
    "surcharges": """\
name,service_id,per_package,share_of_value,order.postal_code,node.kind,sku.class,service.carrier,sku.ship_alone
delivery area,GROUND,3.10,,331*;98115 ; 9*,,,,
insurance,,0,0.015,,dc;store,food,ACME,
oversize,,12,,,,bulky,,TRUE
""",
    "stock_prices": "node_id,sku_id,price_per_unit\nSEA7,MUG,-1.25\nATL1,LAMP,0.000000000000000001\n",
    "channel_reserves": """\
node_id,sku_id,channel,quantity,price_per_unit
ATL1,MUG,web,10,2
ATL1,,app,1,
""",
    "plan_before": """\
order_id,line_id,node_id,service_id,ship_on,quantity,state,move_price,package_id,sku_id
O1,1,ATL1,GROUND,2026-11-27,2,released,,,
O1,1,DFW1,GROUND,2026-11-30,3,promised,4.5,A,
O1,2,DFW1,GROUND,2026-11-30,2,,7,B,
O3,1,DFW1,GROUND,2026-11-28,1,promised,,,
O2,3,DFW1,pickup:DFW1,2026-11-29,1,,2,,
""",
    "rejections": "order_id,line_id,node_id\nO2,,ATL1\nO1,2,SEA7\n",
    "forecast": """\
sku_id,country,postal_code,quantity,placed_on,latitude,longitude,unfilled_cost
MUG,US,33101,4,2026-11-28,25.77,-80.19,7.5
LAMP,US,98115,2,,,,
MUG,US,33101,3,,,,
""",
}

TABLES = {**BASE, **FEATURE}


def frames(tables: dict[str, str]) -> dict[str, pd.DataFrame]:
    """CSV texts as text tables."""
    found = {}
    for name, text in tables.items():
        header, *rows = (line.split(",") for line in text.splitlines())
        found[name] = as_text_table([dict(zip(header, row, strict=True)) for row in rows])
        if not rows:
            found[name] = pd.DataFrame(columns=header)
    return found


def in_memory(table: str, row: int | None, column: str | None) -> str:
    return f"{table}[{row}].{column}"


def built(tables: dict[str, pd.DataFrame], features: Collection[str] = FEATURES) -> tuple[Built, Findings]:
    """The tables with features switched on; faults are raised."""
    findings = Findings(in_memory)
    settings = check_settings(SETTINGS, place_by_name, findings)
    result = build(tables, settings, findings, features=features)
    findings.raise_faults()
    assert result is not None
    return result, findings


def problem(tables: dict[str, str] = TABLES) -> Problem:
    """The problem of CSV texts with all features switched on."""
    return built(frames(tables))[0].problem


def pack(tables: dict[str, str] = TABLES) -> Pack:
    """As `problem`, as a pack."""
    texts = frames(tables)
    result, findings = built(texts)
    settings = check_settings(SETTINGS, place_by_name, findings)
    assert settings is not None
    return Pack(settings.name, None, settings, texts, findings.warnings(), "", result)


def changed(table: str, old: str, new: str) -> dict[str, str]:
    """The tables with the one place where `old` stands in one of them replaced."""
    text = TABLES[table]
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {table}"
    return {**TABLES, table: text.replace(old, new)}


def write_folder(tables: dict[str, str], folder: Path) -> Path:
    """The tables and scenario.yaml as files."""
    folder.mkdir()
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    (folder / "scenario.yaml").write_text(
        "schema: splitship.pack/1\nname: features\nas_of: 2026-11-27T09:00:00-05:00\ncurrency: USD\n"
        "objective: {late_day: 6, unfilled_unit: 1, unfilled_value: 0.25}\n"
    )
    return folder


def read_with_features(path: Path, features: Collection[str] = FEATURES) -> tuple[Problem, Findings]:
    """A folder's problem with features switched on; faults are raised."""
    folder = Folder()
    findings = Findings(folder.locate)
    settings = check_settings(SETTINGS, place_by_name, findings)
    read_folder(path, folder, findings)
    result = build(folder.tables, settings, findings, partial=folder.partial, features=features)
    findings.raise_faults()
    assert result is not None
    return result.problem, findings
