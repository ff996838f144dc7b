"""The sections `overlays`, `scenarios` and `sweeps` of scenario.yaml: their shape, and the names in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from splitship.packs.findings import suggest
from splitship.packs.scalars import text_of
from splitship.packs.schema import TABLES
from splitship.packs.setting_types import Scalar, Strict, Text
from splitship.packs.where import ConditionFaultError, read_condition

BASELINE = "baseline"
"""The scenario of the tables as they are."""
Section = Literal["objective", "limits", "solve"]
StepKind = Literal["set", "add", "multiply", "clamp", "remove", "upsert", "upsert_from"]
STEP_KINDS: tuple[StepKind, ...] = ("set", "add", "multiply", "clamp", "remove", "upsert", "upsert_from")
Tell = Callable[[tuple[str | int, ...], str, str, bool], None]
"""(path, message, hint, is it about the key?): tell that a name is not defined, or defined in a circle."""


def _table(value: object) -> str:
    text = text_of(value)
    if text not in TABLES:
        hint = suggest(text, TABLES)
        raise ValueError(f"no table of that name{': ' + hint if hint else ''}")
    return text


def _where(value: object) -> Mapping[str, Any]:
    """Check the conditions of an overlay's `where`; they are kept as they were written."""
    if not isinstance(value, Mapping):
        raise ValueError("expected columns with conditions")
    for column, condition in value.items():
        try:
            read_condition(condition)
        except ConditionFaultError as fault:
            raise ValueError(f"{column}: {fault}") from None
    return value


class Operation(Strict):
    """One step of an overlay: which rows of which table (or which settings), and the one thing done to them."""

    table: Annotated[str, BeforeValidator(_table)] | None = None
    settings: Section | None = None
    where: Annotated[Mapping[str, Any], BeforeValidator(_where)] | None = None
    set_: Mapping[str, Scalar] | None = Field(None, alias="set")
    add: Mapping[str, Scalar] | None = None
    multiply: Mapping[str, Scalar] | None = None
    clamp: Mapping[str, Mapping[Literal["min", "max"], Scalar]] | None = None
    remove: bool | None = None
    upsert: list[Mapping[str, Scalar]] | None = None
    upsert_from: Text | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Operation:
        if (self.table is None) == (self.settings is None):
            raise ValueError("needs either table or settings")
        given = [kind for kind in STEP_KINDS if self.step(kind) is not None]
        if not given:
            raise ValueError(f"does nothing: {', '.join(STEP_KINDS[:-1])} or {STEP_KINDS[-1]}")
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)}: an operation does one thing; make it {len(given)} operations")
        if self.step(given[0]) in ({}, []):
            raise ValueError(f"an empty {given[0]} does nothing")
        if self.settings is not None and (given != ["set"] or self.where is not None):
            raise ValueError("settings can only be set, without where")
        if self.where is not None and given[0] in ("upsert", "upsert_from"):
            raise ValueError("upsert finds its rows by their key: it goes without where")
        if self.remove is False:
            raise ValueError("remove: false does nothing: say remove: true")
        return self

    def step(self, kind: StepKind) -> Any:
        """What is given for one kind of step; None when it is another."""
        return self.set_ if kind == "set" else getattr(self, kind)

    @property
    def kind(self) -> StepKind:
        """The one thing it does."""
        return next(kind for kind in STEP_KINDS if self.step(kind) is not None)


class Scenario(Strict):
    """A scenario: the one it extends, and the overlays applied after it."""

    extends: Text | None = None
    apply: list[Text] = Field(default_factory=list)
    note: Text = ""


def scenario_value(value: object) -> object:
    """A scenario that is only a list of overlays as a map; nothing as one without overlays."""
    return {"apply": value} if isinstance(value, list) else ({} if value is None else value)


Step = Annotated[
    Annotated[Text, Tag("overlay")] | Annotated[Operation, Tag("operation")],
    Discriminator(lambda value: "operation" if isinstance(value, (Mapping, Operation)) else "overlay"),
]
"""What a sweep applies: the name of an overlay, or an operation of its own."""


class Sweep(Strict):
    """A sweep: a scenario, the values of its parameters, and what is done for each."""

    base: Text = BASELINE
    vary: Mapping[str, list[Scalar]]
    apply: list[Step]
    note: Text = ""


def check_names(
    overlays: Mapping[str, list[Operation]],
    scenarios: Mapping[str, Scenario],
    sweeps: Mapping[str, Sweep],
    tell: Tell,
) -> None:
    """Scenarios and sweeps name overlays and scenarios that exist, and no scenario extends itself."""
    names = (BASELINE, *(name for name in scenarios if name != BASELINE))

    def unknown(path: tuple[str | int, ...], name: str, known: Any, what: str) -> None:
        tell(path, f"no {what} {name!r}", suggest(name, known), False)

    for name, scenario in scenarios.items():
        if name == BASELINE and (scenario.apply or scenario.extends):
            hint = "give the scenario another name, and extend the baseline if need be"
            tell(("scenarios", name), "the baseline is the tables as they are: it applies nothing", hint, True)
        for overlay in scenario.apply:
            if overlay not in overlays:
                unknown(("scenarios", name), overlay, overlays, "overlay")
        if scenario.extends is not None and scenario.extends not in names:
            unknown(("scenarios", name), scenario.extends, names, "scenario")
        seen, above = {name}, scenario.extends
        while above is not None and above in scenarios:
            if above in seen:
                tell(("scenarios", name), f"scenario {name!r} extends itself", "", True)
                break
            seen.add(above)
            above = scenarios[above].extends
    for name, sweep in sweeps.items():
        if sweep.base not in names:
            unknown(("sweeps", name), sweep.base, names, "scenario")
        for step in sweep.apply:
            if isinstance(step, str) and step not in overlays:
                unknown(("sweeps", name), step, overlays, "overlay")
