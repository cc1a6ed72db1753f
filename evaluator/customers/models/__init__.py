"""The models of this room as a study runs them; importing them declares them."""

from evaluator.customers.declared import FINDINGS, MODEL_MEASURES, CustomerColumn, finder, measure_of
from evaluator.customers.findings import Findings, Sources, customer_findings, model_measures
from evaluator.customers.models import (
    churn,
    classes,
    cohorts,
    equity,
    firm,
    forecasts,
    lifetime,
    loyalty,
    planes,
    potential,
    receivables,
    satisfaction,
    stages,
    types,
    value,
)

__all__ = [
    "FINDINGS",
    "MODEL_MEASURES",
    "CustomerColumn",
    "Findings",
    "Sources",
    "churn",
    "classes",
    "cohorts",
    "customer_findings",
    "equity",
    "finder",
    "firm",
    "forecasts",
    "lifetime",
    "loyalty",
    "measure_of",
    "model_measures",
    "planes",
    "potential",
    "receivables",
    "satisfaction",
    "stages",
    "types",
    "value",
]
