"""What machines read of a run: Parquet with types, contributions in long form, and what every column is."""

from pathlib import Path

import decided_study
import duckdb
import pandas as pd
import polars as pl
import pytest
from warehouse_cases import Case, finite

from evaluator.analysis.explanation import explanations
from evaluator.study import Study
from evaluator.warehouse import contribution_rows, weight_rows
from evaluator.warehouse.tables import TYPES


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    plan = "plan: {budget: 1000, horizon: 2}\n"
    words = decided_study.HEAD + decided_study.ACTIONS + plan
    found = decided_study.study(tmp_path_factory.mktemp("表 格"), words)
    found.save_results()
    return found


@pytest.mark.parametrize("name", ["ruled", "profiles", "fuzzy", "syntheses", "bounded"])
def test_contributions_are_those_of_the_explanations(cases: dict[str, Case], name: str) -> None:
    case = cases[name]
    frame = finite(case.frame)
    found = contribution_rows(case.model, frame).collect()
    ids = frame["id"].to_list()
    assert found["id"].unique(maintain_order=True).to_list() == ids
    for told in explanations(case.model, frame, ids[::23]):
        mine = {row["indicator"]: row for row in found.filter(id=told.id).iter_rows(named=True)}
        for entry in told.contributions:
            row = mine[entry.indicator]
            assert row["points"] == pytest.approx(entry.points, abs=1e-9)
            assert row["score"] == entry.score
            assert row["weight"] == pytest.approx(entry.effective_weight, abs=1e-9)
            assert row["observed"] == (entry.handling == "observed")


def test_weights_are_those_of_every_profile(cases: dict[str, Case]) -> None:
    model = cases["profiles"].model
    rows = weight_rows(model)
    assert rows["profile"].unique(maintain_order=True).to_list() == [None, "young", "old"]
    young = rows.filter(profile="young")
    assert young.filter(pl.col("leaf"))["global"].sum() == pytest.approx(1.0)
    assert dict(young.select("id", "global").iter_rows()) == pytest.approx(
        dict(model.of_profile("young").global_)
    )


def test_duckdb_and_pandas_read_types_and_not_text(study: Study) -> None:
    home = study.output
    with duckdb.connect() as connection:
        query = f"""SELECT s.id, s.score, sum(c.points) AS points FROM '{home}/scores.parquet' s
                    JOIN '{home}/contributions.parquet' c USING (id) GROUP BY ALL"""
        for _, score, points in connection.sql(query).fetchall():
            assert points == pytest.approx(score)
        types = dict(
            connection.sql(
                f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{home}/actions.parquet')"
            ).fetchall()
        )
        assert (types["due"], types["gain"], types["id"]) == ("DATE", "DOUBLE", "VARCHAR")
        plan = connection.sql(f"SELECT id, net FROM '{home}/plan.parquet'").fetchall()
        assert plan == [("a", pytest.approx(2800.0))]
    table = pd.read_parquet(home / "contributions.parquet")
    assert [kind.kind for kind in table.dtypes[["score", "weight", "points"]]] == ["f"] * 3
    assert table["observed"].dtype == bool
    assert len(table) == len(study.results) * len(study.tree.indicators)


def test_the_dictionary_tells_of_every_column_of_every_table(study: Study) -> None:
    dictionary = pl.read_parquet(study.output / "dictionary.parquet")
    tables = {path.name: pl.read_parquet_schema(path) for path in study.output.glob("*.parquet")}
    tables.pop("dictionary.parquet")
    known = dictionary.filter(pl.col("table").str.ends_with(".parquet"))
    assert set(known.select("table", "column").iter_rows()) == {
        (name, column) for name, schema in tables.items() for column in schema
    }
    assert set(dictionary["type"]) <= set(TYPES)
    words = dictionary.filter(pl.col("column") != "region")
    assert words.filter(pl.col("zh").is_null() | pl.col("en").is_null()).is_empty()
    due = dictionary.filter(table="actions.parquet", column="due").row(0, named=True)
    assert (due["type"], due["en"]) == ("date", "The day the action is due.")
    assert Path(study.output / "dictionary.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_two_runs_write_equal_bytes(study: Study, tmp_path: Path) -> None:
    again = Study(study.folder)
    before = {p.name: p.read_bytes() for p in study.output.glob("*.parquet")}
    again.save_results()
    assert {p.name: p.read_bytes() for p in study.output.glob("*.parquet")} == before
