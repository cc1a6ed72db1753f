"""`evaluator revise` adds to the record of revisions and leaves every answer as it was given."""

import json
from pathlib import Path

import pytest
import yaml

from evaluator.cli.program import invoke
from evaluator.study import Study

AGREED = ["--author", "Zhang", "--reason", "saw it", "--date", "2026-01-05"]


def revise(folder: Path, expert: str, pair: str, answer: str, *more: str) -> int:
    options = ["--expert", expert, "--pair", pair, "--answer", answer, *AGREED, *more]
    return invoke(["--language", "en", "revise", str(folder), *options])


def test_a_revision_counts_and_the_answers_stay(folder: Path, capsys) -> None:
    answers, before = (folder / "judgments.csv").read_bytes(), Study(folder).weights.local["profit"]
    assert revise(folder, "Ann", "trust:profit", "1/5") == 0
    assert (folder / "judgments.csv").read_bytes() == answers
    written = yaml.safe_load((folder / "revisions.yaml").read_text("utf-8"))
    (entry,) = written["revisions"]
    assert entry == {
        "expert": "E1", "group": "small", "a": "trust", "b": "profit", "before": pytest.approx(1 / 3),
        "after": 0.2, "author": "Zhang", "date": "2026-01-05", "reason": "saw it",
    }  # fmt: skip
    assert (folder / "study.yaml").read_text("utf-8").endswith("\nrevisions: revisions.yaml\n")
    study = Study(folder)
    assert study.weights.local["profit"] > before
    assert "WEIGH-521" in [issue.code for issue in study.panel.issues]


def test_a_second_revision_follows_the_first(folder: Path, capsys) -> None:
    assert revise(folder, "E1", "profit:trust", "5") == 0
    capsys.readouterr()
    assert revise(folder, "E1", "trust：profit", "1/4", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["revision"]["before"] == pytest.approx(0.2)
    assert told["after"]["verdict"] in ("consistent", "inconsistent")
    assert len(Study(folder).revisions) == 2
    assert (folder / "study.yaml").read_text("utf-8").count("revisions:") == 1


def test_a_revision_may_be_what_lets_answers_be_weighed(folder: Path, capsys) -> None:
    """A study that stops at a contradiction has no weights before it, and none is made up."""
    table, path = folder / "judgments.csv", folder / "study.yaml"
    table.write_text(
        table.read_text("utf-8").replace("E1,small,delay,trust,1", "E1,small,delay,trust,9"), "utf-8"
    )
    path.write_text(path.read_text("utf-8") + "weighting: {inconsistent: stop}\n", "utf-8")
    assert revise(folder, "E1", "delay:trust", "1", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["before"] is None
    assert told["after"]["verdict"] == "consistent"
    assert Study(folder).weights.groups


@pytest.mark.parametrize(
    ("expert", "pair", "answer", "code"),
    [
        ("E3", "profit:trust", "3", "WEIGH-527"),
        ("E1", "profit:turst", "3", "WEIGH-528"),
        ("E1", "profit:profit", "3", "WEIGH-528"),
        ("E1", "profit:small", "3", "WEIGH-528"),
        ("E1", "profit:trust", "much", "JUDGE-201"),
        ("E1", "profit:trust", "12", "JUDGE-202"),
        ("E1", "profit:trust", "", "JUDGE-201"),
    ],
)
def test_what_cannot_be_revised_changes_nothing(folder, capsys, expert, pair, answer, code) -> None:
    study = (folder / "study.yaml").read_bytes()
    assert revise(folder, expert, pair, answer) == 1
    assert code in capsys.readouterr().err
    assert not (folder / "revisions.yaml").exists()
    assert (folder / "study.yaml").read_bytes() == study


def test_an_answer_that_was_never_given_is_not_revised(folder: Path, capsys) -> None:
    answers = (folder / "judgments.csv").read_text("utf-8").replace("E1,small,delay,trust,1\n", "")
    (folder / "judgments.csv").write_text(answers, "utf-8")
    assert revise(folder, "E1", "delay:trust", "3") == 1
    assert "WEIGH-529" in capsys.readouterr().err


def test_given_weights_have_no_answers(folder: Path, capsys) -> None:
    text = (folder / "study.yaml").read_text("utf-8")
    (folder / "study.yaml").write_text(f"{text}weighting: {{source: given}}\n", "utf-8")
    assert revise(folder, "E1", "profit:trust", "3") == 1
    assert "WEIGH-526" in capsys.readouterr().err


def test_a_pair_needs_two_ids(folder: Path, capsys) -> None:
    assert revise(folder, "E1", "profit", "3") == 2
