"""Scales in words: what a reader must have, by indicator, to earn which score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evaluator.present.figures import number, quantity
from evaluator.reports.context import Context
from evaluator.tree import Indicator
from evaluator.tree.types import (
    Efficacy,
    Graded,
    Linear,
    Logarithmic,
    Logistic,
    Lookup,
    Percentile,
    Piecewise,
    Step,
    Trapezoid,
    ZScore,
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is observed, and the score it earns; no score where the anchor is a sentence about all."""

    observed: str
    score: float | None


Teller = Callable[[Any, Indicator, Context], tuple[Anchor, ...]]


def anchors(indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    """Return the anchors of an indicator's scale, in the order of the scale."""
    return TELLERS[type(indicator.scale)](indicator.scale, indicator, context)


def _piecewise(scale: Piecewise, indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    return tuple(Anchor(quantity(measure), score) for measure, score in scale.points)


def _linear(scale: Linear | Logarithmic, indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    low, high = context.tree.score_range
    return Anchor(quantity(scale.worst), low), Anchor(quantity(scale.best), high)


def _step(scale: Step, indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    below = Anchor(f"< {quantity(scale.steps[0][0])}", scale.below)
    return (below, *(Anchor(f"≥ {quantity(bound)}", score) for bound, score in scale.steps))


def _trapezoid(scale: Trapezoid, indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    low, high = context.tree.score_range
    a, b, c, d = (quantity(point) for point in scale.points)
    full = b if b == c else f"{b} – {c}"
    return Anchor(f"≤ {a}", low), Anchor(full, high), Anchor(f"≥ {d}", low)


def _percentile(scale: Percentile, indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    known = context.evaluation.model.distributions.get(indicator.id)
    count = known.count if known else 0
    text = context.text(f"scale.standing_{scale.best}", count=count, subject=context.subject)
    return (Anchor(text, None),)


def _efficacy(scale: Efficacy, indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    return Anchor(quantity(scale.unacceptable), scale.base), Anchor(quantity(scale.satisfactory), scale.top)


def _logistic(scale: Logistic, indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    low, high = context.tree.score_range
    half, most = low + (high - low) * 0.5, low + (high - low) * 0.9
    return Anchor(quantity(scale.half), half), Anchor(quantity(scale.nine_tenths), most)


def _z(scale: ZScore, indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    known = context.evaluation.model.moments.get(indicator.id)
    if known is None or not known.deviation:
        return ()
    low, high = context.tree.score_range if scale.best == "high" else context.tree.score_range[::-1]
    reach = known.deviation * scale.reach
    ends = Anchor(quantity(known.mean - reach), low), Anchor(quantity(known.mean + reach), high)
    return ends[0], Anchor(quantity(known.mean), (low + high) / 2), ends[1]


def _lookup(scale: Lookup, indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    return tuple(Anchor(category, score) for category, score in scale.scores.items())


def _graded(scale: Graded, indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    told = []
    for grade in context.tree.grades:
        anchor = scale.anchors.get(grade.id)
        name = grade.name[context.language]
        words = context.text("scale.anchor", grade=name, text=anchor[context.language]) if anchor else name
        told.append(Anchor(words, grade.score))
    return tuple(told)


TELLERS: dict[type, Teller] = {
    Piecewise: _piecewise,
    Linear: _linear,
    Step: _step,
    Trapezoid: _trapezoid,
    Efficacy: _efficacy,
    Logarithmic: _linear,
    Logistic: _logistic,
    Percentile: _percentile,
    ZScore: _z,
    Lookup: _lookup,
    Graded: _graded,
}


def shown(anchor: Anchor) -> str:
    """Return an anchor as one piece of text.

    >>> shown(Anchor("≥ 10", 80.0))
    '≥ 10 → 80'
    """
    if anchor.score is None:
        return anchor.observed
    digits = 0 if anchor.score.is_integer() else 1
    return f"{anchor.observed} → {number(anchor.score, digits)}"
