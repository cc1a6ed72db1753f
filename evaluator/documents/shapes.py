"""Data held against a format: every problem of shape as an issue with its place, in the user's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from evaluator.documents.allowed import allowed_keys
from evaluator.documents.formats import Format, UnfitError
from evaluator.documents.parsing import MOST_PROBLEMS, Document, Key, listed
from evaluator.documents.signs import misleading_sign, sign_issue
from evaluator.errors import EvaluationError, Issue, Location, nearest
from evaluator.messages import Phrase, Term

M = TypeVar("M", bound=Format)

_WANTED = {
    "int": "integer", "float": "number", "finite_number": "number", "string": "text", "bool": "truth",
    "tuple": "list", "set": "list", "frozen_set": "list", "list": "list", "dict": "mapping",
    "model": "mapping", "date": "date", "datetime": "date",
}  # fmt: skip
_LIMITS = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}

_FEW = 8  # keys that are all offered where none resembles the one written


def validate(document: Document, model: type[M]) -> M:
    """Return the document as a value of a file format.

    Raises `EvaluationError` with every problem of shape.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        problems = _first_causes(error.errors()[: MOST_PROBLEMS + 1])
        raise EvaluationError(listed(list(_issues(document, problems, model)), document.file)) from None


def _first_causes(problems: Sequence[Any]) -> list[Any]:
    """Leave out lists that are only too short because an entry of theirs is wrong, and named itself."""
    places = [problem["loc"] for problem in problems]

    def follows(problem: Any) -> bool:
        place = problem["loc"]
        if problem["type"] == "missing" and place and isinstance(place[-1], int):
            place = place[:-1]
        elif problem["type"] != "too_short":
            return False
        return any(other[: len(place)] == place and other not in (place, problem["loc"]) for other in places)

    return [problem for problem in problems if not follows(problem)]


def _issues(document: Document, problems: Sequence[Any], model: type[BaseModel]) -> Iterator[Issue]:
    """Yield one issue for each entry: the kinds it might have had are said in one."""
    entries: dict[Key, list[Any]] = {}
    for problem in problems:
        entries.setdefault(_key(document, problem), []).append(problem)
    for key, found in entries.items():
        kinds = [kind for problem in found if (kind := _kind(problem))]
        problem = next((problem for problem in found if not _kind(problem)), found[0])
        wanted = kinds if len(kinds) == len(found) else []
        yield _look_alike(document, key, problem) or _issue(document, key, problem, wanted, model)


def _key(document: Document, problem: Mapping[str, Any]) -> Key:
    """Return the path of a problem in the file, without what pydantic adds for alternatives."""
    key: Key = tuple(part for part in problem["loc"] if not (isinstance(part, str) and part.startswith("<")))
    while problem["type"] != "missing" and key and key not in document.positions:
        key = key[:-1]
    return key


def _kind(problem: Mapping[str, Any]) -> str | None:
    """Return the kind of value that was wanted, None where something else is wrong."""
    stated = problem["type"]
    if stated in ("string_pattern_mismatch", "string_too_short", "string_too_long"):
        return None
    return next(
        (kind for stem, kind in _WANTED.items() if stated.startswith(f"{stem}_") or stated == stem), None
    )


def _issue(
    document: Document, key: Key, problem: Mapping[str, Any], wanted: Sequence[str], model: type[BaseModel]
) -> Issue:
    kind, context, found = problem["type"], problem.get("ctx", {}), problem["input"]
    subject = ".".join(str(part + 1) if isinstance(part, int) else part for part in key) or document.file
    where = document.where(key)
    if wanted:
        detail = {"wanted": _either(wanted), "found": _shown(found)}
        return Issue("DOC-103", subject, detail, where=where)
    if kind == "extra_forbidden":
        known = allowed_keys(model, key[:-1], document.data) - {str(key[-1])}
        hint = nearest(str(key[-1]), known) or (tuple(sorted(known)) if len(known) <= _FEW else ())
        return Issue("DOC-101", subject, hint=hint, where=where)
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
        return Issue("DOC-109", subject, {"reason": _size(kind, context, found)}, where=where)
    cause = context.get("error")
    reason = cause.reason if isinstance(cause, UnfitError) else Term("unfit.other")
    return Issue("DOC-107", subject, {"reason": reason}, where=where)


def _look_alike(document: Document, key: Key, problem: Mapping[str, Any]) -> Issue | None:
    """Return what is wrong where a full-width sign or a thousands sign made something else of an entry."""
    kind, found = problem["type"], problem["input"]
    if kind == "extra_forbidden" and (sign := misleading_sign(str(key[-1]))):
        return sign_issue(sign, document.where(key))
    if kind == "extra_forbidden":
        return _cut_number(document, key)
    wanted = _kind(problem)
    if wanted and isinstance(found, str) and wanted != "text":
        if sign := misleading_sign(found):
            return sign_issue(sign, document.where(key))
        if wanted in ("number", "integer"):
            return _thousands(document, key, found)
    if kind == "too_long":
        entries = ((*key, index) for index, _ in enumerate(found) if index)
        return next(filter(None, (_thousands(document, entry) for entry in entries)), None)
    return None


def _cut_number(document: Document, key: Key) -> Issue | None:
    """Return the issue of an unknown key that is the end of the number before it: ``{months: 1,200}``."""
    if not re.fullmatch(r"\d{3}", str(key[-1])):
        return None
    entries = list(_at(document.data, key[:-1]).items())
    place = [name for name, _ in entries].index(key[-1])
    name, before = entries[place - 1]
    if place == 0 or not re.fullmatch(r"-?\d{1,3}", str(before)):
        return None
    where = document.where((*key[:-1], name))
    return Issue("DOC-010", f"{before},{key[-1]}", {"plain": f"{before}{key[-1]}"}, where=where)


def _thousands(document: Document, key: Key, found: str = "") -> Issue | None:
    """Return the issue where a number was written with a comma: as one text, or as two entries of a list."""
    where = document.where(key)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", found):
        return Issue("DOC-010", found, {"plain": found.replace(",", "")}, where=where)
    if not key or not isinstance(last := key[-1], int) or last == 0:
        return None
    before = document.where((*key[:-1], last - 1))
    entries = _at(document.data, key[:-1])
    first, second = str(entries[last - 1]), str(entries[last])
    close = (before.line, (before.column or 0) + len(first) + 1) == (where.line, where.column)
    if close and re.fullmatch(r"-?\d{1,3}", first) and re.fullmatch(r"\d{3}", second):
        return Issue("DOC-010", f"{first},{second}", {"plain": first + second}, where=before)
    return None


def _at(data: Any, key: Key) -> Any:
    for part in key:
        data = data[part]
    return data


def _choice_issue(subject: str, context: Mapping[str, Any], found: Any, where: Location) -> Issue:
    listed = context.get("expected_tags") or context.get("expected") or ""
    choices = re.findall(r"'<?([^'<>]+)>?'", listed)
    given = str(context.get("tag", found)).strip("<>") if not isinstance(found, str) else found
    detail = {"found": given, "choices": ", ".join(choices)}
    return Issue("DOC-104", subject, detail, nearest(given, choices), where)


def _either(kinds: Sequence[str]) -> Term | Phrase:
    first, *others = dict.fromkeys(kind for kind in kinds if kind != "integer" or "number" not in kinds)
    said: Term | Phrase = Term(f"type.{first}")
    for kind in others:
        said = Phrase("type.either", {"one": said, "other": Term(f"type.{kind}")})
    return said


def _size(kind: str, context: Mapping[str, Any], found: Any) -> Phrase:
    """Return how many entries, or signs, an entry may have and how many it has."""
    most = kind.endswith("long")
    of = "signs" if kind.startswith("string") else "entries"
    limit = context["max_length" if most else "min_length"]
    return Phrase(f"size.{of}.{'most' if most else 'least'}", {"limit": limit, "found": len(found)})


def _shown(value: object) -> Term | str:
    """Return an entry as its author would call it."""
    if value is None or isinstance(value, dict | tuple):
        return Term(
            "type." + ("nothing" if value is None else "mapping" if isinstance(value, dict) else "list")
        )
    text = (
        f"«{value}»"
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )
    return text if len(text) <= 40 else text[:37] + "…"
