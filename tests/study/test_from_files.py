"""A study made from data files: what is written, what is copied, and what a second run leaves alone."""

import re
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from evaluator.documents import load, parse, quoted
from evaluator.errors import EvaluationError
from evaluator.reports.context import Context
from evaluator.reports.sections.careful import cautions
from evaluator.study import Study, from_files
from evaluator.study.facts import facts
from evaluator.study.feeding import feedings, settled
from evaluator.study.from_files import Made, make_study, study_folder
from evaluator.study.gathering import gather, is_data
from evaluator.study.settings import settings

ORDERS = "customer,date,amount\n" + "".join(
    f"K{customer:02},2024-{month:02}-{customer + 1:02},{customer * 10 + month}\n"
    for customer in range(1, 13)
    for month in range(1, 13)
    if (customer + month) % 3
)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    (tmp_path / "orders.csv").write_text(ORDERS, "utf-8")
    return tmp_path / "orders.csv"


def made(*named: Path | str, language: str = "en", **stated: str) -> Made:
    data = gather([str(name) for name in named], stated)
    best = settled(feedings(data))
    assert best is not None
    return make_study(data, best, study_folder(data.named), language=language)


def test_the_study_stands_beside_the_file_and_says_what_is_known(orders: Path) -> None:
    folder = made(orders).folder
    assert folder == orders.parent / "orders-study"
    file = Study(folder).file
    assert file.as_of == date(2024, 12, 13)
    assert file.weighting.source == "given"
    assert (folder / "data" / "orders.csv").read_bytes() == orders.read_bytes()


def test_the_as_of_day_is_that_after_the_last_order(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("customer,date,amount\nA,2023-02-27,5\nA,2023-02-28,7\nB,2023-01-01,3\n")
    assert Study(made(tmp_path / "x.csv").folder).file.as_of == date(2023, 3, 1)


@pytest.mark.parametrize("kind", [pl.Date, pl.String])
@pytest.mark.parametrize("files", [1, 2])
def test_the_days_of_parquet_files_are_read(tmp_path: Path, kind: type[pl.DataType], files: int) -> None:
    rows = [(f"C{n % 5}", date(2025, 1 + n % 12, 1 + n % 28), float(n)) for n in range(60)]
    frame = pl.DataFrame(rows, schema=["id", "date", "amount"], orient="row").cast({"date": kind})
    (tmp_path / "lake").mkdir()
    for part in range(files):
        frame.gather_every(files, part).write_parquet(tmp_path / "lake" / f"part-{part}.parquet")
    study = Study(made(tmp_path / "lake").folder)
    assert study.file.as_of == date(2025, 12, 25)
    assert study.tables.frames["orders"].height == 60


@pytest.mark.parametrize(
    ("header", "cells", "code"),
    [("amount", "5", None), ("amount", "$5", "USD"), ("amount (€)", "5", "EUR"), ("金额（元）", "5", "CNY")],
)
def test_a_currency_is_named_only_where_it_is_seen(
    tmp_path: Path, header: str, cells: str, code: str | None
) -> None:
    rows = "".join(f"{name},2024-01-0{day},{cells}\n" for name in "AB" for day in (1, 2))
    (tmp_path / "x.csv").write_text(f"customer,date,{header}\n{rows}", "utf-8")
    study = Study(made(tmp_path / "x.csv").folder)
    assert study.file.currency == code


@pytest.mark.parametrize("name", ["raw", "DATA", "数据"])
def test_a_folder_whose_name_names_nobody_gives_no_title(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "orders.csv").write_text(
        "customer,date,amount\nA,2024-01-01,5\nB,2024-01-02,6\n", "utf-8"
    )
    assert Study(made(tmp_path / name).folder).file.title.en == "Customer value"


def test_guesses_are_commented_and_headers_are_not(tmp_path: Path) -> None:
    rows = "".join(f"{name};2024-01-0{day};{day}.5;x\n" for name in "AB" for day in (1, 2))
    (tmp_path / "x.csv").write_text(f"Kunden-Nr.;date;Zahlung;Notiz: privat\n{rows}", "utf-8")
    lines = (made(tmp_path / "x.csv").folder / "study.yaml").read_text("utf-8").splitlines()
    columns = [line for line in lines if line.startswith("      ") and line.strip()[0] != "#"]
    commented = {line.split(":")[0].strip(): "#" in line for line in columns}
    assert commented == {"id": True, "date": False, "amount": True}
    assert any("Notiz: privat" in line and line.strip().startswith("#") for line in lines)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_written_can_be_read_whatever_the_headers_say(tmp_path: Path, language: str) -> None:
    rows = "".join(f"{name}|2024-01-0{day}|{day}\n" for name in "AB" for day in (1, 2))
    (tmp_path / 'a "b": #c.csv').write_text(f'id: "x" #|date|{{amount}}: - {{{{ x }}}} <&>\n{rows}', "utf-8")
    study = Study(made(tmp_path / 'a "b": #c.csv', language=language).folder)
    assert study.file.tables["orders"].columns == {
        "id": 'id: "x" #', "date": "date", "amount": "{amount}: - {{ x }} <&>"
    }  # fmt: skip
    assert study.read["orders"].height == 4
    assert study.language == language


@pytest.mark.parametrize(
    "text", ["客户价值", "a: b", "012", "no", "", "- x", "#x", "x #y", 'a "b"', "a, b", "[x]", "\\", "\t"]
)
def test_quoted_text_reads_back(text: str) -> None:
    assert parse(f"a: {quoted(text)}\nb: [{quoted(text)}]\n", "x").data == {"a": text, "b": (text,)}


def test_readable_text_is_not_escaped() -> None:
    assert "\\u" not in quoted("客户“价值”: 甲")


def test_a_second_run_changes_nothing(orders: Path) -> None:
    first = made(orders)
    second = made(orders)
    assert [path.name for path in first.written] == ["orders.csv", "study.yaml"]
    assert (second.written, second.edited) == ((), ())


def test_new_data_are_copied_and_the_day_moves_with_them(orders: Path) -> None:
    folder = made(orders).folder
    orders.write_text(ORDERS + "K01,2025-03-31,5\n", "utf-8")
    again = made(orders)
    assert [path.name for path in again.written] == ["orders.csv", "study.yaml"]
    assert Study(folder).file.as_of == date(2025, 4, 1)


def test_a_study_that_somebody_edited_is_never_written_again(orders: Path) -> None:
    file = made(orders).folder / "study.yaml"
    edited = file.read_text("utf-8").replace("Customer value: orders", "Mine")
    file.write_text(edited, "utf-8")
    orders.write_text(ORDERS + "K01,2025-03-31,5\n", "utf-8")
    again = made(orders)
    assert again.edited == ("study.yaml",)
    assert file.read_text("utf-8") == edited
    assert [path.name for path in again.written] == ["orders.csv"]


def test_a_copy_that_somebody_edited_is_kept(orders: Path) -> None:
    copy = made(orders).folder / "data" / "orders.csv"
    copy.write_text(ORDERS.replace("K01", "K00"), "utf-8")
    assert made(orders).edited == ("data/orders.csv",)
    orders.write_text(ORDERS + "K01,2025-03-31,5\n", "utf-8")
    assert made(orders).edited == ("data/orders.csv",)
    assert copy.read_text("utf-8").startswith("customer,date,amount\nK00")


def test_a_study_begun_otherwise_is_kept(orders: Path) -> None:
    home = orders.parent / "orders-study"
    home.mkdir()
    (home / "study.yaml").write_text("schema: 1\ntitle: mine\ntree: orders_value\n", "utf-8")
    assert made(orders).edited == ("study.yaml",)


def test_a_large_file_is_named_where_it_lies(orders: Path, monkeypatch) -> None:
    monkeypatch.setattr(from_files, "COPIED", 100)
    folder = made(orders).folder
    stated = Study(folder).file.tables["orders"].file
    assert Path(str(stated)) == orders.resolve()
    assert not (folder / "data").exists()
    line = next(line for line in (folder / "study.yaml").read_text("utf-8").splitlines() if "file:" in line)
    assert "#" in line


def test_several_files_of_one_table_become_one(tmp_path: Path) -> None:
    header, *rows = ORDERS.splitlines(keepends=True)
    for month in range(1, 13):
        part = [row for row in rows if f"-{month:02}-" in row]
        (tmp_path / f"sales-{month:02}.csv").write_text(header + "".join(part), "utf-8")
    for named in ([str(tmp_path / "sales-*.csv")], sorted(map(str, tmp_path.glob("*.csv")))):
        study = Study(made(*named).folder)
        assert study.folder == tmp_path / "sales-study"
        assert study.read["orders"].height == len(rows)


def test_a_folder_is_read_whole_and_what_is_not_used_is_named(orders: Path) -> None:
    (orders.parent / "customers.csv").write_text("customer no,customer name,region\nK01,One,East\n", "utf-8")
    (orders.parent / "returns.csv").write_text(
        "client,when,sum,why\nA,2024-01-05,3,x\nA,2024-01-06,3,y\nB,2024-01-06,4,y\n"
    )
    (orders.parent / "notes.docx").write_bytes(b"x")
    data = gather([str(orders.parent)])
    assert {name: [part.look.name for part in parts] for name, parts in data.tables.items()} == {
        "customers": ["customers.csv"], "orders": ["orders.csv"]
    }  # fmt: skip
    left, beside = data.unused
    assert (left.code, left.subject) == ("STUDY-353", "returns.csv")
    assert (beside.code, beside.detail["names"]) == ("STUDY-362", "notes.docx")
    study = Study(made(orders.parent).folder)
    assert study.folder == orders.parent.parent / f"{orders.parent.name}-study"
    assert study.read["customers"].height == 1
    assert study.file.unused == {"returns.csv": 3}
    careful = cautions(Context(study.run(), "en"))
    assert [one.link for one in careful if "returns.csv (3)" in one.text] == ["data"]


def test_one_row_per_customer_feeds_the_measures_of_a_tree(tmp_path: Path) -> None:
    leaves = ["Gross profit", "Purchase amount", "Cost-to-serve ratio", "On-time payment", "Loyalty", "Trust"]
    rows = "".join(f"C{number},{number}000,{number}0000,0.1,0.9,80,70,East\n" for number in range(1, 9))
    (tmp_path / "clients.csv").write_text(f"customer no.,{','.join(leaves)},region\n{rows}", "utf-8")
    data = gather([str(tmp_path / "clients.csv")])
    best, *others = feedings(data)
    assert (best.tree.id, best.fed, best.enough) == ("quick_value", 6, True)
    assert not any(fed.share == 1 for fed in others)
    study = Study(make_study(data, best, tmp_path / "s", language="en").folder)
    assert study.read.frames.keys() == {"measures", "customers"}
    assert study.results["status"].to_list() == ["rated"] * 8


def test_the_names_of_studies() -> None:
    assert study_folder(["a/orders.csv.gz"]) == Path("a/orders-study")
    assert study_folder(["a/2023.csv", "a/2024.csv"]) == Path("a/a-study")
    assert study_folder(["a/x-*.csv"]) == Path("a/x-study")


@pytest.mark.parametrize("stated", [{"amount": "Nettto"}, {"amuont": "amount"}])
def test_a_column_that_is_none_is_refused_with_the_nearest(orders: Path, stated: dict[str, str]) -> None:
    with pytest.raises(EvaluationError) as caught:
        gather([str(orders)], stated)
    assert [issue.code for issue in caught.value.issues] == ["STUDY-352"]


def test_data_files_are_told_from_studies(orders: Path) -> None:
    folder = made(orders).folder
    assert is_data([str(orders)])
    assert is_data([str(orders.parent / "*.csv")])
    assert is_data([str(orders.parent)])
    assert not is_data([str(folder)])
    assert not is_data([str(folder / "study.yaml")])
    assert not is_data([str(folder / "none")])


def test_two_files_too_large_to_copy_need_a_pattern(orders: Path, monkeypatch) -> None:
    monkeypatch.setattr(from_files, "COPIED", 100)
    other = orders.with_name("orders2.csv")
    other.write_text(ORDERS, "utf-8")
    with pytest.raises(EvaluationError) as caught:
        made(orders, other)
    assert [issue.code for issue in caught.value.issues] == ["STUDY-354"]
    assert Study(made(str(orders.parent / "orders*.csv")).folder).read["orders"].height == 2 * ORDERS.count(
        "2024"
    )


def test_a_workbook_is_read_by_its_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["about"])
    sheet = book.create_sheet("订单")
    for row in ORDERS.splitlines():
        sheet.append(row.split(","))
    book.save(tmp_path / "x.xlsx")
    study = Study(made(tmp_path / "x.xlsx").folder)
    assert study.file.tables["orders"].sheet == "订单"
    assert load(study.path).data["tables"]["orders"]["file"] == "data/x.xlsx"


def test_sheets_of_one_table_are_never_left_out_in_silence(tmp_path: Path) -> None:
    header, *rows = [row.split(",") for row in ORDERS.splitlines()]
    book = openpyxl.Workbook()
    book.remove(book.active)
    for year in ("2023", "2024"):
        sheet = book.create_sheet(year)
        for row in (
            header,
            *([name, int(f"{year}{day[5:7]}{day[8:]}"), amount] for name, day, amount in rows),
        ):
            sheet.append(row)
    book.save(tmp_path / "x.xlsx")
    study = Study(made(tmp_path / "x.xlsx").folder)
    assert study.file.tables["orders"].sheet == ("2023", "2024")
    assert study.read["orders"].height == 2 * len(rows)
    (tmp_path / "folder").mkdir()  # files of one sheet each are read alike
    for year in ("2023", "2024"):
        one = openpyxl.load_workbook(tmp_path / "x.xlsx")
        del one["2024" if year == "2023" else "2023"]
        one.save(tmp_path / "folder" / f"{year}.xlsx")
    assert Study(made(tmp_path / "folder").folder).read["orders"].height == 2 * len(rows)


def test_months_in_which_nobody_comes_twice_have_the_codes_of_the_other_months(tmp_path: Path) -> None:
    head = "编号,客户名称,订单日期,订单金额\n"
    first = "0001,甲,2025-01-03,10\n0002,甲,2025-01-05,20\n0001,甲,2025-01-09,30\n0002,甲,2025-01-20,40\n"
    (tmp_path / "1.csv").write_text(head + first, "utf-8")
    (tmp_path / "2.csv").write_text(head + "0001,甲,2025-02-03,50\n0003,乙,2025-02-04,60\n", "utf-8")
    data = gather([str(tmp_path / "1.csv"), str(tmp_path / "2.csv")])
    assert not data.unused
    one, other = data.tables["orders"]
    assert [part.column("id").header for part in (one, other)] == ["编号", "编号"]
    assert {entry.name: entry.how for entry in other.placed} == {
        "id": "part", "name": "part", "date": "header", "amount": "header",
    }  # fmt: skip


def test_a_company_that_goes_by_its_name_may_be_said_to_be_named_so(tmp_path: Path) -> None:
    rows = "".join(f"潜客{n}科技有限公司,华东,{n}\n" for n in range(1, 9))
    (tmp_path / "leads.csv").write_text(f"公司名称,地区,预算\n{rows}", "utf-8")
    found = gather([str(tmp_path / "leads.csv")], {"name": "公司名称"})
    assert found.measures == {}
    assert found.tables["customers"][0].column("id").header == "公司名称"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_type_in_a_file_of_orders_is_taken_by_the_line_offered(orders: Path, language: str) -> None:
    head, *lines = orders.read_text("utf-8").splitlines()
    said = [f"{head},渠道", *(f"{line},{'直营' if int(line[1:3]) % 2 else '分销'}" for line in lines)]
    orders.write_text("\n".join(said) + "\n", "utf-8")
    with pytest.raises(EvaluationError) as caught:
        gather([str(orders)], {"customer_type": "渠道"})
    [issue] = caught.value.issues
    assert issue.code == "STUDY-364"
    [line] = re.findall("`(customers: [^`]+)`", issue.text(language))
    path = made(orders).folder / "study.yaml"
    path.write_text(path.read_text("utf-8").replace("  orders:\n", f"  {line}\n  orders:\n", 1), "utf-8")
    customers = Study(path.parent).tables.frames["customers"]
    assert dict(customers.select("id", "customer_type").iter_rows())["K02"] == "分销"
    assert customers.height == 12


@pytest.mark.parametrize(
    ("header", "stated"),
    [("业务员", {}), ("Betreuer", {}), ("rep of the order", {"owner": "rep of the order"})],
)
def test_an_owner_in_a_file_of_orders_is_that_of_the_latest(
    header: str, stated: dict[str, str], orders: Path
) -> None:
    head, *lines = orders.read_text("utf-8").splitlines()
    rows = [
        f"{head},{header}",
        *(f"{line},{'Li' if number % 2 else 'Wu'}" for number, line in enumerate(lines)),
    ]
    orders.write_text("\n".join(rows) + "\n", "utf-8")
    data = gather([str(orders)], stated)
    best = settled(feedings(data))
    assert best is not None
    study = Study(make_study(data, best, orders.parent / "s").folder)
    table = study.read["orders"].sort("date", maintain_order=True)
    latest = table.group_by("id").agg(pl.col("owner").filter(pl.col("date") == pl.col("date").max()).max())
    found = study.tables.frames["customers"]
    assert dict(found.select("id", "owner").iter_rows()) == dict(latest.select("id", "owner").iter_rows())
    assert study.run().attributes["owner"].null_count() == 0
    several = table.group_by("id").agg(pl.col("owner").n_unique() > 1)["owner"].sum()
    assert [issue.detail["count"] for issue in study.tables.issues if issue.code == "DATA-603"] == [several]


@pytest.mark.parametrize(
    ("high", "told", "scales"),
    [
        (0, None, ((1, 5), (1, 7), (1, 10), (0, 5), (0, 10))),
        (3, "[1, 5]: 3, [0, 5]: 3", ((1, 5), (1, 7), (1, 10), (0, 5), (0, 10))),
        (30, "", ((1, 7), (1, 10), (0, 10))),
    ],
)
def test_a_scale_that_few_answers_lie_beyond_is_offered_too(high, told, scales, tmp_path: Path) -> None:
    """Three answers of 6 among two hundred are slips of a scale to 5; thirty are none."""
    answers = [6] * high + [1 + number % 5 for number in range(200)]
    lines = [f"K{number // 2:03},Q{number % 2},{answer}" for number, answer in enumerate(answers)]
    (tmp_path / "survey.csv").write_text("\n".join(["customer,item,answer", *lines]) + "\n", "utf-8")
    known = facts(gather([str(tmp_path / "survey.csv")]))
    assert known.scales == scales
    [issue] = known.unstated()
    assert (issue.code, issue.detail["slips"]) == (("STUDY-346" if told else "STUDY-363"), told or "")


def test_a_survey_under_two_header_rows_is_read_as_it_was_looked_at(tmp_path: Path) -> None:
    """Several people of a customer answer; the option that makes rows of the questions is enough."""
    rows = [
        "Respondent ID,Customer number,Please rate,,Any comments?",
        ",,Delivery,Price,Open-Ended Response",
        *(f"90{number:02},C{number // 2:02},{1 + number % 5},{1 + number % 4},fine" for number in range(40)),
    ]
    (tmp_path / "survey.csv").write_text("\n".join(rows) + "\n", "utf-8")
    unpivot = "{columns: [Please rate Delivery, Please rate Price], name: item, value: perceived}"
    stated = settings([f"unpivot={unpivot}", "survey.perceived.range=[1, 5]"])
    data = gather([str(tmp_path / "survey.csv")], settings=stated)
    best = settled(feedings(data))
    assert best is not None
    study = Study(make_study(data, best, tmp_path / "s").folder)
    read = study.read["survey"]
    assert read.height == 80
    assert read["respondent"].n_unique() == 40
    assert study.file.tables["survey"].header == (1, 2)


def test_a_column_of_customers_among_the_orders_is_said_with_the_list_it_belongs_to(orders: Path) -> None:
    lines = orders.read_text("utf-8").splitlines()
    rows = [f"{line},{'kind' if number == 0 else f'R{number % 3}'}" for number, line in enumerate(lines)]
    orders.write_text("\n".join(rows) + "\n", "utf-8")
    names = "\n".join(["customer no,customer name,region", *(f"K{n:02},Firm {n},East" for n in range(1, 13))])
    (orders.parent / "customers.csv").write_text(names + "\n", "utf-8")
    with pytest.raises(EvaluationError) as raised:
        gather([str(orders.parent)], {"customer_type": "kind"})
    [issue] = raised.value.issues
    assert (issue.code, issue.subject) == ("STUDY-347", "customer_type=kind")
    assert issue.detail["list"] == "customers.csv"


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_what_the_list_of_customers_says_comes_before_what_the_orders_say(engine: str, orders: Path) -> None:
    """The list knows half of the owners, not all customers, and where they are."""
    head, *lines = orders.read_text("utf-8").splitlines()
    orders.write_text(
        "\n".join([f"{head},业务员,省份", *(f"{line},Li,West" for line in lines)]) + "\n", "utf-8"
    )
    known = "\n".join(f"K{n:02},Firm {n},East,{'Wu' if n % 2 else ''},{n}" for n in range(1, 10))
    (orders.parent / "customers.csv").write_text(
        f"customer no,customer name,region,owner,desk\n{known}\n", "utf-8"
    )
    data = gather([str(orders.parent)])
    best = settled(feedings(data))
    assert best is not None
    path = make_study(data, best, orders.parent / "s").folder / "study.yaml"
    path.write_text(path.read_text("utf-8") + f"\nengine: {engine}\n", "utf-8")
    study = Study(path.parent)
    found = {row["id"]: row for row in study.run().attributes.iter_rows(named=True)}
    assert len(found) == 12
    assert [found[name]["owner"] for name in ("K01", "K02", "K12")] == ["Wu", "Li", "Li"]
    assert [found[name]["region"] for name in ("K01", "K02", "K12")] == ["East", "East", "West"]
    assert [found[name]["desk"] for name in ("K01", "K12")] == ["1", None]
