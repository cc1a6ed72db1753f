"""Weights saved with their evidence and read back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluator.errors import EvaluationError
from evaluator.tree import Group, Tree, load_tree
from evaluator.weighing import Panel, Weights, load_weights, save_weights, weigh

ANSWERS = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (1, 2, 4, 2, 4, 2), "two": (3,)}


def with_root(tree: Tree, root: Group) -> Tree:
    return Tree.model_validate({**tree.model_dump(by_alias=True), "root": root.model_dump(by_alias=True)})


@pytest.fixture
def weights(tree: Tree, answered: Callable[..., Panel]) -> Weights:
    """Weights with every kind of evidence: blanks, a contradiction, not testable."""
    li = {**ANSWERS, "four": (1, 2, None, 2, 4, 2)}
    wu = {**ANSWERS, "three": (9, 1 / 9, 9)}
    return weigh(tree, answered({"li": li, "wu": wu}, {"li": 2.5, "wu": 1.0}), convention="cn")


def test_what_was_saved_is_read_back_to_the_last_digit(tree: Tree, weights: Weights, tmp_path: Path) -> None:
    """Evidence included: NaN figures, blanks, issues with their places."""
    path = tmp_path / "权重.json"
    save_weights(weights, path)
    again = load_weights(path, tree)
    assert repr(again) == repr(weights)
    assert any(issue.where for issue in again.issues)


def test_the_old_name_of_the_convention_is_read(tree: Tree, weights: Weights, tmp_path: Path) -> None:
    """`convention` was called `profile` once; files say `convention`."""
    path = tmp_path / "weights.json"
    save_weights(weights, path)
    text = path.read_text("utf-8")
    assert text.count('"convention"') == 1
    path.write_text(text.replace('"convention"', '"profile"'), "utf-8")
    assert repr(load_weights(path, tree)) == repr(weights)


def test_given_weights_are_read_back(tmp_path: Path) -> None:
    weights = weigh(load_tree("current_value"))
    save_weights(weights, tmp_path / "weights.json")
    assert load_weights(tmp_path / "weights.json", weights.tree) == weights


def test_the_file_is_plain_json(weights: Weights, tmp_path: Path) -> None:
    """No NaN, which no other reader of JSON takes; what cannot be had is null."""

    def refuse(name: str) -> None:
        raise AssertionError(name)

    save_weights(weights, tmp_path / "weights.json")
    content = json.loads((tmp_path / "weights.json").read_text("utf-8"), parse_constant=refuse)
    two = next(group for group in content["groups"] if group["group"] == "two")
    assert two["joint"]["cr"] is None
    assert two["joint"]["verdict"] == "not_testable"


def test_another_order_of_children_changes_nothing(tree: Tree, weights: Weights, tmp_path: Path) -> None:
    save_weights(weights, tmp_path / "weights.json")
    turned = with_root(tree, tree.root.model_copy(update={"children": tree.root.children[::-1]}))
    assert turned.groups != tree.groups
    assert load_weights(tmp_path / "weights.json", turned).global_ == weights.global_


def test_a_tree_with_other_children_is_refused_by_naming_the_groups(
    tree: Tree, weights: Weights, tmp_path: Path
) -> None:
    save_weights(weights, tmp_path / "weights.json")
    other = with_root(tree, tree.root.children[0])
    with pytest.raises(EvaluationError) as caught:
        load_weights(tmp_path / "weights.json", other)
    found = [(issue.code, issue.subject) for issue in caught.value.issues]
    assert found == [("WEIGH-515", name) for name in ("root", "four", "two", "one")]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 2}', '{"schema": 1, "tree": "x"}'])
def test_what_is_no_weights_file_is_refused(tree: Tree, tmp_path: Path, text: str) -> None:
    path = tmp_path / "weights.json"
    path.write_text(text, "utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_weights(path, tree)
    (issue,) = caught.value.issues
    assert (issue.code, issue.where.file) == ("WEIGH-514", str(path))


@pytest.mark.parametrize("local", [[0.6, 0.3, 0.2], [0.6, 0.4], [0.6, 0.3, None]])
def test_weights_that_were_edited_until_they_miss_1_are_refused(
    tree: Tree, weights: Weights, tmp_path: Path, local: list[float]
) -> None:
    path = tmp_path / "weights.json"
    save_weights(weights, path)
    content = json.loads(path.read_text("utf-8"))
    content["groups"][1]["local"] = local
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_weights(path, tree)
    assert {issue.code for issue in caught.value.issues} == {"WEIGH-514"}


def test_a_file_that_is_not_there_is_named(tree: Tree, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError) as caught:
        load_weights(tmp_path / "weights.json", tree)
    assert [issue.code for issue in caught.value.issues] == ["DOC-002"]
