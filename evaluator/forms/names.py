"""What the file of an expert is called: a name every operating system accepts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evaluator.weighing.panel import Expert

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_LONGEST, _MOST_BYTES = 60, 180  # file systems count bytes, and take 255


def file_names(experts: Sequence[Expert]) -> tuple[str, ...]:
    """Return the file name of each expert's workbook, from id and name, all different in any case.

    >>> file_names([Expert("e1", "张三"), Expert("con"), Expert("a/b", "A:?")])
    ('e1_张三.xlsx', 'con_.xlsx', 'a_b_A__.xlsx')
    """
    names: list[str] = []
    taken: set[str] = set()
    for expert in experts:
        stem = _clean(expert.id if expert.name in ("", expert.id) else f"{expert.id}_{expert.name}")
        number, name = 1, f"{stem}.xlsx"
        while name.casefold() in taken:
            number += 1
            name = f"{stem}_{number}.xlsx"
        names.append(name)
        taken.add(name.casefold())
    return tuple(names)


def _clean(text: str) -> str:
    stem = _FORBIDDEN.sub("_", text[:1000]).lstrip(" .~")[:_LONGEST]
    stem = stem.encode()[:_MOST_BYTES].decode(errors="ignore").rstrip(" .") or "expert"
    return f"{stem}_" if _RESERVED.fullmatch(stem) else stem
