"""The loyalty ladder: how far up each customer stands, from unaware to paying a premium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from evaluator.customers.records import about, as_given, records
from evaluator.displayed import Displayed
from evaluator.errors import Issue, Severity

RUNGS = ("unaware", "aware", "goodwill", "satisfied", "loyal", "premium")
"""未知、知晓、好感、满意、忠诚、溢价购买; names: ``customers.rung.<id>``."""


@dataclass(frozen=True)
class Ladder(Displayed):
    """`frame`: `id`, `rung` (null where even awareness is not known), `skipped` (a higher rung is said
    to be reached over one that is not); `rungs`: `rung`, `customers` standing on it, `reached` (on it or
    above), in order."""

    frame: Any
    rungs: pl.DataFrame
    issues: tuple[Issue, ...] = ()


def loyalty_ladder(frame: Any) -> Ladder:
    """Place customers on the ladder: the highest rung up to which every rung is reached (D14).

    A customer who pays a premium without being satisfied does not stand on the top rung, but is marked as
    skipping one: there is something to ask about. A rung nothing is known of ends the climb.

    Parameters
    ----------
    frame : one row per customer: `id`, `aware`, and where known `goodwill`, `satisfied`, `loyal`,
        `premium`, each 0/1 or true/false; by whatever cuts the user holds right.

    Raises
    ------
    EvaluationError
        as `records`. A warning: rungs skipped.

    Limits: an order of states, no measure; distances between rungs mean nothing.

    References
    ----------
    After Christopher, Payne & Ballantyne (1991), Relationship Marketing; the rungs are those of Chinese
    texts.

    >>> table = {"id": ["a", "b"], "aware": [1, 1], "goodwill": [1, 0], "satisfied": [0, 1]}
    >>> loyalty_ladder(pl.DataFrame(table)).frame.select("rung", "skipped").rows()
    [('goodwill', False), ('aware', True)]
    """
    steps = list(RUNGS[1:])
    table = records(frame, numbers=steps, optional=steps[1:])
    reached = [(pl.col(step) > 0).fill_null(False) for step in steps]
    climbed = [pl.all_horizontal(reached[: n + 1]) for n in range(len(steps))]
    height = pl.sum_horizontal(rung.cast(pl.Int64) for rung in climbed)
    said = pl.sum_horizontal(step.cast(pl.Int64) for step in reached)
    names = dict(enumerate(RUNGS))
    found = table.with_columns(
        pl.when(pl.col("aware").is_not_null())
        .then(height.replace_strict(names, default=None, return_dtype=pl.String))
        .alias("rung"),
        (said > height).alias("skipped"),
    )
    counts = found.group_by("rung").agg(pl.len().cast(pl.Int64).alias("customers"))
    rungs = pl.DataFrame({"rung": RUNGS}).join(counts, on="rung", how="left", maintain_order="left")
    rungs = rungs.with_columns(pl.col("customers").fill_null(0)).with_columns(
        pl.col("customers").reverse().cum_sum().reverse().alias("reached")
    )
    skipping = found.filter(pl.col("skipped"))["id"]
    issues = about("CUST-950", "ladder", skipping, severity=Severity.WARNING)
    return Ladder(as_given(frame, found.select("id", "rung", "skipped")), rungs, tuple(issues))
