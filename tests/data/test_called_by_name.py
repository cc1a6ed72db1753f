"""Ledgers of other systems call customers by name: each name that is one customer's is read as its id."""

from __future__ import annotations

import polars as pl

from evaluator.customers import TABLES
from evaluator.data.called_by_name import with_codes
from evaluator.data.reconciliation import disagreements

ORDERS = pl.DataFrame(
    {"id": ["C1", "C2", "C3", "C4"], "name": ["上海宏成(集团)", "Acme Ltd", "Twin", "Twin"]}
)


def test_names_become_ids_where_they_are_one_customers() -> None:
    owed = pl.DataFrame({"id": ["上海 宏成（集团）", "acme ltd", "C3", "Twin", None, "Nobody"]})
    found, [note] = with_codes({"orders": ORDERS, "receivables": owed}, TABLES)
    assert found["receivables"]["id"].to_list() == ["C1", "C2", "C3", "Twin", None, "Nobody"]
    assert (note.code, note.detail["rows"], note.detail["count"]) == ("DATA-601", 2, 2)
    [nobody] = disagreements(found, TABLES)
    assert (nobody.code, nobody.detail["examples"]) == ("DATA-602", "Twin, Nobody")
    assert nobody.detail["share"] == 2 / 5


def test_an_id_is_never_read_as_a_name() -> None:
    customers = pl.DataFrame({"id": ["Acme Ltd", "C2"], "name": ["First", "Acme Ltd"]})
    owed = pl.DataFrame({"id": ["Acme Ltd"]})
    found, notes = with_codes({"customers": customers, "receivables": owed}, TABLES)
    assert found["receivables"]["id"].to_list() == ["Acme Ltd"]
    assert notes == ()


def test_who_is_a_customer_is_left_as_written() -> None:
    customers = pl.DataFrame({"id": ["C9"], "name": ["Acme Ltd"]})
    grades = pl.DataFrame({"id": ["Acme Ltd"]})
    found, notes = with_codes({"customers": customers, "orders": ORDERS, "grades": grades}, TABLES)
    assert found["grades"]["id"].to_list() == ["Acme Ltd"]
    assert notes == ()
