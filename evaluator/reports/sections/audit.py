"""How the indicator system stands up to the eight principles: by its structure, and by this data."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.analysis.data_audit import audit
from evaluator.messages import Noun
from evaluator.reports.context import Context
from evaluator.tree.principles import PRINCIPLES, Finding


@dataclass(frozen=True, slots=True)
class Principle:
    """A principle, with how many findings of it are open and how many the tree accepts."""

    name: str
    open: int
    accepted: int


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in words: what was found, and what to do or why it is accepted."""

    principle: str
    node: str
    says: str
    advice: str
    accepted: str


@dataclass(frozen=True)
class Audit:
    """The eight principles, and the findings, those still open first."""

    principles: tuple[Principle, ...]
    findings: tuple[ShownFinding, ...]
    open: int
    accepted: int
    subject: Noun


def build(context: Context) -> Audit:
    """Return the audit of the tree that scored, by the weights it scored with."""
    evaluation = context.evaluation
    found = audit(
        context.tree,
        evaluation.measured,
        weights=evaluation.model.global_,
        today=evaluation.provenance.as_of,
    )
    accepted = [finding for finding in found if finding.accepted]
    return Audit(
        tuple(
            Principle(
                _principle(name, context),
                sum(finding.principle == name and not finding.accepted for finding in found),
                sum(finding.principle == name for finding in accepted),
            )
            for name in PRINCIPLES
        ),
        tuple(_shown(finding, context) for finding in sorted(found, key=lambda one: bool(one.accepted))),
        len(found) - len(accepted),
        len(accepted),
        context.subject,
    )


def _shown(finding: Finding, context: Context) -> ShownFinding:
    language = context.language
    return ShownFinding(
        _principle(finding.principle, context),
        finding.name[language],
        finding.says(language),
        finding.advice(language),
        finding.accepted[language] if finding.accepted else "",
    )


def _principle(name: str, context: Context) -> str:
    return context.text(f"audit.{name}")
