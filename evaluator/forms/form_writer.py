"""A form on its way out: one workbook per person and subject, never over one that somebody wrote into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from evaluator import messages
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.forms.form import MARK, VERSION, Form, Question, Sent, digest, without_blanks
from evaluator.forms.form_page import write_form_page
from evaluator.forms.form_reader import returned
from evaluator.forms.names import file_names
from evaluator.forms.options import Carrier
from evaluator.forms.record import CHOICES, KEY, RECORD
from evaluator.forms.site_surveys import SITES
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import Book, Sheet, Value, open_book
from evaluator.workbook.reader import FORM, read_workbook
from evaluator.workbook.theme import Theme


def write_forms(
    forms: Sequence[Form],
    folder: str | Path,
    *,
    theme: Theme | None = None,
    carrier: Carrier = "workbook",
) -> tuple[Sent, ...]:
    """Write one workbook or page per form; a workbook somebody wrote into is never overwritten, but kept.

    Raises
    ------
    EvaluationError
        two people of one id; every file that could not be written, after the others are.
    """
    if carrier in SITES:
        raise EvaluationError([Issue("JUDGE-254", carrier)])
    people = [Expert(f"{one.person.id}_{one.subject}", one.person.name) if one.subject else one.person
              for one in forms]  # fmt: skip
    counts = Counter(person.id for person in people)
    raise_errors(Issue("JUDGE-225", name) for name, count in counts.items() if count > 1)
    sent: list[Sent] = []
    issues: list[Issue] = []
    for form, name in zip(map(without_blanks, forms), file_names(people), strict=True):
        path = Path(folder) / f"{form.kind}_{name}"
        state: Literal["written", "kept"] = "written"
        try:
            if carrier == "page":
                path = path.with_suffix(".html")
                write_form_page(path, form)
            elif path.exists() and _written_into(path):
                state = "kept"
            else:
                _write(path, form, theme)
        except EvaluationError as error:
            issues.extend(error.issues)
        else:
            sent.append(Sent(form.person, path, len(form.lines), state))
    raise_errors(issues)
    return tuple(sent)


def _written_into(path: Path) -> bool:
    """True if a file differs from the form as it was sent, or is no form at all."""
    try:
        book = read_workbook(path, limits=FORM)
        form = returned(book)
    except EvaluationError:
        return True
    record = book.sheet(RECORD)
    sent = {str(row[0]): str(row[1]) for row in record.rows if len(row) > 1} if record else {}
    return form is None or bool(form.issues) or sent.get("given") != digest(form.content)


def _write(path: Path, form: Form, theme: Theme | None) -> None:
    with open_book(path, language=form.language, title=form.title, theme=theme) as book:
        sheet = book.sheet(messages.text(f"form.{form.kind}.sheet", form.language), tab="accent")
        ranges = _write_choices(book, form.questions)
        first = 1 + len(form.headings)
        _write_lines(sheet, form, ranges, _write_head(sheet, form))
        lines: list[list[Value]] = [
            [f"{MARK}{form.kind}", VERSION],
            ["tree", form.tree.id],
            ["person", form.person.id, form.person.name, form.person.role],
            ["subject", form.subject],
            [
                "given",
                digest({(line.key, key): value for line in form.lines for key, value in line.given.items()}),
            ],
        ]
        for col, question in enumerate(form.questions, start=first):
            lines.append(["question", question.key, col, *(question.limits or ("", ""))])
        record = book.sheet(RECORD, hidden=True)
        for row, line in enumerate(lines):
            record.put_row(row, 0, line)


def _write_choices(book: Book, questions: Sequence[Question]) -> dict[str, str]:
    """Write the choices of each question, and return the names of their ranges."""
    sheet = book.sheet(CHOICES, hidden=True)
    ranges: dict[str, str] = {}
    for number, question in enumerate(entry for entry in questions if entry.choices):
        sheet.put(0, 2 * number, question.key)
        for row, (value, sentence) in enumerate(question.choices, start=1):
            sheet.put_row(row, 2 * number, (value, sentence))
        last = (len(question.choices), 2 * number + 1)
        ranges[question.key] = book.name(f"choice_{number + 1}", sheet, (1, 2 * number + 1), last)
    return ranges


def _write_head(sheet: Sheet, form: Form) -> int:
    """Write title, person and notes, and return the row of the headings."""
    language, last = sheet.book.language, len(form.headings) + len(form.questions)
    sheet.widths(2, *(width for _, width in form.headings), *(question.width for question in form.questions))
    sheet.native.set_column(KEY, KEY, None, None, {"hidden": True})
    sheet.native.hide_gridlines(2)
    sheet.put(0, 1, form.title, "title")
    sheet.merge((1, 1, 1, last), form.about, "subtitle")
    person = "  ·  ".join(part for part in (form.person.name or form.person.id, form.person.role) if part)
    sheet.put(2, 1, messages.text("form.person", language, person=person), "strong left")
    for row, note in enumerate(form.notes, start=3):
        sheet.merge((row, 1, row, last), note, "paragraph")
    return 4 + len(form.notes)


def _write_lines(sheet: Sheet, form: Form, ranges: Mapping[str, str], head: int) -> None:
    first_answer = 1 + len(form.headings)
    for col, heading in enumerate(
        [*(name for name, _ in form.headings), *(q.heading for q in form.questions)]
    ):
        sheet.put(head, 1 + col, heading, "heading")
    labels = {question.key: dict(question.choices) for question in form.questions}
    row = head
    for line in form.lines:
        row += 1
        sheet.put(row, KEY, f"line:{line.key}")
        opens = " opens" if line.continues is False and row > head + 1 else ""
        for col, value in enumerate(line.shown, start=1):
            style = "percent" if isinstance(value, float) else "text"
            if col == 1 and line.continues is not None:
                style += " muted" if line.continues else " strong"
            sheet.put(row, col, value, style + opens)
        for col, question in enumerate(form.questions, start=first_answer):
            if line.only is not None and question.key not in line.only:
                sheet.put(row, col, None, "label" + opens)
                continue
            given = line.given.get(question.key)
            style = "input typed" if question.limits and not question.choices else "input"
            sheet.put(row, col, labels[question.key].get(given or "", given), style + opens)
            if question.key in ranges:
                area = (row, col, row, col)
                sheet.choices(
                    area, ranges[question.key], error_type="stop" if not question.limits else "warning"
                )
    end = form.finish(sheet, head + 1, row + 1) if form.finish else row + 1
    _write_progress(sheet, form, head, end)
    sheet.native.freeze_panes(head + 1, 2)
    sheet.protect()
    sheet.page(landscape=not form.one_page and first_answer + len(form.questions) > 6, footer=form.title)
    sheet.native.repeat_rows(head, head)
    if form.one_page:
        sheet.native.fit_to_pages(1, 1)


def _write_progress(sheet: Sheet, form: Form, head: int, row: int) -> None:
    """Say below the lines how many answers are still open."""
    language, first = sheet.book.language, 1 + len(form.headings)
    asked = [
        (number, col)
        for number, line in enumerate(form.lines, start=head + 1)
        for col, question in enumerate(form.questions, start=first)
        if question.asked and (line.only is None or question.key in line.only)
    ]
    given = sum(
        question.key in line.given
        for line in form.lines
        for question in form.questions
        if question.asked and (line.only is None or question.key in line.only)
    )
    columns = sorted({col for _, col in asked})
    letters = [
        f"{sheet.column(col)}{head + 2}:{sheet.column(col)}{head + 1 + len(form.lines)}" for col in columns
    ]
    left = f"{len(asked) - form.spare}-" + "-".join(f"COUNTA({area})" for area in letters)
    said = messages.text("form.left", language)
    done = messages.text("form.done", language)
    now = len(asked) - form.spare - given
    value = done if now <= 0 else said.replace("#", str(now))
    sheet.formula(
        row + 1, 1, f'=IF({left}<=0,"{done}",SUBSTITUTE("{said}","#",{left}))', value, "strong left"
    )
