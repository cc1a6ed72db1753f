"""The frozen model as SQL: run on every engine there is, to the engine's own scores and to the last class."""

import re
import sys
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl
import pytest
import sqlglot
from warehouse_cases import CASES, FURTHER, HOSTILE, Case, finite
from warehouse_runs import ENGINES, run_on, same

from evaluator.actions.decided import decide
from evaluator.actions.flags import raise_flags
from evaluator.actions.reading import read_besides
from evaluator.actions.words import flags_of
from evaluator.analysis.explanation import explanations
from evaluator.columns import Step
from evaluator.errors import EvaluationError
from evaluator.scoring import score
from evaluator.warehouse import DIALECTS, model_sql
from evaluator.warehouse.exported import ModelParts
from evaluator.warehouse.parts import QueryParts
from evaluator.warehouse.statement import Statement

RUNS = [(engine, case) for engine in ENGINES for case in CASES]


def expected(case: Case) -> pl.DataFrame:
    """Return what Python finds: the scores, and what every indicator adds to them."""
    if not case.model.additive:
        return case.wanted
    points: dict[str, list[float | None]] = {}
    for told in explanations(case.model, finite(case.frame)):
        for entry in told.contributions:
            points.setdefault(f"contribution_{entry.indicator}", []).append(entry.points)
    columns = (pl.Series(name, values, pl.Float64) for name, values in points.items())
    return case.wanted.with_columns(*columns)


@pytest.mark.parametrize(("engine", "case"), RUNS)
def test_a_statement_gives_what_the_engine_gives(
    cases: dict[str, Case], case: str, engine: str, request: pytest.FixtureRequest
) -> None:
    """Measures NaN, infinite and missing, ties at cuts, unknown rules, profiles, memberships."""
    found = run_on(engine, cases[case].text(engine), {"measures": cases[case].frame}, request)
    assert tuple(found.columns) == cases[case].parts.result
    same(found, expected(cases[case]))


def test_flags_and_the_first_action_are_those_of_a_study(cases: dict[str, Case], request: Any) -> None:
    case = cases["ruled"]
    found = run_on("duckdb", case.text("duckdb"), {"measures": case.frame}, request).sort("id")
    tree, rated = case.model.tree, case.wanted.filter(pl.col("status") == "rated").sort("id")
    further = finite(case.frame).drop("stage")
    frame = rated.join(further, on="id", how="left", maintain_order="left")
    besides = read_besides(tree, case.model, frame.columns)
    frame = nw.from_native(frame).with_columns(*(e.alias(name) for name, e in besides.items())).to_native()
    decided = decide(frame, tree, day=date(2026, 1, 1))
    actions = dict(decided.customers.select("id", "action").iter_rows())
    assert dict(found.drop_nulls("action").select("id", "action").iter_rows()) == actions
    assert {"call", "visit", "none_stated"} == set(actions.values())
    flagged = raise_flags(frame, flags_of(tree)).frame
    mine = found.filter(pl.col("status") == "rated")
    for flag in ("late", "close", "both"):
        assert mine[f"flag_{flag}"].to_list() == flagged[f"flag_{flag}"].to_list()
        assert mine[f"flag_{flag}"].n_unique() >= 2
    assert found.filter(pl.col("status") != "rated")["flag_late"].null_count() > 0


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_reads_its_own_text_back(cases: dict[str, Case], dialect: str) -> None:
    case = cases["ruled"]
    (read,) = sqlglot.parse(case.text(dialect), dialect=dialect)
    assert read is not None
    names = [entry.alias_or_name for entry in read.expressions]
    assert names == [DIALECTS[dialect].named(name) for name in case.parts.result]
    assert not list(read.find_all(sqlglot.exp.Anonymous)) or dialect == "duckdb"
    assert set(HOSTILE) <= {part.this for part in read.find_all(sqlglot.exp.Literal, sqlglot.exp.National)}


def test_the_same_model_gives_the_same_bytes(cases: dict[str, Case]) -> None:
    model = cases["ruled"].model
    first = model_sql(model, "postgres", columns=FURTHER).text
    assert first == cases["ruled"].text("postgres")
    assert model.digest in first.splitlines()[1]
    assert model_sql(model, "postgres", language="zh").text.splitlines()[0] != first.splitlines()[0]


def test_the_head_says_of_given_weights_no_more_than_there_is(cases: dict[str, Case]) -> None:
    given = cases["syntheses"].model
    conventions = given.conventions.model_copy(update={"method": "", "aggregation": ""})
    text = model_sql(given.model_copy(update={"conventions": conventions}), "duckdb").text
    assert "Weights: convention strict; minimum coverage" in text
    asked = given.conventions.model_copy(update={"method": "eigenvector", "aggregation": "aij"})
    text = model_sql(given.model_copy(update={"conventions": asked}), "duckdb").text
    assert "Weights: convention strict, method eigenvector, aggregation aij; minimum" in text


def test_sql_server_has_no_truth_values_and_exact_texts(cases: dict[str, Case]) -> None:
    text = cases["ruled"].text("tsql")
    assert "COLLATE Latin1_General_100_BIN2" in text
    assert "= N'hit'" in text
    assert "TRUE" not in text
    holds = next(line for line in text.splitlines() if line.rstrip(",").endswith("[holds_placed]"))
    assert holds.count("CAST(1 AS BIT)") == 1


def test_a_table_may_lack_what_flags_speak_of(cases: dict[str, Case]) -> None:
    made = model_sql(cases["syntheses"].model, "duckdb")
    codes = {issue.code: issue for issue in made.issues}
    assert codes.keys() == {"SQL-106", "SQL-107"}
    said = codes["SQL-107"].message("en")
    assert "flags that cannot be told: Churned (churned), At risk of leaving (at_risk)" in said
    assert "churn_probability" not in said
    assert "churn_probability" in made.text.split("Unknown for want of a column", 1)[1].splitlines()[0]
    assert not [name for name in made.columns if name.startswith("contribution")]


def test_a_measure_that_must_be_there_keeps_a_row_from_being_rated(build: Any, request: Any) -> None:
    tree = build.made(build.leaf("a", missing="error"), build.leaf("b"))
    whole = build.customers(a=[50.0, 70.0], b=[60.0, None])
    model = build.fitted(tree, whole)
    text = model_sql(model, "duckdb").text
    same(run_on("duckdb", text, {"measures": whole}, request), score(model, whole))
    lacking = build.customers(a=[None, 70.0], b=[60.0, 10.0])
    found = run_on("duckdb", text, {"measures": lacking}, request).sort("id")
    assert found["status"].to_list() == ["excluded", "rated"]
    assert found["reason"].to_list() == ["a", None]
    assert found["score"][0] is None
    assert found["grade"][0] is None


LONG = "客" * 63


def refused(build: Any, dialect: str, *leaves: Any, table: str = "measures") -> list[tuple[str, str]]:
    frame = build.customers(a=[50.0, 70.0])
    tree = build.made(*(leaves or (build.leaf("a"),)))
    with pytest.raises(EvaluationError) as raised:
        model_sql(build.fitted(tree, frame), dialect, table=table)
    return [(issue.code, issue.subject) for issue in raised.value.issues]


def test_what_a_dialect_has_no_place_for_is_named(build: Any) -> None:
    assert refused(build, "oracle") == [("SQL-101", "oracle")]
    long = build.leaf("a"), {**build.leaf("b"), "id": LONG, "measure": "m_a"}
    assert refused(build, "postgres", *long) == [
        ("SQL-102", f"contribution_{LONG}"), ("SQL-102", f"score_{LONG}"),
    ]  # fmt: skip
    alike = build.leaf("a"), {**build.leaf("A"), "measure": "m_a"}
    assert ("SQL-103", "measure_A") in refused(build, "duckdb", *alike)
    for table in ("", "a..b", "a.b.c.d"):
        assert refused(build, "duckdb", table=table) == [("SQL-105", table)]


def test_names_within_a_statement_are_shortened_where_they_must_be(build: Any) -> None:
    """PostgreSQL would cut them off in silence, and two of them would be one."""
    names = ["x" * 45 + end for end in "ab"]
    leaves = [{**build.leaf(name), "measure": "m_a"} for name in names]
    model = build.fitted(
        build.made(*leaves), build.customers(a=[50.0]), fuzzy={"operator": "weighted_average"}
    )
    text = model_sql(model, "postgres").text
    quoted = set(re.findall(r'"([^"]+)"', text))
    assert max(len(name.encode()) for name in quoted) <= 63
    assert len({name for name in quoted if name.startswith("membership_good@xxx")}) == 2


@pytest.fixture(scope="module")
def of_one_leaf(build: Any) -> ModelParts:
    return ModelParts(build.fitted(build.made(build.leaf("a")), build.customers(a=[50.0])), {})


@pytest.mark.parametrize("table", ['x"; DROP TABLE y; --', "表 名", "a]b", "a`b"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_table_is_a_name_whatever_stands_in_it(of_one_leaf: ModelParts, dialect: str, table: str) -> None:
    text = of_one_leaf.written(DIALECTS[dialect], table, "en").text
    (read,) = sqlglot.parse(text, dialect=dialect)
    assert DIALECTS[dialect].named(table) in {part.name for part in read.find_all(sqlglot.exp.Table)}


def test_a_step_that_has_no_form_is_refused_by_name() -> None:
    parts = QueryParts({"id": "text", "x": "number"}, ("id",))
    with pytest.raises(EvaluationError) as raised:
        parts.add(Step("closing", {"y": nw.col("absent") + 1.0}))
    assert [(i.code, i.subject) for i in raised.value.issues] == [("SQL-104", "closing")]
    parts.add(Step("written", {"y": nw.col("id").str.to_lowercase()}))
    with pytest.raises(EvaluationError) as raised:
        Statement(tuple(parts.made), ("id", "y"), {}).text(DIALECTS["trino"], "t")
    assert [(i.code, i.subject, i.detail["what"]) for i in raised.value.issues] == [
        ("SQL-104", "Trino", "Lower")
    ]


def test_without_the_extra_it_is_named(build: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model = build.fitted(build.made(build.leaf("a")), build.customers(a=[50.0]))
    for module in ["sqlglot", *(name for name in sys.modules if name.startswith("sqlglot."))]:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(EvaluationError) as raised:
        model_sql(model, "duckdb")
    assert [(i.code, i.subject) for i in raised.value.issues] == [("SCORE-641", "export")]
