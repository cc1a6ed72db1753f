"""What a study may choose about weights."""

from __future__ import annotations

from typing import Literal

from evaluator.documents import Format

Source = Literal["experts", "given"]
Policy = Literal["leave_out", "keep", "down_weight", "stop"]
ExpertWeights = Literal["given", "authority", "consistency", "closeness"]
Scale = Literal["linear", "logarithmic", "root", "inverse_linear", "balanced", "generalized_balanced",
                "adaptive_balanced", "adaptive", "power", "geometric"]  # fmt: skip


class WeighingOptions(Format):
    """Where weights come from, and how judgments become weights.

    `inconsistent` says what happens when an expert's answers to a group contradict each other
    beyond the profile's limit: the expert is left out of that group, kept with a warning, kept with
    a say of limit / CR, or nothing is weighed until the answers are revised. `expert_weights` says
    what multiplies the experts' given weights. `scale` says what the answers 1 to 9 are worth as
    ratios; it is applied to every expert's answers before they are put together.
    """

    source: Source = "experts"
    method: Literal["eigenvector", "harker", "geometric_mean", "normalized_columns"] = "eigenvector"
    aggregation: Literal["aij", "aip", "aip_geometric"] = "aij"
    inconsistent: Policy = "leave_out"
    expert_weights: ExpertWeights = "given"
    scale: Scale = "linear"
