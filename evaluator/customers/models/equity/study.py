"""Customer equity as a study runs it: total, drivers against competitors, brand switching, levers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from evaluator.customers.declaring import model
from evaluator.customers.models.equity.choices import choice_counts
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
from evaluator.errors import EvaluationError, Issue, nearest


@model(
    "equity", zh="客户资产", en="Customer equity",
    reference="Blattberg & Deighton 1996, Harvard Business Review",
    any_of=("orders", "summaries"), option=Option(LifetimeOptions, "lifetime", required=True),
)  # fmt: skip
def _equity(sources: Sources, chosen: LifetimeOptions) -> CustomerEquity:
    values: Lifetimes = sources.result("lifetime")
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
    brands : (m,) the firm's own first. moves : (m, m) observed, from the brand of the row to the next.
    chances : (m, m) of the brand bought next. first : (m,) share of each brand last bought.
    """

    brands: tuple[str, ...]
    moves: Array
    chances: Array
    first: Array
    values: BrandValues
    customers: int
    improvement: Improvement | None


@model(
    "switching", zh="品牌转换与客户资产", en="Brand switching and equity",
    reference="Rust, Lemon & Zeithaml 2004, doi:10.1509/jmkg.68.1.109.24030",
    needs=("brand_choice",), option=Option(SwitchingChoices, "switching", required=True),
)  # fmt: skip
def _switching(sources: Sources, chosen: SwitchingChoices) -> Switching:
    market, plan = chosen.switching, chosen.improvement
    choices = sources["brand_choice"]
    brands, moves = choice_counts(choices, brands=_brands(choices, market.own))
    chances = transition_matrix(moves, smoothing=market.smoothing)
    last = choices.drop_nulls("brand").sort("id", "period").group_by("id").agg(pl.col("brand").last())
    counts = dict(last["brand"].value_counts().iter_rows())
    first = np.array([counts.get(brand, 0) for brand in brands]) / last.height
    values = _values(chances, first, market)
    improvement = _improved(chances, first, values, market, plan) if plan else None
    return Switching(brands, moves, chances, first, values, last.height, improvement)


def _brands(choices: pl.DataFrame, own: str) -> tuple[str, ...]:
    known = choices["brand"].drop_nulls().unique().sort().to_list()
    if own not in known:
        raise EvaluationError([Issue("CLV-931", own, {"column": "brand"}, nearest(own, known))])
    return (own, *(brand for brand in known if brand != own))


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
