"""The ten judgment scales of AHP-OS on its own example: ratios, weights, λmax and CR.

Goepel 2018, doi:10.13033/ijahp.v10i3.590: judgments 3, 5 and 1/7. AHP-OS stops its power method early,
so its own weights are compared at 2e-4 (4e-3 on the steepest scales) and the exact ones at 1e-9.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.ahp import SCALES, apply_scale, consistency

NAMES = {
    "linear 1-9": "linear",
    "logarithmic log2(x+1)": "logarithmic",
    "root sqrt(x)": "root",
    "inverse linear 9/(10-x)": "inverse_linear",
    "balanced (9+x)/(11-x)": "balanced",
    "generalised balanced": "generalized_balanced",
    "adaptive-balanced": "adaptive_balanced",
    "adaptive": "adaptive",
    "power x^2": "power",
    "geometric 2^(x-1)": "geometric",
}


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "golden" / "ahp_scales.json").read_text("utf-8")
    return {NAMES[case["inputs"]["scale"]]: case for case in json.loads(text)["cases"]}


def test_every_scale_has_its_case(cases: dict[str, dict[str, Any]]) -> None:
    assert set(cases) == set(SCALES.names())


@pytest.mark.parametrize("scale", SCALES.names())
def test_the_scale_as_ahp_os_has_it(cases: dict[str, dict[str, Any]], scale: str) -> None:
    inputs, expected = cases[scale]["inputs"], cases[scale]["expected"]
    tolerance = cases[scale]["tolerance"]
    i, j = np.triu_indices(3, 1)
    A = np.eye(3)
    A[i, j] = inputs["raw_upper_triangle"]
    A[j, i] = 1 / A[i, j]
    ratios = apply_scale(A, scale)
    intensities = np.maximum(ratios, ratios.T)[i, j]
    np.testing.assert_allclose(
        intensities, expected["scaled_intensities_ge1"], rtol=0, atol=tolerance["scaled_abs"]
    )
    result = consistency(ratios, convention="ahp-os", scale=scale)
    np.testing.assert_allclose(
        result.priorities, expected["weights_ahpos"], rtol=0, atol=tolerance["weights_ahpos_abs"]
    )
    if "weights_exact_eigenvector" in expected:
        exact, within = expected["weights_exact_eigenvector"], tolerance["weights_exact_abs"]
        np.testing.assert_allclose(result.priorities, exact, rtol=0, atol=within)
        assert result.lambda_max == pytest.approx(expected["lambda_exact"], abs=1e-9)
        assert result.cr == pytest.approx(expected["CR_alonso_exact"], abs=1e-9)
