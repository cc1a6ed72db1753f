from . import ahp, customers, scoring, weighing
from .analysis import explain
from .errors import EvaluationError, Issue
from .evaluation import Evaluation
from .forms import read_judgments, write_questionnaires
from .reports import report
from .scoring.fit import fit
from .scoring.measures import measure
from .scoring.model import Model, load_model
from .scoring.ranking import ranked
from .scoring.score import score
from .study import Study
from .tree import Tree, load_tree
from .weighing.panel import Expert, Panel
from .weighing.weigh import weigh
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
