"""What a study may say about scoring."""

from __future__ import annotations

from typing import Annotated, Literal

from evaluator.documents import Choice, Format
from evaluator.labels import Id, Positive, ProperShare, Share
from evaluator.scoring.fuzzy import OPERATORS
from evaluator.scoring.multicriteria import OPINIONS
from evaluator.tree.types import Scale, WholeSynthesis

Leading = Literal["crisp", "fuzzy"]


class FuzzyOptions(Format):
    """Fuzzy comprehensive evaluation: the operator that joins weights and memberships at every level."""

    operator: Annotated[str, Choice(OPERATORS)] = "weighted_average"


class ScoringOptions(Format):
    """How complete a customer's data must be, and the study's own scales for single indicators.

    `min_coverage` is the share of weight that must be observed, in the whole tree and on every axis.
    `scales` replaces the scale of an indicator by its id: money anchors belong to a company, not to
    an indicator tree. `synthesis` joins scores up the tree where a group does not say its own; the
    default is the weighted sum. `fuzzy` adds the fuzzy evaluation to every result, and `leading` says
    which of the two scores ranks, grades and classifies; a leading fuzzy score needs no further word.
    `second_opinions` are other methods whose ranking of the same scores is shown beside the score, for
    small sets. `borderline` is the margin, in points of score, within which a customer counts as close
    to a cut.
    """

    min_coverage: Share = 0.6
    scales: dict[Id, Scale] = {}
    synthesis: WholeSynthesis | None = None
    leading: Leading = "crisp"
    fuzzy: FuzzyOptions | None = None
    second_opinions: tuple[Annotated[str, Choice(OPINIONS, words=("fuzzy_topsis",))], ...] = ()
    borderline: Positive | None = None


class DriftOptions(Format):
    """The limits that a study states: of the index of an indicator, and of the change of a class's share."""

    indicators: Positive = 0.25
    classes: ProperShare = 0.1
