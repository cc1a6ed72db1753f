"""A plan computes its steps in order, and can be read."""

import narwhals as nw
import polars as pl

from evaluator.columns import Step, StepPlan, enter, to_polars

PLAN = StepPlan(
    ("id",),
    (
        Step("read", {"measure": nw.col("x")}),
        Step("double", {"twice": nw.col("measure") * 2, "thrice": nw.col("measure") * 3}),
        Step("add", {"sum": nw.col("twice") + nw.col("thrice")}),
    ),
)


def test_later_steps_read_what_earlier_ones_made() -> None:
    frame = enter(pl.DataFrame({"id": ["a"], "x": [1.0], "sum": [99.0]})).frame
    done = to_polars(PLAN.apply(frame))
    assert done.row(0, named=True) == {"id": "a", "measure": 1.0, "twice": 2.0, "thrice": 3.0, "sum": 5.0}


def test_a_step_is_found_by_its_name() -> None:
    assert list(PLAN.step("double").outputs) == ["twice", "thrice"]
