"""From an expression in DuckDB's words to the same in those of another dialect."""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from evaluator.columns.spark_session import optional
from evaluator.errors import EvaluationError, Issue
from evaluator.warehouse.bits import condition_in_bits, in_bits
from evaluator.warehouse.dialects import Dialect
from evaluator.warehouse.plain import plain

if TYPE_CHECKING:
    from sqlglot import exp

LARGEST = "1.7976931348623157E308"  # no number is larger: what is, is infinite or, on some engines, NaN
NOT_FINITE = ("nan", "inf", "-inf", "infinity", "-infinity")

# What an expression may consist of; sqlglot passes functions that it does not know through as they are.
KNOWN = (
    "Abs", "Add", "And", "Between", "Boolean", "Case", "Cast", "Coalesce", "Collate", "Column", "Count",
    "DPipe", "DataType", "DataTypeParam", "Day", "Distinct", "Div", "EQ", "Exp", "Floor", "GT", "GTE",
    "Greatest", "Identifier", "If", "In", "Is", "LT", "LTE", "Lag", "Least", "Literal", "Ln", "Max", "Min",
    "Month", "Mul", "NEQ", "National", "Neg", "Not", "Null", "Or", "Order", "Ordered", "Paren", "Pow",
    "Sqrt", "Star", "Sub", "Sum", "Var", "Window", "Year",
)  # fmt: skip


def rewritten(
    expression: exp.Expression,
    dialect: Dialect,
    type_: str,
    numbers: AbstractSet[str],
    *,
    condition: bool = False,
) -> exp.Expression:
    """Return an expression as a dialect must say it, still to be written by sqlglot.

    Parameters
    ----------
    type_ : DuckDB's type of the column it computes.
    numbers : the columns it may read that are of double precision.
    condition : whether it stands where a condition is wanted, and not a value.

    Raises
    ------
    EvaluationError
        for a function that is not known to mean the same everywhere.
    """
    words = optional("sqlglot.expressions", "export")
    found = words.Paren(this=expression.copy())
    for node in reversed(list(found.walk(bfs=True))):  # what lies deepest first
        for rewrite in (
            _finite,
            _infinite,
            _logarithm,
            _member,
            _added,
            _counted,
            _joined,
            _nearest,
            *(() if dialect.passes_nulls else (_least,)),
        ):
            if (other := rewrite(node, words, dialect)) is not node:
                node.replace(other)
                break
    found = plain(found.this, numbers if dialect.name != "duckdb" else frozenset())
    if isinstance(found, words.Null):
        found = words.cast(found, words.DataType.build(type_, dialect="duckdb"))
    if not dialect.truth:
        found = condition_in_bits(found) if condition else in_bits(found)
    _refuse_unknown(found, dialect)
    return found


def _finite(node: exp.Expression, words: Any, dialect: Dialect) -> exp.Expression:
    """Write `isfinite` as a comparison, which holds neither for infinite numbers nor for NaN."""
    if not (isinstance(node, words.Anonymous) and node.name.lower() == "isfinite"):
        return node
    if dialect.name == "duckdb":
        return node
    value = node.expressions[0]
    if not dialect.truth:  # SQL Server holds no other numbers
        return words.Not(this=words.Is(this=value, expression=words.Null()))
    return words.LTE(this=words.Abs(this=value), expression=words.Literal.number(LARGEST))


def _infinite(node: exp.Expression, words: Any, dialect: Dialect) -> exp.Expression:
    """Write null for a constant that is no finite number: there is none in a score."""
    if dialect.name != "duckdb" and isinstance(node, words.Cast) and node.this.name.lower() in NOT_FINITE:
        return words.cast(words.Null(), node.args["to"])
    return node


def _logarithm(node: exp.Expression, words: Any, dialect: Dialect) -> exp.Expression:
    """Write log x / log e as LN: which base LOG has differs between dialects."""
    if not (isinstance(node, words.Div) and isinstance(node.right, words.Log)):
        return node
    base = node.right.this
    natural = isinstance(base, words.Cast) and base.name == str(math.e)
    return words.Ln(this=node.left.this) if natural and isinstance(node.left, words.Log) else node


def _member(node: exp.Expression, words: Any, dialect: Dialect) -> exp.Expression:
    """Write the search of a list as IN."""
    if isinstance(node, words.ArrayContains | words.Contains) and isinstance(node.this, words.Array):
        return words.In(this=node.expression, expressions=node.this.expressions)
    return node


def _added(node: exp.Expression, words: Any, dialect: Dialect) -> exp.Expression:
    """Write the function of addition as its sign."""
    if isinstance(node, words.Anonymous) and node.name.lower() == "add":
        left, right = (words.paren(part) for part in node.expressions)
        return words.Add(this=left, expression=right)
    return node


def _counted(node: exp.Expression, words: Any, dialect: Dialect) -> exp.Expression:
    """Write the count of rows as COUNT(*)."""
    if isinstance(node, words.Count) and node.this is None:
        return words.Count(this=words.Star(), big_int=True)
    return node


def _joined(node: exp.Expression, words: Any, dialect: Dialect) -> exp.Expression:
    """Write texts joined by a sign with the operator for it."""
    if not isinstance(node, words.ConcatWs):
        return node
    sign, first, *rest = node.expressions
    for part in rest:
        first = words.DPipe(
            this=words.DPipe(this=first, expression=sign.copy(), safe=True), expression=part, safe=True
        )
    return words.paren(first)


def _nearest(node: exp.Expression, words: Any, dialect: Dialect) -> exp.Expression:
    """Write whole units as the number nearest to them by division, which rounds right; see `from_units`.

    ROUND takes a number of decimals for some types only, and not with the same result. To a whole number
    it is written by FLOOR: engines round halves differently.
    """
    if not isinstance(node, words.Round):
        return node
    value, decimals = node.this.unnest(), int(node.args["decimals"].name)
    if not decimals:
        half = words.cast(words.Literal.number("0.5"), "double", dialect="duckdb")
        return words.Floor(this=words.Add(this=words.paren(value), expression=half))
    scale = value.right.this if isinstance(value, words.Mul) and isinstance(value.right, words.Cast) else None
    if scale is None or float(scale.name) != 10.0**-decimals:
        return node
    units = words.cast(words.Literal.number(f"{10.0**decimals:.1f}"), "double", dialect="duckdb")
    return words.paren(words.Div(this=value.left, expression=units))


def _least(node: exp.Expression, words: Any, dialect: Dialect) -> exp.Expression:
    """Let LEAST and GREATEST pass over nulls, where they do not: each value stands in for those missing."""
    if not isinstance(node, words.Least | words.Greatest):
        return node
    values = [node.this, *node.expressions]
    whole = [
        words.Coalesce(this=value.copy(), expressions=[v.copy() for v in (*values[n + 1 :], *values[:n])])
        if _may_be_null(value, words)
        else value
        for n, value in enumerate(values)
    ]
    return type(node)(this=whole[0], expressions=whole[1:])


def _may_be_null(value: exp.Expression, words: Any) -> bool:
    return value.find(words.Column, words.Null) is not None


def _refuse_unknown(found: exp.Expression, dialect: Dialect) -> None:
    for node in found.walk():
        kind = type(node).__name__
        if kind not in KNOWN and not (dialect.name == "duckdb" and node.name.lower() == "isfinite"):
            raise EvaluationError([Issue("SQL-104", dialect.title, {"what": node.name or kind})])
