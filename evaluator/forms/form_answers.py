"""What a page of lines asks, and its answers: files it saved and codes it showed, read as its workbook is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Location, Severity
from evaluator.forms.answers import plain
from evaluator.forms.form import VERSION, Form, Given, Kind, Returned
from evaluator.forms.page_codes import FORM_BITS, PERSON_BITS, Decoded, code_of
from evaluator.forms.page_files import PagePerson, PageRecords, SavedAnswers, bits, read_saved
from evaluator.weighing.panel import Expert

MARK = "evaluator:form"
CODED: frozenset[Kind] = frozenset({"scores", "best_worst"})
"""The forms whose answers a code says: all of them are choices."""


class FormQuestion(Format):
    """A question of a form: the values of its choices, or the numbers it takes."""

    key: str
    choices: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None


class FormRecord(Format):
    """What a page asks of whom; `lines` are the keys of its lines, `only` what a line asks where not all."""

    format: Literal["evaluator:form"] = "evaluator:form"
    version: int = VERSION
    kind: Kind
    tree: str
    person: PagePerson
    subject: str = ""
    lines: tuple[str, ...]
    questions: tuple[FormQuestion, ...]
    only: Mapping[str, tuple[str, ...]] = {}

    @cached_property
    def asked(self) -> Mapping[tuple[str, str], FormQuestion]:
        """The question of each line and key, in the order of the page."""
        return {
            (line, one.key): one
            for line in self.lines
            for one in self.questions
            if line not in self.only or one.key in self.only[line]
        }

    @cached_property
    def fingerprint(self) -> int:
        """What tells what is asked of whom apart from what other pages ask, in `FORM_BITS` bits."""
        asked = [[*key, question.choices] for key, question in self.asked.items()]
        return bits([self.kind, self.tree, self.person.id, self.subject, asked], FORM_BITS)

    @cached_property
    def person_bits(self) -> int:
        """What tells the person apart from others, in `PERSON_BITS` bits."""
        return bits(self.person.id, PERSON_BITS)

    @cached_property
    def options(self) -> tuple[int, ...]:
        """How many answers each question has in a code: its choices, and a blank."""
        return tuple(len(one.choices) + 1 for one in self.asked.values())


FormRecords = PageRecords[FormRecord]
"""What a page of lines says of itself."""
FormAnswers = SavedAnswers[FormRecord, tuple[str, str, str]]
"""What a page of lines saves: its answers are (line, question, value)."""


def read_form_file(path: Path, name: str) -> Returned | None:
    """Return what a file of answers says; None for a file of others.

    What was not asked is left out and named.

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
    answers: list[Given] = []
    issues = [*said.edits(where)]
    for line, key, value in said.answers:
        at = Location(name, sheet=line, cell=key)
        question = record.asked.get((line, key))
        if question is None:
            detail = {"group": line}
            issues.append(Issue("JUDGE-247", key, detail, where=at, severity=Severity.WARNING))
        elif issue := refused(question, plain(value), at):
            issues.append(issue)
        elif meant := plain(value) if question.choices else value.strip():
            answers.append(Given(line, key, meant, at))
    return _returned(record, name, answers, issues)


def returned_by_code(said: Decoded[FormRecord], name: str) -> Returned:
    """Return what a code answers, as a form that came back."""
    answers = [
        Given(line, key, question.choices[place - 1], Location(name, line=said.line, sheet=line, cell=key))
        for ((line, key), question), place in zip(said.form.asked.items(), said.answers, strict=True)
        if place
    ]
    return _returned(said.form, said.file, answers, ())


def _returned(record: FormRecord, file: str, answers: Sequence[Given], issues: Sequence[Issue]) -> Returned:
    person = Expert(record.person.id, record.person.name, record.person.role)
    lines = len(record.lines)
    return Returned(
        record.kind, record.tree, person, record.subject, file, tuple(answers), lines, tuple(issues)
    )


def code_for(record: FormRecord, answers: Mapping[tuple[str, str], str]) -> str:
    """Return the code of answers by line and question; blank for a form whose answers no code says."""
    if record.kind not in CODED:
        return ""
    places = [
        1 + question.choices.index(plain(answers[key])) if key in answers else 0
        for key, question in record.asked.items()
    ]
    return code_of(record.fingerprint, record.person_bits, places, record.options)


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
        only={line.key: tuple(sorted(line.only)) for line in form.lines if line.only is not None},
    )


def refused(question: FormQuestion, value: str, where: Location) -> Issue | None:
    """Return why a value is no answer to a question."""
    if value in question.choices or not value:
        return None
    if question.limits:
        low, high = question.limits
        detail = {"lowest": f"{low:g}", "highest": f"{high:g}"}
        return None if is_within(value, low, high) else Issue("JUDGE-231", value, detail, where=where)
    accepted = {"accepted": ", ".join(question.choices)}
    return Issue("JUDGE-230", value, accepted, where=where) if question.choices else None


def is_within(text: str, low: float, high: float) -> bool:
    """True if a text is a number, and neither below the one nor above the other."""
    try:
        return low <= float(text) <= high
    except ValueError:
        return False
