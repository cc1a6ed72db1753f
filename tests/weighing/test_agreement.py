"""Agreement of a panel: on weights, on each pair, and what every expert moves."""

from collections.abc import Callable

import numpy as np
import pytest

from evaluator.tree import Tree
from evaluator.weighing import GroupAgreement, Panel, agreement, weigh

CONSISTENT = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (1, 2, 4, 2, 4, 2), "two": (3,)}
OPPOSITE = {**CONSISTENT, "three": (1 / 2, 1 / 6, 1 / 3)}
Make = Callable[..., Panel]


def three(found: tuple[GroupAgreement, ...]) -> GroupAgreement:
    return next(one for one in found if one.group == "three")


def test_a_panel_of_one_mind_agrees_fully(tree: Tree, answered: Make) -> None:
    found = agreement(weigh(tree, answered({"li": CONSISTENT, "wu": CONSISTENT})))
    assert [one.group for one in found] == ["root", "three", "four", "two"]
    one = three(found)
    assert (one.consensus, one.band, one.w) == (pytest.approx(1), "very_high", pytest.approx(1))
    assert one.clusters == (("li", "wu"),)
    assert [(pair.a, pair.b) for pair in one.pairs] == [("a1", "a2"), ("a1", "a3"), ("a2", "a3")]
    assert [(pair.coverage, pair.factor) for pair in one.pairs] == [(1, pytest.approx(1))] * 3
    assert [(other.shift, other.reorders) for other in one.without] == [(pytest.approx(0), False)] * 2


def test_two_camps_are_told_apart_with_the_pair_they_differ_on(tree: Tree, answered: Make) -> None:
    panel = answered({"li": CONSISTENT, "wu": OPPOSITE, "hu": CONSISTENT})
    one = three(agreement(weigh(tree, panel)))
    assert one.clusters == (("li", "hu"), ("wu",))
    assert one.consensus < 0.75
    widest = max(one.pairs, key=lambda pair: pair.factor)
    assert (widest.a, widest.b) == ("a1", "a3")
    logs = np.log([6, 1 / 6, 6])
    assert widest.factor == pytest.approx(np.exp(logs.std()))
    assert widest.ratio == pytest.approx(np.exp(logs.mean()))


def test_without_an_expert_the_weights_are_the_others(tree: Tree, answered: Make) -> None:
    experts = {"li": CONSISTENT, "wu": OPPOSITE}
    weights = weigh(tree, answered(experts))
    without = {one.expert: one for one in three(agreement(weights)).without}
    alone = weigh(tree, answered({"li": CONSISTENT}))
    assert without["wu"].weights == pytest.approx([alone.local[name] for name in ("a1", "a2", "a3")])
    assert without["wu"].shift == pytest.approx(alone.local["a1"] - weights.local["a1"])
    assert without["wu"].reorders


def test_left_out_experts_have_no_part_in_it(tree: Tree, answered: Make) -> None:
    cycle = {**CONSISTENT, "three": (9, 1 / 9, 9)}
    found = agreement(weigh(tree, answered({"li": CONSISTENT, "wu": CONSISTENT, "hu": cycle})))
    assert three(found).experts == ("li", "wu")
    assert found[0].experts == ("li", "wu", "hu")


def test_one_expert_or_given_weights_have_nothing_to_agree_on(tree: Tree, answered: Make, flat) -> None:
    assert agreement(weigh(tree, answered({"li": CONSISTENT}))) == ()
    assert agreement(weigh(flat(1, 2))) == ()
