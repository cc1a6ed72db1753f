"""Answer codes: what they say, which of their blocks is wrong, and how forms of lines are read by them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from issue_codes import codes_of

from evaluator import forms
from evaluator.forms.page_codes import LETTERS, code_of, codes_in
from evaluator.weighing.panel import Expert

ANN, BO = Expert("ann", "安"), Expert("bo")
PAIRS = st.lists(st.tuples(st.just(18), st.integers(0, 17)), min_size=1, max_size=60)
MIXED = st.lists(st.integers(2, 18).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))),
                 min_size=1, max_size=90)  # fmt: skip
ANSWERS = (PAIRS | MIXED).map(lambda drawn: tuple(zip(*drawn, strict=True)))


@given(ANSWERS, st.integers(0, 2**20 - 1), st.integers(0, 2**10 - 1))
def test_a_code_says_what_was_answered(drawn, form: int, person: int) -> None:
    options, answers = drawn
    written = code_of(form, person, answers, options).lower().replace("-", " ")
    [code] = codes_in(f"您好：\n{written} HELLO 谢谢")
    assert (code.form, code.person, code.named, code.line) == (form, person, True, 2)
    assert code.answers(options) == answers
    assert code.answers((*options, *[18] * 60)) is None


@given(ANSWERS, st.data())
def test_one_wrong_letter_is_named_by_its_block(drawn, data: st.DataObject) -> None:
    options, answers = drawn
    written = code_of(703_710, 93, answers, options)
    place = data.draw(st.sampled_from([at for at in range(4, len(written)) if written[at] != "-"]))
    wrong = data.draw(st.sampled_from([letter for letter in LETTERS if letter != written[place]]))
    [code] = codes_in(written[:place] + wrong + written[place + 1 :])
    assert code.wrong(options) == code.wrong() == ((place - 4) // 6 + 1,)
    assert code.answers(options) is None


@given(ANSWERS)
def test_a_code_that_was_cut_off_names_the_blocks_that_are_missing(drawn) -> None:
    options, answers = drawn
    written = code_of(703_710, 93, answers, options)
    [code] = codes_in(written[:-6])
    last = len(written) // 6
    assert code.wrong(options) == (last,)
    assert code.answers(options) is None


def test_letters_that_look_alike_and_other_dashes_do_no_harm() -> None:
    written = code_of(1, 2, (0, 0, 17, 3), (18,) * 4)
    changed = written.replace("0", "O").replace("1", "l").replace("EVl", "EV1").replace("-", "—")
    assert next(codes_in(changed)).answers((18,) * 4) == (0, 0, 17, 3)


def test_forty_four_answers_are_fewer_than_120_characters() -> None:
    assert len(code_of(2**20 - 1, 2**10 - 1, [17] * 44, [18] * 44)) < 120


# ---- importance scores, and best and worst ----

SAID = {
    "scores": [
        *(("score", child, value) for child, value in zip(
            ("small:now", "small:later", "small:risk", "now:profit", "now:volume", "now:rhythm"),
            "975314", strict=True)),
        ("share", "authority:ca", "0.8"),
    ],
    "best_worst": [
        ("role", "now:profit", "best"), ("role", "now:rhythm", "worst"),
        ("best_over", "now:volume", "3"), ("best_over", "now:rhythm", "7"), ("over_worst", "now:volume", "2"),
    ],
}  # fmt: skip


class Asked:
    """A form of a kind for Ann and Bo as pages in a folder, and what reads it."""

    def __init__(self, tree, folder: Path, kind: str) -> None:
        self.tree, self.kind, self.folder = tree, kind, folder
        self.made = {"scores": forms.score_forms, "best_worst": forms.best_worst_forms}[kind]
        self.write()

    def write(self, tree=None, carrier: str = "page") -> list[Path]:
        made = self.made(tree or self.tree, [ANN, BO], language="en")
        return [one.path for one in forms.write_forms(made, self.folder, carrier=carrier)]

    def panel(self, tree=None, experts=(ANN, BO)):
        read = {"scores": forms.score_panel, "best_worst": forms.best_worst_panel}[self.kind]
        return read(self.folder, tree or self.tree, experts)

    def data(self, person: str) -> dict:
        text = next(self.folder.glob(f"*{person}*.html")).read_text("utf-8")
        return json.loads(re.search(r'id="form-data">(.*?)</script>', text)[1])

    def code(self, person: str, said=None) -> str:
        data, given = self.data(person), {one[1::-1]: one[2] for one in said or SAID[self.kind]}
        answers, options = [], []
        for line in data["lines"]:
            for question in data["questions"]:
                if line["only"] is None or question["key"] in line["only"]:
                    values = [value for value, _ in question["choices"]]
                    value = given.get((line["key"], question["key"]))
                    answers.append(1 + values.index(value) if value else 0)
                    options.append(1 + len(values))
        return code_of(data["form"], data["person"], answers, options)


@pytest.fixture(params=["scores", "best_worst"])
def asked(request, make_tree, tmp_path) -> Asked:
    return Asked(make_tree(), tmp_path / "forms", request.param)


def without_places(panel) -> object:
    return [(one.expert, one.group, one.a, one.b, one.value) for one in panel.judgments]


def test_a_code_counts_like_the_workbook_of_its_form(asked, make_tree, tmp_path, answer) -> None:
    book = Asked(make_tree(), tmp_path / "books", asked.kind)
    of_ann, of_bo = book.write(carrier="workbook")
    answer(of_ann, {(line, question): value for question, line, value in SAID[asked.kind]})
    of_bo.unlink()
    (asked.folder / "mails.txt").write_text(f"From Ann: {asked.code('ann')}\nregards", "utf-8")
    by_code, by_book = asked.panel(experts=[ANN]), book.panel(experts=[ANN])
    assert without_places(by_code) == without_places(by_book)
    assert by_code.judgments
    assert str(by_code.judgments[0].where).startswith("mails.txt") or asked.kind == "best_worst"
    assert by_code.experts == by_book.experts  # with the authority that was stated
    assert codes_of(by_code.issues) == codes_of(by_book.issues) == []


def test_a_code_alone_is_understood_by_who_is_asked(asked) -> None:
    """The pages lie elsewhere: what the study asks its experts tells what a code answers."""
    written = asked.code("bo")
    for page in asked.folder.glob("*.html"):
        page.unlink()
    (asked.folder / "bo.csv").write_text(written, "utf-8")
    panel = asked.panel()
    assert {one.expert for one in panel.judgments} == {"bo"}
    assert codes_of(panel.issues) == ["JUDGE-223"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda text: text[:5] + ("0" if text[5] != "0" else "2") + text[6:], "JUDGE-249"),
        (lambda text: code_of(5, 5, [1] * 9, [10] * 9), "JUDGE-250"),
    ],
    ids=["one wrong letter", "another study"],
)
def test_a_code_that_cannot_be_used_says_why_and_stops_nobody(asked, change, expected) -> None:
    (asked.folder / "ann.txt").write_text(change(asked.code("ann")), "utf-8")
    (asked.folder / "bo.txt").write_text(asked.code("bo"), "utf-8")
    panel = asked.panel()
    assert sorted(codes_of(panel.issues)) == ["JUDGE-223", expected]
    assert {one.expert for one in panel.judgments} == {"bo"}
    if expected == "JUDGE-249":
        [issue] = [issue for issue in panel.issues if issue.code == expected]
        assert (issue.detail, str(issue.where)) == ({"blocks": "1"}, "ann.txt:1")


def test_a_code_of_an_older_tree_counts_for_what_there_still_is(asked, make_tree) -> None:
    written = asked.code("ann")
    changed = make_tree(("rhythm 购买频率 Rhythm", "recent 最近购买 Recency"))
    asked.write(changed)
    (asked.folder / "ann.txt").write_text(written, "utf-8")
    panel = asked.panel(changed, [ANN])
    assert "JUDGE-233" in codes_of(panel.issues)  # rhythm is no longer in the tree
    pairs = {frozenset((one.a, one.b)) for one in panel.judgments}
    if asked.kind == "scores":
        assert frozenset(("profit", "volume")) in pairs
    else:
        assert (pairs, "JUDGE-251" in codes_of(panel.issues)) == (set(), True)  # the worst is gone


def test_two_different_codes_of_one_person_wait_until_one_line_is_chosen(asked) -> None:
    other = asked.code("ann", SAID[asked.kind][:-1])
    (asked.folder / "mails.txt").write_text(f"{asked.code('ann')}\n\n{other}", "utf-8")
    panel = asked.panel(experts=[ANN])
    assert (codes_of(panel.issues)[0], panel.judgments) == ("JUDGE-213", ())
    assert panel.issues[0].detail["files"] == "mails.txt:1, mails.txt:3"
    read = {"scores": forms.read_scores, "best_worst": forms.read_best_worst}[asked.kind]
    chosen = read(asked.folder, asked.tree, chosen={"ann": "mails.txt:3"})
    assert [issue.code for issue in chosen.issues] == []


def by_line(window, data: dict, said) -> None:
    """Answer as the lines stand on the page."""
    for question, line, value in said:
        at = [one["key"] for one in data["lines"]].index(line)
        label = next(one["heading"] for one in data["questions"] if one["key"] == question)
        card = window.page.locator("#lines > li").nth(at)
        card.locator("label", has_text=label).locator("select").select_option(value)


def by_sentence(window, data: dict, said) -> None:
    """Mark the best and the worst, and answer the sentences that name them."""
    name = {line["key"]: line["shown"][0] for line in data["lines"]}
    marked = {value: line for question, line, value in said if question == "role"}
    for role, line in marked.items():
        window.page.locator(f"[id='{role}:now:profit']").select_option(line)
    for question, line, value in said:
        if question != "role":
            a, b = (marked["best"], line) if question == "best_over" else (line, marked["worst"])
            label = f"{name[a]} compared with {name[b]}"
            window.page.locator("label", has_text=label).locator("select").select_option(value)


def test_a_code_and_a_file_of_the_same_answers_merge(asked, opened, tmp_path) -> None:
    """What the page shows in a browser, as a code and as a file, is what the engine reads."""
    page = next(asked.folder.glob("*ann*.html"))
    window = opened(page.read_text("utf-8"), width=360, accept_downloads=True)
    choose = by_sentence if asked.kind == "best_worst" else by_line
    choose(window, asked.data("ann"), SAID[asked.kind])
    assert window.page.locator("#code").input_value() == asked.code("ann")
    with window.page.expect_download() as saved:
        window.page.locator("#save").click()
    saved.value.save_as(asked.folder / "ann.json")
    (asked.folder / "ann.txt").write_text(window.page.locator("#code").input_value(), "utf-8")
    panel = asked.panel(experts=[ANN])
    assert codes_of(panel.issues) == ["JUDGE-214"]
    said = json.loads((asked.folder / "ann.json").read_text("utf-8"))
    (asked.folder / "ann.json").write_text(json.dumps({**said, "answers": said["answers"][1:]}), "utf-8")
    (asked.folder / "ann.txt").unlink()
    assert "JUDGE-248" in codes_of(asked.panel(experts=[ANN]).issues)
