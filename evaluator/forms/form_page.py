"""A form of lines as a page: importance scores, best and worst, screening, grades, surveys, assessments.

The page is one self-contained file for one person, for a phone as for a desk; it saves a file of answers,
which is read as the workbook of the same form is.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from evaluator import messages
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.files import write_text
from evaluator.forms.answers import plain
from evaluator.forms.carriers import Sending, fill_page
from evaluator.forms.form import VERSION, Form, Given, Kind, Line, Question, Returned
from evaluator.forms.page_form import PagePerson, read_saved
from evaluator.weighing.panel import Expert

MARK = "evaluator:form"
_MODULES = ("frame", "keeping", "lines")
_WORDS = ("choose", "between", "progress", "done", "blanks", "kept", "unkept")


class FormQuestion(Format):
    """A question of a form: the values of its choices, or the numbers it takes."""

    key: str
    choices: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None


class FormRecord(Format):
    """What a page asks of whom; `lines` are the keys of its lines."""

    format: Literal["evaluator:form"] = "evaluator:form"
    version: int = VERSION
    kind: Kind
    tree: str
    person: PagePerson
    subject: str = ""
    lines: tuple[str, ...]
    questions: tuple[FormQuestion, ...]


class FormAnswers(Format):
    """What a page saves: what it asks, and the answers as (line, question, value)."""

    record: FormRecord
    answers: tuple[tuple[str, str, str], ...]
    saved: str = ""
    link: str = ""


def write_form_page(path: Path, form: Form) -> None:
    """Write a form as a page; raises as `files.write_text`."""
    write_text(path, _page(form, path.stem, form.language))


def served_form_page(form: Form, language: str, sending: Sending) -> str:
    """Return a form as a page on a server, with the answers it goes on from in its lines."""
    return _page(form, "", language, sending)


def _page(form: Form, stem: str, language: str, sending: Sending | None = None) -> str:
    record = form_record(form)
    digest = hashlib.sha256(record.model_dump_json().encode("utf-8")).hexdigest()
    data = {
        "form": digest[:16],
        "file": stem,
        "needed": needed(form),
        "lines": [shown_line(line) for line in form.lines],
        "questions": [
            {name: getattr(one, name) for name in ("key", "heading", "choices", "limits", "asked")}
            for one in form.questions
        ],
        "texts": {word: messages.text(f"page_form.{word}", language, **_BLANKS) for word in _WORDS},
    }  # fmt: skip
    values = {
        "title": form.title,
        "about": form.about,
        "notes": form.notes,
        "needed": needed(form),
    }
    said = {"record": record.model_dump(mode="json")}
    return fill_page(
        "form/lines.html.j2", language, _MODULES, form.person, values, record=said, data=data, sending=sending
    )


def read_form_file(path: Path, name: str) -> Returned | None:
    """Return what a file of answers says; None for a file of others.

    Raises
    ------
    EvaluationError
        not what such a file says, a newer format.
    """
    where = Location(name)
    if (said := read_saved(FormAnswers, path, where, MARK)) is None:
        return None
    record = said.record
    if record.version > VERSION:
        raise EvaluationError([Issue("JUDGE-205", name, where=where)])
    questions = {one.key: one for one in record.questions}
    answers: list[Given] = []
    issues: list[Issue] = []
    for line, question, value in said.answers:
        at = Location(name, sheet=line, cell=question)
        if line not in record.lines or question not in questions:
            issues.append(Issue("JUDGE-246", name, {"key": f"{line}.{question}"}, where=at))
        elif issue := refused(questions[question], plain(value), at):
            issues.append(issue)
        elif value.strip():
            answers.append(Given(line, question, value.strip(), at))
    person = Expert(record.person.id, record.person.name, record.person.role)
    return Returned(
        record.kind,
        record.tree,
        person,
        record.subject,
        name,
        tuple(answers),
        len(record.lines),
        tuple(issues),
    )


_BLANKS = {name: f"{{{name}}}" for name in ("count", "total", "low", "high")}


def form_record(form: Form) -> FormRecord:
    """Return what a page says of itself."""
    return FormRecord(
        kind=form.kind,
        tree=form.tree.id,
        person=PagePerson(id=form.person.id, name=form.person.name, role=form.person.role),
        subject=form.subject,
        lines=tuple(line.key for line in form.lines),
        questions=tuple(
            FormQuestion(key=one.key, choices=tuple(value for value, _ in one.choices), limits=one.limits)
            for one in form.questions
        ),
    )


def shown_line(line: Line) -> dict[str, object]:
    """Return a line as the page shows it: under what heading, its name, and what is known of it."""
    shown = [
        f"{value:.1%}" if isinstance(value, float) else str(value)
        for value in line.shown
        if value is not None
    ]
    grouped = line.continues is not None and len(shown) > 1
    return {
        "key": line.key,
        "under": shown[0] if grouped else "",
        "shown": shown[1:] if grouped else shown,
        "given": dict(line.given),
        "only": None if line.only is None else sorted(line.only),
    }


def needed(form: Form) -> int:
    """Return how many answers a complete form has."""
    asked = sum(_asks(line, one) for line in form.lines for one in form.questions)
    return asked - form.spare


def _asks(line: Line, question: Question) -> bool:
    return question.asked and (line.only is None or question.key in line.only)


def refused(question: FormQuestion, value: str, where: Location) -> Issue | None:
    """Return why a value is no answer to a question."""
    if value in question.choices or not value:
        return None
    if question.limits:
        low, high = question.limits
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        detail = {"lowest": f"{low:g}", "highest": f"{high:g}"}
        return None if low <= number <= high else Issue("JUDGE-231", value, detail, where=where)
    accepted = {"accepted": ", ".join(question.choices)}
    return Issue("JUDGE-230", value, accepted, where=where) if question.choices else None
