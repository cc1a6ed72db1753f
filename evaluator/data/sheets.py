"""Which sheets of a workbook are a table: those stated, else the one whose headers fit, else it is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from evaluator.data.cells import Cells
from evaluator.data.mapping import TableMapping
from evaluator.data.questions import line
from evaluator.data.spreadsheet import sheet_cells
from evaluator.errors import EvaluationError, Issue, Location, Severity, nearest
from evaluator.workbook.reader import OpenWorkbook, SheetValues

_PATTERN = frozenset("*?[")
_CLOSE = 0.75  # of the columns of the sheet that fits best: another could be meant as well


@dataclass(frozen=True, slots=True)
class Fit:
    """How a sheet fits a table: columns found, whether they are enough, and the rows below the header."""

    columns: int
    complete: bool
    rows: int


Fits = Callable[[Cells], Fit]


def read_sheets(path: Path, mapping: TableMapping, fit: Fits, *, few: bool) -> tuple[Cells, ...]:
    """Return the cells of the sheets of a table.

    Parameters
    ----------
    fit : says how well a sheet fits.
    few : whether the table needs so few columns that a sheet of another kind may have them too.

    Raises
    ------
    EvaluationError
        no such sheet, nothing in it, several sheets could be meant, and what the reader of workbooks raises.
        The sheets not read are named in the issues of the first.
    """
    name = mapping.source
    book = OpenWorkbook(path, name=name)
    sheets = {sheet.name: sheet for sheet in _read(book, mapping) if any(sheet.rows)}
    cells = {key: sheet_cells(sheet) for key, sheet in sheets.items()}
    fits = {key: fit(one) for key, one in cells.items()}
    if mapping.sheets:
        chosen = _stated(mapping, book.names, sheets, fits)
    else:
        seen = [key for key, sheet in sheets.items() if not sheet.hidden]
        if not seen:
            raise EvaluationError([Issue("DATA-403", name, where=Location(name))])
        chosen = [_best(name, {key: fits[key] for key in seen}, few)]
    others = [key for key in sheets if key not in chosen]
    left = tuple(_unread(name, others, sheets, fits))
    first, *rest = (cells[key] for key in chosen)
    return (replace(first, issues=(*book.issues, *left)), *rest)


def _read(book: OpenWorkbook, mapping: TableMapping) -> Iterator[SheetValues]:
    """Yield every sheet; one that nobody asked for may be too large, or damaged, and is passed over."""
    for key in book.names:
        try:
            yield book.read(key, unread=True)
        except EvaluationError:
            if not mapping.sheets or key in mapping.sheets or any(map(_PATTERN.intersection, mapping.sheets)):
                raise


def _stated(
    mapping: TableMapping, names: tuple[str, ...], sheets: dict[str, SheetValues], fits: dict[str, Fit]
) -> list[str]:
    """Return the sheets a mapping names, in the order of the workbook; patterns take those that fit."""
    chosen: set[str] = set()
    issues = []
    for wanted in mapping.sheets:
        hits = {wanted} & set(names) or {
            key
            for key, sheet in sheets.items()
            if _PATTERN & set(wanted) and fnmatchcase(key, wanted) and not sheet.hidden and fits[key].complete
        }
        if not hits:
            hint = nearest(wanted, names) or names[:3]
            issues.append(Issue("DATA-404", wanted, hint=hint, where=Location(mapping.source)))
        chosen |= hits
    if issues:
        raise EvaluationError(issues)
    if empty := [key for key in chosen if key not in sheets]:
        place = Location(mapping.source, sheet=empty[0])
        raise EvaluationError([Issue("DATA-403", str(place), where=place)])
    return [key for key in names if key in chosen]


def _best(name: str, fits: dict[str, Fit], few: bool) -> str:
    """Return the sheet that fits best; raises where another could be meant as well."""
    best = max(fits, key=lambda key: (fits[key].complete, fits[key].columns))
    could = {
        key: one
        for key, one in fits.items()
        if one.complete and one.rows and (not few or one.columns >= _CLOSE * fits[best].columns)
    }
    if fits[best].complete and len(could) > 1:
        listed = ", ".join(f"{key} ({one.rows})" for key, one in could.items())
        answers = [line(sheet=[*could]), *(line(sheet=key) for key in could)]
        detail = {"sheets": listed, "lines": ", ".join(f"`{text}`" for text in answers)}
        raise EvaluationError([Issue("DATA-528", name, detail, where=Location(name))])
    return best


def _unread(
    name: str, others: list[str], sheets: dict[str, SheetValues], fits: dict[str, Fit]
) -> Iterator[Issue]:
    """Yield the note that names the sheets that were not read with their rows."""
    if others:
        yield left_unread(name, {key: fits[key].rows for key in others})


def read_by_none(issues: Iterable[Issue], read: Mapping[str, Collection[str | None]]) -> tuple[Issue, ...]:
    """Return issues that name only the sheets that no table was read from.

    `read` has the sheets that tables were read from, by file.
    """
    kept = []
    for issue in issues:
        rows = issue.detail.get("rows")
        if issue.code != "DATA-529" or not isinstance(rows, Mapping):
            kept.append(issue)
        elif left := {key: count for key, count in rows.items() if key not in read.get(issue.subject, ())}:
            kept.append(left_unread(issue.subject, left))
    return tuple(dict.fromkeys(kept))


def left_unread(name: str, rows: Mapping[str, int]) -> Issue:
    """Return the note that names sheets of a file that were not read, with their rows."""
    detail = {"sheets": ", ".join(f"{key} ({count})" for key, count in rows.items()), "count": len(rows)}
    return Issue("DATA-529", name, {**detail, "rows": rows}, where=Location(name), severity=Severity.NOTE)
