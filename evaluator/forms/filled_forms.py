"""A questionnaire as it comes back: every answer with its cell, read by the workbook's own record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluator.brief import Brief
from evaluator.errors import EvaluationError, Issue, Location, Severity
from evaluator.forms.answers import Answer
from evaluator.forms.record import (
    CHOICES,
    CONTENTS,
    LIVE,
    RECORD,
    REMARK,
    VERSION,
    AskedGroup,
    Record,
    StoredChoices,
    digest_of,
    group_key,
    keyed_rows,
    pair_key,
    read_record,
)
from evaluator.workbook.decoding import decode
from evaluator.workbook.reader import SheetValues, WorkbookValues

_Keyed = tuple[SheetValues, Mapping[str, int]]


@dataclass(frozen=True)
class Cell:
    """One answer cell: the pair it compares, what it says, and where it stands."""

    a: str
    b: str
    answer: Answer
    where: Location


@dataclass(frozen=True)
class FilledGroup(Brief):
    """The answers to one group, and the remark below them."""

    asked: AskedGroup
    cells: tuple[Cell, ...]
    remark: str = ""
    remark_at: Location | None = None
    issues: tuple[Issue, ...] = ()

    @property
    def given(self) -> dict[tuple[str, str], str]:
        """What the cells that are not blank hold, by pair."""
        return {(cell.a, cell.b): cell.answer.given for cell in self.cells if cell.answer.given}


@dataclass(frozen=True)
class Filled(Brief):
    """A questionnaire with what people wrote into it; `issues` concern the workbook as a whole."""

    record: Record
    groups: tuple[FilledGroup, ...]
    issues: tuple[Issue, ...] = ()

    @property
    def touched(self) -> bool:
        """Whether anybody wrote anything into it, readable or not, besides what it came with."""
        given = {pair: answer for group in self.groups for pair, answer in group.given.items()}
        return any(group.remark for group in self.groups) or digest_of(given) != self.record.given


def read_filled(path: str | Path, *, name: str | None = None) -> Filled | None:
    """Read a questionnaire from its file; None when the workbook is none of ours.

    Raises
    ------
    EvaluationError
        as `OpenWorkbook`; written by a newer version.
    """
    return filled(decode(path, CONTENTS, name=name))


def filled(book: WorkbookValues) -> Filled | None:
    """Return what a workbook holds as a questionnaire, None when it is none of ours; see `read_filled`."""
    record = read_record(book)
    if record is None:
        return None
    if record.version > VERSION:
        raise EvaluationError([Issue("JUDGE-205", book.file, where=Location(book.file))])
    choices = StoredChoices(book, record)
    sheets = [
        (sheet, keyed_rows(sheet)) for sheet in book.sheets if sheet.name not in (RECORD, CHOICES, LIVE)
    ]
    groups = tuple(_group(book.file, sheets, record, asked, choices) for asked in record.groups)
    return Filled(record, groups, book.issues)


def _group(
    file: str, sheets: Sequence[_Keyed], record: Record, asked: AskedGroup, choices: StoredChoices
) -> FilledGroup:
    marked = [entry for entry in sheets if group_key(asked.id) in entry[1]]
    if not marked:
        where = Location(file, sheet=asked.sheet)
        return FilledGroup(
            asked, (), issues=(Issue("JUDGE-208", asked.sheet, {"group": asked.id}, where=where),)
        )
    marked.sort(key=lambda entry: entry[0].name != asked.sheet)
    read = [_sheet(sheet, rows, record, asked, choices) for sheet, rows in marked]
    first, issues, name = read[0], list(read[0].issues), marked[0][0].name
    for (sheet, _), other in zip(marked[1:], read[1:], strict=True):
        if other.given and other.given != first.given:
            where = Location(file, sheet=sheet.name)
            issues.append(Issue("JUDGE-210", sheet.name, {"other": name}, where=where))
    if name != asked.sheet:
        where, detail = Location(file, sheet=name), {"asked": asked.sheet}
        issues.append(Issue("JUDGE-209", name, detail, where=where, severity=Severity.NOTE))
    return FilledGroup(asked, first.cells, first.remark, first.remark_at, tuple(issues))


def _sheet(
    sheet: SheetValues,
    rows: Mapping[str, int],
    record: Record,
    asked: AskedGroup,
    choices: StoredChoices,
) -> FilledGroup:
    cells: list[Cell] = []
    issues: list[Issue] = []
    for a, b in asked.pairs:
        key = pair_key(a, b)
        if key not in rows:
            where = Location(sheet.file, sheet=sheet.name)
            issues.append(Issue("JUDGE-217", f"{a} – {b}", where=where))
            continue
        value = sheet.value(rows[key], record.answers)
        answer = choices.answer(a, b, value)
        cells.append(Cell(a, b, answer, sheet.where(rows[key], record.answers)))
    issues += [issue for cell in cells for issue in cell.answer.issues(cell.where)]
    remark = sheet.value(rows[REMARK], 1) if REMARK in rows else None
    at = sheet.where(rows[REMARK], 1) if REMARK in rows else None
    return FilledGroup(asked, tuple(cells), str(remark or "").strip(), at, tuple(issues))
