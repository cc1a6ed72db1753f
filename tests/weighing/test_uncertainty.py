"""How sure the weights of a tree are."""

from collections.abc import Callable

import numpy as np
import pytest

from evaluator.errors import EvaluationError
from evaluator.tree import Tree
from evaluator.weighing import Expert, Judgment, Panel, weigh, weight_draws, weight_uncertainty

CONSISTENT = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (1, 2, 4, 2, 4, 2), "two": (3,)}
SLIGHTLY = {**CONSISTENT, "three": (2, 6, 4), "four": (2, 3, 4, 2, 4, 1)}
OTHERWISE = {"root": (3, 4, 1), "three": (3, 5, 2), "four": (1, 2, 3, 2, 3, 2), "two": (5,)}
Make = Callable[..., Panel]


def test_every_node_has_an_interval_around_its_weight(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": SLIGHTLY, "hu": OTHERWISE}))
    found = weight_uncertainty(weights, draws=2000, seed=4)
    assert found.local.keys() == found.global_.keys() == tree.nodes.keys()
    for name, one in found.global_.items():
        assert one.weight == weights.global_[name]
        assert one.low <= one.weight <= one.high
    assert found.global_["root"].deviation == 0
    assert found.local["d1"].deviation == 0, "an only child has all the weight in every draw"
    assert found.global_["a1"].deviation > 0
    assert found.grounds["root"] == "panel"


def test_ranks_are_shared_out_over_the_draws(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": SLIGHTLY, "hu": SLIGHTLY}))
    found = weight_uncertainty(weights, draws=500, seed=1)
    table = dict(zip(found.indicators, found.acceptability, strict=True))
    assert list(table) == [leaf.id for leaf in tree.indicators]
    for row in table.values():
        assert sum(row) == pytest.approx(1)
    for rank in zip(*table.values(), strict=True):
        assert sum(rank) == pytest.approx(1)
    assert table["a1"][0] > 0.9, "a1 weighs most by far"


def test_experts_who_agree_in_everything_leave_nothing_open(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered(dict.fromkeys(("li", "wu", "hu"), CONSISTENT)))
    for name, one in weight_uncertainty(weights, draws=10).global_.items():
        assert (one.low, one.high) == pytest.approx((weights.global_[name],) * 2)


def test_one_or_two_experts_show_their_own_contradictions_and_it_is_told(tree: Tree, answered: Make) -> None:
    found = weight_draws(weigh(tree, answered({"li": SLIGHTLY, "wu": CONSISTENT})), draws=400)
    assert found.grounds["four"] == "contradictions"
    assert found.grounds["two"] == "fixed", "one comparison cannot contradict another"
    assert found.local["b1"].std() > 0


def test_the_same_answers_of_more_experts_make_weights_surer(tree: Tree, answered: Make) -> None:
    few = weigh(tree, answered({"e1": CONSISTENT, "e2": SLIGHTLY, "e3": OTHERWISE}))
    many = weigh(tree, answered({f"e{i}": (CONSISTENT, SLIGHTLY, OTHERWISE)[i % 3] for i in range(12)}))
    by_few, by_many = (weight_uncertainty(one, draws=4000, level=0.5) for one in (few, many))
    widths = [one.global_["a1"].high - one.global_["a1"].low for one in (by_few, by_many)]
    assert widths[1] < 0.6 * widths[0]


def test_an_expert_is_one_person_in_every_group(tree: Tree, answered: Make) -> None:
    """Where one expert alone thinks otherwise, criteria move together in every draw."""
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": CONSISTENT, "hu": OTHERWISE}))
    found = weight_draws(weights, draws=500, seed=2)
    ratios = [np.log(found.local[a] / found.local[b]) for a, b in (("a1", "a2"), ("c1", "one"))]
    ranks = [ratio.argsort().argsort() for ratio in ratios]
    assert abs(np.corrcoef(ranks)[0, 1]) > 0.99


def test_the_same_seed_gives_the_same_draws(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": SLIGHTLY, "hu": OTHERWISE}))
    first, again, other = (weight_uncertainty(weights, draws=100, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_given_weights_are_as_sure_as_somebody_says(flat) -> None:
    weights = weigh(flat(1, 2))
    with pytest.raises(EvaluationError) as caught:
        weight_uncertainty(weights)
    assert [issue.code for issue in caught.value.issues] == ["WEIGH-540"]
    drawn = weight_draws(weights, draws=50_000, spread=0.2)
    assert set(drawn.grounds.values()) == {"spread"}
    ratio = np.log(drawn.local["x2"] / drawn.local["x1"])
    assert (ratio.mean(), ratio.std()) == pytest.approx((np.log(2), 0.2 * np.sqrt(2)), rel=0.02)


def test_where_nothing_is_redundant_nothing_shows_how_sure_one_expert_is(flat) -> None:
    weights = weigh(flat(None, None), Panel((Expert("li"),), (Judgment("li", "root", "x1", "x2", 3),)))
    with pytest.raises(EvaluationError) as caught:
        weight_uncertainty(weights)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("WEIGH-541", "example")]


@pytest.mark.parametrize("options", [{"draws": 0}, {"level": 0}, {"level": 1}, {"spread": -1}])
def test_draws_level_and_spread_are_checked(tree: Tree, answered: Make, options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"draw|level|spread"):
        weight_uncertainty(weigh(tree, answered({"li": CONSISTENT})), **options)
