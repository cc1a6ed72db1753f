"""Reads the workbook language: XML text → elements, with every mistake and its template line.

The text comes from a template whose start tags carry the line they were written on (`PLACE`), so a
mistake is reported where a person can mend it. Only a mistake of XML itself (a tag not closed) is
placed at the last start tag before it, with the line of the rendered text in its detail. Entities
and document types are refused: a template needs none, and they are how XML reads foreign files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.parsers import expat

from evaluator.errors import EvaluationError, Issue, Location, nearest, raise_errors
from evaluator.workbook.elements import GRAMMAR, PLACE, Cell, Element, Kind, TableColumn, Workbook, attributes
from evaluator.workbook.formulas import mistakes
from evaluator.workbook.theme import Theme

_NAME = re.compile(r"[^\W\d][\w.-]*")
_DEFINED = re.compile(r"[^\W\d]\w*")
_CELL_LIKE = re.compile(r"(?i)[a-z]{1,3}\d+|r\d*c\d*|r|c|true|false")
_CONTENT = ("text", "value", "day")
_PLACED = re.compile(rf'{PLACE}="([^"]*):(\d+)"')


def parse(text: str, *, file: str, theme: Theme | None = None) -> Workbook:
    """Return the workbook a text describes.

    Parameters
    ----------
    file : what messages call the text where an element does not carry its template line.
    theme : whose styles and colours the text may name.

    Raises
    ------
    EvaluationError
        with every mistake: what is not XML, an element, attribute, value, style, colour or formula that is
        not known here, text where none may stand, an entity or document type.
    """
    reader = _Reader(text, file, theme or Theme())
    workbook = reader.read()
    raise_errors(reader.issues)
    assert workbook is not None
    return workbook


@dataclass
class _Open:
    """An element whose end has not come yet; `type` is None inside one that is not known."""

    tag: str
    type: type[Element] | None
    where: Location
    values: dict[str, Any] = field(default_factory=dict)
    parts: list[Element] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class _Reader:
    """Builds elements from the events of expat, noting every mistake."""

    def __init__(self, text: str, file: str, theme: Theme) -> None:
        self.text, self.file, self.theme = text, file, theme
        self.issues: list[Issue] = []
        self.open: list[_Open] = []
        self.result: Workbook | None = None

    def read(self) -> Workbook | None:
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(self.text.encode("utf-8"), True)
        except expat.ExpatError as error:
            reason = f"{expat.ErrorString(error.code)}, {error.lineno}:{error.offset + 1}"
            self._note("REPORT-830", self.file, self._before(error.lineno), reason=reason)
        return self.result

    def _start(self, tag: str, given: dict[str, str]) -> None:
        where = self._place(given.pop(PLACE, None))
        known = self._parts_here()
        element = None if known is None else known.get(tag)
        if known is not None and element is None:
            self._note("REPORT-831", tag, where, inside=self._inside(), hint=nearest(tag, known))
        opened = _Open(tag, element, where)
        if element is not None:
            opened.values = self._values(tag, attributes(element), given, where)
        self.open.append(opened)

    def _end(self, tag: str) -> None:
        closed = self.open.pop()
        if closed.type is None:
            return
        known = attributes(closed.type).items()
        missing = [name for name, kind in known if kind.required and name not in closed.values]
        for name in missing:
            self._note("REPORT-833", _written(name), closed.where, element=tag)
        self._check_text(closed)
        if missing:
            return
        if closed.type in GRAMMAR:
            closed.values[GRAMMAR[closed.type][0]] = tuple(closed.parts)
        element = closed.type(where=closed.where, **closed.values)
        if isinstance(element, Workbook):
            self.result = element
        else:
            self.open[-1].parts.append(element)

    def _characters(self, text: str) -> None:
        if self.open:
            self.open[-1].text.append(text)

    def _refuse(self, name: str, *rest: object) -> None:
        self._note("REPORT-841", name, Location(self.file, self.parser.CurrentLineNumber))
        raise EvaluationError(self.issues)

    def _check_text(self, closed: _Open) -> None:
        text = "".join(closed.text)
        if closed.type in (Cell, TableColumn):
            closed.values["text"] = text
        elif text.strip():
            self._note("REPORT-838", text.strip()[:40], closed.where, element=closed.tag)
        if closed.type is Cell:
            self._check_cell(closed, text)

    def _check_cell(self, closed: _Open, text: str) -> None:
        given = [name for name in _CONTENT[1:] if name in closed.values] + ["text"] * bool(text)
        if len(given) > 1:
            found, wanted = ", ".join(given), " | ".join(_CONTENT)
            self._note("REPORT-834", "cell", closed.where, found=found, wanted=wanted)
        if closed.values.get("formula") and not given:
            self._note("REPORT-833", "value", closed.where, element="cell")

    def _values(
        self, tag: str, known: Mapping[str, Kind], given: Mapping[str, str], where: Location
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for written, text in given.items():
            name = written.replace("-", "_")
            if name not in known or written != _written(name):
                hint = nearest(written, map(_written, known))
                self._note("REPORT-832", written, where, element=tag, hint=hint)
                continue
            values[name] = self._value(written, known[name], text, where)
        return values

    def _value(self, written: str, kind: Kind, text: str, where: Location) -> Any:
        if kind.kind in ("style", "colour"):
            return self._themed(kind.kind, text, where)
        if kind.kind == "formula":
            for problem, hint in mistakes(text):
                self._note("REPORT-840", problem, where, formula=text, hint=hint)
            return text
        try:
            return read(kind, text)
        except ValueError:
            hint = nearest(text, kind.words)
            wanted = " | ".join(kind.words) or kind.kind
            self._note("REPORT-834", written, where, found=text, wanted=wanted, hint=hint)
            return None

    def _themed(self, kind: str, text: str, where: Location) -> str:
        known = self.theme.styles if kind == "style" else self.theme.colours
        for name in text.split() or [text]:
            if name not in known:
                self._note("REPORT-835", name, where, kind=kind, hint=nearest(name, known))
        return text

    def _parts_here(self) -> dict[str, type[Element]] | None:
        if not self.open:
            return {"workbook": Workbook}
        above = self.open[-1].type
        return None if above is None else GRAMMAR[above][1] if above in GRAMMAR else {}

    def _inside(self) -> str:
        return self.open[-1].tag if self.open else self.file

    def _place(self, marked: str | None) -> Location:
        if marked:
            file, _, line = marked.rpartition(":")
            return Location(file, int(line))
        return self.open[-1].where if self.open else Location(self.file, self.parser.CurrentLineNumber)

    def _before(self, line: int) -> Location:
        """Return the place of the last start tag up to a line of the rendered text."""
        above = "\n".join(self.text.split("\n")[:line])
        marks = _PLACED.findall(above)
        return Location(marks[-1][0], int(marks[-1][1])) if marks else Location(self.file, line)

    def _note(
        self, code: str, subject: str, where: Location, *, hint: tuple[str, ...] = (), **detail: object
    ) -> None:
        self.issues.append(Issue(code, subject, detail, hint, where))


def read(kind: Kind, text: str) -> Any:
    """Return the value of an attribute; `ValueError` where the text is not of its kind.

    An empty number is a number that is not there.

    >>> read(Kind("truth"), "yes"), read(Kind("number"), "0.5"), read(Kind("number"), "")
    (True, 0.5, None)
    """
    if kind.words:
        return _one_of(text, kind.words)
    return _KINDS[kind.kind](text)


def _one_of(text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise ValueError(text)
    return text


def _truth(text: str) -> bool:
    return _one_of(text, ("yes", "no")) == "yes"


def _integer(text: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", text):
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float | None:
    if text in ("", "nan"):
        return None
    if not math.isfinite(number := float(text)):
        raise ValueError(text)
    return number


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError(text)
    return text


def _reference(text: str) -> str:
    """Return a name, or the first and the last name of a range."""
    if not all(_NAME.fullmatch(name) for name in text.split(":", 1)):
        raise ValueError(text)
    return text


def _defined(text: str) -> str:
    """Return a name Excel accepts: no dots at the ends, nothing that looks like a cell."""
    if not _DEFINED.fullmatch(text) or _CELL_LIKE.fullmatch(text):
        raise ValueError(text)
    return text


_KINDS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "data": _name,
    "name": _name,
    "reference": _reference,
    "defined": _defined,
    "truth": _truth,
    "integer": _integer,
    "number": _number,
    "date": date.fromisoformat,
}


def _written(name: str) -> str:
    return name.replace("_", "-")
