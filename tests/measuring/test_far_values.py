"""A slip of the hand makes a leader of anybody: values far beyond their scale are named."""

import polars as pl
import pytest

from evaluator.measuring import measured
from evaluator.tree import load_tree

TREE = """
schema: 1
id: gym
name: {zh: 健身房, en: Gym}
status: custom
source: a test
weights_source: a test
grades:
  - {id: good, name: {zh: 好, en: Good}, score: 90, from: 60}
  - {id: poor, name: {zh: 差, en: Poor}, score: 40, from: 0}
root:
  children:
    - {id: fees, name: {zh: 会费, en: Fees}, measure: fees, direction: benefit, weight: 1,
       scale: {kind: linear, worst: 100, best: 1000}}
    - {id: late, name: {zh: 拖欠, en: Late share}, measure: late, direction: cost, weight: 1,
       scale: {kind: linear, worst: 1, best: 0}}
"""


@pytest.mark.parametrize(
    ("fees", "late", "said"),
    [
        ([500.0, 1900.0, -800.0], [0.1, 2.0, None], {}),  # within a width of the scale on either side
        ([500.0, 7200.0, 800.0], [0.1, 0.2, None], {"fees": "B: 7200"}),
        ([500.0, 700.0, -801.0], [12.0, -5.0, None], {"fees": "C: -801", "late": "A: 12, B: -5"}),
    ],
)
def test_values_far_beyond_their_scale_are_named(tmp_path, fees, late, said) -> None:
    (tmp_path / "tree.yaml").write_text(TREE, "utf-8")
    table = pl.DataFrame({"id": ["A", "B", "C"], "fees": fees, "late": late})
    found = measured({"measures": table}, load_tree(tmp_path / "tree.yaml"))
    told = [
        (issue.subject.name["en"], issue.detail["examples"])
        for issue in found.issues
        if issue.code == "DATA-545"
    ]
    names = {"fees": "Fees", "late": "Late share"}
    assert told == [(names[key], examples) for key, examples in said.items()]


@pytest.mark.parametrize(("worst", "best", "told"), [(1, 5, ["B: 6"]), (1, 6, []), (1, 5.5, [])])
def test_no_answer_lies_beyond_the_scale_it_was_asked_on(tmp_path, worst, best, told) -> None:
    stated = TREE.replace("worst: 100, best: 1000", f"worst: {worst}, best: {best}")
    (tmp_path / "tree.yaml").write_text(stated, "utf-8")
    table = pl.DataFrame({"id": ["A", "B", "C"], "fees": [5.0, 6.0, 1.0], "late": [0.1, 0.2, None]})
    found = measured({"measures": table}, load_tree(tmp_path / "tree.yaml"))
    assert [issue.detail["examples"] for issue in found.issues if issue.code == "DATA-545"] == told
