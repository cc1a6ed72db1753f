"""`evaluator run FILE`: what the console says of totals, of what is evaluated, what has no values yet."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from evaluator.cli import invoke
from evaluator.study import Study
from evaluator.study.feeding import feeding
from evaluator.study.gathering import gather
from evaluator.tree import load_tree
from evaluator.tree.types import Graded


def written(folder: Path, name: str, *rows: object) -> str:
    path = folder / name
    path.write_text("\n".join(map(str, rows)) + "\n", "utf-8")
    return str(path)


def orders(months: int) -> list[str]:
    days = [date(2026, 6, 30) - timedelta(days=30 * back) for back in range(months)]
    return [f"K{who:02},{day},{100 + who * 7 + day.month}" for who in range(12) for day in days]


@pytest.mark.parametrize(("language", "said"), [
    ("en", "Orders (orders): 2 rows of totals were left out; `totals: []`"),
    ("zh", "订单（orders）：2 个合计行未计入"),
])  # fmt: skip
def test_rows_of_totals_are_said_and_the_line_keeps_them(tmp_path, capsys, language: str, said: str) -> None:
    path = written(tmp_path, "list.csv", "客户编号,订单日期,订单金额", *orders(14), "华东小计,,5", "合计,,99")
    assert invoke(["--language", language, "run", path]) == 0
    assert said in capsys.readouterr().out
    study = tmp_path / "list-study" / "study.yaml"
    study.write_text(study.read_text("utf-8").replace("  orders:\n", "  orders:\n    totals: []\n"), "utf-8")
    [note] = Study(study.parent).read.notes
    assert "data.dropped.total" not in {entry.reason for entry in note.dropped}


@pytest.mark.parametrize(("tree", "rows", "said"), [
    ("prospect", 3, "3 prospects rated"), ("crm_performance", 1, "1 firm rated"),
])  # fmt: skip
def test_the_console_speaks_of_what_is_evaluated(tmp_path, capsys, tree: str, rows: int, said: str) -> None:
    """A firm is one row; 规模, which says what a customer is as well, is a measure of prospects."""
    heads = [leaf.name.zh for leaf in load_tree(tree).indicators]
    lines = [",".join([f"P{row}", *["3"] * len(heads)]) for row in range(rows)]
    path = written(tmp_path, "list.csv", ",".join(["编号", *heads]), *lines)
    assert invoke(["--language", "en", "run", path, "--tree", tree]) == 0
    out = capsys.readouterr().out
    assert said in out
    assert f"data for {len(heads)} of {len(heads)} indicators, 100%" in out


def test_a_code_that_tells_all_rows_apart_comes_before_the_name(tmp_path) -> None:
    path = written(
        tmp_path, "clients.csv", "编号,名称,信任", *(f"P{row},公司{row % 3},3" for row in range(6))
    )
    [part] = gather([path]).tables["customers"]
    assert part.column("id").header == "编号"
    rows = [f"{row},公司{row % 3},2026-0{1 + row % 6}-01,{row}" for row in range(1, 20)]
    [log] = gather([written(tmp_path, "log.csv", "编号,客户名称,日期,金额", *rows)]).tables["orders"]
    assert log.column("id").header == "客户名称"  # of orders the code is that of the row


def test_what_needs_a_longer_history_is_not_counted_as_fed(tmp_path, capsys) -> None:
    path = written(
        tmp_path, "list.csv", "客户编号,订单日期,订单金额,商品编码", *(f"{row},A" for row in orders(13))
    )
    assert invoke(["--language", "en", "run", path]) == 0
    said = capsys.readouterr()
    assert "data for 7 of 8 indicators" in said.out
    growth = "Growth of purchases (growth) has no values: it needs 24 months of orders, and the data have 12"
    assert growth in said.out
    assert "The evaluation looks back from 2026-07-01, " in said.out
    assert "DATA-535 No customer has a value for Growth of purchases (growth)" in said.err
    assert "growth has no values yet: it needs 24 months" in (
        tmp_path / "list-study" / "study.yaml"
    ).read_text("utf-8")  # fmt: skip


def test_with_a_long_history_every_indicator_is_fed(tmp_path) -> None:
    rows = [f"{row},A" for row in orders(27)]
    data = gather([written(tmp_path, "list.csv", "客户编号,订单日期,订单金额,商品编码", *rows)])
    fed = feeding(data, load_tree("orders_value"))
    assert (fed.fed, dict(fed.short), fed.share) == (8, {}, pytest.approx(1))


def test_a_table_for_customer_models_alone_says_what_it_is_good_for(tmp_path, capsys) -> None:
    rows = [f"C{n},{n % 4},{n % 9},{20 + n % 5}" for n in range(40)]
    path = written(tmp_path, "汇总.csv", "客户编号,复购次数,末次购买时间,观察时长", *rows)
    assert invoke(["--language", "en", "run", path]) == 1
    said = capsys.readouterr().err
    assert "Purchase summaries (summaries): no tree that ships reads this table by itself" in said
    assert "p_alive" in said


def test_ids_that_lost_their_zeros_are_matched_and_restored(tmp_path, capsys) -> None:
    home = tmp_path / "firm"
    home.mkdir()
    rows = [row.replace("K", "000") for row in orders(14)]
    written(home, "orders.csv", "customer,date,amount", *rows)
    written(home, "customers.csv", "customer,name,region", *(f"{who},Firm {who},Nord" for who in range(12)))
    assert invoke(["--language", "en", "run", str(home)]) == 0
    said = capsys.readouterr().err
    assert "DATA-538 12 of 12 ids of orders that are not in the table of customers are there but for" in said
    assert "00001 ≙ 1" in said
    assert "To restore them: `--set customers.id.width=5`." in said
    assert invoke(["run", str(home), "--set", "customers.id.width=5"]) == 0
    assert not {"DATA-485", "DATA-486", "DATA-538"} & {
        issue.code for issue in Study(tmp_path / "firm-study").tables.issues
    }


def test_a_measure_whose_header_is_misspelt_is_asked_about_before_it_is_called_absent(
    study, errors_of, follow
) -> None:
    leaves = load_tree("credit").indicators
    asked = next(leaf for leaf in leaves if not isinstance(leaf.scale, Graded))
    heads = [leaf.name.en if leaf != asked else leaf.name.en[:2] + leaf.name.en[3:] for leaf in leaves]
    rows = [",".join(["id", *(f'"{name}"' for name in heads)])]
    rows += [",".join([f"P{row}", *["3"] * len(heads)]) for row in range(3)]
    head = "schema: 1\ntitle: Case\nlanguage: en\ntree: credit\nweighting: {source: given}\n"
    home = study({"m.csv": "\n".join(rows)}, head=head, measures={"file": "m.csv"})
    [issue] = errors_of(home, lambda opened: opened.measured)
    assert (issue.code, str(issue.where)) == ("DATA-539", "m.csv")
    assert "Only if there are no data for it: `measure: {absent:" in issue.text("en")
    follow(home, "measures", issue)
    assert Study(home).measured.frame.height == 3


def test_lines_that_differ_in_an_unread_column_are_not_said_to_be_repeated(tmp_path, capsys) -> None:
    """What tells them apart comes first; only what is the same in every column may be dropped."""
    heads = "Kundennummer,Bestelldatum,Bestellnummer,Pos.Bezeichnung,Land,Nettowert (EUR)"
    rows = [
        f"K{who:02},{day}.03.2024,B{who}{day},{what},DE,5"
        for who in range(12) for day in (10, 20) for what in ("Stuhl", "Tisch")
    ]  # fmt: skip
    path = written(tmp_path, "list.csv", heads, *rows, rows[0])
    assert invoke(["--language", "en", "run", path]) == 0
    said = capsys.readouterr()
    assert "25 order lines are identical to another line in every column that is read" in said.err
    assert "but they differ in Pos.Bezeichnung, not read so far" in said.err
    assert "duplicates" not in said.err
    assert re.search(r"amount \(amount\) +Nettowert \(EUR\) +its header", said.out)
    option = re.search(r'`--column (product=)"(Pos.Bezeichnung)"`', said.err)
    assert option
    assert invoke(["--language", "en", "run", path, "--column", option[1] + option[2]]) == 0
    said = capsys.readouterr()
    assert "DATA-588 1 order line is identical" in said.err
    assert "DATA-540" not in said.err


def test_another_file_of_the_same_name_has_a_study_of_its_own(tmp_path, capsys) -> None:
    heads = "客户编号,订单日期,订单金额"
    path = written(tmp_path, "list.csv", heads, *orders(14))
    assert invoke(["run", path]) == 0
    before = (tmp_path / "list-study" / "study.yaml").read_bytes()
    other = written(tmp_path, "list.txt", heads, *orders(8))
    assert invoke(["--language", "en", "run", other]) == 0
    said = capsys.readouterr()
    assert "list-study was made of list.csv and is left as it is" in said.out + said.err
    assert (tmp_path / "list-study" / "study.yaml").read_bytes() == before
    assert (tmp_path / "list-txt-study" / "data" / "list.txt").is_file()
    assert invoke(["run", other]) == 0
    assert invoke(["run", path]) == 0
    assert not list((tmp_path / "list-study" / "data").glob("*.txt"))


def test_where_quantity_and_price_are_taken_a_column_like_an_amount_is_named(tmp_path, capsys) -> None:
    rows = [f"{row.rpartition(',')[0]},2,{row.rpartition(',')[2]},7" for row in orders(14)]
    path = written(tmp_path, "list.csv", "customer,order date,quantity,unit price,Sales of the line", *rows)
    assert invoke(["--language", "en", "run", path]) == 0
    said = capsys.readouterr()
    assert '--column amount="Sales of the line"' in said.out + said.err
    assert invoke(["--language", "en", "run", path, "--column", "amount=Sales of the line"]) == 0
    said = capsys.readouterr()
    assert "looks like one" not in said.out + said.err
