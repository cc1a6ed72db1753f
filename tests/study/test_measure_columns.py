"""Which headers of a table of customers feed which measures of a tree, and which must not."""

from pathlib import Path

import pytest

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
