"""The document a consultant starts from: made by code, so that every style in it has its reason.

Its places are filled by `filling`; the styles named here are those that blocks are drawn with.
"""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from evaluator import messages
from evaluator.reports.brief.look import Look

LEAD, HINT, NOTE = "Evaluator Lead", "Evaluator Hint", "Evaluator Note"
HEAD, CELL, TABLE = "Evaluator Head", "Evaluator Cell", "Evaluator Table"
STAND_INS = {
    LEAD: "Normal", HINT: "Normal", NOTE: "Normal", HEAD: "Normal", CELL: "Normal", TABLE: "Table Grid",
    "Heading 2": "Normal", "Caption": "Normal",
}  # fmt: skip
"""The styles blocks are drawn with, each with the one in its place where a template lacks it."""
PARAGRAPHS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Normal", {"size": 10, "colour": "ink", "after": 4, "line": 1.15}),
    ("Title", {"size": 20, "colour": "accent", "bold": True, "after": 2}),
    ("Subtitle", {"size": 10.5, "colour": "muted", "after": 2}),
    ("Heading 1", {"size": 13, "colour": "accent", "bold": True, "before": 11, "after": 4, "next": True}),
    ("Heading 2", {"size": 11, "colour": "ink", "bold": True, "before": 8, "after": 3, "next": True}),
    ("Caption", {"size": 9, "colour": "muted", "bold": True, "before": 4, "after": 3, "next": True}),
    ("Header", {"size": 8.5, "colour": "muted"}),
    ("Footer", {"size": 8.5, "colour": "muted"}),
    (LEAD, {"size": 11, "colour": "ink", "after": 6, "line": 1.2}),
    (HINT, {"size": 9, "colour": "muted", "before": 2, "after": 4, "line": 1.15}),
    (NOTE, {"size": 10, "colour": "ink", "after": 5, "line": 1.15, "rule": True}),
    (HEAD, {"size": 8.5, "colour": "muted", "bold": True, "after": 0, "line": 1.0, "next": True}),
    (CELL, {"size": 9, "colour": "ink", "after": 0, "line": 1.05}),
)


def starting_document(look: Look) -> bytes:
    """Return the document with its styles and places."""
    document = Document()
    _page(document)
    _lighten(document)
    _forget_table_styles(document)
    for name, how in PARAGRAPHS:
        _paragraph(document, name, look, **how)
    document.styles.element.append(parse_xml(_table_style(look)))
    _defaults(document, look)
    _places(document, look)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(1.7), Cm(1.6)
    section.header_distance = section.footer_distance = Cm(0.9)


def _lighten(document: Any) -> None:
    """Leave out what the library's own document brings along: a picture of it, and styles for Word 2010."""
    for part in (document.part.package, document.part):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/stylesWithEffects", "/customXml")):
                del part.rels[key]


def _forget_table_styles(document: Any) -> None:
    """Take out the many table styles that the library's own document brings along."""
    kept = ("Normal Table", "Table Grid")
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in kept:
            style.element.getparent().remove(style.element)


def _paragraph(
    document: Any, name: str, look: Look, *, size: float, colour: str, bold: bool = False, before: float = 0,
    after: float = 0, line: float = 1.0, next: bool = False, rule: bool = False,  # noqa: A002
) -> None:  # fmt: skip
    styles = document.styles
    known = any(style.name == name for style in styles)
    style = styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not known:
        style.base_style, style.quick_style = styles["Normal"], True
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(look.colours[colour])
    faces(style.element, look)
    for spread in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spread)  # the library's own titles are spaced out
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), line
    layout.keep_with_next = next
    for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)  # the line under the library's own title
    if rule:
        border = f'<w:left w:val="single" w:sz="18" w:space="8" w:color="{look.colours["accent"]}"/>'
        style.element.get_or_add_pPr().append(parse_xml(f"<w:pBdr {nsdecls('w')}>{border}</w:pBdr>"))
        layout.left_indent = Cm(0.35)
        _in_order(style.element.pPr)


def _in_order(properties: Any) -> None:
    """Put the border where the format wants it: after what keeps lines together, before all spacing."""
    border = properties.find(qn("w:pBdr"))
    later = (qn(f"w:{name}") for name in ("shd", "tabs", "spacing", "ind", "jc", "outlineLvl"))
    first = next((found for name in later if (found := properties.find(name)) is not None), None)
    if first is not None:
        first.addprevious(border)


def faces(style: Any, look: Look) -> None:
    """Give a style both faces, in place of those of the theme."""
    fonts = style.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), look.latin)
    fonts.set(qn("w:eastAsia"), look.east_asian)


def _defaults(document: Any, look: Look) -> None:
    """State faces and language for everything that no style says otherwise of."""
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for name in ("w:rFonts", "w:lang"):
        for found in defaults.findall(qn(name)):
            defaults.remove(found)
    fonts = parse_xml(
        f'<w:rFonts {nsdecls("w")} w:ascii="{look.latin}" w:hAnsi="{look.latin}" w:cs="{look.latin}" '
        f'w:eastAsia="{look.east_asian}"/>'
    )
    defaults.insert(0, fonts)
    latin = "en-US"  # Latin words in a Chinese text are spelt as English
    defaults.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{latin}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'))


def _table_style(look: Look) -> str:
    line, soft = look.colours["line"], look.colours["soft"]
    return f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="EvaluatorTable">
<w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>
<w:tblPr><w:tblBorders>
<w:top w:val="single" w:sz="8" w:space="0" w:color="{look.colours["accent"]}"/>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{look.colours["accent"]}"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{line}"/></w:tblBorders>
<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>
<w:bottom w:w="40" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{soft}"/></w:tcPr>
</w:tblStylePr></w:style>"""


def _places(document: Any, look: Look) -> None:
    """Write the places: the head of the first page, then every passage under its message."""
    document.add_paragraph("{{p block('logo') }}")
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ subject }}", "Subtitle")
    document.add_paragraph("{%p if cover %}")
    document.add_paragraph("{{ cover }}", "Subtitle")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p for part in parts %}")
    document.add_paragraph("{{ part.message }}", "Heading 1")
    document.add_paragraph("{{p block(part.id) }}")
    document.add_paragraph("{%p endfor %}")
    _footer(document, look)


def _footer(document: Any, look: Look) -> None:
    """Write the title to the left and the page to the right."""
    footer = document.sections[0].footer.paragraphs[0]
    for tabs in document.styles["Footer"].element.pPr.findall(qn("w:tabs")):
        tabs.getparent().remove(tabs)
    section = document.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    footer.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    before, after = messages.text("report.brief.page", look.language, page="\n").split("\n")
    footer.add_run("{{ title }}\t" + before)
    footer._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )
    footer.add_run(after)
