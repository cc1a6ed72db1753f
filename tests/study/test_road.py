"""The road of a study, from its files to everything a run finds."""

import polars as pl
import pytest

from evaluator.errors import EvaluationError
from evaluator.files import sha256
from evaluator.study import Study, score_file


def codes(caught) -> set[str]:
    return {issue.code for issue in caught.value.issues}


def test_a_run_finds_scores_ranks_and_where_they_come_from(folder) -> None:
    evaluation = Study(folder).run()
    rows = {row["id"]: row for row in evaluation.results.iter_rows(named=True)}
    assert evaluation.weights.local == pytest.approx({"small": 1, "profit": 0.6, "delay": 0.2, "trust": 0.2})
    assert rows["001"]["score"] == pytest.approx(0.6 * 50 + 0.2 * 80 + 0.2 * 50)
    assert (rows["002"]["score"], rows["002"]["rank"], rows["002"]["grade"]) == (
        pytest.approx(100),
        1,
        "good",
    )
    assert (rows["003"]["status"], rows["003"]["rank"], rows["003"]["grade"]) == ("insufficient", None, None)
    assert evaluation.provenance.conventions["profile"] == "strict"
    records = {record.path: record.sha256 for record in evaluation.provenance.files}
    assert records.keys() == {"study.yaml", "measures.csv", "judgments.csv"}
    assert records["measures.csv"] == sha256(folder / "measures.csv")


def test_each_step_is_written_where_it_belongs(folder) -> None:
    study = Study(folder)
    paths = [study.save_weights(), study.save_measures(), study.save_model(), study.save_scores()]
    assert {path.relative_to(folder).as_posix() for path in paths} == {
        f"output/{name}" for name in ("weights.json", "measures.csv", "model.json", "scores.csv")
    }
    assert pl.read_csv(paths[-1], schema_overrides={"id": pl.String})["id"].to_list() == ["002", "001", "003"]


def test_the_same_files_give_the_same_numbers(folder) -> None:
    one, two = Study(folder).run(), Study(folder).run()
    assert one.results.equals(two.results)
    assert one.model.fingerprint == two.model.fingerprint


def test_progress_names_each_step_once_and_in_order(folder) -> None:
    steps: list[str] = []
    Study(folder, progress=steps.append).run()
    assert steps == ["tree", "judgments", "weights", "tables", "measures", "model", "scores"]


def test_given_weights_need_no_expert(folder) -> None:
    path = folder / "study.yaml"
    text = path.read_text("utf-8").split("experts:")[0]
    path.write_text(text + "weighting: {source: given}\ntables:\n  measures: {file: measures.csv}\n", "utf-8")
    evaluation = Study(folder).run()
    assert evaluation.panel is None
    assert evaluation.weights.source == "given"


def test_a_frozen_model_scores_new_data_to_the_same_bits(folder, tmp_path) -> None:
    study = Study(folder)
    model = study.save_model()
    score_file(model, folder / "measures.csv", tmp_path / "again.csv")
    again = pl.read_csv(tmp_path / "again.csv", schema_overrides={"id": pl.String})
    assert again["score"].to_list() == study.results["score"].to_list()


def test_a_model_of_another_state_of_the_tree_is_refused_by_naming_what_changed(folder) -> None:
    model = Study(folder).save_model()
    tree = folder / "tree.yaml"
    tree.write_text(tree.read_text("utf-8").replace("worst: 50", "worst: 60"), "utf-8")
    with pytest.raises(EvaluationError) as caught:
        _ = Study(folder, model=model).model
    assert codes(caught) == {"STUDY-307"}
    assert caught.value.issues[0].detail["changed"] == "delay"


def test_own_anchors_change_the_score_and_are_recorded(folder) -> None:
    path = folder / "study.yaml"
    own = "scoring: {scales: {profit: {kind: linear, worst: 0, best: 50}}}\n"
    path.write_text(path.read_text("utf-8") + own, "utf-8")
    evaluation = Study(folder).run()
    row = evaluation.results.row(by_predicate=pl.col("id") == "001", named=True)
    assert row["score_profit"] == 100
    assert [override.indicator for override in evaluation.model.overrides] == ["profit"]


def test_an_interrupted_run_leaves_the_former_outputs_whole(folder, monkeypatch) -> None:
    study = Study(folder)
    former = study.save_scores().read_bytes()

    def stop(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(pl.DataFrame, "write_csv", stop)
    with pytest.raises(KeyboardInterrupt):
        Study(folder).save_scores()
    assert (folder / "output" / "scores.csv").read_bytes() == former
    assert [path.name for path in (folder / "output").iterdir()] == ["scores.csv"]
