"""Where customers stand in their relation to the firm, from none to lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

import polars as pl
from pydantic import Field

from evaluator.columns import at_most, reaches
from evaluator.customers.history import purchase_history
from evaluator.customers.records import about, as_given, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.labels import Positive, Share
from evaluator.messages import Term

RELATIONS = ("none", "potential", "target", "first", "repeat", "loyal", "lost")
"""非客户、潜在、目标、初次购买者、重复购买者、忠诚客户、流失; names: ``customers.relation.<id>``."""


class RelationOptions(Format):
    """Where loyalty begins and a customer counts as lost; the literature names no values.

    Parameters
    ----------
    loyal_score : from which loyalty score a repeat customer is loyal.
    loyal_purchases : and from how many purchases.
    lost_intervals : lost after more than so many of the customer's own mean intervals without a purchase.
    lost_days : for customers with one purchase, who have no interval; None: they are never lost by time.
    lost_alive : lost below this probability of being alive, where the table has one.
    """

    loyal_score: float
    loyal_purchases: Annotated[int, Field(ge=2)] = 3
    lost_intervals: Positive = 3.0
    lost_days: Positive | None = None
    lost_alive: Share | None = None


@dataclass(frozen=True)
class Relations(Displayed):
    """`frame`: `id` and `state` (one of `RELATIONS`, null where nothing is known); `funnel`: `state`,
    `customers`, in the order of the relation."""

    frame: Any
    funnel: pl.DataFrame
    options: RelationOptions
    issues: tuple[Issue, ...] = ()


def rhythm(orders: Any, *, as_of: date | None = None) -> Any:
    """Return how often each customer buys: the columns `relation_states` and `lifecycle` read.

    `purchases` (days with one), `recency` (days from the last to `as_of`), `interval` (mean days between
    purchases, missing below two), `tenure` (months of 30.4375 days since the first).

    Parameters
    ----------
    orders : one row per line; see `order_measures`.
    as_of : the day looked back from; lines on or after it are not used. Default: the day after the last.

    Raises
    ------
    EvaluationError
        as `order_measures`.

    Limits: of two purchases an interval is a single observation.

    References
    ----------
    Histories as in Fader, Hardie & Lee (2005), doi:10.1287/mksc.1040.0098.

    >>> days = [date(2024, 1, 1), date(2024, 1, 11)]
    >>> lines = pl.DataFrame({"id": ["a", "a"], "date": days, "amount": [1.0, 1]})
    >>> rhythm(lines, as_of=date(2024, 1, 31)).select("purchases", "recency", "interval").row(0)
    (2, 20.0, 10.0)
    """
    end = as_of - timedelta(days=1) if as_of else None
    history = records(purchase_history(orders, end=end), numbers=["frequency", "recency", "T"])
    n, span = pl.col("frequency"), pl.col("recency")
    found = history.select(
        "id",
        (n + 1).cast(pl.Int64).alias("purchases"),
        (pl.col("T") - span + 1).alias("recency"),
        pl.when(n > 0).then(span / n).alias("interval"),
        ((pl.col("T") + 1) / (365.25 / 12)).alias("tenure"),
    )
    return as_given(orders, found)


def relation_states(frame: Any, *, options: RelationOptions) -> Relations:
    """Place customers on the road none → potential → target → first → repeat → loyal → lost (B8).

    With a purchase: lost where recency > k·interval (or `lost_days`, or the probability of being alive is
    too low); else loyal at `loyal_score` and `loyal_purchases`; else repeat from two, first with one.
    Without: target where in the target profile and contacted; potential with need or ability; none with
    neither. The first that holds decides.

    Parameters
    ----------
    frame : one row per customer: `id`, `purchases` (at least 0; null: not known) and where known `recency`
        and `interval` (days; see `rhythm`), `loyalty`, `alive` (probability), and 0/1 or true/false in
        `need`, `ability`, `profile`, `contacted`.

    Raises
    ------
    EvaluationError
        as `records`, a probability outside 0–1.

    Limits: a customer without purchases and without need and ability stated has no state. Loyalty is a
    score from elsewhere: repeat buying alone is not loyalty.

    References
    ----------
    States as in Chinese textbooks of customer relationship management (邵兵家); the rules are ours.

    >>> table = {"id": ["a", "b"], "purchases": [5, 0], "loyalty": [90, None], "need": [None, 1]}
    >>> relation_states(pl.DataFrame(table), options=RelationOptions(loyal_score=80)).frame["state"].to_list()
    ['loyal', 'potential']
    """
    known = ["recency", "interval", "loyalty", "alive", "need", "ability", "profile", "contacted"]
    amounts = ["purchases", "recency", "interval"]
    table = records(frame, numbers=["purchases", *known], optional=known, non_negative=amounts)
    if table.filter((pl.col("alive") < 0) | (pl.col("alive") > 1)).height:
        raise EvaluationError([Issue("CUST-920", "alive")])
    found = table.select("id", _state(options).alias("state"))
    counts = found.group_by("state").agg(pl.len().cast(pl.Int64).alias("customers"))
    funnel = pl.DataFrame({"state": RELATIONS}).join(counts, on="state", how="left", maintain_order="left")
    unknown = found.filter(pl.col("state").is_null())["id"]
    issues = about("CUST-918", Term("customers.what.state"), unknown, severity=Severity.WARNING)
    return Relations(
        as_given(frame, found), funnel.with_columns(pl.col("customers").fill_null(0)), options, tuple(issues)
    )


def _state(options: RelationOptions) -> pl.Expr:
    n = pl.col("purchases")
    overdue = ~at_most(pl.col("recency"), options.lost_intervals * pl.col("interval"))
    lost = overdue.fill_null(False)
    if options.lost_days is not None:
        alone = pl.col("interval").is_null() & ~at_most(pl.col("recency"), options.lost_days)
        lost = lost | alone.fill_null(False)
    if options.lost_alive is not None:
        lost = lost | (~reaches(pl.col("alive"), options.lost_alive)).fill_null(False)
    loyal = (n >= options.loyal_purchases) & reaches(pl.col("loyalty"), options.loyal_score)
    wants = (pl.col("need") > 0).fill_null(False) | (pl.col("ability") > 0).fill_null(False)
    neither = (pl.col("need") == 0) & (pl.col("ability") == 0)
    return (
        pl.when((n >= 1) & lost).then(pl.lit("lost"))
        .when(loyal.fill_null(False)).then(pl.lit("loyal"))
        .when(n >= 2).then(pl.lit("repeat"))
        .when(n >= 1).then(pl.lit("first"))
        .when(n.is_null()).then(None)
        .when((pl.col("profile") > 0) & (pl.col("contacted") > 0)).then(pl.lit("target"))
        .when(wants).then(pl.lit("potential"))
        .when(neither).then(pl.lit("none"))
    )  # fmt: skip
