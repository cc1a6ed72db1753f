from . import ahp, customers, scoring, weighing
from .analysis import compare, explain, plan, robust
from .errors import EvaluationError, Issue
from .evaluation import Evaluation
from .forms import read_judgments, write_questionnaires
from .measuring.measures import measure
from .reports import report
from .scoring.fitting import fit
from .scoring.model import Model
from .scoring.model_file import load_model
from .scoring.ranking import ranked
from .scoring.score_steps import score
from .study import Study
from .tree import Tree, load_tree
from .weighing.node_weights import weigh
from .weighing.panel import Expert, Panel
from .weighing.weights import Weights

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
    "compare",
    "customers",
    "explain",
    "fit",
    "load_model",
    "load_tree",
    "measure",
    "plan",
    "ranked",
    "read_judgments",
    "report",
    "robust",
    "score",
    "scoring",
    "weigh",
    "weighing",
    "write_questionnaires",
]
