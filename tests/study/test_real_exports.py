"""Files as systems export them beside each other: members, tickets, answers to one question."""

from pathlib import Path

import pytest

from evaluator.errors import EvaluationError
from evaluator.study.gathering import gather
from evaluator.study.grids import grid_issues
from evaluator.study.settings import settings

PHONES = [f"138{n:08}" for n in range(1, 21)]
ASKED = "How likely are you to recommend us? (0-10)"


def spaced(phone: str) -> str:
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    orders = [
        f"2024-{month:02}-05,{spaced(phone) if (month + n) % 4 == 0 else phone},{n + 1}"
        for month in range(1, 13)
        for n, phone in enumerate(PHONES)
    ]
    (tmp_path / "sales.csv").write_text("\n".join(["日期,会员手机号,金额", *orders]) + "\n", "utf-8")
    return tmp_path


def test_a_list_of_members_is_joined_by_the_numbers_that_the_orders_bear(folder: Path) -> None:
    rows = [
        f"{spaced(phone) if n % 2 else phone},王{n},金卡,1990.1.{n % 28 + 1}"
        for n, phone in enumerate(PHONES)
    ]
    (folder / "会员名单.csv").write_text("\n".join(["手机,姓名,会员等级,客户类型", *rows]) + "\n", "utf-8")
    data = gather([str(folder)], {"customers.industry": "会员等级"})
    [members] = data.tables["customers"]
    assert members.column("industry").header == "会员等级"
    [who] = (entry for entry in members.placed if entry.name == "id")
    assert (who.seen.header, who.how) == ("手机", "cells")
    assert not members.questions
    assert [(issue.code, issue.detail["count"]) for issue in data.unused] == [("STUDY-349", 20)]
    assert data.settings.of_column("customers", "id") == {"alike": True}


def test_numbers_written_with_spaces_stay_apart_where_that_is_stated(folder: Path) -> None:
    data = gather([str(folder)], settings=settings(["id.alike=false"]))
    assert data.unused == ()
    assert data.settings.of_column("orders", "id") == {"alike": False}


@pytest.mark.parametrize("stated", [{}, {"id": "Company ID"}])
def test_answers_to_a_question_are_no_money(stated: dict[str, str], tmp_path: Path) -> None:
    rows = [f"{n},user{n}@x.com,{9_000_000 + n % 30},{n % 11},2025-01-{n % 28 + 1:02}" for n in range(80)]
    head = f"Response ID,Email,Company ID,{ASKED},Date"
    (tmp_path / "nps.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
    data = gather([str(tmp_path / "nps.csv")], stated)
    [(_, part, question)] = data.questions
    assert (question.name, question.candidates) == ("amount", ())
    [issue, *_] = grid_issues(part)
    assert (issue.code, issue.detail["count"]) == ("DATA-531", 1)


def test_a_survey_beside_orders_is_named_with_the_option_that_reads_it(folder: Path) -> None:
    rows = [f"{n},{PHONES[n % 20]},{n % 11},2025-01-{n % 28 + 1:02}" for n in range(60)]
    (folder / "nps.csv").write_text("\n".join([f"Response ID,Phone,{ASKED},Date", *rows]) + "\n", "utf-8")
    [_, issue] = sorted(gather([str(folder)]).unused, key=lambda issue: issue.code, reverse=True)
    assert (issue.code, issue.subject, issue.detail["rows"]) == ("STUDY-348", "nps.csv", 60)
    answers = "{columns: ['How likely*'], name: item, value: perceived}"
    read = gather([str(folder)], settings=settings(["orders.totals=[x]", f"survey.unpivot={answers}"]))
    [survey] = read.tables["survey"]
    assert survey.column("id").header == "Phone"
    assert survey.look.rows.height == 60
    assert survey.column("item").header == ASKED


def test_companies_go_by_their_number_where_no_column_is_called_a_customer(tmp_path: Path) -> None:
    """SAP's company code is the firm's own: it does not come before the name of a customer."""
    rows = [f"I{n},2024-{n % 12 + 1:02}-07,{5000 + n % 9},Firm {n % 9},{n}" for n in range(60)]
    for who, name in (("Company ID", "Company name"), ("Company code", "Customer name")):
        head = f"Invoice number,Invoice date,{who},{name},Amount"
        (tmp_path / "invoices.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
        [part] = gather([str(tmp_path / "invoices.csv")]).tables["orders"]
        assert part.column("id").header == (who if who == "Company ID" else name)


def test_a_column_of_answers_alone_without_a_question_is_still_asked_about(tmp_path: Path) -> None:
    rows = [f"C{n % 30},{n % 7 + 1},2025-01-{n % 28 + 1:02}" for n in range(80)]
    (tmp_path / "x.csv").write_text("\n".join(["customer,Zufriedenheit [1-7],date", *rows]) + "\n", "utf-8")
    [(_, part, question)] = gather([str(tmp_path / "x.csv")]).questions
    assert question.name == "amount"
    assert grid_issues(part)


def test_what_counts_as_missing_adds_up() -> None:
    stated = settings(
        ["perceived.missing=[6]", "perceived.missing=[Not applicable]", "survey.perceived.missing=[9]"]
    )
    assert stated.of_column("orders", "perceived") == {"missing": (6, "Not applicable")}
    assert stated.of_column("survey", "perceived") == {"missing": (9,)}


def test_a_column_stated_of_a_table_is_that_of_no_other(tmp_path: Path) -> None:
    """Invoices bear the day a subscription ended as well; the list of leavers has it as its date."""
    orders = [f"K{n % 9},2024-{n % 12 + 1:02}-07,{n + 1},2023-0{n % 9 + 1}-01" for n in range(60)]
    text = "\n".join(["customer no,order date,amount,Cancelled at", *orders])
    (tmp_path / "orders.csv").write_text(text + "\n", "utf-8")
    gone = "\n".join(["customer no,Cancelled at", *(f"K{n},2024-11-0{n + 1}" for n in range(3))])
    (tmp_path / "churn_events.csv").write_text(gone + "\n", "utf-8")
    data = gather([str(tmp_path)], {"churn_events.date": "Cancelled at"})
    dates = {table: parts[0].column("date").header for table, parts in data.tables.items()}
    assert dates == {"orders": "order date", "churn_events": "Cancelled at"}
    for wrong, code in (("complaints.date", "STUDY-365"), ("nonsense.date", "STUDY-352")):
        with pytest.raises(EvaluationError) as raised:
            gather([str(tmp_path)], {wrong: "Cancelled at"})
        assert [issue.code for issue in raised.value.issues] == [code]


def test_a_month_in_another_unit_is_not_left_out_of_the_others(tmp_path: Path) -> None:
    for month, (header, factor) in enumerate([("金额", 1), ("金额（万元）", 10_000), ("金额", 1)], 1):
        rows = [f"2025-{month:02}-{n % 27 + 1:02},K{n % 9},{(n + 1) / factor}" for n in range(30)]
        (tmp_path / f"{month}月.csv").write_text(
            "\n".join([f"日期,客户编号,{header}", *rows]) + "\n", "utf-8"
        )
    with pytest.raises(EvaluationError) as raised:
        gather([str(tmp_path)])
    [issue] = raised.value.issues
    assert (issue.code, issue.subject, issue.detail["headers"]) == (
        "STUDY-367",
        "2月.csv",
        "金额（万元） ≠ 金额",
    )
