"""Lifetime value: what customers have brought and will bring, under terms that are stated beside it."""

from evaluator.customers.clv.accounting import RetentionAccounts, retention_accounts
from evaluator.customers.clv.berger_nasr import RetainedValue, berger_nasr, curve_value, geometric
from evaluator.customers.clv.bg_nbd import BgNbd
from evaluator.customers.clv.buying import BUYING, BuyingModel, FittedBuying, fit_buying
from evaluator.customers.clv.contracts import (
    ContractValue,
    FittedContracts,
    ShiftedBetaGeometric,
    contract_value,
    fit_cohorts,
    fit_contracts,
)
from evaluator.customers.clv.curves import BergerNasr, Degenerating, ProfitCurve
from evaluator.customers.clv.events import EventValues, customer_events
from evaluator.customers.clv.fitting import ProfitForecast, fit_profits, match_profits
from evaluator.customers.clv.formulas import FORMULAS
from evaluator.customers.clv.histories import profit_histories
from evaluator.customers.clv.history import Lifetime, history_and_future
from evaluator.customers.clv.holdout import Holdout, holdout, tracking
from evaluator.customers.clv.likelihood import Estimate
from evaluator.customers.clv.markov import MarkovValue, markov, markov_with_stopping, recency_chain
from evaluator.customers.clv.migration import (
    BaseValue,
    MigrationValue,
    dwyer_migration,
    segment_migration,
    transition_matrix,
)
from evaluator.customers.clv.optimum import OptimumRetention, Response, optimum_retention
from evaluator.customers.clv.pareto_nbd import ParetoNbd
from evaluator.customers.clv.reichheld import Drivers, DriverValue, drivers_of, five_drivers
from evaluator.customers.clv.retention import CohortValue, dwyer_retention, retention_rates
from evaluator.customers.clv.spend import FittedSpend, GammaGamma, fit_spend
from evaluator.customers.clv.survival import FittedWeibull, Weibull, fit_weibull
from evaluator.customers.clv.terms import Terms
from evaluator.customers.clv.values import CustomerValues, customer_values

__all__ = [
    "BUYING",
    "FORMULAS",
    "BaseValue",
    "BergerNasr",
    "BgNbd",
    "BuyingModel",
    "CohortValue",
    "ContractValue",
    "CustomerValues",
    "Degenerating",
    "DriverValue",
    "Drivers",
    "Estimate",
    "EventValues",
    "FittedBuying",
    "FittedContracts",
    "FittedSpend",
    "FittedWeibull",
    "GammaGamma",
    "Holdout",
    "Lifetime",
    "MarkovValue",
    "MigrationValue",
    "OptimumRetention",
    "ParetoNbd",
    "ProfitCurve",
    "ProfitForecast",
    "Response",
    "RetainedValue",
    "RetentionAccounts",
    "ShiftedBetaGeometric",
    "Terms",
    "Weibull",
    "berger_nasr",
    "contract_value",
    "curve_value",
    "customer_events",
    "customer_values",
    "drivers_of",
    "dwyer_migration",
    "dwyer_retention",
    "fit_buying",
    "fit_cohorts",
    "fit_contracts",
    "fit_profits",
    "fit_spend",
    "fit_weibull",
    "five_drivers",
    "geometric",
    "history_and_future",
    "holdout",
    "markov",
    "markov_with_stopping",
    "match_profits",
    "optimum_retention",
    "profit_histories",
    "recency_chain",
    "retention_accounts",
    "retention_rates",
    "segment_migration",
    "tracking",
    "transition_matrix",
]
