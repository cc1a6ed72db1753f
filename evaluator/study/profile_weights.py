"""Weight profiles of a study: their weights as the tree states them, or from experts asked for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from evaluator.errors import EvaluationError, Issue
from evaluator.forms import Written, read_judgments
from evaluator.forms.pairwise import questionnaires, write_all
from evaluator.study.setup import Setup
from evaluator.tree import Tree
from evaluator.tree.types import Profile
from evaluator.weighing import Panel, Weights, asked_for, profile_panel, weigh

PROFILES = "profiles"


def judged_profiles(setup: Setup, tree: Tree, panel: Panel | None) -> dict[str, Weights]:
    """Return the weights of each profile that experts were asked for; none where its shares are stated.

    `panel` holds what the experts compared in pairs for the tree, None where they were asked otherwise.

    Raises
    ------
    EvaluationError
        where experts are to compare in pairs for the profiles but not for the tree; those of reading and
        weighing their answers.
    """
    if tree.profiles is None or not asks_for_profiles(setup, tree):
        return {}
    return {profile.id: _judged(setup, tree, panel, profile) for profile in tree.profiles.of}


def ask_for_profiles(setup: Setup, tree: Tree) -> tuple[Written, ...]:
    """Write a workbook per profile and expert, about the criteria the profile weighs otherwise.

    Workbooks whatever the carrier: two profiles may ask the same comparisons, and their codes would be alike.
    """
    if tree.profiles is None or not asks_for_profiles(setup, tree):
        return ()
    written: list[Written] = []
    for profile in tree.profiles.of:
        duties = _duties(setup, tree, profile)
        asked = questionnaires(
            tree,
            [expert for expert in setup.experts if duties[expert.id]],
            duties=duties,
            language=setup.language,
            convention=setup.convention,
        )
        named = [replace(one, profile=profile.name[setup.language]) for one in asked]
        written += write_all(named, profile_folder(setup, profile))
    return tuple(written)


def asks_for_profiles(setup: Setup, tree: Tree) -> bool:
    """Whether experts are asked for the weights of each profile."""
    return tree.profiles is not None and setup.file.profiles.weights == "experts"


def profile_folder(setup: Setup, profile: Profile) -> Path:
    """Return where the questionnaires of a profile lie."""
    return setup.folder / setup.file.forms.folder / PROFILES / profile.id


def _judged(setup: Setup, tree: Tree, panel: Panel | None, profile: Profile) -> Weights:
    if panel is None:
        detail, where = {"source": setup.file.weighting.source}, setup.where(("profiles",))
        raise EvaluationError([Issue("STUDY-341", profile.id, detail, where=where)])
    duties = _duties(setup, tree, profile)
    experts = [expert for expert in setup.experts if duties[expert.id]]
    asked = read_judgments(profile_folder(setup, profile), tree, experts=experts, duties=duties)
    return weigh(tree, profile_panel(profile, tree, panel, asked), **setup.procedure)


def _duties(setup: Setup, tree: Tree, profile: Profile) -> Mapping[str, tuple[str, ...]]:
    """Return the groups each expert is asked about: those of the profile, within the expert's own duty."""
    groups = asked_for(profile, tree)
    own = setup.duties
    return {
        expert.id: tuple(group for group in groups if group in own.get(expert.id, groups))
        for expert in setup.experts
    }
