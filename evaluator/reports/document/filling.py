"""Templates of documents, filled in our sandbox: what is not known is noted, and the rest is filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from evaluator.errors import Issue, Location, Severity, nearest
from evaluator.html.reach import for_templates
from evaluator.html.rendering import refusing, templates
from evaluator.present import figures
from evaluator.present.brand import Brand
from evaluator.reports.brief.passages import Passage, brief, names, passage
from evaluator.reports.context import Context
from evaluator.reports.document.drawing import Drawing, Noted

LOGO = "logo"


def fill(template: DocxTemplate, values: Mapping[str, Any], context: Context, brand: Brand, file: str,
         noted: Noted) -> None:  # fmt: skip
    """Fill the places of a template.

    Raises
    ------
    EvaluationError
        As `html.rendering.render`.
    """
    template.init_docx()
    environment = templates(context.language, filters=figures.filters(context.language))
    environment.undefined = _unknown(values, file, noted)
    drawing = Drawing(template.docx, context, file, noted)
    known = {entry.id: entry for entry in brief(context)}

    def found(name: str) -> Passage | None:
        if name not in known and name in names() and (more := passage(name, context)):
            known[name] = more
        return known.get(name)

    def there(name: str) -> Passage | None:
        """Return a passage; note that it is not known, or that the evaluation has nothing for it."""
        told = found(name)
        if told is None:
            where, code = Location(file), "REPORT-853" if name in names() else "REPORT-852"
            hint = nearest(name, names()) if code == "REPORT-852" else ()
            noted(Issue(code, name, hint=hint, where=where, severity=Severity.WARNING))
        return told

    @for_templates
    def block(name: str) -> Markup:
        if template.current_rendering_part is not template.docx._part:
            noted(Issue("REPORT-862", name, where=Location(file), severity=Severity.WARNING))
            return Markup()
        if name == LOGO:
            alt = brand.cover.organisation or {}
            said = alt.get(context.language) or context.text("workbook.logo")
            return drawing.logo(brand.logo, said, brand.logo_scale) if brand.logo else Markup()
        told = there(name)
        return drawing.passage(told) if told else Markup()

    @for_templates
    def message(name: str) -> str:
        told = there(name)
        return told.message if told else ""

    @for_templates
    def has(name: str) -> bool:
        return found(name) is not None

    parts = tuple(known.values())
    with refusing(environment, file):
        template.render(
            {**values, "parts": parts, "block": block, "message": message, "has": has}, environment
        )


def _unknown(values: Mapping[str, Any], file: str, noted: Noted) -> type[StrictUndefined]:
    """Return what stands for a name that is not known: it is noted, and nothing is written."""

    class Unknown(StrictUndefined):
        __slots__ = ()

        def _note(self) -> None:
            if self._undefined_exception is SecurityError:
                self._fail_with_undefined_error()
            name = str(self._undefined_name)
            hint = nearest(name, (*values, "block", "message", "parts"))
            noted(Issue("REPORT-852", name, hint=hint, where=Location(file), severity=Severity.WARNING))

        def __str__(self) -> str:  # type: ignore[override]
            self._note()
            return ""

        def __bool__(self) -> bool:  # type: ignore[override]
            self._note()
            return False

        def __iter__(self) -> Iterator[object]:  # type: ignore[override]
            self._note()
            return iter(())

        def __getattr__(self, name: str) -> Unknown:
            if name.startswith("__"):
                raise AttributeError(name)
            self._note()
            return self

        def __call__(self, *given: object, **named: object) -> Unknown:  # type: ignore[override]
            self._note()
            return self

    return Unknown
