"""YAML text as plain data, with the position of every entry.

A document is plain data (dictionaries, tuples, text, numbers, booleans, nothing) and a table from
path to place, so that a problem found anywhere later still names its line. Scalars follow the YAML
1.2 core rules: ``no``, ``1:30`` and ``012`` stay text. Tags, anchors and repeated keys are errors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from evaluator.brief import Brief
from evaluator.documents.signs import syntax_issues
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.files import read_bytes
from evaluator.messages import Term

Key = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
_DEEPEST = 60
MOST_PROBLEMS = 200
"""Problems of a file that are listed: who wrote more has misunderstood something, or means harm."""


@dataclass(frozen=True)
class Document(Brief):
    """What a YAML file says (`data`) and where it says it (`positions`, by path)."""

    file: str
    data: Any
    positions: Mapping[Key, Location]

    def where(self, key: Key = ()) -> Location:
        """Return the place of a path, or of the nearest entry above it."""
        while key and key not in self.positions:
            key = key[:-1]
        return self.positions.get(key, Location(self.file))

    def replaced(self, key: Key, branch: Any, positions: Mapping[Key, Location]) -> Document:
        """Return the document with another branch at `key`; `positions` are relative to the branch."""
        kept = {path: place for path, place in self.positions.items() if path[: len(key)] != key}
        moved = {key + path: place for path, place in positions.items()}
        return replace(self, data=_with(self.data, key, branch), positions=kept | moved)


def load(path: str | Path, name: str | None = None) -> Document:
    """Read a YAML file; `name` is how messages call it (default: the path as given).

    Raises `EvaluationError` with every syntax problem.
    """
    name = name or str(path)
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except OSError as error:
        raise EvaluationError(
            [Issue("DOC-002", name, {"reason": error.strerror or str(error)}, where=Location(name))]
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise EvaluationError([Issue("DOC-003", name, where=Location(name, line))]) from error
    return parse(text, name)


def parse(text: str, name: str) -> Document:
    """Read YAML text; see `load`.

    >>> document = parse("weights:\\n  profit: 012\\n  loyal: no", "example.yaml")
    >>> document.data
    {'weights': {'profit': '012', 'loyal': 'no'}}
    >>> print(document.where(("weights", "loyal")))
    example.yaml:3:3
    """
    builder = _Builder(name)
    try:
        data = builder.build(iter(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))))
    except yaml.YAMLError as error:
        builder.issues.extend(syntax_issues(text, error, name))
        data = None
    if builder.issues:
        raise EvaluationError(builder.issues)
    return Document(name, data, builder.positions)


class _Builder:
    """Turns parser events into data, noting the position of each entry and every problem."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.issues: list[Issue] = []
        self.positions: dict[Key, Location] = {}

    def build(self, events: Iterator[Any]) -> Any:
        documents = [
            self._value(next(events), events, ())
            for event in events
            if isinstance(event, yaml.DocumentStartEvent)
        ]
        if len(documents) != 1 or documents[0] is None:
            self.issues.append(
                Issue("DOC-007", self.name, {"count": len(documents)}, where=Location(self.name))
            )
            return None
        return documents[0]

    def _value(self, event: Any, events: Iterator[Any], key: Key) -> Any:
        if key not in self.positions:  # that of an entry of a mapping is its name's
            self.positions[key] = self._place(event)
        self._refuse_extras(event)
        if len(key) > _DEEPEST:
            raise EvaluationError([Issue("DOC-008", self.name, where=self._place(event))])
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, key)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, key)
        if isinstance(event, yaml.ScalarEvent):
            return event.value if event.style else _plain(event.value)
        return None

    def _mapping(self, events: Iterator[Any], key: Key) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            self._refuse_extras(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise EvaluationError(
                    [Issue("DOC-001", self.name, {"reason": Term("unread.key")}, where=self._place(event))]
                )
            name = event.value
            if name in mapping:
                first = self.positions[(*key, name)].line
                self._note(Issue("DOC-006", name, {"first": first}, where=self._place(event)))
            self.positions[(*key, name)] = self._place(event)
            mapping[name] = self._value(next(events), events, (*key, name))
        return mapping

    def _sequence(self, events: Iterator[Any], key: Key) -> tuple[Any, ...]:
        entries: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            entries.append(self._value(event, events, (*key, len(entries))))
        return tuple(entries)

    def _refuse_extras(self, event: Any) -> None:
        if getattr(event, "tag", None) not in (None, "!"):
            self._note(Issue("DOC-004", event.tag, where=self._place(event)))
        if getattr(event, "anchor", None):
            self._note(Issue("DOC-005", event.anchor, where=self._place(event)))

    def _note(self, issue: Issue) -> None:
        self.issues.append(issue)
        if len(self.issues) > MOST_PROBLEMS:
            raise EvaluationError(listed(self.issues, self.name))

    def _place(self, event: Any) -> Location:
        return Location(self.name, event.start_mark.line + 1, event.start_mark.column + 1)


def listed(issues: Sequence[Issue], name: str) -> list[Issue]:
    """Return the problems of a file that are listed, with a note where there are more."""
    if len(issues) <= MOST_PROBLEMS:
        return list(issues)
    more = Issue("DOC-011", name, {"count": MOST_PROBLEMS}, where=Location(name))
    return [*issues[:MOST_PROBLEMS], more]


def _plain(value: str) -> Any:
    if value in _CONSTANTS:
        return _CONSTANTS[value]
    if _INTEGER.fullmatch(value):
        return int(value) if len(value) < 19 else value
    return float(value) if _FLOAT.fullmatch(value) else value


def _with(data: Any, key: Key, branch: Any) -> Any:
    if not key:
        return branch
    first, rest = key[0], key[1:]
    if isinstance(data, tuple):
        return tuple(_with(entry, rest, branch) if i == first else entry for i, entry in enumerate(data))
    return {name: _with(entry, rest, branch) if name == first else entry for name, entry in data.items()}


def dumped(data: Mapping[str, Any]) -> str:
    """Return data as YAML text that reads back as the same.

    >>> print(dumped({"customers": ({"id": "A", "orders": 2},)}), end="")
    customers:
    - id: A
      orders: 2
    """
    return yaml.safe_dump(_as_lists(data), allow_unicode=True, sort_keys=False, width=110)


def _as_lists(data: Any) -> Any:
    """Return data in the types of YAML's own writer, each entry once."""
    if isinstance(data, Mapping):
        return {key: _as_lists(value) for key, value in data.items()}
    return [_as_lists(entry) for entry in data] if isinstance(data, tuple | list) else data


def quoted(text: str) -> str:
    """Return how YAML writes a text: as it stands where that reads back, else in double quotes.

    >>> print(quoted("客户价值"), quoted("2024: Q1"), quoted("012"), quoted(""))
    客户价值 "2024: Q1" 012 ""
    """
    try:
        same = parse(f"a: [{text}]", "").data == {"a": (text,)}
    except EvaluationError:
        same = False
    return text if same else json.dumps(text, ensure_ascii=False)
