"""Published examples of weights from data and from best–worst comparisons."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.ahp import best_worst
from evaluator.weighing import entropy, merec, standard_deviation

TESTED = {
    "MCDM-W-ENTROPY-2X2",
    "MCDM-W-ENTROPY-JMCDM",
    "MCDM-W-BWM-REZAEI2015",
    "MCDM-W-STANDARD_DEVIATION",
}
NOT_OFFERED = {
    "MCDM-W-CILOS": "trust B; a method this package does not name",
    "MCDM-W-IDOCRIW": "trust B; entropy times CILOS, likewise",
    "MCDM-W-ANGLE": "trust B; a method this package does not name",
    "MCDM-W-GINI": "trust C: not for pass or fail",
    "MCDM-W-RANCOM": "trust B; rankings of criteria, a way to ask this package does not name",
}


@pytest.fixture(scope="session")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "golden" / "mcdm_weights_ranking.json").read_text("utf-8")
    return {case["id"]: case for case in json.loads(text)["cases"] if case["id"].startswith("MCDM-W-")}


def test_every_weight_case_is_tested_or_named_with_the_reason(cases: dict[str, dict[str, Any]]) -> None:
    assert set(cases) == TESTED | set(NOT_OFFERED)
    assert not {name for name in NOT_OFFERED if cases[name]["trust"] == "A"}


@pytest.mark.parametrize("name", sorted(name for name in TESTED if "ENTROPY" in name))
def test_entropy(cases: dict[str, dict[str, Any]], name: str) -> None:
    case = cases[name]
    w = entropy(case["inputs"]["matrix"])
    np.testing.assert_allclose(w, case["expected"]["weights"], rtol=0, atol=case["tolerance"]["abs"])


def test_standard_deviation(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["MCDM-W-STANDARD_DEVIATION"]
    w = standard_deviation(case["inputs"]["matrix"])
    np.testing.assert_allclose(w, case["expected"]["weights"], rtol=0, atol=case["tolerance"]["abs"])


def test_merec_of_five_alternatives() -> None:
    """Keshavarz-Ghorabaee et al. 2021, doi:10.3390/sym13040525, the illustrative example."""
    X = [
        [450, 8000, 54, 145],
        [10, 9100, 2, 160],
        [100, 8200, 31, 153],
        [220, 9300, 1, 162],
        [5, 8400, 23, 158],
    ]
    w = merec(X, ["benefit", "benefit", "cost", "cost"])
    np.testing.assert_allclose(w, [0.5752, 0.0141, 0.4016, 0.0091], rtol=0, atol=5e-5)


def test_best_worst_of_three(cases: dict[str, dict[str, Any]]) -> None:
    """Rezaei 2015, doi:10.1016/j.omega.2014.11.009, first example: price, quality and comfort of a car."""
    case = cases["MCDM-W-BWM-REZAEI2015"]
    inputs, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    result = best_worst(inputs["best_to_others"], inputs["others_to_worst"], model="nonlinear")
    np.testing.assert_allclose(result.weights, expected["weights"], rtol=0, atol=tolerance["abs"])
    exact = expected["derived_exact"]
    np.testing.assert_allclose(result.weights, exact["weights"], rtol=0, atol=tolerance["derived_abs"])
    assert result.xi == pytest.approx(exact["xi"], abs=tolerance["derived_abs"])


@pytest.mark.parametrize(
    ("top", "index"), [(2, 0.44), (3, 1.0), (4, 1.63), (5, 2.3), (6, 3.0), (7, 3.73), (8, 4.47), (9, 5.23)]
)
def test_consistency_index_of_the_best_worst_method(top: float, index: float) -> None:
    """Rezaei 2015, table 1: the ξ of a_Bj = a_jW = a_BW."""
    result = best_worst([1, top, top], [top, top, 1], best=0, worst=2, model="nonlinear")
    assert float(result.xi) == pytest.approx(index, abs=0.006)
    assert result.output_cr == pytest.approx(1, abs=1e-12)
