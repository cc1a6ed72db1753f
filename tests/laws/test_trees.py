"""What must hold for every tree: it survives being written, and its scales go where their direction says."""

from pathlib import Path
from tempfile import TemporaryDirectory

import goldens
import narwhals as nw
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tree_strategies import trees

from evaluator.documents import Document
from evaluator.errors import Severity
from evaluator.scoring.scales import scored
from evaluator.tree import Tree, bundled, dump_tree, group_fingerprint, load_tree, tree_fingerprint
from evaluator.tree.checks import check
from evaluator.tree.shapes import Basis, Distribution, Moments

LAWFUL = settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate))
MEASURES = [x / 3 for x in range(-150, 400)]
POPULATION = (
    Distribution(knots=((0, 0.1), (40, 0.5), (90, 0.9)), count=9),
    Moments(mean=40, deviation=20, count=9),
)


@LAWFUL
@given(trees())
def test_the_trees_drawn_are_sound(tree: Tree) -> None:
    issues = check(tree, Document("tree.yaml", None, {}))
    assert [issue for issue in issues if issue.severity is Severity.ERROR] == []


@LAWFUL
@given(trees())
def test_yaml_to_tree_to_yaml_keeps_the_tree_and_its_fingerprints(tree: Tree) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tree.yaml"
        path.write_text(dump_tree(tree), "utf-8")
        again = load_tree(path)
    assert again == tree
    assert tree_fingerprint(again) == tree_fingerprint(tree)
    assert [group_fingerprint(g) for g in again.groups] == [group_fingerprint(g) for g in tree.groups]


@LAWFUL
@given(trees(), st.floats(-50, 50), st.floats(1, 500))
def test_a_scale_goes_the_way_of_its_direction_within_the_range(tree: Tree, low: float, width: float) -> None:
    basis = Basis(low, low + width, *POPULATION, tree.grades)
    frame = nw.from_native(pl.DataFrame({"x": MEASURES}))
    for leaf in tree.indicators:
        fixed = leaf.scale.kind in ("piecewise", "step", "efficacy")  # these state scores of their own
        scale = scored(leaf.scale, nw.col("x"), Basis(0, 100, *POPULATION, tree.grades) if fixed else basis)
        scores = frame.select(scale.score.alias("s"))["s"].to_list()
        rises, falls = scores == sorted(scores), scores == sorted(scores, reverse=True)
        assert (rises, falls) == (leaf.direction == "benefit", leaf.direction == "cost")
        ends = (0, 100) if fixed else (basis.low, basis.high)
        assert ends[0] - 1e-9 <= min(scores) < max(scores) <= ends[1] + 1e-9


def shipped() -> dict[str, str]:
    made = {}
    for name in bundled():
        tree = load_tree(name)
        groups = (f"{group.id}: {group_fingerprint(group)}" for group in tree.groups)
        lines = [tree_fingerprint(tree), *groups]
        made[f"{name}.txt"] = "\n".join(lines) + "\n"
    return made


@pytest.fixture(scope="module")
def fingerprints() -> dict[str, str]:
    return shipped()


def test_every_shipped_tree_has_its_fingerprints_listed(fingerprints: dict[str, str]) -> None:
    goldens.agree("fingerprints", fingerprints)


@pytest.mark.parametrize("name", goldens.names("fingerprints"))
def test_the_fingerprints_of_shipped_trees_stay(name: str, fingerprints: dict[str, str]) -> None:
    """Answers and models rest on them: a new word of the tree leaves trees without it as they were."""
    assert fingerprints[name] == (goldens.FOLDER / "fingerprints" / name).read_text("utf-8")
