"""Bad input of lifetime values is named by code and parameter, never turned into a number."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from evaluator.customers import clv
from evaluator.errors import EvaluationError

MONEY = {"discount_rate": 0.1, "currency": "CNY"}


@pytest.mark.parametrize(
    ("call", "code", "subject"),
    [
        (lambda: clv.berger_nasr(1, 1, retention=1.2, horizon=3, **MONEY), "CLV-901", "retention"),
        (lambda: clv.berger_nasr(1, 1, retention=1.0, horizon=None, **MONEY), "CLV-905", "retention"),
        (lambda: clv.berger_nasr(math.nan, 1, retention=0.5, horizon=3, **MONEY), "CLV-902", "margin"),
        (lambda: clv.berger_nasr("ten", 1, retention=0.5, horizon=3, **MONEY), "CLV-902", "margin"),
        (lambda: clv.berger_nasr(1, -1, retention=0.5, horizon=3, **MONEY), "CLV-903", "cost"),
        (lambda: clv.berger_nasr(1, 1, retention=0.5, horizon=-3, **MONEY), "CLV-903", "horizon"),
        (lambda: clv.berger_nasr(1, 1, retention=0.5, horizon=3, cycle=0, **MONEY), "CLV-903", "period"),
        (lambda: clv.geometric(-0.1), "CLV-901", "retention"),
        (lambda: clv.Degenerating(clv.BergerNasr(1, 1, 4, 1), 3, 0.5), "CLV-908", "start"),
        (lambda: clv.Degenerating(clv.BergerNasr(1, 1, 4, 1), 5, 0), "CLV-903", "rate"),
        (lambda: clv.retention_rates([0, 0]), "CLV-907", "customers"),
        (lambda: clv.retention_rates([10, 12]), "CLV-901", "customers"),
        (lambda: clv.dwyer_retention([0.5], 1, acquisition_cost=0, cohort=0, **MONEY), "CLV-907", "cohort"),
        (lambda: clv.dwyer_retention([0.5], [1, 2, 3], acquisition_cost=0, **MONEY), "CLV-904", "revenue"),
        (lambda: clv.dwyer_migration([1.5], 1, 1, horizon=2, **MONEY), "CLV-901", "probabilities_by_recency"),
        (lambda: clv.transition_matrix([[0, 0], [1, 1]]), "CLV-907", "counts[0]"),
        (lambda: clv.transition_matrix([[1, 0, 1], [1, 1, 0]]), "CLV-904", "counts"),
        (lambda: clv.markov([[0.7, 0.7], [0, 1]], [1, 1], horizon=2, **MONEY), "CLV-906", "transitions[0]"),
        (lambda: clv.markov([[0.5]], [1, 2], horizon=2, **MONEY), "CLV-904", "rewards"),
        (
            lambda: clv.markov([[1.0]], [1], discount_rate=0.0, horizon=None, currency="CNY"),
            "CLV-905",
            "transitions",
        ),
        (
            lambda: clv.segment_migration([[1.0]], [-5], [1], horizon=2, **MONEY),
            "CLV-903",
            "customers",
        ),
        (lambda: clv.history_and_future([1], [np.inf], **MONEY), "CLV-902", "future"),
        (
            lambda: clv.history_and_future([1], [1], discount_rate=-1.0, currency="CNY"),
            "CLV-903",
            "discount_rate",
        ),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], code: str, subject: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        call()
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [(code, subject)]


def test_everything_wrong_with_a_call_is_said_at_once() -> None:
    with pytest.raises(EvaluationError) as raised:
        clv.berger_nasr(1, -1, retention=2, discount_rate=-3, horizon=-1, currency="CNY")
    assert [issue.code for issue in raised.value.issues] == ["CLV-901", "CLV-903", "CLV-903", "CLV-903"]


def test_the_terms_of_a_value_are_its_own() -> None:
    result = clv.berger_nasr(
        260, 50, retention=0.75, discount_rate=0.2, horizon=10, currency="USD", cycle=0.5
    )
    assert result.terms == clv.Terms("group", 0.2, 10, 0.5, "USD", "start", "middle")
    assert clv.history_and_future([1], [1, 2], **MONEY).terms.level == "customer"


def test_an_unknown_timing_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="noon"):
        clv.berger_nasr(1, 1, retention=0.5, horizon=3, margins_at="noon", **MONEY)
