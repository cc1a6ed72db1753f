"""Weights from a panel: who counts, who is left out and named, and what comes out."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from evaluator.errors import EvaluationError, Issue, Location, Severity
from evaluator.tree import Tree
from evaluator.weighing import Expert, Judgment, Panel, weigh

CONSISTENT = {"root": (2, 4, 2), "three": (2, 6, 3), "four": (1, 2, 4, 2, 4, 2), "two": (3,)}
CYCLE = (9, 1 / 9, 9)  # a over b, b over c, c over a
Make = Callable[..., Panel]


def codes(issues) -> list[tuple[str, str]]:
    return [(issue.code, issue.subject) for issue in issues]


def evidence(weights, group: str):
    return next(entry for entry in weights.groups if entry.group == group)


def test_one_consistent_expert_gives_the_weights_behind_the_answers(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT}))
    assert [weights.local[name] for name in ("three", "four", "two")] == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert [weights.local[name] for name in ("a1", "a2", "a3")] == pytest.approx([0.6, 0.3, 0.1])
    assert weights.global_["a1"] == pytest.approx(4 / 7 * 0.6, rel=1e-13)
    assert codes(weights.issues) == [("WEIGH-524", "li")]
    assert (weights.source, weights.convention, weights.method) == ("experts", "strict", "eigenvector")


@pytest.mark.parametrize("method", ["eigenvector", "geometric_mean", "normalized_columns"])
def test_local_weights_sum_to_1_in_each_group_and_global_ones_over_the_leaves(
    tree: Tree, answered: Make, method: str
) -> None:
    answers = {**CONSISTENT, "four": (3, 5, 7, 2, 4, 2)}
    weights = weigh(tree, answered({"li": answers, "wu": CONSISTENT}), method=method)
    for group in tree.groups:
        assert sum(weights.local[child.id] for child in group.children) == pytest.approx(1, abs=1e-14)
    assert sum(weights.global_[leaf.id] for leaf in tree.indicators) == pytest.approx(1, abs=1e-12)
    assert weights.global_.keys() == weights.local.keys() == tree.nodes.keys()
    assert weights.local["root"] == weights.global_["root"] == 1


def test_judgments_are_put_together_by_the_experts_weights(tree: Tree, answered: Make) -> None:
    """Weights go by expert, not by position, and only their proportions count."""
    panel = answered(
        {"li": {**CONSISTENT, "two": (8,)}, "wu": {**CONSISTENT, "two": (1,)}}, {"li": 4, "wu": 2}
    )
    assert evidence(weigh(tree, panel), "two").joint.matrix[0][1] == pytest.approx(4, rel=1e-14)
    turned = replace(panel, experts=panel.experts[::-1])
    assert evidence(weigh(tree, turned), "two").joint.matrix[0][1] == pytest.approx(4, rel=1e-14)


def test_an_only_child_has_all_the_weight_and_asks_nobody(tree: Tree, answered: Make) -> None:
    one = evidence(weigh(tree, answered({"li": CONSISTENT})), "one")
    assert (one.local, one.experts, one.joint) == ((1.0,), (), None)


def test_two_elements_are_not_testable_and_count(tree: Tree, answered: Make) -> None:
    """n = 2 has no consistency ratio: neither 0 nor passed, and no reason to leave anybody out."""
    entry = evidence(weigh(tree, answered({"li": CONSISTENT})), "two")
    assert entry.experts[0].used
    assert entry.experts[0].judged.verdict == entry.joint.verdict == "not_testable"
    assert math.isnan(entry.experts[0].judged.cr)
    assert entry.local == pytest.approx((0.75, 0.25))


APART = (9, None, None)  # a1 : a2 alone; nothing ties a3 to them


def test_answers_that_do_not_tie_the_children_together_leave_the_expert_out_of_that_group(
    tree: Tree, answered: Make
) -> None:
    panel = answered({"li": CONSISTENT, "wu": {**CONSISTENT, "three": APART}})
    weights = weigh(tree, panel)
    three, four = evidence(weights, "three"), evidence(weights, "four")
    assert [(e.used, e.reason, e.missing) for e in three.experts] == [(True, "", 0), (False, "incomplete", 2)]
    assert three.experts[1].parts == (("a1", "a2"), ("a3",))
    assert all(e.used for e in four.experts)
    assert three.local == pytest.approx((0.6, 0.3, 0.1))
    assert three.with_all.weights == three.joint.weights, "unconnected answers are in neither result"
    issue, lone = weights.issues
    assert (lone.code, lone.subject) == ("WEIGH-524", "li")
    assert (issue.code, issue.subject, issue.severity) == ("WEIGH-501", "wu", Severity.WARNING)
    assert issue.where == Location("wu.xlsx", sheet="three")
    assert (issue.detail["group"], issue.detail["answered"], issue.detail["asked"]) == ("three", 1, 3)
    assert 'these parts: "a1, a2", "a3".' in issue.message("en")


def test_an_expert_whose_answers_tie_all_together_counts_and_the_rest_follows(
    tree: Tree, answered: Make
) -> None:
    """a1 : a2 = 9 and a2 : a3 = 1/3, so a1 : a3 = 3: weights exist, and nothing is tested."""
    panel = answered({"li": CONSISTENT, "wu": {**CONSISTENT, "three": (9, None, 1 / 3)}})
    weights = weigh(tree, panel)
    three = evidence(weights, "three")
    wu = three.experts[1]
    assert (wu.used, wu.reason, wu.missing, wu.parts) == (True, "", 1, ())
    assert wu.judged.verdict == "not_testable"
    assert math.isnan(wu.judged.cr)
    assert wu.judged.weights == pytest.approx((9 / 13, 1 / 13, 3 / 13))
    assert wu.filled[0][2] == pytest.approx(3)
    assert three.joint.matrix[0][2] == pytest.approx(math.sqrt(6 * 3))
    assert three.joint.weights == three.with_all.weights
    assert three.coverage[0] == (1.0, 1.0, 0.5)
    (issue,) = weights.issues
    assert (issue.code, issue.subject, issue.severity) == ("WEIGH-518", "wu", Severity.NOTE)
    assert issue.where == Location("wu.xlsx", sheet="three")


def test_consistent_experts_with_blanks_give_consistent_joint_judgments(tree: Tree, answered: Make) -> None:
    """Put together pair by pair over those who answered, two consistent experts would contradict."""
    panel = answered({"li": CONSISTENT, "wu": {**CONSISTENT, "three": (9, None, 9)}})
    joint = evidence(weigh(tree, panel), "three").joint
    assert joint.cr == pytest.approx(0, abs=1e-12)
    assert joint.verdict == "consistent"


@pytest.mark.parametrize("method", ["eigenvector", "geometric_mean", "harker"])
def test_a_lone_expert_with_blanks_has_his_own_weights_and_no_test_he_did_not_take(
    tree: Tree, answered: Make, method: str
) -> None:
    panel = answered({"li": {**CONSISTENT, "three": (9, None, 9), "four": (2, None, 3, 3, None, 1)}})
    weights = weigh(tree, panel, method=method)
    three, four = evidence(weights, "three"), evidence(weights, "four")
    assert three.joint.verdict == "not_testable"
    assert math.isnan(three.joint.cr)
    for group in (three, four):
        assert group.joint.weights == pytest.approx(group.experts[0].judged.weights, rel=1e-8)
    assert four.joint.ri == pytest.approx(four.experts[0].judged.ri)
    assert four.joint.cr == pytest.approx(four.experts[0].judged.cr)


def test_spanning_trees_of_several_experts_are_not_tested_by_being_put_together(
    tree: Tree, answered: Make
) -> None:
    panel = answered(
        {"li": {**CONSISTENT, "three": (9, None, 9)}, "wu": {**CONSISTENT, "three": (None, 2, 5)}}
    )
    three = evidence(weigh(tree, panel), "three")
    assert not any(math.isnan(value) for row in three.joint.matrix for value in row)
    assert three.joint.verdict == "not_testable"
    assert math.isnan(three.joint.cr)


def test_contradiction_among_the_answers_given_is_not_hidden_by_blanks(tree: Tree, answered: Make) -> None:
    """b1 over b2 over b3 over b1, and b4 tied by one comparison: the cycle shows all the same."""
    cycle = {**CONSISTENT, "four": (9, 1 / 9, 2, 9, None, None)}
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": cycle}))
    wu = evidence(weights, "four").experts[1]
    assert (wu.used, wu.reason, wu.cycles, wu.missing) == (False, "inconsistent", 1, 2)
    assert codes(weights.issues) == [("WEIGH-518", "wu"), ("WEIGH-502", "wu"), ("WEIGH-524", "li")]


def test_a_method_that_needs_every_comparison_leaves_blanks_out(tree: Tree, answered: Make) -> None:
    panel = answered({"li": CONSISTENT, "wu": {**CONSISTENT, "three": (9, None, 9)}})
    weights = weigh(tree, panel, method="normalized_columns")
    assert [(e.used, e.reason) for e in evidence(weights, "three").experts] == [
        (True, ""),
        (False, "incomplete"),
    ]
    issue, lone = weights.issues
    assert (lone.code, lone.subject) == ("WEIGH-524", "li")
    assert (issue.code, issue.subject) == ("WEIGH-519", "wu")
    assert issue.where == Location("wu.xlsx", sheet="three")


def test_a_blank_is_never_taken_for_equal_importance(tree: Tree, answered: Make) -> None:
    panel = answered({"li": CONSISTENT, "wu": {**CONSISTENT, "three": (9, None, 9)}})
    wu = evidence(weigh(tree, panel), "three").experts[1]
    assert np.isnan([wu.judged.matrix[0][2], wu.judged.matrix[2][0]]).all()
    assert wu.filled[0][2] == pytest.approx(81)


def test_an_expert_who_answered_nothing_in_a_group_is_named_without_a_place(
    tree: Tree, answered: Make
) -> None:
    answers = {name: values for name, values in CONSISTENT.items() if name != "two"}
    issue, _ = weigh(tree, answered({"li": CONSISTENT, "wu": answers})).issues
    assert (issue.code, issue.detail["answered"], issue.where) == ("WEIGH-501", 0, None)


def test_the_worst_judgment_of_a_contradictory_expert_is_named_with_what_the_others_say(
    tree: Tree, answered: Make
) -> None:
    """2, 4, 8 in a row, but b1 : b4 turned round: 1/8 where the others say 8."""
    slip = {**CONSISTENT, "four": (2, 4, 1 / 8, 2, 4, 2)}
    li, wu = evidence(weigh(tree, answered({"li": CONSISTENT, "wu": slip})), "four").experts
    assert li.worst is None
    assert (wu.worst.a, wu.worst.b, wu.worst.value) == ("b4", "b1", 8)
    assert wu.worst.suggested == pytest.approx(1 / 8)
    assert wu.worst.error > 2
    assert wu.cycles == 2


def test_answers_are_put_on_the_scale_before_they_are_put_together(tree: Tree, answered: Make) -> None:
    """9 and 1/5 on the balanced scale are 1.96 together; the mean of the answers would be 1.07."""
    panel = answered({"li": {**CONSISTENT, "two": (9,)}, "wu": {**CONSISTENT, "two": (1 / 5,)}})
    weights = weigh(tree, panel, scale="balanced", inconsistent="keep")
    assert evidence(weights, "two").joint.matrix[0][1] == pytest.approx(1.96, abs=0.005)
    assert weights.scale == "balanced"
    assert evidence(weights, "three").experts[0].judged.ri < 0.3


def test_an_answer_beyond_nine_has_no_place_on_another_scale(tree: Tree) -> None:
    answer = Judgment("li", "three", "a1", "a2", 12, where=PLACE)
    panel = Panel((Expert("li"),), (answer,))
    with pytest.raises(EvaluationError) as caught:
        weigh(tree, panel, scale="balanced")
    assert [(i.code, i.subject, i.where) for i in caught.value.issues] == [("WEIGH-520", "a1 : a2", PLACE)]


def test_a_contradictory_expert_is_left_out_of_that_group_and_both_results_are_shown(
    tree: Tree, answered: Make
) -> None:
    panel = answered({"li": CONSISTENT, "wu": {**CONSISTENT, "three": CYCLE}})
    weights = weigh(tree, panel)
    three = evidence(weights, "three")
    assert [(e.used, e.reason) for e in three.experts] == [(True, ""), (False, "inconsistent")]
    assert three.local == three.joint.weights == pytest.approx((0.6, 0.3, 0.1))
    assert three.with_all.weights != pytest.approx(three.joint.weights)
    assert all(e.used for e in evidence(weights, "four").experts)
    issue, lone = weights.issues
    assert (lone.code, lone.subject) == ("WEIGH-524", "li")
    assert (issue.code, issue.subject, issue.where.file) == ("WEIGH-502", "wu", "wu.xlsx")
    assert issue.detail["cr"] == three.experts[1].judged.cr > 1


def test_the_policy_keep_counts_everybody_and_says_so(tree: Tree, answered: Make) -> None:
    panel = answered({"li": CONSISTENT, "wu": {**CONSISTENT, "three": CYCLE}})
    weights = weigh(tree, panel, inconsistent="keep")
    three = evidence(weights, "three")
    assert [e.used for e in three.experts] == [True, True]
    assert three.experts[1].judged.verdict == "inconsistent"
    assert three.local == three.with_all.weights
    assert codes(weights.issues) == [("WEIGH-506", "wu"), ("WEIGH-516", "three")]


def test_the_policy_keep_fills_no_blank(tree: Tree, answered: Make) -> None:
    panel = answered({"li": CONSISTENT, "wu": {**CONSISTENT, "three": APART}})
    weights = weigh(tree, panel, inconsistent="keep")
    assert [e.used for e in evidence(weights, "three").experts] == [True, False]


def test_the_policy_stop_names_everyone_who_has_to_revise(tree: Tree, answered: Make) -> None:
    bad = {**CONSISTENT, "three": CYCLE}
    with pytest.raises(EvaluationError) as caught:
        weigh(tree, answered({"li": bad, "wu": CONSISTENT, "hu": bad}), inconsistent="stop")
    stopped = [issue for issue in caught.value.issues if issue.severity is Severity.ERROR]
    assert codes(stopped) == [("WEIGH-505", "li"), ("WEIGH-505", "hu")]
    assert stopped[0].where == Location("li.xlsx", sheet="three")


def test_nobody_left_in_a_group_stops_with_the_group_and_everybody_in_it(tree: Tree, answered: Make) -> None:
    """All groups are reported at once; a contradictory panel never turns into equal weights."""
    li = {**CONSISTENT, "three": CYCLE, "four": (None, 2, 4, None, None, 2)}
    wu = {**CONSISTENT, "three": APART, "four": (None, 2, 4, None, None, 2)}
    with pytest.raises(EvaluationError) as caught:
        weigh(tree, answered({"li": li, "wu": wu}))
    errors = [issue for issue in caught.value.issues if issue.severity is Severity.ERROR]
    assert codes(errors) == [("WEIGH-503", "three"), ("WEIGH-503", "four")]
    assert errors[0].detail["experts"].startswith("li (CR ")
    assert errors[0].detail["experts"].endswith("wu (1/3)")
    assert {("WEIGH-502", "li"), ("WEIGH-501", "wu")} <= set(codes(caught.value.issues))


def test_why_answers_are_missing_is_told_with_the_group_that_has_none(tree: Tree, answered: Make) -> None:
    """What reading warned of would else be lost with the panel it belongs to."""
    why = Issue("JUDGE-249", "li.txt", {"blocks": "2"}, severity=Severity.WARNING)
    with pytest.raises(EvaluationError) as caught:
        weigh(tree, replace(answered({"li": {**CONSISTENT, "three": CYCLE}}), issues=(why,)))
    assert why in caught.value.issues


def test_the_convention_decides_and_the_strict_verdict_stands_beside(tree: Tree, answered: Make) -> None:
    """CR 0.046 by Saaty 1980, 0.051 by simulation: accepted in Chinese practice, not by the strict limit."""
    panel = answered({"li": {**CONSISTENT, "three": (2, 1 / 2, 1 / 2)}, "wu": CONSISTENT})
    cn, strict = weigh(tree, panel, convention="cn"), weigh(tree, panel)
    ours, theirs = evidence(cn, "three").experts[0], evidence(strict, "three").experts[0]
    assert (ours.judged.verdict, ours.strict_verdict, ours.used) == ("consistent", "inconsistent", True)
    assert (ours.judged.ri, ours.judged.limit) == (0.58, 0.10)
    assert (theirs.judged.verdict, theirs.strict_verdict, theirs.used) == (
        "inconsistent",
        "inconsistent",
        False,
    )
    assert (cn.convention, strict.convention) == ("cn", "strict")


@pytest.mark.parametrize("n", [16, 20])
def test_a_group_larger_than_any_printed_table_can_be_weighed(flat: Callable[..., Tree], n: int) -> None:
    tree = flat(*[None] * n)
    points = {child.id: i for i, child in enumerate(tree.root.children, start=1)}
    answers = [Judgment("li", "root", a, b, points[a] / points[b]) for a, b in combinations(points, 2)]
    weights = weigh(tree, Panel((Expert("li"),), tuple(answers)), convention="cn")
    expected = {name: point / sum(points.values()) for name, point in points.items()}
    assert {name: weights.local[name] for name in points} == pytest.approx(expected)
    assert evidence(weights, "root").joint.verdict == "consistent"


def judged(tree: Tree, *changes: Judgment, experts: tuple[Expert, ...] = (Expert("li"),)) -> list:
    """Weigh a panel that consists of the given judgments alone, and return what is wrong with it."""
    with pytest.raises(EvaluationError) as caught:
        weigh(tree, Panel(experts, changes))
    return list(caught.value.issues)


PLACE = Location("judgments.csv", line=7)


@pytest.mark.parametrize(
    ("judgment", "code", "subject", "hint"),
    [
        (Judgment("xu", "three", "a1", "a2", 3, where=PLACE), "WEIGH-507", "xu", ()),
        (Judgment("li", "threee", "a1", "a2", 3, where=PLACE), "WEIGH-508", "threee", ("three",)),
        (Judgment("li", "three", "a1", "b2", 3, where=PLACE), "WEIGH-509", "b2", ()),
        (Judgment("li", "three", "a1", "a1", 3, where=PLACE), "WEIGH-509", "a1", ()),
        (Judgment("li", "three", "a1", "a2", 0, where=PLACE), "WEIGH-510", "a1 : a2", ()),
        (Judgment("li", "three", "a1", "a2", -3, where=PLACE), "WEIGH-510", "a1 : a2", ()),
        (Judgment("li", "three", "a1", "a2", math.nan, where=PLACE), "WEIGH-510", "a1 : a2", ()),
        (Judgment("li", "three", "a1", "a2", math.inf, where=PLACE), "WEIGH-510", "a1 : a2", ()),
    ],
)
def test_a_judgment_that_cannot_be_meant_is_named_with_its_place(
    tree: Tree, judgment: Judgment, code: str, subject: str, hint: tuple[str, ...]
) -> None:
    (issue,) = judged(tree, judgment)
    assert (issue.code, issue.subject, issue.where, issue.hint) == (code, subject, PLACE, hint)


def test_the_same_comparison_answered_differently_is_an_error_not_the_last_one(tree: Tree) -> None:
    """a over b and b over a, both 3: two answers that cannot both be meant."""
    first = Judgment("li", "three", "a1", "a2", 3, where=Location("li.xlsx", sheet="three", cell="C4"))
    second = Judgment("li", "three", "a2", "a1", 3, where=Location("li.xlsx", sheet="three", cell="C9"))
    (issue,) = judged(tree, first, second)
    assert (issue.code, issue.where) == ("WEIGH-511", second.where)
    assert issue.detail["place"] == "li.xlsx!three!C4"


def test_the_same_answer_given_twice_is_one_answer(tree: Tree, answered: Make) -> None:
    panel = answered({"li": CONSISTENT})
    twice = replace(panel, judgments=(*panel.judgments, Judgment("li", "three", "a2", "a1", 1 / 2)))
    assert weigh(tree, twice).local == weigh(tree, panel).local


def test_experts_need_a_weight_above_0_and_an_id_of_their_own(tree: Tree) -> None:
    experts = (Expert("li", weight=0), Expert("wu", weight=-1), Expert("hu"), Expert("hu", weight=math.nan))
    found = judged(tree, experts=experts)
    assert codes(found) == [
        ("WEIGH-512", "li"),
        ("WEIGH-512", "wu"),
        ("WEIGH-513", "hu"),
        ("WEIGH-512", "hu"),
    ]


def test_a_panel_without_experts_has_no_weights(tree: Tree) -> None:
    assert codes(judged(tree, experts=())) == [("WEIGH-517", "example")]


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"method": "eigenvektor"}, "eigenvector"),
        ({"aggregation": "ajj"}, "aij"),
        ({"convention": "strikt"}, "strict"),
        ({"inconsistent": "leaveout"}, "leave_out"),
        ({"scale": "ballanced"}, "balanced"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(tree: Tree, options: dict[str, str], hint: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        weigh(tree, **options)
    assert [(issue.code, issue.hint[0]) for issue in caught.value.issues] == [("METHOD-001", hint)]


def test_an_order_the_weights_reverse_is_named_with_its_expert(flat: Callable[..., Tree]) -> None:
    """x5 judged a little over x4, and weighing less all the same: accepted by CR, and still named."""
    tree = flat(*[None] * 5)
    values = (2, 3, 7, 9, 2, 6, 8, 5, 6, 1 / 1.1)
    names = [child.id for child in tree.root.children]
    answers = [
        Judgment(expert, "root", a, b, value)
        for expert, last in (("li", 1.0), ("wu", values[-1]))
        for (a, b), value in zip(combinations(names, 2), (*values[:-1], last), strict=True)
    ]
    li, wu = evidence(weigh(tree, Panel((Expert("li"), Expert("wu")), tuple(answers))), "root").experts
    assert (li.reversed, wu.reversed) == ((), (("x5", "x4"),))
    assert wu.judged.verdict == "consistent"


def test_who_answered_nothing_is_named_once_and_not_for_every_group(tree: Tree, answered: Make) -> None:
    weights = weigh(tree, answered({"li": CONSISTENT, "wu": {}}))
    assert codes(weights.issues) == [("WEIGH-523", "wu"), ("WEIGH-524", "li")]
    assert {one.reason for group in weights.groups for one in group.experts[1:]} == {"incomplete"}


def test_what_a_plan_leaves_out_is_not_said_to_be_missing(tree: Tree, answered: Make) -> None:
    """wu was asked a ring of the four, answered it, and was never asked about the three."""
    ring = {**CONSISTENT, "three": (), "four": (1, None, 4, 2, None, 2)}
    panel = answered({"li": CONSISTENT, "wu": ring})
    left = {("wu", "four", "b1", "b3"), ("wu", "four", "b2", "b4")}
    left |= {("wu", "three", a, b) for a, b in (("a1", "a2"), ("a1", "a3"), ("a2", "a3"))}
    weights = weigh(tree, replace(panel, unasked=frozenset(left)))
    three, four = evidence(weights, "three").experts[1], evidence(weights, "four").experts[1]
    assert (four.used, four.asked, four.answered, four.missing) == (True, 4, 4, 2)
    assert (three.used, three.reason, three.asked) == (False, "not_asked", 0)
    assert codes(weights.issues) == [("WEIGH-524", "li")]


def test_who_sent_two_versions_is_not_said_to_have_sent_nothing(tree: Tree, answered: Make) -> None:
    panel = answered({"li": CONSISTENT, "wu": {}})
    undecided = Issue("JUDGE-213", "wu", {"expert": "wu"}, severity=Severity.WARNING)
    weights = weigh(tree, replace(panel, issues=(undecided,)))
    assert codes(weights.issues) == [("WEIGH-524", "li")]
