"""The same answers say the same by link, by workbook and by code, whatever the form."""

import json
import re
from pathlib import Path

import pytest

from evaluator.forms import best_worst_panel, score_panel, write_forms
from evaluator.forms.form import Form
from evaluator.forms.form_answers import form_record
from evaluator.forms.form_reader import read_forms
from evaluator.study.asking import FORMS
from evaluator.weighing import weigh

MARKED = {
    ("small:profit", "role"): "best", ("small:trust", "role"): "worst", ("small:trust", "best_over"): "5",
    ("small:delay", "best_over"): "3", ("small:delay", "over_worst"): "2",
}  # fmt: skip
PAIRS = "expert,group,a,b,value\n" + "".join(
    f"{name},small,profit,delay,3\n{name},small,profit,trust,5\n{name},small,delay,trust,2\n"
    for name in ("E1", "E2", "E3")
)
PANELS = {"scores": score_panel, "best_worst": best_worst_panel}


def made_up(form: Form) -> dict[tuple[str, str], str]:
    """Return an answer to every question of a form."""
    if form.kind == "best_worst":
        return MARKED
    return {
        cell: one.choices[place % len(one.choices)]
        if one.choices
        else f"{one.limits[1]:g}"
        if one.limits
        else "a note"
        for place, (cell, one) in enumerate(form_record(form).asked.items())
    }


def said(folder: Path, kind: str, tree) -> dict[tuple[str, str], dict[tuple[str, str], str]]:
    """Return what the forms of a folder answer, by whom and about what."""
    return {(one.person.id, one.subject): one.content for one in read_forms(folder, kind, tree)[0]}


def test_every_form_says_by_link_what_its_workbook_and_its_code_say(
    graded, serving, answer, tmp_path
) -> None:
    (graded / "questionnaires").mkdir()
    (graded / "questionnaires" / "pairs.csv").write_text(PAIRS, "utf-8")  # an assessment shows weights
    served = serving(kinds=[kind for kind in FORMS if kind != "pairwise"])
    kinds = set()
    for one in served.server.forms:
        kinds.add(one.kind)
        given = made_up(one.asked)
        browser = served.opened(one.person.id)
        page = browser.get(f"/form/{one.key}").text
        told = json.loads(re.search(r'id="form-data">(.*?)</script>', page)[1])["server"]
        assert browser.save(
            [[*cell, value] for cell, value in given.items()], final=True, server=told
        ).is_success
        [book] = write_forms([one.asked], tmp_path / "book" / one.kind)
        answer(book.path, given)
    assert kinds == set(FORMS) - {"pairwise"}
    for kind, folder in {one.kind: one.folder for one in served.server.forms}.items():
        by_link = said(folder, kind, served.server.study.tree)
        assert by_link == said(tmp_path / "book" / kind, kind, served.server.study.tree)
        assert all(by_link.values())
        if kind in PANELS:
            same_weights(kind, served.server, folder, tmp_path)


def same_weights(kind: str, server, folder: Path, tmp_path: Path) -> None:
    """Weigh what came by link, in workbooks, and as the codes that stand in the files."""
    codes = tmp_path / "code" / kind
    codes.mkdir(parents=True)
    for path in folder.glob("*.json"):
        (codes / f"{path.stem}.txt").write_text(json.loads(path.read_text("utf-8"))["code"], "utf-8")
    tree, experts = server.study.tree, server.study.setup.experts
    by_link, *others = (
        weigh(tree, PANELS[kind](where, tree, experts)).global_
        for where in (folder, tmp_path / "book" / kind, codes)
    )
    assert len(set(by_link.values())) > 1
    for weights in others:
        assert weights == pytest.approx(by_link, abs=1e-12)
