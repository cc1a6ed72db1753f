"""What a study may choose about weights."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from evaluator import ahp
from evaluator.documents import Choice, Format
from evaluator.labels import NonNegative, PositiveCount, ProperShare, Share
from evaluator.tree.types import Profiles
from evaluator.weighing.expert_weights import EXPERT_WEIGHTS
from evaluator.weighing.objective import COMBINATIONS, OBJECTIVE

Source = Literal["experts", "scores", "best_worst", "given"]
Policy = Literal["leave_out", "keep", "down_weight", "stop"]
Models = Literal["show", "count"]


class ObjectiveOptions(Format):
    """Weights from the data, taken from the customers' indicator scores when the model is fitted.

    `method` says how, `combine` how they join the experts' or given weights; `alpha` is the share of
    the latter where a combination has one.
    """

    method: Annotated[str, Choice(OBJECTIVE)] = "entropy"
    combine: Annotated[str, Choice(COMBINATIONS)] = "multiplicative"
    alpha: Share = 0.5


class UncertaintyOptions(Format):
    """How the uncertainty of weights is drawn: how often, and the share of draws an interval holds."""

    draws: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    level: ProperShare = 0.95


class ScoreOptions(Format):
    """How importance scores are asked and read: their highest level, and what two scores say of each other.

    ``differences`` reads a difference d as the ratio 1 + d, ``shares`` takes the scores themselves for
    ratios, so that weights are normalised scores.
    """

    reading: Annotated[str, Choice(ahp.SCORE_READINGS)] = "differences"
    highest: Literal[9, 10] = 9


class WeighingOptions(Format):
    """Where weights come from, and how judgments become weights.

    `source` says what experts are asked: comparisons in pairs (``experts``), importance `scores`, or
    comparisons with the best and the worst alone (``best_worst``); or that the tree's own weights are
    taken (``given``). `method` is that of the convention when not stated: the eigenvector, but
    for conventions that reproduce a tool with another; the best–worst method has two models.
    `aggregation` puts judgments together (``aij``), or priorities (``aip``) where the answers are no
    judgments in pairs.
    `inconsistent` says what happens when an expert's answers to a group contradict each other
    beyond the convention's limit: the expert is left out of that group, kept with a warning, kept with
    a say of limit / CR, or nothing is weighed until the answers are revised. Answers that say they come
    from a model (``by: model/…``) are shown, and count only with ``models: count``. With fewer than
    `min_experts` whose answers to a group count, nothing is weighed either. `expert_weights` says what
    multiplies the experts' given weights. `scale` says what the answers 1 to 9 are worth as
    ratios; it is applied to every expert's answers before they are put together. `fuzzy` shows the
    weights of answers taken as triangular numbers beside the crisp ones, `objective` joins weights from
    the data with them; both are off unless stated. `spread` says how uncertain given weights are, as the
    standard deviation of each one's logarithm (0.2: mostly within a fifth); unstated, they are certain.
    """

    source: Source = "experts"
    method: Annotated[str, Choice(ahp.PRIORITIES, ahp.BEST_WORST)] | None = None
    aggregation: Annotated[str, Choice(ahp.AGGREGATIONS)] | None = None
    scores: ScoreOptions = ScoreOptions()
    inconsistent: Policy = "leave_out"
    models: Models = "show"
    min_experts: PositiveCount = 1
    expert_weights: Annotated[str, Choice(EXPERT_WEIGHTS)] = "given"
    scale: Annotated[str, Choice(ahp.SCALES)] = "linear"
    fuzzy: Annotated[str, Choice(ahp.FUZZY_PRIORITIES)] | None = None
    objective: ObjectiveOptions | None = None
    uncertainty: UncertaintyOptions = UncertaintyOptions()
    spread: NonNegative | None = None

    @property
    def by_matrices(self) -> bool:
        """Whether the answers are judgment matrices, whose priority method the convention may say."""
        return self.source == "experts" or (self.source == "scores" and self.scores.reading == "differences")


class ProfileOptions(Format):
    """Whether customers of another stage or type have weights of their own, and where these come from.

    ``stated`` takes the shares of the tree's profiles, ``experts`` asks the study's experts for each;
    ``profiles: on`` is short for the former. `own` are profiles in place of the tree's.
    """

    weights: Literal["off", "stated", "experts"] = "off"
    own: Profiles | None = None


def _switched(value: object) -> object:
    return {"weights": {"on": "stated", "off": "off"}.get(value, value)} if isinstance(value, str) else value


ProfileChoice = Annotated[
    ProfileOptions, BeforeValidator(_switched, json_schema_input_type=Literal["on", "off"] | ProfileOptions)
]
