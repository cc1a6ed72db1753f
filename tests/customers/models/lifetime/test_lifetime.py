"""Lifetime value as a study runs it: fitted once, frozen for later periods, tested on what came after."""

from datetime import date, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from evaluator.customers import CustomerOptions, Sources, run_models

AS_OF = date(1998, 7, 1)
CHOICE = {"margin": 0.3, "horizon": 52.0, "discount_rate": 0.15, "currency": "USD", "free": True}


@pytest.fixture(scope="module")
def orders(shared) -> pl.DataFrame:
    lines = (shared / "data" / "CDNOW_sample.txt").read_text("utf-8").split("\n")
    rows = [line.split() for line in lines if line.strip()]
    return pl.DataFrame(
        {
            "id": [row[1] for row in rows],
            "date": [datetime.strptime(row[2], "%Y%m%d").date() for row in rows],
            "amount": [float(row[4]) for row in rows],
        }
    )


def options(**more: object) -> CustomerOptions:
    return CustomerOptions.model_validate({"show": ("lifetime",), "lifetime": {**CHOICE, **more}})


def test_the_calibration_of_cdnow_is_the_published_one_and_forecasts_the_holdout(orders) -> None:
    found = run_models({"orders": orders}, as_of=date(1997, 10, 1), options=options(calibration_end=None))
    model = found.results["lifetime"].buying.model
    assert model.values == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=0.005)
    tested = (
        run_models({"orders": orders}, as_of=AS_OF, options=options(calibration_end=date(1997, 9, 30)))
        .results["lifetime"]
        .held_out
    )
    assert (tested.calibration_end, tested.observation_end) == (date(1997, 9, 30), date(1998, 6, 30))
    assert tested.test.actual == tested.track["actual"][-1] - tested.track["actual"][38]
    assert tested.test.expected == pytest.approx(tested.test.actual, rel=0.15)


def test_frozen_parameters_give_the_same_values_without_fitting(orders) -> None:
    first = Sources({"orders": orders}, as_of=AS_OF, options=options())
    values = first.result("lifetime")
    frozen = first.frozen()
    assert frozen.lifetime.parameters.as_of == AS_OF
    some = orders.filter(pl.col("id").is_in(values.frame["id"].head(20).to_list()))
    later = Sources({"orders": some}, as_of=AS_OF, options=frozen).result("lifetime")
    assert later.frozen
    assert_frame_equal(later.frame, values.frame.head(20), rel_tol=1e-12)


def test_its_columns_are_measures_a_tree_may_name(orders) -> None:
    sources = Sources({"orders": orders}, as_of=AS_OF, options=options())
    found = sources.measures(["clv", "p_alive"])
    assert found.columns == ["id", "clv", "p_alive"]
    assert found["p_alive"].is_between(0, 1).all()
    assert (found["clv"] > 0).all()


def test_too_few_repeat_buyers_do_not_carry_the_model() -> None:
    orders = pl.DataFrame(
        {"id": ["a", "a", "b"], "date": [date(2024, 1, 1), date(2024, 2, 1), date(2024, 1, 9)], "amount": 9.0}
    )
    found = run_models({"orders": orders}, as_of=date(2024, 6, 1), options=options())
    assert found.results == {}
    assert [issue.code for issue in found.issues["lifetime"]] == ["CLV-940"]


def test_parameters_of_another_model_are_refused(orders) -> None:
    frozen = {
        "buying": {"r": 0.2, "alpha": 4.0, "s": 1.0, "beta": 9.0},
        "spend": {"p": 6.0, "q": 4.0, "gamma": 15.0},
        "customers": 100, "repeaters": 50, "as_of": AS_OF,
    }  # fmt: skip
    found = run_models({"orders": orders}, as_of=AS_OF, options=options(parameters=frozen))
    assert [issue.code for issue in found.issues["lifetime"]] == ["CLV-941"]
