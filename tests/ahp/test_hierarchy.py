"""Consistency of the total ranking."""

import numpy as np
import pytest

from evaluator.ahp import total_consistency


def test_indices_are_weighted_by_the_elements_above() -> None:
    total = total_consistency([0.5, 0.3, 0.2], [0.03, 0.0, 0.06], [0.58, 0.90, 1.12])
    assert total.ci == pytest.approx(0.5 * 0.03 + 0.2 * 0.06)
    assert total.cr == pytest.approx((0.015 + 0.012) / (0.29 + 0.27 + 0.224))


def test_groups_that_cannot_be_tested_add_nothing() -> None:
    assert total_consistency([0.5, 0.5], [0.03, 0.0], [0.58, np.nan]).cr == pytest.approx(0.03 / 0.58)
    assert np.isnan(total_consistency([0.5, 0.5], [0.0, 0.0], [np.nan, np.nan]).cr)


def test_levels_come_in_batches() -> None:
    total = total_consistency([[1, 1], [1, 3]], [0.02, 0.06], [0.5, 1.0])
    np.testing.assert_allclose(total.cr, [0.08 / 1.5, 0.20 / 3.5])
