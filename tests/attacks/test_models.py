"""A model is frozen evidence: a number changed in its file is noticed, and none that no fit gives is used."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evaluator.errors import EvaluationError
from evaluator.files import sealed
from evaluator.scoring import Model, fit, load_model, read_model
from evaluator.tree import load_tree
from evaluator.weighing import weigh

TREE = """
schema: 1
id: small
name: Small
status: custom
source: test
weights_source: test
grades:
  - {id: good, name: Good, score: 90, from: 60}
  - {id: poor, name: Poor, score: 30, from: 0}
root:
  children:
    - id: a
      name: A
      axis: one
      weight: 1
      children:
        - {id: a1, name: A1, measure: a1, direction: benefit, weight: 2,
           scale: {kind: percentile, best: high}}
        - {id: a2, name: A2, measure: a2, direction: benefit, weight: 1, winsorise: [0.1, 0.9],
           scale: {kind: linear, worst: 0, best: 10}}
    - id: b
      name: B
      axis: two
      weight: 1
      children:
        - {id: b1, name: B1, measure: b1, direction: benefit, weight: 1,
           scale: {kind: linear, worst: 0, best: 10}}
matrices:
  - id: plane
    name: Plane
    x: {axis: one, cut: {kind: mean}}
    y: {axis: two, cut: {kind: mean}}
    classes:
      - {id: p, name: P, x: high, y: high}
      - {id: q, name: Q, x: high, y: low}
      - {id: r, name: R, x: low, y: high}
      - {id: s, name: S, x: low, y: low}
"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    (tmp_path / "tree.yaml").write_text(TREE, "utf-8")
    tree = load_tree(tmp_path / "tree.yaml")
    numbers = [float(number) for number in range(1, 11)]
    frame = pl.DataFrame({"id": [str(n) for n in numbers], "a1": numbers, "a2": numbers, "b1": numbers})
    fit(tree, weigh(tree), frame, as_of=date(2025, 3, 1)).save(tmp_path / "model.json")
    return tmp_path / "model.json"


def edited(path: Path, edit: Callable[[dict[str, Any]], Any], *, seal: bool = False) -> list[str]:
    data = json.loads(path.read_text("utf-8"))
    edit(data)
    if seal:
        data.pop("digest", None)
        data = sealed(data)
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(EvaluationError) as raised:
        load_model(path)
    return [issue.code for issue in raised.value.issues]


def weights(**changed: float) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["local"].update(changed)


UNNOTICED = [
    weights(a=0.4, b=0.6),
    lambda data: data["cuts"]["plane"].update(x=[20.0]),
    lambda data: data["conventions"].update(min_coverage=0.1),
    lambda data: data["distributions"]["a1"].update(count=1_000_000),
    lambda data: data["limits"].update(a2=[0.0, 5.0]),
    lambda data: data.update(population=1_000_000),
    lambda data: data.update(as_of="2026-01-01"),
]
IMPOSSIBLE = [
    weights(a=-0.5, b=1.5),
    weights(a=1e300),
    weights(a=0.9, b=0.9),
    lambda data: data["distributions"]["a1"].update(knots=[[1, 0.9], [2, 0.1]]),
    lambda data: data["distributions"]["a1"].update(knots=[[1, -3.0], [2, 4.0]]),
    lambda data: data["limits"].update(a2=[5.0, 1.0]),
]


@pytest.mark.parametrize("edit", UNNOTICED)
def test_a_change_within_what_is_possible_breaks_the_seal(saved: Path, edit) -> None:
    assert edited(saved, edit) == ["SCORE-605"]


@pytest.mark.parametrize("edit", IMPOSSIBLE)
def test_numbers_that_no_fit_gives_are_refused_under_any_seal(saved: Path, edit) -> None:
    assert edited(saved, edit, seal=True) == ["SCORE-607"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_refused(saved: Path, number: str) -> None:
    text = saved.read_text("utf-8").replace('"population": 10', f'"population": 10, "borderline": {number}')
    saved.write_text(text, "utf-8")
    with pytest.raises(EvaluationError) as raised:
        load_model(saved)
    assert {issue.code for issue in raised.value.issues} == {"SCORE-602"}


def test_a_model_without_a_seal_is_read_and_that_is_said(saved: Path) -> None:
    sealed_model = load_model(saved)
    data = json.loads(saved.read_text("utf-8"))
    del data["digest"]
    saved.write_text(json.dumps(data), "utf-8")
    model, notes = read_model(saved)
    assert isinstance(model, Model)
    assert model == sealed_model
    assert [issue.code for issue in notes] == ["SCORE-606"]


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"schema":1,"tree":['])
def test_deep_nesting_is_an_issue(saved: Path, opening: str) -> None:
    saved.write_text(opening * 100_000, "utf-8")
    with pytest.raises(EvaluationError) as raised:
        load_model(saved)
    assert [issue.code for issue in raised.value.issues] == ["SCORE-602"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_yaml_is_an_issue(tmp_path: Path, opening: str) -> None:
    (tmp_path / "tree.yaml").write_text(opening * 100_000, "utf-8")
    with pytest.raises(EvaluationError) as raised:
        load_tree(tmp_path / "tree.yaml")
    assert raised.value.issues[0].code in ("DOC-001", "DOC-008")


def test_a_model_of_before_the_convention_had_its_name_is_whole(saved: Path) -> None:
    """Its seal is that of what was written; the old name is read, and said."""
    model = load_model(saved)

    def as_once(data: dict[str, Any]) -> None:
        data["conventions"]["profile"] = data["conventions"].pop("convention")

    assert edited(saved, as_once) == ["SCORE-605"]
    changed = {key: value for key, value in json.loads(saved.read_text("utf-8")).items() if key != "digest"}
    saved.write_text(json.dumps(sealed(changed)), "utf-8")
    old, notes = read_model(saved)
    assert old == model
    assert [(issue.code, issue.severity) for issue in notes] == [("SCORE-608", "note")]
    old.save(saved)
    assert "profile" not in json.loads(saved.read_text("utf-8"))["conventions"]
