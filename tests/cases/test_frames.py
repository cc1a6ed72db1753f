"""Frames as people have them: the same table means the same, whichever library holds it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import evaluator as ev
from evaluator import customers as c
from evaluator.columns import enter, to_polars
from evaluator.data.conversion import Written, converted
from evaluator.data.tables import Column
from evaluator.errors import EvaluationError

arrow = pytest.importorskip("pyarrow")
DAYS = ["2024-03-01", "2024-03-30", "2024-03-20", "2024-03-10"]
CELLS = [("a", "2-2-2"), ("b", "2-1-1"), ("c", "1-1-1")]
CHINA = timezone(timedelta(hours=8))


def orders(dates: Any) -> pd.DataFrame:
    return pd.DataFrame({"id": list("aabc"), "amount": [50.0, 70, 30, 10], "date": dates})


def cells(frame: Any) -> list[tuple[str, str]]:
    found = c.rfm(frame, options=c.RfmOptions(bins=2)).frame
    return list(zip(found["id"], found["cell"], strict=True))


def test_ids_that_were_floats_name_the_customers_that_whole_numbers_name() -> None:
    """pandas makes ids floats where one was missing; sums by hand: 50 + 70, 30, 99."""
    lines = pd.DataFrame(
        {
            "id": [17850.0, 17850.0, 13047.0, np.nan, 12583.0],
            "order": list("12345"),
            "amount": [50.0, 70, 30, 10, 99],
            "date": pd.to_datetime(["2010-12-01", "2011-06-30", "2011-03-20", "2011-03-10", "2011-11-10"]),
        }
    ).dropna(subset=["id"])
    people = pd.DataFrame({"id": [17850, 13047, 12583], "name": ["A", "B", "C"]})
    found = ev.measure({"orders": lines, "customers": people}, ev.load_tree("orders_value"))
    assert found.select("id", "name", "net_amount").rows() == [
        ("17850", "A", 120.0),
        ("13047", "B", 30.0),
        ("12583", "C", 99.0),
    ]


STAMPS = pd.to_datetime(DAYS)
DATES: dict[str, Callable[[], Any]] = {
    "as read_csv gives them": lambda: DAYS,
    "Chinese text": lambda: ["2024年3月1日", "2024年3月30日", "2024年3月20日", "2024年3月10日"],
    "day first": lambda: ["1.3.2024", "30.3.2024", "20.3.2024", "10.3.2024"],
    "with times as text": lambda: [f"{day} 23:30:00" for day in DAYS],
    "naive": lambda: STAMPS,
    "a zone": lambda: STAMPS.tz_localize("UTC"),
    "a late evening in a zone": lambda: (STAMPS + timedelta(hours=23, minutes=30)).tz_localize(
        "America/New_York"
    ),
    "an early morning in a zone": lambda: (STAMPS + timedelta(minutes=30)).tz_localize("Asia/Shanghai"),
    "datetime.date": lambda: [date.fromisoformat(day) for day in DAYS],
    "datetime with a zone": lambda: pd.Series(
        [datetime.fromisoformat(day).replace(hour=1, tzinfo=CHINA) for day in DAYS], dtype=object
    ),
    "Period": lambda: pd.PeriodIndex(DAYS, freq="D"),
    "Period objects": lambda: pd.Series(list(pd.PeriodIndex(DAYS, freq="D")), dtype=object),
    "categories of text": lambda: pd.Categorical(DAYS),
    "categories of times": lambda: pd.Categorical(STAMPS),
    "Arrow timestamps": lambda: pd.Series(STAMPS).astype("timestamp[us][pyarrow]"),
    "Arrow timestamps in a zone": lambda: pd.Series(STAMPS.tz_localize("Asia/Shanghai")).astype(
        pd.ArrowDtype(arrow.timestamp("us", "Asia/Shanghai"))
    ),
    "Arrow dates": lambda: pd.Series(STAMPS).astype(pd.ArrowDtype(arrow.date32())),
    "Arrow text": lambda: pd.Series(DAYS, dtype="string[pyarrow]"),
    "seconds": lambda: STAMPS.astype("datetime64[s]"),
}


@pytest.mark.parametrize("kind", DATES)
def test_dates_of_pandas_are_days_however_they_are_held(kind: str) -> None:
    frame = orders(DATES[kind]())
    assert cells(frame) == CELLS
    first = to_polars(enter(c.order_measures(frame, names=["recency_days"])).frame)
    assert first.rows() == [("a", 1.0), ("b", 11.0), ("c", 21.0)]
    assert c.purchase_history(frame)["T"].tolist() == [29.0, 10.0, 20.0]


@pytest.mark.parametrize("kind", DATES)
def test_tables_are_measured_however_pandas_holds_their_dates(kind: str) -> None:
    measured = ev.measuring.measured({"orders": orders(DATES[kind]())}, ev.load_tree("orders_value"))
    assert measured.as_of == date(2024, 3, 31)
    assert measured.frame["recency_days"].to_list() == [1.0, 11.0, 21.0]


def test_text_that_is_no_date_or_could_be_two_is_named() -> None:
    for texts in (["soon", *DAYS[1:]], ["01/02/2024", "03/04/2024", "05/06/2024", "07/08/2024"]):
        for call in (c.rfm, c.purchase_history, c.order_measures, measure_orders):
            with pytest.raises(EvaluationError) as caught:
                call(orders(texts))
            assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-903", "date")]


def measure_orders(frame: Any) -> Any:
    return ev.measure({"orders": frame}, ev.load_tree("orders_value"))


@pytest.mark.parametrize(
    "ids",
    [
        [17850, 13047, 12583],
        [17850.0, 13047.0, 12583.0],
        ["17850", "13047", "12583"],
        ["17850.0", "13047.0", "12583.0"],
        ["１７８５０", "\u200b13047", " 12583\u00a0"],
        np.array([17850, "13047", 12583.0], dtype=object),
        pd.array([17850, 13047, 12583], dtype="Int64"),
        pd.array([17850, 13047, 12583], dtype="Float64"),
        pd.Categorical([17850, 13047, 12583]),
        pd.Categorical([17850.0, 13047.0, 12583.0]),
        pd.Series([17850, 13047, 12583], dtype="int64[pyarrow]"),
        pd.Series([17850, 13047, 12583], dtype="double[pyarrow]"),
        pd.Series([Decimal(17850), Decimal(13047), Decimal(12583)], dtype=object),
        pd.Series([17850, 13047, 12583]).astype(pd.ArrowDtype(arrow.decimal128(21, 2))),
    ],
    ids=str,
)  # fmt: skip
def test_ids_of_pandas_name_the_same_customers_however_they_are_held(ids: Any) -> None:
    frame = pd.DataFrame({"id": ids, "value": [3.0, 2.0, 1.0]})
    assert list(c.abc(frame).frame["id"]) == ["17850", "13047", "12583"]


def test_eighteen_digits_stay_exact_or_are_refused() -> None:
    long = 123456789012345678
    for ids in (
        pd.Series([long, None], dtype="Int64"),
        pd.Series([long, None], dtype=object),
        pd.Series([str(long), None]),
    ):
        taken = to_polars(enter(pd.DataFrame({"id": ids})).frame.select("id"))["id"].cast(pl.String)
        assert taken.to_list() == [str(long), None]
    with pytest.raises(EvaluationError) as caught:
        enter(pd.DataFrame({"id": [float(long), np.nan]}))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("DATA-471", "id")]


WRITTEN = [
    ("ＡＢ－１２", "AB-12"),
    ("\u200b007\ufeff", "007"),
    ("0\u00ad08", "008"),
    ("\u3000009 ", "009"),
    ("10\x00", "10"),
    ("11.0", "11"),
    ('="0012"', "0012"),
    ("客户\t甲", "客户 甲"),
    ("123456789012345678", "123456789012345678"),
    ("ｎｕｌｌ－1", "null-1"),
]
NOBODY = ["NaN", "null", "None", " ", "\u200b"]
CODES = [code for code, _ in WRITTEN]
CALLED = [name for _, name in WRITTEN]


def in_duckdb(frame: pl.DataFrame) -> Any:
    duckdb = pytest.importorskip("duckdb")
    return duckdb.connect().from_arrow(frame.to_arrow())


HOLDERS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "Polars": lambda frame: frame,
    "Polars, lazy": lambda frame: frame.lazy(),
    "pandas": lambda frame: frame.to_pandas(),
    "pandas on Arrow": lambda frame: frame.to_arrow().to_pandas(types_mapper=pd.ArrowDtype),
    "Arrow": lambda frame: frame.to_arrow(),
    "DuckDB": in_duckdb,
}


@pytest.mark.parametrize("holder", HOLDERS)
def test_ids_are_called_by_one_rule_whatever_holds_them(holder: str) -> None:
    given = HOLDERS[holder](pl.DataFrame({"id": [*CODES, *NOBODY], "n": range(len(CODES) + len(NOBODY))}))
    taken = to_polars(enter(given).frame).sort("n")["id"].to_list()
    assert taken == [*CALLED, *[None] * len(NOBODY)]


@pytest.mark.parametrize("holder", HOLDERS)
def test_float_ids_are_whole_numbers_whatever_holds_them(holder: str) -> None:
    given = HOLDERS[holder](pl.DataFrame({"id": [17850.0, None, 2.5, 9e15], "n": [0, 1, 2, 3]}))
    taken = to_polars(enter(given).frame).sort("n")["id"].to_list()
    assert taken == ["17850", None, "2.5", "9000000000000000"]


def test_the_cells_of_a_file_call_ids_as_a_frame_does() -> None:
    read = converted(Written(pl.Series([*CODES, *NOBODY])), Column("id", "id"))
    assert read["value"].to_list() == [*CALLED, *[None] * len(NOBODY)]


LINES = pl.DataFrame(
    {
        "id": ["ａ1", "a1", "a1", "b2", "b2", "c3", "c3\u200b", "c3"],
        "order": ["1", "2", "3", "4", "5", "6", "7", "8"],
        "date": [date(2024, month, 7) for month in (1, 2, 5, 1, 6, 2, 3, 4)],
        "amount": [50.0, 70, -20, 30, 10, 99, 1, 12],
    }
)


@pytest.mark.parametrize("holder", HOLDERS)
def test_the_same_table_gives_equal_results_whatever_holds_it(holder: str) -> None:
    given, tree = HOLDERS[holder](LINES), ev.load_tree("orders_value")
    for call in (c.order_measures, c.purchase_history, lambda frame: c.rfm(frame).frame):
        found = to_polars(enter(call(given)).frame).sort("id")
        expected = to_polars(enter(call(LINES)).frame).sort("id")
        assert_frame_equal(found, expected, check_dtypes=False)
    measures, expected = (ev.measure({"orders": frame}, tree) for frame in (given, LINES))
    assert_frame_equal(measures, expected)
    assert expected["id"].to_list() == ["a1", "b2", "c3"]
    model = ev.fit(tree, ev.weigh(tree), expected)
    scores = ev.score(model, HOLDERS[holder](expected))
    scored = to_polars(enter(scores).frame).sort("id")
    assert_frame_equal(scored, ev.score(model, expected).sort("id"), check_dtypes=False)
    assert ev.explain(model, measures, "ａ1").id == "a1"


def test_a_day_looked_back_from_that_lies_ahead_is_asked_about() -> None:
    tree, ahead = ev.load_tree("orders_value"), date.today() + timedelta(days=40)
    late = LINES.with_columns(date=pl.lit(ahead))
    for tables, as_of in (({"orders": LINES}, ahead), ({"orders": late}, None)):
        with pytest.raises(EvaluationError) as caught:
            ev.measure(tables, tree, as_of=as_of)
        assert [issue.code for issue in caught.value.issues] == ["DATA-473"]
        assert ev.measure(tables, tree, as_of=as_of, ahead=True).height == 3
    tomorrow = date.today() + timedelta(days=1)
    assert ev.measure({"orders": LINES}, tree, as_of=tomorrow).height == 3
