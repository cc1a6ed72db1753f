"""Lifetime value: what customers have brought and will bring, under terms that are stated beside it."""

from evaluator.customers.clv.berger_nasr import RetainedValue, berger_nasr, curve_value, geometric
from evaluator.customers.clv.curves import BergerNasr, Degenerating, ProfitCurve
from evaluator.customers.clv.history import Lifetime, history_and_future
from evaluator.customers.clv.markov import MarkovValue, markov, markov_with_stopping, recency_chain
from evaluator.customers.clv.migration import (
    BaseValue,
    MigrationValue,
    dwyer_migration,
    segment_migration,
    transition_matrix,
)
from evaluator.customers.clv.retention import CohortValue, dwyer_retention, retention_rates
from evaluator.customers.clv.terms import Terms

__all__ = [
    "BaseValue",
    "BergerNasr",
    "CohortValue",
    "Degenerating",
    "Lifetime",
    "MarkovValue",
    "MigrationValue",
    "ProfitCurve",
    "RetainedValue",
    "Terms",
    "berger_nasr",
    "curve_value",
    "dwyer_migration",
    "dwyer_retention",
    "geometric",
    "history_and_future",
    "markov",
    "markov_with_stopping",
    "recency_chain",
    "retention_rates",
    "segment_migration",
    "transition_matrix",
]
