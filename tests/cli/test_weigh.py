"""`evaluator weigh`: everything the experts' answers tell, for people and for programs."""

import json

import pytest

from evaluator.cli.program import invoke
from evaluator.forms import best_worst_forms, score_forms, write_forms
from evaluator.study import Study


@pytest.fixture
def contradictory(folder):
    """The small study; Bob's answers go in a circle, with answers enough to suggest what to ask again."""
    (folder / "judgments.csv").write_text(
        "expert,group,a,b,value\n"
        "E1,small,profit,delay,3\nE1,small,profit,trust,3\nE1,small,delay,trust,1\n"
        "E2,small,profit,delay,7\nE2,small,profit,trust,1/5\nE2,small,delay,trust,3\n",
        "utf-8",
    )
    return folder


def printed(capsys, *arguments) -> str:
    assert invoke([str(one) for one in arguments]) == 0
    return capsys.readouterr().out


def test_json_holds_everything_the_answers_tell(contradictory, capsys) -> None:
    found = json.loads(printed(capsys, "weigh", contradictory, "--json"))
    study = Study(contradictory)
    assert found["global"] == study.weights.global_
    assert (found["form"], found["method"], found["aggregation"]) == ("pairs", "eigenvector", "aij")
    judgment = found["judgment"]
    assert judgment.keys() >= {"agreement", "uncertainty", "levels", "suggestions", "revisions", "fuzzy"}
    (suggestion,) = judgment["suggestions"]
    assert (suggestion["expert"], suggestion["group"]) == ("E2", "small")
    assert suggestion["cr"] < suggestion["limit"] <= suggestion["cr_before"]
    ranks = judgment["uncertainty"]["acceptability"]
    assert [sum(row) for row in ranks] == pytest.approx([1.0, 1.0, 1.0])
    assert {policy["policy"] for policy in found["groups"][0]["policies"]} == {
        "leave_out",
        "keep",
        "down_weight",
    }
    assert [(one["code"], one["subject"]) for one in found["issues"]] == [
        ("WEIGH-502", "E2"), ("WEIGH-524", "E1")]  # fmt: skip


def test_json_has_the_fuzzy_weights_a_study_asks_for(contradictory, capsys) -> None:
    path = contradictory / "study.yaml"
    path.write_text(path.read_text("utf-8") + "weighting: {fuzzy: buckley, inconsistent: keep}\n", "utf-8")
    fuzzy = json.loads(printed(capsys, "weigh", contradictory, "--json"))["judgment"]["fuzzy"]
    assert fuzzy["method"] == "buckley"
    low, middle, high = fuzzy["global_"]["profit"]
    assert low < middle < high


def test_the_table_names_who_contradicts_where_and_what_to_ask_again(contradictory, capsys) -> None:
    study = Study(contradictory)
    (suggestion,) = study.judgment.suggestions
    out = printed(capsys, "weigh", contradictory)
    (line,) = [line for line in out.splitlines() if " E2 " in line]
    assert f"{study.weights.groups[0].experts[1].judged.cr:.4f}" in line
    assert f"(CR {suggestion.cr:.4f})" in line
    assert "→" in line
    interval = study.judgment.uncertainty.global_["profit"]
    assert f"{interval.low:.4f} – {interval.high:.4f}" in out


def test_given_weights_have_no_judgment(folder, capsys) -> None:
    path = folder / "study.yaml"
    path.write_text(path.read_text("utf-8") + "weighting: {source: given}\n", "utf-8")
    found = json.loads(printed(capsys, "weigh", folder, "--json"))
    assert (found["source"], found["judgment"]) == ("given", None)


@pytest.mark.parametrize(("source", "ask"), [("scores", score_forms), ("best_worst", best_worst_forms)])
def test_ask_writes_the_form_that_the_source_of_weights_needs(folder, capsys, source, ask, tmp_path) -> None:
    path = folder / "study.yaml"
    text = path.read_text("utf-8").replace("judgments: [judgments.csv]\n", "")
    path.write_text(text + f"weighting: {{source: {source}}}\n", "utf-8")
    printed(capsys, "ask", folder)
    study = Study(folder)
    expected = write_forms(ask(study.tree, study.experts, language="en"), tmp_path / "beside")
    written = sorted(one.name for one in (folder / "forms" / source).iterdir())
    assert written == sorted(one.path.name for one in expected)


def test_a_pair_is_told_the_same_way_round_in_both_columns(folder, capsys) -> None:
    (folder / "judgments.csv").write_text(
        "expert,group,a,b,value\n"
        "E1,small,profit,delay,3\nE1,small,profit,trust,3\nE1,small,delay,trust,1\n"
        "E2,small,profit,delay,2\nE2,small,profit,trust,7\nE2,small,delay,trust,1/3\n",
        "utf-8",
    )
    (line,) = [line for line in printed(capsys, "weigh", folder).splitlines() if " E2 " in line]
    assert "Trust : Delay = 3," in line
    assert "Trust : Delay 3 → 1/2 (CR" in line


def test_two_experts_who_cannot_be_tested_are_named(folder, capsys) -> None:
    """Two indicators are compared once: 2 and 1/2 contradict each other, and nothing else shows it."""
    tree = folder / "tree.yaml"
    head, _, rest = tree.read_text("utf-8").partition("    - id: trust")
    tree.write_text(head, "utf-8")
    answers = "expert,group,a,b,value\nE1,small,profit,delay,2\nE2,small,profit,delay,1/2\n"
    (folder / "judgments.csv").write_text(answers, "utf-8")
    assert rest
    assert invoke(["weigh", str(folder)]) == 0
    assert "SURE-104" in capsys.readouterr().err
