"""Small trees written as data, and models fitted on small populations."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from evaluator.scoring import Model, ScoringOptions, fit
from evaluator.tree import Tree
from evaluator.weighing import weigh

GRADES = (
    {"id": "good", "name": "good", "score": 90.0, "from": 80.0},
    {"id": "fair", "name": "fair", "score": 70.0, "from": 60.0},
    {"id": "poor", "name": "poor", "score": 30.0, "from": 0.0},
)
HUNDRED = {"kind": "linear", "worst": 0.0, "best": 100.0}


def leaf(name: str, scale: dict[str, Any] = HUNDRED, **stated: Any) -> dict[str, Any]:
    entry = {"id": name, "name": name, "measure": f"m_{name}", "direction": "benefit", "scale": scale}
    return {**entry, "weight": 1.0, **stated}


def group(name: str, *children: dict[str, Any], **stated: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "children": children, "weight": 1.0, **stated}


def made(*children: dict[str, Any], **stated: Any) -> Tree:
    head = {"schema": 1, "id": "value", "name": "value", "status": "custom", "source": "test"}
    root = {"id": "value", "name": "value", "children": children}
    return Tree.model_validate({**head, "weights_source": "test", "grades": GRADES, "root": root, **stated})


def side(axis: str, cut: dict[str, Any]) -> dict[str, Any]:
    return {"axis": axis, "cut": cut}


def matrix(x: dict[str, Any], y: dict[str, Any], name: str = "plane") -> dict[str, Any]:
    cells = (("low", "low"), ("high", "low"), ("low", "high"), ("high", "high"))
    classes = tuple({"id": f"{a}_{b}", "name": f"{a} {b}", "x": a, "y": b} for a, b in cells)
    return {"id": name, "name": name, "x": side("now", x), "y": side("later", y), "classes": classes}


def two_axes(missing: str = "redistribute", **stated: Any) -> Tree:
    """Return now (0.6: a 0.75, b 0.25) and later (0.4: c 0.5, d 0.5); each score is its measure."""
    return made(
        group("now", leaf("a", weight=3.0), leaf("b", missing=missing), weight=6.0, axis="now"),
        group("later", leaf("c"), leaf("d"), weight=4.0, axis="later"),
        **stated,
    )


def customers(**columns: list[Any]) -> pl.DataFrame:
    """Return one row per customer, named k1, k2, …"""
    ids = [f"k{row + 1}" for row in range(len(next(iter(columns.values()))))]
    return pl.DataFrame({"id": ids} | {f"m_{name}": values for name, values in columns.items()}, strict=False)


def fitted(tree: Tree, frame: pl.DataFrame, **options: Any) -> Model:
    return fit(tree, weigh(tree), frame, options=ScoringOptions(**options))


@pytest.fixture(scope="session")
def build() -> SimpleNamespace:
    """The words of a tree as functions: leaf, group, made, matrix, two_axes, customers, fitted."""
    functions: tuple[Callable[..., Any], ...] = (leaf, group, made, matrix, two_axes, customers, fitted)
    return SimpleNamespace(**{function.__name__: function for function in functions})
