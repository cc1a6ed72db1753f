"""Names as a person can read them: of any length, script and direction, they keep their place.

Names come from customers' tables and hold what people and machines put there. Shown, they lose what is no
letter to a reader (line ends, control and direction signs, marks piled up), and end in ``…`` where they
are too long for any place; files of results keep them whole.
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

LONGEST = 80
"""Letters of a name; a line of a card or of a wide column."""

_MARKS = 3  # of one letter: Vietnamese needs two, Hebrew with points and accents three
_UNSEEN = (
    "\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
_ODD = rf"[{_UNSEEN}]|^\s|\s$|\s\s|\p{{M}}\p{{M}}\p{{M}}\p{{M}}"
_BREAKS = "\t\n\r\x85\u2028\u2029"
_JOINERS = "\u200c\u200d"  # between letters of Persian, and within one emoji


def label(name: str) -> str:
    """Return a name as a report shows it; empty where it holds nothing that can be seen.

    >>> label("Ann\\u202e\\n Lee"), label("\\u200b"), len(label("x" * 40_000))
    ('Ann Lee', '', 80)
    """
    spaced = " ".join(re.sub(f"[{_UNSEEN}]", lambda found: " " if found[0] in _BREAKS else "", name).split())
    letters: list[str] = []
    marks = 0
    for letter in spaced:
        marks = marks + 1 if unicodedata.category(letter).startswith("M") else 0
        if marks <= _MARKS:
            letters.append(letter)
        if len(letters) > LONGEST + 20:
            break
    if all(letter in _JOINERS or unicodedata.category(letter)[0] in "ZCM" for letter in letters):
        return ""
    return _cut(letters)


def _cut(letters: list[str]) -> str:
    """Return at most so many letters, none of them taken apart."""
    if len(letters) <= LONGEST:
        return "".join(letters)
    end = LONGEST - 1
    while end > LONGEST // 2 and _belongs(letters[end], letters[end - 1]):
        end -= 1
    return "".join(letters[:end]).rstrip() + "…"


def _belongs(letter: str, before: str) -> bool:
    """True if a letter is part of the one before: an accent, a joiner and what it joins, a colour of skin."""
    joined = letter in _JOINERS or before in _JOINERS or "\U0001f3fb" <= letter <= "\U0001f3ff"
    return joined or unicodedata.category(letter).startswith("M") or "\U000e0000" <= letter <= "\U000e007f"


def labels(names: pl.Series) -> pl.Series:
    """Return a column of names as they are shown, null where there is nothing to see."""
    odd = names.str.contains(_ODD) | (names.str.len_chars() > LONGEST)
    if not odd.any():
        return names
    shown = names.filter(odd.fill_null(False)).unique()
    said = [label(name) or None for name in shown]
    return names.replace_strict(shown, pl.Series(said, dtype=pl.String), default=names)
