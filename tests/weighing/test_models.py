"""Answers that say they come from a model never count, unless the study says so, and are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.cli import invoke
from evaluator.errors import EvaluationError
from evaluator.study import Study
from evaluator.tree import Tree
from evaluator.weighing import Panel, weigh

CONSISTENT = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (1, 2, 4, 2, 4, 2), "two": (3,)}
OTHER = {"root": (1, 1, 1), "three": (1, 1, 1), "four": (1, 1, 1, 1, 1, 1), "two": (1,)}
Make = Callable[..., Panel]


def by_a_model(panel: Panel, expert: str) -> Panel:
    return replace(
        panel,
        experts=tuple(replace(one, by="model/x-1") if one.id == expert else one for one in panel.experts),
    )


def test_a_model_s_answers_change_no_weight_and_are_named(tree: Tree, answered: Make) -> None:
    alone = weigh(tree, answered({"li": CONSISTENT}))
    both = by_a_model(answered({"li": CONSISTENT, "bot": OTHER}), "bot")
    weights = weigh(tree, both)
    assert weights.global_ == pytest.approx(alone.global_, rel=1e-14)
    told = [issue for issue in weights.issues if issue.code == "WEIGH-570"]
    assert [(issue.subject, issue.detail["model"]) for issue in told] == [("bot", "model/x-1")]
    for group in weights.groups:
        assert [(one.expert, one.used, one.reason) for one in group.experts] in (
            [("li", True, ""), ("bot", False, "model")], []
        )  # fmt: skip
        assert all(one.judged.weights for one in group.experts), "the model's own weights are shown"


@pytest.mark.parametrize("policy", ["keep", "leave_out", "down_weight"])
def test_no_policy_for_contradictory_answers_lets_a_model_in(tree: Tree, answered: Make, policy: str) -> None:
    alone = weigh(tree, answered({"li": CONSISTENT}), inconsistent=policy)
    both = by_a_model(answered({"li": CONSISTENT, "bot": OTHER | {"three": (9, 1 / 9, 9)}}), "bot")
    assert weigh(tree, both, inconsistent=policy).global_ == pytest.approx(alone.global_, rel=1e-14)


def test_a_study_that_asks_for_it_counts_them_and_says_so(tree: Tree, answered: Make) -> None:
    panel = answered({"li": CONSISTENT, "bot": OTHER})
    weights = weigh(tree, by_a_model(panel, "bot"), models="count")
    assert weights.global_ == pytest.approx(weigh(tree, panel).global_, rel=1e-14)
    assert "WEIGH-571" in {issue.code for issue in weights.issues}


def test_a_panel_of_models_alone_weighs_nothing(tree: Tree, answered: Make) -> None:
    with pytest.raises(EvaluationError) as caught:
        weigh(tree, by_a_model(answered({"bot": CONSISTENT}), "bot"))
    assert {issue.code for issue in caught.value.issues} == {"WEIGH-503"}


def marked(folder: Path, *, weighting: str = "") -> None:
    """Let the table of judgments say that everything E2 answered comes from a model."""
    table = folder / "judgments.csv"
    first, *rows = table.read_text("utf-8").splitlines()
    told = [row + (",model/x-1" if ",E2," in f",{row}," else ",") for row in rows]
    table.write_text("\n".join([f"{first},by", *told]) + "\n", "utf-8")
    study = folder / "study.yaml"
    study.write_text(study.read_text("utf-8") + weighting, "utf-8")


def test_a_table_that_says_so_is_heard_and_shown_everywhere(folder: Path, capsys) -> None:
    marked(folder)
    study = Study(folder)
    used = {one.expert: one.used for group in study.weights.groups for one in group.experts}
    assert used == {"E1": True, "E2": False}
    assert "model/x-1" in study.panel.to_html("en")
    assert invoke(["--language", "en", "weigh", str(folder)]) == 0
    said = capsys.readouterr()
    assert "a model's answers" in said.out
    assert "model/x-1" in said.err
    (report,) = [path for path in study.save_reports(formats=("html",)) if path.suffix == ".html"]
    assert "模型的回答" in report.read_text("utf-8") or "answers of a model" in report.read_text("utf-8")


def test_an_expert_s_entry_says_so_too(folder: Path) -> None:
    file = folder / "study.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("id: E2", "id: E2, by: model/x-1", 1), "utf-8")
    assert "by: model/x-1" in file.read_text("utf-8")
    assert {i.subject for i in Study(folder).weights.issues if i.code == "WEIGH-570"} == {"E2"}
    file.write_text(text.replace("id: E2", "id: E2, by: robot", 1), "utf-8")
    with pytest.raises(EvaluationError):
        Study(folder)
