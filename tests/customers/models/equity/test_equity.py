"""Customer equity: sums, drivers, brand switching and cross-checks, with what they refuse to mix."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from evaluator import messages
from evaluator.customers import clv, equity
from evaluator.errors import EvaluationError

EACH = clv.Terms("customer", 0.1, 3, 1.0, "CNY", "end")
GROUP = clv.Terms("group", 0.1, 3, 1.0, "CNY", "start")
SWITCH = {"margin_per_purchase": 10, "purchases_per_year": 2, "years": 3, "discount_rate": 0.1,
          "currency": "CNY", "population": 1000}  # fmt: skip


def codes(raised: pytest.ExceptionInfo[EvaluationError]) -> list[tuple[str, str]]:
    return [(issue.code, issue.subject) for issue in raised.value.issues]


def test_equity_is_the_sum_and_its_shares_sum_to_1() -> None:
    table = pd.DataFrame({"id": ["a", "b", "c", "d"], "clv": [50.0, 30.0, -10.0, np.nan]})
    found = equity.customer_equity(table, EACH)
    assert (found.total, found.customers, found.losing) == (70.0, 3, 1)
    assert found.mean == pytest.approx(70 / 3)
    assert isinstance(found.frame, pd.DataFrame)
    assert found.frame["share"].sum() == pytest.approx(1)
    assert found.frame["id"].tolist()[-1] == "d"
    assert [(issue.code, issue.subject) for issue in found.issues] == [("CLV-918", "clv")]
    assert found.concentration.peak == pytest.approx(80 / 70)


def test_a_base_worth_nothing_has_no_shares() -> None:
    found = equity.customer_equity(pl.DataFrame({"id": ["a", "b"], "clv": [1.0, -3.0]}), EACH)
    assert found.frame["share"].to_list() == [None, None]


def test_groups_and_customers_are_never_mixed() -> None:
    table = pl.DataFrame({"id": ["a"], "clv": [1.0], "score": [2.0]})
    for call in (
        lambda: equity.customer_equity(table, GROUP),
        lambda: equity.group_equity(5, 10, EACH),
        lambda: equity.cross_check(table, GROUP, limit=0.5),
    ):
        with pytest.raises(EvaluationError) as raised:
            call()
        assert [issue.code for issue in raised.value.issues] == ["CLV-930"]


RATINGS = pl.DataFrame(
    {
        "brand": ["we"] * 3 + ["they"] * 3 + ["others"] * 3,
        "driver": ["quality", "attitude", "loyalty"] * 3,
        "score": [4.0, 3.0, 2.0, 3.0, 4.0, 4.0, 3.0, 2.0, 3.0],
    }
)


def test_the_weakest_driver_matters_and_lags_the_best() -> None:
    found = equity.equity_drivers(RATINGS, {"quality": 5, "attitude": 1, "loyalty": 4}, own="we")
    assert found.weakest == "loyalty"
    rows = {row["driver"]: row for row in found.drivers.iter_rows(named=True)}
    assert rows["loyalty"]["priority"] == pytest.approx(0.4 * 2)
    assert rows["attitude"]["gap"] == pytest.approx(0.0)
    assert {name: row["quadrant"] for name, row in rows.items()} == {
        "quality": "keep", "attitude": "enough", "loyalty": "improve"}  # fmt: skip
    assert found.equities["importance"].sum() == pytest.approx(1)
    assert found.equities["equity"].to_list() == ["brand", "retention", "value"]


def test_who_is_the_best_in_all_has_no_weakest_driver() -> None:
    found = equity.equity_drivers(RATINGS.filter(pl.col("driver") == "quality"), {"quality": 1}, own="we")
    assert found.weakest is None


def test_every_usual_driver_has_a_name_and_a_lever_in_both_languages() -> None:
    for language in messages.LANGUAGES:
        for driver, kind in equity.DRIVERS.items():
            assert equity.lever(driver, language)
            assert messages.known(f"equity.driver.{driver}", language)
            assert messages.known(f"equity.of.{kind}", language)
    assert equity.lever("our own", "en") == ""


@pytest.mark.parametrize(
    ("table", "importance", "own", "found"),
    [
        (RATINGS.rename({"score": "points"}), {"quality": 1}, "we", [("CLV-931", "score")]),
        (RATINGS, {"qualty": 1}, "we", [("CLV-931", "qualty")]),
        (RATINGS, {"quality": 1}, "us", [("CLV-931", "us")]),
        (RATINGS, {"quality": 0}, "we", [("CLV-903", "importance of quality")]),
        (RATINGS.filter(pl.col("brand") == "we"), {"quality": 1}, "we", [("CLV-932", "quality")]),
        (RATINGS.with_columns(score=pl.lit(None, pl.Float64)), {"quality": 1}, "we", [("CLV-902", "score")]),
    ],
)
def test_ratings_that_cannot_be_compared_are_named(table, importance, own, found) -> None:
    with pytest.raises(EvaluationError) as raised:
        equity.equity_drivers(table, importance, own=own)
    assert codes(raised) == found


def test_switching_toy() -> None:
    """M = [[.7, .3], [.2, .8]], two purchases a year for three years at 10 %: 35.783 and 25.168."""
    found = equity.brand_switching([[0.7, 0.3], [0.2, 0.8]], [1, 0], **SWITCH)
    np.testing.assert_allclose(found.values, [[35.783, 25.168]], atol=5e-4)
    np.testing.assert_allclose(found.equity, 1000 * found.values[0])
    assert found.share.sum() == pytest.approx(1)
    assert found.terms.level == "customer"


def test_customers_with_their_own_pace_and_matrix_are_valued_one_by_one() -> None:
    M = np.array([[[0.7, 0.3], [0.2, 0.8]], [[0.9, 0.1], [0.4, 0.6]]])
    first, pace, margin = [[1, 0], [0.5, 0.5]], [2, 0.7], [10, 25]
    terms = SWITCH | {"purchases_per_year": pace, "margin_per_purchase": margin}
    together = equity.brand_switching(M, first, **terms)
    for i in range(2):
        alone = equity.brand_switching(
            M[i], first[i], **(SWITCH | {"purchases_per_year": pace[i], "margin_per_purchase": margin[i]})
        )
        np.testing.assert_allclose(together.values[i], alone.values[0], rtol=1e-13)


def test_observed_choices_are_smoothed_into_probabilities() -> None:
    M = clv.transition_matrix([[7, 3], [0, 0]], smoothing=1)
    np.testing.assert_allclose(M, [[8 / 12, 4 / 12], [0.5, 0.5]])


def test_more_inertia_keeps_more_customers() -> None:
    weak, strong = (equity.choice_probabilities([0.2, 0.0], inertia) for inertia in (0.0, 2.0))
    np.testing.assert_allclose(weak[0], weak[1])
    assert strong[0, 0] > weak[0, 0]
    np.testing.assert_allclose(strong.sum(-1), 1)


def test_effects_are_differences_of_equity() -> None:
    ratings, beta = np.array([[3.0, 4.0], [3.5, 3.0]]), np.array([0.5, 0.2])
    effects = equity.driver_effects(ratings, beta, ("quality", "loyalty"), [0.5, 0.5], inertia=1.0, own=0,
                                    step=0.1, **SWITCH)  # fmt: skip
    better = ratings + np.array([[0.1, 0], [0, 0]])
    chosen = [equity.choice_probabilities(x @ beta, 1.0) for x in (ratings, better)]
    values = [equity.brand_switching(M, [0.5, 0.5], **SWITCH).equity[0] for M in chosen]
    assert effects[0].driver == "quality"
    assert effects[0].gain == pytest.approx(values[1] - values[0])
    assert ratings[0, 0] == 3.0


@pytest.mark.parametrize(
    ("call", "code", "subject"),
    [
        (
            lambda: equity.brand_switching([[0.7, 0.6], [0.2, 0.8]], [1, 0], **SWITCH),
            "CLV-906",
            "transitions[0]",
        ),
        (lambda: equity.brand_switching([[1.0]], [1, 0], **SWITCH), "CLV-904", "switching"),
        (lambda: equity.brand_switching([[0.5, 0.5]] * 2, [0.7, 0.7], **SWITCH), "CLV-906", "first"),
        (lambda: equity.brand_switching(np.full((3, 2, 2), 0.5), [1, 0], **SWITCH), "CLV-904", "switching"),
        (lambda: equity.brand_switching(np.full((1, 2, 2), 0.6), [1, 0], **SWITCH), "CLV-906", "switching"),
        (
            lambda: equity.brand_switching([[0.5, 0.5]] * 2, [1, 0], **(SWITCH | {"purchases_per_year": 0})),
            "CLV-903",
            "purchases_per_year",
        ),
        (lambda: equity.return_on_improvement(1, 2, [0, 0], discount_rate=0.1), "CLV-903", "outlays"),
        (lambda: equity.group_equity(1, 0, GROUP), "CLV-903", "population"),
    ],
)
def test_bad_input_is_named(call, code, subject) -> None:
    with pytest.raises(EvaluationError) as raised:
        call()
    assert codes(raised) == [(code, subject)]


def test_cross_check_sets_money_and_score_side_by_side() -> None:
    table = pl.DataFrame(
        {
            "id": list("abcde"),
            "clv": [90.0, 70, 30, 10, None],
            "score": [80.0, 60, 70, 90, 50],
            "current": [50.0, 40, 20, 15, 1],
            "later": [40.0, 30, 10, -30, 1],
            "grade": ["A", "B", "B", "A", "C"],
            "class": ["high", "high", "low", "low", "low"],
        }
    )
    found = equity.cross_check(table, EACH, limit=0.6, current="current", future="later",
                               classes={"grade": ["A", "B", "C"], "class": ["high", "low"]})  # fmt: skip
    assert found.frame.height == 4
    assert found.disagreeing["id"].to_list() == ["d"]
    assert found.disagreeing["apart"].to_list() == [-0.75]
    assert found.agreement.pairs["spearman"][0] == pytest.approx(-0.4)
    assert ("grade", "class") in found.agreement.tables
    types = dict(found.types.frame.select("id", "class").rows())
    assert (types["a"], types["d"]) == ("mvc", "bz")
    assert "clv_standing" in found.frame.columns


def test_without_current_and_future_there_are_no_types() -> None:
    table = pl.DataFrame({"id": ["a", "b"], "clv": [1.0, 2.0], "score": [1.0, 2.0]})
    found = equity.cross_check(table, EACH, limit=0.5)
    assert found.types is None
    assert found.disagreeing.height == 0


def test_a_limit_is_a_share() -> None:
    table = pl.DataFrame({"id": ["a", "b"], "clv": [1.0, 2.0], "score": [1.0, 2.0]})
    with pytest.raises(EvaluationError) as raised:
        equity.cross_check(table, EACH, limit=5)
    assert codes(raised) == [("CLV-901", "limit")]
