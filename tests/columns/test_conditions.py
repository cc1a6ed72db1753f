"""Conditions: what may be said, what it means with values missing, and what is refused with its place."""

import duckdb
import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.columns import amount, condition, holds, names_of, value_of
from evaluator.columns.condition_text import LONGEST
from evaluator.errors import EvaluationError, Location

NAMES = {"profit": "number", "orders": "number", "late": "number", "contract": "text", "国家": "text"}
ROWS = pl.DataFrame(
    {
        "profit": [100.0, 50.0, None, 0.0],
        "orders": [4.0, 0.0, 5.0, None],
        "late": [0.0, 95.0, None, 30.0],
        "contract": ["none", "frame", None, "无"],
        "国家": ["DE", "CN", "CN", None],
    }
)
COLUMNS = {name: nw.col(name) for name in NAMES}


def found(text: str, frame: pl.DataFrame = ROWS) -> list[bool | None]:
    held = holds(condition(text, NAMES), COLUMNS)
    return nw.from_native(frame.lazy()).select(held.alias("held")).collect().to_native()["held"].to_list()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("profit >= 50", [True, True, None, False]),
        ("profit / orders > 20", [True, None, None, None]),
        ("-profit + 2 * orders < -90", [True, False, None, None]),
        ("late > 90 or 国家 == 'CN'", [False, True, True, None]),
        ("late > 90 and 国家 == 'CN'", [False, True, None, False]),
        ("not late > 90", [True, False, None, True]),
        ("contract in ['none', '无']", [True, False, None, True]),
        ("contract not in ['none', '无']", [False, True, None, False]),
        ("orders in [4, 5]", [True, False, True, None]),
        ("0 < profit <= 50", [False, True, None, False]),
        ("contract != 'none'", [False, True, None, True]),
        ("profit == 100 or profit != 100", [True, True, None, True]),
        ("(profit > 10 or orders > 1) and not (late > 90)", [True, False, None, None]),
    ],
)
def test_missing_values_leave_a_condition_unknown(text: str, expected: list[bool | None]) -> None:
    """Unknown is null; `or` holds where one side does, `and` fails where one side does."""
    assert found(text) == expected


def test_every_engine_says_the_same() -> None:
    text = "(profit / orders > 20 or contract in ['frame', '无']) and not late > 90"
    native = duckdb.sql("select * from rows", connection=_connection())
    held = nw.from_native(native).select(holds(condition(text, NAMES), COLUMNS).alias("held"))
    assert [row[0] for row in held.to_native().fetchall()] == found(text)


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("rows", ROWS.to_arrow())
    return connection


def test_a_value_reaches_another_within_the_tolerance_of_every_cut() -> None:
    frame = ROWS.head(4).with_columns(profit=pl.Series([50.0, 50 - 5e-10, 50 - 1e-8, 50 + 5e-10]))
    assert found("profit >= 50", frame) == [True, True, False, True]
    assert found("profit > 50", frame) == [False, False, False, False]
    assert found("profit < 50", frame) == [False, False, True, False]
    assert found("profit == 50", frame) == [True, True, False, True]


def test_a_division_by_zero_comes_to_nothing() -> None:
    said = amount("profit / orders", NAMES)
    frame = nw.from_native(ROWS.lazy()).select(value_of(said, COLUMNS).alias("worth"))
    assert frame.collect().to_native()["worth"].to_list() == [25.0, None, None, None]


def calculated(text: str, **values: float) -> float | None:
    said = amount(text, dict.fromkeys(values, "number"))
    frame = nw.from_native(pl.LazyFrame({name: [value] for name, value in values.items()}))
    shown = frame.select(value_of(said, {name: nw.col(name) for name in values}).alias("worth"))
    return shown.collect().to_native()["worth"][0]


def test_what_is_infinite_on_the_way_comes_to_nothing() -> None:
    big = 1e200
    assert calculated("a * a - a", a=big) is None
    assert calculated("a * a * b", a=big, b=0.0) is None
    assert calculated("b / (a * a)", a=big, b=1.0) is None
    assert calculated("b / a / a", a=big, b=1.0) == 0.0


def test_a_long_calculation_is_no_dearer_than_its_length() -> None:
    """With every sign asked for infinity, twenty of them would be a million parts."""
    assert calculated(" + ".join(["a * 2"] * 20), a=1.0) == 40.0


def test_what_is_spoken_of_is_known_before_anything_is_computed() -> None:
    said = condition("profit / orders > 2 and (contract == 'none' or profit > 3)", NAMES)
    assert [name.name for name in names_of(said)] == ["profit", "orders", "contract"]


@pytest.mark.parametrize(
    ("text", "code", "subject", "at"),
    [
        ("profit >", "DOC-121", "profit >", 9),
        ("profit = 3", "DOC-121", "profit = 3", 8),
        ("", "DOC-121", "", 1),
        ("((((", "DOC-121", "((((", 4),
        ("profit > 3 and profits < 9", "DOC-122", "profits", 16),
        ("国家 == 'CN' and lat > 3", "DOC-122", "lat", 16),
        ("profit > 'much'", "DOC-124", "'much'", 10),
        ("contract > 3", "DOC-124", "contract", 1),
        ("contract == 3", "DOC-124", "3", 13),
        ("contract in ['a', 3]", "DOC-124", "3", 19),
        ("contract + 1 > 2", "DOC-124", "contract", 1),
        ("profit", "DOC-125", "profit", 1),
        ("1", "DOC-125", "1", 1),
        ("profit > True", "DOC-125", "True", 10),
        ("__import__('os').system('true') > 0", "DOC-125", "__import__('os').system('true')", 1),
        ("profit.real > 0", "DOC-125", "profit.real", 1),
        ("profit ** 9 > 0", "DOC-125", "profit ** 9", 1),
        ("profit > [x for x in profit]", "DOC-125", "[x for x in profit]", 10),
        ("profit is 3", "DOC-125", "profit", 1),
        ("profit in []", "DOC-125", "[]", 11),
        ("profit > 1e999", "DOC-125", "1e999", 10),
        ("profit if late else orders", "DOC-125", "profit if late else orders", 1),
        ("-" * 60 + "profit > 0", "DOC-125", None, None),
        ("not " * 60 + "profit > 0", "DOC-125", None, None),
        ("profit > 0 or " * 40 + "profit > 0", "DOC-123", None, None),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(
    text: str, code: str, subject: str | None, at: int | None
) -> None:
    where = Location("tree.yaml", 7, 5)
    with pytest.raises(EvaluationError) as raised:
        condition(text, NAMES, where=where)
    (issue,) = raised.value.issues
    assert (issue.code, issue.where) == (code, where)
    if subject is not None:
        assert (issue.subject, issue.detail["at"]) == (subject, at)


def test_all_problems_of_a_condition_are_told_together_with_the_nearest_names() -> None:
    with pytest.raises(EvaluationError) as raised:
        condition("profitt > 3 or contracts == 'x'", NAMES)
    assert [(issue.subject, issue.hint) for issue in raised.value.issues] == [
        ("profitt", ("profit",)),
        ("contracts", ("contract",)),
    ]


def test_a_calculation_is_no_condition_and_a_condition_no_calculation() -> None:
    for read, text in ((condition, "profit + 1"), (amount, "profit > 1")):
        with pytest.raises(EvaluationError) as raised:
            read(text, NAMES)
        assert [issue.code for issue in raised.value.issues] == ["DOC-125"]


@given(st.text(max_size=LONGEST + 20))
def test_no_text_does_anything_but_mean_something_or_be_refused(text: str) -> None:
    codes: set[str] = set()
    try:
        condition(text, NAMES)
    except EvaluationError as error:
        codes = {issue.code for issue in error.issues}
    assert codes <= {f"DOC-12{n}" for n in range(1, 6)}
