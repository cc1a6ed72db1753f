"""Formulas of the workbook language: what they may say, and names turned into addresses.

A formula may hold numbers, quoted text, operators, names in braces, and the functions below, which
Excel, LibreOffice and WPS compute alike. Nothing else: no links to other files, no commands, so
that a user's text which a template puts into a formula by mistake can do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evaluator.errors import nearest

FUNCTIONS = frozenset(
    {
        "ABS", "AND", "AVERAGE", "COUNT", "COUNTA", "COUNTIF", "EXACT", "EXP", "IF", "IFERROR", "INDEX",
        "INT", "ISNUMBER", "LARGE", "LN", "MATCH", "MAX", "MIN", "NA", "NOT", "OR", "POWER", "PRODUCT",
        "RANK", "ROUND", "SMALL", "SQRT", "SUM", "SUMIF", "SUMPRODUCT",
    }
)  # fmt: skip

_PART = re.compile(
    r"""(?P<name>\{(?P<inside>[^{}]*)\})|"(?:[^"]|"")*"|(?P<function>[A-Za-z_][\w.]*)(?=\s*\()"""
    r"""|(?:TRUE|FALSE)\b|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?|[-+*/^&=<>(),]|\s+|(?P<other>.)""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a name in braces refers to: the cells from `first` to `last`.

    `here`: the names are columns of the table the formula stands in, and mean its own row; `beside`:
    they are columns of another table, and mean the row at the same place in it.
    """

    first: str
    last: str
    here: bool
    beside: bool


def reference(inside: str) -> Reference:
    """Return what a name in braces says.

    >>> reference("@price"), reference("orders.price@").beside, reference("w.a:w.c").last
    (Reference(first='price', last='price', here=True, beside=False), True, 'w.c')
    """
    bare = inside.removeprefix("@").removesuffix("@")
    first, _, last = bare.partition(":")
    return Reference(first, last or first, inside.startswith("@"), inside.endswith("@"))


def names(formula: str) -> Iterator[str]:
    """Yield the names a formula refers to.

    >>> list(names("{price} * SUM({orders.quantity})"))
    ['price', 'orders.quantity']
    """
    return (part["inside"] for part in _PART.finditer(formula) if part["name"])


def mistakes(formula: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every part a formula may not hold, with the nearest functions that exist.

    >>> list(mistakes("SUMM({orders}) + cmd|'/C calc'!A0"))[:2]
    [('SUMM', ('SUM', 'SUMIF')), ('c', ())]
    """
    for part in _PART.finditer(formula):
        if part["other"]:
            yield part["other"], ()
        elif part["function"] and part["function"] not in FUNCTIONS:
            yield part["function"], nearest(part["function"], FUNCTIONS)


def resolved(formula: str, address: Callable[[str], str]) -> str:
    """Return the formula as Excel reads it, each name replaced by its address.

    >>> resolved("{price} * 2", {"price": "$B$3"}.__getitem__)
    '=$B$3 * 2'
    """
    return "=" + _PART.sub(lambda part: address(part["inside"]) if part["name"] else part[0], formula)


def by_row(formula: str, cells: Callable[[str], tuple[str, int]]) -> Callable[[int], str]:
    """Return what writes the formula of a table's row, by the number of the row in its table.

    `cells` gives, for each name, its address with ``{}`` where the number of a row belongs, and what
    that number is in the first row; addresses that stay the same have no braces.

    >>> by_row("{@a} * {b}", {"@a": ("$A{}", 5), "b": ("$C$1", 0)}.__getitem__)(2)
    '$A7 * $C$1'
    """
    pieces, rows = list[str](), list[int]()
    for part in _PART.finditer(formula):
        if part["name"]:
            address, first = cells(part["inside"])
            pieces.append(address)
            rows += [first] * address.count("{}")
        else:
            pieces.append(part[0].replace("{", "{{").replace("}", "}}"))  # braces in quoted text stay
    template = "".join(pieces)
    if len(set(rows)) == 1 and not ("{{" in template or "}}" in template):  # nearly always, and faster
        parts, first = template.split("{}"), rows[0]
        return lambda number: str(first + number).join(parts)
    return lambda number: template.format(*(row + number for row in rows))
