"""Money, score and class of the same customers side by side: they are compared, never added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from evaluator.columns import reaches
from evaluator.customers.models.agreement.agreement import Agreement, agreement
from evaluator.customers.models.matrices.placing import MatrixOptions, Placed, place
from evaluator.customers.records import as_given, records
from evaluator.customers.terms import Terms, check, probabilities
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue


@dataclass(frozen=True)
class CrossCheck(Displayed):
    """Lifetime value beside the score of the evaluation.

    Attributes
    ----------
    frame : id, clv, score, the classes, clv_standing and score_standing (share of the customers ranked
        better, 0 the best; ties share the better place), apart (the difference, above 0 where money ranks
        a customer higher than the score does).
    disagreeing : rows of `frame` that stand at least `limit` apart, furthest first.
    agreement : rank correlations and class tables; see `customers.agreement`.
    types : the four types by current and future value, None where those are not given.
    """

    frame: Any
    disagreeing: Any
    limit: float
    agreement: Agreement
    types: Placed | None
    terms: Terms


def cross_check(
    native: Any,
    terms: Terms,
    *,
    limit: float,
    classes: Mapping[str, Sequence[str]] | None = None,
    current: str | None = None,
    future: str | None = None,
    options: MatrixOptions | None = None,
) -> CrossCheck:
    """Compare lifetime value and score of the same customers, and name those they disagree on.

    Parameters
    ----------
    native : one row per customer: `id`, `clv`, `score`, and the columns named below. Customers who lack
        one of the two are not compared.
    terms : of `clv`, of the level ``customer``.
    limit : share of the customers, 0–1, by which two standings differ to count as a disagreement.
    classes : per column of classes, its classes, best first.
    current, future : columns of the four types (MVC, MGC, maintain, BZ); a net value below 0, current
        and future together, is BZ unless `options` says otherwise.

    Raises
    ------
    EvaluationError
        as `records`, `agreement` and `place`; a limit out of range, or terms of a group.

    >>> table = pl.DataFrame({"id": list("abcd"), "clv": [9.0, 7, 3, 1], "score": [80.0, 60, 70, 90]})
    >>> terms = Terms("customer", 0.1, 3, 1.0, "CNY", "end")
    >>> found = cross_check(table, terms, limit=0.6)
    >>> found.disagreeing.select("id", "apart").rows()
    [('d', -0.75)]
    """
    if terms.level != "customer":
        raise EvaluationError([Issue("CLV-930", terms.level, {"wanted": "customer"})])
    check(probabilities("limit", limit))
    named = dict(classes or {})
    table = records(native, numbers=("clv", "score"), texts=tuple(named))
    both = table.filter(pl.col("clv").is_not_null() & pl.col("score").is_not_null())
    standing = [
        ((pl.col(name).rank("min", descending=True) - 1) / pl.len()).alias(f"{name}_standing")
        for name in ("clv", "score")
    ]
    both = both.with_columns(standing).with_columns(
        (pl.col("score_standing") - pl.col("clv_standing")).alias("apart")
    )
    far = both.filter(reaches(pl.col("apart").abs(), limit))
    far = far.sort([pl.col("apart").abs(), pl.col("id")], descending=[True, False])
    found = agreement(table, ["clv", "score"], named)
    types = _types(native, current, future, options) if current and future else None
    return CrossCheck(as_given(native, both), as_given(native, far), limit, found, types, terms)


def _types(native: Any, current: str, future: str, options: MatrixOptions | None) -> Placed:
    table = records(native, numbers=(current, future)).rename({current: "current", future: "future"})
    return place(
        table.with_columns((pl.col("current") + pl.col("future")).alias("net_clv")),
        "clv_types",
        options=options,
    )
