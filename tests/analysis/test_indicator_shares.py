"""What a sentence says of an indicator is its own part; the parts add up whatever the synthesis."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from evaluator.analysis import SWITCHES, Side, compare, with_reasons
from evaluator.analysis.indicator_shares import by_indicator
from evaluator.analysis.mixture_scores import cells, mixed
from evaluator.analysis.mixtures import Mixture
from evaluator.analysis.shapley import FEW, coefficients, orders
from evaluator.scoring import Model
from evaluator.tree import Tree
from tests.analysis.test_comparison import SYNTHESES, changed, fitted, population
from tests.support.small_trees import customers, group, leaf, made, two_axes
from tests.support.tree_strategies import trees

LAST = customers(a=[80.0, 40.0, 50.0], b=[60.0, 20.0, 50.0], c=[20.0, 70.0, 50.0], d=[40.0, 90.0, 50.0])
NOW = customers(a=[40.0, 40.0, 50.0], b=[40.0, 60.0, None], c=[30.0, 70.0, None], d=[40.0, 50.0, 50.0])


def told(model: Model, last: pl.DataFrame, now: pl.DataFrame) -> dict[str, dict[str, Any]]:
    found = compare(Side(model, last), Side(model, now))
    names = {name: name.upper() for name in "abcd"}
    return {row["id"]: row for row in with_reasons(found, names, "en").iter_rows(named=True)}


def test_an_indicator_has_its_own_points_and_the_others_theirs() -> None:
    """Of k1: a 0.6·0.75·(−40) = −18, b 0.6·0.25·(−20) = −3, c 0.4·0.5·10 = +2; all −19."""
    rows = told(fitted(two_axes(), LAST), LAST, NOW)
    first = rows["k1"]
    assert first["values"] == pytest.approx(-19)
    assert (first["indicator"], first["points"], first["others"]) == ("a", pytest.approx(-18), 2)
    assert first["because"] == "A fell from 80 to 40: -18.0 of -19.0 points; 2 other indicators: -1.0"


def test_one_indicator_alone_has_the_whole_share() -> None:
    later = LAST.with_columns(m_a=pl.Series([60.0, 40.0, 50.0]))
    row = told(fitted(two_axes(), LAST), LAST, later)["k1"]
    assert (row["points"], row["others"]) == (pytest.approx(-9), 0)
    assert row["because"] == "A fell from 80 to 60: -9.0 of -9.0 points"


def test_of_a_minimum_the_parts_are_shapley_values() -> None:
    """min(80, 60) = 60 falls to 30; a alone makes 30, b alone 40: a (30 + 10) / 2, b (20 + 0) / 2."""
    tree = made(group("now", leaf("a"), leaf("b"), weight=1.0, synthesis={"kind": "minimum"}))
    later = LAST.with_columns(m_a=pl.Series([30.0, 40.0, 50.0]), m_b=pl.Series([40.0, 20.0, 50.0]))
    row = told(fitted(tree, LAST), LAST, later)["k1"]
    assert row["change"] == pytest.approx(-30)
    assert (row["indicator"], row["points"], row["others"]) == ("a", pytest.approx(-20), 1)


@pytest.mark.parametrize("synthesis", SYNTHESES, ids=str)
@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(trees(), st.integers(0, 2**32 - 1))
def test_parts_add_up_to_the_share_of_their_switch_and_turn_round(
    synthesis: dict[str, Any] | None, tree: Tree, seed: int
) -> None:
    sides = [
        Side(fitted(one, frame, synthesis), frame)
        for one, frame in ((tree, population(tree, seed)), (changed(tree, seed), population(tree, seed + 1)))
    ]
    ids = sides[0].measures.select("id").join(sides[1].measures.select("id"), on="id", how="semi")["id"]
    there, back = (Mixture(last.model, now.model) for last, now in (sides, sides[::-1]))
    forth = cells(there, *sides, ids)
    rated = ~np.isnan(mixed(there, forth).scores).any(1)
    if not rated.any():
        return
    known = forth.filter(rated), cells(back, *sides[::-1], ids).filter(rated)
    parts = mixed(there, known[0]), mixed(back, known[1])
    names = [[one.id for one in mixture.tree.indicators] for mixture in (there, back)]
    places = [names[1].index(name) for name in names[0]]
    for switch in ("values", "missing"):
        found = by_indicator(there, known[0], parts[0], switch)
        np.testing.assert_allclose(found.sum(1), parts[0].shares[:, SWITCHES.index(switch)], atol=1e-9)
        if places == sorted(places):  # of many players the order in which they stand counts
            np.testing.assert_allclose(found, -by_indicator(back, known[1], parts[1], switch), atol=1e-8)


@pytest.mark.parametrize("players", [1, 2, FEW, FEW + 1, 9, 40])
def test_orders_count_what_is_added_one_by_one(players: int) -> None:
    """Of a game that adds up, everybody has what he brings; of any game, the shares make the whole."""
    members, counted = orders(players)
    worth = np.arange(1.0, players + 1)
    np.testing.assert_allclose((members @ worth) @ counted, worth)
    random = np.random.default_rng(players).normal(size=len(members))
    whole = random[members.all(1)][0] - random[~members.any(1)][0]
    assert (random @ counted).sum() == pytest.approx(whole)


def test_players_who_are_alike_have_alike_shares_up_to_eight() -> None:
    """The worst of eight equal falls: each has an eighth."""
    members, counted = orders(8)
    np.testing.assert_allclose(np.where(members.any(1), -1.0, 0.0) @ counted, -1 / 8)


def test_few_are_looked_at_in_all_orders() -> None:
    assert (orders(FEW)[1] == coefficients(FEW)).all()
