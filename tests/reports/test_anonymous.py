"""Reports in which customers are called by codes: nothing in their bytes tells who is who."""

import zipfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from evaluator.demo import Made
from evaluator.evaluation import Evaluation
from evaluator.reports import ReportOptions, report
from evaluator.reports.anonymous import KEY, anonymous, read_codes
from evaluator.study import Study

CODED = ReportOptions(anonymous=True)


def contents(path: Path) -> str:
    """Return all text of a report; a workbook is a zip of texts."""
    if path.suffix == ".html":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.fixture(scope="module")
def evaluation(demo_study: tuple[Made, Study]) -> Evaluation:
    return demo_study[1].run()


@pytest.mark.parametrize("ending", ["html", "xlsx"])
def test_no_name_of_anybody_is_in_the_bytes(
    evaluation: Evaluation, demo_report, tmp_path: Path, ending: str
) -> None:
    names = evaluation.results["name"].drop_nulls().to_list()
    text = contents(demo_report(ending, evaluation.language))
    assert all(name in text for name in names[:20])
    text = contents(report(evaluation, tmp_path / f"r.{ending}", options=CODED))
    assert [name for name in names if name in text] == []
    codes = read_codes(tmp_path / KEY)
    assert codes.keys() >= set(evaluation.results["id"])
    assert [id_ for id_ in evaluation.results["id"] if codes[id_] not in text] == []


def test_ids_go_as_names_do_and_customers_keep_their_codes(evaluation_of, tmp_path: Path) -> None:
    first = evaluation_of("en", customers=40)
    for ending in ("html", "xlsx"):
        text = contents(report(first, tmp_path / f"r.{ending}", options=CODED))
        assert [id_ for id_ in first.results["id"] if id_ in text] == []
    codes = read_codes(tmp_path / KEY)
    more = anonymous(evaluation_of("en", customers=60), tmp_path)
    again = read_codes(tmp_path / KEY)
    assert {id_: again[id_] for id_ in codes} == codes
    assert len(set(again.values())) == len(again) > len(codes)
    assert set(more.results["id"]) <= set(again.values())


def test_a_report_of_some_keeps_the_names_of_all(evaluation: Evaluation, tmp_path: Path) -> None:
    """The key is one file for every report; its cells are no formulas."""
    some, names = (
        evaluation.results["id"].head(3).to_list(),
        dict(evaluation.results.select("id", "name").iter_rows()),
    )
    odd = replace(
        evaluation,
        results=evaluation.results.with_columns(
            name=pl.when(pl.col("id") == some[0]).then(pl.lit("=1+1")).otherwise(pl.col("name"))
        ),
    )
    frame = evaluation.measured.frame.drop("name")
    bare = replace(
        odd,
        measured=replace(evaluation.measured, frame=frame, models=None),
        comparison=None,
        previous=None,
        periods=(),
    )
    anonymous(bare, tmp_path)
    anonymous(replace(bare, results=bare.results.head(2)), tmp_path)
    rows = pl.read_csv(tmp_path / KEY, infer_schema_length=0)
    kept = dict(rows.select("id", "name").iter_rows())
    assert kept[some[0]] == "'=1+1"
    assert {id_: kept[id_] for id_ in some[1:]} == {id_: names[id_] for id_ in some[1:]}


def test_scores_classes_and_ranks_stay_and_what_names_people_goes(evaluation_of, tmp_path: Path) -> None:
    given = evaluation_of("en", customers=40)
    ids = given.results["id"].cast(pl.String)
    told = pl.DataFrame(
        {"id": ids, "region": ["N", "S"] * (ids.len() // 2), "contact": [f"c{id_}" for id_ in ids]}
    )
    coded = anonymous(replace(given, attributes=told), tmp_path)
    assert coded.attributes.columns == ["id", "region"]
    unnamed = ["id", "name"]
    assert coded.results.drop(unnamed).equals(given.results.drop(unnamed))
