"""One model, every engine: the same scores to 1e-9 from frames and from files, whole or not at all."""

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from evaluator import files
from evaluator.errors import EvaluationError
from evaluator.scoring import ENGINES, Model, Progress, score, score_files

FRAMES = ("lazy", "pandas", "duckdb", "spark")
NEEDS = {"duckdb": "duckdb", "spark": "pyspark"}
FUZZY = {
    "plain": {},
    "fuzzy": {"fuzzy": {"operator": "weighted_average"}},
    "topsis": {"fuzzy": {"operator": "min_bounded_sum"}, "leading": "fuzzy", "synthesis": {"kind": "topsis"}},
}


def need(engine: str, request: pytest.FixtureRequest) -> None:
    if engine == "spark":
        request.getfixturevalue("spark")
    module = NEEDS.get(engine)
    if module and importlib.util.find_spec(module) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{module} is missing in CI")
        pytest.skip(f"{module} is not here")


@pytest.fixture(scope="module")
def frame(build: SimpleNamespace) -> pl.DataFrame:
    random = np.random.default_rng(8)
    columns: dict[str, list[Any]] = {}
    for name in "abcdegh":
        values = random.uniform(-30, 120, 300).round(2)
        columns[name] = [
            None if lost else float(x) for x, lost in zip(values, random.random(300) < 0.2, strict=True)
        ]
    columns["f"] = [None if x < 0.2 else "x" if x < 0.6 else "y" for x in random.random(300)]
    found: pl.DataFrame = build.customers(**columns).with_columns(
        id=pl.format("0{}", pl.col("id").str.slice(1))
    )
    return found


def model_of(build: SimpleNamespace, frame: pl.DataFrame, options: dict[str, Any]) -> Model:
    """Return a tree with every kind of scale and synthesis, memberships, limits and relative cuts."""
    leaf, owa = build.leaf, {"kind": "owa", "orness": 0.4}
    gaussian = {"kind": "gaussian", "grades": {"good": (10.0, 9.0), "fair": (40.0, 9.0), "poor": (80.0, 9.0)}}
    now = (
        leaf("a", {"kind": "percentile", "best": "high"}),
        leaf("b", {"kind": "z", "best": "high"}, winsorise=(0.05, 0.95)),
        leaf("c", {"kind": "logistic", "half": 40.0, "nine_tenths": 80.0}, missing="neutral"),
    )
    later = (
        leaf("d", {"kind": "logarithmic", "worst": 2.0, "best": 90.0}),
        leaf("e", {"kind": "step", "below": 0.0, "steps": ((10.0, 35.0), (60.0, 90.0))}),
        leaf("f", {"kind": "lookup", "scores": {"x": 20.0, "y": 80.0}}),
    )
    third = (
        leaf("g", {"kind": "trapezoid", "points": (0.0, 30.0, 50.0, 90.0)}, direction="interval"),
        leaf("h", {"kind": "linear", "worst": 90.0, "best": 5.0}, direction="cost", membership=gaussian),
    )
    tree = build.made(
        build.group("now", *now, axis="now", synthesis=owa),
        build.group("later", *later, axis="later", synthesis={"kind": "weighted_product"}),
        build.group("third", *third, synthesis={"kind": "minimum"}),
        matrices=(build.matrix({"kind": "mean"}, {"kind": "quantile", "at": (0.5,)}),),
    )
    model: Model = build.fitted(tree, frame, min_coverage=0.3, **options)
    return model


def entered(frame: pl.DataFrame, kind: str, folder: Path) -> Any:
    if kind == "lazy":
        return frame.lazy()
    if kind == "pandas":
        return pd.DataFrame(frame.to_dict(as_series=False))
    path = folder / "measures.parquet"
    frame.write_parquet(path)
    if kind == "spark":
        from pyspark.sql import SparkSession

        return SparkSession.getActiveSession().read.parquet(str(path))
    import duckdb

    return duckdb.read_parquet(str(path))


def left(result: Any) -> pl.DataFrame:
    if hasattr(result, "toArrow"):  # Spark
        return pl.DataFrame(result.toArrow())
    if isinstance(result, pd.DataFrame):
        known = {name: [None if pd.isna(x) else x for x in result[name]] for name in result}
        return pl.DataFrame(known, strict=False)
    done = nw.from_native(result)
    polars = done.collect(backend="polars") if isinstance(done, nw.LazyFrame) else done
    found: pl.DataFrame = polars.to_native()
    return found


def same(found: pl.DataFrame, wanted: pl.DataFrame) -> None:
    found, wanted = found.sort("id"), wanted.sort("id")
    assert found.columns == wanted.columns
    for name in wanted.columns:
        if wanted[name].dtype.is_float():
            mine = found[name].cast(pl.Float64).fill_nan(None)
            assert mine.is_null().equals(wanted[name].is_null()), name
            np.testing.assert_allclose(
                mine.to_numpy(), wanted[name].to_numpy(), rtol=0, atol=1e-9, err_msg=name
            )
        else:
            assert found[name].to_list() == wanted[name].to_list(), name


@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize("options", FUZZY)
def test_a_frame_of_any_engine_is_scored_alike(
    build: SimpleNamespace,
    frame: pl.DataFrame,
    kind: str,
    options: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    need(kind, request)
    model = model_of(build, frame, FUZZY[options])
    same(left(score(model, entered(frame, kind, tmp_path))), score(model, frame))


@pytest.mark.parametrize("engine", ENGINES.names())
@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_files_are_scored_alike_and_ids_keep_their_zeros(
    build: SimpleNamespace,
    frame: pl.DataFrame,
    engine: str,
    ending: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    need(engine, request)
    model = model_of(build, frame, {})
    folder = tmp_path / "客户"
    folder.mkdir()
    for number, part in enumerate((frame.head(100), frame.tail(200))):
        path = folder / f"measures-{number}{ending}"
        part.write_parquet(path) if ending == ".parquet" else part.write_csv(path)
    target = tmp_path / f"scores{ending}"
    target.write_text("old", "utf-8")
    told: list[Progress] = []
    source = folder / f"measures-*{ending}"
    assert score_files(model, source, target, engine=engine, progress=told.append) == target
    wanted = score(model, frame)
    if ending == ".parquet":
        found = pl.read_parquet(target)
    else:
        found = pl.read_csv(target, schema_overrides=dict(wanted.schema))
    same(found, wanted)
    assert (told[-1].rows, told[-1].total) == (300, 300)
    assert told[-1].rows_per_second > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [target.name, "客户"]


@pytest.mark.parametrize("engine", ENGINES.names())
def test_a_run_that_fails_leaves_the_old_scores_and_nothing_half_written(
    build: SimpleNamespace, frame: pl.DataFrame, engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    need(engine, request)
    model = model_of(build, frame, {})
    source, target = tmp_path / "measures.parquet", tmp_path / "scores.parquet"
    frame.drop("m_a").write_parquet(source)
    target.write_text("old", "utf-8")
    with pytest.raises(EvaluationError) as raised:
        score_files(model, source, target, engine=engine)
    assert [(i.code, i.subject) for i in raised.value.issues] == [("SCORE-612", "m_a")]
    source.write_bytes(b"PAR1 this is no parquet file")
    with pytest.raises(EvaluationError) as raised:
        score_files(model, source, target, engine=engine)
    assert [(i.code, i.subject) for i in raised.value.issues] == [("SCORE-643", "measures.parquet")]
    assert target.read_text("utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["measures.parquet", "scores.parquet"]


@pytest.mark.parametrize(
    ("source", "target", "engine", "code"),
    [
        ("absent.parquet", "scores.parquet", "polars", "SCORE-643"),
        ("measures.xls", "scores.parquet", "polars", "SCORE-642"),
        ("measures.parquet", "scores.ods", "polars", "SCORE-642"),
        ("measures.parquet", "scores.parquet", "sparks", "METHOD-001"),
    ],
)
def test_what_cannot_be_read_written_or_run_is_named(
    build: SimpleNamespace, tmp_path: Path, source: str, target: str, engine: str, code: str
) -> None:
    model = build.fitted(build.made(build.leaf("a")), build.customers(a=[1.0]))
    with pytest.raises(EvaluationError) as raised:
        score_files(model, tmp_path / source, tmp_path / target, engine=engine)
    assert [issue.code for issue in raised.value.issues] == [code]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", NEEDS)
def test_a_missing_extra_is_named(
    build: SimpleNamespace, tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (NEEDS[engine], *(name for name in sys.modules if name.startswith(f"{NEEDS[engine]}."))):
        monkeypatch.setitem(sys.modules, module, None)
    frame = build.customers(a=[1.0])
    frame.write_parquet(tmp_path / "measures.parquet")
    model = build.fitted(build.made(build.leaf("a")), frame)
    with pytest.raises(EvaluationError) as raised:
        score_files(model, tmp_path / "measures.parquet", tmp_path / "scores.parquet", engine=engine)
    assert [(i.code, i.detail["extra"]) for i in raised.value.issues] == [("SCORE-641", engine)]
    assert [path.name for path in tmp_path.iterdir()] == ["measures.parquet"]


def test_a_text_among_the_numbers_of_a_large_file_is_no_fault_of_the_engine(
    build: SimpleNamespace, tmp_path: Path
) -> None:
    model = build.fitted(build.made(build.leaf("a")), build.customers(a=[1.0]))
    source = tmp_path / "measures.csv"
    source.write_text("id,m_a\n" + "1,2\n" * 5000 + "7,2.5\n", "utf-8")
    score_files(model, source, tmp_path / "scores.parquet")
    assert pl.read_parquet(tmp_path / "scores.parquet")["score"][-1] == pytest.approx(2.5)
    source.write_text(source.read_text("utf-8") + "8,n.a.\n", "utf-8")
    with pytest.raises(EvaluationError) as raised:
        score_files(model, source, tmp_path / "scores.csv")
    assert [(i.code, i.subject) for i in raised.value.issues] == [("SCORE-643", "measures.csv")]
    assert not (tmp_path / "scores.csv").exists()


@pytest.mark.parametrize("engine", ENGINES.names())
@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_a_full_disk_is_named_and_the_old_scores_stay(
    build: SimpleNamespace, frame: pl.DataFrame, engine: str, ending: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    need(engine, request)
    model = model_of(build, frame, {})
    source, target = tmp_path / "measures.parquet", tmp_path / f"scores{ending}"
    frame.write_parquet(source)
    target.write_text("old", "utf-8")

    def full(path: Path) -> Path:
        new = path.with_name(f".new{path.suffix}")
        new.symlink_to("/dev/full")
        return new

    monkeypatch.setattr(files, "_beside", full)
    with pytest.raises(EvaluationError) as raised:
        score_files(model, source, target, engine=engine)
    assert [(i.code, i.subject) for i in raised.value.issues] == [("FILE-703", target.name)]
    assert target.read_text("utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([source.name, target.name])


def test_a_killed_run_leaves_the_old_scores(
    build: SimpleNamespace, frame: pl.DataFrame, tmp_path: Path
) -> None:
    model_of(build, frame, {}).save(tmp_path / "model.json")
    pl.concat([frame] * 2000).write_parquet(tmp_path / "measures.parquet")
    target = tmp_path / "scores.parquet"
    target.write_text("old", "utf-8")
    code = "from evaluator.scoring import *; model = load_model('model.json'); "
    code += "score_files(model, 'measures.parquet', 'scores.parquet')"
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) as run:
        while not list(tmp_path.glob(".scores-*.parquet")) and run.poll() is None:
            time.sleep(0.005)
        run.kill()
    assert run.returncode != 0
    assert target.read_text("utf-8") == "old"


def test_scores_go_into_a_workbook(build: SimpleNamespace, frame: pl.DataFrame, tmp_path: Path) -> None:
    model = model_of(build, frame, {})
    frame.write_parquet(tmp_path / "measures.parquet")
    target = score_files(model, tmp_path / "measures.parquet", tmp_path / "scores.xlsx")
    wanted = score(model, frame)
    header, *rows = CalamineWorkbook.from_path(target).get_sheet_by_name("scores").to_python()
    assert header == wanted.columns
    assert [[None if x == "" else x for x in row] for row in rows] == [
        list(row) for row in wanted.iter_rows()
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["measures.parquet", "scores.xlsx"]


def test_more_customers_than_a_sheet_holds_are_refused_before_they_are_scored(
    build: SimpleNamespace, frame: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evaluator.scoring.files.SHEET_ROWS", 299)
    frame.write_parquet(tmp_path / "measures.parquet")
    with pytest.raises(EvaluationError) as raised:
        score_files(model_of(build, frame, {}), tmp_path / "measures.parquet", tmp_path / "scores.xlsx")
    issue = raised.value.issues[0]
    assert (issue.code, issue.detail["rows"], issue.detail["most"]) == ("SCORE-645", 300, 299)
    assert [path.name for path in tmp_path.iterdir()] == ["measures.parquet"]


def test_files_of_two_formats_are_refused_and_a_folder_is_read_whole(
    build: SimpleNamespace, frame: pl.DataFrame, tmp_path: Path
) -> None:
    model = model_of(build, frame, {})
    parts = tmp_path / "parts"
    parts.mkdir()
    frame.head(100).write_parquet(parts / "a.parquet")
    frame.tail(200).write_parquet(parts / "b.parquet")
    frame.write_csv(tmp_path / "measures.csv")
    score_files(model, parts, tmp_path / "scores.parquet")
    same(pl.read_parquet(tmp_path / "scores.parquet"), score(model, frame))
    with pytest.raises(EvaluationError) as raised:
        score_files(model, [parts, tmp_path / "measures.csv"], tmp_path / "other.parquet")
    assert [issue.code for issue in raised.value.issues] == ["SCORE-642"]


def test_a_spark_frame_is_checked_before_its_job_runs(
    build: SimpleNamespace, frame: pl.DataFrame, spark: Any, tmp_path: Path
) -> None:
    model = build.fitted(
        build.made(build.leaf("a", missing="error"), build.leaf("b")),
        frame.filter(pl.col("m_a").is_not_null()),
    )
    frame.select("id", "m_b").write_parquet(tmp_path / "lacking.parquet")
    frame.select("id", "m_a", "m_b").write_parquet(tmp_path / "missing.parquet")
    for name, code in (("lacking", "SCORE-612"), ("missing", "SCORE-617")):
        with pytest.raises(EvaluationError) as raised:
            score(model, spark.read.parquet(str(tmp_path / f"{name}.parquet")))
        assert [(i.code, i.subject) for i in raised.value.issues] == [(code, "m_a")]


def test_spark_without_java_says_what_is_missing(
    build: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setattr("evaluator.columns.spark_session.shutil.which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    frame = build.customers(a=[1.0])
    frame.write_parquet(tmp_path / "measures.parquet")
    model = build.fitted(build.made(build.leaf("a")), frame)
    with pytest.raises(EvaluationError) as raised:
        score_files(model, tmp_path / "measures.parquet", tmp_path / "scores.parquet", engine="spark")
    assert [issue.code for issue in raised.value.issues] == ["SCORE-644"]


@pytest.mark.parametrize("kind", ["lazy", "duckdb", "spark"])
def test_a_model_is_fitted_on_a_frame_of_any_engine(
    build: SimpleNamespace, frame: pl.DataFrame, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    need(kind, request)
    wanted = model_of(build, frame, {})
    found = model_of(build, entered(frame, kind, tmp_path), {})
    assert found.population == wanted.population
    for mine, theirs in ((found.distributions["a"].knots, wanted.distributions["a"].knots),):
        np.testing.assert_allclose(np.array(mine), np.array(theirs), rtol=0, atol=1e-9)
    assert found.moments["b"].mean == pytest.approx(wanted.moments["b"].mean, abs=1e-9)
    assert found.moments["b"].deviation == pytest.approx(wanted.moments["b"].deviation, abs=1e-9)
    np.testing.assert_allclose(found.cuts["plane"].x, wanted.cuts["plane"].x, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.cuts["plane"].y, wanted.cuts["plane"].y, rtol=0, atol=1e-9)
