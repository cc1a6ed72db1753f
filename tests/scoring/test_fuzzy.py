"""Fuzzy evaluation of arrays and of customers, by hand and against each other."""

from types import SimpleNamespace
from typing import Any, get_args

import numpy as np
import pandas as pd
import polars as pl
import pytest

from evaluator.errors import EvaluationError, Severity
from evaluator.measuring import MEMBERSHIPS, memberships
from evaluator.scoring import (
    OPERATORS,
    FuzzyOptions,
    Model,
    ScoringOptions,
    comprehensive_evaluation,
    fit,
    fuzzy_issues,
    grade_score,
    load_model,
    normalized,
    score,
    validity,
)
from evaluator.tree import Tree
from evaluator.tree.types import Gaussian, Ladder, Membership, Trapezoidal, Triangular
from evaluator.weighing import weigh

GRADES = ("good", "fair", "poor")  # scores 90, 70, 30
COMPLETE = {"a": [80.0], "b": [40.0], "c": [40.0], "d": [60.0]}
STATED = {
    "ladder": Ladder(kind="ladder", centres={"good": 90, "fair": 70, "poor": 30}),
    "ladder_cost": Ladder(kind="ladder", centres={"good": 1, "fair": 2, "poor": 8}),
    "triangular": Triangular(
        kind="triangular", grades={"good": (70, 90, 90), "fair": (30, 70, 90), "poor": (30, 30, 70)}
    ),
    "trapezoid": Trapezoidal(
        kind="trapezoid",
        grades={"good": (70, 80, 90, 90), "fair": (30, 50, 70, 80), "poor": (0, 0, 30, 50)},
    ),
    "gaussian": Gaussian(kind="gaussian", grades={"good": (90, 8), "fair": (70, 10), "poor": (30, 0.5)}),
}


def model_of(build: SimpleNamespace, tree: Tree, frame: Any, **options: Any) -> Model:
    return build.fitted(tree, frame, **{"fuzzy": {"operator": "weighted_average"}, **options})


def ladder(x: float) -> list[float]:
    return memberships([x], STATED["ladder"])[0].tolist()


def row_of(result: pl.DataFrame, place: str = "") -> list[float]:
    return [result[f"membership_{grade}{place}"].item() for grade in GRADES]


def test_every_operator_and_membership_of_the_formats_has_one_implementation() -> None:
    assert [FuzzyOptions(operator=name).operator for name in OPERATORS.names()] == [*OPERATORS.names()]
    with pytest.raises(ValueError, match="weighted"):
        FuzzyOptions(operator="weighted")
    members = get_args(get_args(Membership)[0])
    kinds = {get_args(get_args(member)[0].model_fields["kind"].annotation)[0] for member in members}
    assert set(MEMBERSHIPS.names()) == kinds


@pytest.mark.parametrize("name", STATED)
def test_memberships_lie_between_0_and_1_and_sum_to_1_everywhere(name: str) -> None:
    found = memberships(np.linspace(-50, 150, 4001), STATED[name])
    assert found.min() >= 0
    np.testing.assert_allclose(found.sum(1), 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ladder", 82.0, [0.6, 0.4, 0]),
        ("ladder", 95.0, [1, 0, 0]),
        ("ladder_cost", 5.0, [0, 0.5, 0.5]),
        ("ladder_cost", 0.0, [1, 0, 0]),
        ("triangular", 40.0, [0, 0.25, 0.75]),
        ("triangular", 100.0, [1, 0, 0]),
        ("trapezoid", 75.0, [0.5, 0.5, 0]),
        ("trapezoid", 60.0, [0, 1, 0]),
        ("trapezoid", -5.0, [0, 0, 1]),
        ("gaussian", 90.0, [1 / (1 + np.exp(-2)), np.exp(-2) / (1 + np.exp(-2)), 0]),
        ("gaussian", 50.0, [np.exp(-10.5), 1, 0] / (1 + np.exp(-10.5))),
    ],
)
def test_memberships_computed_by_hand(name: str, value: float, expected: list[float]) -> None:
    np.testing.assert_allclose(memberships([value], STATED[name])[0], expected, rtol=0, atol=1e-12)


def test_what_is_unknown_belongs_to_no_grade() -> None:
    assert np.isnan(memberships([np.nan], STATED["gaussian"])).all()


def test_batches_of_factors_are_evaluated_at_once() -> None:
    random = np.random.default_rng(3)
    W, R = random.dirichlet(np.ones(4), (2, 5)), random.dirichlet(np.ones(3), (2, 5, 4))
    for operator in OPERATORS.names():
        found = comprehensive_evaluation(W, R, operator)
        assert found.shape == (2, 5, 3)
        np.testing.assert_array_equal(found[1, 2], comprehensive_evaluation(W[1, 2], R[1, 2], operator))


@pytest.mark.parametrize(
    ("W", "R"),
    [
        ([0.5, 0.5], [[1, 0], [0, 1], [1, 0]]),
        ([0.5, np.nan], [[1, 0], [0, 1]]),
        ([1.5, -0.5], [[1, 0], [0, 1]]),
        ([1.0], [[2, -1]]),
        ([], np.empty((0, 2))),
    ],
)
def test_arrays_that_are_no_weights_and_memberships_are_refused(W: Any, R: Any) -> None:
    with pytest.raises(ValueError, match="weights"):
        comprehensive_evaluation(W, R)


def test_an_unknown_operator_is_refused_with_the_nearest() -> None:
    with pytest.raises(EvaluationError) as raised:
        comprehensive_evaluation([1.0], [[1.0]], "min_maxx")
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject, issue.hint[0]) == ("METHOD-001", "min_maxx", "min_max")


def test_nothing_in_any_grade_has_no_normal_form_and_one_grade_no_validity() -> None:
    assert np.isnan(normalized([0.0, 0.0])).all()
    with pytest.raises(ValueError, match="two grades"):
        validity([1.0])


@pytest.mark.parametrize("operator", OPERATORS.names())
def test_a_customer_gets_what_the_arrays_give_level_by_level(build: SimpleNamespace, operator: str) -> None:
    tree, frame = build.two_axes(), build.customers(**COMPLETE)
    result = score(model_of(build, tree, frame, fuzzy={"operator": operator}), frame)

    def over(W: list[float], R: list[list[float]]) -> list[float]:
        return normalized(comprehensive_evaluation(W, R, operator)).tolist()

    now = over([0.75, 0.25], [ladder(80.0), ladder(40.0)])
    later = over([0.5, 0.5], [ladder(40.0), ladder(60.0)])
    B = over([0.6, 0.4], [now, later])
    assert row_of(result, "@now") == pytest.approx(now, abs=1e-12)
    assert row_of(result, "@later") == pytest.approx(later, abs=1e-12)
    assert row_of(result) == pytest.approx(B, abs=1e-12)
    assert result["fuzzy_score"].item() == pytest.approx(grade_score(B, [90, 70, 30]))
    assert result["alpha"].item() == pytest.approx(validity(B))
    assert result["fuzzy_grade"].item() == GRADES[int(np.argmax(B))]


def test_the_weighted_average_up_the_tree_is_that_of_the_flat_global_weights(build: SimpleNamespace) -> None:
    random = np.random.default_rng(5)
    frame = build.customers(**{name: random.uniform(0, 100, 50).tolist() for name in "abcd"})
    model = model_of(build, build.two_axes(), frame)
    result = score(model, frame)
    R = np.stack([memberships(frame[f"m_{name}"].to_numpy(), STATED["ladder"]) for name in "abcd"], axis=1)
    B = comprehensive_evaluation([model.global_[name] for name in "abcd"], R)
    found = result.select(f"membership_{grade}" for grade in GRADES).to_numpy()
    np.testing.assert_allclose(found, B, rtol=0, atol=1e-12)


def test_a_minimum_under_small_weights_is_warned_of(build: SimpleNamespace) -> None:
    tree = build.made(build.group("now", *(build.leaf(name) for name in "abc")), build.leaf("d"))
    frame = build.customers(**COMPLETE)
    found = fuzzy_issues(model_of(build, tree, frame, fuzzy={"operator": "min_max"}))
    assert [(i.code, i.subject, i.severity, i.detail["groups"]) for i in found] == [
        ("SCORE-632", "min_max", Severity.WARNING, "now")
    ]
    assert fuzzy_issues(model_of(build, tree, frame)) == fuzzy_issues(build.fitted(tree, frame)) == ()


def test_a_missing_leaf_hands_its_weight_on_in_the_memberships_too(build: SimpleNamespace) -> None:
    frame = build.customers(**COMPLETE)
    for operator in OPERATORS.names():
        model = model_of(build, build.two_axes(), frame, fuzzy={"operator": operator})
        result = score(model, build.customers(**{**COMPLETE, "b": [None], "c": [None], "d": [None]}))
        assert row_of(result, "@now") == pytest.approx(ladder(80.0))
        assert row_of(result, "@later") == [None] * 3
        assert row_of(result) == pytest.approx(ladder(80.0))


def test_a_filled_score_is_placed_between_the_grades(build: SimpleNamespace) -> None:
    tree, frame = build.two_axes("neutral"), build.customers(**COMPLETE)
    result = score(model_of(build, tree, frame), build.customers(**{**COMPLETE, "b": [None]}))
    expected = [0.75 * x + 0.25 * y for x, y in zip(ladder(80.0), ladder(50.0), strict=True)]
    assert row_of(result, "@now") == pytest.approx(expected)


def test_an_excluded_customer_belongs_to_no_grade(build: SimpleNamespace) -> None:
    tree, frame = build.two_axes("exclude"), build.customers(**COMPLETE)
    result = score(model_of(build, tree, frame), build.customers(**{**COMPLETE, "b": [None]}))
    assert row_of(result) == [None] * 3
    assert result.select("fuzzy_score", "fuzzy_grade", "alpha", "validity").row(0) == (None,) * 4


@pytest.mark.parametrize(
    ("a", "word", "alpha"),
    [(90.0, "full", None), (88.0, "high", (3 * 0.9 - 1) / (2 * 0.1 * 2)), (80.0, "weak", 0.25),
     (82.0, "fair", 0.5), (83.0, "fair", (3 * 0.65 - 1) / (2 * 0.35 * 2))],
)  # fmt: skip
def test_the_validity_of_the_largest_membership_is_said_in_a_word(
    build: SimpleNamespace, a: float, word: str, alpha: float | None
) -> None:
    tree, frame = build.made(build.leaf("a")), build.customers(a=[a])
    result = score(model_of(build, tree, frame), frame)
    assert result["validity"].item() == word
    assert result["alpha"].item() == (None if alpha is None else pytest.approx(alpha))


def test_of_equal_memberships_the_better_grade_is_shown_and_called_weak(build: SimpleNamespace) -> None:
    tree, frame = build.made(build.leaf("a")), build.customers(a=[80.0, 50.0])
    result = score(model_of(build, tree, frame), frame)
    assert result.select("fuzzy_grade", "validity").rows() == [("good", "weak"), ("fair", "weak")]


def test_a_stated_membership_places_the_measure_itself(build: SimpleNamespace) -> None:
    stated = {"kind": "ladder", "centres": {"good": 0.0, "fair": 10.0, "poor": 20.0}}
    cost = {"kind": "linear", "worst": 100.0, "best": 0.0}
    tree = build.made(build.leaf("a", cost, direction="cost", membership=stated))
    frame = build.customers(a=[4.0, 25.0, None])
    result = score(model_of(build, tree, frame), frame)
    assert result["membership_good"].to_list() == [pytest.approx(0.6), 0.0, None]
    assert result["membership_poor"].to_list() == [0.0, 1.0, None]
    assert result["score_a"].to_list() == [96, 75, None]


def voted(build: SimpleNamespace) -> tuple[Tree, pl.DataFrame]:
    tree = build.made(build.leaf("a", {"kind": "graded"}), build.leaf("b"))
    frame = build.customers(a=[70.0, 70.0, None], b=[90.0, 90.0, 90.0]).with_columns(
        pl.Series("votes_good@m_a", [2, None, 0]),
        pl.Series("votes_fair@m_a", [1, None, 0]),
        pl.Series("votes_poor@m_a", [1, None, 0]),
    )
    return tree, frame


@pytest.mark.parametrize("kind", ["polars", "lazy", "pandas"])
def test_votes_of_raters_are_their_shares_and_a_bare_score_takes_the_ladder(
    build: SimpleNamespace, kind: str
) -> None:
    tree, frame = voted(build)
    model = model_of(build, tree, frame)
    assert model.votes == ("a",)
    given: Any = {
        "polars": frame,
        "lazy": frame.lazy(),
        "pandas": pd.DataFrame(frame.to_dict(as_series=False)),
    }[kind]
    result = score(model, given)
    result = result.collect() if kind == "lazy" else result
    found = [list(result[f"membership_{grade}"]) for grade in GRADES]
    assert [column[0] for column in found] == pytest.approx([0.75, 0.125, 0.125])
    assert [column[1] for column in found] == pytest.approx([0.5, 0.5, 0])
    assert [column[2] for column in found] == pytest.approx([1, 0, 0])


def test_without_fuzzy_evaluation_votes_and_columns_are_left_alone(build: SimpleNamespace) -> None:
    tree, frame = voted(build)
    model = build.fitted(tree, frame)
    assert model.votes == ()
    assert not [name for name in score(model, frame).columns if "membership" in name or "fuzzy" in name]


def test_a_model_of_votes_asks_for_them(build: SimpleNamespace) -> None:
    tree, frame = voted(build)
    model = model_of(build, tree, frame)
    text = frame.with_columns(pl.lit("two").alias("votes_good@m_a"))
    negative = frame.with_columns(pl.Series("votes_good@m_a", [-2, 1, 1]))
    for given, code in (
        (frame.drop("votes_good@m_a"), "SCORE-612"),
        (text, "SCORE-613"),
        (negative, "SCORE-631"),
    ):
        with pytest.raises(EvaluationError) as raised:
            score(model, given)
        (issue,) = raised.value.issues
        assert (issue.code, issue.subject, issue.detail["indicator"]) == (code, "votes_good@m_a", "a")


def test_the_leading_score_ranks_grades_and_classifies(build: SimpleNamespace) -> None:
    """now is 97.5 by its scores, 90 by its memberships, whose best grade stands for 90."""
    cut = {"kind": "fixed", "at": (95.0,)}
    tree = build.two_axes(matrices=(build.matrix(cut, {"kind": "fixed", "at": (10.0,)}),))
    frame = build.customers(a=[100.0], b=[90.0], c=[0.0], d=[0.0])
    crisp = score(model_of(build, tree, frame), frame).row(0, named=True)
    fuzzy = score(model_of(build, tree, frame, leading="fuzzy", fuzzy=None), frame).row(0, named=True)
    assert (crisp["score"], crisp["score_now"], crisp["class_plane"], crisp["grade"]) == (
        pytest.approx(58.5), pytest.approx(97.5), "high_low", "poor")  # fmt: skip
    assert (fuzzy["score"], fuzzy["score_now"], fuzzy["class_plane"], fuzzy["grade"]) == (
        pytest.approx(66), pytest.approx(90), "low_high", "fair")  # fmt: skip
    for found in (crisp, fuzzy):
        assert (found["crisp_score"], found["fuzzy_score"]) == pytest.approx((58.5, 66))
        assert found["fuzzy_grade"] == "good"


def test_the_grade_set_may_be_customer_classes(build: SimpleNamespace) -> None:
    """The class of the largest membership is the customer's; memberships are those of a, and thrice b's."""
    classes = tuple(
        {"id": name, "name": {"zh": zh, "en": name}, "score": stands, "from": from_}
        for name, zh, stands, from_ in (("key", "重点客户", 90.0, 80.0), ("growing", "成长客户", 70.0, 50.0),
                                        ("marginal", "一般客户", 30.0, 0.0))
    )  # fmt: skip

    def placed(peak: float) -> dict[str, Any]:
        shapes = {"key": (peak, 90.0, 90.0), "growing": (30.0, peak, 90.0), "marginal": (30.0, 30.0, peak)}
        return {"kind": "triangular", "grades": shapes}

    tree = build.made(
        {**build.leaf("a", weight=1.0), "membership": placed(60.0)},
        {**build.leaf("b", weight=3.0), "membership": placed(70.0)},
        grades=classes,
    )
    frame = build.customers(a=[30.0, 90.0], b=[70.0, 80.0])
    found = score(model_of(build, tree, frame), frame)
    assert found["fuzzy_grade"].to_list() == ["growing", "key"]
    shares = found.select("membership_key", "membership_growing", "membership_marginal").rows()
    assert shares == [pytest.approx((0, 0.75, 0.25)), pytest.approx((0.25 + 0.375, 0.375, 0))]


def test_a_relative_cut_is_read_from_the_leading_score(build: SimpleNamespace) -> None:
    tree = build.two_axes(matrices=(build.matrix({"kind": "mean"}, {"kind": "mean"}),))
    frame = build.customers(a=[100.0, 0.0], b=[90.0, 0.0], c=[40.0, 40.0], d=[60.0, 60.0])
    assert model_of(build, tree, frame, leading="fuzzy").cuts["plane"].x == (pytest.approx((90 + 30) / 2),)


def test_a_fuzzy_model_is_saved_and_a_part_of_it_cannot_be_taken_out(
    build: SimpleNamespace, tmp_path: Any
) -> None:
    tree, frame = voted(build)
    options = ScoringOptions.model_validate({"leading": "fuzzy", "fuzzy": {"operator": "min_max"}})
    model = fit(tree, weigh(tree), frame, options=options)
    path = tmp_path / "model.json"
    model.save(path)
    assert load_model(path) == model
    assert score(load_model(path), frame).equals(score(model, frame))
    model.model_copy(update={"fuzzy": None}).save(path)
    with pytest.raises(EvaluationError) as raised:
        load_model(path)
    assert [(issue.code, issue.detail["part"]) for issue in raised.value.issues] == [("SCORE-604", "fuzzy")]
