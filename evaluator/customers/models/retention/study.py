"""Lifetime value of groups as a study runs it: cohorts, constant retention, migration, drivers, optimum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import polars as pl

from evaluator.customers.declaring import model
from evaluator.customers.models.retention.accounting import RetentionAccounts, retention_accounts
from evaluator.customers.models.retention.berger_nasr_cases import RetainedValue, berger_nasr, curve_value
from evaluator.customers.models.retention.contracts import FittedContracts, fit_contracts
from evaluator.customers.models.retention.curves import BergerNasr, Degenerating, ProfitCurve
from evaluator.customers.models.retention.markov_chains import (
    MarkovValue,
    markov,
    markov_with_stopping,
    recency_chain,
)
from evaluator.customers.models.retention.migration import MigrationValue, dwyer_migration
from evaluator.customers.models.retention.optimum import OptimumRetention, Response, optimum_retention
from evaluator.customers.models.retention.options import (
    CohortTerms,
    CurveTerms,
    DriverTerms,
    MigrationTerms,
    MoneyTerms,
    OptimumTerms,
    RetainedTerms,
)
from evaluator.customers.models.retention.reichheld import DriverValue, drivers_of, five_drivers
from evaluator.customers.models.retention.retention import CohortValue, dwyer_retention, retention_rates
from evaluator.customers.models.retention.survival import FittedWeibull, Weibull, fit_weibull
from evaluator.customers.sources import Option, Sources
from evaluator.customers.terms import Array
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity

T = TypeVar("T")


@dataclass(frozen=True)
class Cohort(Displayed):
    """One cohort over its periods: its value, and curves that continue its retention.

    Parameters
    ----------
    customers : (n + 1,) still there in period 0, 1, … n. rates : (n,) retention from period to period.
    weibull, contracts : curves fitted to the customers who stayed; None where they cannot be, with the
        reason among the issues.
    """

    value: CohortValue
    customers: Array
    rates: Array
    weibull: FittedWeibull | None
    contracts: FittedContracts | None
    issues: tuple[Issue, ...]


@model(
    "cohort", zh="客户群的保留与终身价值", en="Retention and lifetime value of a cohort",
    reference="Dwyer 1997, doi:10.1002/(SICI)1522-7138(199723)11:4<6::AID-DIR3>3.0.CO;2-T; "
    "Fader & Hardie 2007, doi:10.1002/dir.20074",
    needs=("cohort",), option=Option(CohortTerms, "cohort", required=True),
)  # fmt: skip
def _cohort(sources: Sources, chosen: CohortTerms) -> Cohort:
    table = sources["cohort"].sort("period")
    customers, revenue, cost = (_column(table, name) for name in ("customers", "revenue", "cost"))
    rates = retention_rates(customers)
    there = np.maximum(customers, 1e-300)  # a period without customers has neither revenue nor cost
    value = dwyer_retention(
        np.nan_to_num(rates),
        np.where(customers > 0, revenue / there, 0.0),
        np.where(customers > 0, cost / there, 0.0),
        acquisition_cost=chosen.acquisition_cost,
        discount_rate=chosen.discount_rate,
        currency=chosen.currency,
        cohort=float(customers[0]),
        margins_at=chosen.margins_at,
    )
    issues: list[Issue] = []
    weibull = _tried(lambda: fit_weibull(customers), issues)
    contracts = _tried(lambda: fit_contracts(customers), issues)
    return Cohort(value, customers, rates, weibull, contracts, tuple(issues))


@model(
    "retained", zh="固定保留率下的终身价值", en="Lifetime value at constant retention",
    reference="Berger & Nasr 1998, doi:10.1002/(SICI)1520-6653(199824)12:1<17::AID-DIR3>3.0.CO;2-K",
    option=Option(RetainedTerms, "retained", required=True),
)  # fmt: skip
def _retained(sources: Sources, chosen: RetainedTerms) -> RetainedValue:
    return berger_nasr(**chosen.model_dump())


@model(
    "curve", zh="利润曲线下的终身价值", en="Lifetime value with a profit curve",
    reference="Berger & Nasr 1998, cases 3 and 4; degeneration after Chinese writing on the lifecycle",
    option=Option(CurveTerms, "curve", required=True),
)  # fmt: skip
def _curve(sources: Sources, chosen: CurveTerms) -> RetainedValue:
    profits: ProfitCurve = BergerNasr(**chosen.curve.model_dump())
    if chosen.degeneration:
        profits = Degenerating(profits, **chosen.degeneration.model_dump())
    stay = chosen.survival
    lasting = Weibull(stay.scale, stay.shape) if stay.scale and stay.shape else stay.retention
    assert lasting is not None
    return curve_value(
        profits,
        retention=lasting,
        discount_rate=chosen.discount_rate,
        horizon=chosen.horizon,
        currency=chosen.currency,
        continuous=chosen.continuous,
    )


@model(
    "accounts", zh="客户保留核算", en="Retention accounting",
    reference="Chinese writing on retention accounting; formulas as stated", needs=("segments",),
    option=Option(MoneyTerms, "accounts", required=True),
)  # fmt: skip
def _accounts(sources: Sources, chosen: MoneyTerms) -> RetentionAccounts:
    return retention_accounts(sources["segments"], **chosen.model_dump())


@dataclass(frozen=True)
class Migration(Displayed):
    """Customers who come and go: value of one acquired, and of one by when they last bought.

    `chain` has one state per period since the last purchase and one for who was given up; `stopping` is
    the same chain when efforts end where they do not pay.
    """

    value: MigrationValue
    chain: MarkovValue
    stopping: MarkovValue


@model(
    "migration", zh="客户迁移模型", en="Customer migration model",
    reference="Dwyer 1997; Pfeifer & Carraway 2000, "
    "doi:10.1002/(SICI)1520-6653(200021)14:2<43::AID-DIR4>3.0.CO;2-H",
    option=Option(MigrationTerms, "migration", required=True),
)  # fmt: skip
def _migration(sources: Sources, chosen: MigrationTerms) -> Migration:
    said = chosen.model_dump()
    case = [said.pop(name) for name in ("probabilities", "margin", "cost")]
    chain = recency_chain(*case)
    return Migration(
        dwyer_migration(*case, **said), markov(*chain, **said), markov_with_stopping(*chain, **said)
    )


@model(
    "five_drivers", zh="忠诚客户利润的五个来源", en="Five sources of profit from loyal customers",
    reference="Reichheld & Sasser 1990, Harvard Business Review; Reichheld 1996, The Loyalty Effect",
    option=Option(DriverTerms, "five_drivers", required=True),
)  # fmt: skip
def _five_drivers(sources: Sources, chosen: DriverTerms) -> DriverValue:
    said = chosen.model_dump()
    terms = {name: said.pop(name) for name in ("retention", "change", "discount_rate", "currency")}
    return five_drivers(drivers_of(**said), **terms)


@model(
    "optimum_retention", zh="最优保留投入", en="Optimal spending on retention",
    reference="Blattberg & Deighton 1996, Harvard Business Review",
    option=Option(OptimumTerms, "optimum_retention", required=True),
)  # fmt: skip
def _optimum(sources: Sources, chosen: OptimumTerms) -> OptimumRetention:
    return optimum_retention(
        chosen.margin,
        Response(**chosen.retention.model_dump()),
        discount_rate=chosen.discount_rate,
        currency=chosen.currency,
        acquisition=Response(**chosen.acquisition.model_dump()) if chosen.acquisition else None,
        acquisition_spend=chosen.acquisition_spend,
    )


def _column(table: pl.DataFrame, name: str) -> Array:
    """Return a column of the cohort; one that the table does not have costs nothing and earns nothing."""
    if name not in table.columns:
        return np.zeros(table.height)
    if lacking := table[name].null_count():
        raise EvaluationError([Issue("CLV-918", name, {"count": lacking, "examples": "cohort"})])
    return table[name].cast(pl.Float64).to_numpy()


def _tried(fit: Callable[[], T], issues: list[Issue]) -> T | None:
    """Return what a fit finds, or note why it finds nothing."""
    try:
        return fit()
    except EvaluationError as error:
        issues.extend(replace(issue, severity=Severity.NOTE) for issue in error.issues)
        return None
