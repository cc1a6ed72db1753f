"""What pages of every form have in common: the block that says what they ask, and the files they save."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Generic, Self, TypeVar

from pydantic import ValidationError, field_validator

from evaluator.documents import Format, UnfitError
from evaluator.errors import EvaluationError, Issue, Location, Severity
from evaluator.files import opened
from evaluator.forms.carriers import MOST

EARLIER = 9
"""Forms of the same file that codes may still answer."""
_BLOCK = re.compile(rb'<script type="application/json" id="form-record">(.*?)</script>', re.DOTALL)
_BASIS, _PRIME, _WORD = 0xCBF29CE484222325, 0x100000001B3, (1 << 64) - 1
F = TypeVar("F", bound=Format)
R = TypeVar("R", bound=Format)
A = TypeVar("A", bound=tuple[str, ...])


class PagePerson(Format):
    """Who is asked."""

    id: str
    name: str = ""
    role: str = ""


class PageRecords(Format, Generic[R]):
    """What the script block of a page says of itself; `earlier` are the records it took the place of."""

    record: R
    earlier: tuple[R, ...] = ()

    @property
    def all(self) -> tuple[R, ...]:
        """The record of the page and of those before."""
        return (self.record, *self.earlier)


class SavedAnswers(Format, Generic[R, A]):
    """What a page saves: what it asks, the answers, remarks by group, and the code; `link` if by a server.

    `seal` is the check sum of the file, by which an edited one is known; `templates/form/js/seal.js` writes
    the same.
    """

    record: R
    answers: tuple[A, ...]
    remarks: Mapping[str, str] = {}
    code: str = ""
    saved: str = ""
    link: str = ""
    seal: str = ""

    @field_validator("answers")
    @classmethod
    def _once(cls, answers: tuple[A, ...]) -> tuple[A, ...]:
        if len({one[:-1] for one in answers}) < len(answers):
            raise UnfitError("other")  # one of two contradictory answers would hold
        return answers

    @property
    def sealed(self) -> Self:
        """The same with its seal."""
        said = [digest(self.record), self.answers, dict(self.remarks), self.code, self.saved]
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        return self.model_copy(update={"seal": fnv1a(text)})

    def edits(self, where: Location) -> tuple[Issue, ...]:
        """Return the warning that somebody edited the file after it had been saved, if so."""
        if self.seal == self.sealed.seal:
            return ()
        return (Issue("JUDGE-248", where.file, where=where, severity=Severity.WARNING),)


def read_page(kind: type[F], path: Path, name: str) -> F | None:
    """Return what a page asks; None for a page of others. Raises as `read_format`."""
    content = held(path, name)
    if len(content) > MOST or (found := _BLOCK.search(content)) is None:
        return None
    return read_format(kind, found[1], Location(name))


def earlier(kind: type[PageRecords[R]], path: Path, record: R) -> tuple[R, ...]:
    """Return what the page at a path asked before, so that codes of then are still understood."""
    try:
        before = read_page(kind, path, path.name) if path.exists() else None
    except EvaluationError:
        before = None
    return tuple(one for one in before.all if one != record)[:EARLIER] if before else ()


def read_saved(kind: type[F], path: Path, where: Location, mark: str) -> F | None:
    """Return what a file that a page saved says, as `read_format`; None for a file of others."""
    text = held(path, where.file)
    return read_format(kind, text, where) if len(text) <= MOST and mark.encode() in text else None


def held(path: Path, name: str) -> bytes:
    """Return what a file of answers holds, and of one that is too large a byte more than it may.

    Raises
    ------
    EvaluationError
        for what is not there, cannot be read, or is no file.
    """
    try:
        with opened(path) as stream:
            return stream.read(MOST + 1)
    except OSError as error:
        code = "FILE-711" if isinstance(error, FileNotFoundError) else "FILE-712"
        detail = {"reason": error.strerror or str(error)}
        raise EvaluationError([Issue(code, name, detail, where=Location(name))]) from None


def read_format(kind: type[F], text: str | bytes, where: Location) -> F:
    """Return what a file of ours says.

    Raises
    ------
    EvaluationError
        where it does not say what such a file says, with the key at fault.
    """
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "JSON"
        raise EvaluationError([Issue("JUDGE-246", where.file, {"key": key}, where=where)]) from None


def bits(said: object, count: int) -> int:
    """Return what tells something apart from others, in so many bits."""
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode("ascii")).digest()) >> (256 - count)


def digest(record: Format) -> str:
    """Return what tells a record apart from others: words with their usual value, such as new ones, aside."""
    return hashlib.sha256(record.model_dump_json(exclude_defaults=True).encode("utf-8")).hexdigest()[:16]


def fnv1a(text: str) -> str:
    """Return the 64 bits that Fowler, Noll and Vo's hash FNV-1a makes of a text in UTF-8.

    >>> [fnv1a(text) for text in ("", "a", "foobar")]
    ['cbf29ce484222325', 'af63dc4c8601ec8c', '85944171f73967e8']
    """
    value = _BASIS
    for byte in text.encode("utf-8"):
        value = (value ^ byte) * _PRIME & _WORD
    return f"{value:016x}"
