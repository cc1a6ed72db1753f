"""Answers that all lie on a narrower scale than the tree scores them on: the survey asked otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from evaluator.data.questions import line
from evaluator.errors import Issue, Severity
from evaluator.measuring.origins import Origin
from evaluator.messages import LANGUAGES, Named, Phrase, text
from evaluator.tree import Indicator, Tree
from evaluator.tree.types import Linear

Ends = tuple[float, float]

_NARROWER: dict[Ends, tuple[Ends, ...]] = {
    (1, 7): ((1, 5),), (1, 10): ((1, 5), (1, 7)), (0, 10): ((1, 5), (1, 7)),
}  # fmt: skip  # by the scale of a survey, those that people ask on instead
_ENOUGH, _SEVERAL = 20, 2  # values of a measure, and measures, from which on it is no chance


def narrow_answers(frame: pl.DataFrame, tree: Tree, origins: Mapping[str, Origin | None]) -> Iterator[Issue]:
    """Yield which measures of the study's own table were probably asked on a narrower scale than their own.

    Answers from 1 to 5 scored on 1 to 10 make everybody poor. Of one measure that may be what customers
    think; several, of at least 20 values each and all of them whole, are a survey on another scale.
    """
    asked: defaultdict[Ends, list[Indicator]] = defaultdict(list)
    for leaf in tree.indicators:
        if origins[leaf.measure] == "measures" and isinstance(leaf.scale, Linear):
            low, high = sorted((leaf.scale.worst, leaf.scale.best))
            asked[low, high].append(leaf)
    for ends, narrower in _NARROWER.items():
        found = [leaf for leaf in asked[ends] if _answers(frame[leaf.measure], narrower[-1])]
        if len(found) >= _SEVERAL:
            yield _issue(frame, found, ends, narrower)


def _answers(values: pl.Series, ends: Ends) -> bool:
    """Return whether values are enough, and all of them whole numbers on a scale."""
    given = values.drop_nulls()
    return len(given) >= _ENOUGH and bool((given.is_between(*ends) & (given == given.round())).all())


def _issue(frame: pl.DataFrame, leaves: Sequence[Indicator], asked: Ends, narrower: Sequence[Ends]) -> Issue:
    values = pl.concat([frame[leaf.measure].drop_nulls().alias("value") for leaf in leaves])
    first, last = next(ends for ends in narrower if values.is_between(*ends).all())
    rising, falling = {"worst": first, "best": last}, {"worst": last, "best": first}
    scales = {
        leaf.id: {"kind": "linear"} | (rising if leaf.direction == "benefit" else falling) for leaf in leaves
    }
    names = {lang: text("comma", lang).join(leaf.name[lang] for leaf in leaves) for lang in LANGUAGES}
    stated = Phrase("data.own_scales", {"line": line(scoring={"scales": scales})})
    detail = {
        "count": len(values), "low": f"{asked[0]:g}", "high": f"{asked[1]:g}",
        "first": f"{first:g}", "last": f"{last:g}", "line": stated,
    }  # fmt: skip
    subject = Named(", ".join(leaf.measure for leaf in leaves), names)
    return Issue("DATA-546", subject, detail, severity=Severity.WARNING)
