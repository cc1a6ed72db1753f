"""Questions put to an evaluation: why this score."""

from evaluator.analysis.explanation import Contribution, Explanation, explain, explanations

__all__ = ["Contribution", "Explanation", "explain", "explanations"]
