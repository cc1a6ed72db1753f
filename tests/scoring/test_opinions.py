from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from evaluator.scoring import Model, rank_agreement, ranked, score, second_opinion
from evaluator.scoring.model import ProfileWeights
from evaluator.scoring.opinions import MOST, opinion_issues, second_opinions

METHODS = ("topsis", "vikor", "grey_relational", "fuzzy_topsis")


@pytest.fixture
def customers(build: SimpleNamespace) -> pl.DataFrame:
    found: pl.DataFrame = build.customers(
        a=[90.0, 80.0, 70.0, 60.0, 10.0], b=[50.0, 50.0, 50.0, 50.0, 50.0], c=[0.0, 30.0, 40.0, 45.0, 95.0]
    )
    return found


def model_of(build: SimpleNamespace, customers: pl.DataFrame, **options: Any) -> Model:
    tree = build.made(build.group("now", build.leaf("a", weight=3.0), build.leaf("b")), build.leaf("c"))
    model: Model = build.fitted(tree, customers, **options)
    return model


def test_every_method_ranks_the_same_customers_by_the_same_scores(
    build: SimpleNamespace, customers: pl.DataFrame
) -> None:
    model = model_of(build, customers)
    results = ranked(score(model, customers))
    found = second_opinions(model, results, METHODS)
    assert found is not None
    assert list(found.ids) == results["id"].to_list()
    assert list(found.ranks) == results["rank"].to_list()
    X = results.select("score_a", "score_b", "score_c").to_numpy()
    weights = [model.global_[leaf] for leaf in "abc"]
    for opinion in found.opinions[:3]:
        wanted = second_opinion(X, weights, method=opinion.method)
        np.testing.assert_allclose(opinion.closeness, wanted)
        assert opinion.spearman == rank_agreement(results["score"].to_numpy(), wanted).spearman
        assert sorted(opinion.ranks)[0] == 1


def test_fuzzy_topsis_orders_customers_who_are_better_throughout(build: SimpleNamespace) -> None:
    customers = build.customers(a=[10.0, 95.0, 50.0], b=[20.0, 99.0, 60.0], c=[5.0, 92.0, 71.0])
    model = model_of(build, customers)
    found = second_opinions(model, ranked(score(model, customers)), ["fuzzy_topsis"])
    assert found is not None
    assert found.opinions[0].ranks == (1, 2, 3)
    assert (found.opinions[0].spearman, found.opinions[0].kendall) == (pytest.approx(1), pytest.approx(1))
    assert found.opinions[0].movers == ()


def test_who_moves_is_named_with_the_leaf_without_which_the_ranks_meet(
    build: SimpleNamespace, customers: pl.DataFrame
) -> None:
    model = model_of(build, customers)
    found = second_opinions(model, ranked(score(model, customers)), ["vikor"])
    assert found is not None
    opinion = found.opinions[0]
    assert opinion.moved == sum(a != b for a, b in zip(found.ranks, opinion.ranks, strict=True)) > 0
    assert len(opinion.movers) == opinion.moved
    for mover in opinion.movers:
        place = found.ids.index(mover.id)
        assert (mover.rank, mover.other) == (found.ranks[place], opinion.ranks[place])
        assert mover.moved == mover.rank - mover.other != 0
        if mover.leaf:
            assert 2 * abs(mover.without) <= abs(mover.moved)
    assert {mover.leaf for mover in opinion.movers} & {"a", "c"}


def test_a_missing_score_is_that_of_the_group_above(build: SimpleNamespace) -> None:
    customers = build.customers(a=[80.0, 40.0, 60.0], b=[None, 40.0, 60.0], c=[None, 40.0, 60.0])
    model = model_of(build, customers, min_coverage=0.3)
    found = second_opinions(model, ranked(score(model, customers)), ["topsis"])
    assert found is not None
    complete = customers.with_columns(pl.col("m_b", "m_c").fill_null(80.0))
    wanted = second_opinions(model, ranked(score(model, complete)), ["topsis"])
    assert found == wanted


def test_large_sets_and_profiles_have_no_second_opinions_and_say_so(
    build: SimpleNamespace, customers: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of(build, customers)
    results = ranked(score(model, customers))
    monkeypatch.setattr("evaluator.scoring.opinions.MOST", 4)
    issues = tuple(opinion_issues(model, results, ["topsis"]))
    assert [(i.code, i.detail["rated"], i.detail["most"]) for i in issues] == [("SCORE-652", 5, 4)]
    assert second_opinions(model, results, ["topsis"]) is None
    assert tuple(opinion_issues(model, results, [])) == ()
    monkeypatch.setattr("evaluator.scoring.opinions.MOST", 5)
    profile = ProfileWeights(id="young", values=("new",), local=model.local)
    other = model.model_copy(update={"profiles": (profile,)})
    assert [issue.code for issue in opinion_issues(other, results, ["topsis"])] == ["SCORE-653"]
    assert second_opinions(other, results, ["topsis"]) is None
    assert MOST == 2000


def test_a_score_that_is_no_sum_stays_as_it_is_when_a_leaf_is_left_out(
    build: SimpleNamespace, customers: pl.DataFrame
) -> None:
    model = model_of(build, customers, synthesis={"kind": "minimum"})
    found = second_opinions(model, ranked(score(model, customers)), ["topsis"])
    assert found is not None
    assert found.ids[-1] != found.ids[0]
    assert all(
        mover.leaf is None or abs(mover.without) < abs(mover.moved) for mover in found.opinions[0].movers
    )
