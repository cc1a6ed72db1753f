"""What a study starts from: its file, read once for all its trees, and where everything lies."""

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from evaluator.study import Study, setup
from evaluator.study.setup import read_setup

TREES = """trees:
  - {id: first, tree: tree.yaml, when: "customer_type == 'industrial'", weighting: {source: given}}
  - {id: rest, tree: tree.yaml, judgments: [judgments.csv]}
"""


@pytest.fixture
def several(folder):
    text = (folder / "study.yaml").read_text("utf-8").replace("judgments: [judgments.csv]\n", "")
    (folder / "study.yaml").write_text(text.replace("tree: tree.yaml\n", TREES), "utf-8")
    return folder


def test_the_file_is_parsed_once_for_all_trees(several, monkeypatch) -> None:
    read, load = [], setup.load
    monkeypatch.setattr(setup, "load", lambda path: read.append(path) or load(path))
    study = Study(several)
    assert [branch.branch for branch in study.branches] == ["first", "rest"]
    assert read == [several / "study.yaml"]


def test_each_tree_has_what_the_study_says_of_it(several) -> None:
    first, rest = read_setup(several, as_of=date(2026, 2, 3)).branches
    assert (first.file.weighting.source, rest.file.weighting.source) == ("given", "experts")
    assert (first.file.judgments, rest.file.judgments) == (("questionnaires/first",), ("judgments.csv",))
    assert (first.file.forms.folder, first.output) == ("forms/first", several / "output" / "first")
    assert {first.file.as_of, rest.file.as_of} == {date(2026, 2, 3)}
    assert first.branches == (first,)


def test_a_frozen_model_is_that_of_each_tree(several) -> None:
    """Stated for the whole study, or kept of the evaluation before: each tree has its own there."""
    names = [one.model for one in read_setup(several, model="models").branches]
    assert [name.as_posix() for name in names] == ["models/first/model.json", "models/rest/model.json"]
    path = several / "study.yaml"
    last = "previous: {folder: previous, title: Last, as_of: 2025-01-01, model: keep}\n"
    path.write_text(path.read_text("utf-8") + last, "utf-8")
    whole = read_setup(several)
    assert whole.model is None
    assert [one.model for one in whole.branches] == [
        several / "previous" / name / "model.json" for name in ("first", "rest")
    ]


def test_nothing_of_it_can_be_changed(folder) -> None:
    with pytest.raises(FrozenInstanceError):
        read_setup(folder).branch = "other"
