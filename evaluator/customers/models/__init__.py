"""The models of this room as a study runs them; importing them declares them."""

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.model_columns import CustomerColumn
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
from evaluator.customers.results import ModelResults, model_measures, run_models
from evaluator.customers.sources import MODEL_MEASURES, MODELS, CustomerModel, Option, Sources

__all__ = [
    "MODELS",
    "MODEL_MEASURES",
    "CustomerColumn",
    "CustomerModel",
    "ModelResults",
    "Option",
    "Sources",
    "churn",
    "classes",
    "cohorts",
    "equity",
    "firm",
    "forecasts",
    "lifetime",
    "loyalty",
    "measure_of",
    "model",
    "model_measures",
    "planes",
    "potential",
    "receivables",
    "run_models",
    "satisfaction",
    "stages",
    "types",
    "value",
]
