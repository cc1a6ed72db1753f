"""European figures in a judgment matrix: a comma stands before decimals."""

from __future__ import annotations

import pytest

from evaluator.forms.answers import read_answer
from evaluator.study import Study


def test_a_matrix_with_decimal_commas_gives_the_weights_of_its_numbers(case) -> None:
    goal = next(
        group for group in Study(case("c25_bpmsg_decimalcomma")).weights.groups if group.group == "goal"
    )
    assert goal.local == pytest.approx((0.279, 0.072, 0.649), abs=5e-4)
    assert goal.experts[0].judged.cr == pytest.approx(0.0559, abs=5e-5)


@pytest.mark.parametrize(
    ("cell", "value"), [("0,2", 0.2), ("1,5", 1.5), ("1/2,5", 0.4), (",5", 0.5), ("０，２５", 0.25), ("3", 3)]
)
def test_answers_with_a_comma(cell: str, value: float) -> None:
    assert read_answer(cell).value == pytest.approx(value)


@pytest.mark.parametrize("cell", ["1,2,3", "1.2,3", "1,", ","])
def test_what_is_no_answer_still_is_none(cell: str) -> None:
    assert read_answer(cell).problem == "unreadable"
