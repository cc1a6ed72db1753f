"""Rows of totals, in the words of many languages and in none: they are nobody, and said to be left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from evaluator.cli import invoke
from evaluator.data.totals import TOTALS, say_total
from evaluator.study import Study

ROWS = "".join(f"K{number};{number:02}.03.2024;B{number};{number}{number}7,05\n" for number in range(1, 8))
SUM = "3129,35"
WORDS = (
    "Summe", "Gesamt", "Gesamtsumme:", "Zwischensumme", "ENDSUMME", "Gesamtergebnis", "Total général",
    "Sous-total", "Total general", "Suma", "Subtotal", "Totale", "Totaal", "Subtotaal", "Razem", "Итого",
    "ВСЕГО:", "合計", "小計", "総計", "東京小計", "합계", "소계", "총계",
)  # fmt: skip


def of_orders(study: Callable[..., Path], content: str) -> Path:
    return study({"orders.csv": content}, orders={"file": "orders.csv"})


def text(row: str, rows: str = ROWS) -> str:
    return f"customer;date;order;amount\n{rows}{row}\n"


@pytest.mark.parametrize("word", WORDS)
def test_a_row_of_totals_is_no_order(study, word: str) -> None:
    home = of_orders(study, text(f"{word};01.06.2025;;{SUM}"))
    read = Study(home).tables
    assert read["orders"]["id"].to_list() == [f"K{number}" for number in range(1, 8)]
    assert [(entry.reason, entry.rows) for entry in read.notes[0].dropped] == [("data.dropped.total", 1)]


@pytest.mark.parametrize(
    "cell", ["华东小计", "TOTAL :", "Grand\u00a0Total.", "ΣΎΝΟΛΟ", "= σ =", "平均分", "Average:"]
)
def test_a_word_of_totals_is_known_whatever_its_signs(cell: str) -> None:
    cells = pl.DataFrame({"first": ["Totalis GmbH", cell, None, "计算机"]})
    assert say_total(cells, TOTALS).to_list() == [False, True, False, False]


@pytest.mark.parametrize("row", [f";;Summe;{SUM}", f"K9;Summe;;{SUM}", f"Summe;;;{SUM}"])
def test_its_words_stand_in_the_first_cell_or_the_date(study, row: str) -> None:
    [note] = Study(of_orders(study, text(row))).tables.notes
    assert [entry.reason for entry in note.dropped] == ["data.dropped.total"]


def test_a_firm_with_an_id_may_be_called_total(study) -> None:
    rows = "".join(f"K{n};{name};{n}.03.2024;{n}7,05\n" for n, name in enumerate(("Total", "Suma GmbH"), 1))
    home = of_orders(study, f"customer;name;date;amount\n{rows};Gesamt;;44,10\n")
    [note] = Study(home).tables.notes
    assert (note.rows_kept, [entry.reason for entry in note.dropped]) == (2, ["data.dropped.total"])


@pytest.mark.parametrize("row", [f"Alles zusammen;01.06.2025;;{SUM}", f"K9;01.06.2025;;{SUM}"])
def test_a_row_with_the_sum_of_all_others_is_asked_about(study, errors_of, follow, row: str) -> None:
    """Both answers work: it is left out, or it is a record."""
    home = of_orders(study, text(row))
    [issue] = errors_of(home)
    assert (issue.code, str(issue.where)) == ("DATA-537", "orders.csv:9:4")
    for number, kept in enumerate((7, 8)):
        home = follow(of_orders(study, text(row)), "orders", issue, number=number)
        assert Study(home).tables["orders"].height == kept


def test_the_filter_spares_other_rows_of_its_id(study, errors_of, follow) -> None:
    home = of_orders(study, text(f"K3;01.06.2025;;{SUM}"))
    [issue] = errors_of(home)
    follow(home, "orders", issue)
    assert Study(home).tables["orders"]["id"].to_list() == [f"K{number}" for number in range(1, 8)]


def test_a_few_rows_may_add_up_by_chance(study) -> None:
    rows = "K1;01.03.2024;B1;1\nK2;01.03.2024;B2;2\n"
    assert Study(of_orders(study, text("K3;01.03.2024;B3;3", rows))).tables["orders"].height == 3


def test_on_the_command_line_rows_left_out_are_said_and_questions_have_options(tmp_path, capsys) -> None:
    path = tmp_path / "umsatz.csv"
    path.write_text(text(f"Gesamt;;;{SUM}"), "utf-8")
    assert invoke(["--language", "en", "run", str(path)]) == 0
    assert "1 row of totals was left out" in capsys.readouterr().out
    path.write_text(text(f"Alles;01.06.2025;;{SUM}"), "utf-8")
    assert invoke(["--language", "en", "run", str(path)]) == 1
    said = capsys.readouterr().err
    assert "The row “Alles” has the sum of all 7 other rows (amount 3,129.35)" in said
    assert '`--set "orders.totals=[]"`' in said
    assert invoke(["run", str(path), "--set", "orders.totals=[]"]) == 0


def test_no_word_stands_twice() -> None:
    assert len(set(TOTALS)) == len(TOTALS)


def test_of_measures_two_sums_tell_a_total_in_other_words(study, errors_of, follow) -> None:
    head = "schema: 1\ntitle: Case\nlanguage: en\ntree: firm.yaml\nweighting: {source: given}\n"
    leaf = (
        "{{id: {0}, name: {0}, measure: {0}, weight: 1, direction: benefit, "
        "scale: {{kind: linear, worst: 0, best: 100}}}}"
    )
    leaves = "".join(f"\n    - {leaf.format(name)}" for name in "abc")
    grades = "grades: [{id: high, name: High, score: 90, from: 50}, {id: low, name: Low, score: 30, from: 0}]"
    tree = (
        "schema: 1\nid: firm\nname: Firm\nversion: '1'\nstatus: custom\nsource: test\nweights_source: test\n"
        f"{grades}\nroot:\n  children:{leaves}\n"
    )
    rows = "".join(f"K{n},{n}{n},{n + 3},{n * n % 5 + 1}\n" for n in range(1, 8))
    for word in ("Gesamt", "Alle"):
        text = f"id,a,b,c\n{rows}{word},308,49,3\n"
        home = study({"firm.yaml": tree, "m.csv": text}, head=head, measures={"file": "m.csv"})
        if word == "Alle":
            [issue] = errors_of(home)
            assert (issue.code, issue.detail["columns"]) == ("DATA-537", "a 308, b 49")
            follow(home, "measures", issue)
        assert Study(home).tables["measures"].height == 7


@pytest.mark.parametrize(
    "below", ["审核：", "制表：张三;复核：李四", "备注：含税;;;", "Prepared by: M. Lang"]
)
def test_what_stands_below_a_table_is_no_customer(study, below: str) -> None:
    opened = Study(of_orders(study, text(below)))
    [note] = opened.tables.notes
    assert [(entry.reason, entry.rows) for entry in note.dropped] == [("data.dropped.footer", 1)]
    assert opened.tables["orders"]["id"].to_list() == [f"K{number}" for number in range(1, 8)]


def test_an_order_that_begins_with_a_remark_is_an_order(study) -> None:
    rows = "注：加急;K1;01.03.2024;17,05\n备注：;K2;02.03.2024;27,05\n"
    home = study({"orders.csv": f"remark;customer;date;amount\n{rows}"}, orders={"file": "orders.csv"})
    assert Study(home).tables["orders"]["id"].to_list() == ["K1", "K2"]
