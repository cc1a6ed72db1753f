"""The slides a consultant starts from: three layouts by name with named placeholders, made by code."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches

from evaluator.present.charts.axes import PALETTE
from evaluator.reports.brief.look import Look

COVER, MESSAGE = "cover", "message"
"""The layouts: of the first slide, and of every other that has no layout of its own name."""
BLOCK, WORDS, REMARK = "block", "words", "remark"
"""The placeholders of a message: what bears it out, the sentences above it, the small print below."""
WIDE, HIGH = 13.333, 7.5
_MARGIN = 0.6


@dataclass(frozen=True)
class _Holder:
    """A placeholder: its name, type and index, its place in inches, and how its text looks."""

    name: str
    kind: str
    index: int
    box: tuple[float, float, float, float]
    size: float
    colour: str = "tx1"
    bold: bool = False
    anchor: str = "t"
    prompt: str = ""


_INNER = WIDE - 2 * _MARGIN
_TITLE = _Holder("message", "title", 0, (_MARGIN, 0.4, _INNER, 1.0), 24, "accent1", True, "ctr")
_FOOT = (
    _Holder("footer", "ftr", 11, (_MARGIN, 7.02, 9.0, 0.3), 10, "tx2"),
    _Holder("number", "sldNum", 12, (WIDE - _MARGIN - 1.5, 7.02, 1.5, 0.3), 10, "tx2"),
)
LAYOUTS: dict[str, tuple[_Holder, ...]] = {
    COVER: (
        _Holder("title", "ctrTitle", 0, (1.0, 2.3, WIDE - 2.0, 1.5), 38, "accent1", True, "b"),
        _Holder("subject", "subTitle", 1, (1.0, 3.95, WIDE - 2.0, 0.6), 18, "tx1"),
        _Holder("cover", "body", 13, (1.0, 4.6, WIDE - 2.0, 0.6), 14, "tx2"),
    ),
    MESSAGE: (
        _TITLE,
        _Holder(WORDS, "body", 14, (_MARGIN, 1.45, _INNER, 0.6), 15, "tx1"),
        _Holder(BLOCK, "body", 15, (_MARGIN, 2.1, _INNER, 4.35), 17, "tx1"),
        _Holder(REMARK, "body", 16, (_MARGIN, 6.5, _INNER, 0.5), 10.5, "tx2"),
        *_FOOT,
    ),
}


def starting_slides(look: Look) -> bytes:
    """Return slides without any, with the layouts to make them in."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    for layout in list(deck.slide_layouts)[len(LAYOUTS) :]:
        deck.slide_layouts.remove(layout)
    for layout, (name, holders) in zip(deck.slide_layouts, LAYOUTS.items(), strict=True):
        _layout(layout, name, holders, look)
    _master(deck.slide_master)
    _theme(deck.slide_master, look)
    _lighten(deck)
    made = io.BytesIO()
    deck.save(made)
    return made.getvalue()


def _layout(layout: Any, name: str, holders: tuple[_Holder, ...], look: Look) -> None:
    element = layout._element
    element.attrib.pop("type", None)
    element.set("type", "title" if name == COVER else "titleOnly")
    element.cSld.set("name", name)
    tree = element.cSld.spTree
    for shape in list(tree)[2:]:
        tree.remove(shape)
    if name == COVER:
        tree.append(_band(90))
    for number, holder in enumerate(holders, start=2):
        tree.append(_placeholder(holder, number, look))


def _band(number: int) -> Any:
    """Return the bar of colour on the first slide."""
    place = f'<a:off x="{Inches(1.0)}" y="{Inches(2.0)}"/><a:ext cx="{Inches(1.2)}" cy="{Inches(0.09)}"/>'
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="band" descr=""/><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm>{place}</a:xfrm><a:prstGeom prst="rect">'
        '<a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/>'
        "</a:ln></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
    )


def _placeholder(holder: _Holder, number: int, look: Look) -> Any:
    x, y, width, height = (Inches(one) for one in holder.box)
    align = ' algn="r"' if holder.kind == "sldNum" else ' algn="l"'
    level = (
        f'<a:lvl1pPr marL="0" indent="0"{align}><a:spcBef><a:spcPts val="600"/></a:spcBef><a:buNone/>'
        f'<a:defRPr sz="{int(holder.size * 100)}" b="{int(holder.bold)}"><a:solidFill>'
        f'<a:schemeClr val="{holder.colour}"/></a:solidFill></a:defRPr></a:lvl1pPr>'
    )
    text = f'<a:r><a:rPr lang="{look.locale}"/><a:t>{holder.prompt or holder.name}</a:t></a:r>'
    if holder.kind == "sldNum":
        text = f'<a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum"><a:rPr lang="{look.locale}"/><a:t>‹#›</a:t></a:fld>'  # noqa: E501
    index = f' idx="{holder.index}"' if holder.index else ""
    size = ' sz="quarter"' if holder.kind in ("ftr", "sldNum", "body") else ""
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="{holder.name}"/><p:cNvSpPr>'
        f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{holder.kind}"{size}{index}/></p:nvPr>'
        "</p:nvSpPr>"
        f'<p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm></p:spPr>'
        f'<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{holder.anchor}"><a:normAutofit/>'
        f"</a:bodyPr><a:lstStyle>{level}</a:lstStyle><a:p>{text}</a:p></p:txBody></p:sp>"
    )


def _master(master: Any) -> None:
    """Bring the master's own placeholders into the width of the slides."""
    boxes = {
        "TITLE": _TITLE.box, "BODY": (_MARGIN, 1.5, _INNER, 5.0), "DATE": (_MARGIN, 7.02, 3.0, 0.3),
        "FOOTER": _FOOT[0].box, "SLIDE_NUMBER": _FOOT[1].box,
    }  # fmt: skip
    for shape in master.placeholders:
        box = boxes[shape.placeholder_format.type.name]
        shape.left, shape.top, shape.width, shape.height = (Emu(Inches(one)) for one in box)


def _theme(master: Any, look: Look) -> None:
    """State colours and faces in the theme, which every text and chart of the slides takes them from."""
    part = next(r.target_part for r in master.part.rels.values() if r.reltype.endswith("/theme"))
    theme: Any = etree.fromstring(part.blob)
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    colours = {
        "dk1": look.colours["ink"], "lt1": "FFFFFF", "dk2": look.colours["muted"],
        "lt2": look.colours["soft"],
        **{f"accent{place}": tone[1:].upper() for place, tone in enumerate(PALETTE[:6], start=1)},
        "hlink": look.colours["accent"], "folHlink": look.colours["muted"],
    }  # fmt: skip
    colours["accent1"] = look.colours["accent"]
    scheme = theme.find(".//a:clrScheme", space)
    for name, tone in colours.items():
        entry = scheme.find(f"a:{name}", space)
        for child in list(entry):
            entry.remove(child)
        etree.SubElement(entry, qn("a:srgbClr")).set("val", tone)
    for font in ("majorFont", "minorFont"):
        faces = theme.find(f".//a:{font}", space)
        for child in list(faces):
            faces.remove(child)
        for face, name in (("latin", look.latin), ("ea", look.east_asian), ("cs", look.latin)):
            etree.SubElement(faces, qn(f"a:{face}")).set("typeface", name)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _lighten(deck: Any) -> None:
    """Leave out what the library's own slides bring along: a picture of them, settings of a printer."""
    for part in (deck.part.package, deck.part):
        for key, relation in list(part._rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/printerSettings")):
                part._rels.pop(key)
