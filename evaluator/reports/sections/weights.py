"""The weight of every criterion and indicator among its siblings and in the total, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.ahp import FUZZY_PRIORITIES
from evaluator.present import charts
from evaluator.present.figures import stated
from evaluator.reports.context import Context
from evaluator.tree import Group
from evaluator.weighing import COMBINATIONS, OBJECTIVE, Uncertainty

EXTENT_ANALYSIS = "chang"


@dataclass(frozen=True)
class WeightedNode:
    """A node below the root; `level` is 1 directly below it. `branch` is the criterion of level 1 above."""

    id: str
    name: str
    level: int
    leaf: bool
    branch: str
    local: float
    global_: float


@dataclass(frozen=True)
class Interval:
    """The experts' weight of a node in the total with its interval; `first` as in `Confidence`."""

    name: str
    branch: str
    level: int
    leaf: bool
    weight: float
    low: float
    high: float
    deviation: float
    first: float | None


@dataclass(frozen=True)
class Ranks:
    """An indicator's shares of the draws by rank: the first share is that of the first place."""

    name: str
    branch: str
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Confidence:
    """Intervals of all weights, and what they were drawn with.

    `first` of an indicator is the share of draws in which no other weighs more. `ranks` are the indicators
    by their weight, the heaviest first. `says` tells how the draws were made.
    """

    draws: int
    seed: int
    level: float
    says: str
    intervals: tuple[Interval, ...]
    ranks: tuple[Ranks, ...]


@dataclass(frozen=True)
class FuzzyRow:
    """A node's weight in the total: crisp as used; fuzzy as least, most likely, largest; crisp again."""

    name: str
    level: int
    leaf: bool
    used: float
    fuzzy: tuple[float, float, float]
    crisp: float


@dataclass(frozen=True)
class Fuzzy:
    """Weights of answers taken as triangular numbers; `warning` is empty unless the method needs one."""

    method: str
    spread: float
    warning: str
    rows: tuple[FuzzyRow, ...]


@dataclass(frozen=True)
class Columns:
    """An indicator's weights in the total: the experts' or given ones, the data's, and both together."""

    name: str
    subjective: float
    objective: float
    combined: float


@dataclass(frozen=True)
class Combined:
    """Weights from the data joined with the experts'; `alpha` is None where the combination heeds none."""

    method: str
    how: str
    alpha: float | None
    customers: int
    rows: tuple[Columns, ...]


@dataclass(frozen=True)
class Weights:
    """The weights that score, and where they come from; `unobserved` names what nobody has, or is empty."""

    given: bool
    source: str
    method: str
    rows: tuple[WeightedNode, ...]
    unobserved: str
    combined: Combined | None
    confidence: Confidence | None
    fuzzy: Fuzzy | None


def build(context: Context) -> Weights:
    """Return the weights of an evaluation."""
    weights, tree = context.evaluation.weights, context.tree
    given, experts = weights.source == "given", len(context.reader.experts)
    return Weights(
        given=given,
        source=tree.weights_source[context.language] if given and tree.weights_source else "",
        method="" if given else context.text(f"form.{weights.form}.source", count=experts),
        rows=tuple(_row(node_id, context) for node_id in list(tree.nodes)[1:]),
        unobserved=_unobserved(context),
        combined=_combined(context),
        confidence=_confidence(context),
        fuzzy=_fuzzy(context),
    )


def _unobserved(context: Context) -> str:
    names = [context.name(leaf) for leaf in context.evaluation.model.unobserved]
    said = {"names": context.reader.listed(names), "count": len(names), "subject": context.subject}
    return context.text("weights.unobserved", **said) if names else ""


def draw(weights: Weights, context: Context) -> tuple[charts.Chart, ...]:
    """Return the indicators by their weight in the total, and the experts' weights with their intervals."""
    bars = tuple(charts.Bar(row.name, row.branch, row.global_) for row in weights.rows if row.leaf)
    drawn = [charts.weights("weights", bars, context.text)]
    if weights.confidence:
        spans = (
            charts.WeightSpan(one.name, one.branch, one.weight, one.low, one.high)
            for one in weights.confidence.intervals
            if one.leaf
        )
        drawn.append(charts.intervals("intervals", spans, weights.confidence.level, context.text))
    return tuple(drawn)


def _row(node_id: str, context: Context) -> WeightedNode:
    level, leaf, branch = _place(node_id, context)
    model = context.evaluation.model
    return WeightedNode(
        id=node_id,
        name=context.name(node_id),
        level=level,
        leaf=leaf,
        branch=branch,
        local=model.local[node_id],
        global_=model.global_[node_id],
    )


def _place(node_id: str, context: Context) -> tuple[int, bool, str]:
    path = context.tree.path(node_id)
    leaf = not isinstance(context.tree.nodes[node_id], Group)
    return len(path) - 1, leaf, context.name(path[1])


def _confidence(context: Context) -> Confidence | None:
    judgment = context.evaluation.judgment
    found = judgment.uncertainty if judgment else None
    if found is None:
        return None
    first = {leaf: ranks[0] for leaf, ranks in zip(found.indicators, found.acceptability, strict=True)}
    return Confidence(
        draws=found.draws,
        seed=found.seed,
        level=found.level,
        says=_drawn(found, context),
        intervals=tuple(_intervals(first, context)),
        ranks=_ranks(found, context),
    )


def _drawn(found: Uncertainty, context: Context) -> str:
    """Return how the draws were made, and in which criteria they show less than how experts differ."""
    said = context.text("weights.drawn", draws=found.draws, seed=found.seed, level=stated(found.level))
    for key, ground in (("drawn_few", "contradictions"), ("drawn_fixed", "fixed")):
        groups = [group for group, own in found.grounds.items() if own == ground and _divided(group, context)]
        if groups:
            said += context.text(f"weights.{key}", names=context.reader.listed(map(context.name, groups)))
    return said + (context.text("weights.before_data") if context.evaluation.model.objective else "")


def _divided(group: str, context: Context) -> bool:
    node = context.tree.nodes[group]
    return isinstance(node, Group) and len(node.children) > 1


def _ranks(found: Uncertainty, context: Context) -> tuple[Ranks, ...]:
    """Return the rank acceptability of every indicator, in the order of the weights."""
    heaviest_first = sorted(
        zip(found.indicators, found.acceptability, strict=True),
        key=lambda pair: -found.global_[pair[0]].weight,
    )
    return tuple(
        Ranks(context.name(leaf), _place(leaf, context)[2], shares) for leaf, shares in heaviest_first
    )


def _intervals(first: dict[str, float], context: Context) -> Iterator[Interval]:
    judgment = context.evaluation.judgment
    assert judgment
    assert judgment.uncertainty
    for node_id in list(context.tree.nodes)[1:]:
        level, leaf, branch = _place(node_id, context)
        one = judgment.uncertainty.global_[node_id]
        yield Interval(
            context.name(node_id), branch, level, leaf,
            one.weight, one.low, one.high, one.deviation, first.get(node_id),
        )  # fmt: skip


def _fuzzy(context: Context) -> Fuzzy | None:
    judgment = context.evaluation.judgment
    found = judgment.fuzzy if judgment else None
    if found is None:
        return None
    rows = []
    for node_id in list(context.tree.nodes)[1:]:
        level, leaf, _ = _place(node_id, context)
        used = context.evaluation.weights.global_[node_id]
        fuzzy, crisp = found.global_[node_id], found.crisp_global[node_id]
        rows.append(FuzzyRow(context.name(node_id), level, leaf, used, fuzzy, crisp))
    method = FUZZY_PRIORITIES[found.method]
    warning = ""
    if method.name == EXTENT_ANALYSIS:
        zeros = [row.name for row in rows if row.crisp <= 0]
        said = context.text("weights.extent_zeros", names=context.reader.listed(zeros)) if zeros else ""
        warning = context.text("weights.extent_analysis") + said
    return Fuzzy(method.title[context.language], found.spread, warning, tuple(rows))


def _combined(context: Context) -> Combined | None:
    model = context.evaluation.model
    found = model.objective
    if found is None:
        return None
    return Combined(
        method=OBJECTIVE[found.method].title[context.language],
        how=COMBINATIONS[found.combine].title[context.language],
        alpha=found.alpha if "heeds_alpha" in COMBINATIONS[found.combine].laws else None,
        customers=model.population,
        rows=tuple(
            Columns(context.name(row.indicator), row.subjective, row.objective, row.combined)
            for row in found.rows
        ),
    )
