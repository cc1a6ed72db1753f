"""The value of information use: the recomputed example, its sensitivities, and per customer."""

import numpy as np
import polars as pl
import pytest

from evaluator.customers import knowledge_value, knowledge_values
from evaluator.errors import EvaluationError

P, M = np.array([3.0, 5, 2]), np.array([10.0, 4, 6])


def z(p: np.ndarray, m: np.ndarray, n: float) -> float:
    return float(knowledge_value(p, m, constant=2, collections=n, cost=5).value)


def test_the_recomputed_example_gives_84() -> None:
    assert z(P, M, 8) == 84


def test_sensitivities_are_what_one_more_changes() -> None:
    found = knowledge_value(P, M, constant=2, collections=8, cost=5)
    for i, unit in enumerate(np.eye(3)):
        assert z(P, M + unit, 8) - 84 == pytest.approx(found.per_use[i])
        assert z(P + unit, M, 8) - 84 == pytest.approx(found.per_information[i])
    assert z(P, M, 9) - 84 == pytest.approx(found.per_collection)


def test_value_is_zero_at_break_even() -> None:
    found = knowledge_value(P, M, constant=2, collections=8, cost=5)
    assert z(P, M * float(found.break_even) / (P @ M), 8) == pytest.approx(0)


def test_customers_with_an_unknown_figure_have_no_value() -> None:
    table = pl.DataFrame(
        {"id": ["a", "b", "a"], "p": [3, 1, 5], "uses": [10, None, 4], "collections": [1, 1, 2]}
    )
    assert knowledge_values(table, constant=2, cost=5).rows() == [
        ("a", 100.0, 15.0, 85.0),
        ("b", None, 5.0, None),
    ]


def test_figures_that_cannot_be_are_named_together() -> None:
    with pytest.raises(EvaluationError) as caught:
        knowledge_value([-1], [1], constant=0, collections=-1, cost=5)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("CUST-904", "p"),
        ("CUST-904", "collections"),
        ("CUST-922", "constant"),
    ]
    with pytest.raises(EvaluationError) as caught:
        knowledge_values(
            pl.DataFrame({"id": ["a"], "p": [1], "uses": [1], "collections": [1]}), constant=-1, cost=1
        )
    assert [issue.code for issue in caught.value.issues] == ["CUST-922"]
