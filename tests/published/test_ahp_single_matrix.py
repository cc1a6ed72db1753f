"""Published single-matrix examples: priorities, λmax and CR at the precision they were printed with.

The cases stand in the shared folder of worked examples, each with its citation; `CHECKS` says how
the keys of a case map to what is computed.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.ahp import consistency, priorities

METHODS = {"column_normalised_mean": "normalized_columns", "mean": "normalized_columns",
           "geometric": "geometric_mean", "max_eigen": "eigenvector"}  # fmt: skip

CASES = (
    "AHP-DRINKS-SAATY2008",
    "AHP-DRINKS-AHPOS-8DP",
    "AHP-LEADER-CRITERIA",
    "AHP-LEADER-EXPERIENCE",
    "AHP-LEADER-EDUCATION",
    "AHP-CITY-SAATY2004",
    "AHP-HOUSE-SAATY",
    "AHP-SCHOOL-WANGCHIN2011",
    "AHP-FUZZYAHP-VIGNETTE",
    "AHP-PYANP-LLSM-3A",
    "AHP-PYANP-LLSM-5",
    "AHP-PYDECISION-7X7",
    "AHP-IRONMINE-LU",
    "AHP-CN-SUMMETHOD-5X5",
)


@pytest.fixture(scope="session")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "golden" / "ahp_single_matrix.json").read_text("utf-8")
    return {case["id"]: case for case in json.loads(text)["cases"]}


def judgments(inputs: dict[str, Any]) -> np.ndarray:
    """Return the matrix of a case, however it was written down."""
    if "matrix" in inputs:
        return np.array(inputs["matrix"], float)
    elements = inputs.get("elements")
    if "pairs" in inputs:
        cells = [(elements.index(a), elements.index(b), value) for a, b, value in inputs["pairs"]]
    else:
        upper = inputs["upper_triangle_rowwise"]
        n = round((1 + (1 + 8 * len(upper)) ** 0.5) / 2)
        cells = [(*cell, value) for cell, value in zip(zip(*np.triu_indices(n, 1), strict=True), upper,
                                                       strict=True)]  # fmt: skip
    n = max(max(i, j) for i, j, _ in cells) + 1
    A = np.ones((n, n))
    for i, j, value in cells:
        A[i, j], A[j, i] = value, 1 / value
    return A


def printed(weights: Any, inputs: dict[str, Any]) -> list[float]:
    return [weights[name] for name in inputs["elements"]] if isinstance(weights, dict) else weights


def test_every_case_of_the_file_is_tested(cases: dict[str, dict[str, Any]]) -> None:
    assert set(CASES) == set(cases)


@pytest.mark.parametrize("name", [name for name in CASES if name != "AHP-PYDECISION-7X7"])
def test_priorities_and_ratio_as_printed(cases: dict[str, dict[str, Any]], name: str) -> None:
    case = cases[name]
    inputs, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    A, method = judgments(inputs), METHODS.get(inputs["method"], inputs["method"])
    general = tolerance.get("abs", 0.0)
    w = priorities(A, method)
    if "weights" in expected:
        within = tolerance.get("weights_abs", general)
        np.testing.assert_allclose(w, printed(expected["weights"], inputs), rtol=0, atol=within)
    if "CR" in expected:
        ri = inputs.get("RI") or inputs["RI_n8_ahpsurvey"]
        cr = consistency(A, method, ri=ri).cr
        assert cr == pytest.approx(expected["CR"], abs=tolerance.get("CR_abs", general))
    if "CI" in expected:
        assert consistency(A, method).ci == pytest.approx(expected["CI"], abs=general)


def test_drinks_under_two_random_indices(cases: dict[str, dict[str, Any]]) -> None:
    """Saaty 2008, doi:10.1504/IJSSCI.2008.017590: the same judgments, CR by two tables."""
    case = cases["AHP-DRINKS-SAATY2008"]
    A, expected, tolerance = judgments(case["inputs"]), case["expected"], case["tolerance"]
    np.testing.assert_allclose(priorities(A), printed(expected["weights_4dp"], case["inputs"]),
                               rtol=0, atol=tolerance["weights_4dp_abs"])  # fmt: skip
    saaty, donegan = consistency(A, ri="saaty2005"), consistency(A, ri="donegan_dodd")
    assert saaty.ri == expected["RI_saaty2005_n7"]
    assert saaty.cr == pytest.approx(expected["CR_saaty2005_RI"], abs=tolerance["CR_abs"])
    assert donegan.cr == pytest.approx(expected["CR_donegan_dodd_RI"], abs=tolerance["CR_donegan_dodd_abs"])


def test_the_errors_of_the_city_example(cases: dict[str, dict[str, Any]]) -> None:
    """Saaty 2004: e_ij = a_ij w_j / w_i, the terms that λmax is made of."""
    case = cases["AHP-CITY-SAATY2004"]
    A = judgments(case["inputs"])
    w = priorities(A)
    errors = A * w / w[:, None]
    expected = case["expected"]["error_matrix_a_ij_wj_over_wi"]
    np.testing.assert_allclose(errors, expected, rtol=0, atol=case["tolerance"]["error_abs"])
    assert errors.sum() / 5 == pytest.approx(float(consistency(A).lambda_max), rel=1e-12)


@pytest.mark.parametrize("method", ["mean", "geometric", "max_eigen"])
def test_three_priorities_of_one_matrix(cases: dict[str, dict[str, Any]], method: str) -> None:
    """pyDecision's README: each method with its own estimate of λmax, random index 1.32."""
    case = cases["AHP-PYDECISION-7X7"]
    A, expected = judgments(case["inputs"]), case["expected"][method]
    within = case["tolerance"]["abs"]
    np.testing.assert_allclose(priorities(A, METHODS[method]), expected["weights"], rtol=0, atol=within)
    result = consistency(A, METHODS[method], ri="saaty1980")
    assert result.ri == case["inputs"]["RI"]
    assert result.cr == pytest.approx(expected["CR"], abs=within)


def test_the_sum_method_before_normalising(cases: dict[str, dict[str, Any]]) -> None:
    """和法: sums of the normalised rows, and the first term of A w."""
    case = cases["AHP-CN-SUMMETHOD-5X5"]
    A, expected, within = judgments(case["inputs"]), case["expected"], case["tolerance"]["abs"]
    w = priorities(A, "normalized_columns")
    np.testing.assert_allclose(5 * w, expected["row_sums_of_normalised"], rtol=0, atol=within)
    assert (A @ w)[0] == pytest.approx(expected["A_w_first"], abs=within)
    assert consistency(A, "normalized_columns").verdict == "inconsistent"
