"""Weights of a tree with the evidence they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AllowInfNan, BeforeValidator

from evaluator.errors import Issue
from evaluator.tree import Tree

Verdict = Literal["consistent", "inconsistent", "not_testable"]
Reason = Literal["", "incomplete", "inconsistent"]


def _nan(value: object) -> object:
    return float("nan") if value is None else value


# JSON has no NaN: a figure that cannot be had is null in a file
Figure = Annotated[float, AllowInfNan(), BeforeValidator(_nan)]
Matrix = tuple[tuple[Figure, ...], ...]


@dataclass(frozen=True)
class Judged:
    """One judgment matrix of a group with what it gives: an expert's, or the experts' together.

    `matrix` holds NaN where no comparison was made; `weights` and the figures of consistency are
    NaN where they cannot be had. `limit` is the CR below which judgments count as consistent.
    """

    matrix: Matrix
    weights: tuple[Figure, ...]
    lambda_max: Figure
    ci: Figure
    ri: Figure
    cr: Figure
    limit: Figure
    verdict: Verdict


@dataclass(frozen=True)
class ExpertEvidence:
    """What one expert's answers to one group give, and whether they entered the group's weights.

    `weight` is the given one; `say` the share of the group's word, which sums to 1 over those used.
    """

    expert: str
    weight: float
    judged: Judged
    strict_verdict: Verdict
    used: bool
    reason: Reason = ""  # why left out; empty where used
    say: Figure | None = None


@dataclass(frozen=True)
class PolicyOutcome:
    """What one policy for contradictory answers would make of a group; NaN where it leaves nobody."""

    policy: str
    weights: tuple[Figure, ...]
    cr: Figure
    verdict: Verdict
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupWeights:
    """The weights of one group's children, and how they came about.

    `joint` is the experts' aggregated matrix; `with_all` what it would be if nobody who answered
    completely had been left out. Both are None for given weights. Where somebody's answers contradict
    each other, `policies` shows every policy side by side.
    """

    group: str
    children: tuple[str, ...]
    local: tuple[float, ...]
    experts: tuple[ExpertEvidence, ...] = ()
    joint: Judged | None = None
    with_all: Judged | None = None
    policies: tuple[PolicyOutcome, ...] = ()


@dataclass(frozen=True)
class Weights:
    """Local and global weights of every node, with their evidence.

    `local` sums to 1 in each group and `global_` over the leaves of the tree; the root has 1.
    """

    tree: Tree
    source: Literal["given", "experts"]
    profile: str
    method: str
    aggregation: str
    groups: tuple[GroupWeights, ...]
    local: Mapping[str, float]
    global_: Mapping[str, float]
    issues: tuple[Issue, ...] = ()
    expert_weights: str = ""
