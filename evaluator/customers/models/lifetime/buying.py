"""Models of repeat buying fitted to the histories of customers, by maximum likelihood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import polars as pl

from evaluator.columns import at_most
from evaluator.customers.likelihoods.likelihood import Estimate, maximize
from evaluator.customers.models.lifetime.bg_nbd import BgNbd as BgNbd
from evaluator.customers.models.lifetime.buying_model import BUYING as BUYING
from evaluator.customers.models.lifetime.buying_model import BuyingModel
from evaluator.customers.models.lifetime.pareto_nbd import ParetoNbd as ParetoNbd
from evaluator.customers.records import records
from evaluator.customers.terms import PER_YEAR, Unit
from evaluator.displayed import Displayed
from evaluator.errors import Issue, Severity, raise_errors
from evaluator.messages import Term

Model = TypeVar("Model", bound=BuyingModel)


@dataclass(frozen=True)
class FittedBuying(Displayed, Generic[Model]):
    """A model fitted to the histories of many customers, in one unit of time.

    `customers` were counted, of whom `repeaters` bought again.
    """

    model: Model
    estimate: Estimate
    unit: Unit
    customers: int
    repeaters: int
    issues: tuple[Issue, ...] = ()


def histories(native: Any) -> pl.DataFrame:
    """Return id, frequency, recency and T as the models read them; `purchase_history` makes them.

    Raises
    ------
    EvaluationError
        as `records`; histories that cannot be: a value is missing, the last purchase after the end, a repeat
        purchase at time 0, parts of a purchase.

    >>> histories(pl.DataFrame({"id": ["a"], "frequency": [1], "recency": [2.0], "T": [9.0]})).row(0)
    ('a', 1.0, 2.0, 9.0)
    """
    names = ("frequency", "recency", "T")
    frame = records(native, numbers=names, non_negative=names)
    raise_errors(_impossible(frame))
    return frame


def _impossible(frame: pl.DataFrame) -> Iterator[Issue]:
    """Yield an issue for each way in which histories cannot be, with the mistake it usually comes from."""
    x, t_x, T = pl.col("frequency"), pl.col("recency"), pl.col("T")
    ways = {
        "missing": pl.any_horizontal(pl.col("frequency", "recency", "T").is_null()),
        "late": ~at_most(t_x, T),
        "parts": x != x.round(),
        "at_once": (x > 0) & (t_x == 0),
        "never": (x == 0) & (t_x > 0),
    }
    for way, holds in ways.items():
        wrong = frame.filter(holds)
        if wrong.height:
            examples = ", ".join(wrong["id"].fill_null("–").head(5))
            detail = {"count": wrong.height, "examples": examples, "reason": Term(f"histories.{way}")}
            yield Issue("CLV-913", "histories", detail)


def fit_buying(
    native: Any, *, unit: Unit, model: str = "bg_nbd", least_repeaters: int = 30
) -> FittedBuying[BuyingModel]:
    """Fit a model of repeat buying by maximum likelihood.

    Parameters
    ----------
    native : one row per customer: `id`, `frequency` (repeat purchases), `recency` and `T` in `unit`;
        `customers.purchase_history` makes it from orders.
    unit : what one unit of time is; years of a discount rate are converted by it.
    model : name in `BUYING`.
    least_repeaters : customers who bought again, below which a warning calls the data thin.

    Raises
    ------
    EvaluationError
        no maximum, nobody bought again, no such model, and as `histories`.

    >>> frame = pl.DataFrame({"id": ["a", "b"], "frequency": 0, "recency": 0.0, "T": [9.5, 8.0]})
    >>> fit_buying(frame, unit="week")
    Traceback (most recent call last):
    evaluator.errors.EvaluationError: CLV-912 ...
    """
    kind = BUYING[model].function
    if unit not in PER_YEAR:
        raise ValueError(f"time counts in {', '.join(PER_YEAR)}, not in {unit!r}")
    frame = histories(native)
    repeaters = frame.filter(pl.col("frequency") > 0).height
    thin = repeaters < least_repeaters
    found = [
        Issue(
            "CLV-912",
            model,
            {"repeaters": repeaters, "customers": frame.height, "least": least_repeaters},
            severity=Severity.WARNING if repeaters else Severity.ERROR,
        )
    ] * thin
    raise_errors(found)
    groups = frame.group_by("frequency", "recency", "T", maintain_order=True).len("weights")
    x, t_x, T, weights = (groups[name].cast(pl.Float64).to_numpy() for name in groups.columns)
    estimate = maximize(
        lambda theta: kind.likelihood(theta, x, t_x, T, weights),
        kind.names,
        kind.starts(x, T),
        observations=float(frame.height),
        may_vanish=kind.stopping,
    )
    fitted = kind.of(estimate.values)
    return FittedBuying(fitted, estimate, unit, frame.height, repeaters, (*found, *estimate.issues))
