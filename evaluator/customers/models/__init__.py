"""The models of this room as a study runs them; importing them declares them."""

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
    receivables,
    satisfaction,
    stages,
    value,
)

__all__ = [
    "churn",
    "classes",
    "cohorts",
    "equity",
    "firm",
    "forecasts",
    "lifetime",
    "loyalty",
    "planes",
    "receivables",
    "satisfaction",
    "stages",
    "value",
]
