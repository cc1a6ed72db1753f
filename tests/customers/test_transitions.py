"""Movements between periods."""

import numpy as np
import polars as pl
import pytest

from evaluator.customers import transitions
from evaluator.errors import EvaluationError


def table(**states: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"id": list(states), "state": list(states.values())}, schema_overrides={"state": pl.String}
    )


BEFORE = table(a="low", b="low", c="high", d="high", e=None)
AFTER = table(a="low", b="high", c="high", e="low", f="high")


def test_counts_shares_newcomers_and_leavers() -> None:
    found = transitions(BEFORE, AFTER, states=["low", "high", "top"])
    assert found.counts.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
    np.testing.assert_allclose(found.shares, [[0.5, 0.5, 0], [0, 1, 0], [np.nan] * 3])
    assert (found.entered.tolist(), found.left.tolist()) == ([1, 1, 0], [0, 1, 0])
    assert found.moved.rows() == [("b", "low", "high")]
    assert found.stayed == pytest.approx(2 / 3)


def test_every_customer_is_counted_once() -> None:
    found = transitions(BEFORE, AFTER, states=["low", "high"])
    assert found.counts.sum() + found.entered.sum() + found.left.sum() == 6


def test_an_unknown_state_has_its_neighbour_named() -> None:
    with pytest.raises(EvaluationError) as caught:
        transitions(BEFORE, table(a="hihg"), states=["low", "high"])
    assert [(issue.code, issue.hint) for issue in caught.value.issues] == [("CUST-908", ("high",))]
