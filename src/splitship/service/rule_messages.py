"""Rules and surcharges as messages, and messages of rules as the plain values of the section `rules`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from splitship.domain import Problem, Rule, TextCondition
from splitship.domain.rules import PARTS
from splitship.domain.where import All, AnyOf, Compare, Condition, Like, Not
from splitship.packs.documents import day_texts
from splitship.service.columns_to_fields import amount_texts
from splitship.v1 import rule_pb2

_PERIODS = {"day": rule_pb2.QUOTA_PERIOD_DAY, "batch": rule_pb2.QUOTA_PERIOD_BATCH}
_PERIOD_TEXTS = {number: text for text, number in _PERIODS.items()}


def plain_rules(messages: Iterable[rule_pb2.Rule]) -> list[dict[str, Any]]:
    """What the messages say as `packs.rules.read_rules` takes it; what is wrong with it is for that to tell."""
    return [_plain_rule(message) for message in messages]


def rule_messages(problem: Problem) -> list[rule_pb2.Rule]:
    """A message for every rule."""
    return [_rule(rule) for rule in problem.rules]


def surcharge_messages(problem: Problem) -> list[rule_pb2.Surcharge]:
    """A message for every row of surcharges."""
    table = problem.surcharges
    columns = zip(
        table.name.tolist(),
        ["" if at < 0 else str(problem.services.service_id[at]) for at in table.service_idx.tolist()],
        amount_texts(table.per_package),
        amount_texts(table.share_of_value),
        table.conditions,
        strict=True,
    )
    return [
        rule_pb2.Surcharge(
            name=name,
            service_id=service,
            per_package=price,
            share_of_value=share,
            conditions={f"{condition.subject}.{condition.column}": _cell(condition) for condition in conditions},
        )
        for name, service, price, share, conditions in columns
    ]


def _cell(condition: TextCondition) -> str:
    """A condition as the cell of a table."""
    return ";".join((*condition.values, *(f"{prefix}*" for prefix in condition.prefixes)))


def _plain_rule(message: rule_pb2.Rule) -> dict[str, Any]:
    said = {field.name: value for field, value in message.ListFields()}
    plain: dict[str, Any] = {name: said[name] for name in ("name", "forbid", "from", "until") if name in said}
    for name in ("price", "set"):
        if name in said:
            plain[name] = {field.name: value for field, value in said[name].ListFields()}
    if "quota" in said:
        quota = {field.name: value for field, value in said["quota"].ListFields()}
        if "per" in quota:
            quota["per"] = _PERIOD_TEXTS.get(quota["per"], str(quota["per"]))
        plain["quota"] = quota
    if "where" in said:
        parts = {field.name: value for field, value in said["where"].ListFields()}
        plain["where"] = {
            part: {column: _plain_condition(condition) for column, condition in parts[part].items()} for part in parts
        }
    return plain


def _plain_condition(message: rule_pb2.Condition) -> Any:
    """Nested no deeper than messages are, which is checked again where conditions are read."""
    said: dict[str, Any] = {field.name: value for field, value in message.ListFields()}
    if "any_of" in said:
        said["any_of"] = list(said["any_of"].values)
        if len(said) == 1:
            return said["any_of"]
    if "not" in said:
        said["not"] = _plain_condition(said["not"])
    return said


def _rule(rule: Rule) -> rule_pb2.Rule:
    fields: dict[str, Any] = {"name": rule.name, "forbid": rule.is_forbidden}
    if rule.where.parts:
        fields["where"] = rule_pb2.RuleWhere(
            **{part: {name: _condition(condition) for name, condition in rule.where.of(part)} for part in PARTS}
        )
    if rule.price is not None:
        prices = {name: getattr(rule.price, name) for name in ("per_unit", "per_line", "per_package", "per_order")}
        fields["price"] = rule_pb2.RulePrice(**{name: format(price, "f") for name, price in prices.items() if price})
    if rule.sets:
        fields["set"] = rule_pb2.RuleSet(**{name: _setting(value) for name, value in rule.sets})
    if rule.quota is not None:
        over = rule.quota.price_over
        fields["quota"] = rule_pb2.RuleQuota(
            packages=rule.quota.packages,
            price_over="" if over is None else format(over, "f"),
            per=_PERIODS[rule.quota.per],
        )
    for name, day in (("from", rule.first_day), ("until", rule.last_day)):
        if day is not None:
            (fields[name],) = day_texts(np.array([day], np.int64))
    return rule_pb2.Rule(**fields)


def _setting(value: Any) -> Any:
    """Flags and whole numbers as they are, decimals as text."""
    return value if isinstance(value, (bool, int)) else format(value, "f")


def _condition(condition: Condition) -> rule_pb2.Condition:
    fields: dict[str, Any] = {}
    for part in condition.conditions if isinstance(condition, All) else (condition,):
        match part:
            case AnyOf(values):
                fields["any_of"] = rule_pb2.TextList(values=values)
            case Compare(order, bound):
                fields[order] = format(bound, "f")
            case Like(pattern):
                fields["like"] = pattern
            case Not(inner):
                fields["not"] = _condition(inner)
    return rule_pb2.Condition(**fields)
