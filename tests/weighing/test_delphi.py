"""Delphi screening: the figures of each candidate, the boundary rule, and who was heard."""

import math

import numpy as np
import pytest

from evaluator.errors import EvaluationError
from evaluator.weighing import screen

NAMES = ["a", "b", "c", "d", "e"]
TABLE = {
    "li": [5, 4, 5, 3, 1],
    "wu": [5, 5, 4, 2, 2],
    "hu": [4, 5, 5, 4, 1],
    "ma": [5, 4, 4, 3, 3],
}
SCORES = {expert: dict(zip(NAMES, row, strict=True)) for expert, row in TABLE.items()}


def test_figures_and_bounds_by_hand() -> None:
    S = np.array(list(TABLE.values()), float)
    found = screen(SCORES, NAMES)
    mean, full = S.mean(0), (S == 5).mean(0)
    variation = S.std(0, ddof=1) / mean
    for row, *expected in zip(found.rows, mean, full, variation, strict=True):
        assert (row.mean, row.full, row.variation) == pytest.approx(expected)
        assert row.answers == 4
    assert found.bounds["mean"] == pytest.approx(mean.mean() - mean.std(ddof=1))
    assert found.bounds["full"] == pytest.approx(full.mean() - full.std(ddof=1))
    assert found.bounds["variation"] == pytest.approx(variation.mean() + variation.std(ddof=1))
    assert [(row.indicator, row.decision) for row in found.rows] == [
        ("a", "keep"), ("b", "keep"), ("c", "keep"), ("d", "discuss"), ("e", "drop"),
    ]  # fmt: skip
    assert found.rows[3].misses == ("full",)
    assert found.rows[4].misses == ("mean", "full", "variation")


def test_candidates_all_alike_reach_their_own_bounds() -> None:
    alike = {expert: dict.fromkeys(NAMES, score) for expert, score in (("li", 5), ("wu", 4))}
    assert {row.decision for row in screen(alike, NAMES).rows} == {"keep"}


def test_the_order_of_candidates_is_tested_for_concordance() -> None:
    found = screen(SCORES, NAMES)
    assert 0.7 < found.w < 0.9
    assert found.chi2 == pytest.approx(4 * 4 * found.w)
    assert found.p < 0.05
    assert found.df == 4


def test_response_counts_those_who_were_asked() -> None:
    silent = {**SCORES, "yu": dict.fromkeys(NAMES), "xu": {}}
    found = screen(silent, NAMES, invited=8)
    assert (found.experts, found.response) == (4, 0.5)
    assert [row.mean for row in found.rows] == [row.mean for row in screen(SCORES, NAMES).rows]


def test_authority_is_the_mean_of_ca_and_cs() -> None:
    found = screen(SCORES, NAMES, authority={"li": (0.9, 0.7), "wu": (0.8, 0.4)})
    assert found.authority == pytest.approx({"li": 0.8, "wu": 0.6})
    assert found.mean_authority == pytest.approx(0.7)
    assert math.isnan(screen(SCORES, NAMES).mean_authority)


def test_a_candidate_nobody_scored_is_discussed_not_dropped() -> None:
    found = screen(SCORES, [*NAMES, "f"]).rows[-1]
    assert (found.answers, found.decision) == (0, "discuss")
    assert math.isnan(found.mean)


def test_everything_wrong_is_said_at_once() -> None:
    scores = {**SCORES, "yu": {"a": 6, "bb": 3, "c": float("nan")}}
    with pytest.raises(EvaluationError) as caught:
        screen(scores, ["a", "b", "c", "d", "e", "b_b"], authority={"li": (1.2, 0)})
    found = [(issue.code, issue.subject) for issue in caught.value.issues]
    assert found == [("WEIGH-546", "a"), ("WEIGH-545", "bb"), ("WEIGH-546", "c"), ("WEIGH-531", "li")]
    assert caught.value.issues[1].hint[0] == "b_b"


@pytest.mark.parametrize("scores", [{}, {"li": {}}, {"li": {"a": None}}])
def test_a_round_nobody_answered_is_an_error(scores: dict) -> None:
    with pytest.raises(EvaluationError) as caught:
        screen(scores, ["a"])
    assert [issue.code for issue in caught.value.issues] == ["WEIGH-544"]
