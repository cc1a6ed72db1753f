"""Weight profiles of a study: their weights as the tree states them, or from experts asked for each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.errors import EvaluationError, Issue
from evaluator.forms import Written, read_judgments, write_questionnaires
from evaluator.tree.types import Profile
from evaluator.weighing import Weights, asked_for, profile_panel, profile_weights, weigh

if TYPE_CHECKING:
    from evaluator.study.road import Study

PROFILES = "profiles"


def weights_of_profiles(study: Study) -> dict[str, Weights] | None:
    """Return the weights of each profile, None where the study has profiles off.

    Raises
    ------
    EvaluationError
        STUDY-341 where experts are to compare in pairs for the profiles but not for the tree; those of
        reading and weighing their answers.
    """
    profiles = study.tree.profiles
    if profiles is None:
        return None
    judged = {profile.id: _judged(study, profile) for profile in profiles.of} if _asks(study) else {}
    return profile_weights(study.tree, study.weights, judged)


def ask_for_profiles(study: Study) -> tuple[Written, ...]:
    """Write a questionnaire per profile and expert, about the criteria the profile weighs otherwise."""
    if study.tree.profiles is None or not _asks(study):
        return ()
    written: list[Written] = []
    for profile in study.tree.profiles.of:
        duties = _duties(study, profile)
        written += write_questionnaires(
            study.tree,
            [expert for expert in study.experts if duties[expert.id]],
            profile_folder(study, profile),
            duties=duties,
            language=study.language,
            convention=study.convention,
        )
    return tuple(written)


def profile_folder(study: Study, profile: Profile) -> Path:
    """Return where the questionnaires of a profile lie."""
    return study.folder / study.file.forms.folder / PROFILES / profile.id


def _judged(study: Study, profile: Profile) -> Weights:
    source = study.file.weighting.source
    everyone = study.panel if source == "experts" else None
    if everyone is None:
        where = study.where(("profiles",))
        raise EvaluationError([Issue("STUDY-341", profile.id, {"source": source}, where=where)])
    duties = _duties(study, profile)
    experts = [expert for expert in study.experts if duties[expert.id]]
    asked = read_judgments(profile_folder(study, profile), study.tree, experts=experts, duties=duties)
    return weigh(study.tree, profile_panel(profile, study.tree, everyone, asked), **study.procedure)


def _duties(study: Study, profile: Profile) -> Mapping[str, tuple[str, ...]]:
    """Return the groups each expert is asked about: those of the profile, within the expert's own duty."""
    groups = asked_for(profile, study.tree)
    own = study.duties
    return {
        expert.id: tuple(group for group in groups if group in own.get(expert.id, groups))
        for expert in study.experts
    }


def _asks(study: Study) -> bool:
    return study.file.profiles.weights == "experts"
