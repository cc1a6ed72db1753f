"""How sure the weights of a tree are."""

from collections.abc import Callable

import pytest

from evaluator.errors import EvaluationError
from evaluator.tree import Tree
from evaluator.weighing import Panel, weigh, weight_uncertainty

CONSISTENT = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (1, 2, 4, 2, 4, 2), "two": (3,)}
SLIGHTLY = {**CONSISTENT, "three": (2, 6, 4), "four": (2, 3, 4, 2, 4, 1)}
Make = Callable[..., Panel]


def test_every_node_has_an_interval_around_its_weight(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": SLIGHTLY, "hu": SLIGHTLY}))
    found = weight_uncertainty(weights, draws=2000, seed=4)
    assert found.local.keys() == found.global_.keys() == tree.nodes.keys()
    for name, one in found.global_.items():
        assert one.weight == weights.global_[name]
        assert one.low <= one.weight <= one.high
    assert found.global_["root"].deviation == 0
    assert found.local["d1"].deviation == 0, "an only child has all the weight in every draw"
    assert found.global_["a1"].deviation > 0
    assert found.noise > 0


def test_ranks_are_shared_out_over_the_draws(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": SLIGHTLY}))
    found = weight_uncertainty(weights, draws=500, noise=0.3, seed=1)
    table = dict(zip(found.indicators, found.acceptability, strict=True))
    assert list(table) == [leaf.id for leaf in tree.indicators]
    for row in table.values():
        assert sum(row) == pytest.approx(1)
    for rank in zip(*table.values(), strict=True):
        assert sum(rank) == pytest.approx(1)
    assert table["a1"][0] > 0.9, "a1 weighs most by far"


def test_without_noise_and_resampling_nothing_moves(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": SLIGHTLY}, {"li": 3, "wu": 1}))
    found = weight_uncertainty(weights, draws=10, noise=0, experts=False)
    for name, one in found.global_.items():
        assert (one.low, one.high) == pytest.approx((weights.global_[name],) * 2)


def test_more_experts_and_less_noise_make_weights_surer(tree: Tree, answered: Make) -> None:
    few = weigh(tree, answered(dict.fromkeys(("li", "wu"), CONSISTENT)))
    many = weigh(tree, answered({f"e{i}": CONSISTENT for i in range(8)}))
    by_few, by_many = (weight_uncertainty(one, draws=4000, noise=0.3) for one in (few, many))
    assert by_many.global_["a1"].deviation == pytest.approx(by_few.global_["a1"].deviation / 2, rel=0.2)


def test_the_same_seed_gives_the_same_draws(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": SLIGHTLY}))
    first, again, other = (weight_uncertainty(weights, draws=100, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_given_weights_rest_on_no_judgments(flat) -> None:
    with pytest.raises(EvaluationError) as caught:
        weight_uncertainty(weigh(flat(1, 2)))
    assert [issue.code for issue in caught.value.issues] == ["WEIGH-540"]


def test_where_nothing_is_redundant_the_noise_must_be_stated(flat) -> None:
    from evaluator.weighing import Expert, Judgment

    weights = weigh(flat(None, None), Panel((Expert("li"),), (Judgment("li", "root", "x1", "x2", 3),)))
    with pytest.raises(EvaluationError) as caught:
        weight_uncertainty(weights)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("WEIGH-541", "example")]
    found = weight_uncertainty(weights, draws=200, noise=0.2)
    assert found.local["x1"].low < 0.75 < found.local["x1"].high


@pytest.mark.parametrize("options", [{"draws": 0}, {"level": 0}, {"level": 1}, {"noise": -1}])
def test_draws_level_and_noise_are_checked(tree: Tree, answered: Make, options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"draw|noise"):
        weight_uncertainty(weigh(tree, answered({"li": CONSISTENT})), **options)
