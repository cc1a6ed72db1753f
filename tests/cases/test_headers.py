"""Headers as people write them: several rows, two languages, units, the same name twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from evaluator.study import Study

ONE = {"orders": {"file": "orders.csv"}}


def frame(home: Path, table: str = "orders"):
    return Study(home).tables[table]


def codes(home: Path) -> list[str]:
    return [issue.code for issue in Study(home).tables.issues]


def test_a_header_of_two_rows_is_read_as_one(case) -> None:
    home = case("c10_two_row_header")
    assert frame(home, "measures").rows() == [
        ("001", "One", 50.0, 10.0, 3.0), ("002", "Two", 100.0, 0.0, 5.0), ("003", "Three", 20.0, 30.0, 2.0)
    ]  # fmt: skip
    assert codes(home) == ["DATA-526"]
    assert codes(case("c10_two_row_header", tables={"measures": {"header": [1, 2]}})) == []


TWO_ROWS = "客户,,2023,,2024,\n编号,名称,金额,成本,金额,成本\nC1,甲,10,6,20,15\nC2,乙,30,11,40,22\n"


def test_a_name_below_two_groups_is_asked_for_by_its_whole_name(study, errors_of, follow) -> None:
    text = (
        TWO_ROWS.replace("客户,,", "客户编号,下单日期,")
        .replace("编号,名称", ",")
        .replace("甲", "2024-01-05")
        .replace("乙", "2024-01-06")
    )
    home = study({"orders.csv": text}, **ONE)
    issues = errors_of(home)
    asked = [issue for issue in issues if issue.code == "DATA-522"]
    assert [(issue.subject, str(issue.where)) for issue in asked] == [
        ("amount", "orders.csv:1:5"), ("cost", "orders.csv:1:6")
    ]  # fmt: skip
    for issue in asked:
        follow(home, "orders", issue, number=1)
    assert frame(home).rows() == [("C1", date(2024, 1, 5), 20.0, 15.0), ("C2", date(2024, 1, 6), 40.0, 22.0)]


def test_a_row_of_units_below_the_header_belongs_to_it(study, refused) -> None:
    text = "客户编号,日期,金额,数量\n,,万元,件\nC1,2024-01-05,1.5,2\n"
    home = study({"orders.csv": text}, **ONE)
    assert refused(home) == [("DATA-425", "orders.csv:1:3")]


def test_stated_rows_are_read_together_and_a_group_reaches_over_its_columns(study) -> None:
    text = "Export of today\n,When,What,\nWho,Day,Net,Gross\nC1,2024-01-05,1.5,2\n"
    columns = {"id": "Who", "date": "When Day", "amount": "What Gross"}
    home = study({"orders.csv": text}, orders={"file": "orders.csv", "header": [2, 3], "columns": columns})
    assert frame(home).rows() == [("C1", date(2024, 1, 5), 2.0)]


QUALTRICS = (
    "StartDate,ResponseId,Q1,Q2\n"
    'Start Date,Response ID,"How satisfied are you\nwith our delivery?",Would you buy again?\n'
    '"{""ImportId"":""startDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n'
    "2024-01-05,R_1,7,8\n2024-01-06,R_2,5,\n"
)


@pytest.mark.parametrize("question", ["Q2", "Would you buy again?"])
def test_the_three_header_rows_of_qualtrics_are_no_answers(study, question: str) -> None:
    columns = {"id": "ResponseId", "date": "StartDate", "amount": question}
    home = study({"orders.csv": QUALTRICS}, orders={"file": "orders.csv", "columns": columns})
    tables = Study(home).tables
    assert tables["orders"].rows() == [("R_1", date(2024, 1, 5), 8.0)]
    assert tables.notes[0].rows_read == 2
    assert [str(issue.where) for issue in tables.issues if issue.code == "DATA-423"] == ["orders.csv:6:4"]


@pytest.mark.parametrize(
    "head",
    [
        "Cust No./客户号,Date 日期,Amt (RMB 元)",
        "客户编号（Customer No.）,日期/Date,金额 Amount",
        "CUST,Order date*,amount (net)",
        "cust_no,date,amt",
        '"客户编码\nCustomer code",单据日期：,含税金额 / Amount',
    ],
)
def test_a_header_is_known_by_either_half(study, head: str) -> None:
    home = study({"orders.csv": head + "\nC1,2024-01-05,10\n"}, **ONE)
    assert frame(home).rows() == [("C1", date(2024, 1, 5), 10.0)]
    assert codes(home) == []


def test_a_stated_header_is_known_by_either_half_too(study) -> None:
    columns = {"id": "会员", "date": "日", "amount": "Betrag"}
    home = study(
        {"orders.csv": "会员 Mitglied,日 Tag,Betrag（净）\nC1,2024-01-05,10\n"},
        orders={"file": "orders.csv", "columns": columns},
    )
    assert frame(home).rows() == [("C1", date(2024, 1, 5), 10.0)]


def test_the_whole_header_comes_before_half_of_one(study) -> None:
    """The ID of an order is not that of a customer, and half a header takes nothing from a whole one."""
    text = "订单ID,客户 Customer name,客户编号,日期,金额\n7,甲,C1,2024-01-05,10\n"
    home = study({"orders.csv": text}, **ONE)
    assert frame(home).select("id", "name").rows() == [("C1", "甲")]


def test_a_header_whose_halves_are_different_columns_is_asked_for(study, errors_of, follow) -> None:
    home = study({"orders.csv": "金额/Price,客户编号,日期,数量\n10,C1,2024-01-05,2\n"}, **ONE)
    issues = errors_of(home)
    assert [(issue.code, str(issue.where)) for issue in issues][-1] == ("DATA-523", "orders.csv:1:1")
    assert "«10»" in issues[-1].text("en")
    line = yaml.safe_load("{" + issues[-1].detail["lines"].split("`")[1] + "}")
    assert line == {"columns": {"price": "金额/Price"}}
    assert frame(follow(home, "orders", issues[-1])).select("price").rows() == [(10.0,)]


def test_two_usual_headers_of_one_number_are_asked_for(study, errors_of, follow) -> None:
    text = "客户编号,下单日期,出库日期,订单金额,实付金额\nC1,2024-01-05,2024-01-09,10,8\n"
    home = study({"orders.csv": text}, **ONE)
    issues = errors_of(home)
    assert [(issue.code, issue.subject, str(issue.where)) for issue in issues] == [
        ("DATA-522", "date", "orders.csv:1:3"), ("DATA-522", "amount", "orders.csv:1:5")
    ]  # fmt: skip
    assert "«2024-01-09»" in issues[0].text("zh")
    for issue in issues:
        follow(home, "orders", issue, number=1)
    assert frame(home).rows() == [("C1", date(2024, 1, 9), 8.0)]


def test_the_name_of_the_column_itself_is_no_guess(study) -> None:
    text = "id,date,invoice date,amount,sales\nC1,2024-01-05,2024-01-09,10,8\n"
    assert frame(study({"orders.csv": text}, **ONE)).rows() == [("C1", date(2024, 1, 5), 10.0)]


TWICE = "客户编号,日期,金额,金额\nC1,2024-01-05,10,8\n"


@pytest.mark.parametrize(("number", "amount"), [(0, 10.0), (1, 8.0)])
def test_a_header_that_stands_twice_is_told_by_its_number(
    study, errors_of, follow, number: int, amount: float
) -> None:
    home = study({"orders.csv": TWICE}, **ONE)
    [issue] = errors_of(home)
    assert (issue.code, str(issue.where)) == ("DATA-422", "orders.csv:1:4")
    assert "«10»" in issue.text("en")
    follow(home, "orders", issue, number=number)
    assert frame(home)["amount"].to_list() == [amount]


def test_a_header_that_stands_twice_is_told_by_its_place(study, refused) -> None:
    by_place = {"file": "orders.csv", "columns": {"amount": {"position": 4}}}
    assert frame(study({"orders.csv": TWICE}, orders=by_place))["amount"].to_list() == [8.0]
    by_place["columns"] = {"amount": {"position": 5}}
    assert refused(study({"orders.csv": TWICE}, orders=by_place)) == [("DATA-406", "study.yaml:9:7")]


UNITS = "客户编号,日期,金额（万元）\nC1,2024-01-05,1.5\n"


@pytest.mark.parametrize(("number", "amount"), [(0, 15000.0), (1, 1.5)])
@pytest.mark.parametrize(
    "text",
    [
        UNITS,
        UNITS.replace("金额（万元）", "Amt (RMB 万元)"),
        UNITS.replace("金额（万元）", "金额/万元"),
        "订单明细  单位：万元\n" + UNITS.replace("（万元）", ""),
        "单位:人民币万元,,\n" + UNITS.replace("（万元）", ""),
    ],
)
def test_a_unit_above_numbers_is_asked_for(
    study, errors_of, follow, text: str, number: int, amount: float
) -> None:
    home = study({"orders.csv": text}, **ONE)
    [issue] = errors_of(home)
    assert issue.code == "DATA-425"
    assert str(issue.where).endswith(":3")
    assert "«1.5»" in issue.text("zh")
    follow(home, "orders", issue, number=number)
    assert frame(home)["amount"].to_list() == [amount]


def test_a_title_speaks_of_amounts_and_not_of_pieces(study, errors_of) -> None:
    text = "单位：万元\n客户编号,日期,金额,数量,成本\nC1,2024-01-05,1.5,2,1\n"
    issues = errors_of(study({"orders.csv": text}, **ONE))
    assert [issue.detail["column"] for issue in issues] == ["amount", "cost"]


@pytest.mark.parametrize("head", ["金额（元）", "金额 (CNY)", "金额（含税）", "金额（万科）"])
def test_a_unit_of_one_or_none_is_no_question(study, head: str) -> None:
    home = study({"orders.csv": f"单位：元\n客户编号,日期,{head}\nC1,2024-01-05,1.5\n"}, **ONE)
    assert frame(home)["amount"].to_list() == [1.5]


def test_files_that_count_in_different_units_are_not_put_together(study, refused) -> None:
    """A factor for both would be wrong for one of them."""
    files = {"a-1.csv": UNITS.replace("（万元）", ""), "a-2.csv": UNITS}
    assert refused(study(files, orders={"file": "a-*.csv"})) == [("DATA-525", "a-2.csv:1:3")]


def test_who_looks_after_a_customer_and_where_is_known_by_its_usual_headers(study) -> None:
    files = {
        "orders.csv": "客户编号,日期,金额\nC1,2024-01-05,10\n",
        "customers.csv": "Cust No./客户号,Region 区域,客户经理\nC1,华东,王芳\n",
    }
    home = study(files, orders={"file": "orders.csv"}, customers={"file": "customers.csv"})
    assert frame(home, "customers").select("id", "region", "owner").rows() == [("C1", "华东", "王芳")]


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("customer,date,amount\nA,2024-01-02,10\nB,2024-02-02,20\n", []),
        (",customer,date,amount\n0,A,2024-01-02,10\n1,B,2024-02-02,20\n", ["0"]),  # an index of pandas
        ("customer,,date,amount\nA,,2024-01-02,10\nB,see note,2024-02-02,20\n", ["see note"]),
        ("customer,,date,amount\nA,,2024-01-02,10\nB,,2024-02-02,20\n", []),
    ],
)
def test_cells_below_no_header_are_noted(study, text, noted) -> None:
    home = study({"orders.csv": text}, **ONE)
    found = [issue.detail["example"] for issue in Study(home).tables.issues if issue.code == "DATA-542"]
    assert found == noted
    assert frame(home)["id"].to_list() == ["A", "B"]
