"""CSV files are for people; what programs go on from lies whole in Parquet beside them."""

import csv
import os
from pathlib import Path

import polars as pl
import pytest

from evaluator.errors import EvaluationError
from evaluator.study import Study, kept_evaluation
from evaluator.study.csv_files import for_people, save_frame
from evaluator.study.same_results import differing


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_figures_have_six_digits_money_cents_and_whole_ones_no_decimals() -> None:
    figures = [964225.3399999994, 0.28888736557, 12345678.9, 3.0, -0.0, 1e-9, None]
    shown = for_people(pl.DataFrame({"x": figures, "net": figures}))
    assert shown["x"].to_list() == ["964225", "0.288887", "12345700", "3", "0", "1e-9", None]
    assert shown["net"].to_list() == ["964225.34", "0.29", "12345678.9", "3", "0", "0", None]


def test_who_and_how_good_stands_first() -> None:
    frame = pl.DataFrame({"score_a": [1.0], "grade": ["b"], "class_m": ["k"], "name": ["n"], "id": ["1"],
                          "score": [2.0], "rank": [1]})  # fmt: skip
    assert for_people(frame).columns == ["rank", "id", "name", "score", "grade", "class_m", "score_a"]


def test_a_run_leaves_both_and_parquet_has_every_digit(folder) -> None:
    study = Study(folder)
    study.save_reports(formats=())
    for name, frame in (("scores", study.results), ("measures", study.measured.frame)):
        whole = pl.read_parquet(study.output / f"{name}.parquet").sort("id")
        assert whole.equals(frame.sort("id"))
        short = sorted(rows(study.output / f"{name}.csv"), key=lambda row: row["id"])
        assert [row["id"] for row in short] == whole["id"].to_list()
        floats = [column for column in whole.columns if whole[column].dtype == pl.Float64]
        for column in floats:
            told = [float(row[column] or "nan") for row in short]
            stored = whole[column].fill_null(float("nan")).to_list()
            assert told == pytest.approx(stored, rel=1e-5, nan_ok=True)
    assert [row["rank"] for row in rows(study.output / "scores.csv")] == ["1", "2", ""]
    manifest = (study.output / "manifest.json").read_text("utf-8")
    assert all(f"output/{name}.parquet" in manifest for name in ("scores", "measures"))


def test_measures_are_kept_whole_and_old_ones_still_read(folder) -> None:
    study = Study(folder)
    study.save_results()
    assert kept_evaluation(folder).measures.equals(study.measured.frame)
    (study.output / "measures.parquet").unlink()
    old = kept_evaluation(folder).measures
    assert old.columns == study.measured.frame.columns


def test_a_csv_file_that_cannot_be_replaced_leaves_both_as_they_were(tmp_path, monkeypatch) -> None:
    path = tmp_path / "scores.csv"
    save_frame(pl.DataFrame({"id": ["a"]}), path)
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    replace = os.replace

    def refused(new: Path, target: Path) -> None:
        if Path(target).name == "scores.csv":
            raise PermissionError(13, "open elsewhere")
        replace(new, target)

    monkeypatch.setattr("os.replace", refused)
    with pytest.raises(EvaluationError):
        save_frame(pl.DataFrame({"id": ["b"]}), path)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_on_another_machine_a_last_digit_may_turn_in_csv_and_not_in_parquet(tmp_path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for home, score in ((one, 78.34565), (other, 78.34565 * (1 - 1e-9))):
        home.mkdir()
        save_frame(pl.DataFrame({"id": ["a"], "score": [score]}), home / "scores.csv")
    assert rows(one / "scores.csv") != rows(other / "scores.csv")
    assert differing(one / "scores.csv", other / "scores.csv", exact=False) is None
    assert differing(one / "scores.csv", other / "scores.csv", exact=True) is not None
    place = differing(one / "scores.parquet", other / "scores.parquet", exact=False)
    assert place is not None
    assert place[0] == "score[1]"
