"""Questions put to an evaluation: why this score, who moved, and what if a weight were different."""

from evaluator.analysis.comparison import compare
from evaluator.analysis.data_audit import audit
from evaluator.analysis.explanation import Contribution, Explanation, RuleOutcome, explain, explanations
from evaluator.analysis.judgments import judgment_findings
from evaluator.analysis.lifting import Lift, LiftStep, what_would_lift
from evaluator.analysis.mixtures import SWITCHES, Side
from evaluator.analysis.moves import Migration, Move, migration
from evaluator.analysis.other_weights import with_weights
from evaluator.analysis.plans import PlanFindings, plan, plan_of
from evaluator.analysis.reasons import not_compared, with_reasons
from evaluator.analysis.robustness import BreakEvens, break_even_weights, certainty, robust

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
