"""A model with some weights stated otherwise: what if this counted for 70 in 100?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evaluator.columns import TOLERANCE
from evaluator.errors import Issue, nearest, raise_errors
from evaluator.messages import Term
from evaluator.scoring.model import Model
from evaluator.tree import Group


def with_weights(model: Model, shares: Mapping[str, float]) -> Model:
    """Return the model with these weights among siblings; the other siblings share the rest as they did.

    Scales and cuts stay frozen. Where weight profiles weigh the siblings otherwise, each is changed alike.

    Parameters
    ----------
    shares : the share of a criterion or indicator among its siblings, 0–1, by its id.

    Raises
    ------
    EvaluationError
        for what is no criterion or indicator, and for a weight that cannot be.

    >>> import polars as pl
    >>> from evaluator.scoring import fit
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> tree = load_tree("current_value")
    >>> customers = pl.DataFrame({"id": ["a", "b"]} | {leaf.measure: [1.0, 2.0] for leaf in tree.indicators})
    >>> other = with_weights(fit(tree, weigh(tree), customers), {"profit_contribution": 0.9})
    >>> other.local["profit_contribution"], round(sum(other.local[c.id] for c in tree.root.children), 9)
    (0.9, 1.0)
    """
    raise_errors(_issues(model, shares))
    local = dict(model.local)
    profiles = [dict(entry.local) for entry in model.profiles]
    for group in model.tree.groups:
        stated = {child.id: shares[child.id] for child in group.children if child.id in shares}
        if stated:
            for weights in (local, *profiles):
                weights.update(_shared(group, weights, stated))
    named = zip(model.profiles, profiles, strict=True)
    return model.reweighted(local, tuple(entry.model_copy(update={"local": own}) for entry, own in named))


def _shared(group: Group, local: Mapping[str, float], stated: Mapping[str, float]) -> dict[str, float]:
    """Return the weights of the children of a criterion; nothing where a profile leaves them as they are."""
    children = [child.id for child in group.children]
    if not all(child in local for child in children):
        return {}
    others = [child for child in children if child not in stated]
    before, rest = sum(local[child] for child in others), 1 - sum(stated.values())
    return {**stated, **{child: local[child] / before * rest if before else 0.0 for child in others}}


def _issues(model: Model, shares: Mapping[str, float]) -> Iterator[Issue]:
    tree = model.tree
    for node in shares:
        if node not in tree.nodes:
            yield Issue("SCORE-685", node, hint=nearest(node, tree.nodes))
        elif reason := _impossible(node, shares[node], model):
            yield Issue("SCORE-686", node, {"reason": Term(f"comparison.weight.{reason}")})
    for group in tree.groups:
        stated = [shares[child.id] for child in group.children if child.id in shares]
        total = sum(stated)
        others = sum(model.local[child.id] for child in group.children if child.id not in shares)
        if total > 1 + TOLERANCE or (stated and total < 1 - TOLERANCE and not others):
            yield Issue("SCORE-686", group.called, {"reason": Term("comparison.weight.sum")})


def _impossible(node: str, share: float, model: Model) -> str | None:
    if node == model.tree.root.id:
        return "root"
    if share and node in model.unobserved:
        return "unobserved"
    return None if 0 <= share <= 1 else "range"
