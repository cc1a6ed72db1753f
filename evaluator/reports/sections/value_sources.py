"""Which sources the points of the mean customer come from."""

from __future__ import annotations

from evaluator.columns import mean_of
from evaluator.customers import value_sources
from evaluator.errors import EvaluationError
from evaluator.present import charts
from evaluator.present.blocks import View, notes
from evaluator.reports.context import Context


def sources(context: Context) -> View:
    """Yield which sources the mean customer's points come from; only where points add up to the score."""
    models, model, reader = context.evaluation.customers, context.evaluation.model, context.reader
    stated = models.options.value_sources if models else {}
    if not stated or not model.additive or not context.rated.height:
        return
    means = {leaf.id: mean_of(context.rated[f"score_{leaf.id}"]) for leaf in context.tree.indicators}
    points = {leaf: (mean or 0.0) * model.global_[leaf] for leaf, mean in means.items()}
    try:
        shares = value_sources(points, stated)
    except EvaluationError as error:
        yield from notes(reader, error.issues, "note")
        return
    rows = sorted(shares.items(), key=lambda entry: -entry[1])
    yield charts.bars(
        "value-sources", *reader.caption("customers.value.sources"), rows,
        reader.text("customers.value.share"),
        labels=[reader.say(share, "share") for _, share in rows], format_=".0%",
    )  # fmt: skip
