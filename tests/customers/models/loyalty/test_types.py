"""Seven causes, six segments, the ladder and the drivers, rule by rule."""

import polars as pl
import pytest

from evaluator.customers.models.loyalty import (
    CauseOptions,
    attitude_segments,
    loyalty_causes,
    loyalty_drivers,
    loyalty_ladder,
)
from evaluator.errors import EvaluationError

CAUSE = [
    "suppliers",
    "restricted",
    "repeat_rate",
    "attachment",
    "inertia",
    "convenience",
    "price",
    "incentive",
]


def one(names: list[str], values: dict) -> pl.DataFrame:
    row = {"id": "x"} | dict.fromkeys(names) | values
    schema = {"id": pl.String} | dict.fromkeys(names, pl.Float64)
    return pl.DataFrame([row], schema=schema)


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ({"suppliers": 1, "attachment": 5, "repeat_rate": 1}, "monopoly"),
        ({"suppliers": 3, "attachment": 4, "restricted": 1, "repeat_rate": 0.1}, "latent"),
        ({"suppliers": 3, "attachment": 4, "restricted": 1, "repeat_rate": 0.9}, "premium"),
        ({"attachment": 3, "repeat_rate": 0.5, "price": 5}, "premium"),
        ({"attachment": 2, "repeat_rate": 0.9, "price": 5, "inertia": 4}, "price"),
        ({"inertia": 4, "convenience": 4, "incentive": 1}, "inertia"),
        ({"incentive": 2, "convenience": 1}, "incentive"),
        ({"convenience": 2}, "convenience"),
        ({"suppliers": 4}, None),
        ({}, None),
    ],
)
def test_the_first_rule_that_holds_names_the_cause(row: dict, cause: str | None) -> None:
    assert loyalty_causes(one(CAUSE, row)).frame["cause"].to_list() == [cause]


def test_the_cuts_of_attachment_and_repeat_buying_are_the_users() -> None:
    frame = one(CAUSE, {"attachment": 4, "repeat_rate": 0.9, "price": 5})
    options = CauseOptions(attachment=4.5)
    assert loyalty_causes(frame, options=options).frame["cause"].to_list() == ["price"]


def test_customers_without_a_cause_are_counted_as_such() -> None:
    frame = pl.concat([one(CAUSE, {"suppliers": 1}), one(CAUSE, {}).with_columns(id=pl.lit("y"))])
    found = loyalty_causes(frame)
    assert found.counts.row(0) == ("monopoly", 1, 1.0)
    assert [(issue.code, issue.detail["examples"]) for issue in found.issues] == [("CUST-918", "y")]


SEGMENT = ["spend_trend", "emotional", "inertia", "rational", "lifestyle", "dissatisfied", "spend"]


@pytest.mark.parametrize(
    ("row", "segment", "direction"),
    [
        ({"spend_trend": 0, "emotional": 5, "rational": 4}, "emotive", "up"),
        ({"spend_trend": 0.1, "inertia": 5, "rational": 4, "dissatisfied": 5}, "inertial", "up"),
        ({"spend_trend": 0.1, "rational": 4}, "deliberative", "up"),
        ({"spend_trend": -0.1, "rational": 4, "emotional": 5}, "reassessing", "down"),
        ({"spend_trend": -0.1, "lifestyle": 4, "rational": 1}, "lifestyle", "down"),
        ({"spend_trend": -0.1, "dissatisfied": 2}, "dissatisfied", "down"),
        ({"spend_trend": -0.1, "emotional": 5}, None, "down"),
        ({"emotional": 5}, None, None),
    ],
)
def test_direction_and_strongest_attitude_give_the_segment(
    row: dict, segment: str | None, direction: str | None
) -> None:
    found = attitude_segments(one(SEGMENT, row)).frame
    assert found.row(0) == ("x", segment, direction)


def test_a_small_fall_may_count_as_level() -> None:
    frame = one(SEGMENT, {"spend_trend": -0.05, "emotional": 5, "rational": 1})
    assert attitude_segments(frame, flat=0.05).frame["segment"].to_list() == ["emotive"]


def test_shares_of_customers_and_of_spend_stand_beside_each_other() -> None:
    rows = [
        {"id": "a", "spend_trend": 1, "emotional": 5, "spend": 75},
        {"id": "b", "spend_trend": -1, "dissatisfied": 5, "spend": 25},
        {"id": "c", "spend_trend": -1, "dissatisfied": 5, "spend": 0},
    ]
    found = attitude_segments(
        pl.concat([one(SEGMENT, row).with_columns(id=pl.lit(row["id"])) for row in rows])
    )
    counts = {row["segment"]: row for row in found.counts.iter_rows(named=True)}
    assert counts["emotive"]["share"] == pytest.approx(1 / 3)
    assert counts["emotive"]["spend_share"] == pytest.approx(0.75)
    assert (found.up, found.down) == (pytest.approx(1 / 3), pytest.approx(2 / 3))


@pytest.mark.parametrize(
    ("flags", "rung", "skipped"),
    [
        ([0, 0, 0, 0, 0], "unaware", False),
        ([1, None, None, None, None], "aware", False),
        ([1, 1, 1, 0, 0], "satisfied", False),
        ([1, 1, 1, 1, 1], "premium", False),
        ([1, 1, 0, 1, 1], "goodwill", True),
        ([None, 1, None, None, None], None, True),
    ],
)
def test_the_ladder_is_climbed_rung_by_rung(flags: list, rung: str | None, skipped: bool) -> None:
    names = ["aware", "goodwill", "satisfied", "loyal", "premium"]
    found = loyalty_ladder(one(names, dict(zip(names, flags, strict=True))))
    assert found.frame.row(0) == ("x", rung, skipped)
    assert [issue.code for issue in found.issues] == (["CUST-950"] if skipped else [])


def test_rungs_count_who_stands_there_and_who_got_so_far() -> None:
    table = pl.DataFrame({"id": list("abc"), "aware": [0, 1, 1], "goodwill": [0, 0, 1]})
    assert loyalty_ladder(table).rungs.rows()[:3] == [("unaware", 1, 3), ("aware", 1, 2), ("goodwill", 1, 1)]


def test_drivers_are_ranked_by_their_bond_with_loyalty() -> None:
    table = pl.DataFrame(
        {
            "id": list("abcd"),
            "loyalty": [10.0, 20, 30, 40],
            "reward": [1.0, 3, 2, 4],
            "sunk_cost": [1.0, 2, 3, 4],
            "management": [3.0, 3, 3, 3],
        }
    )
    found = loyalty_drivers(table)
    assert found.drivers.select("driver", "kind", "correlation").rows() == [
        ("sunk_cost", "barrier", pytest.approx(1.0)),
        ("reward", "benefit", pytest.approx(0.8)),
        ("management", "firm", None),
    ]
    assert found.barriers_prevail is True


def test_drivers_nobody_asked_for_are_an_error() -> None:
    with pytest.raises(EvaluationError) as caught:
        loyalty_drivers(pl.DataFrame({"id": ["a"], "loyalty": [3.0]}))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-948", "drivers")]
