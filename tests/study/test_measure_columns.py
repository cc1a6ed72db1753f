"""Which headers of a table of customers feed which measures of a tree, and which must not."""

import re
import shlex
from pathlib import Path

import pytest

from evaluator.cli import invoke
from evaluator.data import TableMapping, read_table
from evaluator.measuring.tables import measures_schema
from evaluator.study.feeding import feeding
from evaluator.study.gathering import gather
from evaluator.tree import load_tree


def fed(folder: Path, tree: str, *headers: str, **stated: str) -> dict[str, tuple[str, str]]:
    rows = [",".join(["客户编号", "备注", "网点", "经办", *headers])]
    rows += [
        ",".join([f"K{number}", "无", "东", "王", *[f"5{number}" for _ in headers]]) for number in range(1, 5)
    ]
    (folder / "x.csv").write_text("\n".join(rows) + "\n", "utf-8")
    found = feeding(gather([str(folder / "x.csv")], stated), load_tree(tree))
    return {entry.name: (entry.seen.header, entry.how) for entry in found.columns}


@pytest.mark.parametrize(
    ("tree", "header", "measure", "how"),
    [
        ("customer_loyalty", "在网时长（月）", "tenure_months", "header"),
        ("customer_loyalty", "在网时长(月)", "tenure_months", "header"),
        ("customer_loyalty", "tenure", "tenure_months", "header"),
        ("customer_loyalty", "客户在网时长", "tenure_months", "part"),
        ("telecom", "在网时长（月）", "network_months", "header"),
        ("telecom", "在网月数", "network_months", "header"),
        ("telecom", "tenure", "network_months", "header"),
        ("orders_value", "在网月数", "tenure_months", "header"),
        ("quick_value", "年毛利（元）", "gross_profit", "header"),
        ("quick_value", "2023 Gross profit", "gross_profit", "part"),
        ("quick_value", "忠诚度得分", "loyalty", "part"),
        ("customer_value", "毛利率", "margin", "header"),
        ("customer_value", "逾期率", "overdue_share", "header"),
        ("customer_value", "满意度 (Satisfaction)", "satisfaction", "header"),
    ],
)
def test_names_of_measures_count_whole_without_brackets_and_within_headers(
    tmp_path: Path, tree: str, header: str, measure: str, how: str
) -> None:
    assert fed(tmp_path, tree, header) == {measure: (header, how)}


@pytest.mark.parametrize(
    ("tree", "header"),
    [
        ("customer_loyalty", "在网时长（年）"),  # counts otherwise
        ("customer_loyalty", "tenure (years)"),
        ("quick_value", "毛利率"),  # another measure, which this tree does not have
        ("quick_value", "毛利增长率"),
        ("quick_value", "忠诚度排名"),
        ("quick_value", "Gross profit growth"),
        ("quick_value", "Trusted"),
        ("orders_value", "累计消费金额"),  # since the beginning, not of the year
    ],
)
def test_headers_that_say_something_else_feed_nothing(tmp_path: Path, tree: str, header: str) -> None:
    assert fed(tmp_path, tree, header) == {}


def test_two_headers_that_contain_one_name_are_no_guess(tmp_path: Path) -> None:
    assert fed(tmp_path, "quick_value", "忠诚度A", "忠诚度B") == {}
    assert fed(tmp_path, "quick_value", "忠诚度A", "忠诚度B", loyalty="忠诚度B") == {
        "loyalty": ("忠诚度B", "stated")
    }


def test_a_stated_column_keeps_its_header_from_others(tmp_path: Path) -> None:
    assert fed(tmp_path, "quick_value", "忠诚度", trust="忠诚度") == {"trust": ("忠诚度", "stated")}


@pytest.mark.parametrize(
    ("header", "measure"),
    [
        ("累计消费金额", "net_amount"),
        ("历史消费总额（元）", "net_amount"),
        ("Lifetime spend", "net_amount"),
        ("Cumulative purchase amount", "net_amount"),
        ("累计购买次数", "frequency"),
        ("累计消费金额增长率", None),  # something else again
        ("消费金额", None),  # of the period, as far as the header says: placed
    ],
)
def test_what_counts_since_the_beginning_is_told_and_not_used(
    header: str, measure: str | None, tmp_path
) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(f"编号,{header}\nA,10\nB,20\n", "utf-8")
    fed = feeding(gather([str(path)]), load_tree("orders_value"))
    assert [entry.name for entry in fed.cumulative] == ([measure] if measure else [])
    assert not {entry.name for entry in fed.columns} & {"net_amount", "frequency"} or header == "消费金额"


def test_the_line_said_of_a_cumulative_column_uses_it(tmp_path, capsys) -> None:
    path = tmp_path / "clients.csv"
    rows = "\n".join(f"V{n},{n * 100},{n},{400 - n},{n / 100},{n}" for n in range(1, 30))
    heads = "会员号,累计消费金额,累计消费次数,最近一次消费距今天数,退货率,会员月数"
    path.write_text(f"{heads}\n{rows}\n", "utf-8")
    assert invoke(["--language", "en", "run", str(path)]) == 1
    said = capsys.readouterr().err
    options = shlex.split(" ".join(re.findall(r'--column \w+="累计[^"]+"', said)))
    assert options[1::2] == ["net_amount=累计消费金额", "frequency=累计消费次数"]
    data = gather([str(path)], dict(option.split("=") for option in options[1::2]))
    fed = feeding(data, load_tree("orders_value"))
    assert {"net_amount", "frequency", "recency_days", "tenure_months"} <= {
        entry.name for entry in fed.columns
    }
    assert fed.enough


def test_a_rated_measure_may_be_written_in_grades(tmp_path: Path) -> None:
    """A list of leads has 优秀 and 良好 where the tree rates; a number within its range is a score itself."""
    rows = [
        "编号,公司名称,支付能力与信用,需求强度",
        "L1,甲,优秀,good",
        "L2,乙,良好,excellent",
        "L3,丙,差,Fair",
        "L4,丁,82,优",
    ]
    (tmp_path / "leads.csv").write_text("\n".join(rows) + "\n", "utf-8")
    tree = load_tree("prospect")
    found = feeding(gather([str(tmp_path / "leads.csv")], {}), tree)
    assert {"solvency", "need_strength"} <= {entry.name for entry in found.columns}
    mapping = {"file": "leads.csv", "columns": {"id": "编号"}}
    read = read_table("measures", TableMapping.model_validate(mapping), measures_schema(tree), tmp_path)
    scores = {grade.id: grade.score for grade in tree.grades}
    assert read.frame["solvency"].to_list() == [scores["excellent"], scores["good"], scores["poor"], 82.0]
    assert read.frame["need_strength"].to_list()[:3] == [scores["good"], scores["excellent"], scores["fair"]]
    assert [(issue.code, str(issue.where)) for issue in read.issues if issue.code == "DATA-408"] == [
        ("DATA-408", "leads.csv:5:4")
    ]


def test_a_word_that_is_no_grade_is_told_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("编号,支付能力与信用\nL1,优秀\nL2,良好\nL3,良\nL4,82\n", "utf-8")
    tree, mapping = load_tree("prospect"), {"file": "leads.csv", "columns": {"id": "编号"}}
    read = read_table("measures", TableMapping.model_validate(mapping), measures_schema(tree), tmp_path)
    [issue] = [one for one in read.issues if one.code == "DATA-408"]
    assert issue.hint == ("良好",)
