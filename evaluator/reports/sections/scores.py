"""How the scores of the rated customers spread."""

from __future__ import annotations

from evaluator.present import charts, figures
from evaluator.present.blocks import Blocks, Part, words
from evaluator.reports.context import Context
from evaluator.reports.population import histogram, spread


def build(context: Context) -> Blocks | None:
    """Return the distribution of the scores, None where nobody is rated."""
    scores = context.rated["score"]
    told = spread(scores)
    if told is None or context.rated.height == 1:
        return None
    low, high = context.tree.score_range
    bounds = ((grade.name[context.language], grade.bound) for grade in context.tree.grades)
    said = {name: figures.number(getattr(told, name)) for name in ("mean", "median", "lowest", "highest")}
    lead = words(context.reader, "scores.lead", "lead", rated=context.rated.height,
                 subject=context.subject, **said)  # fmt: skip
    drawing = charts.distribution(
        "scores", histogram(scores, low, high), tuple(pair for pair in bounds if pair[1] > low),
        (low, high), context.text,
    )  # fmt: skip
    return Blocks((Part("", (lead, drawing)),))


def draw(section: Blocks, context: Context) -> tuple[charts.Chart, ...]:
    """Return the distribution."""
    return section.charts
