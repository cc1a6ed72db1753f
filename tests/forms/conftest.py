"""A small tree to ask about, and a hand that fills in questionnaires."""

import shutil

import pytest

from evaluator.forms import write_questionnaires
from evaluator.tree import Tree, load_tree
from evaluator.weighing.panel import Expert

TREE = """
schema: 1
id: small
name: {zh: 客户价值, en: Customer value}
status: custom
source: a test
grades:
  - {id: good, name: {zh: 好, en: Good}, score: 90, from: 60}
  - {id: poor, name: {zh: 差, en: Poor}, score: 30, from: 0}
root:
  children:
    - id: now
      name: {zh: 当前价值, en: Current value}
      definition: {zh: 今天的贡献, en: What it brings today}
      children:
        - &LEAF profit 毛利润 Profit
        - &LEAF volume 购买量 Volume
        - &LEAF rhythm 购买频率 Rhythm
    - id: later
      name: {zh: 潜在价值, en: Potential value}
      children:
        - &LEAF growth 成长性 Growth
        - &LEAF word 口碑 Word of mouth
    - &LEAF risk 信用 Credit
"""


def tree_text(text=TREE):
    """Write out the leaves, which are all alike."""
    lines = []
    for line in text.splitlines():
        start, mark, leaf = line.partition("&LEAF ")
        if mark:
            key, zh, en = leaf.split(" ", 2)
            line = (
                f"{start}{{id: {key}, name: {{zh: '{zh}', en: '{en}'}}, measure: {key}, "
                "direction: benefit, scale: {kind: linear, worst: 0, best: 1}}"
            )
        lines.append(line)
    return "\n".join(lines)


@pytest.fixture(scope="session")
def make_tree(tmp_path_factory):
    """Load the small tree, after replacements in its text."""

    def make(*replacements):
        text = TREE
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path_factory.mktemp("trees") / "small.yaml"
        path.write_text(tree_text(text), encoding="utf-8")
        return load_tree(path)

    return make


@pytest.fixture(scope="session")
def tree(make_tree):
    return make_tree()


@pytest.fixture(scope="session")
def rooted(tree):
    """Return the small tree with other children of its root."""

    def make(choose):
        data = tree.model_dump(by_alias=True)
        data["root"]["children"] = tuple(choose(list(data["root"]["children"])))
        return Tree.model_validate(data)

    return make


@pytest.fixture
def experts():
    return [Expert("e1", "张三", "市场总监", 2.0), Expert("e2", "李四")]


@pytest.fixture
def asked(tree, experts, tmp_path):
    """The questionnaires of two experts, in Chinese."""
    return [written.path for written in write_questionnaires(tree, experts, tmp_path / "问卷")]


@pytest.fixture(scope="session")
def pairs_of(tree):
    """Every pair of the small tree, in the order of the questionnaire."""
    return [
        (a.id, b.id)
        for group in tree.groups
        for i, a in enumerate(group.children)
        for b in group.children[i + 1 :]
    ]


@pytest.fixture(scope="session")
def recalculated(converted, tmp_path_factory):
    """Return workbooks as LibreOffice computes them anew, whatever values they come with."""

    def run(paths):
        folder = tmp_path_factory.mktemp("recalculated")
        return converted(
            [shutil.copy(path, folder / f"{number}.xlsx") for number, path in enumerate(paths)],
            folder / "out",
        )

    return run
