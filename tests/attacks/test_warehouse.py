"""Names of strangers in exported SQL and dbt files: one statement that reads, whatever things are called."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import jinja2
import polars as pl
import pytest
import sqlglot
import yaml
from orders_cases import OrdersCase, made_orders
from small_trees import build
from sqlglot import expressions

from evaluator.errors import EvaluationError
from evaluator.scoring import fit, score
from evaluator.tree import load_tree
from evaluator.warehouse import DIALECTS, measures_sql, model_sql, write_dbt
from evaluator.weighing import weigh

__all__ = ["build"]

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


CATEGORIES = (
    "'; DROP TABLE victim; --", "\\'; DROP TABLE victim; --", "\\", "a\"b", "a`b", "*/", "-- x", "$$", "$tag$",
    "{{ env_var('KEY') }}", "{% set x = 1 %}", "{# x #}", "${KEY}", "@x", "␦measures␦", "=1+1", "a\u2028b",
)  # fmt: skip


@pytest.fixture
def of_categories(folder: Path):
    """A model whose scale and rule name categories that strangers wrote."""
    text = (folder / "tree.yaml").read_text("utf-8")
    linear = "{kind: linear, worst: 0, best: 100}"
    scores = yaml.safe_dump(
        dict.fromkeys(CATEGORIES, 50), default_flow_style=True, width=10_000, allow_unicode=True
    )
    assert linear in text
    text = text.replace(linear, f"{{kind: lookup, scores: {scores.strip()}}}", 1)
    (folder / "tree.yaml").write_text(text[: text.index("tests:")], "utf-8")
    tree = load_tree(folder / "tree.yaml")
    count = len(CATEGORIES)
    frame = pl.DataFrame(
        {
            "id": [str(n) for n in range(count)],
            "profit": CATEGORIES,
            "delay": [5.0] * count,
            "trust": [3.0] * count,
        }
    )
    return fit(tree, weigh(tree), frame), frame


@pytest.mark.parametrize("dialect", DIALECTS)
def test_categories_stay_texts(of_categories, dialect: str) -> None:
    model, _ = of_categories
    (one,) = statements(model_sql(model, dialect).text, dialect)
    assert not list(one.find_all(expressions.Drop, expressions.Command))
    literals = one.find_all(expressions.Literal, expressions.National)  # N'…' in T-SQL
    assert {literal.name for literal in literals} >= set(CATEGORIES)


def test_categories_are_scored_there_as_here(of_categories) -> None:
    model, frame = of_categories
    with duckdb.connect() as engine:
        engine.sql("create table victim as select 1 as x")
        engine.register("given", frame.to_arrow())
        engine.sql("create table measures as select * from given")
        found = dict(
            engine.sql(
                f"select id, score from ({model_sql(model, 'duckdb').text.rstrip().rstrip(';')})"
            ).fetchall()
        )
        assert engine.sql("select count(*) from victim").fetchall() == [(1,)]
    assert found == pytest.approx(dict(score(model, frame).select("id", "score").iter_rows()))


def test_categories_are_no_templates_of_dbt(of_categories, tmp_path: Path) -> None:
    """Filled in as dbt does: the query holds each category as it is, and nothing was evaluated."""
    model, _ = of_categories
    written = write_dbt(model, "duckdb", tmp_path / "dbt")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    query = environment.from_string(written.query.read_text("utf-8")).render(ref=lambda name: name)
    (one,) = statements(query, "duckdb")
    texts = {literal.this for literal in one.find_all(expressions.Literal) if literal.is_string}
    assert texts >= set(CATEGORIES)
    described = yaml.safe_load(written.properties.read_text("utf-8"))
    for text in _texts(described):
        assert environment.from_string(text).render() == text


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _texts(entry)


@pytest.fixture(scope="module")
def case(build) -> OrdersCase:
    return made_orders(build, "lines")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_tables_of_orders_are_names(case: OrdersCase, dialect: str) -> None:
    """As `--orders` and `--customers` state them."""
    stated = {"orders": "o\"]`' ; DROP TABLE victim; -- /*", "customers": "(select 1); x"}
    (one,) = statements(measures_sql(case.model, dialect, replace(case.there, **stated)).text, dialect)
    assert not list(one.find_all(expressions.Drop, expressions.Command))
    names = {found.name.casefold() for found in one.find_all(expressions.Table)}
    assert names >= {name.casefold() for name in stated.values()}


@pytest.mark.parametrize(
    "column", ['a"b', "a\nb", "x; DROP TABLE victim; --", "{{ env_var('KEY') }}", "", "*/"]
)
def test_columns_of_orders_that_nothing_knows_are_refused(case: OrdersCase, column: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        measures_sql(case.model, "duckdb", replace(case.there, columns=(*case.there.columns, column)))
    assert all(issue.code.startswith("SQL-") for issue in raised.value.issues)
