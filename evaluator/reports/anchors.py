"""Scales in words: what a reader must have, by indicator, to earn which score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from evaluator.customers.measure_kinds import monthly, read_as
from evaluator.present.figures import number
from evaluator.present.kinds import said
from evaluator.reports.context import Context
from evaluator.tree import Indicator
from evaluator.tree.shapes import Shape, shape_of
from evaluator.tree.types import Graded, Percentile, ZScore


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is observed, and the score it earns; no score where the anchor is a sentence about all."""

    observed: str
    score: float | None


def anchors(indicator: Indicator, context: Context) -> tuple[Anchor, ...]:
    """Return the anchors of an indicator's scale, in the order of the scale."""
    basis = context.evaluation.model.basis(indicator)
    match indicator.scale:
        case Percentile(best=best):
            count = basis.distribution.count if basis.distribution else 0
            return (
                Anchor(context.text(f"scale.standing_{best}", count=count, subject=context.subject), None),
            )
        case ZScore():
            if basis.moments is None or not basis.moments.deviation:
                return ()
            low, high = _shape_anchors(indicator, shape_of(indicator.scale, basis), context)
            return low, Anchor(_measure(basis.moments.mean, indicator), (basis.low + basis.high) / 2), high
        case scale:
            return _shape_anchors(indicator, shape_of(scale, basis), context)


def _measure(value: float | str, indicator: Indicator) -> str:
    """Return a measure as it stands on a scale: a share in percent, exactly; alike in every language."""
    if isinstance(value, str):
        return value
    read, kind = read_as(value, indicator.unit)
    if kind in ("share", "growth"):
        return f"{100 * read:.{3 if monthly(indicator.unit) else 6}g}%"
    return said(value, "quantity", "en")


def _shape_anchors(indicator: Indicator, shape: Shape, context: Context) -> tuple[Anchor, ...]:
    match shape.join:
        case "categories":
            scored = tuple(zip(map(str, shape.measures), shape.scores, strict=True))
            return tuple(Anchor(*one) for one in read_in(scored, context.language))
        case "grades":
            words = list(grade_words(indicator, context))
        case "steps":
            bounds = [_measure(bound, indicator) for bound in shape.measures[1:]]
            words = [f"< {bounds[0]}", *(f"≥ {bound}" for bound in bounds)]
        case "sides":
            a, b, c, d = (_measure(point, indicator) for point in shape.measures)
            low, high = shape.range
            return Anchor(f"≤ {a}", low), Anchor(b if b == c else f"{b} – {c}", high), Anchor(f"≥ {d}", low)
        case _:
            words = [_measure(measure, indicator) for measure in shape.measures]
    return tuple(Anchor(word, score) for word, score in zip(words, shape.scores, strict=True))


def read_in(scored: Sequence[tuple[str, float]], language: str) -> Iterator[tuple[str, float]]:
    """Yield words with their scores, without those another word of the language says with the same score.

    >>> list(read_in((("无", 50), ("none", 50), ("multi-year", 100)), "zh"))
    [('无', 50), ('multi-year', 100)]
    """
    spoken = {score for word, score in scored if _wide(word) == (language == "zh")}
    for word, score in scored:
        if _wide(word) == (language == "zh") or score not in spoken:
            yield word, score


def _wide(word: str) -> bool:
    return any(east_asian_width(letter) in "WF" for letter in word)


def grade_words(indicator: Indicator, context: Context) -> tuple[str, ...]:
    """Return each grade, best first, with what it means for an indicator where the tree says so."""
    stated = indicator.scale.anchors if isinstance(indicator.scale, Graded) else {}
    language = context.language
    return tuple(
        context.text("scale.anchor", grade=grade.name[language], text=stated[grade.id][language])
        if grade.id in stated
        else grade.name[language]
        for grade in context.tree.grades
    )


def shown(anchor: Anchor) -> str:
    """Return an anchor as one piece of text.

    >>> shown(Anchor("≥ 10", 80.0))
    '≥ 10 → 80'
    """
    if anchor.score is None:
        return anchor.observed
    digits = 0 if anchor.score.is_integer() else 1
    return f"{anchor.observed} → {number(anchor.score, digits)}"
