"""What an expert's word counts, and every policy for contradictory answers side by side."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evaluator.errors import EvaluationError, Severity
from evaluator.tree import Tree
from evaluator.weighing import EXPERT_WEIGHTS, GroupWeights, Panel, WeighingOptions, Weights, authority, weigh

CONSISTENT = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (1, 2, 4, 2, 4, 2), "two": (3,)}
SLIGHTLY = {**CONSISTENT, "three": (2, 6, 4)}
CYCLE = {**CONSISTENT, "three": (9, 1 / 9, 9)}
Make = Callable[..., Panel]


def three(weights: Weights) -> GroupWeights:
    return next(group for group in weights.groups if group.group == "three")


def says(weights: Weights) -> list[float]:
    return [one.say for one in three(weights).experts]


def test_a_study_may_choose_every_registered_way() -> None:
    chosen = [WeighingOptions(expert_weights=name).expert_weights for name in EXPERT_WEIGHTS.names()]
    assert chosen == [*EXPERT_WEIGHTS.names()]
    with pytest.raises(ValueError, match="expert_weights"):
        WeighingOptions(expert_weights="loudest")


def test_given_weights_are_shares_of_those_used(tree: Tree, answered: Make) -> None:
    panel = answered({"li": CONSISTENT, "wu": CONSISTENT, "hu": CYCLE}, {"li": 1, "wu": 3, "hu": 9})
    weights = weigh(tree, panel)
    assert says(weights) == pytest.approx([0.25, 0.75, 0])
    assert weights.expert_weights == "given"


def test_by_authority_the_given_weight_is_multiplied_by_the_mean_of_ca_and_cs(
    tree: Tree, answered: Make
) -> None:
    panel = answered({"li": CONSISTENT, "wu": CONSISTENT}, {"li": 2, "wu": 1})
    li, wu = panel.experts
    panel = replace(panel, experts=(replace(li, ca=0.5, cs=0.3), replace(wu, ca=1, cs=0.6)))
    assert authority(0.5, 0.3) == pytest.approx(0.4)
    assert says(weigh(tree, panel, expert_weights="authority")) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    ("ca", "cs", "code"),
    [(None, 0.5, "WEIGH-530"), (0.5, None, "WEIGH-530"), (1.2, 0.5, "WEIGH-531"), (-0.1, 0.5, "WEIGH-531"),
     (0, 0, "WEIGH-531"), (math.nan, 0.5, "WEIGH-531")],
)  # fmt: skip
def test_authority_not_stated_or_out_of_range_is_named(
    tree: Tree, answered: Make, ca: float | None, cs: float | None, code: str
) -> None:
    panel = answered({"li": CONSISTENT})
    panel = replace(panel, experts=(replace(panel.experts[0], ca=ca, cs=cs),))
    with pytest.raises(EvaluationError) as caught:
        weigh(tree, panel, expert_weights="authority")
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, "li")]
    said = [issue.code for issue in weigh(tree, panel).issues]
    assert said == ["WEIGH-524"], "authority is asked for only where it counts"


def test_by_consistency_contradiction_costs_say(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": SLIGHTLY}), expert_weights="consistency")
    cr = three(weights).experts[1].judged.cr
    assert 0 < cr < 0.05
    assert says(weights) == pytest.approx(np.array([1, 1 / (1 + 10 * cr)]) / (1 + 1 / (1 + 10 * cr)))
    two = next(group for group in weights.groups if group.group == "two")
    assert [one.say for one in two.experts] == [0.5, 0.5], "two elements cannot be tested"


def test_by_closeness_the_outsider_counts_less(tree: Tree, answered: Make) -> None:
    outsider = {**CONSISTENT, "three": (1 / 2, 1 / 6, 1 / 3)}
    panel = answered({"li": CONSISTENT, "wu": CONSISTENT, "hu": outsider})
    found = says(weigh(tree, panel, expert_weights="closeness"))
    assert found[0] == pytest.approx(found[1])
    assert found[2] < 0.8 * found[0]
    assert sum(found) == pytest.approx(1)


def test_the_policy_down_weight_keeps_a_contradictory_expert_with_less_say(
    tree: Tree, answered: Make
) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": CYCLE}), inconsistent="down_weight")
    entry = three(weights)
    judged = entry.experts[1].judged
    factor = judged.limit / judged.cr
    assert [one.used for one in entry.experts] == [True, True]
    assert says(weights) == pytest.approx([1 / (1 + factor), factor / (1 + factor)])
    (issue,) = [issue for issue in weights.issues if issue.code == "WEIGH-532"]
    assert (issue.subject, issue.severity, issue.where.file) == ("wu", Severity.WARNING, "wu.xlsx")
    assert issue.detail["factor"] == pytest.approx(factor)


def test_every_policy_is_shown_whichever_was_chosen(tree: Tree, answered: Make) -> None:
    panel = answered({"li": CONSISTENT, "wu": CYCLE})
    chosen = {
        policy: weigh(tree, panel, inconsistent=policy) for policy in ("leave_out", "keep", "down_weight")
    }
    for policy, weights in chosen.items():
        outcomes = {one.policy: one for one in three(weights).policies}
        assert list(outcomes) == ["leave_out", "keep", "down_weight"]
        assert outcomes[policy].weights == pytest.approx(three(weights).local)
        assert outcomes["leave_out"].left_out == ("wu",)
        assert outcomes["keep"].left_out == ()
    a, b, c = (chosen[policy].local["a1"] for policy in ("leave_out", "down_weight", "keep"))
    assert a > b > c, "down-weighting lies between leaving out and keeping"


def test_a_policy_that_leaves_nobody_has_no_weights(tree: Tree, answered: Make) -> None:
    outcomes = three(weigh(tree, answered({"li": CYCLE}), inconsistent="keep")).policies
    assert all(math.isnan(weight) for weight in outcomes[0].weights)
    assert math.isnan(outcomes[0].cr)
    assert outcomes[1].weights == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_where_nobody_contradicts_himself_there_is_nothing_to_choose(tree: Tree, answered: Make) -> None:
    assert three(weigh(tree, answered({"li": CONSISTENT}))).policies == ()


@pytest.mark.parametrize(("aggregation", "mean"), [("aip", "arithmetic"), ("aip_geometric", "geometric")])
def test_priorities_are_put_together_where_the_study_says_so(
    tree: Tree, answered: Make, aggregation: str, mean: str
) -> None:
    panel = answered(
        {"li": {**CONSISTENT, "two": (9,)}, "wu": {**CONSISTENT, "two": (1,)}}, {"li": 3, "wu": 1}
    )
    weights = weigh(tree, panel, aggregation=aggregation)
    two = next(group for group in weights.groups if group.group == "two")
    odds = {"arithmetic": (3 * 0.9 + 0.5) / (3 * 0.1 + 0.5), "geometric": 9**0.75}[mean]
    assert two.local[0] / two.local[1] == pytest.approx(odds)
    assert two.joint.weights == two.local
    assert two.joint.matrix[0][1] == pytest.approx(9**0.75), "the evidence is the joint judgment"


def test_an_unknown_way_is_answered_with_the_nearest(tree: Tree) -> None:
    with pytest.raises(EvaluationError) as caught:
        weigh(tree, expert_weights="authorty")
    assert [(issue.code, issue.hint) for issue in caught.value.issues] == [("METHOD-001", ("authority",))]


@pytest.mark.parametrize(
    "options",
    [
        {"method": "x"},
        {"aggregation": "x"},
        {"convention": "x"},
        {"inconsistent": "x"},
        {"expert_weights": "x"},
    ],
)
def test_what_is_unknown_is_said_in_either_language(tree: Tree, options: dict[str, str]) -> None:
    with pytest.raises(EvaluationError) as caught:
        weigh(tree, **options)
    (issue,) = caught.value.issues
    assert issue.text("zh") != issue.text("en")
