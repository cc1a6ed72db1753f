"""Churn rates and causes, early warning, ranking quality, win-back, complaints."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from evaluator.customers.models.churn import (
    ChurnOptions,
    ComplaintOptions,
    WarningOptions,
    WarningSign,
    WinbackOptions,
    auc,
    churn,
    churn_risk,
    complaint_figures,
    order_signs,
    rank_quality,
    winback,
)
from evaluator.customers.models.churn.rates import CAUSES
from evaluator.errors import EvaluationError

BASE = pl.DataFrame(
    {"id": list("abcdefgh"), "value": [80.0, 40, 30, 20, 10, 10, 5, 5], "segment": ["x"] * 4 + ["y"] * 4}
)
GONE = pl.DataFrame(
    {
        "id": [*"aghz"],
        "kind": ["active", "主动流失", "passive", "active"],
        "cause": ["rival_offer", "service_quality", None, "malicious"],
    }
)


def test_rates_go_by_customers_and_by_value() -> None:
    found = churn(BASE, GONE)
    assert (found.start, found.lost, found.rate) == (8, 3, 3 / 8)
    assert found.value_rate == pytest.approx(90 / 200)
    assert found.kinds.rows() == [("active", 2, pytest.approx(2 / 3)), ("passive", 1, pytest.approx(1 / 3))]


def test_who_was_not_there_at_the_start_is_not_counted_and_named() -> None:
    assert [(i.code, i.detail["examples"]) for i in churn(BASE, GONE).issues] == [("CUST-951", "z")]


def test_causes_stand_in_order_with_what_could_have_been_done() -> None:
    found = churn(BASE, GONE)
    assert found.causes.select("cause", "whose", "controllable", "customers").rows() == [
        ("rival_offer", "customer", False, 1),
        ("service_quality", "firm", True, 1),
        (None, None, None, 1),
    ]
    assert found.causes["cumulative"][-1] == pytest.approx(1)
    assert (found.controllable, found.value_controllable) == (0.5, pytest.approx(5 / 85))


def test_what_is_controllable_is_the_users() -> None:
    found = churn(BASE, GONE, options=ChurnOptions(controllable=("rival_offer", "service_quality")))
    assert found.controllable == 1


def test_segments_have_their_own_rates() -> None:
    assert churn(BASE, GONE).segments.rows() == [
        ("x", 4, 1, 0.25, pytest.approx(80 / 170)),
        ("y", 4, 2, 0.5, pytest.approx(10 / 30)),
    ]


def test_without_values_and_causes_only_the_plain_rate_stands() -> None:
    found = churn(BASE.select("id"), GONE.select("id"))
    assert (found.rate, found.value_rate, found.controllable) == (3 / 8, None, None)
    assert found.causes.rows() == [(None, None, None, 3, 1.0, 1.0, None)]
    assert found.segments.height == 0


@pytest.mark.parametrize(
    ("gone", "options", "code", "subject"),
    [
        (GONE.with_columns(cause=pl.lit("prices")), None, "CUST-908", "prices"),
        (GONE.with_columns(kind=pl.lit("aktive")), None, "CUST-908", "aktive"),
        (GONE, ChurnOptions(controllable=("weather",)), "CUST-908", "weather"),
        (pl.concat([GONE, GONE]), None, "CUST-902", "id"),
    ],
)
def test_words_that_are_not_known_are_refused(
    gone: pl.DataFrame, options: ChurnOptions | None, code: str, subject: str
) -> None:
    with pytest.raises(EvaluationError) as caught:
        churn(BASE, gone, options=options)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, subject)]


def test_five_causes_are_the_firms_and_four_the_customers() -> None:
    assert sorted(CAUSES.values()) == ["customer"] * 4 + ["firm"] * 5


def signs(**columns: list) -> pl.DataFrame:
    height = len(next(iter(columns.values())))
    return pl.DataFrame({"id": [str(n) for n in range(height)]} | columns)


def test_a_sign_rises_from_calm_to_alarm_and_no_further() -> None:
    found = churn_risk(signs(interval_ratio=[0.5, 2.0, 3.0, 9.0])).frame
    assert found["risk"].to_list() == [0, 50, 100, 100]
    assert found["red"].to_list() == [0, 0, 1, 1]
    assert found["high"].to_list() == [False, False, True, True]


def test_a_sign_not_observed_takes_its_weight_out_down_to_the_coverage() -> None:
    options = WarningOptions(signs={"complaints": WarningSign(calm=0, alarm=4, weight=2)}, min_coverage=0.5)
    found = churn_risk(
        signs(interval_ratio=[3.0, None, 3.0], complaints=[None, 2.0, 0.0]), options=options
    ).frame
    assert found["risk"].to_list() == [None, pytest.approx(50), pytest.approx(100 / 3)]
    assert found["first"].to_list() == ["interval_ratio", "complaints", "interval_ratio"]
    assert found["high"].to_list() == [None, False, False]


def test_signs_report_how_many_lights_are_red() -> None:
    found = churn_risk(signs(interval_ratio=[3.0, 1.0], order_change=[-0.2, None])).signs
    assert found.rows() == [("interval_ratio", 1, 3, 0.5, 2, 1), ("order_change", 0, -0.2, 0.5, 1, 1)]


@pytest.mark.parametrize(
    ("columns", "options", "code", "subject"),
    [
        ({"colour": [1]}, {}, "CUST-948", "warning"),
        (
            {"complaints": [1]},
            {"signs": {"complaints": {"calm": 2.0, "alarm": 2.0}}},
            "CUST-947",
            "complaints",
        ),
    ],
)
def test_warnings_without_signs_are_refused(columns: dict, options: dict, code: str, subject: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        churn_risk(signs(**columns), options=WarningOptions.model_validate(options))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, subject)]


def test_orders_tell_who_is_overdue_and_who_orders_less() -> None:
    end = date(2024, 7, 1)
    rows = [("less", end - timedelta(days=10 + 30 * n), 40.0 if n < 6 else 80.0) for n in range(12)]
    rows += [
        ("late", date(2024, 1, 10), 5.0),
        ("late", date(2024, 2, 10), 5.0),
        ("once", date(2024, 6, 1), 5.0),
    ]
    orders = pl.DataFrame(rows, schema=["id", "date", "amount"], orient="row")
    found = {row[0]: row[1:] for row in order_signs(orders, as_of=end).iter_rows()}
    assert found["less"] == (pytest.approx(1 / 3), pytest.approx(-0.5))
    assert found["late"] == (pytest.approx(142 / 31), None)
    assert found["once"] == (None, None)


def test_the_area_under_the_curve_counts_pairs() -> None:
    """The plain definition, pair by pair, on random risks with ties."""
    rng = np.random.default_rng(7)
    risk, lost = rng.integers(0, 6, 60).astype(float), rng.random(60) < 0.4
    pairs = [(a > b) + (a == b) / 2 for a in risk[lost] for b in risk[~lost]]
    assert auc(risk, lost) == pytest.approx(np.mean(pairs))
    assert np.isnan(auc([1.0, 2.0], [1, 1]))


def test_tenths_tell_how_many_are_found_where_one_looks_first() -> None:
    frame = pl.DataFrame(
        {"id": [f"{n:02}" for n in range(20)], "risk": np.arange(20.0), "lost": [0] * 16 + [1] * 4}
    )
    found = rank_quality(frame)
    assert (found.auc, found.customers, found.lost) == (1.0, 20, 4)
    assert found.tenths.row(0) == (1, 2, 2, 1.0, 5.0, 0.5)
    assert found.tenths["found"].to_list() == [0.5, 1.0] + [1.0] * 8


def test_a_ranking_nobody_left_under_cannot_be_judged() -> None:
    with pytest.raises(EvaluationError) as caught:
        rank_quality(pl.DataFrame({"id": ["a"], "risk": [1.0], "lost": [0]}))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-952", "lost")]


LOST = pl.DataFrame(
    {
        "id": list("abcdef"),
        "value": [1000.0, 500, 100, -20, 400, None],
        "returns": [0.5, 0.2, 0.9, 0.9, 0.5, 0.5],
        "cause": ["service_quality", "rival_offer", None, None, "malicious", None],
        "cost": [100.0, 10, 10, 0, 0, 0],
    }
)


def test_priority_is_what_comes_back_less_what_it_costs() -> None:
    found = winback(LOST)
    assert found.frame.select("id", "regained", "priority", "rank").rows() == [
        ("a", 500.0, 400.0, 1),
        ("c", pytest.approx(90.0), pytest.approx(80.0), 2),
        ("e", 0.0, 0.0, 3),
        ("b", 0.0, -10.0, 4),
        ("d", -18.0, -18.0, 5),
        ("f", None, None, None),
    ]
    assert (found.worthwhile, found.regained, found.cost) == (2, pytest.approx(590.0), pytest.approx(110.0))
    assert [(i.code, i.detail["examples"]) for i in found.issues] == [("CUST-918", "f")]


def test_policies_go_by_value_and_malice() -> None:
    fixed = {"kind": "fixed", "at": (300.0, 900.0)}
    found = winback(LOST, options=WinbackOptions.model_validate({"value_cut": fixed})).frame
    policies = dict(found.select("id", "policy").iter_rows())
    assert policies == {
        "a": "by_all_means", "b": "if_it_fits", "c": "let_cool", "d": "give_up", "e": "give_up", "f": None,
    }  # fmt: skip


def test_how_far_a_cause_can_be_undone_is_the_users() -> None:
    found = winback(LOST, options=WinbackOptions(controllable={"rival_offer": 0.5})).frame
    assert dict(found.select("id", "regained").iter_rows())["b"] == pytest.approx(50)


@pytest.mark.parametrize(
    ("frame", "options", "code", "subject"),
    [
        (LOST.with_columns(returns=pl.lit(1.2)), {}, "CUST-920", "returns"),
        (LOST.with_columns(cause=pl.lit("rain")), {}, "CUST-908", "rain"),
        (LOST, {"controllable": {"rain": 1.0}}, "CUST-908", "rain"),
        (LOST, {"value_cut": {"kind": "fixed", "at": (1.0,)}}, "CUST-909", "value"),
    ],
)
def test_a_list_that_cannot_be_ranked_is_refused(
    frame: pl.DataFrame, options: dict, code: str, subject: str
) -> None:
    with pytest.raises(EvaluationError) as caught:
        winback(frame, options=WinbackOptions.model_validate(options))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, subject)]


COMPLAINTS = pl.DataFrame(
    {
        "id": ["a", "a", "b", "c"],
        "date": [date(2024, 1, 3), date(2024, 1, 9), date(2024, 2, 2), None],
        "valid": [1.0, 0.0, 1.0, None],
        "hours": [2.0, 10.0, None, 6.0],
        "satisfaction": [4.0, None, None, 2.0],
    }
)


def test_complaints_are_counted_judged_and_timed() -> None:
    found = complaint_figures(COMPLAINTS, customers=30, options=ComplaintOptions(hours=6))
    assert (found.count, found.valid, found.open, found.complaining) == (4, 2, 1, 3)
    assert (found.rate, found.valid_share) == (0.1, pytest.approx(2 / 3))
    assert (found.mean_hours, found.median_hours) == (6, 6)
    assert found.in_time == pytest.approx(2 / 3)
    assert found.recovery == 3
    assert found.months.rows() == [(date(2024, 1, 1), 2, 1), (date(2024, 2, 1), 1, 1)]
    assert found.frame.row(0) == ("a", 2, 1, 1, 0, 6.0, 4.0)


def test_what_was_not_recorded_is_not_zero() -> None:
    found = complaint_figures(COMPLAINTS.select("id"))
    assert (found.rate, found.valid_share, found.mean_hours, found.in_time, found.recovery) == (None,) * 5
    assert found.open is None
    assert found.frame["open"].to_list() == [None, None, None]
