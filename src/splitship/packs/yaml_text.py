"""YAML 1.2 to plain values with the place of each: numbers stay the text that was written, so decimals stay exact."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]
Place = tuple[int, int]

_MAX_NODES = 300_000
"""Values a document may hold once aliases are written out: thirty for each of ten thousand rules."""
_MAX_DEPTH = 50
_TRUE, _FALSE = {"true", "True", "TRUE"}, {"false", "False", "FALSE"}
_NULL = re.compile(r"^(~|null|Null|NULL|)$")


class YamlFaultError(Exception):
    """The text is not YAML we can use: a message, and line and column counted from 1."""

    def __init__(self, message: str, place: Place = (1, 1)) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


@dataclass(frozen=True, slots=True)
class Document:
    """A document's value (dicts, lists, text, booleans, None) and where keys and values stand (line, column from 1)."""

    value: Any
    key_places: dict[Path, Place] = field(default_factory=dict)
    value_places: dict[Path, Place] = field(default_factory=dict)


def read_yaml(text: str) -> Document:
    """Parse one document. Scalars are text, except unquoted true, false and null.

    Raises:
        YamlFaultError: not YAML, more than one document, a key twice, a key that is not text, or too many values.
    """
    try:
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise YamlFaultError(" ".join(str(error.problem or error.context or "not YAML").split()), place) from error
    except YAMLError as error:
        raise YamlFaultError(" ".join(str(error).split())[:200]) from error
    except RecursionError as error:
        raise YamlFaultError("nested too deeply") from error
    document = Document(None)
    if root is None:
        return document
    return Document(_Walk(document).value(root, ()), document.key_places, document.value_places)


class _Walk:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.left = _MAX_NODES

    def value(self, node: Node, path: Path) -> Any:
        self.left -= 1
        place = _place(node)
        if self.left < 0:
            raise YamlFaultError("too many values (aliases that repeat each other?)", place)
        if len(path) > _MAX_DEPTH:
            raise YamlFaultError("nested too deeply (an alias that holds itself?)", place)
        self.document.value_places[path] = place
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(child, (*path, at)) for at, child in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        text = str(node.value)
        if node.style is None:
            if _NULL.match(text):
                return None
            if text in _TRUE:
                return True
            if text in _FALSE:
                return False
        return text

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, child in node.value:
            place = _place(key_node)
            if not isinstance(key_node, ScalarNode):
                raise YamlFaultError("a key must be text", place)
            key = str(key_node.value)
            if key in found:
                raise YamlFaultError(f"the key {key!r} stands twice", place)
            self.document.key_places[(*path, key)] = place
            found[key] = self.value(child, (*path, key))
        return found


def _place(node: Node) -> Place:
    mark = node.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
