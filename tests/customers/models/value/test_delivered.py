"""Delivered value and its standing against rivals."""

import numpy as np
import pytest

from evaluator.customers import delivered_value, relative_value
from evaluator.errors import EvaluationError

B, C = [8.0, 6.0, 4.0, 2.0], [2.0, 4.0]


def test_totals_difference_and_ratio_by_hand() -> None:
    """TCV = .4·8 + .3·6 + .2·4 + .1·2 = 6; TCC = .75·2 + .25·4 = 2.5."""
    found = delivered_value([B, [0.0] * 4], [C, [0.0] * 2], benefit_weights=[4, 3, 2, 1], cost_weights=[3, 1])
    np.testing.assert_allclose(found.benefit, [6, 0])
    np.testing.assert_allclose(found.cost, [2.5, 0])
    np.testing.assert_allclose(found.value, [3.5, 0])
    np.testing.assert_allclose(found.ratio, [2.4, np.nan])


def test_a_missing_answer_leaves_the_value_missing() -> None:
    found = delivered_value([np.nan, 1, 1, 1], C, benefit_weights=[1] * 4, cost_weights=[1, 1])
    assert np.isnan(found.value)


def test_rivals_nobody_rated_are_left_out() -> None:
    found = relative_value([6.0, 6.0, 6.0], [[5.0, 3.0], [4.0, np.nan], [np.nan, np.nan]])
    np.testing.assert_allclose(found, [1.5, 1.5, np.nan])


def test_bad_answers_and_weights_are_named() -> None:
    with pytest.raises(EvaluationError) as caught:
        delivered_value([-1.0, 1, 1, 1], [-1.0, 1], benefit_weights=[1] * 4, cost_weights=[1, 1])
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("CUST-904", "benefits"),
        ("CUST-904", "costs"),
    ]
    with pytest.raises(EvaluationError) as caught:
        delivered_value(B, C, benefit_weights=[1] * 4, cost_weights=[0, 0])
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-910", "cost_weights")]
