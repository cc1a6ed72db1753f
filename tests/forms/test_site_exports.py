"""Exports as the four sites write them: their own columns, times, numbers and quiz columns around ours.

The headings are those of exports in public repositories: 问卷星 numbers questions “1、” and puts six columns
before them (seven with points), 飞书 adds its columns behind, Google and Microsoft Forms repeat a question of
a quiz for its points and its feedback.
"""

from __future__ import annotations

import csv
import re
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from issue_codes import codes_of

from evaluator.forms import read_judgments
from evaluator.forms.choices import labels, sentences
from evaluator.forms.site_surveys import question_title
from evaluator.weighing.panel import Expert

EXPERTS = [Expert("E1", "安"), Expert("7", "Bo")]
SAID = {"E1": ("3", "1/5", "9", "1", "1/2", "7", "3"), "7": ("5", "", "1/9", "1", "4", "", "2")}
PERSON = {"zh": "您的编号或姓名（见邀请）", "en": "Your code or name (see the invitation)"}
AT = datetime(2026, 3, 2, 14, 3, 11)


class Survey:
    """The questions of a tree, and what two experts answered, in a language."""

    def __init__(self, tree, language: str) -> None:
        self.tree, self.language = tree, language
        self.pairs, self.titles, self.choices = [], [], []
        for group in tree.groups:
            names, ids = labels(group, language), [child.id for child in group.children]
            for place, a in enumerate(ids):
                for b in ids[place + 1 :]:
                    self.pairs.append((group.id, a, b))
                    title = question_title(language, group.name[language], names[a], names[b])
                    self.titles.append(title)
                    self.choices.append(dict(sentences(names[a], names[b], language)))

    def said(self, who: str, blank: str = "", wrap: str = "{}") -> list[str]:
        return [wrap.format(choices[ratio]) if ratio else blank
                for choices, ratio in zip(self.choices, SAID[who], strict=True)]  # fmt: skip


def wjx(survey: Survey, *, blank: str = "(跳过)", matrix: str = "", points: bool = False):
    """问卷星: six columns first, “1、” before questions; a matrix puts its title before “—”."""
    own = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", *(["总分"] if points else [])]
    numbered = [f"{n}、{matrix}{title}" for n, title in enumerate([PERSON["zh"], *survey.titles], start=1)]
    rows = [own + numbered]
    for number, (who, name) in enumerate((("E1", "E1 安"), ("7", "bo")), start=1):
        cells = [number, "2026/3/2 14:03:11", "312秒", "微信", "N/A", "117.136.0.25(江苏-南京)"]
        rows.append([*cells, *([0] if points else []), name, *survey.said(who, blank)])
    return rows


def feishu(survey: Survey):
    """飞书: questions as they are, its own columns behind them, times as dates."""
    head = ["编号", PERSON["zh"], *survey.titles, "提交人", "提交时间"]
    rows = [
        [n, who if who == "E1" else 7, *survey.said(who), "匿名", AT] for n, who in enumerate(SAID, start=1)
    ]
    return [head, *rows]


def google(survey: Survey, *, quiz: bool = False):
    """Google Forms: a time and perhaps an address; in a quiz every question is there three times."""
    stamp = {"en": ("Timestamp", "3/2/2026 14:03:11"), "zh": ("时间戳记", "2026/3/2 下午2:03:11 GMT+8")}
    heading, time = stamp[survey.language]
    own = [heading, "Email Address", *(["Score"] if quiz else [])]
    titles = [[one, f"{one} [Score]", f"{one} [Feedback]"] if quiz else [one] for one in survey.titles]
    rows = [[*own, PERSON[survey.language], *(one for several in titles for one in several)]]
    for who, name in (("E1", "安"), ("7", "7")):
        answered = ([one, "0.00 / 0", ""] if quiz else [one] for one in survey.said(who))
        cells = [time, "x@firm.com", *(["0.00 / 0"] if quiz else []), name]
        rows.append([*cells, *(cell for several in answered for cell in several)])
    return rows


def microsoft(survey: Survey, *, quiz: bool = False):
    """Microsoft Forms: six columns first, lettered choices, headings that end in a line of their own."""
    own = ["ID", "Start time", "Completion time", "Email", "Name", "Last modified time"]
    own += ["Total points", "Quiz feedback"] if quiz else []
    titles = [[f"{one}\n", f"Points - {one}", f"Feedback - {one}"] if quiz else [f"{one}\n"]
              for one in survey.titles]  # fmt: skip
    rows = [[*own, PERSON[survey.language], *(one for several in titles for one in several)]]
    for number, who in enumerate(SAID, start=1):
        answered = ([one, 0, None] if quiz else [one] for one in survey.said(who, wrap="C. {}"))
        cells = [number, AT, AT, "anonymous", None, None, *([0, None] if quiz else [])]
        name = "e1" if who == "E1" else 7
        rows.append([*cells, name, *(cell for several in answered for cell in several)])
    return rows


EXPORTS = {
    "wjx": wjx,
    "wjx, open answers": lambda survey: wjx(survey, blank="(空)"),
    "wjx, with points": lambda survey: wjx(survey, points=True),
    "wjx, as a matrix": lambda survey: wjx(survey, matrix="(问卷)—"),
    "feishu": feishu,
    "google": google,
    "google, a quiz": lambda survey: google(survey, quiz=True),
    "microsoft": microsoft,
    "microsoft, a quiz": lambda survey: microsoft(survey, quiz=True),
}


def as_csv(rows, path: Path, encoding: str = "utf-8-sig") -> None:
    path.parent.mkdir(exist_ok=True)
    with open(path, "w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)


def as_xlsx(rows, path: Path) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def panel_of(folder: Path, tree):
    return read_judgments(folder, tree, experts=EXPERTS)


@pytest.mark.parametrize("export", EXPORTS)
@pytest.mark.parametrize(
    ("language", "ending"),
    [("zh", "csv"), ("zh", "gbk.csv"), ("zh", "xlsx"), ("en", "csv"), ("en", "xlsx")],  # GBK: Chinese Excel
)
def test_an_export_reads_back_as_the_site_wrote_it(tree, tmp_path, export, language, ending) -> None:
    survey = Survey(tree, language)
    rows = EXPORTS[export](survey)
    if ending == "xlsx":
        as_xlsx(rows, tmp_path / "export.xlsx")
    else:
        as_csv(rows, tmp_path / "export.csv", "gb18030" if ending == "gbk.csv" else "utf-8-sig")
    panel = panel_of(tmp_path, tree)
    expected = {
        (who, *pair): float(Fraction(ratio))
        for who, ratios in SAID.items()
        for pair, ratio in zip(survey.pairs, ratios, strict=True)
        if ratio
    }
    found = {(one.expert, one.group, one.a, one.b): one.value for one in panel.judgments}
    assert found == pytest.approx(expected)
    assert codes_of(panel.issues) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_survey_of_an_earlier_version_counts_whose_levels_stand_behind(tree, tmp_path, language) -> None:
    survey = Survey(tree, language)
    rows = feishu(survey)
    earlier = [[re.sub(r"^([1-9]) · (.*)$", r"\2 (\1)", str(cell)) for cell in row] for row in rows]
    assert earlier != rows
    as_csv(rows, tmp_path / "now" / "export.csv")
    as_csv(earlier, tmp_path / "earlier" / "export.csv")
    now, before = (panel_of(tmp_path / name, tree) for name in ("now", "earlier"))
    ratios = [
        [(one.expert, one.group, one.a, one.b, one.value) for one in panel.judgments]
        for panel in (now, before)
    ]
    assert ratios[0] == ratios[1]
    assert len(ratios[0]) == sum(bool(said) for who in SAID for said in SAID[who])
    assert codes_of(before.issues) == codes_of(now.issues)


def test_numbers_of_options_are_one_warning_and_not_a_hundred(tree, tmp_path) -> None:
    rows = wjx(Survey(tree, "zh"))
    as_csv([rows[0], *([*row[:7], *(["3"] * 5), "-3", "17"] for row in rows[1:])], tmp_path / "a.csv")
    panel = panel_of(tmp_path, tree)
    assert codes_of(panel.issues)[0] == "JUDGE-258"
    assert (panel.judgments, codes_of(panel.issues).count("JUDGE-258")) == ((), 1)


def test_a_question_nobody_knows_any_more_is_named(tree, make_tree, tmp_path) -> None:
    """A criterion was renamed after the survey: neither its question nor its sentences are known."""
    as_csv(wjx(Survey(tree, "zh")), tmp_path / "a.csv")
    renamed = make_tree(("growth 成长性 Growth", "growth 发展 Progress"))
    panel = panel_of(tmp_path, renamed)
    [issue] = [issue for issue in panel.issues if issue.code == "JUDGE-259"]
    assert "成长性" in issue.subject
    assert issue.detail["count"] == 1
    assert len(panel.judgments) == len([ratio for ratios in SAID.values() for ratio in ratios if ratio]) - 2


def test_the_same_question_twice_counts_where_the_answers_agree(tree, tmp_path) -> None:
    survey = Survey(tree, "zh")
    rows = [[*row, row[7]] for row in wjx(survey)]
    as_csv(rows, tmp_path / "a.csv")
    assert codes_of(panel_of(tmp_path, tree).issues) == []
    rows[1][-1] = survey.choices[0]["9"]
    as_csv(rows, tmp_path / "a.csv")
    panel = panel_of(tmp_path, tree)
    assert codes_of(panel.issues) == ["JUDGE-216"]
    assert ("E1", *survey.pairs[0]) not in {(one.expert, one.group, one.a, one.b) for one in panel.judgments}


def test_a_row_that_says_nobody_is_named(tree, tmp_path) -> None:
    rows = wjx(Survey(tree, "zh"))
    rows[2][6] = ""
    as_csv(rows, tmp_path / "a.csv")
    assert sorted(codes_of(panel_of(tmp_path, tree).issues)) == ["JUDGE-223", "JUDGE-229"]
