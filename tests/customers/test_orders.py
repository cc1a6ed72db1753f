"""The span looked at, and the lines every measure starts from."""

from datetime import date, datetime, timedelta

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.customers import order_measures, rfm
from evaluator.customers.orders import Extent, OrderLines, Span, order_lines
from evaluator.errors import EvaluationError


def lines(**columns: list[object]) -> nw.LazyFrame:
    return order_lines(nw.from_native(pl.LazyFrame(columns, strict=False)))


def collected(frame: nw.LazyFrame) -> pl.DataFrame:
    return frame.collect().to_native()


@pytest.mark.parametrize(
    ("as_of", "months", "first"),
    [
        (date(2011, 12, 10), 12, date(2010, 12, 10)),
        (date(2024, 1, 1), 12, date(2023, 1, 1)),
        (date(2024, 3, 31), 1, date(2024, 3, 1)),  # 31 February does not exist: the next month's first
        (date(2024, 2, 29), 12, date(2023, 3, 1)),
        (date(2025, 1, 31), 2, date(2024, 12, 1)),
        (date(2024, 12, 31), 13, date(2023, 12, 1)),
    ],
)
def test_a_window_reaches_back_to_the_same_day_of_an_earlier_month(
    as_of: date, months: int, first: date
) -> None:
    assert Span(as_of, window=months).first == first
    assert Span(as_of, growth=months + 1).growth_second == first
    assert Span(as_of).last == as_of - timedelta(days=1)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_the_number_of_a_day_is_pythons(day: date) -> None:
    assert collected(lines(id=["1"], date=[day], amount=[1.0]))["day"].to_list() == [day.toordinal()]


def test_an_amount_is_quantity_times_price_where_none_is_given() -> None:
    day = date(2024, 1, 5)
    assert collected(lines(id=["1"], date=[day], quantity=[3], price=[2.5]))["amount"].to_list() == [7.5]


@pytest.mark.parametrize(
    ("quantity", "amount", "signed"),
    [(3, 10.0, 10.0), (-3, 10.0, -10.0), (-3, -10.0, -10.0), (3, -10.0, -10.0)],
)
def test_a_negative_quantity_or_amount_makes_a_return_and_its_cost_comes_back(
    quantity: int, amount: float, signed: float
) -> None:
    row = collected(
        lines(id=["1"], date=[date(2024, 1, 5)], quantity=[quantity], amount=[amount], cost=[6.0])
    ).row(0, named=True)
    assert (row["amount"], row["cost"]) == (signed, 6.0 if signed > 0 else -6.0)


def test_timestamps_count_as_days() -> None:
    frame = collected(lines(id=["1"], date=[datetime(2024, 1, 5, 23, 59)], amount=[1.0]))
    assert frame["day"].to_list() == [date(2024, 1, 5).toordinal()]


def test_the_extent_names_first_and_last_day_and_counts_what_cannot_be_used() -> None:
    days = [date(2024, 1, 5), date(2024, 3, 1), None, date(2024, 2, 1)]
    found = OrderLines(
        lines(id=["1", None, "2", "3"], date=days, amount=[1.0, 2.0, 3.0, float("nan")])
    ).extent()
    assert found == Extent(date(2024, 1, 5), date(2024, 3, 1), 3, False, 0, 0)
    assert OrderLines(lines(id=["1"], date=pl.Series([None], dtype=pl.Date), amount=[1.0])).extent() is None


def test_missing_columns_are_named_with_the_nearest() -> None:
    with pytest.raises(EvaluationError) as raised:
        lines(idd=["1"], date=[date(2024, 1, 5)], amuont=[1.0])
    assert [(i.code, i.subject, i.hint) for i in raised.value.issues] == [
        ("DATA-405", "id", ("idd",)),
        ("DATA-405", "amount", ("amuont",)),
    ]


def test_returns_beside_the_sale_are_lines_of_their_own() -> None:
    """A sale of 100 of which 25 came back, one without returns, one without an amount of its own."""
    day = date(2024, 1, 5)
    frame = collected(
        lines(id=["1", "1", "2"], date=[day] * 3, quantity=[4, 1, 2], price=[25.0, 7.0, 5.0],
              cost=[60.0, 3.0, None], returns=[25.0, None, 10.0])
    ).sort("id", "amount")  # fmt: skip
    assert frame.select("id", "amount", "cost").rows() == [
        ("1", -25.0, -15.0),
        ("1", 7.0, 3.0),
        ("1", 100.0, 60.0),
        ("2", -10.0, None),
        ("2", 10.0, None),
    ]


def test_a_measure_of_orders_counts_returns_beside_the_sale() -> None:
    day = date(2024, 1, 5)
    orders = pl.DataFrame({"id": ["1"], "date": [day], "amount": [100.0], "returns": [25.0]})
    wanted = ["gross_amount", "net_amount", "return_ratio", "frequency"]
    assert order_measures(orders, names=wanted).row(0) == ("1", 100.0, 75.0, 0.25, 1.0)
    assert rfm(orders).frame["monetary"].to_list() == [75.0]


def test_amounts_in_several_currencies_are_never_added() -> None:
    days = [date(2024, 1, 5)] * 3
    with pytest.raises(EvaluationError) as raised:
        lines(id=["1"] * 3, date=days, amount=[1.0] * 3, currency=["RMB", "CNY", "USD"])
    assert [(i.code, i.detail["counts"]) for i in raised.value.issues] == [("DATA-446", "CNY (2), USD (1)")]
    same = lines(id=["1"] * 3, date=days, amount=[1.0] * 3, currency=["RMB", "CNY", "人民币"])
    assert collected(same)["amount"].sum() == 3.0
