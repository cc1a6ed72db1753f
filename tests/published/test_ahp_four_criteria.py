"""A 4 × 4 textbook matrix worked through by hand: three methods, λmax, CI, CR and GCI.

The judgments 2, 3, 5, 2, 3, 2 are the usual classroom example of the eigenvector method (Saaty, T.L.
1980, The Analytic Hierarchy Process, McGraw-Hill); random index 0.90. GCI: Aguarón &
Moreno-Jiménez 2003, doi:10.1016/S0377-2217(02)00255-2.
"""

import numpy as np
import pytest

from evaluator.ahp import consistency, priorities

A = [[1, 2, 3, 5], [1 / 2, 1, 2, 3], [1 / 3, 1 / 2, 1, 2], [1 / 5, 1 / 3, 1 / 2, 1]]
PRINTED = 5.1e-7


@pytest.mark.parametrize(
    ("method", "weights"),
    [
        ("eigenvector", [0.482886, 0.271974, 0.156990, 0.088150]),
        ("geometric_mean", [0.483189, 0.271717, 0.156876, 0.088218]),
        ("normalized_columns", [0.482407, 0.271798, 0.157508, 0.088287]),
    ],
)
def test_priorities(method: str, weights: list[float]) -> None:
    np.testing.assert_allclose(priorities(A, method), weights, rtol=0, atol=PRINTED)


def test_consistency() -> None:
    result = consistency(A, convention="cn")
    assert float(result.lambda_max) == pytest.approx(4.014521, abs=PRINTED)
    assert float(result.ci) == pytest.approx(0.004840, abs=PRINTED)
    assert float(result.cr) == pytest.approx(0.005378, abs=PRINTED)
    assert float(result.gci) == pytest.approx(0.019334, abs=PRINTED)
    assert (float(result.ri), float(result.limit), str(result.verdict)) == (0.90, 0.10, "consistent")
