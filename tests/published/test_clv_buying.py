"""Published fits of repeat buying and of renewals, at the precision they were printed with.

Times are days/7 from the log of the CDNOW sample, whose free purchases count, as in the papers.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from evaluator.customers import calibration_holdout, clv, purchase_history
from evaluator.customers.history import Split

ENDS = {"calibration_end": date(1997, 9, 30), "observation_end": date(1998, 6, 30)}


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "golden" / "clv_btyd.json").read_text("utf-8")
    return {case["id"]: case for case in json.loads(text)["cases"]}


@pytest.fixture(scope="module")
def orders(shared: Path) -> pl.DataFrame:
    lines = (shared / "data" / "CDNOW_sample.txt").read_text("ascii").splitlines()
    cells = [line.split() for line in lines if line.strip()]
    return pl.DataFrame(
        {
            "id": [row[1] for row in cells],
            "date": [row[2] for row in cells],
            "amount": [row[4] for row in cells],
        }
    ).with_columns(pl.col("date").str.to_date("%Y%m%d"), pl.col("amount").cast(pl.Float64))


@pytest.fixture(scope="module")
def sample(orders: pl.DataFrame) -> pl.DataFrame:
    return purchase_history(orders, end=ENDS["calibration_end"], unit=7, free=True)


@pytest.fixture(scope="module")
def split(orders: pl.DataFrame) -> Split:
    return calibration_holdout(orders, **ENDS, unit=7, free=True)


@pytest.fixture(scope="module")
def bg_nbd(sample: pl.DataFrame) -> clv.FittedBuying[Any]:
    return clv.fit_buying(sample, unit="week")


@pytest.fixture(scope="module")
def pareto_nbd(sample: pl.DataFrame) -> clv.FittedBuying[Any]:
    return clv.fit_buying(sample, unit="week", model="pareto_nbd")


def test_bg_nbd_on_cdnow(cases, bg_nbd) -> None:
    """Fader, Hardie & Lee (2005), table 2; CLVTools; lifetimes on the same log."""
    expected, tolerance = cases["CLV-BGNBD-CDNOW-FIT"]["expected"], cases["CLV-BGNBD-CDNOW-FIT"]["tolerance"]
    found = dict(zip(bg_nbd.estimate.names, bg_nbd.estimate.values, strict=True))
    for name, allowed in tolerance["paper_abs"].items():
        assert found[name] == pytest.approx(expected["paper"][name], abs=allowed)
        assert found[name] == pytest.approx(expected["clvtools"][name], rel=tolerance["clvtools_rel"])
        assert found[name] == pytest.approx(expected["lifetimes_from_raw_transactions"][name], rel=2e-5)
    assert bg_nbd.estimate.log_likelihood == pytest.approx(expected["clvtools"]["LL"], abs=1e-3)
    assert (bg_nbd.customers, bg_nbd.repeaters, bg_nbd.issues) == (2357, 946, ())


def test_bg_nbd_on_the_rounded_summary(cases, shared: Path) -> None:
    """The summary has times of two decimals, hence slightly other parameters."""
    summary = pl.read_csv(shared / "data" / "cdnow_customers_summary.csv").rename({"ID": "id"})
    expected = cases["CLV-BGNBD-CDNOW-FIT"]["expected"]["lifetimes_on_rounded_summary_csv"]
    fitted = clv.fit_buying(summary, unit="week")
    np.testing.assert_allclose(fitted.estimate.values, list(expected.values()), rtol=2e-5)


def test_pareto_nbd_on_cdnow(cases, pareto_nbd) -> None:
    """Fader, Hardie & Lee (2005); CLVTools with its standard errors."""
    case = cases["CLV-PNBD-CDNOW-FIT"]
    expected, tolerance = case["expected"], case["tolerance"]
    estimate = pareto_nbd.estimate
    for name, value, error in zip(estimate.names, estimate.values, estimate.errors, strict=True):
        assert value == pytest.approx(expected["clvtools"][name], abs=tolerance["abs"][name])
        assert value == pytest.approx(expected["lifetimes_run"][name], abs=tolerance["abs"][name])
        assert error == pytest.approx(expected["clvtools_se"][name], rel=tolerance["se_rel"])
    assert estimate.log_likelihood == pytest.approx(expected["clvtools"]["LL"], abs=tolerance["LL_abs"])


def test_pareto_nbd_formulas(cases) -> None:
    """The walkthrough of the R package BTYD; 132 and 133 purchases, where other code underflows."""
    case = cases["CLV-PNBD-FORMULAS"]
    expected, tolerance = case["expected"], case["tolerance"]
    model = clv.ParetoNbd(**case["inputs"]["params"])
    alive = expected["p_alive_x26_tx30.86_T31"]
    assert float(model.p_alive(26, 30.86, 31)) == pytest.approx(alive, abs=tolerance["p_alive_abs"])
    ahead = expected["conditional_expected_t52_x26_tx30.86_T31"]
    assert float(model.future_purchases(52, 26, 30.86, 31)) == pytest.approx(
        ahead, abs=tolerance["conditional_abs"]
    )
    np.testing.assert_allclose(
        model.expected_purchases(np.arange(10)),
        expected["expected_t0..9"],
        rtol=0,
        atol=tolerance["expected_abs"],
    )
    assert float(model.expected_purchases(52)) == pytest.approx(expected["expected_t52"], abs=1e-8)
    many = expected["underflow_pair_params_r.55_a10.58_s.61_b11.67"]
    model = clv.ParetoNbd(0.55, 10.58, 0.61, 11.67)
    found = model.future_purchases(10, [132, 133], 200, 200)
    np.testing.assert_allclose(found, [many["t10_x132_tx200_T200"], many["t10_x133"]], rtol=1e-9)


def test_pareto_nbd_tracks_cdnow(cases, orders, pareto_nbd) -> None:
    """Cumulative repeat purchases of weeks 20 to 25, as they were and as expected."""
    case = cases["CLV-PNBD-FORMULAS"]
    weeks = clv.tracking(orders, pareto_nbd, **ENDS, free=True)
    shown = weeks.filter(pl.col("time").is_between(20, 25))
    expected, allowed = case["expected"], case["tolerance"]["cumulative_abs"]
    np.testing.assert_allclose(shown["actual"], expected["cumulative_actual_weeks20_25"], rtol=0, atol=0)
    np.testing.assert_allclose(
        shown["expected"], expected["cumulative_expected_weeks20_25"], rtol=0, atol=allowed
    )
    assert weeks.height == 78
    assert weeks["holdout"].sum() == 39


def test_holdout_of_cdnow(split, bg_nbd, pareto_nbd) -> None:
    """Of 1,882 purchases in the 39 weeks after calibration both models foresee about nine tenths."""
    for fitted in (bg_nbd, pareto_nbd):
        found = clv.holdout(split, fitted)
        assert found.customers == 2357
        assert found.actual == split.frame["holdout_frequency"].sum()
        assert found.expected == pytest.approx(found.actual, rel=0.15)
        assert found.by_frequency["expected"].is_sorted()
        totals = (found.by_frequency["customers"] * found.by_frequency["expected"]).sum()
        assert totals == pytest.approx(found.expected)


def test_gamma_gamma_on_cdnow(sample) -> None:
    """Fader & Hardie, "The Gamma-Gamma Model of Monetary Value" (2013): p 6.25, q 3.74, γ 15.44."""
    spend = clv.fit_spend(sample.with_columns(pl.col("monetary").replace(0.0, None)).filter(
        (pl.col("frequency") == 0) | (pl.col("monetary") > 0)))  # fmt: skip
    np.testing.assert_allclose(spend.estimate.values, [6.25, 3.74, 15.44], rtol=2e-3)
    assert spend.correlation == pytest.approx(0.11, abs=0.01)
    assert spend.issues == ()


@pytest.mark.parametrize("name", ["CLV-SBG-REGULAR", "CLV-SBG-HIGHEND"])
def test_sbg_segments(cases, name) -> None:
    """Fader & Hardie (2007): two segments of a subscription, seven renewals, foretold to twelve."""
    case = cases[name]
    expected = case["expected"]
    fitted = clv.fit_contracts(case["inputs"]["percent_alive_years0_7"])
    assert fitted.model.alpha == pytest.approx(expected["alpha"], abs=case["tolerance"]["alpha_abs"])
    assert fitted.model.beta == pytest.approx(expected["beta"], abs=case["tolerance"]["beta_abs"])
    exact = clv.ShiftedBetaGeometric(expected["alpha_exact"], expected["beta_exact"])
    np.testing.assert_allclose(exact.survival(np.arange(13)), expected["survival_years0_12"], atol=1e-6)
    np.testing.assert_allclose(
        exact.retention(np.arange(1, 13)), expected["retention_rate_year_t"], atol=1e-6
    )


def test_opportunities_of_donors_to_a_public_radio_station() -> None:
    """Fader, Hardie & Shang 2010, doi:10.1287/mksc.1100.0580: 11,104 donors first seen in 1995, six years.

    The paper prints parameters and log-likelihood; the forecasts for two donors are those of BTYD for R.
    """
    last_6 = {6: 1203, 5: 728, 4: 512, 3: 357, 2: 234, 1: 129}
    last_5 = {5: 335, 4: 284, 3: 225, 2: 173, 1: 119}
    last_4 = {4: 240, 3: 181, 2: 155, 1: 78}
    last_3 = {3: 322, 2: 255, 1: 129}
    by_last = {6: last_6, 5: last_5, 4: last_4, 3: last_3, 2: {2: 613, 1: 277}, 1: {1: 1091}, 0: {0: 3464}}
    rows = [
        (x, t_x, 6) for t_x, counts in by_last.items() for x, count in counts.items() for _ in range(count)
    ]
    histories = pl.DataFrame(rows, schema=["frequency", "recency", "opportunities"], orient="row")
    fitted = clv.fit_opportunities(histories.with_row_index("id"))
    assert fitted.customers == 11_104
    assert fitted.estimate.log_likelihood == pytest.approx(-33225.6, abs=0.05)
    np.testing.assert_allclose(fitted.estimate.values, [1.204, 0.750, 0.657, 2.783], rtol=0, atol=6e-4)
    np.testing.assert_allclose(
        fitted.model.uses_ahead(10, [0, 4], [0, 5], 6), [0.1302169, 3.627858], rtol=1e-3
    )
