"""What the labels of an indicator table say besides names: weights in percent, and measures that exist."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from evaluator.data.header_names import other_names, plain
from evaluator.measuring.header_words import HEADER_WORDS
from evaluator.tree import Indicator, load_tree
from evaluator.tree.loader import bundled

_WEIGHT = re.compile(
    r"^(?P<name>.*?[^\s\d.,:(\-–—])\s*"
    r"(?:\(\s*(?:权重|占比|weight)?\s*:?\s*(?P<in>\d+(?:\.\d+)?)\s*%\s*\)|[\s:,\-–—]+(?P<out>\d+(?:\.\d+)?)\s*%)$",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(高于|低于|超过|大于|小于|不足|达到|以上|以下|至少|above|below|over|under|least|most)$", re.IGNORECASE
)


@dataclass(frozen=True)
class Link:
    """A measure that exists, as a tree that ships has it."""

    measure: str
    direction: str
    unit: str


def split_weight(label: str) -> tuple[str, float | None]:
    """Return the name in a label and the weight in percent behind it, None where there is none.

    >>> split_weight("当前价值（60%）"), split_weight("毛利率 30％"), split_weight("毛利率高于 20%")
    (('当前价值', 60.0), ('毛利率', 30.0), ('毛利率高于 20%', None))
    """
    match = _WEIGHT.match(unicodedata.normalize("NFKC", label).strip())
    if match is None or _BOUND.search(match["name"]):
        return label, None
    share = float(match["in"] or match["out"])
    return (match["name"].strip(), share) if 0 < share <= 100 else (label, None)


def linked(name: str) -> Link | None:
    """Return the measure that a name is the name of, None where none or several are called so.

    >>> linked("年毛利").measure, linked("逾期率").direction, linked("毛利增长率")
    ('gross_profit', 'cost', None)
    """
    known = _known()
    return known.get(plain(name)) or next(
        (known[other] for other in sorted(other_names(name)) if other in known), None
    )


@cache
def _known() -> dict[str, Link]:
    """Return measures by what they are called: by usual words, else by the names of the trees that ship."""
    leaves = [leaf for name in bundled() for leaf in load_tree(name).indicators]
    links = {leaf.measure: _link(leaf) for leaf in reversed(leaves)}
    named: dict[str, set[str]] = {}
    for leaf in leaves:
        for name in (leaf.name.zh, leaf.name.en):
            named.setdefault(plain(name), set()).add(leaf.measure)
    found = {name: links[min(measures)] for name, measures in named.items() if len(measures) == 1}
    for measure, words in HEADER_WORDS.items():
        if measure in links:
            found |= {plain(word): links[measure] for word in words}
    return found


def _link(leaf: Indicator) -> Link:
    return Link(leaf.measure, leaf.direction, leaf.unit.zh if leaf.unit else "")
