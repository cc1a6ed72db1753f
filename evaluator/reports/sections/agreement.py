"""How far the experts agree: consensus, concordance, who thinks alike, and what each of them moves."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.reports.context import Context
from evaluator.weighing.panel_agreement import GroupAgreement

MOST_DISPUTED = 5


@dataclass(frozen=True)
class Disputed:
    """A comparison with the experts' joint ratio, how far they lie apart, and the share that made it."""

    pair: str
    ratio: float
    factor: float
    coverage: float


@dataclass(frozen=True)
class Departure:
    """The weights of a criterion's children without one expert."""

    code: str
    weights: tuple[float, ...]
    shift: float
    reorders: bool


@dataclass(frozen=True)
class Accord:
    """The agreement in one criterion.

    `band` names the consensus in words. `clusters` are experts who think alike, the largest cluster
    first. `pairs` are all comparisons, those the experts lie farthest apart on first.
    """

    id: str
    name: str
    children: tuple[str, ...]
    weights: tuple[float, ...]
    experts: int
    consensus: float
    band: str
    w: float
    chi2: float
    df: int
    p: float
    clusters: tuple[tuple[str, ...], ...]
    pairs: tuple[Disputed, ...]
    without: tuple[Departure, ...]

    @property
    def disputed(self) -> tuple[Disputed, ...]:
        """The first of the pairs, as many as a page has room for."""
        return self.pairs[:MOST_DISPUTED]


@dataclass(frozen=True)
class PanelAgreement:
    """The agreement of the panel, criterion by criterion, with the two things to know first."""

    finding: str
    moved: str
    accords: tuple[Accord, ...]


def build(context: Context) -> PanelAgreement | None:
    """Return how far the experts agree; None where no criterion was weighed by two of them."""
    judgment = context.evaluation.judgment
    if judgment is None or not judgment.agreement:
        return None
    accords = tuple(_accord(found, context) for found in judgment.agreement)
    return PanelAgreement(_finding(accords, context), _moved(accords, context), accords)


def _accord(found: GroupAgreement, context: Context) -> Accord:
    group = next(one for one in context.evaluation.weights.groups if one.group == found.group)
    experts = context.reader.experts
    pairs = sorted(found.pairs, key=lambda pair: -pair.factor)
    return Accord(
        id=found.group,
        name=context.name(found.group),
        children=tuple(context.name(child) for child in group.children),
        weights=group.local,
        experts=len(found.experts),
        consensus=found.consensus,
        band=context.text(f"band.{found.band}"),
        w=found.w,
        chi2=found.chi2,
        df=found.df,
        p=found.p,
        clusters=tuple(tuple(experts[expert] for expert in cluster) for cluster in found.clusters),
        pairs=tuple(
            Disputed(context.pair(pair.a, pair.b), pair.ratio, pair.factor, pair.coverage) for pair in pairs
        ),
        without=tuple(
            Departure(experts[one.expert], one.weights, one.shift, one.reorders) for one in found.without
        ),
    )


def _finding(accords: tuple[Accord, ...], context: Context) -> str:
    """Return where the experts agree least."""
    least = min(accords, key=lambda accord: accord.consensus)
    values = {"name": least.name, "consensus": least.consensus, "band": least.band}
    return context.text("agreement.least", criteria=len(accords), **values)


def _moved(accords: tuple[Accord, ...], context: Context) -> str:
    """Return whose leaving would move a weight most, and where the order of weights hangs on one expert."""
    shift, code, name = max(
        ((one.shift, one.code, accord.name) for accord in accords for one in accord.without),
        key=lambda entry: entry[0],
    )
    hanging = [accord.name for accord in accords if any(one.reorders for one in accord.without)]
    said = context.text("agreement.moved", expert=code, name=name, points=100 * shift)
    if not hanging:
        return said + context.text("agreement.order_stays")
    return said + context.text("agreement.order_hangs", names=context.reader.listed(hanging))
