"""A comparison shares the change of every score among what changed, whatever the synthesis."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from evaluator.analysis import SWITCHES, Side, compare
from evaluator.analysis.shapley import shapley
from evaluator.scoring import Model, ScoringOptions, fit, ranked, score
from evaluator.tree import Tree
from evaluator.weighing import weigh
from tests.support.small_trees import customers, group, leaf, made, matrix, two_axes
from tests.support.tree_strategies import POLICIES, SCALES, trees

SYNTHESES: tuple[dict[str, Any] | None, ...] = (
    None,
    {"kind": "weighted_product"},
    {"kind": "minimum"},
    {"kind": "owa", "orness": 0.3},
    {"kind": "topsis"},
)


def fitted(tree: Tree, frame: pl.DataFrame, synthesis: dict[str, Any] | None = None, **stated: Any) -> Model:
    options = ScoringOptions.model_validate({"synthesis": synthesis, "min_coverage": 0.2, **stated})
    return fit(tree, weigh(tree), frame, options=options)


def population(tree: Tree, seed: int, count: int = 25) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    columns = {
        leaf.measure: [
            None if random.random() < 0.25 else float(random.uniform(-10, 100)) for _ in range(count)
        ]
        for leaf in tree.indicators
    }
    ids = [f"k{n}" for n in random.permutation(count + 5)[:count]]
    return pl.DataFrame({"id": ids, **columns}, schema_overrides=dict.fromkeys(columns, pl.Float64))


def shares(found: pl.DataFrame) -> np.ndarray:
    return found.select(SWITCHES).to_numpy()


def changed(tree: Tree, seed: int) -> Tree:
    """Return a tree with other weights, scales and policies, and here and there an indicator less."""
    random = np.random.default_rng(seed)

    def node(entry: dict[str, Any]) -> dict[str, Any]:
        told = {**entry, "weight": float(random.uniform(0.1, 5))}
        if "children" in entry:
            kept = entry["children"][1:] if len(entry["children"]) > 2 else entry["children"]
            return {**told, "children": tuple(node(child) for child in kept)}
        if random.random() < 0.4:
            direction, scale = SCALES[random.integers(len(SCALES))]
            return {**told, "direction": direction, "scale": scale, "missing": POLICIES[random.integers(5)]}
        return told

    stated = tree.model_dump(mode="python", by_alias=True, exclude_none=True)
    root = {**stated["root"], "children": tuple(node(child) for child in stated["root"]["children"])}
    return Tree.model_validate({**stated, "root": root})


@pytest.mark.parametrize("synthesis", SYNTHESES, ids=str)
@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(trees(), st.integers(0, 2**32 - 1))
def test_shares_add_up_and_turn_round_with_the_comparison(
    synthesis: dict[str, Any] | None, tree: Tree, seed: int
) -> None:
    """Trees that share what is below which criterion can be mixed, whatever else differs."""
    sides = [
        Side(fitted(one, frame, synthesis), frame)
        for one, frame in ((tree, population(tree, seed)), (changed(tree, seed), population(tree, seed + 1)))
    ]
    there, back = compare(*sides), compare(sides[1], sides[0])
    assert there.compared + there.composition == pytest.approx((there.now or 0) - (there.last or 0), abs=1e-9)
    assert set(there.switches) == set(back.switches)
    both = there.customers.filter(pl.col("standing") == "compared").sort("id")
    same = back.customers.filter(pl.col("standing") == "compared").sort("id")
    if both.is_empty():
        assert there.issues
        return
    assert "values" in there.switches
    np.testing.assert_allclose(shares(both).sum(1), both["change"].to_numpy(), atol=1e-9)
    np.testing.assert_allclose(shares(both), -shares(same), atol=1e-9)
    assert sum(there.steps.values()) == pytest.approx(there.compared, abs=1e-9)


def four(**stated: Any) -> Tree:
    return two_axes(
        matrices=(matrix({"kind": "fixed", "at": (60.0,)}, {"kind": "fixed", "at": (60.0,)}),), **stated
    )


LAST = customers(a=[80.0, 40.0, 50.0], b=[60.0, None, 50.0], c=[20.0, 70.0, 50.0], d=[40.0, 90.0, 50.0])


def test_a_small_example_by_hand() -> None:
    """a of k1 falls by 40: 0.6·0.75·40 = 18 points; k2 gains b = 100: 0.6·(0.75·40 + 0.25·100 − 40) = 9."""
    model = fitted(four(), LAST)
    later = customers(a=[40.0, 40.0, 50.0], b=[60.0, 100.0, 50.0], c=[20.0, 70.0, 50.0], d=[40.0, 90.0, 50.0])
    found = compare(Side(model, LAST), Side(model, later))
    assert found.switches == ("values", "missing")
    by_id = {row["id"]: row for row in found.customers.iter_rows(named=True)}
    assert by_id["k1"]["values"] == pytest.approx(-18)
    assert (by_id["k1"]["reason"], by_id["k1"]["indicator"]) == ("values", "a")
    assert (by_id["k1"]["measure_last"], by_id["k1"]["measure_now"]) == (80.0, 40.0)
    assert by_id["k2"]["missing"] == pytest.approx(9)
    assert (by_id["k2"]["reason"], by_id["k2"]["indicator"]) == ("missing", "b")
    assert by_id["k3"]["change"] == 0
    assert by_id["k3"]["reason"] is None
    assert found.steps == pytest.approx({"values": -6, "missing": 3})
    assert found.composition == pytest.approx(0)
    moves = found.moves.filter(pl.col("of") == "plane").rows(named=True)
    assert [(m["id"], m["before"], m["after"], m["axis"], m["reason"]) for m in moves] == [
        ("k1", "high_low", "low_low", "now", "values")
    ]
    assert (moves[0]["distance_last"], moves[0]["distance_now"]) == pytest.approx((15, -15))


def test_what_is_equal_has_zero_everywhere() -> None:
    model = fitted(four(), LAST)
    found = compare(Side(model, LAST), Side(model, LAST))
    assert found.switches == ()
    assert not shares(found.customers).any()
    assert found.moves.is_empty()


def test_weights_alone_are_weights_alone() -> None:
    model = fitted(four(), LAST)
    other = model.reweighted({**model.local, "now": 0.7, "later": 0.3})
    found = compare(Side(model, LAST), Side(other, LAST))
    assert found.switches == ("weights",)
    change = found.customers.sort("id")["weights"].to_list()
    assert change == pytest.approx([0.1 * (75 - 30), 0.1 * (40 - 80), 0.0])


def test_scales_rules_and_conventions_are_told_apart() -> None:
    rule = {"id": "extra", "kind": "bonus", "name": "extra", "when": "m_a > 60", "points": 5.0, "reason": "r"}
    flat = {"kind": "linear", "worst": 0.0, "best": 200.0}
    steep = made(
        group("now", leaf("a", flat, weight=3.0), leaf("b", missing="worst"), weight=6.0, axis="now"),
        group("later", leaf("c"), leaf("d"), weight=4.0, axis="later"),
        rules=(rule,),
    )
    found = compare(Side(fitted(two_axes(), LAST), LAST), Side(fitted(steep, LAST), LAST))
    assert found.switches == ("scales", "rules", "conventions")
    by_id = {row["id"]: row for row in found.customers.iter_rows(named=True)}
    assert by_id["k1"]["scales"] == pytest.approx(-18)  # 0.6 × 0.75 × 40
    assert by_id["k1"]["rules"] == pytest.approx(5)
    assert by_id["k1"]["conventions"] == pytest.approx(0, abs=1e-9)
    assert by_id["k2"]["conventions"] < 0
    assert by_id["k3"]["rules"] == pytest.approx(0, abs=1e-9)


def test_cuts_that_move_are_conventions() -> None:
    low, high = (
        fitted(
            two_axes(matrices=(matrix({"kind": "fixed", "at": (at,)}, {"kind": "fixed", "at": (10.0,)}),)),
            LAST,
        )
        for at in (45.0, 55.0)
    )
    found = compare(Side(low, LAST), Side(high, LAST))
    (move,) = found.moves.rows(named=True)
    assert (move["id"], move["axis"], move["reason"], move["conventions"]) == (
        "k3",
        "now",
        "conventions",
        -10,
    )
    assert not shares(found.customers).any()


def test_indicators_of_one_tree_have_no_weight_in_the_other() -> None:
    """A new indicator counts as a change of weights where everybody's measure stays what it was."""
    small = made(group("now", leaf("a")), group("later", leaf("c"), leaf("d")))
    large = made(group("now", leaf("a"), leaf("b")), group("later", leaf("c"), leaf("d")))
    found = compare(Side(fitted(small, LAST), LAST), Side(fitted(large, LAST), LAST))
    assert found.switches == ("weights",)
    before, after = (ranked(score(fitted(tree, LAST), LAST)).sort("id")["score"] for tree in (small, large))
    np.testing.assert_allclose(found.customers.sort("id")["weights"], after - before, atol=1e-9)


def test_who_came_and_went_makes_the_composition() -> None:
    model = fitted(four(), LAST)
    later = pl.concat(
        [LAST.filter(pl.col("id") != "k3"), LAST.filter(pl.col("id") == "k1").with_columns(id=pl.lit("k9"))]
    )
    unrated = later.with_columns(
        pl.when(id="k2").then(None).otherwise(pl.col(name)).alias(name) for name in ("m_a", "m_c", "m_d")
    )
    found = compare(Side(model, LAST), Side(model, unrated))
    standing = dict(found.customers.select("id", "standing").iter_rows())
    assert standing == {"k1": "compared", "k2": "unrated", "k3": "gone", "k9": "new"}
    assert found.compared == 0
    assert found.last is not None
    assert found.now is not None
    assert found.composition == pytest.approx(found.now - found.last)


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (made(group("now", leaf("a"), leaf("c")), group("later", leaf("b"), leaf("d"))), "SCORE-681"),
        (two_axes(grades=({"id": "top", "name": "t", "score": 90.0, "from": 50.0},
                          {"id": "low", "name": "l", "score": 20.0, "from": 0.0})), "SCORE-683"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_named_and_the_rest_compared(now: Tree, code: str) -> None:
    found = compare(Side(fitted(two_axes(), LAST), LAST), Side(fitted(now, LAST), LAST))
    assert code in [issue.code for issue in found.issues]
    assert found.counts["compared"] == 3
    assert found.customers["change"].null_count() == 0
    assert ("values" in found.customers.columns) == (code != "SCORE-681")


def test_nobody_in_both_is_said() -> None:
    model = fitted(two_axes(), LAST)
    found = compare(Side(model, LAST), Side(model, LAST.with_columns(id=pl.lit("x") + pl.col("id"))))
    assert "SCORE-682" in [issue.code for issue in found.issues]


def test_another_minimum_of_evidence_is_said() -> None:
    sides = [Side(fitted(two_axes(), LAST, min_coverage=least), LAST) for least in (0.2, 0.5)]
    assert [issue.code for issue in compare(*sides).issues] == ["SCORE-684"]


def test_shapley_values_are_those_of_all_orders() -> None:
    """The glove game: one left glove, two right ones; only pairs are worth anything."""
    worth = np.array([1.0 if s & 1 and s & 6 else 0.0 for s in range(8)])
    np.testing.assert_allclose(shapley(worth), [2 / 3, 1 / 6, 1 / 6])
