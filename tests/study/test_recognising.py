"""What a file is taken for: tables and columns under headers that no mapping names."""

from pathlib import Path

import pytest

from evaluator.data.first_look import Look, looks
from evaluator.study.gathering import gather
from evaluator.study.header_stems import STEMS, has_stem
from evaluator.study.recognising import HEADERS, Recognised, recognise


def look(folder: Path, text: str, name: str = "x.csv") -> Look:
    (folder / name).write_text(text, "utf-8")
    (found,) = looks(folder / name, HEADERS)
    return found


def found(folder: Path, text: str, name: str = "x.csv", **stated: str) -> Recognised:
    return recognise(look(folder, text, name), stated)


def placed(part: Recognised) -> dict[str, tuple[str, str]]:
    return {entry.name: (entry.seen.header, entry.how) for entry in part.placed}


ROWS = "{a};2024-01-05;{x}\n{b};2024-02-05;{y}\n{a};2024-03-01;{x}\n"


def orders(header: str, x: str = "12.5", y: str = "20", a: str = "K1", b: str = "K2") -> str:
    return f"{header}\n" + ROWS.format(a=a, b=b, x=x, y=y)


@pytest.mark.parametrize(
    ("header", "how"),
    [
        ("customer;date;amount", ("header", "header", "header")),
        ("客户编号;订单日期;销售金额", ("header", "header", "header")),
        ("客户编号（Cust No.）;订单日期;实付金额(元)", ("header", "header", "header")),
        ("Cust No./客户号;日期 Date;Amt (RMB 万元)", ("header", "header", "header")),
        ("Customer no.;Order Date;Sales", ("header", "header", "header")),
        ("Kunden-Nr.;Bestelltag;Nettobetrag", ("part", "part", "header")),
        ("购货单位;日子;价税合计", ("part", "cells", "part")),
        ("CustNo;Day;Paid", ("header", "cells", "cells")),
        ("ref;when;sum", ("cells", "cells", "cells")),
    ],
)
def test_orders_are_recognised_by_headers_parts_of_them_and_cells(
    tmp_path: Path, header: str, how: tuple[str, str, str]
) -> None:
    part = found(tmp_path, orders(header))
    names = header.split(";")
    assert part.table == "orders"
    assert placed(part) == dict(zip(("id", "date", "amount"), zip(names, how, strict=True), strict=True))
    assert not part.questions


def test_examples_are_the_first_different_cells(tmp_path: Path) -> None:
    part = found(tmp_path, orders("customer;date;amount"))
    assert part.column("id").examples == ("K1", "K2")
    assert part.column("amount").examples == ("12.5", "20")


def test_two_known_headers_that_say_different_things_are_a_question(tmp_path: Path) -> None:
    text = "客户编号,日期,订单金额,实付金额\nK1,2024-01-05,10,9\nK1,2024-02-05,20,20\nK2,2024-02-06,5,5\n"
    part = found(tmp_path, text)
    (question,) = part.questions
    assert (question.name, [seen.header for seen in question.candidates]) == (
        "amount",
        ["订单金额", "实付金额"],
    )
    answered = found(tmp_path, text, amount="实付金额")
    assert placed(answered)["amount"] == ("实付金额", "stated")
    assert not answered.questions
    assert [seen.header for seen in answered.rest] == ["订单金额"]


def test_two_known_headers_that_say_the_same_are_no_question(tmp_path: Path) -> None:
    text = "客户编号,日期,订单金额,实付金额\nK1,2024-01-05,10,10\nK1,2024-02-05,20,20\nK2,2024-02-06,5,5\n"
    part = found(tmp_path, text)
    assert not part.questions
    assert placed(part)["amount"] == ("订单金额", "header")


def test_two_columns_of_days_are_a_question_unless_a_word_tells(tmp_path: Path) -> None:
    rows = "K1,2024-01-05,2024-01-09,10\nK1,2024-02-05,2024-02-09,20\nK2,2024-02-06,2024-02-08,5\n"
    (question,) = found(tmp_path, "customer,A,B,amount\n" + rows).questions
    assert (question.name, [seen.header for seen in question.candidates]) == ("date", ["A", "B"])
    told = found(tmp_path, "customer,PurchasedOn,ShippedOn,amount\n" + rows)
    assert placed(told)["date"] == ("PurchasedOn", "part")


def test_quantity_and_price_do_for_the_amount(tmp_path: Path) -> None:
    text = "CustomerID,InvoiceDate,Quantity,UnitPrice\n1,2024-01-05,2,5\n1,2024-02-05,1,5\n2,2024-02-06,5,1\n"
    part = found(tmp_path, text)
    assert placed(part).keys() == {"id", "date", "quantity", "price"}
    assert not part.questions


def test_a_file_of_orders_without_any_amount_asks_for_it(tmp_path: Path) -> None:
    part = found(tmp_path, "customer,date,note\nK1,2024-01-05,a\nK1,2024-02-05,b\nK2,2024-02-06,c\n")
    (question,) = part.questions
    assert (question.name, question.candidates) == ("amount", ())


def test_one_row_per_customer_is_no_table_of_orders(tmp_path: Path) -> None:
    part = found(tmp_path, "customer no,customer name,since,profit\nK1,A,2020-01-05,10\nK2,B,2021-02-05,20\n")
    assert part.table == "customers"
    assert {"id", "name", "start_date"} >= placed(part).keys() >= {"id", "name"}


def test_a_name_beside_a_number_of_the_customer_is_the_name(tmp_path: Path) -> None:
    part = found(
        tmp_path, "客户,客户编号,日期,金额\n甲,1,2024-01-05,5\n甲,1,2024-01-06,6\n乙,2,2024-01-07,7\n"
    )
    assert placed(part)["id"] == ("客户编号", "header")


@pytest.mark.parametrize(
    ("beside", "cells"),
    [
        ("专营业务员", ("张伟", "李娜")), ("客户经理", ("张伟", "李娜")), ("备注", ("急", "缓")),
        ("计量单位", ("个", "箱")), ("Salesperson", ("Ann", "Bob")), ("Account manager", ("Ann", "Bob")),
        ("地市", ("杭州", "宁波")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("customer", ["往来单位名称", "客户名称", "Customer name", "Kundenname"])
def test_customers_without_a_number_go_by_their_name_not_by_what_stands_beside_it(
    tmp_path: Path, customer: str, beside: str, cells: tuple[str, str]
) -> None:
    rows = zip(("甲公司", "乙公司", "甲公司"), (*cells, cells[1]), ("1", "2", "3"), strict=True)
    lines = [f"{name};{other};2024-0{month}-05;12.5" for name, other, month in rows]
    part = found(tmp_path, "\n".join([f"{customer};{beside};销货日期;价税合计", *lines]) + "\n")
    assert part.table == "orders"
    assert placed(part)["id"] == (customer, "part")
    assert "name" not in placed(part)
    assert not part.questions


def test_a_german_list_of_receipts_is_read_without_a_question(tmp_path: Path) -> None:
    lines = [f"R{n};A{n % 2};Kerze;{n};0{n}.05.2024;3,5{n};D{n % 2};Österreich" for n in range(1, 6)]
    header = "Belegnr.;Artikelnr.;Artikelbezeichnung;Menge;Belegdatum;Stückpreis;Debitor;Land"
    part = found(tmp_path, "\n".join([header, *lines]) + "\n")
    assert not part.questions
    read = {name: header for name, (header, _) in placed(part).items()}
    assert read == {
        "id": "Debitor", "date": "Belegdatum", "quantity": "Menge", "price": "Stückpreis",
        "order": "Belegnr.", "product": "Artikelnr.",
    }  # fmt: skip


def test_a_question_offers_no_number_of_an_article_as_an_amount(tmp_path: Path) -> None:
    lines = [f"K{n % 2};2024-05-0{n};1{n};2{n};3{n};4{n}" for n in range(1, 6)]
    part = found(tmp_path, "\n".join(["Kunde;Datum;Belegnr.;Menge;Netto;Brutto", *lines]) + "\n")
    (question,) = part.questions
    assert [seen.header for seen in question.candidates] == ["Netto", "Brutto"]


def test_whoever_sold_or_a_remark_is_never_the_customer(tmp_path: Path) -> None:
    part = found(tmp_path, orders("业务员;日期;金额"))
    assert [question.name for question in part.questions] == ["id"]
    assert part.questions[0].candidates == ()


@pytest.mark.parametrize(
    ("name", "header", "table"),
    [
        ("wallet.csv", "customer,month,amount", "wallet"),
        ("投诉.csv", "客户编号,投诉日期,是否有效,处理小时", "complaints"),
        ("x.csv", "customer no,date,stage", "status_log"),
        ("receivables.csv", "customer,invoice date,due date,paid on,amount", "receivables"),
    ],
)
def test_other_tables_are_known_by_their_headers_or_the_name_of_the_file(
    tmp_path: Path, name: str, header: str, table: str
) -> None:
    cells = {"amount": "5", "stage": "lost", "是否有效": "1", "处理小时": "5"}
    others = header.split(",")[1:]
    rows = [["K1", *(cells.get(column, f"2024-0{month}-05") for column in others)] for month in "123"]
    assert found(tmp_path, "\n".join([header, *map(",".join, rows)]) + "\n", name).table == table


def test_a_row_of_answers_is_not_taken_for_the_header(tmp_path: Path) -> None:
    text = "customerID,Partner,Phone\nA1,Yes,No\nA2,No,Yes\nA3,Yes,Yes\n"
    assert look(tmp_path, text).header.names[:3] == ("customerID", "Partner", "Phone")


def test_sheets_are_looked_at_one_by_one(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "2023"
    book.active.append(["customer", "date", "amount"])
    book.active.append(["K1", "2023-01-05", 5])
    other = book.create_sheet("hidden")
    other.append(["x"])
    other.sheet_state = "hidden"
    book.create_sheet("2024").append(["customer", "date", "amount"])
    book.create_sheet("empty")
    book.save(tmp_path / "x.xlsx")
    assert [found.sheet for found in looks(tmp_path / "x.xlsx", HEADERS)] == ["2023", "2024"]


@pytest.mark.parametrize(
    ("header", "stem", "has"),
    [
        ("订单金额", "amount", True), ("Discount", "no_id", False), ("ACCTNUM", "code", False),
        ("acct_no", "id", True), ("Restbetrag", "amount", False), ("Rechnungsbetrag EUR", "amount", True),
        ("Betrag netto", "amount", True),
        ("MemberID", "code", True), ("Notes", "code", False),
    ],
)  # fmt: skip
def test_stems(header: str, stem: str, has: bool) -> None:
    assert has_stem(header, STEMS[stem]) is has


def test_where_every_customer_ordered_once_order_numbers_and_amounts_tell_orders(tmp_path: Path) -> None:
    head = "Kundennummer;Kunde;Auftragsnummer;Auftragsdatum;{amount}\n"
    rows = "K1;Meyer GmbH;A-1;03.02.2025;1.250,00\nK2;Schulz KG;A-2;17.03.2025;890,50\n"
    part = found(tmp_path, head.format(amount="Nettobetrag") + rows)
    assert part.table == "orders"
    assert placed(part)["order"] == ("Auftragsnummer", "part")
    last = found(tmp_path, head.format(amount="Reklamationen") + rows)
    assert last.table == "customers"  # the last order of each, and no amount of it


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("客户编号;客户;订单号;订单日期;金额", "客户"),
        ("Kundennummer;Kunde;Auftragsnummer;Auftragsdatum;Nettobetrag", "Kunde"),
        ("Customer no.;Customer;Order no;Order date;Amount", "Customer"),
    ],
)
def test_the_bare_word_for_a_customer_beside_a_code_is_the_name(
    tmp_path: Path, header: str, names: str
) -> None:
    rows = "K1;甲公司;A-1;2025-02-03;1250\nK2;乙公司;A-2;2025-03-17;890\nK1;甲公司;A-3;2025-04-02;40\n"
    part = found(tmp_path, f"{header}\n{rows}")
    assert placed(part)["name"] == (names, "part")
    assert placed(part)["id"][0] == header.split(";")[0]


def test_a_bare_word_for_a_customer_alone_is_who_it_is(tmp_path: Path) -> None:
    part = found(tmp_path, orders("客户;日期;金额"))
    assert placed(part)["id"] == ("客户", "header")
    assert "name" not in placed(part)


NAMESAKES = "编号,客户名称,订单日期,金额\n" + "".join(
    f"{code},{name},2025-0{month}-05,1{month}\n"
    for month in range(1, 4)
    for code, name in (("0001", "永兴五金店"), ("0002", "永兴五金店"), ("0003", "大发建材"))
)


def test_customers_of_one_name_are_told_apart_by_their_codes(tmp_path: Path) -> None:
    part = found(tmp_path, NAMESAKES)
    assert (placed(part)["id"], placed(part)["name"][0]) == (("编号", "part"), "客户名称")
    assert not part.questions
    stated = found(tmp_path, NAMESAKES, id="客户名称")
    assert placed(stated)["id"] == ("客户名称", "stated")


@pytest.mark.parametrize(
    "text",
    [
        NAMESAKES.replace("客户名称", "客户"),  # the header says outright that it is the customer
        "编号,客户名称,订单日期,金额\n1,甲,2025-01-05,5\n1,甲,2025-01-05,6\n2,甲,2025-02-05,7\n3,乙,2025-02-05,8\n",
    ],
)
def test_codes_that_may_be_of_customers_or_of_orders_are_a_question(tmp_path: Path, text: str) -> None:
    part = found(tmp_path, text)
    (question,) = part.questions
    assert question.name == "id"
    assert [seen.header for seen in question.candidates] == ["编号", text.split(",")[1]]
    answered = found(tmp_path, text, id="编号")
    assert (placed(answered)["id"][0], placed(answered)["name"][0]) == ("编号", text.split(",")[1])


@pytest.mark.parametrize("codes", ["1234", "1212", "1112"])
def test_numbers_of_rows_and_codes_of_something_else_leave_the_name(tmp_path: Path, codes: str) -> None:
    names = "甲乙乙甲" if codes != "1234" else "甲甲乙乙"
    rows = [
        f"{code},{name},2025-0{month}-05,5\n"
        for month, (code, name) in enumerate(zip(codes, names, strict=True), 1)
    ]
    part = found(tmp_path, "编号,客户名称,订单日期,金额\n" + "".join(rows))
    assert placed(part)["id"][0] == "客户名称"
    assert not part.questions


def test_an_amount_whose_formulas_were_never_calculated_is_a_candidate_and_named(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["客户编号", "订单日期", "订单金额", "实付金额", "提成"])
    for row in range(2, 8):
        book.active.append([f"K{row % 3}", f"2025-0{row}-05", row * 10, f"=C{row}*0.5", f"=C{row}*0.1"])
    book.save(tmp_path / "x.xlsx")
    (question,) = recognise(*looks(tmp_path / "x.xlsx", HEADERS)).questions
    assert [seen.header for seen in question.candidates] == ["订单金额", "实付金额"]
    said = gather([str(tmp_path / "x.xlsx")], {"amount": "订单金额"}).unused
    assert [(issue.code, issue.subject, str(issue.where)) for issue in said] == [
        ("DATA-559", "实付金额", "x.xlsx!Sheet!D2"),
        ("DATA-559", "提成", "x.xlsx!Sheet!E2"),
    ]


@pytest.mark.parametrize(
    ("header", "how"), [("Währung", "header"), ("Devise", "header"), ("Valuta", "cells")]
)
def test_a_column_of_several_currencies_is_one_of_orders(tmp_path: Path, header: str, how: str) -> None:
    rows = "".join(f"{c},2024-01-{d},5,{'GBP' if c == 'A' else 'EUR'}\n" for c in "AB" for d in (14, 25))
    (tmp_path / "x.csv").write_text(f"Kundennr,Belegdatum,Betrag,{header}\n{rows}", "utf-8")
    (look,) = looks(tmp_path / "x.csv", HEADERS)
    (entry,) = (entry for entry in recognise(look).placed if entry.name == "currency")
    assert (entry.seen.header, entry.how) == (header, how)
