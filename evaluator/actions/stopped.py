"""Who is given nothing by a plan, and which limit stopped it."""

from __future__ import annotations

import polars as pl

from evaluator.actions.planning import Plan

NOT_PLANNED = "not_planned"
REASONS = ("must_not", "unknown", "loses", "capacity", "budget")


def who_is_stopped(pairs: pl.DataFrame, made: Plan) -> pl.DataFrame:
    """Return `id` and `stopped` of the customers for whom an action applies and who are given none.

    ``must_not`` (the study rules it out), ``unknown`` (no gain is known), ``loses`` (every action costs
    more than it brings), ``capacity`` (only actions that are all given away would fit into what is left
    of the budget), ``budget`` (no other action can be paid for any more).

    >>> from evaluator.actions import Limits, plan
    >>> pairs = pl.DataFrame({"id": ["a", "b", "c"], "action": ["call"] * 3, "gain": [9.0, 8.0, 1.0],
    ...                       "cost": [5.0, 5.0, 5.0]})
    >>> who_is_stopped(pairs, plan(pairs, Limits(budget=5))).rows()
    [('b', 'budget'), ('c', 'loses')]
    """
    limits = made.limits
    left = float("inf") if limits.budget is None else limits.budget - made.cost
    given = dict(made.rows["action"].value_counts().iter_rows())
    full = [name for name, most in limits.capacities.items() if given.get(name, 0) >= most]
    rest = pairs.join(made.rows, on="id", how="anti")
    known = pl.col("gain").is_not_null() & pl.col("cost").is_not_null()
    brings = known & (pl.col("gain") > pl.col("cost"))
    shut = pl.col("action").is_in(full)
    worst = (
        pl.when(pl.col("id").is_in(list(limits.must_not))).then(pl.lit("must_not"))
        .when(~known.any()).then(pl.lit("unknown"))
        .when(~brings.any()).then(pl.lit("loses"))
        .when((brings & shut & (pl.col("cost") <= left)).any()).then(pl.lit("capacity"))
        .otherwise(pl.lit("budget"))
    )  # fmt: skip
    return rest.group_by("id").agg(worst.first().alias("stopped")).sort("id")
