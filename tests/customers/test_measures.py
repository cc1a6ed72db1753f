"""Measures of customers: by hand, by an independent computation, and on every kind of frame."""

import math
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean, stdev
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from evaluator import messages
from evaluator.customers import MEASURES, Span, order_measures
from evaluator.customers.orders import OrderLines
from evaluator.errors import EvaluationError

AS_OF = date(2024, 7, 1)
SCHEMA = {"id": pl.String, "date": pl.Date, "order": pl.String, "product": pl.String, "amount": pl.Float64,
          "cost": pl.Float64}  # fmt: skip


def orders(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def measured(*rows: tuple[object, ...], **options: Any) -> dict[str, Any]:
    """Return the measures of the only customer."""
    return order_measures(orders(*rows), as_of=AS_OF, **options).row(0, named=True)


def test_one_customer_by_hand() -> None:
    """Four purchase days 10, 20 and 30 days apart, one of them with two orders, one return of 40."""
    found = measured(
        ("A", date(2020, 7, 1), "1", "p", 500.0, 300.0),  # before the window: only tenure sees it
        ("A", date(2024, 4, 2), "2", "p", 100.0, 60.0),
        ("A", date(2024, 4, 12), "3", "q", 100.0, 60.0),
        ("A", date(2024, 4, 12), "4", "p", 50.0, 30.0),
        ("A", date(2024, 5, 2), "5", "p", 100.0, 60.0),
        ("A", date(2024, 5, 10), "5", "p", -40.0, 24.0),
        ("A", date(2024, 6, 1), "6", "r", 50.0, 30.0),
        ("A", date(2024, 7, 1), "7", "s", 999.0, 1.0),  # the as-of day itself is not used
    )
    assert found["gross_amount"] == 400
    assert found["net_amount"] == 360
    assert found["return_ratio"] == 0.1
    assert found["frequency"] == 4
    assert found["recency_days"] == 30
    assert found["tenure_months"] == pytest.approx(1461 / (365.25 / 12))
    assert found["regularity"] == pytest.approx(1 - 10 / 20)  # intervals 10, 20, 30: mean 20, sample sd 10
    assert found["gross_profit"] == pytest.approx(360 - (240 - 24))
    assert found["margin"] == pytest.approx(144 / 360)
    assert found["breadth"] == 3
    assert found["average_order"] == 80
    assert found["growth"] == pytest.approx(bisected([0] * 21 + [250, 60, 50]))


def bisected(amounts: list[float]) -> float:
    """Return the slope whose exponential has the centre of gravity of the amounts, by halving."""
    y, t = np.array(amounts, dtype=float), np.arange(len(amounts))
    wanted, low, high = y @ t / y.sum(), -60.0, 60.0
    for _ in range(200):
        g = (low + high) / 2
        w = np.exp(g * t - max(g * t[-1], 0))
        low, high = (g, high) if w @ t / w.sum() < wanted else (low, g)
    return g


def test_growth_of_a_steady_rate_is_its_logarithm() -> None:
    """Two per cent a month over 24 months, after an earlier first purchase."""
    months = [Span(AS_OF, window=k).first for k in range(24, 0, -1)]
    rows = [("A", day, None, None, 100 * 1.02**t, None) for t, day in enumerate(months)]
    first = ("A", date(2021, 1, 1), None, None, 1.0, None)
    assert measured(first, *rows)["growth"] == pytest.approx(math.log(1.02))
    assert measured(*rows)["growth"] == pytest.approx(math.log(1.02))  # from the first of 24 months on
    late = [("A", months[0] + timedelta(days=6), None, None, 100.0, None), *rows[1:]]
    assert measured(*late)["growth"] is not None  # a year that begins with the first order, on the 7th
    assert measured(*rows[1:])["growth"] is None  # 23 months of history
    assert measured(*rows[1:], growth_months=23)["growth"] == pytest.approx(math.log(1.02))
    assert measured(first, *rows[:2])["growth"] is None  # two months show no trend


def test_several_purchases_of_one_day_are_one() -> None:
    """Five lines on three days: frequency 3, and too few days for a habit."""
    day = date(2024, 5, 1)
    rows = [("A", day, "1", "p", 1.0, None)] * 3 + [
        ("A", day + timedelta(days=n), "2", "p", 1.0, None) for n in (3, 6)
    ]
    found = measured(*rows)
    assert (found["frequency"], found["regularity"]) == (3, None)


def test_the_steadiest_customer_has_regularity_1_and_an_erratic_one_0() -> None:
    start = date(2024, 1, 1)
    steady = measured(*[("A", start + timedelta(days=7 * n), None, None, 1.0, None) for n in range(5)])
    erratic = measured(*[("A", start + timedelta(days=n), None, None, 1.0, None) for n in (0, 1, 2, 3, 150)])
    assert steady["regularity"] == 1
    assert erratic["regularity"] == 0


def test_a_customer_with_returns_only_has_a_net_amount_and_nothing_else() -> None:
    found = measured(("A", date(2024, 5, 1), "1", "p", -40.0, None))
    assert {name: value for name, value in found.items() if value is not None} == {
        "id": "A",
        "net_amount": -40.0,
    }


def test_a_customer_who_bought_only_before_the_window_has_bought_0_in_it() -> None:
    found = measured(("A", date(2023, 6, 30), "1", "p", 40.0, None))
    assert found["recency_days"] == 367
    assert [found[name] for name in ("gross_amount", "net_amount", "frequency", "breadth")] == [0, 0, 0, 0]
    for name in ("return_ratio", "average_order", "regularity", "margin"):
        assert found[name] is None


def test_the_first_day_of_the_window_counts() -> None:
    assert measured(("A", date(2023, 7, 1), None, None, 40.0, None))["net_amount"] == 40
    assert measured(("A", date(2024, 5, 1), None, None, 4.0, None), window_months=1)["net_amount"] == 0


def test_profit_is_missing_where_one_cost_is_not_known() -> None:
    known = ("A", date(2024, 5, 1), "1", "p", 40.0, 30.0)
    assert measured(known)["gross_profit"] == 10
    assert measured(known, ("A", date(2024, 5, 2), "1", "p", 5.0, None))["gross_profit"] is None
    assert measured(("A", date(2020, 5, 1), "1", "p", 40.0, 30.0))["gross_profit"] == 0
    assert measured(("A", date(2020, 5, 1), "1", "p", 40.0, None))["gross_profit"] is None


def test_without_order_numbers_a_day_is_an_order_and_without_products_there_is_no_breadth() -> None:
    rows = [("A", date(2024, 5, day), None, None, 10.0, None) for day in (1, 1, 2)]
    found = measured(*rows)
    assert (found["average_order"], found["breadth"]) == (15, None)


def test_the_default_day_is_the_one_after_the_last_line() -> None:
    rows = orders(
        ("A", date(2024, 5, 1), None, None, 10.0, None), ("B", date(2024, 5, 9), None, None, -1.0, None)
    )
    assert order_measures(rows, names=["recency_days"]).rows() == [("A", 9.0), ("B", None)]


def by_hand(rows: pd.DataFrame, as_of: date) -> dict[str, float | None]:
    """Compute one customer's measures in plain Python and pandas, row by row."""
    rows = rows[rows["date"] < as_of]
    span = Span(as_of)
    inside = rows[rows["date"] >= span.first]
    bought, back = inside[inside["amount"] > 0], inside[inside["amount"] < 0]
    ever = rows[rows["amount"] > 0]
    days = sorted(set(bought["date"]))
    gaps = [(b - a).days for a, b in pairwise(days)]
    nothing = not len(ever)
    gross = float(bought["amount"].sum())
    months = [
        float(
            rows[
                (rows["date"] >= Span(as_of, window=k + 1).first)
                & (rows["date"] < Span(as_of, window=k).first)
            ]["amount"].sum()
        )
        for k in range(24)
    ]
    positive = [max(amount, 0.0) for amount in reversed(months)]
    trend = not nothing and min(ever["date"]) < span.growth_second and sum(y > 0 for y in positive) >= 3
    return {
        "gross_amount": None if nothing else gross,
        "net_amount": None if nothing and not len(inside) else float(inside["amount"].sum()),
        "return_ratio": float(-back["amount"].sum()) / gross if gross else None,
        "frequency": None if nothing else len(days),
        "recency_days": None if nothing else (as_of - max(ever["date"])).days,
        "tenure_months": None if nothing else (as_of - min(ever["date"])).days * 12 / 365.25,
        "growth": bisected(positive) if trend else None,
        "regularity": max(0.0, 1 - stdev(gaps) / mean(gaps)) if len(gaps) >= 3 else None,
        "breadth": None if nothing else bought["product"].nunique(),
        "average_order": gross / bought["order"].nunique() if gross else None,
    }


LINES = st.lists(
    st.tuples(
        st.sampled_from("ABCDEF"),
        st.dates(date(2021, 6, 1), date(2024, 7, 5)),
        st.sampled_from(["o1", "o2", "o3"]),
        st.sampled_from(["p", "q", "r"]),
        st.integers(-50, 200).filter(bool).map(float),
    ),
    min_size=1,
    max_size=150,
)


@settings(max_examples=12, deadline=None)
@given(LINES)
def test_random_orders_agree_with_an_independent_computation(lines: list[tuple[Any, ...]]) -> None:
    lines.append(("A", date(2021, 6, 1), "o1", "p", 10.0))
    frame = pd.DataFrame(lines, columns=["id", "date", "order", "product", "amount"])
    found = order_measures(pl.DataFrame(frame.to_dict("list")), as_of=AS_OF)
    for row in found.iter_rows(named=True):
        expected = by_hand(frame[frame["id"] == row["id"]], AS_OF)
        for name, value in expected.items():
            assert row[name] == (None if value is None else pytest.approx(value, rel=1e-6, abs=1e-6)), name


def random_orders(rows: int = 400) -> pl.DataFrame:
    rng = np.random.default_rng(7)
    day = np.datetime64("2022-01-01") + rng.integers(0, 900, rows)
    return pl.DataFrame(
        {
            "id": rng.integers(1, 30, rows).astype(str),
            "date": pl.Series(day).cast(pl.Date),
            "order": rng.integers(1, 200, rows).astype(str),
            "product": rng.integers(1, 9, rows).astype(str),
            "amount": rng.normal(80, 60, rows),
            "cost": rng.uniform(5, 50, rows),
        }
    )


def test_a_pandas_frame_gives_the_same_as_pandas() -> None:
    frame = random_orders()
    native = pd.DataFrame({name: frame[name].to_list() for name in frame.columns}, index=range(5, 405))
    native["date"] = pd.to_datetime(native["date"])
    found = order_measures(native)
    assert isinstance(found, pd.DataFrame)
    expected = order_measures(frame)
    assert_frame_equal(pl.DataFrame(found.to_dict("list"), strict=False).fill_nan(None), expected)


def test_a_lazy_frame_stays_lazy() -> None:
    frame = random_orders()
    found = order_measures(frame.lazy())
    assert isinstance(found, pl.LazyFrame)
    assert_frame_equal(found.collect(), order_measures(frame))


def test_duckdb_gives_the_same() -> None:
    duckdb = pytest.importorskip("duckdb")
    frame = random_orders()
    with duckdb.connect() as connection:
        connection.register("orders", frame.to_arrow())
        found = order_measures(connection.table("orders")).pl()
    assert_frame_equal(found.sort("id"), order_measures(frame), check_exact=False, rel_tol=1e-9)


def test_what_was_passed_in_is_not_changed() -> None:
    frame = random_orders(50)
    before = frame.clone()
    order_measures(frame)
    assert_frame_equal(frame, before)


def test_the_order_of_the_lines_does_not_matter() -> None:
    frame = random_orders()
    shuffled = frame.sample(fraction=1, shuffle=True, seed=3)
    assert_frame_equal(order_measures(shuffled), order_measures(frame), check_exact=False, rel_tol=1e-12)


def test_only_the_measures_asked_for_are_returned_and_an_unknown_one_is_named() -> None:
    frame = random_orders(20)
    assert order_measures(frame, names=["breadth"]).columns == ["id", "breadth"]
    with pytest.raises(EvaluationError) as raised:
        order_measures(frame, names=["bredth"])
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject, issue.hint) == ("METHOD-001", "bredth", ("breadth",))


def test_a_measure_by_itself_is_what_it_is_among_all_and_of_lines_that_were_read() -> None:
    """Parts of the summary that no measure asks for are left out."""
    frame = random_orders()
    whole, lines = order_measures(frame), OrderLines.read(frame)
    for name in MEASURES.names():
        assert_frame_equal(order_measures(frame, names=[name]), whole.select("id", name), check_exact=True)
        assert_frame_equal(order_measures(lines, names=[name]), whole.select("id", name), check_exact=True)


def test_no_line_before_the_day_looked_back_from_is_an_error() -> None:
    frame = orders(("A", AS_OF, None, None, 1.0, None))
    for given_frame, as_of in ((frame, AS_OF), (frame.clear(), None)):
        with pytest.raises(EvaluationError) as raised:
            order_measures(given_frame, as_of=as_of)
        assert [(i.code, i.subject) for i in raised.value.issues] == [("DATA-435", "orders")]


def test_lines_without_customer_date_or_amount_are_not_left_out_in_silence() -> None:
    frame = orders(("A", AS_OF, None, None, 1.0, None), (None, AS_OF, None, None, 1.0, None),
                   ("A", AS_OF, None, None, None, None))  # fmt: skip
    with pytest.raises(EvaluationError) as raised:
        order_measures(frame)
    assert [(i.code, i.detail["count"]) for i in raised.value.issues] == [("DATA-441", 2)]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_measure_says_its_unit_and_definition(language: str) -> None:
    for method in MEASURES.methods():
        assert messages.text(f"measure.{method.name}.unit", language)
        assert messages.text(f"measure.{method.name}.definition", language)
        assert method.title[language]
