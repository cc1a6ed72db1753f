"""One row per customer with every measure of the tree, wherever it comes from."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import polars as pl
import pytest

from evaluator.data import TableNote, Tables
from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.measuring.grades import GRADES
from evaluator.measuring.measures import MeasureNote, MeasureOptions, measure, measured
from evaluator.measuring.tables import CUSTOMERS, measures_schema
from evaluator.tree import Tree

Frames = dict[str, pl.DataFrame]
AS_OF = date(2024, 7, 1)


@pytest.fixture(scope="module")
def tree(build: SimpleNamespace) -> Tree:
    return build.made(
        build.leaf("amount", measure="net_amount"),
        build.leaf("trust", {"kind": "graded"}),
        build.leaf("cost", measure="cost_to_serve"),
        build.leaf("kind", {"kind": "lookup", "scores": {"a": 1.0}}, measure="kind"),
    )


@pytest.fixture
def tables() -> dict[str, pl.DataFrame]:
    day = date(2024, 5, 1)
    return {
        "customers": pl.DataFrame({"id": ["C1", "C2"], "name": ["One", None]}),
        "orders": pl.DataFrame(
            {
                "id": ["C1", "C3", "C3"],
                "name": ["x", "Three", "Drei"],
                "date": [day] * 3,
                "amount": [10.0, 5, -1],
            }
        ),
        "grades": pl.DataFrame({"rater": ["r"], "id": ["C2"], "indicator": ["trust"], "grade": ["good"]}),
        "measures": pl.DataFrame({"id": ["C1", "C4"], "cost_to_serve": [0.1, None], "kind": ["a", "b"]}),
    }


def errors(*arguments: Any, **options: Any) -> tuple[Issue, ...]:
    with pytest.raises(EvaluationError) as raised:
        measured(*arguments, **options)
    return raised.value.issues


def test_everyone_in_any_table_has_one_row(tables: Frames, tree: Tree) -> None:
    found = measured(tables, tree, as_of=AS_OF)
    assert found.frame.columns == ["id", "name", "net_amount", "m_trust", "cost_to_serve", "kind"]
    assert found.frame.rows() == [
        ("C1", "One", 10.0, None, 0.1, "a"),
        ("C2", None, None, 90.0, None, None),
        ("C4", None, None, None, None, "b"),
        ("C3", "Three", 4.0, None, None, None),
    ]
    assert (found.as_of, found.window) == (AS_OF, (date(2023, 7, 1), date(2024, 6, 30)))
    assert found.raters.rows() == [("C2", "trust", 1, 90.0, 0.0)]
    assert found.notes == (
        MeasureNote("net_amount", "orders", 2, 2),
        MeasureNote("m_trust", "grades", 1, 3),
        MeasureNote("cost_to_serve", "measures", 1, 3),
        MeasureNote("kind", "measures", 2, 2),
    )


def test_votes_stand_beside_the_measures_when_they_are_kept(tables: Frames, tree: Tree) -> None:
    options = MeasureOptions.model_validate({"raters": {"votes": True}})
    found = measured(tables, tree, as_of=AS_OF, options=options).frame
    votes = ["votes_good@m_trust", "votes_fair@m_trust", "votes_poor@m_trust"]
    assert found.columns[6:] == votes
    assert found.filter(pl.col("id") == "C2").select(votes).row(0) == (1.0, 0.0, 0.0)
    assert (
        found.filter(pl.col("id") != "C2")
        .select(pl.all_horizontal(pl.col(votes).is_null()))
        .to_series()
        .all()
    )


def test_measure_returns_the_frame_alone(tables: Frames, tree: Tree) -> None:
    assert measure(tables, tree, as_of=AS_OF).equals(measured(tables, tree, as_of=AS_OF).frame)


def test_tables_as_read_and_pandas_frames_give_the_same(tables: Frames, tree: Tree) -> None:
    expected = measure(tables, tree, as_of=AS_OF)
    note = TableNote("orders", "orders.csv", None, None, 3, 3)
    assert measure(Tables(tables, (note,)), tree, as_of=AS_OF).equals(expected)
    native = {name: pd.DataFrame(frame.to_dict(as_series=False)) for name, frame in tables.items()}
    native["orders"]["date"] = pd.to_datetime(native["orders"]["date"])
    assert measure(native, tree, as_of=AS_OF).equals(expected)


def test_a_column_of_the_measures_table_comes_before_grades_and_orders(tables: Frames, tree: Tree) -> None:
    own = tables["measures"].with_columns(pl.lit(7.0).alias("net_amount"), pl.lit(55.0).alias("m_trust"))
    found = measured({**tables, "measures": own}, tree, as_of=AS_OF)
    assert {note.measure: note.origin for note in found.notes}["net_amount"] == "measures"
    assert found.frame.filter(pl.col("id") == "C4").row(0)[2:4] == (7.0, 55.0)


def test_the_default_day_follows_the_last_order(tables: Frames, tree: Tree) -> None:
    assert measured(tables, tree).as_of == date(2024, 5, 2)


def test_orders_that_begin_after_the_window_and_lines_not_used_are_noted(tables: Frames, tree: Tree) -> None:
    late = pl.DataFrame(
        {"id": ["C9"], "name": [None], "date": [AS_OF], "amount": [3.0]}, schema=tables["orders"].schema
    )
    found = measured({**tables, "orders": pl.concat([tables["orders"], late])}, tree, as_of=AS_OF)
    assert [(i.code, i.severity) for i in found.issues] == [
        ("DATA-436", Severity.NOTE),
        ("DATA-437", Severity.NOTE),
        ("DATA-589", Severity.NOTE),  # C3 has two names
    ]
    assert found.issues[1].detail["count"] == 1
    assert found.frame.filter(pl.col("id") == "C9").row(0)[2] is None


def test_without_orders_nothing_tells_which_time_the_data_are_of(tables: Frames, tree: Tree) -> None:
    undated = {name: frame for name, frame in tables.items() if name != "orders"}
    leaves = [leaf.measure for leaf in tree.indicators]
    ids = undated["customers"]["id"]
    undated["measures"] = pl.DataFrame({"id": ids} | {name: [1.0] * len(ids) for name in leaves})
    assert measured(undated, tree, as_of=AS_OF).window is None
    assert measured({**undated, "orders": tables["orders"]}, tree, as_of=AS_OF).window is not None


def test_the_window_and_the_raters_are_the_studys_to_state(tables: Frames, tree: Tree) -> None:
    options = MeasureOptions.model_validate({"window_months": 1, "raters": {"minimum": 2}})
    found = measured(tables, tree, as_of=AS_OF, options=options)
    assert found.window == (date(2024, 6, 1), date(2024, 6, 30))
    assert found.frame["net_amount"].to_list() == [0.0, None, None, 0.0]
    assert found.frame["m_trust"].null_count() == 4


def test_a_measure_nobody_has_is_said(tables: Frames, build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("growth", measure="growth"), build.leaf("regularity", measure="regularity"))
    found = measured(tables, tree, as_of=AS_OF)
    said = {(i.code, i.subject, i.severity): i for i in found.issues}
    assert ("DATA-433", "regularity", Severity.WARNING) in said
    short = said["DATA-535", "growth", Severity.WARNING]  # the history is shorter than what it looks back
    assert short.detail["needed"] == 24
    assert 0 <= short.detail["months"] < 24


def test_a_study_of_grades_alone_needs_no_orders(tables: Frames, build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("trust", {"kind": "graded"}))
    found = measured({"grades": tables["grades"]}, tree, as_of=AS_OF)
    assert found.frame.rows() == [("C2", 90.0)]


def test_a_customer_is_called_by_the_name_in_the_latest_order(tables: Frames, tree: Tree) -> None:
    later = {"id": ["C3", "C1"], "name": ["Trois", "y"], "date": [date(2024, 6, 2)] * 2, "amount": [3.0] * 2}
    orders = tables["orders"]
    moved = pl.concat([orders, pl.DataFrame(later, schema=orders.schema)])
    for rows in (moved, moved.reverse()):
        found = measured({**tables, "orders": rows}, tree, as_of=AS_OF)
        names = dict(found.frame.select("id", "name").iter_rows())
        assert (names["C1"], names["C3"]) == ("One", "Trois"), "the table of customers comes first"
        [issue] = [issue for issue in found.issues if issue.code == "DATA-589"]
        assert (issue.detail["count"], issue.detail["examples"]) == (1, "C3")


def test_a_measure_nothing_gives_is_named_with_the_nearest(tables: Frames, build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("a", measure="net_amuont"), build.leaf("b", measure="cost_to_sreve"))
    issues = errors(tables, tree)
    assert [(i.code, i.subject, i.detail["indicator"], i.hint) for i in issues] == [
        ("DATA-431", "net_amuont", "a", ("net_amount",)),
        ("DATA-431", "cost_to_sreve", "b", ("cost_to_serve",)),
    ]


def test_a_measure_whose_table_is_not_there_names_the_table(tables: Frames, tree: Tree) -> None:
    issues = errors({"measures": tables["measures"]}, tree)
    assert [(i.code, i.subject, i.detail["needs"]) for i in issues] == [
        ("DATA-432", "net_amount", "orders"),
        ("DATA-432", "m_trust", "grades"),
    ]


@pytest.mark.parametrize("name", ["customers", "measures"])
def test_a_customer_who_stands_twice_is_an_error(tables: Frames, tree: Tree, name: str) -> None:
    issues = errors({**tables, name: pl.concat([tables[name], tables[name].head(1)])}, tree)
    assert [(i.code, i.subject) for i in issues] == [("DATA-416", "C1")]


def test_a_table_without_ids_is_an_error(tables: Frames, tree: Tree) -> None:
    issues = errors({**tables, "customers": tables["customers"].rename({"id": "ID_"})}, tree)
    assert [(i.code, i.subject) for i in issues] == [("DATA-405", "id")]


def test_no_customer_at_all_is_an_error(build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("a"))
    empty = pl.DataFrame(schema={"id": pl.String, "m_a": pl.Float64})
    assert [i.code for i in errors({"measures": empty}, tree)] == ["DATA-439"]


def test_no_order_before_the_day_looked_back_from_is_an_error(tables: Frames, tree: Tree) -> None:
    assert [i.code for i in errors(tables, tree, as_of=date(2024, 1, 1))] == ["DATA-435"]


def test_wrong_grades_stop_the_measuring(tables: Frames, tree: Tree) -> None:
    wrong = tables["grades"].with_columns(pl.lit("splendid").alias("grade"))
    assert [i.code for i in errors({**tables, "grades": wrong}, tree) if i.severity is Severity.ERROR] == [
        "DATA-440"
    ]


def test_text_of_an_own_measure_is_read_as_a_number_or_named(tables: Frames, tree: Tree) -> None:
    own = pl.DataFrame({"id": ["C1", "C4"], "cost_to_serve": ["12%", "much"], "kind": ["a", "b"]})
    found = measured({**tables, "measures": own}, tree, as_of=AS_OF)
    assert dict(found.frame.select("id", "cost_to_serve").rows())["C1"] == 0.12
    assert [(i.code, i.subject, i.detail["examples"]) for i in found.issues if i.code == "DATA-408"] == [
        ("DATA-408", "cost_to_serve", "C4 «much»")
    ]


def test_each_table_has_a_schema_with_its_key(tree: Tree) -> None:
    schema = measures_schema(tree)
    assert schema.names == ("id", "name", "period", "net_amount", "m_trust", "cost_to_serve", "kind")
    kinds = [column.kind for column in schema.columns]
    assert kinds == ["id", "text", "text", "number", "number", "number", "text"]
    assert (schema.key, CUSTOMERS.key) == (("id", "period"), ("id",))
    assert {column.name for column in GRADES.columns if column.required} == {
        "rater",
        "id",
        "indicator",
        "grade",
    }
