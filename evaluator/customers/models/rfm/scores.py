"""Recency, frequency and monetary value (RFM, with quantities RFA), their scores, cell and class.

Scores are relative by nature: quantiles move with the population. `Rfm.frozen` states them as
thresholds, so that the next period is scored with the same references.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from statistics import fmean, median
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from evaluator.columns import at_most, decimals_of, exact_mean, exact_sum, flag, reaches, to_polars
from evaluator.customers.models.rfm.totals import (
    Cuts,
    RfmOptions,
    Thresholds,
    looked_back_from,
    rfm_lines,
    totals_of,
    totals_of_lines,
)
from evaluator.customers.orders import Span, enter_orders
from evaluator.customers.records import as_given, equal_values
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity, raise_errors

DIMENSIONS = ("recency", "frequency", "monetary")
CLASSES: Mapping[tuple[bool, bool, bool], str] = {
    (True, True, True): "key_value",  # 重要价值
    (True, False, True): "key_develop",  # 重要发展
    (False, True, True): "key_keep",  # 重要保持
    (False, False, True): "key_rescue",  # 重要挽留
    (True, True, False): "general_value",  # 一般价值
    (True, False, False): "general_develop",  # 一般发展
    (False, True, False): "general_keep",  # 一般保持
    (False, False, False): "general_rescue",  # 一般挽留
}
"""The eight classes by what stands high: recency, frequency, monetary. Names: ``customers.rfm.<id>``."""


@dataclass(frozen=True)
class Rfm(Displayed):
    """Scores of every customer who ever bought, with the references they rest on.

    Parameters
    ----------
    frame : `id`, `recency` (days from the last purchase to `as_of`), `frequency`, `monetary`, the scores
        `r`, `f`, `m` (1 to bins, high is good), `cell` (such as ``5-4-5``), `score` (weighted mean of
        the three) and `class` (one of `CLASSES`).
    grid : per `r` and `f` that somebody has: `customers`, `monetary` (their mean).
    profile : per class in the order of `CLASSES`: `class`, `customers`, `customers_share`, `monetary` (sum),
        and the mean `recency` and `frequency`.
    cuts : the cuts of each dimension, rising.
    split_at : where each dimension divides high from low: values, or mean scores with ``mean_score``.
    without_purchase : customers with lines, none of them a purchase before `as_of`; they have no row.
    """

    frame: Any
    grid: pl.DataFrame
    profile: pl.DataFrame
    cuts: Mapping[str, Cuts]
    split_at: tuple[float, float, float]
    as_of: date
    options: RfmOptions
    without_purchase: int
    issues: tuple[Issue, ...] = ()

    def frozen(self) -> RfmOptions:
        """Return the options with today's cuts as thresholds, for scoring a later period alike."""
        stated = {name: self.cuts[name] for name in DIMENSIONS if self.cuts[name]}
        beyond = tuple(name for name in stated if _beyond(name, self.options))
        update: dict[str, Any] = {"thresholds": Thresholds(**stated, beyond=beyond)}  # type: ignore[arg-type]
        if np.isfinite(self.split_at).all():
            update["split_at"] = self.split_at
        return self.options.model_copy(update=update)


def rfm(orders: Any, *, as_of: date | None = None, options: RfmOptions | None = None) -> Rfm:
    """Score every customer's recency, frequency and monetary value from order lines.

    A value passes cuts c₁ < … < cₖ (x ≥ c where they are stated, x > c where they are quantiles):
    frequency and monetary score 1 + passed, recency bins − passed, so fewer days are better. Quantile
    cuts are type 7 at 1/bins, 2/bins, …; equal ones leave scores empty, and a dimension in which all
    customers are equal has no score.
    score = Σ w·s / Σ w. High is score (or value) at or above the split; for days, at or below.

    Parameters
    ----------
    orders : one row per line; see `order_measures`. `quantity` is read where `amount` asks for it.
    as_of : the day looked back from; lines on or after it are not used. Default: the day after the last.

    Raises
    ------
    EvaluationError
        a column is missing; nothing before `as_of`; lines without id, date or amount; no purchase; thresholds
        do not rise, or are not bins − 1; weights all 0; `date` holds no dates.

    Limits: the score orders customers within one population; it is not money, and three dimensions
    that go together count one thing several times.

    References
    ----------
    Hughes (1994), Strategic Database Marketing, Probus; quantiles: Hyndman & Fan (1996),
    doi:10.1080/00031305.1996.10473566. The eight classes are common Chinese practice without an origin.

    >>> lines = pl.DataFrame({"id": ["a", "a", "b", "c"], "amount": [50.0, 70.0, 30.0, 10.0],
    ...                       "date": [date(2024, 3, d) for d in (1, 30, 20, 10)]})
    >>> rfm(lines, options=RfmOptions(bins=2)).frame.select("id", "cell", "score", "class").rows()
    [('a', '2-2-2', 2.0, 'key_value'), ('b', '2-1-1', 1.333..., 'general_develop'),
     ('c', '1-1-1', 1.0, 'general_rescue')]
    """
    options = options or RfmOptions()
    _check_thresholds(options)
    lines = enter_orders(orders).frame
    totals = to_polars(totals_of(lines, as_of, options))
    as_of = looked_back_from(totals, as_of, lines)
    buyers = nw.from_native(totals).select(*dimensions(as_of)).drop_nulls("recency").to_native()
    if not buyers.height:
        raise EvaluationError([Issue("CUST-907", "orders")])
    buyers = buyers.sort("id")
    cuts = {name: _cuts(buyers[name], name, options) for name in DIMENSIONS}
    entered = nw.from_native(buyers).with_columns(**scores(cuts, options))
    entered = entered.with_columns(**cell_and_score(options))
    scored = entered.to_native()
    split_at = _split_at(scored, options)
    alike = _alike(scored, options)
    classified = entered.with_columns(class_of(split_at, alike, options).alias("class")).to_native()
    return Rfm(
        as_given(orders, classified),
        _grid(classified),
        _profile(classified),
        cuts,
        split_at,
        as_of,
        options,
        totals.height - buyers.height,
        tuple(_issues(buyers, totals, cuts, as_of)),
    )


def frozen_scores(
    orders: nw.LazyFrame[Any], as_of: date, decimals: int, options: RfmOptions
) -> nw.LazyFrame[Any]:
    """Return what `Rfm.frame` has, by references that are all stated, nothing being computed yet.

    Parameters
    ----------
    decimals : those kept of each amount as they are added.

    Raises
    ------
    EvaluationError
        a dimension without cuts, or no split: quantiles and means depend on who else there is.
    """
    stated = {name: getattr(options.thresholds, name) for name in DIMENSIONS}
    relative = [name for name, cuts in stated.items() if cuts is None]
    if relative or options.split_at is None:
        names = ", ".join(relative or ["split_at"])
        raise EvaluationError([Issue("CUST-961", "rfm", {"names": names})])
    _check_thresholds(options)
    since = Span(as_of, options.window_months).first if options.window_months else None
    totals = totals_of_lines(rfm_lines(orders, options), as_of, since, decimals, options)
    buyers = totals.select(*dimensions(as_of)).filter(~nw.col("recency").is_null())
    scored = buyers.with_columns(**scores(stated, options)).with_columns(**cell_and_score(options))
    return scored.with_columns(class_of(options.split_at, (False,) * 3, options).alias("class"))


def _check_thresholds(options: RfmOptions) -> None:
    stated = {name: getattr(options.thresholds, name) for name in DIMENSIONS}
    wrong = [
        Issue("CUST-909", name, {"cuts": ", ".join(map(str, cuts)), "count": options.bins - 1})
        for name, cuts in stated.items()
        if cuts is not None and (len(cuts) != options.bins - 1 or list(cuts) != sorted(cuts))
    ]
    if sum(options.weights) <= 0:
        wrong.append(Issue("CUST-910", "weights"))
    raise_errors(wrong)


def _cuts(values: pl.Series, name: str, options: RfmOptions) -> Cuts:
    """Return the stated cuts, else the quantiles; none where all customers are equal."""
    stated: Cuts | None = getattr(options.thresholds, name)
    if stated is not None:
        return stated
    if values.n_unique() == 1:
        return ()
    shares = np.arange(1, options.bins) / options.bins
    added = 1.0 if options.quantile_rule == "plus_one" else 0.0
    return tuple(float(q) + added for q in np.quantile(values.to_numpy(), shares))


def _beyond(name: str, options: RfmOptions) -> bool:
    if getattr(options.thresholds, name) is not None:
        return name in options.thresholds.beyond
    return options.quantile_rule == "beyond"


def dimensions(as_of: date) -> tuple[nw.Expr, ...]:
    """Return `id` and the three dimensions from `totals_of_lines`; recency is null without a purchase."""
    return (
        nw.col("id").cast(nw.String),
        (nw.lit(as_of.toordinal(), nw.Int64) - nw.col("last")).alias("recency"),
        nw.col("frequency").cast(nw.Int64),
        nw.col("monetary").cast(nw.Float64),
    )


def scores(cuts: Mapping[str, Cuts], options: RfmOptions) -> dict[str, nw.Expr]:
    """Return the scores `r`, `f` and `m` of the dimensions; null where a dimension has no cuts."""
    return {name[0]: _score(name, cuts[name], options) for name in DIMENSIONS}


def _score(name: str, cuts: Cuts, options: RfmOptions) -> nw.Expr:
    if not cuts:
        return nw.lit(None, nw.Int64)
    value = nw.col(name)
    passed = [~at_most(value, cut) if _beyond(name, options) else reaches(value, cut) for cut in cuts]
    count = reduce(operator.add, (flag(passes).cast(nw.Int64) for passes in passed))
    return options.bins - count if name == "recency" else count + 1


def cell_and_score(options: RfmOptions) -> dict[str, nw.Expr]:
    """Return the `cell` and the weighted mean `score` of `r`, `f` and `m`; null where one of them is."""
    weights = np.array(options.weights) / sum(options.weights)
    weighted = [nw.col(s) * float(w) for s, w in zip("rfm", weights, strict=True) if w > 0]
    cell = nw.concat_str([nw.col(s).cast(nw.String) for s in "rfm"], separator="-")
    return {"cell": cell, "score": reduce(operator.add, weighted)}


def _split_at(scored: pl.DataFrame, options: RfmOptions) -> tuple[float, float, float]:
    if options.split_at:
        return options.split_at
    columns = "rfm" if options.split == "mean_score" else DIMENSIONS
    middle = median if options.split == "median_value" else fmean
    known = [scored[column].drop_nulls() for column in columns]
    r, f, m = (float(middle(values)) if len(values) else float("nan") for values in known)
    return r, f, m


def _alike(scored: pl.DataFrame, options: RfmOptions) -> tuple[bool, ...]:
    """Return the dimensions with stated cuts in which all are alike: there the cuts say what is high."""
    columns = "rfm" if options.split == "mean_score" else DIMENSIONS
    stated = [getattr(options.thresholds, name) is not None for name in DIMENSIONS]
    alike = (scored[column].n_unique() == 1 for column in columns)
    return tuple(a and b and options.split_at is None for a, b in zip(alike, stated, strict=True))


def class_of(split_at: tuple[float, float, float], alike: tuple[bool, ...], options: RfmOptions) -> nw.Expr:
    """Return the class of the scored; null where what it rests on is not known in all dimensions."""
    by_score = options.split == "mean_score"
    columns = "rfm" if by_score else DIMENSIONS
    high = [reaches(nw.col(c), at) for c, at in zip(columns, split_at, strict=True)]
    if not by_score:
        high[0] = at_most(nw.col("recency"), split_at[0])
    middle = (1 + options.bins) / 2
    high = [nw.col(s) >= middle if same else h for s, same, h in zip("rfm", alike, high, strict=True)]
    result = nw.lit(None, nw.String)
    for levels, name in CLASSES.items():
        match = [side if level else ~side for side, level in zip(high, levels, strict=True)]
        result = nw.when(reduce(operator.and_, match)).then(nw.lit(name, nw.String)).otherwise(result)
    known = reduce(operator.and_, (~nw.col(c).is_null() for c in columns))
    return nw.when(known).then(result)


def _grid(classified: pl.DataFrame) -> pl.DataFrame:
    counted = classified.drop_nulls(["r", "f"]).group_by("r", "f")
    mean = exact_mean(pl.col("monetary"), decimals_of(classified, ["monetary"])).alias("monetary")
    return counted.agg(pl.len().cast(pl.Int64).alias("customers"), mean).sort("r", "f")


def _profile(classified: pl.DataFrame) -> pl.DataFrame:
    counted = classified.group_by("class").agg(
        pl.len().cast(pl.Int64).alias("customers"),
        exact_sum(pl.col("monetary"), decimals_of(classified, ["monetary"])),
        pl.col("recency", "frequency").mean(),  # of whole numbers
    )
    order = pl.DataFrame({"class": list(CLASSES.values())})
    known = max(classified["class"].count(), 1)
    return (
        order.join(counted, on="class", how="left", maintain_order="left")
        .with_columns(pl.col("customers").fill_null(0), pl.col("monetary").fill_null(0.0))
        .with_columns((pl.col("customers") / known).alias("customers_share"))
        .select("class", "customers", "customers_share", "monetary", "recency", "frequency")
    )


def _issues(
    buyers: pl.DataFrame, totals: pl.DataFrame, cuts: Mapping[str, Cuts], as_of: date
) -> Iterator[Issue]:
    for name in DIMENSIONS:
        if not cuts[name]:
            yield from equal_values(name, buyers[name])
    if without := totals.height - buyers.height:
        yield Issue("CUST-917", "orders", {"count": without}, severity=Severity.NOTE)
    late = totals.filter(pl.col("latest") >= as_of.toordinal()).height
    if late:
        yield Issue("CUST-914", "orders", {"count": late, "as_of": as_of}, severity=Severity.NOTE)
