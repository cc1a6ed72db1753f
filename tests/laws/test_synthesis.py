"""What must hold of every synthesis, whatever the scores, the weights and what is missing."""

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.columns import to_polars
from evaluator.scoring import SYNTHESES
from evaluator.scoring.syntheses import Children, sorting_layers
from evaluator.tree.types import Minimum, Owa, WeightedProduct, WeightedSum

LAWFUL = settings(max_examples=20, deadline=None)
CASES = st.tuples(st.integers(1, 6), st.booleans(), st.integers(0, 2**32 - 1))


def stated(kind: str, seed: int) -> object:
    types = {"weighted_sum": WeightedSum, "weighted_product": WeightedProduct, "minimum": Minimum}
    orness = 0.1 + 0.8 * (seed % 97) / 97
    return Owa(kind="owa", orness=orness) if kind == "owa" else types[kind](kind=kind)


def joined(kind: str, scores: np.ndarray, weights: np.ndarray, complete: bool, seed: int) -> np.ndarray:
    names = [f"s{n}" for n in range(scores.shape[1])]
    places = [f"p{n}" for n in range(scores.shape[1])]
    frame = nw.from_native(pl.DataFrame(dict(zip(names, scores.T, strict=True)), nan_to_null=True).lazy())
    frame = frame.with_columns(
        *(nw.col(n).fill_null(-1.0).alias(p) for n, p in zip(names, places, strict=True))
    )
    for layer in sorting_layers(places):
        frame = frame.with_columns(*(value.alias(name) for name, value in layer.items()))
    children = Children(
        tuple(nw.col(name) for name in names), tuple(weights.tolist()), complete, 0.0, 100.0,
        tuple(nw.col(name) for name in places),
    )  # fmt: skip
    result = SYNTHESES[kind].function(stated(kind, seed), children)
    return to_polars(frame.select(result.alias("score")))["score"].to_numpy()


@pytest.mark.parametrize("kind", SYNTHESES.names())
@LAWFUL
@given(CASES)
def test_a_group_lies_between_its_children_and_never_falls_when_one_rises(
    kind: str, case: tuple[int, bool, int]
) -> None:
    n, complete, seed = case
    random = np.random.default_rng(seed)
    scores, weights = random.uniform(0, 100, (30, n)), random.dirichlet(np.ones(n))
    if not complete:
        scores[random.random((30, n)) < 0.3] = np.nan
    known = ~np.isnan(scores).all(1)
    found = joined(kind, scores, weights, complete, seed)
    assert (np.isnan(found) == ~known).all()
    assert {"between", "monotone"} <= SYNTHESES[kind].laws
    assert (found[known] >= np.nanmin(scores[known], 1) - 1e-9).all()
    assert (found[known] <= np.nanmax(scores[known], 1) + 1e-9).all()
    risen = joined(
        kind, np.minimum(scores + random.uniform(0, 10, scores.shape), 100), weights, complete, seed
    )
    assert (risen[known] >= found[known] - 1e-9).all()


@LAWFUL
@given(CASES)
def test_layers_of_neighbours_sort_every_row(case: tuple[int, bool, int]) -> None:
    n, _, seed = case
    values = np.random.default_rng(seed).uniform(0, 9, (20, n)).round(1)
    columns = [f"x{k}" for k in range(n)]
    frame = nw.from_native(pl.DataFrame(values, schema=columns, orient="row").lazy())
    for layer in sorting_layers(columns):
        frame = frame.with_columns(*(value.alias(name) for name, value in layer.items()))
    np.testing.assert_array_equal(to_polars(frame).to_numpy(), -np.sort(-values, axis=1))
