"""Lays out a workbook of the language: where each element stands and what each name means."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from evaluator.errors import Issue, nearest, raise_errors
from evaluator.workbook.book import Area
from evaluator.workbook.elements import (
    Chart,
    Element,
    Image,
    Row,
    SheetElement,
    Table,
    Workbook,
    attributes,
)
from evaluator.workbook.formulas import names as names_in
from evaluator.workbook.formulas import reference

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_ROW_PIXELS = 20


@dataclass(frozen=True, slots=True)
class Block:
    """Cells behind a name: the number of their sheet and their area, all counted from 0."""

    sheet: int
    area: Area


@dataclass(frozen=True, slots=True)
class Placed:
    """An element with its row, and the columns of its cells where it is a row."""

    element: Element
    row: int
    columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class Layout:
    """The sheets with every element in its place, and the cells behind every name."""

    sheets: tuple[tuple[Placed, ...], ...]
    blocks: Mapping[str, Block]

    def block(self, refers: str) -> Block:
        """Return the cells behind a name, or from the first to the last of two names."""
        names = refers.split(":")
        first, last = self.blocks[names[0]], self.blocks[names[-1]]
        return Block(first.sheet, (*first.area[:2], *last.area[2:]))


def place(workbook: Workbook, *, data: Mapping[str, pl.DataFrame], pictures: Collection[str] = ()) -> Layout:
    """Return where everything stands.

    Raises
    ------
    EvaluationError
        with every mistake: a name used twice or unknown, unknown data or columns, a second filter of a sheet,
        what is beyond the size of a sheet, a column already taken.
    """
    placer = _Placer(data, pictures)
    sheets = tuple(tuple(placer.sheet(number, sheet)) for number, sheet in enumerate(workbook.sheets))
    for number, sheet in enumerate(workbook.sheets):
        placer.check_sheet(number, sheet)
        for part in sheet.parts:
            placer.check_references(part)
    for name in workbook.names:
        placer.check_references(name)
    raise_errors(placer.issues)
    return Layout(sheets, placer.blocks)


class _Placer:
    """Walks the sheets, collecting areas by name and every mistake."""

    def __init__(self, data: Mapping[str, pl.DataFrame], pictures: Collection[str]) -> None:
        self.data, self.pictures = data, pictures
        self.blocks: dict[str, Block] = {}
        self.tables: dict[str, int] = {}
        self.issues: list[Issue] = []

    def sheet(self, number: int, sheet: SheetElement) -> Iterator[Placed]:
        row = 0
        for part in sheet.parts:
            if isinstance(part, Row):
                yield Placed(part, row, self._cells(number, row, part))
                row += 1
            elif isinstance(part, Table):
                yield Placed(part, row)
                row += self._table(number, row, part)
            elif isinstance(part, Image | Chart):
                self._check_picture(part)
                yield Placed(part, row)
                row += rows_taken(part)
            else:
                yield Placed(part, row)
        if row > MOST_ROWS:
            self._note("REPORT-843", sheet, sheet.title, count=row, most=MOST_ROWS)

    def check_sheet(self, number: int, sheet: SheetElement) -> None:
        """Check what a sheet says as a whole: one filter, and a table of its own to freeze."""
        for second in [part for part in sheet.parts if isinstance(part, Table) and part.filter][1:]:
            self._note("REPORT-842", second, second.name, sheet=sheet.title)
        here = [name for name, sheet_number in self.tables.items() if sheet_number == number]
        if sheet.freeze and sheet.freeze not in here:
            self._note("REPORT-837", sheet, sheet.freeze, hint=nearest(sheet.freeze, here))

    def check_references(self, element: Element, table: Table | None = None) -> None:
        for field, kind in attributes(type(element)).items():
            value = getattr(element, field)
            if kind.kind == "reference" and value and not isinstance(element, SheetElement):
                for name in dict.fromkeys(value.split(":")):
                    self._check_name(element, name)
            elif kind.kind == "formula" and value:
                for name in names_in(value):
                    self._check_formula_name(element, name, table)
        for part in _parts(element):
            self.check_references(part, element if isinstance(element, Table) else None)

    def _cells(self, number: int, row: int, element: Row) -> tuple[int, ...]:
        columns: list[int] = []
        free = 0
        for cell in element.cells:
            column = free if cell.column is None else cell.column - 1
            if column < free or cell.span < 1:
                self._note("REPORT-844", cell, str(column + 1), taken=free)
                column = free
            free = column + cell.span
            columns.append(column)
            if cell.name:
                self._name(cell, cell.name, Block(number, (row, column, row, column)))
        if free > MOST_COLUMNS:
            self._note("REPORT-843", element, str(row + 1), count=free, most=MOST_COLUMNS)
        return tuple(columns)

    def _table(self, number: int, row: int, table: Table) -> int:
        """Name the areas of a table below its heading in `row`; return how many rows it takes."""
        frame = self._frame(table)
        rows = max(frame.height, 1)
        self.tables[table.name] = number
        self._parts_of(table, table.name, number, row + 1, row + rows)
        if table.group and frame.height:
            runs = frame.get_column(table.group).rle().struct.unnest()
            if runs["value"].n_unique() < runs.height:
                values = ", ".join(map(str, runs["value"]))
                raise ValueError(f"rows of {table.rows} are not in the order of {table.group}: {values}")
            start = row + 1
            for length, value in zip(runs["len"], runs["value"], strict=True):
                self._parts_of(table, f"{table.name}.{value}", number, start, start + length - 1)
                start += length
        return rows + 1

    def _parts_of(self, table: Table, name: str, sheet: int, first: int, last: int) -> None:
        left, right = table.column - 1, table.column + len(table.columns) - 2
        self._name(table, name, Block(sheet, (first, left, last, right)))
        for offset, column in enumerate(table.columns, start=left):
            self._name(column, f"{name}.{column.key}", Block(sheet, (first, offset, last, offset)))

    def _frame(self, table: Table) -> pl.DataFrame:
        """Return the data of a table; where they are not known, none, so that the walk goes on."""
        if table.rows not in self.data:
            self._note("REPORT-839", table, table.rows, hint=nearest(table.rows, self.data))
            return pl.DataFrame()
        frame = self.data[table.rows]
        keys: list[tuple[Element, str]] = [(column, column.key) for column in table.columns]
        if table.group:
            keys.append((table, table.group))
        unknown = [(element, key) for element, key in keys if key not in frame.columns]
        for element, key in unknown:
            self._note("REPORT-839", element, f"{table.rows}.{key}", hint=nearest(key, frame.columns))
        return pl.DataFrame() if unknown else frame

    def _check_picture(self, element: Image | Chart) -> None:
        if isinstance(element, Image) and element.picture not in self.pictures:
            self._note("REPORT-839", element, element.picture, hint=nearest(element.picture, self.pictures))

    def _name(self, element: Element, name: str, block: Block) -> None:
        if name in self.blocks:
            self._note("REPORT-836", element, name)
        self.blocks[name] = block

    def _check_formula_name(self, element: Element, inside: str, table: Table | None) -> None:
        refers = reference(inside)
        if table is None and (refers.here or refers.beside):
            self._note("REPORT-837", element, inside)
            return
        for name in dict.fromkeys((refers.first, refers.last)):
            self._check_name(element, f"{table.name}.{name}" if table and refers.here else name)

    def _check_name(self, element: Element, name: str) -> None:
        if name not in self.blocks:
            self._note("REPORT-837", element, name, hint=nearest(name, self.blocks))

    def _note(
        self, code: str, element: Element, subject: str, *, hint: tuple[str, ...] = (), **detail: object
    ) -> None:
        self.issues.append(Issue(code, subject, detail, hint, element.where))


def _parts(element: Element) -> tuple[Element, ...]:
    if isinstance(element, Row):
        return element.cells
    if isinstance(element, Table):
        return element.columns
    return element.series if isinstance(element, Chart) else ()


def rows_taken(element: Image | Chart) -> int:
    """Return how many rows of the usual height a picture takes."""
    if element.rows is not None:
        return element.rows
    assert isinstance(element, Chart)
    return math.ceil(element.height / _ROW_PIXELS) + 1
