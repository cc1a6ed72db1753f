"""`evaluator score` with a frozen model: one table of a client, or files of any size on an engine."""

import sys

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from evaluator.cli import invoke
from evaluator.scoring import Progress


@pytest.fixture
def frozen(folder, tmp_path):
    """A model, and the measures of its population as Parquet files."""
    assert invoke(["fit", str(folder)]) == 0
    assert invoke(["measure", str(folder)]) == 0
    measures = pl.read_csv(folder / "output" / "measures.csv", schema_overrides={"id": pl.String})
    parts = tmp_path / "parts"
    parts.mkdir()
    measures.head(1).write_parquet(parts / "1.parquet")
    measures.tail(-1).write_parquet(parts / "2.parquet")
    return folder / "output" / "model.json", parts


def score(frozen, output, *more: str) -> int:
    return invoke(["score", "--model", str(frozen[0]), "--output", str(output), *more])


def in_sheet(path) -> pl.DataFrame:
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("scores").to_python()
    return pl.DataFrame(rows, schema=header, orient="row", strict=False)


@pytest.mark.parametrize("engine", [[], ["--engine", "polars"], ["--engine", "duckdb"]])
def test_many_files_are_scored_with_or_without_the_name_of_an_engine(frozen, tmp_path, engine) -> None:
    data = [f"--data={frozen[1] / '1.parquet'}", f"--data={frozen[1] / '2.parquet'}"]
    assert score(frozen, tmp_path / "scores.parquet", *data, *engine) == 0
    scores = pl.read_parquet(tmp_path / "scores.parquet")
    assert sorted(scores["id"]) == ["001", "002", "003"]
    assert "rank" not in scores.columns


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_a_clients_table_is_scored_and_ranked_in_the_format_asked_for(
    folder, frozen, tmp_path, ending
) -> None:
    output = tmp_path / f"scores.{ending}"
    assert score(frozen, output, "--data", str(folder / "measures.csv")) == 0
    read = {"csv": pl.read_csv, "xlsx": in_sheet, "parquet": pl.read_parquet}[ending]
    assert float(read(output)["rank"][0]) == 1


def test_an_engine_that_is_not_there_is_named_with_the_nearest(frozen, tmp_path, capsys) -> None:
    data = f"--data={frozen[1]}"
    assert score(frozen, tmp_path / "scores.parquet", data, "--engine", "polar", "--language", "en") == 1
    assert "METHOD-001" in (error := capsys.readouterr().err)
    assert "polars" in error
    assert invoke(["score", "--engine", "polars"]) == 2


def test_who_watches_sees_the_rows_and_their_speed(frozen, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert score(frozen, tmp_path / "scores.parquet", f"--data={frozen[1]}", "--language", "en") == 0
    last = capsys.readouterr().err.strip("\n").split("\r")[-1]
    assert last.startswith("… 3 of 3 rows, ")


def test_progress_knows_its_speed() -> None:
    assert Progress(30, 60, 2.0).rows_per_second == 15.0
    assert Progress(30, 60, 0.0).rows_per_second == 0.0


def test_a_file_of_orders_is_told_from_measures(frozen, tmp_path, capsys) -> None:
    orders = tmp_path / "sales.csv"
    orders.write_text("客户号,日期,金额\n001,2024-01-05,5\n001,2024-02-05,7\n002,2024-03-01,2\n", "utf-8")
    assert score(frozen, tmp_path / "out.csv", "--data", str(orders)) == 1
    err = capsys.readouterr().err
    assert err.count("SCORE-646") == len(err.splitlines()) == 1
    assert f"evaluator run {orders}" in err


def test_measures_with_a_mistake_are_not_taken_for_orders(frozen, tmp_path, capsys) -> None:
    measures = tmp_path / "measures.csv"
    measures.write_text("id,date,profit\n001,2024-01-05,5\n001,2024-02-05,7\n", "utf-8")
    assert score(frozen, tmp_path / "out.csv", "--data", str(measures)) == 1
    assert "SCORE-646" not in capsys.readouterr().err
