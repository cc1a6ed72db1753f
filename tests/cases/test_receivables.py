"""`evaluator run FILES`: lists of receivables beside the orders, by age or with what is overdue."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from evaluator.cli import invoke
from evaluator.study import Study
from evaluator.study.feeding import feedings
from evaluator.study.from_files import make_study, study_folder
from evaluator.study.gathering import Gathered, gather

ORDERS = "客户编号,订单日期,订单金额\n" + "".join(
    f"K{who},{date(2026, 6, 30) - timedelta(days=30 * back)},{100 + who * 7 + back}\n"
    for who in range(8)
    for back in range(26)
)


def files(folder: Path, **texts: str) -> list[str]:
    for name, text in {"orders": ORDERS, **texts}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return [str(folder / f"{name}.csv") for name in ("orders", *texts)]


def study_of(data: Gathered, language: str = "zh") -> Study:
    return Study(make_study(data, feedings(data)[0], study_folder(data.named), language=language).folder)


def shares(study: Study) -> dict[str, float | None]:
    sources = study.measured.models
    assert sources is not None
    return dict(sources.columns(["overdue_share"]).iter_rows())


LISTS = {
    "Chinese": "客户编号,应收余额,30天内,31-60天,61-90天,90天以上\n"
    "K1,100,60,30,-,10\nK2,50,50,,-,-\n合计,150,110,30,,10\n",
    "not due": "应收账款账龄分析表,,,,\n客户编号,未到期,逾期1-30天,逾期31-90天,逾期90天以上\n"
    "K1,10,50,30,10\nK2,50,-,-,-\n",
    "English": "Customer ID,Balance,Current,1 - 30,31 - 60,61 - 90,> 90\n"
    "K1,100,40,20,30,0,10\nK2,50,50,,,,\n",
    "months": "Aged receivables,,,,\nCustomer,< 1 Month,1 Month,2 Months,Older\nK1,60,30,,10\nK2,50,,,\n",
    "years": "客户编号,账龄半年以内,账龄半年至一年,账龄一至二年,账龄二年以上\nK1,60,30,10,\nK2,50,,,\n",
    "overdue": "客户编号,客户名称,应收余额,逾期金额,业务员\nK1,甲,100,40,王\nK2,乙,50,0,王\n",
    "customers": "客户编号,客户名称,行业,地区,应收账款余额,逾期金额\n"
    "K1,甲,化工,华东,100,40\nK2,乙,食品,华南,50,0\n",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_receivables_beside_orders_gives_what_is_overdue(tmp_path: Path, name: str) -> None:
    data = gather(files(tmp_path, owed=LISTS[name]))
    assert data.tables.keys() - {"customers"} == {"orders", "ageing"}
    assert not data.unused
    study = study_of(data)
    assert shares(study) == {"K1": pytest.approx(0.4), "K2": 0.0}
    assert not {issue.code for issue in study.read.issues} & {"DATA-423", "DATA-408"}


@pytest.mark.parametrize(("language", "guess"), [
    ("zh", "推测：30 天以上为逾期，即 31-60天、61-90天、90天以上；列名未说明天数自到期日还是自开票日起算"),
    ("en", "a guess: overdue from 30 days, which is 31-60天, 61-90天, 90天以上; the headers leave open"),
])  # fmt: skip
def test_the_study_says_what_counts_as_overdue_and_that_it_is_a_guess(
    tmp_path: Path, language, guess
) -> None:
    study = study_of(gather(files(tmp_path, owed=LISTS["Chinese"])), language)
    text = (study.folder / "study.yaml").read_text("utf-8")
    assert guess in text
    (study.folder / "study.yaml").write_text(text.replace("overdue_days: 30", "overdue_days: 61"), "utf-8")
    assert shares(Study(study.folder)) == {"K1": pytest.approx(0.1), "K2": 0.0}


def test_whoever_is_overdue_carries_the_flag(tmp_path: Path, capsys) -> None:
    assert invoke(["--language", "zh", "run", *files(tmp_path, owed=LISTS["not due"])]) == 0
    out = capsys.readouterr()
    assert "其中计为逾期（30 天以上，推测）：逾期31-90天、逾期90天以上" in out.out
    assert "STUDY-353" not in out.err
    [folder] = tmp_path.glob("*-study")
    decisions = Study(folder).run().decisions
    assert decisions is not None
    assert decisions.counts["overdue"] == (1, 6)
    given = dict(decisions.customers.select("id", "action").iter_rows())
    assert [who for who, action in given.items() if action == "collect"] == ["K1"]
    page = (folder / "output" / "report.html").read_text("utf-8")
    assert "有逾期的客户" in page


def test_lists_of_two_days_are_not_added_up(tmp_path: Path) -> None:
    earlier = LISTS["Chinese"].replace("60,30", "0,90")
    data = gather(files(tmp_path, **{"账龄2026-9": earlier, "账龄2026-10": LISTS["Chinese"]}))
    [aside] = data.unused
    assert (aside.code, aside.subject) == ("STUDY-395", "账龄2026-9.csv")
    assert shares(study_of(data))["K1"] == pytest.approx(0.4)


def test_lists_of_different_customers_are_one(tmp_path: Path) -> None:
    south = LISTS["Chinese"].replace("K1", "K3").replace("K2", "K4")
    data = gather(files(tmp_path, 账龄华东=LISTS["Chinese"], 账龄华南=south))
    assert not data.unused
    assert set(shares(study_of(data))) == {"K1", "K2", "K3", "K4"}


def test_what_was_bought_within_some_days_is_no_debt(tmp_path: Path) -> None:
    bought = "客户编号,近30天消费金额,近31-60天消费金额,1-30天,31-60天\nK1,100,40,1,2\nK2,50,0,3,4\n"
    assert set(gather(files(tmp_path, bought=bought)).tables) == {"orders", "customers"}
