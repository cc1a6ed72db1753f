"""Tables that disagree are named with counts and examples, and each check can find something."""

import json
import re
from datetime import date
from typing import Any

import polars as pl
import pytest
import yaml

from evaluator.cli.set_option import with_options
from evaluator.customers.tables import TABLES
from evaluator.data import TableMapping, read_table
from evaluator.data.reconciliation import disagreements
from evaluator.errors import Severity

D1, D2, D3 = date(2024, 1, 5), date(2024, 2, 5), date(2024, 3, 5)
AS_OF = date(2024, 4, 1)


def sound() -> dict[str, dict[str, list[Any]]]:
    """Tables that agree in everything."""
    return {
        "customers": {"id": ["a", "b"], "start_date": [D1, D1], "contract_end": [D3, None]},
        "orders": {
            "id": ["a", "a", "b"], "date": [D1, D2, D2], "order": ["1", "2", "3"],
            "product": ["x", "x", "y"], "quantity": [2.0, -1.0, 1.0], "price": [5.0, 5.0, 7.0],
            "amount": [10.0, -5.0, 7.0], "status": ["已完成", "退货", None],
        },
        "receivables": {"id": ["a", "b"], "date": [D1, D2], "due": [D2, None], "paid": [D2, None]},
        "network": {"id": ["a"], "to": ["b"], "weight": [0.5]},
        "measures": {"id": ["a", "b"]},
        "offer": {"id": ["price", "speed"]},
        "channels": {"id": ["phone"]},
        "segments": {"id": ["large"]},
    }  # fmt: skip


def frames_of(tables: dict[str, dict[str, list[Any]]]) -> dict[str, pl.DataFrame]:
    return {name: pl.DataFrame(columns, strict=False) for name, columns in tables.items()}


def found(tables: dict[str, dict[str, list[Any]]], as_of: date | None = AS_OF) -> list[tuple[Any, ...]]:
    issues = disagreements(frames_of(tables), TABLES, as_of=as_of)
    assert all(issue.severity is Severity.WARNING for issue in issues)
    assert all(issue.text(language) for issue in issues for language in ("zh", "en"))
    return [(i.code, i.subject, i.detail["count"], i.detail["rows"], i.detail["examples"]) for i in issues]


def test_tables_that_agree_are_left_in_peace() -> None:
    assert found(sound()) == []
    assert found({}) == []


@pytest.mark.parametrize(
    ("table", "changes", "expected"),
    [
        ("measures", {"id": ["a", "zed"]}, ("DATA-485", "measures", 1, 1, "zed")),
        ("customers", {"id": ["a", "b", "c"], "start_date": [D1] * 3, "contract_end": [None] * 3},
         ("DATA-486", "customers", 1, 1, "c")),
        ("orders", {"order": ["1", "2", "1"], "id": ["a", "a", "b"], "date": [D1, D2, D1]},
         ("DATA-490", "orders", 1, 2, "1")),
        ("orders", {"order": ["1", "2", "2"], "id": ["a", "b", "b"], "date": [D1, D2, D3],
                    "quantity": [2.0, 1.0, 1.0], "amount": [10.0, 5.0, 7.0]},
         ("DATA-491", "orders", 1, 2, "2")),
        ("orders", {"product": ["x", "z", "y"]}, ("DATA-488", "orders", 1, 1, "a")),
        ("orders", {"date": [D2, D1, D2]}, ("DATA-488", "orders", 1, 1, "a")),
        ("orders", {"quantity": [2.0, -4.0, 1.0], "amount": [10.0, -20.0, 7.0]},
         ("DATA-489", "orders", 1, 1, "a")),
        ("orders", {"status": ["已取消", "退货", "Cancelled"]},
         ("DATA-492", "orders", 2, 2, "已取消, Cancelled")),
        ("orders", {"amount": [10.0, -5.0, 6.0]}, ("DATA-499", "orders", 1, 1, "b")),
        ("receivables", {"paid": [date(2024, 1, 4), None]}, ("DATA-493", "receivables", 1, 1, "a")),
        ("receivables", {"due": [D2, D1]}, ("DATA-494", "receivables", 1, 1, "b")),
        ("receivables", {"paid": [D2, AS_OF]}, ("DATA-497", "receivables", 1, 1, "b")),
        ("receivables", {"date": [D1, AS_OF], "due": [D2, None], "paid": [D2, None]},
         ("DATA-497", "receivables", 1, 1, "b")),
        ("customers", {"start_date": [D2, D1], "contract_end": [None] * 2},
         ("DATA-495", "customers", 1, 1, "a")),
        ("customers", {"start_date": [D1, D1], "contract_end": [date(2023, 1, 1), None]},
         ("DATA-496", "customers", 1, 1, "a")),
        ("network", {"to": ["a"]}, ("DATA-498", "network", 1, 1, "a")),
    ],
)  # fmt: skip
def test_each_disagreement_is_named_and_nothing_else(
    table: str, changes: dict[str, list[Any]], expected: tuple[Any, ...]
) -> None:
    tables = sound()
    tables[table] |= changes
    assert found(tables) == [expected]


def test_lines_that_stand_twice_are_counted_beyond_the_first() -> None:
    tables = sound()
    tables["orders"] = {name: [*values, values[2], values[2]] for name, values in tables["orders"].items()}
    assert found(tables) == [("DATA-588", "orders", 1, 2, "3")]


def test_money_on_lines_that_stand_twice_is_told_with_an_option_that_drops_them() -> None:
    """The line of 7 stands three times: 14 beside 12 that are right; without amounts no money is told."""
    tables = sound()
    tables["orders"] = {name: [*values, values[2], values[2]] for name, values in tables["orders"].items()}
    (issue,) = disagreements(frames_of(tables), TABLES, as_of=AS_OF)
    assert (issue.detail["money"], issue.detail["share"]) == (14.0, 14 / 12)
    assert "`--set orders.duplicates=drop`" in with_options(issue).text("zh")
    assert "116.7%" in issue.text("en")
    del tables["orders"]["amount"]
    assert found(tables) == [("DATA-487", "orders", 1, 2, "3")]


def test_nothing_lies_in_the_future_of_a_day_that_is_not_stated() -> None:
    tables = sound()
    tables["receivables"]["paid"] = [D2, AS_OF]
    assert found(tables, None) == []


def test_only_some_examples_are_shown() -> None:
    ids = [f"c{n}" for n in range(8)]
    (only,) = found({"customers": {"id": ["a"]}, "grades": {"id": ["a", *ids]}})
    assert only[2:] == (8, 8, "c0, c1, c2, c3, c4 …")


def test_the_line_said_of_cancelled_orders_leaves_them_out(tmp_path) -> None:
    rows = 'a,2024-01-05,5,已取消\na,2024-01-06,6,完成\nb,2024-01-07,7,"关闭, 超时"\n'
    (tmp_path / "orders.csv").write_text(f"客户编号,日期,金额,订单状态\n{rows}", "utf-8")
    mapping = {"file": "orders.csv"}
    frames = {"orders": read_table("orders", TableMapping(**mapping), TABLES["orders"], tmp_path).frame}
    [issue] = [issue for issue in disagreements(frames, TABLES) if issue.code == "DATA-492"]
    [line] = re.findall(r"`(tables: .*)`", issue.text("en"))
    mapping |= yaml.safe_load(line)["tables"]["orders"]
    rule = TableMapping.model_validate_json(json.dumps(mapping))
    kept = read_table("orders", rule, TABLES["orders"], tmp_path).frame
    assert kept["amount"].to_list() == [6.0]
    assert '--set "orders.filters=[{drop: status' in with_options(issue).text("zh")


def test_ids_that_differ_only_in_capitals_spaces_and_brackets_are_named_once() -> None:
    tables = {
        "customers": {"id": ["KH1", "KH2", "华东（集团）", "x"]},
        "survey": {"id": ["kh1", "KH2", "华东 (集团)"]},
    }
    schemas = {"customers": TABLES["orders"], "survey": TABLES["survey"]}
    issues = disagreements({name: pl.DataFrame(table) for name, table in tables.items()}, schemas)
    (issue,) = [issue for issue in issues if issue.code != "DATA-486"]
    assert (issue.code, issue.detail["count"], issue.detail["of"]) == ("DATA-587", 4, 2)
    assert "KH1 ≙ kh1" in issue.detail["examples"]
    assert "华东 (集团)" in issue.text("zh")
    assert issue.detail["share"] == 1
    alone = disagreements({"survey": pl.DataFrame({"id": ["Acme", "ACME", "Borg"]})}, schemas)
    assert [(issue.code, issue.detail["share"]) for issue in alone if issue.code == "DATA-587"] == [
        ("DATA-587", 1)
    ]


def test_ids_are_one_where_the_study_says_so(tmp_path) -> None:
    rows = [
        "上海 宏成（集团）,2024-01-05,1",
        "上海宏成(集团),2024-01-06,2",
        "kh1,2024-01-06,2",
        "KH1,2024-01-07,2",
    ]
    text = "\n".join(["客户,日期,金额", *rows])
    (tmp_path / "o.csv").write_text(text, "utf-8")
    columns = {"id": {"from": "客户", "alike": True}}
    table = read_table(
        "orders",
        TableMapping.model_validate({"file": "o.csv", "columns": columns}),
        TABLES["orders"],
        tmp_path,
    )
    assert table.frame["id"].to_list() == ["上海宏成集团", "上海宏成集团", "KH1", "KH1"]
