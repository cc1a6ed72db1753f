"""Syntheses other than the weighted sum: by hand, with missing children, mixed in one tree, explained."""

from math import fsum
from types import SimpleNamespace
from typing import Any, get_args

import numpy as np
import pytest

from evaluator.analysis import explanations
from evaluator.scoring import SYNTHESES, load_model, score, topsis
from evaluator.scoring.syntheses import place_weights
from evaluator.tree.types import Synthesis

THREE = {
    "a": [80.0, 80.0, None, 0.0, None],
    "b": [40.0, None, None, 50.0, 40.0],
    "c": [60.0, 60.0, 60.0, 100.0, None],
}
KINDS: dict[str, dict[str, Any]] = {
    "weighted_sum": {"kind": "weighted_sum"},
    "weighted_product": {"kind": "weighted_product"},
    "minimum": {"kind": "minimum"},
    "owa": {"kind": "owa", "orness": 1 / 3},
}
OWA = {n: place_weights(1 / 3, n) for n in (1, 2, 3)}  # a = 2: 1/9, 3/9, 5/9 and 1/4, 3/4
EXPECTED = {  # weights 0.5, 0.3, 0.2
    "weighted_sum": [64, (40 + 12) / 0.7, 60, 35, 40],
    "weighted_product": [
        100 * 0.8**0.5 * 0.4**0.3 * 0.6**0.2, 100 * (0.8**0.5 * 0.6**0.2) ** (1 / 0.7), 60, 0, 40],
    "minimum": [40, 60, 60, 0, 40],
    "owa": [80 / 9 + 180 / 9 + 200 / 9, 80 / 4 + 180 / 4, 60, 100 / 9 + 150 / 9, 40],
}  # fmt: skip


def tree_of(build: SimpleNamespace, **stated: Any) -> Any:
    leaves = (build.leaf("a", weight=5.0), build.leaf("b", weight=3.0), build.leaf("c", weight=2.0))
    return build.made(build.group("now", *leaves, **stated))


def test_every_synthesis_a_group_may_say_has_one_implementation() -> None:
    members = get_args(get_args(Synthesis)[0])
    kinds = {get_args(get_args(member)[0].model_fields["kind"].annotation)[0] for member in members}
    assert set(SYNTHESES.names()) == kinds == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("where", ["group", "study"])
def test_scores_computed_by_hand_with_and_without_missing_children(
    build: SimpleNamespace, kind: str, where: str
) -> None:
    frame = build.customers(**THREE)
    tree = tree_of(build, **({"synthesis": KINDS[kind]} if where == "group" else {}))
    options = {"synthesis": KINDS[kind]} if where == "study" else {}
    found = score(build.fitted(tree, frame, min_coverage=0.0, **options), frame)
    assert found["score_now"].to_list() == pytest.approx(EXPECTED[kind])
    assert found["score"].to_list() == pytest.approx(EXPECTED[kind])
    assert found["coverage"].to_list() == pytest.approx([1, 0.7, 0.2, 1, 0.3])


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_observed_has_no_score_and_filled_children_count(build: SimpleNamespace, kind: str) -> None:
    frame = build.customers(a=[80.0, None], b=[40.0, None])
    empty = build.fitted(build.made(build.leaf("a"), build.leaf("b"), build.leaf("c")), build.customers(
        a=[1.0], b=[1.0], c=[1.0]), synthesis=KINDS[kind])  # fmt: skip
    assert score(empty, build.customers(a=[None], b=[None], c=[None]))["score"].item() is None
    tree = build.made(build.leaf("a", missing="worst"), build.leaf("b", missing="neutral"))
    model = build.fitted(tree, frame, synthesis=KINDS[kind])
    filled = score(build.fitted(tree, frame, synthesis=KINDS[kind]), build.customers(a=[0.0], b=[50.0]))
    assert score(model, frame)["score"][1] == pytest.approx(filled["score"].item())


def test_the_word_of_a_group_goes_before_that_of_the_study(build: SimpleNamespace) -> None:
    group = build.group("now", build.leaf("a"), build.leaf("b"), synthesis=KINDS["minimum"])
    tree = build.made(group, build.leaf("c"))
    frame = build.customers(a=[80.0], b=[20.0], c=[45.0])
    found = score(build.fitted(tree, frame, synthesis=KINDS["weighted_product"]), frame)
    assert found["score_now"].item() == 20
    assert found["score"].item() == pytest.approx(30)


def test_the_range_of_scores_need_not_begin_at_0(build: SimpleNamespace) -> None:
    grades = (
        {"id": "good", "name": "g", "score": 9.0, "from": 6.0},
        {"id": "poor", "name": "p", "score": 2.0, "from": 1.0},
    )
    frame = build.customers(a=[0.0, 100.0], b=[100.0, 25.0])
    tree = build.made(build.leaf("a"), build.leaf("b"), score_range=(1.0, 9.0), grades=grades)
    found = score(build.fitted(tree, frame, synthesis=KINDS["weighted_product"]), frame)
    assert found["score"].to_list() == pytest.approx([1, 5])


@pytest.mark.parametrize("missing", ["redistribute", "worst"])
def test_the_whole_by_closeness_is_topsis_with_the_ends_of_the_scale(
    build: SimpleNamespace, missing: str
) -> None:
    random = np.random.default_rng(4)
    frame = build.customers(**{name: random.uniform(0, 100, 40).tolist() for name in "abcd"})
    model = build.fitted(build.two_axes(missing), frame, synthesis={"kind": "topsis"})
    weights = [model.global_[name] for name in "abcd"]
    ends = (np.zeros(4), np.full(4, 100.0))
    expected = 100 * topsis(frame.drop("id").to_numpy(), weights, reference=ends)
    found = score(model, frame)
    np.testing.assert_allclose(found["score"].to_numpy(), expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(
        found["score_now"].to_numpy(),
        0.75 * frame["m_a"].to_numpy() + 0.25 * frame["m_b"].to_numpy(),
        atol=1e-9,
    )


def test_in_closeness_a_missing_leaf_hands_its_share_to_its_siblings(build: SimpleNamespace) -> None:
    frame = build.customers(a=[80.0, None], b=[None, None], c=[40.0, 40.0], d=[60.0, 60.0])
    model = build.fitted(build.two_axes(), frame, synthesis={"kind": "topsis"}, min_coverage=0.0)
    ends = (np.zeros(3), np.full(3, 100.0))
    expected = topsis([[80, 40, 60]], [0.6, 0.2, 0.2], reference=ends)[0]
    alone = topsis([[40, 60]], [0.5, 0.5], reference=(ends[0][:2], ends[1][:2]))[0]
    assert score(model, frame)["score"].to_list() == pytest.approx([100 * expected, 100 * alone])
    nobody = build.customers(a=[None], b=[None], c=[None], d=[None])
    assert score(model, nobody)["score"].item() is None


@pytest.mark.parametrize("kind", [*KINDS, "topsis"])
def test_reference_effects_and_remainder_add_up(build: SimpleNamespace, kind: str) -> None:
    frame = build.customers(
        a=[80.0, None, 5.0], b=[40.0, 10.0, 100.0], c=[40.0, 20.0, 0.0], d=[60.0, None, 90.0]
    )
    model = build.fitted(
        build.two_axes(), frame, synthesis=KINDS.get(kind, {"kind": "topsis"}), min_coverage=0.0
    )
    assert model.additive == (kind == "weighted_sum")
    assert set(model.reference) == (set() if model.additive else set("abcd"))
    for found, wanted in zip(explanations(model, frame), score(model, frame)["score"], strict=True):
        points = [row.points or 0.0 for row in found.contributions]
        assert found.score == pytest.approx(wanted)
        assert fsum([found.reference, *points, found.remainder]) == pytest.approx(wanted, abs=1e-9)


def test_a_minimum_below_the_root_makes_the_whole_not_additive_and_is_saved(
    build: SimpleNamespace, tmp_path: Any
) -> None:
    tree = build.made(
        build.group("now", build.leaf("a"), build.leaf("b"), synthesis=KINDS["minimum"]), build.leaf("c")
    )
    frame = build.customers(a=[1.0, 2.0], b=[3.0, 4.0], c=[5.0, None])
    model = build.fitted(tree, frame, synthesis={"kind": "topsis"})
    assert not model.additive
    model.save(tmp_path / "model.json")
    assert load_model(tmp_path / "model.json") == model
