"""The conventions a number depends on, by name: as the model and the registries have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evaluator import ahp
from evaluator.present.figures import stated
from evaluator.registry import Registry
from evaluator.reports.context import Context
from evaluator.scoring import OPERATORS, OPINIONS, SYNTHESES
from evaluator.scoring.synthesis import synthesis_of
from evaluator.tree.types import Owa, Synthesis, Topsis, WeightedSum
from evaluator.weighing import COMBINATIONS, OBJECTIVE
from evaluator.weighing.panel import OWN_PRIORITIES, Form

Row = tuple[str, str]

METHODS: Mapping[Form, Registry[Any]] = {
    "pairs": ahp.PRIORITIES,
    "score_differences": ahp.PRIORITIES,
    "best_worst": ahp.BEST_WORST,
}
"""What turns the answers of a form into priorities; scores read as shares are priorities themselves."""


def conventions(context: Context) -> tuple[Row, ...]:
    """Return every convention with what was used, in the order in which a number comes about."""
    return (
        _row("source", _source(context), context),
        *(_judged(context) if context.evaluation.weights.source == "experts" else ()),
        *_objective(context),
        *_synthesis(context),
        *_scored(context),
    )


def _row(key: str, value: str, context: Context, **values: object) -> Row:
    return context.text(f"convention.{key}", **values), value


def _source(context: Context) -> str:
    given = context.evaluation.weights.source == "given"
    return context.text(
        "convention.source_given" if given else f"form.{context.evaluation.weights.form}.asked"
    )


def _judged(context: Context) -> Iterator[Row]:
    """Yield how answers became weights; the rest means nothing where weights are given."""
    weights, language = context.evaluation.weights, context.language
    if weights.form not in OWN_PRIORITIES:
        yield _row("convention", ahp.CONVENTIONS[weights.convention].title[language], context)
        yield _row("random_index", _random_index(weights.convention, weights.scale, context), context)
    if weights.form == "pairs":
        yield _row("scale", ahp.SCALES[weights.scale].title[language], context)
    if weights.form in METHODS:
        method = METHODS[weights.form][weights.method]
    else:
        method = ahp.SCORE_READINGS["shares"]
    yield _row("method", method.title[language], context)
    yield _row("aggregation", ahp.AGGREGATIONS[weights.aggregation].title[language], context)


def _random_index(convention: str, scale: str, context: Context) -> str:
    """Return the table of random indices, and that it stands in for another where it does."""
    meant, used = ahp.CONVENTIONS[convention].function.ri, ahp.CONVENTIONS[convention].function.table(scale)
    titles = {name: ahp.RANDOM_INDICES[name].title[context.language] for name in (meant, used)}
    if meant == used:
        return titles[used]
    return context.text("convention.stands_in", used=titles[used], meant=titles[meant])


def _objective(context: Context) -> Iterator[Row]:
    """Yield the weights that the data gave, and how they joined those above."""
    if found := context.evaluation.model.objective:
        yield _row("objective", OBJECTIVE[found.method].title[context.language], context)
        joined = COMBINATIONS[found.combine]
        how = joined.title[context.language]
        if "heeds_alpha" in joined.laws:
            how = context.text("convention.alpha", how=how, share=stated(found.alpha))
        yield _row("combination", how, context)


def _synthesis(context: Context) -> Iterator[Row]:
    """Yield how scores are joined up the tree: in general, and where a group has its own word."""
    model = context.evaluation.model
    if model.fuzzy:
        operator = OPERATORS[model.fuzzy.operator].title[context.language]
        yield _row("operator", operator, context)
        yield _row("leading", context.text(f"convention.leads.{model.leading}"), context)
    usual = WeightedSum(kind="weighted_sum") if model.synthesis is None else model.synthesis
    if isinstance(usual, Topsis):
        if model.by_closeness:
            yield _row("synthesis", OPINIONS["topsis"].title[context.language], context)
        yield _row("synthesis_of_criteria", _joins(WeightedSum(kind="weighted_sum"), context), context)
    else:
        yield _row("synthesis", _joins(usual, context), context)
    for group in model.tree.groups:
        if group.synthesis is not None:
            how = _joins(synthesis_of(group, model), context)
            yield _row("synthesis_of", how, context, name=context.name(group.id))


def _joins(synthesis: Synthesis, context: Context) -> str:
    title = SYNTHESES[synthesis.kind].title[context.language]
    if isinstance(synthesis, Owa):
        return context.text("convention.orness", title=title, orness=synthesis.orness)
    return title


def _scored(context: Context) -> Iterator[Row]:
    """Yield what rates and classifies: range, coverage, cuts, and whom the model was fitted on."""
    model = context.evaluation.model
    low, high = context.tree.score_range
    yield _row("score_range", context.text("convention.range", low=low, high=high), context)
    share = stated(model.conventions.min_coverage)
    yield _row("min_coverage", context.text("convention.coverage", share=share), context)
    yield _row("cut_rule", context.text("convention.reached"), context)
    if model.borderline is not None:
        yield _row("borderline", context.text("convention.within", margin=model.borderline), context)
    for bins in sorted({cuts.x_bins or cuts.y_bins for cuts in model.cuts.values()} - {None}, key=str):
        yield _row("natural_breaks", context.text("bins", bins=bins), context)
    if not model.population:
        return
    fitted = context.text("convention.fitted", count=model.population, subject=context.subject)
    yield _row("population", fitted, context)
