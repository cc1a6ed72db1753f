"""Names in a notebook: text, wherever an object shows them."""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

import evaluator as ev
from evaluator import documents
from evaluator.actions import Limits, plan
from evaluator.analysis import compare
from evaluator.study import Study
from evaluator.tree import Tree

SIGNS = "\x1b[2J\x1b]0;owned\x07\u202egpj.exe\u2066"
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
HOSTILE = '<img src=x onerror=alert(1)></style><script>alert(2)</script>" onload="alert(3)'
PLAIN = """
schema: 1
id: hostile
name: NAME
status: custom
source: {zh: 测试, en: A test}
grades:
  - {id: good, name: NAME, score: 90, from: 60}
  - {id: poor, name: NAME, score: 40, from: 0}
root:
  id: root
  name: NAME
  children:
    - {id: a, name: NAME, measure: a, direction: benefit, weight: 1, scale: {kind: linear, worst: 0, best: 1}}
    - {id: b, name: NAME, measure: b, direction: benefit, weight: 1, scale: {kind: linear, worst: 0, best: 1}}
"""


@pytest.fixture(scope="module")
def tree() -> Tree:
    stated = PLAIN.replace("NAME", "'" + HOSTILE + "'")
    return documents.validate(documents.parse(stated, "hostile.yaml"), Tree)


@pytest.fixture(scope="module")
def customers() -> pl.DataFrame:
    return pl.DataFrame({"id": [HOSTILE, "b"], "name": [HOSTILE, "b"], "a": [0.4, 0.2], "b": [0.1, 0.9]})


@pytest.fixture(scope="module")
def shown(tree: Tree, customers: pl.DataFrame) -> list[str]:
    weights = ev.weigh(tree)
    model = ev.fit(tree, weights, customers)
    explanation = ev.explain(model, customers, HOSTILE)
    value = ev.customers.abc(pl.DataFrame({"id": [HOSTILE, "b"], "value": [9.0, 1.0]}))
    return [
        one.to_html(language)
        for one in (tree, weights, model, explanation, value)
        for language in ("zh", "en")
    ]


@pytest.fixture(scope="module")
def run_study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The small study with names of strangers wherever there is one, of its customers with signs as well."""
    home = tmp_path_factory.mktemp("shown") / "study"
    shutil.copytree(Path(__file__).parents[1] / "studies" / "small", home)
    quoted = "'" + HOSTILE + "'"
    tree = re.sub(
        r"en: (Small|Good|Poor|Profit|Delay|Trust)", lambda _: f"en: {quoted}", _text(home, "tree.yaml")
    )
    (home / "tree.yaml").write_text(tree[: tree.index("tests:")], "utf-8")
    study = re.sub(
        r"(en|name): (A small study|Ann|Bob)",
        lambda found: f"{found[1]}: {quoted}",
        _text(home, "study.yaml"),
    )
    (home / "study.yaml").write_text(study, "utf-8")
    rows = [(f"C{n}{HOSTILE}", f"{HOSTILE}{SIGNS}{n}", float(n * 7 % 90), float(n), 3.0) for n in range(14)]
    customers = pl.DataFrame(rows, schema=["id", "name", "profit", "delay", "trust"], orient="row")
    customers.write_csv(home / "measures.csv")
    return Study(home)


def _text(home: Path, name: str) -> str:
    return (home / name).read_text("utf-8")


@pytest.mark.parametrize(
    "name", ["evaluation", "measured", "decisions", "certainty", "judgment", "panel", "weights"]
)
def test_what_a_study_shows_holds_no_sign_that_steers(run_study: Study, name: str) -> None:
    """Neither the line a console prints nor the page of a notebook; no name is an element of it."""
    evaluation = run_study.run()
    thing = evaluation if name == "evaluation" else getattr(evaluation, name)
    assert not STEERING.search(f"{thing!r} {thing}")
    for language in ("zh", "en"):
        page = re.sub(r"<style>.*?</style>", "", thing.to_html(language), flags=re.DOTALL)
        assert page
        assert not STEERING.search(page)
        assert not re.search(r"<script|<img src=x|\" onload=", page)


def test_what_is_compared_and_explained_holds_no_sign_that_steers(
    tree: Tree, customers: pl.DataFrame
) -> None:
    """Ids and names as a notebook's own frames have them: no study has read these."""
    own = customers.with_columns(
        id=pl.Series([SIGNS + HOSTILE, "b"]), name=pl.Series([HOSTILE + SIGNS, "x" * 40_000])
    )
    model = ev.fit(tree, ev.weigh(tree), own)
    explained = ev.explain(model, own, SIGNS + HOSTILE)
    for thing in (
        model,
        explained,
        ev.customers.abc(pl.DataFrame({"id": [SIGNS, "b"], "value": [9.0, 1.0]})),
    ):
        page = re.sub(r"<style>.*?</style>", "", thing.to_html("en"), flags=re.DOTALL)
        assert not STEERING.search(f"{thing!r} {page}"), type(thing).__name__
        assert "x" * 100 not in page


def test_what_a_comparison_and_a_plan_show_holds_no_sign_that_steers(run_study: Study) -> None:
    """Customers and actions of any name; of an action's 40,000 letters no hundred are shown."""
    evaluation = run_study.run()
    ids = [f"{HOSTILE}{SIGNS}{number}" for number in range(3)]
    actions = [f"{one}{'x' * 40_000}" for one in ids]
    offers = pl.DataFrame({"id": ids, "action": actions, "gain": [3.0, 2.0, 1.0], "cost": [1.0] * 3})
    for thing in (compare(evaluation, evaluation), plan(offers, Limits(budget=2))):
        page = "".join(thing.to_html(language) for language in ("zh", "en")) + thing._repr_html_()
        page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
        assert not STEERING.search(f"{thing!r} {page}"), type(thing).__name__
        assert not re.search(r"<script|<img src=x|\" onload=", page)
        assert "x" * 100 not in f"{thing!r} {page}"


def test_names_are_text_and_pictures_are_images(shown: list[str]) -> None:
    """An image runs nothing; the picture in it holds the names as text as well."""
    for html in shown:
        outside = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
        assert not re.search(r"<script|<img src=x|onerror=alert\(1\)>|\" onload=", outside)
        for picture in re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", html):
            svg = base64.b64decode(picture).decode("utf-8")
            assert "<script" not in svg
            assert "<img" not in svg
            assert not re.search(r'(href|src)="(?!#)', svg)


def test_a_browser_runs_nothing_of_them(opened, shown: list[str]) -> None:
    body = "\n".join(shown)
    page = opened(f'<!doctype html><html lang="en"><meta charset="utf-8"><body>{body}</body></html>').page
    assert page.evaluate("document.querySelectorAll('script, [onerror], [onload]').length") == 0
    drawn = page.evaluate("[...document.images].map(one => one.complete && one.naturalWidth)")
    assert len(drawn) >= 8
    assert all(width > 300 for width in drawn)
