"""Expressions without what goes without saying: brackets, conversions of constants, ELSE NULL."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from evaluator.columns.spark_session import optional

if TYPE_CHECKING:
    from sqlglot import exp


def plain(expression: exp.Expression, numbers: AbstractSet[str]) -> exp.Expression:
    """Return an expression that means the same and is read more easily.

    Parameters
    ----------
    numbers : the columns of double precision; a constant beside one of them needs no conversion.
    """
    words = optional("sqlglot.expressions", "export")
    found = words.Paren(this=expression)
    before = None
    while before != found:
        before, found = found, found.transform(lambda node: _shorter(node, words))
    return _constants(found, words, numbers).this


def _shorter(node: exp.Expression, words: Any) -> exp.Expression:
    inside = node.this
    if isinstance(node, words.Paren) and node.parent is not None:
        bare = isinstance(inside, words.Func) and not isinstance(inside, words.Binary)
        simple = words.Column | words.Literal | words.Null | words.Boolean | words.Paren
        if bare or isinstance(inside, simple):
            return inside
    if isinstance(node, words.Cast) and isinstance(inside, words.Cast) and inside.to == node.to:
        return inside
    if isinstance(node, words.Cast) and _is_text(inside, words) and not isinstance(node.parent, words.Paren):
        return inside
    if isinstance(node, words.Case) and isinstance(node.args.get("default"), words.Null):
        node.set("default", None)
    return node


def _is_text(node: exp.Expression, words: Any) -> bool:
    return isinstance(node, words.Literal) and node.is_string


def _constants(found: exp.Expression, words: Any, numbers: AbstractSet[str]) -> exp.Expression:
    """Take the conversion from constants beside something that is of double precision for sure."""
    for node in list(found.find_all(words.Binary, words.Coalesce, words.Least, words.Greatest, words.Case)):
        values = _values(node, words)
        if any(_is_number(value, words, numbers) for value in values):
            for value in values:
                if _is_constant(value, words):
                    value.replace(value.this)
    return found


def _values(node: exp.Expression, words: Any) -> list[exp.Expression]:
    """Return the values that a node brings to one type."""
    if isinstance(node, words.Case):
        default = node.args.get("default")
        return [branch.args["true"] for branch in node.args["ifs"]] + ([default] if default else [])
    if isinstance(node, words.Binary):
        return [node.left, node.right]
    return [node.this, *node.expressions]


def _is_constant(node: exp.Expression, words: Any) -> bool:
    return isinstance(node, words.Cast) and isinstance(node.this, words.Literal) and _to_double(node, words)


def _to_double(node: exp.Expression, words: Any) -> bool:
    return node.args["to"].this == words.DataType.Type.DOUBLE


def _is_number(node: exp.Expression, words: Any, numbers: AbstractSet[str]) -> bool:
    """True if a value is of double precision whatever becomes of the constants in it."""
    if isinstance(node, words.Column):
        return node.name in numbers
    if isinstance(node, words.Cast):
        return _to_double(node, words) and not _is_constant(node, words)
    if isinstance(node, words.Paren | words.Neg | words.Abs | words.Sqrt | words.Ln | words.Exp | words.Pow):
        return _is_number(node.this, words, numbers)
    joined = words.Add | words.Sub | words.Mul | words.Div | words.Coalesce | words.Case
    if isinstance(node, joined | words.Least | words.Greatest):
        return any(_is_number(value, words, numbers) for value in _values(node, words))
    return False
