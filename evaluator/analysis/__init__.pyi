from .comparison import compare
from .data_audit import audit
from .explanation import Contribution, Explanation, RuleOutcome, explain, explanations
from .judgments import judgment_findings
from .lifting import Lift, LiftStep, what_would_lift
from .mixtures import SWITCHES, Side
from .moves import Migration, Move, migration
from .other_weights import with_weights
from .plans import PlanFindings, plan, plan_of
from .reasons import not_compared, with_reasons
from .robustness import BreakEvens, break_even_weights, certainty, robust

__all__ = [
    "SWITCHES",
    "BreakEvens",
    "Contribution",
    "Explanation",
    "Lift",
    "LiftStep",
    "Migration",
    "Move",
    "PlanFindings",
    "RuleOutcome",
    "Side",
    "audit",
    "break_even_weights",
    "certainty",
    "compare",
    "explain",
    "explanations",
    "judgment_findings",
    "migration",
    "not_compared",
    "plan",
    "plan_of",
    "robust",
    "what_would_lift",
    "with_reasons",
    "with_weights",
]
