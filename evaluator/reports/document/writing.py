"""The document of an evaluation: from its template, or from ours, to the file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docxtpl import DocxTemplate

from evaluator.evaluation import Evaluation
from evaluator.files import replacing
from evaluator.present.brand import PLAIN, Brand
from evaluator.reports.brief.cover import cover
from evaluator.reports.brief.look import look
from evaluator.reports.brief.places import Noted, Places
from evaluator.reports.context import Context
from evaluator.reports.document.filling import fill
from evaluator.reports.document.starting import starting_document
from evaluator.reports.legible import legible
from evaluator.reports.options import ReportOptions
from evaluator.reports.own_files import own_file
from evaluator.reports.packing import packed

MAIN = "word/document.xml"


def write_document(
    evaluation: Evaluation, path: Path, *, language: str, options: ReportOptions,
    template: Path | None = None, brand: Brand = PLAIN, noted: Noted,
) -> None:  # fmt: skip
    """Write the brief of an evaluation; `noted` is told what a template could not be given.

    Raises
    ------
    EvaluationError
        for a file that is no template, one that cannot be filled; when the document cannot be written.
    """
    context = Context(legible(evaluation), language, options)
    told, own = cover(context, brand), look(brand, language)
    source = io.BytesIO(own_file(template, MAIN) if template else starting_document(own))
    document = DocxTemplate(source)
    fill(document, Places(context, told.values, str(template or path), noted, brand.colours), brand)
    _spoken(document.docx, own.locale)
    made = io.BytesIO()
    document.docx.save(made)
    with replacing(path) as new:
        new.write_bytes(packed(made.getvalue(), told.properties(own.locale)))


def _spoken(document: Any, locale: str) -> None:
    """State the language of the document where Word looks for it."""
    settings = document.settings.element
    for found in settings.findall(qn("w:themeFontLang")):
        settings.remove(found)
    tag = parse_xml(f'<w:themeFontLang {nsdecls("w")} w:val="{locale}" w:eastAsia="zh-CN"/>')
    after = settings.find(qn("w:clrSchemeMapping"))  # the format keeps an order
    if after is not None:
        after.addprevious(tag)
