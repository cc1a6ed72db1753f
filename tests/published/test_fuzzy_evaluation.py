"""Published fuzzy comprehensive evaluations at the precision they were printed with."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.scoring import comprehensive_evaluation, grade_score, normalized, validity

NAMES = {
    "M(*,+)": "weighted_average",
    "M(min,max)": "min_max",
    "M(*,max)": "product_max",
    "1": "min_max",
    "2": "product_max",
    "3": "weighted_average",
    "4": "min_bounded_sum",
}
CASES = ("FCE-STAFF-L1", "FCE-RESTAURANT", "FCE-STUDENT-3OPS", "FCE-FIVE-OPERATORS")


@pytest.fixture(scope="session")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "golden" / "fce.json").read_text("utf-8")
    return {case["id"]: case for case in json.loads(text)["cases"]}


def test_every_case_of_the_file_is_tested(cases: dict[str, dict[str, Any]]) -> None:
    assert set(cases) == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_every_printed_vector_is_met(cases: dict[str, dict[str, Any]], name: str) -> None:
    """The book divides each B by its sum in FCE-FIVE-OPERATORS; the others print B as it is."""
    case = cases[name]
    inputs, expected, within = case["inputs"], case["expected"], case["tolerance"]["abs"]
    vectors = {NAMES[key]: B for key, B in expected.items() if key in NAMES}
    if "B" in expected:
        vectors[NAMES[inputs["operator"]]] = expected["B"]
    assert vectors
    for operator, B in vectors.items():
        found = comprehensive_evaluation(inputs["W"], inputs["R"], operator)
        if name == "FCE-FIVE-OPERATORS":
            found = normalized(found)
        np.testing.assert_allclose(found, B, rtol=0, atol=within)
    if "grade" in expected:
        assert inputs["grades"][int(np.argmax(expected["B"]))] == expected["grade"]


def test_the_operator_can_change_the_grade(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["FCE-RESTAURANT"]["inputs"]
    best = [int(np.argmax(comprehensive_evaluation(case["W"], case["R"], operator)))
            for operator in ("weighted_average", "min_max")]  # fmt: skip
    assert [case["grades"][place] for place in best] == ["良好", "优秀"]


def test_scores_and_validity_of_one_case_under_two_operators() -> None:
    """Two equal top grades: α = 0.234 says that the grade is arbitrary."""
    W = [0.4, 0.3, 0.2, 0.1]
    R = [[0.5, 0.3, 0.2, 0, 0], [0.2, 0.4, 0.3, 0.1, 0], [0.3, 0.3, 0.2, 0.1, 0.1], [0, 0.2, 0.5, 0.2, 0.1]]
    V = [95, 85, 75, 65, 50]
    B = comprehensive_evaluation(W, R)
    np.testing.assert_allclose(B, [0.32, 0.32, 0.26, 0.07, 0.03], atol=1e-12)
    assert (grade_score(B, V), validity(B)) == (pytest.approx(83.15), pytest.approx(0.234, abs=5e-4))
    B = comprehensive_evaluation(W, R, "min_max")
    np.testing.assert_allclose(B, [0.4, 0.3, 0.3, 0.1, 0.1], atol=1e-12)
    assert grade_score(B, V) == pytest.approx(81.25)
