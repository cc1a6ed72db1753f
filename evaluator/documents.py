"""YAML files with the position of every entry.

A document is plain data (dictionaries, tuples, text, numbers, booleans, nothing) and a table from
path to place, so that a problem found anywhere later still names its line. Scalars follow the YAML
1.2 core rules: ``no``, ``1:30`` and ``012`` stay text. Tags, anchors and repeated keys are errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from evaluator.errors import EvaluationError, Issue, Location, nearest
from evaluator.messages import Term

Key = tuple[str | int, ...]
M = TypeVar("M", bound="Format")

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
_DEEPEST = 60


class Format(BaseModel):
    """Base of every file format: frozen, strict, no unknown keys, finite numbers only."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


def _iso_date(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


Day = Annotated[date, BeforeValidator(_iso_date, json_schema_input_type=date)]


@dataclass(frozen=True)
class Document:
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

    Raises `EvaluationError` with every syntax problem: DOC-001 (syntax), DOC-002 (not readable),
    DOC-003 (not UTF-8), DOC-004 (tag), DOC-005 (anchor), DOC-006 (repeated key), DOC-007 (empty or
    more than one document), DOC-008 (nested too deeply).
    """
    name = name or str(path)
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
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
        mark = getattr(error, "problem_mark", None)
        where = Location(name, mark.line + 1, mark.column + 1) if mark else Location(name)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "?"
        builder.issues.append(Issue("DOC-001", name, {"reason": reason}, where=where))
        data = None
    if builder.issues:
        raise EvaluationError(builder.issues)
    return Document(name, data, builder.positions)


def validate(document: Document, model: type[M]) -> M:
    """Return the document as a value of a file format.

    Raises `EvaluationError` with every problem of shape: DOC-101 (unknown key), DOC-102 (missing
    key), DOC-103 (wrong type), DOC-104 (not one of the choices), DOC-105 (`kind` missing), DOC-106
    (out of range), DOC-107 (other), DOC-108 (not a valid id), DOC-109 (too few or too many entries).
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        names = _field_names(model)
        problems = _first_causes(error.errors())
        raise EvaluationError(_shape_issue(document, problem, names) for problem in problems) from None


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
        self.positions.setdefault(key, self._place(event))
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
                    [Issue("DOC-001", self.name, {"reason": "key"}, where=self._place(event))]
                )
            name = event.value
            if name in mapping:
                first = self.positions[(*key, name)].line
                self.issues.append(Issue("DOC-006", name, {"first": first}, where=self._place(event)))
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
            self.issues.append(Issue("DOC-004", event.tag, where=self._place(event)))
        if getattr(event, "anchor", None):
            self.issues.append(Issue("DOC-005", event.anchor, where=self._place(event)))

    def _place(self, event: Any) -> Location:
        return Location(self.name, event.start_mark.line + 1, event.start_mark.column + 1)


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


def _first_causes(problems: Sequence[Any]) -> list[Any]:
    """Leave out lists that are only too short because an entry of theirs is wrong, and named itself."""
    places = [problem["loc"] for problem in problems]
    return [
        problem
        for problem in problems
        if problem["type"] != "too_short"
        or not any(place[: len(problem["loc"])] == problem["loc"] != place for place in places)
    ]


def _field_names(model: type[BaseModel]) -> set[str]:
    schema = model.model_json_schema()
    shapes = [schema, *schema.get("$defs", {}).values()]
    return {name for shape in shapes for name in shape.get("properties", {})}


_WANTED = {
    "int": "integer", "float": "number", "finite_number": "number", "string": "text", "bool": "truth",
    "tuple": "list", "dict": "mapping", "model": "mapping", "date": "date", "datetime": "date",
}  # fmt: skip
_LIMITS = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}


def _shape_issue(document: Document, problem: Mapping[str, Any], names: set[str]) -> Issue:
    key: Key = tuple(part for part in problem["loc"] if not (isinstance(part, str) and part.startswith("<")))
    kind, context = problem["type"], problem.get("ctx", {})
    subject = ".".join(str(part + 1) if isinstance(part, int) else part for part in key) or document.file
    where, found = document.where(key), problem["input"]
    if kind == "extra_forbidden":
        return Issue("DOC-101", subject, hint=nearest(str(key[-1]), names - {str(key[-1])}), where=where)
    if kind == "missing":
        return Issue("DOC-102", subject, where=document.where(key[:-1]))
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        return _choice_issue(subject, context, found, where)
    if kind == "union_tag_not_found":
        return Issue("DOC-105", subject, where=where)
    if kind in _LIMITS:
        limit = next(value for name, value in context.items() if name in ("gt", "ge", "lt", "le"))
        return Issue("DOC-106", subject, {"found": found, "limit": f"{_LIMITS[kind]} {limit}"}, where=where)
    if kind == "string_pattern_mismatch":
        return Issue("DOC-108", subject, {"found": found}, where=where)
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        return Issue("DOC-109", subject, {"reason": problem["msg"]}, where=where)
    stem = next((stem for stem in _WANTED if kind.startswith(stem)), None)
    if stem:
        return Issue(
            "DOC-103", subject, {"wanted": Term(f"type.{_WANTED[stem]}"), "found": _shown(found)}, where=where
        )
    return Issue("DOC-107", subject, {"reason": problem["msg"]}, where=where)


def _choice_issue(subject: str, context: Mapping[str, Any], found: Any, where: Location) -> Issue:
    listed = context.get("expected_tags") or context.get("expected") or ""
    choices = re.findall(r"'<?([^'<>]+)>?'", listed)
    given = str(context.get("tag", found)).strip("<>") if not isinstance(found, str) else found
    detail = {"found": given, "choices": ", ".join(choices)}
    return Issue("DOC-104", subject, detail, nearest(given, choices), where)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…"
