"""Second opinions, effects and memberships as the report shows them."""

import math
from dataclasses import replace

import polars as pl
import pytest

from evaluator import scoring
from evaluator.reports.context import Context
from evaluator.reports.page import customer_pages
from evaluator.reports.sections import opinions
from evaluator.scoring import FuzzyOptions, ScoringOptions


@pytest.fixture
def context(evaluation_of):
    return Context(evaluation_of("en"), "en")


@pytest.fixture
def fuzzy(evaluation_of):
    """The evaluation by a weighted product, with memberships beside it."""
    evaluation = evaluation_of("en")
    frame = evaluation.measured.frame
    options = ScoringOptions(synthesis={"kind": "weighted_product"}, fuzzy=FuzzyOptions())
    model = scoring.fit(evaluation.tree, evaluation.weights, frame, options=options)
    results = scoring.ranked(scoring.score(model, frame))
    return Context(replace(evaluation, model=model, results=results), "en")


def test_every_method_asked_for_has_its_agreement_and_its_column_of_ranks(context) -> None:
    found = opinions.build(context)
    asked = context.evaluation.opinions.opinions
    assert [one.name for one in found.agreements] == ["TOPSIS", "VIKOR", "fuzzy TOPSIS"]
    assert [one.spearman for one in found.agreements] == [one.spearman for one in asked]
    assert [row.rank for row in found.rows] == context.rated["rank"].to_list()
    assert [row.others[1] for row in found.rows] == list(asked[1].ranks)
    assert all(move.moved == move.rank - move.other for _, moves in found.moves for move in moves)


def test_a_study_that_asks_for_none_has_no_such_section(context) -> None:
    assert opinions.build(replace(context, evaluation=replace(context.evaluation, opinions=None))) is None


def test_effects_reference_and_remainder_of_a_page_add_up_to_its_score(fuzzy) -> None:
    """But for the two decimals that are shown of each."""
    built = customer_pages.build(fuzzy)
    assert not built.additive
    for row, score in enumerate(fuzzy.rated["score"]):
        points = [leaf.points[row] for leaf in built.leaves]
        effects = [values[row] for values in built.effects]
        assert math.fsum([*points, *effects]) == pytest.approx(score, abs=0.005 * (len(points) + 1))


def test_the_page_of_a_customer_shows_the_memberships_of_the_whole(fuzzy) -> None:
    row = fuzzy.rated.row(0, named=True)
    told, memberships = customer_pages.build(fuzzy).fuzzy
    expected = [row[f"membership_{grade}"] for grade in fuzzy.grades]
    assert [values[0] for values in memberships] == pytest.approx(expected, abs=0.0006)
    assert f"{row['fuzzy_score']:.2f}" in told[0]
    assert fuzzy.grades[row["fuzzy_grade"]] in told[0]


def test_the_page_of_a_plain_sum_has_no_more_rows(context) -> None:
    built = customer_pages.build(context)
    assert (built.effects, built.fuzzy) == ((), None)
    assert context.rated.filter(pl.col("score").is_null()).is_empty()
