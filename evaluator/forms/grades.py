"""Grade sheets: each rater grades the customers he or she answers for, on the qualitative indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from evaluator import messages
from evaluator.brief import Brief
from evaluator.columns.legible import label
from evaluator.data.tables import TableNote
from evaluator.errors import EvaluationError, Issue, nearest, raise_errors
from evaluator.forms.form import Form, Given, Line, Question, Returned, headings
from evaluator.forms.form_reader import no_longer, note, read_forms
from evaluator.forms.sources import Sources
from evaluator.tree import Indicator, Tree
from evaluator.tree.scales import Graded
from evaluator.weighing.panel import Expert

GRADES = {"rater": pl.String, "id": pl.String, "indicator": pl.String, "grade": pl.String}


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is graded: the id and name of a customer."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Duty(Brief):
    """What a rater answers for: ids of customers and of indicators, None for all of them."""

    customers: tuple[str, ...] | None = None
    indicators: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Grades(Brief):
    """What raters gave: `frame` is the long table `rater, id, indicator, grade` that `ev.measure` takes.

    `notes` say of every form how many answers it holds.
    """

    raters: tuple[Expert, ...]
    frame: pl.DataFrame
    issues: tuple[Issue, ...] = ()
    notes: tuple[TableNote, ...] = ()


def grade_forms(
    tree: Tree,
    raters: Sequence[Expert],
    customers: Sequence[Subject],
    *,
    duties: Mapping[str, Duty] | None = None,
    language: str = "zh",
) -> tuple[Form, ...]:
    """Return a form per rater, with a row per customer and a drop-down per graded indicator.

    Parameters
    ----------
    duties : what each rater answers for, by id; a rater without one gets everything.

    Raises
    ------
    EvaluationError
        a duty names a rater, customer or indicator that is not there; nothing to grade.
    """
    graded = tuple(node for node in tree.indicators if isinstance(node.scale, Graded))
    duties = duties or {}
    _check(duties, raters, customers, graded)
    forms = tuple(
        _form(tree, rater, customers, graded, duties.get(rater.id, Duty()), language) for rater in raters
    )
    if not graded or not all(form.lines and form.questions for form in forms):
        raise EvaluationError([Issue("JUDGE-235", tree.id)])
    return forms


def read_grade_sheets(sources: Sources, tree: Tree) -> Grades:
    """Read grade sheets back; grades of an indicator the tree no longer has are named.

    Raises
    ------
    EvaluationError
        see `form_reader.read_forms`.
    """
    forms, issues = read_forms(sources, "grades", tree)
    return grades_of(forms, issues, tree, lambda form, one: (one.line, one.question, one.value))


def grades_of(
    forms: Sequence[Returned],
    issues: Sequence[Issue],
    tree: Tree,
    read: Callable[[Returned, Given], tuple[str, str, str | None]],
) -> Grades:
    """Return what forms say of customers; `read` tells customer, indicator, and the grade an answer gives."""
    known = {node.id for node in tree.indicators}
    rows, gone, notes = [], [], []
    for form in forms:
        said = [(one, *read(form, one)) for one in form.answers]
        left = [no_longer(one) for one, _, indicator, _ in said if indicator not in known]
        rows += [
            (form.person.id, customer, indicator, grade)
            for _, customer, indicator, grade in said
            if indicator in known and grade is not None
        ]
        gone += left
        notes.append(note(form, "grades", gone=len(left)))
    people = {form.person.id: form.person for form in forms}
    frame = pl.DataFrame(rows, schema=GRADES, orient="row")
    return Grades(tuple(people.values()), frame, (*issues, *gone), tuple(notes))


def _check(
    duties: Mapping[str, Duty],
    raters: Sequence[Expert],
    customers: Sequence[Subject],
    graded: Sequence[Indicator],
) -> None:
    people, known = [rater.id for rater in raters], [customer.id for customer in customers]
    indicators = [node.id for node in graded]
    named = [(name, people) for name in duties]
    for duty in duties.values():
        named += [(name, known) for name in duty.customers or ()]
        named += [(name, indicators) for name in duty.indicators or ()]
    raise_errors(
        Issue("JUDGE-234", name, hint=nearest(name, there)) for name, there in named if name not in there
    )


def _form(
    tree: Tree,
    rater: Expert,
    customers: Sequence[Subject],
    graded: Sequence[Indicator],
    duty: Duty,
    language: str,
) -> Form:
    mine = [node for node in graded if duty.indicators is None or node.id in duty.indicators]
    choices = tuple((grade.id, grade.name[language]) for grade in tree.grades)
    return Form(
        language=language,
        kind="grades",
        tree=tree,
        person=rater,
        title=messages.text("form.grades.title", language, tree=tree.name[language]),
        about=messages.text("form.grades.about", language),
        notes=(
            messages.text("form.grades.note", language),
            *(_anchors(tree, node, language) for node in mine),
        ),
        headings=headings(language, id=14, customer=28),
        lines=tuple(
            Line(customer.id, (customer.id, label(customer.name) or customer.id))
            for customer in customers
            if duty.customers is None or customer.id in duty.customers
        ),
        questions=tuple(
            Question(node.id, node.name[language], 16, choices, meanings=_meanings(node, language))
            for node in mine
        ),
    )


def _meanings(node: Indicator, language: str) -> dict[str, str]:
    """Return what each grade means for an indicator, where its scale says so."""
    anchors = node.scale.anchors if isinstance(node.scale, Graded) else {}
    return {grade: meaning[language] for grade, meaning in anchors.items()}


def _anchors(tree: Tree, node: Indicator, language: str) -> str:
    """Say what an indicator means, and what each grade means there."""
    anchors = _meanings(node, language)
    meant = [
        messages.text("form.grades.anchor", language, grade=grade.name[language], meaning=anchors[grade.id])
        for grade in tree.grades
        if grade.id in anchors
    ]
    definition = node.definition[language] if node.definition else ""
    said = messages.text("form.grades.join", language).join([definition, *meant] if definition else meant)
    return messages.text("form.grades.indicator", language, name=node.name[language], said=said)
