"""The trees that ship with the package: complete, within their limits, and right by another's arithmetic."""

import runpy
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from evaluator.customers import MEASURES
from evaluator.scoring import run_examples
from evaluator.tree import (
    Group,
    Indicator,
    Tree,
    bundled,
    dump_tree,
    group_fingerprint,
    load_tree,
    load_with_positions,
    tree_fingerprint,
)
from evaluator.tree.checks import check
from evaluator.tree.types import Example, Graded, Lookup, Percentile, Piecewise, Step, Trapezoid

TREES = bundled()
DOCS = Path(__file__).parents[2] / "docs"
FROM_ORDERS = set(MEASURES.names())


@pytest.fixture(params=TREES)
def tree(request: pytest.FixtureRequest) -> Tree:
    return load_tree(request.param)


def plain_score(leaf: Indicator, example: Example) -> float:
    """Score one leaf by NumPy's own interpolation, without the package's scales."""
    value = example.measures.get(leaf.measure)
    scale = leaf.scale
    if isinstance(scale, Lookup):
        return scale.scores[value] if value is not None else np.nan
    if value is None:
        return np.nan
    if isinstance(scale, Piecewise):
        return float(np.interp(value, *np.transpose(scale.points)))
    if isinstance(scale, Step):
        reached = [score for bound, score in scale.steps if value >= bound]
        return reached[-1] if reached else scale.below
    if isinstance(scale, Trapezoid):
        return float(np.interp(value, scale.points, [0, 100, 100, 0]))
    if isinstance(scale, Percentile):
        others = np.array(example.population[leaf.measure])
        known = np.unique(others)
        below = [np.mean(others < x) + np.mean(others == x) / 2 for x in known]
        share = float(np.interp(value, known, below))
        return 100 * (share if scale.best == "high" else 1 - share)
    if isinstance(scale, Graded):
        return float(value)
    return float(np.clip((value - scale.worst) / (scale.best - scale.worst), 0, 1) * 100)


def plain_scores(node: Group | Indicator, example: Example, found: dict[str, float]) -> float:
    """Score a branch: the weighted mean of what is there below it."""
    if isinstance(node, Indicator):
        found[node.id] = plain_score(node, example)
    else:
        below = np.array([plain_scores(child, example, found) for child in node.children])
        weights = np.array([child.weight for child in node.children], dtype=float)
        there = ~np.isnan(below)
        share = weights * there / (weights @ there) if there.any() else np.full(len(below), np.nan)
        found[node.id] = float(share @ np.where(there, below, 0))
    return found[node.id]


def test_every_example_holds_by_an_independent_calculation(tree: Tree) -> None:
    assert len(tree.tests) >= 2
    for example in tree.tests:
        found: dict[str, float] = {}
        plain_scores(tree.root, example, found)
        stated = example.expect.groups | {tree.root.id: example.expect.score}
        assert {name: found[name] for name in stated} == pytest.approx(stated, abs=0.01)
        assert example.expect.grade == next(g.id for g in tree.grades if found[tree.root.id] >= g.from_)
        for matrix in tree.matrices:
            levels = {}
            for side in (matrix.x, matrix.y):
                reached = sum(found[tree.axes[side.axis].id] >= cut for cut in side.cut.at)
                levels[side.axis] = side.levels[reached]
            cell = levels[matrix.x.axis], levels[matrix.y.axis]
            assert example.expect.classes[matrix.id] in [c.id for c in matrix.classes if (c.x, c.y) == cell]


def test_every_example_holds_by_the_package_itself(tree: Tree) -> None:
    assert run_examples(tree) == ()


def test_a_tree_asks_no_more_than_people_answer_or_names_a_short_form_that_does(tree: Tree) -> None:
    asked = load_tree(tree.short_form) if tree.short_form else tree
    assert len(asked.indicators) <= 30
    assert asked.pairs <= 60
    assert asked.short_form is None
    assert all(2 <= len(group.children) <= 7 for group in tree.groups)
    assert all(len(tree.path(leaf.id)) <= 5 for leaf in tree.indicators)


def test_every_text_is_given_in_both_languages_and_differs(tree: Tree) -> None:
    data = tree.model_dump(mode="json", by_alias=True)
    texts = list(labels(data))
    assert len(texts) > 40
    for zh, en in texts:
        assert zh.strip()
        assert en.strip()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in zh) or zh == en
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in en)


def labels(data: object) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        if data.keys() == {"zh", "en"}:
            yield data["zh"], data["en"]
        else:
            for value in data.values():
                yield from labels(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from labels(value)


def test_every_node_is_defined_and_every_number_has_a_unit(tree: Tree) -> None:
    for node in tree.nodes.values():
        assert node.definition is not None, node.id
    for leaf in tree.indicators:
        assert (leaf.unit is None) == isinstance(leaf.scale, Graded | Lookup), leaf.id


def test_every_grade_has_an_anchor_and_nothing_is_warned_of(tree: Tree) -> None:
    _, document = load_with_positions(tree.id)
    assert list(check(tree, document)) == []


def test_every_class_says_how_its_customers_are_treated(tree: Tree) -> None:
    for matrix in tree.matrices:
        goals = {entry.strategy.goal.zh for entry in matrix.classes if entry.strategy}
        assert len(goals) == len(matrix.classes)


def test_every_measure_is_described_for_those_who_supply_it() -> None:
    make = runpy.run_path(str(DOCS / "make_measures.py"))
    assert (DOCS / "measures.md").read_text("utf-8") == make["page"]()


def test_a_measure_has_one_unit_in_every_tree() -> None:
    units: dict[str, set[str]] = {}
    for name in TREES:
        for leaf in load_tree(name).indicators:
            if leaf.measure not in FROM_ORDERS:
                units.setdefault(leaf.measure, set()).add(leaf.unit.en if leaf.unit else "")
    assert {measure for measure, found in units.items() if len(found) > 1} == set()


def test_the_systems_of_the_literature_are_there() -> None:
    assert set(TREES) >= {
        "quick_value", "commercial_value", "customer_loyalty", "customer_satisfaction",
        "non_monetary_value", "crm_capability", "customer_equity_drivers", "retail_bank",
        "corporate_bank", "telecom", "distributor", "licensed_outlet", "freight_shipper",
        "crm_performance", "churn_risk", "loyalty_causes", "prospect", "credit",
        "lifecycle_signals",
    }  # fmt: skip


def test_a_tree_written_out_and_read_again_keeps_its_fingerprints(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "again.yaml").write_text(dump_tree(tree), encoding="utf-8")
    again = load_tree(tmp_path / "again.yaml")
    assert tree_fingerprint(again) == tree_fingerprint(tree)
    assert [group_fingerprint(g) for g in again.groups] == [group_fingerprint(g) for g in tree.groups]


def test_the_included_branches_keep_the_fingerprints_of_their_own_trees() -> None:
    whole = {group.id: group_fingerprint(group) for group in load_tree("customer_value").groups}
    for name in ("current_value", "potential_value"):
        for group in load_tree(name).groups:
            assert whole[group.id] == group_fingerprint(group)


def test_loyalty_satisfaction_and_acquisition_cost_stand_once_in_customer_value() -> None:
    tree = load_tree("customer_value")
    leaves = [leaf.id for leaf in tree.indicators]
    for leaf, branch in {
        "loyalty": "potential_value",
        "satisfaction": "potential_value",
        "acquisition_cost": "current_value",
    }.items():
        assert leaves.count(leaf) == 1
        assert branch in tree.path(leaf)


def test_orders_value_needs_nothing_but_orders_and_knows_no_currency() -> None:
    tree = load_tree("orders_value")
    assert {leaf.measure for leaf in tree.indicators} <= FROM_ORDERS
    assert all(isinstance(leaf.scale, Percentile) for leaf in tree.indicators)


def test_a_short_history_does_not_make_every_customer_insufficient() -> None:
    relationship = load_tree("orders_value").nodes["relationship"]
    weights = {child.id: child.weight for child in relationship.children}
    assert (sum(weights.values()) - weights["growth"] - weights["regularity"]) / sum(weights.values()) > 0.6


def test_examples_reach_different_classes(tree: Tree) -> None:
    for matrix in tree.matrices:
        classes = {example.expect.classes[matrix.id] for example in tree.tests}
        assert len(classes) == len(tree.tests)
