from .accounting import RetentionAccounts, retention_accounts
from .berger_nasr_cases import RetainedValue, berger_nasr, curve_value, geometric
from .bg_nbd import BgNbd
from .buying import BUYING, FittedBuying, fit_buying
from .buying_model import BuyingModel
from .contracts import (
    ContractValue,
    FittedContracts,
    ShiftedBetaGeometric,
    contract_value,
    fit_cohorts,
    fit_contracts,
)
from .curves import BergerNasr, Degenerating, ProfitCurve
from .events import EventValues, customer_events
from .fitting import ProfitForecast, fit_profits, match_profits
from .formulas import FORMULAS
from .histories import profit_histories
from .history import Lifetime, history_and_future
from .likelihood import Estimate
from .markov_chains import MarkovValue, markov, markov_with_stopping, recency_chain
from .migration import (
    BaseValue,
    MigrationValue,
    dwyer_migration,
    segment_migration,
    transition_matrix,
)
from .optimum import OptimumRetention, Response, optimum_retention
from .pareto_nbd import ParetoNbd
from .reichheld import Drivers, DriverValue, drivers_of, five_drivers
from .retention import CohortValue, dwyer_retention, retention_rates
from .spend import FittedSpend, GammaGamma, fit_spend
from .survival import FittedWeibull, Weibull, fit_weibull
from .terms import Terms
from .validation import Holdout, holdout, tracking
from .values import CustomerValues, customer_values

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
