"""Laws of weights from data and of their combination, over every registered method."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.weighing import COMBINATIONS, OBJECTIVE, combine, objective_weights

LAWS = {"simplex", "constant", "relabelling", "scale"}
READING = {"proportions", "reciprocals", "above_0"}  # how values are read, and which columns are moved first


def claiming(law: str) -> list[str]:
    return [method.name for method in OBJECTIVE.methods() if law in method.laws]


@st.composite
def populations(draw: st.DrawFn) -> tuple[np.ndarray, list[str]]:
    """Return customers whose columns all vary and do not all say the same."""
    m, n = draw(st.integers(4, 20)), draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    directions = draw(st.lists(st.sampled_from(["benefit", "cost"]), min_size=n, max_size=n))
    return rng.uniform(1, 10, (m, n)), directions


vectors = st.integers(2, 6).flatmap(
    lambda n: st.tuples(
        *(
            st.lists(st.floats(0.01, 1), min_size=n, max_size=n).map(lambda w: np.array(w) / sum(w))
            for _ in range(2)
        )
    )
)


def test_every_law_is_claimed_and_every_claim_is_a_law() -> None:
    for method in OBJECTIVE.methods():
        assert method.laws - READING == LAWS, method.name
    for method in (*OBJECTIVE.methods(), *COMBINATIONS.methods()):
        assert method.reference
        assert set(method.title) == {"zh", "en"}


@pytest.mark.parametrize("method", claiming("simplex"))
@settings(max_examples=50)
@given(population=populations())
def test_weights_are_at_least_0_and_sum_to_1(method: str, population: tuple[np.ndarray, list[str]]) -> None:
    w = objective_weights(*population, method)
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("method", claiming("constant"))
@settings(max_examples=50)
@given(population=populations(), value=st.floats(-5, 5))
def test_a_constant_column_weighs_nothing_and_changes_nothing(
    method: str, population: tuple[np.ndarray, list[str]], value: float
) -> None:
    X, directions = population
    wider = np.concatenate([X, np.full((len(X), 1), value)], -1)
    w = objective_weights(wider, [*directions, "cost"], method)
    assert w[-1] == 0
    np.testing.assert_allclose(w[:-1], objective_weights(X, directions, method), rtol=1e-12)


@pytest.mark.parametrize("method", claiming("relabelling"))
@settings(max_examples=50)
@given(population=populations(), seed=st.integers(0, 2**32 - 1))
def test_the_order_of_customers_and_indicators_does_not_matter(
    method: str, population: tuple[np.ndarray, list[str]], seed: int
) -> None:
    X, directions = population
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(X.shape[0]), rng.permutation(X.shape[1])
    moved = objective_weights(X[rows][:, columns], [directions[j] for j in columns], method)
    np.testing.assert_allclose(moved, objective_weights(X, directions, method)[columns], rtol=1e-9)


@pytest.mark.parametrize("method", claiming("scale"))
@settings(max_examples=50)
@given(population=populations(), factor=st.floats(1e-3, 1e3))
def test_units_do_not_matter(method: str, population: tuple[np.ndarray, list[str]], factor: float) -> None:
    X, directions = population
    other = X.copy()
    other[:, 0] *= factor
    found = objective_weights(other, directions, method)
    np.testing.assert_allclose(found, objective_weights(X, directions, method), rtol=1e-8)


@pytest.mark.parametrize("how", COMBINATIONS.names())
def test_the_share_matters_where_the_registry_says_so(how: str) -> None:
    s, o = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.2, 0.6])
    differ = not np.allclose(combine(s, o, how, alpha=0.2), combine(s, o, how, alpha=0.8))
    assert differ is ("heeds_alpha" in COMBINATIONS[how].laws)


@pytest.mark.parametrize("how", COMBINATIONS.names())
@settings(max_examples=50)
@given(both=vectors, alpha=st.floats(0, 1))
def test_combined_weights_sum_to_1_and_two_that_agree_stay(
    how: str, both: tuple[np.ndarray, np.ndarray], alpha: float
) -> None:
    w = combine(*both, how, alpha=alpha)
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1, abs=1e-12)
    equal = np.full_like(both[0], 1 / len(both[0]))
    expected = both[0] if how == "multiplicative" else None
    if expected is not None:
        np.testing.assert_allclose(combine(both[0], equal, how), expected, rtol=1e-12)
    else:
        np.testing.assert_allclose(combine(both[0], both[0], how, alpha=alpha), both[0], rtol=1e-9)
