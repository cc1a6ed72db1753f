"""Exports of other countries: headers, totals, units and minus signs as their systems write them."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from evaluator.cli.set_option import with_options
from evaluator.data.units import split_unit, title_unit
from evaluator.errors import EvaluationError
from evaluator.study import Study
from evaluator.study.feeding import feedings
from evaluator.study.from_files import make_study
from evaluator.study.gathering import gather, is_data
from evaluator.study.settings import settings


def study(path: Path, *stated: str) -> Study:
    data = gather([str(path)], settings=settings(stated))
    assert data.questions == ()
    return Study(make_study(data, feedings(data)[0], path.parent / "study").folder)


def columns(made: Study) -> dict[str, str]:
    found = made.file.tables["orders"].columns
    return {name: getattr(said, "from_", said) for name, said in found.items()}


def test_a_japanese_list_of_sales_names_the_customer_not_the_voucher(tmp_path) -> None:
    """得意先 is the customer, 伝票番号 the voucher; ▲ stands for a minus, 合計 for the total."""
    rows = [
        ("K1", "株式会社一", "2011年3月5日", "V1", "A", "▲1,234"),
        ("K1", "株式会社一", "2011年3月9日", "V2", "B", "5,000"),
        ("K2", "有限会社二", "2011年4月1日", "V3", "A", "700"),
    ]
    lines = [",".join(f'"{cell}"' for cell in row) for row in [*rows, ("合計", "", "", "", "", "4,466")]]
    path = tmp_path / "売上明細.csv"
    head = "得意先コード,得意先名,売上日,伝票番号,商品コード,売上金額"
    path.write_text("\n".join([head, *lines]), "cp932")
    made = study(path, "encoding=cp932")
    assert columns(made) == {"id": "得意先コード", "name": "得意先名", "date": "売上日", "order": "伝票番号",
                             "product": "商品コード", "amount": "売上金額"}  # fmt: skip
    assert made.read["orders"]["amount"].to_list() == [-1234.0, 5000.0, 700.0]
    [said] = [issue for issue in made.read.issues if issue.code == "DATA-536"]
    _, option = shlex.split(with_options(said).text("en").split("`")[1])
    up = study(path, "encoding=cp932", option)  # the hint, followed
    assert up.read["orders"]["amount"].to_list() == [1234.0, 5000.0, 700.0]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("Code client;Raison sociale;Date de facture;N° facture;Réf. article;Montant HT", "cp1252"),
        ("Código cliente;Razón social;Fecha pedido;Nº pedido;Código artículo;Importe", "cp1252"),
        ("Код клиента;Наименование;Дата заказа;Номер заказа;Артикул;Сумма", "utf-8"),
        ("고객코드;고객명;주문일;주문번호;상품코드;금액", "utf-8"),
    ],
)
def test_the_columns_of_an_order_are_known_in_other_languages(tmp_path, head: str, encoding: str) -> None:
    rows = [f"K{n % 5};N{n % 5};{n % 28 + 1:02}.0{n % 9 + 1}.2024;F{n};P{n % 3};{n},50" for n in range(40)]
    path = tmp_path / "export.csv"
    path.write_text("\n".join([head, *rows]), encoding)
    [part] = gather([str(path)], settings=settings([f"encoding={encoding}"])).tables["orders"]
    placed = {entry.name: entry.seen.header for entry in part.placed}
    who, _, day, order, product, amount = head.split(";")
    expected = {"id": who, "date": day, "order": order, "product": product, "amount": amount}
    assert {key: placed.get(key) for key in expected} == expected


@pytest.mark.parametrize("word", ["Total général", "Suma", "Gesamtsumme", "Итого", "合計", "총계"])
def test_totals_of_other_languages_are_no_customers(tmp_path, word: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(f"customer,date,amount\nA,2024-01-05,5\nB,2024-02-05,6\n{word},2024-03-01,11\n", "utf-8")
    assert study(path).read["orders"]["id"].to_list() == ["A", "B"]


@pytest.mark.parametrize(
    ("header", "factor"),
    [
        ("Importe (miles de €)", 1e3), ("Montant (milliers d'€)", 1e3), ("Сумма, тыс. руб.", 1e3),
        ("売上（百万円）", 1e6), ("매출(천원)", 1e3), ("distance (miles)", None),
    ],
)  # fmt: skip
def test_units_of_other_languages(header: str, factor: float | None) -> None:
    unit = split_unit(header)[1]
    assert (unit.factor if unit else None) == factor


def test_a_title_counts_in_thousands() -> None:
    assert title_unit("Pedidos trimestre 1 (importes en miles de €)").factor == 1e3


def test_a_second_row_of_names_goes_on_with_the_first(workbook, tmp_path) -> None:
    """Groups are not merged, and no word is known; a quarter to come has the names alone."""
    heads = [["Pedidos"], [], ["Cliente", None, "Pedido", None, "Importe"],
             ["Código", "Nombre", "Nº", "Fecha", "€"]]  # fmt: skip
    rows = [[f"K{n % 5}", f"C{n % 5}", f"P{n}", f"{n % 28 + 1:02}-03-2024", f"{n},50 €"] for n in range(30)]
    sheets = {"T1": [*heads, *rows], "T2": heads, "Resumen": [["Trimestre", "Total"], ["T1", 100]]}
    path = tmp_path / "pedidos.xlsx"
    path.write_bytes(workbook(sheets))
    data = gather([str(path)])
    [part] = data.tables["orders"]
    assert part.look.header.names == (
        "Cliente Código",
        "Cliente Nombre",
        "Pedido Nº",
        "Pedido Fecha",
        "Importe €",
    )
    assert part.look.rows.height == 30
    assert {issue.subject for issue in data.unused} == {"pedidos.xlsx!T2", "pedidos.xlsx!Resumen"}


def test_a_first_row_of_text_below_a_gap_is_a_row(tmp_path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("customer,,city\nA,x,Rome\nB,y,Oslo\n", "utf-8")
    [part] = gather([str(path)]).tables["customers"]
    assert part.look.rows.height == 2


def test_a_file_that_is_not_there_is_named_as_a_file(tmp_path) -> None:
    (tmp_path / "orders-2024.csv").write_text("customer,date,amount\n", "utf-8")
    missing = str(tmp_path / "orders-2042.csv")
    assert is_data([missing])
    with pytest.raises(EvaluationError) as refused:
        gather([missing])
    [issue] = refused.value.issues
    assert (issue.code, issue.hint) == ("DATA-401", ("orders-2024.csv",))
