"""The customer survey: what was expected, what was perceived, and how much it matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from evaluator import messages
from evaluator.brief import Brief
from evaluator.data.tables import TableNote
from evaluator.errors import EvaluationError, Issue
from evaluator.forms.form import Form, Line, Question, headings
from evaluator.forms.form_reader import note, read_forms
from evaluator.forms.sources import Sources
from evaluator.tree import Tree
from evaluator.weighing.panel import Expert

QUESTIONS = ("expected", "perceived", "importance")
_ENDS = (1.0, 10.0)
SURVEY = {
    "respondent": pl.String, "id": pl.String, "item": pl.String,
    "expected": pl.Float64, "perceived": pl.Float64, "importance": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Respondent:
    """Someone who answers for a customer; `customer` is its id."""

    id: str
    customer: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Something a customer is asked about."""

    id: str
    name: str
    meaning: str = ""


@dataclass(frozen=True)
class Surveyed(Brief):
    """What customers said: a row per respondent and item, null where nothing was said, from 1 to 10."""

    frame: pl.DataFrame
    issues: tuple[Issue, ...] = ()
    notes: tuple[TableNote, ...] = ()


def survey_forms(
    tree: Tree, respondents: Sequence[Respondent], *, items: Sequence[Item], language: str = "zh"
) -> tuple[Form, ...]:
    """Return a form per respondent: each item with three numbers from 1 to 10.

    Parameters
    ----------
    items : what is asked about, at least one. The indicators of the tree are not meant for customers:
        nobody sends them a form about their own overdue payments.

    Raises
    ------
    EvaluationError
        without an item.
    """
    if not items:
        raise EvaluationError([Issue("STUDY-336")])
    return tuple(_form(tree, one, items, language) for one in respondents)


def read_surveys(sources: Sources, tree: Tree) -> Surveyed:
    """Read surveys back; an item that nobody answered is not in the frame.

    Raises
    ------
    EvaluationError
        see `form_reader.read_forms`.
    """
    forms, issues = read_forms(sources, "survey", tree)
    rows: dict[tuple[str, str, str], dict[str, float]] = {}
    for form in forms:
        for one in form.answers:
            rows.setdefault((form.person.id, form.subject, one.line), {})[one.question] = float(one.value)
    table = [(*key, *(said.get(question) for question in QUESTIONS)) for key, said in rows.items()]
    notes = tuple(note(form, "survey") for form in forms)
    return Surveyed(pl.DataFrame(table, schema=SURVEY, orient="row"), issues, notes)


def _form(tree: Tree, respondent: Respondent, items: Sequence[Item], language: str) -> Form:
    return Form(
        language=language,
        kind="survey",
        tree=tree,
        person=Expert(respondent.id, respondent.name),
        title=messages.text("form.survey.title", language),
        about=messages.text("form.survey.about", language),
        notes=tuple(messages.text(f"form.survey.{question}_is", language) for question in QUESTIONS),
        headings=headings(language, item=28, meaning=44),
        lines=tuple(Line(item.id, (item.name, item.meaning)) for item in items),
        questions=tuple(
            Question(question, messages.text(f"form.survey.{question}", language), 14, limits=_ENDS)
            for question in QUESTIONS
        ),
        subject=respondent.customer,
    )
