"""Indicators that no customer of a population has: they weigh nothing, and their weight goes to siblings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from evaluator.columns import Entered, to_polars
from evaluator.errors import Issue, Severity
from evaluator.scoring.checks import usable_counts
from evaluator.scoring.model import Model, ProfileWeights
from evaluator.tree import Group, Indicator, Tree
from evaluator.weighing.combined import with_leaf_weights
from evaluator.weighing.weights import Weights


def unobserved(tree: Tree, entered: Entered) -> tuple[str, ...]:
    """Return the indicators whose measure no customer has; none where nobody has anything."""
    counts = to_polars(entered.frame.select(*usable_counts(tree))).row(0, named=True)
    found = tuple(leaf.id for leaf in tree.indicators if not counts[f"usable_{leaf.id}"])
    return found if len(found) < len(tree.indicators) else ()


def redistributed(local: Mapping[str, float], tree: Tree, without: Collection[str]) -> dict[str, float]:
    """Return the weights of nodes among their siblings when some indicators weigh nothing.

    Their siblings divide what they weighed in proportion to their own weights; a criterion of nothing
    but such indicators hands its own weight to its siblings in turn.
    """
    found = dict(local)
    for group in tree.groups if without else ():
        kept = {child.id: local[child.id] for child in group.children if _weighs(child, local, without)}
        lost = [child.id for child in group.children if child.id not in kept and local[child.id] > 0]
        if lost:
            total = sum(kept.values())
            found |= dict.fromkeys(lost, 0.0) | {child: weight / total for child, weight in kept.items()}
    return found


def own_weights(
    tree: Tree, weights: Weights, profiles: Mapping[str, Weights], without: Collection[str]
) -> Iterator[ProfileWeights]:
    """Yield the weights of each profile where they differ from everybody's; see `redistributed`."""
    everybody = redistributed(weights.local, tree, without)
    for profile in tree.profiles.of if tree.profiles else ():
        found = redistributed(profiles[profile.id].local, tree, without)
        apart = profile.weights.keys() | {node for node, weight in found.items() if weight != everybody[node]}
        groups = [group for group in tree.groups if any(child.id in apart for child in group.children)]
        local = {child.id: found[child.id] for group in groups for child in group.children}
        yield ProfileWeights(id=profile.id, values=profile.values, local=local)


def observed_weights(weights: Weights, without: Collection[str]) -> Weights:
    """Return weights in which some indicators weigh nothing; see `redistributed`."""
    if not without:
        return weights
    local = redistributed(weights.local, weights.tree, without)
    shares = {weights.tree.root.id: 1.0}
    for group in weights.tree.groups:
        shares |= {child.id: shares[group.id] * local[child.id] for child in group.children}
    return with_leaf_weights(weights, {leaf.id: shares[leaf.id] for leaf in weights.tree.indicators})


def unobserved_issues(model: Model, entered: Entered) -> Iterator[Issue]:
    """Yield a warning for indicators that customers have now but a model leaves out."""
    left_out = [leaf for leaf in model.tree.indicators if leaf.id in model.unobserved]
    if not left_out:
        return
    counts = to_polars(entered.frame.select(*usable_counts(model.tree))).row(0, named=True)
    for leaf in left_out:
        if count := counts[f"usable_{leaf.id}"]:
            detail = {"indicator": leaf.called, "count": count}
            yield Issue("SCORE-668", leaf.measured, detail, severity=Severity.WARNING)


def _weighs(node: Group | Indicator, local: Mapping[str, float], without: Collection[str]) -> bool:
    """True if a node has a weight, and something below it that has one and is observed."""
    if local[node.id] <= 0 or node.id in without:
        return False
    return isinstance(node, Indicator) or any(_weighs(child, local, without) for child in node.children)
