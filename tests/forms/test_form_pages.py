"""The forms besides the pairwise one on a page: they say what their workbooks say, and lose no answer."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from evaluator import forms
from evaluator.errors import EvaluationError
from evaluator.tree import Tree, load_tree
from evaluator.weighing import weigh
from evaluator.weighing.panel import Expert

ANN = Expert("ann", "安")


def told_to(page: Path) -> dict:
    """What a page tells its script."""
    return json.loads(re.search(r'id="form-data">(.*?)</script>', page.read_text("utf-8"))[1])


def sheets(tree: Tree, folder: Path, kind: str, carrier: str):
    """Write a form of a kind for Ann; return its path."""
    items, asked = [forms.Item("delivery", "Delivery")], [forms.Respondent("ann", "C1")]
    customers = [forms.Subject("C1", "East")]
    made = {
        "scores": lambda: forms.score_forms(tree, [ANN], language="en"),
        "best_worst": lambda: forms.best_worst_forms(tree, [ANN], language="en"),
        "screening": lambda: forms.screening_forms(tree, [ANN], language="en"),
        "survey": lambda: forms.survey_forms(tree, asked, items=items, language="en"),
        "grades": lambda: forms.grade_forms(tree, [ANN], customers, language="en"),
        "assessment": lambda: forms.assessment_forms(
            tree, ANN, customers, weights=weigh(tree).global_, language="en"
        ),
    }
    return forms.write_forms(made[kind](), folder, carrier=carrier)[0].path


READERS = {
    "scores": "read_scores",
    "best_worst": "read_best_worst",
    "screening": "read_screening",
    "survey": "read_surveys",
    "grades": "read_grade_sheets",
    "assessment": "read_assessments",
}


def given_of(read: object) -> object:
    """Return what a form says, without the places it was said at."""
    if isinstance(read, forms.Grades):
        return read.frame.rows()
    return re.sub(r"Location\([^)]*\)|file='[^']*'", "", repr(read))


def answer_lines(window, data: dict) -> dict[tuple[str, str], str]:
    """Answer every question of every line; return what a workbook takes for it, by line and question.

    That is the sentence chosen; of grades, which a page explains and a cell does not, the value.
    """
    said = {}
    firsts: dict[str, int] = {}
    for card, line in zip(window.page.locator("#lines > li").all(), data["lines"], strict=True):
        place = firsts[line["under"]] = firsts.get(line["under"], -1) + 1
        asked = [one for one in data["questions"] if line["only"] is None or one["key"] in line["only"]]
        for control, question in zip(card.locator("select, input, textarea").all(), asked, strict=True):
            if question["choices"]:
                value, label = question["choices"][place % len(question["choices"])]
                control.select_option(value)
                label = value if "grades" in data["file"] else label
            else:
                value = label = str(int(question["limits"][0])) if question["limits"] else "note"
                control.fill(value)
            said[line["key"], question["key"]] = label
    return said


def mark(window, data: dict) -> dict[tuple[str, str], str]:
    """Mark best and worst of each group and compare the others with them, by the sentences that are asked."""
    said = {}
    for at, under in enumerate(dict.fromkeys(line["under"] for line in data["lines"])):
        lines = [line for line in data["lines"] if line["under"] == under]
        best, worst, *others = [line["key"] for line in lines]
        box = window.page.locator("#lines > li").nth(at)
        assert box.locator("select").count() == 2  # the comparisons follow
        box.locator("select").nth(0).select_option(best)
        box.locator("select").nth(1).select_option(worst)
        said |= {(best, "role"): "best", (worst, "role"): "worst"}
        asked = [(key, "best_over") for key in (worst, *others)] + [(key, "over_worst") for key in others]
        assert box.locator("select").count() == 2 + len(asked)
        for number, cell in enumerate(asked):
            said[cell] = str(number + 2)
            box.locator("select").nth(2 + number).select_option(said[cell])
    return said


@pytest.mark.parametrize("kind", READERS)
def test_every_form_on_a_page_says_what_its_workbook_says(
    make_tree, tmp_path, opened, answer, kind: str
) -> None:
    graded = kind in ("grades", "assessment")
    tree = load_tree("potential_value") if graded else make_tree()
    page, book = (sheets(tree, tmp_path / carrier, kind, carrier) for carrier in ("page", "workbook"))
    data = told_to(page)
    window = opened(page.read_text("utf-8"), width=360, accept_downloads=True)
    assert window.page.evaluate("document.documentElement.scrollWidth") == 360
    said = mark(window, data) if kind == "best_worst" else answer_lines(window, data)
    with window.page.expect_download() as saved:
        window.page.locator("#save").click()
    saved.value.save_as(tmp_path / "page" / "ann.json")
    answer(book, said)
    read = getattr(forms, READERS[kind])
    outcomes = []
    for folder in (page.parent, book.parent):
        try:
            outcomes.append(given_of(read(folder, tree)))
        except EvaluationError as error:
            outcomes.append([issue.code for issue in error.issues])
    assert outcomes[0] == outcomes[1]
    assert len(json.loads((tmp_path / "page" / "ann.json").read_text("utf-8"))["answers"]) == len(said)


def test_what_was_said_beside_another_best_item_is_no_answer_about_this_one(
    make_tree, tmp_path, opened
) -> None:
    """It is put aside when another item is marked, and comes back when that one is marked again."""
    window = opened(sheets(make_tree(), tmp_path, "best_worst", "page").read_text("utf-8"))
    box = window.page.locator("#lines > li").nth(1)  # profit, volume, rhythm
    code = window.page.locator("#code")
    mark_best, mark_worst = box.locator("select").nth(0), box.locator("select").nth(1)
    mark_best.select_option("now:profit")
    mark_worst.select_option("now:rhythm")
    box.locator("select").nth(2).select_option("3")
    first = code.input_value()
    mark_best.select_option("now:volume")
    assert [one.input_value() for one in box.locator("select").all()[2:]] == ["", "", ""]
    mark_best.select_option("now:profit")
    assert box.locator("select").nth(2).input_value() == "3"
    assert code.input_value() == first
    mark_worst.select_option("now:profit")  # one item is not both
    assert mark_best.input_value() == ""


def test_a_number_out_of_range_is_not_kept_and_a_changed_file_is_refused(make_tree, tmp_path, opened) -> None:
    tree = make_tree()
    page = sheets(tree, tmp_path, "survey", "page")
    window = opened(page.read_text("utf-8"), accept_downloads=True)
    field = window.page.locator("#lines input").first
    field.fill("99")
    assert field.get_attribute("aria-invalid") == "true"
    with window.page.expect_download() as saved:
        window.page.locator("#save").click()
    saved.value.save_as(tmp_path / "ann.json")
    said = json.loads((tmp_path / "ann.json").read_text("utf-8"))
    assert said["answers"] == []
    question = said["record"]["questions"][0]["key"]
    for answers, expected in (
        ([["delivery", question, "99"]], ["JUDGE-248", "JUDGE-231"]),
        ([["delivery", question, "5"], ["delivery", question, "6"]], ["JUDGE-246"]),
    ):
        (tmp_path / "ann.json").write_text(json.dumps({**said, "answers": answers}), "utf-8")
        with pytest.raises(EvaluationError) as found:
            forms.read_surveys(tmp_path, tree)
        assert [issue.code for issue in found.value.issues] == expected
    (tmp_path / "ann.json").write_text(json.dumps({**said, "answers": [["moon", question, "5"]]}), "utf-8")
    assert [issue.code for issue in forms.read_surveys(tmp_path, tree).issues] == ["JUDGE-248", "JUDGE-247"]
