"""Expressions for a dialect without truth values: what is true is a bit wherever it is a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evaluator.columns.spark_session import optional

if TYPE_CHECKING:
    from sqlglot import exp

EXACT_ORDER = "Latin1_General_100_BIN2"  # of texts on SQL Server, where "a" is else the same as "A"


def in_bits(expression: exp.Expression) -> exp.Expression:
    """Return an expression with texts in Unicode, and with 1, 0 or null for truth values."""
    words = optional("sqlglot.expressions", "export")
    return _value(expression.transform(lambda node: _unicode(node, words)), words)


def condition_in_bits(expression: exp.Expression) -> exp.Expression:
    """Return a condition with texts in Unicode, and with truth values as 1, 0 or null within it."""
    words = optional("sqlglot.expressions", "export")
    return _condition(expression.transform(lambda node: _unicode(node, words)), words)


def _unicode(node: exp.Expression, words: Any) -> exp.Expression:
    if isinstance(node, words.Literal) and node.is_string:
        return words.National(this=node.this)
    if isinstance(node, words.Cast) and node.is_type("varchar", "text"):
        wide = words.cast(node.this, words.DataType.build("NVARCHAR(4000)", dialect="tsql"))
        if not isinstance(node.this, words.Column):
            return wide
        return words.Collate(this=wide, expression=words.Var(this=EXACT_ORDER))
    return node


def _value(node: exp.Expression, words: Any) -> exp.Expression:
    """Return an expression where a value is wanted."""
    if isinstance(node, words.Boolean):
        return _bit(int(node.this), words)
    if isinstance(node, words.Paren) and _is_condition(node.unnest(), words):
        return _value(node.unnest(), words)
    if _is_condition(node, words):
        held = _condition(node, words)
        known = words.case().when(held, _bit(1, words))
        return known.when(words.Not(this=words.paren(held.copy())), _bit(0, words))
    if isinstance(node, words.Case):
        for branch in node.args["ifs"]:
            branch.set("this", _condition(branch.this, words))
            branch.set("true", _value(branch.args["true"], words))
        if default := node.args.get("default"):
            node.set("default", _value(default, words))
        return node
    return _below(node, words)


def _condition(node: exp.Expression, words: Any) -> exp.Expression:
    """Return an expression where a condition is wanted."""
    if isinstance(node, words.And | words.Or | words.Not | words.Paren):
        for name, part in list(node.args.items()):
            if isinstance(part, words.Expression):
                node.set(name, _condition(part, words))
        return node
    if _is_condition(node, words):
        return _below(node, words)
    return words.EQ(this=_value(node, words), expression=words.Literal.number(1))


def _below(node: exp.Expression, words: Any) -> exp.Expression:
    for name, part in list(node.args.items()):
        if isinstance(part, words.Expression):
            node.set(name, _value(part, words))
        elif isinstance(part, list):
            node.set(name, [_value(one, words) if isinstance(one, words.Expression) else one for one in part])
    return node


def _is_condition(node: exp.Expression, words: Any) -> bool:
    return isinstance(node, words.And | words.Or | words.Not | words.Predicate) and not isinstance(
        node, words.Boolean
    )


def _bit(value: int, words: Any) -> exp.Expression:
    return words.cast(words.Literal.number(value), "bit", dialect="tsql")
