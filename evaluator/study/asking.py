"""What a study asks of people: which form goes to whom, about what, and where it lies.

Comparisons lie in `questionnaires/`, every other form in a folder of its name below `forms/`, and
there rounds of screening in a folder each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.errors import EvaluationError, Issue, nearest
from evaluator.forms import (
    Item,
    Respondent,
    Screened,
    Sent,
    Written,
    read_screening,
    write_assessments,
    write_best_worst,
    write_followups,
    write_grade_sheets,
    write_questionnaires,
    write_score_sheets,
    write_screening,
    write_surveys,
)
from evaluator.messages import Term
from evaluator.present.brand import load_brand
from evaluator.study.duties import customers_of, duty_of, subjects
from evaluator.study.file import QUESTIONNAIRES
from evaluator.study.profiles import ask_for_profiles
from evaluator.weighing import Expert, plan_questions
from evaluator.workbook.theme import Theme

if TYPE_CHECKING:
    from evaluator.study.road import Study

Asked = tuple[Written | Sent, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """How a form is to be asked.

    `budget` are the comparisons an expert is asked at most, `round` counts the rounds of a screening,
    and `missing` asks only for comparisons left open or changed since.
    """

    budget: int | None = None
    round: int = 1
    missing: bool = False


def ask(study: Study, form: str | None = None, request: Request | None = None) -> Asked:
    """Write a form for everybody who answers for something in it; what holds answers is kept.

    `form` is a name in `FORMS`; default: the one the study's weights come from.

    Raises
    ------
    EvaluationError
        METHOD-001 (no such form), STUDY-331 (nobody to ask), STUDY-332 (no customers to ask about),
        STUDY-333 (a round of screening whose predecessor has no answers), STUDY-334 (a customer or a
        column of customers that is not there), STUDY-335 (a plan or a follow-up of another form than
        comparisons in pairs), STUDY-336 (a survey about nothing), WEIGH-539 (budget too small), and
        those of the form.
    """
    name = form or _SOURCES.get(study.file.weighting.source, "pairwise")
    if name not in FORMS:
        detail = {"kind": Term("kind.form")}
        raise EvaluationError([Issue("METHOD-001", name, detail, nearest(name, FORMS) or tuple(FORMS))])
    wanted = request or Request()
    if name != "pairwise" and (wanted.missing or wanted.budget is not None):
        raise EvaluationError([Issue("STUDY-335", name, where=study.where(("weighting",)))])
    if name in {"pairwise", *_SOURCES.values()}:
        _someone(study, "experts", study.experts)
    return FORMS[name](study, wanted)


def form_folder(study: Study, form: str, *more: str) -> Path:
    """Return the folder of a form's workbooks."""
    return study.folder.joinpath(study.file.forms.folder, form, *more)


def rounds(study: Study) -> tuple[int, ...]:
    """Return the rounds of screening there are, from the first on."""
    home = form_folder(study, "screening")
    found = home.iterdir() if home.is_dir() else ()
    return tuple(sorted(int(path.name) for path in found if path.is_dir() and path.name.isdigit()))


def screened(study: Study, number: int | None = None) -> Screened:
    """Return what a round of screening answered, by default the last; STUDY-333 where there is none."""
    there = rounds(study)
    chosen = number if number is not None else max(there, default=1)
    if chosen not in there:
        raise EvaluationError([Issue("STUDY-333", str(chosen))])
    return read_screening(form_folder(study, "screening", str(chosen)), study.tree)


def _pairwise(study: Study, request: Request) -> Asked:
    if request.missing:
        return write_followups(
            study.tree,
            study.experts,
            study.answers,
            study.folder.joinpath(QUESTIONNAIRES, study.branch),
            language=study.language,
            convention=study.convention,
            theme=_theme(study),
        )
    plan = None
    if request.budget is not None:
        plan = plan_questions(study.tree, study.experts, request.budget, seed=study.file.seed or 0)
    written = write_questionnaires(
        study.tree,
        study.experts,
        study.folder.joinpath(QUESTIONNAIRES, study.branch),
        duties=study.duties,
        plan=plan,
        language=study.language,
        convention=study.convention,
        theme=_theme(study),
    )
    return (*written, *ask_for_profiles(study))


def _scores(study: Study, request: Request) -> Asked:
    _someone(study, "experts", study.experts)
    return write_score_sheets(
        study.tree,
        study.experts,
        form_folder(study, "scores"),
        highest=study.file.weighting.scores.highest,
        duties=study.duties,
        language=study.language,
        theme=_theme(study),
    )


def _best_worst(study: Study, request: Request) -> Asked:
    _someone(study, "experts", study.experts)
    return write_best_worst(
        study.tree,
        study.experts,
        form_folder(study, "best_worst"),
        duties=study.duties,
        language=study.language,
        theme=_theme(study),
    )


def _screening(study: Study, request: Request) -> Asked:
    """Ask which candidates to keep; from the second round on each expert sees the round before."""
    _someone(study, "experts", study.experts)
    before = screened(study, request.round - 1) if request.round > 1 else None
    if before is not None and not any(before.scores.values()):
        raise EvaluationError([Issue("STUDY-333", str(request.round - 1))])
    return write_screening(
        study.tree,
        study.experts,
        form_folder(study, "screening", str(request.round)),
        before=before,
        duties=study.duties,
        language=study.language,
        theme=_theme(study),
    )


def _grades(study: Study, request: Request) -> Asked:
    named = study.file.forms.raters
    raters = [Expert(one.id, one.name or one.id, one.role) for one in named] if named else study.experts
    _someone(study, "forms.raters", raters)
    customers = subjects(study)
    return write_grade_sheets(
        study.tree,
        raters,
        customers.all,
        form_folder(study, "grades"),
        duties={one.id: duty_of(one, customers) for one in named},
        language=study.language,
        theme=_theme(study),
    )


def _survey(study: Study, request: Request) -> Asked:
    language, forms = study.language, study.file.forms
    named = [Respondent(one.id, one.customer, one.name) for one in forms.respondents]
    people = named or [Respondent(one.id, one.id, one.name) for one in subjects(study).all]
    items = survey_items(study)
    if not items:
        raise EvaluationError([Issue("STUDY-336", where=study.where(("forms",)))])
    return write_surveys(
        study.tree,
        people,
        form_folder(study, "survey"),
        items=items,
        language=language,
        theme=_theme(study),
    )


def survey_items(study: Study) -> list[Item]:
    """Return what a survey asks about: the items of the forms, else those the satisfaction model names."""
    language, stated = study.language, study.file.forms.items
    if stated:
        return [
            Item(one.id, one.name[language], one.meaning[language] if one.meaning else "") for one in stated
        ]
    named = study.file.customers.satisfaction.items
    return [Item(id_, one.name[language] if one.name else id_) for id_, one in named.items()]


def _assessment(study: Study, request: Request) -> Asked:
    _someone(study, "forms.assessors", study.file.forms.assessors)
    customers = subjects(study)
    sent: list[Sent] = []
    for one in study.file.forms.assessors:
        sent += write_assessments(
            study.tree,
            Expert(one.id, one.name or one.id, one.role),
            customers_of(one, customers),
            form_folder(study, "assessment"),
            weights=study.weights.global_,
            language=study.language,
            theme=_theme(study),
        )
    return tuple(sent)


def _someone(study: Study, key: str, people: Sequence[object]) -> None:
    """Raise STUDY-331 when the study names nobody to ask."""
    if not people:
        raise EvaluationError([Issue("STUDY-331", key, where=study.where(tuple(key.split("."))))])


def _theme(study: Study) -> Theme | None:
    """Return the colours and fonts of the study's brand."""
    stated = study.file.report.theme
    return load_brand(study.folder / stated).theme if stated else None


FORMS: Mapping[str, Callable[[Study, Request], Asked]] = {
    "pairwise": _pairwise,
    "scores": _scores,
    "best_worst": _best_worst,
    "screening": _screening,
    "grades": _grades,
    "survey": _survey,
    "assessment": _assessment,
}

_SOURCES: Mapping[str, str] = {"scores": "scores", "best_worst": "best_worst"}
"""The form that a source of weights asks for, where it is not the pairwise one."""
