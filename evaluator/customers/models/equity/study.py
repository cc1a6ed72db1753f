"""Customer equity as a study runs it: total, drivers against competitors, brand switching, levers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from evaluator.customers.declaring import model
from evaluator.customers.models.equity.choices import choice_counts, switching_counts
from evaluator.customers.models.equity.drivers import DRIVERS, DriverPositions, equity_drivers
from evaluator.customers.models.equity.options import (
    EquityDriverOptions,
    ImprovementOptions,
    SwitchingOptions,
)
from evaluator.customers.models.equity.switching import BrandValues, brand_switching, return_on_improvement
from evaluator.customers.models.equity.total import CustomerEquity, customer_equity
from evaluator.customers.models.lifetime.options import LifetimeOptions
from evaluator.customers.models.lifetime.study import Lifetimes
from evaluator.customers.models.retention.migration import transition_matrix
from evaluator.customers.sources import Option, Sources
from evaluator.customers.terms import Array
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity, nearest, raise_errors

_SHOWN = 5


@model(
    "equity", zh="客户资产", en="Customer equity",
    reference="Blattberg & Deighton 1996, Harvard Business Review",
    any_of=("orders", "summaries"), option=Option(LifetimeOptions, "lifetime", required=True),
)  # fmt: skip
def _equity(sources: Sources, chosen: LifetimeOptions) -> CustomerEquity:
    values: Lifetimes = sources.result("lifetime")
    if values.spend is None:
        raise EvaluationError([Issue("CLV-947", "equity")])
    return customer_equity(values.frame, values.terms)


@model(
    "equity_drivers", zh="客户资产的驱动因素", en="Drivers of customer equity",
    reference="Rust, Zeithaml & Lemon 2000, Driving Customer Equity",
    needs=("brand_ratings",), option=Option(EquityDriverOptions, "equity_drivers", required=True),
)  # fmt: skip
def _drivers(sources: Sources, chosen: EquityDriverOptions) -> DriverPositions:
    return equity_drivers(
        sources["brand_ratings"], chosen.importance, own=chosen.own, equities={**DRIVERS, **chosen.drivers}
    )


@dataclass(frozen=True)
class SwitchingChoices:
    """The market of the brands, and what is planned to keep more of the own brand's customers."""

    switching: SwitchingOptions
    improvement: ImprovementOptions | None


@dataclass(frozen=True)
class Improvement(Displayed):
    """What keeping more of the own brand's customers adds to its equity, and what it brings back."""

    kept: float
    before: float
    after: float
    spent: tuple[float, ...]
    roi: float


@dataclass(frozen=True)
class Switching(Displayed):
    """How customers move between brands, and what the brands are worth.

    Parameters
    ----------
    brands : (m,) the firm's own first. moves : (m, m) from the brand of the row to the next.
    chances : (m, m) of the brand bought next. first : (m,) share of each brand last bought.
    customers : whose moves they are. intended : whether they said what they will buy, not bought it.
    """

    brands: tuple[str, ...]
    moves: Array
    chances: Array
    first: Array
    values: BrandValues
    customers: float
    intended: bool
    improvement: Improvement | None
    issues: tuple[Issue, ...] = ()


@model(
    "switching", zh="品牌转换与客户资产", en="Brand switching and equity",
    reference="Rust, Lemon & Zeithaml 2004, doi:10.1509/jmkg.68.1.109.24030",
    any_of=("brand_choice", "brand_switching"),
    option=Option(SwitchingChoices, "switching", required=True),
)  # fmt: skip
def _switching(sources: Sources, chosen: SwitchingChoices) -> Switching:
    market, plan = chosen.switching, chosen.improvement
    bought = "brand_choice" in sources
    named, moves = (
        choice_counts(sources["brand_choice"]) if bought else switching_counts(sources["brand_switching"])
    )
    order = _own_first(named, market.own)
    brands, moves = tuple(named[place] for place in order), moves[np.ix_(order, order)]
    last = _bought_last(sources["brand_choice"], brands) if bought else moves.sum(1)
    issues = [*_unobserved(brands, moves, market.smoothing)]
    raise_errors(issues)
    if bought and "brand_switching" in sources:
        issues.append(Issue("CLV-936", "switching", severity=Severity.NOTE))
    chances = transition_matrix(moves, smoothing=market.smoothing)
    first, customers = last / last.sum(), float(last.sum())
    values = _values(chances, first, market)
    improvement = _improved(chances, first, values, market, plan) if plan else None
    return Switching(brands, moves, chances, first, values, customers, not bought, improvement, tuple(issues))


def _own_first(brands: tuple[str, ...], own: str) -> list[int]:
    """Return the places of the brands, the firm's own first; there are others."""
    if own not in brands:
        raise EvaluationError([Issue("CLV-931", own, {}, nearest(own, brands) or brands[:_SHOWN])])
    if len(brands) == 1:
        raise EvaluationError([Issue("CLV-933", own)])
    return sorted(range(len(brands)), key=lambda place: brands[place] != own)


def _bought_last(choices: pl.DataFrame, brands: Sequence[str]) -> Array:
    """Return how many people bought each brand last."""
    last = choices.drop_nulls("brand").sort("id", "period").group_by("id").agg(pl.col("brand").last())
    counts = dict(last["brand"].value_counts().iter_rows())
    return np.array([counts.get(brand, 0.0) for brand in brands])


def _unobserved(brands: Sequence[str], moves: Array, smoothing: float) -> Iterator[Issue]:
    """Yield an issue for the brands of whose customers nothing is known, or less than smoothing adds."""
    added = smoothing * len(brands)
    observed = zip(brands, moves.sum(1).tolist(), strict=True)
    few = [f"{brand} ({count:g})" for brand, count in observed if count <= added]
    if few and not smoothing:
        yield Issue("CLV-934", ", ".join(few))
    elif few:
        yield Issue("CLV-935", ", ".join(few), {"added": added}, severity=Severity.WARNING)


def _values(chances: Array, first: Array, chosen: SwitchingOptions) -> BrandValues:
    return brand_switching(
        chances,
        first,
        margin_per_purchase=chosen.margin_per_purchase,
        purchases_per_year=chosen.purchases_per_year,
        years=chosen.years,
        discount_rate=chosen.discount_rate,
        currency=chosen.currency,
        population=chosen.population,
    )


def _improved(
    chances: Array, first: Array, values: BrandValues, chosen: SwitchingOptions, plan: ImprovementOptions
) -> Improvement:
    better = chances.copy()
    kept = min(1.0, better[0, 0] + plan.kept)
    others = better[0, 1:].sum()
    better[0, 1:] *= (1.0 - kept) / others if others > 0 else 1.0
    better[0, 0] = kept
    before, after = float(values.equity[0]), float(_values(better, first, chosen).equity[0])
    roi = return_on_improvement(before, after, plan.outlays, discount_rate=chosen.discount_rate)
    return Improvement(kept - float(chances[0, 0]), before, after, plan.outlays, roi)
