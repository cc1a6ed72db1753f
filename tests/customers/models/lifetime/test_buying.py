"""Models of repeat buying: their formulas by other routes, and data that do not carry them."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import integrate, special

from evaluator.customers import clv
from evaluator.customers.likelihoods.likelihood import maximize
from evaluator.errors import EvaluationError, Severity

BG = clv.BgNbd(0.243, 4.414, 0.793, 2.426)
PARETO = clv.ParetoNbd(0.5534, 10.5802, 0.6061, 11.6562)


def codes(raised: pytest.ExceptionInfo[EvaluationError]) -> list[tuple[str, str]]:
    return [(issue.code, issue.subject) for issue in raised.value.issues]


def drawn(count: int, seed: int = 1) -> pl.DataFrame:
    """Return histories of 39 weeks drawn from a BG/NBD of r 0.8, α 6, a 0.9, b 2.5."""
    rng = np.random.default_rng(seed)
    rate, drop = rng.gamma(0.8, 1 / 6, count), rng.beta(0.9, 2.5, count)
    rows = []
    for i in range(count):
        time, bought, last = 0.0, 0, 0.0
        while (time := time + rng.exponential(1 / rate[i])) < 39:
            bought, last = bought + 1, time
            if rng.random() < drop[i]:
                break
        rows.append((f"{i:05d}", bought, last, 39.0))
    return pl.DataFrame(rows, schema=["id", "frequency", "recency", "T"], orient="row")


@pytest.mark.parametrize(("t", "x", "T"), [(39, 0, 0), (39, 2, 38.9), (500, 30, 38), (2000, 200, 300)])
def test_bg_nbd_expectation_is_the_hypergeometric_one(t, x, T) -> None:
    """Gauss–Jacobi and the paper's ₂F₁ agree."""
    r, alpha, a, b = BG.values
    f = special.hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + T + t))
    expected = (a + b + x - 1) / (a - 1) * (1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * f)
    assert float(BG.purchases_if_alive(t, x, T)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("x", "t_x", "T"), [(0, 0.0, 30.0), (2, 1.0, 38.0), (26, 30.86, 31.0), (300, 2.0, 900.0)]
)
def test_pareto_nbd_alive_is_its_integral(x, t_x, T) -> None:
    """P(alive) by quadrature in τ itself, scaled by the likelihood of still buying."""
    r, alpha, s, beta = PARETO.values

    def ended(tau: float) -> float:
        logs = (r + x) * math.log((alpha + T) / (alpha + tau)) + s * math.log((beta + T) / (beta + tau))
        return s / (beta + tau) * math.exp(logs - shift)

    shift = max((r + x) * math.log((alpha + T) / (alpha + t_x)), 0.0)
    knots = t_x + (T - t_x) * np.array([0, 1e-4, 1e-3, 1e-2, 0.1, 1])
    area = sum(integrate.quad(ended, a, b)[0] for a, b in pairwise(knots))
    expected = 1 / (1 + area * math.exp(shift)) if shift < 700 else 0.0
    assert float(PARETO.p_alive(x, t_x, T)) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_pareto_nbd_likelihood_is_the_published_one() -> None:
    """Schmittlein, Morrison & Colombo's ₂F₁ form gives the same log-likelihood."""
    r, alpha, s, beta = PARETO.values
    x, t_x, T = np.array([0.0, 2, 7]), np.array([0.0, 30.43, 20.0]), np.array([38.86, 38.86, 30.0])

    def part(t: np.ndarray) -> np.ndarray:  # β > α
        f = special.hyp2f1(r + s + x, r + x, r + s + x + 1, (beta - alpha) / (beta + t))
        return f / (beta + t) ** (r + s + x)

    mixed = s / (r + s + x) * (part(t_x) - part(T)) + (alpha + T) ** -(r + x) * (beta + T) ** -s
    expected = (
        special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha) + s * np.log(beta) + np.log(mixed)
    )
    value, _ = clv.ParetoNbd.likelihood(PARETO.values, x, t_x, T, np.ones(3))
    assert value == pytest.approx(expected.sum(), rel=1e-12)


@pytest.mark.parametrize("model", [BG, PARETO])
def test_gradients_are_those_of_the_likelihood(model) -> None:
    frame = drawn(40)
    x, t_x, T = (frame[name].cast(pl.Float64).to_numpy() for name in ("frequency", "recency", "T"))
    theta, weights = model.values, np.linspace(1, 2, 40)
    _, slope = type(model).likelihood(theta, x, t_x, T, weights)
    for k in range(4):
        step = np.zeros(4)
        step[k] = 1e-6 * theta[k]
        up, down = (type(model).likelihood(theta + sign * step, x, t_x, T, weights)[0] for sign in (1, -1))
        assert slope[k] == pytest.approx((up - down) / (2 * step[k]), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("model", [BG, PARETO])
def test_discounting_by_the_moment_is_its_integral(model) -> None:
    """∫ e^(−δt) dE(t), by quadrature of small differences."""
    t = np.linspace(0, 104, 20001)
    steps = np.diff(model.future_purchases(t, 2, 30.43, 38.86))
    expected = float(np.exp(-0.003 * (t[1:] + t[:-1]) / 2) @ steps)
    alive = float(model.p_alive(2, 30.43, 38.86))
    found = alive * float(model.discounted_if_alive(104, (0.003,), 2, 38.86)[0])
    assert found == pytest.approx(expected, rel=1e-7)


def test_expectations_hold_where_the_closed_form_breaks() -> None:
    """At s = 1 and at a = 1 the formulas divide by zero; the expectations are smooth there."""
    for edge, near in (
        (clv.ParetoNbd(0.5, 10, 1.0, 11), clv.ParetoNbd(0.5, 10, 1.0 + 1e-7, 11)),
        (clv.BgNbd(0.3, 4, 1.0, 2), clv.BgNbd(0.3, 4, 1.0 + 1e-7, 2)),
    ):
        assert float(edge.future_purchases(52, 3, 20, 30)) == pytest.approx(
            float(near.future_purchases(52, 3, 20, 30)), rel=1e-5
        )


def test_parameters_come_back_from_drawn_customers() -> None:
    """From 4,000 drawn customers each parameter lies within three standard errors of the truth."""
    fitted = clv.fit_buying(drawn(4000), unit="week")
    away = (fitted.estimate.values - [0.8, 6, 0.9, 2.5]) / fitted.estimate.errors
    assert (np.abs(away) < 3).all()
    assert fitted.issues == ()


def test_customers_are_valued_on_their_own() -> None:
    """Who else is in the frame, and in which kind of frame, does not change a value."""
    frame = drawn(300).with_columns(
        pl.when(pl.col("frequency") > 0).then(20.0 + pl.col("frequency")).alias("monetary")
    )
    buying, spend = (
        clv.fit_buying(frame, unit="week"),
        clv.FittedSpend(clv.GammaGamma(6, 4, 15), None, 9, 0.0),
    )
    terms = {"margin": 0.3, "horizon": 52, "discount_rate": 0.1, "currency": "CNY"}
    whole = clv.customer_values(frame, buying, spend, **terms)
    part = clv.customer_values(frame.slice(100, 7).to_pandas(), buying, spend, **terms)
    assert isinstance(part.frame, pd.DataFrame)
    np.testing.assert_allclose(part.frame["clv"], whole.frame["clv"].slice(100, 7), rtol=1e-13)
    assert whole.terms == clv.Terms("customer", 0.1, 52, 7 / 365.25, "CNY", "moment")


def test_one_purchase_customers_get_the_mean_spend_of_all() -> None:
    model = clv.GammaGamma(6.25, 3.74, 15.44)
    assert float(model.expected_spend(0, math.nan)) == pytest.approx(6.25 * 15.44 / 2.74)


def test_an_infinite_mean_spend_is_said() -> None:
    with pytest.raises(EvaluationError) as raised:
        clv.GammaGamma(2, 0.9, 10).expected_spend([0, 5], [0, 10])
    assert codes(raised) == [("CLV-914", "q")]
    assert raised.value.issues[0].detail["count"] == 1


@pytest.mark.parametrize(
    ("frequency", "recency", "T"),
    [([1, 1], [9.0, 3.0], [5.0, 5.0]), ([1, 1], [0.0, 3.0], [5.0, 5.0]), ([0, 1], [2.0, 3.0], [5.0, 5.0]),
     ([1.5, 1], [2.0, 3.0], [5.0, 5.0]), ([None, 1], [2.0, 3.0], [5.0, 5.0])],
)  # fmt: skip
def test_histories_that_cannot_be_are_named(frequency, recency, T) -> None:
    frame = pl.DataFrame({"id": ["bad", "good"], "frequency": frequency, "recency": recency, "T": T})
    with pytest.raises(EvaluationError) as raised:
        clv.fit_buying(frame, unit="week")
    assert codes(raised) == [("CLV-913", "histories")]
    assert raised.value.issues[0].detail["examples"] == "bad"


def test_nobody_who_bought_again_is_an_error_and_few_are_a_warning() -> None:
    once = pl.DataFrame({"id": ["a", "b"], "frequency": [0, 0], "recency": [0.0, 0.0], "T": [5.0, 9.0]})
    with pytest.raises(EvaluationError) as raised:
        clv.fit_buying(once, unit="week")
    assert codes(raised) == [("CLV-912", "bg_nbd")]
    few = clv.fit_buying(drawn(50), unit="week", least_repeaters=45)
    assert [(issue.code, issue.severity) for issue in few.issues if issue.code == "CLV-912"] == [
        ("CLV-912", Severity.WARNING)
    ]


def test_a_parameter_that_runs_away_is_no_result() -> None:
    """Customers who all buy in the same way have no spread: r and α grow without end."""
    frame = pl.DataFrame(
        {"id": range(200), "frequency": [10] * 200, "recency": [38.0] * 200, "T": [39.0] * 200}
    )
    with pytest.raises(EvaluationError) as raised:
        clv.fit_buying(frame, unit="week")
    assert {issue.code for issue in raised.value.issues} == {"CLV-911"}


@pytest.mark.parametrize("model", clv.BUYING.names())
def test_where_nobody_stops_the_expectations_stand_and_the_parameters_are_warned_of(model) -> None:
    """Drawn from rates alone: what would say how customers stop runs away, and P(alive) is near 1."""
    rng = np.random.default_rng(2)
    counts = rng.poisson(rng.gamma(1.0, 0.2, 400) * 39)
    last = np.array([39 * rng.random(n).max() if n else 0.0 for n in counts])
    frame = pl.DataFrame({"id": range(400), "frequency": counts, "recency": last, "T": [39.0] * 400})
    fitted = clv.fit_buying(frame, unit="week", model=model)
    found = [issue.code for issue in fitted.issues]
    assert found == ["CLV-924"]
    assert np.isfinite(fitted.estimate.errors[:2]).all()
    assert np.isnan(fitted.estimate.errors[2:]).all()
    model = fitted.model
    assert float(model.p_alive(8, 36, 39)) > 0.98
    r, alpha = model.values[:2]
    nbd = (r + 8) / (alpha + 39) * 39
    assert float(model.future_purchases(39, 8, 36, 39)) == pytest.approx(nbd, rel=0.03)


def pareto_drawn(r: float, alpha: float, s: float, beta: float, count: int, T: float = 40.0) -> pl.DataFrame:
    """Return histories drawn from a Pareto/NBD, all known for the same time."""
    rng = np.random.default_rng(7)
    rate, end = rng.gamma(r, 1 / alpha, count), rng.exponential(1 / rng.gamma(s, 1 / beta, count))
    known = np.minimum(end, T)
    x = rng.poisson(rate * known)
    last = np.where(x > 0, known * rng.random(count) ** (1 / np.maximum(x, 1)), 0.0)
    return pl.DataFrame({"id": range(count), "frequency": x, "recency": last, "T": np.full(count, T)})


def test_rates_of_stopping_that_are_nearly_one_are_no_reason_to_refuse() -> None:
    """With s and β large together the data are ordinary: only how stopping is spread cannot be told."""
    fitted = clv.fit_buying(pareto_drawn(1.5, 14, 1000, 40_000, 4000), unit="week", model="pareto_nbd")
    assert [issue.code for issue in fitted.issues] == ["CLV-924"]
    s, beta = fitted.model.values[2:]
    away = (fitted.estimate.values[:2] - [1.5, 14]) / fitted.estimate.errors[:2]
    assert (np.abs(away) < 3).all()
    assert s / beta == pytest.approx(1 / 40, rel=0.1)
    assert float(fitted.model.p_alive(0, 0, 40)) == pytest.approx(0.1607, abs=0.03)


@pytest.mark.parametrize("theta", [(0.8, 6, 0.7, 9), (2, 300, 3, 40), (5, 50, 2, 200), (0.2, 3, 0.3, 4)])
def test_the_truth_is_nearly_as_likely_as_the_fit(theta) -> None:
    """Twice the difference is χ² of four parameters: below 20 but once in two thousand draws."""
    frame = pareto_drawn(*theta, 4000)
    fitted = clv.fit_buying(frame, unit="week", model="pareto_nbd")
    x, t_x, T = (frame[name].cast(pl.Float64).to_numpy() for name in ("frequency", "recency", "T"))
    truth, _ = clv.ParetoNbd.likelihood(np.array(theta, dtype=float), x, t_x, T, np.ones(4000))
    assert 0 < fitted.estimate.log_likelihood - truth < 10


def test_a_slope_and_a_runaway_are_told_apart() -> None:
    """Each names the parameters that it concerns, and no others."""

    def slanted(theta: np.ndarray) -> tuple[float, np.ndarray]:  # a value that its slope contradicts
        return -float(np.log(theta[0]) ** 2), np.array([-2 * np.log(theta[0]) / theta[0], 0.5])

    with pytest.raises(EvaluationError) as raised:
        maximize(slanted, ("a", "b"), [[1.0, 1.0]], observations=1.0)
    assert codes(raised) == [("CLV-925", "b")]

    def rising(theta: np.ndarray) -> tuple[float, np.ndarray]:
        return float(np.log(theta[0]) - np.log(theta[1]) ** 2), np.array(
            [1 / theta[0], -2 * np.log(theta[1]) / theta[1]]
        )

    with pytest.raises(EvaluationError) as raised:
        maximize(rising, ("a", "b"), [[1.0, 2.0]], observations=1.0)
    assert codes(raised) == [("CLV-911", "a")]


def test_without_a_horizon_purchases_have_no_number_and_values_do() -> None:
    frame = drawn(20).with_columns(pl.lit(20.0).alias("monetary"))
    buying = clv.FittedBuying(BG, None, "week", 20, 9)
    spend = clv.FittedSpend(clv.GammaGamma(6, 4, 15), None, 9, 0.0)
    found = clv.customer_values(
        frame, buying, spend, margin=0.3, horizon=None, discount_rate=0.1, currency="CNY"
    )
    assert found.frame["expected_purchases"].null_count() == 20
    assert (found.frame["clv"] > 0).all()


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(EvaluationError) as raised:
        clv.fit_buying(drawn(5), unit="week", model="bgnbd")
    assert codes(raised) == [("METHOD-001", "bgnbd")]


def test_amounts_must_be_there_and_above_0() -> None:
    frame = pl.DataFrame({"id": ["a", "b", "c"], "frequency": [1, 2, 0], "monetary": [None, -3.0, None]})
    with pytest.raises(EvaluationError) as raised:
        clv.fit_spend(frame)
    assert codes(raised) == [("CLV-917", "monetary")]
    assert raised.value.issues[0].detail["count"] == 2


def test_spend_that_goes_with_frequency_is_warned_of() -> None:
    rng = np.random.default_rng(3)
    x = rng.integers(1, 9, 200)
    frame = pl.DataFrame({"id": range(200), "frequency": x, "monetary": 10 * x * rng.lognormal(0, 0.3, 200)})
    found = clv.fit_spend(frame)
    assert "CLV-915" in [issue.code for issue in found.issues]


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ([100, 60], "CLV-904"),
        ([0, 0, 0], "CLV-907"),
        ([100, 60, 70], "CLV-909"),
        ([100, 100, 100], "CLV-911"),
        ([100, 0, 0], "CLV-911"),
    ],
)
def test_cohorts_that_tell_nothing_are_named(counts, code) -> None:
    with pytest.raises(EvaluationError) as raised:
        clv.fit_contracts(counts)
    assert {issue.code for issue in raised.value.issues} == {code}


def test_contract_value_without_end_is_the_limit_of_long_horizons() -> None:
    model = clv.ShiftedBetaGeometric(0.668, 3.806)
    for renewals in (0, 3):
        money = {"renewals": renewals, "discount_rate": 0.1, "currency": "CNY"}
        endless = clv.contract_value(model, 120, horizon=None, **money)
        long = clv.contract_value(model, 120, horizon=2000, **money)
        assert endless.value == pytest.approx(long.value, rel=1e-10)
    with pytest.raises(EvaluationError) as raised:
        clv.contract_value(model, 120, discount_rate=0.0, horizon=None, currency="CNY")
    assert codes(raised) == [("CLV-905", "discount_rate")]


def test_tracking_nobody_is_an_error() -> None:
    from datetime import date

    orders = pl.DataFrame({"id": ["a"], "date": [date(2024, 5, 1)], "amount": [1.0]})
    fitted = clv.FittedBuying(BG, None, "week", 1, 1)
    with pytest.raises(EvaluationError) as raised:
        clv.tracking(orders, fitted, calibration_end=date(2024, 1, 1), observation_end=date(2024, 6, 1))
    assert [issue.code for issue in raised.value.issues] == ["CLV-907"]


@pytest.mark.parametrize("model", [BG, PARETO], ids=["bg_nbd", "pareto_nbd"])
@pytest.mark.parametrize("history", [(0, 38.86), (2, 38.86), (26, 31.0), (250, 100.0)])
def test_the_closed_form_without_end_is_the_limit_of_long_horizons(model, history) -> None:
    force = 0.02
    endless = float(model.discounted_forever(force, *history))
    t = np.linspace(0, 2000, 400_001)
    purchases = model.purchases_if_alive(t, *(np.full(t.size, value, dtype=float) for value in history))
    middle = np.exp(-force * (t[1:] + t[:-1]) / 2)
    assert endless == pytest.approx(float(middle @ np.diff(purchases)), rel=1e-5)
    assert float(model.discounted_if_alive(None, (force,), *history)[0]) == pytest.approx(endless)
