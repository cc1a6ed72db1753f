"""Questions put to an evaluation: why this score."""

from evaluator.analysis.explanation import Contribution, Explanation, explain, explanations
from evaluator.analysis.judgments import judgment_findings

__all__ = ["Contribution", "Explanation", "explain", "explanations", "judgment_findings"]
