"""Passages drawn on slides: the message as the title, a chart and a table under it, sources in the notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from evaluator.present.blocks import Cards, Fact, Facts, Head, Table, Words
from evaluator.present.charts import Chart
from evaluator.present.kinds import said
from evaluator.reports.brief.look import Look
from evaluator.reports.brief.passages import Passage
from evaluator.reports.brief.places import Places
from evaluator.reports.packing import printable
from evaluator.reports.pictures import as_table, picture
from evaluator.reports.slides.data_sheets import rewrite
from evaluator.reports.slides.layouts import Layouts
from evaluator.reports.slides.native_charts import add_chart
from evaluator.reports.slides.slide_tables import add_table, fits
from evaluator.reports.slides.starting import BLOCK, MESSAGE, REMARK, WORDS
from evaluator.reports.tables import span, table_of_cards

Box = Sequence[int]
_GAP = Pt(14)
_LONG = ((150, 16), (96, 20))  # characters of a message from which on its letters are smaller


@dataclass(frozen=True)
class _Content:
    """What a passage shows on a slide: sentences above, one chart, one table, small print, and the rest."""

    above: tuple[str, ...]
    chart: Chart | None
    table: Table | None
    below: tuple[str, ...]
    rest: tuple[str, ...]


class SlideDrawing:
    """Draws passages on the slides of a deck."""

    def __init__(self, deck: Any, places: Places, look: Look, created: datetime) -> None:
        self.deck, self.places, self.look, self.created = deck, places, look, created
        self.context = places.context
        self.layouts = Layouts(deck, places)

    def passage(self, told: Passage) -> None:
        """Add the slide of a passage."""
        slide, holders = self.layouts.begin(self.layouts.named(told.id, MESSAGE))
        _title(slide, told.message)
        content = self._content(told)
        if content.chart or content.table:
            box: Box = self.layouts.box(holders, BLOCK, slide)
            if not content.above and WORDS in holders:  # nothing stands there
                box = _from(box, holders[WORDS].top)
            below = self._visuals(slide, content, told, box)
            self._words(holders.get(WORDS), content.above)
            self._words(holders.get(REMARK), (*content.below, *below))
        else:
            box = self.layouts.box(holders, BLOCK, slide)
            holder = holders.get(BLOCK) or _text_box(slide, box)
            if WORDS in holders:
                holder.left, holder.top, holder.width, holder.height = _from(box, holders[WORDS].top)
            self._words(holder,
                        (*content.above, *content.below), listed=True)  # fmt: skip
        for holder in list(slide.placeholders):
            if holder.has_text_frame and not holder.text_frame.text:
                holder._element.getparent().remove(holder._element)
        self._notes(slide, told, content)

    def inside(self, slide: Any, told: Passage, box: Box) -> None:
        """Draw what bears a passage out into a box of a slide, and say in its notes where it comes from."""
        content = self._content(told)
        if content.chart or content.table:
            self._visuals(slide, content, told, box)
        else:
            self._words(_text_box(slide, box), (*content.above, *content.below), listed=True)
        self._notes(slide, told, content)

    def logo(self, slide: Any, logo: bytes, alt: str, box: Box) -> None:
        """Put the logo of a brand into a box, as large as it can be."""
        shape = slide.shapes.add_picture(io.BytesIO(logo), box[0], box[1])
        ratio = min(box[2] / shape.width, box[3] / shape.height)
        shape.width, shape.height = Emu(int(shape.width * ratio)), Emu(int(shape.height * ratio))
        shape._element.nvPicPr.cNvPr.set("descr", printable(alt))

    def _content(self, told: Passage) -> _Content:
        above, below = [], []
        charts: list[Chart] = []
        tables: list[Table] = []
        facts: list[Fact] = []
        for block in told.blocks:
            match block:
                case Words(kind="hint"):
                    below.append(block.text)
                case Words():
                    above.append(block.text)
                case Chart():
                    charts.append(block)
                case Table() if block.heads:
                    tables.append(block)
                case Cards():
                    tables.append(table_of_cards(block, self.context)[0])
                case Facts():
                    facts += block.facts
        if not tables and facts:
            tables.append(self._of_facts(facts))
        rest = [*(chart.title for chart in charts[1:]), *(table.title for table in tables[1:])]
        if rest:
            self.places.note("REPORT-863", told.message, names=self.context.reader.listed(filter(None, rest)))
        return _Content(tuple(above), next(iter(charts), None), next(iter(tables), None), tuple(below),
                        tuple(rest))  # fmt: skip

    def _of_facts(self, facts: Sequence[Fact]) -> Table:
        rows = tuple((fact.name, self._fact_text(fact)) for fact in facts)
        return Table("", (Head(self.context.text("brief.figure")), Head("")), rows, "", len(rows))

    def _fact_text(self, fact: Fact) -> str:
        return said(fact.value, fact.kind, self.context.language, fact.currency)

    def _visuals(self, slide: Any, content: _Content, told: Passage, box: Box) -> list[str]:
        """Draw chart and table, side by side where the table is narrow; return what is said below them."""
        if content.chart and content.table:
            first, second = self._parted(content.table, box)
            below = self._chart(slide, content.chart, told, first)
            return [*below, *self._table(slide, content.table, told, second)]
        if content.chart:
            return self._chart(slide, content.chart, told, box)
        assert content.table
        return self._table(slide, content.table, told, box)

    def _parted(self, table: Table, box: Box) -> tuple[Box, Box]:
        left, top, width, height = box
        half = (width - _GAP) // 2
        if fits(table, half, self.context.language) and not _wordy(table):
            return (left, top, half, height), (left + half + _GAP, top, half, height)
        upper = int(height * 0.42)
        return (left, top, width, upper), (left, top + upper + _GAP, width, height - upper - _GAP)

    def _chart(self, slide: Any, chart: Chart, told: Passage, box: Box) -> list[str]:
        if chart.native:
            frame = add_chart(slide, chart.native, box, self.look)
            rewrite(frame.chart, self.created)
            _describe(frame, f"{chart.title}. {chart.description}")
            return []
        if drawn := picture(chart, int(Emu(box[2]).pt)):
            self.logo(slide, drawn, f"{chart.title}. {chart.description}", box)
            return []
        self.places.note("REPORT-856", chart.title)
        return self._table(slide, as_table(chart), told, box)

    def _table(self, slide: Any, table: Table, told: Passage, box: Box) -> list[str]:
        if not table.heads:
            return []
        rows, dropped, frame = add_table(slide, table, box, self.look)
        _describe(frame, table.title or told.message)
        said = []
        if rows < max(table.total, len(table.rows)):
            said.append(self.context.text("brief.rows", shown=rows, total=max(table.total, len(table.rows))))
        if dropped:
            columns = self.context.reader.listed(head.title for head in dropped)
            self.places.note("REPORT-855", table.title or told.message, columns=columns)
            said.append(self.context.text("brief.columns", names=columns))
        return [*said, *([table.note] if table.note else [])]

    def _words(self, holder: Any, sentences: Sequence[str], *, listed: bool = False) -> None:
        """Write sentences into a placeholder, in a list one to a line; without one they are left out."""
        if holder is None or not sentences:
            return
        frame = holder.text_frame
        texts = sentences if listed else [self.context.reader.sentences(sentences)]
        frame.text = printable(texts[0])
        for text in texts[1:]:
            frame.add_paragraph().text = printable(text)
        if listed:
            _smaller(frame, texts)

    def _notes(self, slide: Any, told: Passage, content: _Content) -> None:
        """Say in the notes what the charts show, and where the figures come from."""
        says = [content.chart.description] if content.chart and content.chart.description else []
        lines = (*says, self.context.text("brief.notes"), *told.sources)
        frame = slide.notes_slide.notes_text_frame
        before = f"{frame.text}\n" if frame.text else ""
        frame.text = printable(before + "\n".join(lines))


def spoken(deck: Any, locale: str) -> None:
    """State the language of every text of a deck."""
    for slide in deck.slides:
        parts = (slide._element, *((slide.notes_slide._element,) if slide.has_notes_slide else ()))
        for run in (run for part in parts for run in part.iter(qn("a:r"))):
            run.get_or_add_rPr().set("lang", locale)
            run.rPr.set("altLang", "en-US")


def _title(slide: Any, message: str) -> None:
    title = slide.shapes.title
    if title is None:
        return
    title.text_frame.text = printable(message)
    size = next((size for least, size in _LONG if span(message) > least), None)
    if size:
        title.text_frame.paragraphs[0].runs[0].font.size = Pt(size)


def _smaller(frame: Any, texts: Sequence[str]) -> None:
    """Make the letters of long lists smaller, so that they end above the edge."""
    length = sum(span(text) + 60 for text in texts)
    size = next((size for most, size in ((900, 18), (1300, 16), (1800, 14)) if length <= most), 12)
    for paragraph in frame.paragraphs:
        paragraph.space_after = Pt(size / 2)
        for run in paragraph.runs:
            run.font.size = Pt(size)


def _wordy(table: Table) -> bool:
    """True if a column holds sentences, which need the whole width."""
    texts = (cell for row in table.rows for cell in row if isinstance(cell, str))
    return max(map(span, texts), default=0) > 22


def _from(box: Box, top: int) -> Box:
    """Return a box that begins at another height and ends where it did."""
    return box[0], top, box[2], box[1] + box[3] - top


def _text_box(slide: Any, box: Box) -> Any:
    shape = slide.shapes.add_textbox(*box)
    shape.text_frame.word_wrap, shape.text_frame.vertical_anchor = True, MSO_ANCHOR.TOP
    return shape


def _describe(frame: Any, text: str) -> None:
    frame._element.nvGraphicFramePr.cNvPr.set("descr", printable(text))
