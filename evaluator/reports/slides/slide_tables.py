"""Tables on slides: as many rows as fit, in the largest letters that let them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from evaluator.present.blocks import Head, Table
from evaluator.present.kinds import said
from evaluator.reports.brief.look import Look
from evaluator.reports.packing import printable
from evaluator.reports.tables import fitted, span, widths

SIZES = (16.0, 14.0, 12.0, 11.0, 10.0, 9.0)  # points of letters, the largest first
_CHARACTER = {"zh": 0.54, "en": 0.51}  # of the size of letters, that a digit is wide
_LINE = {"zh": 1.45, "en": 1.22}  # of the size of letters, that a line is high
_BESIDE = 1.3  # characters of white on both sides of a cell
_PADDING = 6.0  # points above and below the lines of a row
_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's style without any


def room(width: int, size: float, language: str) -> float:
    """Return how many characters stand side by side in a width."""
    return float(width / Pt(1) / (size * _CHARACTER[language]))


def fits(table: Table, width: int, language: str) -> bool:
    """True if all columns of a table fit into a width in letters of 10 points."""
    return not fitted(table, room(width, 10.0, language), language)[1]


def add_table(slide: Any, table: Table, box: Sequence[int], look: Look) -> tuple[int, tuple[Head, ...], Any]:
    """Return how many rows of a table were put on a slide, which columns had no room, and its frame."""
    language = look.language
    for size in SIZES:
        shown, dropped = fitted(table, room(box[2], size, language), language)
        shares = widths(shown, room(box[2], size, language), language)
        heights = _heights(shown, shares, room(box[2], size, language), size, language)
        if not dropped and sum(heights) <= Emu(box[3]).pt:
            break
    rows, left = 0, Emu(box[3]).pt - heights[0]
    while rows < len(shown.rows) and heights[rows + 1] <= left:
        left -= heights[rows + 1]
        rows += 1
    frame = slide.shapes.add_table(
        rows + 1, len(shown.heads), box[0], box[1], box[2], Pt(sum(heights[: rows + 1]))
    )
    _written(frame.table, shown, rows, shares, size, heights, look)
    return rows, dropped, frame


def _heights(table: Table, shares: Sequence[float], wide: float, size: float, language: str) -> list[float]:
    """Return how high the head and each row are, in points."""
    texts = [[head.title for head in table.heads]]
    texts += [
        [_text(value, head, language) for value, head in zip(row, table.heads, strict=True)]
        for row in table.rows
    ]
    most = (
        max(_lines(text, share * wide - _BESIDE) for text, share in zip(row, shares, strict=True))
        for row in texts
    )
    return [lines * size * _LINE[language] + _PADDING for lines in most]


def _lines(text: str, wide: float) -> int:
    return max(1, math.ceil(span(text) / max(wide, 1.0)))


def _text(value: Any, head: Head, language: str) -> str:
    return said(value, head.kind, language, head.currency)


def _written(
    drawn: Any, table: Table, rows: int, shares: Sequence[float], size: float, heights: Sequence[float],
    look: Look,
) -> None:  # fmt: skip
    _plain(drawn)
    width = sum(column.width for column in drawn.columns)
    for column, share in zip(drawn.columns, shares, strict=True):
        column.width = Emu(int(width * share))
    for number, height in enumerate(heights[: rows + 1]):
        drawn.rows[number].height = Pt(height)
    for place, head in enumerate(table.heads):
        for number in range(rows + 1):
            text = head.title if not number else _text(table.rows[number - 1][place], head, look.language)
            _cell(drawn.cell(number, place), text, size, look, head=not number, right=head.figures)


def _plain(drawn: Any) -> None:
    """Take the library's style from a table: lines and colours are stated cell by cell."""
    properties = drawn._tbl.tblPr
    properties.find(qn("a:tableStyleId")).text = _PLAIN
    drawn.horz_banding, drawn.first_row = False, True


def _cell(cell: Any, text: str, size: float, look: Look, *, head: bool, right: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(4)
    cell.margin_top = cell.margin_bottom = Pt(_PADDING / 2)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if head else MSO_ANCHOR.MIDDLE
    cell.text_frame.text = printable(text)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    for run in paragraph.runs:
        run.font.size, run.font.bold = Pt(size if not head else size - 0.5), head
        run.font.color.rgb = RGBColor.from_string(look.colours["muted" if head else "ink"])
    if head:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(look.colours["soft"])
    properties = cell._tc.get_or_add_tcPr()
    line = parse_xml(
        f'<a:lnB {nsdecls("a")} w="{12700 if head else 6350}"><a:solidFill><a:srgbClr'
        f' val="{look.colours["accent" if head else "line"]}"/></a:solidFill></a:lnB>'
    )
    properties.insert(0, line)
