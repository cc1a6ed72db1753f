"""The page: one offline HTML file that fetches nothing and runs only the two scripts it names.

The scripts are the chart library and the page's own; the policy lists their hashes. Data reach them
as JSON in a block no browser runs, so a name in the data is text wherever it turns up.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from evaluator import messages, resources
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.evaluation import Evaluation
from evaluator.html.rendering import render, script_json, templates
from evaluator.present import figures, kinds
from evaluator.present.blocks import Blocks
from evaluator.present.brand import PLAIN, Brand
from evaluator.present.charts import Chart
from evaluator.present.charts.axes import recoloured
from evaluator.reports import overall
from evaluator.reports.added import Level
from evaluator.reports.context import Context
from evaluator.reports.legible import legible
from evaluator.reports.listings import ROWS
from evaluator.reports.options import ReportOptions
from evaluator.reports.page import customer_pages, finder, matrix
from evaluator.reports.page.library import begin_library
from evaluator.reports.scoping import subject
from evaluator.reports.sections import LEVELS, Section, matrices, sections
from evaluator.reports.sections.whatif import Otherwise

TEMPLATE = "page/page.html.j2"
_WAYS_OUT = re.compile(r"<(base|embed|form|iframe|link|meta|object)\b", re.IGNORECASE)
LOCALES = {"zh": "zh-CN", "en": "en"}
CARD_WORDS = (
    "indicator", "measure", "score", "weight", "points", "total", "rank", "coverage", "clamped", "missing",
    "after", "reference", "remainder", "memberships",
)  # fmt: skip
INSTRUMENT_TEXTS = (*finder.TEXTS, *customer_pages.TEXTS, *matrix.TEXTS)
_BLANKS = {name: f"{{{name}}}" for name in (
    "count", "all", "shown", "what", "rank", "reason", "day", "low", "high", "share", "name", "held",
    "handling", "margin", "x", "y", "score", "turn", "order",
)}  # fmt: skip  # the script fills them in
MODULES = (
    "frame", "numbers", "charts", "customers", "csv", "list", "finder", "customer", "matrix", "links",
    "tables", "stacked", "conditions", "engine", "breakevens", "whatif", "lifts", "whatif_controls",
    "whatif_outcome", "whatif_pictures", "whatif_tool", "printing", "levels",
)  # fmt: skip
"""The modules of the page's script, `templates/page/js/`, each after those it uses."""
STYLES = ("page.css", "instruments.css", "whatif.css")


@dataclass(frozen=True)
class Part:
    """A section in its place on the page; `heading` is what its data say, or its title."""

    id: str
    level: Level
    title: str
    heading: str
    data: object
    charts: Mapping[str, Chart]

    @property
    def templates(self) -> tuple[str, ...]:
        """The templates that may render the section, of which the first is taken that there is."""
        own = f"page/{self.id}.html.j2"
        return (own, "page/blocks.html.j2") if isinstance(self.data, Blocks) else (own,)


def page(
    evaluation: Evaluation,
    language: str,
    *,
    options: ReportOptions,
    folders: Sequence[Path] = (),
    brand: Brand = PLAIN,
) -> str:
    """Return the whole page as text.

    `folders` are searched for templates before those that ship with the package, but for the head, which
    holds the policy; `brand` says how the page looks.

    Raises
    ------
    EvaluationError
        as `render`; for a template that writes an element which leads out of the page.
    """
    context = Context(legible(evaluation), language, options)
    begin_library()
    return _page(_parts(context, brand), context, subject(context), folders, brand)


def overall_page(
    evaluations: Mapping[str, Evaluation],
    language: str,
    *,
    options: ReportOptions,
    folders: Sequence[Path] = (),
    brand: Brand = PLAIN,
) -> str:
    """Return the page of one decision over several trees: their evaluations by the address of their pages.

    Raises
    ------
    EvaluationError
        as `page`.
    """
    context = Context(next(iter(evaluations.values())), language, options)
    title = context.text("section.overall")
    found = overall.build(evaluations, language, options)
    rated = {
        "rated": sum(tree.rated for tree in found.trees),
        "all": sum(tree.everybody for tree in found.trees),
    }
    told = context.text("page.rated", subject=context.subject, **rated)
    whole = f"{context.text('overall.trees_of', count=len(evaluations))} · {told}"
    part = Part("overall", "decide", title, figures.unbroken(found.headline), found, {})
    return _page((part,), context, whole, folders, brand)


def _page(parts: tuple[Part, ...], context: Context, told: str, folders: Sequence[Path], brand: Brand) -> str:
    """Return the page of some parts; `told` stands under its title."""
    language, evaluation = context.language, context.evaluation
    drawn = any(part.charts for part in parts)
    scripts = (begin_library().result() if drawn else "", _script())
    values = {
        "title": evaluation.title[language],
        "locale": LOCALES[language],
        "software": evaluation.provenance.software,
        "levels": _levels(parts),
        "there": frozenset(part.id for part in parts),
        "subject": told,
        "edition": context.options.edition,
        "most_listed": ROWS,
        "style": Markup("".join(map(_resource, STYLES)) + brand.style),
        "brand": brand,
        "library": Markup(scripts[0]),
        "script": Markup(scripts[1]),
        "policy": _policy(scripts),
        "data": script_json(_data(parts, context, brand)),
    }
    head = render(templates(language), "page/head.html.j2", values)
    environment = templates(language, folders=folders, filters=figures.filters(language))
    rest = render(environment, TEMPLATE, values)
    _refuse_ways_out(rest, scripts)
    return head + rest


def _refuse_ways_out(rest: str, scripts: Sequence[str]) -> None:
    """Raise what a template has written that leads out of the page and that no policy forbids."""
    for script in scripts:
        rest = rest.replace(script, "")
    if found := _WAYS_OUT.search(rest):
        raise EvaluationError([Issue("REPORT-826", f"<{found[1].lower()}>", where=Location(TEMPLATE))])


def _parts(context: Context, brand: Brand) -> tuple[Part, ...]:
    built = ((section, section.build(context)) for section in sections() if _wanted(section, context))
    shown = [(section, data) for section, data in built if data is not None]
    return tuple(
        Part(
            section.id,
            section.level,
            section.title(context),
            figures.unbroken((section.message and section.message(data, context)) or section.title(context)),
            data,
            {
                chart.id: chart.in_colours(brand.colours).in_units(context.text)
                for chart in section.draw(data, context)
            },
        )
        for section, data in shown
    )


def _wanted(section: Section, context: Context) -> bool:
    """Return whether a section stands in this edition, and on a page of some customers if it is one."""
    working = context.options.edition == "working" or not section.working
    return working and (section.apart or not context.evaluation.only)


def _levels(parts: Sequence[Part]) -> tuple[tuple[Level, tuple[Part, ...]], ...]:
    """Return the sections of each level that has any."""
    sorted_ = ((level, tuple(part for part in parts if part.level == level)) for level in LEVELS)
    return tuple((level, there) for level, there in sorted_ if there)


def _data(parts: tuple[Part, ...], context: Context, brand: Brand) -> dict[str, object]:
    """Return what the page's script works with: charts, cards, and the few texts it writes itself."""
    listed = next((part.data for part in parts if isinstance(part.data, finder.Finder)), None)
    plotted = context.built(matrices.build) if listed else None
    otherwise = next((part.data for part in parts if isinstance(part.data, Otherwise)), None)
    return {
        "language": LOCALES[context.language],
        "numbers": kinds.compact(context.language, context.reader.currency),
        "charts": {chart.id: chart.spec for part in parts for chart in part.charts.values()},
        "customers": customer_pages.build(context).compact() if listed else None,
        "finder": listed.compact() if listed else None,
        "matrices": recoloured([m.compact() for m in matrix.build(plotted, listed, context)], brand.colours)
        if plotted and listed
        else [],
        "whatif": otherwise.compact() if otherwise else None,
        "texts": {word: context.text(f"cards.{word}") for word in CARD_WORDS}
        | {key: context.text(key, subject=context.subject, **_BLANKS) for key in INSTRUMENT_TEXTS}
        | {
            "list.separator": context.text("list_separator"),
            "between": messages.text("between", context.language),
        }
        | {"failed": context.text("page.chart_failed")}
        | {"rows_as_csv": context.text("page.rows_as_csv", **_BLANKS)},
    }


def _policy(scripts: tuple[str, ...]) -> str:
    hashes = (hashlib.sha256(script.encode("utf-8")).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    )


@cache
def _script() -> str:
    """Return the page's own script: its modules in one function, which keeps their names to itself."""
    modules = "\n".join(_resource(f"js/{name}.js") for name in MODULES)
    return f'"use strict";\n(() => {{\nconst page = {{}};\n{modules}\npage.charts.draw();\n}})();\n'


@cache
def _resource(name: str) -> str:
    return (resources.folder("templates") / "page" / name).read_text("utf-8")
