"""Customer value evaluation: indicator trees, expert judgment, scoring, classes and client reports.

The road, each step a function from frozen values to frozen values::

    tree     = ev.load_tree("customer_value")
    ev.write_questionnaires(tree, experts, folder)
    panel    = ev.read_judgments(folder, tree)
    weights  = ev.weigh(tree, panel)
    measures = ev.measure(tables, tree)
    model    = ev.fit(tree, weights, measures)
    result   = ev.score(model, measures)
    ev.explain(model, measures, "C001")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluator import ahp, customers, scoring, weighing
    from evaluator.analysis import explain
    from evaluator.errors import EvaluationError, Issue
    from evaluator.evaluation import Evaluation
    from evaluator.report import report
    from evaluator.scoring.fit import fit
    from evaluator.scoring.measures import measure
    from evaluator.scoring.model import Model, load_model
    from evaluator.scoring.ranking import ranked
    from evaluator.scoring.score import score
    from evaluator.sheets import read_judgments, write_questionnaires
    from evaluator.study import Study
    from evaluator.tree import Tree, load_tree
    from evaluator.weighing.panel import Expert, Panel
    from evaluator.weighing.weigh import weigh
    from evaluator.weighing.weights import Weights

_HOMES = {
    "ahp": "",
    "customers": "",
    "scoring": "",
    "weighing": "",
    "EvaluationError": "errors",
    "Issue": "errors",
    "Evaluation": "evaluation",
    "Expert": "weighing",
    "Model": "scoring",
    "Panel": "weighing",
    "Study": "study",
    "Tree": "tree",
    "Weights": "weighing",
    "explain": "analysis",
    "fit": "scoring",
    "load_model": "scoring",
    "load_tree": "tree",
    "measure": "scoring",
    "ranked": "scoring",
    "read_judgments": "sheets",
    "report": "report",
    "score": "scoring",
    "weigh": "weighing",
    "write_questionnaires": "sheets",
}

__all__ = [
    "Evaluation",
    "EvaluationError",
    "Expert",
    "Issue",
    "Model",
    "Panel",
    "Study",
    "Tree",
    "Weights",
    "ahp",
    "customers",
    "explain",
    "fit",
    "load_model",
    "load_tree",
    "measure",
    "ranked",
    "read_judgments",
    "report",
    "score",
    "scoring",
    "weigh",
    "weighing",
    "write_questionnaires",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that importing the package stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module 'evaluator' has no attribute {name!r}")
    home = _HOMES[name]
    value = getattr(import_module(f"evaluator.{home}"), name) if home else import_module(f"evaluator.{name}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
