"""Models run once on the tables of a study, say what they lack, and freeze their references."""

from datetime import date, timedelta

import polars as pl
import pytest

from evaluator.customers import (
    MODEL_MEASURES,
    MODELS,
    AbcOptions,
    CustomerOptions,
    Sources,
    abc,
    model_measures,
    run_models,
)
from evaluator.errors import EvaluationError

AS_OF = date(2024, 7, 1)


def _orders(amounts: dict[str, list[float]]) -> pl.DataFrame:
    rows = [
        (who, AS_OF - timedelta(days=10 * place + 5), amount)
        for who, values in amounts.items()
        for place, amount in enumerate(values)
    ]
    return pl.DataFrame(rows, schema=["id", "date", "amount"], orient="row")


ORDERS = _orders({"a": [500.0, 400], "b": [60.0], "c": [30.0, 5], "d": [5.0]})


def test_models_run_whose_tables_are_there_and_whose_option_is_stated() -> None:
    found = run_models({"orders": ORDERS})
    assert {"rfm", "abc", "lifecycle"} <= found.results.keys()
    assert "relation" not in found.results
    assert not found.issues
    assert found.as_of == date(2024, 6, 27)


def test_models_named_to_be_shown_say_what_they_lack() -> None:
    options = CustomerOptions(show=("abc", "knowledge"))
    found = run_models({"orders": ORDERS}, options=options)
    assert list(found.results) == ["abc"]
    assert [(issue.code, issue.subject) for issue in found.issues["knowledge"]] == [
        ("CUST-927", "knowledge"),
        ("CUST-928", "knowledge"),
    ]


def test_a_model_the_data_do_not_carry_yields_its_issues() -> None:
    returned = ORDERS.with_columns(pl.col("amount") * -1)
    found = run_models({"orders": returned}, options=CustomerOptions(show=("abc",)))
    assert [issue.code for issue in found.issues["abc"]] == ["CUST-907"]


def test_a_model_runs_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[object] = []
    sources = Sources({"orders": ORDERS})
    first = sources.result("rfm")
    monkeypatch.setattr("evaluator.customers.models.rfm.study.rfm", lambda *a, **k: runs.append(a))
    assert sources.result("rfm") is first
    assert sources.measures(["rfm_score", "rfm_class"]).height == 4
    assert run_models(sources).results["rfm"] is first
    assert not runs


def test_what_a_model_refused_once_it_refuses_again() -> None:
    sources = Sources({})
    for _ in range(2):
        with pytest.raises(EvaluationError) as caught:
            sources.result("abc")
        assert [issue.code for issue in caught.value.issues] == ["CUST-927"]


def test_columns_come_from_the_measures_table_the_orders_or_a_model() -> None:
    own = pl.DataFrame({"id": ["a", "x"], "loyalty": [80.0, 20.0]})
    found = Sources({"orders": ORDERS, "measures": own}).columns(["loyalty", "net_amount", "abc_class"])
    assert found.rows() == [
        ("a", 80.0, 900.0, "A"),
        ("b", None, 60.0, "B"),
        ("c", None, 35.0, "C"),
        ("d", None, 5.0, "C"),
        ("x", 20.0, None, None),
    ]


def test_a_column_nothing_gives_is_named_with_the_nearest_one() -> None:
    with pytest.raises(EvaluationError) as caught:
        Sources({"orders": ORDERS}).columns(["net_amout"])
    (issue,) = caught.value.issues
    assert (issue.code, issue.subject) == ("CUST-930", "net_amout")
    assert "net_amount" in issue.hint


def test_classes_frozen_one_period_place_customers_of_the_next() -> None:
    """A customer keeps the class of the same value, whoever else has come or gone."""
    sources = Sources({"orders": ORDERS})
    first = sources.measures(["abc_class", "rfm_score", "rfm_class"])
    frozen = sources.frozen()
    alone = ORDERS.filter(pl.col("id") == "c")
    day = sources.as_of
    names = ["abc_class", "rfm_score", "rfm_class"]
    later = model_measures({"orders": alone}, names, as_of=day, options=frozen)
    assert later.rows() == first.filter(pl.col("id") == "c").rows()
    assert model_measures({"orders": alone}, ["abc_class"], as_of=day)["abc_class"][0] == "A"


def test_frozen_options_are_a_file_like_any_other() -> None:
    sources = Sources({"orders": ORDERS})
    sources.measures(["abc_class", "rfm_score"])
    frozen = sources.frozen()
    assert CustomerOptions.model_validate_json(frozen.model_dump_json(exclude_none=True)) == frozen
    assert frozen.abc.at == (900.0, 60.0)


def test_a_best_class_nobody_was_in_is_still_nobodys() -> None:
    found = abc(pl.DataFrame({"id": ["a", "b"], "value": [99.0, 1.0]}), options=AbcOptions(rule="through"))
    assert found.frame["class"].to_list() == ["C", "C"]
    again = abc(pl.DataFrame({"id": ["b", "z"], "value": [1.0, 500.0]}), options=found.frozen())
    assert again.frame["class"].to_list() == ["C", "C"]


def test_lowest_values_must_fall_and_go_with_the_classes() -> None:
    for at in ((1.0, 2.0), (2.0,)):
        with pytest.raises(EvaluationError) as caught:
            abc(pl.DataFrame({"id": ["a"], "value": [1.0]}), options=AbcOptions(at=at))
        assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-909", "at")]


def test_every_column_of_the_list_of_customers_has_a_title_and_known_classes() -> None:
    found = run_models({"orders": ORDERS})
    columns = {column.name: column for column in found.columns}
    assert {"rfm_score", "rfm_class", "abc_class", "lifecycle_stage"} <= columns.keys()
    stage = columns["lifecycle_stage"]
    assert stage.say is not None
    assert stage.say("growth", "zh") != stage.say("growth", "en") != "growth"
    assert all(set(column.title) == {"zh", "en"} for column in found.columns)


def test_every_model_is_declared_with_its_source() -> None:
    assert all(model.reference for model in MODELS.methods())
    assert {"rfm", "abc"} <= {model.name for model in MODELS.methods() if "relative" in model.laws}
    assert all(model.function.freeze for model in MODELS.methods() if model.name in ("rfm", "abc"))
    assert {
        measure.name for measure in MODEL_MEASURES.methods() if measure.function.model == "referrals"
    } == {"referral_value"}


def test_no_model_sees_what_is_dated_on_the_day_looked_back_from_or_later() -> None:
    """Rows without a date stay, and so do tables without one."""
    days = [AS_OF - timedelta(days=1), AS_OF, AS_OF + timedelta(days=9), None]
    dated = pl.DataFrame({"id": ["a", "b", "c", "d"], "date": days})
    tables = {"complaints": dated, "wallet": dated.with_columns(pl.col("date").cast(pl.Datetime)),
              "network": dated.select("id")}  # fmt: skip
    sources = Sources(tables, as_of=AS_OF)
    assert {name: sources[name]["id"].to_list() for name in tables} == {
        "complaints": ["a", "d"], "wallet": ["a", "d"], "network": ["a", "b", "c", "d"]}  # fmt: skip
