"""Which view shows which object; what has none of its own shows its figures and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evaluator.actions.planning import Plan
from evaluator.ahp.consistency_ratio import Consistency
from evaluator.analysis.explanation import Explanation
from evaluator.analysis.plans import PlanFindings
from evaluator.customers.model_result import ModelResult
from evaluator.customers.results import ModelResults
from evaluator.evaluation import Certainty, Comparison, Evaluation
from evaluator.notebook import models, results, weighed
from evaluator.notebook.plain import plain
from evaluator.present.blocks import View
from evaluator.present.charts import Chart
from evaluator.present.reader import Reader
from evaluator.scoring.model import Model
from evaluator.tree import Tree
from evaluator.weighing.panel import Panel
from evaluator.weighing.weights import Weights

VIEWS: Mapping[type, Callable[[Any, Reader], View]] = {
    Tree: weighed.tree,
    Weights: weighed.weights,
    Panel: weighed.panel,
    Consistency: weighed.consistency,
    Model: weighed.model,
    Evaluation: results.evaluation,
    Explanation: results.explanation,
    Comparison: results.comparison,
    Certainty: results.certainty,
    Plan: results.plan,
    PlanFindings: results.plan_findings,
    ModelResults: models.overview,
    ModelResult: models.model_result,
}


def view_of(thing: Any, language: str) -> View:
    """Yield what an object shows to a reader of a language."""
    reader = models.reader_of(language)
    if isinstance(thing, Chart):
        yield thing
    elif view := VIEWS.get(type(thing)):
        yield from view(thing, reader)
    else:
        yield from models.raw(thing, reader) or plain(thing, reader)
