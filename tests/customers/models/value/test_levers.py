"""Eliminate, add, step up: one row for each rule."""

import polars as pl
import pytest

from evaluator.customers import LeverOptions, levers
from evaluator.errors import EvaluationError

OPTIONS = LeverOptions(importance_cut=6, cost_cut=5)


def table(**columns: object) -> pl.DataFrame:
    row = {"id": "x", "importance": 8.0, "own": 7.0, "rival": 7.0, "need": 7.0, "cost": 1.0, "kano": "must"}
    return pl.DataFrame({name: [value] for name, value in (row | columns).items()})


@pytest.mark.parametrize(
    ("columns", "action"),
    [
        ({}, "keep"),
        ({"kano": "reverse"}, "eliminate"),
        ({"importance": 5.0, "cost": 5.0}, "eliminate"),
        ({"importance": 5.0, "cost": 4.0}, "keep"),
        ({"own": None}, "add"),
        ({"own": 6.0}, "add"),
        ({"own": 7.5, "need": 9.0}, "step_up"),
        ({"rival": None, "need": None, "own": 7.9}, "add"),
        ({"importance": None}, None),
    ],
)
def test_the_first_rule_that_holds_decides(columns: dict, action: str | None) -> None:
    schema = dict.fromkeys(["importance", "own", "rival", "need"], pl.Float64)
    frame = table(**columns).cast(schema)
    assert levers(frame, options=OPTIONS)["action"].to_list() == [action]


def test_attributes_are_ranked_by_opportunity() -> None:
    frame = pl.concat([table(id="low", own=9.0), table(id="wide", own=3.0), table(id="also", own=3.0)])
    found = levers(frame, options=OPTIONS)
    assert found.select("id", "opportunity", "rank").rows() == [
        ("also", 13.0, 1),
        ("wide", 13.0, 1),
        ("low", 8.0, 3),
    ]


def test_an_unknown_kano_class_has_its_neighbour_named() -> None:
    with pytest.raises(EvaluationError) as caught:
        levers(table(kano="revers"), options=OPTIONS)
    assert [(issue.code, issue.hint) for issue in caught.value.issues] == [("CUST-908", ("reverse",))]
