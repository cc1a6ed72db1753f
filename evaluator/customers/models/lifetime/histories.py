"""Profit histories of customers, from a ledger of one row per customer and period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from evaluator.customers.records import about, records
from evaluator.customers.terms import Array
from evaluator.errors import raise_errors


def profit_histories(ledger: Any) -> Mapping[str, Array]:
    """Return the profit of each period since acquisition, per customer.

    Parameters
    ----------
    ledger : `id`, `period` (0, 1, 2 … since acquisition), `profit`; one row per customer and period.

    Returns
    -------
    mapping
        id → (k,) profits in order, as `fit_profits`, `match_profits` and `history_and_future` take them.

    Raises
    ------
    EvaluationError
        as `records`; for customers with a period that is missing, repeated, or without a profit.

    >>> import polars as pl
    >>> ledger = pl.DataFrame({"id": ["a", "b", "a"], "period": [1, 0, 0], "profit": [7.0, 3.0, 5.0]})
    >>> profit_histories(ledger)
    {'a': array([5., 7.]), 'b': array([3.])}
    """
    read = records(ledger, numbers=["period", "profit"], repeated=True).sort("id", "period")
    each = read.group_by("id", maintain_order=True).agg("period", "profit").to_dicts()
    broken = [
        row["id"] for row in each if row["period"] != list(range(len(row["period"]))) or None in row["profit"]
    ]
    raise_errors(about("CLV-950", "profit_history", broken))
    return {row["id"]: np.array(row["profit"], dtype=np.float64) for row in each}
