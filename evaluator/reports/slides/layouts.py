"""Layouts of a template by name, and their named placeholders; what a template lacks is noted."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from pptx.oxml.ns import qn
from pptx.util import Emu, Inches

from evaluator.reports.brief.places import Places
from evaluator.reports.slides.starting import COVER, MESSAGE

Box = Sequence[int]
_TYPES = {COVER: ("title",), MESSAGE: ("titleOnly", "obj", "tx")}
_MARGIN = Inches(0.5)


@dataclass
class Layouts:
    """The layouts of a deck; each lack is noted once."""

    deck: Any
    places: Places
    _noted: set[tuple[str, str]] = field(default_factory=set)

    def named(self, *names: str) -> Any:
        """Return the layout of the first of these names, else one of the kind of the last; that is noted."""
        layouts = {layout.name: layout for layout in self.deck.slide_layouts}
        for name in names:
            if name in layouts:
                return layouts[name]
        kinds = _TYPES[names[-1]]
        alike = (one for kind in kinds for one in self.deck.slide_layouts if one._element.get("type") == kind)
        titled = (one for one in self.deck.slide_layouts if any(map(_is_title, one.placeholders)))
        other = next(alike, None) or next(titled, None) or self.deck.slide_layouts[0]
        self._note("REPORT-857", names[-1], other.name)
        return other

    def begin(self, layout: Any) -> tuple[Any, dict[str, Any]]:
        """Return a new slide with its placeholders by the names that the layout gives them."""
        slide = self.deck.slides.add_slide(layout)
        named = {holder.placeholder_format.idx: holder.name for holder in layout.placeholders}
        holders = {named[one.placeholder_format.idx]: one for one in slide.placeholders}
        for holder in layout.placeholders:
            if holder.placeholder_format.type.name in ("FOOTER", "SLIDE_NUMBER"):
                self._repeated(slide, holder)
        return slide, holders

    def box(self, holders: dict[str, Any], name: str, slide: Any) -> tuple[int, int, int, int]:
        """Return where a placeholder is; where a layout has none of that name, all below the title."""
        if (one := holders.get(name)) is not None and one.width:
            return one.left, one.top, one.width, one.height
        self._note("REPORT-858", name, slide.slide_layout.name)
        title = slide.shapes.title
        below = 0 if title is None else (title.top or 0) + (title.height or 0)
        top = below + _MARGIN // 3 if below else _MARGIN
        width, height = self.deck.slide_width, self.deck.slide_height
        return _MARGIN, Emu(top), Emu(width - 2 * _MARGIN), Emu(height - top - _MARGIN)

    def _note(self, code: str, name: str, other: str) -> None:
        if (code, name) not in self._noted:
            self._noted.add((code, name))
            self.places.note(code, name, other=other)

    def _repeated(self, slide: Any, holder: Any) -> None:
        """Repeat footer and number of a layout, which the library leaves out."""
        copy = deepcopy(holder._element)
        for styled in copy.iter(qn("a:lstStyle")):
            for child in list(styled):
                styled.remove(child)
        copy.nvSpPr.cNvPr.set("id", str(max(int(shape.shape_id) for shape in slide.shapes) + 1))
        slide.shapes._spTree.append(copy)
        if holder.placeholder_format.type.name == "FOOTER":
            slide.shapes[-1].text_frame.text = self.places.words["title"]


def _is_title(holder: Any) -> bool:
    return holder.placeholder_format.type.name in ("TITLE", "CENTER_TITLE")
