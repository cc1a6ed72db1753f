"""A model of dbt: the query dbt would run, its documentation, and tests that the result passes."""

from pathlib import Path
from typing import Any

import duckdb
import jinja2
import polars as pl
import pytest
import yaml
from warehouse_cases import FURTHER, Case

from evaluator.cli import invoke
from evaluator.errors import EvaluationError
from evaluator.warehouse import write_dbt


def rendered(path: Path) -> str:
    """Return what dbt hands to the database: the template with its references filled in."""
    words: dict[str, Any] = {
        "ref": lambda name: f'"{name}"',
        "source": lambda schema, name: f'"{schema}"."{name}"',
    }
    return (
        jinja2.Environment(undefined=jinja2.StrictUndefined)
        .from_string(path.read_text("utf-8"))
        .render(words)
    )


@pytest.mark.parametrize("name", ["ruled", "profiles", "fuzzy"])
def test_the_result_passes_the_tests_that_are_written(
    cases: dict[str, Case], name: str, tmp_path: Path
) -> None:
    case = cases[name]
    written = write_dbt(case.model, "duckdb", tmp_path / "models", columns=FURTHER, language="zh")
    with duckdb.connect() as connection:
        connection.register("measures", case.frame.to_arrow())
        found = pl.DataFrame(connection.sql(rendered(written.query)).to_arrow_table())
    (model,) = yaml.safe_load(written.properties.read_text("utf-8"))["models"]
    assert model["name"] == written.query.stem == "value_scores"
    assert [column["name"] for column in model["columns"]] == found.columns
    tested = 0
    for column in model["columns"]:
        assert column["description"]
        for test in column.get("data_tests", ()):
            tested += 1
            values = found[column["name"]]
            if test == "unique":
                assert values.is_unique().all()
            elif test == "not_null":
                assert values.null_count() == 0
            else:
                assert set(values.drop_nulls()) <= set(test["accepted_values"]["values"])
    assert tested >= 4


def test_a_table_with_a_schema_is_a_source_with_tests_of_its_own(build: Any, tmp_path: Path) -> None:
    tree = build.made(build.leaf("a", missing="error"))
    model = build.fitted(tree, build.customers(a=[50.0]))
    written = write_dbt(model, "snowflake", tmp_path, table="crm.measures")
    assert 'FROM "crm"."measures"' in rendered(written.query)
    said = yaml.safe_load(written.properties.read_text("utf-8"))
    assert said["sources"][0]["name"] == "crm"
    assert said["sources"][0]["tables"][0]["columns"] == [
        {"name": "ID", "quote": True, "data_tests": ["unique", "not_null"]},
        {"name": "M_A", "quote": True, "data_tests": ["not_null"]},
    ]
    with pytest.raises(EvaluationError) as raised:
        write_dbt(model, "duckdb", tmp_path / "none", table="a') }} {{ env_var('x")
    assert [issue.code for issue in raised.value.issues] == ["SQL-105"]
    assert not (tmp_path / "none").exists()


def test_the_verb_writes_a_query_or_a_model_of_dbt(
    cases: dict[str, Case], tmp_path: Path, capsys: Any
) -> None:
    case = cases["ruled"]
    case.model.save(tmp_path / "model.json")
    case.frame.write_parquet(tmp_path / "measures.parquet")
    arguments = [
        "--language",
        "en",
        "export",
        str(tmp_path / "model.json"),
        "--data",
        str(tmp_path / "measures.parquet"),
    ]
    target = tmp_path / "out" / "scores.sql"
    target.parent.mkdir()
    assert invoke([*arguments, "--sql", "postgres", "--output", str(target)]) == 0
    assert str(target) in capsys.readouterr().out
    assert '"step_1_measures" AS MATERIALIZED (' in target.read_text("utf-8")
    assert invoke([*arguments, "--sql", "trino", "--dbt", str(tmp_path / "dbt")]) == 0
    assert sorted(path.name for path in (tmp_path / "dbt").iterdir()) == [
        "value_scores.sql",
        "value_scores.yml",
    ]
    assert invoke([*arguments, "--sql", "mysql"]) == 1
    assert "SQL-101" in capsys.readouterr().err
