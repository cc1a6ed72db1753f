"""What must hold of every second opinion, whatever the set."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.scoring import OPINIONS, second_opinion

LAWFUL = settings(max_examples=25, deadline=None)
SHAPES = st.tuples(st.integers(2, 8), st.integers(1, 6), st.integers(0, 2**32 - 1))


def with_law(law: str) -> list[str]:
    return [entry.name for entry in OPINIONS.methods() if law in entry.laws]


@pytest.mark.parametrize("method", with_law("relabelling"))
@LAWFUL
@given(SHAPES)
def test_rows_and_columns_may_change_places(method: str, shape: tuple[int, int, int]) -> None:
    m, n, seed = shape
    random = np.random.default_rng(seed)
    X, w = random.uniform(1, 9, (m, n)), random.uniform(0.1, 1, n)
    directions = random.choice(["benefit", "cost"], n)
    found = second_opinion(X, w, directions.tolist(), method)
    assert ((found >= -1e-12) & (found <= 1 + 1e-12)).all()
    rows, columns = random.permutation(m), random.permutation(n)
    again = second_opinion(X[rows][:, columns], w[columns], directions[columns].tolist(), method)
    np.testing.assert_allclose(again, found[rows], rtol=0, atol=1e-9)


@pytest.mark.parametrize("method", with_law("dominance"))
@LAWFUL
@given(SHAPES)
def test_better_in_every_column_is_never_ranked_below(method: str, shape: tuple[int, int, int]) -> None:
    m, n, seed = shape
    random = np.random.default_rng(seed)
    X, w = random.uniform(1, 9, (m, n)), random.uniform(0.1, 1, n)
    X[0] = X[1] + random.uniform(0, 2, n)
    found = second_opinion(X, w, method=method)
    assert found[0] >= found[1] - 1e-9
