"""What the answers that have come in amount to: by person for the board, and together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan

from evaluator import messages
from evaluator.errors import EvaluationError, Issue
from evaluator.forms.choices import labels, sentence
from evaluator.forms.choices import patterns as patterns_of
from evaluator.forms.response_list import responses
from evaluator.serve.rounds import nearest_place
from evaluator.study import Study
from evaluator.study.panel import read_panel
from evaluator.tree import Group
from evaluator.weighing.panel import Panel
from evaluator.weighing.procedure import usual
from evaluator.weighing.reading import read
from evaluator.weighing.weights import GroupWeights, WorstJudgment


@dataclass(frozen=True)
class PersonFigures:
    """What one person has sent: answers, the highest CR with its group, and the pair to look at again."""

    answered: int
    asked: int
    cr: float
    verdict: str
    group: str
    worst: str


@dataclass(frozen=True)
class JointGroup:
    """The weights of a group as they stand now: (name, share) of each child, and their consistency."""

    name: str
    weights: tuple[tuple[str, float], ...]
    cr: float | None
    verdict: str


def panel_now(study: Study) -> tuple[Panel | None, tuple[Issue, ...]]:
    """Return the answers that count at this moment, whatever carried them; None with what is in the way."""
    try:
        panel = read_panel(study.setup, study.tree, study.revisions)
    except EvaluationError as error:
        return None, error.issues
    return panel, panel.issues if panel else ()


def person_figures(study: Study, panel: Panel) -> Mapping[str, PersonFigures]:
    """Return what everybody of a panel has answered, by person."""
    worst = dict(_worst(study, panel))
    found: dict[str, PersonFigures] = {}
    for one in responses(panel, study.tree, convention=study.convention):
        tested = [entry for entry in one.groups if not isnan(entry.cr)]
        # what is inconsistent comes first, whatever the limits of groups of different sizes
        most = max(tested, key=lambda entry: (entry.verdict == "inconsistent", entry.cr), default=None)
        name = study.tree.nodes[most.group].name[study.language] if most else ""
        found[one.expert.id] = PersonFigures(
            one.answered,
            one.asked,
            most.cr if most else float("nan"),
            most.verdict if most else "not_testable",
            name,
            worst.get((one.expert.id, most.group), "") if most else "",
        )
    return found


def joint_groups(study: Study) -> tuple[tuple[JointGroup, ...], tuple[Issue, ...]]:
    """Return the weights of each group from the answers that count now, or what is in the way."""
    try:
        weights = next(one for one in Study(study.path).branches if one.branch == study.branch).weights
    except EvaluationError as error:
        return (), error.issues
    return tuple(_joint(study, group) for group in weights.groups if len(group.children) > 1), weights.issues


def _joint(study: Study, group: GroupWeights) -> JointGroup:
    nodes, language = study.tree.nodes, study.language
    shares = zip(group.children, group.local, strict=True)
    weights = tuple((nodes[child].name[language], share) for child, share in shares)
    cr = group.joint.cr if group.joint and not isnan(group.joint.cr) else None
    verdict = group.joint.verdict if group.joint else "not_testable"
    return JointGroup(nodes[group.group].name[language], weights, cr, verdict)


def _worst(study: Study, panel: Panel) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield in words, by person and group, the answer that fits the others least."""
    procedure = usual(panel.form, study.convention)
    for group in study.tree.groups:
        if not group.pairs:
            continue
        for expert, finding in zip(panel.experts, read(group, panel, procedure).findings, strict=False):
            if worst := finding["worst"]:
                yield (expert.id, group.id), _in_words(group, worst, study.language)


def _in_words(group: Group, worst: WorstJudgment, language: str) -> str:
    """Return what was answered, and what the other answers make of it."""
    names, patterns = labels(group, language), patterns_of(language)
    a, b = names[worst.a], names[worst.b]
    said = sentence(patterns[nearest_place(worst.value)][1], a, b)
    if isnan(worst.suggested):
        return said
    fits = sentence(patterns[nearest_place(worst.suggested)][1], a, b)
    return messages.text("serve.board.fits", language, said=said, fits=fits)
