"""Blocks drawn into a document with the styles of its template, each as XML for its place."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Pt
from lxml import etree
from markupsafe import Markup

from evaluator.present.blocks import Cards, Facts, Head, Heading, Table, Words
from evaluator.present.charts import Chart
from evaluator.present.kinds import said
from evaluator.reports.brief.passages import Passage, Shown
from evaluator.reports.brief.places import Places
from evaluator.reports.document.starting import CELL, HEAD, HINT, LEAD, NOTE, STAND_INS, TABLE
from evaluator.reports.packing import printable
from evaluator.reports.pictures import as_table, picture
from evaluator.reports.tables import fitted, stacked, table_of_cards, widths

_STYLES = {"lead": LEAD, "hint": HINT, "note": NOTE}
_CHARACTER = 4.9  # points that a digit of a cell takes
_SHORT = 8  # rows of a table that is not divided between pages


class Drawing:
    """Draws blocks at the end of a document and takes them out again as XML, which a place is filled with.

    Pictures become parts of the document, styles are looked up in it; what is missing is noted once.
    """

    def __init__(self, document: Any, places: Places) -> None:
        self.document, self.places, self.context = document, places, places.context
        section = document.sections[0]
        self.width = Emu(section.page_width - section.left_margin - section.right_margin)
        self._styles = {style.name for style in document.styles}
        self._missing: set[str] = set()

    def passage(self, passage: Passage) -> Markup:
        """Return the blocks of a passage; a picture or table alone under its message needs no title."""
        titled = [block for block in passage.blocks if isinstance(block, Chart | Table | Cards)]

        def draw() -> None:
            for block in passage.blocks:
                alone = len(titled) == 1 and block is titled[0]
                self._draw(block, (alone and titled[0].title) or passage.message)

        return self._taken(draw)

    def logo(self, logo: bytes, alt: str, scale: float) -> Markup:
        """Return the logo of a brand in a paragraph of its own."""

        def draw() -> None:
            shape = self.document.add_paragraph().add_run().add_picture(io.BytesIO(logo))
            _alt(shape, alt)
            size = min(scale, self.width / 3 / shape.width)
            shape.height, shape.width = Emu(int(shape.height * size)), Emu(int(shape.width * size))

        return self._taken(draw)

    def _taken(self, draw: Callable[[], object]) -> Markup:
        body = self.document.element.body
        before = set(body)
        draw()
        new = [element for element in body if element not in before]
        for element in new:
            body.remove(element)
        return Markup("".join(etree.tostring(element, encoding="unicode") for element in new))

    def _draw(self, block: Shown, message: str) -> None:
        match block:
            case Heading():
                self._text(block.text, "Heading 2")
            case Words():
                self._text(block.text, _STYLES[block.kind])
            case Facts():
                for fact in block.facts:
                    value = said(fact.value, fact.kind, self.context.language, fact.currency)
                    self._text(f"{fact.name}{self.context.text('colon')}{value}", LEAD)
            case Chart():
                self._chart(block, message)
            case Cards():
                table, told = table_of_cards(block, self.context)
                self._table(table, message)
                for sentence in told:
                    self._text(sentence, HINT)
            case Table():
                self._table(block, message)

    def _text(self, text: str, style: str) -> Any:
        return self.document.add_paragraph(printable(text), self._style(style))

    def _style(self, name: str) -> str | None:
        """Return the name of a style, else of the one in its place, else of none."""
        if name in self._styles:
            return name
        other = STAND_INS[name]
        if name not in self._missing:
            self._missing.add(name)
            self.places.note("REPORT-854", name, other=other)
        return other if other in self._styles else None

    def _chart(self, chart: Chart, message: str) -> None:
        drawn = picture(chart)
        if drawn is None:
            self.places.note("REPORT-856", chart.title)
            self._table(as_table(chart), message)
            return
        if chart.title != message:
            self._text(chart.title, "Caption")
        paragraph = self.document.add_paragraph()
        shape = paragraph.add_run().add_picture(io.BytesIO(drawn), width=self.width)
        _alt(shape, printable(f"{chart.title}. {chart.description}"))

    def _table(self, table: Table, message: str) -> None:
        if not table.heads:
            return
        room = self.width.pt / _CHARACTER
        table = stacked(table, room, self.context.language)
        shown, dropped = fitted(table, room, self.context.language)
        if dropped:
            columns = self.context.reader.listed(head.title for head in dropped)
            self.places.note("REPORT-855", table.title or message, columns=columns)
        if table.title and table.title != message:
            self._text(table.title, "Caption")
        under = self._under(table, dropped)
        self._cells(shown, widths(shown, room, self.context.language), message, noted=bool(under))
        for sentence in under:
            self._text(sentence, HINT)
        if not under:  # or another table would be taken for more rows
            self._text("", HINT).paragraph_format.line_spacing = Pt(4)

    def _under(self, table: Table, dropped: Sequence[Head]) -> list[str]:
        text = self.context.text
        lines = [text("brief.rows", shown=len(table.rows), total=table.total)] if table.cut else []
        if dropped:
            lines.append(text("brief.columns", names=self.context.reader.listed(h.title for h in dropped)))
        return [*lines, *([table.note] if table.note else [])]

    def _cells(self, table: Table, shares: Sequence[float], message: str, *, noted: bool) -> None:
        drawn = self.document.add_table(len(table.rows) + 1, len(table.heads), self._style(TABLE))
        drawn.autofit = False
        _described(drawn, printable(table.title or message))
        for place, (column, head, share) in enumerate(zip(drawn.columns, table.heads, shares, strict=True)):
            width = Emu(int(self.width * share))
            column.width = width
            texts = (head.title, *(self._cell_text(row[place], head) for row in table.rows))
            for number, (cell, text) in enumerate(zip(column.cells, texts, strict=True)):
                cell.width = width
                self._cell(cell, text, HEAD if number == 0 else CELL, right=head.figures)
        _rows_whole(drawn, noted=noted)

    def _cell_text(self, value: Any, head: Head) -> str:
        return said(value, head.kind, self.context.language, head.currency)

    def _cell(self, cell: Any, text: str, style: str, *, right: bool) -> None:
        name, *sentences = text.split("\n")
        for number, line in enumerate((name, *sentences)):
            paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
            paragraph.style = self._style(style)
            paragraph.add_run(printable(line)).bold = True if sentences and not number else None
            if right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _alt(shape: Any, text: str) -> None:
    shape._inline.docPr.set("descr", text)
    for side in "TBLR":
        shape._inline.set(f"dist{side}", "0")  # else some leave room around it


def _described(table: Any, title: str) -> None:
    """Say what a table is, for those who hear it."""
    for name in ("tblCaption", "tblDescription"):
        table._tbl.tblPr.append(parse_xml(f"<w:{name} {nsdecls('w')}/>"))
        table._tbl.tblPr[-1].set(qn("w:val"), title)


_TOGETHER = 3  # rows at an end of a table that no page parts


def _rows_whole(table: Any, *, noted: bool) -> None:
    """Keep every row on one page, the first on each, a short table together, and of others the ends.

    The last row of a table that is `noted` stays with what stands under it.
    """
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        left = len(table.rows) - number
        together = len(table.rows) <= _SHORT or number < _TOGETHER - 1 or left <= _TOGETHER
        if together and (left > 1 or noted):
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
        if number == 0:
            properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
