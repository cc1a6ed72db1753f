"""The customer models that ship, in the order in which lists show them, and what a study does with them."""

from importlib import import_module

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.model_columns import CustomerColumn
from evaluator.customers.results import ModelResults, model_measures, run_models
from evaluator.customers.sources import MODEL_MEASURES, MODELS, CustomerModel, Option, Sources

STUDIES = (
    "churn.study",
    "rfm.study",
    "abc.study",
    "agreement.study",
    "matrices.screening_study",
    "retention.study",
    "lifetime.study",
    "equity.study",
    "firm.study",
    "lifetime.forecasts_study",
    "loyalty.study",
    "matrices.study",
    "value.potential_study",
    "satisfaction.study",
    "relation.study",
    "lifecycle.study",
    "relation.types_study",
    "value.study",
)
"""Modules of `customers.models` that declare models."""

for _study in STUDIES:
    import_module(f"evaluator.customers.models.{_study}")

__all__ = [
    "MODELS",
    "MODEL_MEASURES",
    "CustomerColumn",
    "CustomerModel",
    "ModelResults",
    "Option",
    "Sources",
    "measure_of",
    "model",
    "model_measures",
    "run_models",
]
