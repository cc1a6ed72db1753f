"""Credit notes and goods that came back, whose amounts stand in the file without a minus."""

from pathlib import Path

import pytest

from evaluator.study import Study

GERMAN = """\
Kundennr;Datum;Belegart;Menge;Betrag
K1;01.03.2024;Rechnung;10;100,00
K1;05.03.2024;Gutschrift;4;40,00
K2;06.03.2024;Rechnung;1;7,50
K2;16.03.2024;Rechnung;2;15,00
"""
CHINESE = """\
客户编号,日期,单据类型,数量,金额
K1,2024-03-01,销售出库单,10,100
K1,2024-03-05,销售退货单,4,40
K2,2024-03-06,销售出库单,1,7.5
K2,2024-03-16,销售出库单,2,15
"""


def lines(home: Path) -> list[tuple[object, ...]]:
    return Study(home).tables["orders"].select("id", "quantity", "amount").rows()


@pytest.mark.parametrize(
    ("text", "header", "word"),
    [
        (GERMAN, "Belegart", "Gutschrift"),
        (CHINESE, "单据类型", "销售退货单"),
        (CHINESE.replace("单据类型", "订单状态").replace("销售退货单", "已退款"), "订单状态", "已退款"),
        (GERMAN.replace("Gutschrift", "Credit Note").replace("Belegart", "Type"), "Type", "Credit Note"),
    ],
)
def test_returns_without_a_minus_are_asked_about(
    study, errors_of, follow, text: str, header: str, word: str
) -> None:
    columns = {"id": "Kundennr", "date": "Datum", "amount": "Betrag"} if text.startswith("Kunden") else {}
    stated = {"file": "o.csv", "columns": columns}
    home = study({"o.csv": text}, orders=stated)
    [issue] = errors_of(home)
    assert (issue.code, issue.subject, issue.detail["rows"]) == ("DATA-568", header, 1)
    assert f"«{word}»" in issue.text("en")
    back, rest = ("K1", -4.0, -40.0), [("K1", 10.0, 100.0), ("K2", 1.0, 7.5), ("K2", 2.0, 15.0)]
    assert lines(follow(home, "orders", issue)) == [rest[0], back, *rest[1:]]
    home = study({"o.csv": text}, orders=stated)
    assert lines(follow(home, "orders", issue, number=1))[1] == ("K1", 4.0, 40.0), "as they stand"


@pytest.mark.parametrize(
    "text",
    [
        CHINESE.replace(",4,40", ",-4,-40"),  # the amounts say it
        CHINESE.replace("销售退货单", "销售换货单"),  # nothing says it
        CHINESE.replace("销售出库单", "销售退货单"),  # all do: it tells no line from another
        CHINESE.replace("单据类型", "备注").replace("K2,2024-03-06,销售出库单", "K2,2024-03-06,一切正常"),
        CHINESE.replace("销售出库单", "Credit card").replace("销售退货单", "Cash"),
    ],
)
def test_nothing_is_asked_where_nothing_is_open(study, text: str) -> None:
    home = study({"o.csv": text}, orders={"file": "o.csv"})
    assert len(lines(home)) == 4


def test_a_rule_on_returns_names_what_is_not_there(study, errors_of) -> None:
    home = study(
        {"o.csv": CHINESE}, orders={"file": "o.csv", "returned": {"column": "单据种类", "in": ["退"]}}
    )
    [issue] = errors_of(home)
    assert (issue.code, issue.subject, issue.hint) == ("DATA-426", "单据种类", ("单据类型",))
    known = {"file": "c.csv", "returned": {"column": "名称", "in": []}}
    texts = {"c.csv": "客户编号,名称\nK1,甲\n", "o.csv": CHINESE.replace(",4,40", ",-4,-40")}
    home = study(texts, orders={"file": "o.csv"}, customers=known)
    assert [issue.code for issue in errors_of(home)] == ["DATA-569"]
