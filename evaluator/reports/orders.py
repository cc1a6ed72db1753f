"""In words: by what the customers of an action are listed."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator import messages
from evaluator.actions.choosing import STAKES
from evaluator.actions.decided import Decisions
from evaluator.actions.order import SCORE
from evaluator.present.reader import Reader
from evaluator.reports.context import Context


def order_said(action: str, found: Decisions, titles: Mapping[str, str], language: str) -> str:
    """Return by what the customers of an action are listed, as part of a sentence."""
    order, by = found.orders[action], found.candidates.stake_by
    if order.by == SCORE:
        title = messages.text("report.ranking.score", language)
    elif order.by == "net" or (order.by == "stake" and by not in STAKES):
        title = messages.text(f"report.actions.{order.by}", language)
    else:
        name = str(by) if order.by == "stake" else order.by
        title = titles.get(name, name)
    way = "largest" if order.down else "smallest"
    return messages.text(f"report.actions.order.{way}", language, by=Reader(language).inside(title))


def orders_said(context: Context) -> dict[str, str]:
    """Return by action by what its customers are listed; empty where no action is given."""
    found = context.evaluation.decisions
    if found is None:
        return {}
    titles = context.reader.measures
    return {action: order_said(action, found, titles, context.language) for action in found.orders}


def all_orders_said(context: Context) -> str:
    """Return how a list over all actions is ordered; empty where there is none."""
    found, said = context.evaluation.decisions, orders_said(context)
    if found is None or not said:
        return ""
    if len(set(said.values())) == 1:
        return context.text("actions.ordered", order=next(iter(said.values())))
    names = {action.id: action.name[context.language] for action in found.actions}
    each = [context.text("actions.order.each", name=names[one], order=order) for one, order in said.items()]
    return context.text("actions.ordered_each", orders=context.text("actions.order.between").join(each))
