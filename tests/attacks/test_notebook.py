"""Names in a notebook: text, wherever an object shows them."""

from __future__ import annotations

import base64
import re

import polars as pl
import pytest

import evaluator as ev
from evaluator import documents
from evaluator.tree import Tree

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
