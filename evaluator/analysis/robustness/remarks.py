"""What must be said beside draws: why there are none, what was not drawn, what weights rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from evaluator.ahp import LEAST_EXPERTS
from evaluator.analysis.robustness.matrices import fuzzy_leads
from evaluator.analysis.robustness.references import FEW, groundless, relative
from evaluator.errors import Issue, Severity
from evaluator.messages import Listing, Named
from evaluator.scoring.model import Model
from evaluator.weighing.weights import GroupWeights, Weights


def remarks(
    model: Model, sources: Collection[str], *, here: bool, population: int, looked: int
) -> Iterator[Issue]:
    """Yield what must be said.

    Warnings: references read from too few customers (no shares), nothing to draw. Notes: given weights are
    taken as certain, a sample, references of another population were not drawn again, raters were not, since
    the fuzzy score leads.

    Parameters
    ----------
    here : whether the references are those of these customers. population, looked : how many there are, and
        how many are drawn for.
    """
    subject = Named(model.tree.id, model.tree.name)
    if groundless(model):
        detail = {"customers": model.population, "least": FEW}
        yield Issue("SURE-101", subject, detail, severity=Severity.WARNING)
        return
    if not sources:
        yield Issue("SURE-102", subject, severity=Severity.WARNING)
    if model.conventions.source == "given" and "given" not in sources:
        yield Issue("SURE-105", subject, severity=Severity.NOTE)
    if looked < population:
        detail = {"looked": looked, "customers": population}
        yield Issue("SURE-106", subject, detail, severity=Severity.NOTE)
    if relative(model) and not here:
        yield Issue("SURE-107", subject, severity=Severity.NOTE)
    if fuzzy_leads(model) and model.votes:
        yield Issue("SURE-108", subject, severity=Severity.NOTE)


def thin_grounds(weights: Weights) -> Iterator[Issue]:
    """Yield an issue where criteria rest on one expert, and where on two who could not be tested.

    Three and more show by their differences how sure the weights are, tested or not.
    """
    used = {group: [one for one in group.experts if one.used] for group in weights.groups}
    asked = [group for group in weights.groups if len(group.children) > 1 and used[group]]
    alone = [group for group in asked if len(used[group]) == 1]
    untested = [
        group
        for group in asked
        if 1 < len(used[group]) < LEAST_EXPERTS
        and all(one.judged.verdict == "not_testable" for one in used[group])
    ]
    for code, groups in (("SURE-103", alone), ("SURE-104", untested)):
        if groups:
            yield Issue(
                code, weights.tree.id, {"criteria": _named(groups, weights)}, severity=Severity.WARNING
            )


def _named(groups: Collection[GroupWeights], weights: Weights) -> Listing:
    names = {group.id: group.called for group in weights.tree.groups}
    return Listing(tuple(names[group.group] for group in groups))
