"""Draws a workbook of the language into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import singledispatchmethod
from pathlib import Path
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name, xl_range_abs

from evaluator.columns import leeway
from evaluator.workbook.book import Book, Exact, Plain, Sheet, Value, harmless, inert, open_book
from evaluator.workbook.elements import (
    Cell,
    Chart,
    Choice,
    Column,
    Element,
    Image,
    Row,
    Rule,
    Series,
    SheetElement,
    Table,
    TableColumn,
    Workbook,
)
from evaluator.workbook.formulas import by_row, reference, resolved
from evaluator.workbook.paging import excerpt
from evaluator.workbook.placing import Block, Layout, Placed, place, rows_taken
from evaluator.workbook.theme import Theme

BULK = 5_000
"""Tables with more rows are written in constant memory, and their rows keep the usual height."""

_FEW = 100  # more marks than this in a chart are drawn small, so that they hide each other less


def draw(
    workbook: Workbook,
    path: str | Path,
    *,
    data: Mapping[str, pl.DataFrame],
    pictures: Mapping[str, bytes] | None = None,
    language: str = "zh",
    theme: Theme | None = None,
    properties: Mapping[str, Any] | None = None,
) -> None:
    """Write a workbook; `data` and `pictures` are what its tables and images name.

    Raises
    ------
    EvaluationError
        What `placing.place` finds wrong with the template, or where the file cannot be written; then no file
        has changed.
    """
    layout = place(workbook, data=data, pictures=pictures or {})
    named = {"subject": workbook.subject, "author": workbook.author, "keywords": workbook.keywords}
    bulk = any(frame.height > BULK for frame in data.values())
    with open_book(
        path,
        language=language,
        title=workbook.title,
        theme=theme,
        properties={**named, **(properties or {})},
        constant_memory=bulk,
    ) as book:
        drawing = _Drawing(book, layout, data, pictures or {})
        drawing.sheets = [book.sheet(sheet.title, tab=sheet.tab) for sheet in workbook.sheets]
        for sheet, element, placed in zip(drawing.sheets, workbook.sheets, layout.sheets, strict=True):
            drawing.draw_sheet(sheet, element, placed)
        for part in workbook.names:
            drawing.name(part.name, part.refers)


class _Drawing:
    """Draws element by element, from top to bottom, as constant memory wants it."""

    def __init__(
        self, book: Book, layout: Layout, data: Mapping[str, pl.DataFrame], pictures: Mapping[str, bytes]
    ) -> None:
        self.book, self.layout, self.data, self.pictures = book, layout, data, pictures
        self.sheets: list[Sheet] = []
        self.choices = 0

    def name(self, name: str, refers: str) -> str:
        block = self.layout.block(refers)
        row, column, last_row, last_column = block.area
        return self.book.name(name, self.sheets[block.sheet], (row, column), (last_row, last_column))

    def draw_sheet(self, sheet: Sheet, element: SheetElement, placed: tuple[Placed, ...]) -> None:
        sheet.page(landscape=element.landscape, footer=element.footer)
        sheet.native.hide_gridlines(2)  # on screen and in print
        widths = [width.width for width in _columns(element) for _ in range(width.repeat)]
        sheet.widths(*widths)
        if element.freeze:
            body = self.layout.blocks[element.freeze].area[0]
            sheet.native.freeze_panes(body, element.freeze_columns)
            sheet.native.repeat_rows(body - 1, body - 1)
        if element.freeze_columns:
            sheet.native.repeat_columns(0, element.freeze_columns - 1)
        sheet.native.fit_to_pages(element.pages, 0)
        for part in placed:
            self.draw(part.element, sheet, part)
        self._print(sheet, element, placed)

    def _print(self, sheet: Sheet, element: SheetElement, placed: tuple[Placed, ...]) -> None:
        """Say what is printed, and where pages end: an excerpt, a long table, or all blocks."""
        if not self.book.constant_memory:
            sheet.fit_rows()
        standing = [part for part in placed if isinstance(part.element, Row | Table | Chart | Image)]
        gaps = [isinstance(part.element, Row) and not part.element.cells for part in standing]
        starts = [part.row for part, after_gap in zip(standing, [True, *gaps], strict=False) if after_gap]
        if element.print_rows or element.freeze:
            rows = excerpt(element.print_rows, starts)
            sheet.print_only(rows, element.print_columns, f"{element.print_note} · {element.footer}")
            return
        pictures = (p.row + rows_taken(p.element) for p in placed if isinstance(p.element, Chart | Image))
        left_out = (p.row for p in placed if isinstance(p.element, Row) and not p.element.printed)
        rows = next(left_out, max((sheet.native.dim_rowmax or 0) + 1, *pictures, 1))
        sheet.print_in_blocks(rows, [s for s in starts if s < rows], landscape=element.landscape)

    @singledispatchmethod
    def draw(self, element: Element, sheet: Sheet, placed: Placed) -> None:
        raise TypeError(type(element))

    @draw.register
    def _column(self, element: Column, sheet: Sheet, placed: Placed) -> None:
        """Widths are set before the first row."""

    @draw.register
    def _row(self, element: Row, sheet: Sheet, placed: Placed) -> None:
        if element.height is not None:
            sheet.height(placed.row, element.height)
        for cell, column in zip(element.cells, placed.columns, strict=True):
            self._cell(sheet, placed.row, column, cell, cell.style or element.style)
        sheet.fit_row(placed.row)

    def _cell(self, sheet: Sheet, row: int, column: int, cell: Cell, style: str) -> None:
        value: Value = next((v for v in (cell.value, cell.day) if v is not None), cell.text)
        if cell.span > 1:
            sheet.merge((row, column, row, column + cell.span - 1), value, style)
        if cell.formula:
            sheet.formula(row, column, resolved(cell.formula, self._address), value, style)
        elif cell.link and cell.link in self.layout.blocks:
            target = self.layout.blocks[cell.link]
            place = self.sheets[target.sheet].cell(*target.area[:2]).replace("$", "")
            sheet.native.write_url(row, column, f"internal:{place}", self.book.style(style), inert(cell.text))
        elif cell.span == 1:
            sheet.put(row, column, value, style)

    @draw.register
    def _table(self, element: Table, sheet: Sheet, placed: Placed) -> None:
        frame = self.data[element.rows]
        left = element.column - 1
        for offset, column in enumerate(element.columns):
            sheet.put(placed.row, left + offset, column.text, element.heading)
        sheet.fit_row(placed.row)
        if frame.is_empty():
            area = (placed.row + 1, left, placed.row + 1, left + len(element.columns) - 1)
            sheet.merge(area, element.empty, "text muted")
        shown = frame.select(column.key for column in element.columns)
        fixed = [self._put(sheet, shown[column.key], column.style) for column in element.columns]
        live = [
            self._live(sheet, element, column, shown[column.key].dtype, placed.row + 1)
            if column.formula
            else put
            for column, put in zip(element.columns, fixed, strict=True)
        ]
        last_live = placed.row + (frame.height if element.live is None else element.live)
        for row, values in enumerate(shown.iter_rows(), start=placed.row + 1):
            puts = live if row <= last_live else fixed
            for at, (put, value) in enumerate(zip(puts, values, strict=True), start=left):
                put(row, at, value)
            if not self.book.constant_memory:
                sheet.fit_row(row)
        if element.filter and not frame.is_empty():
            last = (placed.row + frame.height, left + shown.width - 1)
            sheet.native.autofilter(placed.row, left, *last)

    def _put(self, sheet: Sheet, values: pl.Series, style: str) -> Callable[[int, int, Any], None]:
        """Return what writes the cells of one column: for numbers, without asking each what it is."""
        if values.dtype == pl.String and self.book.constant_memory and harmless(values):
            return self._put_text(sheet, style)
        if not values.dtype.is_numeric():
            return lambda row, column, value: sheet.put(row, column, value, style)
        number, blank, cell_format = (
            sheet.native.write_number,
            sheet.native.write_blank,
            self.book.style(style),
        )

        def put(row: int, column: int, value: float | None) -> None:
            if value is None or value != value:
                blank(row, column, None, cell_format)
            else:
                number(row, column, Exact(value), cell_format)

        return put

    def _put_text(self, sheet: Sheet, style: str) -> Callable[[int, int, Any], None]:
        """Return what writes texts that need no look each, in rows of the usual height."""
        cell_format = self.book.style(style)
        write, blank = sheet.native.write_string, sheet.native.write_blank

        def put(row: int, column: int, value: str | None) -> None:
            if value:
                write(row, column, value, cell_format)
            else:
                blank(row, column, None, cell_format)

        return put

    def _live(
        self, sheet: Sheet, table: Table, column: TableColumn, dtype: pl.DataType, first: int
    ) -> Callable[[int, int, Any], None]:
        """Return what writes the formulas of one column with the values they have now."""
        assert column.formula
        formula = by_row(column.formula, lambda inside: self._cells(sheet, table, inside))
        style = f"{column.style} line" if dtype == pl.String else column.style
        write, cell_format = sheet.native.write_formula, self.book.style(style)
        none = "#N/A" if column.gap else ""

        def put(row: int, at: int, value: Any) -> None:
            known = inert(value) if isinstance(value, str) else value
            known = none if known is None or known != known else known
            write(row, at, Plain(formula(row - first)), cell_format, known)

        return put

    def _cells(self, sheet: Sheet, table: Table, inside: str) -> tuple[str, int]:
        """Return the cells a table's formula refers to, with braces where the row's number belongs."""
        refers = reference(inside)
        prefix = f"{table.name}." if refers.here else ""
        first, last = (self.layout.blocks[prefix + name] for name in (refers.first, refers.last))
        on = self._sheet_of(first, besides=sheet).replace("{", "{{").replace("}", "}}")
        if not (refers.here or refers.beside):
            return on + xl_range_abs(*first.area[:2], *last.area[2:]), 0
        columns = dict.fromkeys(f"${xl_col_to_name(block.area[1])}{{}}" for block in (first, last))
        return on + ":".join(columns), first.area[0] + 1

    def _sheet_of(self, block: Block, *, besides: Sheet) -> str:
        sheet = self.sheets[block.sheet]
        return "" if sheet is besides else f"{sheet.quoted}!"

    @draw.register
    def _rule(self, element: Rule, sheet: Sheet, placed: Placed) -> None:
        block = self.layout.block(element.on)
        target = self.sheets[block.sheet]
        if element.kind == "bar":
            target.bars(block.area, colour=element.colour, most=element.most)
            return
        rule: dict[str, Any] = {"type": "cell", "format": self.book.style(element.style)}
        if element.kind == "gap":
            rule["type"] = "errors"
        elif element.kind == "equals":
            quoted = element.value.replace('"', '""')
            rule |= {"criteria": "==", "value": f'"{quoted}"'}
        else:
            cut = float(element.value)
            criteria = ">=" if element.kind == "at_least" else "<"
            rule |= {"criteria": criteria, "value": cut - leeway(cut)}
        target.native.conditional_format(*block.area, rule)

    @draw.register
    def _choice(self, element: Choice, sheet: Sheet, placed: Placed) -> None:
        on = self.layout.block(element.on)
        self.choices += 1
        # a list of another sheet survives every program only behind a name
        name = self.name(f"_choices_{self.choices}", element.values)
        self.sheets[on.sheet].choices(on.area, name)

    @draw.register
    def _image(self, element: Image, sheet: Sheet, placed: Placed) -> None:
        content = self.pictures[element.picture]
        sheet.image(placed.row, element.column - 1, content, alt=element.alt, scale=element.scale)

    @draw.register
    def _chart(self, element: Chart, sheet: Sheet, placed: Placed) -> None:
        chart = self.book.chart(element.kind)
        fonts = self.book.theme.font(self.book.language)
        font = {"name": fonts["font_name"], "color": self.book.theme.colours["ink"], "size": 9}
        points = sum(self._points(series) for series in element.series)
        for number, series in enumerate(element.series):
            chart.add_series(self._series(element, series, number, 7 if points <= _FEW else 4))
        title = {"name": element.title, "name_font": {**font, "size": 12, "bold": True}}
        chart.set_title(title if element.title else {"none": True})
        lines = [number for number, series in enumerate(element.series) if not series.marks]
        legend = {"position": "bottom", "font": font, "delete_series": lines}
        chart.set_legend(legend if element.legend else {"none": True})
        chart.set_x_axis(self._axis(element, "x", font))
        chart.set_y_axis(self._axis(element, "y", font))
        chart.show_blanks_as("gap")
        sheet.chart(
            placed.row, element.column - 1, chart, alt=element.alt, width=element.width, height=element.height
        )

    def _points(self, series: Series) -> int:
        first, _, last, _ = self.layout.block(series.x).area
        return last - first + 1

    def _series(self, chart: Chart, series: Series, number: int, size: int) -> dict[str, Any]:
        theme = self.book.theme
        tone = number if series.tone is None else series.tone
        colour = theme.colours[series.colour] if series.colour else theme.series[tone % len(theme.series)]
        drawn: dict[str, Any] = {
            "name": series.title,
            "categories": self._range(series.x),
            "values": self._range(series.y),
        }
        if chart.kind in ("bar", "column"):
            return drawn | {"fill": {"color": colour}, "gap": 60}
        line = {"color": colour, "width": 1.25} if series.line else {"none": True}
        marks = {"type": "circle", "size": size, "fill": {"color": colour}, "border": {"color": "#FFFFFF"}}
        return drawn | {"line": line, "marker": marks if series.marks else {"type": "none"}}

    def _axis(self, chart: Chart, side: str, font: Mapping[str, Any]) -> dict[str, Any]:
        colours = self.book.theme.colours
        axis: dict[str, Any] = {
            "name": getattr(chart, f"{side}_title"),
            "min": getattr(chart, f"{side}_least"),
            "max": getattr(chart, f"{side}_most"),
            "name_font": font,
            "num_font": font,
            "line": {"color": colours["line"]},
            "major_gridlines": {
                "visible": side == "y" or chart.kind == "scatter",
                "line": {"color": colours["line"], "width": 0.5},
            },
        }
        if side == ("x" if chart.kind == "bar" else "y"):
            axis["major_unit"] = chart.step
        if chart.kind == "bar" and side == "y":  # XlsxWriter calls the axis of the categories y there
            axis |= {"reverse": True, "major_gridlines": {"visible": False}}
        return {key: value for key, value in axis.items() if value is not None}

    def _range(self, name: str) -> list[Any]:
        block = self.layout.block(name)
        return [self.sheets[block.sheet].name, *block.area]

    def _address(self, inside: str) -> str:
        refers = reference(inside)
        first, last = self.layout.blocks[refers.first], self.layout.blocks[refers.last]
        area = xl_range_abs(*first.area[:2], *last.area[2:])
        return f"{self.sheets[first.sheet].quoted}!{area}"


def _columns(element: SheetElement) -> Iterator[Column]:
    return (part for part in element.parts if isinstance(part, Column))
