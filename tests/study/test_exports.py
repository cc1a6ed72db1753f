"""What a client's system exports goes through by the mapping alone: the tree is not touched."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest

from evaluator.data import Dropped
from evaluator.evaluation import Evaluation
from evaluator.study import Study

STUDY = """\
schema: 1
title: 客户价值评价
language: zh
as_of: 2025-01-01
tree: orders_value
weighting: {source: given}
tables:
  orders:
"""
EXPORTED = """\
    file: 订单明细.csv
    columns:
      amount: {from: 含税金额（万元）, factor: 10000}
    filters:
      - {drop: 业务类型, equals: 样品, reason: 样品不计销售}
"""
PLAIN = "    file: orders.csv\n"


def orders() -> list[tuple[str, date, str, str, float]]:
    """Two years of thirty customers; some amounts come back."""
    random = Random(7)
    lines = []
    for customer in range(1, 31):
        day = date(2023, 1, 2) + timedelta(days=random.randrange(40))
        while day < date(2025, 1, 1):
            amount = round(random.uniform(500, 90_000), 2)
            if random.random() < 0.05 and lines and lines[-1][0] == f"{customer:04d}":
                amount = -round(lines[-1][4] / 2, 2)
            lines.append((f"{customer:04d}", day, f"DH{len(lines):06d}", f"P{random.randrange(9)}", amount))
            day += timedelta(days=random.randrange(5, 60))
    return lines


def exported(lines: list[tuple[str, date, str, str, float]]) -> str:
    """The same lines as an ERP prints them: titles, pages with subtotals, a sample, a total."""
    head = "客户编码;单据日期;单据编号;物料编码;含税金额（万元）;业务类型"
    out = ["某某股份有限公司", "销售订单明细表（2023—2024年）", "", head]
    for page in range(0, len(lines), 50):
        rows = lines[page : page + 50]
        for customer, day, number, product, amount in rows:
            written = f"{day.year}年{day.month}月{day.day}日" if page % 100 else f"{day:%Y/%m/%d}"
            out.append(f"{customer};{written};{number};{product};{amount / 1e4:.6f};销售")
        out.append(f"本页小计;;;;{sum(row[4] for row in rows) / 1e4:.6f};")
        out.append(head)
    out.append("0001;2024/12/30;YP000001;P1;0.5;样品")
    out += [f"合　计;;;;{sum(row[4] for row in lines) / 1e4:.6f};", ""]
    return "\n".join(out)


def run(folder: Path, name: str, content: bytes, mapping: str) -> Evaluation:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    (folder / "study.yaml").write_text(STUDY + mapping, "utf-8")
    return Study(folder).run()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Evaluation, Evaluation]:
    """The evaluation of the export, and of the same lines as a plain table."""
    lines = orders()
    plain = "id,date,order,product,amount\n" + "".join(
        f"{customer},{day},{number},{product},{amount}\n" for customer, day, number, product, amount in lines
    )
    home = tmp_path_factory.mktemp("both")
    return (
        run(home / "导出", "订单明细.csv", exported(lines).encode("gb18030"), EXPORTED),
        run(home / "plain", "orders.csv", plain.encode(), PLAIN),
    )


def test_an_export_in_gb18030_gives_the_scores_of_the_plain_table(both) -> None:
    export, plain = both
    columns = [name for name, kind in plain.results.schema.items() if kind == pl.Float64]
    assert export.results.select("id", "rank", "grade").equals(plain.results.select("id", "rank", "grade"))
    for name in columns:
        gap = (export.results[name] - plain.results[name]).abs().max()
        assert gap is None or gap < 1e-9
    assert plain.results.filter(pl.col("status") == "rated").height == 30


def test_every_row_of_the_export_is_accounted_for(both) -> None:
    export, plain = both
    (note,), lines = export.notes, plain.notes[0].rows_kept
    pages = -(-lines // 50)
    assert (note.encoding, note.delimiter, note.header) == ("gb18030", ";", 4)
    assert note.rows_kept == lines
    assert set(note.dropped) == {
        Dropped("data.dropped.header", pages),
        Dropped("data.dropped.total", pages + 1),
        Dropped("样品不计销售", 1, "业务类型"),
    }
    assert note.rows_read == note.rows_kept + sum(dropped.rows for dropped in note.dropped)


def test_orders_in_several_currencies_are_measured_at_the_rates_of_their_days(tmp_path: Path) -> None:
    """The same lines, every third one invoiced in dollars."""
    lines = orders()
    rates = "币种,日期,汇率\nUSD,2023-01-01,7\nUSD,2024-01-01,8\n"
    text = "id,date,order,product,amount,currency\n"
    for number, (customer, day, order, product, amount) in enumerate(lines):
        rate = (7 if day.year == 2023 else 8) if number % 3 == 0 else 1
        code = "美元" if number % 3 == 0 else "CNY"
        text += f"{customer},{day},{order},{product},{amount / rate!r},{code}\n"
    (tmp_path / "mixed").mkdir()
    (tmp_path / "mixed" / "rates.csv").write_text(rates, "utf-8")
    plain = "id,date,order,product,amount\n" + "".join(",".join(map(str, line)) + "\n" for line in lines)
    stated = PLAIN + "    rates: {to: CNY, table: true}\n  rates: {file: rates.csv}\n"
    mixed = run(tmp_path / "mixed", "orders.csv", text.encode(), stated)
    same = run(tmp_path / "plain", "orders.csv", plain.encode(), PLAIN)
    assert (mixed.results["score"] - same.results["score"]).abs().max() < 1e-9
    assert [issue.code for issue in mixed.issues if issue.code == "DATA-449"] == ["DATA-449"]
