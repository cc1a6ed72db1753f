"""How the numbers were made: conventions, standards, what the study changed, and what identifies the run."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.customers.measure_kinds import monthly
from evaluator.reports.anchors import anchors, shown
from evaluator.reports.context import Context
from evaluator.reports.sections.conventions import conventions
from evaluator.scoring import Model
from evaluator.scoring.synthesis import synthesis_of
from evaluator.tree import Indicator
from evaluator.tree.shapes import SCALES
from evaluator.tree.types import WeightedSum


@dataclass(frozen=True)
class ScaleInWords:
    """The scale of an indicator: its kind in words and its anchors, first to last."""

    name: str
    unit: str
    kind: str
    anchors: tuple[str, ...]
    stated: tuple[str, ...]  # the tree's own anchors, where the study replaced them


@dataclass(frozen=True)
class GradeRow:
    """A grade: the score it stands for, and the score from which it is earned."""

    name: str
    score: float
    bound: float


@dataclass(frozen=True)
class Method:
    """The conventions a number depends on, as (name, what was used), and the standards of scoring."""

    conventions: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    grades: tuple[GradeRow, ...]
    standards: tuple[ScaleInWords, ...]
    overrides: int
    run: tuple[tuple[str, str], ...]


def build(context: Context) -> Method:
    """Return the method of an evaluation."""
    language, tree = context.language, context.tree
    return Method(
        conventions=conventions(context),
        steps=tuple(_steps(context)),
        grades=tuple(GradeRow(grade.name[language], grade.score, grade.bound) for grade in tree.grades),
        standards=tuple(_standard(indicator, context) for indicator in tree.indicators),
        overrides=len(context.evaluation.model.overrides),
        run=tuple(_run(context)),
    )


def _steps(context: Context) -> list[str]:
    model = context.evaluation.model
    given = context.evaluation.weights.source == "given"
    asked = f"form.{context.evaluation.weights.form}.step"
    steps = [context.text("method.weights_given" if given else asked)]
    if model.objective:
        steps.append(context.text("method.objective"))
    steps += [
        context.text(f"method.{step}") for step in ("scores", synthesis_text(model), "missing", "grades")
    ]
    if context.tree.rules:
        steps.append(context.text("method.rules"))
    if context.tree.matrices:
        steps.append(context.text("method.matrices"))
    if model.profiles:
        steps.append(context.text("method.profiles"))
    if context.evaluation.customers:
        steps.append(context.text("method.strategies"))
    return steps


def synthesis_text(model: Model) -> str:
    """Return which text tells how scores become those of criteria and the total."""
    if model.leading == "fuzzy":
        return "synthesis_fuzzy"
    if model.by_closeness:
        return "synthesis_closeness"
    sums = all(isinstance(synthesis_of(group, model), WeightedSum) for group in model.tree.groups)
    return "synthesis" if sums else "synthesis_named"


def _standard(indicator: Indicator, context: Context) -> ScaleInWords:
    replaced = {override.indicator: override.stated for override in context.evaluation.model.overrides}
    stated: tuple[str, ...] = ()
    if indicator.id in replaced:
        original = indicator.model_copy(update={"scale": replaced[indicator.id]})
        stated = tuple(shown(anchor) for anchor in anchors(original, context))
    return ScaleInWords(
        name=indicator.name[context.language],
        unit="" if monthly(indicator.unit) else context.unit(indicator),
        kind=SCALES[indicator.scale.kind].title[context.language],
        anchors=tuple(shown(anchor) for anchor in anchors(indicator, context)),
        stated=stated,
    )


def _as_of(context: Context) -> str:
    """Return the day looked back from; where no table is dated it may be that of the run, which is said."""
    provenance = context.evaluation.provenance
    day = provenance.as_of.isoformat()
    of_run = context.evaluation.measured.window is None and provenance.as_of == provenance.created.date()
    return context.text("run.of_run", day=day) if of_run else day


def _run(context: Context) -> list[tuple[str, str]]:
    model, provenance = context.evaluation.model, context.evaluation.provenance
    rows = [
        ("software", f"evaluator {provenance.software}"),
        ("created", provenance.created.isoformat(" ", "minutes")),
        ("as_of", _as_of(context)),
        ("tree", f"{model.tree.id} · {model.tree.version}" if model.tree.version else model.tree.id),
        ("fingerprint", model.fingerprint),
    ]
    if provenance.fingerprint is not None:
        rows.append(("evidence", provenance.fingerprint))
    if provenance.seed is not None:
        rows.append(("seed", str(provenance.seed)))
    return [(context.text(f"run.{key}"), value) for key, value in rows]
