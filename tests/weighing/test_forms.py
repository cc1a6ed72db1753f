"""Weights of answers that are no comparisons of all pairs: importance scores, and best–worst."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from evaluator import ahp
from evaluator.analysis import judgment_findings
from evaluator.errors import EvaluationError, Severity
from evaluator.tree import Tree
from evaluator.weighing import (
    BestWorstAnswer,
    Expert,
    ImportanceScore,
    Panel,
    UncertaintyOptions,
    agreement,
    fuzzy_weights,
    load_weights,
    panel_of_best_worst,
    panel_of_scores,
    save_weights,
    suggest_best_worst,
    total_ranking,
    weigh,
    weight_uncertainty,
)
from evaluator.weighing.panel import Form

GROUPS = {
    "root": ("three", "four", "two"),
    "three": ("a1", "a2", "a3"),
    "four": ("b1", "b2", "b3", "b4"),
    "two": ("c1", "one"),
}
LI = {"root": (9, 5, 1), "three": (6, 3, 3), "four": (6, 8, 1, 3), "two": (4, 2)}
WU = {"root": (7, 7, 2), "three": (9, 6, 3), "four": (6, 6, 2, 4), "two": (5, 5)}


def scored(given: dict[str, dict[str, tuple[int | None, ...]]], **options) -> Panel:
    scores = [
        ImportanceScore(expert, group, child, score)
        for expert, groups in given.items()
        for group, values in groups.items()
        for child, score in zip(GROUPS[group], values, strict=True)
        if score is not None
    ]
    return panel_of_scores([Expert(name) for name in given], scores, **options)


def rows(
    expert: str, group: str, to_others: tuple[float, ...], to_worst: tuple[float, ...]
) -> BestWorstAnswer:
    """Return answers whose best is the first child and whose worst is the last."""
    children = GROUPS[group]
    return BestWorstAnswer(
        expert, group, children[0], children[-1],
        dict(zip(children[1:], to_others, strict=True)), dict(zip(children[:-1], to_worst, strict=True)),
    )  # fmt: skip


def chosen(tree: Tree, *more: BestWorstAnswer, **four: tuple[tuple[float, ...], tuple[float, ...]]) -> Panel:
    """Return a panel of best–worst answers: all the same but in the group of four."""
    answers = list(more)
    for expert, (to_others, to_worst) in four.items():
        answers += [
            rows(expert, "root", (2, 8), (8, 4)),
            rows(expert, "three", (2, 4), (4, 2)),
            rows(expert, "two", (3,), (3,)),
            rows(expert, "four", to_others, to_worst),
        ]
    return panel_of_best_worst(
        tree, [Expert(name) for name in dict.fromkeys(one.expert for one in answers)], answers
    )


CONSISTENT = ((2, 4, 8), (8, 4, 2))
CONTRADICTORY = ((2, 9, 4), (4, 1, 9))


def of(weights, group: str):
    return next(one for one in weights.groups if one.group == group)


def test_differences_of_scores_are_never_called_contradictory(tree: Tree) -> None:
    """9, 5, 1 has CR 0.11 by the reading alone; the expert stays in, and nothing is called tested."""
    weights = weigh(tree, scored({"li": LI, "wu": WU}))
    (li, _) = of(weights, "root").experts
    assert li.judged.cr > li.judged.limit
    assert (li.used, li.judged.verdict, li.strict_verdict, li.worst) == (
        True,
        "not_testable",
        "not_testable",
        None,
    )
    assert of(weights, "root").joint.verdict == "not_testable"
    assert (weights.issues, weights.form) == ((), "score_differences")
    assert total_ranking(weights) == ()


def test_scores_read_as_shares_are_the_mean_of_the_normalised_scores(tree: Tree) -> None:
    weights = weigh(tree, scored({"li": LI, "wu": WU}, reading="shares"))
    four = of(weights, "four")
    expected = ahp.score_weights([LI["four"], WU["four"]])
    assert four.local == pytest.approx(tuple(expected), rel=1e-13)
    assert (weights.method, weights.aggregation) == ("score_shares", "aip")
    assert math.isnan(four.experts[0].judged.cr)
    assert four.experts[0].judged.verdict == four.joint.verdict == "not_testable"


@pytest.mark.parametrize("reading", ["differences", "shares"])
def test_who_left_out_a_score_is_left_out_of_that_group_by_name(tree: Tree, reading: str) -> None:
    weights = weigh(tree, scored({"li": LI, "wu": {**WU, "four": (6, None, 2, 4)}}, reading=reading))
    li, wu = of(weights, "four").experts
    assert (li.used, wu.used, wu.reason, wu.answered, wu.asked) == (True, False, "incomplete", 3, 4)
    issue, lone = weights.issues
    assert (lone.code, lone.subject) == ("WEIGH-524", "li")
    assert (issue.code, issue.subject, issue.severity) == ("WEIGH-551", "wu", Severity.WARNING)
    assert of(weights, "three").experts[1].used


def test_answers_by_the_best_and_the_worst_are_weighed_by_that_method(tree: Tree) -> None:
    panel = chosen(tree, li=CONSISTENT, wu=((2, 3, 8), (8, 5, 2)))
    weights = weigh(tree, panel)
    four = of(weights, "four")
    own = [
        ahp.best_worst((1, *others), (*worst, 1)).weights
        for others, worst in (CONSISTENT, ((2, 3, 8), (8, 5, 2)))
    ]
    assert [one.judged.weights for one in four.experts] == [pytest.approx(tuple(w)) for w in own]
    assert four.local == pytest.approx(tuple(np.mean(own, 0)))
    assert (weights.method, weights.aggregation, weights.form) == ("best_worst", "aip", "best_worst")
    assert [(one.asked, one.answered) for one in four.experts] == [(5, 5), (5, 5)]
    assert math.fsum(weights.global_[leaf.id] for leaf in tree.indicators) == pytest.approx(1)
    nonlinear = weigh(tree, panel, method="best_worst_nonlinear", aggregation="aip_geometric")
    assert nonlinear.method == "best_worst_nonlinear"
    assert of(nonlinear, "four").local == pytest.approx(four.local, abs=0.05)


def test_contradictory_answers_are_left_out_with_the_one_that_fits_least(tree: Tree) -> None:
    """b1 is 4 times b4 and b3 is 9 times b4, so b1 cannot be 9 times b3."""
    weights = weigh(tree, chosen(tree, li=CONSISTENT, wu=CONTRADICTORY))
    four = of(weights, "four")
    wu = four.experts[1]
    assert (wu.used, wu.reason, wu.judged.verdict) == (False, "inconsistent", "inconsistent")
    assert wu.judged.cr > wu.judged.limit
    assert (wu.worst.a, wu.worst.b, wu.worst.value) == ("b1", "b3", 9)
    assert wu.worst.suggested == pytest.approx(4 / 9)
    assert [(one.code, one.subject) for one in weights.issues] == [
        ("WEIGH-502", "wu"), ("WEIGH-524", "li")]  # fmt: skip
    assert {one.policy for one in four.policies} == {"leave_out", "keep", "down_weight"}
    assert four.policies[0].left_out == ("wu",)
    kept = weigh(tree, chosen(tree, li=CONSISTENT, wu=CONTRADICTORY), inconsistent="down_weight")
    assert 0 < of(kept, "four").experts[1].say < 0.5


def test_best_and_worst_compared_in_part_leave_the_expert_out_by_name(tree: Tree) -> None:
    lacking = replace(rows("wu", "four", (2, 4, 8), (8, 4, 2)), others_to_worst={"b1": 8.0, "b2": 4.0})
    others = [rows("wu", name, one, two) for name, one, two in (
        ("root", (2, 8), (8, 4)), ("three", (2, 4), (4, 2)), ("two", (3,), (3,)))]  # fmt: skip
    weights = weigh(tree, chosen(tree, lacking, *others, li=CONSISTENT))
    issue, lone = weights.issues
    assert (lone.code, lone.subject) == ("WEIGH-524", "li")
    assert (issue.code, issue.subject) == ("WEIGH-551", "wu")
    assert (issue.detail["group"], issue.detail["answered"], issue.detail["asked"]) == ("four", 4, 5)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"group": "nowhere"}, "WEIGH-508"),
        ({"worst": "b1"}, "WEIGH-509"),
        ({"best": "a1"}, "WEIGH-509"),
        ({"best_to_others": {"b2": 0.5, "b3": 4.0, "b4": 8.0}}, "WEIGH-552"),
        ({"others_to_worst": {"b1": 12.0, "b2": 4.0, "b3": 2.0}}, "WEIGH-552"),
        ({"best_to_others": {"b2": 2.0, "b3": 4.0, "b4": 7.0}}, "WEIGH-553"),
    ],
)
def test_answers_that_cannot_be_meant_are_refused(tree: Tree, wrong: dict, code: str) -> None:
    answer = replace(rows("li", "four", *CONSISTENT), **wrong)
    with pytest.raises(EvaluationError) as caught:
        panel_of_best_worst(tree, [Expert("li")], [answer])
    assert code in {issue.code for issue in caught.value.issues}


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ("score_shares", {"aggregation": "aij"}),
        ("score_shares", {"method": "eigenvector"}),
        ("best_worst", {"aggregation": "aij"}),
        ("best_worst", {"method": "eigenvector"}),
        ("best_worst", {"scale": "balanced"}),
        ("score_differences", {"scale": "balanced"}),
        ("pairs", {"method": "best_worst"}),
    ],
)
def test_a_method_that_the_form_does_not_have_is_refused(tree: Tree, form: Form, wrong: dict) -> None:
    panel = replace(chosen(tree, li=CONSISTENT), form=form)
    with pytest.raises(EvaluationError) as caught:
        weigh(tree, panel, **wrong)
    assert [issue.code for issue in caught.value.issues] == ["METHOD-001"]


def panels(tree: Tree) -> list[Panel]:
    return [
        scored({"li": LI, "wu": WU}),
        scored({"li": LI, "wu": WU}, reading="shares"),
        chosen(tree, li=CONSISTENT, wu=((2, 3, 8), (8, 5, 2))),
    ]


@pytest.mark.parametrize("number", range(3))
def test_agreement_and_the_weights_without_each_expert_are_those_of_the_form(tree: Tree, number: int) -> None:
    weights = weigh(tree, panels(tree)[number])
    for found, group in zip(agreement(weights), [g for g in weights.groups if g.experts], strict=True):
        assert 0 <= found.consensus <= 1 + 1e-12
        assert [one.weights for one in found.without] == [
            pytest.approx(other.judged.weights) for other in reversed(group.experts)
        ], "of two experts, the one who stays has all the say"
        assert all(math.isfinite(pair.ratio) and math.isfinite(pair.factor) for pair in found.pairs)


@pytest.mark.parametrize("number", range(3))
def test_two_experts_who_cannot_contradict_themselves_show_no_intervals(tree: Tree, number: int) -> None:
    weights = weigh(tree, panels(tree)[number])
    with pytest.raises(EvaluationError) as caught:
        weight_uncertainty(weights, draws=400, seed=3)
    assert [issue.code for issue in caught.value.issues] == ["WEIGH-541"]


THREE = (
    lambda tree: scored({"li": LI, "wu": WU, "hu": LI}),
    lambda tree: scored({"li": LI, "wu": WU, "hu": LI}, reading="shares"),
    lambda tree: chosen(tree, li=CONSISTENT, wu=((2, 3, 8), (8, 5, 2)), hu=CONSISTENT),
)


@pytest.mark.parametrize("made", THREE)
def test_three_experts_show_how_they_differ_in_every_form(tree: Tree, made: Callable[[Tree], Panel]) -> None:
    weights = weigh(tree, made(tree))
    drawn = weight_uncertainty(weights, draws=400, seed=3)
    assert drawn.grounds["four"] == "panel"
    assert drawn.local["b1"].low < weights.local["b1"] < drawn.local["b1"].high
    assert [sum(row) for row in drawn.acceptability] == pytest.approx([1.0] * len(drawn.indicators))


def test_only_comparisons_of_pairs_can_be_taken_as_fuzzy_numbers(tree: Tree) -> None:
    differences, *others = panels(tree)
    assert fuzzy_weights(weigh(tree, differences)).groups
    for panel in others:
        with pytest.raises(EvaluationError) as caught:
            fuzzy_weights(weigh(tree, panel))
        assert [issue.code for issue in caught.value.issues] == ["WEIGH-554"]


@pytest.mark.parametrize("number", range(3))
def test_a_file_of_weights_keeps_the_form_of_the_answers(tree: Tree, tmp_path, number: int) -> None:
    weights = weigh(tree, panels(tree)[number])
    save_weights(weights, tmp_path / "weights.json")
    again = load_weights(tmp_path / "weights.json", tree)
    assert (again.form, again.method, again.local) == (weights.form, weights.method, weights.local)


def without(panel: Panel, tree: Tree, expert: str, *groups: str) -> Panel:
    """Return a panel one of whose experts was never asked about some groups."""
    unasked = {
        (expert, group.id, a.id, b.id)
        for group in tree.groups
        if group.id in groups
        for a, b in combinations(group.children, 2)
    }
    return replace(
        panel,
        unasked=frozenset(unasked),
        judgments=tuple(
            one for one in panel.judgments if (one.expert, one.group) not in {(expert, g) for g in groups}
        ),
        scores=tuple(
            one for one in panel.scores if (one.expert, one.group) not in {(expert, g) for g in groups}
        ),
        best_worst=tuple(
            one for one in panel.best_worst if (one.expert, one.group) not in {(expert, g) for g in groups}
        ),
    )


@pytest.mark.parametrize("number", range(3))
def test_who_was_not_asked_is_not_said_to_have_left_anything_out(tree: Tree, number: int) -> None:
    weights = weigh(tree, without(panels(tree)[number], tree, "wu", "four"))
    li, wu = of(weights, "four").experts
    assert (wu.used, wu.reason, wu.asked, wu.answered) == (False, "not_asked", 0, 0)
    assert of(weights, "four").local == pytest.approx(li.judged.weights)
    assert [(issue.code, issue.subject) for issue in weights.issues] == [("WEIGH-524", "li")]


def test_a_suggestion_makes_best_worst_answers_consistent_and_changes_nothing(tree: Tree) -> None:
    panel = chosen(tree, li=CONSISTENT, wu=CONTRADICTORY)
    weights = weigh(tree, panel)
    (found,) = judgment_findings(tree, panel, weights, options=UncertaintyOptions(draws=100)).suggestions
    assert (found.expert, found.group, found.fewest) == ("wu", "four", True)
    assert found.cr_before == of(weights, "four").experts[1].judged.cr
    assert found.cr <= found.limit < found.cr_before
    assert suggest_best_worst(tree, panel, "li", "four") == ()
