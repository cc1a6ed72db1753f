"""A study on an engine: the same figures as in memory, and refusals by name."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lake_study
import numpy as np
import polars as pl
import polars.testing
import pytest
import yaml

from evaluator.cli import invoke
from evaluator.cli.run import PASSED
from evaluator.columns import to_polars
from evaluator.data.stores import PASSING
from evaluator.errors import EvaluationError
from evaluator.scoring import score
from evaluator.study import Study

pytest.importorskip("duckdb")

VOID = "    filters: [{drop: state, equals: void, reason: cancelled}]\n"
LIMITS = "drift: {indicators: 0.0001, classes: 0.5}\n"
BEFORE = LIMITS + "previous: {folder: before, title: Before, as_of: 2025-12-01}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study, and what it came to before orders that are void were left out."""
    folder = lake_study.study(tmp_path_factory.mktemp("lake"))
    stated(folder, without=VOID)
    before = Study(folder)
    (folder / "before").mkdir()
    before.model.save(folder / "before" / "model.json")
    before.results.write_parquet(folder / "before" / "scores.parquet")
    return folder


@pytest.fixture
def lake(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "lake", ignore=shutil.ignore_patterns("output")))


@pytest.fixture(scope="module")
def in_memory(made: Path) -> Study:
    stated(made, BEFORE)
    found = Study(made)
    assert found.results.height == 401
    return found


@pytest.fixture(scope="module", params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest) -> str:
    """The name of an engine that can be had here."""
    if request.param == "spark":
        request.getfixturevalue("spark")
    return request.param


@pytest.fixture(scope="module")
def there(
    made: Path, in_memory: Study, engine: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Study]:
    """The study on an engine."""
    folder = tmp_path_factory.mktemp(engine) / "lake"
    shutil.copytree(made, folder, ignore=shutil.ignore_patterns("output"))
    stated(folder, BEFORE + f"engine: {{name: {engine}, memory: 500MB, shown: 20}}\n")
    found = Study(folder)
    yield found
    found.close()


def stated(folder: Path, further: str = "", *, without: str = "") -> None:
    text = lake_study.STUDY
    assert without in text
    (folder / "study.yaml").write_text(text.replace(without, "") + further, "utf-8")


def parts(place: str) -> str:
    """Return the file that an engine writes, or those in its folder."""
    return f"{place}/*.parquet" if Path(place).is_dir() else place


def same(found: pl.DataFrame, wanted: pl.DataFrame) -> None:
    found, wanted = found.sort("id"), wanted.sort("id")
    for name in found.columns:
        mine, theirs = found[name], wanted[name]
        if theirs.dtype.is_float():
            assert mine.is_null().equals(theirs.is_null()), name
            np.testing.assert_allclose(mine.to_numpy(), theirs.to_numpy(), rtol=0, atol=1e-9, err_msg=name)
        else:
            assert mine.to_list() == theirs.to_list(), name


def test_measures_and_scores_are_those_in_memory(there: Study, in_memory: Study) -> None:
    engine = there.on_engine
    assert engine is not None
    same(to_polars(engine.measured.frame), in_memory.measured.frame)
    scores = to_polars(engine.scores)
    same(scores, in_memory.results)
    assert {"rated", "insufficient", "excluded"} == set(scores["status"])
    assert scores["class_plane"].n_unique() == 5
    # what was written are the same scores by the model that was written
    written, measures = (pl.read_parquet(parts(engine.store.place(name))) for name in ("scores", "measures"))
    same(written, score(engine.model, measures))


def test_the_model_is_the_one_fitted_in_memory(there: Study, in_memory: Study) -> None:
    mine, theirs = (json.dumps(one.model_dump(mode="json"), sort_keys=True)
                    for one in (there.on_engine.model, in_memory.model))  # fmt: skip
    number = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
    assert number.sub("0", mine) == number.sub("0", theirs)
    figures = [np.array(list(map(float, number.findall(text)))) for text in (mine, theirs)]
    np.testing.assert_allclose(*figures, rtol=1e-12, atol=1e-12)


def test_every_row_is_accounted_for(there: Study, in_memory: Study) -> None:
    mine = {table.note.table: table.note for table in there.on_engine.tables.values()}
    for theirs in in_memory.tables.notes:
        own = mine[theirs.table]
        assert (own.rows_read, own.rows_kept) == (theirs.rows_read, theirs.rows_kept)
        assert {(e.reason, e.rows, e.column) for e in own.dropped} == {
            (e.reason, e.rows, e.column) for e in theirs.dropped
        }
    codes = {issue.code for issue in there.on_engine.issues}
    assert {"DATA-592", "DATA-593", "DATA-597", "DATA-437", "STUDY-374"} <= codes


def test_figures_are_of_all_and_the_report_is_of_those_shown(there: Study, in_memory: Study) -> None:
    engine, results = there.on_engine, in_memory.results
    assert engine.figures.customers == 401
    for name, counts in engine.figures.counts.items():
        assert counts == dict(results[name].drop_nulls().value_counts().iter_rows())
    assert engine.figures.mean_score == pytest.approx(
        results.filter(status="rated")["score"].mean(), abs=1e-9
    )
    evaluation = there.run()
    best = results.filter(pl.col("rank") <= 20).sort("rank", "id")
    assert evaluation.results.select("id", "rank").rows() == best.select("id", "rank").rows()
    assert evaluation.only == "20 / 401"
    assert set(evaluation.attributes["owner"]) == {"Li", "Wu"}
    same(evaluation.measured.frame, in_memory.measured.frame.filter(pl.col("id").is_in(best["id"].implode())))


def test_drift_is_that_in_memory(there: Study, in_memory: Study) -> None:
    """The earlier model was fitted on all orders; those that are void are left out since."""
    drifted_alike(there, in_memory)


def test_drift_from_a_model_that_is_taken_is_that_in_memory(in_memory: Study, lake: Path) -> None:
    in_memory.model.save(lake / "before.json")
    stated(lake, LIMITS, without=VOID)
    wanted = Study(lake, model=lake / "before.json")
    stated(lake, LIMITS + "engine: duckdb\n", without=VOID)
    study = Study(lake, model=lake / "before.json")
    drifted_alike(study, wanted)
    study.close()


def drifted_alike(there: Study, in_memory: Study) -> None:
    mine, theirs = there.on_engine.drift, in_memory.drift
    assert mine.passed
    told = [issue.code for issue in there.on_engine.drift_issues]
    assert told == ["SCORE-691"] * mine.indicators["passed"].sum()
    for one, other in ((mine.indicators, theirs.indicators), (mine.classes, theirs.classes)):
        pl.testing.assert_frame_equal(one, other, check_row_order=False, abs_tol=1e-12)


def test_a_run_writes_where_it_computes_and_says_the_sizes(
    there: Study, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """The verb is given the study whose steps are computed already."""
    monkeypatch.setattr("evaluator.cli.run.each_tree", lambda *stated, **further: [there])
    output, folder = there.output, str(there.folder)
    for name in ("scores.csv", "report.xlsx"):
        (output / name).write_text("of an earlier run in memory", "utf-8")
    assert invoke(["--language", "en", "run", folder, "--format", "html,xlsx"]) == PASSED
    said = capsys.readouterr()
    assert "The report shows the 20 best of 401 customers" in said.out
    assert (
        "output/ holds files of an earlier run that this one did not write: report.xlsx, scores.csv."
        in said.err
    )
    (output / "report.xlsx").unlink()
    ending = Path(there.on_engine.store.place("scores")).suffix
    written = {path.name for path in output.iterdir() if path.name not in (".lock", PASSING, "scores.csv")}
    assert written == {
        f"measures{ending}", f"scores{ending}", "weights.parquet", "weights.json", "model.json",
        "summary.json", "dictionary.csv", "dictionary.parquet", "report.html",
    }  # fmt: skip
    told = json.loads((output / "summary.json").read_text("utf-8"))
    assert told["customers"] == sum(told["status"].values()) == 401
    orders = told["tables"]["orders"]
    assert orders["dropped"].keys() == {"cancelled", "total row", "no value for id"}
    assert sum(orders["dropped"].values()) == orders["rows"] - orders["used"] > 2
    page = (output / "report.html").read_text("utf-8")
    assert "20 / 401" in page
    assert "Customer" in page
    assert invoke(["run", folder, "--only", "scores", "--json"]) == PASSED
    told = json.loads(capsys.readouterr().out)
    assert told["trees"][0]["customers"] == 401
    assert [issue["subject"] for issue in told["issues"] if issue["code"] == "STUDY-377"] == ["output"]


@pytest.mark.parametrize(
    ("further", "places"),
    [
        ("plan: {budget: 1}\n", {"plan"}),
        (
            "scoring: {second_opinions: [topsis]}\nreport: {anonymous: true}\n",
            {"scoring.second_opinions", "report.anonymous"},
        ),
        ("weighting: {source: given, objective: {method: entropy}}\n", {"weighting.objective"}),
    ],
)
@pytest.mark.parametrize("name", ["duckdb", "spark"])
def test_what_needs_everybody_in_memory_is_refused_by_name(
    lake: Path, further: str, places: set[str], name: str
) -> None:
    without = [line for line in lake_study.STUDY.splitlines(keepends=True) if line.split(":")[0] in further]
    text = "".join(line for line in lake_study.STUDY.splitlines(keepends=True) if line not in without)
    (lake / "study.yaml").write_text(text + further + f"engine: {name}\n", "utf-8")
    with pytest.raises(EvaluationError) as raised:
        _ = Study(lake).on_engine
    assert {(issue.code, issue.subject) for issue in raised.value.issues} == {
        ("STUDY-376", place) for place in places
    }
    assert {issue.detail["engine"] for issue in raised.value.issues} == {name}
    assert all(issue.where and issue.where.line for issue in raised.value.issues)


@pytest.mark.parametrize("name", ["duckdb", "spark"])
def test_verbs_that_read_everybody_are_refused(lake: Path, name: str) -> None:
    stated(lake, f"engine: {name}\n")
    for ask in ("results", "measured", "tables"):
        with pytest.raises(EvaluationError) as raised:
            getattr(Study(lake), ask)
        assert [issue.code for issue in raised.value.issues] == ["STUDY-375"]
    assert invoke(["run", str(lake), "--format", "xlsx"]) == 1


def refused(lake: Path, text: str) -> list[tuple[str, str]]:
    (lake / "study.yaml").write_text(text + "engine: duckdb\n", "utf-8")
    study = Study(lake)
    try:
        with pytest.raises(EvaluationError) as raised:
            _ = study.on_engine.measured
    finally:
        study.close()
    assert all(issue.where for issue in raised.value.issues if issue.code == "DATA-401")
    return sorted((issue.code, str(issue.subject)) for issue in raised.value.issues)


def test_what_a_column_with_a_type_does_not_need_is_refused(lake: Path) -> None:
    text = lake_study.STUDY.replace("{from: Betrag, factor: 10}", '{from: Betrag, decimal: ","}')
    text = text.replace(
        "measures: {file: lake/measures.parquet}", "measures: {file: lake/measures.parquet, totals: [all]}"
    )
    assert refused(lake, text) == [("DATA-590", "columns.amount.decimal"), ("DATA-590", "totals")]
    text = lake_study.STUDY.replace("{from: Betrag, factor: 10}", "state")
    assert refused(lake, text) == [("DATA-591", "state")]
    text = lake_study.STUDY.replace("id: Kunde", "id: Knude")
    assert ("DATA-406", "Knude") in refused(lake, text)


def test_returns_without_a_minus_are_asked_about_and_read(lake: Path) -> None:
    stated(lake)
    wanted = Study(lake).results
    for part in (lake / "lake" / "orders").iterdir():
        lines = pl.read_parquet(part)
        kind = pl.when(pl.col("Betrag") < 0).then(pl.lit("Gutschrift")).otherwise(pl.lit("Rechnung"))
        lines.with_columns(kind.alias("Belegart"), pl.col("Betrag", "cost").abs()).write_parquet(part)
    assert refused(lake, lake_study.STUDY) == [("DATA-568", "Belegart")]
    rule = "    returned: {column: Belegart, in: [Gutschrift]}\n  customers:"
    text = lake_study.STUDY.replace("  customers:", rule)
    (lake / "study.yaml").write_text(text + "engine: duckdb\n", "utf-8")
    study = Study(lake)
    same(to_polars(study.on_engine.scores), wanted)
    study.close()


def test_returns_are_asked_about_wherever_they_stand(lake: Path) -> None:
    """Behind the first thousands of rows, which are sales, in the last file, beside remarks of many kinds."""
    parts = sorted((lake / "lake" / "orders").iterdir())
    for number, part in enumerate(parts):
        lines = pl.read_parquet(part).filter(pl.col("Betrag") > 0).sort("Betrag")
        last = (pl.int_range(pl.len()) > pl.len() - 4) if number == len(parts) - 1 else pl.lit(False)
        kind = pl.when(last).then(pl.lit("Gutschrift")).otherwise(pl.lit("Rechnung"))
        remark = pl.format("Gutschrift {}", pl.int_range(pl.len()))
        lines.with_columns(Belegart=kind, Bemerkung=remark).write_parquet(part)
    assert refused(lake, lake_study.STUDY) == [("DATA-568", "Belegart")]


def test_the_engine_reads_nothing_but_what_the_study_names(lake: Path) -> None:
    query = f"query: \"select * from read_csv('{lake}/own.yaml')\""
    text = lake_study.STUDY.replace("table: sales.people", query)
    assert refused(lake, text) == [("DATA-401", "crm.duckdb#query")]
    text = lake_study.STUDY.replace("table: sales.people", 'query: "delete from sales.people"')
    assert refused(lake, text) == [("DATA-467", "crm.duckdb")]
    text = lake_study.STUDY.replace(
        "table: sales.people", "query: \"select id, owner from sales.people where id <> 'silent'\""
    )
    (lake / "study.yaml").write_text(text + "engine: duckdb\n", "utf-8")
    study = Study(lake)
    assert study.on_engine.measured.customers == 400
    study.close()


def test_what_lies_elsewhere_is_read_into_memory_and_said(lake: Path) -> None:
    people = "id,name,owner,blocked\n" + "".join(f"c{n},Customer {n},Li,no\n" for n in range(50))
    (lake / "people.csv").write_text(people, "utf-8")
    text = lake_study.STUDY.replace("{database: crm.duckdb, table: sales.people}", "{file: people.csv}")
    (lake / "study.yaml").write_text(text, "utf-8")
    wanted = Study(lake).results
    (lake / "study.yaml").write_text(text + "engine: duckdb\n", "utf-8")
    study = Study(lake)
    same(to_polars(study.on_engine.scores), wanted)
    assert [(i.subject, i.detail["rows"]) for i in study.on_engine.issues if i.code == "STUDY-373"] == [
        ("customers", 50)
    ]
    study.close()


def test_spark_reads_text_files_and_its_catalogue_where_they_lie(lake: Path, spark: Any) -> None:
    tree = yaml.safe_load(lake_study.TREE)
    for group in tree["root"]["children"]:
        group["children"] = [
            leaf for leaf in group["children"] if leaf["id"] in ("money", "profit", "content")
        ]
    (lake / "own.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True), "utf-8")
    stated(lake)
    wanted = Study(lake).measured.frame
    for part in (lake / "lake" / "orders").iterdir():
        pl.read_parquet(part).write_csv(part.with_suffix(".csv"))
        part.unlink()
    answers = spark.read.parquet((lake / "lake" / "measures.parquet").as_uri())
    answers.createOrReplaceTempView("answers")
    text = lake_study.STUDY.replace("lake/orders/*.parquet", "lake/orders")
    text = text.replace("{file: lake/measures.parquet}", "{database: spark, table: answers}")
    (lake / "study.yaml").write_text(text + "engine: spark\n", "utf-8")
    study = Study(lake)
    same(to_polars(study.on_engine.measured.frame), wanted)
    read = [issue.subject for issue in study.on_engine.table_issues if issue.code == "STUDY-373"]
    assert read == ["customers"]
    study.close()
    spark.catalog.dropTempView("answers")


def test_a_study_says_that_spark_needs_java(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setattr("evaluator.columns.spark_session.shutil.which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    stated(lake, "engine: spark\n")
    with pytest.raises(EvaluationError) as raised:
        _ = Study(lake).on_engine.tables
    assert [issue.code for issue in raised.value.issues] == ["SCORE-644"]


@pytest.mark.parametrize(
    "options",
    [
        "{name: duckdb, master: yarn}", "{name: duckdb, results: 's3a://lake/x'}",
        "{name: spark, results: 'file:///etc'}", "{name: spark, master: 'http://host'}",
        "{name: spark, settings: {spark.jars: x}}",
    ],
)  # fmt: skip
def test_options_of_an_engine_are_refused_where_they_mean_nothing(lake: Path, options: str) -> None:
    stated(lake, f"engine: {options}\n")
    with pytest.raises(EvaluationError) as raised:
        Study(lake)
    assert all(issue.code.startswith("DOC-") and issue.where.line for issue in raised.value.issues)


def test_of_customers_that_are_all_shown_nothing_is_left_to_say(lake: Path, capsys: Any) -> None:
    tree = (lake / "own.yaml").read_text("utf-8").replace("blocked == 'yes'", "blocked == 'never'")
    (lake / "own.yaml").write_text(tree, "utf-8")
    query = "query: \"select * from sales.people where id <> 'silent'\""
    text = lake_study.STUDY.replace("table: sales.people", query).replace(
        "min_coverage: 0.4", "min_coverage: 0"
    )
    (lake / "study.yaml").write_text(text + "engine: duckdb\n", "utf-8")
    assert invoke(["--language", "en", "run", str(lake)]) == 0
    assert "The report shows" not in capsys.readouterr().out
    page = (lake / "output" / "report.html").read_text("utf-8")
    assert "400 / 400" not in page
    assert "This report shows some of the customers" not in page
    assert "rated 400 of 400 customers" in page


def test_flags_are_named_that_only_a_run_in_memory_can_tell(there: Study, in_memory: Study) -> None:
    evaluation = there.run()
    (issue,) = [issue for issue in evaluation.issues if issue.code == "STUDY-378"]
    mine, theirs = evaluation.decisions, in_memory.run().decisions
    for flag in theirs.flags:
        here, memory = (one.counts[flag.id][1] < one.frame.height for one in (mine, theirs))
        named = flag.name["en"] in issue.message("en").partition("told only in part")[0]
        assert named is (memory and not here), flag.id


def test_the_run_and_its_page_say_which_actions_an_engine_gives_nobody(lake: Path, capsys: Any) -> None:
    actions = (
        "actions:\n"
        "  - {id: save, name: Visit to keep, do: Visit, when: flag_at_risk and score > 0}\n"
        "  - {id: rest, name: Write a letter, do: Write, when: flag_at_risk or score > 0}\n"
    )
    stated(lake, actions + "engine: {name: duckdb, shown: 20}\n")
    assert invoke(["--language", "en", "run", str(lake)]) == 0
    assert not (lake / "output" / PASSING).exists()
    page = (lake / "output" / "report.html").read_text("utf-8")
    careful = page[page.index("Careful") :][:3000]
    for said in (capsys.readouterr().err, careful):
        assert "flags that cannot be told: At risk of leaving" in said
        assert "actions given to no customer: Visit to keep. A run in memory may give other" in said
