"""Break-even weights against bisection on the real scoring: what changes does so there, and not before."""

import itertools
import tracemalloc
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from evaluator import scoring, weighing
from evaluator.analysis import break_even_weights
from evaluator.analysis.other_weights import with_weights
from evaluator.analysis.robustness import break_evens
from evaluator.errors import EvaluationError
from evaluator.scoring import Model
from evaluator.scoring.options import ScoringOptions
from evaluator.tree import Tree
from tests.analysis.robustness.test_certainty import DRAWN, STATIC, customers, flat, tree_of
from tests.support.tree_strategies import trees

NEAR = 1e-7


def fitted(tree: Tree, frame: pl.DataFrame, **options: object) -> Model:
    weights = weighing.weigh(tree)
    profiles = weighing.profile_weights(tree, weights)
    return scoring.fit(tree, weights, frame, profiles=profiles, options=ScoringOptions(**options))


def results(model: Model, frame: pl.DataFrame, node: str, t: float) -> pl.DataFrame:
    return scoring.ranked(scoring.score(with_weights(model, {node: t}), frame)).sort("id")


GRID = np.linspace(0, 1, 14)[1:-1]


def bisected(changed: Callable[[float], bool], before: float, after: float) -> float:
    """Return where something changes between two weights, to within `NEAR`."""
    while abs(after - before) > NEAR / 10:
        middle = (before + after) / 2
        before, after = (before, middle) if changed(middle) else (middle, after)
    return after


def agrees(found: float | None, changed: Callable[[float], bool], weight: float, end: float) -> None:
    """What changes first does so at `found` and nowhere before; nowhere at all where nothing was found."""
    far = end if found is None else found
    low, high = sorted((weight, far))
    assert not [t for t in GRID if low < t < high - NEAR and t > low + NEAR and changed(t)], (
        found,
        weight,
        end,
    )
    if found is None:
        return
    step = min(NEAR, abs(end - found) / 2) * (1.0 if end > weight else -1.0)
    assert changed(found + step), (found, weight, end)
    if abs(found - weight) > 2 * NEAR:
        assert not changed(found - step), (found, weight, end)


def check(model: Model, frame: pl.DataFrame, node: str) -> bool:
    """Compare everything that is told of a node; True if anything changes there."""
    known = results(model, frame, node, model.local[node])
    first = set(known.filter(pl.col("rank") == 1)["id"])
    asked = known["id"].to_list()[:2]
    found = break_even_weights(model, frame, asked)
    told = found.nodes.row(by_predicate=pl.col("node") == node, named=True)
    assert told["reason"] is None
    weight, deciding = told["weight"], found.deciding
    column = "grade" if deciding == "grade" else f"class_{deciding}"
    assert weight == model.local[node]
    seen = dict[float, pl.DataFrame]()

    def at(t: float) -> pl.DataFrame:
        return seen.setdefault(t, results(model, frame, node, t))

    def somebody_new(t: float) -> bool:
        return bool(set(at(t).filter(pl.col("rank") == 1)["id"]) - first)

    some = False
    for side, end in (("down", 0.0), ("up", 1.0)):
        if first and 0 < weight < 1:
            agrees(told[f"first_{side}"], somebody_new, weight, end)
            some |= told[f"first_{side}"] is not None
        for row in found.customers.filter(pl.col("node") == node).iter_rows(named=True):
            place, before = asked.index(row["id"]), known[column][asked.index(row["id"])]
            assert known["id"][place] == row["id"]
            agrees(
                row[side], lambda t, place=place, before=before: at(t)[column][place] != before, weight, end
            )
            some |= row[side] is not None
        for row in found.classes.filter(pl.col("node") == node).head(3).iter_rows(named=True):
            count = known.filter(pl.col(column) == row["value"]).height
            assert row["count"] == count
            enough = max(1, int(np.ceil(count / 10 - 1e-9)))
            for word, factor in (("loses", -1), ("gains", 1)):

                def tenth(t: float, value=row["value"], count=count, enough=enough, factor=factor) -> bool:
                    return factor * (at(t).filter(pl.col(column) == value).height - count) >= enough

                agrees(row[f"{word}_{side}"], tenth, weight, end)
    return some


TREES = {
    "plain": ({}, {}),
    "rules": ({"RULES": STATIC}, {}),
    "product": ({}, {"synthesis": {"kind": "weighted_product"}}),
    "coverage": ({}, {"min_coverage": 0.75}),
}


@pytest.mark.parametrize("kind", TREES)
@pytest.mark.parametrize("node", ["a", "x", "g"])
def test_break_evens_agree_with_bisection(kind: str, node: str) -> None:
    changes, options = TREES[kind]
    frame = customers(40)
    check(fitted(tree_of(changes), frame, **options), frame, node)


@settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # an example takes seconds: shrinking takes minutes
)  # fmt: skip
@given(tree=trees(), seed=st.integers(0, 10_000), product=st.booleans(), data=st.data())
def test_every_tree_agrees_with_bisection(tree: Tree, seed: int, product: bool, data: st.DataObject) -> None:
    random = np.random.default_rng(seed)
    columns = {leaf.measure: random.uniform(-20, 110, 14) for leaf in tree.indicators}
    for values in columns.values():
        values[random.random(14) < 0.1] = np.nan
    frame = pl.DataFrame({"id": [f"k{n:02}" for n in range(14)], **columns}).fill_nan(None)
    frame = frame.with_columns(
        pl.col(leaf.measure).clip(0, 100) for leaf in tree.indicators if leaf.scale.kind == "graded"
    )
    options = {"synthesis": {"kind": "weighted_product"}} if product else {}
    model = fitted(tree, frame, min_coverage=0.5, **options)
    movable = [
        child.id
        for group in tree.groups
        for child in group.children
        if len(group.children) > 1 and child.id not in model.unobserved
    ]
    assume(movable)
    check(model, frame, data.draw(st.sampled_from(movable)))


@pytest.mark.parametrize("kind", TREES)
def test_in_parts_they_are_the_same(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changes, options = TREES[kind]
    frame = customers(40)
    model = fitted(tree_of(changes), frame, **options)
    whole = break_even_weights(model, frame, ["k001"])
    monkeypatch.setattr(break_evens, "CELLS", 100)  # a few customers at once
    parts = break_even_weights(model, frame, ["k001"])
    for one, other in ((whole.nodes, parts.nodes), (whole.classes, parts.classes),
                       (whole.customers, parts.customers)):  # fmt: skip
        assert one.height
        assert_frame_equal(one, other, check_exact=True)


def test_many_who_are_first_together_need_no_more_memory() -> None:
    """Each of a hundred leaders was met with everybody: some gigabytes for 6,000 customers."""
    few = customers(60)
    many = pl.concat([few.with_columns(id=pl.col("id") + f"/{n}") for n in range(100)])
    model = fitted(tree_of({"RULES": STATIC}), few)
    wanted = break_even_weights(model, few).nodes
    tracemalloc.start()
    found = break_even_weights(model, many).nodes
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    weights = ["node", "weight", "first_down", "first_up", "reason"]
    assert_frame_equal(found.select(weights), wanted.select(weights), check_exact=True)
    who = ["first_down_id", "first_up_id"]
    assert_frame_equal(found.select(pl.col(who).str.split("/").list.first()), wanted.select(who))
    assert most < 100e6


def test_two_customers_by_hand() -> None:
    """80 t + 40 (1 − t) = 50 t + 60 (1 − t) at t = 0.4; a is good from t = 0.5 on, b nowhere between."""
    frame = pl.DataFrame({"id": ["a", "b"], "x": [80.0, 50.0], "y": [40.0, 60.0]})
    model = with_weights(fitted(flat("x", "y"), frame), {"x": 0.45})
    found = break_even_weights(model, frame, ["a", "b"])
    x = found.nodes.row(by_predicate=pl.col("node") == "x", named=True)
    assert (x["first_down"], x["first_down_id"]) == (pytest.approx(0.4), "b")
    assert (x["first_up"], x["first_up_id"]) == (None, None)
    a = found.customers.row(by_predicate=(pl.col("node") == "x") & (pl.col("id") == "a"), named=True)
    assert (a["up"], a["class_up"], a["down"]) == (pytest.approx(0.5), "good", None)
    y = found.nodes.row(by_predicate=pl.col("node") == "y", named=True)
    assert y["first_up"] == pytest.approx(0.6)
    poor = found.classes.row(by_predicate=(pl.col("node") == "x") & (pl.col("value") == "poor"), named=True)
    assert (poor["count"], poor["loses_up"], poor["gains_up"]) == (2, pytest.approx(0.5), None)


@pytest.mark.parametrize(
    ("changes", "options", "reason"),
    [
        ({}, {"synthesis": {"kind": "owa", "orness": 0.4}}, "synthesis"),
        ({}, {"synthesis": {"kind": "minimum"}}, "synthesis"),
        ({"RULES": DRAWN}, {}, "rules"),
        ({"RULES": STATIC}, {"synthesis": {"kind": "weighted_product"}}, "points"),
    ],
)
def test_what_has_no_closed_form_says_so(changes, options, reason: str) -> None:
    frame = customers(30)
    found = break_even_weights(fitted(tree_of(changes), frame, **options), frame)
    assert set(found.nodes["reason"]) == {reason}
    assert found.nodes["first_up"].null_count() == found.nodes.height


def test_a_node_without_siblings_has_none() -> None:
    frame = pl.DataFrame({"id": ["a"], "x": [80.0]})
    found = break_even_weights(fitted(flat("x"), frame), frame)
    assert found.nodes["reason"].to_list() == ["alone"]
    assert not found.classes.height


def test_every_node_is_there() -> None:
    frame = customers(30)
    model = fitted(tree_of({}), frame)
    found = break_even_weights(model, frame, ["k001"])
    assert found.nodes["node"].to_list() == [n for n in model.tree.nodes if n != "whole"]
    assert len(list(itertools.chain(found.customers.iter_rows()))) == found.nodes.height


def test_a_customer_nobody_knows_is_named() -> None:
    frame = customers(30)
    with pytest.raises(EvaluationError) as raised:
        break_even_weights(fitted(tree_of({}), frame), frame, ["k01"])
    assert [issue.code for issue in raised.value.issues] == ["SCORE-651"]
