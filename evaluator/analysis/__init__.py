"""Questions put to an evaluation: why this score, and what if a weight were different."""

from evaluator.analysis.explanation import Contribution, Explanation, explain, explanations
from evaluator.analysis.judgments import judgment_findings
from evaluator.analysis.sensitivity import Shift, sensitivity

__all__ = [
    "Contribution",
    "Explanation",
    "Shift",
    "explain",
    "explanations",
    "judgment_findings",
    "sensitivity",
]
