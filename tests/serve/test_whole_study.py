"""A whole study by link, in a real browser: invited, answered on phones, voted on, weighed, reported."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from evaluator.forms import read_judgments, write_questionnaires
from evaluator.forms.page_answers import LEVELS
from evaluator.serve.invitations import write_invitations
from evaluator.study import Study
from evaluator.weighing import weigh
from evaluator.weighing.panel import Expert

PAIRS = [("profit", "delay"), ("profit", "trust"), ("delay", "trust")]
CONSISTENT, CONTRADICTING, BLANKS = ("3", "5", "2"), ("9", "1/9", "9"), ("3", "", "")
PEOPLE = {
    "E1": CONSISTENT, "E2": ("5", "7", "2"), "E3": ("2", "4", "2"), "E4": CONTRADICTING,
    "E5": BLANKS, "E6": ("3", "3", "1"), "E7": ("4", "6", "1"),
}  # fmt: skip


@pytest.fixture
def seven(asking: Path) -> Path:
    """The small study in Chinese, with seven experts."""
    text = (asking / "study.yaml").read_text("utf-8").replace("language: en", "language: zh")
    people = "".join(f"  - {{id: {name}}}\n" for name in PEOPLE)
    (asking / "study.yaml").write_text(re.sub(r"experts:\n(  - .*\n)+", f"experts:\n{people}", text), "utf-8")
    return asking


class Phones:
    """Windows of a browser, each a device of its own; nothing may be said on the console."""

    def __init__(self, browser) -> None:
        self.browser, self.said, self.open = browser, [], []

    def new(self, address: str, *, width: int = 360, **more):
        context = self.browser.new_context(viewport={"width": width, "height": 760}, **more)
        window = context.new_page()
        window.on("console", lambda message: self.said.append(message.text))
        window.on("pageerror", lambda error: self.said.append(str(error)))
        window.goto(address)
        self.open.append(context)
        return window


@pytest.fixture
def phones(browser):
    windows = Phones(browser)
    yield windows
    for context in windows.open:
        context.close()
    assert windows.said == []


def choose(window, ratios) -> None:
    """Answer on the list, as a person chooses sentences."""
    window.locator("#list").click()
    for number, ratio in enumerate(ratios):
        if ratio:
            place = next(place for place, said in LEVELS.items() if said == ratio) - 1
            window.locator(".pairs select").nth(number).select_option(str(place))


def kept(window, text: str) -> None:
    window.locator("#kept", has_text=text).wait_for(timeout=10_000)


def test_a_study_is_played_from_the_invitation_to_the_report(
    seven, serving, phones, fill, tmp_path, opened
) -> None:
    served = serving()
    write_invitations(served.server, tmp_path / "out")
    lines = (tmp_path / "out" / "links.txt").read_text("utf-8").splitlines()
    links = dict(line.split("\t") for line in lines)
    assert list(links) == list(PEOPLE)

    for name in ("E1", "E2", "E3", "E4", "E5"):
        window = phones.new(links[name])
        assert window.evaluate("document.documentElement.scrollWidth") == 360
        choose(window, PEOPLE[name])
        if name == "E4":
            assert window.locator(".figures .fits").count() == 1  # the answer that does not fit is shown
        window.locator("#save").click()
        kept(window, "已提交")
    returning = phones.new(links["E6"])
    choose(returning, PEOPLE["E6"][:1])
    kept(returning, "已保存")
    returning.context.close()
    returning = phones.new(links["E6"])  # on another device
    returning.locator("#list").click()
    assert returning.locator(".pairs select").first.input_value() == "6"
    choose(returning, PEOPLE["E6"])
    returning.locator("#save").click()
    kept(returning, "已提交")
    plain = phones.new(links["E7"], java_script_enabled=False)
    plain.wait_for_url("**/plain/*")
    for number, ratio in enumerate(PEOPLE["E7"]):
        place = next(place for place, said in LEVELS.items() if said == ratio)
        plain.select_option(f"#q{number}", str(place))
    plain.locator("button.main").click()
    plain.wait_for_url("**?kept=sent")

    answered = same_by_every_carrier(seven, served, fill, tmp_path, opened)

    lead = phones.new(served.server.board_address, width=1440)
    assert lead.locator(".state.sent").count() == 7
    assert lead.locator(".figure.bad").count() == 1
    stays_open(phones.new(served.server.board_address, width=1440))
    vote(lead, phones, links)
    panel = Study(seven).panel
    voted = [one.value for one in panel.judgments if (one.a, one.b) == ("profit", "trust")]
    assert voted == [2.0] * 7
    assert len(panel.judgments) == 20  # the one who left blanks has voted on one of them
    weights = Study(seven).weights
    assert weights.global_ != pytest.approx(answered, abs=1e-6)
    study = Study(seven)
    study.keep_answers()
    paths = study.save_reports(formats=("html",))
    assert "利润" in paths[0].read_text("utf-8")
    assert len(list((seven / "output" / "answers").glob("*.json"))) == 14


def stays_open(board) -> None:
    """The board shows itself anew, but not while a menu is open."""
    board.clock.install()
    board.reload()
    board.evaluate("window.before = true")
    board.locator(".menu summary").first.click()
    board.clock.fast_forward(61_000)
    assert board.evaluate("window.before")
    assert board.locator(".menu button").first.is_visible()
    board.locator(".menu summary").first.click()
    board.clock.fast_forward(31_000)
    board.wait_for_function("window.before === undefined")


def vote(lead, phones, links) -> None:
    """Vote twice on the question that answers lie furthest apart on."""
    lead.goto(lead.url + "/live")
    lead.locator("input[name=count]").fill("1")
    lead.locator("button.main").click()
    voters = {name: phones.new(address) for name, address in links.items()}
    for turn in (1, 2):
        for number, window in enumerate(voters.values()):
            window.locator(f"body[data-key='1.0.{turn}.0.0']").wait_for(state="attached")
            assert window.evaluate("document.documentElement.scrollWidth") == 360
            if turn == 1:
                window.locator("[data-level='6' ]" if number % 2 else "[data-level='10']").click()
            else:
                window.locator("#slider").fill("7")
            window.locator("#cast").click()
            window.locator(".note").wait_for()
        lead.locator("#votes", has_text="已有 7 人").wait_for(timeout=10_000)
        lead.locator("button[value=show]").click()
        lead.locator(".votes").first.wait_for()
        lead.locator(f"button[value={'again' if turn == 1 else 'end'}]").click()
    assert lead.locator(".figures dt").count() == 3
    next(iter(voters.values())).locator(".note").wait_for()


def same_by_every_carrier(seven, served, fill, tmp_path, opened) -> dict[str, float]:
    """Return the weights, which are the same by server, workbook, page file and code."""
    study = Study(seven)
    experts = [Expert(name) for name in PEOPLE]
    folders = {name: tmp_path / name for name in ("workbook", "page", "code")}
    books = write_questionnaires(study.tree, experts, folders["workbook"], language="zh")
    pages = write_questionnaires(study.tree, experts, tmp_path / "pages", language="zh", carrier="page")
    folders["page"].mkdir()
    folders["code"].mkdir()
    for book, page, (name, ratios) in zip(books, pages, PEOPLE.items(), strict=True):
        fill(book.path, {pair: ratio for pair, ratio in zip(PAIRS, ratios, strict=True) if ratio})
        window = opened(page.path.read_text("utf-8"), accept_downloads=True)
        choose(window.page, ratios)
        with window.page.expect_download() as saved:
            window.page.locator("#save").click()
        saved.value.save_as(folders["page"] / f"{name}.json")
        code = window.page.locator("#code").input_value()
        (folders["code"] / f"{name}.txt").write_text(code, "utf-8")
    weights = {
        name: weigh(study.tree, read_judgments(folder, study.tree, experts=experts), **study.setup.procedure)
        for name, folder in folders.items()
    }
    for one in weights.values():
        assert one.global_ == pytest.approx(study.weights.global_, abs=1e-12)
    sent = json.loads(next(iter((seven / "questionnaires").glob("E1*.json"))).read_text("utf-8"))
    assert sent["code"] == (folders["code"] / "E1.txt").read_text("utf-8")
    return dict(study.weights.global_)
