"""Text becomes numbers, dates and ids by stated rules; what does not is named, never guessed."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.data import Column, ColumnMapping, conversion
from evaluator.data.conversion import Written, converted
from evaluator.data.dates import DAY_0


def convert(
    text: str | None, kind: Any, *, serials: bool = False, non_negative: bool = False, **mapping: Any
):
    """Return value and problem of one cell."""
    column = Column("x", kind, non_negative=non_negative)
    stated = ColumnMapping.model_validate({"from": "x", **mapping})
    cells = Written(pl.Series([text], dtype=pl.String), day_0=DAY_0 if serials else None)
    return converted(cells, column, stated).row(0)[:2]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", 1234.5), ("1,234,567", 1234567), ("85%", 0.85), ("7%", 0.07), ("5‰", 0.005),
        ("12.5万", 125000), ("3亿", 3e8), ("3 万元", 30000), ("2千", 2000), ("￥1,200", 1200),
        ("¥ -4", -4), ("$12", 12), ("人民币12元", 12), ("１２３．５", 123.5), ("85％", 0.85), ("(80)", -80),
        ("（￥1,200.5）", -1200.5), ("100-", -100), ("−7", -7), ("+3", 3), (" 8 ", 8), ("\u30008\u00a0", 8),
        ("1e5", 1e5), (".5", 0.5), ("1.", 1), ("0", 0), ("-0.25", -0.25),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    assert convert(text, "number") == (value, None)


@pytest.mark.parametrize("text", [None, "", "  ", "-", "—", "N/A", "NaN", "null", "无", "暂无", "/"])
def test_an_empty_number_is_missing_and_no_problem(text: str | None) -> None:
    assert convert(text, "number") == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "12,34,567",
        "(-5)",
        "--5",
        "(5",
        "5)",
        "5 6",
        "1e5万",
        "0x10",
        "12 box",
        "0,123,456",
        "1.234.5",
        "CR 5 DR",
    ],
)
def test_what_is_no_number_is_named(text: str) -> None:
    assert convert(text, "number") == (None, "not_a_number")


@pytest.mark.parametrize("text", ["inf", "-Infinity", "∞", "1e999", "-1e999"])
def test_an_infinite_number_is_named(text: str) -> None:
    assert convert(text, "number") == (None, "infinite")


def test_a_negative_number_is_named_only_where_it_cannot_be() -> None:
    assert convert("-3", "number", non_negative=True) == (None, "negative")
    assert convert("0", "number", non_negative=True) == (0, None)


def test_factor_units_and_decimal_comma_are_the_studys_to_state() -> None:
    assert convert("1.5", "number", factor=10000.0) == (15000, None)
    assert convert("12箱", "number", units={"箱": 24.0}) == (288, None)
    assert convert("1.234.567,5", "number", decimal=",") == (1234567.5, None)
    assert convert("1234,5", "number", decimal=",") == (1234.5, None)
    assert convert("1,234.5", "number", decimal=",") == (None, "contradicts")


def convert_all(texts: list[str], kind: Any) -> list[Any]:
    """Return the values of many cells, none of which may be a problem."""
    frame = converted(Written(pl.Series(texts, dtype=pl.String)), Column("x", kind))
    assert frame["problem"].null_count() == len(texts)
    return frame["value"].to_list()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_a_number_python_wrote_reads_back_to_the_last_bit(numbers: list[float]) -> None:
    cells = [*map(repr, numbers), "0.5"]  # 1.125 alone could be more than a thousand
    assert convert_all(cells, "number") == [*numbers, 0.5]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-(10**12), 10**12), min_size=1))
def test_thousands_separators_change_nothing(numbers: list[int]) -> None:
    cells = [f"{number:,}" for number in [*numbers, 1_000_000]]
    assert convert_all(cells, "number") == [*numbers, 1_000_000]


@pytest.mark.parametrize(
    "text",
    [
        "20240105", "2024-01-05", "2024/1/5", "2024.1.5", "2024年1月5日", "2024年01月05日",
        "2024-01-05 08:26:00", "2024-01-05T10:00:00Z", "20240105103000", "20240105.0",
        "２０２４－０１－０５", "2024年1月5日 10时30分",
    ],
)  # fmt: skip
def test_dates_as_people_write_them(text: str) -> None:
    assert convert(text, "date") == (date(2024, 1, 5), None)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "2023-02-29",
        "30/2/2024",
        "13/13/2024",
        "20241305",
        "0024-01-01",
        "soon",
        "2024",
        "24-Jan",
    ],
)
def test_what_is_no_date_is_named(text: str) -> None:
    assert convert(text, "date") == (None, "not_a_date")


def test_a_bare_day_number_is_a_date_in_workbooks_only() -> None:
    assert convert("45296", "date", serials=True) == (date(2024, 1, 5), None)
    assert convert("45296.75", "date", serials=True) == (date(2024, 1, 5), None)
    assert convert("45296", "date") == (None, "not_a_date")
    assert convert("45296", "date", format="excel") == (date(2024, 1, 5), None)


def test_another_way_to_write_dates_is_stated() -> None:
    assert convert("05/01/2024", "date", format="%d/%m/%Y") == (date(2024, 1, 5), None)
    assert convert("05/01/2024 23:59", "date", format="%d/%m/%Y %H:%M") == (date(2024, 1, 5), None)
    assert convert("2024-01-05", "date", format="%d/%m/%Y") == (None, "not_a_date")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.dates(date(1900, 1, 1), date(2199, 12, 31)), min_size=1))
def test_every_day_reads_back_in_every_form(days: list[date]) -> None:
    for form in (
        date.isoformat,
        lambda day: day.strftime("%Y%m%d"),
        lambda day: f"{day.year}年{day.month}月{day.day}日",
    ):
        assert convert_all([form(day) for day in days], "date") == days


def test_ids_stay_text() -> None:
    assert convert(" 007 ", "id") == ("007", None)
    assert convert("１２", "id") == ("12", None)
    assert convert("1E5", "id") == ("1E5", None)
    assert convert("", "id") == (None, None)
    assert convert("nan", "id") == (None, None)


def test_decimals_a_workbook_gave_an_id_are_taken_off() -> None:
    assert convert("17850.0", "id") == ("17850", None)
    assert convert("178.50", "id") == ("178.50", None)


def test_an_id_shortened_by_excel_names_nobody() -> None:
    assert convert("1.23457E+17", "id") == (None, "damaged_id")


def test_lost_leading_zeros_are_restored_to_a_stated_width() -> None:
    assert convert("42", "id", width=6) == ("000042", None)
    assert convert("K42", "id", width=6) == ("K42", None)


def test_text_is_kept_as_written() -> None:
    assert convert(" 无 ", "text") == ("无", None)
    assert convert("１２％", "text") == ("１２％", None)
    assert convert("   ", "text") == (None, None)


_CELLS = st.one_of(
    st.from_regex(r"[-+]?[0-9]{1,18}(\.[0-9]{0,12})?(e-?[0-9])?", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?", fullmatch=True),
    st.text("0123456789-_.eE+ aN万元", max_size=9),
    st.sampled_from(["9" * 400, "nan", "null", "-0", "0012.50", "1.23E+17", "２０２４-01-05", "1899-01-01"]),
)


@pytest.mark.parametrize("kind", ["number", "date", "id", "text"])
@pytest.mark.parametrize(
    "stated", [None, {"factor": 10000.0}, {"width": 6}, {"decimal": ","}, {"zone": "UTC"}]
)
@settings(max_examples=10)
@given(cells=st.lists(_CELLS, max_size=30), serials=st.booleans(), non_negative=st.booleans())
def test_what_needs_no_rule_is_read_as_the_rules_read_it(
    kind: Any, stated: dict[str, Any] | None, cells: list[str], serials: bool, non_negative: bool
) -> None:
    column = Column("x", kind, non_negative=non_negative)
    mapping = stated and ColumnMapping.model_validate({"from": "x", **stated})
    written = Written(pl.Series(cells, dtype=pl.String), day_0=DAY_0 if serials else None)
    fast = converted(written, column, mapping).drop("plain")
    with pytest.MonkeyPatch.context() as patch:
        none = {"number": pl.Float64, "date": pl.Date}.get(kind, pl.String)
        patch.setattr(conversion, "_as_it_stands", lambda *_: pl.lit(None, dtype=none))
        slow = converted(written, column, mapping).drop("plain")
    assert fast.equals(slow)


@pytest.mark.parametrize("kind", ["number", "date", "id", "text"])
@settings(max_examples=10)
@given(cells=st.lists(st.one_of(st.none(), _CELLS), min_size=1, max_size=30), typed=st.booleans())
def test_texts_that_repeat_are_read_as_those_that_do_not(kind: Any, cells: list[str], typed: bool) -> None:
    """The former are read once each, the latter cell by cell."""
    flags = pl.Series([typed, *[False] * (len(cells) - 1)])
    once = Written(pl.Series(cells, dtype=pl.String), flags)
    often = Written(pl.Series(cells * 3, dtype=pl.String), pl.concat([flags] * 3))
    column, notation = Column("x", kind), conversion.Notation(order="dmy")
    assert often.repeats
    read = converted(once, column, notation=notation)
    assert converted(often, column, notation=notation).equals(pl.concat([read] * 3))


def test_a_number_that_a_file_marks_as_text_is_read_and_a_marked_formula_is_none() -> None:
    """Our own CSV files write '-10.2% so that no spreadsheet computes it."""
    found = converted(Written(pl.Series(["'-10,2%", "5,5%", "'=1+1"])), Column("growth", "number"))
    assert found["value"].to_list() == [pytest.approx(-0.102), pytest.approx(0.055), None]
    assert found["problem"].to_list() == [None, None, "not_a_number"]


@pytest.mark.parametrize("all_typed", [True, False])
@pytest.mark.parametrize("first", [0, 1])
def test_columns_of_which_some_cells_are_typed_are_read_by_themselves(first: int, all_typed: bool) -> None:
    """Wherever they stand: beside the column of place 0 or 1 is one of which all or no cells are typed."""
    mapping = ColumnMapping.model_validate({"from": "x"})
    texts = pl.Series(["1.234", "2", "1.234", "2"] * 3)
    some = pl.Series([True, False, False, True] * 3)
    column = Column("x", "number")
    described = [(column, mapping, conversion.Written(texts, typed=all_typed))] * 3
    described[first] = (column, mapping, conversion.Written(texts, typed=some))
    found = [conversion.Notation(decimal=",")] * 3
    read = conversion.all_converted(described, found)
    alone = [conversion.converted(written, column, mapping, notation)
             for (column, mapping, written), notation in zip(described, found, strict=True)]  # fmt: skip
    assert all(one.equals(other) for one, other in zip(read, alone, strict=True))
    assert read[first]["value"].to_list()[:3] == [1.234, 2.0, 1234.0]
