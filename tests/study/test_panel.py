"""Weights of a study from importance scores and from best–worst forms, from the form to the report."""

import openpyxl
import pytest
import yaml

from evaluator.errors import EvaluationError
from evaluator.reports import report
from evaluator.study import Study


def asks(folder, **weighting) -> Study:
    """Let the small study ask in another way, send the forms, and return it."""
    path = folder / "study.yaml"
    said = yaml.safe_load(path.read_text("utf-8"))
    said.pop("judgments", None)
    path.write_text(yaml.safe_dump(said | {"weighting": weighting}, allow_unicode=True), "utf-8")
    Study(folder).ask()
    return Study(folder)


def fill(folder, form: str, expert: str, answers: dict[tuple[str, str], object]) -> None:
    (path,) = (folder / "forms" / form).glob(f"{form}_{expert}_*.xlsx")
    book = openpyxl.load_workbook(path)
    columns = {row[1].value: row[2].value + 1 for row in book["_record"] if row[0].value == "question"}
    sheet = book.worksheets[0]
    rows = {str(sheet.cell(row, 1).value): row for row in range(1, sheet.max_row + 1)}
    for (line, question), said in answers.items():
        sheet.cell(rows[f"line:{line}"], columns[question]).value = said
    book.save(path)


def score(profit: int, delay: int, trust: int) -> dict[tuple[str, str], object]:
    scores = {"profit": profit, "delay": delay, "trust": trust}
    return {(f"small:{child}", "score"): value for child, value in scores.items()}


ENDS = {("small:profit", "role"): "most important", ("small:delay", "role"): "least important"}
CONSISTENT = {
    ("small:trust", "best_over"): 2,
    ("small:delay", "best_over"): 8,
    ("small:trust", "over_worst"): 4,
}


@pytest.mark.parametrize(
    ("reading", "method", "local"),
    [
        ("differences", "eigenvector", None),
        ("shares", "score_shares", (0.5 + 2 * 0.6, 0.25 + 2 * 0.1, 0.25 + 2 * 0.3)),
    ],
)
def test_scores_are_weighed_and_told(folder, reading, method, local) -> None:
    study = asks(folder, source="scores", scores={"reading": reading})
    fill(folder, "scores", "E1", score(8, 4, 4))
    fill(folder, "scores", "E2", score(6, 1, 3))
    study = Study(folder)
    evaluation = study.run()
    assert evaluation.weights.method == method
    if local:
        expected = dict(zip(("profit", "delay", "trust"), (value / 3 for value in local), strict=True))
        assert {name: evaluation.weights.local[name] for name in expected} == pytest.approx(expected)
    assert [record.path for record in evaluation.provenance.files if record.path.startswith("forms/scores")]
    assert evaluation.judgment.uncertainty is None, "two experts, and scores cannot contradict each other"
    assert evaluation.issues == ()
    for language in ("zh", "en"):
        for suffix in ("html", "xlsx"):
            report(evaluation, folder / f"{language}.{suffix}", language=language)
    assert "importance scores by experts" in (folder / "en.html").read_text("utf-8")


def test_best_and_worst_are_weighed_and_told(folder) -> None:
    study = asks(folder, source="best_worst")
    fill(folder, "best_worst", "E1", ENDS | CONSISTENT)
    fill(
        folder,
        "best_worst",
        "E2",
        ENDS | CONSISTENT | {("small:trust", "best_over"): 9, ("small:trust", "over_worst"): 9},
    )
    study = Study(folder)
    evaluation = study.run()
    assert [evaluation.weights.local[name] for name in ("profit", "trust", "delay")] == pytest.approx(
        [8 / 13, 4 / 13, 1 / 13]
    )
    assert [issue.code for issue in evaluation.weights.issues] == ["WEIGH-502", "WEIGH-524"]
    assert evaluation.judgment.suggestions
    for language in ("zh", "en"):
        for suffix in ("html", "xlsx"):
            report(evaluation, folder / f"{language}.{suffix}", language=language)
    assert "best–worst method" in (folder / "en.html").read_text("utf-8")
    assert study.save_responses().exists()
    kept = study.keep_answers()
    assert len(list(kept.rglob("*.xlsx"))) == 2


def test_answers_may_lie_where_the_study_says(folder) -> None:
    asks(folder, source="scores")
    fill(folder, "scores", "E1", score(8, 4, 4))
    (folder / "forms" / "scores").rename(folder / "back")
    path = folder / "study.yaml"
    path.write_text(path.read_text("utf-8") + "judgments: [back]\n", "utf-8")
    assert {one.expert for one in Study(folder).panel.scores} == {"E1"}


def test_a_method_for_matrices_is_refused_where_answers_are_none(folder) -> None:
    asks(folder, source="best_worst", method="geometric_mean")
    fill(folder, "best_worst", "E1", ENDS | CONSISTENT)
    with pytest.raises(EvaluationError) as caught:
        _ = Study(folder).weights
    assert [issue.code for issue in caught.value.issues] == ["METHOD-001"]
    assert caught.value.issues[0].hint


def test_another_form_than_pairs_needs_experts_too(folder) -> None:
    path = folder / "study.yaml"
    said = yaml.safe_load(path.read_text("utf-8"))
    said.pop("experts")
    path.write_text(yaml.safe_dump(said | {"weighting": {"source": "scores"}}), "utf-8")
    with pytest.raises(EvaluationError) as caught:
        Study(folder)
    assert "STUDY-304" in {issue.code for issue in caught.value.issues}


@pytest.mark.parametrize("source", ["scores", "best_worst"])
@pytest.mark.parametrize("wish", [{"budget": 3}, {"missing": True}])
def test_only_comparisons_in_pairs_can_be_planned_or_asked_again_in_part(folder, source, wish) -> None:
    study = asks(folder, source=source)
    with pytest.raises(EvaluationError) as caught:
        study.ask(**wish)
    assert [issue.code for issue in caught.value.issues] == ["STUDY-335"]
