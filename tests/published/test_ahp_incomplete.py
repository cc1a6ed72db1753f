"""Published examples with missing judgments, and the replacement of the most contradictory one."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.ahp import complete, consistency, errors, harker, priorities, worst_judgment


def cases_of(shared: Path, file: str) -> dict[str, dict[str, Any]]:
    text = (shared / "golden" / file).read_text("utf-8")
    return {case["id"]: case for case in json.loads(text)["cases"]}


@pytest.fixture(scope="module")
def incomplete(shared: Path) -> dict[str, dict[str, Any]]:
    return cases_of(shared, "ahp_incomplete.json")


def upper_triangle(values: list[float | None]) -> np.ndarray:
    n = round((1 + (1 + 8 * len(values)) ** 0.5) / 2)
    A = np.eye(n)
    i, j = np.triu_indices(n, 1)
    A[i, j] = [np.nan if value is None else value for value in values]
    A[j, i] = 1 / A[i, j]
    return A


def test_every_case_of_the_file_is_tested(incomplete: dict[str, dict[str, Any]]) -> None:
    assert set(incomplete) == {"AHP-INC-BOZOKI-8-HOUSE", "AHP-INC-HARKER-FIX", "AHP-INC-HARKER-CITY8"}


def test_the_house_with_twelve_blanks(incomplete: dict[str, dict[str, Any]]) -> None:
    """Bozóki, Fülöp & Rónyai 2010, doi:10.1016/j.mcm.2010.02.047: Saaty's house, 12 of 28 missing."""
    case = incomplete["AHP-INC-BOZOKI-8-HOUSE"]
    A = np.full((8, 8), np.nan)
    A[range(8), range(8)] = 1
    for a, b, value in case["inputs"]["pairs"]:
        i, j = ord(a) - ord("a"), ord(b) - ord("a")
        A[i, j], A[j, i] = value, 1 / value
    found = complete(A)
    assert found.converged
    expected, tolerance = case["expected"], case["tolerance"]
    for key, within in (("missing", "missing_rel"), ("missing_exact_lambda_min", "missing_exact_rel")):
        for pair, value in expected[key].items():
            i, j = (ord(name) - ord("a") for name in pair.split(","))
            assert found.matrix[i, j] == pytest.approx(value, rel=tolerance[within])
    result = consistency(A)
    assert result.lambda_max == pytest.approx(expected["lambda_max_at_optimum"], rel=1e-9)
    assert result.missing == len(expected["missing"]) == 12


def test_harkers_matrix(incomplete: dict[str, dict[str, Any]]) -> None:
    case = incomplete["AHP-INC-HARKER-FIX"]
    found = harker(upper_triangle(case["inputs"]["upper_triangle_rowwise"]))
    expected = case["expected"]["harker_matrix"]
    np.testing.assert_allclose(found, expected, rtol=0, atol=case["tolerance"]["abs"])


def test_harkers_imputation_of_two_missing_judgments(incomplete: dict[str, dict[str, Any]]) -> None:
    """Harker 1987: no other judgment is touched, as it is in a package that zeroes (n − i, n − j) too."""
    case = incomplete["AHP-INC-HARKER-CITY8"]
    A = upper_triangle(case["inputs"]["upper_triangle_rowwise_ratio"])
    expected, within = case["expected"], case["tolerance"]["abs"]
    w = priorities(A, "harker")
    np.testing.assert_allclose(w, expected["weights"], rtol=0, atol=within)
    assert w[0] / w[2] == pytest.approx(expected["cult_over_house"], abs=within)
    assert w[2] / w[3] == pytest.approx(expected["house_over_jobs"], abs=within)
    root = (harker(A) @ w / w)[0]
    assert root == pytest.approx(expected["harker_lambda"], abs=within)


def test_the_most_contradictory_judgment_of_the_house_is_replaced(shared: Path) -> None:
    """Saaty 2003, doi:10.1016/S0377-2217(02)00227-8: nbrhd over cond, 6, becomes 0.459."""
    (case,) = cases_of(shared, "ahp_inconsistency.json").values()
    A, expected, tolerance = np.array(case["inputs"]["matrix"]), case["expected"], case["tolerance"]
    for by in ("error", "influence"):
        worst = worst_judgment(A, by=by)
        assert [k + 1 for k in worst.pair.tolist()] == expected["most_inconsistent_pair_1based"]
        assert worst.error == pytest.approx(expected["error_value"], abs=tolerance["error_abs"])
    i, j = worst.pair
    assert errors(A).max() == errors(A)[i, j]
    blanked = A.copy()
    blanked[i, j] = blanked[j, i] = np.nan
    w = priorities(blanked, "harker")
    assert w[i] / w[j] == pytest.approx(expected["replacement_nbrhd_cond"], abs=tolerance["replacement_abs"])
    assert w[j] / w[i] == pytest.approx(expected["replacement_cond_nbrhd"], abs=tolerance["replacement_abs"])
    replaced = A.copy()
    replaced[i, j], replaced[j, i] = w[i] / w[j], w[j] / w[i]
    after = consistency(replaced, ri=case["inputs"]["RI"])
    assert after.cr == pytest.approx(expected["CR_after"], abs=tolerance["CR_abs"])
