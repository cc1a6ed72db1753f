"""A form of lines as a page: importance scores, best and worst, screening, grades, surveys, assessments.

The page is one self-contained file for one person, for a phone as for a desk; it saves a file of answers,
which is read as the workbook of the same form is.
"""

from __future__ import annotations

from pathlib import Path

from evaluator import messages
from evaluator.files import write_text
from evaluator.forms.carriers import Sending, fill_page
from evaluator.forms.form import Form, Line, Question, worded
from evaluator.forms.form_answers import CODED, FormRecords, form_record
from evaluator.forms.page_files import digest, earlier

_MODULES = ("frame", "code", "seal", "keeping", "lines")
_MARKS = ("best", "worst", "first", "over")
_WORDS = ("choose", "between", "progress", "blanks", "kept", "unkept", "copied")


def write_form_page(path: Path, form: Form) -> None:
    """Write a form as a page; what earlier pages of the same file asked stays known in it.

    Raises `EvaluationError` when the file cannot be written.
    """
    record = form_record(form)
    records = FormRecords(record=record, earlier=earlier(FormRecords, path, record))
    write_text(path, _page(form, records, path.stem, form.language))


def served_form_page(form: Form, language: str, sending: Sending) -> str:
    """Return a form as a page on a server, with the answers it goes on from in its lines."""
    return _page(form, FormRecords(record=form_record(form)), "", language, sending)


def _page(form: Form, records: FormRecords, stem: str, language: str, sending: Sending | None = None) -> str:
    record, marks = records.record, form.kind == "best_worst"
    words = (*_WORDS, *_MARKS) if marks else _WORDS
    data = {
        "digest": digest(record),
        "form": record.fingerprint,
        "person": record.person_bits,
        "coded": form.kind in CODED,
        "file": stem,
        "needed": needed(form),
        "lines": [shown_line(line, form) for line in form.lines],
        "questions": [_question(one, language) for one in form.questions],
        "texts": {word: messages.text(f"page_form.{word}", language, **_BLANKS) for word in words},
    }
    values = {
        "title": form.title,
        "about": form.about,
        "notes": (messages.text("page_form.step.marks", language),) if marks else form.notes,
        "needed": needed(form),
        "coded": form.kind in CODED,
    }
    said = records.model_dump(mode="json")
    modules = (*_MODULES[:-1], "best_worst", _MODULES[-1]) if marks else _MODULES
    return fill_page(
        "form/lines.html.j2", language, modules, form.person, values, record=said, data=data, sending=sending
    )


_BLANKS = {name: f"{{{name}}}" for name in ("count", "total", "low", "high", "a", "b")}


def _question(question: Question, language: str) -> dict[str, object]:
    heading, choices = worded(question, language)
    return {
        "key": question.key,
        "heading": heading,
        "choices": choices,
        "limits": question.limits,
        "asked": question.asked,
    }


def shown_line(line: Line, form: Form) -> dict[str, object]:
    """Return a line as the page shows it: under what heading, its name, and what is known of it."""
    shown = [
        messages.text("form.grades.indicator", form.language, name=heading, said=f"{value:.1%}")
        if isinstance(value, float)
        else str(value)
        for (heading, _), value in zip(form.headings, line.shown, strict=True)
        if value is not None
    ]
    if form.kind == "grades":  # a customer is known by the name, which may be the id
        shown = list(dict.fromkeys(reversed(shown)))
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
