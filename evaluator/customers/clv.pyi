from .likelihoods.likelihood import Estimate
from .models.lifetime.bg_bb import BgBb, FittedOpportunities, fit_opportunities
from .models.lifetime.bg_nbd import BgNbd
from .models.lifetime.buying import BUYING, FittedBuying, fit_buying
from .models.lifetime.buying_model import BuyingModel
from .models.lifetime.events import EventValues, customer_events
from .models.lifetime.fitting import ProfitForecast, fit_profits, match_profits
from .models.lifetime.formulas import FORMULAS
from .models.lifetime.histories import profit_histories
from .models.lifetime.history import Lifetime, history_and_future
from .models.lifetime.pareto_nbd import ParetoNbd
from .models.lifetime.spend import FittedSpend, GammaGamma, fit_spend
from .models.lifetime.validation import Holdout, holdout, tracking
from .models.lifetime.values import CustomerValues, customer_values
from .models.retention.accounting import RetentionAccounts, retention_accounts
from .models.retention.berger_nasr_cases import RetainedValue, berger_nasr, curve_value, geometric
from .models.retention.contracts import (
    ContractValue,
    FittedContracts,
    ShiftedBetaGeometric,
    contract_value,
    fit_cohorts,
    fit_contracts,
)
from .models.retention.curves import BergerNasr, Degenerating, ProfitCurve
from .models.retention.markov_chains import MarkovValue, markov, markov_with_stopping, recency_chain
from .models.retention.migration import (
    BaseValue,
    MigrationValue,
    dwyer_migration,
    segment_migration,
    transition_matrix,
)
from .models.retention.optimum import OptimumRetention, Response, optimum_retention
from .models.retention.reichheld import Drivers, DriverValue, drivers_of, five_drivers
from .models.retention.retention import CohortValue, dwyer_retention, retention_rates
from .models.retention.survival import FittedWeibull, Weibull, fit_weibull
from .terms import Terms

__all__ = [
    "BUYING",
    "FORMULAS",
    "BaseValue",
    "BergerNasr",
    "BgBb",
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
    "FittedOpportunities",
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
    "fit_opportunities",
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
