"""Loading trees: includes in their place, every problem of a phase at once, with its line."""

import json

import jsonschema
import pytest

from evaluator.documents import load
from evaluator.errors import EvaluationError
from evaluator.tree import bundled, dump_tree, group_fingerprint, load_tree, tree_fingerprint
from evaluator.tree.loader import find
from evaluator.tree.schema import tree_schema

HEAD = """\
schema: 1
id: {id}
name: {{zh: 树, en: Tree}}
status: custom
source: a test
weights_source: an illustration
grades:
  - {{id: good, name: 好, score: 90, from: 60}}
  - {{id: poor, name: 差, score: 40, from: 0}}
"""
LEAF = "{{id: {id}, name: {id}, measure: {id}, direction: benefit, weight: {weight}, scale: {scale}}}"
LINEAR = "{kind: linear, worst: 0, best: 100}"


def leaf(name: str, weight: int = 1, scale: str = LINEAR) -> str:
    return LEAF.format(id=name, weight=weight, scale=scale)


def write(folder, name: str, body: str):
    path = folder / f"{name}.yaml"
    path.write_text(HEAD.format(id=name) + body, "utf-8")
    return path


def problems(path) -> set[tuple[str, int | None]]:
    with pytest.raises(EvaluationError) as caught:
        load_tree(path)
    return {(issue.code, issue.where.line) for issue in caught.value.issues}


def test_an_included_tree_stands_in_its_place(tmp_path) -> None:
    write(tmp_path, "inner", f"root:\n  axis: deep\n  children:\n    - {leaf('a')}\n    - {leaf('b')}\n")
    body = f"root:\n  children:\n    - {{include: inner, weight: 3}}\n    - {leaf('c', 1)}\n"
    tree = load_tree(write(tmp_path, "outer", body))
    assert [group.id for group in tree.groups] == ["outer", "inner"]
    assert [node.id for node in tree.indicators] == ["a", "b", "c"]
    assert tree.nodes["inner"].weight == 3
    assert tree.axes["deep"].id == "inner"
    assert tree.path("a") == ("outer", "inner", "a")
    assert tree.pairs == 2


def test_a_problem_inside_an_included_tree_names_that_file(tmp_path) -> None:
    write(tmp_path, "inner", "root:\n  children:\n    - {id: a, wieght: 3}\n")
    outer = write(tmp_path, "outer", "root:\n  children:\n    - {include: inner, weight: 3}\n")
    with pytest.raises(EvaluationError) as caught:
        load_tree(outer)
    unknown = next(issue for issue in caught.value.issues if issue.code == "DOC-101")
    assert unknown.where.file.endswith("inner.yaml")
    assert unknown.where.line == 12
    assert unknown.hint[0] == "weight"


@pytest.mark.parametrize("include", ["missing_tree", "./missing.yaml"])
def test_a_missing_include_is_named(tmp_path, include) -> None:
    path = write(tmp_path, "outer", f"root:\n  children:\n    - {{include: {include}, weight: 3}}\n")
    assert {code for code, _ in problems(path)} <= {"TREE-101", "DOC-002"}


def test_a_tree_cannot_include_itself(tmp_path) -> None:
    write(tmp_path, "a", "root:\n  children:\n    - {include: b}\n")
    path = write(tmp_path, "b", "root:\n  children:\n    - {include: a}\n")
    assert problems(path) == {("TREE-102", 12)}


def test_an_unknown_tree_comes_with_the_nearest_name() -> None:
    with pytest.raises(EvaluationError) as caught:
        find("curent_value")
    assert (caught.value.issues[0].code, caught.value.issues[0].hint[0]) == ("TREE-101", "current_value")


@pytest.mark.parametrize("name", bundled())
def test_yaml_to_tree_to_yaml_keeps_the_fingerprints(name, tmp_path) -> None:
    tree = load_tree(name)
    (tmp_path / f"{name}.yaml").write_text(dump_tree(tree), "utf-8")
    again = load_tree(tmp_path / f"{name}.yaml")
    assert tree_fingerprint(again) == tree_fingerprint(tree)
    assert again == tree


def as_json(name: str):
    """A tree file as an editor sees it."""
    return json.loads(json.dumps(load(find(name)).data))


@pytest.fixture(scope="module")
def for_editors():
    """What validates by the schema for editors, which is a schema itself."""
    schema = tree_schema()
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@pytest.mark.parametrize("name", bundled())
def test_bundled_trees_satisfy_the_schema_for_editors(name, for_editors) -> None:
    for_editors.validate(as_json(name))


def test_the_schema_for_editors_refuses_what_the_loader_refuses(for_editors) -> None:
    data = as_json(bundled()[0])
    data["root"]["children"][0]["wieght"] = 3
    with pytest.raises(jsonschema.ValidationError):
        for_editors.validate(data)


def test_a_group_fingerprint_outlives_labels_scales_and_order(tmp_path) -> None:
    one = load_tree(write(tmp_path, "t", f"root:\n  children: [{leaf('a')}, {leaf('b', 2)}]\n"))
    two = load_tree(
        write(
            tmp_path,
            "t",
            f"root:\n  children: [{leaf('b', 7, '{kind: linear, worst: 1, best: 9}')}, {leaf('a')}]\n",
        )
    )
    three = load_tree(write(tmp_path, "t", f"root:\n  children: [{leaf('a')}, {leaf('c', 2)}]\n"))
    assert group_fingerprint(one.root) == group_fingerprint(two.root) != group_fingerprint(three.root)
    assert tree_fingerprint(one) != tree_fingerprint(two)
