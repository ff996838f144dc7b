"""What rules may say and the solver does not know yet: refused at its place, never ignored."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from splitship.domain.rules import Rule
from splitship.packs.findings import Findings
from splitship.packs.rule_source import Path, RuleSources
from splitship.packs.supported import is_supported

_HINTS = {
    "prices_per_order": "price the package, the line or the unit: per_package, per_line, per_unit",
}
"""A remedy by the feature that a part of a rule belongs to."""
RULE_FEATURES = frozenset(_HINTS)
"""Names of features that parts of rules belong to, beyond `rules` itself."""


def refuse_rules(sources: RuleSources, findings: Findings, features: Collection[str]) -> None:
    """E503 for every part of a rule that belongs to a feature which is not supported; `features` count as supported."""
    if sources.num_given and not is_supported("rules", features):
        findings.add("E503", sources.place, "rules are not yet supported", "leave the list empty", "rules")
        return
    for source in sources.sources:
        if not source.is_whole:
            continue
        for path, feature in _parts_to_come(source.rule):
            if not is_supported(feature, features):
                source.tell(findings, "E503", path, f"{path[-1]} is not yet supported", _HINTS[feature])


def _parts_to_come(rule: Rule) -> Iterator[tuple[Path, str]]:
    """Paths of what a rule says beyond the base of rules, each with its feature."""
    if rule.price is not None and rule.price.per_order:
        yield ("price", "per_order"), "prices_per_order"
