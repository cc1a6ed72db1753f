"""Second opinions on a ranking: what relative methods make of the same scores, who moves and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.columns import TOLERANCE
from evaluator.displayed import Displayed
from evaluator.errors import Issue, Severity
from evaluator.measuring.membership_functions import memberships, score_ladder
from evaluator.scoring.agreement import rank_agreement
from evaluator.scoring.fuzzy_closeness import fuzzy_topsis
from evaluator.scoring.model import Model
from evaluator.scoring.multicriteria import OPINIONS
from evaluator.tree import Group, Indicator, Tree
from evaluator.tree.types import leaves_of

Array = NDArray[np.float64]

MOST = 2000  # rated customers: every method compares each with all others
MOVERS = 10


@dataclass(frozen=True)
class Mover:
    """A customer whom another method ranks elsewhere.

    `leaf` explains the move best: left out of both methods, the two ranks lie closest (`without` apart,
    as `moved`). It is None where no single leaf brings them at least to half the distance.
    """

    id: str
    rank: int
    other: int
    leaf: str | None
    without: int

    @property
    def moved(self) -> int:
        """Ranks gained with the other method; negative: lost."""
        return self.rank - self.other


@dataclass(frozen=True)
class Opinion(Displayed):
    """What one method says: its agreement with the score, everybody's rank, and who moves most.

    `closeness` (0–1, higher is better) and `ranks` (ties share the better one) stand in the order of
    `SecondOpinions.ids`; `moved` counts the customers whose two ranks differ, `movers` are the first of them.
    """

    method: str
    spearman: float
    kendall: float
    closeness: tuple[float, ...]
    ranks: tuple[int, ...]
    movers: tuple[Mover, ...]
    moved: int


@dataclass(frozen=True)
class SecondOpinions(Displayed):
    """What other methods say of the rated customers, in the order of their ranks; none changes a score."""

    ids: tuple[str, ...]
    ranks: tuple[int, ...]
    opinions: tuple[Opinion, ...]


def opinion_issues(model: Model, results: pl.DataFrame, methods: Sequence[str]) -> Iterator[Issue]:
    """Yield why there are no second opinions though some are asked for.

    Fewer than two customers are rated, or more than `MOST`. customers have weights of different profiles,
    which no relative method can take.
    """
    if not methods:
        return
    rated = results.filter(pl.col("status") == "rated").height
    if not 2 <= rated <= MOST:
        detail = {"rated": rated, "most": MOST}
        yield Issue("SCORE-652", model.tree.id, detail, severity=Severity.WARNING)
    if model.profiles:
        yield Issue("SCORE-653", model.tree.id, severity=Severity.WARNING)


def second_opinions(model: Model, results: pl.DataFrame, methods: Sequence[str]) -> SecondOpinions | None:
    """Return what relative methods make of the rated customers; None where there are no opinions to have.

    Each method reads the scores of the indicators, all benefits, with the model's weights. A missing
    score is that of the closest group above, as redistribution would have it. Fuzzy TOPSIS reads the
    triangular numbers of the grades a score lies between.

    Parameters
    ----------
    results : scored and ranked, as `ranked` returns them.
    methods : names in `OPINIONS`, and ``fuzzy_topsis``.

    Raises
    ------
    EvaluationError
        when there is no such method.
    """
    if not methods or any(opinion_issues(model, results, methods)):
        return None
    rated = results.filter(pl.col("status") == "rated").sort("rank", "id")
    looked = _Looked(model, _leaf_scores(model.tree, rated), rated["score"].to_numpy())
    ids = tuple(str(name) for name in rated["id"])
    opinions = tuple(_opinion(method, looked, ids) for method in methods)
    return SecondOpinions(ids, tuple(_places(looked.scores).tolist()), opinions)


@dataclass(frozen=True)
class _Looked:
    """What the methods look at: scores of leaves (m, n), and the score that ranks (m)."""

    model: Model
    matrix: Array
    scores: Array

    def closeness(self, method: str, weights: Array) -> Array:
        """Return what a method says with some weights; leaves of weight 0 are left out."""
        kept = weights > 0
        X, shares = self.matrix[:, kept], weights[kept]
        if method == "fuzzy_topsis":
            return fuzzy_topsis(_triangles(self.model.tree, X), np.repeat(shares[:, None], 3, axis=1))
        return OPINIONS[method].function(X, shares, np.ones(len(shares)))

    def without(self, leaf: str) -> Array:
        """Return the weights of all leaves where one is left out; its siblings divide its share."""
        shares = dict(_shares(self.model, self.model.tree.root, 1.0, leaf))
        return np.array([shares.get(node.id, 0.0) for node in self.model.tree.indicators])

    def base(self, weights: Array) -> Array:
        """Return the score with other weights; where it is no sum, or rules change it, the score as it is."""
        return self.matrix @ weights if self.model.additive and not self.model.tree.rules else self.scores


def _opinion(method: str, looked: _Looked, ids: Sequence[str]) -> Opinion:
    weights = np.array([looked.model.global_[leaf.id] for leaf in looked.model.tree.indicators])
    closeness = looked.closeness(method, weights)
    agreement = rank_agreement(looked.scores, closeness)
    ranks, others = _places(looked.scores), _places(closeness)
    moved = np.abs(ranks - others)
    most = [place for place in np.argsort(-moved, kind="stable")[:MOVERS].tolist() if moved[place]]
    leaves = _explaining(method, looked, most, ranks - others)
    movers = tuple(
        Mover(ids[place], int(ranks[place]), int(others[place]), *why)
        for place, why in zip(most, leaves, strict=True)
    )
    return Opinion(
        method=method,
        spearman=agreement.spearman,
        kendall=agreement.kendall,
        closeness=tuple(closeness.tolist()),
        ranks=tuple(others.tolist()),
        movers=movers,
        moved=int((moved > 0).sum()),
    )


def _explaining(
    method: str, looked: _Looked, places: Sequence[int], moved: NDArray[np.int64]
) -> list[tuple[str | None, int]]:
    """Return for each place the leaf without which its two ranks lie closest, and how far apart then."""
    best: list[tuple[str | None, int]] = [(None, int(moved[place])) for place in places]
    for leaf in looked.model.tree.indicators if len(looked.model.tree.indicators) > 1 else ():
        weights = looked.without(leaf.id)
        base, closeness = looked.base(weights), looked.closeness(method, weights)
        for number, place in enumerate(places):
            apart = _place(base, place) - _place(closeness, place)
            if abs(apart) < abs(best[number][1]):
                best[number] = (leaf.id, apart)
    return [
        (leaf, apart) if 2 * abs(apart) <= abs(moved[place]) else (None, int(moved[place]))
        for place, (leaf, apart) in zip(places, best, strict=True)
    ]


def _shares(model: Model, node: Group | Indicator, share: float, out: str) -> Iterator[tuple[str, float]]:
    """Yield each leaf's share of the whole where one leaf is out, and groups of nothing but it with it."""
    if isinstance(node, Indicator):
        yield node.id, share
        return
    there = [child for child in node.children if any(leaf.id != out for leaf in leaves_of(child))]
    total = sum(model.local[child.id] for child in there)
    for child in there:
        part = share * model.local[child.id] / total if total > 0 else 0.0
        yield from _shares(model, child, part, out)


def _leaf_scores(tree: Tree, rated: pl.DataFrame) -> Array:
    """Return the scores of the leaves, (m, n), a missing one replaced by that of the closest group above."""
    columns = []
    for leaf in tree.indicators:
        below_root = [f"score_{node}" for node in reversed(tree.path(leaf.id)) if node != tree.root.id]
        columns.append(pl.coalesce(*below_root, "score").alias(leaf.id))
    return rated.select(columns).to_numpy().astype(np.float64)


def _triangles(tree: Tree, X: Array) -> Array:
    """Return scores as triangular numbers, (m, n, 3): a grade spans its two neighbours."""
    low, high = tree.score_range
    falling = [grade.score for grade in tree.grades]
    peaks = np.array(falling)
    feet = np.stack([np.array([*falling[1:], low]), peaks, np.array([high, *falling[:-1]])], axis=1) - low
    placed = memberships(X.reshape(-1), score_ladder(tree.grades))
    return np.asarray((placed @ feet).reshape(*X.shape, 3))


def _places(values: Array) -> NDArray[np.int64]:
    """Return ranks, the highest value 1; ties share the better rank (1, 2, 2, 4)."""
    return np.array([_place(values, place) for place in range(len(values))])


def _place(values: Array, place: int) -> int:
    return 1 + int((values > values[place] + TOLERANCE).sum())
