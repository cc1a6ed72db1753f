"""Slides of a consultant with places in them, filled in our sandbox; and our own slides after them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup
from pptx.enum.shapes import MSO_SHAPE_TYPE

from evaluator.html.reach import for_templates
from evaluator.html.rendering import refusing
from evaluator.present.brand import Brand
from evaluator.reports.brief.places import LOGO, Places
from evaluator.reports.packing import printable
from evaluator.reports.slides.drawing import SlideDrawing
from evaluator.reports.slides.starting import COVER


def fill(deck: Any, places: Places, drawing: SlideDrawing, brand: Brand) -> None:
    """Fill the places on the slides that there are, and add a slide for each passage unless any is placed.

    Raises
    ------
    EvaluationError
        As `html.rendering.render`.
    """
    own = list(deck.slides)
    if not own:
        _cover(drawing, places, brand)
    placed = [name for slide in own for name in _filled(slide, places, drawing, brand)]
    for layout in (*deck.slide_masters, *deck.slide_layouts):
        for _, frame in _frames([shape for shape in layout.shapes if not shape.is_placeholder]):
            for name in _words(frame, places):
                places.note("REPORT-862", name)
    for told in () if placed else places.parts:
        drawing.passage(told)


def _cover(drawing: SlideDrawing, places: Places, brand: Brand) -> None:
    slide, holders = drawing.layouts.begin(drawing.layouts.named(COVER))
    if slide.shapes.title is not None:
        slide.shapes.title.text_frame.text = printable(places.words["title"])
    others = [
        one for one in holders.values() if one.shape_id != getattr(slide.shapes.title, "shape_id", None)
    ]
    named = [holders.get(name) for name in ("subject", "cover")]
    spare = [one for one in others if one not in named]
    for name, holder in zip(("subject", "cover"), named, strict=True):
        if (place := holder or (spare.pop(0) if spare else None)) is not None:
            place.text_frame.text = printable(places.words[name])
    for holder in spare:
        holder._element.getparent().remove(holder._element)
    if brand.logo:
        width, height = drawing.deck.slide_width, drawing.deck.slide_height
        box = (int(width * 0.075), int(height * 0.08), int(width * 0.2), int(height * 0.14))
        drawing.logo(slide, brand.logo, _logo_text(places, brand), box)


def _logo_text(places: Places, brand: Brand) -> str:
    named = (brand.cover.organisation or {}).get(places.context.language)
    return named or places.context.text("workbook.logo")


def _filled(slide: Any, places: Places, drawing: SlideDrawing, brand: Brand) -> list[str]:
    """Fill the places of a slide, and return the names of the blocks that have been placed."""
    placed: list[str] = []
    for shape, frame in list(_frames(slide.shapes)):
        asked = _words(frame, places)
        if shape is None:
            for name in asked:
                places.note("REPORT-862", name)
        elif asked:
            _placed(slide, shape, asked[-1], places, drawing, brand)
            placed += asked
    if slide.has_notes_slide:
        _words(slide.notes_slide.notes_text_frame, places)
    return placed


def _frames(shapes: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every text of a slide with its shape; with None where it cannot make room for a block."""
    for shape in shapes:
        if shape.has_text_frame:
            yield shape, shape.text_frame
        elif shape.has_table:
            yield from ((None, cell.text_frame) for row in shape.table.rows for cell in row.cells)
        elif shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from ((None, frame) for _, frame in _frames(shape.shapes))


def _words(frame: Any, places: Places) -> list[str]:
    """Fill the places of a text with words, and return the names of the blocks it asks for."""
    asked: list[str] = []

    @for_templates
    def block(name: str) -> str:
        asked.append(name)
        return ""

    environment = places.environment()
    for paragraph in frame.paragraphs:
        text = "".join(run.text for run in paragraph.runs)
        if "{{" not in text and "{%" not in text:
            continue
        with refusing(environment, places.file):
            filled = environment.from_string(text).render({**places.values(), "block": block})
        first, *more = paragraph.runs
        first.text = printable(Markup(filled).unescape())
        for run in more:
            run._r.getparent().remove(run._r)
    return asked


def _placed(slide: Any, shape: Any, name: str, places: Places, drawing: SlideDrawing, brand: Brand) -> None:
    """Put a block in the place of the shape that names it."""
    box = (shape.left, shape.top, shape.width, shape.height)
    shape._element.getparent().remove(shape._element)
    if name == LOGO:
        if brand.logo:
            drawing.logo(slide, brand.logo, _logo_text(places, brand), box)
    elif told := places.asked(name):
        drawing.inside(slide, told, box)
