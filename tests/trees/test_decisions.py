"""What the trees that ship decide: every class gets its action, and every action has somebody to be for."""

import itertools
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest

from evaluator.actions import candidates, first_that_applies, raise_flags, shipped_flags
from evaluator.actions.flags import names_in
from evaluator.actions.words import actions_of, class_column, deciding_classes, flags_of
from evaluator.scoring import fit, score
from evaluator.study.tree import checked
from evaluator.tree import Indicator, Tree, bundled, load_tree, tree_fingerprint
from evaluator.tree.types import Graded, Linear, Lookup, Percentile, Piecewise, Step, Trapezoid
from evaluator.weighing import weigh

TREES = {name: load_tree(name) for name in bundled()}
DECIDING = sorted(name for name, tree in TREES.items() if tree.subject != "firm")
SHARES = (0.0, 0.1, 0.35, 0.7, 1.0)
FURTHER = {"recency_days": (10, 400), "leaving_signs": (0, 3), "interval_ratio": (1, 4)}
"""Values of what flags and actions read besides a tree's measures, else shares; of most customers unknown."""


def values(leaf: Indicator, tree: Tree) -> list[tuple[float, Any]]:
    """Return values of a measure with how good each is, from 0 to 1."""
    scale = leaf.scale
    if isinstance(scale, Lookup):
        scored = [(points, value) for value, points in scale.scores.items()]
    elif isinstance(scale, Graded):
        scored = [(grade.score, grade.score) for grade in tree.grades]
    elif isinstance(scale, Piecewise):
        known, points = np.transpose(scale.points)
        lowest = known[0] * 1.2 if known[0] < 0 else known[0]  # growth falls further than the scale goes
        between = np.concatenate([[lowest], *(np.linspace(*pair, 6) for pair in itertools.pairwise(known))])
        scored = [(float(np.interp(value, known, points)), float(value)) for value in between]
    elif isinstance(scale, Step):
        scored = [(points, bound) for bound, points in scale.steps]
        scored.append((scale.below, 0.0))
    elif isinstance(scale, Trapezoid):
        low, start, _, high = scale.points
        scored = [(0, low), (50, (low + start) / 2), (100, start), (0, high)]
    elif isinstance(scale, Percentile):
        scored = [(n if scale.best == "high" else 9 - n, n) for n in range(10)]
    else:
        assert isinstance(scale, Linear)
        scored = [(n, scale.worst + (scale.best - scale.worst) * n / 9) for n in range(10)]
    best = max(points for points, _ in scored)
    return [(points / best, value) for points, value in scored]


@cache
def population(name: str) -> pl.DataFrame:
    """Return customers of every kind, scored with the tree's own weights, with their flags."""
    tree, random, count = TREES[name], np.random.default_rng(7), 800
    quality = {axis: random.choice([0.0, 0.35, 0.5, 0.7, 0.8, 0.9, 1.0], count) for axis in tree.axes}
    whole = random.choice([0.0, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0], count)
    columns: dict[str, Any] = {"id": [f"c{n}" for n in range(count)]}
    for leaf in tree.indicators:
        axes = [
            tree.nodes[node].axis
            for node in tree.path(leaf.id)[:-1]
            if getattr(tree.nodes[node], "axis", None)
        ]
        aims = quality[axes[-1]] if axes else whole
        known = values(leaf, tree)
        noisy = np.where(
            random.random(count) < 0.2, random.random(count), aims + random.normal(0, 0.1, count)
        )
        columns[leaf.measure] = [min(known, key=lambda v, aim=aim: abs(v[0] - aim))[1] for aim in noisy]
    said = [*(flag.when for flag in flags_of(tree)), *(action.when or "" for action in tree.actions)]
    for word in sorted(set().union(*map(names_in, said)) - columns.keys()):
        if not word.startswith(("flag_", "class_", "score_")) and word != "grade":
            told = random.choice(FURTHER.get(word, SHARES), count)
            columns[word] = [value if random.random() < 0.06 else None for value in told]
    for attribute in tree.attributes:
        if attribute.kind == "text":
            columns[attribute.id] = ["stable"] * count
    frame = pl.DataFrame(columns)
    results = score(fit(tree, weigh(tree), frame), frame)
    added = [column for column in results.columns if column not in frame.columns]
    return raise_flags(frame.hstack(results.select(added)), flags_of(tree)).frame


def test_every_tree_of_customers_states_what_decides_and_a_firm_has_no_actions() -> None:
    assert len(DECIDING) == 21
    for name, tree in TREES.items():
        assert (tree.decides is not None, bool(tree.actions)) == (name in DECIDING,) * 2, name
    assert {tree.deciding for tree in TREES.values() if tree.decides and tree.matrices} == {
        tree.matrices[0].id for tree in TREES.values() if tree.matrices
    }


@pytest.mark.parametrize("name", bundled())
def test_nothing_is_said_against_its_decisions(name: str) -> None:
    """No class without an action (ACTION-116), no name unknown, no money in a tree."""
    assert [issue.code for issue in checked(name)[1]] == []


@pytest.mark.parametrize("name", DECIDING)
def test_what_decides_carries_a_strategy(name: str) -> None:
    tree = TREES[name]
    matrix = next((matrix for matrix in tree.matrices if matrix.id == tree.deciding), None)
    for entry in matrix.classes if matrix else tree.grades:
        assert entry.strategy is not None, entry.id


@pytest.mark.parametrize("name", DECIDING)
def test_everybody_who_has_a_class_has_an_action(name: str) -> None:
    """Each class that decides has customers in the population, and none of them is left without an action."""
    tree, frame = TREES[name], population(name)
    rated = frame.filter(pl.col(class_column(tree)).is_not_null())
    assert set(rated[class_column(tree)]) == set(deciding_classes(tree))
    first = first_that_applies(candidates(rated, tree.actions), rated["id"].to_list())
    assert set(first["action"]) <= {action.id for action in tree.actions}


@pytest.mark.parametrize("name", DECIDING)
def test_every_action_is_somebody_s(name: str) -> None:
    """No condition is met by nobody, and none is hidden behind those that stand before it."""
    tree, frame = TREES[name], population(name)
    found = candidates(frame, tree.actions)
    assert found.issues == ()
    first = first_that_applies(found, frame["id"].to_list())
    assert {action.id for action in tree.actions} <= set(first["action"])


@pytest.mark.parametrize("name", DECIDING)
def test_actions_speak_both_languages_and_keep_to_their_term(name: str) -> None:
    """Each has its texts, a term, no money, and names nothing twice; a class is named by its own id."""
    tree = TREES[name]
    texts = [text for action in tree.actions for text in (action.name, action.do, action.assumption) if text]
    texts += [text for flag in flags_of(tree) for text in (flag.name, flag.says, flag.source)]
    for grade in tree.grades:
        texts += [grade.strategy.goal, grade.strategy.treatment] if grade.strategy else []
    for text in texts:
        assert any("一" <= sign <= "鿿" for sign in text["zh"]), text
        assert text["en"].strip()
        assert not any("一" <= sign <= "鿿" for sign in text["en"]), text
    for action in tree.actions:
        assert action.within_days, action.id
        assert not action.cost, action.id
        assert action.gain is None, action.id
    for language in ("zh", "en"):
        names = [action.name[language] for action in tree.actions]
        assert len(set(names)) == len(names)


def test_a_tree_s_own_flag_joins_those_that_ship() -> None:
    assert [flag.id for flag in flags_of(TREES["retail_bank"])] == [
        *(flag.id for flag in shipped_flags()), "outflow"
    ]  # fmt: skip


@pytest.mark.parametrize("name", DECIDING)
def test_decisions_are_outside_the_fingerprint_of_what_scores(name: str) -> None:
    """Models of a tree stay valid when its actions, its flags or the strategies of its grades change."""
    tree = TREES[name]
    grades = tuple(grade.model_copy(update={"strategy": None}) for grade in tree.grades)
    bare = tree.model_copy(update={"decides": None, "flags": None, "actions": (), "grades": grades})
    assert tree_fingerprint(bare) == tree_fingerprint(tree)


def test_the_strategies_of_grades_are_actions_where_none_are_stated() -> None:
    bare = TREES["credit"].model_copy(update={"actions": ()})
    best = actions_of(bare)[0]
    assert (best.id, best.when) == ("excellent", "grade == 'excellent'")
