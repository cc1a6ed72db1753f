"""The loyalty index and its parts, what orders tell, net promoters."""

from datetime import date, timedelta

import pandas as pd
import polars as pl
import pytest

from evaluator.customers import place
from evaluator.customers.models.loyalty import (
    STANDARD,
    DimensionWeights,
    LoyaltyMeasure,
    LoyaltyOptions,
    loyalty,
    net_promoter,
    order_loyalty,
)
from evaluator.customers.models.loyalty.index import NATURAL, STATED
from evaluator.documents import parse
from evaluator.errors import EvaluationError

FULL = {
    "id": ["a", "b"],
    "regularity": [0.5, None],
    "repeat_rate": [0.8, 0.2],
    "price_sensitivity": [2.0, 5.0],
    "trust": [4.0, 1.0],
    "rivals": [2.0, 5.0],
    "recommendation": [9.0, 0.0],
}


def test_dimensions_are_means_of_their_measures_and_the_index_of_the_dimensions() -> None:
    found = loyalty(pl.DataFrame(FULL)).frame.row(0, named=True)
    assert found["time"] == 50
    assert found["behaviour"] == pytest.approx((80 + 75) / 2)
    assert found["attitude"] == pytest.approx((75 + 75 + 90) / 3)
    assert found["loyalty"] == pytest.approx((50 + 77.5 + 80) / 3)
    assert found["coverage"] == pytest.approx(1)


def test_what_is_not_observed_takes_its_weight_out() -> None:
    found = loyalty(pl.DataFrame(FULL)).frame.row(1, named=True)
    assert (found["time"], found["coverage"]) == (None, pytest.approx(2 / 3))
    assert found["loyalty"] == pytest.approx((10 + 0) / 2)


def test_below_the_coverage_there_is_no_index() -> None:
    options = LoyaltyOptions(min_coverage=0.7)
    found = loyalty(pl.DataFrame(FULL), options=options).frame
    assert found["loyalty"].is_null().to_list() == [False, True]


def test_weights_of_dimensions_and_measures_are_the_users() -> None:
    options = LoyaltyOptions(
        weights=DimensionWeights(time=0, behaviour=3, attitude=1),
        measures={"repeat_rate": LoyaltyMeasure(dimension="behaviour", worst=0, best=1, weight=3)},
    )
    found = loyalty(pl.DataFrame(FULL), options=options).frame.row(0, named=True)
    behaviour = (3 * 80 + 75) / 4
    assert found["loyalty"] == pytest.approx((3 * behaviour + 80) / 4)


def test_a_measure_without_natural_ends_counts_once_they_are_stated() -> None:
    table = pl.DataFrame(FULL | {"selection_days": [3.0, 30.0]})
    left_out = loyalty(table)
    assert [(issue.code, issue.detail["measures"]) for issue in left_out.issues] == [
        ("CUST-949", "selection_days")
    ]
    ends = LoyaltyMeasure(dimension="behaviour", worst=13, best=3)
    found = loyalty(table, options=LoyaltyOptions(measures={"selection_days": ends}))
    assert found.issues == ()
    assert found.frame["score_selection_days"].to_list() == [100, 0]


def test_the_eight_standard_measures_are_all_known() -> None:
    assert len(STANDARD) == 8
    assert set(STANDARD) <= {*NATURAL, *STATED}


def test_means_tell_who_answered_and_promoters_are_netted() -> None:
    found = loyalty(pl.DataFrame(FULL))
    assert found.means.filter(pl.col("measure") == "regularity").row(0) == (
        "regularity",
        "time",
        1,
        0.5,
        50.0,
    )
    assert found.nps == 0
    assert loyalty(pl.DataFrame({"id": ["a"], "trust": [3]})).nps is None


def test_pandas_comes_back_as_pandas() -> None:
    assert isinstance(loyalty(pd.DataFrame(FULL)).frame, pd.DataFrame)


@pytest.mark.parametrize(
    ("columns", "options", "code", "subject"),
    [
        ({"id": ["a"], "colour": [1]}, {}, "CUST-948", "loyalty"),
        (
            {"id": ["a"], "trust": [1]},
            {"measures": {"trust": {"dimension": "attitude", "worst": 5.0, "best": 5.0}}},
            "CUST-947",
            "trust",
        ),
        ({"id": ["a"], "trust": [1]}, {"weights": {"attitude": 0.0}}, "CUST-910", "weights"),
        ({"id": ["a", "a"], "trust": [1, 2]}, {}, "CUST-902", "id"),
    ],
)
def test_a_table_or_options_that_cannot_be_meant_are_refused(
    columns: dict, options: dict, code: str, subject: str
) -> None:
    with pytest.raises(EvaluationError) as caught:
        loyalty(pl.DataFrame(columns), options=LoyaltyOptions.model_validate(options))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, subject)]


def test_promoters_are_nine_and_ten_and_detractors_up_to_six() -> None:
    assert net_promoter([9, 10, 7, 8, 6, 0]) == pytest.approx(0)
    assert net_promoter([10]) == 100
    assert net_promoter([]) is None
    with pytest.raises(EvaluationError) as caught:
        net_promoter([11])
    assert [issue.code for issue in caught.value.issues] == ["CUST-940"]


def _orders() -> pl.DataFrame:
    """Return a customer of every month, one of two months since four, and one who only sent back."""
    end = date(2024, 7, 1)
    rows = [("steady", end - timedelta(days=30 * n + 3), 100.0) for n in range(24)]
    rows += [
        ("new", date(2024, 3, 10), 10.0),
        ("new", date(2024, 5, 10), 10.0),
        ("new", date(2024, 5, 11), 5.0),
    ]
    rows += [("back", date(2024, 5, 1), -10.0)]
    return pl.DataFrame(rows, schema=["id", "date", "amount"], orient="row")


def test_the_repeat_rate_counts_months_as_a_customer() -> None:
    found = order_loyalty(_orders(), as_of=date(2024, 7, 1))
    rates = dict(found.select("id", "repeat_rate").iter_rows())
    assert rates["steady"] == 1
    assert rates["new"] == pytest.approx(2 / 4)
    assert rates["back"] is None


def test_attitude_and_repeat_buying_meet_in_four_cells() -> None:
    sides = pl.DataFrame(
        {"id": list("abcd"), "attitude": [80.0, 80, 20, 20], "behaviour": [80.0, 20, 80, 20]}
    )
    assert place(sides, "dick_basu").frame["class"].to_list() == ["true", "latent", "spurious", "none"]


def test_recommendations_asked_from_1_to_5_are_named_and_scored_as_stated() -> None:
    answers = [5.0, 4.0, 3.0, 2.0, 1.0] * 5
    table = pl.DataFrame({"id": [f"c{n}" for n in range(25)], "recommendation": answers})
    found = loyalty(table)
    (issue,) = found.issues
    assert (issue.code, issue.detail["last"]) == ("CUST-965", 5)
    stated = parse(str(issue.detail["line"]), "line").data["customers"]["loyalty"]
    again = loyalty(table, options=LoyaltyOptions.model_validate(stated))
    assert again.issues == ()
    assert again.nps is None
    assert again.frame["attitude"][:5].to_list() == [100.0, 75.0, 50.0, 25.0, 0.0]
    assert loyalty(table.with_columns(pl.col("recommendation") * 2)).issues == ()
