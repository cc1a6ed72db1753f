"""From a study of candidates to a study of indicators: what the last round of screening leaves."""

import pytest

from evaluator.cli import invoke
from evaluator.errors import EvaluationError
from evaluator.study import Study
from evaluator.study.screening import keep_screened


@pytest.fixture
def screened(folder, answer):
    """The small study after a round in which both experts want profit and nobody wants trust."""
    low_scores = ("1 not important", "2 less important")
    for sent, low in zip(Study(folder).ask("screening"), low_scores, strict=True):
        answer(
            sent.path,
            {
                ("profit", "score"): "5 very important",
                ("delay", "score"): "5 very important",
                ("trust", "score"): low,
            },
        )
    return folder


def test_what_nobody_wants_goes_and_the_new_study_says_why(screened, tmp_path, capsys) -> None:
    home = tmp_path / "chosen"
    assert invoke(["--language", "en", "init", str(home), "--screened", str(screened)]) == 0
    assert "dropped" in capsys.readouterr().out
    study = Study(home)
    assert [leaf.id for leaf in study.tree.indicators] == ["profit", "delay"]
    (entry,) = study.tree.dropped
    assert entry.id == "trust"
    assert "1.50" in entry.reason.en


def test_the_experts_may_decide_over_the_figures(screened, tmp_path) -> None:
    home = tmp_path / "chosen"
    assert invoke(["init", str(home), "--screened", str(screened), "--keep", "trust", "--drop", "delay"]) == 0
    assert [entry.id for entry in Study(home).tree.dropped] == ["delay"]


def test_nothing_is_overwritten_and_nothing_screened_is_said(screened, folder, tmp_path) -> None:
    with pytest.raises(EvaluationError) as raised:
        keep_screened(screened, screened)
    assert [issue.code for issue in raised.value.issues] == ["STUDY-306"]
