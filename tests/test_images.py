"""The pictures of the documents show what there is; `python docs/make_images.py` makes them."""

import json
import re
import runpy
from pathlib import Path

import pytest

from evaluator.messages import catalogue

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"


@pytest.fixture(scope="module")
def make() -> dict:
    return runpy.run_path(str(ROOT / "docs" / "make_images.py"))


def test_pictures_were_made_from_what_there_is(make) -> None:
    recorded = json.loads((IMAGES / "made_from.json").read_text("utf-8"))
    outdated = [part for part in make["MADE_FROM"] if recorded.get(part) != make["made_from"](part)]
    assert not outdated, f"to be made again: python docs/make_images.py {' '.join(outdated)}"


def test_every_pattern_finds_something(make) -> None:
    named = [what for parts in make["MADE_FROM"].values() for what in parts]
    keys = catalogue("en")
    assert [what for what in named if "/" in what and not list(ROOT.glob(what))] == []
    assert [what for what in named if "/" not in what and not any(key.startswith(what) for key in keys)] == []


def test_every_picture_that_a_document_shows_is_there() -> None:
    written = (path for path in (ROOT / "docs").glob("**/*.md") if "_build" not in path.parts)
    documents = [ROOT / "README.md", *written]
    shown = [
        (document.parent / link).resolve()
        for document in documents
        for link in re.findall(r"!\[[^]]*\]\(([^)\s]+\.png)\)", document.read_text("utf-8"))
    ]
    assert shown
    assert [path.name for path in shown if not path.is_file()] == []
