"""Amounts of several currencies are never added: they become one at stated rates, or nothing is read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluator.data import Column, TableMapping, Tables, TableSchema, read_tables
from evaluator.data.currencies import CURRENCY, RATES
from evaluator.errors import EvaluationError, Issue, Severity

SCHEMA = TableSchema(
    (
        Column("id", "id", required=True),
        Column("date", "date"),
        CURRENCY,
        Column("quantity", "number"),
        Column("amount", "number", money=True),
        Column("cost", "number", money=True),
    )
)
MIXED = """\
id,date,币种,quantity,amount,cost
1,2024-01-05,人民币,2,100,60
2,2024-02-05,USD,3,10,6
3,2024-03-05,美元,4,20,
4,2024-03-05,eur,5,30,9
"""
DAILY = "currency,date,rate\nUSD,2024-02-01,7\nUSD,2024-03-01,7.25\nEUR,,8\n"


@pytest.fixture
def tables(tmp_path: Path) -> Callable[..., Tables]:
    def read(orders: str, rates_file: str | None = None, **mapping: Any) -> Tables:
        contents = {"orders": orders, "rates": rates_file}
        mappings = {}
        for name, content in contents.items():
            if content is not None:
                (tmp_path / f"{name}.csv").write_text(content, "utf-8")
                stated = mapping if name == "orders" else {}
                mappings[name] = TableMapping.model_validate({"file": f"{name}.csv", **stated})
        return read_tables(mappings, {"orders": SCHEMA, "rates": RATES}, tmp_path)

    return read


def failing(function: Callable[..., Tables], *arguments: Any, **named: Any) -> tuple[Issue, ...]:
    with pytest.raises(EvaluationError) as raised:
        function(*arguments, **named)
    return tuple(issue for issue in raised.value.issues if issue.severity is Severity.ERROR)


def test_several_currencies_without_rates_are_refused_with_their_rows(tables) -> None:
    (issue,) = failing(tables, MIXED)
    assert (issue.code, str(issue.where)) == ("DATA-446", "orders.csv")
    assert issue.detail["counts"] == "USD (2), CNY (1), EUR (1)"


@pytest.mark.parametrize("header", ["Währung", "Devise", "Moneda", "Monnaie", "Valuta", "x"])
def test_a_column_of_several_currencies_is_asked_about_whatever_its_header(tables, header: str) -> None:
    text = f"id,date,product,{header},amount\n1,2024-01-05,ALL,EUR,100\n2,2024-02-05,kg,GBP,10\n"
    (issue,) = failing(tables, text)
    assert (issue.code, issue.detail["counts"]) == ("DATA-446", "EUR (1), GBP (1)")
    assert tables(text, columns={"currency": None}).frames["orders"]["amount"].sum() == 110


def test_one_currency_written_in_several_ways_needs_no_rates(tables) -> None:
    read = tables("id,currency,amount\n1,RMB,3\n2,人民币,4\n3,￥,5\n")
    assert read["orders"]["currency"].unique().to_list() == ["CNY"]
    assert read.issues == ()


def test_stated_rates_turn_every_amount_and_no_quantity(tables) -> None:
    read = tables(MIXED, rates={"to": "RMB", "per_unit": {"美元": 7.0, "EUR": 8.0}})
    frame = read["orders"]
    assert frame["amount"].to_list() == [100.0, 70.0, 140.0, 240.0]
    assert frame["cost"].to_list() == [60.0, 42.0, None, 72.0]
    assert frame["quantity"].to_list() == [2.0, 3.0, 4.0, 5.0]
    assert frame["currency"].unique().to_list() == ["CNY"]
    (note,) = read.issues
    assert (note.code, note.severity, note.detail["counts"]) == (
        "DATA-449",
        Severity.NOTE,
        "USD (2), EUR (1)",
    )


def test_a_table_of_rates_holds_each_rate_until_the_next(tables) -> None:
    read = tables(MIXED, DAILY, rates={"to": "CNY", "table": True})
    assert read["orders"]["amount"].to_list() == [100.0, 70.0, 145.0, 240.0]


def test_rows_keep_their_order_through_a_table_of_rates(tables) -> None:
    lines = MIXED.splitlines()
    read = tables("\n".join([lines[0], *reversed(lines[1:])]), DAILY, rates={"to": "CNY", "table": True})
    assert read["orders"]["id"].to_list() == ["4", "3", "2", "1"]
    assert read["orders"]["amount"].to_list() == [240.0, 145.0, 70.0, 100.0]


@pytest.mark.parametrize(
    ("rates", "counts"),
    [
        ({"to": "CNY", "per_unit": {"USD": 7.0}}, "EUR (1)"),
        ({"to": "CNY", "per_unit": {"EUR": 8.0}}, "USD (2)"),
    ],
)
def test_a_currency_without_a_rate_is_named(tables, rates: dict[str, Any], counts: str) -> None:
    (issue,) = failing(tables, MIXED, rates=rates)
    assert (issue.code, issue.detail["counts"]) == ("DATA-447", counts)


def test_a_day_before_the_first_rate_has_none(tables) -> None:
    (issue,) = failing(
        tables, MIXED.replace("2024-02-05", "2024-01-05"), DAILY, rates={"to": "CNY", "table": True}
    )
    assert (issue.code, issue.detail["counts"]) == ("DATA-447", "USD (1)")


def test_rows_without_a_currency_need_a_default(tables) -> None:
    text = "id,currency,amount\n1,USD,3\n2,,4\n"
    rates: dict[str, Any] = {"to": "CNY", "per_unit": {"USD": 7.0}}
    assert failing(tables, text)[0].code == "DATA-446"
    assert failing(tables, text, rates=rates)[0].detail["counts"] == "– (1)"
    assert tables(text, rates=rates | {"default": "CNY"})["orders"]["amount"].to_list() == [21.0, 4.0]


def test_two_rates_of_one_day_are_named(tables) -> None:
    (issue,) = failing(tables, MIXED, DAILY + "美元,2024-03-01,7.3\n", rates={"to": "CNY", "table": True})
    assert (issue.code, issue.subject) == ("DATA-448", "USD")


def test_a_table_of_rates_that_is_not_there_is_named(tables) -> None:
    assert failing(tables, MIXED, rates={"to": "CNY", "table": True})[0].code == "DATA-430"
