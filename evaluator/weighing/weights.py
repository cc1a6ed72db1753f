"""Weights of a tree with the evidence they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evaluator.errors import Issue
from evaluator.tree import Tree

Verdict = Literal["consistent", "inconsistent", "not_testable"]
Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Judged:
    """One judgment matrix of a group with what it gives: an expert's, or the experts' together.

    `matrix` holds NaN where no comparison was made; `weights` and the figures of consistency are
    NaN where they cannot be had. `limit` is the CR below which judgments count as consistent.
    """

    matrix: Matrix
    weights: tuple[float, ...]
    lambda_max: float
    ci: float
    ri: float
    cr: float
    limit: float
    verdict: Verdict


@dataclass(frozen=True)
class ExpertEvidence:
    """What one expert's answers to one group give, and whether they entered the group's weights."""

    expert: str
    weight: float
    judged: Judged
    strict_verdict: Verdict
    used: bool
    reason: str = ""  # why left out: "incomplete" or "inconsistent"; empty where used


@dataclass(frozen=True)
class GroupWeights:
    """The weights of one group's children, and how they came about.

    `joint` is the experts' aggregated matrix; `with_all` what it would be if nobody who answered
    completely had been left out. Both are None for given weights.
    """

    group: str
    children: tuple[str, ...]
    local: tuple[float, ...]
    experts: tuple[ExpertEvidence, ...] = ()
    joint: Judged | None = None
    with_all: Judged | None = None


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
