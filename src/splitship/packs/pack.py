"""The pack: tables and settings that belong together, and the problems they pose."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from splitship.domain import Problem, SolveOptions
from splitship.errors import Finding, PackError, UnsupportedError
from splitship.packs.build import Built, build
from splitship.packs.demand import Reference
from splitship.packs.findings import Findings, suggest
from splitship.packs.read import Folder, read_folder
from splitship.packs.settings import NO_CURRENCY, SCHEMA, Settings, check_settings, place_by_name
from splitship.packs.text import Rows, as_text_table
from splitship.packs.yaml_text import YamlFaultError, read_yaml

SETTINGS_FILE = "scenario.yaml"


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A valid pack. `tables` are text tables by name; `path` is None for one that was not read from files.

    `warnings` are findings that did not stop it. `source` is the text of scenario.yaml, when there was one.
    """

    name: str
    path: Path | None
    settings: Settings
    tables: Mapping[str, pd.DataFrame]
    warnings: tuple[Finding, ...]
    source: str = field(repr=False, default="")
    _built: Built | None = field(repr=False, default=None)

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
        checked = check_settings(complete, place_by_name, findings)
        built = build(texts, checked, findings, partial=partial, features=features)
        findings.raise_faults()
        assert checked is not None
        assert built is not None
        return cls(checked.name, None, checked, texts, findings.warnings(), "", built)

    @property
    def reference(self) -> Reference | None:
        """What another system decided, None when the pack does not say."""
        return self._built.reference if self._built else None

    @property
    def scenario_names(self) -> tuple[str, ...]:
        """Scenarios that are defined, `baseline` first."""
        return self.settings.scenario_names

    def options(self) -> SolveOptions:
        """How long and how far to search, from the section `solve`."""
        return self.settings.options()

    def problem(self, scenario: str = "baseline") -> Problem:
        """The problem of a scenario.

        Raises:
            PackError: no scenario has this name; the message lists those there are.
            UnsupportedError: the scenario applies overlays.
        """
        names = self.scenario_names
        place = SETTINGS_FILE if self.path else "scenarios"
        if scenario not in names:
            message = f"no scenario {scenario!r}; there are {', '.join(names)}"
            raise PackError([Finding(place, "E302", message, suggest(scenario, names), "error", "scenarios")])
        overlays = self.settings.overlays_of(scenario)
        if overlays:
            message = f"scenario {scenario!r} applies overlays ({', '.join(overlays)}), which are not yet supported"
            raise UnsupportedError([Finding(place, "E504", message, "not yet supported", "error", "scenarios")])
        assert self._built is not None
        problem = self._built.problem
        return problem if problem.scenario == scenario else dataclasses.replace(problem, scenario=scenario)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {len(table)}" for name, table in self.tables.items())
        return f"Pack({self.name!r}, {sizes})"


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
    settings, source = _read_settings(folder_path, findings)
    read_folder(folder_path, folder, findings)
    built = build(folder.tables, settings, findings, partial=folder.partial, features=features)
    findings.raise_faults()
    assert settings is not None
    assert built is not None
    return Pack(settings.name, folder_path, settings, folder.tables, findings.warnings(), source, built)


def _read_settings(folder: Path, findings: Findings) -> tuple[Settings | None, str]:
    """scenario.yaml of a folder; None, and faults told, when it cannot be used."""
    path = folder / SETTINGS_FILE
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        findings.add("E101", SETTINGS_FILE, "this file is missing", "`splitship init` writes one to start from")
        return None, ""
    except (OSError, UnicodeDecodeError) as error:
        findings.add("E101", SETTINGS_FILE, f"cannot be read: {error}")
        return None, ""
    try:
        document = read_yaml(source)
    except YamlFaultError as fault:
        line, column = fault.place
        findings.add("E111", f"{SETTINGS_FILE}:{line}:{column}", fault.message)
        return None, source

    def place(at: tuple[str | int, ...], about_key: bool) -> str:
        spots = document.key_places if about_key and at in document.key_places else document.value_places
        line, column = spots.get(at, (1, 1))
        return f"{SETTINGS_FILE}:{line}:{column}"

    settings = check_settings(document.value, place, findings)
    if settings is not None and not settings.name:
        settings = settings.model_copy(update={"name": folder.resolve().name})
    if settings is not None and settings.currency == NO_CURRENCY:
        findings.add("W607", f"{SETTINGS_FILE}:1:1", f"none is given; {NO_CURRENCY} is used", name="currency")
    return settings, source


def _in_memory(table: str, row: int | None, column: str | None) -> str:
    place = table if row is None else f"{table}[{row}]"
    return place if column is None else f"{place}.{column}"
