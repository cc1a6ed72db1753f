"""The customers whose result is drawn: what they have that no draw changes, in blocks of the same weights."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.brief import Brief
from evaluator.columns import StepPlan, enter, to_polars
from evaluator.scoring.model import Model
from evaluator.scoring.profiles import profile_steps
from evaluator.scoring.score_steps import leaf_steps, standing_steps, weighted_steps
from evaluator.scoring.synthesis import FILLED
from evaluator.tree.profiles import DEFAULT

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

GRADE = "grade"


@dataclass(frozen=True)
class Block:
    """Neighbouring customers with the same weights."""

    columns: slice
    profile: str


@dataclass(frozen=True)
class Customers(Brief):
    """Customers in the order of their blocks, and in these of what they have scores for.

    Attributes
    ----------
    leaves : the columns of the steps that score the leaves. results : those of all steps.
    scores : (customers, indicators), NaN where there is none. drawn : the cells that are missing and drawn.
    """

    model: Model
    leaves: pl.DataFrame
    results: pl.DataFrame
    scores: Array
    observed: Mask
    drawn: Mask
    blocks: tuple[Block, ...]

    @property
    def count(self) -> int:
        """How many customers there are."""
        return self.leaves.height

    @property
    def scored(self) -> Mask:
        """Which indicators count in whose score, (customers, indicators)."""
        return ~np.isnan(self.scores) | self.drawn

    @cached_property
    def options(self) -> Mapping[str, tuple[str, ...]]:
        """The grades, best first, and the classes of every matrix, by ``grade`` or the matrix."""
        tree = self.model.tree
        classes = {m.id: tuple(dict.fromkeys(entry.id for entry in m.classes)) for m in tree.matrices}
        return {GRADE: tuple(grade.id for grade in tree.grades), **classes}

    def known(self, what: str) -> list[str | None]:
        """Return the grades or classes customers have."""
        return self.results[column_of(what)].to_list()


def customers_of(model: Model, measures: Any, *, draw_missing: bool) -> Customers:
    """Return customers, sorted into blocks; see `Scored.in_blocks`."""
    return scored_of(model, measures).in_blocks(draw_missing=draw_missing)


@dataclass(frozen=True)
class Scored(Brief):
    """Customers in the order they came in, as the model scores them; fields as those of `Customers`."""

    model: Model
    leaves: pl.DataFrame
    results: pl.DataFrame

    def in_blocks(self, *, draw_missing: bool) -> Customers:
        """Return the customers, sorted into blocks.

        With `draw_missing`, an indicator that a customer lacks counts in the score, as something drawn, where
        the tree hands its weight on or takes the middle; where it takes the worst score or excludes the
        customer, that is a rule and stays.
        """
        model, leaves = self.model, self.leaves
        scores, observed = _scores(model, leaves), _observed(model, leaves)
        drawn = _drawable(model) & ~observed & draw_missing
        order, blocks = _blocks(_profiles(leaves), ~np.isnan(scores) | drawn, observed)
        return Customers(
            model, leaves[order], self.results[order], scores[order], observed[order], drawn[order], blocks
        )


def scored_of(model: Model, measures: Any) -> Scored:
    """Return customers as the model scores them."""
    plan = StepPlan(("id",), (*leaf_steps(model), *profile_steps(model)))
    leaves = to_polars(plan.apply(enter(measures).frame))
    upward = StepPlan(tuple(leaves.columns), (*weighted_steps(model), *standing_steps(model)))
    return Scored(model, leaves, to_polars(upward.apply(lazily(leaves))))


def column_of(what: str) -> str:
    """Return the column of results that holds the grade, or the class of a matrix."""
    return what if what == GRADE else f"class_{what}"


def lacking(customers: Customers) -> bool:
    """Whether anybody lacks a value that can be drawn."""
    return bool((_drawable(customers.model) & ~customers.observed).any())


def _drawable(model: Model) -> Mask:
    leaves = model.tree.indicators
    return np.array(
        [leaf.id not in model.unobserved and leaf.missing in ("redistribute", "neutral") for leaf in leaves]
    )


def weighted(leaves: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of leaves without the weights of profiles."""
    return leaves.drop(name for name in leaves.columns if name.startswith("weight_"))


def _scores(model: Model, leaves: pl.DataFrame) -> Array:
    columns = [
        pl.col(f"score_{leaf.id}").cast(pl.Float64).fill_null(np.nan) for leaf in model.tree.indicators
    ]
    return leaves.select(columns).to_numpy().astype(np.float64)


def _observed(model: Model, leaves: pl.DataFrame) -> Mask:
    seen = [
        pl.col(f"observed_{leaf.id}") > 0
        if model.missing(leaf) in FILLED
        else pl.col(f"score_{leaf.id}").is_not_null().alias(f"observed_{leaf.id}")
        for leaf in model.tree.indicators
    ]
    return leaves.select(seen).to_numpy().astype(np.bool_)


def _profiles(leaves: pl.DataFrame) -> list[str]:
    return leaves["profile"].to_list() if "profile" in leaves.columns else [DEFAULT] * leaves.height


def _blocks(profiles: list[str], scored: Mask, observed: Mask) -> tuple[NDArray[np.intp], tuple[Block, ...]]:
    """Return the order that brings customers alike together, and the blocks."""
    patterns = [_numbered(map(bytes, np.packbits(mask, axis=1))) for mask in (scored, observed)]
    own, names = _numbered(profiles), list(dict.fromkeys(profiles))
    alike = _numbered(zip(own.tolist(), *(pattern.tolist() for pattern in patterns), strict=True))
    ends = np.cumsum(np.bincount(own, minlength=len(names)))
    starts = [0, *ends.tolist()]
    blocks = [Block(slice(*pair), name) for pair, name in zip(pairwise(starts), names, strict=True)]
    return np.lexsort((alike, own)), tuple(blocks)


def _numbered(keys: Iterable[Hashable]) -> NDArray[np.intp]:
    """Return the numbers of keys, in the order in which they first come."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.intp)


def lazily(frame: pl.DataFrame) -> nw.LazyFrame[Any]:
    """Return a Polars frame to be computed step by step."""
    return nw.from_native(frame.lazy())
