"""The section `rules`: its shape, its types, and what is wrong with it, whether it comes from YAML or a message.

What a rule's conditions name is looked at later, with the tables (`rule_binding`, `rule_checks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar, cast

from splitship.domain.rules import (
    MAX_RULES,
    PARTS,
    SETTABLE,
    Rule,
    RulePrice,
    RuleQuota,
    RuleWhere,
    Settable,
    SetValue,
)
from splitship.domain.where import Where
from splitship.packs.columns import FIRST_YEAR, LAST_YEAR, MAX_COUNT
from splitship.packs.findings import Findings, suggest
from splitship.packs.rule_source import KEY, Path, Place, RuleSource, RuleSources, field_name
from splitship.packs.scalars import decimal_of, money_of, text_of, whole_of
from splitship.packs.text import cell_text
from splitship.packs.where import ConditionFaultError, read_condition
from splitship.units import day_number

KEYS = ("name", "where", "forbid", "price", "set", "quota", "from", "until")
EFFECTS = ("forbid", "price", "set", "quota")
PRICES = ("per_unit", "per_line", "per_package", "per_order")
PERIODS = ("day", "batch")
MICRO_DECIMALS = 6
"""Decimals of a price."""
Number = TypeVar("Number", int, Decimal)
NUMBER_DECIMALS = 9
"""Decimals of a number that is set and is no money."""


def read_rules(value: Sequence[object], place: Place, findings: Findings) -> RuleSources:
    """The rules of a list of plain values; what is wrong with one is told, and of such a rule only `where` is kept.

    `place(("rules", 2, "price"), False)` puts a place into words.
    """
    where = place(("rules",), False)
    if len(value) > MAX_RULES:
        hint = "one rule may name many values: a list, or a pattern"
        findings.add("E408", where, f"at most {MAX_RULES:,} rules can be handled, got {len(value):,}", hint, "rules")
        return RuleSources(where, len(value), ())
    names: dict[str, str] = {}
    sources = []
    for position, entry in enumerate(value):
        reader = _Reader(position, entry, place, findings)
        rule = reader.rule(names)
        if rule is not None:
            sources.append(RuleSource(rule, position, reader.places, not reader.num_faults))
    return RuleSources(where, len(value), tuple(sources))


class _ValueFaultError(ValueError):
    """A value that cannot be; the remedy, and the code if it is not E113."""

    def __init__(self, message: str, hint: str = "", code: str = "E113") -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code


@dataclass
class _Reader:
    position: int
    value: Any
    locate: Place
    findings: Findings
    places: dict[Path, str] = field(default_factory=dict)
    num_faults: int = 0

    def rule(self, names: dict[str, str]) -> Rule | None:
        self.places[()] = self._place((), False)
        if not self._is_map(self.value, (), "expected a rule: a map of name, where and an effect"):
            return None
        self._known_keys(self.value, KEYS, ())
        name = self._name(names)
        where = self._where()
        is_forbidden, price, sets, quota = self._forbid(), self._price(), self._sets(), self._quota()
        self._check_effects(where, sets)
        first, last = self._day("from"), self._day("until")
        if first is not None and last is not None and first > last:
            self._tell("E113", ("until",), "must not be before from")
        if self.num_faults:
            return Rule(name, where)
        return Rule(name, where, is_forbidden, price, sets, quota, first, last)

    def _name(self, names: dict[str, str]) -> str:
        try:
            name = text_of(self.value.get("name")).strip()
        except ValueError:
            name = ""
        if not name:
            missing = self.value.get("name") is None
            self._tell("E113", ("name",), "every rule needs a name of its own" if missing else "expected a name")
        elif name in names:
            self._tell(
                "E201", ("name",), f"{name!r} is already the name of the rule at {names[name]}", "choose another"
            )
        names.setdefault(name, self.places[()])
        return name

    def _where(self) -> RuleWhere:
        given = self.value.get("where")
        if given is None or not self._is_map(given, ("where",), "expected order, line, sku, node or service"):
            return RuleWhere()
        self.places[("where",)] = self._place(("where",), False)
        self._known_keys(given, PARTS, ("where",))
        return RuleWhere(**{part: self._conditions(part, given.get(part)) for part in PARTS})

    def _conditions(self, part: str, given: Any) -> Where:
        path: Path = ("where", part)
        if given is None or not self._is_map(given, path, "expected columns with conditions"):
            return ()
        self.places[path] = self._place(path, True)
        found = []
        for key in sorted(given, key=str):
            column = str(key)
            try:
                found.append((column, read_condition(given[key])))
            except ConditionFaultError as fault:
                code = "E111" if fault.is_shape else "E113"
                self._tell(code, (*path, column), fault.message, fault.hint)
            else:
                self.places[(*path, column)] = self._place((*path, column), False)
                self.places[(*path, column, KEY)] = self._place((*path, column), True)
        return tuple(found)

    def _forbid(self) -> bool:
        given = self.value.get("forbid")
        if given is None:
            return False
        flag = _flag(given)
        if flag is None:
            self._tell("E113", ("forbid",), f"expected true, got {str(given)!r:.80}")
        elif not flag:
            self._tell("E114", ("forbid",), "forbid: false does nothing", "say forbid: true, or leave it out")
        return bool(flag)

    def _price(self) -> RulePrice | None:
        given = self._section("price", PRICES, "it needs per_unit, per_line, per_package or per_order")
        if given is None:
            return None
        prices = {name: self._money(("price", name), given[name]) for name in PRICES if given.get(name) is not None}
        if prices and not any(prices.values()) and not self.num_faults:
            self._tell("E114", ("price",), "a price of 0 changes nothing", "give it a price, or leave it out")
        return RulePrice(**prices)

    def _quota(self) -> RuleQuota | None:
        given = self._section("quota", ("packages", "price_over", "per"), "it needs packages")
        if given is None:
            return None
        packages, over, per = 0, given.get("price_over"), given.get("per")
        if given.get("packages") is None:
            self._tell("E113", ("quota", "packages"), "this setting is required")
        else:
            packages = self._whole(("quota", "packages"), given["packages"], 0, MAX_COUNT)
        price = None if over is None else self._money(("quota", "price_over"), over)
        if price is not None and not price and not self.num_faults:
            hint = "give it a price, or leave price_over out for a hard quota"
            self._tell("E114", ("quota", "price_over"), "a quota whose excess costs 0 changes nothing", hint)
        if per is not None and per not in PERIODS:
            self._tell("E113", ("quota", "per"), f"expected day or batch, got {str(per)!r:.80}")
        return RuleQuota(packages, price, cast(Literal["day", "batch"], per or "day"))

    def _sets(self) -> tuple[tuple[str, SetValue], ...]:
        given = self._section("set", tuple(SETTABLE), f"it needs one of {', '.join(SETTABLE)}")
        if given is None:
            return ()
        found: list[tuple[str, SetValue]] = []
        for name in sorted(name for name in given if name in SETTABLE):
            value = self._attempt(("set", name), lambda name=name: _set_value(SETTABLE[name], given[name]))
            if value is not None:
                found.append((name, value))
        return tuple(found)

    def _check_effects(self, where: RuleWhere, sets: tuple[tuple[str, SetValue], ...]) -> None:
        given = [name for name in EFFECTS if self.value.get(name) is not None]
        if not given:
            self._tell("E114", (), "this rule does nothing", "say forbid, price, set or quota")
        if "forbid" in given:
            for other, word in (("price", "priced"), ("quota", "counted")):
                if other in given:
                    hint = "keep one of the two, or make two rules"
                    self._tell("E114", (other,), f"what is forbidden cannot be {word} too", hint, True)
        for name, _ in sets:
            thing = SETTABLE[name]
            for part in where.parts:
                if part not in thing.parts:
                    message = f"{name} is set per {_listed(thing.parts)} and cannot depend on the {part}"
                    hint = f"name {_listed(thing.parts)} only, in a rule of its own"
                    self._tell("E114", ("where", part), message, hint, True)

    def _day(self, name: str) -> int | None:
        given = self.value.get(name)
        if given is None:
            return None
        self.places[(name,)] = self._place((name,), False)
        day: int | None = self._attempt((name,), lambda: _day_of(given))
        return day

    def _section(self, name: str, keys: Sequence[str], empty: str) -> Mapping[str, Any] | None:
        """One of the maps of a rule; None when it is absent or of the wrong shape."""
        given = self.value.get(name)
        if given is None:
            return None
        if not self._is_map(given, (name,), f"expected a map: {empty}"):
            return None
        self._known_keys(given, keys, (name,))
        if not any(given.get(key) is not None for key in keys) and not set(given) - set(keys):
            self._tell("E114", (name,), f"an empty {name} does nothing", empty)
            return None
        self.places |= {(name, key): self._place((name, key), False) for key in given}
        return cast("Mapping[str, Any]", given)

    def _money(self, path: Path, given: object) -> Decimal:
        return self._attempt(path, lambda: _whole_micros(money_of(given))) or Decimal(0)

    def _whole(self, path: Path, given: object, least: int, most: int) -> int:
        return self._attempt(path, lambda: _bounded(whole_of(given), least, most)) or 0

    def _attempt(self, path: Path, read: Any) -> Any:
        """What `read` gives, or None after telling what it says is wrong."""
        try:
            return read()
        except _ValueFaultError as fault:
            self._tell(fault.code, path, str(fault), fault.hint)
        except ValueError as error:
            given = self.value
            for part in path:
                given = given[part]
            got = f", got {str(given)!r:.80}" if not isinstance(given, (list, Mapping)) else ""
            self._tell("E113", path, f"{error}{got}")
        return None

    def _is_map(self, given: object, path: Path, expected: str) -> bool:
        if isinstance(given, Mapping):
            return True
        self._tell("E111", path, f"{expected}, got {str(given)!r:.80}" if not isinstance(given, list) else expected)
        return False

    def _known_keys(self, given: Mapping[Any, Any], known: Iterable[str], path: Path) -> None:
        known = tuple(known)
        for key in given:
            if key not in known:
                hint = suggest(str(key), known) or f"there are {', '.join(known)}"
                self._tell("E112", (*path, str(key)), "unknown key", hint, True)

    def _tell(self, code: str, path: Path, message: str, hint: str = "", about_key: bool = False) -> None:
        self.num_faults += 1
        name = field_name(self.position, path)
        self.findings.add(code, self._place(path, about_key), message, hint, name, "rules")

    def _place(self, path: Path, about_key: bool) -> str:
        """The place of a part; a part that is not there is placed at what should hold it."""
        here = self.value
        for depth, part in enumerate(path):
            if not isinstance(here, Mapping) or part not in here:
                return self.locate(("rules", self.position, *path[:depth]), False)
            here = here[part]
        return self.locate(("rules", self.position, *path), about_key)


def _flag(given: object) -> bool | None:
    return {"true": True, "false": False}.get(str(given).strip().lower())


def _set_value(thing: Settable, given: object) -> SetValue:
    if thing.kind == "flag":
        flag = _flag(given)
        if flag is None:
            raise _ValueFaultError(f"expected true, got {str(given)!r:.80}")
        if not flag:
            raise _ValueFaultError("false changes nothing: a rule can only make it stricter", "leave it out", "E114")
        return True
    if given is None:
        raise _ValueFaultError("expected a value", "leave it out for no limit")
    if thing.kind == "whole":
        return _bounded(whole_of(given), thing.least, thing.most)
    number = money_of(given) if thing.kind == "money" else decimal_of(given)
    _bounded(number, thing.least, thing.most)
    if thing.kind == "number" and number != round(number, NUMBER_DECIMALS):
        raise ValueError(f"at most {NUMBER_DECIMALS} decimals can be kept")
    if thing.kind == "money" and not number:
        raise _ValueFaultError("0 changes nothing: a rule can only make it stricter", "leave it out", "E114")
    return _whole_micros(number) if thing.kind == "money" else number


def _bounded(number: Number, least: int, most: int) -> Number:
    if not least <= number <= most:
        raise ValueError(f"expected a number from {least:,} to {most:,}")
    return number


def _whole_micros(money: Decimal) -> Decimal:
    """Money that is charged or compared as it is, without rounding."""
    if money != round(money, MICRO_DECIMALS):
        raise ValueError(f"at most {MICRO_DECIMALS} decimals can be kept")
    return money


def _day_of(given: object) -> int:
    try:
        text = cell_text(given)
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError("expected a date such as 2026-11-27") from None
    if day.isoformat() != text:  # weeks and dates without hyphens
        raise ValueError("expected a date such as 2026-11-27")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}")
    return day_number(day.isoformat())


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(parts)
