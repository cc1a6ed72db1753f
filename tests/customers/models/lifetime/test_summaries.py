"""Summaries of customers, as other packages make them, give the lifetime values of the orders they are of."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from evaluator.customers import purchase_history, run_models
from evaluator.customers.ledgers import SUMMARIES
from evaluator.customers.models.lifetime.buying import histories
from evaluator.customers.models.lifetime.view import view
from evaluator.customers.options import CustomerOptions
from evaluator.customers.sources import Sources
from evaluator.data import TableMapping, read_table
from evaluator.errors import EvaluationError
from evaluator.present.blocks import Chart, Table
from evaluator.present.reader import Reader

OPTIONS = CustomerOptions.model_validate(
    {"lifetime": {"margin": 0.3, "horizon": 39.0, "discount_rate": 0.1, "currency": "USD"}}
)
END = date(1998, 6, 30)


@pytest.fixture(scope="module")
def orders(shared: Path) -> pl.DataFrame:
    text = (shared / "data" / "CDNOW_sample.txt").read_text("ascii")
    rows = [line.split() for line in text.splitlines()]
    days = [date(int(day[:4]), int(day[4:6]), int(day[6:])) for _, _, day, *_ in rows]
    return pl.DataFrame({"id": [row[1] for row in rows], "date": days, "amount": [float(r[4]) for r in rows]})


def lifetimes(tables: dict[str, pl.DataFrame], options: CustomerOptions = OPTIONS):
    return run_models(tables, as_of=date(1998, 7, 1), options=options).results["lifetime"]


def read(folder: Path, frame: pl.DataFrame, headers: list[str]) -> pl.DataFrame:
    frame.rename(dict(zip(frame.columns, headers, strict=True))).write_csv(folder / "summaries.csv")
    return read_table("summaries", TableMapping(file="summaries.csv"), SUMMARIES, folder).frame


@pytest.mark.parametrize(
    "headers",
    [
        ["customer_id", "frequency", "recency", "T", "monetary_value"],
        ["Id", "x", "t.x", "T.cal", "Spending"],
        ["cust", "x", "t.x", "T.cal", "m.x"],
        ["客户编号", "重复购买次数", "最近购买时点", "观察期长度", "平均金额"],
    ],
)
def test_summaries_give_what_their_orders_give(orders, tmp_path: Path, headers: list[str]) -> None:
    made = pl.DataFrame(purchase_history(orders, end=END, unit=7.0))
    summaries = read(tmp_path, made.with_columns(pl.col("monetary").fill_null(0.0)), headers)
    ours = lifetimes({"summaries": summaries})
    theirs = lifetimes({"orders": orders})
    both = ours.frame.sort("id").join(theirs.frame, on="id", suffix="_orders")
    assert both.height == theirs.frame.height
    for name in ("p_alive", "expected_purchases", "expected_spend", "clv"):
        assert both[name].to_list() == pytest.approx(both[f"{name}_orders"].to_list(), rel=1e-4), name
    assert not [issue for issue in ours.issues if issue.code in ("CLV-945", "CLV-946")]


def test_orders_beside_summaries_are_said_not_to_count(orders) -> None:
    made = pl.DataFrame(purchase_history(orders, end=END, unit=7.0))
    tables = {"summaries": made, "orders": orders.head(100)}
    result = lifetimes(tables)
    assert "CLV-945" in [issue.code for issue in result.issues]
    assert result.frame.height == made.height


def test_a_test_on_held_out_orders_needs_orders(orders) -> None:
    made = pl.DataFrame(purchase_history(orders, end=END, unit=7.0))
    options = OPTIONS.lifetime.model_copy(update={"calibration_end": date(1997, 9, 30)})
    result = lifetimes({"summaries": made}, OPTIONS.model_copy(update={"lifetime": options}))
    assert result.held_out is None
    assert "CLV-946" in [issue.code for issue in result.issues]


def test_without_amounts_who_buys_and_how_often_is_told_and_nothing_in_money(orders, tmp_path) -> None:
    made = pl.DataFrame(purchase_history(orders, end=END, unit=7.0))
    counts = read(tmp_path, made.drop("monetary"), ["cust", "x", "t.x", "T.cal"])
    found = Sources({"summaries": counts}, as_of=date(1998, 7, 1), options=OPTIONS)
    ours, theirs = found.result("lifetime"), lifetimes({"summaries": made})
    for name in ("p_alive", "expected_purchases"):
        assert ours.frame[name].to_list() == theirs.frame[name].to_list()
    assert ours.spend is None
    assert ours.frame["clv"].null_count() == ours.frame["expected_spend"].null_count() == counts.height
    assert [issue.code for issue in ours.issues if issue.subject == "lifetime"] == ["CLV-947"]
    later = lifetimes({"summaries": counts}, found.frozen())  # of a model fitted without amounts
    assert later.frame["p_alive"].to_list() == pytest.approx(ours.frame["p_alive"].to_list())
    assert later.frozen
    with pytest.raises(EvaluationError) as refused:
        found.result("equity")
    assert [issue.code for issue in refused.value.issues] == ["CLV-947"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_view_of_counts_speaks_of_no_money(orders, language: str) -> None:
    made = pl.DataFrame(purchase_history(orders, end=END, unit=7.0))
    found = lifetimes({"summaries": made.drop("monetary")})
    blocks = list(view(found, OPTIONS.lifetime, Reader(language)))
    assert not [block for block in blocks if isinstance(block, Chart)]
    [first, _] = [block for block in blocks if isinstance(block, Table)]
    assert [head.kind for head in first.heads if head.kind == "money"] == []
    expected = [row[-1] for row in first.rows]
    assert expected == sorted(expected, reverse=True)


@pytest.mark.parametrize(
    ("frequency", "recency", "T", "reason"),
    [
        (None, 1.0, 5.0, "missing"),
        (1, 6.0, 5.0, "late"),
        (1.5, 2.0, 5.0, "parts"),
        (1, 0.0, 5.0, "at_once"),
        (0, 2.0, 5.0, "never"),
    ],
)
def test_each_way_to_be_wrong_is_named(frequency, recency, T, reason) -> None:
    frame = pl.DataFrame({"id": ["a"], "frequency": [frequency], "recency": [recency], "T": [T]})
    with pytest.raises(EvaluationError) as raised:
        histories(frame)
    assert [(i.code, i.detail["reason"]) for i in raised.value.issues] == [("CLV-913", f"histories.{reason}")]
