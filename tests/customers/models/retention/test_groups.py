"""Lifetime values of groups agree with each other where the models meet."""

import numpy as np
import pytest

from evaluator.customers import clv

MONEY = {"discount_rate": 0.2, "currency": "CNY"}


def test_half_year_cycles_discount_by_half_years() -> None:
    """Case 2a: exponents i/p, promotion in the middle of each cycle."""
    result = clv.berger_nasr(130, 25, retention=0.9, horizon=2, cycle=0.5, **MONEY)
    expected = sum(130 * 0.9**i / 1.2 ** (i / 2) for i in range(5))
    expected -= sum(25 * 0.9 ** (i - 1) / 1.2 ** ((i - 0.5) / 2) for i in range(1, 5))
    assert result.value == pytest.approx(expected, rel=1e-13)


def test_a_cycle_of_several_years_counts_whole_cycles() -> None:
    """Case 2b: with one sale in three years, seven years hold the first sale and two more."""
    result = clv.berger_nasr(900, 0, retention=0.8, horizon=7, cycle=3, **MONEY)
    assert result.value == pytest.approx(sum(900 * 0.8**i / 1.2 ** (3 * i) for i in range(3)), rel=1e-13)


def test_without_a_horizon_is_the_limit_of_long_horizons() -> None:
    endless = clv.berger_nasr(260, 50, retention=0.75, horizon=None, **MONEY)
    long = clv.berger_nasr(260, 50, retention=0.75, horizon=200, **MONEY)
    assert endless.value == pytest.approx(long.value, rel=1e-12)
    assert endless.table is None


def test_tables_end_in_the_value() -> None:
    case = clv.berger_nasr(260, 50, retention=0.75, horizon=10, **MONEY)
    cohort = clv.dwyer_retention([0.65, 0.7, 0.75, 0.8], 100, [50, 40, 40, 40, 40], acquisition_cost=20,
                                 cohort=20000, **MONEY)  # fmt: skip
    assert case.table is not None
    assert case.table["cumulative"][-1] == pytest.approx(case.value, rel=1e-13)
    assert cohort.table["cumulative"][-1] == pytest.approx(cohort.value * 20000, rel=1e-13)
    assert cohort.table["customers"].to_list() == pytest.approx([20000, 13000, 9100, 6825, 5460])


def test_constant_retention_without_promotion_is_berger_and_nasr() -> None:
    dwyer = clv.dwyer_retention([0.75] * 10, 260, acquisition_cost=0, **MONEY)
    assert dwyer.value == pytest.approx(clv.berger_nasr(260, 0, retention=0.75, horizon=10, **MONEY).value)


def test_an_empty_period_has_no_retention_rate() -> None:
    rates = clv.retention_rates([100, 50, 0, 0])
    np.testing.assert_array_equal(rates, [0.5, 0.0, np.nan])


def test_migration_by_recency_is_its_chain() -> None:
    """The share who buy in period i is the chance to be back in the first state of the chain."""
    rates = [0.3, 0.2, 0.15, 0.05]
    P, _ = clv.recency_chain(rates, 40, 4)
    buying = clv.dwyer_migration(rates, 40, 4, horizon=12, **MONEY).table["buying"].to_numpy()
    chained = [np.linalg.matrix_power(P, i)[0, 0] for i in range(13)]
    np.testing.assert_allclose(buying, chained, rtol=1e-13)


def test_migration_costs_are_of_those_still_approached() -> None:
    """Who has not bought for J periods is given up: with J = 1, only last period's buyers are approached."""
    table = clv.dwyer_migration([0.5], 10, 1, horizon=3, **MONEY).table
    assert table["targeted"].to_list() == [0.0, 1.0, 0.5, 0.25]
    expected = sum(10 * 0.5**i / 1.2**i for i in range(4))
    expected -= sum(0.5 ** (i - 1) / 1.2 ** (i - 0.5) for i in range(1, 4))
    assert table["present_value"].sum() == pytest.approx(expected, rel=1e-13)


def test_a_curve_paid_all_the_time_is_its_integral() -> None:
    """A constant profit of 10 with survival 0.9 and rate 20 % has a closed integral."""
    curve = clv.BergerNasr(h=0, v=10, g=0, ceiling=0)
    flow = clv.curve_value(curve, retention=0.9, horizon=6, continuous=True, **MONEY)
    rate = -np.log(0.9 / 1.2)
    assert flow.value == pytest.approx(10 * (1 - np.exp(-6 * rate)) / rate, rel=1e-12)
    assert flow.terms.margins_at == "moment"


@pytest.mark.parametrize("shape", ["exponential", "linear"])
def test_degeneration_is_continuous_and_only_takes_away(shape) -> None:
    healthy = clv.BergerNasr(2.5, 10, 4, 20)
    ill = clv.Degenerating(healthy, start=6, rate=0.5, shape=shape)
    t = np.array([5.0, 6.0, 6.0 + 1e-9, 7.0, 30.0])
    after = ill(t)
    np.testing.assert_allclose(after[:3], healthy(t[:3]), rtol=1e-8)
    assert (after[3:] < healthy(t[3:])).all()
    assert after[-1] == pytest.approx(0.0, abs=1e-3)


def test_segments_and_the_chain_value_a_base_alike() -> None:
    P, m, now = [[0.6, 0.3], [0.2, 0.7]], [50, 10], [100, 400]
    base = clv.segment_migration(P, now, m, horizon=8, **MONEY)
    each = clv.markov(P, m, horizon=8, **MONEY).values
    assert base.present == pytest.approx(float(np.dot(now, each)), rel=1e-13)
    assert base.future == pytest.approx(base.present - 100 * 50 - 400 * 10, rel=1e-12)


def test_stopping_never_lowers_a_value_and_is_optimal() -> None:
    """No other set of states to stop in does better in any state."""
    P, R = clv.recency_chain([0.3, 0.2, 0.15, 0.05], 40, 4)
    rule = clv.markov_with_stopping(P, R, horizon=None, **MONEY)
    for mask in range(16):
        keep = np.array([*(bool(mask >> bit & 1) for bit in range(4)), False])
        other = clv.markov(np.where(keep[:, None] & keep, P, 0), np.where(keep, R, 0), horizon=None, **MONEY)
        assert (rule.values >= other.values - 1e-9).all()


def test_stopping_with_a_long_horizon_is_stopping_without() -> None:
    P, R = clv.recency_chain([0.3, 0.2, 0.15, 0.05], 40, 4)
    long = clv.markov_with_stopping(P, R, horizon=300, **MONEY)
    endless = clv.markov_with_stopping(P, R, horizon=None, **MONEY)
    np.testing.assert_allclose(long.values, endless.values, rtol=1e-12)
    assert long.stopped == endless.stopped == (3,)


def test_history_of_many_customers_comes_out_in_their_shape() -> None:
    result = clv.history_and_future([[10, 12], [0, 5]], [[15, 15], [1, 1]], cross_sell=1, compounded=False,
                                    discount_rate=0.1, currency="CNY")  # fmt: skip
    assert result.history.tolist() == [22.0, 5.0]
    np.testing.assert_allclose(result.broad, result.history + result.narrow)
    assert result.narrow[1] == pytest.approx(2 / 1.1 + 2 / 1.21)
