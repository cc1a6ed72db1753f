"""A model's file: read back to the last bit, or refused by naming what is wrong."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from evaluator.errors import EvaluationError
from evaluator.scoring import Model, fit, load_model, score
from evaluator.scoring.options import ScoringOptions
from evaluator.tree.types import Linear
from evaluator.weighing import weigh


@pytest.fixture(scope="module")
def frame(build: SimpleNamespace) -> Any:
    random = np.random.default_rng(11)
    return build.customers(**{name: random.normal(50, 30, 400).tolist() for name in "abcd"})


@pytest.fixture(scope="module")
def model(build: SimpleNamespace, frame: Any) -> Model:
    tree = build.made(
        build.group(
            "now",
            build.leaf("a", {"kind": "percentile", "best": "high"}),
            build.leaf("b"),
            axis="now",
            weight=0.3,
        ),
        build.group("later", build.leaf("c"), build.leaf("d", missing="worst"), axis="later", weight=0.7),
        matrices=(build.matrix({"kind": "mean"}, {"kind": "quantile", "at": (0.3,)}),),
    )
    options = ScoringOptions(scales={"b": Linear(kind="linear", worst=1 / 3, best=98.7)})
    return fit(tree, weigh(tree), frame, options=options, as_of=date(2025, 3, 1))


def test_a_saved_model_scores_the_same_to_the_last_bit(model: Model, frame: Any, tmp_path: Path) -> None:
    path = tmp_path / "模型" / "model.json"
    model.save(path)
    again = load_model(path)
    assert again == model
    assert score(again, frame).equals(score(model, frame))


def test_saving_again_gives_the_same_bytes(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path / "one.json")
    load_model(tmp_path / "one.json").save(tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def change(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data.__setitem__(key, value)


@pytest.mark.parametrize(
    ("edit", "code", "part"),
    [
        (change("schema", 2), "SCORE-603", None),
        (lambda data: data.pop("schema"), "SCORE-603", None),
        (lambda data: data.pop("local"), "SCORE-602", "local"),
        (change("population", "many"), "SCORE-602", "population"),
        (lambda data: data["conventions"].update(min_coverage=7), "SCORE-602", "min_coverage"),
        (lambda data: data["tree"].update(version="9"), "SCORE-604", "tree"),
        (lambda data: data["local"].pop("a"), "SCORE-604", "local"),
        (change("distributions", {}), "SCORE-604", "distributions"),
        (change("cuts", {}), "SCORE-604", "cuts"),
        (lambda data: data["cuts"]["plane"].update(x=[1.0, 2.0]), "SCORE-604", "cuts"),
    ],
)
def test_a_changed_model_is_refused_by_what_was_changed(
    model: Model, tmp_path: Path, edit: Callable[[dict[str, Any]], Any], code: str, part: str | None
) -> None:
    path = tmp_path / "model.json"
    model.save(path)
    data = json.loads(path.read_text("utf-8"))
    edit(data)
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(EvaluationError) as raised:
        load_model(path)
    (issue,) = raised.value.issues
    assert (issue.code, issue.where and issue.where.file) == (code, str(path))
    if part:
        assert part in str(issue.detail)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe\x00", b"null"])
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(content)
    with pytest.raises(EvaluationError) as raised:
        load_model(path)
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject) == ("SCORE-602", "model.json")


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError) as raised:
        load_model(tmp_path / "absent.json")
    assert [issue.code for issue in raised.value.issues] == ["SCORE-601"]
