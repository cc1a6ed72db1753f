"""Comparisons asked by a page: what it shows, what comes back as a file or a code, and what goes wrong."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import numpy as np
import pytest
from issue_codes import codes_of

from evaluator import ahp, resources
from evaluator.documents import load
from evaluator.errors import EvaluationError
from evaluator.forms import read_judgments, write_questionnaires
from evaluator.forms.live_values import RATIOS
from evaluator.forms.page_answers import PageAnswers
from evaluator.forms.page_codes import code_of
from evaluator.messages import text
from evaluator.tree import load_tree
from evaluator.weighing import weigh
from evaluator.weighing.panel import Expert

ANN, BO = Expert("ann", "安"), Expert("bo")


@pytest.fixture
def pages(make_tree, tmp_path):
    """Return a small tree, the folder with the pages of Ann and Bo, and what their script blocks say."""
    tree = make_tree()
    written = write_questionnaires(tree, [ANN, BO], tmp_path / "pages", language="en", carrier="page")
    return tree, tmp_path / "pages", [blocks(one.path) for one in written]


def blocks(path: Path) -> tuple[dict, dict]:
    text = path.read_text("utf-8")
    found = (re.search(rf'id="form-{name}">(.*?)</script>', text) for name in ("record", "data"))
    record, data = (json.loads(one[1]) for one in found)
    return record["record"], data


def code(said: tuple[dict, dict], answers: list[int]) -> str:
    return code_of(said[1]["form"], said[1]["person"], answers, [len(RATIOS) + 1] * len(answers))


def test_a_code_in_a_message_counts_like_a_questionnaire(pages) -> None:
    tree, folder, (ann, bo) = pages
    count = sum(len(group["pairs"]) for group in ann[0]["groups"])
    (folder / "mails.txt").write_text(
        f"From: Ann\n{code(ann, [7, 9, 0, *[9] * (count - 3)])}\n\nBo: {code(bo, [1] * count)}", "utf-8"
    )
    panel = read_judgments(folder, tree, experts=[ANN, BO])
    assert codes_of(panel.issues) == []
    first = [one for one in panel.judgments if one.expert == "ann"]
    assert [one.value for one in first[:2]] == [3.0, 1.0]
    assert len(first) == count - 1
    assert str(first[0].where).startswith("mails.txt:2")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda text: text[:5] + ("0" if text[5] != "0" else "2") + text[6:], ["JUDGE-249", "JUDGE-223"]),
        (lambda text: code_of(5, 5, [1] * 9, [18] * 9), ["JUDGE-250", "JUDGE-223"]),
    ],
    ids=["one wrong letter", "another study"],
)
def test_a_code_that_cannot_be_used_says_why_and_stops_nobody(pages, change, expected) -> None:
    tree, folder, (ann, bo) = pages
    count = sum(len(group["pairs"]) for group in ann[0]["groups"])
    (folder / "ann.txt").write_text(change(code(ann, [1] * count)), "utf-8")
    (folder / "bo.txt").write_text(code(bo, [1] * count), "utf-8")
    panel = read_judgments(folder, tree, experts=[ANN, BO])
    assert sorted(codes_of(panel.issues)) == sorted(expected)
    assert {one.expert for one in panel.judgments} == {"bo"}
    if expected[0] == "JUDGE-249":
        [issue] = [issue for issue in panel.issues if issue.code == "JUDGE-249"]
        assert issue.detail == {"blocks": "1"}
        assert str(issue.where) == "ann.txt:1"


def test_an_answer_to_an_older_tree_counts_where_the_criterion_is_as_it_was(pages, make_tree) -> None:
    """The page was written anew for the changed tree; it still knows what the first one asked."""
    _, folder, (ann, _) = pages
    count = sum(len(group["pairs"]) for group in ann[0]["groups"])
    (folder / "ann.txt").write_text(code(ann, [7] * count), "utf-8")
    changed = make_tree(("growth 成长性 Growth", "upside 成长性 Growth"))
    write_questionnaires(changed, [ANN, BO], folder, language="en", carrier="page")
    panel = read_judgments(folder, changed, experts=[ANN])
    assert "JUDGE-207" in codes_of(panel.issues)
    assert {one.group for one in panel.judgments} == {"small", "now"}


def test_an_answer_of_which_nothing_counts_any_more_says_whose_it_is_and_about_what(pages, make_tree) -> None:
    """Every criterion has changed since: by code and by file, and it is no answer about another tree."""
    _, folder, (ann, _) = pages
    count = sum(len(group["pairs"]) for group in ann[0]["groups"])
    (folder / "ann.txt").write_text(code(ann, [7] * count), "utf-8")
    changed = make_tree(
        ("id: now\n", "id: today\n"),
        ("profit 毛利润 Profit", "margin 毛利率 Margin"),
        ("growth 成长性 Growth", "upside 成长性 Growth"),
    )
    write_questionnaires(changed, [ANN, BO], folder, language="en", carrier="page")
    panel = read_judgments(folder, changed, experts=[ANN])
    [issue] = [issue for issue in panel.issues if issue.code == "JUDGE-260"]
    assert (issue.detail["groups"], str(issue.where)) == ("small, now, later", "ann.txt:1")
    assert panel.judgments == ()


def file_of(said: tuple[dict, dict], answers: list[tuple[str, ...]], **changes: object) -> dict:
    """What a page saves of these answers."""
    form = {"record": said[0], "answers": answers, **changes}
    return PageAnswers.model_validate_json(json.dumps(form)).sealed.model_dump(mode="json")


def test_a_saved_file_counts_and_a_hand_on_it_is_named(pages) -> None:
    tree, folder, (ann, _) = pages
    answers = [("small", "now", "later", "3"), ("now", "profit", "volume", "1/3")]
    said = file_of(ann, answers, remarks={"now": "=1+1"})
    (folder / "ann.json").write_text(json.dumps(said), "utf-8")
    panel = read_judgments(folder, tree, experts=[ANN])
    assert codes_of(panel.issues) == []
    assert [(one.a, one.b, one.value) for one in panel.judgments] == [
        ("now", "later", 3.0),
        ("profit", "volume", 1 / 3),
    ]
    assert [remark.text for remark in panel.remarks] == ["=1+1"]
    said["answers"] = [("small", "now", "later", "5"), ("small", "now", "moon", "5")]
    (folder / "ann.json").write_text(json.dumps(said), "utf-8")
    panel = read_judgments(folder, tree, experts=[ANN])
    assert sorted(codes_of(panel.issues)) == ["JUDGE-247", "JUDGE-248"]
    assert [one.value for one in panel.judgments] == [5.0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda said: {**said, "answers": "none"}, "JUDGE-246"),
        (lambda said: {**said, "record": {**said["record"], "version": 9}}, "JUDGE-205"),
        (lambda said: {**said, "record": {**said["record"], "groups": [
            {**said["record"]["groups"][0], "pairs": [["now", "moon"]]}]}}, "JUDGE-246"),
        (lambda said: {**said, "surprise": 1}, "JUDGE-246"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_named_with_what_is_wrong(pages, change, expected: str) -> None:
    tree, folder, (ann, _) = pages
    (folder / "ann.json").write_text(json.dumps(change(file_of(ann, []))), "utf-8")
    with pytest.raises(EvaluationError) as found:
        read_judgments(folder, tree, experts=[ANN])
    [first, *rest] = found.value.issues
    assert (first.code, str(first.where)) == (expected, "ann.json")
    assert [issue.code for issue in rest] == ["JUDGE-223"]


def test_other_pages_and_files_are_named_and_left_alone(pages) -> None:
    tree, folder, (_, bo) = pages
    (folder / "news.html").write_text("<p>EV1</p>", "utf-8")
    (folder / "x.json").write_text("{}", "utf-8")
    count = sum(len(group["pairs"]) for group in bo[0]["groups"])
    (folder / "bo.txt").write_text(code(bo, [1] * count), "utf-8")
    assert sorted(codes_of(read_judgments(folder, tree, experts=[BO]).issues)) == ["JUDGE-204", "JUDGE-227"]


def test_a_study_may_ask_by_page(folder) -> None:
    from evaluator.study import Study

    text = (folder / "study.yaml").read_text("utf-8")
    (folder / "study.yaml").write_text(text + "\nforms: {carrier: page}\n", "utf-8")
    assert {one.path.suffix for one in Study(folder).ask()} == {".html"}
    assert {one.path.suffix for one in Study(folder).ask(carrier="workbook")} == {".xlsx"}


# ---- in a real browser ----

EVALUATED = """([script, groups]) => {
  const form = {};
  new Function("form", script)(form);
  return groups.map(([group, ratios]) => form.ahp.evaluate(group, ratios));
}"""


def test_the_page_computes_what_the_engine_computes(opened) -> None:
    """Every group of every tree that ships, with random answers, complete and with one left."""
    draw, cases = random.Random(20), []
    home = resources.folder("indicator_trees")
    trees = [load_tree(path) for path in sorted(home.glob("*.yaml")) if "root" in (load(path).data or {})]
    sizes = sorted({len(group.children) for tree in trees for group in tree.groups if group.pairs})
    for n in [*sizes * 6, 9, 10]:
        pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
        ratios = [draw.choice(RATIOS) for _ in pairs]
        ri = ahp.random_index(n, "saaty1980") if n > 2 else None
        group = {
            "children": [{"name": str(i)} for i in range(n)],
            "pairs": pairs,
            "ri": ri,
            "limit": 0.1,
            "tested": n > 2,
        }
        cases.append((group, ratios))
    script = (resources.folder("templates") / "form" / "js" / "ahp.js").read_text("utf-8")
    found = opened("<p></p>").page.evaluate(EVALUATED, [script, [[group, ratios] for group, ratios in cases]])
    for (group, ratios), one in zip(cases, found, strict=True):
        n = len(group["children"])
        matrix = np.eye(n)
        for (i, j), ratio in zip(group["pairs"], ratios, strict=True):
            matrix[i, j], matrix[j, i] = ratio, 1 / ratio
        np.testing.assert_allclose(one["weights"], ahp.priorities(matrix), atol=1e-9)
        if n > 2:
            assert one["cr"] == pytest.approx(float(ahp.consistency(matrix, ri=group["ri"]).cr), abs=1e-9)


def answer_all(window, seed: int) -> list[float]:
    """Answer every question on the list, as a person chooses; return the ratios chosen."""
    window.page.locator("#list").click()
    draw, chosen = random.Random(seed), []
    for number in range(window.page.locator(".pairs select").count()):
        place = draw.randrange(len(RATIOS))
        window.page.locator(".pairs select").nth(number).select_option(str(place))
        chosen.append(RATIOS[place])
    return chosen


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_answered_on_a_phone_weighs_like_the_workbook(
    make_tree, tmp_path, opened, fill, language
) -> None:
    tree = make_tree()
    page, book = (
        write_questionnaires(tree, [ANN], tmp_path / kind, language=language, carrier=kind)[0].path
        for kind in ("page", "workbook")
    )
    window = opened(page.read_text("utf-8"), width=360, height=760, accept_downloads=True)
    assert window.page.evaluate("document.documentElement.scrollWidth") == 360
    chosen = answer_all(window, 4)
    with window.page.expect_download() as saved:
        window.page.locator("#save").click()
    answers, codes = tmp_path / "file", tmp_path / "code"
    saved.value.save_as(answers / "ann.json")
    codes.mkdir()
    (codes / "ann.txt").write_text(window.page.locator("#code").input_value(), "utf-8")
    record, _ = blocks(page)
    pairs = [tuple(pair) for group in record["groups"] for pair in group["pairs"]]
    ratios = {
        pair: f"{ratio:g}" if ratio >= 1 else f"1/{1 / ratio:.0f}"
        for pair, ratio in zip(pairs, chosen, strict=True)
    }
    fill(book, ratios)
    weights = [
        weigh(tree, read_judgments(folder, tree, experts=[ANN]), inconsistent="keep").global_
        for folder in (book.parent, answers, codes)
    ]
    for other in weights[1:]:
        assert other == pytest.approx(weights[0], abs=1e-12)


def test_answers_stay_in_the_browser_and_can_be_undone(pages, opened) -> None:
    _, folder, _ = pages
    window = opened((folder / "bo.html").read_text("utf-8"))
    empty = window.page.locator("#code").input_value()
    window.page.locator(".side").first.click()
    first = window.page.locator("#code").input_value()
    for _ in range(20):  # a browser under load stores some time after it was asked to
        window.page.reload()
        if window.page.locator("#code").input_value() == first:
            break
    assert window.page.locator("#code").input_value() == first != empty
    assert window.page.locator(".side").first.get_attribute("aria-pressed") == "true"
    window.page.locator(".steps button").nth(1).click()
    assert window.page.locator("#code").input_value() == empty
    window.page.locator("#undo").click()
    assert window.page.locator("#code").input_value() == first


def test_a_browser_that_keeps_nothing_says_so_and_gives_the_code_all_the_same(pages, opened) -> None:
    _, folder, _ = pages
    window = opened((folder / "bo.html").read_text("utf-8"))
    refused = "get() { throw new DOMException('', 'SecurityError'); }"
    window.page.add_init_script(f"Object.defineProperty(window, 'localStorage', {{{refused}}})")
    window.page.reload()
    empty = window.page.locator("#code").input_value()
    window.page.locator(".side").first.click()
    assert window.page.locator("#kept").inner_text() == text("page_form.unkept", "en")
    assert window.page.locator("#code").input_value() != empty


def test_a_page_without_a_script_says_what_it_needs(pages, opened) -> None:
    _, folder, _ = pages
    window = opened((folder / "bo.html").read_text("utf-8"), java_script_enabled=False)
    note = window.page.locator("noscript .note")
    assert note.is_visible()
    assert note.inner_text() == text("page_form.script", "en")


def test_the_answer_that_does_not_fit_is_shown_and_never_changed(pages, opened) -> None:
    _, folder, _ = pages
    window = opened((folder / "bo.html").read_text("utf-8"))
    window.page.locator("#list").click()
    choices = window.page.locator(".pairs").nth(1).locator("select")
    for number, place in enumerate((0, 16, 0)):  # profit over volume over rhythm over profit
        choices.nth(number).select_option(str(place))
    assert window.page.locator(".figures").nth(1).locator(".bad").count() == 2
    window.page.locator(".fits button").click()
    assert choices.count() == 0
    assert window.page.locator(".said").inner_text() != ""
    window.page.locator("#list").click()
    assert [choices.nth(number).input_value() for number in range(3)] == ["0", "16", "0"]
