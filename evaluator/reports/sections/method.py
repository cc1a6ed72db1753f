"""How the numbers were made: conventions, standards, what the study changed, and what identifies the run."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator import messages
from evaluator.reports.anchors import anchors, shown
from evaluator.reports.context import Context
from evaluator.tree import Indicator

JUDGED = ("profile", "method", "aggregation")  # conventions that mean nothing where weights are given


@dataclass(frozen=True)
class Standard:
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
    standards: tuple[Standard, ...]
    overrides: int
    run: tuple[tuple[str, str], ...]


def build(context: Context) -> Method:
    """Return the method of an evaluation."""
    language, tree = context.language, context.tree
    return Method(
        conventions=tuple(_conventions(context)),
        steps=tuple(_steps(context)),
        grades=tuple(GradeRow(grade.name[language], grade.score, grade.bound) for grade in tree.grades),
        standards=tuple(_standard(indicator, context) for indicator in tree.indicators),
        overrides=len(context.evaluation.model.overrides),
        run=tuple(_run(context)),
    )


def _conventions(context: Context) -> list[tuple[str, str]]:
    model = context.evaluation.model
    said = model.conventions
    low, high = context.tree.score_range
    rows = [("source", _source(context))]
    if said.source == "experts":
        rows += [
            (key, _named(key, getattr(said, key), context)) for key in ("profile", "method", "aggregation")
        ]
    rows += [
        ("synthesis", context.text("convention.weighted_sum")),
        ("score_range", context.text("convention.range", low=low, high=high)),
        ("min_coverage", context.text("convention.coverage", share=said.min_coverage)),
        ("cut_rule", context.text("convention.reached")),
        *_borderline(context),
        ("population", context.text("convention.fitted", count=model.population, subject=context.subject)),
    ]
    known = {"source", *JUDGED} | {key for key, _ in rows}
    further = context.evaluation.provenance.conventions.items()
    rows += [(key, _named(key, value, context)) for key, value in further if key not in known]
    return [(_label(f"report.convention.{key}", key, context), value) for key, value in rows]


def _borderline(context: Context) -> list[tuple[str, str]]:
    model = context.evaluation.model
    rows = []
    if model.borderline is not None:
        rows.append(("borderline", context.text("convention.within", margin=model.borderline)))
    bins = {cuts.x_bins or cuts.y_bins for cuts in model.cuts.values()} - {None}
    return rows + [("natural_breaks", context.text("bins", bins=found)) for found in bins]


def _source(context: Context) -> str:
    given = context.evaluation.model.conventions.source == "given"
    return context.text(
        "convention.source_given" if given else f"form.{context.evaluation.weights.form}.asked"
    )


def _named(key: str, value: str, context: Context) -> str:
    catalogue = "method_name" if key == "method" else key
    return _label(f"report.{catalogue}.{value}", value, context)


def _label(key: str, fallback: str, context: Context) -> str:
    """Return a text where the catalogue has one: conventions of later methods show under their own names."""
    return messages.text(key, context.language) if messages.known(key, context.language) else fallback


def _steps(context: Context) -> list[str]:
    model = context.evaluation.model
    given = model.conventions.source == "given"
    asked = f"form.{context.evaluation.weights.form}.step"
    steps = [context.text("method.weights_given" if given else asked)]
    steps += [context.text(f"method.{step}") for step in ("scores", "synthesis", "missing", "grades")]
    if context.tree.rules:
        steps.append(context.text("method.rules"))
    if context.tree.matrices:
        steps.append(context.text("method.matrices"))
    if model.profiles:
        steps.append(context.text("method.profiles"))
    return steps


def _standard(indicator: Indicator, context: Context) -> Standard:
    replaced = {override.indicator: override.stated for override in context.evaluation.model.overrides}
    stated: tuple[str, ...] = ()
    if indicator.id in replaced:
        original = indicator.model_copy(update={"scale": replaced[indicator.id]})
        stated = tuple(shown(anchor) for anchor in anchors(original, context))
    return Standard(
        name=indicator.name[context.language],
        unit=indicator.unit[context.language] if indicator.unit else "",
        kind=context.text(f"scale.{indicator.scale.kind}"),
        anchors=tuple(shown(anchor) for anchor in anchors(indicator, context)),
        stated=stated,
    )


def _run(context: Context) -> list[tuple[str, str]]:
    model, provenance = context.evaluation.model, context.evaluation.provenance
    rows = [
        ("software", f"evaluator {provenance.software}"),
        ("created", provenance.created.strftime("%Y-%m-%d %H:%M")),
        ("as_of", provenance.as_of.isoformat()),
        ("tree", f"{model.tree.id} · {model.tree.version}" if model.tree.version else model.tree.id),
        ("fingerprint", model.fingerprint),
    ]
    if provenance.seed is not None:
        rows.append(("seed", str(provenance.seed)))
    return [(context.text(f"run.{key}"), value) for key, value in rows]
