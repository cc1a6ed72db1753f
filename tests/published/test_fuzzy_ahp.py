"""Published fuzzy AHP examples at the precision they were printed with."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.ahp import aggregate_fuzzy, fuzzify, fuzzy_priorities

SCADA = tuple(
    f"FAHP-SCADA-{name}"
    for name in ("SUBCRITERIOSVSC1", "SUBCRITERIOSVSC2", "SUBCRITERIOSVSC3", "SUBCRITERIOSVSC4", "PROYVSML",
                 "PROYVSFT", "PROYVSNP", "PROYVSNC", "PROYVSFG", "PROYVSII", "PROYVSIE")
)  # fmt: skip
ELSEWHERE = {
    "FAHP-JANCAHA-SCORING": "trust B: scores of alternatives with fuzzy weights, which scoring leaves out"
}


@pytest.fixture(scope="session")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "golden" / "fuzzy_ahp.json").read_text("utf-8")
    return {case["id"]: case for case in json.loads(text)["cases"]}


def matrix(upper: list[list[float]]) -> np.ndarray:
    n = len(upper) + 1
    A = np.ones((n, n))
    for i, row in enumerate(upper):
        for j, value in enumerate(row, start=i + 1):
            A[i, j], A[j, i] = value, 1 / value
    return A


def test_every_case_of_the_file_is_tested_or_named(cases: dict[str, dict[str, Any]]) -> None:
    assert set(cases) == {*SCADA, "FAHP-JANCAHA-3X3", *ELSEWHERE}


@pytest.mark.parametrize("name", SCADA)
def test_a_group_by_buckley(cases: dict[str, dict[str, Any]], name: str) -> None:
    """Three respondents; nine is (8, 9, 10), equal is (1, 1, 1), w = (l / Σu, m / Σm, u / Σl)."""
    case = cases[name]
    answers = case["inputs"]["respondents_upper_triangle_crisp"].values()
    joint = aggregate_fuzzy(fuzzify([matrix(upper) for upper in answers], largest=10))
    expected, tolerance = case["expected"], case["tolerance"]
    np.testing.assert_allclose(
        joint, expected["aggregated_TFN_matrix_3dp"], rtol=0, atol=tolerance["matrix_abs"]
    )
    result = fuzzy_priorities(joint, "buckley")
    np.testing.assert_allclose(result.fuzzy, expected["fuzzy_weights"], rtol=0, atol=tolerance["weights_abs"])


def test_four_methods_on_one_matrix(cases: dict[str, dict[str, Any]]) -> None:
    """The R package FuzzyAHP: Buckley, constrained (Krejčí), row sums after Wang, and Chang's zeros."""
    case = cases["FAHP-JANCAHA-3X3"]
    T, expected, within = case["inputs"]["TFN_matrix"], case["expected"], case["tolerance"]["abs"]
    for method, key in (("buckley", "buckley"), ("constrained", "krejci2016"), ("row_sums", "wang2008"),
                        ("chang", "chang_extents")):  # fmt: skip
        np.testing.assert_allclose(fuzzy_priorities(T, method).fuzzy, expected[key], rtol=0, atol=within)
    np.testing.assert_allclose(fuzzy_priorities(T, "chang").crisp, expected["chang_weights"], atol=within)


def test_extent_analysis_beside_the_methods_it_contradicts() -> None:
    """Wang, Luo & Hua 2008, doi:10.1016/j.ejor.2007.01.050: two criteria of four lose all their weight."""
    A = matrix([[3, 5, 7], [3, 5], [3]])
    T = fuzzify(A, largest=10)
    np.testing.assert_allclose(fuzzy_priorities(T).crisp, [0.557, 0.267, 0.120, 0.056], atol=5e-4)
    np.testing.assert_allclose(fuzzy_priorities(T, "chang").crisp, [0.739, 0.261, 0, 0], atol=5e-4)
