"""Break-even weights: from which weight on somebody else is first, and classes are others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.analysis.robustness.customers import Customers, customers_of
from evaluator.analysis.robustness.matrices import fuzzy_leads, looks_at_scores
from evaluator.analysis.robustness.places import Rules
from evaluator.analysis.robustness.standing import Standing
from evaluator.analysis.robustness.tallies import ranks
from evaluator.columns import TOLERANCE
from evaluator.displayed import Displayed
from evaluator.errors import not_among, raise_errors
from evaluator.scoring.model import Model

Array = NDArray[np.float64]

TENTH = 0.1
CELLS = 4_000_000
"""Weights at which something may change, customer by customer, that are held at once."""
_NARROW = 1e-12  # between two weights at which something may change


@dataclass(frozen=True)
class BreakEvens(Displayed):
    """At which weight of each node something changes, the nearest below and above what it is; null: nowhere.

    Cuts stay frozen; siblings share what the node leaves them as they did.

    Attributes
    ----------
    nodes : ``node``, its ``weight`` among its siblings, ``first_down`` and ``first_up``: where somebody new
        is first (tied or alone), with ``first_down_id`` and ``first_up_id``, and ``reason`` why there is none
        to tell: ``synthesis`` (minimum and OWA have none, nor have sums and products above one another),
        ``closeness``, ``fuzzy``, ``rules`` (they look at scores), ``points`` (of bonuses on a product),
        ``alone`` (no siblings with a weight).
    classes : ``node``, ``value`` (a class or grade that decides), ``count`` now, and where it has lost or
        gained a tenth: ``loses_down``, ``gains_down``, ``loses_up``, ``gains_up``.
    customers : of those asked for, ``node``, ``id``, ``down`` and ``up``, where its class changes, and to
        what: ``class_down``, ``class_up`` (null: not rated, or none).
    """

    deciding: str
    nodes: pl.DataFrame
    classes: pl.DataFrame = field(repr=False)
    customers: pl.DataFrame = field(repr=False)

    def to_frame(self) -> pl.DataFrame:
        """Return the nodes."""
        return self.nodes


def break_even_weights(model: Model, measures: Any, customers: Sequence[str] = ()) -> BreakEvens:
    """Return the break-even weights of every node of the tree, also below the axes.

    With complete data a score is linear in a weight, with a missing value's weight handed on a ratio of
    linear terms: two customers cross at the roots of a quadratic. Bonuses, vetoes and the least coverage make
    pieces. A weighted product is linear in logarithms.

    Parameters
    ----------
    measures : the dataframe that was scored. customers : ids whose class is followed.

    Raises
    ------
    EvaluationError
        as `scoring.score`; for a customer who is not among those measured.

    >>> from evaluator.scoring import fit
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> tree = load_tree("quick_value")
    >>> frame = pl.DataFrame({"id": ["a", "b"]} | {leaf.measure: [1.0, 2.0] for leaf in tree.indicators})
    >>> found = break_even_weights(fit(tree, weigh(tree), frame), frame)
    >>> set(found.nodes["node"]) == set(tree.nodes) - {tree.root.id}
    True
    """
    held = customers_of(model, measures, draw_missing=False)
    ids = set(held.leaves["id"].to_list())
    raise_errors(not_among("SCORE-651", customers, ids))
    rules = Rules(held)
    found = [_of(held, node, rules, customers) for node in model.tree.nodes if node != model.tree.root.id]
    return BreakEvens(
        model.tree.deciding,
        pl.DataFrame([one.node for one in found], schema=_NODES, orient="row"),
        pl.DataFrame([row for one in found for row in one.classes], schema=_CLASSES, orient="row"),
        pl.DataFrame([row for one in found for row in one.customers], schema=_CUSTOMERS, orient="row"),
    )


_FLOATS = ("weight", "first_down", "first_up")
_NODES = {"node": pl.String, **dict.fromkeys(_FLOATS, pl.Float64), "first_down_id": pl.String,
          "first_up_id": pl.String, "reason": pl.String}  # fmt: skip
_CLASSES = {"node": pl.String, "value": pl.String, "count": pl.Int64} | dict.fromkeys(
    ("loses_down", "gains_down", "loses_up", "gains_up"), pl.Float64
)
_CUSTOMERS = {"node": pl.String, "id": pl.String, "down": pl.Float64, "class_down": pl.String,
              "up": pl.Float64, "class_up": pl.String}  # fmt: skip


@dataclass(frozen=True)
class _Node:
    node: tuple[Any, ...]
    classes: list[tuple[Any, ...]] = field(default_factory=list)
    customers: list[tuple[Any, ...]] = field(default_factory=list)


def _of(held: Customers, node: str, rules: Rules, asked: Sequence[str]) -> _Node:
    model = held.model
    weight = model.local[node]
    reason = _reason(model, node)
    if reason:
        return _Node((node, weight, None, None, None, None, reason))
    standing = Standing(held, node, rules)
    down: tuple[float | None, str | None] = (None, None)
    up = down
    if standing.whole is None:
        reason = "synthesis"
    elif standing.whole.form == "product" and _uneven(rules):
        reason = "points"
    else:
        down, up = (_first(standing, held, WeightRange(weight, rising)) for rising in (False, True))
    classes, customers = [], []
    if standing.decidable and not (held.model.tree.deciding == "grade" and reason):
        moves = [_moves(standing, WeightRange(weight, rising)) for rising in (False, True)]
        classes = list(_classes(standing, held, node, moves))
        customers = list(_customers(standing, held, node, moves, asked))
    return _Node((node, weight, down[0], up[0], down[1], up[1], reason), classes, customers)


def _reason(model: Model, node: str) -> str | None:
    """Return why nothing can be told of a node's weight."""
    siblings = [child.id for child in model.tree.parents[node].children if child.id != node]
    if node in model.unobserved or not any(model.local[sibling] > 0 for sibling in siblings):
        return "alone"
    if model.by_closeness:
        return "closeness"
    if fuzzy_leads(model):
        return "fuzzy"
    return "rules" if looks_at_scores(model.tree) else None


def _uneven(rules: Rules) -> bool:
    return rules.points is not None and len(np.unique(rules.points)) > 1


@dataclass(frozen=True)
class WeightRange:
    """The weights above the one there is, or below it."""

    weight: float
    rising: bool

    def pieces(self, moves: Iterable[Array]) -> tuple[Array, Array]:
        """Return where pieces begin, and a weight inside each, (pieces, customers), the nearest first.

        Between neighbouring moves nothing changes; a piece too narrow to tell is NaN.
        """
        found = np.stack(list(moves))
        end = 1.0 if self.rising else 0.0
        inside = (
            (found > self.weight) & (found < end) if self.rising else (found < self.weight) & (found > end)
        )
        near = np.where(inside, np.abs(found - self.weight), np.inf)
        near.sort(axis=0)
        span = abs(end - self.weight)
        here = np.zeros((1, near.shape[1]))
        begin = np.concatenate([here, near])
        after = np.concatenate([near, here + span])
        width = np.where(np.isfinite(begin), np.minimum(after, span) - begin, np.nan)
        middle = np.where(width > _NARROW, begin + width / 2, np.nan)
        sign = 1.0 if self.rising else -1.0
        with np.errstate(invalid="ignore"):
            return self.weight + sign * begin, self.weight + sign * middle


def _first(standing: Standing, held: Customers, side: WeightRange) -> tuple[float | None, str | None]:
    """Return from where on somebody new is first, and who."""
    first = ranks(standing.score(np.full((1, held.count), side.weight)))[0] == 1
    leaders = standing.different(np.flatnonzero(first)).tolist()
    if not leaders:
        return None, None
    at = np.concatenate([_ahead(standing, side, leaders, chosen) for chosen in _parts(standing, leaders)])
    at[first] = np.inf
    nearest = float(at.min())
    if not np.isfinite(nearest):
        return None, None
    tied = np.flatnonzero(at <= nearest + _NARROW)
    where = side.weight + (nearest if side.rising else -nearest)
    just = np.full((1, held.count), where + (1e-9 if side.rising else -1e-9))
    scores = np.nan_to_num(standing.score(just)[0][tied], nan=-np.inf)
    return where, str(held.leaves["id"][int(tied[int(scores.argmax())])])


def _ahead(standing: Standing, side: WeightRange, leaders: Sequence[int], chosen: slice) -> Array:
    """Return how far the weight must move before each of some customers is first; infinite where never."""
    meetings = [move for leader in leaders for move in _meetings(standing, leader, chosen)]
    begin, inside = side.pieces([*standing.edges(chosen), *meetings])
    best = np.full(inside.shape, np.nan)
    for leader in leaders:
        np.fmax(best, standing.score(inside, leader), out=best)
    own = standing.score(inside, chosen)
    new = ~np.isnan(own) & (np.isnan(best) | (own >= best - TOLERANCE))
    return np.asarray(np.where(new, np.abs(begin - side.weight), np.inf).min(axis=0))


def _meetings(standing: Standing, leader: int, chosen: slice) -> Iterator[Array]:
    """Yield where customers may come to the score of one, after bonuses and limits of both."""
    assert standing.whole is not None
    whole, rules, first = standing.whole.of(chosen), standing.rules, standing.whole.of(leader)
    points, own = np.zeros(len(whole.p0)), 0.0
    if rules.points is not None:
        points, own = rules.points[chosen], float(rules.points[leader])
    ahead = 0.0 if whole.form == "product" else points - own + TOLERANCE
    yield from whole.crossing(first, ahead)
    yield whole.reaching(rules.limit[leader] - TOLERANCE - points)
    for limit in rules.limits:
        alone = first.reaching(limit + TOLERANCE - own)
        yield np.full(len(points), float(alone))
        yield whole.reaching(limit - points)
    for c0, c1 in standing.coverages:
        if c1[leader]:
            yield np.full(len(points), (standing.least - c0[leader]) / c1[leader])


def _parts(standing: Standing, leaders: Sequence[int] = ()) -> Iterator[slice]:
    """Yield customers, as many as fit into the memory that all their pieces may take."""
    each = len(standing.coverages) + 3 + 2 * len(standing.rules.limits)  # as many moves as `_meetings` yields
    count, size = len(standing.rules.limit), max(1, CELLS // (each * (len(leaders) + 1)))
    return (slice(start, min(start + size, count)) for start in range(0, max(count, 1), size))


@dataclass(frozen=True)
class _Moves:
    """Changes of class on one side, the nearest first: where, whose, from and to which place."""

    at: Array
    customer: NDArray[np.intp]
    before: NDArray[np.intp]
    after: NDArray[np.intp]


def _moves(standing: Standing, side: WeightRange) -> _Moves:
    found = [part for chosen in _parts(standing) for part in _moves_of(standing, side, chosen)]
    at, whose, before, after = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((whose, np.abs(at - side.weight)))
    return _Moves(at[order], whose[order], before[order], after[order])


def _moves_of(standing: Standing, side: WeightRange, chosen: slice) -> Iterator[tuple[Array, ...]]:
    """Yield the changes of some customers, piece by piece."""
    begin, inside = side.pieces(standing.moves(chosen))
    known = ~np.isnan(inside)
    places = standing.place(np.where(known, inside, side.weight), chosen).astype(np.intp)
    last = standing.place(np.full((1, begin.shape[1]), side.weight), chosen)[0].astype(np.intp)
    for row in range(len(places)):
        whose = np.flatnonzero(known[row] & (places[row] != last))
        yield begin[row, whose], whose + chosen.start, last[whose], places[row, whose]
        last = np.where(known[row], places[row], last)


def _classes(
    standing: Standing, held: Customers, node: str, moves: Sequence[_Moves]
) -> Iterator[tuple[Any, ...]]:
    """Yield where each class has lost or gained a tenth of its customers."""
    now = standing.place(np.full((1, held.count), standing.weight))[0]
    for place, value in enumerate(held.options[held.model.tree.deciding]):
        count = int((now == place).sum())
        if not count:
            continue
        enough, row = max(1, int(np.ceil(TENTH * count - 1e-9))), []
        for side in moves:
            change = np.cumsum((side.after == place).astype(int) - (side.before == place).astype(int))
            reached = (change <= -enough, change >= enough)
            row += [float(side.at[int(one.argmax())]) if one.any() else None for one in reached]
        yield node, value, count, *row


def _customers(
    standing: Standing, held: Customers, node: str, moves: Sequence[_Moves], asked: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield where the class of each customer asked for changes."""
    ids = held.leaves["id"].to_list()
    options = (*held.options[held.model.tree.deciding], None)
    for name in asked:
        place, row = ids.index(name), []
        for side in moves:
            own = np.flatnonzero(side.customer == place)
            row += [float(side.at[own[0]]), options[side.after[own[0]]]] if len(own) else [None, None]
        yield node, name, *row
