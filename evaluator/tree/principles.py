"""The eight principles of selecting indicators, the checks that watch them, and what a check finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaluator import messages
from evaluator.brief import Brief
from evaluator.labels import Text
from evaluator.tree.types import Group, Indicator

Principle = Literal[
    "wholeness", "dynamics", "focus", "clarity", "hierarchy", "independence", "comparability", "measurability"
]
PRINCIPLES: tuple[Principle, ...] = (
    "wholeness", "dynamics", "focus", "clarity", "hierarchy", "independence", "comparability", "measurability"
)  # fmt: skip

CHECKS: Mapping[str, Principle] = {
    "no_benefit": "wholeness",
    "no_cost": "wholeness",
    "no_money": "wholeness",
    "only_money": "wholeness",
    "no_horizon": "wholeness",
    "no_version": "dynamics",
    "no_number": "dynamics",
    "no_date": "dynamics",
    "no_review": "dynamics",
    "review_due": "dynamics",
    "many_leaves": "focus",
    "many_pairs": "focus",
    "small_weight": "focus",
    "no_definition": "clarity",
    "no_unit": "clarity",
    "no_anchors": "clarity",
    "deep": "hierarchy",
    "single_child": "hierarchy",
    "wide": "hierarchy",
    "measure_twice": "independence",
    "cost_twice": "independence",
    "both_axes": "independence",
    "correlated": "independence",
    "collinear": "independence",
    "relative_scale": "comparability",
    "relative_cut": "comparability",
    "two_units": "comparability",
    "mostly_graded": "measurability",
    "no_discrimination": "measurability",
    "beyond_ends": "comparability",
    "missing": "measurability",
    "few_raters": "measurability",
    "raters_disagree": "measurability",
}
"""Every check and the principle it watches; those of data stand here too, as a tree may acknowledge them."""


@dataclass(frozen=True)
class Finding(Brief):
    """One thing the audit found: by which check, at which node, from which figures.

    Parameters
    ----------
    node, name : the indicator or group it is about; the root where the whole tree is meant.
    figures : what the sentence is filled with; texts in both languages are resolved when it is said.
    accepted : why the tree's author acknowledges it, or None.

    >>> finding = Finding("no_unit", "growth", Text(zh="增长", en="Growth"))
    >>> finding.principle, finding.says("en")
    ('clarity', 'Growth has no unit.')
    """

    check: str
    node: str
    name: Text
    figures: Mapping[str, object] = field(default_factory=dict, hash=False)
    accepted: Text | None = None

    @property
    def principle(self) -> Principle:
        """The principle the check watches."""
        return CHECKS[self.check]

    def says(self, language: str) -> str:
        """Return what was found, with its figure."""
        return self._text("says", language)

    def advice(self, language: str) -> str:
        """Return what to do about it."""
        return self._text("do", language)

    def _text(self, part: str, language: str) -> str:
        figures = {
            key: value[language] if isinstance(value, Text) else value for key, value in self.figures.items()
        }
        return messages.text(
            f"audit.check.{self.check}.{part}", language, name=self.name[language], **figures
        )


def at(check: str, node: Group | Indicator, **figures: object) -> Finding:
    """Return a finding at a node."""
    return Finding(check, node.id, node.name, figures)
