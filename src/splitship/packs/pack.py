"""The pack: tables and settings that belong together, and the problems they pose."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from splitship.domain import Problem, SolveOptions
from splitship.errors import Finding, PackError
from splitship.packs.build import Built, build
from splitship.packs.changes import Changes
from splitship.packs.demand import Reference
from splitship.packs.findings import Findings
from splitship.packs.in_scenario import Scenarios, apply_scenario, bind_scenarios, bind_steps, build_scenario
from splitship.packs.more_scenarios import (
    DefinitionPlace,
    ScenarioDefinition,
    more_scenarios,
    place_in_definition,
)
from splitship.packs.operation_places import PlaceInFile
from splitship.packs.pack_html import pack_html
from splitship.packs.read import Folder, read_folder
from splitship.packs.rule_source import Place
from splitship.packs.scenario_settings import BASELINE
from splitship.packs.scenarios import ScenarioSteps, no_scenario
from splitship.packs.settings import NO_CURRENCY, SCHEMA, Settings, check_settings, check_steps, place_by_name
from splitship.packs.steps import place_in_steps, plain_steps
from splitship.packs.text import Rows, as_text_table
from splitship.packs.yaml_text import YamlFaultError, read_yaml

SETTINGS_FILE = "scenario.yaml"
OF_FILES = ("W605", "W607")
"""Warnings of reading that a scenario cannot change."""
RECENT_SCENARIOS = 4
"""Scenarios of a pack whose problems are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A valid pack. `tables` are text tables by name; `path` is None for one that was not read from files.

    `warnings` are findings that did not stop it. `source` is the text of scenario.yaml, when there was one. `scenario`
    is the one that tables and settings are of.
    """

    name: str
    path: Path | None
    settings: Settings
    tables: Mapping[str, pd.DataFrame]
    warnings: tuple[Finding, ...]
    source: str = field(repr=False, default="")
    _built: Built | None = field(repr=False, default=None)
    scenario: str = BASELINE
    _scenarios: Scenarios | None = field(repr=False, default=None)
    _recent: dict[str, Pack] = field(repr=False, default_factory=dict)
    _changes: Changes | None = field(repr=False, default=None)
    is_as_written: bool = field(repr=False, default=True)
    """Its files, if there are any, say all of it: no scenario of it was made on the spot."""

    @classmethod
    def from_tables(
        cls,
        tables: Mapping[str, pd.DataFrame | Rows],
        settings: Mapping[str, Any],
        name: str = "pack",
        *,
        features: Collection[str] = (),
    ) -> Pack:
        """A pack from tables in memory: rows as mappings, or DataFrames, of text or natural values.

        Validation and defaults are those of files, with two liberties: a table left out is empty (but an absent
        `node_services` offers everything everywhere), and `schema` and `name` may be left out of the settings.
        `features` are taken as supported, in addition to those that are.

        Raises:
            PackError: with every fault; places read `orders[12].quantity` (rows from 0) and `limits.max_packages`.
            UnsupportedError: features that are not built.
        """
        findings = Findings(_in_memory)
        texts: dict[str, pd.DataFrame] = {}
        partial = set()
        for table, rows in tables.items():
            try:
                texts[table] = as_text_table(rows)
            except (TypeError, ValueError, AttributeError, ArithmeticError, pa.ArrowException) as error:
                findings.add("E101", table, f"cannot be read: {error}")
                partial.add(table)
        complete = {"schema": SCHEMA, "name": name, **settings}
        return cls.of_texts(texts, complete, findings, place_by_name, partial=partial, features=features)

    @classmethod
    def of_texts(
        cls,
        texts: Mapping[str, pd.DataFrame],
        settings: Mapping[str, Any],
        findings: Findings,
        place: Place,
        *,
        partial: Collection[str] = (),
        features: Collection[str] = (),
    ) -> Pack:
        """A pack from text tables and whole settings; faults are put in the words of `findings` and `place`.

        Raises:
            As `from_tables`, what `findings` holds already included.
        """
        checked = check_settings(settings, place, findings)
        built = build(texts, checked, findings, partial=partial, features=features)
        scenarios = None
        if checked is not None and checked.has_sound_names:
            scenarios = bind_scenarios(
                texts, checked, findings.locate, place, findings, partial=partial, features=features
            )
        findings.raise_faults()
        assert checked is not None
        assert built is not None
        return cls(checked.name, None, checked, texts, findings.warnings(), "", built, _scenarios=scenarios)

    @property
    def reference(self) -> Reference | None:
        """What another system decided, None when the pack does not say."""
        return self._built.reference if self._built else None

    @property
    def scenario_names(self) -> tuple[str, ...]:
        """Scenarios that are defined: the pack's own first (`baseline`), those of sweeps (`rates[pct=5]`) last."""
        return tuple(self._scenarios.steps) if self._scenarios else (self.scenario,)

    def scenario_steps(self, scenario: str | None = None) -> ScenarioSteps:
        """What a scenario is made of: its note, what it extends and applies, its operations as they were written.

        Raises:
            PackError: no scenario has this name.
        """
        name = self._known(scenario)
        return self._scenarios.steps[name] if self._scenarios else ScenarioSteps(name, "", "", (), ())

    def options(self, scenario: str | None = None) -> SolveOptions:
        """How long and how far to search, from the section `solve`, as the scenario has it."""
        name = self._known(scenario)
        if self._scenarios is None or not any(each.section == "solve" for each in self._scenarios.operations[name]):
            return self.settings.options()
        return self.in_scenario(name).settings.options()

    def problem(self, scenario: str | None = None) -> Problem:
        """The problem of a scenario; None is the pack's own, the baseline where it was read.

        Raises:
            PackError: no scenario has this name (the message lists those there are), or its operations cannot be
                applied, or what comes out has faults.
            UnsupportedError: the scenario uses features that are not built.
        """
        built = self.in_scenario(scenario)._built
        assert built is not None
        return built.problem

    def changes(self, scenario: str | None = None) -> Changes:
        """What a scenario changes of the baseline, and by which operations; nothing is built.

        Of a pack that is in a scenario: what differs from the pack that it was made of.

        Raises:
            PackError: no scenario has this name, or its operations cannot be applied.
        """
        name = self._known(scenario)
        if self._changes is not None:
            return self._changes
        return apply_scenario(self._scenarios, name).changes if self._scenarios else Changes(name, (), (), ())

    def in_scenario(self, scenario: str | None = None) -> Pack:
        """The pack as a scenario has it: tables, settings, warnings, reference and problem, without other scenarios.

        The tables of this pack stay as they are.

        Raises:
            As `problem`.
        """
        name = self._known(scenario)
        if name == self.scenario:
            return self
        assert self._scenarios is not None
        known = self._recent.get(name)
        if known is not None:
            return known
        found = self._applied(self._scenarios, name)
        for old in list(self._recent)[: 1 - RECENT_SCENARIOS]:
            self._recent.pop(old, None)
        self._recent[name] = found
        return found

    def what_if(self, steps: Any, name: str = "what if") -> Pack:
        """The pack as a scenario made on the spot has it, from whatever scenario this pack is in.

        `steps` is a list as in the section `overlays`, each an operation as a mapping
        (`{"table": "nodes", "where": {"node_id": "ATL1"}, "set": {"open": False}}`), or the name of an overlay of this
        pack (one that is in a scenario has none any more). Values may be natural ones: flags, numbers, dates. The
        result's `changes()` say what differs from this pack; its input hash is that of a written scenario that says
        the same.

        Raises:
            PackError: with every fault; places of the steps read `scenario[0].set.open`. A name that is taken is one.
            UnsupportedError: the scenario uses features that are not built.
        """
        findings = Findings(_in_memory)
        if name == BASELINE or (self._scenarios and name in self._scenarios.steps):
            findings.add("E302", "name", f"there is a scenario {name!r} already", "give this one another name")
        checked = check_steps(plain_steps(steps), place_in_steps, findings)
        findings.raise_faults()
        assert checked is not None
        base = self._scenarios or Scenarios(self.tables, self.settings, _in_memory, place_in_steps, (), {}, {})
        base = dataclasses.replace(base, place=place_in_steps)
        found = self._applied(bind_steps(base, checked, name, self.path), name)
        return dataclasses.replace(found, is_as_written=False)

    def _applied(self, scenarios: Scenarios, name: str) -> Pack:
        """The pack as one of these scenarios has it; its own scenario is another."""
        if scenarios.operations[name]:
            applying = apply_scenario(scenarios, name)
            built: Built | None = build_scenario(scenarios, name, applying)
            of_files = tuple(each for each in self.warnings if each.code in OF_FILES)
            tables, settings, warnings = applying.tables, applying.settings, of_files + applying.findings.warnings()
            changes = applying.changes
        else:
            assert self._built is not None
            built = dataclasses.replace(self._built, problem=_renamed(self._built.problem, name))
            tables, settings, warnings = self.tables, self.settings, self.warnings
            changes = Changes(name, (), (), ())
        alone = settings.model_copy(update={"overlays": {}, "scenarios": {}, "sweeps": {}})
        return Pack(
            self.name, self.path, alone, tables, warnings, "", built, name, _changes=changes,
            is_as_written=self.is_as_written,
        )  # fmt: skip

    def with_scenarios(
        self,
        definitions: Sequence[ScenarioDefinition],
        place: DefinitionPlace = place_in_definition,
    ) -> Pack:
        """The pack with further scenarios, which may extend its own and those before them; it stays as it is itself.

        Raises:
            PackError: with every fault, at places as `place` puts them (`definitions[0].operations[1].set.open`).
        """
        findings = Findings(_in_memory)
        scenarios = self._scenarios
        if scenarios is None:
            scenarios = bind_scenarios(self.tables, self.settings, _in_memory, place_by_name, findings)
        scenarios = more_scenarios(scenarios, definitions, place, findings)
        findings.raise_faults()
        return dataclasses.replace(self, _scenarios=scenarios, _recent={}, is_as_written=False)

    def _known(self, scenario: str | None) -> str:
        names = self.scenario_names
        if scenario is None:
            return self.scenario
        if scenario not in names:
            raise PackError([no_scenario(scenario, names, SETTINGS_FILE if self.path else "scenarios")])
        return scenario

    def _repr_html_(self) -> str:
        return pack_html(self.name, self.scenario, self.tables, self.scenario_names, self._changes)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {len(table)}" for name, table in self.tables.items())
        scenario = "" if self.scenario == BASELINE else f"scenario={self.scenario!r}, "
        return f"Pack({self.name!r}, {scenario}{sizes})"


def read_pack(path: str | PathLike[str], *, features: Collection[str] = ()) -> Pack:
    """Read and validate a pack's folder: its tables (CSV or Parquet) and scenario.yaml.

    `features` are taken as supported, in addition to those that are.

    Raises:
        PackError: with every fault found, twenty of a kind at most. Whatever the files hold, it is this or the next.
        UnsupportedError: the pack is valid but uses features that are not built.
    """
    folder_path = Path(path)
    folder = Folder()
    findings = Findings(folder.locate)
    if not folder_path.is_dir():
        what = "is not a folder" if folder_path.exists() else "there is no such folder"
        findings.add("E101", str(path), what, "a pack is a folder with scenario.yaml and tables")
        findings.raise_faults()
    settings, source, place = _read_settings(folder_path, findings)
    read_folder(folder_path, folder, findings, () if settings is None else settings.overlay_files)
    built = build(folder.tables, settings, findings, partial=folder.partial, features=features)
    tables = folder.tables
    scenarios = None
    if settings is not None and settings.has_sound_names:
        scenarios = bind_scenarios(
            tables, settings, folder.locate, place, findings, folder_path, folder.partial, features
        )
    findings.raise_faults()
    assert settings is not None
    assert built is not None
    warnings = findings.warnings()
    return Pack(settings.name, folder_path, settings, tables, warnings, source, built, _scenarios=scenarios)


def _read_settings(folder: Path, findings: Findings) -> tuple[Settings | None, str, Place]:
    """scenario.yaml of a folder, its text, and words for places in it; None, and faults told, if it cannot be used."""
    path = folder / SETTINGS_FILE
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        findings.add("E101", SETTINGS_FILE, "this file is missing", "`splitship init` writes one to start from")
        return None, "", place_by_name
    except (OSError, UnicodeDecodeError) as error:
        findings.add("E101", SETTINGS_FILE, f"cannot be read: {error}")
        return None, "", place_by_name
    try:
        document = read_yaml(source)
    except YamlFaultError as fault:
        line, column = fault.place
        findings.add("E111", f"{SETTINGS_FILE}:{line}:{column}", fault.message)
        return None, source, place_by_name

    place = PlaceInFile(SETTINGS_FILE, document.key_places, document.value_places)
    settings = check_settings(document.value, place, findings)
    if settings is not None and not settings.name:
        settings = settings.model_copy(update={"name": folder.resolve().name})
    if settings is not None and settings.currency == NO_CURRENCY:
        findings.add("W607", f"{SETTINGS_FILE}:1:1", f"none is given; {NO_CURRENCY} is used", name="currency")
    return settings, source, place


def _renamed(problem: Problem, scenario: str) -> Problem:
    """The problem under another scenario's name."""
    given = problem.given and dataclasses.replace(problem.given, scenario=scenario)
    return dataclasses.replace(problem, scenario=scenario, given=given)


def _in_memory(table: str, row: int | None, column: str | None) -> str:
    place = table if row is None else f"{table}[{row}]"
    return place if column is None else f"{place}.{column}"
