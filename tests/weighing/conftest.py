"""A tree with groups of three, four, two and one, and panels that judge it."""

from collections.abc import Callable, Mapping
from itertools import combinations

import pytest

from evaluator.errors import Location
from evaluator.tree import Tree
from evaluator.weighing import Expert, Judgment, Panel

Answers = Mapping[str, tuple[float | None, ...]]


def indicator(name: str, weight: float | None = None) -> dict[str, object]:
    scale = {"kind": "linear", "worst": 0.0, "best": 1.0}
    entry = {"id": name, "name": name, "measure": name, "direction": "benefit", "scale": scale}
    return entry if weight is None else {**entry, "weight": weight}


def group(name: str, *children: dict[str, object], weight: float | None = None) -> dict[str, object]:
    entry: dict[str, object] = {"id": name, "name": name, "children": children}
    return entry if weight is None else {**entry, "weight": weight}


def made(root: dict[str, object]) -> Tree:
    grades = (
        {"id": "good", "name": "good", "score": 80.0, "from": 60.0},
        {"id": "poor", "name": "poor", "score": 30.0, "from": 0.0},
    )
    head = {"schema": 1, "id": "example", "name": "example", "status": "custom", "source": "test"}
    return Tree.model_validate({**head, "weights_source": "test", "grades": grades, "root": root})


@pytest.fixture
def tree() -> Tree:
    return made(
        group(
            "root",
            group("three", *(indicator(name) for name in ("a1", "a2", "a3"))),
            group("four", *(indicator(name) for name in ("b1", "b2", "b3", "b4"))),
            group("two", indicator("c1"), group("one", indicator("d1"))),
        )
    )


@pytest.fixture
def flat() -> Callable[..., Tree]:
    """Return a tree of one group whose indicators x1, x2, … have the given weights, None for none."""

    def tree(*weights: float | None) -> Tree:
        return made(group("root", *(indicator(f"x{i}", weight) for i, weight in enumerate(weights, start=1))))

    return tree


@pytest.fixture
def answered(tree: Tree) -> Callable[..., Panel]:
    """Return a panel; each expert's answers by group, in the order of the pairs, None for a blank."""

    def panel(experts: Mapping[str, Answers], weights: Mapping[str, float] | None = None) -> Panel:
        judgments = [
            Judgment(
                expert, one.id, a.id, b.id, value, where=Location(f"{expert}.xlsx", sheet=one.id, cell="C1")
            )
            for expert, answers in experts.items()
            for one in tree.groups
            for (a, b), value in zip(combinations(one.children, 2), answers.get(one.id, ()), strict=False)
            if value is not None
        ]
        people = tuple(Expert(name, weight=(weights or {}).get(name, 1.0)) for name in experts)
        return Panel(people, tuple(judgments))

    return panel
