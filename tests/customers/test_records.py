"""Tables of customers: every problem of one is reported together."""

from datetime import date

import pandas as pd
import polars as pl
import pytest

from evaluator.customers.records import as_given, records
from evaluator.errors import EvaluationError


def test_every_problem_of_a_table_is_reported_together() -> None:
    frame = pl.DataFrame(
        {"id": ["a", "a", None], "cost": ["-5", "x", "1"], "day": ["2024-02-30", None, None]}
    )
    with pytest.raises(EvaluationError) as caught:
        records(frame, numbers=["cost"], dates=["day"], non_negative=["cost"])
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("CUST-902", "id"),
        ("CUST-903", "cost"),
        ("CUST-903", "day"),
        ("CUST-904", "cost"),
    ]


def test_a_misspelt_column_is_named_with_its_neighbour() -> None:
    with pytest.raises(EvaluationError) as caught:
        records(pl.DataFrame({"id": ["a"], "revenu": [1.0]}), numbers=["revenue"])
    assert [(issue.code, issue.hint) for issue in caught.value.issues] == [("CUST-901", ("revenu",))]


def test_what_is_not_known_is_null_on_every_way_in() -> None:
    frame = pd.DataFrame({"id": [1, 2], "x": [1.0, float("nan")], "day": [pd.Timestamp("2024-01-05"), None]})
    found = records(frame, numbers=["x", "y"], dates=["day"], optional=["y"])
    assert found.rows() == [("1", 1.0, None, date(2024, 1, 5)), ("2", None, None, None)]


def test_frames_leave_as_the_kind_that_came_in() -> None:
    frame = pl.DataFrame({"id": ["a"]})
    assert isinstance(as_given(frame.lazy(), frame), pl.LazyFrame)
    assert as_given(frame.to_arrow(), frame).column_names == ["id"]
