"""Templates of documents, filled in our sandbox."""

from __future__ import annotations

from docxtpl import DocxTemplate
from markupsafe import Markup

from evaluator.html.reach import for_templates
from evaluator.html.rendering import refusing
from evaluator.present.brand import Brand
from evaluator.reports.brief.places import LOGO, Places
from evaluator.reports.document.drawing import Drawing


def fill(template: DocxTemplate, places: Places, brand: Brand) -> None:
    """Fill the places of a template.

    Raises
    ------
    EvaluationError
        As `html.rendering.render`.
    """
    template.init_docx()
    drawing, language = Drawing(template.docx, places), places.context.language

    @for_templates
    def block(name: str) -> Markup:
        if template.current_rendering_part is not template.docx._part:
            places.note("REPORT-862", name)
            return Markup()
        if name == LOGO:
            named = (brand.cover.organisation or {}).get(language)
            said = named or places.context.text("workbook.logo")
            return drawing.logo(brand.logo, said, brand.logo_scale) if brand.logo else Markup()
        told = places.asked(name)
        return drawing.passage(told) if told else Markup()

    environment = places.environment()
    with refusing(environment, places.file):
        template.render({**places.values(), "block": block}, environment)
