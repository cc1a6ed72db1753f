"""ABC and the curves of concentration, by hand and by law."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.customers import AbcOptions, abc, concentration
from evaluator.errors import EvaluationError


def table(*values: float | None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": [f"c{i}" for i in range(len(values))],
            "value": pl.Series(values, dtype=pl.Float64, strict=False),
        }
    )


def classes(frame: pl.DataFrame) -> str:
    return "".join(frame.sort("id")["class"].to_list())


TEN = table(40, 20, 10, 8, 7, 5, 4, 3, 2, 1)  # cumulative 40 60 70 78 85 90 94 97 99 100


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (AbcOptions(), "AAAAABBBCC"),
        (AbcOptions(rule="through"), "AAAABBBCCC"),
        (AbcOptions(rule="filling", cuts=(0.7, 0.8)), "AAABBCCCCC"),
        (AbcOptions(by="customers", cuts=(0.2, 0.5)), "AABBBCCCCC"),
        (AbcOptions(by="customers", cuts=(0.01, 0.05, 0.2), classes=("top", "A", "B", "C")), "topBCCCCCCCC"),
    ],
)
def test_rules_at_the_cut(options: AbcOptions, expected: str) -> None:
    """The fifth customer takes the value from 78 to 85 %, across the cut at 80 %."""
    assert classes(abc(TEN, options=options).frame) == expected


def test_equal_values_are_not_divided() -> None:
    found = abc(table(50, 10, 10, 10, 10, 10)).frame
    assert classes(found) == "AAAAAA"
    assert found["rank"].to_list() == [1, 2, 2, 2, 2, 2]


def test_losses_have_a_class_of_their_own_and_lift_the_whale_curve_above_one() -> None:
    found = abc(table(60, 50, -10), options=AbcOptions(loss_class="D"))
    assert classes(found.frame) == "AAD"
    assert found.concentration.peak == pytest.approx(1.1)
    assert found.concentration.whale is not None
    np.testing.assert_allclose(found.concentration.whale, [0, 0.6, 1.1, 1.0])
    assert found.summary.rows() == [
        ("A", 2, pytest.approx(2 / 3), 110.0, 1.0),
        ("B", 0, 0.0, 0.0, 0.0),
        ("C", 0, 0.0, 0.0, 0.0),
        ("D", 1, pytest.approx(1 / 3), -10.0, pytest.approx(-1 / 11)),
    ]


def test_customers_without_a_value_are_named_and_in_no_class() -> None:
    found = abc(table(5, None, 3))
    assert found.frame.filter(pl.col("id") == "c1")["class"].to_list() == [None]
    assert [(issue.code, issue.detail["examples"]) for issue in found.issues] == [("CUST-918", "c1")]


def test_all_equal_values_are_one_class_and_this_is_said() -> None:
    found = abc(table(5, 5, 5))
    assert (classes(found.frame), [issue.code for issue in found.issues]) == ("AAA", ["CUST-906"])


@pytest.mark.parametrize(
    ("frame", "options", "code"),
    [
        (TEN.drop("value"), None, "CUST-901"),
        (pl.concat([TEN, TEN]), None, "CUST-902"),
        (table(1, float("inf")), None, "CUST-903"),
        (TEN.with_columns(value=pl.lit("many")), None, "CUST-903"),
        (TEN.clear(), None, "CUST-905"),
        (table(-1, 0), None, "CUST-907"),
        (TEN, AbcOptions(cuts=(0.9, 0.8)), "CUST-909"),
        (TEN, AbcOptions(cuts=(0.5,)), "CUST-909"),
    ],
)
def test_bad_input_is_named(frame: pl.DataFrame, options: AbcOptions | None, code: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        abc(frame, options=options)
    assert [issue.code for issue in caught.value.issues] == [code]


def test_no_customer_has_no_concentration() -> None:
    with pytest.raises(EvaluationError) as caught:
        concentration([])
    assert [issue.code for issue in caught.value.issues] == ["CUST-905"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda xs: sum(xs) > 1e-3))
def test_gini_is_the_mean_difference_and_the_area_beside_the_lorenz_curve(values: list[float]) -> None:
    spread = concentration(values)
    x = np.array(values)
    assert spread.gini == pytest.approx(np.abs(x[:, None] - x).mean() / (2 * x.mean()), abs=1e-9)
    assert spread.lorenz is not None
    area = ((spread.lorenz[1:] + spread.lorenz[:-1]) / 2).mean()
    assert spread.gini == pytest.approx(1 - 2 * area, abs=1e-9)
    assert -1e-12 <= spread.gini <= 1 - 1 / len(x) + 1e-12


def test_pandas_comes_in_and_goes_out() -> None:
    found = abc(TEN.to_pandas()).frame
    assert found.set_index("id")["class"].str.cat() == "AAAAABBBCC"
