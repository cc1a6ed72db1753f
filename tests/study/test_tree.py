"""A study's own rules, attributes and weight profiles, from its files to results and reports."""

import json
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from evaluator.analysis import explain
from evaluator.cli import invoke
from evaluator.demo.opinions import answer
from evaluator.errors import EvaluationError
from evaluator.study import Study
from evaluator.weighing.panel import Judgment
from evaluator.workbook.reader import read_workbook

RULES = """
attributes:
  - {id: region, name: {zh: 地区, en: Region}, kind: text}
rules:
  - {id: far, kind: gate, name: Far, when: "region == 'north'", reason: a test}
  - {id: kind_word, kind: bonus, name: Word, when: trust >= 5, points: 4, reason: a test}
  - {id: slow, kind: grade_cap, name: Slow, when: delay > 20, grade: poor, reason: a test}
"""
PROFILES = """
profiles:
  weights: {weights}
  own:
    by: region
    source: a test
    of:
      - {{id: coast, name: Coast, values: [east, south], weights: {{profit: 1, delay: 1, trust: 2}}}}
"""
MEASURES = (
    "id,profit,delay,trust,region\n001,50,10,3,north\n002,100,0,5,east\n003,20,30,5,\n004,90,30,1,west\n"
)


@pytest.fixture
def study(folder: Path) -> Path:
    (folder / "measures.csv").write_text(MEASURES, "utf-8")
    return folder


def stating(folder: Path, text: str) -> Path:
    path = folder / "study.yaml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    return folder


def codes(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(EvaluationError) as raised:
        Study(folder).run()
    return [(issue.code, str(issue.where)) for issue in raised.value.issues]


def test_a_studys_own_rules_act_on_its_own_attributes(study: Path) -> None:
    evaluation = Study(stating(study, RULES)).run()
    rows = {row["id"]: row for row in evaluation.results.iter_rows(named=True)}
    assert (rows["001"]["status"], rows["001"]["reason"]) == ("excluded", "far")
    assert (rows["002"]["score"], rows["002"]["rule_kind_word"]) == (pytest.approx(100), "hit")
    assert rows["003"]["score"] == pytest.approx(rows["003"]["unadjusted_score"] + 4)
    assert (rows["004"]["unadjusted_score"], rows["004"]["grade"]) == (pytest.approx(62), "poor")
    assert [i.detail["count"] for i in evaluation.issues if i.code == "SCORE-663"] == [1]
    assert evaluation.tree.tests == ()


def test_the_place_of_a_bad_rule_is_that_in_the_study(study: Path) -> None:
    where = codes(stating(study, RULES.replace("delay > 20", "dely > 20")))
    assert [code for code, _ in where] == ["DOC-122"]
    assert where[0][1].endswith("study.yaml:18:45")


def test_an_attribute_nothing_gives_is_a_warning_and_its_rule_unknown(study: Path) -> None:
    (study / "measures.csv").write_text(MEASURES.replace("region", "area"), "utf-8")
    evaluation = Study(stating(study, RULES)).run()
    assert [i.subject for i in evaluation.issues if i.code == "DATA-470"] == ["region"]
    assert set(evaluation.results["rule_far"]) == {"unknown"}


def test_profiles_are_off_unless_the_study_switches_them_on(study: Path) -> None:
    stating(study, PROFILES.format(weights="off"))
    assert "profile" not in Study(study).run().results.columns


def test_stated_shares_score_each_customer_under_its_own_profile(study: Path) -> None:
    evaluation = Study(stating(study, PROFILES.format(weights="stated"))).run()
    rows = {row["id"]: row for row in evaluation.results.iter_rows(named=True)}
    assert {name: row["profile"] for name, row in rows.items()} == {
        "001": "default",
        "002": "coast",
        "003": "default",
        "004": "default",
    }
    assert evaluation.profiles["coast"].local == pytest.approx(
        {"small": 1, "profit": 0.25, "delay": 0.25, "trust": 0.5}
    )
    (issue,) = [issue for issue in evaluation.issues if issue.code == "SCORE-662"]
    assert issue.detail == {"count": 3, "values": "north, west, –"}


def test_experts_are_asked_for_each_profile_and_their_answers_weigh_it(study: Path) -> None:
    opened = Study(stating(study, PROFILES.format(weights="experts")))
    for written in opened.ask("pairwise"):
        pairs = (("profit", "delay", "1"), ("profit", "trust", "1/3"), ("delay", "trust", "1/3"))
        given = [
            Judgment(written.expert.id, "small", a, b, float(Fraction(said)), said) for a, b, said in pairs
        ]
        if written.path.parent.name == "coast":
            answer(written.path, opened.tree, given, language="en")
    asked = sorted((study / "forms" / "profiles" / "coast").iterdir())
    assert [path.suffix for path in asked] == [".xlsx", ".xlsx"]
    evaluation = Study(study).run()
    local = evaluation.profiles["coast"].local
    assert local == pytest.approx({"small": 1, "profit": 0.2, "delay": 0.2, "trust": 0.6})
    assert evaluation.weights.local["profit"] == pytest.approx(0.6)
    assert [group.experts[0].expert for group in evaluation.profiles["coast"].groups] == ["E1"]
    found = explain(evaluation.model, evaluation.measured.frame, "002")
    assert {part.indicator: part.weight for part in found.contributions}["trust"] == pytest.approx(0.6)


@pytest.mark.parametrize("carrier", ["page", "wjx"])
def test_questionnaires_of_profiles_are_workbooks_whatever_the_others_are_and_say_so(
    study: Path, carrier: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Codes could not tell apart two profiles that ask the same comparisons."""
    stating(study, PROFILES.format(weights="experts"))
    assert invoke(["ask", str(study), "--carrier", carrier]) == 0
    [first, second] = sorted((study / "forms" / "profiles" / "coast").iterdir())
    assert (first.suffix, second.suffix) == (".xlsx", ".xlsx")
    assert str(read_workbook(first).sheets[0].value(0, 1)).endswith(" · Coast")
    told = capsys.readouterr().out
    assert "weight profiles are workbooks" in told
    assert str(study / "forms" / "profiles") in told.replace("\n", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("profiles: on\n", "STUDY-340"),
        (PROFILES.format(weights="experts") + "weighting: {source: given}\n", "STUDY-341"),
        (PROFILES.format(weights="stated").replace("trust: 2", "trst: 2"), "TREE-151"),
        ("profiles: maybe\n", "DOC-104"),
    ],
)
def test_profiles_that_cannot_be_are_refused_at_their_place(study: Path, text: str, expected: str) -> None:
    found = codes(stating(study, text))
    assert expected in [code for code, _ in found]
    assert all("study.yaml:" in where for _, where in found)


@pytest.mark.parametrize("source", ["given", "scores", "best_worst"])
def test_experts_weigh_profiles_only_where_they_compare_the_tree_in_pairs(study: Path, source: str) -> None:
    stating(study, PROFILES.format(weights="experts") + f"weighting: {{source: {source}}}\n")
    with pytest.raises(EvaluationError) as caught:
        _ = Study(study).profile_weights
    assert [issue.code for issue in caught.value.issues] == ["STUDY-341"]


def test_explain_tells_gates_hits_and_profiles(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stating(study, RULES + PROFILES.format(weights="stated"))
    assert invoke(["explain", str(study), "002", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["profile"], told["adjustment"]) == ("coast", pytest.approx(0, abs=1e-9))
    assert [(r["rule"], r["outcome"], r["points"]) for r in told["rules"]] == [
        ("far", "no", 0),
        ("kind_word", "hit", 4),
        ("slow", "no", 0),
    ]
    for customer in ("001", "003"):
        assert invoke(["explain", str(study), customer]) == 0
    out = capsys.readouterr().out
    assert "Far" in out
    assert "Word" in out


def test_the_results_tell_rules_and_profile_of_everybody(study: Path) -> None:
    opened = Study(stating(study, RULES + PROFILES.format(weights="stated")))
    saved = pl.read_csv(opened.save_scores(), schema_overrides={"id": pl.String})
    assert {"unadjusted_score", "rule_far", "rule_kind_word", "rule_slow", "profile"} <= set(saved.columns)
