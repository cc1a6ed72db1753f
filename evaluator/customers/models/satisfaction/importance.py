"""What to improve first: importance against performance, and importance nobody was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from evaluator.columns import TOLERANCE
from evaluator.columns.cuts import cut_values
from evaluator.customers.records import as_given, records
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue
from evaluator.tree.types import Cut, MeanCut

AT_MEAN = MeanCut(kind="mean")
QUADRANTS = ("concentrate", "keep_up", "low_priority", "overkill")
"""Important and weak, important and strong, neither, strong but unimportant; names:
``customers.quadrant.<id>``."""


@dataclass(frozen=True)
class ImportancePerformance(Displayed):
    """`frame`: `id`, `importance`, `performance`, `quadrant` (null where a side is not known); `cuts` of
    both sides, empty where nothing was there to cut."""

    frame: Any
    cuts: Mapping[str, float]


def importance_performance(
    items: Any,
    *,
    importance_cut: Cut = AT_MEAN,
    performance_cut: Cut = AT_MEAN,
) -> ImportancePerformance:
    """Place items in the four quadrants of importance and performance.

    Parameters
    ----------
    items : one row per item: `id`, `importance`, `performance`, each on any scale of its own.

    Raises
    ------
    EvaluationError
        as `records`, not one cut.

    Limits: cuts at the means always find something to improve; state fixed ones to compare periods.

    References
    ----------
    Martilla & James (1977), doi:10.1177/002224297704100112.

    >>> table = pl.DataFrame({"id": ["a", "b"], "importance": [9.0, 3], "performance": [40.0, 80]})
    >>> importance_performance(table).frame["quadrant"].to_list()
    ['concentrate', 'overkill']
    """
    table = records(items, numbers=["importance", "performance"])
    cuts: dict[str, float] = {}
    for name, cut in (("importance", importance_cut), ("performance", performance_cut)):
        values = table[name].drop_nulls().to_numpy()
        if not len(values):
            continue
        at = cut_values(cut, values, name)
        if len(at) != 1:
            raise EvaluationError([Issue("CUST-909", name, {"cuts": ", ".join(map(str, at)), "count": 1})])
        cuts[name] = at[0]
    quadrant = pl.lit(None, pl.String)
    if len(cuts) == 2:
        important, strong = (pl.col(name) >= at - TOLERANCE for name, at in cuts.items())
        known = important.is_not_null() & strong.is_not_null()
        named = (
            pl.when(important & ~strong).then(pl.lit("concentrate"))
            .when(important).then(pl.lit("keep_up"))
            .when(~strong).then(pl.lit("low_priority"))
            .otherwise(pl.lit("overkill"))
        )  # fmt: skip
        quadrant = pl.when(known).then(named)
    return ImportancePerformance(as_given(items, table.with_columns(quadrant.alias("quadrant"))), cuts)


def derived_importance(answers: Any, *, overall: str, column: str = "perceived") -> pl.DataFrame:
    """Return each item's correlation with satisfaction as a whole, −1 to 1: `item`, `importance`, `answers`.

    Parameters
    ----------
    answers : one row per respondent and item: `id`, `respondent` (default: the customer), `item`, and the
        column correlated.
    overall : the item that asks for satisfaction as a whole; it is not in the result.

    Null where fewer than three respondents answered both, or either says the same for all.

    Raises
    ------
    EvaluationError
        as `records`, no such item.

    Limits: Pearson's correlation tells of what goes together in these answers, not of causes; items that
    say nearly the same share their importance.

    >>> table = {"id": list("abcabc"), "item": ["all"] * 3 + ["speed"] * 3, "perceived": [1, 5, 9, 2, 4, 6]}
    >>> derived_importance(pl.DataFrame(table), overall="all").row(0)
    ('speed', 1.0, 3)
    """
    table = records(
        answers, numbers=[column], texts=["respondent", "item"], optional=["respondent"], repeated=True
    ).with_columns(pl.coalesce("respondent", "id").alias("respondent"))
    whole = table.filter(pl.col("item") == overall).select("id", "respondent", pl.col(column).alias("whole"))
    if not whole.height:
        raise EvaluationError([Issue("CUST-943", overall)])
    asked = table.filter(pl.col("item") != overall).join(whole, on=["id", "respondent"])
    parts = asked.drop_nulls([column, "whole"]).group_by("item", maintain_order=True)
    found = [(str(item), *_correlation(part, column)) for (item,), part in parts]
    schema = {"item": pl.String, "importance": pl.Float64, "answers": pl.Int64}
    return pl.DataFrame(found, schema=schema, orient="row").sort("item")


def _correlation(part: pl.DataFrame, column: str) -> tuple[float | None, int]:
    x, y = part[column].to_numpy(), part["whole"].to_numpy()
    if len(x) < 3 or not np.ptp(x) or not np.ptp(y):
        return None, len(x)
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1)), len(x)
