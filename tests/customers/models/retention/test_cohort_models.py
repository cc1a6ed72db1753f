"""Values of groups as a study runs them: from its options and its table of a cohort."""

import polars as pl
import pytest
from pydantic import ValidationError

from evaluator.customers import CustomerOptions, run_models

MONEY = {"discount_rate": 0.2, "currency": "USD"}
COHORT = pl.DataFrame(
    {"period": [0, 1, 2], "customers": [20000, 13000, 9100], "revenue": [2e6, 1.3e6, 0.91e6],
     "cost": [1e6, 0.65e6, 0.455e6]}
)  # fmt: skip


def found(tables: dict[str, pl.DataFrame] | None = None, **options: object):
    chosen = CustomerOptions.model_validate({"show": tuple(options), **options})
    return run_models(tables or {}, options=chosen)


def test_constant_retention_gives_the_published_value() -> None:
    # Berger & Nasr 1998, case 1: GC 260, M 50, r 0.75, d 0.2, ten years
    stated = {"margin": 260.0, "cost": 50.0, "retention": 0.75, "horizon": 10.0, **MONEY}
    assert found(retained=stated).results["retained"].value == pytest.approx(568.78, abs=0.005)


def test_a_cohort_is_valued_from_its_table_and_its_retention_continued_by_curves() -> None:
    result = found({"cohort": COHORT}, cohort={"acquisition_cost": 10.0, **MONEY}).results["cohort"]
    assert result.rates == pytest.approx([0.65, 0.7])
    assert result.value.value == pytest.approx(-10 + 50 + 0.65 * 50 / 1.2 + 0.65 * 0.7 * 50 / 1.44)
    assert result.weibull.model(1.0) == pytest.approx(0.65, abs=0.02)
    assert result.contracts.model.survival(2) == pytest.approx(0.455, abs=0.02)


def test_a_cohort_without_renewals_is_valued_and_says_why_no_curve_continues_it() -> None:
    result = found({"cohort": COHORT.head(2)}, cohort={"acquisition_cost": 0.0, **MONEY}).results["cohort"]
    assert (result.weibull, result.contracts) == (None, None)
    assert {issue.code for issue in result.issues} == {"CLV-904"}


def test_a_cohort_that_grew_is_refused() -> None:
    grown = COHORT.with_columns(customers=pl.Series([100, 120, 90]))
    issues = found({"cohort": grown}, cohort={"acquisition_cost": 0.0, **MONEY}).issues
    assert [issue.code for issue in issues["cohort"]] == ["CLV-901"]


def test_a_blank_in_a_cohort_is_refused() -> None:
    holed = COHORT.with_columns(cost=pl.Series([1.0, None, 1.0]))
    issues = found({"cohort": holed}, cohort={"acquisition_cost": 0.0, **MONEY}).issues
    assert [(issue.code, issue.subject) for issue in issues["cohort"]] == [("CLV-918", "cost")]


def test_stopping_where_efforts_do_not_pay_is_worth_at_least_as_much() -> None:
    stated = {"probabilities": (0.3, 0.2, 0.15, 0.05), "margin": 40.0, "cost": 4.0, "horizon": 6, **MONEY}
    result = found(migration=stated).results["migration"]
    assert 3 in result.stopping.stopped
    assert (result.stopping.values >= result.chain.values - 1e-12).all()


def test_drivers_and_optimum_come_from_stated_parameters() -> None:
    drivers = {"years": 7, "acquisition_cost": 80.0, "base": 30.0, "retention": 0.8, **MONEY}
    result = found(five_drivers=drivers).results["five_drivers"]
    assert result.improved > result.retained
    assert result.table.height == 8
    optimum = {"margin": 60.0, "retention": {"ceiling": 0.8, "k": 0.05}, **MONEY}
    best = found(optimum_retention=optimum).results["optimum_retention"]
    assert best.value == pytest.approx(best.curve["value"].max(), rel=1e-3)


def test_a_profit_curve_may_degenerate_and_stay_by_weibull() -> None:
    curve = {"h": 2.5, "v": 10.0, "g": 4.0, "ceiling": 20.0}
    plain = {"curve": curve, "survival": {"retention": 0.9}, "horizon": 12.0, **MONEY}
    whole = found(curve=plain).results["curve"].value
    ending = {**plain, "degeneration": {"start": 6.0, "rate": 0.5}}
    assert found(curve=ending).results["curve"].value < whole
    weibull = {**plain, "survival": {"scale": 5.0, "shape": 0.8}, "continuous": True}
    assert 0 < found(curve=weibull).results["curve"].value < whole


@pytest.mark.parametrize("survival", [{}, {"retention": 0.9, "scale": 5.0, "shape": 1.0}, {"scale": 5.0}])
def test_staying_is_stated_in_exactly_one_way(survival) -> None:
    stated = {"curve": {"h": 1.0, "v": 1.0, "g": 1.0, "ceiling": 1.0}, "survival": survival, "horizon": 5.0}
    with pytest.raises(ValidationError):
        CustomerOptions.model_validate({"curve": {**stated, **MONEY}})


def test_segments_are_accounted_for() -> None:
    segments = pl.DataFrame(
        {"id": ["a"], "customers": [100.0], "lost": [20.0], "revenue": [1e5], "cost": [6e4], "years": [4.0],
         "programme_cost": [900.0], "kept": [3.0]}
    )  # fmt: skip
    result = found({"segments": segments}, accounts=MONEY).results["accounts"]
    row = pl.DataFrame(result.frame).row(0, named=True)
    assert (row["churn_rate"], row["cost_per_kept"], row["accept"]) == (0.2, 300.0, True)
