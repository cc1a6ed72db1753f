"""Growth potential, size and profit, and the firm's quadrant."""

import numpy as np
import polars as pl
import pytest

from evaluator.customers import QuadrantOptions, firm_quadrant, growth_potential, headroom, size_profit
from evaluator.customers.models.matrices.size_profit import SizeProfitOptions
from evaluator.errors import EvaluationError
from evaluator.tree.types import FixedCut


def codes(caught: pytest.ExceptionInfo[EvaluationError]) -> list[tuple[str, str]]:
    return [(issue.code, issue.subject) for issue in caught.value.issues]


def test_drivers_and_headroom_pull_apart() -> None:
    """A full share raises the willingness to buy and leaves no room."""
    willing = growth_potential([0.0, 100.0], [50, 50], [50, 50], weights=(1, 1, 2))
    np.testing.assert_allclose(willing, [37.5, 62.5])
    np.testing.assert_allclose(headroom([80, 80], [0, 1]), [80, 0])


def test_a_missing_driver_is_missing() -> None:
    assert np.isnan(growth_potential([np.nan], [50], [50], weights=(1, 1, 1))).all()


@pytest.mark.parametrize("weights", [(0, 0, 0), (1, -1, 2)])
def test_weights_are_shares(weights: tuple[float, float, float]) -> None:
    with pytest.raises(EvaluationError) as caught:
        growth_potential([1], [1], [1], weights=weights)
    assert codes(caught) == [("CUST-910", "weights")]


def test_business_and_share_have_their_ranges() -> None:
    with pytest.raises(EvaluationError) as caught:
        headroom([-1], [1.5])
    assert codes(caught) == [("CUST-904", "business"), ("CUST-920", "share")]


def test_size_and_margin_are_crossed_with_profit_per_capacity() -> None:
    table = pl.DataFrame(
        {
            "id": list("abcd"),
            "size": [10.0, 20.0, 100.0, 0.0],
            "profit": [5.0, 1.0, -10.0, -2.0],
            "hours": [1.0, 2.0, 5.0, 0.0],
        }
    )
    options = SizeProfitOptions(
        size_cut=FixedCut(kind="fixed", at=(20.0, 100.0)), margin_cut=FixedCut(kind="fixed", at=(0.0,))
    )
    found = size_profit(table, capacity="hours", options=options)
    assert found.frame.select("size_class", "margin_class").rows() == [
        ("small", "high"), ("medium", "high"), ("large", "low"), ("small", None)
    ]  # fmt: skip
    large = found.table.filter(pl.col("size_class") == "large", pl.col("margin_class") == "low")
    assert large.rows() == [("large", "low", 1, 100.0, -10.0, 5.0, -0.1, -2.0)]
    assert found.table["customers"].sum() == 3


def test_sizes_below_zero_are_refused() -> None:
    table = pl.DataFrame({"id": ["a"], "size": [-1.0], "profit": [1.0]})
    with pytest.raises(EvaluationError) as caught:
        size_profit(table)
    assert codes(caught) == [("CUST-904", "size")]


OPTIONS = QuadrantOptions(skew_cut=0.4, diversity_cut=0.5)


@pytest.mark.parametrize(
    ("values", "mix", "quadrant"),
    [
        ([1, 1, 1], [10, 0], "mass"),
        ([1, 1, 1], [5, 5], "niche"),
        ([0, 0, 9], [10, 0], "key_account"),
        ([0, 0, 9], [5, 5], "one_to_one"),
    ],
)
def test_the_firms_quadrant(values: list[float], mix: list[float], quadrant: str) -> None:
    assert firm_quadrant(values, mix, options=OPTIONS).quadrant == quadrant


def test_skew_is_gini_and_diversity_the_relative_entropy() -> None:
    found = firm_quadrant([1, 1, 2], [8, 4, 4, 0], options=OPTIONS)
    assert (found.skew, found.half, found.diversity) == pytest.approx((1 / 6, 1 / 3, 0.75))


def test_bad_figures_of_a_firm_are_named_together() -> None:
    with pytest.raises(EvaluationError) as caught:
        firm_quadrant([0, 0], [-1, 2], options=OPTIONS)
    assert codes(caught) == [("CUST-904", "mix"), ("CUST-907", "values")]
    with pytest.raises(EvaluationError) as caught:
        firm_quadrant([], [1], options=OPTIONS)
    assert codes(caught) == [("CUST-905", "")]
