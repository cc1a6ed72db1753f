"""Retention curves, fitted histories, Reichheld's drivers and the economics of keeping customers."""

import numpy as np
import polars as pl
import pytest

from evaluator.customers import clv
from evaluator.errors import EvaluationError

MONEY = {"discount_rate": 0.1, "currency": "CNY"}


def codes(raised: pytest.ExceptionInfo[EvaluationError]) -> list[tuple[str, str]]:
    return [(issue.code, issue.subject) for issue in raised.value.issues]


def test_weibull_of_shape_1_is_constant_retention() -> None:
    curve = clv.BergerNasr(2.5, 10, 4, 20)
    steady = clv.Weibull(scale=-1 / np.log(0.9), shape=1)
    np.testing.assert_allclose(steady.retention(np.arange(1, 9)), 0.9)
    for continuous in (False, True):
        terms = {"horizon": 8, "continuous": continuous, **MONEY}
        assert clv.curve_value(curve, retention=steady, **terms).value == pytest.approx(
            clv.curve_value(curve, retention=0.9, **terms).value, rel=1e-12
        )


def test_weibull_comes_back_from_its_own_cohort() -> None:
    truth = clv.Weibull(scale=4, shape=0.7)
    ages = np.array([0, 0.5, 1, 2, 4, 7.0])
    fitted = clv.fit_weibull(1e6 * truth(ages), ages)
    np.testing.assert_allclose(fitted.estimate.values, [4, 0.7], rtol=1e-6)
    assert (fitted.estimate.errors < 0.02).all()


@pytest.mark.parametrize(
    ("call", "code", "subject"),
    [
        (lambda: clv.Weibull(0, 1), "CLV-903", "scale"),
        (lambda: clv.fit_weibull([100, 80]), "CLV-904", "customers"),
        (lambda: clv.fit_weibull([100, 80, 60], [0, 1]), "CLV-904", "years"),
        (lambda: clv.fit_weibull([100, 80, 60], [0, 2, 1]), "CLV-903", "years"),
        (lambda: clv.fit_weibull([100, 100, 100]), "CLV-911", "retention"),
        (lambda: clv.fit_weibull([0, 0, 0]), "CLV-907", "customers"),
        (lambda: clv.fit_weibull([9, 8, 9]), "CLV-909", "customers"),
        (lambda: clv.fit_profits([5.0], horizon=1, **MONEY), "CLV-920", "profits"),
        (lambda: clv.match_profits([1, 2], {"a": [1, 2]}, horizon=1, **MONEY), "CLV-923", "library"),
        (lambda: clv.match_profits([1, np.nan], {"a": [1, 2]}, horizon=1, **MONEY), "CLV-902", "profits"),
        (lambda: clv.Response(1.2, 0.1), "CLV-901", "ceiling"),
        (lambda: clv.Response(0.8, 0), "CLV-903", "k"),
        (
            lambda: clv.optimum_retention(10, clv.Response(1, 0.1), discount_rate=0.0, currency="CNY"),
            "CLV-905",
            "retention",
        ),
        (lambda: clv.drivers_of(0, acquisition_cost=1, base=1), "CLV-903", "years"),
        (lambda: clv.drivers_of(2, acquisition_cost=1, base=1, saving=2), "CLV-901", "saving"),
        (lambda: clv.drivers_of(2, acquisition_cost=1, base=1, referrals=[1]), "CLV-904", "referrals"),
        (
            lambda: clv.five_drivers(
                clv.drivers_of(2, acquisition_cost=1, base=1), retention=0.98, change=0.05, **MONEY
            ),
            "CLV-901",
            "retention + change",
        ),
    ],
)
def test_bad_input_is_named(call, code, subject) -> None:
    with pytest.raises(EvaluationError) as raised:
        call()
    assert codes(raised) == [(code, subject)]


CURVES = {
    "linear": lambda t: 3 + 2 * t,
    "quadratic": lambda t: 4 + 6 * t - 0.5 * t**2,
    "exponential": lambda t: 5 * np.exp(0.25 * t),
    "logistic": lambda t: 80 / (1 + np.exp(-0.9 * (t - 5))),
    "gompertz": lambda t: 80 * np.exp(-np.exp(-0.6 * (t - 4))),
    "berger_nasr": clv.BergerNasr(2.5, 10, 4, 20),
}


def test_every_formula_has_a_curve_here() -> None:
    assert set(CURVES) == set(clv.FORMULAS.names())


@pytest.mark.parametrize("name", CURVES)
def test_a_history_on_a_formula_is_recognised_and_continued(name) -> None:
    """With a little noise the formula that made twelve periods is the one chosen."""
    truth = CURVES[name]
    t = np.arange(12.0)
    y = truth(t) + 0.002 * np.random.default_rng(4).normal(size=12)
    found = clv.fit_profits(y, horizon=4, **MONEY)
    assert found.curve == name
    np.testing.assert_allclose(found.forecast, truth(np.arange(12, 16.0)), rtol=0.01)
    assert (found.low <= found.forecast).all()
    assert (found.forecast <= found.high).all()
    assert found.candidates["aicc"].is_sorted()
    assert found.issues == ()


def test_a_forecast_reaches_no_further_than_the_history_carries() -> None:
    found = clv.fit_profits([1, 2, 3, 4, 5.1, 6], horizon=20, most_beyond=0.5, **MONEY)
    assert found.forecast.size == 3
    assert [(issue.code, issue.subject) for issue in found.issues] == [("CLV-922", "horizon")]
    assert found.lifetime.terms.horizon == 3


def test_a_history_no_curve_explains_is_warned_of() -> None:
    found = clv.fit_profits(np.tile([14.0, 6.0], 7), horizon=2, **MONEY)
    assert [issue.code for issue in found.issues] == ["CLV-921"]
    assert found.r_squared < 0.6


def test_the_nearest_former_customer_continues_a_history() -> None:
    """The scale is Σ p·L/Σ L²; the best curve is the one with the least error, whatever its size."""
    past = {"fall": [100, 80, 60, 40, 20, 10], "rise": [1, 2, 3, 4, 5, 6], "short": [10, 20, 30]}
    found = clv.match_profits([10, 21, 29], past, horizon=3, **MONEY)
    scale = (10 * 1 + 21 * 2 + 29 * 3) / (1 + 4 + 9)
    assert found.curve == "rise"
    assert found.parameters == {"scale": pytest.approx(scale)}
    np.testing.assert_allclose(found.forecast, scale * np.array([4, 5, 6]))
    assert found.candidates["curve"].to_list() == ["rise", "fall"]
    assert [issue.code for issue in found.issues] == ["CLV-920"]
    history = clv.history_and_future([10, 21, 29], found.forecast, **MONEY)
    assert found.lifetime.broad == pytest.approx(history.broad)


def test_the_classic_chart_of_reichheld() -> None:
    """Credit cards −51, 30, 42, 44, 49, 55: 169, 111.66 and 91.14 at 0, 10 and 15 %."""
    none = np.zeros(6)
    classic = clv.Drivers(np.array([51.0, 0, 0, 0, 0, 0]), np.array([0.0, 30, 42, 44, 49, 55]), none, none,
                          none, none)  # fmt: skip
    for rate, value in ((0.0, 169), (0.1, 111.6597), (0.15, 91.1363)):
        found = clv.five_drivers(classic, retention=1, change=0, discount_rate=rate, currency="USD")
        assert found.value == pytest.approx(value, abs=5e-5)
        assert found.retained == pytest.approx(found.value)


def test_drivers_add_up_to_the_profit_of_each_year() -> None:
    drivers = clv.drivers_of(5, acquisition_cost=80, base=30, growth=0.1, first_cost=20, saving=0.2,
                             referrals=[0, 1, 1, 2, 2], conversion=0.3, referral_margin=25, premium=0.5,
                             volume=[4, 4, 5, 5, 6])  # fmt: skip
    found = clv.five_drivers(drivers, retention=0.8, change=0.05, **MONEY)
    names = ["acquisition", "base", "increased_purchase", "cost_saving", "referral", "price_premium"]
    np.testing.assert_allclose(found.table.select(names).sum_horizontal(), found.table["profit"])
    assert found.table.row(2, named=True)["cost_saving"] == pytest.approx(20 * 0.2)
    assert found.table.row(3, named=True)["increased_purchase"] == pytest.approx(30 * 0.21)
    assert found.table.row(4, named=True)["referral"] == pytest.approx(2 * 0.3 * 25)
    assert found.break_even == 3
    assert found.improved > found.retained


def test_a_customer_who_never_breaks_even_has_no_year() -> None:
    never = clv.drivers_of(3, acquisition_cost=1000, base=10)
    assert clv.five_drivers(never, retention=0.9, change=0.05, **MONEY).break_even is None


def test_optimum_retention_is_a_peak() -> None:
    """m 100, k₂ .05, ceiling .8, d .2: R* 36.9, r* .673, CE 157.9; the curve falls on both sides."""
    best = clv.optimum_retention(100, clv.Response(0.8, 0.05), discount_rate=0.2, currency="CNY")
    assert best.spend == pytest.approx(36.8567, abs=1e-3)
    assert best.retention == pytest.approx(0.6733, abs=1e-4)
    assert best.value == pytest.approx(157.8588, abs=1e-3)
    values = best.curve["value"].to_numpy()
    top = int(values.argmax())
    assert (np.diff(values[: top + 1]) > 0).all()
    assert (np.diff(values[top:]) < 0).all()
    assert values.max() <= best.value


def test_retention_that_never_pays_gets_no_money() -> None:
    """Where even the first unit spent keeps too few, the best spend is 0."""
    best = clv.optimum_retention(10, clv.Response(0.2, 0.01), discount_rate=0.2, currency="CNY")
    assert (best.spend, best.retention, best.value) == (0.0, 0.0, 10.0)


def test_acquisition_stops_where_its_last_unit_brings_one_back() -> None:
    best = clv.optimum_retention(100, clv.Response(0.8, 0.05), discount_rate=0.2, currency="CNY",
                                 acquisition=clv.Response(0.4, 0.1))  # fmt: skip
    worth = 157.8588  # of a customer won
    spends = np.linspace(0, 60, 6001)
    assert best.acquisition_spend == pytest.approx(
        spends[(clv.Response(0.4, 0.1)(spends) * worth - spends).argmax()], abs=0.01
    )
    assert best.value == pytest.approx(best.acquisition * worth - best.acquisition_spend, abs=1e-3)


EVENTS = {"id": ["a", "a", "b"], "time": [1.0, 2.0, 0.5], "probability": [1.0, 0.5, 0.25],
          "revenue": [110.0, 121.0, 40.0], "cost": [0.0, 21.0, 60.0]}  # fmt: skip


def test_events_are_worth_their_expectation() -> None:
    found = clv.customer_events(pl.DataFrame(EVENTS), draws=20000, seed=3, **MONEY)
    frame = found.frame
    assert frame["base"].to_list() == pytest.approx([100 + 50 / 1.21, -5 / 1.1**0.5])
    for row in frame.iter_rows(named=True):
        assert abs(row["mean"] - row["base"]) < 4 * row["sd"] / 20000**0.5
        assert row["low"] == row["base"] == row["high"]
    assert frame["loss"].to_list() == [0.0, pytest.approx(0.25, abs=0.02)]
    assert (found.draws, found.seed) == (20000, 3)


def test_a_low_forecast_is_a_low_value() -> None:
    spread = {
        "revenue_low": [100.0, None, 30.0],
        "revenue_high": [130.0, None, 80.0],
        "cost_high": [5.0, 30.0, 70.0],
    }
    frame = clv.customer_events(pl.DataFrame(EVENTS | spread), **MONEY).frame
    assert (frame["low"] < frame["base"]).all()
    assert (frame["base"] <= frame["high"]).all()
    assert frame["low"][0] == pytest.approx(95 / 1.1 + 0.5 * 91 / 1.21)
    assert (frame["p5"] <= frame["p50"]).all()


def test_draws_of_a_customer_do_not_depend_on_the_others() -> None:
    whole = clv.customer_events(pl.DataFrame(EVENTS), seed=5, **MONEY).frame
    alone = clv.customer_events(pl.DataFrame(EVENTS).filter(pl.col("id") == "b"), seed=5, **MONEY).frame
    assert alone.row(0) == whole.row(1)
    assert clv.customer_events(pl.DataFrame(EVENTS), seed=6, **MONEY).frame["mean"][0] != whole["mean"][0]


def test_dated_events_count_years_from_the_as_of_date() -> None:
    from datetime import date

    table = pl.DataFrame(
        {"id": ["a"], "date": [date(2026, 1, 1)], "probability": [1.0], "revenue": [1.1], "cost": [0.0]}
    )
    found = clv.customer_events(table, as_of=date(2025, 1, 1), **MONEY).frame
    assert found["base"][0] == pytest.approx(1.1 / 1.1 ** (365 / 365.25))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            {"probability": [1.0, 1.5, 0.25]},
            [("CLV-901", "probability"), ("CLV-901", "probability_low"), ("CLV-901", "probability_high")],
        ),
        ({"time": [-1.0, 1.0, 1.0]}, [("CLV-903", "time")]),
        ({"revenue": [None, 1.0, 1.0]}, [("CLV-918", "revenue")]),
        ({"cost_low": [1.0, 0.0, 0.0]}, [("CLV-919", "cost")]),
    ],
)  # fmt: skip
def test_bad_events_are_named(change, found) -> None:
    with pytest.raises(EvaluationError) as raised:
        clv.customer_events(pl.DataFrame(EVENTS | change), **MONEY)
    assert codes(raised) == found


SEGMENTS = {"id": ["retail", "trade"], "customers": [1000, 50], "lost": [100, 5], "revenue": [5e5, 4e5],
            "cost": [3e5, 3.9e5], "years": [2.0, 4.0], "programme_cost": [9000.0, 4000.0],
            "kept": [30.0, 2.0]}  # fmt: skip


def test_a_programme_pays_while_keeping_costs_less_than_losing() -> None:
    frame = clv.retention_accounts(pl.DataFrame(SEGMENTS), **MONEY).frame
    margin = 2e5 / 1000
    assert frame["churn_cost_per_customer"][0] == pytest.approx(margin / 1.1 + margin / 1.21)
    assert frame["churn_rate"].to_list() == [0.1, 0.1]
    assert frame["cost_per_kept"].to_list() == [300.0, 2000.0]
    assert frame["accept"].to_list() == [True, False]
    assert frame["profit"].to_list() == [2e5, 1e4]


def test_a_segment_without_a_programme_accepts_nothing_and_refuses_nothing() -> None:
    table = {name: values for name, values in SEGMENTS.items() if name not in ("programme_cost", "kept")}
    frame = clv.retention_accounts(pl.DataFrame(table), discount_rate=0.0, currency="CNY").frame
    assert frame["accept"].to_list() == [None, None]
    assert frame["churn_cost_per_customer"][0] == pytest.approx(400)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"customers": [0, 50]}, ("CLV-907", "retail")),
        ({"lost": [1001, 5]}, ("CLV-901", "lost / customers")),
        ({"years": [None, 1.0]}, ("CLV-918", "years")),
    ],
)
def test_bad_accounts_are_named(change, found) -> None:
    with pytest.raises(EvaluationError) as raised:
        clv.retention_accounts(pl.DataFrame(SEGMENTS | change), **MONEY)
    assert codes(raised) == [found]
