"""Models as measures: each gives what its own function gives, and says what it lacks."""

from dataclasses import is_dataclass, replace
from datetime import date, timedelta
from typing import get_type_hints

import polars as pl
import pytest

from evaluator import messages
from evaluator.customers import (
    MEASURES,
    MODEL_MEASURES,
    MODELS,
    CustomerOptions,
    KnowledgeOptions,
    NetworkOptions,
    ReferralOptions,
    RelationOptions,
    RfmOptions,
    model_measures,
    rfm,
    run_models,
)
from evaluator.customers import TABLES as TABLES_OF_ROOM
from evaluator.errors import EvaluationError

AS_OF = date(2024, 1, 1)
OPTIONS_SET = CustomerOptions(
    rfm=RfmOptions(bins=2),
    relation=RelationOptions(loyal_score=80),
    knowledge=KnowledgeOptions(constant=2, cost=5),
    network=NetworkOptions(beta=1.0),
    referrals=ReferralOptions(discount_rate=0.0),
)


def _orders() -> pl.DataFrame:
    """Return a customer of every month for years, one of a few recent orders, one of last spring."""
    rows = [("steady", AS_OF - timedelta(days=30 * i + 5), 100.0) for i in range(60)]
    rows += [("young", AS_OF - timedelta(days=20 * i + 2), 30.0) for i in range(3)]
    rows += [("gone", AS_OF - timedelta(days=300 + 7 * i), 10.0) for i in range(6)]
    return pl.DataFrame(rows, schema=["id", "date", "amount"], orient="row")


TABLES = {
    "orders": _orders(),
    "relations": pl.DataFrame({"id": ["steady", "asked"], "loyalty": [90.0, None], "need": [None, 1]}),
    "service_costs": pl.DataFrame({"id": ["steady", "young"], "quantity": [10.0, 1.0], "rate": [20.0, 5.0]}),
    "info_points": pl.DataFrame({"id": ["steady"], "p": [10], "uses": [5], "collections": [2]}),
    "network": pl.DataFrame({"id": ["young"], "to": ["steady"], "weight": [0.1]}),
    "referrals": pl.DataFrame(
        {
            "id": ["young"],
            "period": [1],
            "because": ["yes"],
            "margin": [50.0],
            "marketing": [5.0],
            "saved": [1.0],
        }
    ),
}


OF_THIS_ROOM = [
    *("rfm_score", "rfm_class", "abc_class", "lifecycle_stage", "relation_state", "cost_to_serve"),
    *("contribution", "knowledge_value", "network_value", "referral_value"),
]


def test_each_model_gives_one_value_per_customer() -> None:
    names = OF_THIS_ROOM
    found = model_measures(TABLES, names, as_of=AS_OF, options=OPTIONS_SET)
    rows = {row["id"]: row for row in found.iter_rows(named=True)}
    assert list(rows) == ["asked", "gone", "steady", "young"]
    assert {k: v for k, v in rows["steady"].items() if k not in ("rfm_score", "rfm_class")} == {
        "id": "steady",
        "abc_class": "A",
        "lifecycle_stage": "mature",
        "relation_state": "loyal",
        "cost_to_serve": 200.0,
        "contribution": 1300.0 - 200.0,  # orders on days 5, 35, … 365 before: 13 within the year
        "knowledge_value": 90.0,
        "network_value": 0.0,
        "referral_value": None,
    }
    assert (rows["gone"]["lifecycle_stage"], rows["gone"]["relation_state"]) == ("terminated", "lost")
    assert (rows["young"]["lifecycle_stage"], rows["young"]["referral_value"]) == ("growth", 46.0)
    assert (rows["asked"]["relation_state"], rows["asked"]["rfm_score"]) == ("potential", None)


def test_the_score_is_that_of_rfm() -> None:
    found = model_measures(TABLES, ["rfm_score", "rfm_class"], as_of=AS_OF, options=OPTIONS_SET)
    expected = rfm(TABLES["orders"], as_of=AS_OF, options=OPTIONS_SET.rfm).frame
    assert found.rows() == expected.select("id", "score", "class").rows()


def test_a_wallet_changes_the_stage_where_it_shows_a_small_share() -> None:
    days = [AS_OF - timedelta(days=30 * i + 1) for i in range(24)]
    wallet = pl.DataFrame({"id": ["steady"] * 24, "date": days, "amount": [1000.0] * 24})
    found = model_measures(TABLES | {"wallet": wallet}, ["lifecycle_stage"], as_of=AS_OF, options=OPTIONS_SET)
    assert dict(found.rows())["steady"] == "growth"


def test_every_table_a_model_needs_has_a_schema_with_the_columns_it_reads() -> None:
    assert {table for model in MODELS.methods() for table in model.function.needs} <= set(TABLES_OF_ROOM)
    for name, table in TABLES.items():
        assert set(table.columns) <= set(TABLES_OF_ROOM[name].names)
        required = {column.name for column in TABLES_OF_ROOM[name].columns if column.required}
        assert required <= set(table.columns)


def test_pandas_tables_come_in() -> None:
    tables = {name: table.to_pandas() for name, table in TABLES.items()}
    names = ["abc_class", "lifecycle_stage", "relation_state", "network_value"]
    found = model_measures(tables, names, as_of=AS_OF, options=OPTIONS_SET)
    assert found.rows() == model_measures(TABLES, names, as_of=AS_OF, options=OPTIONS_SET).rows()


def test_missing_tables_and_options_are_named_together() -> None:
    with pytest.raises(EvaluationError) as caught:
        model_measures({}, ["rfm_score", "network_value"])
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("CUST-927", "rfm_score"),
        ("CUST-927", "network_value"),
        ("CUST-927", "network_value"),
        ("CUST-928", "network_value"),
    ]


def test_tables_that_nothing_uses_are_named_with_what_is_lacking() -> None:
    pairs = pl.DataFrame({"last": ["a", "b"], "next": ["b", "a"]})
    log = pl.DataFrame({"id": ["a"], "amount": [5.0]})
    tables = {"orders": TABLES["orders"], "brand_switching": pairs, "acquisition": log}
    unused = run_models(tables, as_of=AS_OF).unused
    assert [(issue.code, issue.subject) for issue in unused] == [
        ("CUST-960", "acquisition"),
        ("CUST-959", "brand_switching"),
    ]
    assert "needs the option switching" in unused[1].text("en")
    asked = {"own": "a", "margin_per_purchase": 1.0, "purchases_per_year": 1.0, "years": 1.0,
             "discount_rate": 0.1, "currency": "CNY", "population": 9.0}  # fmt: skip
    options = CustomerOptions.model_validate({"switching": asked})
    assert [one.subject for one in run_models(tables, as_of=AS_OF, options=options).unused] == ["acquisition"]
    few = CustomerOptions(show=("rfm",))
    assert [one.subject for one in run_models(tables, as_of=AS_OF, options=few).unused] == ["acquisition"]


def test_orders_without_a_day_have_no_stage() -> None:
    lines = TABLES["orders"].clear()
    with pytest.raises(EvaluationError) as caught:
        model_measures({"orders": lines}, ["lifecycle_stage"])
    assert [issue.code for issue in caught.value.issues] == ["DATA-435"]


def test_a_model_is_given_choices_of_the_type_it_names_and_must_state_what_has_no_default() -> None:
    """So no model has to ask whether its option is there."""
    plain = CustomerOptions()
    for method in MODELS.methods():
        if (option := method.function.option) is None:
            continue
        several = get_type_hints(option.type) if is_dataclass(option.type) else {option.key: option.type}
        for key, kind in several.items():
            stated = CustomerOptions.model_fields[key].annotation
            optional = key == option.key and getattr(plain, key) is None
            assert stated == (kind | None if optional else kind), (method.name, key)
        assert option.key in several
        assert option.required == (not getattr(plain, option.key)), method.name


def test_choices_go_back_into_the_options_and_leave_the_rest() -> None:
    option = MODELS["loyalty"].function.option
    assert option is not None
    chosen = replace(option.of(OPTIONS_SET), flat_trend=0.1)
    assert option.put(chosen, OPTIONS_SET) == OPTIONS_SET.model_copy(update={"flat_trend": 0.1})
    assert option.put(option.of(OPTIONS_SET), OPTIONS_SET).model_fields_set == OPTIONS_SET.model_fields_set


def test_every_model_measure_is_described_and_says_what_it_needs() -> None:
    names = set(MODEL_MEASURES.names())
    assert {measure.function.model for measure in MODEL_MEASURES.methods()} <= set(MODELS.names())
    assert not names & set(MEASURES.names())
    for name in names:
        for language in messages.LANGUAGES:
            assert messages.known(f"measure.{name}.unit", language)
            assert messages.known(f"measure.{name}.definition", language)
