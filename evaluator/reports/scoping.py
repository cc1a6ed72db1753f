"""What stands under a report's title: what was evaluated, how many of whom are rated, and up to when."""

from __future__ import annotations

from evaluator.reports.context import Context


def firm(context: Context) -> str:
    """Return the one firm that is evaluated, with its period where there are several."""
    name = context.rated.row(0, named=True)["name"]
    periods = context.evaluation.periods
    return context.text("page.firm", name=name, period=periods[-1].period) if len(periods) > 1 else str(name)


def subject(context: Context) -> str:
    """Return what a report is about in one line; of some customers only, which."""
    evaluation = context.evaluation
    tree = context.tree.name[context.language]
    if evaluation.only:
        return " · ".join((tree, context.text("page.only", which=_chosen(context, evaluation.only))))
    everybody = context.results.height + len(evaluation.unrated)
    said = [tree]
    if everybody > 1 or (everybody and not context.rated.height):
        of = {"rated": context.rated.height, "all": everybody, "subject": context.subject}
        said.append(context.text("page.rated", **of))
    if context.alone:
        said.append(firm(context))
    if window := evaluation.measured.window:
        said.append(context.text("page.data_to", day=context.reader.day(window[1])))
    return " · ".join(said)


def _chosen(context: Context, only: str) -> str:
    """Return which customers, the column by its title where it has one: account manager Li, 20."""
    column, equals, value = only.partition("=")
    return context.text("page.of", column=context.attribute(column), value=value) if equals else only
