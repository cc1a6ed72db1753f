"""What would make contradictory judgments consistent: the fewest changes, and how far each may move.

Nothing is changed here. A repair is a proposal to the expert who answered, with its effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.ahp.completion import complete
from evaluator.ahp.consistency_ratio import Consistency, consistency
from evaluator.ahp.graph import made
from evaluator.ahp.matrices import Array, as_matrices
from evaluator.ahp.perron import perron
from evaluator.ahp.priority_methods import PRIORITIES
from evaluator.ahp.revision import influence
from evaluator.ahp.scales import LARGEST, apply_scale
from evaluator.displayed import Displayed

GRID = np.array([1 / k for k in range(int(LARGEST), 1, -1)] + [float(k) for k in range(1, int(LARGEST) + 1)])
"""The answers of the 1–9 scale, 1/9 … 9."""

_INFLUENTIAL = 12  # answers among which sets of three are looked for
_PROMISING = 12  # of these sets, so many are tried on the grid, those with the least λmax first
_CHUNK = 20_000  # matrices computed at a time

Cells = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Change:
    """One answer changed: of element `i` over `j`, from `before` to `after`, so many `steps` on the grid."""

    i: int
    j: int
    before: float
    after: float
    steps: float


@dataclass(frozen=True)
class Repair(Displayed):
    """Changes that bring CR below its limit, and what they do.

    Attributes
    ----------
    changes : the answers changed. matrix : the answers with them, (n, n).
    cr_before, cr : consistency ratio before and after. limit : what CR must lie below.
    weights_before, weights : priorities before and after, (n,).
    ranks_before, ranks : their ranks, 1 the best, ties sharing the better.
    fewest : no smaller number of changed answers reaches the limit.
    """

    changes: tuple[Change, ...]
    matrix: Array
    cr_before: float
    cr: float
    limit: float
    weights_before: Array
    weights: Array
    ranks_before: NDArray[np.int64]
    ranks: NDArray[np.int64]
    fewest: bool

    @property
    def keeps_ranking(self) -> bool:
        """Whether the order of the elements stays as it was."""
        return bool((self.ranks == self.ranks_before).all())


@dataclass(frozen=True)
class _Procedure:
    """How a matrix of answers is judged."""

    method: str
    convention: str
    ri: str | float | None
    scale: str

    def judge(self, A: Array) -> Consistency:
        ratios = apply_scale(A, self.scale)
        return consistency(ratios, self.method, ri=self.ri, scale=self.scale, convention=self.convention)

    def ratios(self, A: Array) -> Array:
        """Return CR of answers (m, n, n), in chunks."""
        parts = [self.judge(A[start : start + _CHUNK]).cr for start in range(0, len(A), _CHUNK)]
        return np.concatenate(parts) if parts else np.empty(0)


def repairs(
    A: ArrayLike,
    method: str = "eigenvector",
    *,
    convention: str = "strict",
    ri: str | float | None = None,
    scale: str = "linear",
    count: int = 10,
) -> list[Repair]:
    """Return the smallest changes of answers that make one matrix consistent, (n, n), best first.

    As few answers as possible are changed, each to a value of the 1–9 grid; among repairs of the
    same answers the one that moves least stands, and repairs are ordered by how far they move.
    All sets of one and two answers are searched, and sets of three among the most influential ones;
    where these do not suffice, one repair changes the most influential answer again and again, and
    is not called the fewest. A set whose λmax stays too large even at its best values is left aside
    without trying the grid.

    Parameters
    ----------
    A : answers of one expert to one group, (n, n), 1/9 to 9; NaN is a comparison not made, and stays so.
    method, convention, ri : as of `consistency`. scale : judgment scale the answers are put on.
    count : at most so many repairs.

    Returns
    -------
    list of Repair
        empty when the answers are consistent already, or cannot be tested.

    Raises
    ------
    EvaluationError
        when there is no such method, convention, random index or scale.
    ValueError
        when A is not one square matrix.

    References
    ----------
    Bozóki, S., Fülöp, J., Poesz, A. (2015), Central European J. of Operations Research 23, 849–866.
    doi:10.1007/s10100-014-0346-7

    >>> A = [[1, 2, 4, 1 / 8], [1 / 2, 1, 2, 4], [1 / 4, 1 / 2, 1, 2], [8, 1 / 4, 1 / 2, 1]]
    >>> best = repairs(A)[0]
    >>> [(c.i, c.j, c.before, c.after) for c in best.changes], best.cr < best.limit < best.cr_before
    ([(0, 3, 0.125, 3.0)], True)
    """
    answers = as_matrices(A)
    if answers.ndim != 2:
        raise ValueError(f"repairs are of one matrix, (n, n), not {answers.shape}")
    procedure = _Procedure(method, convention, ri, scale)
    before = procedure.judge(answers)
    if before.verdict != "inconsistent":
        return []
    p, q = np.nonzero(np.triu(made(answers), 1))
    cells = tuple(zip(p.tolist(), q.tolist(), strict=True))
    for size in (1, 2, 3):
        looked_at = cells if size < 3 else _most_influential(answers, cells, procedure)
        found = _with_changes(answers, before, procedure, size, looked_at)
        if found:
            return sorted(found, key=_effort)[:count]
    return list(_by_influence(answers, before, procedure))


def _effort(repair: Repair) -> tuple[float, float]:
    return sum(change.steps for change in repair.changes), repair.cr


def _with_changes(
    A: Array, before: Consistency, procedure: _Procedure, size: int, cells: Cells
) -> list[Repair]:
    """Return the mildest repair of every set of `size` answers that can reach the limit."""
    sets = np.array(list(combinations(cells, size)), np.int64).reshape(-1, size, 2)
    if not len(sets):
        return []
    best = _best_possible(A, sets, before, procedure)
    order = np.argsort(best, kind="stable")
    if PRIORITIES[procedure.method].function.weigh is perron:  # other estimates of λmax may lie below it
        order = order[best[order] < before.limit]
    found = []
    for k in order[: _PROMISING if size > 2 else None]:
        matrices, steps = _on_grid(A, sets[k].tolist())
        ratios = procedure.ratios(matrices)
        reached = np.flatnonzero(ratios < before.limit)
        if len(reached):
            mildest = reached[np.lexsort((ratios[reached], steps[reached]))[0]]
            found.append(_repair(A, matrices[mildest], before, procedure, fewest=True))
    return found


def _best_possible(A: Array, sets: NDArray[np.int64], before: Consistency, procedure: _Procedure) -> Array:
    """Return the CR of each set of cells at the values that make λmax least; −∞ where any would do.

    Any value would do where the rest no longer ties the elements together.
    """
    ratios = np.broadcast_to(apply_scale(A, procedure.scale), (len(sets), *A.shape)).copy()
    k, i, j = np.arange(len(sets))[:, None], sets[..., 0], sets[..., 1]
    ratios[k, i, j] = ratios[k, j, i] = np.nan
    ci = consistency(complete(ratios).matrix, ri=1.0).ci
    return np.where(np.isnan(ci), -np.inf, ci / before.ri)


def _most_influential(A: Array, cells: Cells, procedure: _Procedure) -> Cells:
    slope = np.abs(influence(apply_scale(A, procedure.scale)))
    return tuple(sorted(sorted(cells, key=lambda cell: -slope[cell])[:_INFLUENTIAL]))


def _on_grid(A: Array, cells: Iterable[Iterable[int]]) -> tuple[Array, Array]:
    """Return A with every combination of grid values in the cells, and how many steps that moves."""
    places = list(cells)
    values = np.stack(np.meshgrid(*[GRID] * len(places), indexing="ij"), -1).reshape(-1, len(places))
    matrices = np.broadcast_to(A, (len(values), *A.shape)).copy()
    steps = np.zeros(len(values))
    for c, (i, j) in enumerate(places):
        matrices[:, i, j], matrices[:, j, i] = values[:, c], 1 / values[:, c]
        steps += np.abs(_place(values[:, c]) - _place(A[i, j]))
    return matrices, steps


def _place(value: ArrayLike) -> Array:
    """Return where answers stand on the grid: 1 is 0, 9 is 8, 1/9 is −8."""
    x = np.asarray(value, np.float64)
    return np.where(x >= 1, x - 1, 1 - 1 / x)


def _by_influence(A: Array, before: Consistency, procedure: _Procedure) -> Iterator[Repair]:
    """Yield one repair: the most influential answer takes its best value, until the limit is reached."""
    matrix, open_ = A.copy(), np.triu(made(A), 1)
    while open_.any():
        slope = np.where(open_, np.abs(influence(apply_scale(matrix, procedure.scale))), -1.0)
        i, j = (int(place) for place in np.unravel_index(slope.argmax(), slope.shape))
        open_[i, j] = False
        trials, _ = _on_grid(matrix, ((i, j),))
        ratios = procedure.ratios(trials)
        matrix = trials[int(np.nanargmin(ratios))]
        if np.nanmin(ratios) < before.limit:
            yield _repair(A, matrix, before, procedure, fewest=False)
            return


def _repair(A: Array, matrix: Array, before: Consistency, procedure: _Procedure, *, fewest: bool) -> Repair:
    after = procedure.judge(matrix)
    p, q = np.nonzero(np.triu(made(A) & (np.abs(_place(matrix) - _place(A)) > 1e-9), 1))
    changes = tuple(
        Change(i, j, float(A[i, j]), float(matrix[i, j]), float(abs(_place(matrix[i, j]) - _place(A[i, j]))))
        for i, j in zip(p.tolist(), q.tolist(), strict=True)
    )
    return Repair(
        changes=changes,
        matrix=matrix,
        cr_before=float(before.cr),
        cr=float(after.cr),
        limit=float(before.limit),
        weights_before=before.priorities,
        weights=after.priorities,
        ranks_before=ranks(before.priorities),
        ranks=ranks(after.priorities),
        fewest=fewest,
    )


def ranks(w: ArrayLike) -> NDArray[np.int64]:
    """Return ranks of weights, (..., n) → (..., n): 1 the largest, equal weights (to 1e-9) share the better.

    >>> ranks([0.4, 0.1, 0.4, 0.1]).tolist()
    [1, 3, 1, 3]
    """
    weights = np.asarray(w, np.float64)
    return np.asarray((weights[..., None, :] > weights[..., :, None] + 1e-9).sum(-1) + 1)
