"""`evaluator check --data` says what every column became, what was dropped, and how tables disagree."""

import json
from pathlib import Path

import pytest

from evaluator.cli import invoke
from evaluator.tree import load_tree
from evaluator.tree.types import Lookup

STUDY = """\
schema: 1
title: 订单评价
language: zh
as_of: 2024-12-31
tree: orders_value
weighting: {source: given}
tables:
  customers: {file: customers.csv}
  orders:
    file: orders-*.csv
    columns: {amount: {from: 金额（万元）, factor: 10000}}
"""
HEAD = "2024年订单明细\n客户编号,日期,金额（万元）,备注\n"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Two months of orders as a client exports them, in GB18030 with titles and totals."""
    january = HEAD + "007,2024年1月5日,1.25,加急\n008,20240131,很多,\n合计,,1.25,\n"
    february = HEAD + "007,2024/2/6,2,\n,,,\n042,2024-02-07,3,\n"
    for name, text in {"orders-1.csv": january, "orders-2.csv": february}.items():
        (tmp_path / name).write_bytes(text.encode("gb18030"))
    (tmp_path / "customers.csv").write_text("客户编号,名称\n007,华东贸易\n008,南方制造\n", "utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, "utf-8")
    return tmp_path


def test_every_file_column_and_dropped_row_is_shown(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["check", str(study), "--data", "--language", "en"]) == 0
    said = capsys.readouterr()
    shown = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "Orders (orders) from orders-*.csv: 6 rows read, 3 kept." in shown
    assert "from orders-1.csv · gb18030 · header in row 2: 3 rows" in shown
    assert "1 row dropped: total row" in shown
    assert "1 row dropped: 金额（万元） cannot be read" in shown
    assert "all rows of 1 id were dropped: 008" in shown
    assert "date 日期 date 3 0 0 2024年1月5日 → 2024-01-05, 2024/2/6 → 2024-02-06, 2024-02-07" in shown
    assert "amount 金额（万元） number 3 0 0 1.25 → 12500, 2 → 20000, 3 → 30000" in shown
    assert "not used: 备注" in shown
    assert "DATA-485 orders has 1 row of 1 id that is not in the table of customers: 042" in said.err
    assert "DATA-486 1 customer has no orders: 008" in said.err


def test_a_program_gets_the_same(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["check", str(study), "--data", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["sound"], found["study"]) == (True, "订单评价")
    (tree,) = found["trees"]
    assert {"DATA-485", "DATA-486", "DATA-408"} <= {issue["code"] for issue in tree["issues"]}
    orders = next(table for table in tree["tables"] if table["table"] == "orders")
    assert (orders["rows_read"], orders["rows_kept"]) == (6, 3)
    assert [(row["reason"], row["rows"]) for row in orders["dropped"]] == [
        ("空行", 1), ("合计行", 1), ("amount 无法识别", 1)]  # fmt: skip
    assert [source["name"] for source in orders["sources"]] == ["orders-1.csv", "orders-2.csv"]
    amount = next(column for column in orders["columns"] if column["name"] == "amount")
    assert (amount["written"], amount["examples"]) == (["1.25", "2", "3"], ["12500.0", "20000.0", "30000.0"])


def test_what_is_wrong_is_json_too_with_its_exit_code(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (study / "orders-2.csv").write_text("客户编号,日期\n1,2024-01-05\n", "utf-8")
    assert invoke(["check", str(study), "--data", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["sound"] is False
    (error,) = [issue for issue in found["issues"] if issue["severity"] == "error"]
    assert (error["code"], error["where"]) == ("DATA-405", "orders-2.csv:1:1")


@pytest.mark.parametrize("tree", ["credit", "lifecycle_signals"])
def test_a_category_that_a_scale_does_not_list_is_said_before_the_run(tmp_path, capsys, tree: str) -> None:
    loaded = load_tree(tree)
    [leaf, *_] = [leaf for leaf in loaded.indicators if isinstance(leaf.scale, Lookup)]
    heads = [entry.measure for entry in loaded.indicators]
    rows = [
        ",".join([f"K{row}", *("口头约定" if head == leaf.measure and row else "" for head in heads)])
        for row in range(3)
    ]
    (tmp_path / "m.csv").write_text("\n".join([",".join(["id", *heads]), *rows]) + "\n", "utf-8")
    text = f"schema: 1\ntitle: t\nlanguage: en\ntree: {tree}\nweighting: {{source: given}}\n"
    (tmp_path / "study.yaml").write_text(text + "tables: {measures: {file: m.csv}}\n", "utf-8")
    assert invoke(["check", str(tmp_path), "--data"]) == 0
    assert "SCORE-619" in capsys.readouterr().err
    assert invoke(["check", str(tmp_path), "--data", "--json"]) == 0
    [told] = json.loads(capsys.readouterr().out)["trees"]
    [issue] = [issue for issue in told["issues"] if issue["code"] == "SCORE-619"]
    assert "口头约定" in str(issue)
