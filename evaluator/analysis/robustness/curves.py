"""Scores of customers as the weight of one node moves and its siblings share the rest as they did.

With weights t of the node q and (1 − t) r_j of its siblings, r_j their shares, a weighted sum is

    y(t) = (t o_q s_q + (1 − t) Σ r_j o_j s_j) / (t o_q + (1 − t) Σ r_j o_j),

o being 1 where there is a score: linear in t with complete data, else a ratio of linear terms. Weighted sums
above take it on as a + b·y. A weighted product is the same in the logarithm of the share of the range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluator.analysis.robustness.customers import Customers
from evaluator.brief import Brief
from evaluator.scoring.model import Model
from evaluator.scoring.synthesis import synthesis_of
from evaluator.tree import Group, Tree

Array = NDArray[np.float64]
Form = Literal["sum", "product"]

_FORMS: Mapping[str, Form] = {"weighted_sum": "sum", "weighted_product": "product"}


@dataclass(frozen=True)
class Curve(Brief):
    """(p0 + p1 t) / (q0 + q1 t) of every customer; with the form ``product`` the logarithm of a share.

    A customer without a score has NaN; low and high are the ends of the range of scores.
    """

    p0: Array
    p1: Array
    q0: Array
    q1: Array
    form: Form
    low: float
    high: float

    def of(self, chosen: int | slice) -> Curve:
        """Return the curve of some customers."""
        p0, p1, q0, q1 = (part[chosen] for part in (self.p0, self.p1, self.q0, self.q1))
        return Curve(p0, p1, q0, q1, self.form, self.low, self.high)

    def at(self, t: Array) -> Array:
        """Return scores; the last axis of `t` is that of the customers."""
        with np.errstate(invalid="ignore", divide="ignore"):
            y = (self.p0 + self.p1 * t) / (self.q0 + self.q1 * t)
        return y if self.form == "sum" else self.low + (self.high - self.low) * np.exp(y)

    def reaching(self, score: Array | float) -> Array:
        """Return where each customer has a score, NaN where nowhere."""
        with np.errstate(invalid="ignore", divide="ignore"):
            y = np.asarray(score, dtype=np.float64)
            if self.form == "product":
                y = np.log(np.clip((y - self.low) / (self.high - self.low), 0.0, None))
            return np.asarray((y * self.q0 - self.p0) / (self.p1 - y * self.q1))

    def crossing(self, other: Curve, ahead: Array | float = 0.0) -> tuple[Array, Array]:
        """Return where a customer's score and `ahead` come to that of `other`: the roots of a quadratic.

        `ahead` is 0 for products: the logarithm of a sum has no such root.
        """
        p0, p1 = self.p0 + ahead * self.q0, self.p1 + ahead * self.q1
        with np.errstate(invalid="ignore"):  # a product that is 0 throughout meets nothing
            c = p0 * other.q0 - other.p0 * self.q0
            b = p1 * other.q0 + p0 * other.q1 - other.p1 * self.q0 - other.p0 * self.q1
            a = p1 * other.q1 - other.p1 * self.q1
        return roots(a, b, c)


def roots(a: Array, b: Array, c: Array) -> tuple[Array, Array]:
    """Return the roots of a t² + b t + c, NaN where there are none.

    >>> one, two = roots(np.array([2.0, 0.0]), np.array([-3.0, 2.0]), np.array([1.0, -1.0]))
    >>> one.tolist(), two.tolist()
    ([0.5, 0.5], [1.0, nan])
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        half = np.sqrt(b * b - 4 * a * c)
        sum_ = -(b + np.where(b < 0, -half, half)) / 2  # without cancellation
        first, second = sum_ / a, c / sum_
        flat = np.abs(a) <= 1e-14 * np.maximum(np.abs(b), np.abs(c))
        line = np.where(flat & (b != 0), -c / b, np.nan)
    one, two = np.where(flat, line, second), np.where(flat, np.nan, first)
    return np.where(np.isfinite(one), one, np.nan), np.where(np.isfinite(two), two, np.nan)


def form_of(group: Group, top: Group, model: Model) -> Form | None:
    """Return how all criteria from one up to another join scores; None where that has no closed form.

    Minimum and OWA do not read weights, and do not hand a change on in proportion; sums and products above
    one another have no common form.
    """
    path = _path(group, top, model.tree)
    forms = {_FORMS.get(synthesis_of(one, model).kind) for one in path}
    return next(iter(forms)) if len(forms) == 1 else None


class Curves:
    """The scores and coverages of customers as the weight of one node moves."""

    def __init__(self, customers: Customers, node: str) -> None:
        self._customers, self.model = customers, customers.model
        self._tree, self.node = customers.model.tree, node
        self._parent = self._tree.parents[node]
        self._local = _local(customers)

    def score(self, top: Group) -> Curve | None:
        """Return the curve of a criterion's score; None where it has no closed form."""
        low, high = self._tree.score_range
        if not self._below(top):
            still = self._scores(top.id, "sum")
            zeros = np.zeros_like(still)
            return Curve(still, zeros, zeros + 1, zeros, "sum", low, high)
        form = form_of(self._parent, top, self.model)
        if form is None:
            return None
        p0, p1, q0, q1 = self._own(form)
        path = _path(self._parent, top, self._tree)
        for child, group in pairwise(path):
            own = self._local[child.id]
            weight, rest = np.zeros_like(own), np.zeros_like(own)
            for other in group.children:
                if other.id != child.id:
                    y = self._scores(other.id, form)
                    there = ~np.isnan(y) & (self._local[other.id] > 0)
                    weight += np.where(there, self._local[other.id], 0.0)
                    rest += np.where(there, self._local[other.id] * np.where(there, y, 0.0), 0.0)
            with np.errstate(invalid="ignore", divide="ignore"):
                total = own + weight
                p0, p1 = (own * p0 + rest * q0) / total, (own * p1 + rest * q1) / total
        lost = np.isneginf(p0) | np.isneginf(p1)  # a factor of 0 makes the product 0
        zeros = np.zeros_like(p0)
        return Curve(
            np.where(lost, -np.inf, p0), np.where(lost, zeros, p1), np.where(lost, 1.0, q0),
            np.where(lost, zeros, q1), form, low, high,
        )  # fmt: skip

    def coverage(self, top: Group) -> tuple[Array, Array]:
        """Return the observed share of a criterion's weight, c0 + c1 t."""
        if not self._below(top):
            still = self._observed(top.id)
            return still, np.zeros_like(still)
        own = self._observed(self.node)
        rest = np.zeros_like(own)
        for sibling, share in self._shares().items():
            rest += share * self._observed(sibling)
        c0, c1 = rest, own - rest
        path = _path(self._parent, top, self._tree)
        for child, group in pairwise(path):
            others = [other.id for other in group.children if other.id != child.id]
            add = np.sum([self._local[o] * self._observed(o) for o in others], axis=0) if others else 0.0
            c0, c1 = self._local[child.id] * c0 + add, self._local[child.id] * c1
        return c0, c1

    @property
    def weight(self) -> float:
        """The node's weight among its siblings by the weights of everybody."""
        return self.model.local[self.node]

    def _below(self, top: Group) -> bool:
        return top.id in self._tree.path(self.node)[:-1]

    def _own(self, form: Form) -> tuple[Array, Array, Array, Array]:
        """Return the curve of the node's own criterion."""
        y = self._scores(self.node, form)
        there = ~np.isnan(y)
        top, weight = np.zeros_like(y), np.zeros_like(y)
        for child, share in self._shares().items():
            other = self._scores(child, form)
            counted = ~np.isnan(other) & (share > 0)
            top += np.where(counted, share * np.where(counted, other, 0.0), 0.0)
            weight += np.where(counted, share, 0.0)
        both = there & (weight > 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            alone = np.where(there, y, np.where(weight > 0, top / weight, np.nan))
            rise = np.where(both, y - top, 0.0)
        return np.where(both, top, alone), rise, np.where(both, weight, 1.0), np.where(both, 1 - weight, 0.0)

    def _shares(self) -> dict[str, Array]:
        """Return the share of each sibling of the node in what it leaves them."""
        siblings = [child.id for child in self._parent.children if child.id != self.node]
        rest = np.sum([self._local[sibling] for sibling in siblings], axis=0)
        some = np.where(rest > 0, rest, 1.0)  # a profile may give them nothing to share
        return {sibling: self._local[sibling] / some for sibling in siblings}

    def _scores(self, node: str, form: Form) -> Array:
        scores = self._customers.results[f"score_{node}"].cast(float).fill_null(np.nan).to_numpy()
        if form == "sum":
            return np.asarray(scores, dtype=np.float64)
        low, high = self._tree.score_range
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.clip((scores - low) / (high - low), 0.0, 1.0)))

    def _observed(self, node: str) -> Array:
        results = self._customers.results
        if f"observed_{node}" in results.columns:
            return np.asarray(results[f"observed_{node}"].cast(float).fill_null(0.0).to_numpy())
        return (~np.isnan(self._scores(node, "sum"))).astype(np.float64)


def _path(group: Group, top: Group, tree: Tree) -> list[Group]:
    """Return the criteria from one up to another, both included."""
    path = [group]
    while path[-1].id != top.id:
        path.append(tree.parents[path[-1].id])
    return path


def _local(customers: Customers) -> dict[str, Array]:
    """Return the weight of every node among its siblings, by customer."""
    model, found = customers.model, {}
    for node, weight in model.local.items():
        own = np.full(customers.count, weight)
        for block in customers.blocks:
            own[block.columns] = model.of_profile(block.profile).local[node]
        found[node] = own
    return found
