"""Grades and measures with a period are one evaluation per period."""

from types import SimpleNamespace

import polars as pl
import pytest

from evaluator.errors import EvaluationError
from evaluator.measuring.measures import measured
from evaluator.measuring.periods import of_period, periods
from evaluator.tree import Tree


@pytest.fixture(scope="module")
def tree(build: SimpleNamespace) -> Tree:
    return build.made(build.leaf("trust", {"kind": "graded"}), build.leaf("cost", measure="cost"))


@pytest.fixture
def tables() -> dict[str, pl.DataFrame]:
    return {
        "grades": pl.DataFrame(
            {
                "rater": ["r"] * 3,
                "id": ["A", "A", "B"],
                "indicator": ["trust"] * 3,
                "grade": ["80", "95", "80"],
                "period": ["2025Q9", "2025Q10", "2025Q9"],
            }
        ),
        "measures": pl.DataFrame({"id": ["A", "A"], "cost": [1.0, 2.0], "period": ["2025Q9", "2025Q10"]}),
    }


def test_the_latest_period_is_measured_unless_another_is_named(
    tree: Tree, tables: dict[str, pl.DataFrame]
) -> None:
    latest, earlier = measured(tables, tree), measured(tables, tree, period="2025Q9")
    assert (latest.period, latest.frame["id"].to_list(), latest.frame["cost"].to_list()) == (
        "2025Q10",
        ["A"],
        [2.0],
    )
    assert earlier.frame.sort("id")["cost"].to_list() == [1.0, None]
    assert latest.frame["m_trust"][0] > earlier.frame.sort("id")["m_trust"][0]


def test_tables_without_periods_stay_as_they_are(tables: dict[str, pl.DataFrame]) -> None:
    plain = {"orders": tables["grades"], "measures": tables["measures"].drop("period")}
    assert periods(plain) == ()
    assert of_period(plain, None) == plain


def test_rows_without_a_period_beside_others_with_one_are_named(
    tree: Tree, tables: dict[str, pl.DataFrame]
) -> None:
    holed = tables["measures"].with_columns(period=pl.Series(["2025Q9", None]))
    with pytest.raises(EvaluationError) as raised:
        measured({**tables, "measures": holed}, tree)
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [("DATA-444", "measures")]
