"""Customer equity: what all customers are worth together, and on how few of them it rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from evaluator.customers.models.abc.pareto import Concentration, concentration
from evaluator.customers.records import about, as_given, records
from evaluator.customers.terms import Terms, above, check, numbers
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity


@dataclass(frozen=True)
class CustomerEquity(Displayed):
    """The sum of lifetime values, customer by customer.

    Attributes
    ----------
    total, mean : of the `customers` whose value is known. losing : how many of them lie below 0.
    frame : highest value first: id, clv, rank (equal values share the better one), share (of the total,
        null where that is not above 0); customers without a value come last.
    """

    total: float
    mean: float
    customers: int
    losing: int
    frame: Any
    concentration: Concentration
    terms: Terms
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class GroupEquity(Displayed):
    """Customer equity from the mean value of a group and its size; nothing is said of one customer."""

    total: float
    mean: float
    population: float
    terms: Terms


def customer_equity(native: Any, terms: Terms, *, value: str = "clv") -> CustomerEquity:
    """Return CE = Σ CLV of customers, with their shares and the concentration.

    Parameters
    ----------
    native : one row per customer: `id` and the lifetime value; rows without one are counted and named.
    terms : the values rest on, of the level ``customer``.

    Raises
    ------
    EvaluationError
        as `records`; values of a group given as those of customers.

    References
    ----------
    Blattberg & Deighton (1996), Harvard Business Review 74(4), 136–144; Rust, Zeithaml & Lemon (2000),
    Driving Customer Equity.

    >>> terms = Terms("customer", 0.1, 52, 7 / 365.25, "CNY", "moment")
    >>> equity = customer_equity(pl.DataFrame({"id": ["a", "b"], "clv": [30.0, 90.0]}), terms)
    >>> equity.total, equity.frame["share"].to_list(), equity.concentration.top_share(0.5)
    (120.0, [0.75, 0.25], 0.75)
    """
    _level(terms, "customer")
    table = records(native, numbers=(value,)).rename({value: "clv"})
    known = table.filter(pl.col("clv").is_not_null()).sort(["clv", "id"], descending=[True, False])
    x = known["clv"].to_numpy()
    spread = concentration(x)
    total = float(x.sum())
    share = pl.col("clv") / total if total > 0 else pl.lit(None, pl.Float64)
    ranked = known.with_columns(
        pl.col("clv").rank("min", descending=True).cast(pl.Int64).alias("rank"), share.alias("share")
    )
    unknown = table.filter(pl.col("clv").is_null())
    found = about("CLV-918", value, unknown["id"], severity=Severity.WARNING)
    everyone = as_given(native, pl.concat([ranked, unknown], how="diagonal"))
    losing = int((x < 0).sum())
    return CustomerEquity(total, total / len(x), len(x), losing, everyone, spread, terms, tuple(found))


def group_equity(mean: float, population: float, terms: Terms) -> GroupEquity:
    """Return CE = mean CLV · population of a group.

    Raises `EvaluationError` for values of customers given as that of a group.

    >>> group_equity(568.78, 1000, Terms("group", 0.2, 10, 1.0, "USD", "start", "middle")).total
    568780.0
    """
    _level(terms, "group")
    each, many = float(numbers("mean", mean)), float(numbers("population", population))
    check(above("population", many))
    return GroupEquity(each * many, each, many, terms)


def _level(terms: Terms, wanted: str) -> None:
    if terms.level != wanted:
        raise EvaluationError([Issue("CLV-930", terms.level, {"wanted": wanted})])
