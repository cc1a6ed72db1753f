"""Each pass changes what is stated and nothing else; what is wrong with all of them comes at once."""

from types import SimpleNamespace

import pytest
from small_trees import group, leaf, made

from evaluator.documents import parse
from evaluator.errors import EvaluationError
from evaluator.labels import Text
from evaluator.tree.passes import PASSES, Changes, changed
from evaluator.tree.types import Bonus, Linear, Profile, Profiles

STUDY = """\
scoring: {scales: {a: {kind: linear}}}
rules:
  - {id: gift, when: m_a > 1}
profiles:
  own:
    by: stage
    of: [{id: new, weights: {nowhere: 1}}]
"""
REASON = Text(zh="未通过筛选", en="screened out")
OWN = Linear(kind="linear", worst=0, best=50)


def two_groups() -> SimpleNamespace:
    return made(group("one", leaf("a"), leaf("b")), group("two", leaf("c")))


def bonus(when: str) -> Bonus:
    named = {"id": "gift", "name": "gift", "reason": "law", "when": when}
    return Bonus.model_validate({**named, "kind": "bonus", "points": 3.0})


@pytest.mark.parametrize("one", PASSES)
def test_a_pass_leaves_a_tree_alone_where_nothing_is_stated(one) -> None:
    tree = two_groups()
    assert one(tree, Changes()) == (tree, ())


def test_the_changes_of_all_passes_are_in_place_together() -> None:
    tree = two_groups()
    after = changed(tree, Changes(scales={"a": OWN}, rules=(bonus("m_a > 1"),), profiles="off",
                                  bounds=(70.0, 50.0, 0.0), dropped={"c": REASON}))  # fmt: skip
    assert after.nodes["a"].scale == OWN
    assert [rule.id for rule in after.rules] == ["gift"]
    assert [grade.from_ for grade in after.grades] == [70.0, 50.0, 0.0]
    assert list(after.nodes) == ["value", "one", "a", "b"]
    assert [(entry.id, entry.reason) for entry in after.dropped] == [("c", REASON)]
    assert tree == two_groups()


def test_what_is_wrong_comes_at_once_with_its_place_in_the_study() -> None:
    named = {"id": "new", "name": "new", "values": ("new",), "weights": {"nowhere": 1.0}}
    own = Profiles(by="stage", source=REASON, of=(Profile.model_validate(named),))
    wrong = Changes(
        scales={"a": Linear(kind="linear", worst=9, best=1)},
        rules=(bonus("m_zz > 1"),),
        profiles=own,
        document=parse(STUDY, "study.yaml"),
    )
    with pytest.raises(EvaluationError) as caught:
        changed(two_groups(), wrong)
    places = [(issue.code, issue.where.file, issue.where.line) for issue in caught.value.issues]
    assert places == [
        ("TREE-104", "study.yaml", 1),
        ("DOC-122", "study.yaml", 3),
        ("TREE-151", "study.yaml", 7),
    ]
