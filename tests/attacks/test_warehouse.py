"""Names of strangers in exported SQL and dbt files: one statement that reads, whatever things are called."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
import sqlglot
import yaml
from sqlglot import expressions

from evaluator.scoring import fit
from evaluator.tree import load_tree
from evaluator.warehouse import DIALECTS, model_sql, write_dbt
from evaluator.weighing import weigh

NAME = "*/ ; DROP TABLE victim; -- {{ env_var('KEY') }} {% raw %} {# '\\\" $$ /* `"
TABLES = (
    "measures; DROP TABLE victim; --",
    'measures" ; DROP TABLE victim; --',
    "(select 1)",
    "measures -- x",
    "m/*",
)
COLUMNS = (
    "x; DROP TABLE victim; --",
    'x"; DROP TABLE victim; --',
    "a\nDROP TABLE victim;",
    "{{ env_var('KEY') }}",
    "*/",
)


@pytest.fixture
def model(folder: Path):
    text = (folder / "tree.yaml").read_text("utf-8")
    quoted = "'" + NAME.replace("'", "''") + "'"
    text = text.replace("en: Small", f"en: {quoted}").replace("en: Good", f"en: {quoted}")
    (folder / "tree.yaml").write_text(text.replace("en: Profit", f"en: {quoted}"), "utf-8")
    tree = load_tree(folder / "tree.yaml")
    return fit(tree, weigh(tree), pl.read_csv(folder / "measures.csv", schema_overrides={"id": pl.String}))


def statements(sql: str, dialect: str) -> list:
    return [one for one in sqlglot.parse(sql, dialect=dialect) if one is not None]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_names_stay_in_comments_and_texts(model, dialect: str) -> None:
    sql = model_sql(model, dialect, columns=dict.fromkeys(COLUMNS, "text")).text
    (one,) = statements(sql, dialect)
    assert isinstance(one, expressions.Query)
    assert not list(one.find_all(expressions.Drop, expressions.Command))
    for line in sql.splitlines():
        assert not line.startswith("DROP")


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_a_name(model, table: str) -> None:
    """Run in an engine: whatever it is called, nothing else is touched."""
    sql = model_sql(model, "duckdb", table=table).text
    with duckdb.connect() as engine:
        engine.sql("create table victim as select 1 as x")
        quoted = table.replace('"', '""')
        engine.sql(
            f'create table "{quoted}" as select 1::varchar as id, 2.0 as profit, 3.0 as delay, 4.0 as trust'
        )
        assert len(engine.sql(sql).fetchall()) == 1
        assert engine.sql("select count(*) from victim").fetchall() == [(1,)]


def test_files_of_dbt_hold_no_template_but_its_reference(model, tmp_path: Path) -> None:
    write_dbt(model, "duckdb", tmp_path / "dbt", columns=dict.fromkeys(COLUMNS, "text"))
    assert len(list((tmp_path / "dbt").iterdir())) == 2
    for path in (tmp_path / "dbt").iterdir():
        text = path.read_text("utf-8")
        if path.suffix == ".yml":
            assert yaml.safe_load(text)["models"]
        rest = text.replace("{{ ref('measures') }}", "")
        assert not [sign for sign in ("{{", "{%", "{#") if sign in rest], path.name
