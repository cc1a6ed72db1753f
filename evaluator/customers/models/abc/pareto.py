"""ABC classes by value, and how value is spread over customers: Pareto, Lorenz, Gini, whale curve."""

from __future__ import annotations

from dataclasses import dataclass
from sys import float_info
from typing import Annotated, Any, Literal

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from evaluator.columns import at_most, decimals_of, enter, exact_sum, reaches, to_polars
from evaluator.customers.records import about, as_given, equal_values, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.labels import ProperShare

Array = NDArray[np.float64]


class AbcOptions(Format):
    """Where the classes end; every choice is the study's and is shown with the result.

    Parameters
    ----------
    by : what the cuts are shares of: all positive ``value``, or the number of ``customers``.
    cuts : cumulative shares at which all classes but the last end, rising.
    classes : names, best first, one more than cuts.
    rule : who straddles a cut: with ``before`` a customer belongs to the class in which they begin (share
        before them below the cut), with ``through`` to that in which they end; with ``filling`` each
        class takes its own share counted from where the one above really ended.
    loss_class : a class of its own for customers with a value below 0; None: they are in the last one.
    at : the lowest value of each class but the last, falling, in place of shares; see `Abc.frozen`.
    """

    by: Literal["value", "customers"] = "value"
    cuts: Annotated[tuple[ProperShare, ...], Field(min_length=1)] = (0.8, 0.95)
    classes: tuple[str, ...] = ("A", "B", "C")
    rule: Literal["before", "through", "filling"] = "before"
    loss_class: str | None = None
    at: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Abc(Displayed):
    """Classes by value.

    Parameters
    ----------
    frame : highest value first: `id`, `value`, `rank` (equal values share the better one),
        `customers_share` and `value_share` (cumulative, of the customers with a value and of all
        positive value; the latter falls again where values are negative), `class`; customers without
        a value come last and have none.
    summary : per class: `class`, `customers`, `customers_share`, `value`, `value_share`.
    """

    frame: Any
    summary: pl.DataFrame
    concentration: Concentration
    options: AbcOptions
    issues: tuple[Issue, ...] = ()

    def frozen(self) -> AbcOptions:
        """Return the options with the lowest value of today's classes, for placing a later period alike."""
        lowest = dict(
            to_polars(enter(self.frame).frame).group_by("class").agg(pl.col("value").min()).iter_rows()
        )
        at, above = [], float_info.max  # above everybody, where the best class is empty
        for name in self.options.classes[:-1]:
            above = lowest.get(name, above)
            at.append(above)
        return self.options.model_copy(update={"at": tuple(at)})


@dataclass(frozen=True)
class Concentration(Displayed):
    """How value is spread over n customers; curves run from (0, 0), customers as shares.

    Parameters
    ----------
    customers : (n + 1,) 0, 1/n, … 1, the x of all three curves.
    pareto : (n + 1,) cumulative share of all positive value, best customer first.
    lorenz : (n + 1,) cumulative share of value, least customer first; None where a value is below 0.
    gini : 0 (all alike) to 1 − 1/n; None where a value is below 0 or nothing is above.
    whale : (n + 1,) cumulative value over its final total, best first; above 1 where customers lose
        money; None where the total is not above 0.
    peak, peak_at : highest point of the whale curve, and the share of customers at it.
    """

    customers: Array
    pareto: Array
    lorenz: Array | None
    gini: float | None
    whale: Array | None
    peak: float | None
    peak_at: float | None

    def top_share(self, share: float) -> float:
        """Return which share of the positive value the best `share` of customers brings, both 0–1.

        >>> concentration([8, 1, 1, 0, 0]).top_share(0.2)
        0.8
        """
        return float(np.interp(share, self.customers, self.pareto))

    def customers_for(self, share: float) -> float:
        """Return the least share of customers, best first, that brings `share` of the positive value.

        >>> concentration([4, 4, 1, 1]).customers_for(0.5)
        0.5
        """
        return float(self.customers[np.argmax(reaches(self.pareto, share))])


def abc(values: Any, *, value: str = "value", options: AbcOptions | None = None) -> Abc:
    """Sort customers by a value and divide them at cumulative shares (ABC analysis, 二八法则).

    Equal values are never divided: they take the better class.

    Parameters
    ----------
    values : one row per customer with `id` and the column `value` (money of any kind, same unit).

    Raises
    ------
    EvaluationError
        as `records`; no value above 0; cuts do not rise, or do not go with the classes.

    Limits: classes are relative to the customers in the table. They say who brings value today, not who
    could; shares such as 80/20 are parameters, not laws.

    References
    ----------
    Pareto (1896), Cours d'économie politique; Juran (1951), Quality Control Handbook, McGraw-Hill.

    >>> frame = pl.DataFrame({"id": ["a", "b", "c", "d"], "value": [10.0, 70.0, 15.0, 5.0]})
    >>> abc(frame).frame.select("id", "class").rows()
    [('b', 'A'), ('c', 'A'), ('a', 'B'), ('d', 'C')]
    """
    options = options or AbcOptions()
    _check_cuts(options)
    table = records(values, numbers=[value]).rename({value: "value"} if value != "id" else {})
    known = table.filter(pl.col("value").is_not_null()).sort(["value", "id"], descending=[True, False])
    x = known["value"].to_numpy()
    if not (x > 0).any():
        raise EvaluationError([Issue("CUST-907", value)])
    spread = concentration(x)
    level = _reached(x, options.at) if options.at else _together(x, _levels(spread, options))
    names = np.array([*options.classes, options.loss_class or options.classes[-1]], dtype=object)
    level[x < 0] = len(options.classes)
    frame = known.with_columns(
        pl.col("value").rank("min", descending=True).cast(pl.Int64).alias("rank"),
        pl.Series("customers_share", spread.customers[1:]),
        pl.Series("value_share", spread.pareto[1:]),
        pl.Series("class", names[level].tolist(), dtype=pl.String),
    )
    unknown = table.filter(pl.col("value").is_null())
    found = [
        *equal_values(value, known["value"]),
        *about("CUST-918", value, unknown["id"], severity=Severity.WARNING),
    ]
    everyone = pl.concat([frame, unknown], how="diagonal")
    return Abc(as_given(values, everyone), _summary(frame, options), spread, options, tuple(found))


def concentration(values: ArrayLike) -> Concentration:
    """Return how values are spread over customers, (n,) → `Concentration`.

    Gini = Σᵢ (2i − n − 1) xᵢ / (n Σ x) with x rising. It and the Lorenz curve need values of one sign;
    the whale curve is made for losses.

    Raises
    ------
    EvaluationError
        when there is no value.
    ValueError
        when a value is not finite.

    Limits: a Gini coefficient says how unequal, not who; of few customers it moves with each of them.

    References
    ----------
    Lorenz (1905), doi:10.2307/2276207; Gini (1912), Variabilità e mutabilità; whale curve: Kaplan &
    Narayanan (2001), Measuring and managing customer profitability, Journal of Cost Management 15(5).

    >>> spread = concentration([60, 50, -10])
    >>> spread.gini, round(spread.peak, 2), round(spread.peak_at, 2)
    (None, 1.1, 0.67)
    >>> concentration([0, 0, 0, 1]).gini
    0.75
    """
    x = np.sort(np.asarray(values, dtype=np.float64))[::-1]
    n = x.size
    if not n:
        raise EvaluationError([Issue("CUST-905")])
    if not np.isfinite(x).all():
        raise ValueError("concentration is taken of finite numbers")
    from_zero = np.concatenate([[0.0], np.cumsum(x)])
    positive, total = x[x > 0].sum(), x.sum()
    customers = np.arange(n + 1) / n
    pareto = from_zero / positive if positive > 0 else np.full(n + 1, np.nan)
    one_sign = bool(x[-1] >= 0 and positive > 0)
    lorenz = np.concatenate([[0.0], np.cumsum(x[::-1])]) / total if one_sign else None
    gini = float(((2 * np.arange(1, n + 1) - n - 1) * x[::-1]).sum() / (n * total)) if one_sign else None
    if total <= 0:
        return Concentration(customers, pareto, lorenz, gini, None, None, None)
    whale = from_zero / total
    best = int(np.argmax(whale))
    return Concentration(customers, pareto, lorenz, gini, whale, float(whale[best]), float(customers[best]))


def _check_cuts(options: AbcOptions) -> None:
    cuts = options.cuts if options.at is None else options.at[::-1]
    strict = sorted(set(cuts)) if options.at is None else sorted(cuts)
    if list(cuts) != strict or len(options.classes) != len(cuts) + 1:
        detail = {"cuts": ", ".join(map(str, cuts)), "count": len(options.classes) - 1}
        raise EvaluationError([Issue("CUST-909", "cuts" if options.at is None else "at", detail)])


def _reached(x: Array, at: tuple[float, ...]) -> NDArray[np.int64]:
    """Return the class of each customer by the lowest value of each."""
    return np.asarray((~reaches(x[:, None], np.array(at))).sum(1), dtype=np.int64)


def _levels(spread: Concentration, options: AbcOptions) -> NDArray[np.int64]:
    """Return the class of each customer, 0 the best, from the shares before and through them."""
    shares = spread.customers if options.by == "customers" else np.maximum.accumulate(spread.pareto)
    if options.rule == "filling":
        return _filled(shares, options.cuts)
    if options.rule == "before":
        reached = reaches(shares[:-1, None], np.array(options.cuts))
    else:
        reached = ~at_most(shares[1:, None], np.array(options.cuts))
    return np.asarray(reached.sum(1), dtype=np.int64)


def _filled(shares: Array, cuts: tuple[float, ...]) -> NDArray[np.int64]:
    """Give each class its own share, counted from where the class above really ended."""
    level = np.full(len(shares) - 1, len(cuts), dtype=np.int64)
    begin = 0
    for number, own in enumerate(np.diff([0.0, *cuts])):
        full = reaches(shares[1:], float(shares[begin] + own))
        end = int(np.argmax(full)) + 1 if full.any() else len(level)
        level[begin:end] = number
        begin = max(begin, end)
    return level


def _together(x: Array, level: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give equal values, which lie side by side, the class of the first."""
    first = np.concatenate([[0], np.flatnonzero(np.diff(x)) + 1])
    return np.asarray(np.repeat(level[first], np.diff([*first, len(x)])))


def _summary(frame: pl.DataFrame, options: AbcOptions) -> pl.DataFrame:
    names = dict.fromkeys([*options.classes, *([options.loss_class] if options.loss_class else [])])
    total = exact_sum(pl.col("value"), decimals_of(frame, ["value"], subject="value"))
    counted = frame.group_by("class").agg(pl.len().cast(pl.Int64).alias("customers"), total)
    positive = frame.filter(pl.col("value") > 0).select(total).item()
    summary = pl.DataFrame({"class": list(names)}).join(
        counted, on="class", how="left", maintain_order="left"
    )
    summary = summary.with_columns(pl.col("customers", "value").fill_null(0))
    return summary.with_columns(
        (pl.col("customers") / frame.height).alias("customers_share"),
        (pl.col("value") / positive).alias("value_share"),
    ).select("class", "customers", "customers_share", "value", "value_share")
