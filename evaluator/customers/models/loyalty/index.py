"""Loyalty as an index of time, behaviour and attitude, and the standard measures it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from evaluator.columns import enter, mean_of, reaches, to_polars
from evaluator.customers.records import as_given, records
from evaluator.data.questions import line
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Severity, raise_errors
from evaluator.labels import Id, NonNegative, Positive, Share

Dimension = Literal["time", "behaviour", "attitude"]
DIMENSIONS: tuple[Dimension, ...] = ("time", "behaviour", "attitude")
"""时间、行为、情感; names: ``customers.loyalty.<id>``."""


class LoyaltyMeasure(Format):
    """A measure of loyalty: its dimension, its say there, and the values that score 0 and 100."""

    dimension: Dimension
    worst: float
    best: float
    weight: Positive = 1.0


def _of(dimension: Dimension, worst: float, best: float) -> LoyaltyMeasure:
    return LoyaltyMeasure(dimension=dimension, worst=worst, best=best)


NATURAL: Mapping[str, LoyaltyMeasure] = {
    "regularity": _of("time", 0, 1),
    "repeat_rate": _of("behaviour", 0, 1),
    "share_of_need": _of("behaviour", 0, 1),
    "price_sensitivity": _of("behaviour", 5, 1),
    "trust": _of("attitude", 1, 5),
    "tolerance": _of("attitude", 1, 5),
    "rivals": _of("attitude", 5, 1),
    "recommendation": _of("attitude", 0, 10),
    "attention": _of("attitude", 1, 5),
}
"""Measures with ends of their own: shares, answers from 1 to 5, recommendation from 0 to 10."""

_ASKED = NATURAL["recommendation"]
_SHORTER, _ENOUGH = (5, 7), 20  # scales on which it is also asked, and answers from which on it is no chance

STATED = ("tenure", "contract_months", "cross_buy", "selection_days", "spend_trend")
"""Measures without natural ends: they count where the user states what is worst and best."""

STANDARD = (
    "repeat_rate",
    "attention",
    "share_of_need",
    "price_sensitivity",
    "rivals",
    "recommendation",
    "selection_days",
    "tolerance",
)
"""The eight standard measures (重复购买率、品牌关心程度、需求满足率、价格敏感度、对竞争品牌的态度、推荐意愿、
挑选时间、对质量事故的承受力)."""


class DimensionWeights(Format):
    """The say of each dimension; from judgments. The literature gives none, so they are alike by default."""

    time: NonNegative = 1.0
    behaviour: NonNegative = 1.0
    attitude: NonNegative = 1.0


class LoyaltyOptions(Format):
    """How loyalty is measured.

    Parameters
    ----------
    measures : ends and weights of measures, in place of or besides the natural ones.
    weights : of the dimensions.
    min_coverage : below which share of weight observed a customer has no index.
    """

    measures: dict[Id, LoyaltyMeasure] = {}
    weights: DimensionWeights = DimensionWeights()
    min_coverage: Share = 0.6


@dataclass(frozen=True)
class Loyalty(Displayed):
    """Loyalty per customer, all scores 0–100.

    Parameters
    ----------
    frame : `id`, `time`, `behaviour`, `attitude`, `loyalty` (null below the options' coverage), `coverage`
        (share of weight observed), and `score_<measure>` per measure used.
    means : `measure`, `dimension`, `observed` (customers), `mean` (raw), `score` (mean), of each measure.
    nps : net promoter score of `recommendation`, −100 to 100; None where it was not asked, or on another
        scale than 0 to 10.
    """

    frame: Any
    means: pl.DataFrame
    nps: float | None
    options: LoyaltyOptions
    issues: tuple[Issue, ...] = ()


def loyalty(frame: Any, *, options: LoyaltyOptions | None = None) -> Loyalty:
    """Return the loyalty index with its three sub-indices (D6).

    A measure scores 100·(x − worst)/(best − worst), clamped to 0–100; a dimension is the weighted mean of
    the measures observed, the index that of the dimensions observed.

    Parameters
    ----------
    frame : one row per customer: `id` and any of the measures (`NATURAL`, `STATED`, or the user's own):
        `tenure` and `contract_months` (months), `regularity`, `repeat_rate`, `share_of_need` (0–1),
        `cross_buy` (lines), `selection_days`, `spend_trend` (log slope), answers 1–5 `price_sensitivity`,
        `trust`, `tolerance`, `rivals`, `attention`, and `recommendation` 0–10.

    Raises
    ------
    EvaluationError
        as `records`, weights all 0, worst equals best, no measure of loyalty in the table. Warnings:
        measures left out for want of ends, and recommendations that were asked from 1 to 5 or 7.

    Limits: weights are conventions until experts judge them. Loyalty is not satisfaction: neither stands in
    for the other in a tree.

    References
    ----------
    Dimensions and measures as in Chinese textbooks (邵兵家); Dick & Basu (1994),
    doi:10.1177/0092070394222001.

    >>> table = pl.DataFrame({"id": ["a"], "repeat_rate": [0.8], "regularity": [0.5], "trust": [4]})
    >>> loyalty(table).frame.select("time", "behaviour", "attitude", "loyalty").row(0)
    (50.0, 80.0, 75.0, 68.333...)
    """
    options = options or LoyaltyOptions()
    known = dict(NATURAL) | options.measures
    columns = to_polars(enter(frame).frame).columns
    used = {name: measure for name, measure in known.items() if name in columns}
    _refused(used, options)
    table = records(frame, numbers=list(used))
    scores = [_score(name, measure).alias(f"score_{name}") for name, measure in used.items()]
    table = table.with_columns(scores).with_columns(_dimension(d, used).alias(d) for d in DIMENSIONS)
    weights = options.weights.model_dump()
    covered = _coverage(weights, used)
    enough = reaches(covered, options.min_coverage)
    whole = _mean([(pl.col(d), pl.lit(weights[d])) for d in DIMENSIONS])
    scored = table.with_columns(pl.when(enough).then(whole).alias("loyalty"), covered.alias("coverage"))
    lead = ["id", *DIMENSIONS, "loyalty", "coverage", *(f"score_{name}" for name in used)]
    issues: tuple[Issue, ...] = ()
    left_out = [name for name in STATED if name in columns and name not in used]
    if left_out:
        detail = {"measures": ", ".join(left_out)}
        issues = (Issue("CUST-949", "loyalty", detail, severity=Severity.WARNING),)
    asked = table["recommendation"].drop_nulls() if used.get("recommendation") == _ASKED else None
    return Loyalty(
        as_given(frame, scored.select(lead)),
        _means(scored, used),
        None if asked is None else net_promoter(asked.to_numpy()),
        options,
        issues if asked is None else (*issues, *_asked_otherwise(asked)),
    )


def _asked_otherwise(answers: pl.Series) -> Iterator[Issue]:
    """Yield a warning where all of many recommendations are whole numbers on a usual scale short of 10."""
    if len(answers) < _ENOUGH or not (answers == answers.round()).all():
        return
    for last in _SHORTER:
        if answers.is_between(1, last).all():
            stated = {"recommendation": {"dimension": "attitude", "worst": 1, "best": last}}
            detail = {"count": len(answers), "last": last,
                      "line": line(customers={"loyalty": {"measures": stated}})}  # fmt: skip
            yield Issue("CUST-965", "recommendation", detail, severity=Severity.WARNING)
            return


def net_promoter(answers: ArrayLike) -> float | None:
    """Return 100·(share of 9–10 − share of 0–6) of answers from 0 to 10, −100 to 100; None without answers.

    Raises
    ------
    EvaluationError
        an answer outside 0–10.

    References
    ----------
    Reichheld (2003), The one number you need to grow, Harvard Business Review 81(12).

    >>> net_promoter([10, 9, 8, 6])
    25.0
    """
    said = np.asarray(answers, dtype=np.float64)
    said = said[np.isfinite(said)]
    if not len(said):
        return None
    outside = (said < 0) | (said > 10)
    if outside.any():
        detail = {"count": int(outside.sum()), "low": 0, "high": 10, "examples": "–"}
        raise EvaluationError([Issue("CUST-940", "recommendation", detail)])
    return float(100 * ((said >= 9).mean() - (said <= 6).mean()))


def _refused(used: Mapping[str, LoyaltyMeasure], options: LoyaltyOptions) -> None:
    issues = [Issue("CUST-947", name, {"value": m.worst}) for name, m in used.items() if m.worst == m.best]
    if not used:
        known = ", ".join([*NATURAL, *STATED])
        issues.append(Issue("CUST-948", "loyalty", {"measures": known}))
    if not any(getattr(options.weights, measure.dimension) > 0 for measure in used.values()) and used:
        issues.append(Issue("CUST-910", "weights"))
    raise_errors(issues)


def _score(name: str, measure: LoyaltyMeasure) -> pl.Expr:
    return (100 * (pl.col(name) - measure.worst) / (measure.best - measure.worst)).clip(0, 100)


def _dimension(dimension: str, used: Mapping[str, LoyaltyMeasure]) -> pl.Expr:
    own = [(pl.col(f"score_{n}"), pl.lit(m.weight)) for n, m in used.items() if m.dimension == dimension]
    return _mean(own) if own else pl.lit(None, pl.Float64)


def _coverage(weights: Mapping[str, float], used: Mapping[str, LoyaltyMeasure]) -> pl.Expr:
    """Return the share of weight observed; a dimension nobody measures is no part of it."""
    shares: dict[str, float] = {}
    present = [d for d in DIMENSIONS if any(m.dimension == d for m in used.values())]
    whole = sum(weights[d] for d in present)
    for dimension in present:
        own = {n: m.weight for n, m in used.items() if m.dimension == dimension}
        shares |= {n: weights[dimension] / whole * w / sum(own.values()) for n, w in own.items()}
    return pl.sum_horizontal(
        pl.when(pl.col(f"score_{n}").is_not_null()).then(share).otherwise(0.0) for n, share in shares.items()
    )


def _mean(parts: list[tuple[pl.Expr, pl.Expr]]) -> pl.Expr:
    """Return the weighted mean of what is observed."""
    there = [pl.when(value.is_not_null()).then(weight).otherwise(0.0) for value, weight in parts]
    total = pl.sum_horizontal(there)
    weighted = pl.sum_horizontal((v * w).fill_null(0.0) for v, w in parts)
    return pl.when(total > 0).then(weighted / total)


def _means(scored: pl.DataFrame, used: Mapping[str, LoyaltyMeasure]) -> pl.DataFrame:
    rows = [
        (name, m.dimension, scored[name].count(), *map(mean_of, scored[[name, f"score_{name}"]]))
        for name, m in used.items()
    ]
    schema = {
        "measure": pl.String,
        "dimension": pl.String,
        "observed": pl.Int64,
        "mean": pl.Float64,
        "score": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
