"""The next study goes on from the last one, and tells who moved since."""

import shutil
from datetime import date

import polars as pl
import pytest

from evaluator.analysis import migration
from evaluator.errors import EvaluationError
from evaluator.evaluation import Previous
from evaluator.labels import Text
from evaluator.scoring import fit, score
from evaluator.study import Study, awaited, go_on
from evaluator.study.previous import history_issues, passing_time
from evaluator.tree import load_tree
from evaluator.weighing import weigh


@pytest.fixture
def last(folder):
    study = Study(folder)
    study.save_scores()
    study.save_model()
    return folder


def following(last, home, **options):
    """Begin the next study and give it the data it waits for: the profit of 001 has grown."""
    go_on(last, home, **options)
    text = (last / "measures.csv").read_text("utf-8")
    (home / "measures.csv").write_text(text.replace("001,One,50", "001,One,80"), "utf-8")
    return Study(home)


def test_the_next_study_keeps_tree_experts_answers_and_mapping_but_no_data(last, tmp_path) -> None:
    written = go_on(last, tmp_path / "next", title="Second quarter")
    names = {path.relative_to(tmp_path / "next").as_posix() for path in written}
    assert names == {
        "study.yaml",
        "tree.yaml",
        "judgments.csv",
        "previous/scores.csv",
        "previous/scores.parquet",
        "previous/model.json",
    }
    assert awaited(tmp_path / "next") == ("measures.csv",)
    file = Study(tmp_path / "next").file
    assert file.title.en == "Second quarter"
    assert (file.previous.title.en, str(file.previous.as_of)) == ("A small study", "2026-01-01")
    assert file.as_of is None


def test_the_next_study_has_the_folders_its_data_go_to(last, tmp_path) -> None:
    path = last / "study.yaml"
    text = path.read_text("utf-8").replace("measures.csv", "data/measures.csv")
    path.write_text(text.replace("data/measures.csv", "../elsewhere/measures.csv"), "utf-8")
    go_on(last, tmp_path / "outside")
    assert not (tmp_path / "elsewhere").exists()
    path.write_text(text, "utf-8")
    go_on(last, tmp_path / "next")
    assert (tmp_path / "next" / "data").is_dir()
    assert awaited(tmp_path / "next") == ("data/measures.csv",)


def test_comments_of_the_last_study_stay_where_they_stand(last, tmp_path) -> None:
    path = last / "study.yaml"
    path.write_text("# how we work\n" + path.read_text("utf-8") + "# the end\n", "utf-8")
    go_on(last, tmp_path / "next")
    text = (tmp_path / "next" / "study.yaml").read_text("utf-8")
    assert "# how we work\n" in text
    assert "# the end\n" in text
    assert "\nas_of" not in text


def test_the_kept_model_scores_the_new_period_and_tells_who_moved(last, tmp_path) -> None:
    evaluation = following(last, tmp_path / "next").run()
    assert evaluation.previous.same_model
    moved = migration(evaluation)
    before = {row["id"]: row["score"] for row in Study(last).results.iter_rows(named=True)}
    after = {row["id"]: row["score"] for row in evaluation.results.iter_rows(named=True)}
    changes = {move.id: move.change for move in (*moved.risers, *moved.fallers)}
    assert changes == {"001": pytest.approx(after["001"] - before["001"])}
    assert moved.up + moved.same + moved.down == 2
    assert moved.grades.counts.sum() == 2


def test_a_refitted_model_is_told_apart_from_the_kept_one(last, tmp_path) -> None:
    assert following(last, tmp_path / "next", refit=True).file.previous.model == "refit"
    path = tmp_path / "next" / "judgments.csv"
    path.write_text(path.read_text("utf-8").replace(",3", ",5"), "utf-8")
    assert Study(tmp_path / "next").run().previous.same_model is False


@pytest.mark.parametrize("kept", ["scores.parquet", "scores.csv"])
def test_a_customer_who_came_or_went_is_counted(last, tmp_path, kept) -> None:
    """The whole scores are read; those for people where an older run has left no others."""
    following(last, tmp_path / "next")
    previous = tmp_path / "next" / "previous"
    changed = pl.col("id").replace("002", "900")
    if kept == "scores.parquet":
        whole = pl.read_parquet(previous / kept)
        whole.with_columns(changed).write_parquet(previous / kept)
    else:
        (previous / "scores.parquet").unlink()
        pl.read_csv(previous / kept, infer_schema_length=0).with_columns(changed).write_csv(previous / kept)
    moved = migration(Study(tmp_path / "next").run())
    assert (moved.entered, moved.left) == (1, 1)


def test_without_an_earlier_evaluation_nobody_moved(folder) -> None:
    assert migration(Study(folder).run()) is None


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda last, home: shutil.rmtree(last / "output"), "STUDY-312"),
        (lambda last, home: (last / "study.yaml").unlink(), "STUDY-301"),
        (lambda last, home: shutil.copytree(last, home), "STUDY-306"),
    ],
)
def test_what_cannot_be_gone_on_from_is_said_and_nothing_written(last, tmp_path, prepare, code) -> None:
    prepare(last, tmp_path / "next")
    kept = sorted((tmp_path / "next").rglob("*"))
    with pytest.raises(EvaluationError) as raised:
        go_on(last, tmp_path / "next")
    assert [issue.code for issue in raised.value.issues] == [code]
    assert sorted((tmp_path / "next").rglob("*")) == kept


def test_a_file_of_data_is_no_study_to_go_on_from(tmp_path) -> None:
    (tmp_path / "orders.csv").write_text("id,date,amount\nA,2024-01-01,5\n", "utf-8")
    with pytest.raises(EvaluationError) as raised:
        go_on(tmp_path / "orders.csv", tmp_path / "next")
    [issue] = raised.value.issues
    assert issue.code == "STUDY-344"
    assert "evaluator run" in issue.advice()


def test_the_scores_of_last_time_are_read_with_every_digit(last, tmp_path) -> None:
    study = following(last, tmp_path / "next")
    whole, whole_now = Study(last).results, study.run().previous.results
    assert dict(whole_now.select("id", "score").iter_rows()) == dict(whole.select("id", "score").iter_rows())


@pytest.mark.parametrize("name", ["scores.parquet", "scores.csv"])
@pytest.mark.parametrize("text", ["", "name,points\na,1\n"])
def test_scores_that_are_none_are_refused_with_their_file(last, tmp_path, name, text) -> None:
    study = following(last, tmp_path / "next")
    path = tmp_path / "next" / "previous" / name
    path.write_text(text, "utf-8")
    if name == "scores.csv":
        path.with_suffix(".parquet").unlink()
    with pytest.raises(EvaluationError) as raised:
        study.run()
    assert [(issue.code, issue.where.file) for issue in raised.value.issues] == [("STUDY-311", str(path))]


def test_measures_that_shrank_because_the_data_begin_later_are_named() -> None:
    tree = load_tree("orders_value")
    ids = [f"c{n}" for n in range(10)]
    then = pl.DataFrame(
        {"id": ids, "tenure_months": [26.0] * 10, "growth": [0.1] * 10, "frequency": [4.0] * 10}
    )
    now = pl.DataFrame({
        "id": ids, "tenure_months": [24.0] * 6 + [29.0] * 4, "growth": [0.1] + [None] * 9,
        "frequency": [None] + [4.0] * 9,
    })  # fmt: skip
    last = Previous(Text(zh="上期", en="Then"), date(2025, 4, 1), then.select("id"), True, None, then)
    issues = list(history_issues(last, tree, now))
    assert sorted(issue.code for issue in issues) == ["STUDY-379", "STUDY-392"]
    fell, lost = sorted(issues, key=lambda issue: issue.code)
    assert fell.text("en").startswith("STUDY-379 Tenure")
    assert "6 customers of 10 since 2025-04-01" in fell.text("en")
    assert "known for 1 of the 10 customers of both periods, and was for 10" in lost.text("en")
    assert list(history_issues(last, tree, then)) == []


def test_what_only_the_passing_of_time_moved_is_named_with_its_points() -> None:
    """Twenty customers three months later, of whom one bought more: nearly all points are the calendar's."""
    tree = load_tree("orders_value")
    steady = {leaf.measure: [float(n % 7) for n in range(20)] for leaf in tree.indicators}
    steady["tenure_months"] = [21 + n / 10 for n in range(12)] + [3.0 * n for n in range(8)]
    then = pl.DataFrame({"id": [f"c{n}" for n in range(20)], **steady})
    more = pl.when(pl.col("id") == "c3").then(99.0).otherwise("net_amount")
    now = then.with_columns(pl.col("tenure_months") + 3, net_amount=more)
    model = fit(tree, weigh(tree), then)
    last = Previous(Text(zh="上期", en="Then"), date(2025, 4, 1), score(model, then), True, None, then)
    (issue,) = passing_time(last, model, score(model, now), now)
    assert (issue.code, str(issue.subject)) == ("STUDY-394", "tenure_months")
    gained = score(model, now)["score_tenure"] - score(model, then)["score_tenure"]
    assert issue.detail["points"] == pytest.approx(0.4 * 0.45 * gained.mean())
    assert 0 < issue.detail["points"] < issue.detail["whole"]
    assert "as time passed" in issue.text("en")
    each = [value + n for n, value in enumerate(then["tenure_months"])]
    moved = then.with_columns(pl.Series("tenure_months", each))
    assert list(passing_time(last, model, score(model, moved), moved)) == []
    same = now.with_columns(tenure_months=then["tenure_months"])
    assert list(passing_time(last, model, score(model, same), same)) == []
