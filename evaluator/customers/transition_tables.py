"""Who moved where between two periods: states of relation, lifecycle stages, types, grades, classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.customers.records import as_given, records
from evaluator.displayed import Displayed
from evaluator.errors import not_among, raise_errors


@dataclass(frozen=True)
class Transitions(Displayed):
    """Movements of customers between two periods, states in the order given.

    Parameters
    ----------
    counts : (k, k) customers from the state of the row to that of the column.
    shares : (k, k) of each row; NaN where nobody began there.
    entered, left : (k,) customers known in the later, or the earlier, period only, by their state there.
    moved : customers whose state changed: `id`, `before`, `after`.
    """

    states: tuple[str, ...]
    counts: NDArray[np.int64]
    shares: NDArray[np.float64]
    entered: NDArray[np.int64]
    left: NDArray[np.int64]
    moved: Any

    @property
    def stayed(self) -> float:
        """The share of customers known in both periods who kept their state; NaN where there is none."""
        total = self.counts.sum()
        return float(self.counts.trace() / total) if total else float("nan")


def transitions(before: Any, after: Any, *, states: Sequence[str], column: str = "state") -> Transitions:
    """Count who moved from which state to which, between two tables of one row per customer.

    A customer without a state in a period counts as not known in it.

    Parameters
    ----------
    before, after : `id` and `column`.
    states : all states, in their natural order.

    Raises
    ------
    EvaluationError
        as `records`; a state that is not listed.

    Limits: shares of few customers are uncertain, and one period's shares need not hold for the next.

    References
    ----------
    Counts of moves; as a Markov chain they were first used for customers by Pfeifer & Carraway (2000),
    doi:10.1002/(SICI)1520-6653(200021)14:2<43::AID-DIR4>3.0.CO;2-H.

    >>> first = pl.DataFrame({"id": ["a", "b"], "state": ["new", "new"]})
    >>> second = pl.DataFrame({"id": ["a", "b"], "state": ["new", "loyal"]})
    >>> transitions(first, second, states=["new", "loyal"]).shares
    array([[0.5, 0.5],
           [nan, nan]])
    """
    tables = [records(frame, texts=[column]).select("id", state=column) for frame in (before, after)]
    found = pl.concat([table["state"] for table in tables]).drop_nulls().unique().sort()
    raise_errors(not_among("CUST-908", found, states, {"column": column}))
    first, second = (table.drop_nulls() for table in tables)
    both = first.join(
        second, on="id", how="full", coalesce=True, suffix="_after", maintain_order="left_right"
    )
    place = {state: number for number, state in enumerate(states)}
    k = len(states)
    counts, entered, left = (np.zeros(shape, dtype=np.int64) for shape in ((k, k), k, k))
    for a, b, n in both.group_by("state", "state_after").len().iter_rows():
        if a is None:
            entered[place[b]] += n
        elif b is None:
            left[place[a]] += n
        else:
            counts[place[a], place[b]] += n
    total = counts.sum(1, keepdims=True)
    shares = np.divide(counts, total, out=np.full((k, k), np.nan), where=total > 0)
    moved = both.drop_nulls().filter(pl.col("state") != pl.col("state_after"))
    moved = moved.select("id", before="state", after="state_after").sort("id")
    return Transitions(tuple(states), counts, shares, entered, left, as_given(after, moved))


def states_on(log: Any, day: date, *, column: str = "stage") -> Any:
    """Return the state each customer is in at the end of a day, from a log of changes.

    Parameters
    ----------
    log : one row per change: `id`, `date` from which the state holds, and `column`.

    Returns
    -------
    frame of the kind that came in, sorted by id
        `id`, `column`; customers whose first change is later have no row.

    Raises
    ------
    EvaluationError
        as `records`.

    >>> log = pl.DataFrame({"id": ["a", "a"], "date": [date(2024, 1, 5), date(2024, 3, 1)],
    ...                     "stage": ["growth", "mature"]})
    >>> [states_on(log, date(2024, month, 1))["stage"].to_list() for month in (1, 2, 3)]
    [[], ['growth'], ['mature']]
    """
    changes = records(log, texts=[column], dates=["date"], repeated=True)
    known = changes.filter(pl.col("date") <= day).sort("date", maintain_order=True)
    return as_given(log, known.group_by("id").agg(pl.col(column).last()).sort("id"))
