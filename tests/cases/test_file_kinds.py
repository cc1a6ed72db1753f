"""A file is what its content says: encodings are told or asked for, endings are no evidence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xlsxwriter

from evaluator.cli import invoke
from evaluator.errors import EvaluationError
from evaluator.study import Study

ORDERS = "customer,name,date,order,amount\nC1,{0},2024-01-05,1,100\nC2,{1},2024-02-05,2,200\n"
ONE = {"orders": {"file": "orders.csv"}}


def names(home: Path) -> list[str]:
    return Study(home).tables["orders"]["name"].to_list()


def test_european_text_asks_for_its_encoding_and_following_the_hint_reads_it(case, errors_of) -> None:
    home = case("c34_enc_cp1252")
    [issue] = errors_of(home)
    assert (issue.code, str(issue.where)) == ("DATA-402", "data/orders.csv")
    [line, *_] = re.findall(r"`encoding: (\S+)`", issue.text("en"))
    assert line == "cp1252"
    assert names(case("c34_enc_cp1252", tables={"orders": {"encoding": line}})) == [
        "Müller & Söhne", "Société Générale", "Ångström AB",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("cp949", ("삼성전자 주식회사", "현대자동차")),
        ("big5", ("臺灣積體電路製造股份有限公司", "鴻海精密工業")),
        ("cp932", ("株式会社トヨタ自動車", "ソニーグループ")),
        ("euc_jp", ("株式会社トヨタ自動車", "ソニーグループ")),
        ("cp1251", ("Иванов и сыновья", "Пётр Кузнецов")),
        ("cp1253", ("Παπαδόπουλος ΑΕ", "Ελληνικά Πετρέλαια")),
        ("cp1250", ("Łódź Przedsiębiorstwo", "Śląsk")),
        ("gb18030", ("李明", "李国")),
    ],
)
def test_what_bytes_only_suggest_is_named_and_never_taken(
    study, errors_of, encoding: str, said: tuple[str, str]
) -> None:
    """Korean text decodes as everyday Chinese signs, and two Chinese names as Korean ones."""
    files = {"orders.csv": ORDERS.format(*said).encode(encoding)}
    [issue] = errors_of(study(files, **ONE))
    assert (issue.code, str(issue.where)) == ("DATA-402", "orders.csv")
    lines = re.findall(r"`encoding: (\S+)`", issue.text("zh"))
    assert encoding in lines
    assert names(study(files, orders={"file": "orders.csv", "encoding": encoding})) == list(said)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("gb18030", ("李明", "李国")),  # Korean and Big5 have these bytes, and no words of them
        ("gb18030", ("周杰", "周平")),  # «ЦЬЅЬ» in cp1251
        ("gb18030", ("赵磊", "朱军")),  # «ХФАЪ»
        ("cp949", ("삼성전자 주식회사", "현대자동차")),
        ("big5", ("陳美玲", "林志明")),
        ("cp932", ("株式会社トヨタ自動車", "ソニーグループ")),
        ("cp1251", ("Иванов и сыновья", "Пётр Кузнецов")),  # «Πέτς» has no word of Greek
    ],
)
def test_one_line_is_offered_where_one_reading_yields_words(
    study, errors_of, encoding: str, said: tuple[str, str]
) -> None:
    [issue] = errors_of(study({"orders.csv": ORDERS.format(*said).encode(encoding)}, **ONE))
    assert re.findall(r"`encoding: (\S+)`", issue.text("zh")) == [encoding]


@pytest.mark.parametrize(
    "content",
    [
        ORDERS.format("李明", "李国").replace("customer", "客户编号").encode("gb18030"),
        ORDERS.format("张三丰商贸有限公司", "北京市朝阳区第三建筑公司").encode("gb18030"),
    ],
)
def test_a_known_header_or_enough_text_proves_chinese(study, content: bytes) -> None:
    assert Study(study({"orders.csv": content}, **ONE)).tables.notes[0].encoding == "gb18030"


FIRMS = ("深圳广泰有限公司", "无锡成华包装公司", "苏州德茂设备公司", "杭州长利建材公司")


@pytest.mark.parametrize("times", [2, 1500, 6000])
def test_text_is_no_less_chinese_the_more_there_is_of_it(study, times: int) -> None:
    """What few lines prove, 200 and 800 kB of them prove as well: they were Cyrillic."""
    rows = [f"K{i % 9},{FIRMS[i % 4]},2024-01-05,{i},100" for i in range(4 * times)]
    content = "\n".join(["customer,name,date,order,amount", *rows]).encode("gb18030")
    assert Study(study({"orders.csv": content}, **ONE)).tables.notes[0].encoding == "gb18030"


def test_many_words_of_two_bytes_a_sign_are_not_of_one_byte_a_letter(study) -> None:
    """All of these names are words of capitals and small letters in Cyrillic, and none is of odd length."""
    signs = [sign for sign in map(chr, range(0x4E00, 0x9FA6)) if _cyrillic(sign)]
    rows = [f"K{i},{sign * 2},2024-01-05,{i},100" for i, sign in enumerate(signs[:40])]
    head = "customer,name,date,order,amount"
    few, many = ("\n".join([head, *part]).encode("gb18030") for part in (rows[:8], rows))
    with pytest.raises(EvaluationError, match="DATA-402"):
        _ = Study(study({"orders.csv": few}, **ONE)).tables
    assert Study(study({"orders.csv": many}, **ONE)).tables.notes[0].encoding == "gb18030"


def _cyrillic(sign: str) -> bool:
    """True for an everyday Chinese sign whose bytes are two capitals in cp1251."""
    content = sign.encode("gb2312", "ignore")
    return len(content) == 2 and all(0xC0 <= byte <= 0xD7 for byte in content)


def test_many_words_of_cyrillic_greek_and_latin_are_asked_for(study, errors_of) -> None:
    said = {
        "cp1251": ("ООО «Северная звезда»", "ЗАО Кузнецов и сыновья", "Машиностроительный завод", "МОСКВА"),
        "cp1253": ("Παπαδόπουλος ΑΕ", "Ελληνικά Πετρέλαια", "ΒΙΟΜΗΧΑΝΙΑ", "Ανώνυμη Εταιρεία"),
        "cp1252": ("Müller & Söhne", "Société Générale", "Ångström AB", "Peñaflor"),
    }
    for encoding, words in said.items():
        rows = [f"K{i},{words[i % 4]},2024-01-05,{i},100" for i in range(3000)]
        content = "\n".join(["customer,name,date,order,amount", *rows]).encode(encoding)
        [issue] = errors_of(study({"orders.csv": content}, **ONE))
        assert re.findall(r"`encoding: (\S+)`", issue.text("zh"))[0] == encoding


def test_a_workbook_named_as_text_is_read_and_said_to_be_one(case) -> None:
    tables = Study(case("c07e_xlsx_named_csv")).tables
    assert tables["orders"]["amount"].to_list() == [100.0, 200.0]
    assert [(issue.code, str(issue.where)) for issue in tables.issues] == [("DATA-520", "data/orders.csv")]


def test_text_named_as_a_workbook_is_read(study) -> None:
    """Systems export tab-separated text under the name of a workbook."""
    text = ORDERS.format("A", "B").replace(",", "\t")
    for content in (text.encode(), text.encode("utf-16")):
        home = study({"orders.xls": content}, orders={"file": "orders.xls"})
        assert names(home) == ["A", "B"]
        assert "DATA-520" in [issue.code for issue in Study(home).tables.issues]


@pytest.mark.parametrize(("name", "code"), [("orders.xls", "FILE-714"), ("orders.csv", "DATA-521")])
def test_a_web_page_is_named_as_one(study, refused, name: str, code: str) -> None:
    page = "<html><table><tr><td>customer</td></tr></table></html>"
    assert refused(study({name: page}, orders={"file": name})) == [(code, name)]


def test_columns_that_only_blanks_set_apart_are_read(study) -> None:
    """As CDNOW's orders are published: any number of blanks, before the first column as well."""
    rows = [
        "  customer  date amount",
        " 001 20240105   11.77",
        "",
        " 001 20240112  1200.00 ",
        " 002 20240206    5.00",
    ]
    rows += [" 003 20240301    1.00"] * 20_000
    tables = Study(study({"orders.txt": "\r\n".join(rows)}, orders={"file": "orders.txt"})).tables
    first = tables["orders"].select("id", "amount").head(3)
    assert first.rows() == [("001", 11.77), ("001", 1200.0), ("002", 5.0)]
    assert (tables.notes[0].rows_read, tables.notes[0].delimiter) == (20_004, " ")


def test_words_of_one_column_are_not_cut_at_their_blanks(study, refused) -> None:
    rows = ["customer names of ours", "Ann B Smith", "Bo C Young Jr"]
    assert "DATA-405" in {code for code, _ in refused(study({"orders.csv": "\n".join(rows)}, **ONE))}


def test_a_first_line_that_states_the_delimiter_is_no_row(study) -> None:
    text = "sep=|\n" + ORDERS.format("A;a", "B;b").replace(",", "|")
    tables = Study(study({"orders.csv": text}, **ONE)).tables
    assert tables["orders"]["name"].to_list() == ["A;a", "B;b"]
    assert (tables.notes[0].rows_read, tables.notes[0].header, tables.notes[0].delimiter) == (2, 2, "|")


def test_an_opendocument_sheet_is_read_like_any_other(study, tmp_path: Path, converted) -> None:
    from datetime import date

    with xlsxwriter.Workbook(tmp_path / "orders.xlsx") as book:
        sheet = book.add_worksheet("2024")
        sheet.write_row(0, 0, ["客户编号", "日期", "金额", "成本"])
        sheet.write_row(1, 0, ["007"])
        sheet.write_datetime(1, 1, date(2024, 1, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_row(1, 2, [1234.5, "12.5万"])
    converted([tmp_path / "orders.xlsx"], tmp_path, "ods")
    content = (tmp_path / "orders.ods").read_bytes()
    tables = Study(study({"orders.ods": content}, orders={"file": "orders.ods"})).tables
    assert tables["orders"].rows() == [("007", date(2024, 1, 5), 1234.5, 125000.0)]


@pytest.mark.parametrize("stated", [[], ["--set", "encoding=gb18030"]])
def test_a_currency_sign_alone_offers_an_encoding_that_works(
    tmp_path: Path, capsys, stated: list[str]
) -> None:
    """It stands far down, in a text that no other sign tells anything of."""
    rows = "".join(f"K{row % 40},{1 + row % 28:02}.03.2024,{row},voucher\n" for row in range(25_000))
    path = tmp_path / "orders.csv"
    text = "customer,date,amount,note\n" + rows + "K1,02.03.2024,5,for £20.00\n"
    path.write_bytes(text.encode("cp1252"))
    assert invoke(["--language", "en", "run", str(path), *stated]) == 1
    said = capsys.readouterr().err
    assert "State the right encoding for this table: `--set encoding=cp1252` («£20.00»)" in said
    assert invoke(["run", str(path), "--set", "encoding=cp1252"]) == 0


def test_where_no_reading_has_words_what_reads_the_bytes_is_offered(study, errors_of) -> None:
    [issue] = errors_of(study({"orders.csv": b"customer,date,amount\nA\xd7,2024-01-05,3\n"}, **ONE))
    assert issue.code == "DATA-402"
    assert "`encoding: cp1252`" in issue.text("en")
