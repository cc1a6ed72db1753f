"""Channels of interaction: how well each fits, what it achieved, what a contact cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from evaluator.customers.records import as_given, records
from evaluator.errors import EvaluationError, Issue


def channel_scores(ratings: Any, *, weights: Mapping[str, float]) -> Any:
    """Rate channels, score = Σ w·rating, with what they achieved against their goal (G6).

    Parameters
    ----------
    ratings : one row per channel: `id`, a column per criterion of `weights` (any one scale), and where
        known `goal` and `actual` (any unit, at least 0), `contacts` and `cost` (money).
    weights : of the criteria, at least 0; only proportions matter.

    Returns
    -------
    frame of the kind that came in
        `id`, `score` (on the scale of the ratings; missing where one is), `effect` (actual/goal),
        `contact_cost` (cost/contacts), `rank`, best first.

    Raises
    ------
    EvaluationError
        as `records`, weights negative or all 0.

    References
    ----------
    Steps of interaction design as in Chinese textbooks (邵兵家).

    >>> table = {"id": ["visit", "mail"], "reach": [2, 5], "depth": [5, 1], "goal": [10, 100],
    ...          "actual": [8, 40]}
    >>> found = channel_scores(pl.DataFrame(table), weights={"reach": 1, "depth": 3})
    >>> found.select("id", "score", "effect", "rank").rows()
    [('visit', 4.25, 0.8, 1), ('mail', 2.0, 0.4, 2)]
    """
    total = sum(weights.values())
    if not weights or any(weight < 0 for weight in weights.values()) or not total > 0:
        raise EvaluationError([Issue("CUST-910", "weights")])
    amounts = ["goal", "actual", "contacts", "cost"]
    table = records(ratings, numbers=[*weights, *amounts], optional=amounts, non_negative=amounts)
    score = None
    for name, weight in weights.items():
        part = pl.col(name) * (weight / total)
        score = part if score is None else score + part
    assert score is not None
    effect = pl.when(pl.col("goal") > 0).then(pl.col("actual") / pl.col("goal"))
    per_contact = pl.when(pl.col("contacts") > 0).then(pl.col("cost") / pl.col("contacts"))
    found = table.select(
        "id", score.alias("score"), effect.alias("effect"), per_contact.alias("contact_cost")
    ).with_columns(pl.col("score").rank("min", descending=True).cast(pl.Int64).alias("rank"))
    return as_given(ratings, found.sort(["score", "id"], descending=[True, False], nulls_last=True))
