"""What a study asks of people: which form goes to whom, about what, and where it lies.

Comparisons are written to `questionnaires/`, every other form to a folder of its name below `forms/`, and
there rounds of screening to a folder each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluator.brief import Brief
from evaluator.errors import EvaluationError, Issue, nearest
from evaluator.forms import (
    Item,
    Respondent,
    ScreeningAnswers,
    Sent,
    Written,
    read_screening,
    write_followups,
)
from evaluator.forms.assessment import assessment_forms
from evaluator.forms.best_worst import best_worst_forms
from evaluator.forms.form import Form
from evaluator.forms.form_writer import write_forms
from evaluator.forms.grades import grade_forms
from evaluator.forms.options import Carrier
from evaluator.forms.pairwise import questionnaires, write_all
from evaluator.forms.pairwise_sheet import Questionnaire
from evaluator.forms.scores import score_forms
from evaluator.forms.screening import screening_forms
from evaluator.forms.site_surveys import SITES
from evaluator.forms.survey import survey_forms
from evaluator.messages import Term
from evaluator.present.brand import load_brand
from evaluator.study.duties import Subjects, customers_of, duty_of
from evaluator.study.file import QUESTIONNAIRES
from evaluator.study.form_folders import form_folder, rounds
from evaluator.study.panel import answers
from evaluator.study.profile_weights import ask_for_profiles
from evaluator.study.setup import Setup
from evaluator.tree import Tree
from evaluator.weighing import Expert, Weights, plan_questions
from evaluator.workbook.theme import Theme

Asked = tuple[Written | Sent, ...]


@dataclass(frozen=True)
class Asking(Brief):
    """What forms are made of; customers and weights are looked up for the forms that need them alone."""

    setup: Setup
    tree: Tree
    customers: Callable[[], Subjects]
    weights: Callable[[], Weights]


@dataclass(frozen=True, slots=True)
class Request:
    """How a form is to be asked.

    `budget` are the comparisons an expert is asked at most, `round` counts the rounds of a screening,
    and `missing` asks only for comparisons left open or changed since. `carrier` is what comparisons are sent
    as; default: what the study says.
    """

    budget: int | None = None
    round: int = 1
    missing: bool = False
    carrier: Carrier | None = None


@dataclass(frozen=True)
class Batch:
    """Forms that go out together, whatever carries them, and the folder in which their answers are read."""

    folder: Path
    asked: tuple[Questionnaire, ...] | tuple[Form, ...]

    @property
    def questionnaires(self) -> tuple[Questionnaire, ...]:
        """Those that ask for comparisons in pairs."""
        return tuple(one for one in self.asked if isinstance(one, Questionnaire))

    @property
    def forms(self) -> tuple[Form, ...]:
        """Those of lines to answer."""
        return tuple(one for one in self.asked if isinstance(one, Form))


def ask(asking: Asking, form: str | None = None, request: Request | None = None) -> Asked:
    """Write a form for everybody who answers for something in it; what holds answers is kept.

    `form` is a name in `FORMS`; default: the one the study's weights come from.

    Raises
    ------
    EvaluationError
        no such form, nobody to ask, no customers to ask about, a round of screening whose predecessor has no
        answers, a customer or a column of customers that is not there, a plan or a follow-up of another form
        than comparisons in pairs, a survey about nothing, budget too small, and those of the form.
    """
    wanted = request or Request()
    name = _named(asking.setup, form, wanted)
    if name == "pairwise":
        return _write_pairs(asking, wanted)
    batch = FORMS[name](asking, wanted)
    setup = asking.setup
    return write_forms(
        batch.forms,
        batch.folder,
        theme=_theme(setup),
        carrier=_carrier(setup, wanted),
    )


def batch(asking: Asking, form: str | None = None, request: Request | None = None) -> Batch:
    """Return what a form asks of whom, without writing it; the rest as `ask`."""
    wanted = request or Request()
    return FORMS[_named(asking.setup, form, wanted)](asking, wanted)


def _named(setup: Setup, form: str | None, wanted: Request) -> str:
    """Return the name of the form that is wanted, if it can be asked so."""
    name = form or _SOURCES.get(setup.file.weighting.source, "pairwise")
    if name not in FORMS:
        detail = {"kind": Term("kind.form")}
        raise EvaluationError([Issue("METHOD-001", name, detail, nearest(name, FORMS) or tuple(FORMS))])
    if name != "pairwise" and (wanted.missing or wanted.budget is not None):
        raise EvaluationError([Issue("STUDY-335", name, where=setup.where(("weighting",)))])
    if name in {"pairwise", *_SOURCES.values()}:
        _someone(setup, "experts", setup.experts)
    return name


def screened(setup: Setup, tree: Tree, number: int | None = None) -> ScreeningAnswers:
    """Return what a round of screening answered, by default the last; raises where there is none."""
    there = rounds(setup)
    chosen = number if number is not None else max(there, default=1)
    if chosen not in there:
        raise EvaluationError([Issue("STUDY-333", str(chosen))])
    return read_screening(form_folder(setup, "screening", str(chosen)), tree)


def _pairwise(asking: Asking, request: Request) -> Batch:
    setup = asking.setup
    plan = None
    if request.budget is not None:
        plan = plan_questions(asking.tree, setup.experts, request.budget, seed=setup.file.seed or 0)
    asked = questionnaires(
        asking.tree,
        setup.experts,
        duties=setup.duties,
        plan=plan,
        language=setup.language,
        convention=setup.convention,
        theme=_theme(setup),
    )
    return Batch(_pairs_folder(setup), asked)


def _write_pairs(asking: Asking, request: Request) -> Asked:
    """Write the questionnaires of comparisons; what was left open, where only that is asked."""
    setup = asking.setup
    if request.missing:
        return write_followups(
            asking.tree,
            setup.experts,
            answers(setup),
            _pairs_folder(setup),
            language=setup.language,
            convention=setup.convention,
            theme=_theme(setup),
        )
    batch = _pairwise(asking, request)
    carrier = _carrier(setup, request)
    # what is pasted into a site is no answer, and lies where none is read
    folder = form_folder(setup, "site") if carrier in SITES else batch.folder
    written = write_all(batch.questionnaires, folder, carrier=carrier)
    return (*written, *ask_for_profiles(setup, asking.tree))


def _pairs_folder(setup: Setup) -> Path:
    return setup.folder.joinpath(QUESTIONNAIRES, setup.branch)


def _scores(asking: Asking, request: Request) -> Batch:
    setup = asking.setup
    _someone(setup, "experts", setup.experts)
    highest = setup.file.weighting.scores.highest
    forms = score_forms(
        asking.tree, setup.experts, highest=highest, duties=setup.duties, language=setup.language
    )
    return Batch(form_folder(setup, "scores"), forms)


def _best_worst(asking: Asking, request: Request) -> Batch:
    setup = asking.setup
    _someone(setup, "experts", setup.experts)
    forms = best_worst_forms(asking.tree, setup.experts, duties=setup.duties, language=setup.language)
    return Batch(form_folder(setup, "best_worst"), forms)


def _screening(asking: Asking, request: Request) -> Batch:
    """Ask which candidates to keep; from the second round on each expert sees the round before."""
    setup = asking.setup
    _someone(setup, "experts", setup.experts)
    before = screened(setup, asking.tree, request.round - 1) if request.round > 1 else None
    if before is not None and not any(before.scores.values()):
        raise EvaluationError([Issue("STUDY-333", str(request.round - 1))])
    forms = screening_forms(
        asking.tree, setup.experts, before=before, duties=setup.duties, language=setup.language
    )
    return Batch(form_folder(setup, "screening", str(request.round)), forms)


def _grades(asking: Asking, request: Request) -> Batch:
    setup = asking.setup
    named = setup.file.forms.raters
    raters = [Expert(one.id, one.name or one.id, one.role) for one in named] if named else setup.experts
    _someone(setup, "forms.raters", raters)
    customers = asking.customers()
    duties = {one.id: duty_of(one, customers) for one in named}
    forms = grade_forms(asking.tree, raters, customers.all, duties=duties, language=setup.language)
    return Batch(form_folder(setup, "grades"), forms)


def _survey(asking: Asking, request: Request) -> Batch:
    setup = asking.setup
    named = [Respondent(one.id, one.customer, one.name) for one in setup.file.forms.respondents]
    people = named or [Respondent(one.id, one.id, one.name) for one in asking.customers().all]
    items = survey_items(setup)
    if not items:
        raise EvaluationError([Issue("STUDY-336", where=setup.where(("forms",)))])
    forms = survey_forms(asking.tree, people, items=items, language=setup.language)
    return Batch(form_folder(setup, "survey"), forms)


def survey_items(setup: Setup) -> list[Item]:
    """Return what a survey asks about: the items of the forms, else those the satisfaction model names."""
    language, stated = setup.language, setup.file.forms.items
    if stated:
        return [
            Item(one.id, one.name[language], one.meaning[language] if one.meaning else "") for one in stated
        ]
    named = setup.file.customers.satisfaction.items
    return [Item(id_, one.name[language] if one.name else id_) for id_, one in named.items()]


def _assessment(asking: Asking, request: Request) -> Batch:
    setup = asking.setup
    _someone(setup, "forms.assessors", setup.file.forms.assessors)
    customers = asking.customers()
    forms: list[Form] = []
    for one in setup.file.forms.assessors:
        forms += assessment_forms(
            asking.tree,
            Expert(one.id, one.name or one.id, one.role),
            customers_of(one, customers),
            weights=asking.weights().global_,
            language=setup.language,
        )
    return Batch(form_folder(setup, "assessment"), tuple(forms))


def _someone(setup: Setup, key: str, people: Sequence[object]) -> None:
    """Refuse a study that names nobody to ask."""
    if not people:
        raise EvaluationError([Issue("STUDY-331", key, where=setup.where(tuple(key.split("."))))])


def _carrier(setup: Setup, request: Request) -> Carrier:
    """Return what forms are sent as: what is asked for now, else what the study says."""
    return request.carrier or setup.file.forms.carrier


def _theme(setup: Setup) -> Theme | None:
    """Return the colours and fonts of the study's brand."""
    stated = setup.file.report.theme
    return load_brand(setup.folder / stated).theme if stated else None


FORMS: Mapping[str, Callable[[Asking, Request], Batch]] = {
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
