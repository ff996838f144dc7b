"""`scenario.yaml`: its shape, its defaults, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, PrivateAttr, ValidationError

from splitship.domain import Limits, Objective, SolveOptions
from splitship.packs.columns import FIRST_YEAR, LAST_YEAR, MAX_DAYS
from splitship.packs.findings import Findings, suggest
from splitship.packs.rule_source import NO_RULES, Place, RuleSources
from splitship.packs.rules import read_rules
from splitship.packs.scalars import text_of
from splitship.packs.scenario_settings import (
    BASELINE,
    Operation,
    Scenario,
    Step,
    Sweep,
    check_names,
    scenario_value,
)
from splitship.packs.setting_types import Money, Number, Strict, Text, Whole

SCHEMA = "splitship.pack/1"
NO_CURRENCY = "XXX"
"""ISO 4217's code for no currency: what a pack without one uses."""


def _instant(value: object) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError("expected a date and time with offset such as 2026-11-27T09:00:00-05:00") from None
    if moment.utcoffset() is None:
        raise ValueError("the offset is missing: write it as 2026-11-27T09:00:00-05:00 or with Z")
    if not FIRST_YEAR < moment.year <= LAST_YEAR:
        raise ValueError(f"expected a year from {FIRST_YEAR + 1} to {LAST_YEAR}")
    return moment


def _currency(value: object) -> str:
    text = text_of(value)
    if len(text) == 3 and text.isascii() and text.isalpha() and text.isupper():
        return text
    raise ValueError("expected three capital letters such as USD")


def _schema(value: object) -> str:
    if value != SCHEMA:
        raise ValueError(f"expected {SCHEMA}")
    return SCHEMA


class ObjectiveSettings(Strict):
    """`objective`: prices; what is absent or empty is 0."""

    delivery_day: Money = Decimal(0)
    late_day: Money = Decimal(0)
    split: Money = Decimal(0)
    unfilled_unit: Money = Decimal(0)
    unfilled_value: Money = Decimal(0)


class LimitSettings(Strict):
    """`limits`: what is absent or null is no limit; `horizon_days` is then 0."""

    max_packages: Annotated[Whole, Field(ge=1)] | None = None
    max_distance_km: Annotated[Number, Field(ge=0, le=100_000)] | None = None
    max_transit_days: Annotated[Whole, Field(ge=0, le=MAX_DAYS)] | None = None
    horizon_days: Annotated[Whole, Field(ge=0, le=MAX_DAYS)] | None = 0


class SolveSettings(Strict):
    """`solve`: when to stop, and the seed."""

    time_limit_s: Annotated[Number, Field(ge=0, le=10**8)] | None = Decimal(60)
    work_limit: Annotated[Number, Field(ge=0, le=10**12)] | None = None
    gap: Annotated[Number, Field(ge=0, le=10**6)] = Decimal("0.001")
    seed: Annotated[Whole, Field(ge=0, lt=2**31)] = 1
    threads: Annotated[Whole, Field(ge=1, le=1024)] = 2


def _nothing(empty: Callable[[], Any]) -> BeforeValidator:
    """An empty section (`limits:` with nothing after it) is the same as an absent one."""
    return BeforeValidator(lambda value: empty() if value is None else value)


class Settings(Strict):
    """All of `scenario.yaml`."""

    schema_: Annotated[str, BeforeValidator(_schema)] = Field(alias="schema")
    name: Text = ""
    currency: Annotated[str, BeforeValidator(_currency)] = NO_CURRENCY
    as_of: Annotated[datetime, BeforeValidator(_instant)]
    objective: Annotated[ObjectiveSettings, _nothing(dict)] = Field(default_factory=ObjectiveSettings)
    limits: Annotated[LimitSettings, _nothing(dict)] = Field(default_factory=LimitSettings)
    rules: Annotated[list[Any], _nothing(list)] = Field(default_factory=list)
    overlays: Annotated[Mapping[str, list[Operation]], _nothing(dict)] = Field(default_factory=dict)
    scenarios: Annotated[Mapping[str, Annotated[Scenario, BeforeValidator(scenario_value)]], _nothing(dict)] = Field(
        default_factory=dict
    )
    sweeps: Annotated[Mapping[str, Sweep], _nothing(dict)] = Field(default_factory=dict)
    solve: Annotated[SolveSettings, _nothing(dict)] = Field(default_factory=SolveSettings)
    _rule_sources: RuleSources = PrivateAttr(default=NO_RULES)
    _has_sound_names: bool = PrivateAttr(default=True)

    @property
    def rule_sources(self) -> RuleSources:
        """The rules as they were read, each with the places of its parts."""
        return self._rule_sources

    @property
    def overlay_files(self) -> tuple[str, ...]:
        """Files that overlays and sweeps read rows from, as they are named."""
        steps = [step for overlay in self.overlays.values() for step in overlay]
        steps += [step for sweep in self.sweeps.values() for step in sweep.apply if isinstance(step, Operation)]
        return tuple(dict.fromkeys(step.upsert_from for step in steps if step.upsert_from))

    @property
    def has_sound_names(self) -> bool:
        """Scenarios and sweeps name only what is defined, and none extends itself."""
        return self._has_sound_names

    def options(self) -> SolveOptions:
        """The limits of a solve."""
        solve = self.solve
        return SolveOptions(
            time_limit_s=None if solve.time_limit_s is None else float(solve.time_limit_s),
            work_limit=None if solve.work_limit is None else float(solve.work_limit),
            gap=float(solve.gap),
            seed=solve.seed,
            threads=solve.threads,
        )

    def domain_objective(self) -> Objective:
        """The prices as the domain has them."""
        return Objective(**dict(self.objective))

    def domain_limits(self) -> Limits:
        """The limits as the domain has them."""
        own = self.limits
        return Limits(own.max_packages, own.max_distance_km, own.max_transit_days, own.horizon_days or 0)

    @property
    def scenario_names(self) -> tuple[str, ...]:
        """Defined scenarios, `baseline` first whether or not it is written down."""
        return (BASELINE, *(name for name in self.scenarios if name != BASELINE))

    def overlays_of(self, scenario: str) -> tuple[str, ...]:
        """Overlays of a defined scenario in the order of their application, those it extends first."""
        applied: list[str] = []
        name: str | None = scenario
        while name is not None and name in self.scenarios:
            entry = self.scenarios[name]
            applied[:0] = entry.apply
            name = entry.extends
        return tuple(applied)


class _Steps(Strict):
    """A scenario made on the spot: operations, and names of overlays."""

    scenario: list[Step]


_SECTIONS: Mapping[str, type[BaseModel]] = {
    "objective": ObjectiveSettings,
    "limits": LimitSettings,
    "solve": SolveSettings,
    "overlays": Operation,
    "scenarios": Scenario,
    "sweeps": Sweep,
    "scenario": Operation,
}


def check_settings(value: object, place: Place, findings: Findings) -> Settings | None:
    """Settings from the plain value of a document; None, and faults told, when it has the wrong shape."""
    if not isinstance(value, Mapping):
        findings.add("E111", place((), False), "expected settings such as `schema:`, `as_of:`, `objective:`")
        return None
    rules = value.get("rules")
    sources = read_rules(rules, place, findings) if isinstance(rules, list) else NO_RULES
    try:
        settings = Settings.model_validate(value)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            _tell(fault, value, place, findings)
        return None
    settings._rule_sources = sources
    _check_references(settings, place, findings)
    return settings


def check_steps(steps: object, place: Place, findings: Findings) -> list[str | Operation] | None:
    """Operations and names of overlays from plain values; None, and faults told, when something has the wrong shape.

    Their path is ("scenario", 0), ("scenario", 1), ...
    """
    if not isinstance(steps, list):
        findings.add("E111", place(("scenario",), False), "expected a list of operations and names of overlays")
        return None
    value = {"scenario": steps}
    try:
        return _Steps.model_validate(value).scenario
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            _tell(fault, value, place, findings)
        return None


def place_by_name(path: tuple[str | int, ...], about_key: bool) -> str:
    """The place of a setting that has no file: its name, `limits.max_packages`."""
    return ".".join(map(str, path)) or "settings"


def _tell(fault: Any, value: Mapping[str, Any], place: Place, findings: Findings) -> None:
    path = _real_path(fault["loc"], value)
    name = ".".join(map(str, path))
    kind = fault["type"]
    if kind == "extra_forbidden":
        section: type[BaseModel] | None = _SECTIONS.get(str(path[0])) if len(path) > 1 else Settings
        if path[0] == "sweeps" and len(path) > 3:
            section = Operation
        known = [field.alias or name for name, field in section.model_fields.items()] if section else []
        findings.add("E112", place(path, True), "unknown key", suggest(str(path[-1]), known), name, "settings")
        return
    if kind == "missing":
        missing = ".".join(map(str, (*path, fault["loc"][-1])))
        findings.add("E113", place(path, True), "this setting is required", name=missing, kind="settings")
        return
    cause = fault.get("ctx", {}).get("error")
    message = str(cause) if cause else str(fault["msg"]).replace("Input should be", "expected")
    given = fault.get("input")
    got = f", got {str(given)!r:.80}" if isinstance(given, (str, int, float, bool, Decimal)) or given is None else ""
    shape = isinstance(given, (Mapping, list)) or kind.endswith("_type")
    code = "E111" if shape and not cause else "E113"
    findings.add(code, place(path, False), f"{message}{got}", name=name, kind="settings")


def _real_path(loc: tuple[str | int, ...], value: Any) -> tuple[str | int, ...]:
    """The part of pydantic's location that names something in the document (it adds names of types in between)."""
    path: list[str | int] = []
    for part in loc:
        is_index = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if is_index or (isinstance(value, Mapping) and part in value):
            value = value[part]
            path.append(part)
    return tuple(path)


def _check_references(settings: Settings, place: Place, findings: Findings) -> None:
    def tell(path: tuple[str | int, ...], message: str, hint: str, about_key: bool) -> None:
        findings.add("E302", place(path, about_key), message, hint, ".".join(map(str, path)), "settings")

    faults = findings.num_faults
    check_names(settings.overlays, settings.scenarios, settings.sweeps, tell)
    settings._has_sound_names = findings.num_faults == faults
