"""Columns of the customers table that no schema knows: kept as text, for lists, filters and limits."""

from __future__ import annotations

from pathlib import Path

import narwhals as nw
import pytest

from evaluator.columns import condition, holds
from evaluator.study import Study

ORDERS = "id,date,amount\nA,2024-01-05,10\nB,2024-01-06,20\nA,2024-02-06,5\nC,2024-03-01,9\n"
CUSTOMERS = (
    "客户编号,客户名称,客户经理,大区,VIP等级,联系电话,备注,备注\nA,Ann,李,East,1,007,x,y\nB,Ben,王,West,,,,\n"
)
TWO = {"orders": {"file": "orders.csv"}, "customers": {"file": "customers.csv"}}


def made(study, text: str = CUSTOMERS, **customers: object) -> Path:
    tables = {**TWO, "customers": {**TWO["customers"], **customers}}
    return study({"orders.csv": ORDERS, "customers.csv": text}, **tables)


def test_every_column_reaches_the_evaluation_as_it_stands(study) -> None:
    names = ("id", "owner", "region", "VIP等级", "联系电话", "备注", "备注.2")
    found = Study(made(study)).run().attributes.select(names)
    assert sorted(found.rows()) == [
        ("A", "李", "East", "1", "007", "x", "y"), ("B", "王", "West", None, None, None, None),
        ("C", None, None, None, None, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["业务员", "负责人", "Account manager", "客户经理"])
def test_the_owner_is_known_by_its_usual_headers(study, header: str) -> None:
    tables = Study(made(study, CUSTOMERS.replace("客户经理", header))).tables
    assert tables["customers"]["owner"].to_list() == ["李", "王"]


@pytest.mark.parametrize("header", ["区域", "地区", "大区", "Region"])
def test_the_region_is_known_by_its_usual_headers(study, header: str) -> None:
    tables = Study(made(study, CUSTOMERS.replace("大区", header))).tables
    assert tables["customers"]["region"].to_list() == ["East", "West"]


def test_conditions_speak_of_them_by_the_names_the_study_gives(study) -> None:
    attributes = Study(made(study, columns={"vip": "VIP等级", "联系电话": None})).run().attributes
    assert "联系电话" not in attributes.columns
    said = condition("vip == '1' and region == 'East'", {"vip": "text", "region": "text"})
    hit = holds(said, {name: nw.col(name) for name in ("vip", "region")})
    met = nw.from_native(attributes).filter(hit).to_native()
    assert met["id"].to_list() == ["A"]


def test_a_route_may_go_by_a_further_column(study) -> None:
    home = made(study, columns={"vip": "VIP等级"})
    text = (
        (home / "study.yaml")
        .read_text("utf-8")
        .replace(
            "tree: orders_value\n",
            "trees:\n- {id: top, tree: orders_value, when: vip == '1'}\n- {id: rest, tree: orders_value}\n",
        )
    )
    (home / "study.yaml").write_text(text, "utf-8")
    assert Study(home).routes == {"top": {"A"}, "rest": {"B"}}


def test_a_column_that_bears_the_name_of_a_measure_feeds_no_model(study) -> None:
    """`recency` counted by somebody else is told as text; the score still rests on the orders."""
    before = Study(made(study)).results
    after = Study(made(study, CUSTOMERS.replace("联系电话", "recency_days"))).run()
    assert after.results.equals(before)
    assert after.attributes["recency_days"].to_list().count("007") == 1


def test_a_slip_in_a_known_name_is_no_further_column(study, refused) -> None:
    text = CUSTOMERS.replace("客户经理", "Betreuer")
    home = made(study, text, columns={"ownr": "Betreuer", "x": "nowhere"})
    assert [code for code, _ in refused(home)] == ["DATA-407", "DATA-406"]


def test_what_was_kept_is_said(study) -> None:
    (note,) = (note for note in Study(made(study)).tables.notes if note.table == "customers")
    assert note.further == ("VIP等级", "联系电话", "备注", "备注.2")
    assert note.unused == ()
