"""A workbook being written: a thin, checked wrapper over XlsxWriter.

XlsxWriter reports mistakes as return codes; here each becomes a `RuntimeError`, because it is ours.
Text stays text whatever it starts with, the same content gives the same bytes, and the file appears
whole or not at all. What the wrapper does not add to is reached, still checked, by `native`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell

from evaluator.files import replacing
from evaluator.workbook import paging
from evaluator.workbook.layout import USUAL_ROW, lines, row_height, sheet_name
from evaluator.workbook.theme import Theme

Place = tuple[int, int]
Area = tuple[int, int, int, int]  # first row, first column, last row, last column
Value = str | float | int | bool | date | datetime | None

_CREATED = datetime(2000, 1, 1)  # bytes repeat only when the file does not know when it was made
_LONGEST_TEXT = 32_767
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FORMULAS = frozenset("=+-@＝＋－＠")  # what begins with one becomes a formula when somebody edits the cell
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_PAPER_A4 = 9


class Checked:
    """An XlsxWriter object whose every return code is checked: anything but 0 is a `RuntimeError`."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._target, name)
        if not callable(attribute):
            return attribute

        def call(*args: Any, **options: Any) -> Any:
            result = attribute(*args, **options)
            if isinstance(result, int) and not isinstance(result, bool) and result != 0:
                raise RuntimeError(f"XlsxWriter {name}{args!r:.300} returned {result}")
            return result

        return call


class Exact(float):
    """A number that XlsxWriter writes to the last bit; it writes others to sixteen digits.

    >>> f"{0.1 + 0.2:.16G} {Exact(0.1 + 0.2):.16G}"
    '0.3 0.30000000000000004'
    """

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return float.__repr__(self)


class Plain(str):
    """A formula of plain functions, which XlsxWriter need not search for thirty newer ones.

    Its search takes most of the time of a workbook with many formulas, and is not made where a
    formula already holds what it would put in.

    >>> "_xlfn." in Plain("A1*2"), "_xlfn." in "A1*2"
    (True, False)
    """

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "_xlfn." or str.__contains__(self, str(part))


@contextmanager
def open_book(
    path: str | Path,
    *,
    language: str = "zh",
    title: str = "",
    theme: Theme | None = None,
    properties: Mapping[str, Any] | None = None,
    constant_memory: bool = False,
) -> Iterator[Book]:
    """Yield a workbook that appears under `path` when the block ends well.

    Parameters
    ----------
    language : decides the font (see `theme`).
    title, properties : document properties; `created` is fixed unless stated.
    constant_memory : for bulk sheets only, whose cells come row by row; only rows fitted at once
        (`Sheet.fit_row`) get the height of their text.

    Raises
    ------
    EvaluationError
        when the file cannot be written or replaced.
    """
    with replacing(path) as new:
        mode = "constant_memory" if constant_memory else "in_memory"
        theme = theme or Theme()
        options = {**_OPTIONS, mode: True, "default_format_properties": theme.font(language)}
        native = xlsxwriter.Workbook(str(new), options)
        native.set_properties({"title": inert(title), "created": _CREATED, **(properties or {})})
        book = Book(native, theme, language, constant_memory)
        try:
            yield book
            book.close()
        finally:
            book.release()


def inert(text: str) -> str:
    """Return text as a cell can hold it: no control characters, plain line ends, not too long.

    >>> inert("a\\x07b\\r\\nc")
    'ab\\nc'
    """
    clean = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return clean if len(clean) <= _LONGEST_TEXT else clean[: _LONGEST_TEXT - 1] + "…"


def unprintable(text: str) -> int:
    """Return how many characters of a text no cell can hold; `inert` takes them out.

    >>> unprintable("a\\x07b\\x00"), unprintable("a\\r\\n")
    (2, 0)
    """
    return len(_UNPRINTABLE.findall(text.replace("\r", "")))


def harmless(values: pl.Series) -> bool:
    """True if every text of a column can be written as it stands: nothing to clean, no formula to defuse.

    >>> harmless(pl.Series(["Müller & Söhne", None])), harmless(pl.Series([" =1+1"]))
    (True, False)
    """
    begins = f"^\\s*[{re.escape(''.join(sorted(_FORMULAS)))}]"
    odd = values.str.contains(begins) | values.str.contains("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
    longest = values.str.len_chars().max()
    return not odd.any() and (not isinstance(longest, int) or longest <= _LONGEST_TEXT)


class Book:
    """A workbook being written; sheets are made by `sheet`, styles by name from the theme."""

    def __init__(self, native: Any, theme: Theme, language: str, constant_memory: bool) -> None:
        self.native = Checked(native)
        self.theme = theme
        self.language = language
        self.constant_memory = constant_memory
        self.sheets: list[Sheet] = []
        self._properties: dict[str, dict[str, object]] = {}
        self._formats: dict[str, Any] = {}

    def sheet(self, name: str, *, hidden: bool = False, tab: str | None = None) -> Sheet:
        """Add a sheet; its name is cleaned and made unique (see `Sheet.name`)."""
        taken = [sheet.name for sheet in self.sheets]
        native = self.native.add_worksheet(sheet_name(name, taken))
        sheet = Sheet(self, native, hidden=hidden)
        if tab:
            sheet.native.set_tab_color(self.theme.colours.get(tab, tab))
        self.sheets.append(sheet)
        return sheet

    def properties(self, style: str) -> dict[str, object]:
        """Return what one or more style names say, such as ``"score good"``."""
        if style not in self._properties:
            self._properties[style] = self.theme.style(style, self.language)
        return self._properties[style]

    def style(self, names: str) -> Any:
        """Return the format of one or more style names."""
        if names not in self._formats:
            self._formats[names] = self.native.add_format(self.properties(names))
        return self._formats[names]

    def name(self, name: str, sheet: Sheet, first: Place, last: Place | None = None) -> str:
        """Give a name to a cell or range of a sheet, for formulas and drop-downs, and return it."""
        self.native.define_name(name, f"={sheet.quoted}!{xl_range_abs(*first, *(last or first))}")
        return name

    def chart(self, kind: str, *, subtype: str | None = None) -> Any:
        """Return a native chart of XlsxWriter, coloured by its caller, placed by `Sheet.chart`."""
        return self.native.add_chart({"type": kind} | ({"subtype": subtype} if subtype else {}))

    def close(self) -> None:
        """Write the file; called by `open_book`."""
        for sheet in [] if self.constant_memory else self.sheets:
            sheet.fit_rows()
        if visible := [sheet for sheet in self.sheets if not sheet.hidden]:
            visible[0].native.activate()  # a hidden sheet in front would be shown otherwise
            visible[0].native.set_first_sheet()
        try:
            self.native.close()
        except FileCreateError as error:
            raise error.args[0] from None  # the plain OSError, which `files.replacing` explains

    def release(self) -> None:
        """Give back the temporary files of bulk sheets, also when the workbook was not finished."""
        for sheet in self.native.worksheets():
            if self.constant_memory and not sheet.row_data_fh.closed:
                sheet.row_data_fh.close()
                Path(sheet.row_data_filename).unlink(missing_ok=True)


class Sheet:
    """A sheet being written; rows and columns count from 0."""

    def __init__(self, book: Book, native: Any, *, hidden: bool = False) -> None:
        self.book = book
        self.native = Checked(native)
        self.name: str = native.get_name()
        self.hidden = hidden
        self._widths: dict[int, float] = {}
        self._wrapped: dict[int, list[tuple[int, int, str, float]]] = {}
        self._heights: dict[int, float] = {}
        if hidden:
            native.very_hidden()

    @property
    def quoted(self) -> str:
        """The sheet's name as formulas write it."""
        return "'" + self.name.replace("'", "''") + "'"

    def cell(self, row: int, col: int) -> str:
        """Return the absolute address of a cell with its sheet, for formulas of any sheet."""
        return f"{self.quoted}!{xl_rowcol_to_cell(row, col, row_abs=True, col_abs=True)}"

    @staticmethod
    def column(col: int) -> str:
        """Return the letters of a column."""
        return str(xl_col_to_name(col))

    def put(self, row: int, col: int, value: Value, style: str = "plain") -> None:
        """Write a value by its type; text is never a formula or link, None and NaN are empty cells."""
        if isinstance(value, date) and "num_format" not in self.book.properties(style):
            style += " moment" if isinstance(value, datetime) else " day"
        if isinstance(value, str) and value.lstrip()[:1] in _FORMULAS:
            style += " words"
        cell_format = self.book.style(style)
        if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
            self.native.write_blank(row, col, None, cell_format)
        elif isinstance(value, str):
            self._note_text(row, col, col, inert(value), style)
            self.native.write_string(row, col, inert(value), cell_format)
        elif isinstance(value, bool):
            self.native.write_boolean(row, col, value, cell_format)
        elif isinstance(value, date):
            self.native.write_datetime(row, col, value, cell_format)
        else:
            self.native.write_number(row, col, Exact(value), cell_format)

    def put_row(self, row: int, col: int, values: Sequence[Value], style: str = "plain") -> None:
        """Write values side by side in one style."""
        for offset, value in enumerate(values):
            self.put(row, col + offset, value, style)

    def formula(self, row: int, col: int, formula: str, value: Value, style: str = "plain") -> None:
        """Write a formula with the value it has now, which previews and readers show."""
        empty = value is None or (isinstance(value, float) and math.isnan(value))
        cached = "" if empty else inert(value) if isinstance(value, str) else value
        self.native.write_formula(row, col, formula, self.book.style(style), cached)

    def merge(self, area: Area, value: Value, style: str = "plain") -> None:
        """Write a value across a block of cells; a block of one cell is simply that cell."""
        row, col, last_row, last_col = area
        if (row, col) != (last_row, last_col):
            self.native.merge_range(*area, "", self.book.style(style))
        self.put(row, col, value, style)
        if isinstance(value, str) and row in self._wrapped and self._wrapped[row][-1][0] == col:
            _, _, text, size = self._wrapped[row].pop()
            if row == last_row:
                self._wrapped[row].append((col, last_col, text, size))

    def widths(self, *widths: float, first: int = 0) -> None:
        """Set column widths, in characters, from column `first` on."""
        for col, width in enumerate(widths, start=first):
            self._widths[col] = width
            self.native.set_column(col, col, width)

    def height(self, row: int, points: float) -> None:
        """Set a row's height; rows of wrapped text without one get what their text needs."""
        self._heights[row] = points
        self.native.set_row(row, points)

    def fit_row(self, row: int) -> None:
        """Give a row of wrapped text the height it needs; in constant memory, before the next row."""
        texts = self._wrapped.pop(row, [])
        if texts and row not in self._heights:
            self.height(row, max(self._needed(*text) for text in texts))

    def fit_rows(self) -> None:
        """Give every row of wrapped text the height it needs: programs do not do it by themselves."""
        for row in list(self._wrapped):
            self.fit_row(row)

    def choices(self, area: Area, source: str, **options: Any) -> None:
        """Offer a drop-down; `source` is a defined name or a formula, `options` are XlsxWriter's."""
        self.native.data_validation(*area, {"validate": "list", "source": f"={source}", **options})

    def bars(
        self, area: Area, *, colour: str = "bar", most: float | None = None, lasting: bool = False
    ) -> None:
        """Draw a bar behind each number, from 0 to `most`, clear of the figure (default: the largest).

        `lasting` bars are those of 2007, shaded and never quite empty, which programs that open and
        save the workbook keep.
        """
        top = {"max_type": "num", "max_value": most * 1.8} if most else {"max_type": "max"}
        shade = {"bar_color": self.book.theme.colours.get(colour, colour)}
        look = shade if lasting else shade | {"data_bar_2010": True, "bar_solid": True}
        rule = {"type": "data_bar", "min_type": "num", "min_value": 0}
        self.native.conditional_format(*area, {**rule, **top, **look})

    def highlight(self, area: Area, formula: str, style: str) -> None:
        """Show cells in another style where a formula, written for the first cell, is true."""
        rule = {"type": "formula", "criteria": formula, "format": self.book.style(style)}
        self.native.conditional_format(*area, rule)

    def image(self, row: int, col: int, content: bytes | Path, *, alt: str, scale: float = 1.0) -> None:
        """Place a picture (PNG or JPEG) with the words that stand for it."""
        options: dict[str, Any] = {"description": inert(alt), "x_scale": scale, "y_scale": scale}
        if isinstance(content, bytes):
            options["image_data"] = BytesIO(content)
        name = "picture.png" if isinstance(content, bytes) else str(content)
        self.native.insert_image(row, col, name, options)

    def chart(self, row: int, col: int, chart: Any, *, alt: str, width: int = 640, height: int = 360) -> None:
        """Place a chart of `Book.chart`, sized in pixels, with the words that stand for it."""
        chart.set_size({"width": width, "height": height})
        self.native.insert_chart(row, col, chart, {"description": inert(alt), "object_position": 2})

    def protect(self) -> None:
        """Lock every cell whose style is not an input; no password, columns and rows stay sizeable."""
        self.native.protect("", {"format_columns": True, "format_rows": True})

    def page(self, *, landscape: bool = False, heading_rows: int = 0, footer: str = "") -> None:
        """Set up printing: A4, one page wide, heading rows on each page, page numbers below."""
        self.native.set_paper(_PAPER_A4)
        (self.native.set_landscape if landscape else self.native.set_portrait)()
        self.native.fit_to_pages(1, 0)
        self.native.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self._foot(footer)
        if heading_rows:
            self.native.repeat_rows(0, heading_rows - 1)

    def _foot(self, text: str) -> None:
        self.native.set_footer("&L&8" + inert(text)[:120].replace("&", "&&") + "&R&8&P / &N")

    def print_only(self, rows: int, columns: int, footer: str) -> None:
        """Print the first rows and columns of a written sheet, 0 for all: rows on one page, with a footer."""
        last_row, last_column = self.native.dim_rowmax or 0, self.native.dim_colmax or 0
        few = 0 < rows <= last_row
        if few or 0 < columns <= last_column:
            last = (rows - 1 if few else last_row, columns - 1 if columns else last_column)
            self.native.print_area(0, 0, last[0], min(last[1], last_column))
            self.native.fit_to_pages(1, 1 if few else 0)
        if few:
            self._foot(footer)

    def print_in_blocks(self, rows: int, starts: Sequence[int], *, landscape: bool) -> None:
        """Print the first rows of a written sheet, pages ending before rows where a block starts."""
        heights = [self._heights.get(row, USUAL_ROW) for row in range(rows)]
        page = paging.page_height(tuple(self._widths.values()), landscape=landscape)
        if rows <= (self.native.dim_rowmax or 0):
            self.native.print_area(0, 0, rows - 1, self.native.dim_colmax or 0)
        if paging.fits(sum(heights), page, landscape=landscape):
            self.native.fit_to_pages(1, 1)
        elif ends := paging.breaks(heights, starts, page):
            self.native.set_h_pagebreaks(ends)

    def _note_text(self, row: int, col: int, last_col: int, text: str, style: str) -> None:
        properties = self.book.properties(style)
        size = float(str(properties["font_size"]))
        wrapped = bool(properties.get("text_wrap"))
        if self.book.constant_memory and row not in self._wrapped:
            self._wrapped.clear()  # rows before this one are written and cannot change any more
        if wrapped or size > self.book.theme.size + 1:
            shown = text if wrapped else ""  # it runs on beside its cell, however long
            self._wrapped.setdefault(row, []).append((col, last_col, shown, size))

    def _needed(self, col: int, last_col: int, text: str, size: float) -> float:
        width = sum(self._widths.get(c, 8.43) for c in range(col, last_col + 1))
        return row_height(lines(text, width * self.book.theme.size / size), size)
