"""The report as a workbook: the sections' data through templates of the workbook language."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from evaluator.evaluation import Evaluation
from evaluator.html.rendering import render, templates
from evaluator.present import figures
from evaluator.present.brand import PLAIN, Brand
from evaluator.reports import listings, matrix_sheets, model_sheets, standards
from evaluator.reports.context import Context
from evaluator.reports.formats import Formats
from evaluator.reports.fuzzy_sheets import fuzzy_sheets
from evaluator.reports.legible import legible, unprintable_characters
from evaluator.reports.listings import Listing
from evaluator.reports.live import Live
from evaluator.reports.matrix_sheets import Mapped
from evaluator.reports.options import ReportOptions
from evaluator.reports.sections import (
    agreement,
    audit,
    contradictions,
    data,
    decide,
    experts,
    hierarchy,
    matrices,
    method,
    migration,
    profiles,
    routing,
    rules,
    scope,
    trend,
    weights,
)
from evaluator.reports.sheets import SHEETS, contents, titles
from evaluator.tree import group_fingerprint
from evaluator.weighing.weights import Judged
from evaluator.workbook.drawing import draw
from evaluator.workbook.language import parse

TEMPLATE = "workbook/report.xml.j2"
VERDICTS = {
    "consistent": "text center good",
    "inconsistent": "text center bad",
    "not_testable": "text center muted",
}
_WHOLE = 1e-9
_COLUMNS_OF_MATRICES = 18


@dataclass(frozen=True)
class Weighed:
    """A node of the tree in the weights sheet; `parent` is empty for the root, texts for criteria.

    `idle` says that no sibling weighs anything either: nobody has an indicator of their criterion.
    """

    id: str
    name: str
    level: int
    leaf: bool
    parent: str
    local: float
    global_: float
    siblings: tuple[str, ...]
    idle: bool
    entry: hierarchy.Entry | None
    standard: method.ScaleInWords | None

    @property
    def style(self) -> str:
        """The style of the name: set in by level, criteria standing out."""
        return ("text" if self.leaf else "label") + (f" indent{min(self.level, 3)}" if self.level else "")


@dataclass(frozen=True, slots=True)
class Cut:
    """A bound of a grade or a cut of a matrix that the what-if may change; `cell` is the one in force."""

    cell: str
    label: str
    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class ShownMatrix:
    """A judgment matrix in the consistency sheet, faint where it does not count."""

    code: str
    judged: Judged
    faded: bool


def write_workbook(
    evaluation: Evaluation,
    path: str | Path,
    *,
    language: str,
    options: ReportOptions | None = None,
    folders: Sequence[Path] = (),
    brand: Brand = PLAIN,
) -> None:
    """Write the report workbook of an evaluation.

    `folders` are searched for templates before those that ship with the package; `brand` says how the
    workbook looks.

    Raises
    ------
    EvaluationError
        when the file cannot be written, and for mistakes in a template of the user's own.
    """
    context = Context(legible(evaluation), language, _for_auditors(options or ReportOptions()))
    live = Live(context)
    mapped = matrix_sheets.mapped(live)
    listed = _listed(live, mapped)
    formats = Formats(language)
    environment = templates(
        language,
        folders=folders,
        filters={
            **figures.filters(language),
            "style": formats.style,
            "judgment_style": judgment_style,
            "side_by_side": side_by_side,
        },
    )
    text = render(
        environment,
        TEMPLATE,
        {
            **_values(context, live),
            **listed,
            "mapped": mapped,
            "brand": brand,
            "unprintable": unprintable_characters(evaluation)
            + sum(map(listings.unprintable_characters, (listed["measures"], listed["not_rated"]))),
        },
    )
    drawn(text, path, TEMPLATE, listed=listed, context=context, formats=formats, brand=brand)


def drawn(
    text: str, path: str | Path, file: str, *, listed: Mapping[str, Listing], context: Context,
    formats: Formats, brand: Brand,
) -> None:  # fmt: skip
    """Draw what a template came to, with its long tables, in the look of a brand; raises as `draw`."""
    created, theme = context.evaluation.provenance.created, formats.styled(brand.theme)
    draw(
        parse(text, file=file, theme=theme),
        path,
        data={name: listing.frame for name, listing in listed.items()},
        pictures={"logo": brand.logo} if brand.logo else None,
        language=context.language,
        theme=theme,
        properties={"created": created.astimezone(UTC).replace(tzinfo=None) if created.tzinfo else created},
    )


def _for_auditors(options: ReportOptions) -> ReportOptions:
    """Return the options of a workbook: codes and conditions stand in it, whoever the page is for."""
    return options.model_copy(update={"edition": "working"})


def judgment_style(value: float) -> str:
    """Return the style that shows a comparison as people say it: 3, 1/3, or the ratio as it is.

    >>> judgment_style(3.0), judgment_style(1 / 7), judgment_style(2.5)
    ('integer', 'fraction', 'ratio')
    """
    for style, ratio in (("integer", value), ("fraction", 1 / value)):
        if math.isfinite(ratio) and abs(ratio - round(ratio)) < _WHOLE:
            return style
    return "ratio"


def side_by_side(criterion: experts.Criterion, title: str) -> tuple[tuple[ShownMatrix, ...], ...]:
    """Return the matrices of a criterion in bands: as many beside each other as a screen holds."""
    shown = [ShownMatrix(one.code, one.judged, not one.used) for one in criterion.evidence]
    if criterion.joint:
        shown.append(ShownMatrix(title, criterion.joint, False))
    size = max(1, _COLUMNS_OF_MATRICES // (len(criterion.children) + 3))
    return tuple(tuple(shown[start : start + size]) for start in range(0, len(shown), size))


def _values(context: Context, live: Live) -> dict[str, object]:
    """Return what the templates place, besides the long tables."""
    nodes = _weighed(context)
    return {
        "sheets": SHEETS,
        "software": context.evaluation.provenance.software,
        "summary": scope.build(context),
        "decide": decide.build(context),
        "titles": titles(context),
        "experts": experts.build(context),
        "contradictions": contradictions.build(context),
        "agreement": agreement.build(context),
        "audit": audit.build(context),
        "weighing": weights.build(context),
        "weighed": nodes,
        "heaviest": max(node.global_ for node in nodes if node.leaf),
        "total": math.fsum(node.global_ for node in nodes if node.leaf),
        "hierarchy": hierarchy.build(context),
        "notes": data.build(context),
        "issues": tuple(context.reader.issue(issue) for issue in context.evaluation.issues),
        "method": method.build(context),
        "live": live,
        "standards": standards.build(live),
        "blocks": _blocks(context),
        "fuzzy": fuzzy_sheets(live),
        "rules": rules.build(context),
        "profiles": profiles.build(context),
        "margin": context.evaluation.model.borderline,
        "routing": routing.build(context),
        "migration": migration.build(context),
        "trend": trend.build(context),
        "models": model_sheets.model_sections(context),
        "fingerprints": tuple(_fingerprints(context)),
        "contents": tuple(contents(context)),
        "names": tuple(_names(context)),
        "minimum": context.evaluation.model.conventions.min_coverage,
        "bounds": context.tree.score_range,
        "cuts": tuple(_cuts(context)),
        "verdicts": VERDICTS,
    }


def _cuts(context: Context) -> Iterator[Cut]:
    """Yield the bounds of the grades, the best grade first, then the cuts of the matrices."""
    for number, grade in enumerate(method.build(context).grades, start=1):
        yield Cut(
            f"grade.{number}.from", context.text("workbook.what_if.bound", name=grade.name), "", grade.bound
        )
    for plot, matrix in zip(matrices.build(context).plots, context.tree.matrices, strict=True):
        of = matrix.name[context.language] if len(context.tree.matrices) > 1 else ""
        for side, axis in (("x", plot.x), ("y", plot.y)):
            label = context.text("workbook.cut", name=f"{of} · {axis.name}" if of else axis.name)
            for number, at in enumerate(axis.cuts, start=1):
                yield Cut(f"cut.{matrix.id}.{side}.{number}", label, axis.kind, at)


def _fingerprints(context: Context) -> Iterator[tuple[str, str]]:
    """Yield what identifies the questions each criterion puts to the experts, where there are any."""
    for group in context.tree.groups:
        if group.pairs and context.evaluation.judgment:
            yield context.name(group.id), group_fingerprint(group)


def _names(context: Context) -> Iterator[tuple[str, str]]:
    """Yield the names people may use in formulas of their own, with what each refers to."""
    yield "minimum_coverage", "coverage.least"
    for leaf in context.tree.indicators:
        yield f"weight_{leaf.id}", f"global.{leaf.id}"
    if not context.results.height + len(context.evaluation.unrated):
        return
    for key in ("id", "score", *([] if context.alone else ["rank"]), "grade", "status"):
        yield f"all_{key}", f"scores.{key}"
    for matrix in context.tree.matrices:
        yield f"all_class_{matrix.id}", f"scores.class_{matrix.id}"


def _blocks(context: Context) -> dict[str, str]:
    """Return what heads the blocks of columns."""
    kinds = (
        "customer",
        "result",
        "decision",
        "groups",
        "indicators",
        "data",
        "observed",
        "live",
        "rules",
        "attributes",
    )
    named = {kind: context.text(f"workbook.block.{kind}") for kind in kinds}
    named |= {f"matrix.{matrix.id}": matrix.name[context.language] for matrix in context.tree.matrices}
    groups = context.tree.groups
    return named | {f"of.{g.id}": context.text("workbook.scores_of", name=context.name(g.id)) for g in groups}


def _listed(live: Live, mapped: tuple[Mapped, ...]) -> dict[str, Listing]:
    """Return the long tables by the names the templates know them by."""
    context, scores = live.context, live.scores()
    listed = {
        "measures": live.measures(),
        "detail": live.detail(),
        "scores": scores,
        "points": matrix_sheets.points(mapped, scores, context),
        "not_rated": listings.not_rated(context),
        "touched": listings.touched(context),
        "ranks": listings.ranks(weights.build(context).confidence, context),
        "customer_models": model_sheets.customer_models(context),
    }
    if tables := fuzzy_sheets(live):
        listed |= {"fuzzy_r": tables.r, "fuzzy_b": tables.b}
    for mapping in mapped:
        listed[f"plotted_{mapping.matrix.id}"] = mapping.plotted
    return listed


def _weighed(context: Context) -> tuple[Weighed, ...]:
    tree, model = context.tree, context.evaluation.model
    entries = {entry.id: entry for entry in hierarchy.build(context).entries}
    standards = dict(zip(entries, method.build(context).standards, strict=True))
    siblings = {
        child.id: tuple(sibling.id for sibling in group.children)
        for group in tree.groups
        for child in group.children
    }
    return tuple(
        Weighed(
            id=node_id,
            name=context.name(node_id),
            level=len(tree.path(node_id)) - 1,
            leaf=node_id in entries,
            parent=tree.parents[node_id].id if node_id in tree.parents else "",
            local=model.local[node_id],
            global_=model.global_[node_id],
            siblings=siblings.get(node_id, ()),
            idle=not any(model.local[sibling] for sibling in siblings.get(node_id, (node_id,))),
            entry=entries.get(node_id),
            standard=standards.get(node_id),
        )
        for node_id in tree.nodes
    )
