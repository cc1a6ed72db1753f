"""The road of a study, from its files to everything a run finds."""

from datetime import date
from pathlib import Path

import decided_study
import polars as pl
import pytest

from evaluator.errors import EvaluationError, Severity
from evaluator.files import sha256
from evaluator.scoring import load_model
from evaluator.study import Study, score_file
from evaluator.weighing import accept, save_revisions


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
    assert evaluation.provenance.conventions["convention"] == "strict"
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


def test_a_customer_model_that_was_asked_for_and_has_no_result_is_told_with_the_run(folder) -> None:
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("""customers:
  switching: {own: we, margin_per_purchase: 1, purchases_per_year: 1, years: 1, discount_rate: 0.1,
    currency: CNY, population: 10}
""")
    text = (folder / "study.yaml").read_text("utf-8")
    (folder / "study.yaml").write_text(
        text.replace("tables:\n", "tables:\n  brand_switching: {file: asked.csv}\n"), "utf-8"
    )
    (folder / "asked.csv").write_text("last,next\nwe,we\n", "utf-8")
    issues = {issue.code: issue for issue in Study(folder).run().issues}
    assert (issues["CLV-933"].subject, issues["CLV-933"].severity) == ("we", Severity.WARNING)


def test_progress_names_each_step_once_and_in_order(folder) -> None:
    steps: list[str] = []
    Study(folder, progress=steps.append).run()
    assert steps == [
        "tree",
        "judgments",
        "weights",
        "tables",
        "measures",
        "model",
        "scores",
        "decisions",
        "findings",
    ]


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
    tree.write_text(tree.read_text("utf-8").replace("id: delay", "id: lateness"), "utf-8")
    with pytest.raises(EvaluationError) as caught:
        _ = Study(folder, model=model).model
    detail = caught.value.issues[0].detail
    assert (detail["gone"], detail["new"]) == ("delay", "lateness")


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
    study.save_scores()
    former = {path.name: path.read_bytes() for path in study.output.iterdir()}

    def stop(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(pl.DataFrame, "write_csv", stop)
    with pytest.raises(KeyboardInterrupt):
        Study(folder).save_scores()
    assert former.keys() == {"scores.csv", "scores.parquet"}
    assert {path.name: path.read_bytes() for path in study.output.iterdir()} == former


def stated(folder, text: str) -> Study:
    """The small study with another line."""
    path = folder / "study.yaml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    return Study(folder)


def test_the_study_chooses_how_judgments_become_weights(folder) -> None:
    options = "method: geometric_mean, aggregation: aip, scale: balanced, expert_weights: consistency"
    weights = stated(folder, f"weighting: {{{options}}}\n").weights
    assert (weights.method, weights.aggregation, weights.scale) == ("geometric_mean", "aip", "balanced")
    assert weights.expert_weights == "consistency"
    ratio = (9 + 3) / (11 - 3)  # what 3 is worth on the balanced scale
    assert weights.local["profit"] / weights.local["delay"] == pytest.approx(ratio)


def test_authority_weighs_experts_by_what_the_study_states(folder) -> None:
    path = folder / "study.yaml"
    text = path.read_text("utf-8").replace("name: Ann", "name: Ann, ca: 0.8, cs: 0.6")
    path.write_text(text.replace("name: Bob", "name: Bob, ca: 0.4, cs: 0.3"), "utf-8")
    weights = stated(folder, "weighting: {expert_weights: authority}\n").weights
    says = {evidence.expert: evidence.say for evidence in weights.groups[0].experts}
    assert says["E1"] / says["E2"] == pytest.approx((0.7 * 1) / (0.35 * 2))


def test_data_join_the_experts_weights_only_when_the_study_says_so(folder) -> None:
    assert Study(folder).model.objective is None
    measures = folder / "measures.csv"
    measures.write_text("id,profit,delay,trust\n1,50,10,3\n2,100,10,5\n3,0,10,2\n", "utf-8")
    evaluation = stated(folder, "weighting: {objective: {method: standard_deviation}}\n").run()
    told = {row.indicator: row for row in evaluation.model.objective.rows}
    assert (told["delay"].objective, told["delay"].combined) == (0, 0)
    assert evaluation.model.local["profit"] == pytest.approx(told["profit"].combined)
    assert sum(row.combined for row in told.values()) == pytest.approx(1)
    assert {"WEIGH-533", "WEIGH-534"} <= {issue.code for issue in evaluation.issues}
    assert load_model(Study(folder).save_model()) == evaluation.model


def test_a_contradictory_expert_gets_a_suggestion_and_a_revision_is_a_separate_record(folder) -> None:
    table = folder / "judgments.csv"
    original = table.read_text("utf-8").replace("E1,small,delay,trust,1", "E1,small,delay,trust,9")
    table.write_text(original, "utf-8")
    evaluation = Study(folder).run()
    suggestion = evaluation.judgment.suggestions[0]
    assert (suggestion.expert, suggestion.group) == ("E1", "small")
    assert suggestion.cr < suggestion.limit < suggestion.cr_before
    agreed = accept(suggestion, author="Ann", date=date(2026, 1, 2), reason="misread the scale")
    save_revisions(agreed, folder / "revisions.yaml")
    revised = stated(folder, "revisions: revisions.yaml\n").run()
    assert revised.judgment.suggestions == ()
    assert [one.author for one in revised.judgment.revisions] == ["Ann"] * len(agreed)
    assert table.read_text("utf-8") == original


def test_findings_about_judgments_change_no_weight_and_repeat_with_their_seed(folder) -> None:
    one, two = (stated(folder, text).run() for text in ("seed: 7\n", "measure: {window_months: 6}\n"))
    assert one.judgment.uncertainty.seed == 7
    assert one.judgment.uncertainty == two.judgment.uncertainty
    assert one.weights.local == two.weights.local


def test_a_convention_brings_its_priority_method_unless_the_study_states_another(folder) -> None:
    assert stated(folder, "convention: spssau\n").weights.method == "normalized_columns"
    assert stated(folder, "weighting: {method: eigenvector}\n").weights.method == "eigenvector"


def test_the_old_name_of_the_convention_is_read_and_said_with_its_line(folder) -> None:
    study = stated(folder, "profile: spssau\n")
    assert study.convention == "spssau"
    (told,) = (issue for issue in study.check() if issue.code == "STUDY-305")
    lines = (folder / "study.yaml").read_text("utf-8").splitlines()
    assert (told.severity, lines[told.where.line - 1]) == ("note", "profile: spssau")
    evaluation = study.run()
    assert told in evaluation.issues
    assert evaluation.model.conventions.convention == "spssau"


def test_answers_are_kept_unchanged_under_their_hash_and_chased(folder) -> None:
    study = Study(folder)
    study.keep_answers()
    kept = [path for path in (folder / "output" / "answers").iterdir() if path.name != "sha256.txt"]
    assert [path.read_bytes() for path in kept] == [(folder / "judgments.csv").read_bytes()]
    assert study.save_responses().name == "responses.xlsx"


def test_a_matrix_somebody_already_has_is_an_answer_by_its_mapping(folder) -> None:
    matrix = ",profit,delay,trust\nprofit,1,3,3\ndelay,1/3,1,1\ntrust,1/3,1,1\n"
    (folder / "ann.csv").write_text(matrix, "utf-8")
    path = folder / "study.yaml"
    text = path.read_text("utf-8").replace("judgments: [judgments.csv]\n", "judgments: [ann.csv]\n")
    path.write_text(text.replace("  - {id: E2, name: Bob, weight: 2}\n", ""), "utf-8")
    mapping = "answers: [{kind: matrix, file: ann.csv, expert: E1, group: small}]\n"
    assert stated(folder, mapping).weights.local["profit"] == pytest.approx(0.6)


def test_the_record_of_files_holds_every_questionnaire(folder) -> None:
    study = Study(folder)
    study.ask()
    path = folder / "study.yaml"
    text = path.read_text("utf-8").replace(
        "judgments: [judgments.csv]", "judgments: [questionnaires, judgments.csv]"
    )
    path.write_text(text, "utf-8")
    names = [record.path for record in Study(folder).run().provenance.files]
    assert names == [
        "study.yaml",
        "measures.csv",
        "questionnaires/E1_Ann.xlsx",
        "questionnaires/E2_Bob.xlsx",
        "judgments.csv",
    ]


def test_customer_models_run_on_the_tables_of_a_study(folder) -> None:
    """What the orders carry is found beside the scores, without being asked for."""
    lines = "id,date,amount\n001,2025-11-05,90\n002,2025-11-06,10\n"
    (folder / "orders.csv").write_text(lines, "utf-8")
    path = folder / "study.yaml"
    path.write_text(
        path.read_text("utf-8").replace("tables:", "tables:\n  orders: {file: orders.csv}"), "utf-8"
    )
    found = Study(folder).run().customers
    assert found is not None
    assert not found.issues
    assert found.results["abc"].frame["class"].to_list() == ["A", "B"]


def test_a_customer_model_that_is_not_known_is_named_with_its_line(folder) -> None:
    path = folder / "study.yaml"
    path.write_text(path.read_text("utf-8") + "\ncustomers: {show: [rmf]}\n", "utf-8")
    with pytest.raises(EvaluationError) as caught:
        Study(folder)
    (issue,) = caught.value.issues
    assert (issue.code, issue.subject, issue.hint) == ("METHOD-001", "rmf", ("rfm",))
    assert issue.where is not None
    assert issue.where.line is not None


ABC_TREE = """
schema: 1
id: by_class
name: {zh: 类别, en: By class}
status: custom
source: a test
weights_source: a test
grades:
  - {id: good, name: {zh: 好, en: Good}, score: 90, from: 60}
  - {id: poor, name: {zh: 差, en: Poor}, score: 40, from: 0}
root:
  children:
    - {id: class_, name: {zh: 类别, en: Class}, measure: abc_class, direction: benefit, weight: 1,
       scale: {kind: lookup, scores: {A: 100, B: 50, C: 0}}}
    - {id: often, name: {zh: 频率, en: Often}, measure: frequency, direction: benefit, weight: 1,
       scale: {kind: linear, worst: 0, best: 4}}
"""
ABC_STUDY = """
schema: 1
title: Classes
language: en
as_of: 2026-01-01
tree: tree.yaml
weighting: {source: given}
tables: {orders: {file: orders.csv}}
"""


def test_a_frozen_model_places_the_next_quarter_as_it_stood(tmp_path) -> None:
    """Whoever is worth as much as before keeps the class, though the best customers have gone."""
    (tmp_path / "tree.yaml").write_text(ABC_TREE, "utf-8")
    (tmp_path / "study.yaml").write_text(ABC_STUDY, "utf-8")
    lines = ["a,2025-12-01,800", "b,2025-12-02,100", "c,2025-12-03,60", "d,2025-12-04,40"]
    (tmp_path / "orders.csv").write_text("\n".join(["id,date,amount", *lines]), "utf-8")
    first = Study(tmp_path)
    model = first.save_model()
    before = dict(first.results.select("id", "score").iter_rows())
    (tmp_path / "orders.csv").write_text("\n".join(["id,date,amount", *lines[2:]]), "utf-8")
    alone, kept = Study(tmp_path), Study(tmp_path, model=model)
    assert dict(kept.results.select("id", "score").iter_rows()) == {"c": before["c"], "d": before["d"]}
    assert dict(alone.results.select("id", "score").iter_rows())["c"] > before["c"]
    assert kept.run().customers.results["abc"].frame["class"].to_list() == ["B", "C"]


def test_a_template_with_a_mistake_is_named_and_keeps_no_other_report_away(tmp_path: Path) -> None:
    stated = decided_study.STUDY + "report: {templates: own}\n"
    study = decided_study.study(tmp_path, stated)
    (tmp_path / "own" / "page").mkdir(parents=True)
    (tmp_path / "own" / "page" / "decision.html.j2").write_text("<h1>{{ nothing.there }</h1>\n", "utf-8")
    with pytest.raises(EvaluationError) as caught:
        study.save_reports()
    assert [(issue.code, issue.where.line) for issue in caught.value.issues] == [("REPORT-820", 1)]
    written = {path.name for path in study.output.iterdir()}
    assert {"report.xlsx", "manifest.json"} <= written
    assert "report.html" not in written
