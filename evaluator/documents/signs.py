"""What keeps YAML from being read, named as it stands in the file: tabs, full-width signs, open brackets.

The parser's own words are English and speak of tokens; here they become texts of the catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evaluator.errors import Issue, Location
from evaluator.messages import Term

_SIGNS = {
    "：": "colon", "，": "comma", "［": "bracket", "］": "bracket", "【": "bracket", "】": "bracket",
    "｛": "brace", "｝": "brace", "“": "quote", "”": "quote", "‘": "quote", "’": "quote", "＂": "quote",
    "＃": "hash", "－": "dash", "\u3000": "space", "\u00a0": "space", "\t": "tab",
    **dict.fromkeys("０１２３４５６７８９．％", "digit"),
}  # fmt: skip
_LOOK_ALIKE = re.compile("[" + "".join(_SIGNS) + "]")
_PLAIN_KEY = re.compile(r":(?:\s|$)")
_NO_SPACE = re.compile(r"\s*(?:- +)*[^\s'\"#:{\[]+:(?=[^\s/:])")
_KEYED = re.compile(r"\s*(?:- +)*[A-Za-z_]\w*：")
_REASONS = (
    ("could not find expected ':'", "no_colon"),
    ("mapping values are not allowed", "second_colon"),
    ("found a tab character", "indent"),
    ("did not find expected key", "indent"),
    ("expected <block end>", "indent"),
    ("did not find expected '-'", "indent"),
    ("sequence entries are not allowed", "indent"),
    ("',' or ']'", "open_bracket"),
    ("',' or '}'", "open_brace"),
    ("unexpected end of stream", "open_quote"),
    ("unknown escape character", "escape"),
    ("hexadecimal", "escape"),
    ("cannot start any token", "first_sign"),
    ("alphabetic or numeric", "first_sign"),
    ("characters are not allowed", "control"),
    ("alias", "first_sign"),
    ("key", "key"),
)
_OPENING = ("", ":", ",", "[", "{", "-")  # what stands before the first sign of an entry


def syntax_issues(text: str, error: Any, name: str) -> tuple[Issue, ...]:
    """Return why YAML cannot be read, and every key of the file that has a full-width colon."""
    first = _first_issue(text, error, name)
    line = (first.where.line if first.where else None) or 0
    others = (
        sign_issue("：", Location(name, number, key.end()))
        for number, written in enumerate(text.splitlines(), 1)
        if number != line and (key := _KEYED.match(written))
    )
    return (first, *others)


def _first_issue(text: str, error: Any, name: str) -> Issue:
    """Return what is wrong where YAML cannot be read: a sign, or a structure."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Issue("DOC-001", name, {"reason": _reason(error)}, where=Location(name))
    reason, where = _reason(error), Location(name, mark.line + 1, mark.column + 1)
    block = "block" in (getattr(error, "context", None) or "")  # begins far above what is wrong
    began = None if block else getattr(error, "context_mark", None)
    first = max(0, (began or mark).line - 1)
    for number, line in enumerate(text.splitlines()[first : mark.line + 1], first + 1):
        if (column := _misleading(line)) is not None:
            return sign_issue(line[column], Location(name, number, column + 1))
        if reason == "unread.second_colon" and (close := _NO_SPACE.match(line)):
            where = Location(name, number, close.end())
            return Issue("DOC-001", name, {"reason": Term("unread.no_space")}, where=where)
    if reason == "unread.open_quote" and began:
        where = Location(name, began.line + 1, began.column + 1)
    return Issue("DOC-001", name, {"reason": reason}, where=where)


def sign_issue(sign: str, where: Location | None) -> Issue:
    """Return the issue of a sign that looks like one of YAML's."""
    return Issue("DOC-009", sign, {"sign": Term(f"sign.{_SIGNS[sign]}")}, where=where)


def misleading_sign(text: str) -> str | None:
    """Return the sign that made one text of what was to be more, None where there is none.

    >>> misleading_sign("id：E1"), misleading_sign("0，100"), misleading_sign("plain")
    ('：', '，', None)
    """
    return next(iter(_LOOK_ALIKE.findall(text)), None)


def _misleading(line: str) -> int | None:
    """Return where a line is indented by a tab or wide spaces, or a full-width sign stands for another."""
    indent = line[: len(line) - len(line.lstrip())]
    if found := _LOOK_ALIKE.search(indent):
        return found.start()
    return next(_outside_quotes(line), None)


def _outside_quotes(line: str) -> Iterator[int]:
    """Yield where full-width signs stand for plain ones: outside quotation marks and comments."""
    quote, depth = "", 0
    for place, letter in enumerate(line):
        before = line[:place].rstrip()
        begins = before[-1:] in _OPENING
        if quote or letter in "\"'":
            quote = "" if letter == quote else quote or (letter if begins else "")
        elif letter == "#" and line[place - 1 : place] in ("", " "):
            return
        elif _stands_for_plain(letter, before, begins, depth):
            yield place
        depth += (letter in "[{") - (letter in "]}")


def _stands_for_plain(letter: str, before: str, begins: bool, depth: int) -> bool:
    if letter == "：":
        return depth > 0 or not _PLAIN_KEY.search(before)
    if letter == "，":
        return depth > 0
    return letter in _SIGNS and _SIGNS[letter] != "digit" and begins


def _reason(error: Any) -> Term:
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "")
    return Term("unread." + next((key for words, key in _REASONS if words in said), "other"))
