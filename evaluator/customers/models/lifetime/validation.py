"""What a model foretold beside what customers did afterwards: by their past, and week by week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from evaluator.columns import at_most, exact_means
from evaluator.customers.history import Split, purchase_days
from evaluator.customers.models.lifetime.buying import FittedBuying, histories
from evaluator.customers.models.lifetime.buying_model import BuyingModel
from evaluator.customers.records import records
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue

DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}


@dataclass(frozen=True)
class Holdout(Displayed):
    """Purchases in the holdout, foretold from the calibration alone and as they happened.

    Attributes
    ----------
    by_frequency : frequency (repeat purchases in calibration, the last row all above), customers,
        actual and expected mean purchases per customer.
    actual, expected : all purchases. mean_absolute_error, correlation : customer by customer;
        correlation is None where one side does not vary.
    """

    by_frequency: pl.DataFrame
    customers: int
    actual: float
    expected: float
    mean_absolute_error: float
    correlation: float | None


def holdout(split: Split, fitted: FittedBuying[BuyingModel], *, most: int = 7) -> Holdout:
    """Compare the holdout of a split with the expectations of a model fitted to its calibration.

    Parameters
    ----------
    split : of `customers.calibration_holdout`, in the unit of the model.
    most : frequency from which customers share the last row.

    >>> from evaluator.customers.clv import BgNbd, Estimate
    >>> none = Estimate((), np.zeros(0), np.zeros(0), np.zeros((0, 0)), 0.0, 0.0)
    >>> fitted = FittedBuying(BgNbd(0.243, 4.414, 0.793, 2.426), none, "week", 2357, 946)
    >>> frame = pl.DataFrame({"id": ["a", "b"], "frequency": [2, 0], "recency": [30.43, 0.0],
    ...                       "T": [38.86, 38.86], "holdout_frequency": [1, 0], "holdout_T": [39.0, 39.0]})
    >>> split = Split(frame, date(1997, 9, 30), date(1998, 6, 30), 0)
    >>> holdout(split, fitted).by_frequency["expected"].round(3).to_list()
    [0.195, 1.226]
    """
    known = histories(split.frame)
    after = records(split.frame, numbers=("holdout_frequency", "holdout_T"))
    x, t_x, T = (known[name].to_numpy() for name in ("frequency", "recency", "T"))
    foretold = fitted.model.future_purchases(after["holdout_T"].to_numpy(), x, t_x, T)
    happened = after["holdout_frequency"].to_numpy()
    both = pl.DataFrame(
        {"frequency": np.minimum(x, most).astype(np.int64), "actual": happened, "expected": foretold}
    )
    means = exact_means(both, "actual", "expected", subject="holdout")
    rows = both.group_by("frequency").agg(pl.len().alias("customers"), *means)
    varied = len(x) > 1 and np.ptp(happened) > 0 and np.ptp(foretold) > 0
    return Holdout(
        rows.sort("frequency"),
        known.height,
        float(happened.sum()),
        float(foretold.sum()),
        float(np.abs(happened - foretold).mean()),
        float(np.corrcoef(happened, foretold)[0, 1]) if varied else None,
    )


def tracking(
    orders: Any,
    fitted: FittedBuying[BuyingModel],
    *,
    calibration_end: date,
    observation_end: date,
    step: float = 1,
    free: bool = False,
) -> pl.DataFrame:
    """Return cumulative repeat purchases over time, expected and actual, of the calibrated customers.

    Parameters
    ----------
    orders : one row per line, as for `customers.purchase_history`; days with a purchase count.
    calibration_end : customers who bought by then are followed, from the first of them on.
    step : between the rows, in units of the model. free : whether lines of amount 0 count as purchases.

    Returns
    -------
    DataFrame
        time (units from the first day of all), holdout (whether the calibration has ended by then),
        actual, expected.

    Raises
    ------
    EvaluationError
        where a column is missing, or nobody bought by the end of the calibration.
    """
    days = purchase_days(orders, free=free)[0].select("id", "day")
    days = days.filter(pl.col("day") <= observation_end.toordinal())
    first = days.group_by("id").agg(pl.col("day").min().alias("first"))
    first = first.filter(pl.col("first") <= calibration_end.toordinal())
    if not first.height:
        raise EvaluationError([Issue("CLV-907", f"orders ≤ {calibration_end}")])
    start, unit = int(first["first"].min()), DAYS[fitted.unit]  # type: ignore[arg-type]
    repeats = days.join(first, on="id").filter(pl.col("day") > pl.col("first"))["day"].sort().to_numpy()
    born, many = np.unique((first["first"].to_numpy() - start) / unit, return_counts=True)
    times = np.arange(1, int((observation_end.toordinal() + 1 - start) / unit / step + 1e-9) + 1) * step
    ages = times[:, None] - born
    expected = np.where(ages > 0, fitted.model.expected_purchases(np.maximum(ages, 0.0)), 0.0) @ many
    actual = np.searchsorted(repeats, start + times * unit, side="left")
    ended = (calibration_end.toordinal() + 1 - start) / unit
    return pl.DataFrame(
        {"time": times, "holdout": ~at_most(times, ended), "actual": actual, "expected": expected}
    )
