"""Weights of a tree with the evidence they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AllowInfNan, BeforeValidator

from evaluator.brief import Brief
from evaluator.displayed import Displayed
from evaluator.errors import Issue
from evaluator.tree import Tree
from evaluator.weighing.panel import Form

if TYPE_CHECKING:
    import polars as pl

Verdict = Literal["consistent", "inconsistent", "not_testable"]
Reason = Literal["", "incomplete", "inconsistent", "not_asked", "model"]


def _nan(value: object) -> object:
    return float("nan") if value is None else value


# JSON has no NaN: a figure that cannot be had is null in a file
Figure = Annotated[float, AllowInfNan(), BeforeValidator(_nan)]
Matrix = tuple[tuple[Figure, ...], ...]


@dataclass(frozen=True)
class Judged(Brief):
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
    gci: Figure = float("nan")


@dataclass(frozen=True)
class WorstJudgment(Brief):
    """The judgment that contradicts an expert's others most: `a` over `b`, judged too large.

    `error` says how many times too large it is against the weights, `suggested` what the other
    answers make of it, NaN where they do not tie the two together.
    """

    a: str
    b: str
    value: Figure
    error: Figure
    suggested: Figure


@dataclass(frozen=True)
class ExpertEvidence(Brief):
    """What one expert's answers to one group give, and whether they entered the group's weights.

    `weight` is the given one; `say` the share of the group's word, which sums to 1 over those used.
    `asked` counts the answers the expert was to give here and `answered` those that were given:
    comparisons, or scores. `missing` counts comparisons not made, asked for or not; `filled` is the
    matrix that entered the group's, with its blanks completed from the answers (empty without blanks,
    and where left out), and `parts` names the children that no comparison of this expert ties together
    (empty when all are tied).
    `worst` is named where the judgments exceed the convention's limit or the strict one; `cycles`
    counts triads a over b over c over a, and `reversed` holds pairs (a, b) judged in favour of a
    where b weighs more.
    """

    expert: str
    weight: float
    judged: Judged
    strict_verdict: Verdict
    used: bool
    reason: Reason = ""  # why left out; empty where used
    say: Figure | None = None
    asked: int = 0
    answered: int = 0
    missing: int = 0
    filled: Matrix = ()
    parts: tuple[tuple[str, ...], ...] = ()
    worst: WorstJudgment | None = None
    cycles: int = 0
    reversed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PolicyOutcome(Brief):
    """What one policy for contradictory answers would make of a group; NaN where it leaves nobody."""

    policy: str
    weights: tuple[Figure, ...]
    cr: Figure
    verdict: Verdict
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupWeights(Displayed):
    """The weights of one group's children, and how they came about.

    `joint` is the experts' aggregated matrix, NaN for a pair nobody compared; `with_all` what it would
    be if nobody whose answers can be used had been left out. Both are None for given weights.
    `coverage` is the share of the say that compared each pair itself, 1 without blanks. Where
    somebody's answers contradict each other, `policies` shows every policy side by side.
    """

    group: str
    children: tuple[str, ...]
    local: tuple[float, ...]
    experts: tuple[ExpertEvidence, ...] = ()
    joint: Judged | None = None
    with_all: Judged | None = None
    policies: tuple[PolicyOutcome, ...] = ()
    coverage: Matrix = ()


@dataclass(frozen=True)
class Weights(Displayed):
    """Local and global weights of every node, with their evidence.

    `local` sums to 1 in each group and `global_` over the leaves of the tree; the root has 1. `form` says
    how the experts were asked: CR is Saaty's for pairs, and for comparisons with the best and the worst the
    one of these answers; scores cannot contradict each other and are never tested.
    """

    tree: Tree
    source: Literal["given", "experts"]
    convention: str
    method: str
    aggregation: str
    groups: tuple[GroupWeights, ...]
    local: Mapping[str, float]
    global_: Mapping[str, float]
    issues: tuple[Issue, ...] = ()
    expert_weights: str = ""
    scale: str = "linear"
    form: Form = "pairs"

    def to_frame(self) -> pl.DataFrame:
        """Return a row per node: `id`, `parent`, `level` (0 at the root), `leaf`, `local`, `global`."""
        import polars as pl  # here, because weights are made without a frame

        tree = self.tree
        leaves = {leaf.id for leaf in tree.indicators}
        return pl.DataFrame(
            [
                (node, tree.parents[node].id if node in tree.parents else None, len(tree.path(node)) - 1,
                 node in leaves, self.local.get(node), self.global_[node])
                for node in tree.nodes
            ],
            schema={"id": pl.String, "parent": pl.String, "level": pl.Int64, "leaf": pl.Boolean,
                    "local": pl.Float64, "global": pl.Float64},
            orient="row",
        )  # fmt: skip
