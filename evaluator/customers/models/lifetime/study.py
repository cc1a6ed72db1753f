"""Lifetime value of each customer from their orders or their summaries, as a study runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.history import calibration_holdout, purchase_history
from evaluator.customers.likelihoods.likelihood import Estimate
from evaluator.customers.models.lifetime.buying import BUYING, FittedBuying, fit_buying
from evaluator.customers.models.lifetime.buying_model import BuyingModel
from evaluator.customers.models.lifetime.options import FittedParameters, LifetimeOptions
from evaluator.customers.models.lifetime.spend import FittedSpend, GammaGamma, fit_spend
from evaluator.customers.models.lifetime.validation import DAYS, Holdout, holdout, tracking
from evaluator.customers.models.lifetime.values import customer_values
from evaluator.customers.orders import OrderLines
from evaluator.customers.sources import Option, Sources
from evaluator.customers.terms import Terms
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity


@dataclass(frozen=True)
class HeldOut(Displayed):
    """The forecast of a model that saw the orders up to `calibration_end` only, beside what happened.

    `track` has the cumulative repeat purchases over time: `time`, `holdout`, `actual`, `expected`.
    """

    calibration_end: date
    observation_end: date
    unit: str
    test: Holdout
    track: pl.DataFrame
    newcomers: int


@dataclass(frozen=True)
class Lifetimes(Displayed):
    """What each customer is expected to bring, by models fitted to all of them.

    `frame`: `id`, `p_alive`, `expected_purchases` and `clv` within the horizon, `expected_spend` per
    purchase. `frozen` says that the parameters are those of an earlier period. Summaries without amounts
    have no `spend`, and nothing in money.
    """

    frame: pl.DataFrame
    buying: FittedBuying[BuyingModel]
    spend: FittedSpend | None
    terms: Terms
    margin: float
    as_of: date
    frozen: bool
    held_out: HeldOut | None
    issues: tuple[Issue, ...]


def _freeze(found: Lifetimes, chosen: LifetimeOptions) -> LifetimeOptions:
    if chosen.parameters is not None:
        return chosen
    model, spend = found.buying.model, found.spend.model if found.spend else None
    parameters = FittedParameters(
        buying=dict(zip(model.names, model.values.tolist(), strict=True)),
        spend={name: getattr(spend, name) for name in spend.names} if spend else {},
        customers=found.buying.customers,
        repeaters=found.buying.repeaters,
        as_of=found.as_of,
    )
    return chosen.model_copy(update={"parameters": parameters, "calibration_end": None})


@model(
    "lifetime", zh="客户终身价值", en="Customer lifetime value",
    reference="Fader, Hardie & Lee 2005, doi:10.1287/mksc.1040.0098 and doi:10.1509/jmkr.2005.42.4.415",
    any_of=("orders", "summaries"), option=Option(LifetimeOptions, "lifetime", required=True), freeze=_freeze,
)  # fmt: skip
def _lifetime(sources: Sources, chosen: LifetimeOptions) -> Lifetimes:
    end = sources.as_of - timedelta(days=1)
    history = _summarised(sources["summaries"]) if "summaries" in sources else _history(sources, end, chosen)
    known = chosen.parameters
    buying = _known_buying(chosen, known) if known else _fitted_buying(history, chosen)
    spend = None
    if history["monetary"].count() and not (known and not known.spend):
        spend = _known_spend(known) if known else fit_spend(history)
    values = customer_values(
        history,
        buying,
        spend,
        margin=chosen.margin,
        horizon=chosen.horizon,
        discount_rate=chosen.discount_rate,
        currency=chosen.currency,
    )
    split = chosen.calibration_end
    tested = _held_out(sources.lines, chosen, split, end) if split and "orders" in sources else None
    issues = (*_summary_issues(sources, chosen, spend), *buying.issues, *(spend.issues if spend else ()))
    return Lifetimes(
        values.frame,
        buying,
        spend,
        values.terms,
        values.margin,
        sources.as_of,
        known is not None,
        tested,
        issues,
    )


for _name, _zh, _en in (
    ("clv", "客户终身价值", "Customer lifetime value"),
    ("p_alive", "仍会购买的概率", "Probability of still buying"),
    ("expected_purchases", "预期购买次数", "Expected purchases"),
    ("expected_spend", "预期每次金额", "Expected amount per purchase"),
):
    measure_of("lifetime", _name, _name, zh=_zh, en=_en)


def _history(sources: Sources, end: date, chosen: LifetimeOptions) -> pl.DataFrame:
    unit = DAYS[chosen.unit]
    return pl.DataFrame(purchase_history(sources.lines, end=end, unit=unit, free=chosen.free))


def _summarised(summaries: pl.DataFrame) -> pl.DataFrame:
    """Return summaries as the models read them: packages write 0 for the mean of no repeat purchase."""
    known = "monetary" in summaries.columns and (summaries["monetary"] > 0).any()
    mean = pl.col("monetary") if known else pl.lit(None, pl.Float64)
    bought = pl.col("frequency") > 0
    return summaries.select("id", "frequency", "recency", "T", pl.when(bought).then(mean).alias("monetary"))


def _summary_issues(
    sources: Sources, chosen: LifetimeOptions, spend: FittedSpend | None
) -> tuple[Issue, ...]:
    """Return what is said where summaries count: what they have no amounts for, and that they allow no test.

    Orders beside them do not count.
    """
    if "summaries" not in sources:
        return ()
    unpriced = () if spend else (Issue("CLV-947", "lifetime", severity=Severity.WARNING),)
    beside = (Issue("CLV-945", "lifetime", severity=Severity.NOTE),) if "orders" in sources else ()
    untested = chosen.calibration_end and "orders" not in sources
    return (
        *unpriced,
        *beside,
        *((Issue("CLV-946", "lifetime", severity=Severity.WARNING),) if untested else ()),
    )


def _fitted_buying(history: pl.DataFrame, chosen: LifetimeOptions) -> FittedBuying[BuyingModel]:
    """Fit the model; raises where too few customers have bought again to carry it."""
    repeaters = history.filter(pl.col("frequency") > 0).height
    if repeaters < chosen.least_repeaters:
        detail = {"repeaters": repeaters, "customers": history.height, "least": chosen.least_repeaters}
        raise EvaluationError([Issue("CLV-940", chosen.model, detail)])
    return fit_buying(history, unit=chosen.unit, model=chosen.model)


def _known_buying(chosen: LifetimeOptions, known: FittedParameters) -> FittedBuying[BuyingModel]:
    kind = BUYING[chosen.model].function
    values = [known.buying.get(name, np.nan) for name in kind.names]
    if not np.isfinite(values).all() or len(known.buying) != len(kind.names):
        detail = {"found": ", ".join(known.buying), "expected": ", ".join(kind.names)}
        raise EvaluationError([Issue("CLV-941", chosen.model, detail)])
    return FittedBuying(
        kind.of(values), _no_estimate(kind.names, values), chosen.unit, known.customers, known.repeaters
    )


def _known_spend(known: FittedParameters) -> FittedSpend:
    values = [known.spend.get(name, np.nan) for name in GammaGamma.names]
    if not np.isfinite(values).all() or len(known.spend) != len(GammaGamma.names):
        detail = {"found": ", ".join(known.spend), "expected": ", ".join(GammaGamma.names)}
        raise EvaluationError([Issue("CLV-941", "gamma_gamma", detail)])
    return FittedSpend(
        GammaGamma(*values), _no_estimate(GammaGamma.names, values), known.repeaters, float("nan")
    )


def _no_estimate(names: tuple[str, ...], values: list[float]) -> Estimate:
    """Return parameters taken as they are: nothing was estimated, so there are no errors."""
    unknown = np.full(len(names), np.nan)
    return Estimate(names, np.array(values), unknown, np.full((len(names),) * 2, np.nan), np.nan, 0.0)


def _held_out(orders: OrderLines, chosen: LifetimeOptions, split_at: date, end: date) -> HeldOut:
    unit = DAYS[chosen.unit]
    split = calibration_holdout(
        orders, calibration_end=split_at, observation_end=end, unit=unit, free=chosen.free
    )
    fitted = _fitted_buying(pl.DataFrame(split.frame), chosen)
    track = tracking(orders, fitted, calibration_end=split_at, observation_end=end, free=chosen.free)
    return HeldOut(split_at, end, chosen.unit, holdout(split, fitted), track, split.newcomers)
