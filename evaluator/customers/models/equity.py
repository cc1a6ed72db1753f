"""Customer equity as a study runs it: total, drivers against competitors, brand switching, levers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from evaluator.customers.clv.migration import transition_matrix
from evaluator.customers.clv.terms import Array
from evaluator.customers.declared import finder
from evaluator.customers.equity.choices import choice_counts
from evaluator.customers.equity.drivers import DRIVERS, DriverPositions, equity_drivers
from evaluator.customers.equity.options import ImprovementOptions, SwitchingOptions
from evaluator.customers.equity.switching import BrandValues, brand_switching, return_on_improvement
from evaluator.customers.equity.total import CustomerEquity, customer_equity
from evaluator.customers.findings import Sources
from evaluator.customers.models.lifetime import Lifetimes
from evaluator.customers.options import CustomerOptions
from evaluator.errors import EvaluationError, Issue, nearest


@finder(
    "equity", zh="客户资产", en="Customer equity",
    reference="Blattberg & Deighton 1996, Harvard Business Review",
    any_of=("orders", "summaries"), option="lifetime",
)  # fmt: skip
def _equity(tables: Sources, as_of: date, options: CustomerOptions) -> CustomerEquity:
    values: Lifetimes = tables.result("lifetime")
    return customer_equity(values.frame, values.terms)


@finder(
    "equity_drivers", zh="客户资产的驱动因素", en="Drivers of customer equity",
    reference="Rust, Zeithaml & Lemon 2000, Driving Customer Equity",
    needs=("brand_ratings",), option="equity_drivers",
)  # fmt: skip
def _drivers(tables: Sources, as_of: date, options: CustomerOptions) -> DriverPositions:
    chosen = options.equity_drivers
    assert chosen is not None
    return equity_drivers(
        tables["brand_ratings"], chosen.importance, own=chosen.own, equities={**DRIVERS, **chosen.drivers}
    )


@dataclass(frozen=True)
class Improvement:
    """What keeping more of the own brand's customers adds to its equity, and what it brings back."""

    kept: float
    before: float
    after: float
    spent: tuple[float, ...]
    roi: float


@dataclass(frozen=True)
class Switching:
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


@finder(
    "switching", zh="品牌转换与客户资产", en="Brand switching and equity",
    reference="Rust, Lemon & Zeithaml 2004, doi:10.1509/jmkg.68.1.109.24030",
    needs=("brand_choice",), option="switching",
)  # fmt: skip
def _switching(tables: Sources, as_of: date, options: CustomerOptions) -> Switching:
    chosen = options.switching
    assert chosen is not None
    choices = tables["brand_choice"]
    brands, moves = choice_counts(choices, brands=_brands(choices, chosen.own))
    chances = transition_matrix(moves, smoothing=chosen.smoothing)
    last = choices.drop_nulls("brand").sort("id", "period").group_by("id").agg(pl.col("brand").last())
    counts = dict(last["brand"].value_counts().iter_rows())
    first = np.array([counts.get(brand, 0) for brand in brands]) / last.height
    values = _values(chances, first, chosen)
    plan = options.improvement
    improvement = _improved(chances, first, values, chosen, plan) if plan else None
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
