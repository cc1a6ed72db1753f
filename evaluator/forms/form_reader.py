"""A form as it comes back: read by its own record, every bad answer with its cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from evaluator.data.tables import Dropped, TableNote
from evaluator.errors import EvaluationError, Issue, Location, Severity, raise_errors
from evaluator.forms.answers import plain
from evaluator.forms.form import MARK, VERSION, Given, Kind, Returned
from evaluator.forms.form_answers import (
    CODED,
    FormQuestion,
    FormRecord,
    FormRecords,
    is_within,
    read_form_file,
    refused,
    returned_by_code,
)
from evaluator.forms.page_codes import read_codes, text_of
from evaluator.forms.page_files import read_page
from evaluator.forms.record import CHOICES, KEY, RECORD
from evaluator.forms.sources import PAGES, TABLES, WORKBOOKS, Sources, listed
from evaluator.forms.submissions import is_file
from evaluator.tree import Tree
from evaluator.weighing.panel import Expert
from evaluator.workbook.reader import FORM, CellValue, SheetValues, WorkbookValues, read_workbook

_LARGEST = 1e6
"""No column, version or limit of a form is larger."""


def read_forms(
    sources: Sources,
    kind: Kind,
    tree: Tree,
    *,
    chosen: Mapping[str, str | Path] | None = None,
    usual: Iterable[FormRecord] = (),
) -> tuple[tuple[Returned, ...], tuple[Issue, ...]]:
    """Read every form of a kind, one per person and subject.

    `chosen` names the file that holds for a person who handed in two different ones. Pages among the files
    tell what codes answer, and where there are none, what is `usual`.

    Raises
    ------
    EvaluationError
        once, with all issues, when one is an error: a file or record that cannot be read, a newer format,
        nothing to read, the chosen file is not there, an answer that is none of the choices or out of range.
        Another tree, kind of form or file, two submissions, a file that was edited, a code that cannot be
        read, and nothing answered are warnings and notes.
    """
    files, issues = listed(sources, endings=WORKBOOKS | PAGES | (TABLES if kind in CODED else frozenset()))
    pages = [entry for entry in files if entry[0].suffix.lower() == ".html"]
    texts = [entry for entry in files if entry[0].suffix.lower() in TABLES]
    read = [_whole(path, name) for path, name in files if (path, name) not in (*pages, *texts)]
    if texts:
        known = (*_asked(pages), *usual)
        read += [one for path, name in texts for one in _coded(path, name, known)]
    found: dict[tuple[str, str], list[Returned]] = defaultdict(list)
    for form in read:
        if isinstance(form, tuple):
            issues += form
        elif form.kind != kind:
            issues.append(_other(form.file))
        elif form.tree != tree.id:
            detail, where = {"asked": form.tree, "tree": tree.id}, Location(form.file)
            issues.append(Issue("JUDGE-206", form.file, detail, where=where, severity=Severity.WARNING))
        else:
            found[form.person.id, form.subject].append(form)
    holding: list[Returned] = []
    for (person, _), entries in found.items():
        wanted = Path(chosen[person]).as_posix() if chosen and person in chosen else None
        held = [entry for entry in entries if wanted is None or is_file(entry.file, wanted)]
        if not held:
            hint, where = tuple(entry.file for entry in entries), Location(str(wanted))
            issues.append(Issue("JUDGE-215", person, {"file": str(wanted)}, hint, where))
            continue
        kept, said = _settle(held)
        holding += kept
        issues += said
    issues += [issue for form in holding for issue in form.issues]
    raise_errors(issues)
    return tuple(holding), tuple(issues)


Read = Returned | tuple[Issue, ...]


def _whole(path: Path, name: str) -> Read:
    """Return what a workbook or file of answers says, or what is wrong with it."""
    try:
        if path.suffix.lower() in PAGES:
            return read_form_file(path, name) or (_other(name),)
        return returned(read_workbook(path, name=name, limits=FORM)) or (_other(name),)
    except EvaluationError as error:
        return error.issues


def _coded(path: Path, name: str, known: Sequence[FormRecord]) -> Iterator[Read]:
    """Yield what each code in a text answers, or what is wrong with it."""
    said = list(read_codes(text_of(path), name, known))
    for one in said:
        yield (one,) if isinstance(one, Issue) else returned_by_code(one, name)
    if not said:
        yield (_other(name),)


def _asked(pages: Sequence[tuple[Path, str]]) -> Iterator[FormRecord]:
    """Yield what pages ask, and what they asked before."""
    for path, name in pages:
        with suppress(EvaluationError):  # a page of another form
            page = read_page(FormRecords, path, name)
            yield from page.all if page else ()


def _other(name: str) -> Issue:
    return Issue("JUDGE-232", name, where=Location(name), severity=Severity.NOTE)


def returned(book: WorkbookValues) -> Returned | None:
    """Return what a workbook holds as a form, None when it is none of ours."""
    record = book.sheet(RECORD)
    rows = [[*(str(cell) for cell in row), "", "", ""] for row in record.rows] if record else []
    if not rows or not rows[0][0].startswith(MARK) or not rows[0][1]:
        return None
    if _number(rows[0][1], book) > VERSION:
        raise EvaluationError([Issue("JUDGE-205", book.file, where=Location(book.file))])
    named = {row[0]: [*row[1:], "", "", ""] for row in rows}
    asked = [row for row in rows if row[0] == "question"]
    columns = {row[1]: int(_number(row[2], book)) for row in asked}
    limits = {row[1]: (_number(row[3], book), _number(row[4], book)) for row in asked if row[3]}
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
    kind, tree = rows[0][0].removeprefix(MARK), named.get("tree", [""])[0]
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


def _number(text: str, book: WorkbookValues) -> float:
    """Return a number of the hidden record; raises where somebody has damaged it."""
    if not is_within(text, 0, _LARGEST):
        raise EvaluationError([Issue("JUDGE-253", book.file, {"found": text}, where=Location(book.file))])
    return float(text)


def note(form: Returned, table: str, *, gone: int = 0) -> TableNote:
    """Return what happened to the answers of a form, as of the rows of any other table.

    `gone` are answers about something the tree no longer has.
    """
    read = len(form.answers)
    dropped = (Dropped("data.dropped.gone", gone),) if gone else ()
    return TableNote(table, form.file, None, None, read, read - gone, dropped)


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
    question = FormQuestion(key="", choices=tuple(choices or ()), limits=limits)
    return refused(question, said, sheet.where(row, col)) or (said if limits else str(cell).strip())


def _stored(sheet: SheetValues | None) -> dict[str, dict[str, str]]:
    """Return the values of each question's choices, by sentence and by the bare value."""
    found: dict[str, dict[str, str]] = {}
    for col in range(0, len(sheet.rows[0]) if sheet and sheet.rows else 0, 2):
        offered = [(*row[col : col + 2], "") for row in sheet.rows[1:] if row[col] != ""] if sheet else []
        values = {_bare(value): str(label) for value, label, *_ in offered if label != ""}
        sentences = {label: value for value, label in values.items()}
        found[str(sheet.rows[0][col]) if sheet else ""] = sentences | {value: value for value in values}
    return found


def _bare(value: CellValue) -> str:
    """Return a stored value as it was meant: another program may have made a number of it."""
    return f"{value:g}" if isinstance(value, float) else str(value)
