"""The one-page assessment (评定表): one customer, every indicator scored by hand, totals and signatures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from evaluator import messages
from evaluator.columns import leeway
from evaluator.forms.form import Form, Given, Line, Question, Returned, headings, in_groups
from evaluator.forms.form_reader import read_forms
from evaluator.forms.grades import Grades, Subject, grades_of
from evaluator.forms.sources import Sources
from evaluator.tree import Grade, Tree
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import Sheet

_WEIGHT, _SCORE = 4, 5  # columns of weights and scores
_SIGNED = ("assessor", "reviewer", "approver")


def assessment_forms(
    tree: Tree,
    assessor: Expert,
    customers: Sequence[Subject],
    *,
    weights: Mapping[str, float],
    language: str = "zh",
) -> tuple[Form, ...]:
    """Return a page per customer: a score for each indicator, total and grade by formulas, signatures.

    Parameters
    ----------
    weights : global weights of the indicators by id, such as `Weights.global_`. The total is there
        when every indicator has its score.
    """
    return tuple(_form(tree, assessor, customer, weights, language) for customer in customers)


def read_assessments(sources: Sources, tree: Tree) -> Grades:
    """Read assessments back as grades: each is a score within the tree's range.

    Raises
    ------
    EvaluationError
        see `form_reader.read_forms`.
    """
    forms, issues = read_forms(sources, "assessment", tree)
    return grades_of(forms, issues, tree, _graded_by)


def _graded_by(form: Returned, one: Given) -> tuple[str, str, str | None]:
    return form.subject, one.line, one.value if one.question == "score" else None


def _form(
    tree: Tree, assessor: Expert, customer: Subject, weights: Mapping[str, float], language: str
) -> Form:
    low, high = tree.score_range
    return Form(
        language=language,
        kind="assessment",
        tree=tree,
        person=assessor,
        title=messages.text("form.assessment.title", language, tree=tree.name[language]),
        about=messages.text("form.assessment.about", language, id=customer.id, name=customer.name),
        notes=(
            messages.text("form.assessment.note", language, low=f"{low:g}", high=f"{high:g}"),
            messages.text("form.assessment.grades", language, grades=_bands(tree, language)),
        ),
        headings=headings(language, group=20, indicator=24, meaning=40, weight=10),
        lines=tuple(
            Line(
                node.id,
                (
                    tree.parents[node.id].name[language],
                    node.name[language],
                    node.definition[language] if node.definition else "",
                    weights[node.id],
                ),
                continues=follows,
            )
            for node, follows in in_groups(tree, tree.indicators)
        ),
        questions=(
            Question("score", messages.text("form.assessment.score", language), 12, limits=(low, high)),
            Question("remark", messages.text("form.screening.remark", language), 24, asked=False),
        ),
        subject=customer.id,
        one_page=True,
        finish=_finish(tree, language, math.fsum(weights[node.id] for node in tree.indicators)),
    )


def _bands(tree: Tree, language: str) -> str:
    """Return how grades are earned; by share there are no bounds before all are assessed."""

    def band(grade: Grade) -> str:
        if grade.from_ is None:
            share = grade.share or 0.0
            return messages.text("form.assessment.share", language, grade=grade.name[language], share=share)
        return messages.text(
            "form.assessment.band", language, grade=grade.name[language], cut=f"{grade.from_:g}"
        )

    return messages.text("form.grades.join", language).join(band(grade) for grade in tree.grades)


def _finish(tree: Tree, language: str, sum_of_weights: float) -> Callable[[Sheet, int, int], int]:
    """Return what writes total, grade and signature lines below the indicators."""

    def finish(sheet: Sheet, first: int, row: int) -> int:
        weights, scores = (
            f"{sheet.column(col)}{first + 1}:{sheet.column(col)}{row}" for col in (_WEIGHT, _SCORE)
        )
        total = f"{sheet.column(_SCORE)}{row + 1}"
        sheet.merge((row, 1, row, 3), messages.text("form.assessment.total", language), "label")
        sheet.formula(row, _WEIGHT, f"=SUM({weights})", sum_of_weights, "percent strong")
        whole = f"SUMPRODUCT({weights},{scores})/SUM({weights})"
        sheet.formula(row, _SCORE, f'=IF(COUNT({scores})={row - first},{whole},"")', "", "score strong")
        sheet.merge((row + 1, 1, row + 1, _WEIGHT), messages.text("form.assessment.grade", language), "label")
        sheet.formula(
            row + 1, _SCORE, f'=IF(ISNUMBER({total}),{_graded(tree, total, language)},"")', "", "text center"
        )
        for line, key in enumerate(_SIGNED, start=row + 3):
            sheet.put(line, 1, messages.text(f"form.assessment.{key}", language), "strong left")
            sheet.merge((line, 2, line, 3), None, "signature")
            sheet.put(line, _WEIGHT, messages.text("form.assessment.date", language), "strong right")
            sheet.merge((line, _SCORE, line, _SCORE + 1), None, "signature")
            sheet.height(line, 30)
        return row + 3 + len(_SIGNED)

    return finish


def _graded(tree: Tree, total: str, language: str) -> str:
    """Return the formula of the grade of a total: a cut is reached as everywhere; by share, none."""
    if any(grade.from_ is None for grade in tree.grades):
        return '""'
    names = ['"' + grade.name[language].replace('"', '""') + '"' for grade in tree.grades]
    formula = names[-1]
    for grade, name in list(zip(tree.grades, names, strict=True))[-2::-1]:
        formula = f"IF({total}>={grade.from_!r}-{leeway(grade.bound)!r},{name},{formula})"
    return formula
