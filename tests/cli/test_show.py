"""`evaluator show`: a tree with its weights, for people and for programs."""

import json

import pytest

from evaluator.cli import invoke
from evaluator.tree import bundled, load_tree


@pytest.mark.parametrize("tree", bundled())
def test_every_tree_that_ships_is_shown_with_weights_that_sum_to_one(tree, capsys) -> None:
    assert invoke(["--language", "en", "show", tree, "--json"]) == 0
    nodes = json.loads(capsys.readouterr().out)["nodes"]
    leaves = [node for node in nodes if node["measure"]]
    assert len(leaves) == len(load_tree(tree).indicators)
    assert sum(node["global"] for node in leaves) == pytest.approx(1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_tree_is_shown_by_name_below_its_group(language, capsys) -> None:
    assert invoke(["--language", language, "show", "quick_value"]) == 0
    said = capsys.readouterr().out
    tree = load_tree("quick_value")
    for node in tree.nodes.values():
        assert node.name[language] in said
    assert "36.0%" in said  # 0.5396 of two thirds


def test_an_unknown_tree_is_refused_with_the_nearest(capsys) -> None:
    assert invoke(["--language", "en", "show", "quik_value"]) == 1
    assert "quick_value" in capsys.readouterr().err
