"""What the answers that have come in amount to: by person for the board, and together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isnan

import numpy as np

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
from evaluator.weighing.weights import Judged, WorstJudgment


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
    people: int
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


def joint_groups(study: Study, panel: Panel, groups: Collection[str]) -> tuple[JointGroup, ...]:
    """Return the weights of groups from everybody whose answers tie all their parts together.

    All of them count here, also those that are not consistent; what the study does with these, `weigh` says.
    """
    procedure = replace(usual(panel.form, study.convention), inconsistent="keep")
    found = []
    for group in study.tree.groups:
        if group.id in groups and group.pairs:
            reading = read(group, panel, procedure)
            complete = np.asarray(np.isfinite(reading.figures.priorities).all(-1))
            if complete.any():
                say = np.array([expert.weight for expert in panel.experts])
                found.append(_joint(group, reading.joint(complete, say), int(complete.sum()), study.language))
    return tuple(found)


def _joint(group: Group, judged: Judged, people: int, language: str) -> JointGroup:
    shares = zip(group.children, judged.weights, strict=True)
    weights = tuple((child.name[language], share) for child, share in shares)
    cr = None if isnan(judged.cr) else judged.cr
    return JointGroup(group.name[language], people, weights, cr, judged.verdict)


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
