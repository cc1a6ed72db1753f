"""The workbooks behind charts: what a chart shows, written so that a name never becomes a formula.

The library writes names as Excel would read what is typed, so one that begins with an equals sign would be
a formula where somebody edits the data.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import xlsxwriter
from pptx.oxml.ns import qn

_PLACE = re.compile(r"^[^!]*!\$([A-Z]+)\$(\d+)(?::\$[A-Z]+\$\d+)?$")


def rewrite(chart: Any, created: datetime) -> None:
    """Put in place of a chart's workbook one with the same cells, all text being text."""
    _side_by_side(chart.part._element)
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.set_properties({"created": created.replace(tzinfo=None)})
    sheet = book.add_worksheet("Sheet1")
    for reference in chart.part._element.iter(qn("c:strRef"), qn("c:numRef")):
        found = _PLACE.match(reference.find(qn("c:f")).text or "")
        if not found:
            raise ValueError(reference.find(qn("c:f")).text)
        column, first = _number(found[1]), int(found[2]) - 1
        written = sheet.write_number if reference.tag == qn("c:numRef") else sheet.write_string
        for point in reference.iter(qn("c:pt")):
            value = point.find(qn("c:v")).text or ""
            row = first + int(point.get("idx"))
            written(row, column, float(value) if reference.tag == qn("c:numRef") else value)
    book.close()
    chart.part.chart_workbook.update_from_xlsx_blob(made.getvalue())


def _side_by_side(space: Any) -> None:
    """Give every series of points two columns of its own: the library puts them one below the other.

    People find them there, and LibreOffice draws only one of several series in the same columns.
    """
    for place, series in enumerate(space.iter(qn("c:ser"))):
        if series.find(qn("c:xVal")) is None:
            continue
        x, y = _letters(2 * place), _letters(2 * place + 1)
        for name, column in (("tx", y), ("xVal", x), ("yVal", y)):
            formula = next(series.find(qn(f"c:{name}")).iter(qn("c:f")))
            count = next(series.find(qn(f"c:{name}")).iter(qn("c:ptCount"))).get("val")
            last = f":${column}${int(count) + 1}" if name != "tx" else ""
            formula.text = f"Sheet1!${column}${1 if name == 'tx' else 2}{last}"


def _letters(number: int) -> str:
    """Return the letters of a column by its number, from 0.

    >>> _letters(0), _letters(27)
    ('A', 'AB')
    """
    letters = ""
    while number >= 0:
        number, rest = divmod(number, 26)
        letters, number = chr(ord("A") + rest) + letters, number - 1
    return letters


def _number(letters: str) -> int:
    """Return the number of a column by its letters, from 0.

    >>> _number("A"), _number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
