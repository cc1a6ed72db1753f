"""What a column may be called: as it is written, without its unit, and in either of two languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from evaluator.data.units import split_unit

_BRACKETS = re.compile(r"[(\[【][^(\[【]*?[)\]】]")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_LATIN = re.compile(r"[^\W\d_\u0370-\U0010ffff]+")
_SHORTEST = 3  # Latin letters of a half that is a name of its own: the ID of 订单ID is none


@lru_cache(maxsize=1 << 16)  # a table's first rows are looked at against every header that is known
def plain(header: str) -> str:
    """Return a header without what people vary: width, case, spaces, underscores, hyphens, final dots.

    >>> plain("Customer_ID") == plain("customerid") == plain("ＣustomerＩＤ：")
    True
    >>> plain("Cust No.") == plain("cust no") != plain("cust 2.0")
    True
    """
    text = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"[\s_\-:*#]+|\.(?=\s|$)", "", text)


@lru_cache(maxsize=1 << 16)
def other_names(header: str) -> frozenset[str]:
    """Return what else a header may be called, as `plain` has it: without brackets, in either language.

    >>> [sorted(other_names(header)) for header in ("Cust No./客户号", "金额（万元）", "订单ID")]
    [['custno', '客户号'], ['金额'], ['订单']]
    >>> sorted(other_names("Amt (RMB 万元)")), sorted(other_names("客户号 (Customer No.)"))
    (['amt'], ['customerno', '客户号'])
    """
    names = {plain(name) for name in _other_names(unicodedata.normalize("NFKC", header))}
    return frozenset(names - {plain(header), ""})


def _other_names(header: str) -> Iterator[str]:
    name, _ = split_unit(header)
    yield name
    outside, inside = _BRACKETS.sub(" ", name), " ".join(text[1:-1] for text in _BRACKETS.findall(name))
    yield outside
    for language, other in ((_LATIN, _CHINESE), (_CHINESE, _LATIN)):
        if other.search(outside):
            half = other.sub(" ", outside if language.search(outside) else inside)
            half = half.strip(" ./\\|·;,、-_\n")
            if language is _CHINESE or len("".join(_LATIN.findall(half))) >= _SHORTEST:
                yield half
