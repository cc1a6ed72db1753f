"""Contracts of several cohorts under one model."""

import numpy as np
import pytest

from evaluator.customers import clv
from evaluator.errors import EvaluationError


def test_several_cohorts_are_fitted_together_and_one_alone_as_before() -> None:
    first = [1000, 631, 468, 382, 326]
    alone = clv.fit_contracts(first).model
    assert clv.fit_cohorts({"2020": first}).model.alpha == pytest.approx(alone.alpha, rel=1e-6)
    truth = clv.ShiftedBetaGeometric(0.668, 3.806)
    cohorts = {
        str(size): size * truth.survival(np.arange(length))
        for size, length in ((900, 8), (1200, 5), (700, 2))
    }
    found = clv.fit_cohorts(cohorts).model
    assert (found.alpha, found.beta) == (pytest.approx(0.668, rel=1e-3), pytest.approx(3.806, rel=1e-3))


def test_problems_of_several_cohorts_are_named_together() -> None:
    with pytest.raises(EvaluationError) as raised:
        clv.fit_cohorts({"a": [10, 12, 9], "b": [0, 0, 0], "c": [10]})
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [
        ("CLV-909", "a"),
        ("CLV-907", "b"),
        ("CLV-904", "c"),
    ]


@pytest.mark.parametrize(
    ("cohorts", "code"),
    [
        ({}, "CLV-904"),
        ({"a": [9, 8]}, "CLV-904"),
        ({"a": [9, 9, 9]}, "CLV-911"),
        ({"a": [9, 0, 0]}, "CLV-911"),
    ],
)
def test_cohorts_that_tell_nobody_apart_are_refused(cohorts, code) -> None:
    with pytest.raises(EvaluationError) as raised:
        clv.fit_cohorts(cohorts)
    assert [issue.code for issue in raised.value.issues] == [code]
