"""Scenario packs: tables and settings to a problem, plans to files and back."""

from splitship.packs.build import build_problem as build_problem
from splitship.packs.changes import Changes as Changes
from splitship.packs.demand import Reference as Reference
from splitship.packs.findings import CODES as CODES
from splitship.packs.findings import Findings as Findings
from splitship.packs.more_scenarios import ScenarioDefinition as ScenarioDefinition
from splitship.packs.pack import Pack as Pack
from splitship.packs.pack import read_pack as read_pack
from splitship.packs.schema import TABLES as TABLES
from splitship.packs.schema import schema_rows as schema_rows
from splitship.packs.settings import Settings as Settings
from splitship.packs.settings import check_settings as check_settings
from splitship.packs.text import as_text_table as as_text_table
from splitship.packs.write import write_pack as write_pack
from splitship.packs.write import write_starter_pack as write_starter_pack

__all__ = [
    "CODES",
    "TABLES",
    "Changes",
    "Findings",
    "Pack",
    "Reference",
    "ScenarioDefinition",
    "Settings",
    "as_text_table",
    "build_problem",
    "check_settings",
    "read_pack",
    "schema_rows",
    "write_pack",
    "write_starter_pack",
]
