"""Network value, referrals and sources of value."""

import numpy as np
import polars as pl
import pytest

from evaluator.customers import (
    network_value,
    network_values,
    referral_value,
    value_sources,
    word_of_mouth_value,
)
from evaluator.errors import EvaluationError


def codes(caught: pytest.ExceptionInfo[EvaluationError]) -> list[tuple[str, str]]:
    return [(issue.code, issue.subject) for issue in caught.value.issues]


def test_network_value_is_the_sum_over_all_paths() -> None:
    rng = np.random.default_rng(1)
    A, v = rng.uniform(0, 0.3, (5, 5)), rng.uniform(0, 10, 5)
    np.fill_diagonal(A, 0)
    found = network_value(A, v, beta=0.5)
    reached, expected = v, np.zeros(5)
    for _ in range(200):
        reached = 0.5 * A @ reached
        expected += reached
    np.testing.assert_allclose(found.network, expected, rtol=1e-12)
    np.testing.assert_allclose(found.total, found.own + found.network)


def test_influence_that_never_dies_out_is_refused() -> None:
    with pytest.raises(EvaluationError) as caught:
        network_value([[0, 1], [1, 0]], [1, 1], beta=1)
    assert codes(caught) == [("CUST-923", "beta")]


def test_weights_are_probabilities() -> None:
    with pytest.raises(EvaluationError) as caught:
        network_value([[0, 2], [-0.1, 0]], [1, 1], beta=0.1)
    assert codes(caught) == [("CUST-904", "adoption"), ("CUST-920", "adoption")]


def test_edges_name_customers_and_add_up() -> None:
    edges = pl.DataFrame({"id": ["b", "b", "c"], "to": ["a", "a", "c"], "weight": [0.25, 0.25, 1.0]})
    values = pl.DataFrame({"id": ["a", "b", "c"], "value": [8.0, 1.0, 3.0]})
    assert network_values(edges, values, beta=1).rows() == [
        ("a", 8.0, 0.0, 8.0),
        ("b", 1.0, 4.0, 5.0),
        ("c", 3.0, 0.0, 3.0),
    ]


def test_strangers_and_customers_without_a_value_are_named() -> None:
    edges = pl.DataFrame({"id": ["a1"], "to": ["zz"], "weight": [0.5]})
    with pytest.raises(EvaluationError) as caught:
        network_values(edges, pl.DataFrame({"id": ["a1", "b"], "value": [1.0, None]}), beta=1)
    assert codes(caught) == [("CUST-908", "zz"), ("CUST-918", "value")]


ROWS = pl.DataFrame(
    {
        "id": ["a", "a", "a", "b"],
        "period": [0, 2, 1, 0],
        "because": ["yes", "yes", "no", "yes"],
        "margin": [100.0, 121.0, 999.0, None],
        "marketing": [10.0, 0.0, 99.0, 0.0],
        "saved": [20.0, 0.0, 11.0, 5.0],
    }
)


def test_referral_value_by_hand() -> None:
    """110 now and 121 in two years at 10 %; of whom would have come anyway, only the saving."""
    found = referral_value(ROWS, discount_rate=0.1).rows()
    chinese = ROWS.with_columns(pl.col("because").replace({"yes": "是", "no": "否"}))
    assert referral_value(chinese, discount_rate=0.1).rows() == found
    assert found == [("a", pytest.approx(210), pytest.approx(10), pytest.approx(220)), ("b", None, 0.0, None)]


def test_bad_referrals_are_named() -> None:
    with pytest.raises(EvaluationError) as caught:
        referral_value(ROWS.with_columns(because=pl.lit("maybe")), discount_rate=0.1)
    assert codes(caught) == [("CUST-908", "maybe")]
    with pytest.raises(EvaluationError) as caught:
        referral_value(ROWS, discount_rate=-0.1)
    assert codes(caught) == [("CUST-922", "discount_rate")]
    with pytest.raises(EvaluationError) as caught:
        word_of_mouth_value([-1], [2], [1])
    assert codes(caught) == [("CUST-904", "referrals"), ("CUST-920", "conversion")]


def test_shares_of_sources_sum_to_one() -> None:
    shares = value_sources({"x": 1, "y": 2, "z": 5}, {"x": "profit", "y": "network", "z": "profit"})
    assert shares == {"profit": 0.75, "network": 0.25}


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ({"x": 1, "w": 1}, [("CUST-908", "w")]),
        ({"x": -1}, [("CUST-904", "points")]),
        ({"x": 0}, [("CUST-907", "points")]),
    ],
)
def test_points_that_have_no_shares_are_named(points: dict[str, float], expected: list) -> None:
    with pytest.raises(EvaluationError) as caught:
        value_sources(points, {"x": "profit"})
    assert codes(caught) == expected
