"""The models of this room as a study runs them; importing them declares them."""

from evaluator.customers.models import classes, planes, stages, value

__all__ = ["classes", "planes", "stages", "value"]
