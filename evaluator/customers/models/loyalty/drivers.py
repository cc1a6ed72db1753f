"""What carries loyalty: benefits customers gain from it, and costs that keep them from leaving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from evaluator.columns import enter, exact_means, mean_of, to_polars
from evaluator.customers.ranks import spearman
from evaluator.customers.records import records
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue

DRIVERS: Mapping[str, str] = {
    "lower_cost": "benefit",
    "reward": "benefit",
    "extra_service": "benefit",
    "affection": "benefit",
    "sunk_cost": "barrier",
    "procedural_cost": "barrier",
    "financial_cost": "barrier",
    "relational_cost": "barrier",
    "management": "firm",
}
"""Each driver and its kind: benefits, barriers (sunk cost and the three switching costs), the firm's own
management. Names: ``customers.driver.<id>``."""


@dataclass(frozen=True)
class LoyaltyDrivers(Displayed):
    """What customers say of the drivers, and how it goes with their loyalty.

    Parameters
    ----------
    drivers : `driver`, `kind` (benefit, barrier, firm), `customers`, `mean` (of the answers), `correlation`
        (Spearman with loyalty, −1 to 1; null where fewer than three are known or all alike), strongest
        first.
    barriers_prevail : whether barriers go with loyalty more closely than benefits do, by the mean of
        their correlations: loyalty then rests on what keeps customers in; None where either is not known.
    """

    drivers: pl.DataFrame
    barriers_prevail: bool | None


def loyalty_drivers(frame: Any) -> LoyaltyDrivers:
    """Relate the drivers of loyalty to the loyalty index (D9).

    Parameters
    ----------
    frame : one row per customer: `id`, `loyalty` (0–100), and any of `DRIVERS` (1–5, 5 strong).

    Raises
    ------
    EvaluationError
        as `records`, no driver in the table.

    Limits: going together is no cause; who is loyal also sees more benefit.

    References
    ----------
    Drivers as in Chinese textbooks (邵兵家); switching costs after Burnham, Frels & Mahajan (2003),
    doi:10.1177/0092070302250897.

    >>> table = pl.DataFrame({"id": list("abc"), "loyalty": [20, 50, 90], "reward": [1, 3, 5]})
    >>> loyalty_drivers(table).drivers.row(0)
    ('reward', 'benefit', 3, 3.0, 1.0)
    """
    there = [name for name in DRIVERS if name in to_polars(enter(frame).frame).columns]
    if not there:
        raise EvaluationError([Issue("CUST-948", "drivers", {"measures": ", ".join(DRIVERS)})])
    table = records(frame, numbers=["loyalty", *there])
    rows = [(name, DRIVERS[name], *_bond(table, name)) for name in there]
    schema = {
        "driver": pl.String,
        "kind": pl.String,
        "customers": pl.Int64,
        "mean": pl.Float64,
        "correlation": pl.Float64,
    }
    found = pl.DataFrame(rows, schema=schema, orient="row")
    found = found.sort("correlation", "driver", descending=[True, False], nulls_last=True)
    strength: dict[str, float | None] = dict(
        found.group_by("kind").agg(exact_means(found, "correlation", subject="drivers")).iter_rows()
    )
    benefit, barrier = strength.get("benefit"), strength.get("barrier")
    return LoyaltyDrivers(found, None if benefit is None or barrier is None else barrier > benefit)


def _bond(table: pl.DataFrame, name: str) -> tuple[int, float | None, float | None]:
    both = table.select(name, "loyalty").drop_nulls()
    rho = spearman(both[name].to_numpy(), both["loyalty"].to_numpy()) if both.height >= 3 else float("nan")
    return both.height, mean_of(table[name]), None if rho != rho else rho
