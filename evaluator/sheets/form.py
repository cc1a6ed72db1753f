"""What the forms besides the pairwise one share: lines to answer, columns of answers, and a record.

A line is found by the key in its hidden first column, and a choice is read through the list stored in
that very workbook, so that moved rows, a renamed sheet and later labels do no harm.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from evaluator import messages
from evaluator.errors import EvaluationError, Issue, Location, Severity, raise_errors
from evaluator.sheets.answers import plain
from evaluator.sheets.names import file_names
from evaluator.sheets.record import CHOICES, KEY, RECORD
from evaluator.sheets.sources import WORKBOOKS, Sources, listed
from evaluator.tree import Tree
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import Book, Sheet, Value, open_book
from evaluator.workbook.reader import FORM, CellValue, SheetValues, WorkbookValues, read_workbook
from evaluator.workbook.theme import Theme

Kind = Literal["scores", "screening", "grades", "survey", "assessment"]
VERSION = 1
_MARK = "evaluator:"


@dataclass(frozen=True, slots=True)
class Question:
    """A column of answers.

    `choices` are (value, sentence); `limits` are the numbers that may be typed; with neither it takes
    any text. A question that is not `asked` need not be answered.
    """

    key: str
    heading: str
    width: float = 16
    choices: tuple[tuple[str, str], ...] = ()
    limits: tuple[float, float] | None = None
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a form: what it shows, and the answers it already comes with."""

    key: str
    shown: tuple[Value, ...]
    given: Mapping[str, str] = field(default_factory=dict, hash=False)
    only: frozenset[str] | None = None  # the questions it asks; None for all


@dataclass(frozen=True, slots=True)
class Form:
    """One workbook for one person."""

    kind: Kind
    tree: Tree
    person: Expert
    title: str
    about: str
    notes: tuple[str, ...]
    headings: tuple[tuple[str, float], ...]  # of what a line shows, with their widths
    lines: tuple[Line, ...]
    questions: tuple[Question, ...]
    subject: str = ""  # what a whole sheet is about, such as one customer
    one_page: bool = False
    finish: Callable[[Sheet, int, int], int] | None = None  # writes below the lines: first row, next free row


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: the value behind a choice, the number or the text, and the cell it stands in."""

    line: str
    question: str
    value: str
    where: Location


@dataclass(frozen=True)
class Returned:
    """A form as it came back."""

    kind: str
    tree: str
    person: Expert
    subject: str
    file: str
    answers: tuple[Given, ...]
    lines: int
    issues: tuple[Issue, ...]

    @property
    def content(self) -> dict[tuple[str, str], str]:
        """The answers by line and question."""
        return {(one.line, one.question): one.value for one in self.answers}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was written, or kept because somebody wrote into it."""

    person: Expert
    path: Path
    lines: int
    state: Literal["written", "kept"]


def write_forms(
    forms: Sequence[Form], folder: str | Path, *, language: str, theme: Theme | None = None
) -> tuple[Sent, ...]:
    """Write one workbook per form; one that somebody wrote into is never overwritten, but kept.

    Raises
    ------
    EvaluationError
        JUDGE-225 (two people of one id), and FILE-701 to FILE-703 for every file that could not be
        written, after the others are.
    """
    people = [Expert(f"{one.person.id}_{one.subject}", one.person.name) if one.subject else one.person
              for one in forms]  # fmt: skip
    counts = Counter(person.id for person in people)
    raise_errors([Issue("JUDGE-225", name) for name, count in counts.items() if count > 1])
    sent: list[Sent] = []
    issues: list[Issue] = []
    for form, name in zip(forms, file_names(people), strict=True):
        path = Path(folder) / f"{form.kind}_{name}"
        state: Literal["written", "kept"] = "kept" if path.exists() and _written_into(path) else "written"
        try:
            if state == "written":
                _write(path, form, language, theme)
        except EvaluationError as error:
            issues.extend(error.issues)
        else:
            sent.append(Sent(form.person, path, len(form.lines), state))
    raise_errors(issues)
    return tuple(sent)


def read_forms(sources: Sources, kind: Kind, tree: Tree) -> tuple[tuple[Returned, ...], tuple[Issue, ...]]:
    """Read every form of a kind, one per person and subject.

    Raises
    ------
    EvaluationError
        once, with all issues, when one is an error: FILE-711 to FILE-717, JUDGE-205 (newer format),
        JUDGE-212 (nothing to read), JUDGE-230 (an answer that is none of the choices), JUDGE-231 (a
        number out of range). Warnings and notes are JUDGE-206 (another tree), 213 and 214 (two
        submissions), 224 (nothing answered), 227 (another kind of file), 232 (another kind of form).
    """
    files, issues = listed(sources, endings=WORKBOOKS)
    found: dict[tuple[str, str], list[Returned]] = defaultdict(list)
    for path, name in files:
        try:
            form = returned(read_workbook(path, name=name, limits=FORM))
        except EvaluationError as error:
            issues.extend(error.issues)
            continue
        if form is None or form.kind != kind:
            issues.append(Issue("JUDGE-232", name, where=Location(name), severity=Severity.NOTE))
        elif form.tree != tree.id:
            detail = {"asked": form.tree, "tree": tree.id}
            issues.append(Issue("JUDGE-206", name, detail, where=Location(name), severity=Severity.WARNING))
        else:
            found[form.person.id, form.subject].append(form)
    holding: list[Returned] = []
    for entries in found.values():
        kept, said = _settle(entries)
        holding += kept
        issues += said
    issues += [issue for form in holding for issue in form.issues]
    raise_errors(issues)
    return tuple(holding), tuple(issues)


def returned(book: WorkbookValues) -> Returned | None:
    """Return what a workbook holds as a form, None when it is none of ours."""
    record = book.sheet(RECORD)
    rows = [[*(str(cell) for cell in row), "", "", ""] for row in record.rows] if record else []
    if not rows or not rows[0][0].startswith(_MARK) or not rows[0][1]:
        return None
    if float(rows[0][1] or 0) > VERSION:
        raise EvaluationError([Issue("JUDGE-205", book.file, where=Location(book.file))])
    named = {row[0]: [*row[1:], "", "", ""] for row in rows}
    columns = {row[1]: int(float(row[2])) for row in rows if row[0] == "question"}
    limits = {row[1]: (float(row[3]), float(row[4])) for row in rows if row[0] == "question" and row[3]}
    choices = _stored(book.sheet(CHOICES))
    answers: list[Given] = []
    issues = list(book.issues)
    lines = 0
    for sheet in book.sheets:
        keys = [] if sheet.hidden else _lines(sheet)
        lines += len(keys)
        for key, row in keys:
            for question, col in columns.items():
                read = _answer(sheet, row, col, choices.get(question), limits.get(question))
                if isinstance(read, Issue):
                    issues.append(read)
                elif read:
                    answers.append(Given(key, question, read, sheet.where(row, col)))
    person, subject = named.get("person", ["", "", ""]), named.get("subject", [""])[0]
    kind, tree = rows[0][0].removeprefix(_MARK), named.get("tree", [""])[0]
    return Returned(
        kind,
        tree,
        Expert(person[0], person[1], person[2]),
        subject,
        book.file,
        tuple(answers),
        lines,
        tuple(issues),
    )


def no_longer(one: Given) -> Issue:
    """Return the warning that an answer concerns something the tree no longer has."""
    return Issue("JUDGE-233", one.line, where=one.where, severity=Severity.WARNING)


def _settle(entries: Sequence[Returned]) -> tuple[list[Returned], list[Issue]]:
    """Return the submission of one person that holds: identical ones merge, different ones wait."""
    first = next((entry for entry in entries if entry.answers), entries[0])
    shown = first.person.name or first.person.id
    issues: list[Issue] = []
    for other in entries:
        if other is first or not other.answers:
            continue
        where = Location(other.file)
        if other.content != first.content:
            detail = {"files": f"{first.file}, {other.file}", "expert": first.person.id}
            return [], [Issue("JUDGE-213", shown, detail, where=where, severity=Severity.WARNING)]
        detail = {"kept": first.file, "expert": shown}
        issues.append(Issue("JUDGE-214", other.file, detail, where=where, severity=Severity.NOTE))
    if not first.answers and not first.issues:
        issues.append(Issue("JUDGE-224", shown, where=Location(first.file), severity=Severity.WARNING))
    return [first], issues


def _lines(sheet: SheetValues) -> list[tuple[str, int]]:
    return [
        (str(cells[KEY]).removeprefix("line:"), row)
        for row, cells in enumerate(sheet.rows)
        if cells and str(cells[KEY]).startswith("line:")
    ]


def _answer(
    sheet: SheetValues,
    row: int,
    col: int,
    choices: Mapping[str, str] | None,
    limits: tuple[float, float] | None,
) -> str | Issue:
    cell = sheet.value(row, col)
    whole = isinstance(cell, float) and cell.is_integer()
    said = "" if cell is None else plain(f"{cell:.0f}" if whole else str(cell))
    if not said:
        return ""
    known = {plain(label).casefold(): value for label, value in (choices or {}).items()}
    if said.casefold() in known:
        return known[said.casefold()]
    if limits:
        try:
            number = float(said)
        except ValueError:
            number = float("nan")
        if limits[0] <= number <= limits[1]:
            return said
        detail = {"lowest": f"{limits[0]:g}", "highest": f"{limits[1]:g}"}
        return Issue("JUDGE-231", said, detail, where=sheet.where(row, col))
    if choices:
        return Issue("JUDGE-230", said, {"accepted": ", ".join(choices)}, where=sheet.where(row, col))
    return str(cell).strip()


def _stored(sheet: SheetValues | None) -> dict[str, dict[str, str]]:
    """Return the values of each question's choices, by sentence and by the bare value."""
    found: dict[str, dict[str, str]] = {}
    for col in range(0, len(sheet.rows[0]) if sheet and sheet.rows else 0, 2):
        offered = [row[col : col + 2] for row in sheet.rows[1:] if row[col] != ""] if sheet else []
        values = {_bare(value): str(label) for value, label in offered}
        sentences = {label: value for value, label in values.items()}
        found[str(sheet.rows[0][col]) if sheet else ""] = sentences | {value: value for value in values}
    return found


def _bare(value: CellValue) -> str:
    """Return a stored value as it was meant: another program may have made a number of it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _digest(content: Mapping[tuple[str, str], str]) -> str:
    listed_ = "\n".join(f"{line}\t{question}\t{value}" for (line, question), value in sorted(content.items()))
    return hashlib.sha256(listed_.encode()).hexdigest()


def _written_into(path: Path) -> bool:
    """Say whether a file differs from the form as it was sent, or is no form at all."""
    try:
        book = read_workbook(path, limits=FORM)
        form = returned(book)
    except EvaluationError:
        return True
    record = book.sheet(RECORD)
    sent = {str(row[0]): str(row[1]) for row in record.rows if len(row) > 1} if record else {}
    return form is None or bool(form.issues) or sent.get("given") != _digest(form.content)


def _write(path: Path, form: Form, language: str, theme: Theme | None) -> None:
    with open_book(path, language=language, title=form.title, theme=theme) as book:
        sheet = book.sheet(messages.text(f"form.{form.kind}.sheet", language), tab="accent")
        ranges = _write_choices(book, form.questions)
        first = 1 + len(form.headings)
        _write_lines(sheet, form, ranges, _write_head(sheet, form))
        lines: list[list[Value]] = [
            [f"{_MARK}{form.kind}", VERSION],
            ["tree", form.tree.id],
            ["person", form.person.id, form.person.name, form.person.role],
            ["subject", form.subject],
            [
                "given",
                _digest({(line.key, key): value for line in form.lines for key, value in line.given.items()}),
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
        for col, value in enumerate(line.shown, start=1):
            sheet.put(row, col, value, "percent" if isinstance(value, float) else "text")
        for col, question in enumerate(form.questions, start=first_answer):
            if line.only is not None and question.key not in line.only:
                sheet.put(row, col, None, "label")
                continue
            given = line.given.get(question.key)
            style = "input typed" if question.limits and not question.choices else "input"
            sheet.put(row, col, labels[question.key].get(given or "", given), style)
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
    left = f"{len(asked)}-" + "-".join(f"COUNTA({area})" for area in letters)
    said = messages.text("form.left", language)
    done = messages.text("form.done", language)
    now = len(asked) - given
    value = done if now <= 0 else said.replace("#", str(now))
    sheet.formula(
        row + 1, 1, f'=IF({left}<=0,"{done}",SUBSTITUTE("{said}","#",{left}))', value, "strong left"
    )
