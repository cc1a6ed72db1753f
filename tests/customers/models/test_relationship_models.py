"""Satisfaction, loyalty, churn and the firm as a study runs them: on its tables, once, with its options."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from evaluator.customers import (
    TABLES,
    CustomerOptions,
    Sources,
    model_measures,
    run_models,
)
from evaluator.errors import EvaluationError

AS_OF = date(2025, 1, 1)
OPTIONS = CustomerOptions.model_validate(
    {
        "trap": {"basic": 0.7, "band": 0.5},
        "warning": {
            "signs": {
                "overdue_days": {"calm": 0.0, "alarm": 30.0},
                "net_amount": {"calm": 900.0, "alarm": 0.0},
            }
        },
        "winback": {"margin_rate": 0.5},
        "marketing": {"customers": "few", "margin": "high"},
    }
)


def _orders() -> pl.DataFrame:
    """Return over two years of monthly orders; c stopped in June, d before the last year."""
    last = {"a": 0, "b": 0, "c": 210, "d": 400}
    rows = [
        (who, AS_OF - timedelta(days=30 * n + 5), 100.0)
        for who, stopped in last.items()
        for n in range(28)
        if 30 * n + 5 >= stopped
    ]
    return pl.DataFrame(rows, schema=["id", "date", "amount"], orient="row")


def _tables() -> dict[str, pl.DataFrame]:
    return {
        "orders": _orders(),
        "survey": pl.DataFrame(
            {
                "id": ["a", "a", "b", "b"],
                "item": ["delivery", "care"] * 2,
                "expected": [8.0, 6.0, 8.0, 6.0],
                "perceived": [9.0, 2.0, 4.0, 7.0],
            }
        ),
        "kano": pl.DataFrame(
            {
                "id": ["a", "a"],
                "item": ["delivery", "care"],
                "functional": [2, 1],
                "dysfunctional": [5, 3],
            }
        ),
        "loyalty": pl.DataFrame(
            {
                "id": ["a", "b"],
                "trust": [5.0, 1.0],
                "suppliers": [1, 4],
                "price": [1, 5],
                "emotional": [5, 1],
                "dissatisfied": [1, 5],
                "aware": [1, 1],
                "reward": [4, 2],
            }
        ),
        "complaints": pl.DataFrame(
            {
                "id": ["a", "b", "b"],
                "date": [date(2023, 5, 1), date(2024, 5, 1), date(2024, 6, 1)],
                "valid": [1, 1, 0],
                "hours": [2.0, 8.0, None],
            }
        ),
        "churn_events": pl.DataFrame(
            {
                "id": ["c", "d"],
                "date": [date(2024, 7, 1), date(2023, 12, 1)],
                "cause": ["service_quality", "malicious"],
                "returns": [0.4, 0.1],
                "cost": [20.0, 0.0],
            }
        ),
        "warning": pl.DataFrame({"id": ["b"], "overdue_days": [30.0]}),
        "capability": pl.DataFrame({"id": ["delivery"], "rater": ["r"], "score": [4]}),
        "performance": pl.DataFrame({"id": ["nps"], "actual": [30.0], "baseline": [20.0], "target": [40.0]}),
        "checklist": pl.DataFrame(
            {
                "id": ["new_customers", "complaints_recorded", "product_changed", "presentation_changed"],
                "answer": [1, 1, 1, 0],
            }
        ),
        "idic": pl.DataFrame({"id": ["a", "b"], "identified": [1, 1], "differentiated": [1, 0]}),
    }


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources(_tables(), as_of=AS_OF, options=OPTIONS)


def test_every_model_runs_on_its_tables(sources: Sources) -> None:
    found = run_models(sources)
    wanted = {
        *(
            "satisfaction",
            "kano",
            "trap",
            "false_loyalty",
            "loyalty",
            "order_loyalty",
            "churn",
            "order_signs",
        ),
        *(
            "warning",
            "warning_test",
            "winback",
            "complaints",
            "capability",
            "performance",
            "firm_states",
            "idic",
        ),
    }
    assert wanted <= found.results.keys() | found.issues.keys()
    assert {name: error for name, error in found.issues.items() if name in wanted} == {}


def test_tables_hold_what_their_schema_says() -> None:
    for name, table in _tables().items():
        assert set(table.columns) <= set(TABLES[name].names)
        assert {column.name for column in TABLES[name].columns if column.required} <= set(table.columns)


def test_each_measure_is_that_of_its_model(sources: Sources) -> None:
    names = ["satisfaction_index", "satisfaction_state", "loyalty_index", "loyalty_cause", "churn_risk"]
    names += [
        "complaint_count",
        "open_complaints",
        "winback_priority",
        "winback_policy",
        "satisfaction_loyalty_class",
        "loyalty_rung",
    ]
    rows = {
        row["id"]: row for row in model_measures(_tables(), names, as_of=AS_OF, options=OPTIONS).to_dicts()
    }
    assert rows["a"]["satisfaction_index"] == pytest.approx(100 * (8 + 1) / 2 / 9)
    assert (rows["a"]["satisfaction_state"], rows["a"]["loyalty_cause"]) == ("below", "monopoly")
    assert rows["a"]["satisfaction_loyalty_class"] == "loyalist"
    assert (rows["a"]["complaint_count"], rows["b"]["complaint_count"]) == (0, 1)
    assert (rows["a"]["open_complaints"], rows["b"]["open_complaints"]) == (0, 1)
    assert rows["b"]["loyalty_cause"] == "price"
    assert rows["c"]["winback_priority"] == pytest.approx(1200 * 0.5 * 0.4 - 20)
    assert rows["d"]["winback_policy"] is None
    assert rows["a"]["loyalty_rung"] == "aware"


def test_kinds_of_expectation_come_from_kano_where_none_are_stated(sources: Sources) -> None:
    found = sources.result("satisfaction").options.items
    assert {name: item.expectation for name, item in found.items()} == {
        "delivery": "basic",
        "care": "potential",
    }
    trap = sources.result("trap").frame
    assert dict(trap.select("id", "trap").iter_rows()) == {"a": True, "b": False}


def test_orders_tell_behaviour_beside_what_customers_say(sources: Sources) -> None:
    index = sources.result("loyalty").index.frame
    assert index.filter(pl.col("id") == "a").select("behaviour", "attitude").row(0) == (100, 100)
    segments = sources.result("loyalty").segments.frame
    assert segments.filter(pl.col("id") == "a")["segment"].to_list() == ["emotive"]


def test_churn_counts_who_was_there_at_the_start(sources: Sources) -> None:
    """Customer d had left before; c is the one of three who left in the period."""
    found = sources.result("churn")
    assert (found.start, found.churn.start, found.churn.lost) == (date(2024, 1, 1), 3, 1)
    assert found.churn.value_rate == pytest.approx(1 / 3)
    assert found.churn.controllable == 1


def test_warning_joins_signs_of_orders_tables_and_measures(sources: Sources) -> None:
    found = sources.result("warning")
    assert found.signs["sign"].to_list() == ["interval_ratio", "order_change", "overdue_days", "net_amount"]
    risks = dict(found.frame.select("id", "risk").iter_rows())
    assert risks["c"] > risks["a"]
    assert risks["b"] > risks["a"]


def test_the_signs_of_the_start_are_judged_by_who_left_since(sources: Sources) -> None:
    test = sources.result("warning_test")
    assert (test.day, test.until, test.quality.customers, test.quality.lost) == (
        date(2024, 1, 1),
        AS_OF,
        3,
        1,
    )
    assert test.signs == ("interval_ratio", "order_change")


def test_states_of_the_firm_are_states(sources: Sources) -> None:
    found = sources.result("firm_states")
    assert found.maturity.level == "basic"
    assert (found.relationship, found.interaction) == (None, None)
    assert (found.customisation, found.marketing) == ("transparent", "partnership")
    assert sources.result("idic").at == "differentiated"


def test_relative_cuts_are_frozen_for_the_next_period(sources: Sources) -> None:
    found = sources.result("false_loyalty")
    sources.result("loyalty")
    trap, worth = sources.result("trap"), sources.result("winback")
    frozen = sources.frozen()
    assert frozen.trap.mean == trap.mean
    assert frozen.winback.value_cut.at == worth.cuts
    assert frozen.false_loyalty.matrix.x_cut.at == found.placed.cuts["x"]
    alone = {
        name: table.filter(pl.col("id") == "b")
        for name, table in _tables().items()
        if name in ("survey", "loyalty")
    }
    again = model_measures(
        alone | {"orders": _orders()}, ["satisfaction_loyalty_class"], as_of=AS_OF, options=frozen
    )
    before = dict(found.frame.select("id", "class").iter_rows())
    assert again.row(0) == ("b", before["b"])


@pytest.mark.parametrize(
    ("changes", "options", "model", "code", "subject"),
    [
        ({"kano": None}, {"trap": {}}, "trap", "CUST-954", "basic"),
        ({}, {"churn_months": 1}, "churn", "CUST-955", "churn_events"),
        ({}, {"winback": {}}, "winback", "CUST-928", "winback"),
    ],
)
def test_what_the_data_do_not_carry_is_said(
    changes: dict, options: dict, model: str, code: str, subject: str
) -> None:
    tables = {name: table for name, table in (_tables() | changes).items() if table is not None}
    sources = Sources(tables, as_of=AS_OF, options=CustomerOptions.model_validate(options))
    with pytest.raises(EvaluationError) as caught:
        sources.result(model)
    assert caught.value.issues[0].code == code
    assert caught.value.issues[0].subject == subject


def test_the_index_model_reads_the_survey_a_row_per_respondent() -> None:
    rng = np.random.default_rng(5)
    mood = rng.normal(size=30)
    answers = {
        item: np.clip(np.round(6 + mood + rng.normal(0, 0.5, 30)), 1, 10) for item in ("q1", "q2", "s1")
    }
    long = pl.DataFrame({"id": [f"{n}" for n in range(30)], **answers}).unpivot(
        index="id", variable_name="item", value_name="perceived"
    )
    latent = {
        "blocks": {"quality": ("q1", "q2"), "satisfaction": ("s1",)},
        "paths": {"quality": ("satisfaction",)},
    }
    options = CustomerOptions.model_validate({"latent": latent})
    found = Sources({"survey": long}, as_of=AS_OF, options=options).result("latent")
    assert found.respondents == 30
    assert found.paths["coefficient"][0] > 0.7
    assert found.index["satisfaction"] == pytest.approx(100 * (answers["s1"].mean() - 1) / 9)
