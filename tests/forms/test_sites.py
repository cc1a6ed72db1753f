"""Comparisons asked on a survey site: what is pasted, and exports read back by their sentences."""

from __future__ import annotations

import csv
import json
import re
from fractions import Fraction

import openpyxl
import pytest
from issue_codes import codes_of

from evaluator.errors import EvaluationError
from evaluator.forms import read_judgments, score_forms, write_forms, write_questionnaires
from evaluator.forms.choices import labels, sentences
from evaluator.forms.site_surveys import SITES, question_title
from evaluator.weighing.panel import Expert

EXPERTS = [Expert("ann", "安"), Expert("bo", "波"), Expert("cy")]


def questions(tree, language="zh"):
    """Yield each question with its sentences by ratio, in the order of the survey."""
    for group in tree.groups:
        names = labels(group, language)
        ids = [child.id for child in group.children]
        for place, a in enumerate(ids):
            for b in ids[place + 1 :]:
                title = question_title(language, group.name[language], names[a], names[b])
                yield (group.id, a, b), title, dict(sentences(names[a], names[b], language))


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_survey_has_every_question_and_sentence(tree, tmp_path, site, language) -> None:
    written = write_questionnaires(tree, EXPERTS, tmp_path, language=language, carrier=site)
    [path] = {one.path for one in written}
    text = path.read_text("utf-8")
    for _, title, said in questions(tree, language):
        if site == "google":
            title, *choices = (json.dumps(one, ensure_ascii=False) for one in (title, *said.values()))
        else:
            choices = said.values()
        assert title in text
        assert all(choice in text for choice in choices)


def test_who_is_asked_something_else_gets_another_survey(tree, tmp_path) -> None:
    duties = {"ann": ["now"]}
    written = write_questionnaires(tree, EXPERTS, tmp_path, carrier="wjx", duties=duties)
    assert [one.path.name for one in written] == ["wjx_1.txt", "wjx_2.txt", "wjx_2.txt"]
    with pytest.raises(EvaluationError) as found:
        write_forms(score_forms(tree, EXPERTS), tmp_path, carrier="wjx")
    assert [issue.code for issue in found.value.issues] == ["JUDGE-254"]


def exported(tree, site: str, folder, answers, *, language="zh", change=None):
    """Write an export as a site does: its own columns first, numbers before questions, one row a person."""
    asked = list(questions(tree, language))
    person = {"zh": "您的编号或姓名（见邀请）", "en": "Your code or name (see the invitation)"}[language]
    heads = {
        "wjx": (["序号", "提交答卷时间", "所用时间", "来自IP"], "{number}、{title}"),
        "feishu": (["提交时间", "提交人"], "{title}"),
        "google": (["Timestamp"], "{title}"),
        "microsoft": (["ID", "Start time", "Completion time", "Email", "Name"], "{title}"),
    }
    own, pattern = heads[site]
    titles = [person, *(title for _, title, _ in asked)]
    header = own + [pattern.format(number=n, title=title) for n, title in enumerate(titles, start=1)]
    rows = [header]
    for number, (name, ratios) in enumerate(answers.items(), start=1):
        cells = ["1" if head in ("序号", "ID") else f"2026/3/{number} 10:00" for head in own]
        said = [choices[ratio] if ratio else ("(跳过)" if site == "wjx" else "")
                for (_, _, choices), ratio in zip(asked, ratios, strict=False)]  # fmt: skip
        if site == "microsoft":
            said = [f"A. {one}" if one else one for one in said]
        rows.append([*cells, name.split("#")[0], *said])
    rows = change(rows) if change else rows
    if site in ("wjx", "google"):
        path = folder / f"{site}.csv"
        with open(path, "w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(rows)
        return path
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / f"{site}.xlsx")
    return folder / f"{site}.xlsx"


ANSWERS = {"ann": ("3", "1/5", "9", "1", "1/2", "7", "3"), "波": ("5", "", "1/9", "1", "4", "", "2")}


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_export_is_read_without_a_mapping(tree, tmp_path, site, language) -> None:
    exported(tree, site, tmp_path, ANSWERS, language=language)
    panel = read_judgments(tmp_path, tree, experts=EXPERTS)
    assert codes_of(panel.issues) == ["JUDGE-223"]  # nothing came from cy
    asked = [pair for pair, _, _ in questions(tree)]
    expected = {
        (who, *pair): float(Fraction(ratio))
        for who, said in (("ann", ANSWERS["ann"]), ("bo", ANSWERS["波"]))
        for pair, ratio in zip(asked, said, strict=False)
        if ratio
    }
    assert {(one.expert, one.group, one.a, one.b): one.value for one in panel.judgments} == pytest.approx(
        expected
    )


def test_a_renamed_question_is_known_by_its_sentences_and_named(tree, tmp_path) -> None:
    def rename(rows):
        rows[0][5] = "哪个更重要？"
        return rows

    exported(tree, "wjx", tmp_path, ANSWERS, change=rename)
    panel = read_judgments(tmp_path, tree, experts=EXPERTS[:2])
    assert codes_of(panel.issues) == ["JUDGE-255"]
    assert panel.issues[0].subject == "哪个更重要？"
    assert len(panel.judgments) == 12


def test_what_cannot_be_matched_is_named_with_its_place(tree, tmp_path) -> None:
    def change(rows):
        rows[1][5], rows[2][5] = "7", "都重要"
        return rows

    exported(tree, "wjx", tmp_path, ANSWERS, change=change)
    panel = read_judgments(tmp_path, tree, experts=EXPERTS[:2])
    assert codes_of(panel.issues) == ["JUDGE-256", "JUDGE-256"]
    assert [issue.subject for issue in panel.issues] == ["7", "都重要"]
    assert all(re.search(r"wjx\.csv", str(issue.where)) for issue in panel.issues)
    assert len(panel.judgments) == 10


def test_who_answered_is_found_by_the_experts_or_asked_for(tree, tmp_path) -> None:
    def anonymous(rows):
        rows[0][4] = "2、姓名"
        return rows

    exported(tree, "wjx", tmp_path, ANSWERS, change=anonymous)
    assert len(read_judgments(tmp_path, tree, experts=EXPERTS).judgments) == 12

    def nobody(rows):
        return [row[:4] + row[5:] for row in rows]

    exported(tree, "wjx", tmp_path, ANSWERS, change=nobody)
    with pytest.raises(EvaluationError) as found:
        read_judgments(tmp_path, tree, experts=EXPERTS)
    assert found.value.issues[0].code == "JUDGE-257"


def test_a_stranger_is_named_and_one_who_answers_twice_waits(tree, tmp_path) -> None:
    twice = {"ann": ANSWERS["ann"], "ann#": ("9", *ANSWERS["ann"][1:]), "stranger": ANSWERS["ann"]}
    exported(tree, "google", tmp_path, twice)
    panel = read_judgments(tmp_path, tree, experts=EXPERTS[:1])
    assert sorted(codes_of(panel.issues)) == ["JUDGE-211", "JUDGE-213"]
    chosen = read_judgments(tmp_path, tree, experts=EXPERTS[:1], chosen={"ann": "google.csv:3"})
    assert chosen.judgments[0].value == 9.0
