"""Conditions on what is known of a customer, and the expressions they compile to.

A comparison with something missing is neither true nor false but unknown, and so is all that
hangs on it alone: ``x or y`` holds where one of them holds, whatever the other may be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import narwhals as nw

from evaluator.columns.expressions import finite, leeway

Kind = Literal["number", "text", "truth"]
Comparator = Literal["<", "<=", ">", ">=", "==", "!="]
Sign = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a text as it stands."""

    value: float | str


@dataclass(frozen=True, slots=True)
class Name:
    """Something known of a customer, by the name people write for it."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Operation:
    """A calculation with two numbers."""

    sign: Sign
    left: Value
    right: Value


Value = Constant | Name | Operation


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values against each other."""

    comparator: Comparator
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Membership:
    """A value that stands in a list."""

    value: Value
    entries: tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """A condition that does not hold."""

    of: Condition


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions that hold together (``and``), or of which one holds (``or``)."""

    word: Literal["and", "or"]
    parts: tuple[Condition, ...]


Condition = Comparison | Membership | Negation | Junction


def names_of(condition: Condition | Value) -> tuple[Name, ...]:
    """Return the names a condition or calculation speaks of, each once."""

    def walk(part: Condition | Value) -> Iterator[Name]:
        if isinstance(part, Name):
            yield part
        for below in _below(part):
            yield from walk(below)

    return tuple(dict.fromkeys(walk(condition)))


def holds(condition: Condition, columns: Mapping[str, nw.Expr]) -> nw.Expr:
    """Return whether a condition holds: true, false, or null where it is unknown.

    A value reaches another when it is at least that less its `leeway`, as everywhere.

    Parameters
    ----------
    columns : the column of every name; numbers without NaN, texts as text.
    """
    if isinstance(condition, Junction):
        join: Callable[[nw.Expr, nw.Expr], nw.Expr] = (
            (lambda a, b: a & b) if condition.word == "and" else (lambda a, b: a | b)
        )
        return reduce(join, (holds(part, columns) for part in condition.parts))
    if isinstance(condition, Negation):
        return ~holds(condition.of, columns)
    if isinstance(condition, Membership):
        value = value_of(condition.value, columns)
        alike = [_compared("==", value, entry) if isinstance(entry, float) else value == entry
                 for entry in condition.entries]  # fmt: skip
        return reduce(lambda a, b: a | b, alike)
    left = value_of(condition.left, columns)
    if isinstance(condition.right, Constant) and isinstance(condition.right.value, float):
        return _compared(condition.comparator, left, condition.right.value)
    right = value_of(condition.right, columns)
    if is_text(condition.left):
        return left == right if condition.comparator == "==" else ~(left == right)
    return _compared(condition.comparator, left, right)


def value_of(value: Value, columns: Mapping[str, nw.Expr]) -> nw.Expr:
    """Return what a value comes to; null where a part is missing, or a division is by zero."""
    return finite(_reckoned(value, columns)) if isinstance(value, Operation) else _reckoned(value, columns)


def _reckoned(value: Value, columns: Mapping[str, nw.Expr]) -> nw.Expr:
    """Return what a value comes to, infinite or NaN where a part of it is.

    Nothing but a division makes a number of what is infinite, so that is asked of divisors and of the whole
    alone: asked of every part, the expression would double with each sign.
    """
    if isinstance(value, Name):
        return columns[value.name]
    if isinstance(value, Constant):
        return nw.lit(value.value, nw.String if isinstance(value.value, str) else nw.Float64)
    left = _reckoned(value.left, columns)
    if value.sign == "/":
        right = value_of(value.right, columns)
        # the reciprocal, as in `ratio`: so that the last bit does not depend on who else is in the frame
        return left * (nw.lit(1.0) / nw.when(right != 0.0).then(right))
    right = _reckoned(value.right, columns)
    if value.sign == "+":
        return left + right
    return left - right if value.sign == "-" else left * right


def _compared(comparator: Comparator, left: nw.Expr, right: nw.Expr | float) -> nw.Expr:
    near: nw.Expr | float = leeway(right)
    if comparator == ">=":
        return left >= right - near
    if comparator == "<":
        return left < right - near
    if comparator == "<=":
        return left <= right + near
    if comparator == ">":
        return left > right + near
    alike = (left - right).abs() <= near
    return alike if comparator == "==" else ~alike


def is_text(value: Value) -> bool:
    """True if a value is a text."""
    return (isinstance(value, Constant) and isinstance(value.value, str)) or (
        isinstance(value, Name) and value.kind == "text"
    )


def _below(part: Condition | Value) -> tuple[Condition | Value, ...]:
    if isinstance(part, Operation | Comparison):
        return part.left, part.right
    if isinstance(part, Membership):
        return (part.value,)
    if isinstance(part, Negation):
        return (part.of,)
    return part.parts if isinstance(part, Junction) else ()
