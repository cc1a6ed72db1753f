"""A small table of orders, and a way to read it from text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluator.data import Column, ReadTable, TableMapping, TableSchema, read_table

ORDERS = TableSchema(
    columns=(
        Column("id", "id", required=True, headers=("customer", "客户编号")),
        Column("date", "date", required=True, headers=("日期",)),
        Column("quantity", "number", headers=("数量",)),
        Column("price", "number", non_negative=True, headers=("单价",)),
        Column("amount", "number", headers=("金额",)),
        Column("note", "text", headers=("备注",)),
    ),
    one_of=(("amount",), ("quantity", "price")),
)


@pytest.fixture
def orders() -> TableSchema:
    return ORDERS


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., ReadTable]:
    """Write a file, read it as a table of orders."""

    def reading(content: str | bytes, schema: TableSchema = ORDERS, **mapping: Any) -> ReadTable:
        mapping.setdefault("file", "orders.csv")
        data = content.encode("utf-8") if isinstance(content, str) else content
        (tmp_path / mapping["file"]).write_bytes(data)
        return read_table("orders", TableMapping.model_validate(mapping), schema, tmp_path)

    return reading
