"""The BPMSG AHP spreadsheet filled by a real user: weights, λmax, CR, GCI, dissonance, errors.

K. D. Goepel's template computes GCI with eigenvector weights; the published index uses row geometric
means, and so do we. Its dissonance Ψ counts the products of reciprocals that binary rounding leaves
a little off 1 as contradictions (one detour in DISTANCE, two in CRITERIA-LEVEL-1); judgments taken as
the integers they are have none of these. Its MRE is a figure of the sheet alone and not named here.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.ahp import consistency, contradictions, eigenvector_error, priorities

CASES = (
    "AHP-BPMSG-OPEX",
    "AHP-BPMSG-INSTALLATION-COMPLEXITY",
    "AHP-BPMSG-MAINTAINENCE-COMPLEXITY",
    "AHP-BPMSG-SECURITY",
    "AHP-BPMSG-DISTANCE",
    "AHP-BPMSG-FREQUENCY",
    "AHP-BPMSG-CRITERIA-LEVEL-1",
    "AHP-BPMSG-CRITERIA-LEVEL-2-TECHNICAL",
)
ROUNDED = {"AHP-BPMSG-DISTANCE": 1, "AHP-BPMSG-CRITERIA-LEVEL-1": 2}


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "golden" / "ahp_bpmsg_excel.json").read_text("utf-8")
    return {case["id"]: case for case in json.loads(text)["cases"]}


def judgments(inputs: dict[str, Any]) -> np.ndarray:
    n = len(inputs["elements"])
    A = np.eye(n)
    for entry in inputs["judgments"]:
        value = entry["intensity"] if entry["more_important"] == "A" else 1 / entry["intensity"]
        i, j = entry["i"] - 1, entry["j"] - 1
        A[i, j], A[j, i] = value, 1 / value
    return A


def test_every_case_of_the_file_is_tested(cases: dict[str, dict[str, Any]]) -> None:
    assert set(CASES) == set(cases)


@pytest.mark.parametrize("name", CASES)
def test_the_sheet_as_filled(cases: dict[str, dict[str, Any]], name: str) -> None:
    inputs, expected = cases[name]["inputs"], cases[name]["expected"]
    tolerance = cases[name]["tolerance"]
    A = judgments(inputs)
    np.testing.assert_allclose(A, inputs["matrix"], rtol=1e-12)
    result = consistency(A, convention="ahp-os")
    within = tolerance["weights_abs"]
    np.testing.assert_allclose(result.priorities, expected["weights_EVM"], rtol=0, atol=within)
    np.testing.assert_allclose(
        priorities(A, "geometric_mean"), expected["weights_RGMM_geometric_mean"], rtol=0, atol=within
    )
    assert result.lambda_max == pytest.approx(expected["lambda_max"], abs=tolerance["lambda_abs"])
    assert result.cr == pytest.approx(expected["CR_alonso_lamata"], abs=tolerance["CR_abs"])
    assert result.gci == pytest.approx(expected["GCI_definition_with_RGMM_weights"], abs=tolerance["GCI_abs"])
    np.testing.assert_allclose(eigenvector_error(A), expected["weight_error_EVM_pm"], rtol=0, atol=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_the_dissonance_without_its_rounding(cases: dict[str, dict[str, Any]], name: str) -> None:
    A = judgments(cases[name]["inputs"])
    n = len(A)
    detours = n * (n - 1) * (n - 2) / 2
    printed = cases[name]["expected"]["ordinal_inconsistency_Psi"]
    found = contradictions(A).dissonance
    assert found * detours == pytest.approx(printed * detours - ROUNDED.get(name, 0), abs=1e-9)
