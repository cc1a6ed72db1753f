"""What data may do to a terminal: be read. Whatever would steer it is written out instead.

A name or a file's name can hold an escape sequence that clears the screen, renames the window or types
commands, a carriage return that overwrites the line before, or a sign that turns the order of letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from evaluator.errors import Issue
from evaluator.messages import LANGUAGES, Named, Noun, Term

LONGEST = 400  # letters of one value; nobody reads more of it on a terminal
LONGEST_LINE = 8_000  # letters of a line that is there to be copied
_COPIED = ("line", "options", "every", "meant")

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters of ASCII and Latin-1, but tab and line end
    "\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)
_BREAKS = re.compile(r"[\t\n]")


def visible(text: str) -> str:
    """Return text that steers no terminal, with what would do so written as ``\\u001b``.

    >>> visible("a\\x1b[2Jb")
    'a\\\\u001b[2Jb'
    """
    return _STEERING.sub(_written, text)


def value(given: object, longest: int = LONGEST) -> object:
    """Return a value as a sentence holds it: text on one line, not endless; the rest as it is.

    >>> value("a\\nerror: b"), value(3)
    ('a\\\\u000aerror: b', 3)
    """
    return _line(given, longest) if isinstance(given, str) else given


def _line(given: str, longest: int = LONGEST) -> str:
    """Return text on one line, not endless; what the catalogues say it by stays with it."""
    if isinstance(given, Named):
        names = {language: _line(given.name[language]) for language in LANGUAGES}
        return Named(_line(str(given)), names)
    if isinstance(given, Term | Noun):
        return given
    shown = given if len(given) <= longest else f"{given[:longest]}…"
    return _BREAKS.sub(_written, visible(shown))


def values(given: Mapping[str, object]) -> dict[str, object]:
    """Return the values of a sentence as it holds them."""
    return {name: value(entry, LONGEST_LINE if name in _COPIED else LONGEST) for name, entry in given.items()}


def escaped(issue: Issue) -> Issue:
    """Return an issue whose values are as a sentence holds them."""
    hint = tuple(str(value(name)) for name in issue.hint)
    where = issue.where and replace(issue.where, file=str(value(issue.where.file)))
    if where and where.sheet:
        where = replace(where, sheet=str(value(where.sheet)))
    subject, detail = _line(issue.subject), values(issue.detail)
    return replace(issue, subject=subject, detail=detail, hint=hint, where=where)


def _written(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
