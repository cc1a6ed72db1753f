"""From orders to scores in SQL alone: run on every engine, to the measures and classes found in Python."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlglot
import yaml
from orders_cases import CASES, UNUSABLE, OrdersCase, made_orders
from warehouse_cases import ACTIONS, FLAGS
from warehouse_runs import ENGINES, run_on, same

from evaluator.cli import invoke
from evaluator.customers import RfmOptions
from evaluator.errors import EvaluationError
from evaluator.warehouse import (
    DIALECTS,
    OrdersThere,
    columns_made,
    measures_sql,
    model_sql,
    write_dbt,
)

SCORED = "lines"
"""The case that goes on to the scores on every engine; models of every kind are run by `test_exported`."""


@pytest.fixture(scope="module")
def orders_cases(build: Any) -> dict[str, OrdersCase]:
    return {name: made_orders(build, name) for name in CASES}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("engine", ENGINES)
def test_measures_and_scores_are_those_of_the_engine(
    orders_cases: dict[str, OrdersCase], engine: str, name: str, request: pytest.FixtureRequest
) -> None:
    """Returns, one day twice, edges of windows, orders ahead, no orders, ties at quantiles."""
    case = orders_cases[name]
    found = run_on(engine, case.text(engine), case.tables, request)
    assert tuple(found.columns) == tuple(case.made.columns)
    same(found.filter(pl.col("id").is_in(case.measures["id"].implode())), case.measures)
    rfm = case.rfm.rename({column: f"rfm_{column}" for column in case.rfm.columns if column != "id"})
    same(found.filter(pl.col("rfm_recency").is_not_null()), rfm)
    if name == SCORED:
        scored = run_on(engine, model_sql(case.model, engine).text, {"measures": found}, request)
        same(scored.filter(pl.col("id").is_in(case.scores["id"].implode())), case.scores)


def test_a_customer_with_lines_that_cannot_be_used_has_no_measures_of_orders(
    orders_cases: dict[str, OrdersCase], request: pytest.FixtureRequest
) -> None:
    case = orders_cases["lines"]
    found = run_on("duckdb", case.text("duckdb"), case.tables, request)
    told = found.filter(pl.col("unusable_lines") > 0).sort("id")
    assert told.select("id", "unusable_lines", "m_own").rows() == [("k58", 1, 57.0), ("k59", 1, 58.0)]
    assert told["gross_amount"].null_count() == told["rfm_score"].null_count() == len(UNUSABLE)


def test_amounts_with_more_decimals_are_counted(orders_cases: dict[str, OrdersCase], request: Any) -> None:
    case = orders_cases["amounts"]
    text = measures_sql(case.model, "duckdb", replace(case.there, decimals=2)).text
    found = run_on("duckdb", text, case.tables, request)
    assert found.filter(pl.col("rounded_lines") > 0)["id"].to_list() == ["large"]
    assert found.filter(id="large")["net_amount"].item() == 98_765_432.12


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name not in ENGINES])
def test_every_other_dialect_reads_its_own_text_back(
    orders_cases: dict[str, OrdersCase], dialect: str, name: str
) -> None:
    case = orders_cases[name]
    text = case.text(dialect)
    (read,) = sqlglot.parse(text, dialect=dialect)
    assert read is not None
    names = [entry.alias_or_name for entry in read.expressions]
    assert names == [DIALECTS[dialect].named(column) for column in case.made.columns]
    assert not list(read.find_all(sqlglot.exp.Anonymous))


def test_the_same_model_gives_the_same_bytes(orders_cases: dict[str, OrdersCase]) -> None:
    case = orders_cases["amounts"]
    again = measures_sql(case.model, "postgres", case.there).text
    assert again == case.text("postgres")
    assert case.model.digest in again.splitlines()[1]


def refused(model: Any, **stated: Any) -> list[tuple[str, str]]:
    with pytest.raises(EvaluationError) as raised:
        measures_sql(model, "duckdb", OrdersThere(**stated))
    return [(issue.code, issue.subject) for issue in raised.value.issues]


def test_what_orders_do_not_tell_is_named(orders_cases: dict[str, OrdersCase], build: Any) -> None:
    model = orders_cases["lines"].model
    assert refused(model) == [("SQL-109", "m_own")]
    columns = ("id", "date", "amount", "currency", "status")
    assert refused(model, columns=columns) == [("SQL-108", "currency"), ("SQL-108", "status")]
    assert refused(model, columns=("id", "date"), customers="c") == [("DATA-405", "amount")]
    further = {"m_own": "number", "rfm_score": "number", "rfm_class": "text"}
    own = OrdersThere(customers="c", further=further)  # what the customers' own table has comes first
    assert measures_sql(model, "duckdb", own).read["rfm_class"] == "text"
    without_day = build.fitted(build.made(build.leaf("n", measure="net_amount")), pl.DataFrame(
        {"id": ["a"], "net_amount": [5.0]}
    ))  # fmt: skip
    assert refused(without_day) == [("SQL-110", "value")]
    assert refused(without_day, as_of=date(2025, 1, 1), rfm=RfmOptions()) == [("CUST-961", "rfm")]
    assert "2025-01-01" in measures_sql(without_day, "duckdb", OrdersThere(as_of=date(2025, 1, 1))).text


def test_what_flags_and_actions_speak_of_comes_with_the_measures(build: Any, request: Any) -> None:
    flags = {"add": (*FLAGS["add"], {"id": "gone", "name": "gone", "level": "risk", "says": "gone",
                                     "source": "t", "when": "recency_days > 100"})}  # fmt: skip
    tree = build.made(build.leaf("n", measure="net_amount"), flags=flags, actions=ACTIONS[:1])
    frame = pl.DataFrame({"id": ["a", "b"], "net_amount": [5.0, 60.0]})
    model = build.fitted(tree, frame)
    there = OrdersThere(as_of=date(2025, 1, 1))
    made = measures_sql(model, "duckdb", there)
    orders = pl.DataFrame({"id": ["a", "b"], "date": [date(2024, 3, 1), date(2024, 12, 1)],
                           "amount": [5.0, 60.0]})  # fmt: skip
    found = run_on("duckdb", made.text, {"orders": orders}, request)
    text = model_sql(model, "duckdb", columns=columns_made(made)).text
    scored = run_on("duckdb", text, {"measures": found}, request).sort("id")
    assert scored["flag_gone"].to_list() == [True, False]


def test_dbt_has_the_measures_before_the_scores(
    orders_cases: dict[str, OrdersCase], tmp_path: Path, request: Any
) -> None:
    case = orders_cases["lines"]
    there = replace(case.there, orders="crm.orders", customers="crm.customers")
    written = write_dbt(case.model, "duckdb", tmp_path, there=there)
    assert [path.name for path in written.measures] == ["value_measures.sql", "value_measures.yml"]
    said = yaml.safe_load(written.measures[1].read_text("utf-8"))
    assert [table["name"] for source in said["sources"] for table in source["tables"]] == [
        "orders",
        "customers",
    ]
    text = written.measures[0].read_text("utf-8")
    assert "{{ source('crm', 'orders') }}" in text
    assert "{{ ref('value_measures') }}" in written.query.read_text("utf-8")
    for name in case.tables:
        text = text.replace(f"{{{{ source('crm', '{name}') }}}}", name)
    found = run_on("duckdb", text, case.tables, request)
    (model,) = said["models"]
    assert [column["name"] for column in model["columns"]] == found.columns
    assert all(column["description"] != column["name"] for column in model["columns"])
    tests = {column["name"]: column.get("data_tests", []) for column in model["columns"]}
    for name in ("rfm_r", "rfm_class"):
        assert set(found[name].drop_nulls()) <= set(tests[name][0]["accepted_values"]["values"])
    assert tests["id"] == ["unique", "not_null"]
    assert found["id"].is_unique().all()


def test_the_verb_writes_both_queries(
    orders_cases: dict[str, OrdersCase], tmp_path: Path, capsys: Any
) -> None:
    case = orders_cases["amounts"]
    case.model.save(tmp_path / "model.json")
    head = ["--language", "en", "export", str(tmp_path / "model.json"), "--sql", "postgres"]
    columns = ["--orders", "crm.orders", "--columns", "id, date,order,amount"]
    target = tmp_path / "scores.sql"
    assert invoke([*head, *columns, "--output", str(target)]) == 1
    assert "SQL-109" in capsys.readouterr().err
    arguments = [*columns, "--customers", "crm.customers", "--rfm", "--as-of", "2025-02-01"]
    assert invoke([*head, *arguments, "--output", str(target)]) == 0
    text = (tmp_path / "measures.sql").read_text("utf-8")
    assert "Looked back from 2025-02-01" in text
    assert '"rfm_cell"' in text
    assert invoke([*head, *arguments, "--dbt", str(tmp_path / "dbt")]) == 0
    assert len(list((tmp_path / "dbt").iterdir())) == 4
