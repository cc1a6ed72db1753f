"""Drift: how far the customers of today are from those a model was fitted on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from evaluator.brief import Brief
from evaluator.errors import Issue, Severity
from evaluator.scoring.model import Model
from evaluator.scoring.options import DriftOptions
from evaluator.scoring.populations import Population, population
from evaluator.scoring.spreads import Baseline

SMALLEST = 1e-4  # an empty bin counts as so much, so that the index stays finite


@dataclass(frozen=True)
class Drift(Brief):
    """How far a population is from the one of a model.

    Attributes
    ----------
    indicators : ``indicator``, ``index`` (population stability index, 0 is no change), ``missing_then`` and
        ``missing_now`` (shares), ``passed`` (the index passes the limit).
    classes : ``what`` (grade or class column), ``value``, ``then`` and ``now`` (shares of all customers),
        ``passed`` (the share changed by more than the limit).
    """

    indicators: pl.DataFrame = field(repr=False)
    classes: pl.DataFrame = field(repr=False)
    limits: DriftOptions
    population: int
    customers: int

    @property
    def passed(self) -> bool:
        """Whether any limit was passed."""
        return bool(self.indicators["passed"].any() or self.classes["passed"].any())

    def to_dict(self) -> dict[str, Any]:
        """Return everything, for a program."""
        return {
            "passed": self.passed,
            "limits": self.limits.model_dump(),
            "population": self.population,
            "indicators": self.indicators.to_dicts(),
            "classes": self.classes.to_dicts(),
        }

    def to_frame(self) -> pl.DataFrame:
        """Return the indicators, those that changed most first."""
        return self.indicators


def stability_index(expected: Sequence[float], actual: Sequence[float]) -> float:
    """Return the population stability index Σ (aᵢ − eᵢ) ln(aᵢ / eᵢ) of two divisions of a whole into shares.

    It is symmetric, 0 where both are equal, and read by convention: below 0.1 little has changed, above
    0.25 much. An empty bin counts as `SMALLEST`.

    References
    ----------
    Siddiqi (2006), Credit Risk Scorecards, Wiley, chapter 9; it is the divergence of Jeffreys (1946),
    doi:10.1098/rspa.1946.0056.

    >>> round(stability_index([0.5, 0.5], [0.6, 0.4]), 6)
    0.040547
    """
    pairs = [(max(e, SMALLEST), max(a, SMALLEST)) for e, a in zip(expected, actual, strict=True)]
    return math.fsum((a - e) * math.log(a / e) for e, a in pairs)


def drift(model: Model, measures: Any, results: Any, limits: DriftOptions | None = None) -> Drift | None:
    """Return how far customers are from those a model was fitted on; None where it does not tell of these.

    Parameters
    ----------
    measures, results : the customers of today and their scores, at hand or in an engine.
    limits : what counts as too far; default: an index of 0.25, a tenth of all customers.
    """
    then, limits = model.baseline, limits or DriftOptions()
    now = population(model.tree, measures, results)
    if then is None or not now.customers:
        return None
    return Drift(
        _indicators(model, then, now, limits),
        _classes(then, now, limits),
        limits,
        then.customers,
        now.customers,
    )


def drift_issues(model: Model, found: Drift | None) -> Iterator[Issue]:
    """Yield a warning for every indicator and class beyond its limit.

    A note where the model tells nothing of the customers it was fitted on.
    """
    if found is None:
        yield Issue("SCORE-690", model.tree.id, severity=Severity.NOTE)
        return
    called = {leaf.id: leaf.called for leaf in model.tree.indicators}
    for row in found.indicators.filter("passed").iter_rows(named=True):
        detail = {"index": row["index"], "limit": found.limits.indicators}
        yield Issue("SCORE-691", called[row["indicator"]], detail, severity=Severity.WARNING)
    for row in found.classes.filter("passed").iter_rows(named=True):
        detail = {"what": row["what"], "then": row["then"], "now": row["now"], "limit": found.limits.classes}
        yield Issue("SCORE-692", row["value"], detail, severity=Severity.WARNING)


def _indicators(model: Model, then: Baseline, now: Population, limits: DriftOptions) -> pl.DataFrame:
    observed = [leaf.id for leaf in model.tree.indicators if leaf.id not in model.unobserved]
    before = {name: then.measures[name] for name in observed if name in then.measures}
    rows = [
        (name, stability_index(before[name].shares, shares), before[name].shares[-1], shares[-1])
        for name, shares in now.shares(before).items()
    ]
    schema = {
        "indicator": pl.String,
        "index": pl.Float64,
        "missing_then": pl.Float64,
        "missing_now": pl.Float64,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(passed=pl.col("index") > limits.indicators).sort(
        "index", descending=True, maintain_order=True
    )


def _classes(then: Baseline, now: Population, limits: DriftOptions) -> pl.DataFrame:
    rows = []
    for what, before in then.classes.items():
        after = now.classes(what)
        rows += [
            (what, value, before.get(value, 0.0), after.get(value, 0.0))
            for value in sorted({*before, *after})
        ]
    schema = {"what": pl.String, "value": pl.String, "then": pl.Float64, "now": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(passed=(pl.col("now") - pl.col("then")).abs() > limits.classes)
