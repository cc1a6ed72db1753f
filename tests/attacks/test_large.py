"""Large and odd studies end in their result or in an issue; how long they take stands in docs/reliability.md."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from evaluator.demo.opinions import answer, judgments
from evaluator.errors import EvaluationError
from evaluator.forms import read_judgments, write_questionnaires
from evaluator.study import Study
from evaluator.tree import load_tree
from evaluator.weighing import weigh
from evaluator.weighing.panel import Expert

TREE = """
schema: 1
id: large
name: Large
status: custom
source: a test
weights_source: a test
grades: [{id: good, name: Good, score: 90, from: 60}, {id: poor, name: Poor, score: 30, from: 0}]
root:
  children:
"""
LEAF = (
    "        - {{id: {0}, name: Indicator {0}, measure: {0}, direction: benefit, weight: {1}, "
    "scale: {{kind: linear, worst: 0, best: 100}}}}\n"
)
STUDY = (
    "schema: 1\ntitle: Large\nlanguage: en\nas_of: 2026-01-01\ntree: tree.yaml\nweighting: {source: given}\n"
)
ANN = Expert("E1", name="Ann")


def made(folder: Path, groups: int, leaves: int, weight: str = "1") -> list[str]:
    """Write a tree and a study of it; returns the names of its measures."""
    names = [[f"m{group}x{leaf}" for leaf in range(leaves)] for group in range(groups)]
    text = "".join(
        f"    - id: g{group}\n      name: Criterion {group}\n      weight: {weight}\n      children:\n"
        + "".join(LEAF.format(name, weight) for name in own)
        for group, own in enumerate(names)
    )
    (folder / "tree.yaml").write_text(TREE + text, "utf-8")
    (folder / "study.yaml").write_text(STUDY + "tables: {measures: {file: measures.csv}}\n", "utf-8")
    return [name for own in names for name in own]


def test_a_tree_of_five_thousand_indicators_is_checked(tmp_path: Path) -> None:
    made(tmp_path, 100, 50)
    assert len(load_tree(tmp_path / "tree.yaml").indicators) == 5_000
    (tmp_path / "study.yaml").write_text(STUDY, "utf-8")
    study = Study(tmp_path)
    assert not [issue for issue in study.check() if issue.severity.value == "error"]
    assert {finding.node for finding in study.audit()} >= {f"g{group}" for group in range(100)}


def test_siblings_of_two_hundred_are_compared_with_each_other(tmp_path: Path) -> None:
    """Two of them go together, the gaps of a third are its own; every other pair is apart."""
    names = made(tmp_path, 1, 200)
    values = np.random.default_rng(4).permuted(np.tile(np.linspace(1, 99, 40), (200, 1)), axis=1).round(2)
    values[7] = values[3] + 0.25
    frame = pl.DataFrame(
        {"id": [f"c{n}" for n in range(40)]} | dict(zip(names, values.tolist(), strict=True))
    )
    frame = frame.with_columns(pl.when(pl.int_range(40) > 2).then(names[150]).alias(names[150]))
    frame.write_csv(tmp_path / "measures.csv")
    found = [one for one in Study(tmp_path).audit(data=True) if one.check == "correlated"]
    pairs = {(one.node, str(one.figures["other"]["en"])): one.figures for one in found}
    assert pairs["m0x3", "Indicator m0x7"] == {
        **pairs["m0x3", "Indicator m0x7"],
        "rho": "1.00",
        "customers": 40,
    }
    assert not [names for names in pairs if "m0x150" in names]


def test_fifteen_thousand_columns_hold_the_few_that_are_asked_for(tmp_path: Path) -> None:
    names = made(tmp_path, 2, 3)
    others = [f"other{n}" for n in range(15_000)]
    rows = "".join(f"c{n}," + ",".join(["7"] * (len(names) + len(others))) + "\n" for n in range(3))
    (tmp_path / "measures.csv").write_text(",".join(["id", *others, *names]) + "\n" + rows, "utf-8")
    study = Study(tmp_path)
    assert study.measured.frame.select(names).rows() == [(7.0,) * 6] * 3


def test_of_a_million_rows_the_broken_one_is_named(tmp_path: Path) -> None:
    """Found wherever it stands: the place, the row left out, all others kept."""
    names = made(tmp_path, 2, 1)
    frame = pl.DataFrame({"id": pl.int_range(1_000_000, eager=True).cast(pl.String)}).with_columns(
        (pl.int_range(1_000_000) % 97).cast(pl.String).alias(names[0]),
        pl.when(pl.int_range(1_000_000) == 765_432)
        .then(pl.lit("broken"))
        .otherwise(pl.lit("5"))
        .alias(names[1]),
    )
    frame.write_csv(tmp_path / "measures.csv")
    study = Study(tmp_path)
    (issue,) = [one for one in study.check(data=True) if one.code == "DATA-408"]
    assert (str(issue.where), issue.detail["count"]) == ("measures.csv:765434:3", 1)
    assert study.measured.frame[names[1]].null_count() == 1


def test_a_thousand_experts_are_weighed(folder: Path) -> None:
    rows = ["expert,group,a,b,value"]
    people = []
    for number in range(1_000):
        people.append(f"  - {{id: X{number}, name: Expert {number}}}")
        rows += [
            f"X{number},small,profit,delay,3",
            f"X{number},small,profit,trust,3",
            f"X{number},small,delay,trust,1",
        ]
    text = (folder / "study.yaml").read_text("utf-8")
    begun, end = text.index("  - {id: E1"), text.index("judgments:")
    (folder / "study.yaml").write_text(text[:begun] + "\n".join(people) + "\n" + text[end:], "utf-8")
    (folder / "judgments.csv").write_text("\n".join(rows) + "\n", "utf-8")
    weights = Study(folder).weights
    assert len(Study(folder).panel.experts) == 1_000
    assert weights.local["profit"] == pytest.approx(0.6)


def test_two_experts_of_one_name_have_a_file_each_and_stay_apart(folder: Path, tmp_path: Path) -> None:
    tree = load_tree(folder / "tree.yaml")
    people = [
        Expert("E1", name="王芳"),
        Expert("E2", name="王芳"),
        Expert("E3", name="a/b"),
        Expert("E4", name="A_B"),
    ]
    sent = write_questionnaires(tree, people, tmp_path / "sent", language="zh")
    assert len({one.path.name.casefold() for one in sent}) == 4
    for number, one in enumerate(sent):
        answered = judgments(np.random.default_rng(number), tree, [people[number]], convention="strict")
        answer(one.path, tree, answered, language="zh")
    panel = read_judgments(tmp_path / "sent", tree)
    assert [expert.id for expert in panel.experts] == ["E1", "E2", "E3", "E4"]
    assert {judgment.expert for judgment in panel.judgments} == {"E1", "E2", "E3", "E4"}


def test_a_questionnaire_of_an_older_tree_says_so(tmp_path: Path, folder: Path) -> None:
    tree = load_tree(folder / "tree.yaml")
    (sent,) = write_questionnaires(tree, [ANN], tmp_path / "sent", language="en")
    given = judgments(np.random.default_rng(1), tree, [ANN], convention="strict")
    answer(sent.path, tree, given, language="en")
    text = (folder / "tree.yaml").read_text("utf-8")
    more = (
        text[text.index("    - id: trust") : text.index("tests:")]
        .replace("trust", "care")
        .replace("Trust", "Care")
    )
    (folder / "tree.yaml").write_text(text[: text.index("tests:")] + more, "utf-8")
    panel = read_judgments(sent.path, load_tree(folder / "tree.yaml"))
    assert [(issue.code, str(issue.where)) for issue in panel.issues] == [("JUDGE-260", sent.path.name)]
    assert not panel.judgments


@pytest.mark.parametrize("weight", ["1.7e308", "1e13", "-1", ".nan", ".inf"])
def test_weights_that_nobody_means_are_refused_with_their_place(tmp_path: Path, weight: str) -> None:
    made(tmp_path, 2, 3, weight)
    with pytest.raises(EvaluationError) as raised:
        weigh(load_tree(tmp_path / "tree.yaml"))
    assert all(issue.where and issue.where.line for issue in raised.value.issues)


@pytest.mark.parametrize("weight", ["1e12", "1e-320"])
def test_the_largest_and_smallest_weights_there_are_add_up(tmp_path: Path, weight: str) -> None:
    leaves = made(tmp_path, 2, 3, weight)
    weights = weigh(load_tree(tmp_path / "tree.yaml"))
    assert [weights.global_[leaf] for leaf in leaves] == pytest.approx([1 / 6] * 6)
