"""Expected against perceived: both readings of c, gap, index, groups, quadrants, and what is refused."""

import pandas as pd
import polars as pl
import pytest

from evaluator.customers.models.satisfaction import (
    ItemGroup,
    SatisfactionOptions,
    SurveyItem,
    derived_importance,
    importance_performance,
    satisfaction,
)
from evaluator.errors import EvaluationError
from evaluator.labels import Label


def label(text: str) -> Label:
    return Label(zh=text, en=text)


OPTIONS = SatisfactionOptions(
    items={
        "delivery": SurveyItem(group="core", expectation="basic"),
        "price": SurveyItem(group="core", expectation="basic"),
        "care": SurveyItem(group="bond", expectation="potential"),
    },
    groups={"core": ItemGroup(name=label("core"), weight=3), "bond": ItemGroup(name=label("bond"), weight=1)},
)


def survey(**changes: list) -> pl.DataFrame:
    columns = {
        "id": ["a", "a", "a", "b", "b", "b"],
        "respondent": ["r1", "r1", "r1", "r2", "r2", "r2"],
        "item": ["delivery", "price", "care"] * 2,
        "expected": [8.0, 8.0, 4.0, 5.0, 5.0, 5.0],
        "perceived": [8.0, 6.0, 6.0, 10.0, 5.0, 1.0],
        "importance": [2.0, 1.0, 1.0, 1.0, 1.0, 2.0],
    }
    return pl.DataFrame(columns | changes, strict=False)


def test_both_readings_of_c_stand_beside_gap_and_index() -> None:
    found = satisfaction(survey(), options=OPTIONS)
    a = found.customers.row(0, named=True)
    assert (a["id"], a["respondents"], a["answers"]) == ("a", 1, 3)
    assert a["c"] == pytest.approx((2 * 1 + 0.75 + 1.5) / 4)
    assert a["c_sums"] == pytest.approx((16 + 6 + 6) / (16 + 8 + 4))
    assert a["gap"] == pytest.approx((0 - 2 + 2) / 4)
    assert a["index"] == pytest.approx(100 * (2 * 7 + 5 + 5) / 4 / 9)
    assert a["state"] == "above"
    assert found.importance == "stated"


def test_a_survey_that_asks_no_expectations_has_an_index_alone() -> None:
    whole, alone = satisfaction(survey()), satisfaction(survey().drop("expected"))
    assert alone.customers["index"].to_list() == whole.customers["index"].to_list()
    assert alone.items["importance"].to_list() == whole.items["importance"].to_list()
    assert (alone.paired, whole.paired) == (False, True)
    assert alone.total["answers"].item() == 6
    unknown = alone.total.select("expected", "c", "c_sums", "gap", "state").row(0)
    assert unknown == (None,) * 5


def test_the_index_says_how_high_where_c_does_not() -> None:
    """A low expectation met is c = 1 like a high one; only the index tells them apart."""
    modest = satisfaction(survey(expected=[2.0] * 6, perceived=[2.0] * 6))
    keen = satisfaction(survey(expected=[9.0] * 6, perceived=[9.0] * 6))
    assert modest.total["c"][0] == keen.total["c"][0] == 1
    assert modest.total["state"][0] == keen.total["state"][0] == "at"
    assert modest.total["index"][0] < 20 < 80 < keen.total["index"][0]


@pytest.mark.parametrize(("tolerance", "state"), [(0.0, "above"), (0.07, "at")])
def test_a_band_around_one_is_the_users(tolerance: float, state: str) -> None:
    options = SatisfactionOptions(tolerance=tolerance)
    assert satisfaction(survey(), options=options).customers["state"][0] == state


def test_groups_have_their_figures_and_the_weighted_gap_their_weights() -> None:
    found = satisfaction(survey(), options=OPTIONS)
    gaps = dict(zip(found.groups["group"], found.groups["gap"], strict=True))
    assert gaps["core"] == pytest.approx((0 * 2 - 2 * 1 + 5 * 1 + 0) / 5)
    assert gaps["bond"] == pytest.approx((2 * 1 - 4 * 2) / 3)
    assert found.weighted_gap == pytest.approx((3 * gaps["core"] + gaps["bond"]) / 4)


def test_segments_of_customers_have_their_figures() -> None:
    found = satisfaction(survey(segment=["x"] * 3 + ["y"] * 3)).segments
    alone = satisfaction(survey().filter(pl.col("id") == "b")).total
    assert found["segment"].to_list() == ["x", "y"]
    assert found.row(1)[1:] == alone.row(0)
    assert satisfaction(survey()).segments.height == 0


def test_levels_of_basic_and_potential_expectations_stand_per_customer() -> None:
    found = satisfaction(survey(), options=OPTIONS).customers
    assert found.select("basic", "potential").row(1) == pytest.approx(((1 + 4 / 9) / 2, 0.0))


def test_half_an_answer_counts_where_its_half_is_needed() -> None:
    """Who said only what was perceived is in the index; an expectation of 0 gives no ratio, but a gap."""
    table = survey(expected=[None, 8.0, 4.0, 0.0, 5.0, 5.0])
    found = satisfaction(table, options=SatisfactionOptions(low=0))
    delivery = found.items.filter(pl.col("item") == "delivery").row(0, named=True)
    assert (delivery["answers"], delivery["c"], delivery["gap"]) == (1, None, 10.0)
    assert delivery["index"] == pytest.approx(90.0)


def test_importance_stated_for_some_items_only_is_not_used() -> None:
    found = satisfaction(survey(importance=[2.0, None, 1.0, 3.0, None, 1.0]))
    assert [issue.code for issue in found.issues] == ["CUST-942"]
    assert found.importance == "none"
    assert found.total["c"][0] == pytest.approx((1 + 0.75 + 1.5 + 2 + 1 + 0.2) / 6)


def test_importance_is_derived_from_satisfaction_as_a_whole() -> None:
    table = pl.DataFrame(
        {
            "id": list("abcd") * 3,
            "item": ["overall"] * 4 + ["speed"] * 4 + ["colour"] * 4,
            "expected": [5.0] * 12,
            "perceived": [2.0, 4, 6, 8, 3, 5, 7, 9, 6, 2, 3, 5],
        }
    )
    found = satisfaction(table, options=SatisfactionOptions(overall="overall"))
    assert found.importance == "derived"
    assert found.items["item"].to_list() == ["colour", "speed"]
    assert found.items["importance"][1] == pytest.approx(1.0)
    assert found.items["quadrant"].to_list() == ["low_priority", "keep_up"]


def test_a_correlation_of_two_answers_says_nothing() -> None:
    table = {"id": ["a", "b"] * 2, "item": ["all"] * 2 + ["speed"] * 2, "perceived": [1, 2, 3, 4]}
    assert derived_importance(pl.DataFrame(table), overall="all").row(0) == ("speed", None, 2)


def test_a_pandas_survey_gives_pandas_customers() -> None:
    assert isinstance(satisfaction(survey().to_pandas()).customers, pd.DataFrame)


@pytest.mark.parametrize(
    ("changes", "code", "subject"),
    [
        ({"perceived": [8.0, 6.0, 11.0, 10.0, 5.0, 1.0]}, "CUST-940", "perceived"),
        ({"expected": [0.0, 8.0, 4.0, 5.0, 5.0, 5.0]}, "CUST-940", "expected"),
        ({"item": ["delivery", "delivery", "care", "delivery", "price", "care"]}, "CUST-941", "survey"),
        ({"item": [None, "price", "care"] * 2}, "CUST-926", "item"),
        ({"importance": [-1.0, 1.0, 1.0, 1.0, 1.0, 1.0]}, "CUST-904", "importance"),
    ],
)
def test_what_cannot_be_meant_is_refused(changes: dict, code: str, subject: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        satisfaction(survey(**changes))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, subject)]


def test_an_overall_item_nobody_answered_is_named() -> None:
    table = survey().drop("importance")
    with pytest.raises(EvaluationError) as caught:
        satisfaction(table, options=SatisfactionOptions(overall="whole"))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-943", "whole")]


def test_an_item_at_both_cuts_is_important_and_strong() -> None:
    table = pl.DataFrame({"id": ["x", "y"], "importance": [5.0, 5.0], "performance": [50.0, None]})
    found = importance_performance(table)
    assert found.frame["quadrant"].to_list() == ["keep_up", None]
    assert found.cuts == {"importance": 5.0, "performance": 50.0}
