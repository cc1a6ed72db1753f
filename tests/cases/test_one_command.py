"""`evaluator run FILE`: several sheets, order columns by parts of headers, what is left aside."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from evaluator.errors import EvaluationError
from evaluator.study import Study
from evaluator.study.feeding import feedings
from evaluator.study.from_files import make_study, study_folder
from evaluator.study.gathering import Gathered, gather
from evaluator.study.recognising import distinct_header
from evaluator.study.settings import settings

HEADER = ["客户编号", "销货日期", "销货单号", "存货编码", "价税合计"]


def sales(year: int, rows: int = 6) -> list[list[object]]:
    return [
        HEADER,
        *(
            [f"K{row % 3}", f"{year}-{row + 1:02}-05", f"XS{year}{row}", f"P{row % 2}", 100 + row]
            for row in range(rows)
        ),
    ]


@pytest.fixture
def book(workbook, tmp_path: Path):
    def made(name: str = "sales.xlsx", **sheets: list[list[object]]) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(workbook(sheets))
        return path

    return made


def study_of(data: Gathered) -> Study:
    return Study(make_study(data, feedings(data)[0], study_folder(data.named)).folder)


def test_the_sheets_of_a_table_are_read_together(book) -> None:
    path = book(**{"2023": sales(2023), "2024": sales(2024), "说明": [["本表由系统导出"]]})
    study = study_of(gather([str(path)]))
    assert study.file.tables["orders"].sheet == ("2023", "2024")
    assert study.read["orders"].height == 12
    assert study.read["orders"]["date"].dt.year().unique().sort().to_list() == [2023, 2024]


def test_a_sheet_that_repeats_others_is_asked_about_and_the_answer_works(book) -> None:
    both = [HEADER, *sales(2023)[1:], *sales(2024)[1:]]
    path = book(**{"2023": sales(2023), "2024": sales(2024), "全部": both})
    with pytest.raises(EvaluationError) as caught:
        gather([str(path)])
    (issue,) = caught.value.issues
    assert issue.code == "STUDY-360"
    assert "全部 (12)" in str(issue.detail["sheets"])
    options = [shlex.split(option)[1] for option in str(issue.detail["options"]).split(" / ")]
    assert options == ["orders.sheet='2023'", "orders.sheet='全部'"]
    further = (('orders.sheet="20*"', 12), ("orders.sheet=['2023']", 6))
    for stated, rows in ((options[0], 6), (options[1], 12), *further):
        study = study_of(gather([str(path)], settings=settings([stated])))
        assert study.read["orders"].height == rows, stated


def test_years_whose_days_are_still_asked_about_do_not_repeat_each_other(book) -> None:
    header = ["客户号", "下单日期", "出库日期", "订单金额（万元）", "实付金额（万元）"]
    years = {
        str(year): [
            header,
            *([f"C{n % 4}", f"{year}-0{n}-03", f"{year}-0{n}-09", n, n * 0.9] for n in range(1, 9)),
        ]
        for year in (2023, 2024)
    }
    found = gather([str(book(**years))])
    assert {
        name: len(question.candidates) for _, _, question in found.questions for name in [question.name]
    } == {
        "date": 2,
        "amount": 2,
    }
    years["2024"] = years["2023"]
    path = book(**years)
    with pytest.raises(EvaluationError) as caught:
        gather([str(path)])
    (issue,) = caught.value.issues
    assert issue.code == "STUDY-360"
    whole = gather([str(path)], {"date": "下单日期", "amount": "实付金额"}, settings(['orders.sheet="20*"']))
    assert [part.look.sheet for part in whole.tables["orders"]] == ["2023", "2024"], "as somebody said"


def test_a_year_without_a_column_it_can_do_without_is_read_all_the_same(book) -> None:
    early = [[row[0], row[1], row[4]] for row in sales(2022)]
    study = study_of(gather([str(book(**{"2022": early, "2023": sales(2023, 7)}))]))
    assert study.read["orders"].height == 13
    assert study.read["orders"]["order"].null_count() == 6
    assert "DATA-428" in {issue.code for issue in study.read.issues}


def test_workbooks_with_sheets_of_other_names_are_read_together(book) -> None:
    one = book("folder/a.xlsx", **{"2022": sales(2022), "2023": sales(2023)})
    book("folder/b.xlsx", **{"2024": sales(2024)})
    study = study_of(gather([str(one.parent)]))
    assert study.file.tables["orders"].sheet == "*"
    assert study.read["orders"].height == 18


def test_a_sheet_of_another_table_is_read_as_that(book) -> None:
    customers = [
        ["客户编号", "客户名称", "业务员"],
        ["K0", "甲", "李"],
        ["K1", "乙", "王"],
        ["K2", "丙", "李"],
    ]
    study = study_of(gather([str(book(销货=sales(2024), 客户=customers))]))
    assert study.read["customers"]["owner"].to_list() == ["李", "王", "李"]
    assert study.read["orders"].height == 6


def test_what_else_a_folder_holds_is_named(book) -> None:
    folder = book("folder/a.xlsx", x=sales(2024)).parent
    (folder / "readme.docx").write_bytes(b"x")
    (folder / "old").mkdir()
    (issue,) = gather([str(folder)]).unused
    assert issue.code == "STUDY-362"
    assert issue.detail["names"] == "old/, readme.docx"


@pytest.mark.parametrize(
    ("order", "product"),
    [("销货单号", "存货编码"), ("Belegnummer", "Artikel-Nr."), ("Auftrags-Nr.", "Artikelnummer"),
     ("Invoice no", "Item code"), ("小票号", "货号"),
     ("销售订单号", "Material number"), ("Order ref no", "物料代码")],
)  # fmt: skip
def test_order_and_product_are_known_by_parts_of_their_headers(
    tmp_path: Path, order: str, product: str
) -> None:
    text = (
        f"客户编号,日期,{order},订单行号,{product},存货名称,金额,订单数量,订单状态,产品类别编码\n"
        + "".join(
            f"K{row % 3},2024-01-0{row + 1},S{row},{row % 2},P{row % 2},n{row},{row + 5},{row + 1},"
            f"s{row % 2},c{row % 2}\n"
            for row in range(6)
        )
    )
    (tmp_path / "x.csv").write_text(text, "utf-8")
    (part,) = gather([str(tmp_path / "x.csv")]).tables["orders"]
    placed = {entry.name: (entry.seen.header, entry.how) for entry in part.placed}
    assert placed["order"][0] == order
    assert placed["product"][0] == product


def test_of_two_columns_of_one_name_either_can_be_stated(tmp_path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "customer,date,amount,amount\nA,2024-01-05,5,6\nB,2024-02-05,7,8\nA,2024-03-05,9,9\n", "utf-8"
    )
    [(_, part, question)] = gather([str(path)]).questions
    headers = [distinct_header(part.look, seen) for seen in question.candidates]
    assert headers == ["amount.1", "amount.2"]
    for header, amounts in zip(headers, ([5, 7, 9], [6, 8, 9]), strict=True):
        data = gather([str(path)], {"amount": header})
        made = Study(make_study(data, feedings(data)[0], tmp_path / header).folder)
        assert made.read["orders"]["amount"].to_list() == amounts
    with pytest.raises(EvaluationError):
        gather([str(path)], {"amount": "amount.3"})
