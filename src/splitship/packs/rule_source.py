"""Rules as they were written, each with the places of its parts, so that faults found later can name them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from splitship.domain.rules import Rule
from splitship.packs.findings import Findings

Place = Callable[[tuple[str | int, ...], bool], str]
"""(path of a setting, is it about the key?) -> the place in words, such as `scenario.yaml:7:3`."""

Path = tuple[str | int, ...]
"""A way into one rule: ("where", "order", "channel")."""


KEY = "\0key"
"""Last step of a path to the name of a column, not to its condition."""


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A rule, its position in the list as given, and the places of its parts by their path.

    Not `is_whole`: something in it is wrong and was told; only its `where` is still looked at.
    """

    rule: Rule
    position: int
    places: Mapping[Path, str] = field(compare=False)
    is_whole: bool = True

    def place(self, path: Path) -> str:
        """The place of a part, or of the nearest one around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path]

    def tell(self, findings: Findings, code: str, path: Path, message: str, hint: str = "") -> None:
        """One finding about a part of the rule."""
        findings.add(code, self.place(path), message, hint, field_name(self.position, path), "rules")

    def with_rule(self, rule: Rule) -> RuleSource:
        """The same places for a rule that was worked on."""
        return dataclasses.replace(self, rule=rule)


@dataclass(frozen=True, slots=True)
class RuleSources:
    """The rules of a problem. `place` is that of the list, `num_given` its length. Equal when the rules are."""

    place: str = field(compare=False)
    num_given: int
    sources: tuple[RuleSource, ...]


NO_RULES = RuleSources("", 0, ())
"""No list, or an empty one."""


def field_name(position: int, path: Path) -> str:
    """The name of a part in findings: `rules.3.where.order`."""
    return ".".join(map(str, ("rules", position, *(part for part in path if part != KEY))))
